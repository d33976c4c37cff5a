// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flash and image compared page by page: what becomes of each page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/pages.h"

#define SIZE	16384

static uint8_t flash[SIZE];
static uint8_t image[SIZE];
static struct stl_chip chip;
static struct pages p;

static int setup(void **state)
{
	(void)state;
	memset(&chip, 0, sizeof(chip));
	chip.dev_id = 0x444;
	chip.part = stl_part_find(0x444);
	chip.wrpr = 0xffffffff;
	stl_chip_set_size(&chip, 16);
	memset(flash, 0xff, sizeof(flash));
	memset(image, 0xff, sizeof(image));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(p.page);
	p.page = NULL;
	return 0;
}

/* the pages as letters, as they are in the picture */
static const char *picture(uint32_t off, uint32_t len)
{
	struct stl_segment seg = { STL_FLASH_BASE + off, len, image + off };
	static char text[32];
	uint32_t i;

	free(p.page);
	assert_true(pages_compare(&p, &chip, flash, &seg, len ? 1 : 0));
	assert_int_equal(p.num, 16);
	for (i = 0; i < p.num; i++)
		text[i] = page_letter(&p.page[i]);
	text[i] = '\0';
	return text;
}

static void blank_and_nothing(void **state)
{
	(void)state;
	assert_string_equal(picture(0, 0), "................");
	assert_string_equal(picture(0, SIZE), "................");
	assert_int_equal(p.differences, 0);
	assert_int_equal(p.bytes, SIZE);
}

static void each_kind(void **state)
{
	(void)state;
	memset(flash, 1, 3000);
	memset(image, 1, 2500);
	image[1024 + 7] = 2;
	image[1024 + 9] = 3;
	flash[SIZE - 1] = 0;
	/* up to 2500: the rest of that page isn't the image's */
	assert_string_equal(picture(0, 2500), "sds............o");
	assert_int_equal(p.different, 1);
	assert_int_equal(p.differences, 2);
	assert_int_equal(p.page[1].differences, 2);
	assert_int_equal(p.addr, STL_FLASH_BASE + 1031);
	assert_int_equal(p.expected, 2);
	assert_int_equal(p.found, 1);
	/* all of it: what is blank in the image and not in flash differs */
	assert_string_equal(picture(0, SIZE), "sdd............d");
	assert_int_equal(p.differences, 2 + 500 + 1);
	/* what is blank in flash and not in the image differs as well */
	memset(flash, 0xff, SIZE);
	assert_string_equal(picture(0, SIZE), "ddd.............");
	assert_int_equal(p.page[2].differences, 452);
}

static void order_of_segments(void **state)
{
	struct stl_segment segs[2] = {
		{ STL_FLASH_BASE + 4096, 4, image },
		{ STL_FLASH_BASE + 1024, 4, image },
	};

	(void)state;
	memset(image, 0, 4);
	assert_true(pages_compare(&p, &chip, flash, segs, 2));
	assert_int_equal(p.addr, STL_FLASH_BASE + 1024);
	assert_int_equal(p.different, 2);
	assert_int_equal(p.differences, 8);
}

static void protected_pages(void **state)
{
	(void)state;
	chip.wrpr = 0xfffffffc;
	memset(flash, 1, 2048);
	memset(image, 1, 1024);
	image[1024] = 5;
	assert_string_equal(picture(0, 1025), "SDBBBBBB........");
	assert_string_equal(picture(0, 1024), "SOBBBBBB........");
	assert_string_equal(page_word(p.page[1].state), "not in the image");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(blank_and_nothing),
		T(each_kind),
		T(order_of_segments),
		T(protected_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
