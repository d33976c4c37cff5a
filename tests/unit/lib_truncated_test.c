// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole images are called whole, and copies that were cut off truncated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "truncated.h"

#define BASE 0x08000000u

static struct stl_chip chip;
static struct stl_truncated t;
static uint8_t flash[64 * 1024];
static uint8_t image[64 * 1024];

static void make_chip(uint16_t dev_id, unsigned int kib)
{
	memset(&chip, 0, sizeof(chip));
	chip.dev_id = dev_id;
	chip.part = stl_part_find(dev_id);
	stl_chip_set_size(&chip, kib);
}

static void check(void)
{
	assert_int_equal(stl_truncated_check(&t, &chip, flash,
					     chip.flash_size), 0);
}

static void word(uint32_t off, uint32_t value)
{
	memcpy(flash + off, &value, 4);
}

/* A program that calls @callee, is code up to @end, and loops. */
static void make(uint32_t end, uint32_t callee)
{
	uint32_t off, d = (callee - 0x84) / 2;

	make_chip(0x444, 16);
	memset(flash, 0xff, sizeof(flash));
	for (off = 0x40; off < end; off += 2)
		memcpy(flash + off, "\xc0\x46", 2);	/* NOP */
	word(0, 0x20001000);
	for (off = 4; off < 0x40; off += 4)
		word(off, BASE + 0x81);
	word(0x80, (0xf000u | d >> 11) | (0xf800u | (d & 0x7ff)) << 16);
	memcpy(flash + 0x84, "\xfe\xe7", 2);		/* B . */
	if (callee < end)
		memcpy(flash + callee, "\x70\x47", 2);	/* BX LR */
}

static void calls_beyond(void **state)
{
	char text[400];

	(void)state;
	make(0x400, 0x300);
	check();
	assert_false(t.found);
	make(0x400, 0xc00);
	check();
	assert_true(t.found);
	assert_false(t.weak);
	assert_int_equal(t.end, BASE + 0x400);
	assert_int_equal(t.refs[0].kind, STL_REF_CALL);
	assert_int_equal(t.refs[0].from, BASE + 0x80);
	assert_int_equal(t.refs[0].to, BASE + 0xc00);
	stl_truncated_text(&t, "it", &chip, text, sizeof(text));
	assert_non_null(strstr(text, "0x08000080 calls 0x08000c00"));
	assert_non_null(strstr(text, "default view of ST-LINK Utility"));
	make(0x800, 0xc00);
	check();
	stl_truncated_text(&t, "it", &chip, text, sizeof(text));
	assert_non_null(strstr(text, "exactly 2 pages"));
}

static void settings_behind_the_hole(void **state)
{
	(void)state;
	/* a last page with settings doesn't make a cut copy whole */
	make(0x400, 0xc00);
	word(0x3c00, 0x12345678);
	check();
	assert_true(t.found);
	assert_int_equal(t.end, BASE + 0x400);
}

static void beyond_the_part(void **state)
{
	(void)state;
	make(0x400, 0x300);
	word(0x0c, BASE + 0x6001);
	check();
	assert_false(t.found);
	assert_int_equal(t.beyond_part, 1);
	assert_int_equal(t.part_ref.to, BASE + 0x6000);
}

/* LDR R0, at 0x82 from @slot (below 0x480); then B . */
static void load(uint32_t slot, uint32_t value)
{
	uint32_t insn = 0x4800 | (slot - 0x84) / 4;

	word(0x80, insn << 16 | 0x46c0);
	if (value != 0xffffffff)
		word(slot, value);
}

static void constants(void **state)
{
	(void)state;
	/* a constant FFFFFFFF as the last of the image */
	make(0x200, 0x100);
	load(0x200, 0xffffffff);
	check();
	assert_false(t.found);
	/* far beyond the end it is missing */
	make(0x200, 0x100);
	load(0x400, 0xffffffff);
	check();
	assert_true(t.found);
	assert_int_equal(t.refs[0].kind, STL_REF_SLOT);
}

