// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing option bytes: the code in SRAM, executed, and what the library makes
 * of it when it goes wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib_fake.h"
#include "option.h"
#include "priv.h"

static const uint8_t factory[16] = {
	0xaa, 0x55, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
	0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
};

static struct stl_target target;
static struct stl_error err;
static struct stl_option_bytes want;

static void open_target(enum stl_purpose purpose)
{
	struct stl_attach_options opts = { .purpose = purpose };

	memset(&err, 0, sizeof(err));
	assert_int_equal(stl_target_open(&target, 3, NULL, &opts, &err), 0);
	assert_int_equal(stl_target_identify(&target, &err), 0);
}

static int setup(void **state)
{
	(void)state;
	fake_reset(4);
	fake.flash[100] = 0x12;
	memset(&want, 0xff, sizeof(want));
	want.rdp = STL_RDP_LEVEL_0;
	open_target(STL_CHANGE);
	return 0;
}

/* A chip that came up at level 1. */
static void protect(void)
{
	fake.option[0] = 0xbb;
	fake.option[1] = 0x44;
	fake_option_load();
	open_target(STL_CHANGE);
}

static int write_options(unsigned int allow)
{
	return stl_option_write(&target, &want, allow, &err);
}

static void rdp_comes_right_after_the_erase(void **state)
{
	(void)state;
	want.user = 0xfe;
	want.data[0] = 0x34;
	want.data[1] = 0x12;
	want.wrp[0] = 0xfc;
	assert_int_equal(write_options(0), STL_OK);
	assert_string_equal(fake.opt_log, "E01234567");
	assert_memory_equal(fake.option, "\xaa\x55\xfe\x01\x34\xcb\x12\xed"
			    "\xfc\x03\xff\x00\xff\x00\xff\x00", 16);
	/* all in one go: nothing of it needs the probe */
	assert_int_equal(fake.runs, 1);
	assert_int_equal(fake.mass_erases, 0);
	assert_int_equal(fake.flash[100], 0x12);
	/* stored, not in force; locked again */
	assert_int_equal(fake.obr, 0xffff7700);
	assert_int_equal(fake.option_loads, 0);
	assert_int_equal(fake.cr, 0x80);
	assert_int_equal(fake.demcr & 0x400, 0);
}

static void the_watchdog_is_fed_all_the_time(void **state)
{
	(void)state;
	fake.busy_reads = 5000;
	assert_int_equal(write_options(0), STL_OK);
	assert_true(fake.reloads_running >= 9 * 5000);
}

static void reserved_bits_stay_1(void **state)
{
	(void)state;
	memset(&want, 0, sizeof(want));
	want.rdp = STL_RDP_LEVEL_0;
	assert_int_equal(write_options(0), STL_OK);
	assert_int_equal(fake.option[2], 0x88);
	assert_int_equal(fake.option[8], 0);
	assert_int_equal(fake.option[10], 0xff);
	assert_int_equal(fake.option[14], 0xff);
}

static void load_puts_them_in_force(void **state)
{
	(void)state;
	want.data[1] = 0x5a;
	want.wrp[0] = 0xfe;
	assert_int_equal(write_options(0), STL_OK);
	assert_int_equal(stl_option_load(&target, 0, &err), STL_OK);
	assert_int_equal(fake.option_loads, 1);
	assert_int_equal(target.chip.obr, 0x5affff00);
	assert_int_equal(target.chip.wrpr, 0xfffffffe);
	assert_int_equal(target.chip.rdp_level, 0);
	assert_int_equal(fake.apb1_fz, 0);
}

static void load_tells_when_nothing_came_of_it(void **state)
{
	(void)state;
	fake.option[4] = 0x00;		/* its complement says otherwise */
	assert_int_equal(stl_option_load(&target, 0, &err), STL_PROGRAM);
	assert_non_null(strstr(err.message, "FLASH_OBR 0xffff"));
}

static void level_1_and_back(void **state)
{
	(void)state;
	want.rdp = STL_RDP_LEVEL_1;
	assert_int_equal(write_options(0), STL_OK);
	assert_int_equal(stl_option_load(&target, 0, &err), STL_OK);
	assert_int_equal(target.chip.rdp_level, 1);
	assert_int_equal(fake.flash[100], 0x12);
	/* the way back erases: only on request */
	want.rdp = STL_RDP_LEVEL_0;
	fake.opt_ops = 0;
	assert_int_equal(write_options(0), STL_PROTECTED);
	assert_int_equal(fake.opt_ops, 0);
	assert_int_equal(fake.flash[100], 0x12);
	assert_int_equal(write_options(STL_ALLOW_ERASE), STL_OK);
	assert_int_equal(fake.mass_erases, 1);
	assert_int_equal(fake.flash[100], 0xff);
	assert_int_equal(stl_option_load(&target, 0, &err), STL_OK);
	assert_int_equal(target.chip.rdp_level, 0);
}

