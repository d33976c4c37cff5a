// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk. Two questions depend on each other: what is reached, and from where
 * can a return be reached (only then does a call come back). Both only grow, so
 * they are answered in turn until nothing changes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "thumb.h"

#define SEEN	0x01	/* an instruction begins here */
#define RETURNS	0x02	/* a return can be reached from here */
#define SLOT	0x04	/* constant; both its half-words */
#define BAD	0x08	/* runs into what is no code: was none itself */

/* Vectors of the STM32F030: 16 of the core and 32 interrupts, RM0360 11.1.3 */
#define NUM_VECTORS	48
/* How far back the constant in a register is looked for, half-words */
#define LOOK_BACK	8
/* Far above what nested calls and loops of a real image need */
#define MAX_SWEEPS	500
#define MAX_ROUNDS	4

struct walk {
	struct stl_thumb_image code;
	uint8_t *flags;		/* per half-word */
	uint32_t *todo;		/* offsets; each is put here once at most */
	uint32_t num;
	uint32_t roots[NUM_VECTORS];
	unsigned int num_roots;
};

static uint16_t half(const struct walk *w, uint32_t off)
{
	return stl_thumb_half(&w->code, off);
}

static uint32_t word(const struct walk *w, uint32_t off)
{
	return stl_thumb_word(&w->code, off);
}

static bool inside(const struct walk *w, uint32_t addr)
{
	return addr - w->code.base < w->code.size;
}

/* Erased, or behind the end */
static bool missing(const struct walk *w, uint32_t off)
{
	return half(w, off) == 0xffff && half(w, off + 2) == 0xffff;
}

/*
 * Register @reg at @off, if a constant was loaded into it by the instructions
 * right before. Return: address of the constant, or 0.
 */
static uint32_t constant(const struct walk *w, uint32_t off, unsigned int reg)
{
	struct stl_insn in;
	unsigned int i;

	for (i = 1; i <= LOOK_BACK && off >= 2 * i; i++) {
		uint32_t at = off - 2 * i;

		if (!(w->flags[at / 2] & SEEN))
			return 0;
		stl_thumb_decode(&in, w->code.base + at, half(w, at),
				 half(w, at + 2));
		if (in.step != STL_STEP_NEXT || in.len != 2)
			return 0;
		if (in.slot && stl_thumb_writes(half(w, at)) == 1u << reg)
			return in.slot;
		if (stl_thumb_writes(half(w, at)) & 1u << reg)
			return 0;
	}
	return 0;
}

/* BX of what was popped is how functions with variable arguments return. */
static bool popped(const struct walk *w, uint32_t off, unsigned int reg)
{
	unsigned int i;

	for (i = 1; i <= 3 && reg < 8 && off >= 2 * i; i++) {
		uint16_t insn = half(w, off - 2 * i);

		if ((insn & 0xff00) == 0xbc00 && insn & 1u << reg)
			return true;
		if (stl_thumb_writes(insn) & 1u << reg)
			return false;
	}
	return false;
}

static void decode(const struct walk *w, uint32_t off, struct stl_insn *in)
{
	uint32_t slot;

	stl_thumb_decode(in, w->code.base + off, half(w, off),
			 half(w, off + 2));
	/* nothing twice: filled with zeros, no code */
	if (!word(w, off))
		in->step = STL_STEP_UNDEFINED;
	if (in->step == STL_STEP_CALL) {
		uint32_t targets[STL_TABLE_MAX];

		if (!stl_thumb_case(&w->code, off, in->target, targets))
			return;
		in->step = STL_STEP_IJUMP;
		in->by_table = true;
		return;
	}
	if (in->step != STL_STEP_ICALL && in->step != STL_STEP_IJUMP)
		return;
	if (in->step == STL_STEP_IJUMP && (half(w, off) & 0xff00) == 0x4700 &&
	    popped(w, off, in->reg)) {
		in->step = STL_STEP_RETURN;
		return;
	}
	slot = constant(w, off, in->reg);
	if (!slot || !inside(w, slot) || !(word(w, slot - w->code.base) & 1))
		return;
	in->target = word(w, slot - w->code.base) & ~1u;
	in->step = in->step == STL_STEP_ICALL ? STL_STEP_CALL :
						STL_STEP_BRANCH;
}

/* Where a jump through a table can lead; how many places. */
static unsigned int jumps(const struct walk *w, uint32_t off,
			  const struct stl_insn *in, uint32_t *targets)
{
	return in->by_table ? stl_thumb_case(&w->code, off, in->target,
					     targets) :
			      stl_thumb_jump(&w->code, off, targets);
}

