// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planning: what is erased, programmed, kept, refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "plan.h"

static struct stl_chip chip;
static struct stl_plan plan;
static struct stl_error err;
static uint8_t flash[256 * 1024];	/* what the chip holds */
static uint8_t image[256 * 1024 + 16];

static void make_chip(uint16_t dev_id, unsigned int kib)
{
	memset(&chip, 0, sizeof(chip));
	chip.dev_id = dev_id;
	chip.part = stl_part_find(dev_id);
	stl_chip_set_size(&chip, kib);
	chip.wrpr = 0xffffffff;
	memset(flash, 0xff, sizeof(flash));
	memset(&err, 0, sizeof(err));
}

static int setup(void **state)
{
	size_t i;

	(void)state;
	make_chip(0x444, 16);
	/* never FFFF, never 0000 */
	for (i = 0; i < sizeof(image); i++)
		image[i] = 1 + i % 253;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	stl_plan_free(&plan);
	return 0;
}

static int make(const struct stl_segment *segs, size_t num)
{
	int ret = stl_plan_begin(&plan, &chip, segs, num, &err);

	if (ret)
		return ret;
	memcpy(plan.have, flash, plan.flash_size);
	return stl_plan_finish(&plan, &chip, &err);
}

static int make_one(uint32_t addr, uint32_t len)
{
	struct stl_segment seg = { addr, len, image };

	return make(&seg, 1);
}

/* Carry the plan out on a model of flash; must give the image, keep the rest. */
static void apply(const struct stl_segment *segs, size_t num)
{
	static uint8_t before[sizeof(flash)];
	uint32_t i, off;
	uint16_t old, new;
	size_t s;

	memcpy(before, flash, sizeof(before));
	for (i = 0; i < plan.num_pages; i++)
		if (plan.pages[i].erase)
			memset(flash + i * plan.page_size, 0xff,
			       plan.page_size);
	for (off = 0; off < plan.flash_size; off += 2) {
		if (!plan.pages[off / plan.page_size].program)
			continue;
		memcpy(&old, flash + off, 2);
		memcpy(&new, plan.want + off, 2);
		if (old == new)
			continue;
		assert_true(old == 0xffff || new == 0);	/* else PGERR */
		memcpy(flash + off, &new, 2);
	}
	for (s = 0; s < num; s++) {
		if (!segs[s].len)
			continue;
		off = segs[s].addr - STL_FLASH_BASE;
		assert_memory_equal(flash + off, segs[s].data, segs[s].len);
		memcpy(before + off, segs[s].data, segs[s].len);
	}
	assert_memory_equal(flash, before, plan.flash_size);
}

static void blank_chip_needs_no_erase(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE, 3000, image };

	(void)state;
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.touched, 3);
	assert_int_equal(plan.erases, 0);
	assert_int_equal(plan.programs, 3);
	assert_int_equal(plan.halfwords, 1500);
	apply(&seg, 1);
}

static void same_content_needs_nothing(void **state)
{
	(void)state;
	memcpy(flash, image, 16384);
	assert_int_equal(make_one(STL_FLASH_BASE, 16384), STL_OK);
	assert_int_equal(plan.touched, 16);
	assert_int_equal(plan.erases, 0);
	assert_int_equal(plan.programs, 0);
	assert_int_equal(plan.halfwords, 0);
	assert_false(plan.mass_erase);
}

static void only_the_page_that_differs(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE, 16384, image };

	(void)state;
	memcpy(flash, image, 16384);
	flash[5 * 1024 + 1023] ^= 1;
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.erases, 1);
	assert_true(plan.pages[5].erase);
	assert_int_equal(plan.programs, 1);
	assert_int_equal(plan.halfwords, 512);
	apply(&seg, 1);
}

static void erased_gaps_are_filled_without_erasing(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE, 2048, image };

	(void)state;
	memcpy(flash, image, 1024);
	memset(flash + 512, 0xff, 512);
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.erases, 0);
	assert_int_equal(plan.halfwords, 256 + 512);
	apply(&seg, 1);
}

