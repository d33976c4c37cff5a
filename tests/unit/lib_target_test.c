// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: attach modes, identification, core control, reading, leaving.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib_fake.h"
#include "stlink-lib.h"

static struct stl_target target;
static struct stl_error err;
static char notes[2048];

static void on_note(void *ctx, enum stl_note weight, const char *text)
{
	(void)ctx;
	(void)weight;
	strncat(notes, text, sizeof(notes) - strlen(notes) - 1);
}

static int setup(void **state)
{
	(void)state;
	fake_reset(4);
	memset(&err, 0, sizeof(err));
	notes[0] = '\0';
	return 0;
}

static int open_as(enum stl_mode mode, enum stl_purpose purpose)
{
	struct stl_attach_options opts = {
		.mode = mode,
		.purpose = purpose,
		.cb = { .note = on_note },
	};

	return stl_target_open(&target, 3, NULL, &opts, &err);
}

static void looking_is_hot_plug(void **state)
{
	(void)state;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
	assert_int_equal(fake.attaches, 1);
	assert_int_equal(fake.attach_modes[0], STLINK_ATTACH_HOTPLUG);
	assert_int_equal(stl_target_identify(&target, &err), STL_OK);
	assert_int_equal(stl_target_close(&target, STL_LEAVE_AS_FOUND, &err),
			 STL_OK);
	assert_int_equal(fake.writes, 0);
	assert_int_equal(fake.halts + fake.resets, 0);
	assert_int_equal(fake.detach_flags, 0);
}

static void looking_never_resets(void **state)
{
	(void)state;
	fake.fail_attach[STLINK_ATTACH_HOTPLUG] = ENXIO;
	fake.fail_attach[STLINK_ATTACH_NORMAL] = ENXIO;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_NO_TARGET);
	assert_int_equal(fake.attaches, 2);
	assert_int_equal(fake.resets, 0);
	assert_non_null(strstr(err.message, "hot-plug, normal"));
	assert_non_null(strstr(err.hint, "under-reset"));
}

static void changing_goes_on_to_under_reset(void **state)
{
	(void)state;
	fake.fail_attach[STLINK_ATTACH_NORMAL] = ETIMEDOUT;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_CHANGE), STL_OK);
	assert_int_equal(fake.attach_modes[0], STLINK_ATTACH_NORMAL);
	assert_int_equal(fake.attach_modes[1], STLINK_ATTACH_UNDER_RESET);
	assert_non_null(strstr(notes, "under reset"));
	assert_true(fake.claimed);
	/* Caught at reset with a watchdog that may run: frozen at once. */
	assert_int_equal(stl_target_identify(&target, &err), STL_OK);
	assert_int_equal(fake.apb1_fz & 0x1800, 0x1800);
	assert_false(target.found_halted);
	assert_int_equal(stl_target_close(&target, STL_LEAVE_AS_FOUND, &err),
			 STL_OK);
	assert_int_equal(fake.apb1_fz, 0);
	assert_false(fake.halted);
	assert_false(fake.claimed);
}

static void nothing_answers(void **state)
{
	(void)state;
	fake.fail_attach[0] = fake.fail_attach[1] = fake.fail_attach[2] = ENXIO;
	fake.millivolts = 120;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_CHANGE), STL_NO_TARGET);
	assert_int_equal(fake.attaches, 3);
	assert_non_null(strstr(err.hint, "120 mV"));
	assert_false(fake.claimed);
}

static void other_errors_end_it_at_once(void **state)
{
	(void)state;
	fake.fail_attach[STLINK_ATTACH_NORMAL] = ENODEV;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_CHANGE), STL_NO_PROBE);
	assert_int_equal(fake.attaches, 1);
	assert_false(fake.claimed);
}

static void asleep_core_is_no_target(void **state)
{
	(void)state;
	fake.cpuid = 0;
	assert_int_equal(open_as(STL_MODE_HOT_PLUG, STL_LOOK), STL_NO_TARGET);
	assert_non_null(strstr(err.hint, "0x0bb11477"));
	assert_false(fake.attached);
}

static void claimed_probe_names_the_holder(void **state)
{
	(void)state;
	fake.claimed_by = getpid();
	assert_int_equal(open_as(STL_MODE_AUTO, STL_CHANGE), STL_PROBE_BUSY);
	assert_non_null(strstr(err.message, "lib_target_test"));
	fake.fail_attach[STLINK_ATTACH_HOTPLUG] = EBUSY;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_PROBE_BUSY);
	assert_non_null(strstr(err.message, "lib_target_test"));
}

