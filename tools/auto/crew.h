/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stations as processes, one each, so that none waits for another, and what
 * befalls one is no matter to the others.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_CREW_H
#define STLINK_AUTO_CREW_H

#include <stdbool.h>
#include <sys/types.h>

#include "conf.h"
#include "view.h"

/** CREW_MAX - stations of one program */
#define CREW_MAX	64

/**
 * struct crew_slot - a station
 * @probe: its probe, as it was when the station was started
 * @rule: what it does there
 * @pid: its process, or 0 when that has ended
 * @sock: what it tells, or -1
 * @again: its news is of a board that it has told of already
 * @line: how it is shown
 */
struct crew_slot {
	struct stl_probe probe;
	const struct auto_rule *rule;
	pid_t pid;
	int sock;
	bool again;
	struct view_line line;
};

/**
 * struct crew - all stations
 * @once: each does one board
 * @record: they keep records
 * @event: called with all that a station tells, in slot->line.news. With @once one
 *	that ends before it has told what its board came to is told of as
 *	STATION_FAIL, and counted
 * @ctx: for @event
 * @stopping: stations that end are not started again
 * @num: slots in use
 * @slots: they
 */
struct crew {
	bool once;
	bool record;
	void (*event)(void *ctx, struct crew_slot *slot);
	void *ctx;
	bool stopping;
	size_t num;
	struct crew_slot slots[CREW_MAX];
};

/**
 * crew_start() - start a station, unless the probe has one
 * @c: crew
 * @probe: probe
 * @rule: what to do there
 *
 * A probe that comes back to its place gets the slot that it had.
 *
 * Return: false if there is one already, or no room, or no process, which with
 * @c->once is a board that failed instead.
 */
bool crew_start(struct crew *c, const struct stl_probe *probe,
		const struct auto_rule *rule);

/** crew_hear() - take what a station has told; to be called when it can be read */
void crew_hear(struct crew *c, struct crew_slot *slot);

/** crew_reap() - note which stations have ended; those that were killed start again */
void crew_reap(struct crew *c);

/** crew_running() - is any station still there? */
bool crew_running(const struct crew *c);

/** crew_kill() - send a signal that ends all stations, for good */
void crew_kill(struct crew *c, int sig);

#endif /* STLINK_AUTO_CREW_H */