static void half_a_half_word_set_needs_an_erase(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE, 2, image };

	(void)state;
	flash[0] = image[0];	/* the other byte is FF, but the unit is two */
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.erases, 1);
	apply(&seg, 1);
}

static void zero_goes_over_anything(void **state)
{
	static const uint8_t zeros[64];
	struct stl_segment seg = { STL_FLASH_BASE + 100, 64, zeros };

	(void)state;
	memcpy(flash, image, 16384);
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.erases, 0);
	assert_int_equal(plan.halfwords, 32);
	apply(&seg, 1);
}

static void blank_image_over_content_erases_only(void **state)
{
	static uint8_t blank[1024];
	struct stl_segment seg = { STL_FLASH_BASE + 1024, 1024, blank };

	(void)state;
	memset(blank, 0xff, sizeof(blank));
	memcpy(flash, image, 16384);
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.erases, 1);
	assert_int_equal(plan.programs, 0);
	apply(&seg, 1);
}

static void rest_of_a_page_is_kept(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE + 1500, 100, image };

	(void)state;
	memset(flash, 0x5a, 16384);
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.touched, 1);
	assert_true(plan.pages[1].erase);
	assert_true(stl_plan_keeps(&plan, 1));
	apply(&seg, 1);
}

static void odd_start_and_odd_length(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE + 1023, 3, image };

	(void)state;
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.touched, 2);
	assert_int_equal(plan.erases, 0);
	assert_int_equal(plan.halfwords, 2);
	assert_int_equal(plan.want[1022], 0xff);
	apply(&seg, 1);
}

static void single_last_byte(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE + 16383, 1, image };

	(void)state;
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.touched, 1);
	assert_int_equal(plan.halfwords, 1);
	apply(&seg, 1);
}

static void neighbours_in_one_half_word(void **state)
{
	struct stl_segment segs[] = {
		{ STL_FLASH_BASE + 1, 1, image + 7 },
		{ STL_FLASH_BASE, 1, image + 3 },
	};

	(void)state;
	assert_int_equal(make(segs, 2), STL_OK);
	assert_int_equal(plan.halfwords, 1);
	apply(segs, 2);
}

static void segments_with_gaps(void **state)
{
	struct stl_segment segs[] = {
		{ STL_FLASH_BASE + 8000, 600, image + 1 },
		{ STL_FLASH_BASE, 200, image },
		{ STL_FLASH_BASE + 4096, 0, NULL },
		{ STL_FLASH_BASE + 300, 10, image + 77 },
	};

	(void)state;
	memset(flash, 0xa5, 16384);
	assert_int_equal(make(segs, 4), STL_OK);
	assert_int_equal(plan.touched, 3);	/* 0, 7 and 8 */
	assert_int_equal(plan.erases, 3);
	assert_false(plan.pages[4].touched);
	assert_int_equal(plan.image_bytes, 810);
	apply(segs, 4);
}

static void whole_chip_is_a_mass_erase(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE, 16384, image };

	(void)state;
	memset(flash, 0, 16384);
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_true(plan.mass_erase);
	apply(&seg, 1);
}

/* A chip that may be bigger than it is taken for has more to lose. */
static void guessed_size_is_no_mass_erase(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE, 16384, image };

	(void)state;
	chip.flags |= STL_CHIP_SIZE_GUESSED;
	memset(flash, 0, 16384);
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_false(plan.mass_erase);
	assert_int_equal(plan.erases, 16);
	apply(&seg, 1);
}

static void two_kib_pages(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE + 2047, 2, image };

	(void)state;
	make_chip(0x442, 256);
	memset(flash, 0x11, sizeof(flash));
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.num_pages, 128);
	assert_int_equal(plan.touched, 2);
	assert_int_equal(plan.erases, 2);
	assert_int_equal(plan.halfwords, 2048);
	apply(&seg, 1);
}

