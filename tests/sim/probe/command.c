// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command blocks: OUT phases, the groups outside of F2, the modes, and how an
 * answer leaves the probe.
 */
#include <stdlib.h>
#include <string.h>

#include "../chip/chip.h"
#include "../timing.h"
#include "internal.h"

#define USB_VID		0x0483
#define VOLTAGE_FROM	13
#define DEFAULT_DIVISOR	1	/* 1.8 MHz, all hosts agree */
#define PACKET		64

/** probe_log() - one line of hexadecimal, when a log is wanted */
void probe_log(struct probe *p, const char *what, const uint8_t *data,
	       size_t len)
{
	size_t i;

	if (!p->log)
		return;
	fprintf(p->log, "%12.6f %-6s %5zu:", p->t / 1e9, what, len);
	for (i = 0; i < len; i++)
		fprintf(p->log, " %02x", data[i]);
	fputc('\n', p->log);
	fflush(p->log);
}

/** reply() - answer with the first @len bytes of the buffer */
void reply(struct probe *p, size_t len)
{
	struct probe_inject *in = &p->inject;

	if (in->stalls) {
		in->stalls--;
		reply_stall(p);
		return;
	}
	if (in->silents) {
		in->silents--;
		probe_log(p, "silent", p->buf, 0);
		return;
	}
	if (in->shorts && len) {
		in->shorts--;
		len--;
	} else if (in->longs && len + 2 <= sizeof(p->buf)) {
		in->longs--;
		len += 2;
	}
	probe_log(p, "in", p->buf, len);
	p->sink.answer(p->sink.ctx, p->buf, len, p->t);
}

/**
 * reply_status() - answer of @len bytes, 2 or more, with a status in front
 *
 * What the caller put behind the first four bytes stays.
 */
void reply_status(struct probe *p, uint8_t status, size_t len)
{
	memset(p->buf, 0, len < 4 ? len : 4);
	p->buf[0] = status;
	reply(p, len);
}

/** reply_stall() - halt the IN endpoint instead of an answer */
void reply_stall(struct probe *p)
{
	probe_log(p, "stall", p->buf, 0);
	p->sink.stall(p->sink.ctx, p->t);
}

/** reply_unknown() - a command that this firmware does not have */
void reply_unknown(struct probe *p, size_t len)
{
	switch (p->opt.unknown) {
	case UNKNOWN_42:
		if (!len)
			return;
		memset(p->buf, 0, len);
		p->buf[0] = ST_UNKNOWN_COMMAND;
		reply(p, len);
		return;
	case UNKNOWN_STALL:
		reply_stall(p);
		return;
	case UNKNOWN_SILENCE:
		return;
	}
}

/** expect_data() - a data phase of @len bytes follows; @ignore: to no end */
void expect_data(struct probe *p, size_t len, bool ignore)
{
	p->out_want = len;
	p->out_have = 0;
	p->out_ignore = ignore;
}

/** drive_nrst() - the probe's own reset pin */
void drive_nrst(struct probe *p, bool low)
{
	p->nrst_low = low;
	if (!p->opt.nrst_wired)
		return;
	if (chip_now(p->chip) < p->t)
		chip_run_until(p->chip, p->t);
	chip_nrst(p->chip, low);
}

static void get_version(struct probe *p)
{
	uint16_t word = version_word(&p->opt.version);

	p->buf[0] = word >> 8;
	p->buf[1] = word;
	put16(p->buf + 2, USB_VID);
	put16(p->buf + 4, p->opt.pid);
	reply(p, 6);
}

static void get_mode(struct probe *p)
{
	put16(p->buf, p->mode);
	reply(p, 2);
}

static void get_voltage(struct probe *p)
{
	if (p->mode == MODE_DFU || p->opt.voltage_silent)
		return;
	if (p->opt.version.j < VOLTAGE_FROM) {
		reply_unknown(p, 8);
		return;
	}
	put32(p->buf, p->opt.a0);
	put32(p->buf + 4, chip_powered(p->chip) ? p->opt.a1 : 0);
	reply(p, 8);
}

/*
 * F3: 07 leaves the boot loader, which calls itself mode 0 or 4 (stm8flash
 * sends it in both); the rest of the group updates firmware
 */
static void dfu_command(struct probe *p)
{
	if (p->cmd[1] != 0x07 ||
	    (p->mode != MODE_DFU && p->mode != MODE_BOOTLOADER))
		return;
	p->mode = MODE_MASS;
	if (p->opt.dfu_reenumerate)
		p->sink.reenumerate(p->sink.ctx, p->t, p->t + T_DFU_EXIT_NS);
}

static void swim_command(struct probe *p)
{
	if (p->cmd[1] == 0x00) {
		if (p->mode == MODE_MASS)
			p->mode = MODE_SWIM;
	} else if (p->cmd[1] == 0x01) {
		if (p->mode == MODE_SWIM)
			p->mode = MODE_MASS;
	} else {
		reply_unknown(p, 2);
	}
}

