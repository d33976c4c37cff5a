/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware that lies: the answers of a healthy probe, falsified in every way that
 * a device can think of.
 *
 * What may end up in the memory of a program has a colour, so that nothing else
 * can pass for it: see is_coloured().
 */
#ifndef HARD_LIAR_H
#define HARD_LIAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dice.h"
#include "probe.h"

#define ALL_OPS		(-1)

enum lie {
	LIE_STATUS,		/* another status byte */
	LIE_BITS,		/* some bits flipped */
	LIE_WORD,		/* a word that is a limit of something */
	LIE_RANDOM,		/* the right length, nothing else */
	LIE_SHORT,
	LIE_LONG,
	LIE_EMPTY,		/* a zero-length packet */
	LIE_AGAIN,		/* what was answered to something else */
	LIE_NOISE,		/* random bytes of random length */
	LIE_TWICE,
	LIE_SWAPPED,		/* the one before, and this one next time */
	LIE_LATE,
	LIE_STATUSES,		/* of scattered words */
	LIE_SILENCE,
	LIE_STALL,
	LIE_STALL_OUT,
	LIES
};

extern const char * const lie_names[LIES];

#define OLD_ANSWERS	32
#define OLD_LEN		512

/**
 * struct liar - twist_ctx of a probe with liar_twist
 * @dice: what decides
 * @rate: one answer in so many is a lie, 0 for none
 * @only: only those to this debug command, or ALL_OPS
 * @version_too: also the version, without which the link isn't believed in
 * @exchanges: commands so far
 * @lies: answers falsified so far, by kind
 * @forbidden: a command that no ST-Link may be sent, in words; else empty
 * @colour: of memory contents in the call under way
 * @prompt: the last answer went out at once and has no colour
 * @old: answers for LIE_AGAIN, @old_len their lengths, @num_old how many
 * @kept: answer for LIE_SWAPPED, @kept_len its length, -1 for none
 */
struct liar {
	struct dice dice;
	unsigned int rate;
	int only;
	bool version_too;
	unsigned long exchanges;
	unsigned long lies[LIES];
	char forbidden[100];
	unsigned int colour;
	bool prompt;
	uint8_t old[OLD_ANSWERS][OLD_LEN];
	unsigned int old_len[OLD_ANSWERS];
	unsigned int num_old;
	uint8_t kept[OLD_LEN];
	int kept_len;
};

extern const struct twist liar_twist;

void liar_init(struct liar *l, uint64_t seed);

/* Colours: one for each call, in turn, and one for what may be fetched at any time */
#define COLOURS		7
#define ANY_TIME	7

/** is_coloured() - can this byte have come from a liar in a call of this colour? */
static inline bool is_coloured(uint8_t b, unsigned int colour)
{
	return (b & 0xfc) == (0xc0 | colour << 2) ||
	       (b & 0xfc) == (0xc0 | ANY_TIME << 2) || b == 0x80;
}

/* Below this there is memory, whose contents have a colour */
#define COLOURED_END	0xe0000000u

#endif
