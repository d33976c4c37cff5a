// SPDX-License-Identifier: GPL-2.0-only
/*
 * Half-words straight to flash, with a probe that gives up, or that errs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "direct.h"
#include "fpec.h"
#include "lib_fake.h"
#include "priv.h"
#include "program.h"

static struct stl_target target;
static struct stl_error err;
static uint8_t data[2048], have[2048];

static int setup(void **state)
{
	struct stl_attach_options opts = { .purpose = STL_CHANGE };
	size_t i;

	(void)state;
	fake_reset(4);
	fake.features = STLINK_FEAT_MEM16;
	memset(&err, 0, sizeof(err));
	assert_int_equal(stl_target_open(&target, 3, NULL, &opts, &err), 0);
	assert_int_equal(stl_target_identify(&target, &err), 0);
	assert_int_equal(stl_reset_halt(&target, &err), 0);
	assert_int_equal(stl_fpec_unlock(&target, &err), 0);
	for (i = 0; i < sizeof(data); i++)
		data[i] = 1 + i % 251;
	memset(have, 0xff, sizeof(have));
	return 0;
}

static int run(uint32_t off, uint32_t len)
{
	return stl_direct_run(&target, 0x08000000 + off, have, data, len,
			      &err);
}

static void programs_any_even_length(void **state)
{
	uint32_t at = 0, len;

	(void)state;
	for (len = 2; len <= 20; len += 2) {
		assert_int_equal(run(at, len), STL_OK);
		assert_memory_equal(fake.flash + at, data, len);
		assert_int_equal(fake.flash[at + len], 0xff);
		at += len;
	}
	assert_int_equal(run(1024, 2048), STL_OK);
	assert_memory_equal(fake.flash + 1024, data, 2048);
	assert_int_equal(fake.cr & 1, 0);
	assert_int_equal(fake.runs, 0);
	assert_int_equal(run(0, 3), STL_USAGE);
	assert_int_equal(run(1, 2), STL_USAGE);
	assert_int_equal(run(0, 0), STL_USAGE);
}

static void writes_what_differs_and_no_more(void **state)
{
	(void)state;
	memcpy(fake.flash + 10, data + 10, 20);
	memcpy(have + 10, data + 10, 20);
	fake.flash[40] = have[40] = 0x12;
	memset(data + 40, 0, 2);	/* 0000 goes over anything */
	assert_int_equal(run(0, 100), STL_OK);
	assert_memory_equal(fake.flash, data, 100);
	assert_int_equal(fake.half_words, 50 - 10);
}

static void goes_on_where_the_probe_gave_up(void **state)
{
	unsigned int n;

	for (n = 1; n < 40; n += 6) {
		setup(state);
		fake.wait_after = n;
		assert_int_equal(run(0, 1024), STL_OK);
		assert_memory_equal(fake.flash, data, 1024);
		assert_int_equal(fake.half_words, 512);
	}
}

static void slows_down_for_a_probe_that_gives_up(void **state)
{
	(void)state;
	fake.wait_after = 1;
	fake.slow_clock = true;
	target.clock_khz = 4000;
	assert_int_equal(run(0, 1024), STL_OK);
	assert_memory_equal(fake.flash, data, 1024);
	assert_int_equal(fake.half_words, 512);
	assert_int_equal(target.clock_khz, 480);
}

static void refusals_name_the_address(void **state)
{
	(void)state;
	fake.pgerr_at = 0x08000104;
	assert_int_equal(run(0x100, 64), STL_PROGRAM);
	assert_non_null(strstr(err.message, "0x08000104"));
	assert_non_null(strstr(err.message, "PGERR"));
	setup(state);
	fake.wrpr = ~2u;
	assert_int_equal(run(4096 - 8, 16), STL_PROTECTED);
	assert_non_null(strstr(err.message, "0x08001000"));
	assert_int_equal(fake.cr & 1, 0);
}

static void wrong_read_back_is_found(void **state)
{
	(void)state;
	data[0] = 0x20;
	fake.flip_at = 0x08000000;
	assert_int_equal(run(0, 16), STL_PROGRAM);
	assert_non_null(strstr(err.message, "wrote 0x0220, reads back 0x0221"));
	setup(state);
	fake.lanes_swapped = true;
	assert_int_equal(run(0, 1024), STL_PROGRAM);
	assert_non_null(strstr(err.hint, "16-bit"));
	assert_true(fake.half_words <= 2);
}

static void flash_that_hangs_is_told(void **state)
{
	(void)state;
	fake.stuck_busy = true;
	assert_int_equal(run(0, 16), STL_PROGRAM);
	assert_non_null(strstr(err.message, "busy"));
}

static int whole(const struct stl_program_options *opts,
		 struct stl_program_result *res)
{
	struct stl_segment seg = { STL_FLASH_BASE + 100, 1500, data };

	return stl_program(&target, &seg, 1, opts, res, &err);
}

static void a_whole_job_keeps_sram(void **state)
{
	const struct stl_program_options opts = { .no_loader = true };
	struct stl_program_result res;
	uint8_t sram[4096];

	(void)state;
	memset(fake.flash, 0x5a, 16384);
	memset(fake.sram, 0x77, sizeof(sram));
	memcpy(sram, fake.sram, sizeof(sram));
	assert_int_equal(whole(&opts, &res), STL_OK);
	assert_true(res.direct);
	assert_true(res.verified);
	assert_int_equal(res.pages_erased, 2);
	assert_int_equal(res.bytes_programmed, 2048);
	assert_memory_equal(fake.flash + 100, data, 1500);
	assert_int_equal(fake.flash[99], 0x5a);
	assert_int_equal(fake.flash[1600], 0x5a);
	assert_memory_equal(fake.sram, sram, sizeof(sram));
	assert_int_equal(fake.runs, 0);
	target.info.features = 0;
	assert_int_equal(whole(&opts, &res), STL_USAGE);
	assert_non_null(strstr(err.message, "16-bit"));
}

/*
 * What is beside the image was blank when the firmware still ran, and has its first
 * settings by the time that it was stopped: no reason to erase all.
 */
static void what_came_late_is_not_erased(void **state)
{
	const struct stl_program_options opts = { .no_loader = true };
	struct stl_program_result res;
	static uint8_t image[15360];
	struct stl_segment seg = { STL_FLASH_BASE, sizeof(image), image };

	(void)state;
	memset(image, 0x33, sizeof(image));
	memset(fake.flash, 0x5a, sizeof(image));
	memset(fake.flash + sizeof(image), 0xff, 1024);
	fake.late_write = STL_FLASH_BASE + 15360 + 20;
	assert_int_equal(stl_program(&target, &seg, 1, &opts, &res, &err),
			 STL_OK);
	assert_memory_equal(fake.flash, image, sizeof(image));
	assert_int_equal(fake.late_write, 0);
	assert_int_equal(fake.flash[15360 + 20], 0x12);
	assert_false(res.mass_erased);
	/* And where it stays blank it is the faster way. */
	memset(fake.flash, 0x5a, sizeof(image));
	memset(fake.flash + sizeof(image), 0xff, 1024);
	assert_int_equal(stl_program(&target, &seg, 1, &opts, &res, &err),
			 STL_OK);
	assert_true(res.mass_erased);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(programs_any_even_length),
		T(writes_what_differs_and_no_more),
		T(goes_on_where_the_probe_gave_up),
		T(slows_down_for_a_probe_that_gives_up),
		T(refusals_name_the_address),
		T(wrong_read_back_is_found),
		T(flash_that_hangs_is_told),
		T(a_whole_job_keeps_sram),
		T(what_came_late_is_not_erased),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
