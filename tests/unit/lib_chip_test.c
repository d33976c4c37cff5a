// SPDX-License-Identifier: GPL-2.0-only
/*
 * Table of parts, memory map, vectors, option bytes: data in, words out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "stlink-lib.h"

static struct stl_chip make(uint16_t dev_id, unsigned int kib)
{
	struct stl_chip chip = { .dev_id = dev_id, .wrpr = 0xffffffff };

	chip.part = stl_part_find(dev_id);
	assert_non_null(chip.part);
	stl_chip_set_size(&chip, kib);
	return chip;
}

static void names_and_sizes(void **state)
{
	static const struct {
		uint16_t dev_id;
		unsigned int kib, page, sram;
		const char *name;
	} all[] = {
		{ 0x444, 16, 1024, 4096, "STM32F030x4" },
		{ 0x444, 32, 1024, 4096, "STM32F030x6" },
		{ 0x440, 64, 1024, 8192, "STM32F030x8" },
		{ 0x442, 256, 2048, 32768, "STM32F030xC" },
		{ 0x445, 32, 1024, 6144, "STM32F070x6" },
		{ 0x448, 128, 2048, 16384, "STM32F070xB" },
	};
	struct stl_chip chip;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		chip = make(all[i].dev_id, all[i].kib);
		assert_string_equal(chip.name, all[i].name);
		assert_int_equal(chip.flash_size, all[i].kib * 1024);
		assert_int_equal(chip.page_size, all[i].page);
		assert_int_equal(chip.sram_size, all[i].sram);
		assert_int_equal(chip.flags, 0);
		assert_int_equal(chip.part->empty_check,
				 all[i].dev_id == 0x442 ||
				 all[i].dev_id == 0x445);
	}
	assert_null(stl_part_find(0x410));
	assert_null(stl_part_find(0));
}

static void odd_sizes(void **state)
{
	struct stl_chip chip;

	(void)state;
	chip = make(0x442, 255);	/* no whole number of 2 KiB pages */
	assert_true(chip.flags & STL_CHIP_SIZE_GUESSED);
	assert_int_equal(chip.flash_size, 128 * 1024);
	chip = make(0x440, 48);		/* unheard of, but possible */
	assert_int_equal(chip.flags, 0);
	assert_int_equal(chip.flash_size, 48 * 1024);
	assert_string_equal(chip.name, "STM32F0 (440)");
	chip = make(0x444, 0x12340010);	/* upper half is not the size */
	assert_int_equal(chip.flash_size, 16384);
}

static void regions(void **state)
{
	static const struct {
		uint32_t addr, end;
		const char *name;
		bool readable;
	} map[] = {
		{ 0x00000000, 0x00003fff, "alias", true },
		{ 0x00004000, 0x07ffffff, "reserved", false },
		{ 0x08000000, 0x08003fff, "flash", true },
		{ 0x08003fff, 0x08003fff, "flash", true },
		{ 0x08004000, 0x1fffebff, "reserved", false },
		{ 0x1fffec00, 0x1ffff7ff, "system memory", true },
		{ 0x1ffff80f, 0x1ffff80f, "option bytes", true },
		{ 0x1ffffc00, 0x1fffffff, "reserved", false },
		{ 0x20000fff, 0x20000fff, "SRAM", true },
		{ 0x20001000, 0x3fffffff, "reserved", false },
		{ 0x40022000, 0x400243ff, "AHB", true },
		{ 0xe000ed00, 0xe00fffff, "core", true },
		{ 0xffffffff, 0xffffffff, "reserved", false },
	};
	struct stl_chip chip = make(0x444, 16);
	uint32_t end;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		assert_non_null(strstr(stl_chip_region(&chip, map[i].addr,
						       &end), map[i].name));
		assert_int_equal(end, map[i].end);
		assert_int_equal(stl_chip_readable(&chip, map[i].addr),
				 map[i].readable);
	}
}

static void holes(void **state)
{
	static const struct {
		uint32_t addr, len;
		int64_t hole;	/* -1: none */
	} ranges[] = {
		{ 0x00000000, 0x10000000, 0x00004000 },
		{ 0x00004000, 4, 0x00004000 },
		{ 0x00012345, 1, 0x00012345 },
		{ 0x08000000, 0x4000, -1 },
		{ 0x08003fff, 1, -1 },
		{ 0x08003fff, 2, 0x08004000 },
		{ 0x1fffec00, 0x1000, -1 },	/* three regions in a row */
		{ 0x1fffec00, 0x1001, 0x1ffffc00 },
		{ 0x20000000, 0x1001, 0x20001000 },
		{ 0xe00fffff, 1, -1 },
		{ 0xffffffff, 1, 0xffffffff },
	};
	struct stl_chip chip = make(0x444, 16);
	uint32_t hole;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		assert_int_equal(stl_chip_hole(&chip, ranges[i].addr,
					       ranges[i].len, &hole),
				 ranges[i].hole >= 0);
		if (ranges[i].hole >= 0)
			assert_int_equal(hole, ranges[i].hole);
	}
}

static void write_protection_bits(void **state)
{
	struct stl_chip chip = make(0x442, 256);

	(void)state;
	assert_int_equal(stl_wrp_bit(&chip, 0x08000fff), 0);
	assert_int_equal(stl_wrp_bit(&chip, 0x08001000), 1);
	assert_int_equal(stl_wrp_bit(&chip, 0x0801efff), 30);
	assert_int_equal(stl_wrp_bit(&chip, 0x0801f000), 31);
	assert_int_equal(stl_wrp_bit(&chip, 0x0803ffff), 31);
	chip.wrpr = 0xfffffffd;
	assert_true(stl_write_protected(&chip, 0x08001000));
	assert_false(stl_write_protected(&chip, 0x08002000));
}

