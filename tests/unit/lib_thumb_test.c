// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decoding of instructions and the walk from the vectors on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "thumb.h"

#define BASE 0x08000000u

static uint8_t flash[4096];
static struct stl_ref refs[4096];
static size_t num_refs;

static void on_ref(void *ctx, const struct stl_ref *ref)
{
	(void)ctx;
	if (num_refs < 4096)
		refs[num_refs++] = *ref;
}

static void half(uint32_t off, uint16_t value)
{
	flash[off] = value;
	flash[off + 1] = value >> 8;
}

static void word(uint32_t off, uint32_t value)
{
	half(off, value);
	half(off + 2, value >> 16);
}

static int setup(void **state)
{
	(void)state;
	memset(flash, 0xff, sizeof(flash));
	word(0, 0x20001000);
	word(4, BASE + 0x41);
	memset(flash + 8, 0, 0x38);
	return 0;
}

static void walk(void)
{
	struct stl_thumb_image code = { BASE, flash, sizeof(flash) };

	num_refs = 0;
	assert_int_equal(stl_thumb_walk(&code, on_ref, NULL), 0);
}

static bool refers(enum stl_ref_kind kind, uint32_t from, uint32_t to)
{
	size_t i;

	for (i = 0; i < num_refs; i++)
		if (refs[i].kind == kind && refs[i].from == BASE + from &&
		    refs[i].to == to)
			return true;
	return false;
}

static void instructions(void **state)
{
	static const struct {
		uint16_t first, second;
		enum stl_step step;
		unsigned int len;
		uint32_t target, slot;
	} list[] = {
		{ 0x2001, 0, STL_STEP_NEXT, 2, 0, 0 },
		{ 0xe7fe, 0, STL_STEP_BRANCH, 2, BASE + 0x100, 0 },
		{ 0xe3ff, 0, STL_STEP_BRANCH, 2, BASE + 0x902, 0 },
		{ 0xd0fe, 0, STL_STEP_COND, 2, BASE + 0x100, 0 },
		{ 0xd17f, 0, STL_STEP_COND, 2, BASE + 0x202, 0 },
		{ 0xde00, 0, STL_STEP_STOP, 2, 0, 0 },
		{ 0xdf00, 0, STL_STEP_STOP, 2, 0, 0 },
		{ 0xbe00, 0, STL_STEP_STOP, 2, 0, 0 },
		{ 0x4770, 0, STL_STEP_RETURN, 2, 0, 0 },
		{ 0xbd10, 0, STL_STEP_RETURN, 2, 0, 0 },
		{ 0xbc10, 0, STL_STEP_NEXT, 2, 0, 0 },
		{ 0x4718, 0, STL_STEP_IJUMP, 2, 0, 0 },
		{ 0x4798, 0, STL_STEP_ICALL, 2, 0, 0 },
		{ 0x469f, 0, STL_STEP_IJUMP, 2, 0, 0 },
		{ 0x448e, 0, STL_STEP_STOP, 2, 0, 0 },
		{ 0x4b02, 0, STL_STEP_NEXT, 2, 0, BASE + 0x10c },
		{ 0xf000, 0xf802, STL_STEP_CALL, 4, BASE + 0x108, 0 },
		{ 0xf7ff, 0xfffe, STL_STEP_CALL, 4, BASE + 0x100, 0 },
		{ 0xf3ef, 0x8010, STL_STEP_NEXT, 4, 0, 0 },
		{ 0xf380, 0x8808, STL_STEP_NEXT, 4, 0, 0 },
		{ 0xf3bf, 0x8f4f, STL_STEP_NEXT, 4, 0, 0 },
		{ 0xe92d, 0x4ff0, STL_STEP_UNDEFINED, 4, 0, 0 },
		{ 0xf8df, 0x3004, STL_STEP_UNDEFINED, 4, 0, 0 },
		{ 0xb100, 0, STL_STEP_UNDEFINED, 2, 0, 0 },
		{ 0xbf08, 0, STL_STEP_UNDEFINED, 2, 0, 0 },
		{ 0xbf30, 0, STL_STEP_NEXT, 2, 0, 0 },
		{ 0xffff, 0xffff, STL_STEP_UNDEFINED, 4, 0, 0 },
	};
	struct stl_insn in;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		stl_thumb_decode(&in, BASE + 0x100, list[i].first,
				 list[i].second);
		if (in.step != list[i].step)
			print_error("%04x: %d\n", list[i].first, in.step);
		assert_int_equal(in.step, list[i].step);
		assert_int_equal(in.len, list[i].len);
		assert_int_equal(in.target, list[i].target);
		assert_int_equal(in.slot, list[i].slot);
	}
}

static void registers_written(void **state)
{
	(void)state;
	assert_int_equal(stl_thumb_writes(0x2301), 1u << 3);	/* MOVS R3 */
	assert_int_equal(stl_thumb_writes(0x2b01), 0);		/* CMP R3 */
	assert_int_equal(stl_thumb_writes(0x4b02), 1u << 3);	/* LDR R3 */
	assert_int_equal(stl_thumb_writes(0x4298), 0);		/* CMP R0, R3 */
	assert_int_equal(stl_thumb_writes(0x4398), 1u << 0);	/* BICS R0 */
	assert_int_equal(stl_thumb_writes(0x469a), 1u << 10);	/* MOV R10 */
	assert_int_equal(stl_thumb_writes(0x601a), 0);		/* STR R2 */
	assert_int_equal(stl_thumb_writes(0x681a), 1u << 2);	/* LDR R2 */
	assert_int_equal(stl_thumb_writes(0x58d3), 1u << 3);	/* LDR R3 */
	assert_int_equal(stl_thumb_writes(0x50d3), 0);		/* STR R3 */
	assert_int_equal(stl_thumb_writes(0xbc30), 0x30);	/* POP R4, R5 */
	assert_int_equal(stl_thumb_writes(0xb530), 0);		/* PUSH */
}

