// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flash loader itself, executed, against a model of the flash controller.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <zlib.h>

#include "fpec.h"
#include "lib_fake.h"
#include "loader.h"
#include "loader/layout.h"
#include "priv.h"

static struct stl_target target;
static struct stl_loader loader;
static struct stl_error err;
static uint8_t data[8192];

static void prepare(unsigned int part)
{
	struct stl_attach_options opts = { .purpose = STL_CHANGE };
	size_t i;

	fake_reset(part);
	memset(&err, 0, sizeof(err));
	assert_int_equal(stl_target_open(&target, 3, NULL, &opts, &err), 0);
	assert_int_equal(stl_target_identify(&target, &err), 0);
	assert_int_equal(stl_reset_halt(&target, &err), 0);
	assert_int_equal(stl_fpec_unlock(&target, &err), 0);
	assert_int_equal(stl_loader_begin(&loader, &target, true, &err), 0);
	for (i = 0; i < sizeof(data); i++)
		data[i] = 1 + i % 251;
}

static int setup(void **state)
{
	(void)state;
	prepare(4);
	return 0;
}

static int run(uint32_t off, uint32_t len)
{
	int ret = stl_loader_program(&loader, &target, 0x08000000 + off, data,
				     len, &err);

	return ret ? ret : stl_loader_drain(&loader, &target, &err);
}

static void programs_a_full_buffer(void **state)
{
	(void)state;
	assert_int_equal(loader.buf_size, 1024);
	assert_int_equal(run(1024, loader.buf_size), STL_OK);
	assert_memory_equal(fake.flash + 1024, data, 1024);
	assert_int_equal(fake.flash[1023], 0xff);
	assert_int_equal(fake.flash[1024 + 1024], 0xff);
	assert_int_equal(fake.half_words, 512);
	assert_int_equal(loader.programmed, 1024);
	assert_int_equal(fake.cr & 1, 0);	/* PG is off again */
	assert_int_equal(fake.sr, 0);
}

static void buffers_fit_the_sram(void **state)
{
	static const unsigned int parts[] = { 4, 6, 8, 0xc };
	struct stl_chip *chip = &target.chip;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		prepare(parts[i]);
		assert_true(LOADER_BUF + 2 * loader.buf_size + LOADER_STACK <=
			    STL_SRAM_BASE + chip->sram_size);
		assert_true(loader.buf_size >= 1024);
		assert_int_equal(run(0, loader.buf_size), STL_OK);
		assert_memory_equal(fake.flash, data, loader.buf_size);
	}
}

static void tails_of_any_even_length(void **state)
{
	uint32_t len, at = 0;

	(void)state;
	for (len = 2; len <= 14; len += 2) {
		assert_int_equal(run(at, len), STL_OK);
		assert_memory_equal(fake.flash + at, data, len);
		assert_int_equal(fake.flash[at + len], 0xff);
		at += len;
	}
}

static void odd_arguments_are_refused(void **state)
{
	(void)state;
	assert_int_equal(run(0, 3), STL_USAGE);
	assert_int_equal(run(1, 2), STL_USAGE);
	assert_int_equal(run(0, 0), STL_USAGE);
	assert_int_equal(run(0, loader.buf_size + 2), STL_USAGE);
	assert_int_equal(fake.half_words, 0);
}

static void passes_over_blank(void **state)
{
	(void)state;
	memset(fake.flash + 200, 0x12, 60);
	memset(data, 0xff, 6);
	memset(data + 10, 0xff, 100);
	memset(data + 200, 0xff, 100);
	assert_int_equal(run(0, 300), STL_OK);
	assert_memory_equal(fake.flash, data, 200);
	assert_int_equal(fake.flash[200], 0x12);
	assert_int_equal(fake.half_words, 100 - 3 - 50);
	/* nothing at all */
	memset(data, 0xff, 300);
	assert_int_equal(run(300, 300), STL_OK);
	assert_int_equal(fake.half_words, 100 - 3 - 50);
}

static void reloads_the_watchdog_for_each_half_word(void **state)
{
	(void)state;
	assert_int_equal(run(0, 1000), STL_OK);
	assert_true(fake.reloads_running >= 500);
	/* also while an erase is waited for */
	fake.reloads_running = 0;
	fake.busy_reads = 200;
	assert_int_equal(stl_loader_erase(&loader, &target, 3, &err), STL_OK);
	assert_int_equal(stl_loader_drain(&loader, &target, &err), STL_OK);
	assert_true(fake.reloads_running >= 200);
	/* and both watchdogs are frozen for when it is halted */
	assert_int_equal(fake.fz_during_run & 0x1800, 0x1800);
}

