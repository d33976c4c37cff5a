// SPDX-License-Identifier: GPL-2.0-only
/* Sessions byte for byte, modes, and what each answer looks like. */
#include "probe_test.h"

static void worked_session(void **state)
{
	(void)state;
	start("V2J37S7");
	xchg("F1", "29 47 83 04 48 37");
	xchg("F5", "00 00");
	xchg("F3 07", NOTHING);
	xchg("F5", "01 00");
	xchg("F7", "dc 05 00 00 0e 08 00 00");
	xchg("F2 43 01 00", "80 00");
	xchg("F2 30 A3", "80 00");
	xchg("F5", "02 00");
	xchg("F2 4B 00", "80 00");
	xchg("F2 31", "80 00 00 00 77 14 b1 0b 00 00 00 00");
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
	xchg("F2 36 00 58 01 40", "80 00 00 00 44 64 00 10");
	xchg("F2 35 F0 ED 00 E0 03 00 5F A0", "80 00");
	/* the board was reset once, at power-on: S_RESET_ST, read once */
	xchg("F2 36 F0 ED 00 E0", "80 00 00 00 03 00 03 ..");
	xchg("F2 36 F0 ED 00 E0", "80 00 00 00 03 00 03 00");
	xchg("F2 08 00 00 00 20 08 00", NOTHING);
	data_out("01 02 03 04 05 06 07 08");
	assert_int_equal(answers, 0);
	xchg("F2 3E", "80 00 00 00 00 00 00 00 00 00 00 00");
	xchg("F2 07 00 00 00 20 08 00", "01 02 03 04 05 06 07 08");
	xchg("F2 3E", "80 00 00 00 00 00 00 00 00 00 00 00");
	xchg("F2 0C 01 00 00 20 01 00", "02 ..");
	xchg("F2 3E", "80 00 00 00 00 00 00 00 00 00 00 00");
	xchg("F2 35 F0 ED 00 E0 01 00 5F A0", "80 00");
	xchg("F2 35 F0 ED 00 E0 00 00 5F A0", "80 00");
	xchg("F2 4C 00", "80 00");
	xchg("F2 21", NOTHING);
	xchg("F5", "01 00");
	assert_string_equal(chip_core_state(chip), "running");
}

static void versions(void **state)
{
	static const struct { const char *v, *answer; } table[] = {
		{ "V2J28S7", "27 07 83 04 48 37" },	/* captured */
		{ "V2J24S0", "26 00 83 04 48 37" },	/* captured */
		{ "V2J17S4", "24 44 83 04 48 37" },
		{ "V2J29S7", "27 47 83 04 48 37" },
	};
	struct probe_version v;
	size_t i;

	for (i = 0; i < 4; i++) {
		start(table[i].v);
		xchg("F1", table[i].answer);
		xchg("F1 80", table[i].answer);
		tear_down(state);
	}
	opt.pid = 0x374b;
	start("V2J33M25");
	xchg("F1", "28 59 83 04 4b 37");
	assert_false(probe_version_parse("V2J37", &v));
	assert_false(probe_version_parse("V3J7S1", &v));
	assert_false(probe_version_parse("V2J0S1", &v));
	assert_false(probe_version_parse("V2J64S1", &v));
	assert_false(probe_version_parse("V2J37X7", &v));
	assert_false(probe_version_parse("V2J37S7 ", &v));
}

static void boot_loader(void **state)
{
	(void)state;
	start("V2J37S7");
	xchg("F7", NOTHING);
	xchg("F2 30 A3", NOTHING);
	xchg("F4 00", NOTHING);
	xchg("F3 01", NOTHING);
	xchg("F5", "00 00");
	opt.dfu_reenumerate = true;
	tear_down(state);
	start("V2J37S7");
	xchg("F3 07", NOTHING);
	assert_int_equal(reenumerations, 1);
	xchg("F3 07", NOTHING);		/* has left already */
	assert_int_equal(reenumerations, 1);
	xchg("F5", "01 00");
}

static void swim(void **state)
{
	(void)state;
	opt.start_mode = MODE_MASS;
	start("V2J37S7");
	xchg("F4 00", NOTHING);
	xchg("F5", "03 00");
	xchg("F2 30 A3", "0e 00");
	xchg("F7", "dc 05 00 00 0e 08 00 00");
	xchg("F4 01", NOTHING);
	xchg("F5", "01 00");
	xchg("F2 30 A3", "80 00");
	/* no way from one session into another */
	xchg("F4 00", NOTHING);
	xchg("F5", "02 00");
	xchg("F2 30 A4", "0e 00");
}

static void left_over_session(void **state)
{
	(void)state;
	opt.start_mode = MODE_DEBUG;
	start("V2J37S7");
	xchg("F5", "02 00");
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
	mem(0x07, SRAM, 4);
	xchg("F2 3B", "80 00");
	xchg("F2 21", NOTHING);
	xchg("F5", "01 00");
}