static void calls_that_return(void **state)
{
	(void)state;
	half(0x40, 0xf000);	/* BL 80 */
	half(0x42, 0xf81e);
	half(0x44, 0xf000);	/* BL 90 */
	half(0x46, 0xf824);
	half(0x48, 0xe7fe);
	half(0x80, 0x4770);	/* BX LR */
	half(0x90, 0xe7fe);
	walk();
	assert_true(refers(STL_REF_VECTOR, 4, BASE + 0x40));
	assert_true(refers(STL_REF_CALL, 0x40, BASE + 0x80));
	assert_true(refers(STL_REF_CALL, 0x44, BASE + 0x90));
	/* behind a call that doesn't come back is no code */
	assert_false(refers(STL_REF_BRANCH, 0x48, BASE + 0x48));
}

static void constants_are_no_code(void **state)
{
	(void)state;
	half(0x40, 0x4b01);	/* LDR R3, 48 */
	half(0x42, 0x2b00);	/* CMP R3, #0 */
	half(0x44, 0xd100);	/* BNE 48: into the constant */
	half(0x46, 0xe7fe);
	word(0x48, 0x4800e000);
	walk();
	assert_false(refers(STL_REF_BRANCH, 0x48, BASE + 0x4c));
	half(0x46, 0x46c0);	/* NOP: now all of it runs into the constant */
	walk();
	assert_int_equal(num_refs, 1);	/* the vector */
}

static void constant_called(void **state)
{
	(void)state;
	half(0x40, 0x4801);	/* LDR R0, 48 */
	half(0x42, 0x2101);	/* MOVS R1, #1 */
	half(0x44, 0x4780);	/* BLX R0 */
	half(0x46, 0xe7fe);
	word(0x48, BASE + 0xc01);
	walk();
	assert_true(refers(STL_REF_CALL, 0x44, BASE + 0xc00));
	assert_true(refers(STL_REF_VALUE, 0x48, BASE + 0xc01));
	assert_true(refers(STL_REF_SLOT, 0x40, BASE + 0x48));
	half(0x42, 0x2001);	/* MOVS R0: now it is something else */
	walk();
	assert_false(refers(STL_REF_CALL, 0x44, BASE + 0xc00));
}

static void switch_by_table(void **state)
{
	unsigned int i;

	(void)state;
	half(0x40, 0x2802);	/* CMP R0, #2 */
	half(0x42, 0xd804);	/* BHI 4e */
	half(0x44, 0x0080);	/* LSLS R0, R0, #2 */
	half(0x46, 0x4b02);	/* LDR R3, 50 */
	half(0x48, 0x5818);	/* LDR R0, [R3, R0] */
	half(0x4a, 0x4687);	/* MOV PC, R0 */
	half(0x4c, 0x46c0);
	half(0x4e, 0xe7fe);
	word(0x50, BASE + 0x60);
	for (i = 0; i < 3; i++)
		word(0x60 + 4 * i, BASE + 0x80 + 0x10 * i);
	for (i = 0; i < 3; i++)
		half(0x80 + 0x10 * i, 0xe7fe);
	walk();
	assert_true(refers(STL_REF_BRANCH, 0x4a, BASE + 0x80));
	assert_true(refers(STL_REF_BRANCH, 0x4a, BASE + 0xa0));
	assert_true(refers(STL_REF_BRANCH, 0xa0, BASE + 0xa0));
	/* one entry that leads elsewhere: no table */
	word(0x64, 0x20000000);
	walk();
	assert_false(refers(STL_REF_BRANCH, 0x4a, BASE + 0x80));
}

static void runs_off_the_end(void **state)
{
	(void)state;
	half(0x40, 0x2001);
	half(0x42, 0x2101);
	walk();
	assert_true(refers(STL_REF_FALL, 0x42, BASE + 0x44));
}

static void short_tables(void **state)
{
	(void)state;
	/* two entries, then code: no vectors there */
	word(4, BASE + 9);
	word(8, 0x2001e7fe);
	word(12, BASE + 0x801);
	walk();
	assert_true(refers(STL_REF_VECTOR, 4, BASE + 8));
	assert_false(refers(STL_REF_VECTOR, 12, BASE + 0x800));
}

static void garbage(void **state)
{
	unsigned int round;
	size_t i;

	(void)state;
	srand(30);
	for (round = 0; round < 300; round++) {
		for (i = 8; i < sizeof(flash); i++)
			flash[i] = rand() >> 8;
		word(4, BASE + 1 + (rand() & 0xffe));
		walk();
	}
	memset(flash, 0, sizeof(flash));
	walk();
	memset(flash, 0xff, sizeof(flash));
	walk();
	assert_int_equal(num_refs, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions),
		cmocka_unit_test(registers_written),
		cmocka_unit_test_setup(calls_that_return, setup),
		cmocka_unit_test_setup(constants_are_no_code, setup),
		cmocka_unit_test_setup(constant_called, setup),
		cmocka_unit_test_setup(switch_by_table, setup),
		cmocka_unit_test_setup(runs_off_the_end, setup),
		cmocka_unit_test_setup(short_tables, setup),
		cmocka_unit_test_setup(garbage, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