/* Black Magic Probe has seen PGERR there; what counts is what can be read. */
static void a_flag_alone_is_no_failure(void **state)
{
	(void)state;
	protect();
	want.user = 0xfd;
	fake.opt_refuse = 1;
	fake.opt_flag = 0x34;
	/* the erase itself was refused */
	fake.opt_log[0] = 0;
	assert_int_equal(write_options(STL_ALLOW_ERASE), STL_OK);
	assert_string_equal(fake.opt_log, "EE01234567");
}

static void other_bytes_at_level_1(void **state)
{
	(void)state;
	protect();
	want.rdp = 0xbb;
	want.data[0] = 1;
	assert_int_equal(write_options(0), STL_OK);
	assert_int_equal(fake.mass_erases, 0);
	assert_memory_equal(fake.option, "\xbb\x44\xff\x00\x01\xfe", 6);
}

static void level_2_only_by_name(void **state)
{
	(void)state;
	want.rdp = STL_RDP_LEVEL_2;
	assert_int_equal(write_options(STL_ALLOW_ERASE | STL_ALLOW_CLONE),
			 STL_USAGE);
	assert_int_equal(fake.opt_ops, 0);
	assert_memory_equal(fake.option, factory, 16);
	assert_int_equal(write_options(STL_ALLOW_LEVEL_2), STL_OK);
	assert_int_equal(fake.option[0], 0xcc);
}

/* Stored by whoever, level 2 isn't put in force by the way. */
static void level_2_is_loaded_only_by_name(void **state)
{
	(void)state;
	memcpy(fake.option, "\xcc\x33", 2);
	assert_int_equal(stl_option_load(&target, 0, &err), STL_PROTECTED);
	assert_non_null(strstr(err.message, "level 2 is stored"));
	assert_non_null(strstr(err.hint, "option set RDP=0"));
	assert_int_equal(fake.option_loads, 0);
	assert_int_equal(target.chip.rdp_level, 0);
	/* at level 1 neither */
	memcpy(fake.option, "\xbb\x44", 2);
	fake_option_load();
	open_target(STL_CHANGE);
	memcpy(fake.option, "\xcc\x33", 2);
	assert_int_equal(stl_option_load(&target, STL_ALLOW_ERASE, &err),
			 STL_PROTECTED);
	assert_int_equal(fake.option_loads, 0);
	/* there is a way back, and the one on */
	setup(state);
	memcpy(fake.option, "\xcc\x33", 2);
	assert_int_equal(write_options(0), STL_OK);
	assert_int_equal(stl_option_load(&target, 0, &err), STL_OK);
	assert_int_equal(target.chip.rdp_level, 0);
	memcpy(fake.option, "\xcc\x33", 2);
	assert_int_equal(stl_option_load(&target, STL_ALLOW_LEVEL_2, &err),
			 STL_OK);
	assert_int_equal(target.chip.rdp_level, 2);
	/* a damaged byte is level 1, whatever it looks like */
	setup(state);
	memcpy(fake.option, "\xcc\x32", 2);
	assert_int_equal(stl_option_load(&target, 0, &err), STL_PROGRAM);
	assert_int_equal(fake.option_loads, 1);
}

static void a_copy_of_the_chip_only_by_force(void **state)
{
	(void)state;
	target.chip.flags |= STL_CHIP_NOT_ST;
	assert_int_equal(write_options(0), STL_PROTECTED);
	assert_int_equal(fake.opt_ops, 0);
	assert_int_equal(write_options(STL_ALLOW_CLONE), STL_OK);
}

static void not_by_who_only_looks(void **state)
{
	(void)state;
	open_target(STL_LOOK);
	assert_int_equal(write_options(0), STL_USAGE);
	assert_int_equal(stl_option_load(&target, 0, &err), STL_USAGE);
	assert_int_equal(fake.opt_ops, 0);
}

/* Reset or refused at any step: the second try puts it right. */
static void any_step_may_fail_once(void **state)
{
	unsigned int step, kind;

	for (step = 1; step <= 9; step++) {
		for (kind = 0; kind < 4; kind++) {
			setup(state);
			want.data[0] = 0x77;
			if (kind == 0)
				fake.opt_reset = step;
			else if (kind == 3)
				fake.opt_wrong = step;
			else
				fake.opt_refuse = step;
			fake.opt_flag = kind == 1 ? 0x10 : 0x04;
			assert_int_equal(write_options(0), STL_OK);
			assert_memory_equal(fake.option, "\xaa\x55\xff\x00"
					    "\x77\x88", 6);
			assert_int_equal(fake.flash[100], 0x12);
		}
	}
}