static void pgerr_is_reported_with_its_address(void **state)
{
	(void)state;
	fake.pgerr_at = 0x08000104;
	assert_int_equal(run(0x100, 64), STL_PROGRAM);
	assert_non_null(strstr(err.message, "0x08000104"));
	assert_non_null(strstr(err.message, "PGERR"));
	assert_int_equal(fake.half_words, 2);
	assert_int_equal(fake.cr & 1, 0);
}

static void content_in_the_way_is_pgerr(void **state)
{
	(void)state;
	fake.flash[6] = 0x12;
	assert_int_equal(run(0, 64), STL_PROGRAM);
	assert_non_null(strstr(err.message, "0x08000006"));
	assert_int_equal(fake.half_words, 3);
}

static void wrprterr_is_protected(void **state)
{
	(void)state;
	fake.wrpr = ~2u;
	assert_int_equal(run(4096 - 4, 8), STL_PROTECTED);
	assert_non_null(strstr(err.message, "0x08001000"));
	assert_non_null(strstr(err.message, "WRPRTERR"));
	assert_int_equal(fake.half_words, 2);
	assert_int_equal(fake.flash[4096], 0xff);
}

static void stale_flags_are_not_ours(void **state)
{
	(void)state;
	fake.sr = 0x34;
	assert_int_equal(run(0, 16), STL_OK);
	fake.no_eop_at = 0x08000014;
	fake.sr = 0x20;
	assert_int_equal(run(16, 16), STL_PROGRAM);
	assert_non_null(strstr(err.message, "0x08000014"));
}

static void endless_busy_ends(void **state)
{
	(void)state;
	fake.stuck_busy = true;
	assert_int_equal(run(0, 16), STL_PROGRAM);
	assert_non_null(strstr(err.message, "busy"));
	assert_non_null(strstr(err.message, "0x08000000"));
}

static void locked_controller_is_told(void **state)
{
	(void)state;
	fake.cr = 0x80;
	assert_int_equal(run(0, 16), STL_PROGRAM);
	assert_non_null(strstr(err.message, "locked"));
	assert_int_equal(fake.half_words, 0);
	assert_int_equal(fake.flash[0], 0xff);
}

static void reset_names_the_watchdog(void **state)
{
	(void)state;
	fake.reset_after = 100;
	assert_int_equal(run(0, 1024), STL_PROGRAM);
	assert_non_null(strstr(err.message, "reset"));
	assert_non_null(strstr(err.message, "IWDG"));
}

static void fault_halts_instead_of_running_the_firmware(void **state)
{
	(void)state;
	assert_int_equal(fake.demcr & 0x400, 0x400);
	fake.crash_after = 7;
	assert_int_equal(run(0, 1024), STL_PROGRAM);
	assert_non_null(strstr(err.message, "fault"));
	assert_non_null(strstr(err.message, "PC 0x200000"));
	stl_loader_end(&loader, &target, true, &err);
	assert_int_equal(fake.demcr & 0x400, 0);
}

static void time_out_halts_and_reports(void **state)
{
	(void)state;
	stl_loader_end(&loader, &target, false, &err);
	fake.hang = true;
	assert_int_equal(stl_loader_begin(&loader, &target, true, &err), STL_OK);
	fake.halts = 0;
	assert_int_equal(run(0, 16), STL_PROGRAM);
	assert_int_equal(fake.halts, 1);
	assert_non_null(strstr(err.message, "did not end"));
	assert_non_null(strstr(err.message, "FLASH_CR"));
}

static void starts_from_a_defined_state(void **state)
{
	unsigned int i;

	(void)state;
	stl_loader_end(&loader, &target, false, &err);
	for (i = 0; i < 21; i++)
		fake.regs[i] = 0xdeadbeef;
	assert_int_equal(stl_loader_begin(&loader, &target, true, &err), STL_OK);
	assert_int_equal(run(0, 16), STL_OK);
	assert_int_equal(fake.regs[16], 0x01000000);	/* T, no exception */
	assert_int_equal(fake.regs[17], 0x20001000);
	assert_int_equal(fake.regs[20], 1);
}

static void erases_and_programs_in_the_order_asked_for(void **state)
{
	unsigned int i;

	(void)state;
	memset(fake.flash, 0, 16384);
	assert_int_equal(stl_loader_erase(&loader, &target, 1, &err), STL_OK);
	assert_int_equal(stl_loader_erase(&loader, &target, 3, &err), STL_OK);
	for (i = 0; i < 5; i++)
		assert_int_equal(stl_loader_program(&loader, &target,
						    0x08000400 + 100 * i,
						    data + 100 * i, 100, &err),
				 STL_OK);
	assert_int_equal(stl_loader_end(&loader, &target, false, &err), STL_OK);
	assert_int_equal(loader.erased, 2);
	assert_int_equal(loader.programmed, 500);
	assert_memory_equal(fake.flash + 1024, data, 500);
	assert_int_equal(fake.flash[1023], 0);
	assert_int_equal(fake.flash[2047], 0xff);
	assert_int_equal(fake.flash[2048], 0);
	assert_int_equal(fake.flash[3072], 0xff);
	assert_true(fake.halted);
	assert_int_equal(fake.regs[15], loader.exec.code.stop);
}

