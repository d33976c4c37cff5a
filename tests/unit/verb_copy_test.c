// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies of boards: words for probes, the record of a backup, which chips a
 * copy may go onto.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/record.h"

static uint8_t flash[65536];
static struct stl_error err;

static void words(void **state)
{
	static const char * const nodes[] = {
		"/dev/stlink0", "stlink12", "/dev/stlink/by-serial/06",
		"./stlink0",
	};
	static const char * const paths[] = { "1-2", "10-1.4.3", "2-11" };
	static const char * const serials[] = {
		"066DFF535550755187191037", "stlink", "stlink1x", "1-", "-1",
		"1-2.", "1-2.x", "1.2", "12", "1-2-3",
	};
	struct stl_select s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nodes) / sizeof(*nodes); i++) {
		select_word(nodes[i], &s);
		assert_ptr_equal(s.device, nodes[i]);
		assert_null(s.usb_path);
		assert_null(s.serial);
	}
	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		select_word(paths[i], &s);
		assert_ptr_equal(s.usb_path, paths[i]);
		assert_null(s.device);
		assert_null(s.serial);
	}
	for (i = 0; i < sizeof(serials) / sizeof(*serials); i++) {
		select_word(serials[i], &s);
		assert_ptr_equal(s.serial, serials[i]);
		assert_null(s.device);
		assert_null(s.usb_path);
	}
}

static void probes(void **state)
{
	struct stl_probe p = { .device = "/dev/stlink3" };
	struct stl_select s;

	(void)state;
	select_probe(&p, &s);
	assert_string_equal(s.device, "/dev/stlink3");
	assert_null(s.serial);
	/* known by more than its number, which may change */
	strcpy(p.usb_path, "1-2");
	strcpy(p.serial, "A1");
	select_probe(&p, &s);
	assert_null(s.device);
	assert_string_equal(s.usb_path, "1-2");
	assert_string_equal(s.serial, "A1");
}

static struct board_copy make(unsigned int kib)
{
	struct board_copy copy = {
		.origin = "x.hex", .part = "STM32F030x4", .dev_id = 0x444,
		.size = kib * 1024, .flash = flash, .has_options = true,
	};

	memset(flash, 0xff, sizeof(flash));
	memset(flash, 0, 100);
	memcpy(copy.options, "\xaa\x55\xff\x00\xff\x00\xff\x00"
	       "\xff\x00\xff\xff\xff\xff\xff\xff", 16);
	return copy;
}

static enum stl_code parse(const char *text, struct record *r, bool *found)
{
	memset(&err, 0, sizeof(err));
	return record_parse(text, "x.hex", r, found, &err);
}

static void record_goes_and_comes(void **state)
{
	struct board_copy copy = make(16);
	struct record r, back;
	char text[RECORD_LEN];
	bool found;
	int len;

	(void)state;
	record_make(&copy, &r);
	len = record_format(&r, text, sizeof(text));
	assert_int_equal(len, strlen(text));
	/* the CRCs are those of Python's zlib.crc32() */
	assert_string_equal(strchr(text, '\n') + 1,
			    "# stlink-backup version=1 part=STM32F030x4 dev_id=444 flash_size=16384 flash_crc32=97b6506b options_crc32=d052392c\n");
	assert_int_equal(parse(text, &back, &found), STL_OK);
	assert_true(found);
	assert_string_equal(back.part, r.part);
	assert_int_equal(back.dev_id, 0x444);
	assert_int_equal(back.size, 16384);
	assert_int_equal(back.option_crc, r.option_crc);
	assert_int_equal(record_check(&back, &copy, &err), STL_OK);

	copy.has_options = false;
	record_make(&copy, &r);
	record_format(&r, text, sizeof(text));
	assert_null(strstr(text, "options"));
	assert_int_equal(parse(text, &back, &found), STL_OK);
	assert_int_equal(record_check(&back, &copy, &err), STL_OK);
}

