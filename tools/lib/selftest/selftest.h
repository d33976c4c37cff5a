/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What nobody could look up of probe and chip, asked of the real ones: the
 * simulator takes one answer of each question for granted.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STL_SELFTEST_H
#define STL_SELFTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target.h"

/**
 * enum stl_self_level - what a question costs the target
 * @STL_SELF_LOOK: nothing: it is read while it goes on
 * @STL_SELF_HALT: the core stands still for a while; debug registers and SRAM are
 *	written, and put back
 * @STL_SELF_RESET: the chip is reset
 * @STL_SELF_FLASH: a blank page is programmed and erased again
 */
enum stl_self_level {
	STL_SELF_LOOK,
	STL_SELF_HALT,
	STL_SELF_RESET,
	STL_SELF_FLASH,
};

/**
 * enum stl_self_verdict - how an answer compares
 * @STL_SELF_OPEN: there was none
 * @STL_SELF_SAME: as the simulator has it
 * @STL_SELF_DIFFERENT: not so
 * @STL_SELF_MEASURED: a number; the simulator's is a model that it may improve
 */
enum stl_self_verdict {
	STL_SELF_OPEN,
	STL_SELF_SAME,
	STL_SELF_DIFFERENT,
	STL_SELF_MEASURED,
};

/**
 * struct stl_self_answer - to one question
 * @verdict: enum stl_self_verdict
 * @seen: what was found; or why nothing was
 * @model: option of the simulator that behaves like this; "" if there is none, or
 *	it is its default
 * @raw: bytes behind it, or ""
 */
struct stl_self_answer {
	enum stl_self_verdict verdict;
	char seen[200];
	char model[48];
	char raw[160];
};

struct stl_self;

/**
 * struct stl_self_point - one question
 * @id: one word
 * @level: enum stl_self_level
 * @question: what is not known
 * @assumed: what the simulator does unless told otherwise
 * @models: options of the simulator that it is about, with spaces between; "" for
 *	none
 * @ask: finds it out; false if the session with the target is at its end
 */
struct stl_self_point {
	const char *id;
	enum stl_self_level level;
	const char *question;
	const char *assumed;
	const char *models;
	bool (*ask)(struct stl_self *s, struct stl_self_answer *a);
};

/**
 * struct stl_self_gap - a question that is not asked
 * @about: what is not known
 * @models: as above
 * @reason: why it isn't
 */
struct stl_self_gap {
	const char *about;
	const char *models;
	const char *reason;
};

/** stl_self_points - all questions; the last one has no id */
extern const struct stl_self_point stl_self_points[];
/** stl_self_gaps - what can't be asked; the last one has no "about" */
extern const struct stl_self_gap stl_self_gaps[];

/**
 * struct stl_self_options - what may be done
 * @halt: STL_SELF_HALT
 * @reset: STL_SELF_RESET
 * @flash: STL_SELF_FLASH, on @page
 * @page: number of a page of flash
 * @ctx: for @answered
 * @answered: called for each question, in the order of stl_self_points; where its
 *	level isn't allowed with STL_SELF_OPEN
 */
struct stl_self_options {
	bool halt;
	bool reset;
	bool flash;
	uint32_t page;
	void *ctx;
	void (*answered)(void *ctx, const struct stl_self_point *p,
			 const struct stl_self_answer *a);
};

/**
 * stl_selftest() - ask all that may be asked
 * @t: identified target; STL_CHANGE for more than STL_SELF_LOOK
 * @opts: what may be done
 * @err: STL_USAGE (no such page; it isn't blank, and nothing was done), STL_PROGRAM
 *	(it isn't blank any more), STL_LINK (the core can't be halted)
 *
 * Afterwards the core is as it was, or runs if the chip was reset.
 */
int stl_selftest(struct stl_target *t, const struct stl_self_options *opts,
		 struct stl_error *err);

/** stl_self_level_word() - "look", "halt", "reset" or "page" */
const char *stl_self_level_word(enum stl_self_level level);

/** stl_self_verdict_word() - "same", "DIFFERENT", "measured" or "open" */
const char *stl_self_verdict_word(enum stl_self_verdict verdict);

#endif