static void erases_all(void **state)
{
	(void)state;
	memset(fake.flash, 0, 16384);
	assert_int_equal(stl_loader_erase(&loader, &target, STL_ALL_PAGES,
					  &err), STL_OK);
	assert_int_equal(run(0, 64), STL_OK);
	assert_int_equal(fake.mass_erases, 1);
	assert_int_equal(fake.flash[16383], 0xff);
	fake.wrpr = ~2u;
	assert_int_equal(stl_loader_erase(&loader, &target, STL_ALL_PAGES,
					  &err), STL_OK);
	assert_int_equal(stl_loader_drain(&loader, &target, &err),
			 STL_PROTECTED);
	assert_non_null(strstr(err.message, "all of flash"));
	assert_int_equal(loader.erased, 1);
}

static void failure_of_the_one_before_is_told(void **state)
{
	(void)state;
	fake.pgerr_at = 0x08000010;
	assert_int_equal(stl_loader_program(&loader, &target, 0x08000000, data,
					    64, &err), STL_OK);
	assert_int_equal(stl_loader_program(&loader, &target, 0x08000040, data,
					    64, &err), STL_OK);
	assert_int_equal(stl_loader_end(&loader, &target, false, &err),
			 STL_PROGRAM);
	assert_non_null(strstr(err.message, "0x08000010"));
	assert_int_equal(loader.programmed, 0);
	assert_int_equal(fake.flash[0x40], 0xff);
}

static void sums_up_pages(void **state)
{
	uint32_t crc[16];
	bool works;

	(void)state;
	memcpy(fake.flash, data, sizeof(data));
	assert_int_equal(stl_loader_crc(&loader, &target, 0x08000000, 1024, 16,
					crc, &err), STL_OK);
	assert_int_equal(crc[0], crc32(0, data, 1024));
	assert_int_equal(crc[7], crc32(0, data + 7168, 1024));
	/* 1 KiB of FF, from the reference manual's default polynomial */
	assert_int_equal(crc[8], 0xb83afff4);
	assert_int_equal(stl_loader_crc_works(&loader, &target, &works, &err),
			 STL_OK);
	assert_true(works);
	stl_loader_end(&loader, &target, false, &err);
	fake.crc_broken = true;
	assert_int_equal(stl_loader_begin(&loader, &target, true, &err), STL_OK);
	assert_int_equal(stl_loader_crc_works(&loader, &target, &works, &err),
			 STL_OK);
	assert_false(works);
	assert_int_equal(stl_loader_crc(&loader, &target, 0x08000000, 24, 1,
					crc, &err), STL_USAGE);
}

static void code_keeps_to_its_room(void **state)
{
	uint8_t before[0x400];

	(void)state;
	memset(fake.sram + 0x400, 0xcc, 4096 - 0x400);
	assert_int_equal(run(0, 64), STL_OK);
	assert_int_equal(fake.sram[0x800 - 1], 0xcc);
	assert_int_equal(fake.sram[0x800 + 64], 0xcc);
	memcpy(before, fake.sram, sizeof(before));
	assert_int_equal(run(64, 64), STL_OK);
	assert_memory_equal(before, fake.sram, LOADER_SLOTS - LOADER_BASE);
	assert_memory_equal(before + 0x1c0, fake.sram + 0x1c0, 0x400 - 0x1c0);
	assert_int_equal(fake.sram[0x400 + 64], 0xcc);
	assert_int_equal(fake.sram[4095], 0xcc);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(programs_a_full_buffer),
		T(buffers_fit_the_sram),
		T(tails_of_any_even_length),
		T(odd_arguments_are_refused),
		T(passes_over_blank),
		T(reloads_the_watchdog_for_each_half_word),
		T(pgerr_is_reported_with_its_address),
		T(content_in_the_way_is_pgerr),
		T(wrprterr_is_protected),
		T(stale_flags_are_not_ours),
		T(endless_busy_ends),
		T(locked_controller_is_told),
		T(reset_names_the_watchdog),
		T(fault_halts_instead_of_running_the_firmware),
		T(time_out_halts_and_reports),
		T(starts_from_a_defined_state),
		T(erases_and_programs_in_the_order_asked_for),
		T(erases_all),
		T(failure_of_the_one_before_is_told),
		T(sums_up_pages),
		T(code_keeps_to_its_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
