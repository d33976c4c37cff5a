// SPDX-License-Identifier: GPL-2.0-only
/*
 * Jumps through tables, as compilers make them of switch. What is taken for a
 * table has as many entries as the comparison before it allows, and each entry
 * that is there leads to near the jump.
 */
#include "thumb.h"

/* How far back the comparison and the base are looked for, half-words */
#define LOOK_FOR_BOUND	12
#define LOOK_FOR_BASE	128
/* A switch is within one function, bytes */
#define NEAR		0x2000u

#define MOV_R1_LR	0x4671u
#define ADD_LR_R1	0x448eu

/* Entries that the comparison with a constant before @off lets through. */
static unsigned int bound(const struct stl_thumb_image *c, uint32_t off)
{
	unsigned int i;

	for (i = 1; i <= LOOK_FOR_BOUND && off >= 2 * i; i++) {
		uint16_t insn = stl_thumb_half(c, off - 2 * i);

		if ((insn & 0xf800) == 0x2800)		/* CMP Rn, #imm */
			return (insn & 0xff) + 1;
	}
	return 0;
}

/* The constant in register @reg, loaded at most @far half-words before. */
static uint32_t base_in(const struct stl_thumb_image *c, uint32_t off,
			unsigned int reg, unsigned int far)
{
	unsigned int i;

	for (i = 1; i <= far && off >= 2 * i; i++) {
		uint32_t at = c->base + off - 2 * i;
		uint16_t insn = stl_thumb_half(c, off - 2 * i);
		uint32_t pc = (at & ~3u) + 4 + (insn & 0xffu) * 4;

		if ((insn & 0xff00) == (0x4800 | reg << 8))
			return stl_thumb_word(c, pc - c->base);
		if ((insn & 0xff00) == (0xa000 | reg << 8))
			return pc;
	}
	return 0;
}

static bool near_jump(const struct stl_thumb_image *c, uint32_t off,
		      uint32_t target)
{
	return target - c->base < STL_THUMB_MAX &&
	       target - (c->base + off) + NEAR < 2 * NEAR;
}

static unsigned int words(const struct stl_thumb_image *c, uint32_t off,
			  uint32_t base, uint32_t *targets)
{
	unsigned int num = bound(c, off), i;

	if (base % 4 || base - c->base >= c->size || num > STL_TABLE_MAX)
		return 0;
	for (i = 0; i < num; i++) {
		uint32_t value = stl_thumb_word(c, base - c->base + 4 * i);

		if (value == 0xffffffff)
			return i;		/* cut off here */
		targets[i] = value & ~1u;
		if (!near_jump(c, off, targets[i]))
			return 0;
	}
	return num;
}

/* LDR Rt, [Rn, Rm] or, unoptimized, LDR Rt, [Rn]; then MOV PC, Rt */
static unsigned int by_mov(const struct stl_thumb_image *c, uint32_t off,
			   uint32_t *targets)
{
	unsigned int reg = stl_thumb_half(c, off) >> 3 & 15, num;
	uint16_t load = off >= 2 ? stl_thumb_half(c, off - 2) : 0;
	unsigned int rn = load >> 3 & 7, rm = load >> 6 & 7, any;

	if ((load & 7) != reg)
		return 0;
	if ((load & 0xfe00) == 0x5800) {
		num = words(c, off, base_in(c, off, rn, LOOK_FOR_BASE),
			    targets);
		return num ? num : words(c, off, base_in(c, off, rm,
							 LOOK_FOR_BASE),
					 targets);
	}
	if ((load & 0xffc0) != 0x6800)
		return 0;
	for (any = 0; any < 8; any++) {
		num = words(c, off, base_in(c, off, any, 6), targets);
		if (num)
			return num;
	}
	return 0;
}

/*
 * Functions of libgcc named __gnu_thumb1_case_*: the table of distances in
 * half-words follows the call. Return: bytes of an entry, negative if signed,
 * or 0 if it is none of them.
 */
static int case_helper(const struct stl_thumb_image *c, uint32_t off)
{
	bool lr = false;
	int size = 0;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		uint16_t insn = stl_thumb_half(c, off + 2 * i);

		if (insn == MOV_R1_LR)
			lr = true;
		else if ((insn & 0xfe00) == 0x5600)	/* LDRSB */
			size = -1;
		else if ((insn & 0xfe00) == 0x5c00)	/* LDRB */
			size = 1;
		else if ((insn & 0xfe00) == 0x5e00)	/* LDRSH */
			size = -2;
		else if ((insn & 0xfe00) == 0x5a00)	/* LDRH */
			size = 2;
		else if (insn == ADD_LR_R1)
			return lr ? size : 0;
	}
	return 0;
}

static int32_t entry(const struct stl_thumb_image *c, uint32_t off, int size)
{
	uint16_t half = stl_thumb_half(c, off & ~1u);
	uint8_t byte = half >> 8 * (off & 1);

	switch (size) {
	case -1:
		return (int8_t)byte;
	case 1:
		return byte;
	case -2:
		return (int16_t)half;
	default:
		return half;
	}
}

unsigned int stl_thumb_case(const struct stl_thumb_image *c, uint32_t off,
			    uint32_t callee, uint32_t *targets)
{
	unsigned int num = bound(c, off), i;
	int size = callee - c->base < c->size ?
		   case_helper(c, callee - c->base) : 0;
	uint32_t table = off + 4;

	if (!size)
		return 0;
	for (i = 0; i < num && i < STL_TABLE_MAX; i++) {
		targets[i] = c->base + table +
			     2 * entry(c, table + i * (size < 0 ? -size : size),
				       size);
		if (!near_jump(c, off, targets[i]))
			return 0;
	}
	return i;
}

unsigned int stl_thumb_jump(const struct stl_thumb_image *c, uint32_t off,
			    uint32_t *targets)
{
	/* MOV PC, R0 to R7 */
	return (stl_thumb_half(c, off) & 0xffc7) == 0x4687 ?
	       by_mov(c, off, targets) : 0;
}