static void idle(void **state)
{
	(void)state;
	opt.start_mode = MODE_MASS;
	start("V2J37S7");
	xchg("F2 21", NOTHING);
	xchg("F5", "01 00");
	xchg("F2 36 00 ED 00 E0", "05 00 00 00 .. .. .. ..");
	xchg("F2 33 00", "05 00 00 00 .. .. .. ..");
	xchg("F2 22", STALL);
	mem(0x07, SRAM, 8);
	assert_int_equal(answer_len, 8);
	xchg("F2 3B", "05 00");
	mem(0x08, SRAM, 4);
	data_out("11 22 33 44");
	xchg("F2 3B", "05 00");
	xchg("F2 43 09 01", "80 00");
	xchg("F2 3C 01", "80 00");
}

static void no_target(void **state)
{
	(void)state;
	opt.start_mode = MODE_MASS;
	start("V2J28S7");
	chip_power(chip, false);
	xchg("F7", "dc 05 00 00 00 00 00 00");
	xchg("F2 30 A3", "09 00");
	xchg("F5", "01 00");
	xchg("F2 22", STALL);
	chip_power(chip, true);
	xchg("F2 30 A3", "80 00");
	xchg("F2 22", "77 14 b1 0b");
	chip_power(chip, false);
	xchg("F2 36 00 ED 00 E0", "16 00 00 00 .. .. .. ..");
	xchg("F2 31", "16 00 00 00 .. .. .. .. .. .. .. ..");
}

static void answer_lengths(void **state)
{
	uint32_t v;

	(void)state;
	start("V2J37S7");
	attach();
	halt();
	xchg("F2 34 0D 78 56 34 12", "80 00");
	xchg("F2 33 0D", "80 00 00 00 78 56 34 12");
	command("F2 3A");
	assert_int_equal(answer_len, 88);
	assert_int_equal(answer[0], 0x80);
	assert_int_equal(word_at(answer + 4 + 4 * 13), 0x12345678);
	assert_int_equal(word_at(answer + 4 + 4 * 15), FLASH + 8);
	xchg("F2 32", "80 00");
	xchg("F2 40 00 10 80 84 1E 00", "80 00");	/* 2 MHz */
	xchg("F2 42", "00 00");
	xchg("F2 41", "80 00");
	xchg("F2 44 20 00", "80 00");
	xchg("F2 53", "80 00 00 00 40 00 00 00");
	command("F2 56");
	assert_int_equal(answer_len, 128);
	assert_int_equal(answer[0], 0x80);
	/* DP: CTRL/STAT shows both power-ups; AP 0: IDR */
	command("F2 45 FF FF 04 00");
	assert_int_equal(answer_len, 8);
	v = word_at(answer + 4);
	assert_int_equal(v & 0xf0000000, 0xf0000000);
	xchg("F2 45 00 00 FC 00", "80 00 00 00 21 00 77 04");
	xchg("F2 46 00 00 04 00 00 00 00 20", "80 00");
	xchg("F2 45 00 00 04 00", "80 00 00 00 00 00 00 20");
	xchg("F2 45 FF FF 00 00", "80 00 00 00 77 14 b1 0b");
}

static void reset_line(void **state)
{
	(void)state;
	start("V2J37S7");
	attach();
	command("F2 36 F0 ED 00 E0");
	/* S_REGRDY, and S_RETIRE_ST: it runs */
	xchg("F2 36 F0 ED 00 E0", "80 00 00 00 00 00 01 01");
	xchg("F2 3C 00", "80 00");
	assert_string_equal(chip_core_state(chip), "reset");
	/* SWD stays up under reset, and the level survives EXIT */
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
	command("F2 21");
	xchg("F2 30 A3", "80 00");
	assert_string_equal(chip_core_state(chip), "reset");
	xchg("F2 3C 01", "80 00");
	chip_run_until(chip, chip_now(chip) + 1000000);
	assert_string_equal(chip_core_state(chip), "running");
	xchg("F2 3C 02", "80 00");
	assert_true(probe_state(probe).nrst_low == false);
	assert_int_equal(chip_counters(chip)->power_ons, 1);

	tear_down(state);
	opt.nrst_wired = false;
	start("V2J37S7");
	attach();
	xchg("F2 3C 00", "80 00");
	assert_string_equal(chip_core_state(chip), "running");
	/* somebody solders the wire while the probe pulls */
	probe_set_nrst_wired(probe, true);
	assert_string_equal(chip_core_state(chip), "reset");
}

static void voltages(void **state)
{
	(void)state;
	opt.start_mode = MODE_MASS;
	start("V2J37S7");
	probe_set_voltage(probe, 0, 0, false);
	xchg("F7", "00 00 00 00 00 00 00 00");
	probe_set_voltage(probe, 0x5f1, 0x80b, false);	/* captured: 3.249 V */
	xchg("F7", "f1 05 00 00 0b 08 00 00");
	probe_set_voltage(probe, 1500, 2062, true);
	xchg("F7", NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		probe_test(worked_session),
		probe_test(versions),
		probe_test(boot_loader),
		probe_test(swim),
		probe_test(left_over_session),
		probe_test(idle),
		probe_test(no_target),
		probe_test(answer_lengths),
		probe_test(reset_line),
		probe_test(voltages),
	};

	return cmocka_run_group_tests_name("probe session", tests, NULL, NULL);
}