static void damage_is_found(void **state)
{
	struct board_copy copy = make(16);
	struct record r;

	(void)state;
	record_make(&copy, &r);
	flash[16383] = 0xfe;
	assert_int_equal(record_check(&r, &copy, &err), STL_FILE);
	assert_non_null(strstr(err.message, "CRC-32 of the flash"));
	flash[16383] = 0xff;
	copy.options[2] ^= 1;
	assert_int_equal(record_check(&r, &copy, &err), STL_FILE);
	assert_non_null(strstr(err.message, "option bytes"));
	copy.has_options = false;
	assert_int_equal(record_check(&r, &copy, &err), STL_FILE);
	copy = make(15);
	assert_int_equal(record_check(&r, &copy, &err), STL_FILE);
	assert_non_null(strstr(err.message, "15360"));
}

static void odd_records(void **state)
{
	static const char good[] =
		"version=1 part=X dev_id=444 flash_size=16384 flash_crc32=12";
	static const struct {
		const char *text;
		const char *error;	/* NULL: good; "": none there */
	} all[] = {
		{ "# stlink-backup %s", NULL },
		{ "# stlink-backup %s\r\n", NULL },
		{ "# something\n\n# stlink-backup %s later=7\n;", NULL },
		{ "", "" },
		{ "; nothing\n", "" },
		{ "#stlink-backup %s", "" },
		{ "# stlink-backup version=2 new=1", "version 2" },
		{ "# stlink-backup version=x", "damaged" },
		{ "# stlink-backup ", "damaged" },
		{ "# stlink-backup version=1 part= dev_id=444 flash_size=1 flash_crc32=1",
		  "damaged" },
		{ "# stlink-backup version=1 part=123456789012345678901234 dev_id=444 flash_size=1 flash_crc32=1",
		  "damaged" },
		{ "# stlink-backup version=1 part=X dev_id=1000 flash_size=1 flash_crc32=1",
		  "damaged" },
		{ "# stlink-backup version=1 part=X dev_id=444 flash_size=0 flash_crc32=1",
		  "damaged" },
		{ "# stlink-backup version=1 part=X dev_id=444 flash_size=-1 flash_crc32=1",
		  "damaged" },
		{ "# stlink-backup version=1 part=X dev_id=444 flash_size=4294967295 flash_crc32=1",
		  "damaged" },
		{ "# stlink-backup version=1 part=X dev_id=444 flash_size=1 flash_crc32=1g",
		  "damaged" },
	};
	char text[512];
	struct record r;
	bool found;
	size_t i;

	(void)state;
	assert_int_equal(parse(NULL, &r, &found), STL_OK);
	assert_false(found);
	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const char *at = strstr(all[i].text, "%s");

		snprintf(text, sizeof(text), "%.*s%s%s",
			 at ? (int)(at - all[i].text) : 511, all[i].text,
			 at ? good : "", at ? at + 2 : "");
		if (all[i].error && *all[i].error) {
			assert_int_equal(parse(text, &r, &found), STL_FILE);
			assert_non_null(strstr(err.message, all[i].error));
			continue;
		}
		assert_int_equal(parse(text, &r, &found), STL_OK);
		assert_int_equal(found, !all[i].error);
		if (!found)
			continue;
		assert_int_equal(r.size, 16384);
		assert_int_equal(r.flash_crc, 0x12);
		assert_false(r.has_options);
	}
}

/* 0: goes there; 1: with a remark; 11 */
static int fit(const struct board_copy *copy, uint16_t dev_id,
	       unsigned int kib, enum copy_rule rule)
{
	struct stl_chip chip = { .dev_id = dev_id };
	char remark[160];
	int code;

	chip.part = stl_part_find(dev_id);
	stl_chip_set_size(&chip, kib);
	code = copy_fit(copy, &chip, rule, remark, sizeof(remark), &err);
	return code ? code : *remark != '\0';
}

