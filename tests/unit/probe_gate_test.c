// SPDX-License-Identifier: GPL-2.0-only
/* What each firmware version has, and what it does without. */
#include <stdio.h>

#include "probe_test.h"

static void firmware(unsigned int j)
{
	char text[16];

	snprintf(text, sizeof(text), "V2J%uS4", j);
	start(text);
	attach();
}

/* commands with a status in front: 80 from @from on, 42 before */
static const struct {
	const char *cmd;
	unsigned int from;
	size_t len;
} gates[] = {
	{ "F2 3E", 15, 12 },
	{ "F2 40 00 10 80 84 1E 00", 13, 2 },
	{ "F2 41", 13, 2 },
	{ "F2 43 01 00", 22, 2 },
	{ "F2 44 20 00", 24, 2 },
	{ "F2 45 FF FF 00 00", 24, 8 },
	{ "F2 46 FF FF 00 00 1E 00 00 00", 24, 2 },
	{ "F2 4B 00", 28, 2 },
	{ "F2 53", 32, 8 },
	{ "F2 56", 36, 128 },
};

static void status_gates(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(gates) / sizeof(*gates); i++) {
		firmware(gates[i].from);
		command(gates[i].cmd);
		assert_int_equal(answer_len, gates[i].len);
		assert_int_equal(answer[0], 0x80);
		tear_down(state);

		firmware(gates[i].from - 1);
		command(gates[i].cmd);
		assert_int_equal(answers, 1);
		assert_int_equal(answer_len, gates[i].len);
		assert_int_equal(answer[0], 0x42);
		tear_down(state);
	}
}

static void voltage_gate(void **state)
{
	firmware(13);
	xchg("F7", "dc 05 00 00 0e 08 00 00");
	tear_down(state);
	firmware(12);
	xchg("F7", "42 00 00 00 00 00 00 00");
}

/* every version reads and writes words and bytes, and has 3B */
static void oldest(void **state)
{
	(void)state;
	firmware(1);
	mem(0x08, SRAM + 0x3fc, 8);
	data_out("01 02 03 04 05 06 07 08");
	xchg("F2 3B", "80 00");
	mem(0x0d, SRAM + 0x3ff, 3);
	data_out("aa bb cc");
	xchg("F2 3B", "80 00");
	mem(0x07, SRAM + 0x3fc, 8);
	assert_memory_equal(answer, "\x01\x02\x03\xaa\xbb\xcc\x07\x08", 8);
	mem(0x0c, SRAM + 0x3fe, 4);
	assert_memory_equal(answer, "\x03\xaa\xbb\xcc", 4);
	xchg("F2 3B", "80 00");
}

