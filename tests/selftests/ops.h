/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations of a memory batch, to be written in one line. */
#ifndef SELFTESTS_OPS_H
#define SELFTESTS_OPS_H

#include <linux/stlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "target.h"

/* What a buffer holds that nobody may write to */
#define POISON		0xee
#define POISON_WORD	0xeeeeeeeeu

/** rd_op() - a read of @len bytes, accesses of @width bytes */
static inline struct stlink_mem_op rd_op(__u32 addr, void *buf, __u32 len,
					 __u8 width, __u16 flags)
{
	return (struct stlink_mem_op) { .op = STLINK_OP_READ, .width = width,
		.flags = flags, .addr = addr, .length = len,
		.buf = (uintptr_t)buf };
}

/** wr_op() - a write of @len bytes, accesses of @width bytes */
static inline struct stlink_mem_op wr_op(__u32 addr, const void *buf,
					 __u32 len, __u8 width, __u16 flags)
{
	return (struct stlink_mem_op) { .op = STLINK_OP_WRITE, .width = width,
		.flags = flags, .addr = addr, .length = len,
		.buf = (uintptr_t)buf };
}

/** word_op() - a read of one word */
static inline struct stlink_mem_op word_op(__u32 addr, __u32 *word)
{
	return rd_op(addr, word, 4, 4, 0);
}

/** together_op() - a write of one word that may travel with others */
static inline struct stlink_mem_op together_op(__u32 addr, const __u32 *word)
{
	return wr_op(addr, word, 4, 4, STLINK_MEM_TOGETHER);
}

/** scattered() - address of word @i: none next to another, in no order */
static inline __u32 scattered(unsigned int i)
{
	return BIGRAM_BASE + (i * 37 % 256) * 0x1fc;
}

/** scatter() - make @n operations that read such words */
static inline void scatter(struct stlink_mem_op *ops, __u32 *words,
			   unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		words[i] = POISON_WORD;
		ops[i] = word_op(scattered(i), &words[i]);
	}
}

/** all_are() - whether @n bytes all have one value */
static inline bool all_are(const void *p, __u8 value, size_t n)
{
	const __u8 *b = p;

	while (n && *b == value) {
		b++;
		n--;
	}
	return !n;
}

#endif
