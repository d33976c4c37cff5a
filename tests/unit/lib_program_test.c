// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole jobs on a fake chip: program, verify, erase; and what is left behind.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib_fake.h"
#include "stlink-lib.h"

static struct stl_target target;
static struct stl_error err;
static struct stl_program_result res;
static uint8_t image[256 * 1024];
static unsigned int stop_at, steps;
static char notes[2048];

static int on_progress(void *ctx, enum stl_phase phase, uint32_t done,
		       uint32_t total)
{
	(void)ctx;
	(void)phase;
	assert_true(done <= total);
	return stop_at && ++steps >= stop_at;
}

static void on_note(void *ctx, enum stl_note weight, const char *text)
{
	(void)ctx;
	(void)weight;
	strncat(notes, text, sizeof(notes) - strlen(notes) - 1);
}

static void open_target(void)
{
	struct stl_attach_options opts = {
		.purpose = STL_CHANGE,
		.cb = { .progress = on_progress, .note = on_note },
	};

	assert_int_equal(stl_target_open(&target, 3, NULL, &opts, &err), 0);
	assert_int_equal(stl_target_identify(&target, &err), 0);
	fake.writes = 0;
}

static void prepare(unsigned int part)
{
	size_t i;

	fake_reset(part);
	memset(&err, 0, sizeof(err));
	stop_at = 0;
	steps = 0;
	notes[0] = '\0';
	for (i = 0; i < sizeof(image); i++)
		image[i] = 1 + i % 251;
	memcpy(image, "\x00\x10\x00\x20\xc1\x00\x00\x08"
	       "\xc1\x00\x00\x08\xc1\x00\x00\x08", 16);
	open_target();
}

static int setup(void **state)
{
	(void)state;
	prepare(4);
	return 0;
}

static int program(uint32_t off, uint32_t len)
{
	struct stl_segment seg = { STL_FLASH_BASE + off, len, image };

	return stl_program(&target, &seg, 1, NULL, &res, &err);
}

/* Nothing may be left behind that firmware or the next program would notice. */
static void expect_clean(void)
{
	assert_int_equal(stl_target_close(&target, STL_LEAVE_RUNNING, &err),
			 STL_OK);
	assert_false(fake.claimed);
	assert_false(fake.attached);
	assert_int_equal(fake.detach_flags, 0);
	assert_int_equal(fake.cr & 0x80, 0x80);
	assert_int_equal(fake.apb1_fz, 0);
	assert_int_equal(fake.apb2enr & 1u << 22, 0);
	assert_int_equal(fake.demcr & 0x401, 0);
}

static void blank_chip(void **state)
{
	(void)state;
	assert_int_equal(program(0, 16384), STL_OK);
	assert_memory_equal(fake.flash, image, 16384);
	assert_int_equal(fake.page_erases + fake.mass_erases, 0);
	assert_true(res.verified);
	assert_int_equal(res.bytes_programmed, 16384);
	assert_int_equal(res.pages_touched, 16);
	assert_string_equal(res.state.name, "running");
	assert_false(res.reloaded);
	expect_clean();
}

static void every_part(void **state)
{
	static const unsigned int parts[] = { 4, 6, 8, 0xc };
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		prepare(parts[i]);
		memset(fake.flash, 0x55, fake.flash_size);
		assert_int_equal(program(0, fake.flash_size), STL_OK);
		assert_memory_equal(fake.flash, image, fake.flash_size);
		assert_int_equal(fake.mass_erases, 1);
		assert_int_equal(fake.page_erases, 0);
		expect_clean();
	}
}

static void part_of_a_page_keeps_the_rest(void **state)
{
	uint8_t before[16384];

	(void)state;
	memset(fake.flash, 0x5a, 16384);
	memcpy(before, fake.flash, sizeof(before));
	assert_int_equal(program(1025, 1501), STL_OK);
	memcpy(before + 1025, image, 1501);
	assert_memory_equal(fake.flash, before, sizeof(before));
	assert_int_equal(fake.page_erases, 2);
	assert_int_equal(res.pages_erased, 2);
	expect_clean();
}

