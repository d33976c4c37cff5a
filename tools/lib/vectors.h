/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Would this vector table start? For images before they are written, and for
 * explaining a lockup.
 */
#ifndef STL_VECTORS_H
#define STL_VECTORS_H

#include <stddef.h>

#include "plan.h"

/** STL_VECTORS_MAX - most findings that stl_vectors_check() reports */
#define STL_VECTORS_MAX 6

/**
 * struct stl_vectors - what is odd about a vector table
 * @num: findings
 * @text: one sentence each, no newline; the worst first
 */
struct stl_vectors {
	size_t num;
	char text[STL_VECTORS_MAX][160];
};

/**
 * stl_vectors_check() - look at the vectors of an image
 * @v: out
 * @chip: identified chip
 * @segs: image
 * @num: segments
 *
 * Nothing is said of an image without bytes at the start of flash (data only).
 * Looks at initial SP, reset, NMI and HardFault vectors: blank, even, outside
 * of flash. Whether what they point to is there, stl_truncated_check() says.
 */
void stl_vectors_check(struct stl_vectors *v, const struct stl_chip *chip,
		       const struct stl_segment *segs, size_t num);

/**
 * stl_vectors_check_words() - the same for four words read from the chip
 * @v: out
 * @chip: identified chip
 * @words: SP, reset, NMI, HardFault
 */
void stl_vectors_check_words(struct stl_vectors *v,
			     const struct stl_chip *chip,
			     const uint32_t words[4]);

#endif
