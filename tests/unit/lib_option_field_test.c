// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option bytes by name, and pages as text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "option_field.h"
#include "pages.h"

static struct stl_chip chip;
static struct stl_option_bytes bytes;
static struct stl_error err;

static void use(uint16_t dev_id, uint32_t kib)
{
	memset(&chip, 0, sizeof(chip));
	chip.dev_id = dev_id;
	chip.part = stl_part_find(dev_id);
	stl_chip_set_size(&chip, kib);
	memset(&bytes, 0xff, sizeof(bytes));
	bytes.rdp = STL_RDP_LEVEL_0;
}

static int set(const char *text)
{
	memset(&err, 0, sizeof(err));
	return stl_option_set(&chip, &bytes, text, &err);
}

static size_t field(const char *name)
{
	size_t i;

	for (i = 0; stl_option_field(&chip, i); i++)
		if (!strcmp(stl_option_field(&chip, i), name))
			return i;
	fail_msg("no field %s", name);
	return 0;
}

static const char *value(const char *name)
{
	static char buf[STL_FIELD_TEXT];

	stl_option_value(&chip, &bytes, field(name), buf);
	return buf;
}

static void user_bits(void **state)
{
	/* RM0360 4.1.1 */
	const struct { const char *name; unsigned int bit; } bits[] = {
		{ "WDG_SW", 0 }, { "nRST_STOP", 1 }, { "nRST_STDBY", 2 },
		{ "nBOOT1", 4 }, { "VDDA_MONITOR", 5 },
		{ "RAM_PARITY_CHECK", 6 },
	};
	char text[32];
	size_t i;

	(void)state;
	use(0x444, 16);
	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		snprintf(text, sizeof(text), "%s=0", bits[i].name);
		assert_int_equal(set(text), STL_OK);
		assert_int_equal(bytes.user, 0xff & ~(1u << bits[i].bit));
		assert_string_equal(value(bits[i].name), "0");
		snprintf(text, sizeof(text), "%s=1", bits[i].name);
		assert_int_equal(set(text), STL_OK);
		assert_int_equal(bytes.user, 0xff);
	}
	assert_int_equal(set("nrst_stop=0"), STL_OK);
	assert_int_equal(bytes.user, 0xfd);
	assert_int_equal(set("BOOT_SEL=0"), STL_USAGE);
	assert_int_equal(set("nBOOT0=0"), STL_USAGE);
	use(0x442, 256);
	assert_int_equal(set("BOOT_SEL=0"), STL_OK);
	assert_int_equal(set("nBOOT0=0"), STL_OK);
	assert_int_equal(bytes.user, 0x77);
}

static void rdp_has_levels(void **state)
{
	(void)state;
	use(0x444, 16);
	assert_string_equal(value("RDP"), "0");
	assert_int_equal(set("RDP=1"), STL_OK);
	assert_int_equal(bytes.rdp, STL_RDP_LEVEL_1);
	/* another byte for level 1 is left alone */
	bytes.rdp = 0x12;
	assert_string_equal(value("RDP"), "1");
	assert_int_equal(set("RDP=1"), STL_OK);
	assert_int_equal(bytes.rdp, 0x12);
	assert_int_equal(set("RDP=0"), STL_OK);
	assert_int_equal(bytes.rdp, 0xaa);
	assert_int_equal(set("RDP=2"), STL_USAGE);
	assert_int_equal(set("RDP=0xcc"), STL_USAGE);
	assert_int_equal(set("RDP=204"), STL_USAGE);
	assert_int_equal(set("RDP=00"), STL_USAGE);
	assert_int_equal(bytes.rdp, 0xaa);
	bytes.rdp = 0xcc;
	assert_string_equal(value("RDP"), "2");
}

static void data_bytes(void **state)
{
	(void)state;
	use(0x444, 16);
	assert_int_equal(set("DATA0=0"), STL_OK);
	assert_int_equal(set("data1=0XFE"), STL_OK);
	assert_int_equal(bytes.data[0], 0);
	assert_int_equal(bytes.data[1], 0xfe);
	assert_string_equal(value("DATA1"), "0xfe");
	assert_int_equal(set("DATA0=256"), STL_USAGE);
	assert_int_equal(set("DATA0=-1"), STL_USAGE);
	assert_int_equal(set("DATA0=1x"), STL_USAGE);
	assert_int_equal(set("DATA0=0x"), STL_USAGE);
	assert_int_equal(set("DATA0="), STL_USAGE);
	assert_int_equal(set("DATA0"), STL_USAGE);
	assert_int_equal(set("DATA2=1"), STL_USAGE);
	assert_int_equal(set("=1"), STL_USAGE);
	assert_int_equal(bytes.data[0], 0);
}

static uint32_t wrp(void)
{
	return bytes.wrp[0] | bytes.wrp[1] << 8 | bytes.wrp[2] << 16 |
	       (uint32_t)bytes.wrp[3] << 24;
}

