/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of all kinds with arguments of all kinds, all of them valid, and what
 * must hold of each whatever the probe said: it returns in time, with an errno
 * that the header names for it; counts are not more than was asked for; nothing
 * is written but what may be, up to the count, and that came from the probe.
 */
#ifndef HARD_CALLS_H
#define HARD_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "dice.h"
#include "probe.h"

enum call_kind {
	CALL_INFO, CALL_CLAIM, CALL_RELEASE, CALL_LAST, CALL_EVENTS,
	CALL_ATTACH, CALL_DETACH, CALL_CLOCK, CALL_VOLTAGE, CALL_NRST,
	CALL_DAP, CALL_MEM, CALL_SCATTERED, CALL_REG, CALL_CORE, CALL_SYSFS,
	CALL_POLL, CALL_REOPEN, CALLS
};

/**
 * struct caller - a program with two descriptors of one probe
 * @p: probe
 * @node: such as "stlink0"
 * @fd: for reading and writing, and for reading
 * @dice: what decides
 * @calls: made so far, by kind
 * @good: of those, how many succeeded
 * @errors: how often each errno came
 * @longest_ms: of one call
 * @bytes: of memory contents that were checked
 */
struct caller {
	struct probe *p;
	char node[32];
	int fd[2];
	struct dice dice;
	unsigned long calls[CALLS];
	unsigned long good[CALLS];
	unsigned long errors[256];
	unsigned int longest_ms;
	unsigned long bytes;
};

extern const char * const call_names[CALLS];

void caller_init(struct caller *c, uint64_t seed);
void caller_open(struct caller *c);
void caller_close(struct caller *c);
void caller_call(struct caller *c);

/* calls.c to batches.c: one call on a descriptor, done and judged */
int judge(struct caller *c, enum call_kind kind, int fd, unsigned long nr,
	  void *arg, uint32_t size);
int call_dap(struct caller *c, int fd);
int call_mem(struct caller *c, int fd);
int call_scattered(struct caller *c, int fd);
int call_reg(struct caller *c, int fd);

#endif