static void what_firmware_wrote_last_is_kept(void **state)
{
	(void)state;
	memset(fake.flash, 0x5a, 16384);
	fake.late_write = 0x08000400 + 900;
	assert_int_equal(program(1024, 500), STL_OK);
	assert_memory_equal(fake.flash + 1024, image, 500);
	assert_int_equal(fake.flash[1024 + 899], 0x5a);
	assert_int_equal(fake.flash[1024 + 900], 0x12);
}

/* A page whose rest is kept is read wrong, with all statuses right. */
static void lies_are_not_kept(void **state)
{
	struct stl_segment seg = { STL_FLASH_BASE + 1024, 500, image };
	const struct stl_program_options direct = { .no_loader = true };
	uint8_t before[16384];

	(void)state;
	memset(fake.flash, 0x5a, 16384);
	memcpy(before, fake.flash, sizeof(before));
	fake.lie_at = 0x08000400 + 900;
	assert_int_equal(program(1024, 500), STL_LINK);
	assert_int_equal(fake.lie_at, 0);
	assert_memory_equal(fake.flash, before, sizeof(before));
	/* of three looks two agree */
	target.info.features |= STLINK_FEAT_MEM16;
	fake.lie_at = 0x08000400 + 900;
	assert_int_equal(stl_program(&target, &seg, 1, &direct, &res, &err),
			 STL_OK);
	assert_int_equal(fake.lie_at, 0);
	memcpy(before + 1024, image, 500);
	assert_memory_equal(fake.flash, before, sizeof(before));
}

/* The last reset is what starts the firmware: it fails by what passes. */
static void start_is_tried_again(void **state)
{
	(void)state;
	fake.refused = 1;
	assert_int_equal(program(0, 500), STL_OK);
	assert_string_equal(res.state.name, "running");
	assert_null(strstr(notes, "looked at"));
	fake.refused = 2;
	assert_int_equal(program(0, 600), STL_OK);
	assert_string_equal(res.state.name, "unknown");
	assert_non_null(strstr(notes, "can't be looked at"));
}

/* What never took the reset still runs, or doesn't, what was there before. */
static void start_that_never_was(void **state)
{
	(void)state;
	fake.busy = 2;
	assert_int_equal(program(0, 500), STL_LINK);
	assert_non_null(strstr(err.message, "resetting the chip"));
	assert_non_null(strstr(err.hint, "was verified"));
	assert_null(strstr(notes, "looked at"));
	assert_true(res.verified);
	/* once is enough, whichever it was */
	fake.busy = 1;
	fake.refused = 1;
	assert_int_equal(program(0, 600), STL_OK);
	assert_string_equal(res.state.name, "unknown");
}

/* A probe without an answer says nothing of firmware. */
static void silent_probe_is_no_firmware(void **state)
{
	(void)state;
	fake.silent = 1;
	assert_int_equal(program(0, 500), STL_LINK);
	assert_non_null(strstr(err.message, "the probe gives no answer"));
	assert_non_null(strstr(err.hint, "was verified"));
	assert_true(res.verified);
	fake.keys_lost = true;
	fake.cr = 0x80;
	assert_int_equal(program(0, 600), STL_LINK);
	assert_non_null(strstr(err.message, "unlocking the flash controller"));
	assert_null(strstr(err.hint, "a part of the image"));
}

static void second_time_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(program(0, 5001), STL_OK);
	fake.half_words = 0;
	fake.resets = 0;
	assert_int_equal(program(0, 5001), STL_OK);
	assert_int_equal(fake.half_words, 0);
	assert_int_equal(fake.page_erases, 0);
	assert_int_equal(fake.resets, 2);	/* to look, to start it */
	assert_true(res.verified);
	assert_int_equal(res.bytes_programmed, 0);
}

static void refusal_touches_nothing(void **state)
{
	(void)state;
	memset(fake.flash, 0x5a, 16384);
	target.chip.wrpr = fake.wrpr = ~4u;
	assert_int_equal(program(0, 16384), STL_PROTECTED);
	assert_int_equal(program(0, 16386), STL_NO_FIT);
	target.chip.rdp_level = 1;
	assert_int_equal(program(0, 16), STL_PROTECTED);
	assert_int_equal(fake.writes, 0);
	assert_int_equal(fake.resets, 0);
	assert_int_equal(fake.halts, 0);
	assert_false(fake.halted);
	expect_clean();
}

