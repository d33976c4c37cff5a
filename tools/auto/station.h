/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A station: a probe, and the boards that come to it one after the other.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_STATION_H
#define STLINK_AUTO_STATION_H

#include "conf.h"
#include "news.h"

/**
 * struct station_job - what a station is for
 * @rule: what to do with boards
 * @probe: its probe
 * @once: ends after the first board
 * @next_only: the board that is there is none of its business
 * @record: boards are recorded: in the journal, and in the rule's log
 * @signals: signalfd() of the blocked signals that end it; it is only polled
 * @tell: called with all that is new
 * @ctx: for @tell
 */
struct station_job {
	const struct auto_rule *rule;
	const struct stl_probe *probe;
	bool once;
	bool next_only;
	bool record;
	int signals;
	void (*tell)(void *ctx, const struct station_news *news);
	void *ctx;
};

/**
 * station_run() - be a station until the probe is gone or a signal comes
 * @job: what for
 *
 * Keeps the node open, without a session while there is nothing to do, so that
 * other programs can use the probe in between. The driver tells when a board
 * comes and goes (STLINK_EVENT_ARRIVED, _REMOVED).
 *
 * Return: STL_OK at the end of its work or by a signal; STL_NO_PROBE when the
 * probe is gone; with @job->once what the board came to, or why there was none, by
 * a signal, too; else why it can't work.
 */
enum stl_code station_run(const struct station_job *job);

#endif /* STLINK_AUTO_STATION_H */