static void reach(struct walk *w, uint32_t addr)
{
	uint32_t off = addr - w->code.base;

	if (!inside(w, addr) || off % 2 || missing(w, off) ||
	    w->flags[off / 2] & (SEEN | BAD))
		return;
	w->flags[off / 2] |= SEEN;
	w->todo[w->num++] = off;
}

static bool has(const struct walk *w, uint32_t addr, uint8_t flag)
{
	return inside(w, addr) && w->flags[(addr - w->code.base) / 2] & flag;
}

/* A function elsewhere, such as in SRAM, is taken to return. */
static bool call_returns(const struct walk *w, uint32_t target)
{
	return !inside(w, target) || has(w, target, RETURNS);
}

static void mark_slot(struct walk *w, uint32_t slot)
{
	uint32_t off = slot - w->code.base;

	if (!inside(w, slot) || off + 4 > w->code.size)
		return;
	w->flags[off / 2] |= SLOT;
	w->flags[off / 2 + 1] |= SLOT;
}

static void follow(struct walk *w)
{
	uint32_t targets[STL_TABLE_MAX];
	struct stl_insn in;
	unsigned int num;

	while (w->num) {
		uint32_t off = w->todo[--w->num];
		uint32_t next;

		decode(w, off, &in);
		next = w->code.base + off + in.len;
		if (in.slot)
			mark_slot(w, in.slot);
		if (in.step == STL_STEP_NEXT || in.step == STL_STEP_COND ||
		    in.step == STL_STEP_ICALL)
			reach(w, next);
		if (in.step == STL_STEP_BRANCH || in.step == STL_STEP_COND ||
		    in.step == STL_STEP_CALL)
			reach(w, in.target);
		if (in.step == STL_STEP_CALL && call_returns(w, in.target))
			reach(w, next);
		if (in.step != STL_STEP_IJUMP)
			continue;
		if (in.by_table)
			reach(w, in.target);
		num = jumps(w, off, &in, targets);
		while (num)
			reach(w, targets[--num]);
	}
}

static bool can_return(const struct walk *w, uint32_t off,
		       const struct stl_insn *in)
{
	uint32_t next = w->code.base + off + in->len;
	uint32_t targets[STL_TABLE_MAX];
	unsigned int num;

	switch (in->step) {
	case STL_STEP_IJUMP:
		for (num = jumps(w, off, in, targets); num; num--)
			if (has(w, targets[num - 1], RETURNS))
				return true;
		return false;
	case STL_STEP_RETURN:
		return true;
	case STL_STEP_NEXT:
	case STL_STEP_ICALL:
		return has(w, next, RETURNS);
	case STL_STEP_BRANCH:
		return call_returns(w, in->target);
	case STL_STEP_COND:
		return has(w, next, RETURNS) || has(w, in->target, RETURNS);
	case STL_STEP_CALL:
		return call_returns(w, in->target) && has(w, next, RETURNS);
	default:
		return false;
	}
}

/* One pass against the flow. Return: whether something was learnt. */
static bool sweep(struct walk *w)
{
	bool changed = false;
	struct stl_insn in;
	uint32_t off;

	for (off = w->code.size; off >= 2; ) {
		uint8_t *f = &w->flags[(off -= 2) / 2];
		uint32_t next;

		if (!(*f & SEEN))
			continue;
		decode(w, off, &in);
		next = w->code.base + off + in.len;
		if (!(*f & RETURNS) && can_return(w, off, &in)) {
			*f |= RETURNS;
			changed = true;
		}
		if (in.step == STL_STEP_CALL && call_returns(w, in.target))
			reach(w, next);
	}
	return changed || w->num;
}

/* Return: whether some was found that doesn't count as such yet. */
static bool find_bad(struct walk *w)
{
	bool found = false;
	struct stl_insn in;
	uint32_t off;

	for (off = w->code.size; off >= 2; ) {
		uint8_t *f = &w->flags[(off -= 2) / 2];
		uint32_t next;

		if (!(*f & SEEN))
			continue;
		decode(w, off, &in);
		next = w->code.base + off + in.len;
		if (in.step != STL_STEP_UNDEFINED && !(*f & SLOT) &&
		    !((in.step == STL_STEP_NEXT || in.step == STL_STEP_COND) &&
		      has(w, next, BAD)))
			continue;
		found |= !(*f & BAD);
		*f |= BAD;
	}
	return found;
}

static bool code_like(const struct walk *w, uint32_t addr)
{
	uint16_t insn = half(w, addr - w->code.base);

	/* PUSH, B to itself, BX LR, LDR (literal) to R0-R3 */
	return (insn & 0xfe00) == 0xb400 || insn == 0xe7fe || insn == 0x4770 ||
	       (insn & 0xfc00) == 0x4800;
}