static void full_does_it_again(void **state)
{
	struct stl_program_options opts = { .full = true };
	struct stl_segment seg = { STL_FLASH_BASE + 2048, 100, image };

	(void)state;
	memset(fake.flash, 0x5a, 16384);
	memcpy(fake.flash + 2048, image, 100);
	assert_int_equal(stl_program(&target, &seg, 1, &opts, &res, &err),
			 STL_OK);
	assert_int_equal(fake.page_erases, 1);
	assert_int_equal(fake.half_words, 512);
	assert_int_equal(fake.flash[2047], 0x5a);
	assert_memory_equal(fake.flash + 2048, image, 100);
	assert_int_equal(fake.flash[2148], 0x5a);
}

static void virgin_xc_reloads_its_options(void **state)
{
	(void)state;
	prepare(0xc);
	assert_int_equal(program(0, 100), STL_OK);
	assert_true(res.reloaded);
	assert_int_equal(fake.option_loads, 1);
	assert_string_equal(res.state.name, "running");
	/* no longer blank */
	assert_int_equal(program(0, 200), STL_OK);
	assert_false(res.reloaded);
	/* blank, and it stays so at the start */
	prepare(0xc);
	assert_int_equal(program(4096, 100), STL_OK);
	assert_false(res.reloaded);
	expect_clean();
}

/*
 * Stopped when flash was written, and before its option bytes were loaded: it is blank
 * no longer, and starts its boot loader all the same.
 */
static void half_done_xc_reloads_its_options(void **state)
{
	(void)state;
	prepare(0xc);
	memcpy(fake.flash, image, 100);
	fake.boots_sysmem = true;
	assert_int_equal(program(0, 100), STL_OK);
	assert_true(res.reloaded);
	assert_int_equal(fake.option_loads, 1);
	assert_false(fake.boots_sysmem);
	assert_string_equal(res.state.name, "running");
}

/* That would be for ever. */
static void virgin_xc_with_level_2_stored(void **state)
{
	(void)state;
	prepare(0xc);
	memcpy(fake.option, "\xcc\x33", 2);
	assert_int_equal(program(0, 100), STL_OK);
	assert_false(res.reloaded);
	assert_int_equal(fake.option_loads, 0);
	assert_non_null(strstr(notes, "level 2 is stored"));
}

static void no_run_leaves_it_halted(void **state)
{
	struct stl_program_options opts = { .no_run = true };
	struct stl_segment seg = { STL_FLASH_BASE, 100, image };

	(void)state;
	assert_int_equal(stl_program(&target, &seg, 1, &opts, &res, &err),
			 STL_OK);
	assert_true(fake.halted);
	assert_null(res.state.name);
	assert_int_equal(stl_target_close(&target, STL_LEAVE_HALTED, &err),
			 STL_OK);
	assert_int_equal(fake.detach_flags, STLINK_DETACH_KEEP_HALTED);
	/* or the watchdog would start it */
	assert_int_equal(fake.apb1_fz & 0x1800, 0x1800);
}

static void lockup_is_told(void **state)
{
	(void)state;
	fake.locks_up = true;
	image[4] = 0xc0;	/* even reset vector */
	assert_int_equal(program(0, 1000), STL_OK);
	assert_string_equal(res.state.name, "lockup");
	assert_non_null(strstr(res.state.why, "even"));
	expect_clean();
}

/* The loader looks at flags alone: both ways of verifying have to find it. */
static void a_bit_that_did_not_take_is_found(void **state)
{
	struct stl_program_options opts = { 0 };
	struct stl_segment seg = { STL_FLASH_BASE, 3000, image };

	do {
		setup(state);
		image[2000] = 0x20;
		fake.flip_at = STL_FLASH_BASE + 2000;
		assert_int_equal(stl_program(&target, &seg, 1, &opts, &res,
					     &err), STL_MISMATCH);
		assert_non_null(strstr(err.message, "0x080007d0"));
		assert_false(res.verified);
		expect_clean();
		opts.verify_read = !opts.verify_read;
	} while (opts.verify_read);
}