static void check_mem_gate(void **state, uint8_t op, unsigned int from,
			   bool write)
{
	static const uint8_t init[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint8_t now_there[8];

	firmware(from);
	chip_poke(chip, SRAM, init, 8);
	mem(op, SRAM, 8);
	if (write)
		data_out("11 12 13 14 15 16 17 18");
	else
		assert_int_equal(answer_len, 8);
	xchg("F2 3B", "80 00");
	chip_peek(chip, SRAM, now_there, 8);
	assert_int_equal(now_there[0], op == 0x50 ? 0x15 : write ? 0x11 : 1);
	tear_down(state);

	firmware(from - 1);
	chip_poke(chip, SRAM, init, 8);
	mem(op, SRAM, 8);
	if (write) {
		data_out("11 12 13 14 15 16 17 18");
		assert_int_equal(answers, 0);
	} else {
		assert_int_equal(answer_len, 8);
		assert_int_equal(answer[0], 0x42);
	}
	xchg("F2 3B", "42 00");
	chip_peek(chip, SRAM, now_there, 8);
	assert_memory_equal(now_there, init, 8);
	tear_down(state);
}

static void memory_gates(void **state)
{
	check_mem_gate(state, 0x47, 26, false);
	check_mem_gate(state, 0x48, 26, true);
	check_mem_gate(state, 0x50, 26, true);
	check_mem_gate(state, 0x54, 32, false);
}

static void csw_gate(void **state)
{
	/* CSW[31:8] of the host is used from J32 on; see it in AP 0 CSW */
	firmware(32);
	command("F2 07 00 00 00 20 04 00 00 00 00 03");
	command("F2 45 00 00 00 00");
	assert_int_equal(word_at(answer + 4) >> 24, 0x03);
	tear_down(state);
	firmware(31);
	command("F2 07 00 00 00 20 04 00 00 00 00 03");
	command("F2 45 00 00 00 00");
	assert_int_equal(word_at(answer + 4) >> 24, 0x23);
}

static void dp_bank_gate(void **state)
{
	firmware(32);
	xchg("F2 45 FF FF 14 00", "80 00 00 00 .. .. .. ..");
	tear_down(state);
	firmware(31);
	xchg("F2 45 FF FF 14 00", "08 00 00 00 .. .. .. ..");
}

static void close_ap(void **state)
{
	firmware(28);
	xchg("F2 4C 00", "1d 00");	/* though it worked */
	assert_int_equal(probe_state(probe).open_aps, 0);
	tear_down(state);
	firmware(29);
	xchg("F2 4C 00", "80 00");
	assert_int_equal(probe_state(probe).open_aps, 0);
	tear_down(state);
	firmware(27);
	xchg("F2 4C 00", "42 00");
	tear_down(state);
	firmware(37);
	xchg("F2 4B 01", "1d 00");	/* there is no AP 1 */
}

static void memory_status(uint8_t op, const char *status)
{
	mem(op, SRAM, 4);
	if (op == 0x08)
		data_out("00 00 00 00");
	xchg("F2 3B", status);
}

static void ap_open(void **state)
{
	opt.start_mode = MODE_MASS;
	start("V2J37S7");
	xchg("F2 30 A3", "80 00");
	memory_status(0x07, "1d 00");
	memory_status(0x08, "1d 00");
	/* a debug register opens AP 0 by the way */
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
	memory_status(0x07, "80 00");
	/* EXIT closes it */
	command("F2 21");
	xchg("F2 30 A3", "80 00");
	memory_status(0x07, "1d 00");
	xchg("F2 4B 00", "80 00");
	memory_status(0x07, "80 00");
	tear_down(state);

	start("V2J36S7");
	xchg("F2 30 A3", "80 00");
	memory_status(0x07, "80 00");
	tear_down(state);

	opt.ap_open = AP_OPEN_NEVER;
	start("V2J37S7");
	xchg("F2 30 A3", "80 00");
	memory_status(0x07, "80 00");
	tear_down(state);

	opt.ap_open = AP_OPEN_ALWAYS;
	start("V2J28S7");
	xchg("F2 30 A3", "80 00");
	memory_status(0x07, "1d 00");
	xchg("F2 36 00 ED 00 E0", "1d 00 00 00 .. .. .. ..");
	xchg("F2 45 00 00 FC 00", "80 00 00 00 21 00 77 04");
	xchg("F2 45 00 00 04 00", "1d 00 00 00 .. .. .. ..");
	xchg("F2 4B 00", "80 00");
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
}

static void unknown_commands(void **state)
{
	opt.start_mode = MODE_MASS;
	start("V2J37S7");
	xchg("F2 7E", "42 00");
	xchg("FB", "42 00");
	tear_down(state);
	opt.unknown = UNKNOWN_STALL;
	start("V2J17S4");
	xchg("F2 43 01", STALL);
	tear_down(state);
	opt.unknown = UNKNOWN_SILENCE;
	start("V2J17S4");
	xchg("F2 43 01", NOTHING);
	xchg("F5", "01 00");
}

static void rw_misc(void **state)
{
	static const uint8_t init[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint8_t there[4];

	firmware(32);
	chip_poke(chip, SRAM, init, 8);
	/* AP 0; address, write; read; read */
	xchg("F2 51 05 00 00 00", NOTHING);
	data_out("05 01 02 03 03 00 00 00  00 00 00 00  00 00 00 20"
		 " 44 33 22 11  00 00 00 20  04 00 00 20");
	assert_int_equal(answers, 0);
	command("F2 52");
	assert_int_equal(answer_len, 40);
	assert_int_equal(word_at(answer + 12), 0x11223344);
	assert_int_equal(word_at(answer + 16), 0x08070605);
	assert_int_equal(word_at(answer + 20), 0x80);
	assert_int_equal(word_at(answer + 36), 0x80);
	chip_peek(chip, SRAM, there, 4);
	assert_int_equal(word_at(there), 0x11223344);
	/* a fault, and nothing after it */
	xchg("F2 51 03 00 00 00", NOTHING);
	data_out("03 01 02 00  00 00 00 60  00 00 00 20  00 00 00 00");
	command("F2 52");
	assert_int_equal(answer_len, 24);
	assert_int_equal(word_at(answer + 12), 0x11);
	assert_int_equal(word_at(answer + 20), 0x11);
	chip_peek(chip, SRAM, there, 4);
	assert_int_equal(word_at(there), 0x11223344);
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
	tear_down(state);

	firmware(31);
	xchg("F2 51 01 00 00 00", NOTHING);
	data_out("03 00 00 00 00 00 00 20");
	xchg("F2 52", "42 00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		probe_test(status_gates),
		probe_test(voltage_gate),
		probe_test(oldest),
		probe_test(memory_gates),
		probe_test(csw_gate),
		probe_test(dp_bank_gate),
		probe_test(close_ap),
		probe_test(ap_open),
		probe_test(unknown_commands),
		probe_test(rw_misc),
	};

	return cmocka_run_group_tests_name("probe gates", tests, NULL, NULL);
}
