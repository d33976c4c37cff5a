/* SPDX-License-Identifier: GPL-2.0-only */
/* Kinds of faults of cable and probe, and what may be heard of them. */
#ifndef USB_KINDS_H
#define USB_KINDS_H

#include <stdbool.h>
#include <stdint.h>

enum kind_arg { ARG_NONE, ARG_SHORT, ARG_LONG, ARG_SEED, ARG_STATUS };

/**
 * struct kind - a kind of fault
 * @name: as tests/sim/README.md has it
 * @codes: a bit for each exit status that a command may end with
 * @answer: of answers only
 * @command: of command blocks only; elsewhere it is the same as at the next one
 * @unplugs: and somebody has to plug it in again
 * @restarts: it comes back by itself, at another address
 * @lies: a wrong answer that looks like a right one
 * @words: one of these is in the message
 */
struct kind {
	const char *name;
	unsigned int codes;
	enum kind_arg arg;
	bool answer, command, unplugs, restarts, lies;
	const char *words[8];
};

extern const struct kind kinds[];
extern const unsigned int num_kinds;

/** kind_allows() - may a command end with that, saying @text? */
bool kind_allows(const struct kind *k, int status, const char *text);
bool kind_says(const struct kind *k, const char *text);

/** kind_arg() - an argument for it, by a random number */
uint32_t kind_arg(const struct kind *k, uint32_t random);

#endif
