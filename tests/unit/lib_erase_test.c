// SPDX-License-Identifier: GPL-2.0-only
/*
 * Erasing on a fake chip: what is blank then, and what was where it was stopped.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib_fake.h"
#include "stlink-lib.h"

static struct stl_target target;
static struct stl_error err;
static unsigned int stop_at, steps;

static int on_progress(void *ctx, enum stl_phase phase, uint32_t done,
		       uint32_t total)
{
	(void)ctx;
	assert_true(phase == STL_PHASE_READ || phase == STL_PHASE_ERASE);
	assert_true(done <= total);
	return stop_at && ++steps >= stop_at;
}

static int setup(void **state)
{
	struct stl_attach_options opts = {
		.purpose = STL_CHANGE,
		.cb = { .progress = on_progress },
	};

	(void)state;
	fake_reset(4);
	memset(&err, 0, sizeof(err));
	stop_at = 0;
	steps = 0;
	assert_int_equal(stl_target_open(&target, 3, NULL, &opts, &err), 0);
	assert_int_equal(stl_target_identify(&target, &err), 0);
	fake.writes = 0;
	return 0;
}

static void erases_pages_and_all(void **state)
{
	uint32_t done;

	(void)state;
	memset(fake.flash, 0, 16384);
	assert_int_equal(stl_erase_pages(&target, 3, 2, &done, &err), STL_OK);
	assert_int_equal(done, 2);
	assert_int_equal(fake.flash[3071], 0);
	assert_int_equal(fake.flash[3072], 0xff);
	assert_int_equal(fake.flash[5119], 0xff);
	assert_int_equal(fake.flash[5120], 0);
	assert_int_equal(stl_erase_pages(&target, 15, 2, NULL, &err),
			 STL_NO_FIT);
	assert_int_equal(stl_erase_pages(&target, 0, 0, &done, &err),
			 STL_NO_FIT);
	assert_int_equal(done, 0);
	/* stopped before the third one */
	stop_at = 3;
	assert_int_equal(stl_erase_pages(&target, 5, 4, &done, &err),
			 STL_PROGRAM);
	assert_int_equal(err.errnum, EINTR);
	assert_int_equal(done, 2);
	assert_int_equal(fake.flash[7167], 0xff);
	assert_int_equal(fake.flash[7168], 0);
	stop_at = 0;
	assert_int_equal(stl_erase_all(&target, &err), STL_OK);
	assert_int_equal(fake.mass_erases, 1);
	assert_int_equal(fake.flash[0], 0xff);
	/* nothing is left behind that firmware would notice */
	assert_int_equal(stl_target_close(&target, STL_LEAVE_RUNNING, &err),
			 STL_OK);
	assert_false(fake.attached);
	assert_int_equal(fake.cr & 0x80, 0x80);
	assert_int_equal(fake.apb1_fz, 0);
	assert_int_equal(fake.demcr & 0x401, 0);
}

static void erase_is_proved_and_refused(void **state)
{
	(void)state;
	memset(fake.flash, 0x5a, 16384);
	target.chip.wrpr = fake.wrpr = ~1u;
	assert_int_equal(stl_erase_all(&target, &err), STL_PROTECTED);
	assert_int_equal(stl_erase_pages(&target, 3, 1, NULL, &err),
			 STL_PROTECTED);
	assert_int_equal(fake.writes, 0);
	fake.no_erase = true;
	assert_int_equal(stl_erase_pages(&target, 4, 1, NULL, &err), STL_PROGRAM);
	assert_non_null(strstr(err.message, "0x08001000 is not blank"));
	fake.no_erase = false;
	fake.no_eop_at = 0x08001400;
	assert_int_equal(stl_erase_pages(&target, 5, 1, NULL, &err), STL_PROGRAM);
	assert_non_null(strstr(err.message, "did not complete"));
	/* WRP that the chip has but the register read didn't show */
	target.chip.wrpr = ~0u;
	assert_int_equal(stl_erase_pages(&target, 0, 1, NULL, &err),
			 STL_PROTECTED);
	assert_non_null(strstr(err.message, "WRPRTERR"));
}

#define T(f)	cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(erases_pages_and_all),
		T(erase_is_proved_and_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