/* A look-alike of the chip */
static void another_crc_unit_or_none(void **state)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		setup(state);
		fake.crc_broken = !i;
		fake.crc_missing = i;
		memset(fake.flash, 0x5a, 16384);
		assert_int_equal(program(0, 16384), STL_OK);
		assert_memory_equal(fake.flash, image, 16384);
		assert_true(res.verified);
		assert_false(res.direct);
		assert_non_null(strstr(notes, "CRC unit"));
		expect_clean();
	}
}

/* Code in SRAM doesn't run at all */
static void without_code_where_the_loader_fails(void **state)
{
	(void)state;
	memset(fake.flash, 0x5a, 16384);
	fake.hang = true;
	assert_int_equal(program(0, 3000), STL_PROGRAM);
	setup(state);
	memset(fake.flash, 0x5a, 16384);
	fake.hang = true;
	target.info.features |= STLINK_FEAT_MEM16;
	assert_int_equal(program(0, 3000), STL_OK);
	assert_memory_equal(fake.flash, image, 3000);
	assert_int_equal(fake.flash[3072], 0x5a);
	assert_true(res.direct);
	assert_true(res.verified);
	assert_non_null(strstr(notes, "without code"));
	expect_clean();
}

static void failed_erase_is_found(void **state)
{
	(void)state;
	memset(fake.flash, 0x5a, 16384);
	fake.no_erase = true;
	assert_int_equal(program(0, 100), STL_PROGRAM);
	assert_non_null(strstr(err.message, "PGERR"));
	expect_clean();
}

static void stuck_erase_is_found(void **state)
{
	(void)state;
	memset(fake.flash, 0x5a, 16384);
	fake.stuck_busy = true;
	assert_int_equal(program(0, 100), STL_PROGRAM);
	assert_non_null(strstr(err.message, "busy"));
	assert_non_null(strstr(err.message, "page 0"));
}

static void wrong_keys_are_found(void **state)
{
	(void)state;
	fake.unlock_broken = true;
	assert_int_equal(program(0, 100), STL_PROGRAM);
	assert_non_null(strstr(err.message, "unlock"));
	assert_int_equal(fake.half_words, 0);
}

static void watchdog_in_the_middle(void **state)
{
	(void)state;
	fake.reset_after = 1500;
	assert_int_equal(program(0, 16384), STL_PROGRAM);
	assert_non_null(strstr(err.message, "IWDG"));
	assert_int_equal(res.bytes_programmed, 2048);
	assert_null(strstr(err.hint, "beside the image"));
	expect_clean();
}

static void what_is_lost_beside_the_image_is_said(void **state)
{
	(void)state;
	memset(fake.flash, 0x5a, 16384);
	fake.reset_after = 1500;
	assert_int_equal(program(528, 15000), STL_PROGRAM);
	assert_non_null(strstr(err.hint, "beside the image"));
}

static void no_halt_at_reset_makes_do(void **state)
{
	(void)state;
	fake.no_catch = true;
	fake.rcc_cr = 0;
	memset(fake.flash, 0x5a, 16384);
	assert_int_equal(program(0, 3000), STL_OK);
	assert_memory_equal(fake.flash, image, 3000);
	assert_non_null(strstr(notes, "does not halt at reset"));
}

static void stops_on_request(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 1; i < 40; i++) {
		prepare(4);
		memset(fake.flash, 0x5a, 5 * 1024);
		stop_at = i;
		if (!program(0, 10000))
			break;	/* nothing left to stop */
		assert_int_equal(err.errnum, EINTR);
		expect_clean();
	}
	assert_true(i > 5 && i < 40);
}

/*
 * Stopped at any moment, bytes of a page that aren't the image's are still there:
 * such a page is completed first.
 */