/* An odd address in any flash or SRAM of the family */
static bool handler_like(uint32_t value)
{
	return value & 1 && ((value >= 0x08000000 && value < 0x08040000) ||
			     (value >= 0x20000000 && value < 0x20008000));
}

/*
 * The table has as many entries as fit before the first code, and ends where
 * it can't be one any more.
 */
static void read_vectors(struct walk *w, stl_ref_fn *fn, void *ctx)
{
	/* linked for the alias of flash at 0 */
	bool alias = word(w, 4) < w->code.base;
	unsigned int i, num = NUM_VECTORS;

	for (i = 1; i < num && i * 4 + 4 <= w->code.size; i++) {
		uint32_t value = word(w, i * 4), addr = value & ~1u;
		struct stl_ref ref = {
			STL_REF_VECTOR, w->code.base + i * 4, addr,
		};

		if (alias && addr < w->code.base && addr >= 8)
			ref.to = addr += w->code.base;
		if (i >= 16 && value && !handler_like(addr | (value & 1)))
			break;
		if (!(value & 1) || value == 0xffffffff ||
		    (i >= 4 && i < 16 && i != 11 && i < 14))
			continue;
		fn(ctx, &ref);
		if (!inside(w, addr))
			continue;
		if ((addr - w->code.base) / 4 < num)
			num = (addr - w->code.base) / 4;
		if (i < 16 || code_like(w, addr))
			w->roots[w->num_roots++] = addr;
	}
}

static void walk_all(struct walk *w)
{
	unsigned int round, i;
	uint32_t k;

	for (round = 0; round < MAX_ROUNDS; round++) {
		for (k = 0; k < w->code.size / 2; k++)
			w->flags[k] &= BAD;
		for (i = 0; i < w->num_roots; i++)
			reach(w, w->roots[i]);
		for (i = 0; i < MAX_SWEEPS; i++) {
			follow(w);
			if (!sweep(w))
				break;
		}
		w->num = 0;
		if (!find_bad(w))
			return;
	}
}

static void tell(struct walk *w, uint32_t off, stl_ref_fn *fn, void *ctx)
{
	uint32_t from = w->code.base + off, targets[STL_TABLE_MAX];
	struct stl_ref ref = { .from = from };
	unsigned int num, i;
	struct stl_insn in;

	decode(w, off, &in);
	if (in.step == STL_STEP_CALL || in.step == STL_STEP_BRANCH ||
	    in.step == STL_STEP_COND) {
		ref.kind = in.step == STL_STEP_CALL ? STL_REF_CALL :
						      STL_REF_BRANCH;
		ref.to = in.target;
		fn(ctx, &ref);
	}
	num = in.step == STL_STEP_IJUMP ? jumps(w, off, &in, targets) : 0;
	for (i = 0; i < num; i++) {
		ref.kind = STL_REF_BRANCH;
		ref.to = targets[i];
		fn(ctx, &ref);
	}
	if (in.slot) {
		ref.kind = STL_REF_SLOT;
		ref.to = in.slot;
		fn(ctx, &ref);
	}
	if (in.slot && inside(w, in.slot)) {
		ref.kind = STL_REF_VALUE;
		ref.from = in.slot;
		ref.to = word(w, in.slot - w->code.base);
		fn(ctx, &ref);
	}
	if ((in.step == STL_STEP_NEXT || in.step == STL_STEP_COND) &&
	    missing(w, off + in.len)) {
		ref.kind = STL_REF_FALL;
		ref.from = from;
		ref.to = from + in.len;
		fn(ctx, &ref);
	}
}

int stl_thumb_walk(const struct stl_thumb_image *code, stl_ref_fn *fn, void *ctx)
{
	struct walk w = { .code = *code };
	uint32_t k;

	w.code.size &= ~1u;
	if (w.code.size < 8)
		return 0;
	w.flags = calloc(w.code.size / 2, 1);
	w.todo = malloc(w.code.size / 2 * sizeof(*w.todo));
	if (!w.flags || !w.todo) {
		free(w.flags);
		free(w.todo);
		return -ENOMEM;
	}
	read_vectors(&w, fn, ctx);
	walk_all(&w);
	for (k = 0; k < w.code.size / 2; k++) {
		if ((w.flags[k] & (SEEN | BAD)) == SEEN)
			tell(&w, 2 * k, fn, ctx);
	}
	free(w.flags);
	free(w.todo);
	return 0;
}
