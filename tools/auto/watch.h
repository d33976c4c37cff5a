/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stations for the probes that are plugged in, and for those that come.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_WATCH_H
#define STLINK_AUTO_WATCH_H

#include "conf.h"
#include "news.h"
#include "probe.h"

/**
 * struct watch_options - what to watch
 * @select: probes that are meant; unset members match any. With a device node,
 *	or a link to one, it ends when that is gone
 * @once: each station does one board and ends; when all have, so does it
 * @here_only: probes that come later are not for us
 * @record: boards are recorded: in the journal, and in the log of their rule
 * @show: print what happens on standard output
 * @done: called for each board that is done, or NULL; with @once also for a station
 *	that did none, as a board that failed
 * @ctx: for @done
 */
struct watch_options {
	struct stl_select select;
	bool once;
	bool here_only;
	bool record;
	bool show;
	void (*done)(void *ctx, const struct stl_probe *probe,
		     const struct station_news *news);
	void *ctx;
};

/**
 * struct watch_counts - boards that were done
 * @passed: programmed and proved
 * @skipped: held the image already
 * @failed: not
 * @signal: that ended it, or 0
 */
struct watch_counts {
	unsigned int passed;
	unsigned int skipped;
	unsigned int failed;
	int signal;
};

/**
 * watch_run() - run stations until a signal, or as @opts say
 * @conf: configuration
 * @opts: options
 * @counts: out
 * @err: STL_NO_PROBE (@opts->select.device isn't there, nor any probe with
 *	@opts->here_only), STL_USAGE (the configuration has no station for the
 *	probe that is meant), STL_FILE
 *
 * SIGINT, SIGTERM and SIGHUP end all stations at their next safe point; a
 * second one ends them at once. Return: STL_OK also with failed boards.
 */
enum stl_code watch_run(const struct auto_conf *conf,
			const struct watch_options *opts,
			struct watch_counts *counts, struct stl_error *err);

#endif /* STLINK_AUTO_WATCH_H */
