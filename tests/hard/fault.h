/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lets the n-th thing that can fail within one call of this thread fail: an
 * allocation of slab memory or of pages, or a copy from or to this program. n counts
 * from 1 until a call goes through without. Or lets all allocations of this thread
 * fail that come after some.
 */
#ifndef HARD_FAULT_H
#define HARD_FAULT_H

#include <stdbool.h>

/* What failed, as the kernel log has it */
enum fault_kind {
	FAULT_NONE,	/* the call was over before */
	FAULT_SLAB,
	FAULT_PAGE,
	FAULT_COPY,
	FAULT_QUIET,	/* memory, by a caller that wants no word about it */
};

struct fault {
	enum fault_kind kind;
	char where[64];		/* in ours if it was beneath, else the next outside */
	bool ours;
	unsigned int times;
};

/**
 * struct thing - what is done again and again, each time with another failure
 * @name: for the table
 * @ready: brings about what @act needs; 0 or says why not
 * @act: the call: 0 or negative errno
 * @after: is all as it has to be? @ret is what @act came to. 0 or says why not.
 * @end: puts back what @ready changed, in the end
 * @normal: what @act comes to where nothing fails
 * @also: another errno that it may come to, of others than our driver
 * @foreign: most of it has nothing to do with us, and what comes behind the last of
 *	ours is left alone
 * @backwards: that is so of what comes before the first of ours
 * @limit: it goes on by itself, so that there is no last one: enough for one round
 * @others: what it comes to is not our driver's alone to say
 * @elsewhere: what fails is in a thread of its own; it does its own arming
 * @blind: nobody is left to ask whether the failure came; the log alone tells
 */
struct thing {
	const char *name;
	int (*ready)(void);
	int (*act)(void);
	int (*after)(int ret);
	int (*end)(void);
	int normal;
	int also;
	unsigned int limit;
	bool foreign;
	bool backwards;
	bool others;
	bool elsewhere;
	bool blind;
};

/* The plain ones, for lists of them */
#define THING(n, r, a, x) { .name = n, .ready = r, .act = a, .after = x }

/* For things that arm by themselves: which, and whether it failed */
extern unsigned int fault_next;
extern bool fault_hit;
/* Nothing more was to be had, so that not even a clean-up was possible */
extern bool fault_dry;

void fault_setup(bool stacks);
void fault_arm_here(unsigned int n);
bool fault_disarm_here(void);
void fault_dry_here(unsigned int bytes);
void fault_dry_over(void);
void fault_forget(void);
struct fault fault_seen(void);
int sweep(const struct thing *t, unsigned int step, bool verbose);
int sweep_dry(const struct thing *t, unsigned int step);

/** bad() - prints why, and is 1 */
int bad(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
