// SPDX-License-Identifier: GPL-2.0-only
/*
 * SWD transfers as the firmware does them: on the timeline, repeated on WAIT,
 * with the acknowledge turned into a status code.
 */
#include "../chip/chip.h"
#include "../timing.h"
#include "internal.h"

/*
 * WAIT becomes a status after more than four in a row (commit note in
 * OpenOCD's history of stlink_usb.c).
 */
#define WAIT_TRIES	5u
#define LINE_RESET_CLOCKS	58u	/* ADIv5: at least 50, then 8 idle */

/**
 * probe_spend() - let time pass for the firmware
 * @p: the probe
 * @ns: nanoseconds; no time passes with --fast
 */
void probe_spend(struct probe *p, uint64_t ns)
{
	if (!p->opt.fast)
		p->t += ns;
}

static void spend_clocks(struct probe *p, unsigned int clocks)
{
	p->counters.swd_clocks += clocks;
	probe_spend(p, clocks * 1000000000ull / SWD_HZ(p->divisor));
}

static void catch_up(struct probe *p)
{
	if (chip_now(p->chip) < p->t)
		chip_run_until(p->chip, p->t);
}

static enum swd_ack one_transfer(struct probe *p, bool ap, bool read,
				 unsigned int a, uint32_t *value, bool *parity)
{
	enum swd_ack ack = SWD_NONE;

	*parity = false;
	catch_up(p);
	if (p->sink.wire)
		p->sink.wire(p->sink.ctx);
	if (!p->inject.swd_dead)
		ack = swd_transfer(p->chip, ap, read, a, value, parity);
	p->counters.swd_transfers++;
	spend_clocks(p, SWD_CLOCKS_PER_TRANSFER);
	if (ack == SWD_OK && read && p->inject.parity) {
		p->inject.parity--;
		*parity = true;
	}
	return ack;
}

/*
 * @as_ap: report in terms of the AP; so too for RDBUFF, which hands out what
 * an AP read
 */
static uint8_t transfer(struct probe *p, bool ap, bool read, unsigned int a,
			uint32_t *value, bool as_ap)
{
	enum swd_ack ack = SWD_NONE;
	bool parity = false;
	unsigned int tries = p->opt.wait_tries ? p->opt.wait_tries : WAIT_TRIES;
	unsigned int i;

	for (i = 0; i < tries; i++) {
		ack = one_transfer(p, ap, read, a, value, &parity);
		if (ack != SWD_WAIT)
			break;
		p->counters.swd_waits++;
	}
	switch (ack) {
	case SWD_OK:
		if (parity)
			return as_ap ? ST_AP_PARITY : ST_DP_PARITY;
		return ST_OK;
	case SWD_WAIT:
		return as_ap ? ST_AP_WAIT : ST_DP_WAIT;
	case SWD_FAULT:
		return as_ap ? ST_AP_FAULT : ST_DP_FAULT;
	default:
		return as_ap ? ST_AP_ERROR : ST_DP_ERROR;
	}
}

/** swd_dp_read() - read a Debug Port register, @a 0 to 12 */
uint8_t swd_dp_read(struct probe *p, unsigned int a, uint32_t *value)
{
	return transfer(p, false, true, a, value, false);
}

/** swd_dp_write() - write a Debug Port register, @a 0 to 12 */
uint8_t swd_dp_write(struct probe *p, unsigned int a, uint32_t value)
{
	return transfer(p, false, false, a, &value, false);
}

/** swd_ap_read() - start an AP read; @value is the result of the one before */
uint8_t swd_ap_read(struct probe *p, unsigned int a, uint32_t *value)
{
	return transfer(p, true, true, a, value, true);
}

/** swd_ap_write() - start an AP write */
uint8_t swd_ap_write(struct probe *p, unsigned int a, uint32_t value)
{
	return transfer(p, true, false, a, &value, true);
}

/** swd_rdbuff() - result of the last AP access */
uint8_t swd_rdbuff(struct probe *p, uint32_t *value)
{
	return transfer(p, false, true, DP_RDBUFF, value, true);
}

/** swd_reset_line() - line reset; DPIDR has to be read next */
void swd_reset_line(struct probe *p)
{
	catch_up(p);
	if (!p->inject.swd_dead)
		swd_line_reset(p->chip);
	spend_clocks(p, LINE_RESET_CLOCKS);
}