static void where_it_may_go(void **state)
{
	struct board_copy copy = make(16);

	(void)state;
	assert_int_equal(copy_used(&copy), 100);
	assert_int_equal(fit(&copy, 0x444, 16, COPY_SAME_PART), 0);
	assert_int_equal(fit(&copy, 0x444, 32, COPY_SAME_PART), 11);
	assert_int_equal(fit(&copy, 0x440, 16, COPY_SAME_PART), 11);
	assert_int_equal(fit(&copy, 0x444, 16, COPY_SAME_DIE), 0);
	assert_int_equal(fit(&copy, 0x444, 32, COPY_SAME_DIE), 1);
	assert_int_equal(fit(&copy, 0x440, 64, COPY_SAME_DIE), 11);
	assert_int_equal(fit(&copy, 0x440, 64, COPY_FITS), 1);
	assert_int_equal(fit(&copy, 0x442, 256, COPY_FITS), 11);

	copy.size = 32 * 1024;
	assert_int_equal(fit(&copy, 0x444, 16, COPY_SAME_PART), 11);
	assert_int_equal(fit(&copy, 0x444, 16, COPY_SAME_DIE), 1);
	flash[16383] = 0;
	assert_int_equal(fit(&copy, 0x444, 16, COPY_SAME_DIE), 1);
	flash[16384] = 0;
	assert_int_equal(fit(&copy, 0x444, 16, COPY_SAME_DIE), 11);
	assert_int_equal(fit(&copy, 0x444, 16, COPY_FITS), 11);
	assert_non_null(strstr(err.message, "0x08004000"));

	/* of an unknown part: only the size counts */
	copy = make(16);
	copy.dev_id = 0;
	assert_int_equal(fit(&copy, 0x442, 256, COPY_FITS), 1);
}

static void option_bytes(void **state)
{
	static const struct stl_option_bytes now = {
		.rdp = STL_RDP_LEVEL_0, .user = 0xff, .data = { 1, 2 },
		.wrp = { 0xff, 0xff, 0xff, 0xff },
	};
	struct board_copy copy = make(16);
	struct stl_option_bytes source = {
		.rdp = STL_RDP_LEVEL_1, .user = 0xfe, .data = { 3, 4 },
		.wrp = { 0xfd, 0xff, 0xff, 0xff },
	};
	struct stl_option_bytes want;

	(void)state;
	stl_option_pack(&source, copy.options);
	copy_options_want(&copy, &now, false, &want);
	assert_int_equal(want.rdp, STL_RDP_LEVEL_0);
	assert_int_equal(want.user, 0xfe);
	assert_memory_equal(want.data, source.data, 2);
	assert_memory_equal(want.wrp, now.wrp, 4);
	copy_options_want(&copy, &now, true, &want);
	assert_memory_equal(&want, &source, sizeof(want));
	/* never what can't be undone */
	source.rdp = STL_RDP_LEVEL_2;
	stl_option_pack(&source, copy.options);
	copy_options_want(&copy, &now, true, &want);
	assert_int_equal(want.rdp, STL_RDP_LEVEL_0);
	assert_memory_equal(want.wrp, source.wrp, 4);
}

static void locked_pages(void **state)
{
	struct stl_option_bytes b = { .wrp = { 0xf5, 0xff, 0xff, 0xff } };
	struct stl_chip chip = { .dev_id = 0x444 };
	char text[64];

	(void)state;
	chip.part = stl_part_find(0x444);
	stl_chip_set_size(&chip, 16);
	copy_locked_pages(&chip, &b, text, sizeof(text));
	assert_string_equal(text, "4-7, 12-15");
	b.wrp[0] = 0xff;
	copy_locked_pages(&chip, &b, text, sizeof(text));
	assert_string_equal(text, "");
	chip.part = stl_part_find(chip.dev_id = 0x442);
	stl_chip_set_size(&chip, 256);
	b.wrp[3] = 0x7f;
	copy_locked_pages(&chip, &b, text, sizeof(text));
	assert_string_equal(text, "62-127");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(probes),
		cmocka_unit_test(record_goes_and_comes),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(odd_records),
		cmocka_unit_test(where_it_may_go),
		cmocka_unit_test(option_bytes),
		cmocka_unit_test(locked_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
