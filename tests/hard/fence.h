/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that ends at a page nobody may touch: a kernel that writes behind it
 * gets EFAULT, and one that writes in front of it is seen.
 */
#ifndef HARD_FENCE_H
#define HARD_FENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What memory holds that is not to be written to; no liar's colour */
#define POISON		0xee
#define POISON_WORD	0xeeeeeeeeu

enum fence { FENCE_ARG, FENCE_OPS, FENCE_DATA, FENCES };

void *fence_room(enum fence which, size_t len);
void *fence_in(enum fence which, const void *data, size_t len);
bool fence_whole(enum fence which, const void *at, size_t len);
bool all_poison(const void *p, size_t len);

#endif