static void failure_says_keep_the_power(void **state)
{
	(void)state;
	fake.optkeys_broken = true;
	assert_int_equal(write_options(0), STL_PROGRAM);
	assert_non_null(strstr(err.message, "do not unlock"));
	/* nothing was erased, so there is nothing to worry about */
	assert_null(strstr(err.hint, "powered"));
	assert_memory_equal(fake.option, factory, 16);
	setup(state);
	memset(fake.option, 0xff, 2);	/* an earlier change that was cut */
	fake.optkeys_broken = true;
	assert_int_equal(write_options(0), STL_PROGRAM);
	assert_non_null(strstr(err.hint, "keep the board powered"));
}

static void failure_says_what_may_be_lost(void **state)
{
	(void)state;
	want.data[0] = 0x12;
	want.wrp[0] = 0xfe;
	fake.opt_refuse = 3;
	fake.opt_flag = 0x10;
	assert_int_equal(write_options(0), STL_OK);
	setup(state);
	want.data[0] = 0x12;
	want.wrp[0] = 0xfe;
	fake.no_read_at = 0x1ffff800;
	assert_int_equal(write_options(0), STL_LINK);
	assert_non_null(strstr(err.hint, "stlink unprotect leads out of it"));
	assert_non_null(strstr(err.hint,
			       "stlink option set DATA0=0x12 WRP=0-3"));
}

/* Whatever becomes of it, firmware that is let run begins at its beginning. */
static void the_core_is_left_at_reset(void **state)
{
	(void)state;
	assert_int_equal(write_options(0), STL_OK);
	assert_int_equal(fake.regs[15], 0);
	assert_true(fake.halted);
	fake.optkeys_broken = true;
	assert_int_equal(write_options(0), STL_PROGRAM);
	assert_int_equal(fake.regs[15], 0);
}

/* A change that was cut off is no wish for what erased bytes mean. */
static void erased_bytes_are_those_in_force(void **state)
{
	struct stl_option_bytes base;
	struct stl_options o;

	(void)state;
	memcpy(fake.option, "\xaa\x55\xef\x10\x3c\xc3\x55\xaa"
	       "\xfb\x04\xff\x00\xff\x00\xff\x00", 16);
	fake_option_load();
	open_target(STL_CHANGE);
	assert_int_equal(stl_options_read(&target, &o, &err), STL_OK);
	assert_true(stl_option_base(&base, &o, &target.chip));
	assert_memory_equal(&base, "\xaa\xef\x3c\x55\xfb\xff\xff\xff", 8);
	/* the erase was cut: RDP neither there nor erased, others erased */
	memset(fake.option, 0xff, 16);
	fake.option[1] = 0x55;
	fake.option[4] = 0x12;		/* this one was programmed already */
	fake.option[5] = 0xed;
	assert_int_equal(stl_options_read(&target, &o, &err), STL_OK);
	assert_false(stl_option_base(&base, &o, &target.chip));
	assert_memory_equal(&base, "\xaa\xef\x12\x55\xfb\xff\xff\xff", 8);
	assert_false(stl_rdp_lost(&o));
	/* after a power-on there is nothing left to take it from */
	fake_option_load();
	open_target(STL_CHANGE);
	assert_true(target.chip.flags & STL_CHIP_RDP_LOST);
	assert_int_equal(stl_options_read(&target, &o, &err), STL_OK);
	assert_true(stl_rdp_lost(&o));
	stl_option_base(&base, &o, &target.chip);
	assert_memory_equal(&base, "\xff\xff\x12\xff\xff\xff\xff\xff", 8);
}

#define T(f)	cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(rdp_comes_right_after_the_erase),
		T(the_watchdog_is_fed_all_the_time),
		T(reserved_bits_stay_1),
		T(load_puts_them_in_force),
		T(load_tells_when_nothing_came_of_it),
		T(level_1_and_back),
		T(a_flag_alone_is_no_failure),
		T(other_bytes_at_level_1),
		T(level_2_only_by_name),
		T(level_2_is_loaded_only_by_name),
		T(a_copy_of_the_chip_only_by_force),
		T(not_by_who_only_looks),
		T(any_step_may_fail_once),
		T(failure_says_keep_the_power),
		T(failure_says_what_may_be_lost),
		T(the_core_is_left_at_reset),
		T(erased_bytes_are_those_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