static void newer_content_is_taken_over(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE, 512, image };
	uint8_t newer[1024];

	(void)state;
	memset(flash, 0x5a, 1024);
	assert_int_equal(make(&seg, 1), STL_OK);
	assert_int_equal(plan.halfwords, 512);
	memset(newer, 0x77, sizeof(newer));
	memset(newer + 1000, 0xff, 24);
	stl_plan_refresh(&plan, 0, newer);
	assert_int_equal(plan.halfwords, 500);
	assert_int_equal(plan.programs, 1);
	assert_memory_equal(plan.want, image, 512);
	assert_memory_equal(plan.want + 512, newer + 512, 512);
}

static void outside_is_refused(void **state)
{
	static const struct {
		uint32_t addr, len;
		const char *hint;
	} bad[] = {
		{ STL_FLASH_BASE, 16385, "1 bytes too big" },
		{ STL_FLASH_BASE + 16384, 1, "reserved" },
		{ STL_FLASH_BASE + 16000, 1000, "616 bytes too big" },
		{ STL_FLASH_BASE - 1, 2, "reserved" },
		{ 0, 1000, "linked for address 0" },
		{ STL_SRAM_BASE, 100, "needs a load address in flash" },
		{ STL_SRAM_BASE + 0x8000, 100, "needs a load address in flash" },
		{ STL_OPTION_BASE, 16, "option bytes" },
		{ 0xffffff00, 0x100, "reserved" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(make_one(bad[i].addr, bad[i].len),
				 STL_NO_FIT);
		assert_non_null(strstr(err.hint, bad[i].hint));
		stl_plan_free(&plan);
	}
}

static void empty_and_overlapping_are_refused(void **state)
{
	struct stl_segment segs[] = {
		{ STL_FLASH_BASE + 100, 100, image },
		{ STL_FLASH_BASE, 101, image },
	};

	(void)state;
	assert_int_equal(make_one(STL_FLASH_BASE, 0), STL_FILE);
	stl_plan_free(&plan);
	assert_int_equal(make(NULL, 0), STL_FILE);
	stl_plan_free(&plan);
	assert_int_equal(make(segs, 2), STL_FILE);
	assert_non_null(strstr(err.message, "0x08000064"));
	stl_plan_free(&plan);
	segs[1].len = 100;	/* touching is no overlap */
	assert_int_equal(make(segs, 2), STL_OK);
}

static void protected_pages_are_refused(void **state)
{
	(void)state;
	chip.wrpr = 0xfffffffd;		/* 4 to 8 KiB */
	assert_int_equal(make_one(STL_FLASH_BASE, 16384), STL_PROTECTED);
	assert_non_null(strstr(err.message, "page 4-7 "));
	assert_non_null(strstr(err.message, "WRP bit 1)"));
	stl_plan_free(&plan);
	/* Only the first byte of the block, and one before it. */
	assert_int_equal(make_one(STL_FLASH_BASE + 4095, 2), STL_PROTECTED);
	stl_plan_free(&plan);
	/* Just beside it. */
	assert_int_equal(make_one(STL_FLASH_BASE, 4096), STL_OK);
	stl_plan_free(&plan);
	assert_int_equal(make_one(STL_FLASH_BASE + 8192, 8192), STL_OK);
}

static void protected_but_right_already(void **state)
{
	(void)state;
	chip.wrpr = 0;
	memcpy(flash, image, 16384);
	assert_int_equal(make_one(STL_FLASH_BASE, 16384), STL_OK);
	stl_plan_free(&plan);
	flash[9000] ^= 0x10;
	assert_int_equal(make_one(STL_FLASH_BASE, 16384), STL_PROTECTED);
	assert_non_null(strstr(err.message, "page 8 (WRP bit 2)"));
}

static void last_wrp_bit_covers_the_rest(void **state)
{
	(void)state;
	make_chip(0x442, 256);
	chip.wrpr = 0x7fffffff;
	assert_int_equal(make_one(STL_FLASH_BASE + 124 * 1024 - 2, 2),
			 STL_OK);
	stl_plan_free(&plan);
	assert_int_equal(make_one(STL_FLASH_BASE + 124 * 1024, 2),
			 STL_PROTECTED);
	stl_plan_free(&plan);
	assert_int_equal(make_one(STL_FLASH_BASE + 256 * 1024 - 1, 1),
			 STL_PROTECTED);
	assert_non_null(strstr(err.message, "WRP bit 31"));
}

static void read_protection_is_refused(void **state)
{
	(void)state;
	chip.rdp_level = 1;
	assert_int_equal(make_one(STL_FLASH_BASE, 10), STL_PROTECTED);
	assert_non_null(strstr(err.message, "level 1"));
}

static void ranges_to_pages(void **state)
{
	uint32_t first, count;

	(void)state;
	assert_int_equal(stl_range_pages(&chip, STL_FLASH_BASE + 1023, 2,
					 &first, &count, &err), STL_OK);
	assert_int_equal(first, 0);
	assert_int_equal(count, 2);
	assert_int_equal(stl_range_pages(&chip, STL_FLASH_BASE + 15 * 1024,
					 1024, &first, &count, &err), STL_OK);
	assert_int_equal(first, 15);
	assert_int_equal(count, 1);
	assert_int_equal(stl_range_pages(&chip, STL_FLASH_BASE, 16385, &first,
					 &count, &err), STL_NO_FIT);
	assert_int_equal(stl_range_pages(&chip, STL_FLASH_BASE, 0, &first,
					 &count, &err), STL_NO_FIT);
	assert_int_equal(stl_range_pages(&chip, 0xffffffff, 0xffffffff, &first,
					 &count, &err), STL_NO_FIT);
}

/* Any image over any content: the plan is right, and no page too many. */
static void random_images(void **state)
{
	static uint8_t data[4][3000];
	struct stl_segment segs[4];
	unsigned int round, i, j, at;
	uint32_t seed = 12345;

#define RANDOM() (seed = seed * 1664525 + 1013904223, seed >> 8)
	(void)state;
	for (round = 0; round < 300; round++) {
		make_chip(round % 2 ? 0x444 : 0x448, round % 2 ? 16 : 64);
		for (i = 0; i < chip.flash_size; i++)
			flash[i] = RANDOM() % 4 ? 0xff : RANDOM() % 3;
		for (i = 0, at = 0; i < 4; i++) {
			at += RANDOM() % 900;
			segs[i].addr = STL_FLASH_BASE + at;
			segs[i].len = RANDOM() % 3000;
			segs[i].data = data[i];
			for (j = 0; j < segs[i].len; j++)
				data[i][j] = RANDOM() % 2 ? flash[at + j] :
							    RANDOM() % 3;
			at += segs[i].len;
		}
		assert_int_equal(make(segs, 4), STL_OK);
		apply(segs, 4);
		for (i = 0; i < plan.num_pages; i++)
			assert_true(plan.pages[i].touched ||
				    (!plan.pages[i].erase &&
				     !plan.pages[i].program));
		stl_plan_free(&plan);
	}
#undef RANDOM
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(blank_chip_needs_no_erase),
		T(same_content_needs_nothing),
		T(only_the_page_that_differs),
		T(erased_gaps_are_filled_without_erasing),
		T(half_a_half_word_set_needs_an_erase),
		T(zero_goes_over_anything),
		T(blank_image_over_content_erases_only),
		T(rest_of_a_page_is_kept),
		T(odd_start_and_odd_length),
		T(single_last_byte),
		T(neighbours_in_one_half_word),
		T(segments_with_gaps),
		T(whole_chip_is_a_mass_erase),
		T(guessed_size_is_no_mass_erase),
		T(two_kib_pages),
		T(newer_content_is_taken_over),
		T(outside_is_refused),
		T(empty_and_overlapping_are_refused),
		T(protected_pages_are_refused),
		T(protected_but_right_already),
		T(last_wrp_bit_covers_the_rest),
		T(read_protection_is_refused),
		T(ranges_to_pages),
		T(random_images),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