static void halted_is_left_halted(void **state)
{
	(void)state;
	fake.halted = true;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
	assert_true(target.found_halted);
	assert_int_equal(stl_target_close(&target, STL_LEAVE_AS_FOUND, &err),
			 STL_OK);
	assert_true(fake.halted);
}

static void identifies_each_part(void **state)
{
	static const struct {
		unsigned int part;
		const char *name;
		uint32_t flash, page, sram;
	} parts[] = {
		{ 4, "STM32F030x4", 16384, 1024, 4096 },
		{ 6, "STM32F030x6", 32768, 1024, 4096 },
		{ 8, "STM32F030x8", 65536, 1024, 8192 },
		{ 0xc, "STM32F030xC", 262144, 2048, 32768 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		fake_reset(parts[i].part);
		assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
		assert_int_equal(stl_target_identify(&target, &err), STL_OK);
		assert_string_equal(target.chip.name, parts[i].name);
		assert_int_equal(target.chip.flash_size, parts[i].flash);
		assert_int_equal(target.chip.page_size, parts[i].page);
		assert_int_equal(target.chip.sram_size, parts[i].sram);
		assert_int_equal(target.chip.flags, 0);
		assert_int_equal(target.chip.rdp_level, 0);
		assert_int_equal(target.chip.uid[2], 0x20313858);
		assert_string_equal(notes, "attached: hot-plug");
		notes[0] = '\0';
	}
}

/* What can't be read is not known, and all else is; on every firmware in two calls */
static void one_address_fails(void **state)
{
	static const struct {
		uint32_t addr;
		unsigned int flags;
	} words[] = {
		{ 0, 0 },
		{ 0x1ffff7cc, STL_CHIP_SIZE_GUESSED },
		{ 0x1ffff7ac, STL_CHIP_NO_UID },
		{ 0x1ffff7b0, STL_CHIP_NO_UID },
		{ 0x1ffff7b4, STL_CHIP_NO_UID },
		{ 0xe00fffd0, 0 },
		{ 0xe00fffe4, 0 },
		{ 0xe00fffec, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(words) / sizeof(words[0]); i++) {
		fake_reset(4);
		fake.features = i % 2 ? STLINK_FEAT_RW_MISC : 0;
		fake.no_read_at = words[i / 2].addr;
		assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
		assert_int_equal(stl_target_identify(&target, &err), STL_OK);
		assert_int_equal(target.chip.flags, words[i / 2].flags);
		assert_int_equal(target.chip.obr, fake.obr);
		assert_int_equal(target.chip.wrpr, fake.wrpr);
		assert_int_equal(target.chip.uid[2],
				 words[i / 2].flags & STL_CHIP_NO_UID ? 0 :
				 fake.uid[2]);
		assert_in_range(fake.mem_calls, 2, i < 2 ? 2 : 3);
	}
}

static void option_registers_are_needed(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		fake_reset(4);
		fake.features = i % 2 ? STLINK_FEAT_RW_MISC : 0;
		fake.no_read_at = i < 2 ? 0x4002201c : 0x40022020;
		assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
		assert_int_equal(stl_target_identify(&target, &err), STL_LINK);
		assert_non_null(strstr(err.message, "FLASH_OBR"));
	}
}

static void strangers_are_refused(void **state)
{
	static const struct {
		uint32_t dpidr, cpuid, idcode;
		const char *hint;
	} strangers[] = {
		{ 0x1ba01477, 0x412fc231, 0, "" },
		{ 0x0bb11477, 0x410cc200, 0x20036410, "DEV_ID 410" },
		{ 0x2ba01477, 0x410fc241, 0x10006444, "" },
		{ 0x0bb11477, 0x410cc200, 0, "" },
		{ 0x0bb11477, 0x410cc200, 0xffffffff, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		fake_reset(4);
		fake.dpidr = strangers[i].dpidr;
		fake.cpuid = strangers[i].cpuid;
		fake.idcode = strangers[i].idcode;
		assert_int_equal(open_as(STL_MODE_AUTO, STL_CHANGE), STL_OK);
		assert_int_equal(stl_target_identify(&target, &err),
				 STL_NO_TARGET);
		assert_non_null(strstr(err.hint, strangers[i].hint));
		assert_int_equal(fake.writes, 0);
	}
}

static void clones_are_named(void **state)
{
	(void)state;
	fake.dpidr = 0x0bc11477;
	fake.cpuid = 0x410cc601;
	fake.idcode = 0x20006440;
	fake.size_reg = 64;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
	assert_int_equal(stl_target_identify(&target, &err), STL_OK);
	assert_true(target.chip.flags & STL_CHIP_NOT_M0);
	assert_non_null(strstr(notes, "Cortex-M0+"));
}

static void nonsense_size_is_the_smallest(void **state)
{
	static const uint32_t sizes[] = { 0, 0xffff, 64, 0xffffffff };
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		fake_reset(6);
		fake.size_reg = sizes[i];
		assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
		assert_int_equal(stl_target_identify(&target, &err), STL_OK);
		assert_int_equal(target.chip.flash_size, 16384);
		assert_true(target.chip.flags & STL_CHIP_SIZE_GUESSED);
	}
}

static void read_stops_at_the_end_of_flash(void **state)
{
	static uint8_t buf[32768];
	unsigned int i;
	uint32_t done;

	(void)state;
	for (i = 0; i < 2; i++) {
		fake.fault_addr_known = i;	/* with J15 and before it */
		memset(fake.flash, 0x3c, 16384);
		memset(buf, 0, sizeof(buf));
		assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
		assert_int_equal(stl_target_identify(&target, &err), STL_OK);
		assert_int_equal(stl_read(&target, 0x08003001, buf, 0x2000, 0,
					  &done, &err), STL_LINK);
		assert_int_equal(done, 0xfff);
		assert_non_null(strstr(err.message, "0x08004000"));
		assert_non_null(strstr(err.message, "reserved"));
		assert_non_null(strstr(err.hint, "0x08003fff"));
		assert_int_equal(buf[0xffe], 0x3c);
		assert_int_equal(buf[0xfff], 0);
	}
}

static void read_protection_is_explained(void **state)
{
	uint8_t buf[16];

	(void)state;
	fake.obr |= 2;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
	assert_int_equal(stl_target_identify(&target, &err), STL_OK);
	assert_int_equal(target.chip.rdp_level, 1);
	assert_int_equal(stl_read(&target, 0x08000000, buf, 16, 0, NULL, &err),
			 STL_PROTECTED);
	assert_int_equal(stl_read(&target, 0x20000000, buf, 16, 0, NULL, &err),
			 STL_OK);
}

static void ranges_are_checked_before(void **state)
{
	(void)state;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
	assert_int_equal(stl_target_identify(&target, &err), STL_OK);
	assert_int_equal(stl_check_read(&target, 0x08000000, 16384, &err),
			 STL_OK);
	assert_int_equal(stl_check_read(&target, 0x08000001, 0x10000000, &err),
			 STL_LINK);
	assert_non_null(strstr(err.message, "0x08000001 to 0x18000000"));
	assert_non_null(strstr(err.message, "nothing at 0x08004000"));
	assert_non_null(strstr(err.hint, "range: 0x08000001-0x08003fff\n"));
	assert_non_null(strstr(err.hint, "0x20000000-0x20000fff  SRAM"));
	assert_int_equal(stl_check_read(&target, 0x30000001, 3, &err),
			 STL_LINK);
	assert_non_null(strstr(err.hint, "range: nothing\n"));
	/* at level 1 known without touching flash */
	target.chip.rdp_level = 1;
	assert_int_equal(stl_check_read(&target, 0x07ffffff, 2, &err),
			 STL_PROTECTED);
	assert_non_null(strstr(err.message, "read protection level 1"));
	assert_int_equal(stl_check_read(&target, 0x08004000, 4, &err),
			 STL_LINK);
	assert_int_equal(stl_check_read(&target, 0x20000000, 4, &err), STL_OK);
}

static void bad_accesses_are_usage(void **state)
{
	uint8_t buf[16] = { 0 };

	(void)state;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_CHANGE), STL_OK);
	assert_int_equal(stl_target_identify(&target, &err), STL_OK);
	assert_int_equal(stl_read(&target, 0x20000001, buf, 4, 4, NULL, &err),
			 STL_USAGE);
	assert_int_equal(stl_read(&target, 0x20000000, buf, 3, 2, NULL, &err),
			 STL_USAGE);
	assert_int_equal(stl_read(&target, 0xfffffffc, buf, 8, 4, NULL, &err),
			 STL_USAGE);
	assert_int_equal(stl_write(&target, 0x08000000, buf, 4, 4, &err),
			 STL_USAGE);
	assert_int_equal(stl_write(&target, 0x1ffff800, buf, 4, 4, &err),
			 STL_USAGE);
	assert_int_equal(fake.writes, 0);
	assert_int_equal(stl_write(&target, 0x20000004, "\1\2\3\4", 4, 4, &err),
			 STL_OK);
	assert_memory_equal(fake.sram + 4, "\1\2\3\4", 4);
}

