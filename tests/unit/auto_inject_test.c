// SPDX-License-Identifier: GPL-2.0-only
/*
 * Serial numbers over images, and the checksum of images.
 */
#include <errno.h>

#include "auto_test.h"
#include "image/check.h"

#include "auto/inject.h"
#include "auto/part.h"

/* bytes from @addr to @addr + @len - 1 are 1 in the first segment, 2 ... */
struct piece {
	uint32_t addr;
	uint32_t len;
};

static struct image make(const struct piece *p, size_t num)
{
	struct image img = { .format = IMAGE_HEX, .num = num };
	size_t i;

	img.seg = calloc(num + 1, sizeof(*img.seg));
	assert_non_null(img.seg);
	for (i = 0; i < num; i++) {
		img.seg[i].addr = p[i].addr;
		img.seg[i].size = p[i].len;
		img.seg[i].data = malloc(p[i].len);
		assert_non_null(img.seg[i].data);
		memset(img.seg[i].data, i + 1, p[i].len);
	}
	return img;
}

static const struct piece two[] = {
	{ 0x08000000, 4 }, { 0x08000010, 4 }
};

static const struct {
	uint32_t addr;
	uint32_t len;
	const char *want;
} cases[] = {
	/* alone: between, behind */
	{ 0x08000008, 2, "08000000:01010101 08000008:aabb 08000010:02020202" },
	{ 0x08003ffe, 2, "08000000:01010101 08000010:02020202 08003ffe:aabb" },
	/* touching */
	{ 0x08000004, 2, "08000000:01010101aabb 08000010:02020202" },
	{ 0x0800000e, 2, "08000000:01010101 0800000e:aabb02020202" },
	{ 0x08000014, 2, "08000000:01010101 08000010:02020202aabb" },
	/* inside, at the ends, across an end */
	{ 0x08000001, 2, "08000000:01aabb01 08000010:02020202" },
	{ 0x08000000, 2, "08000000:aabb0101 08000010:02020202" },
	{ 0x08000002, 2, "08000000:0101aabb 08000010:02020202" },
	{ 0x08000003, 2, "08000000:010101aabb 08000010:02020202" },
	{ 0x0800000f, 2, "08000000:01010101 0800000f:aabb020202" },
	{ 0x08000010, 4, "08000000:01010101 08000010:aabbccdd" },
	/* from one to the other */
	{ 0x08000004, 12, "08000000:01010101aabbccddeeff00112233445502020202" },
	{ 0x08000002, 16, "08000000:0101aabbccddeeff001122334455667788990202" },
	/* over both */
	{ 0x08000000, 20, "08000000:aabbccddeeff00112233445566778899abbccdde" },
};

static const uint8_t bytes[] = {
	0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
	0x66, 0x77, 0x88, 0x99, 0xab, 0xbc, 0xcd, 0xde
};

static void lay_over(void **state)
{
	struct image img = make(two, 2), out, before = make(two, 2);
	struct stl_chip chip;
	size_t i;

	(void)state;
	assert_true(auto_part_find("STM32F030F4", &chip));
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(auto_inject(&img, &chip, cases[i].addr, bytes,
					     cases[i].len, &out, NULL), 0);
		check_segments(&out, cases[i].want, cases[i].want);
		check_same(&img, &before);
		assert_int_equal(out.format, IMAGE_HEX);
		image_free(&out);
	}
	image_free(&img);
	image_free(&before);
}

static void empty_image(void **state)
{
	struct image img = { 0 }, out;
	struct stl_chip chip;

	(void)state;
	auto_part_biggest(&chip);
	assert_int_equal(auto_inject(&img, &chip, 0x08000000, bytes, 1, &out,
				     NULL), 0);
	check_segments(&out, "08000000:aa", "into nothing");
	image_free(&out);
}

static void outside_of_flash(void **state)
{
	static const struct piece where[] = {
		{ 0x08004000, 1 }, { 0x08003ffe, 3 }, { 0x07fffffe, 4 },
		{ 0x20000000, 4 }, { 0xfffffffe, 4 }, { 0, 4 },
		{ 0x08000000, 0 },
	};
	struct image img = make(two, 2), out;
	struct stl_error err;
	struct stl_chip chip;
	size_t i;

	(void)state;
	assert_true(auto_part_find("STM32F030F4", &chip));
	for (i = 0; i < sizeof(where) / sizeof(*where); i++) {
		memset(&out, 0xa5, sizeof(out));
		assert_int_equal(auto_inject(&img, &chip, where[i].addr, bytes,
					     where[i].len, &out, &err),
				 STL_NO_FIT);
		assert_int_equal(out.num, 0);
		assert_null(out.seg);
	}
	/* a bigger part has it */
	assert_true(auto_part_find("STM32F030C6", &chip));
	assert_int_equal(auto_inject(&img, &chip, 0x08004000, bytes, 1, &out,
				     NULL), 0);
	image_free(&out);
	image_free(&img);
}

/* reference values from Python's zlib.crc32() */
static void checksum(void **state)
{
	struct image img = make(two, 2), none = { 0 };
	struct image_segment s = { 0x08000000, 9, (uint8_t *)"123456789" };
	struct image check = { .num = 1, .seg = &s };

	(void)state;
	assert_int_equal(auto_image_crc(&check), 0xcbf43926);
	assert_int_equal(auto_image_crc(&none), 0);
	assert_int_equal(auto_image_crc(&img), 0xada2efd6);
	image_free(&img);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lay_over),
		cmocka_unit_test(empty_image),
		cmocka_unit_test(outside_of_flash),
		cmocka_unit_test(checksum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