static void pointers(void **state)
{
	static const uint32_t harmless[] = {
		BASE + 0x400,		/* the end: where .data is copied from */
		BASE + 0x3c00,		/* page of settings */
		BASE + 0x2000, BASE + 0x2004,	/* application, its vector */
		BASE + 0x4000,		/* end of flash */
		BASE + 0x1234,		/* one pointer to data */
		0x20000c01, 0x1000, 0x12345677,
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		make(0x400, 0x100);
		load(0x100, harmless[i]);
		check();
		assert_false(t.found);
	}
	/* a function, and the image ends at a round size in the middle */
	make(0x400, 0x100);
	load(0x100, BASE + 0x1235);
	check();
	assert_true(t.found);
	assert_true(t.weak);
	/* the same in an image that ends anywhere, or is padded */
	make(0x3fc, 0x100);
	load(0x100, BASE + 0x1235);
	check();
	assert_false(t.found);
	make(0x400, 0x100);
	load(0x100, BASE + 0x1235);
	memset(flash + 0x3f0, 0, 16);
	check();
	assert_false(t.found);
}

static void files(void **state)
{
	struct stl_segment segs[2];

	(void)state;
	make(0x400, 0xc00);
	segs[0] = (struct stl_segment){ BASE, 0x400, flash };
	assert_int_equal(stl_truncated_image(&t, &chip, segs, 1), 0);
	assert_true(t.found);
	segs[1] = (struct stl_segment){ BASE + 0xc00, 0x100, image };
	assert_int_equal(stl_truncated_image(&t, &chip, segs, 2), 0);
	assert_false(t.found);
	/* without vectors nothing is said */
	segs[0].addr = BASE + 0x1000;
	assert_int_equal(stl_truncated_image(&t, &chip, segs, 1), 0);
	assert_false(t.found);
	segs[0].addr = 0x20000000;
	assert_int_equal(stl_truncated_image(&t, &chip, segs, 1), 0);
	assert_false(t.found);
}

static uint32_t read_shape(const char *layout, const char *level)
{
	char name[256];
	size_t size;
	FILE *f;

	snprintf(name, sizeof(name), SHAPES "/%s-O%s.bin", layout, level);
	f = fopen(name, "rb");
	assert_non_null(f);
	size = fread(image, 1, sizeof(image), f);
	fclose(f);
	return size;
}

/* Cuts at all multiples of 0x400 that are not told of. */
static unsigned int missed(uint32_t size)
{
	unsigned int num = 0;
	uint32_t cut;

	for (cut = 0x400; cut < size; cut += 0x400) {
		memset(flash, 0xff, sizeof(flash));
		memcpy(flash, image, cut);
		check();
		num += !t.found;
	}
	return num;
}

static void compiled(void **state)
{
	static const char *const levels[] = { "0", "1", "2", "3", "g", "s" };
	unsigned int i, n, behind = 0;
	uint32_t size;

	(void)state;
	for (i = 0; i < 6; i++) {
		for (n = 0; n < 2; n++) {
			size = read_shape(n ? "after" : "before", levels[i]);
			make_chip(0x444, 16);
			memset(flash, 0xff, sizeof(flash));
			memcpy(flash, image, size);
			check();
			assert_false(t.found);
			assert_int_equal(t.beyond_part, 0);
			if (n)
				behind += missed(size);
			else
				assert_int_equal(missed(size), 0);
		}
	}
	/* of some 40; what is missing there are tables, or the end of libgcc */
	print_message("# %u cuts within tables at the end not told of\n",
		      behind);
	assert_true(behind <= 9);
}

/* Made for a bigger part, it is told of as well. */
static void compiled_for_a_bigger_part(void **state)
{
	(void)state;
	read_shape("before", "2");
	make_chip(0x444, 16);
	chip.flash_size = 4096;
	memset(flash, 0xff, sizeof(flash));
	memcpy(flash, image, 4096);
	check();
	assert_true(t.beyond_part > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_beyond),
		cmocka_unit_test(settings_behind_the_hole),
		cmocka_unit_test(beyond_the_part),
		cmocka_unit_test(constants),
		cmocka_unit_test(pointers),
		cmocka_unit_test(files),
		cmocka_unit_test(compiled),
		cmocka_unit_test(compiled_for_a_bigger_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
