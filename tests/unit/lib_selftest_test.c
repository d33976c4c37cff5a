// SPDX-License-Identifier: GPL-2.0-only
/*
 * selftest on the fake chip: what it may do, what it puts back, what it refuses. What
 * it finds out is tested on the simulator, tests/e2e/report.bats.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lib_fake.h"
#include "selftest/selftest.h"
#include "target.h"

static struct stl_target t;
static struct stl_error err;
static unsigned int asked, kinds[4];

static void answered(void *ctx, const struct stl_self_point *p,
		     const struct stl_self_answer *a)
{
	(void)ctx;
	assert_true(p == &stl_self_points[asked]);
	assert_true(*a->seen);
	asked++;
	kinds[a->verdict]++;
}

static int setup(void **state)
{
	(void)state;
	fake_reset(4);
	asked = 0;
	memset(kinds, 0, sizeof(kinds));
	memset(&err, 0, sizeof(err));
	return 0;
}

static int run(enum stl_purpose purpose, struct stl_self_options *o)
{
	struct stl_attach_options at = {
		.mode = purpose == STL_LOOK ? STL_MODE_HOT_PLUG :
					      STL_MODE_NORMAL,
		.purpose = purpose,
	};
	int code;

	assert_int_equal(stl_target_open(&t, 3, NULL, &at, &err), 0);
	assert_int_equal(stl_target_identify(&t, &err), 0);
	o->answered = answered;
	code = stl_selftest(&t, o, &err);
	assert_int_equal(stl_target_close(&t, STL_LEAVE_AS_FOUND, NULL), 0);
	return code;
}

static unsigned int num_points(void)
{
	unsigned int n = 0;

	while (stl_self_points[n].id)
		n++;
	return n;
}

static void looks_only(void **state)
{
	struct stl_self_options o = { 0 };

	(void)state;
	assert_int_equal(run(STL_LOOK, &o), 0);
	assert_int_equal(asked, num_points());
	assert_int_equal(fake.halts, 0);
	assert_int_equal(fake.resets, 0);
	assert_int_equal(fake.writes, 0);
	assert_false(fake.touched);
	assert_int_equal(fake.page_erases, 0);
}

static void halts_and_puts_back(void **state)
{
	struct stl_self_options o = { .halt = true };
	uint8_t sram[4096];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(sram); i++)
		fake.sram[i] = sram[i] = i * 3 + i / 256;
	fake.apb1_fz = 0x10;
	assert_int_equal(run(STL_CHANGE, &o), 0);
	assert_int_equal(asked, num_points());
	assert_memory_equal(fake.sram, sram, sizeof(sram));
	assert_int_equal(fake.apb1_fz, 0x10);
	assert_int_equal(fake.apb2enr, 0);
	assert_int_equal(fake.resets, 0);
	assert_false(fake.halted);
	assert_int_equal(fake.half_words + fake.page_erases, 0);
}

static void page_that_is_not_blank(void **state)
{
	struct stl_self_options o = { .flash = true, .page = 3 };

	(void)state;
	fake.flash[3 * 1024 + 1023] = 0xfe;
	assert_int_equal(run(STL_CHANGE, &o), STL_USAGE);
	assert_non_null(strstr(err.message, "isn't blank"));
	assert_int_equal(asked, 0);
	assert_int_equal(fake.page_erases + fake.resets + fake.halts, 0);
	o.page = 16;
	assert_int_equal(run(STL_CHANGE, &o), STL_USAGE);
	assert_non_null(strstr(err.message, "no page 16"));
}

static void protected_page(void **state)
{
	struct stl_self_options o = { .flash = true, .page = 3 };

	(void)state;
	fake.wrpr = 0xfffffffe;
	assert_int_equal(run(STL_CHANGE, &o), STL_PROTECTED);
	fake.wrpr = 0xffffffff;
	fake.obr |= 2;
	assert_int_equal(run(STL_CHANGE, &o), STL_PROTECTED);
	assert_int_equal(asked + fake.page_erases, 0);
}

static void page_is_blank_again(void **state)
{
	struct stl_self_options o = { .flash = true, .reset = true, .page = 3 };
	unsigned int i;

	(void)state;
	memset(fake.flash, 0x55, 3 * 1024);
	fake.features |= STLINK_FEAT_MEM16;
	assert_int_equal(run(STL_CHANGE, &o), 0);
	assert_int_equal(asked, num_points());
	assert_true(fake.half_words > 0);
	for (i = 0; i < 1024; i++)
		assert_int_equal(fake.flash[3 * 1024 + i], 0xff);
	for (i = 0; i < 3 * 1024; i++)
		assert_int_equal(fake.flash[i], 0x55);
	assert_false(fake.halted);
	assert_true(fake.cr & 0x80);
}

/* What was programmed can't be erased: that must not pass for success. */
static void page_stays(void **state)
{
	struct stl_self_options o = { .flash = true, .page = 3 };

	(void)state;
	fake.features |= STLINK_FEAT_MEM16;
	fake.no_erase = true;
	assert_int_not_equal(run(STL_CHANGE, &o), 0);
	assert_non_null(strstr(err.message, "page 3 isn't blank any more"));
	assert_non_null(strstr(err.hint, "stlink erase --page 3"));
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(looks_only),
		T(halts_and_puts_back),
		T(page_that_is_not_blank),
		T(protected_page),
		T(page_is_blank_again),
		T(page_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
