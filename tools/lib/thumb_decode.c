// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions of ARMv6-M as far as the flow of control and constants go. ARM
 * DDI 0419, chapter A5.
 */
#include <string.h>

#include "thumb.h"

#define LR	14
#define PC	15

static int32_t sign_extend(uint32_t value, unsigned int bits)
{
	uint32_t top = 1u << (bits - 1);

	return (int32_t)((value ^ top) - top);
}

static void decode_long(struct stl_insn *in, uint32_t addr, uint16_t first,
			uint16_t second)
{
	uint32_t s = first >> 10 & 1;
	uint32_t i1 = !((second >> 13 & 1) ^ s);
	uint32_t i2 = !((second >> 11 & 1) ^ s);

	in->len = 4;
	if ((first & 0xf800) == 0xf000 && (second & 0xd000) == 0xd000) {
		in->step = STL_STEP_CALL;
		in->target = addr + 4 +
			     sign_extend(s << 24 | i1 << 23 | i2 << 22 |
					 (first & 0x3ffu) << 12 |
					 (second & 0x7ffu) << 1, 25);
	} else if ((first & 0xfff0) == 0xf380 && (second & 0xff00) == 0x8800) {
		in->step = STL_STEP_NEXT;		/* MSR */
	} else if (first == 0xf3ef && (second & 0xf000) == 0x8000) {
		in->step = STL_STEP_NEXT;		/* MRS */
	} else if (first == 0xf3bf && (second & 0xff00) == 0x8f00 &&
		   (second & 0xf0) >= 0x40 && (second & 0xf0) <= 0x60) {
		in->step = STL_STEP_NEXT;		/* DSB, DMB, ISB */
	} else if ((first & 0xfff0) == 0xf7f0 && (second & 0xf000) == 0xa000) {
		in->step = STL_STEP_STOP;		/* UDF */
	}
}

/* 4400 to 47ff: ADD, CMP and MOV with high registers, BX, BLX */
static void decode_high(struct stl_insn *in, uint16_t insn)
{
	unsigned int rm = insn >> 3 & 15;
	unsigned int rd = (insn & 7) | (insn >> 4 & 8);

	in->reg = rm;
	if ((insn & 0xff00) == 0x4700) {
		if (insn & 7 || rm == PC)
			in->step = STL_STEP_UNDEFINED;
		else if (insn & 0x80)
			in->step = STL_STEP_ICALL;
		else
			in->step = rm == LR ? STL_STEP_RETURN : STL_STEP_IJUMP;
	} else if ((insn & 0xff00) != 0x4500 && rd == PC) {
		in->step = STL_STEP_IJUMP;
	} else if ((insn & 0xff00) == 0x4400 && rd == LR) {
		/* moves where it returns to: behind a table (GCC, -Os) */
		in->step = STL_STEP_STOP;
	}
}

/* b000 to bfff */
static void decode_misc(struct stl_insn *in, uint16_t insn)
{
	switch (insn >> 8 & 15) {
	case 0x0:		/* ADD, SUB SP */
	case 0x2:		/* SXTH and so on */
		break;
	case 0x4:		/* PUSH */
	case 0x5:
		if (!(insn & 0x1ff))
			in->step = STL_STEP_UNDEFINED;
		break;
	case 0x6:		/* CPSIE, CPSID */
		if ((insn & 0xffef) != 0xb662)
			in->step = STL_STEP_UNDEFINED;
		break;
	case 0xa:		/* REV and so on */
		if ((insn & 0xc0) == 0x80)
			in->step = STL_STEP_UNDEFINED;
		break;
	case 0xc:		/* POP */
	case 0xd:
		if (!(insn & 0x1ff))
			in->step = STL_STEP_UNDEFINED;
		else if (insn & 0x100)
			in->step = STL_STEP_RETURN;
		break;
	case 0xe:
		in->step = STL_STEP_STOP;		/* BKPT */
		break;
	case 0xf:		/* hints; with the low bits set it is IT */
		if (insn & 15)
			in->step = STL_STEP_UNDEFINED;
		break;
	default:
		in->step = STL_STEP_UNDEFINED;
	}
}

static void decode_cond(struct stl_insn *in, uint32_t addr, uint16_t insn)
{
	if ((insn & 0xfe00) == 0xde00) {
		in->step = STL_STEP_STOP;		/* UDF, SVC */
		return;
	}
	in->step = STL_STEP_COND;
	in->target = addr + 4 + sign_extend((insn & 0xffu) << 1, 9);
}

void stl_thumb_decode(struct stl_insn *in, uint32_t addr, uint16_t first,
		      uint16_t second)
{
	memset(in, 0, sizeof(*in));
	in->step = STL_STEP_NEXT;
	in->len = 2;
	switch (first >> 12) {
	case 0x4:
		if (first >= 0x4800)
			in->slot = (addr & ~3u) + 4 + (first & 0xffu) * 4;
		else if (first >= 0x4400)
			decode_high(in, first);
		break;
	case 0xb:
		decode_misc(in, first);
		break;
	case 0xc:
		if (!(first & 0xff))
			in->step = STL_STEP_UNDEFINED;	/* LDM of nothing */
		break;
	case 0xd:
		decode_cond(in, addr, first);
		break;
	case 0xe:
	case 0xf:
		if (first < 0xe800) {
			in->step = STL_STEP_BRANCH;
			in->target = addr + 4 +
				     sign_extend((first & 0x7ffu) << 1, 12);
			break;
		}
		in->step = STL_STEP_UNDEFINED;
		decode_long(in, addr, first, second);
		break;
	}
}

unsigned int stl_thumb_writes(uint16_t insn)
{
	unsigned int low = 1u << (insn & 7), mid = 1u << (insn >> 8 & 7);

	switch (insn >> 12) {
	case 0x0:
	case 0x1:
		return low;
	case 0x2:
		return insn & 0x800 ? 0 : mid;		/* CMP writes none */
	case 0x3:
		return mid;
	case 0x4:
		if (insn >= 0x4800)
			return mid;
		if (insn >= 0x4700 || (insn & 0xff00) == 0x4500)
			return 0;
		if (insn >= 0x4400)
			return 1u << ((insn & 7) | (insn >> 4 & 8));
		/* TST, CMP and CMN write none */
		return 0x0d00u >> (insn >> 6 & 15) & 1 ? 0 : low;
	case 0x5:
		return (insn & 0x0e00) >= 0x0600 ? low : 0;
	case 0x6:
	case 0x7:
	case 0x8:
		return insn & 0x800 ? low : 0;
	case 0x9:
		return insn & 0x800 ? mid : 0;
	case 0xa:
		return mid;
	case 0xb:
		if ((insn & 0xff00) == 0xb200 || (insn & 0xff00) == 0xba00)
			return low;
		return (insn & 0xfe00) == 0xbc00 ? insn & 0xffu : 0;
	case 0xc:
		/* both may write the base back */
		return (insn & 0x800 ? insn & 0xffu : 0) | mid;
	default:
		return 0;
	}
}