static void states_and_control(void **state)
{
	struct stl_core_state s;

	(void)state;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_CHANGE), STL_OK);
	assert_int_equal(stl_target_identify(&target, &err), STL_OK);
	assert_int_equal(stl_core_state(&target, &s, &err), STL_OK);
	assert_string_equal(s.name, "running");
	assert_false(s.pc_valid);
	assert_int_equal(stl_core_halt(&target, &err), STL_OK);
	assert_int_equal(fake.apb1_fz & 0x1800, 0x1800);
	fake.regs[15] = 0x08000123;
	assert_int_equal(stl_core_state(&target, &s, &err), STL_OK);
	assert_string_equal(s.name, "halted");
	assert_int_equal(s.pc, 0x08000123);
	assert_int_equal(stl_core_run(&target, &err), STL_OK);
	assert_int_equal(fake.apb1_fz, 0);
	assert_false(fake.halted);
	assert_int_equal(stl_core_reset(&target, true, 0, &s, &err), STL_OK);
	assert_string_equal(s.name, "halted");
	assert_non_null(strstr(s.why, "reset"));
	assert_int_equal(stl_core_reset(&target, false, 0, &s, &err), STL_OK);
	assert_string_equal(s.name, "running");
}

static void looking_may_not_change(void **state)
{
	(void)state;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
	assert_int_equal(stl_core_halt(&target, &err), STL_USAGE);
	assert_int_equal(stl_core_run(&target, &err), STL_USAGE);
	assert_int_equal(stl_core_reset(&target, false, 0, NULL, &err),
			 STL_USAGE);
	assert_int_equal(fake.halts + fake.resets, 0);
}

