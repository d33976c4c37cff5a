// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting until another board is connected to the same probe.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "copy.h"

/* Between two looks; and how many in a row must see the same, since the
 * contacts of a plug bounce: 300 ms.
 */
#define PAUSE_MS	150
#define STEADY		3
/* Looks without an answer until that is worth a word: 15 s */
#define SILENT		100

/**
 * struct look - what one look at the probe saw
 * @code: STL_OK: a chip that can be used
 * @chip: it
 * @probe: the probe, if it was there
 */
struct look {
	enum stl_code code;
	struct stl_chip chip;
	struct stl_probe probe;
};

/**
 * struct watch - how the waiting goes
 * @gone: the board was away since the last that is known
 * @steady: looks in a row that saw @chip
 * @silent: looks in a row that saw none
 * @chip: seen last
 * @told: the message said last, so that it is said once
 */
struct watch {
	bool gone;
	unsigned int steady;
	unsigned int silent;
	struct stl_chip chip;
	char told[sizeof(((struct stl_error *)0)->message)];
};

/**
 * same_chip() - is this the chip that the copy was taken from?
 * @copy: copy
 * @chip: identified chip
 *
 * Return: true if it is certain.
 */
bool same_chip(const struct board_copy *copy, const struct stl_chip *chip)
{
	return copy->has_uid && !(chip->flags & STL_CHIP_NO_UID) &&
	       !memcmp(copy->uid, chip->uid, sizeof(copy->uid));
}

/* Unplugged meanwhile, it may come back with another number or elsewhere. */
static int open_probe(const struct stl_probe *known, bool writable,
		      struct stl_probe *probe, struct stl_error *err)
{
	struct stl_select select;
	int fd;

	select_probe(known, &select);
	fd = stl_probe_open(&select, writable, probe, err);
	if (fd != -STL_NO_PROBE || !select.serial || !select.usb_path)
		return fd;
	select.usb_path = NULL;
	return stl_probe_open(&select, writable, probe, err);
}

/* The session lasts as long as the look, so that boards can come and go. */
static void look(struct context *ctx, const struct stl_probe *known,
		 struct look *l)
{
	struct stl_attach_options opts = {
		.mode = ctx->mode == STL_MODE_AUTO ? STL_MODE_HOT_PLUG :
			ctx->mode,
		.purpose = STL_LOOK,
		.clock_khz = ctx->clock_khz,
	};
	struct stl_target t;
	int fd;

	fd = open_probe(known, opts.mode != STL_MODE_HOT_PLUG, &l->probe,
			&ctx->err);
	if (fd < 0) {
		l->code = -fd;
		return;
	}
	l->code = stl_target_open(&t, fd, &l->probe, &opts, &ctx->err);
	if (!l->code) {
		l->code = stl_target_identify(&t, &ctx->err);
		l->chip = t.chip;
		stl_target_close(&t, STL_LEAVE_AS_FOUND, NULL);
	}
	close(fd);
}

static void tell_once(struct context *ctx, struct watch *w, const char *text)
{
	if (!strcmp(w->told, text))
		return;
	memcpy(w->told, text, strlen(text) + 1);
	say(ctx, "still waiting: %s", text);
}

/* Nobody there is as it should be for a while; other trouble is told. */
static void seen_nothing(struct context *ctx, struct watch *w,
			 enum stl_code code)
{
	w->gone = true;
	w->steady = 0;
	w->silent++;
	if ((code != STL_NO_TARGET && code != STL_NO_PROBE &&
	     code != STL_LINK && w->silent > STEADY) || w->silent == SILENT) {
		tell_once(ctx, w, ctx->err.message);
		if (*ctx->err.hint && w->silent == SILENT)
			say(ctx, "%s", ctx->err.hint);
	}
}

/* Is this the next board? */
static bool seen_chip(struct context *ctx, struct watch *w,
		      const struct board_copy *copy,
		      const struct stl_chip *chip)
{
	bool anonymous = !copy->has_uid || chip->flags & STL_CHIP_NO_UID;

	w->silent = 0;
	if (w->steady && memcmp(w->chip.uid, chip->uid, sizeof(chip->uid)))
		w->steady = 0;
	w->chip = *chip;
	w->steady++;
	if (w->steady < STEADY)
		return false;
	if (same_chip(copy, chip)) {
		if (w->gone)
			tell_once(ctx, w, "this is the first board again");
		w->gone = false;
		return false;
	}
	/* without a unique id: another board is one that was away */
	return !anonymous || w->gone;
}

static enum stl_code stopped(struct context *ctx)
{
	stl_fail(&ctx->err, STL_LINK,
		 "stopped by a signal while waiting; nothing was changed");
	ctx->err.errnum = EINTR;
	return STL_LINK;
}

/**
 * swap_wait() - ask for another board and wait until it is there
 * @ctx: context without a session
 * @copy: what was taken from the first board
 * @probe: the probe; out: where it is now
 *
 * Return: STL_OK with the next board answering steadily; STL_LINK with errnum
 * EINTR when stopped.
 */
enum stl_code swap_wait(struct context *ctx, const struct board_copy *copy,
			struct stl_probe *probe)
{
	static const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };
	struct watch w = { 0 };
	struct look l;

	signals_catch();
	say(ctx, "now take this board off and connect the next one (Ctrl-C: stop, nothing is changed)");
	while (!signal_caught()) {
		memset(&l, 0, sizeof(l));
		look(ctx, probe, &l);
		if (l.code) {
			seen_nothing(ctx, &w, l.code);
		} else if (seen_chip(ctx, &w, copy, &l.chip)) {
			*probe = l.probe;
			memset(&ctx->err, 0, sizeof(ctx->err));
			return STL_OK;
		}
		nanosleep(&pause, NULL);
	}
	return stopped(ctx);
}