static void a_stop_keeps_what_is_kept(void **state)
{
	static const struct { uint32_t off, len; bool direct; } cases[] = {
		/* by page erases, in the first page and in the last; by a mass erase */
		{ 528, 4608, false }, { 528, 4608, true },
		{ 0, 15872, false }, { 0, 15872, true },
		{ 528, 15856, false },
	};
	struct stl_program_options opts = { 0 };
	struct stl_segment seg = { .data = image };
	unsigned int i, halfway;
	uint32_t at;
	size_t c;

	(void)state;
	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		opts.no_loader = cases[c].direct;
		seg.addr = STL_FLASH_BASE + cases[c].off;
		seg.len = cases[c].len;
		for (i = 1, halfway = 0; i < 80; i++) {
			prepare(4);
			target.info.features |= STLINK_FEAT_MEM16;
			memset(fake.flash, 0x5a, 16384);
			stop_at = i;
			if (!stl_program(&target, &seg, 1, &opts, &res, &err))
				break;
			assert_int_equal(err.errnum, EINTR);
			expect_clean();
			for (at = cases[c].off & ~1023u; at < cases[c].off; at++)
				assert_int_equal(fake.flash[at], 0x5a);
			for (at = cases[c].off + cases[c].len; at & 1023; at++)
				assert_int_equal(fake.flash[at], 0x5a);
			halfway += res.pages_erased &&
				   memcmp(fake.flash + cases[c].off, image,
					  cases[c].len);
		}
		assert_in_range(halfway, 2, 79);
		assert_in_range(i, 5, 79);
	}
}

static void verify_says_where(void **state)
{
	struct stl_segment segs[] = {
		{ STL_FLASH_BASE + 1, 5001, image },
		{ STL_SRAM_BASE, 16, image },
	};
	struct stl_verify_result v;

	(void)state;
	memcpy(fake.flash + 1, image, 5001);
	memcpy(fake.sram, image, 16);
	assert_int_equal(stl_verify(&target, segs, 2, &v, &err), STL_OK);
	assert_int_equal(v.bytes, 5017);
	fake.flash[4097] ^= 0x40;
	fake.flash[5000] ^= 1;
	assert_int_equal(stl_verify(&target, segs, 2, &v, &err), STL_MISMATCH);
	assert_int_equal(v.differences, 2);
	assert_int_equal(v.addr, STL_FLASH_BASE + 4097);
	assert_int_equal(v.expected, image[4096]);
	assert_int_equal(v.found, image[4096] ^ 0x40);
	assert_int_equal(fake.writes, 0);
}

static void hardware_watchdog_is_frozen_and_fed(void **state)
{
	(void)state;
	memset(fake.flash, 0x5a, 16384);
	fake.reloads = 0;
	assert_int_equal(program(0, 8192), STL_OK);
	assert_int_equal(fake.page_erases, 8);
	/* before each erase, before each run, for each half-word */
	assert_true(fake.reloads >= 8 + 4 + 4096);
	assert_int_equal(fake.fz_during_run & 0x1800, 0x1800);
	expect_clean();
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(blank_chip),
		T(every_part),
		T(part_of_a_page_keeps_the_rest),
		T(what_firmware_wrote_last_is_kept),
		T(lies_are_not_kept),
		T(start_is_tried_again),
		T(start_that_never_was),
		T(silent_probe_is_no_firmware),
		T(second_time_changes_nothing),
		T(refusal_touches_nothing),
		T(full_does_it_again),
		T(virgin_xc_reloads_its_options),
		T(half_done_xc_reloads_its_options),
		T(virgin_xc_with_level_2_stored),
		T(no_run_leaves_it_halted),
		T(lockup_is_told),
		T(a_bit_that_did_not_take_is_found),
		T(another_crc_unit_or_none),
		T(without_code_where_the_loader_fails),
		T(failed_erase_is_found),
		T(stuck_erase_is_found),
		T(wrong_keys_are_found),
		T(watchdog_in_the_middle),
		T(what_is_lost_beside_the_image_is_said),
		T(no_halt_at_reset_makes_do),
		T(stops_on_request),
		T(a_stop_keeps_what_is_kept),
		T(verify_says_where),
		T(hardware_watchdog_is_frozen_and_fed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