static void write_protection(void **state)
{
	/* RM0360 4.1.3: 4 KiB a bit, the last one of 256 KiB takes the rest */
	const struct {
		uint16_t dev_id;
		uint32_t kib;
		const char *text;
		uint32_t wrp;
	} good[] = {
		{ 0x444, 16, "0-3", 0xfffffffe },
		{ 0x444, 16, "4-7,12-15", 0xfffffff5 },
		{ 0x444, 32, "28-31", 0xffffff7f },
		{ 0x440, 64, "0-3,60-63", 0xffff7ffe },
		{ 0x442, 256, "0-1", 0xfffffffe },
		{ 0x442, 256, "62-127", 0x7fffffff },
		{ 0x442, 256, "0-3,60-127", 0x3ffffffc },
		{ 0x448, 128, "62-63", 0x7fffffff },
	};
	const char *bad[] = {
		"WRP=0-2", "WRP=3-4", "WRP=16", "WRP=0-16", "WRP=3-0", "WRP=x",
		"WRP=0-3,", "WRP=,0-3", "WRP=0-", "WRP= 0-3", "WRP=0--3",
		"WRP=99999999999999999999",
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		use(good[i].dev_id, good[i].kib);
		snprintf(text, sizeof(text), "WRP=%s", good[i].text);
		assert_int_equal(set(text), STL_OK);
		assert_int_equal(wrp(), good[i].wrp);
		assert_string_equal(value("WRP"), good[i].text);
		assert_int_equal(set("WRP=none"), STL_OK);
		assert_int_equal(wrp(), 0xffffffff);
		assert_string_equal(value("WRP"), "none");
		assert_int_equal(set("WRP=all"), STL_OK);
		assert_string_equal(value("WRP"), "all");
	}
	use(0x444, 16);
	assert_int_equal(set("WRP=all"), STL_OK);
	assert_int_equal(wrp(), 0xfffffff0);
	use(0x444, 16);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(set(bad[i]), STL_USAGE);
		assert_int_equal(wrp(), 0xffffffff);
	}
	use(0x442, 256);
	assert_int_equal(set("WRP=62-126"), STL_USAGE);
	assert_non_null(strstr(err.message, "62 to 127"));
}

static void every_field_has_words(void **state)
{
	char text[STL_FIELD_TEXT], assignment[2 * STL_FIELD_TEXT];
	struct stl_option_bytes before;
	const char *name;
	unsigned int v;
	size_t i;

	(void)state;
	use(0x442, 256);
	for (v = 0; v < 256; v++) {
		memset(&bytes, v, sizeof(bytes));
		for (i = 0; (name = stl_option_field(&chip, i)); i++) {
			stl_option_meaning(&chip, &bytes, i, text);
			assert_int_equal(!*text, !strncmp(name, "DATA", 4));
			stl_option_value(&chip, &bytes, i, text);
			if (!strcmp(text, "2"))
				continue;
			/* what is shown can be set, and changes nothing */
			snprintf(assignment, sizeof(assignment), "%s=%s", name,
				 text);
			before = bytes;
			assert_int_equal(set(assignment), STL_OK);
			assert_memory_equal(&bytes, &before, sizeof(before));
		}
	}
}

static void packing(void **state)
{
	/* a bad complement, an erased pair, an RDP that says level 1 */
	const uint8_t raw[16] = { 0xaa, 0x54, 0xff, 0xff, 0x12, 0xed, 0x00,
		0xff, 0xff, 0x00, 0xfe, 0x01, 0xff, 0xff, 0x7f, 0x80 };
	uint8_t out[16];

	(void)state;
	use(0x442, 256);
	assert_false(stl_option_unpack(&bytes, raw));
	assert_int_equal(bytes.rdp, 0xff);
	assert_int_equal(stl_rdp_byte_level(bytes.rdp), 1);
	assert_int_equal(bytes.user, 0xff);
	assert_int_equal(bytes.data[0], 0x12);
	assert_int_equal(bytes.data[1], 0);
	assert_int_equal(wrp(), 0x7ffffeff);
	stl_option_pack(&bytes, out);
	assert_memory_equal(out, "\xff\x00\xff\x00\x12\xed\x00\xff\xff\x00"
			    "\xfe\x01\xff\x00\x7f\x80", 16);
	assert_true(stl_option_unpack(&bytes, out));
}

static void sameness(void **state)
{
	struct stl_option_bytes other;

	(void)state;
	use(0x444, 16);
	other = bytes;
	assert_true(stl_option_same(&chip, &bytes, &other));
	/* reserved bits, and blocks beyond the flash, mean nothing */
	other.user = 0x77;
	other.wrp[0] = 0x0f;
	other.wrp[3] = 0;
	assert_true(stl_option_same(&chip, &bytes, &other));
	other.wrp[0] = 0xf7;
	assert_false(stl_option_same(&chip, &bytes, &other));
	other = bytes;
	other.user = 0xfe;
	assert_false(stl_option_same(&chip, &bytes, &other));
	other = bytes;
	other.rdp = 1;
	assert_false(stl_option_same(&chip, &bytes, &other));
	bytes.rdp = 2;
	assert_true(stl_option_same(&chip, &bytes, &other));
	other.data[1] = 0;
	assert_false(stl_option_same(&chip, &bytes, &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_bits),
		cmocka_unit_test(rdp_has_levels),
		cmocka_unit_test(data_bytes),
		cmocka_unit_test(write_protection),
		cmocka_unit_test(every_field_has_words),
		cmocka_unit_test(packing),
		cmocka_unit_test(sameness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
