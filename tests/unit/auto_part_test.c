// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of parts, and serial numbers as bytes.
 */
#include "auto_test.h"

#include "auto/part.h"
#include "auto/serial.h"

static const struct {
	const char *name;
	uint16_t dev_id;	/* 0: refused */
	uint32_t kib;
} parts[] = {
	{ "STM32F030F4P6", 0x444, 16 },
	{ "STM32F030F4", 0x444, 16 },
	{ "STM32F030x4", 0x444, 16 },
	{ "F030F4P6", 0x444, 16 },
	{ "f030f4p6tr", 0x444, 16 },
	{ "stm32f030c6t6", 0x444, 32 },
	{ "STM32F030R8", 0x440, 64 },
	{ "STM32F030RCT6", 0x442, 256 },
	{ "STM32F030xC", 0x442, 256 },
	{ "STM32F030XC", 0x442, 256 },
	{ "F031K6", 0x444, 32 },
	{ "F038F6", 0x444, 32 },
	{ "F051R8", 0x440, 64 },
	{ "F051C6", 0x440, 32 },
	{ "F070F6", 0x445, 32 },
	{ "F042F4", 0x445, 16 },
	{ "F070RB", 0x448, 128 },
	{ "F072C8", 0x448, 64 },
	{ "F091RB", 0x442, 128 },
	{ "F098xC", 0x442, 256 },
	{ "", 0, 0 },
	{ "STM32", 0, 0 },
	{ "STM32F030", 0, 0 },		/* which size? */
	{ "STM32F030F", 0, 0 },
	{ "STM32F030FB", 0, 0 },	/* no such size */
	{ "STM32F030F5", 0, 0 },
	{ "STM32F103C8", 0, 0 },	/* another family */
	{ "STM32G030F6", 0, 0 },
	{ "STM32F030F4P6TR99", 0, 0 },
	{ "STM32F030F4 P6", 0, 0 },
	{ "STM32F0304", 0, 0 },
	{ "GD32F030F4", 0, 0 },
};

static void names(void **state)
{
	struct stl_chip chip;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		bool found = auto_part_find(parts[i].name, &chip);

		if (found != !!parts[i].dev_id)
			print_error("part '%s'\n", parts[i].name);
		assert_int_equal(found, !!parts[i].dev_id);
		if (!found)
			continue;
		assert_int_equal(chip.dev_id, parts[i].dev_id);
		assert_int_equal(chip.flash_size, parts[i].kib * 1024);
		assert_int_equal(chip.flags, 0);
		assert_int_equal(chip.page_size, chip.part->page_size);
	}
}

static void expected(void **state)
{
	struct stl_chip want, found;

	(void)state;
	assert_true(auto_part_find("STM32F030F4", &want));
	assert_true(auto_part_find("STM32F031G4", &found));
	assert_true(auto_part_same(&want, &found));
	assert_true(auto_part_find("STM32F030C6", &found));
	assert_false(auto_part_same(&want, &found));
	assert_true(auto_part_find("STM32F042F4", &found));
	assert_false(auto_part_same(&want, &found));
	/* 16 KiB, but only because nothing is known */
	found = want;
	stl_chip_set_size(&found, 0xffff);
	assert_int_equal(found.flash_size, want.flash_size);
	assert_false(auto_part_same(&want, &found));
	auto_part_biggest(&found);
	assert_int_equal(found.flash_size, 256 * 1024);
}

static const struct {
	enum auto_serial_format format;
	unsigned int width;
	uint64_t number;
	uint64_t last;
	const char *bytes;
	const char *text;
} serials[] = {
	{ AUTO_SERIAL_LE, 1, 0x7f, 0xff, "\x7f", "127" },
	{ AUTO_SERIAL_LE, 4, 0x01020304, 0xffffffff, "\4\3\2\1", "16909060" },
	{ AUTO_SERIAL_BE, 4, 0x01020304, 0xffffffff, "\1\2\3\4", "16909060" },
	{ AUTO_SERIAL_BE, 3, 0x010203, 0xffffff, "\1\2\3", "66051" },
	{ AUTO_SERIAL_LE, 8, 0x0102030405060708, UINT64_MAX - 1,
	  "\10\7\6\5\4\3\2\1", "72623859790382856" },
	{ AUTO_SERIAL_DECIMAL, 6, 42, 999999, "000042", "000042" },
	{ AUTO_SERIAL_DECIMAL, 19, 42, 9999999999999999999u,
	  "0000000000000000042", "0000000000000000042" },
	{ AUTO_SERIAL_DECIMAL, 20, UINT64_MAX - 1, UINT64_MAX - 1,
	  "18446744073709551614", "18446744073709551614" },
	{ AUTO_SERIAL_HEX, 6, 0xbeef, 0xffffff, "00beef", "00beef" },
	{ AUTO_SERIAL_HEX_UPPER, 5, 0xbeef, 0xfffff, "0BEEF", "0BEEF" },
	{ AUTO_SERIAL_HEX, 16, UINT64_MAX - 1, UINT64_MAX - 1,
	  "fffffffffffffffe", "fffffffffffffffe" },
};

static void serial_numbers(void **state)
{
	char text[AUTO_SERIAL_MAX + 1];
	uint8_t bytes[AUTO_SERIAL_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(serials) / sizeof(*serials); i++) {
		struct auto_serial s = {
			.width = serials[i].width, .format = serials[i].format
		};

		assert_in_range(s.width, 1, auto_serial_max_width(s.format));
		assert_true(auto_serial_last(&s) == serials[i].last);
		memset(bytes, 0xa5, sizeof(bytes));
		auto_serial_bytes(&s, serials[i].number, bytes);
		assert_memory_equal(bytes, serials[i].bytes, s.width);
		assert_int_equal(bytes[s.width], 0xa5);
		auto_serial_text(&s, serials[i].number, text);
		assert_string_equal(text, serials[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(expected),
		cmocka_unit_test(serial_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
