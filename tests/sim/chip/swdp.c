// SPDX-License-Identifier: GPL-2.0-only
/* SW-DP, debug port version 1, minimal (ARM IHI 0031: ADIv5, chapter B). */
#include "internal.h"

#define DPIDR_M0	0x0bb11477u
#define DPIDR_M0PLUS	0x0bc11477u

/* ABORT */
#define ABORT_DAP	0x01u
#define ABORT_STKERR	0x04u
#define ABORT_WDERR	0x08u
#define ABORT_ORUNERR	0x10u

/* CTRL/STAT */
#define ORUNDETECT	0x00000001u
#define READOK		0x00000040u
#define CDBGRSTREQ	0x04000000u
#define CDBGPWRUPREQ	0x10000000u
#define CSYSPWRUPREQ	0x40000000u
#define PWRUPREQ	(CDBGPWRUPREQ | CSYSPWRUPREQ)
#define CTRL_WRITABLE	(ORUNDETECT | CDBGRSTREQ | PWRUPREQ)
#define STICKY		(DP_STICKYORUN | DP_STICKYERR | DP_WDATAERR)

/** dp_reset() - power-on */
void dp_reset(struct chip *chip)
{
	chip->dp = (struct dp){ .dead = true };
}

/* Is anybody at the wire? Level 2 and PA13/PA14 as GPIO silence it. */
static bool present(const struct chip *chip)
{
	return chip->powered && chip->active.level != 2 && gpio_swd_pins(chip);
}

/** swd_line_reset() - see chip.h */
void swd_line_reset(struct chip *chip)
{
	if (!present(chip))
		return;
	chip->dp.dead = false;
	chip->dp.need_dpidr = true;
	chip->dp.select &= ~0xfu;
}

static uint32_t ctrl_stat(const struct chip *chip)
{
	uint32_t ctrl = chip->dp.ctrl;

	/* the acknowledge bits sit right above the requests */
	return ctrl | (ctrl & PWRUPREQ) << 1;
}

static void write_abort(struct chip *chip, uint32_t value)
{
	struct dp *dp = &chip->dp;

	if (value & ABORT_DAP)
		ap_abort(chip);
	if (value & ABORT_STKERR)
		dp->ctrl &= ~DP_STICKYERR;
	if (value & ABORT_WDERR)
		dp->ctrl &= ~DP_WDATAERR;
	if (value & ABORT_ORUNERR)
		dp->ctrl &= ~DP_STICKYORUN;
}

static void write_ctrl(struct chip *chip, uint32_t value)
{
	struct dp *dp = &chip->dp;

	if (dp->select & 0xf) {		/* DLCR, turnaround */
		dp->dlcr = value & 0x300;
		return;
	}
	dp->ctrl = (dp->ctrl & ~CTRL_WRITABLE) | (value & CTRL_WRITABLE);
	if (value & CDBGPWRUPREQ &&
	    chip->opt.rdp1_trigger == CHIP_RDP1_POWER_UP)
		chip->debug_seen = true;
}

static void dp_write(struct chip *chip, unsigned int a, uint32_t value)
{
	if (a == 0)
		write_abort(chip, value);
	else if (a == 4)
		write_ctrl(chip, value);
	else if (a == 8)
		chip->dp.select = value & 0xff0000ff;
	/* 12: TARGETSEL of later versions, ignored */
}

static uint32_t dp_read(struct chip *chip, unsigned int a)
{
	struct dp *dp = &chip->dp;

	switch (a) {
	case 0:
		dp->need_dpidr = false;
		return chip->opt.clone ? DPIDR_M0PLUS : DPIDR_M0;
	case 4:
		return dp->select & 0xf ? dp->dlcr : ctrl_stat(chip);
	case 8:
		return dp->last_read;	/* RESEND */
	default:
		return dp->rdbuff;
	}
}

/* What goes through although a sticky flag is set or the AP is busy. */
static bool always_ok(bool ap, bool read, unsigned int a)
{
	return !ap && (read ? a == 0 || a == 4 : a == 0);
}

static enum swd_ack wait(struct chip *chip)
{
	if (chip->dp.ctrl & ORUNDETECT)
		chip->dp.ctrl |= DP_STICKYORUN;
	return SWD_WAIT;
}

static bool count_down(unsigned int *left)
{
	if (!*left)
		return false;
	--*left;
	return true;
}

/* ACK before any effect; SWD_OK lets the transfer happen. */
static enum swd_ack acknowledge(struct chip *chip, bool ap, bool read,
				unsigned int a)
{
	struct dp *dp = &chip->dp;

	if (dp->need_dpidr && !(read && !ap && a == 0))
		return SWD_FAULT;
	if (always_ok(ap, read, a))
		return SWD_OK;
	if (dp->ctrl & STICKY)
		return SWD_FAULT;
	if (ap && count_down(&chip->faults.ap_waits))
		return wait(chip);
	/* SELECT, CTRL/STAT, RDBUFF and RESEND follow the AP in order */
	if (chip->ap.busy)
		return wait(chip);
	if (ap && (dp->ctrl & PWRUPREQ) != PWRUPREQ) {
		dp->ctrl |= DP_STICKYERR;
		return SWD_FAULT;
	}
	return SWD_OK;
}

/** swd_transfer() - see chip.h */
enum swd_ack swd_transfer(struct chip *chip, bool ap, bool read, unsigned int a,
			  uint32_t *value, bool *parity_error)
{
	struct dp *dp = &chip->dp;
	enum swd_ack ack;

	if (!present(chip) || dp->dead)
		return SWD_NONE;
	ap_poll(chip);
	if (!present(chip))
		return SWD_NONE;
	ack = acknowledge(chip, ap, read, a);
	if (ack != SWD_OK)
		return ack;
	if (!read) {
		if (parity_error && *parity_error) {
			dp->ctrl |= DP_WDATAERR;
			return SWD_OK;
		}
		if (ap)
			ap_access(chip, false, a, *value);
		else
			dp_write(chip, a, *value);
		return SWD_OK;
	}
	if (ap) {
		*value = dp->rdbuff;	/* posted: the access before */
		ap_access(chip, true, a, 0);
		dp->ctrl |= READOK;
	} else {
		*value = dp_read(chip, a);
	}
	if (ap || a >= 8)
		dp->last_read = *value;
	if (parity_error)
		*parity_error = count_down(&chip->faults.parity_errors);
	return SWD_OK;
}
