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
	assert_int_equal(stl_loader_begin(&loader, &target, &err), 0);
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
	return stl_loader_run(&loader, &target, 0x08000000 + off, data, len,
			      &err);
}

static void programs_a_full_buffer(void **state)
{
	(void)state;
	assert_int_equal(loader.buf_size, 2048);
	assert_int_equal(run(1024, loader.buf_size), STL_OK);
	assert_memory_equal(fake.flash + 1024, data, 2048);
	assert_int_equal(fake.flash[1023], 0xff);
	assert_int_equal(fake.flash[1024 + 2048], 0xff);
	assert_int_equal(fake.half_words, 1024);
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
		assert_true(LOADER_BUF + loader.buf_size + LOADER_STACK <=
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
	assert_int_equal(fake.runs, 0);
}

static void passes_over_blank_and_equal(void **state)
{
	(void)state;
	memset(data + 10, 0xff, 100);
	memcpy(fake.flash + 200, data + 200, 60);
	assert_int_equal(run(0, 300), STL_OK);
	assert_memory_equal(fake.flash, data, 300);
	assert_int_equal(fake.half_words, 150 - 50 - 30);
}

static void reloads_the_watchdog_for_each_half_word(void **state)
{
	(void)state;
	assert_int_equal(run(0, 1000), STL_OK);
	assert_true(fake.reloads_running >= 500);
	/* also while waiting: three more reads of SR, three more reloads */
	fake.reloads_running = 0;
	fake.busy_reads = 200;
	assert_int_equal(run(1000, 100), STL_OK);
	assert_true(fake.reloads_running >= 50 * 200);
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

static void wrong_read_back_is_found(void **state)
{
	(void)state;
	data[4] = 0x20;
	data[5] = 0x03;
	fake.flip_at = 0x08000004;
	assert_int_equal(run(0, 16), STL_PROGRAM);
	assert_non_null(strstr(err.message, "0x08000004"));
	assert_non_null(strstr(err.message, "0x0320"));
	assert_non_null(strstr(err.message, "0x0321"));
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
	stl_loader_end(&loader, &target);
	assert_int_equal(fake.demcr & 0x400, 0);
}

static void time_out_halts_and_reports(void **state)
{
	(void)state;
	fake.hang = true;
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
	for (i = 0; i < 21; i++)
		fake.regs[i] = 0xdeadbeef;
	assert_int_equal(run(0, 16), STL_OK);
	assert_int_equal(fake.regs[16], 0x01000000);	/* T, no exception */
	assert_int_equal(fake.regs[17], 0x20001000);
	assert_int_equal(fake.regs[20], 1);
}

static void code_keeps_to_its_room(void **state)
{
	uint8_t before[0x400];

	(void)state;
	memset(fake.sram + 0x400 + 64, 0xcc, 4096 - 0x400 - 64);
	assert_int_equal(run(0, 64), STL_OK);
	memcpy(before, fake.sram, sizeof(before));
	assert_int_equal(run(64, 64), STL_OK);
	assert_memory_equal(before, fake.sram, LOADER_CODE_MAX);
	assert_memory_equal(before + 0x218, fake.sram + 0x218, 0x400 - 0x218);
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
		T(passes_over_blank_and_equal),
		T(reloads_the_watchdog_for_each_half_word),
		T(pgerr_is_reported_with_its_address),
		T(content_in_the_way_is_pgerr),
		T(wrprterr_is_protected),
		T(stale_flags_are_not_ours),
		T(wrong_read_back_is_found),
		T(endless_busy_ends),
		T(locked_controller_is_told),
		T(reset_names_the_watchdog),
		T(fault_halts_instead_of_running_the_firmware),
		T(time_out_halts_and_reports),
		T(starts_from_a_defined_state),
		T(code_keeps_to_its_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