static void lockup_is_explained_without_halting(void **state)
{
	struct stl_core_state s;

	(void)state;
	fake.lockup = true;
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
	assert_int_equal(stl_target_identify(&target, &err), STL_OK);
	assert_int_equal(stl_core_state(&target, &s, &err), STL_OK);
	assert_string_equal(s.name, "lockup");
	assert_non_null(strstr(s.why, "blank"));
	assert_int_equal(fake.halts, 0);
}

static void options_are_decoded(void **state)
{
	struct stl_options o;

	(void)state;
	fake.obr = 0xa55a7600;		/* hardware watchdog */
	fake.wrpr = 0xfffffffe;
	memcpy(fake.option, "\xaa\x55\xfe\x01\x5a\xa5\xa5\x5a\xfe\x01", 10);
	assert_int_equal(open_as(STL_MODE_AUTO, STL_LOOK), STL_OK);
	assert_int_equal(stl_target_identify(&target, &err), STL_OK);
	assert_int_equal(stl_options_read(&target, &o, &err), STL_OK);
	assert_false(o.wdg_sw);
	assert_true(o.nrst_stop);
	assert_true(o.raw_valid);
	assert_false(o.pending);
	assert_int_equal(o.data[0], 0x5a);
	assert_int_equal(o.data[1], 0xa5);
	memcpy(fake.option + 2, "\xff\x00", 2);
	assert_int_equal(stl_options_read(&target, &o, &err), STL_OK);
	assert_true(o.pending);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(looking_is_hot_plug),
		T(looking_never_resets),
		T(changing_goes_on_to_under_reset),
		T(nothing_answers),
		T(other_errors_end_it_at_once),
		T(asleep_core_is_no_target),
		T(claimed_probe_names_the_holder),
		T(halted_is_left_halted),
		T(identifies_each_part),
		T(one_address_fails),
		T(option_registers_are_needed),
		T(strangers_are_refused),
		T(clones_are_named),
		T(nonsense_size_is_the_smallest),
		T(read_stops_at_the_end_of_flash),
		T(read_protection_is_explained),
		T(ranges_are_checked_before),
		T(bad_accesses_are_usage),
		T(states_and_control),
		T(looking_may_not_change),
		T(lockup_is_explained_without_halting),
		T(options_are_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
