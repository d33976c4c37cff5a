// SPDX-License-Identifier: GPL-2.0-only
/*
 * A board that went away in the middle: its supply, its reset line or its debug
 * wires? Asked after a failure, while the session is still there.
 */
#include <errno.h>
#include <string.h>

#include "ioctl.h"
#include "priv.h"
#include "xfer.h"

/* The first look may tell of a reset that is over. */
#define LOOKS		4
#define LOOK_MS		2u

static bool supply_lost(struct stl_target *t, uint32_t *mv)
{
	struct stlink_voltage v = { 0 };

	/* where it couldn't be measured before, it tells nothing now */
	if (t->voltage_mv < STL_NO_SUPPLY_MV || stl_ioc_voltage(t->fd, &v))
		return false;
	*mv = v.millivolts;
	return v.millivolts < STL_NO_SUPPLY_MV;
}

/* Return: 0, or why the core can't be looked at. */
static int look(struct stl_target *t, bool *held)
{
	struct stlink_core core;
	int ret, i;

	*held = true;
	for (i = 0; i < LOOKS; i++) {
		ret = stl_core(t->fd, STLINK_CORE_STATUS, 0, 0, &core);
		if (ret)
			return ret;
		if (i && !(core.state & STLINK_CORE_WAS_RESET))
			*held = false;
		stl_sleep_ms(LOOK_MS);
	}
	return 0;
}

/* Was it the way to the target, or the target, that failed? */
static bool may_be_the_board(const struct stl_error *err)
{
	switch (err->code) {
	case STL_NO_TARGET:
	case STL_PROGRAM:
	case STL_MISMATCH:
		return err->errnum != EINTR;
	case STL_LINK:
		return err->errnum == ETIMEDOUT || err->errnum == ENODATA ||
		       err->errnum == EREMOTEIO || err->errnum == EBADMSG ||
		       err->errnum == ENXIO;
	default:
		return false;
	}
}

/* What is known now takes the place of what to look at in general. */
static void drop_vague(struct stl_error *err)
{
	static const char vague[] = STL_HINT_NO_ANSWER;
	const size_t len = sizeof(vague) - 1;
	char *hint = err->hint;

	if (strncmp(hint, vague, len))
		return;
	hint += len + (hint[len] == '\n');
	memmove(err->hint, hint, strlen(hint) + 1);
}

int stl_explain_board(struct stl_target *t, struct stl_error *err)
{
	uint32_t mv = 0;
	bool held;
	int ret;

	if (!err || !may_be_the_board(err))
		return err ? err->code : STL_OK;
	if (supply_lost(t, &mv)) {
		drop_vague(err);
		stl_hint(err,
			 "the board has lost its supply (%u mV, it was %u mV): power it, then repeat the command",
			 mv, t->voltage_mv);
		err->code = STL_NO_TARGET;
		return err->code;
	}
	ret = look(t, &held);
	if (!ret && held) {
		drop_vague(err);
		stl_hint(err,
			 "the chip is held in reset: something holds nRST low (a button, a capacitor, a supervisor); when it is let go, repeat the command");
	} else if (ret == -ENXIO) {
		drop_vague(err);
		stl_hint(err,
			 "nothing answers on SWD%s: check SWDIO, SWCLK and ground, then repeat the command",
			 t->voltage_mv < STL_NO_SUPPLY_MV ?
			 ", and whether there is a supply isn't known" :
			 ", but the supply is there");
	} else if (!ret && err->code != STL_PROGRAM &&
		   err->code != STL_MISMATCH) {
		drop_vague(err);
		stl_hint(err,
			 "now the target answers again: check wires and supply for a bad contact, then repeat the command");
	}
	return err->code;
}