static struct stl_vectors vectors;

static const char *finding(uint32_t sp, uint32_t reset, uint32_t nmi,
			   uint32_t fault)
{
	struct stl_chip chip = make(0x444, 16);
	const uint32_t words[4] = { sp, reset, nmi, fault };

	stl_vectors_check_words(&vectors, &chip, words);
	return vectors.num ? vectors.text[0] : "";
}

static void vector_tables(void **state)
{
	const uint32_t ok = 0x080000c1;

	(void)state;
	assert_string_equal(finding(0x20001000, ok, ok, ok), "");
	assert_string_equal(finding(0x20000400, ok, ok, ok), "");
	/* linked for the alias at 0: runs just as well */
	assert_string_equal(finding(0x20001000, 0xc1, 0xc1, 0xc1), "");
	assert_non_null(strstr(finding(~0u, ~0u, ~0u, ~0u), "blank"));
	assert_non_null(strstr(finding(0x20002000, ok, ok, ok), "bigger"));
	assert_non_null(strstr(finding(0x20000000, ok, ok, ok),
			       "not in SRAM"));
	assert_non_null(strstr(finding(0x20000ffe, ok, ok, ok),
			       "multiple of 4"));
	assert_non_null(strstr(finding(0x20001000, ok - 1, ok, ok), "even"));
	assert_non_null(strstr(finding(0x20001000, 0x08008001, ok, ok),
			       "outside"));
	assert_non_null(strstr(finding(0x20001000, ok, ok, ~0u),
			       "HardFault vector is blank"));
	assert_non_null(strstr(finding(0x20001000, ok, 0x30, ok), "NMI"));
}

static void image_vectors(void **state)
{
	static const uint8_t head[] = {
		0x00, 0x10, 0x00, 0x20, 0xc1, 0x00, 0x00, 0x08,
		0xc1, 0x00, 0x00, 0x08, 0xc1, 0x00, 0x00, 0x08,
	};
	static const uint8_t body[64];
	struct stl_chip chip = make(0x444, 16);
	struct stl_segment segs[] = {
		{ 0x080000a0, sizeof(body), body },
		{ 0x08000000, sizeof(head), head },
	};

	(void)state;
	stl_vectors_check(&vectors, &chip, segs, 2);
	assert_int_equal(vectors.num, 0);
	stl_vectors_check(&vectors, &chip, segs, 1);	/* data only */
	assert_int_equal(vectors.num, 0);
	segs[1].len = 6;		/* in the middle of the reset vector */
	stl_vectors_check(&vectors, &chip, segs, 2);
	assert_true(vectors.num > 0);
}

static void protection_levels(void **state)
{
	(void)state;
	assert_int_equal(stl_rdp_level(0xffff7700), 0);
	assert_int_equal(stl_rdp_level(0xffff7702), 1);
	assert_int_equal(stl_rdp_level(0xffff7706), 2);
	/* an undefined code is not taken for unprotected */
	assert_int_equal(stl_rdp_level(0xffff7704), 1);
}

static void stored_options(void **state)
{
	struct stl_chip chip = make(0x444, 16);
	uint8_t raw[16] = { 0xaa, 0x55, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0,
			    0xff, 0, 0xff, 0, 0xff, 0 };
	struct stl_options o;

	(void)state;
	stl_options_decode(&o, &chip, 0xffff7700, 0xffffffff, raw);
	assert_false(o.pending);
	assert_true(o.wdg_sw && o.nboot1 && o.vdda_monitor &&
		    o.ram_parity_off && o.nrst_stdby);
	raw[0] = 0xbb;			/* its complement doesn't fit */
	stl_options_decode(&o, &chip, 0xffff7700, 0xffffffff, raw);
	assert_true(o.pending);
	stl_options_decode(&o, &chip, 0xffff7702, 0xffffffff, raw);
	assert_false(o.pending);	/* level 1, as loaded */
	raw[0] = 0xaa;
	raw[8] = 0xf0;
	raw[9] = 0x0f;
	stl_options_decode(&o, &chip, 0xffff7700, 0xffffffff, raw);
	assert_true(o.pending);
	stl_options_decode(&o, &chip, 0xffff7700, 0xfffffff0, raw);
	assert_false(o.pending);
	stl_options_decode(&o, &chip, 0xffff7701, 0xffffffff, NULL);
	assert_true(o.load_error);
	assert_false(o.raw_valid);
}

static void errors_in_words(void **state)
{
	struct stl_error err;

	(void)state;
	assert_int_equal(stl_fail_errno(&err, -6, 0x09, "attaching"),
			 STL_NO_TARGET);
	assert_non_null(strstr(err.message, "attaching: "));
	assert_non_null(strstr(err.message, "status 09"));
	assert_int_equal(err.errnum, 6);
	assert_int_equal(stl_fail(&err, STL_FILE, "%s", "x"), STL_FILE);
	assert_string_equal(err.hint, "");
	stl_hint(&err, "one");
	stl_hint(&err, "two");
	assert_string_equal(err.hint, "one\ntwo");
	assert_int_equal(stl_fail(NULL, STL_FILE, "x"), STL_FILE);
	stl_hint(NULL, "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_sizes),
		cmocka_unit_test(odd_sizes),
		cmocka_unit_test(regions),
		cmocka_unit_test(holes),
		cmocka_unit_test(write_protection_bits),
		cmocka_unit_test(vector_tables),
		cmocka_unit_test(image_vectors),
		cmocka_unit_test(protection_levels),
		cmocka_unit_test(stored_options),
		cmocka_unit_test(errors_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