static void command(struct probe *p)
{
	bool loader = p->mode == MODE_DFU || p->mode == MODE_BOOTLOADER;

	switch (p->cmd[0]) {
	case 0xf1:
		get_version(p);
		return;
	case 0xf5:
		get_mode(p);
		return;
	case 0xf3:
		dfu_command(p);
		return;
	}
	/* the boot loader answers nothing else */
	if (loader)
		return;
	switch (p->cmd[0]) {
	case 0xf2:
		debug_command(p);
		break;
	case 0xf4:
		swim_command(p);
		break;
	case 0xf7:
		get_voltage(p);
		break;
	default:
		reply_unknown(p, 2);
		break;
	}
}

/* @t_ns may lie before the end of what is still being worked on */
static uint64_t begin_work(struct probe *p, uint64_t t_ns)
{
	uint64_t now = chip_now(p->chip);

	if (p->t < t_ns)
		p->t = t_ns;
	if (p->t < now)
		p->t = now;
	return p->t;
}

void probe_out(struct probe *p, const uint8_t *data, size_t len, uint64_t t_ns)
{
	uint64_t start = begin_work(p, t_ns);

	if (p->out_want) {
		size_t n = p->out_want - p->out_have;

		n = len < n ? len : n;
		memcpy(p->buf + p->out_have, data, n);
		p->out_have += n;
		if (p->out_have < p->out_want)
			return;
		probe_log(p, "data", p->buf, p->out_want);
		if (!p->out_ignore)
			debug_data(p);
		p->out_want = 0;
	} else if (len) {
		memset(p->cmd, 0, sizeof(p->cmd));
		memcpy(p->cmd, data, len < CMD_SIZE ? len : CMD_SIZE);
		p->counters.exchanges++;
		probe_log(p, "cmd", data, len);
		command(p);
	}
	p->counters.busy_ns += p->t - start;
}

void probe_usb_reset(struct probe *p)
{
	p->out_want = 0;
	p->out_have = 0;
	if (p->opt.usb_reset_mass && p->mode == MODE_DEBUG)
		debug_leave(p);
}

static void power_up(struct probe *p)
{
	p->mode = p->opt.start_mode;
	p->divisor = DEFAULT_DIVISOR;
	p->rw_status = ST_OK;
	p->rw_fault = 0;
	p->out_want = 0;
	p->misc_items = 0;
	p->misc_status = ST_OK;
	p->misc_ap = 2;
	memset(p->open_aps, 0, sizeof(p->open_aps));
	memset(p->buf, 0, sizeof(p->buf));
	dap_forget(p);
	/* left over by a host that died: really connected, AP 0 open */
	if (p->mode == MODE_DEBUG && dap_connect(p) == ST_OK &&
	    p->opt.version.j >= 28)
		ap_open(p, 0);
}

struct probe *probe_new(const struct probe_options *options,
			const struct probe_sink *sink, struct chip *chip)
{
	struct probe *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->opt = *options;
	p->sink = *sink;
	p->chip = chip;
	p->t = chip_now(chip);
	power_up(p);
	return p;
}

void probe_free(struct probe *p)
{
	free(p);
}

void probe_set_chip(struct probe *p, struct chip *chip)
{
	p->chip = chip;
	if (p->opt.nrst_wired && p->nrst_low)
		chip_nrst(chip, true);
}

void probe_power_cycle(struct probe *p, uint64_t now_ns)
{
	begin_work(p, now_ns);
	drive_nrst(p, false);
	power_up(p);
}

uint64_t probe_busy_until(const struct probe *p)
{
	return p->t;
}

bool probe_wants_data(const struct probe *p)
{
	return p->out_want;
}

void probe_set_nrst_wired(struct probe *p, bool wired)
{
	if (p->opt.nrst_wired == wired)
		return;
	p->opt.nrst_wired = wired;
	if (p->nrst_low)
		chip_nrst(p->chip, wired);
}

void probe_set_voltage(struct probe *p, uint32_t a0, uint32_t a1, bool silent)
{
	p->opt.a0 = a0;
	p->opt.a1 = a1;
	p->opt.voltage_silent = silent;
}

void probe_set_log(struct probe *p, FILE *log)
{
	p->log = log;
}

struct probe_inject *probe_inject(struct probe *p)
{
	return &p->inject;
}

struct probe_counters *probe_counters(struct probe *p)
{
	return &p->counters;
}

struct probe_state probe_state(const struct probe *p)
{
	struct probe_state s = {
		.mode = p->mode,
		.nrst_low = p->nrst_low,
		.divisor = p->divisor,
		.rw_status = p->rw_status,
		.open_aps = get32(p->open_aps),
	};

	return s;
}
