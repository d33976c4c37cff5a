/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the code of an image refers to: a walk through ARMv6-M instructions
 * from the vectors on. Pure, bounded, at home with garbage.
 */
#ifndef STL_THUMB_H
#define STL_THUMB_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct stl_thumb_image - bytes that are looked at
 * @base: address of the first one; the vector table is there
 * @data: content, erased bytes are FF
 * @size: bytes, even
 */
struct stl_thumb_image {
	uint32_t base;
	const uint8_t *data;
	uint32_t size;
};

/** STL_THUMB_MAX - bytes of the biggest flash of the family */
#define STL_THUMB_MAX	(256u * 1024)
/** STL_TABLE_MAX - entries of the longest table that is followed */
#define STL_TABLE_MAX	256

/** stl_thumb_half() - half-word at an offset; FFFF behind the end */
static inline uint16_t stl_thumb_half(const struct stl_thumb_image *c,
				      uint32_t off)
{
	if (off >= c->size || c->size - off < 2)
		return 0xffff;
	return c->data[off] | c->data[off + 1] << 8;
}

/** stl_thumb_word() - the same for a word */
static inline uint32_t stl_thumb_word(const struct stl_thumb_image *c,
				      uint32_t off)
{
	return stl_thumb_half(c, off) |
	       (uint32_t)stl_thumb_half(c, off + 2) << 16;
}

/** enum stl_ref_kind - how something is referred to */
enum stl_ref_kind {
	STL_REF_VECTOR,		/* by the vector table */
	STL_REF_CALL,		/* BL, or BLX and BX of a constant */
	STL_REF_BRANCH,		/* B */
	STL_REF_FALL,		/* the next instruction would be there */
	STL_REF_SLOT,		/* a constant is loaded from there */
	STL_REF_VALUE,		/* the constant itself */
};

/**
 * struct stl_ref - a reference
 * @kind: enum stl_ref_kind
 * @from: address of the instruction or vector; of the constant for
 *	STL_REF_VALUE
 * @to: what it refers to; for STL_REF_VALUE any number
 */
struct stl_ref {
	enum stl_ref_kind kind;
	uint32_t from;
	uint32_t to;
};

/** stl_ref_fn - told of a reference; @ctx is the caller's */
typedef void stl_ref_fn(void *ctx, const struct stl_ref *ref);

/** enum stl_step - what an instruction does to the flow of control */
enum stl_step {
	STL_STEP_NEXT,		/* goes on behind it */
	STL_STEP_BRANCH,	/* goes on at the target */
	STL_STEP_COND,		/* one or the other */
	STL_STEP_CALL,		/* calls the target */
	STL_STEP_ICALL,		/* calls what a register holds */
	STL_STEP_IJUMP,		/* goes on where a register says */
	STL_STEP_RETURN,
	STL_STEP_STOP,		/* SVC, BKPT, UDF: nobody knows */
	STL_STEP_UNDEFINED,	/* no instruction of ARMv6-M */
};

/**
 * struct stl_insn - an instruction
 * @step: enum stl_step
 * @len: bytes, 2 or 4
 * @target: of a branch or call by address
 * @slot: where LDR (literal) reads, or 0
 * @reg: register of STL_STEP_ICALL and _IJUMP
 * @by_table: STL_STEP_IJUMP by a function that finds the target in a table
 *	behind its call; @target is the function
 */
struct stl_insn {
	enum stl_step step;
	unsigned int len;
	uint32_t target;
	uint32_t slot;
	unsigned int reg;
	bool by_table;
};

/**
 * stl_thumb_decode() - decode one instruction
 * @in: out
 * @addr: where it is
 * @first: its half-word
 * @second: the half-word behind it
 */
void stl_thumb_decode(struct stl_insn *in, uint32_t addr, uint16_t first,
		      uint16_t second);

/** stl_thumb_writes() - mask of the registers that a short instruction changes */
unsigned int stl_thumb_writes(uint16_t insn);

/**
 * stl_thumb_jump() - where MOV PC by a table can lead
 * @c: image
 * @off: offset of the instruction
 * @targets: out: STL_TABLE_MAX addresses at most
 *
 * Return: how many, 0 if no table is seen.
 */
unsigned int stl_thumb_jump(const struct stl_thumb_image *c, uint32_t off,
			    uint32_t *targets);

/**
 * stl_thumb_case() - where a call of a table function of libgcc can lead
 * @c: image
 * @off: offset of the BL
 * @callee: address that it calls
 * @targets: out: STL_TABLE_MAX addresses at most
 *
 * Return: how many, 0 if it is no such function.
 */
unsigned int stl_thumb_case(const struct stl_thumb_image *c, uint32_t off,
			    uint32_t callee, uint32_t *targets);

/**
 * stl_thumb_walk() - find what vectors and code refer to
 * @code: image
 * @fn: told of each reference, those of the vectors first, then in order of
 *	address
 * @ctx: for @fn
 *
 * Follows branches and calls. Behind a call it goes on only if the callee can
 * be seen to return, because compilers put data there otherwise; not through
 * jumps by register, unless the register was loaded with a constant just
 * before, or from a table with a known number of entries. What leads into no
 * instruction or into a constant was no code, and nothing is told of it. So
 * references may be missing; those told are real.
 *
 * Return: 0, or -ENOMEM.
 */
int stl_thumb_walk(const struct stl_thumb_image *code, stl_ref_fn *fn, void *ctx);

#endif
