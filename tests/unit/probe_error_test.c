// SPDX-License-Identifier: GPL-2.0-only
/* Memory that fails: WAIT, FAULT, stale data, limits; and injected faults. */
#include "probe_test.h"


static void fill_sram(uint32_t addr, unsigned int len)
{
	uint8_t buf[4096];
	unsigned int i;

	for (i = 0; i < len; i++)
		buf[i] = i * 7 + (i >> 8);
	assert_true(chip_poke(chip, addr, buf, len));
}

static void expect_block(const uint8_t *got, unsigned int from, unsigned int len)
{
	unsigned int i;

	for (i = from; i < from + len; i++)
		assert_int_equal(got[i - from], (uint8_t)(i * 7 + (i >> 8)));
}

static void widths(void **state)
{
	unsigned int len;
	uint8_t there[64];

	(void)state;
	start("V2J37S7");
	attach();
	fill_sram(SRAM, 4096);
	mem(0x07, SRAM, 4096);		/* crosses 1 KiB three times */
	assert_int_equal(answer_len, 4096);
	expect_block(answer, 0, 4096);
	mem(0x47, SRAM + 1022, 4);
	assert_int_equal(answer_len, 4);
	expect_block(answer, 1022, 4);
	for (len = 1; len <= 64; len++) {
		mem(0x0c, SRAM + 1001, len);
		assert_int_equal(answer_len, len == 1 ? 2 : len);
		expect_block(answer, 1001, len);
		xchg("F2 3B", "80 00");
	}
	mem(0x0d, SRAM + 1023, 2);
	data_out("5a a5");
	mem(0x48, SRAM + 2, 2);
	data_out("12 34");
	xchg("F2 3E", "80 00 00 00 00 00 00 00 00 00 00 00");
	chip_peek(chip, SRAM + 1020, there, 8);
	assert_int_equal(there[3], 0x5a);
	assert_int_equal(there[4], 0xa5);
	expect_block(there, 1020, 3);
	chip_peek(chip, SRAM, there, 8);
	assert_memory_equal(there + 2, "\x12\x34", 2);
	expect_block(there, 0, 2);
	/* all words from one address */
	mem(0x54, SRAM + 8, 12);
	assert_memory_equal(answer, answer + 4, 8);
	expect_block(answer, 8, 4);
}

static void wrapping(void **state)
{
	uint8_t there[8];

	opt.tar = TAR_WRAPS;
	start("V2J37S7");
	attach();
	fill_sram(SRAM, 4096);
	mem(0x07, SRAM + 1020, 12);
	expect_block(answer, 1020, 4);
	expect_block(answer + 4, 0, 8);
	mem(0x08, SRAM + 2044, 8);
	data_out("01 02 03 04 05 06 07 08");
	chip_peek(chip, SRAM + 1024, there, 4);
	assert_memory_equal(there, "\x05\x06\x07\x08", 4);
	chip_peek(chip, SRAM + 2044, there, 8);
	assert_memory_equal(there, "\x01\x02\x03\x04", 4);
	expect_block(there + 4, 2048, 4);
	/* bytes have never been split */
	mem(0x0c, SRAM + 3070, 8);
	expect_block(answer, 3070, 8);
	tear_down(state);
	/* before J24 each word has an address of its own */
	start("V2J23S7");
	attach();
	fill_sram(SRAM, 4096);
	mem(0x07, SRAM + 1020, 12);
	expect_block(answer, 1020, 12);
}

static void limits(void **state)
{
	(void)state;
	start("V2J37S7");
	attach();
	mem(0x0c, SRAM, 65);
	assert_int_equal(answer_len, 65);
	xchg("F2 3B", "08 00");
	mem(0x07, SRAM + 2, 4);
	assert_int_equal(answer_len, 4);
	xchg("F2 3B", "0a 00");
	mem(0x47, SRAM + 1, 4);
	xchg("F2 3B", "0a 00");
	mem(0x07, FLASH, 6144);
	assert_int_equal(answer_len, 6144);
	xchg("F2 3B", "80 00");
	mem(0x07, FLASH, 6148);
	assert_int_equal(answer_len, 6148);
	xchg("F2 3B", "08 00");
	mem(0x07, SRAM, 0);
	assert_int_equal(answers, 0);
	xchg("F2 3B", "08 00");
	xchg("F2 36 02 00 00 20", "0a 00 00 00 .. .. .. ..");
	xchg("F2 35 02 00 00 20 00 00 00 00", "0a 00");
}

static void failed_read(void **state)
{
	static const uint32_t last = SRAM + 4096 - 8;
	uint8_t before[16];

	(void)state;
	start("V2J37S7");
	attach();
	fill_sram(SRAM, 4096);
	mem(0x07, SRAM, 16);
	memcpy(before, answer, 16);
	/* 8 bytes before the end of SRAM: the third word faults */
	mem(0x07, last, 16);
	assert_int_equal(answer_len, 16);
	expect_block(answer, 4096 - 8, 8);
	assert_memory_equal(answer + 8, before + 8, 8);
	xchg("F2 3E", "11 00 00 00 00 10 00 20 00 00 00 00");
	/* asked again, the same; the next access is not impaired */
	xchg("F2 3B", "11 00");
	mem(0x07, SRAM, 4);
	expect_block(answer, 0, 4);
	xchg("F2 3E", "80 00 00 00 00 00 00 00 00 00 00 00");
	xchg("F2 36 00 00 00 60", "11 00 00 00 .. .. .. ..");
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
}

static void failed_read_old(void **state)
{
	(void)state;
	start("V2J17S4");
	attach();
	fill_sram(SRAM, 4096);
	mem(0x07, SRAM + 4096 - 4, 12);
	assert_int_equal(answer_len, 12);
	expect_block(answer, 4096 - 4, 4);
	xchg("F2 3E", "11 00 00 00 00 10 00 20 00 00 00 00");
	mem(0x07, SRAM, 4);
	xchg("F2 3B", "80 00");
}

static void failed_write(void **state)
{
	uint8_t there[8];

	(void)state;
	start("V2J37S7");
	attach();
	mem(0x08, SRAM + 4096 - 8, 16);
	data_out("01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10");
	assert_int_equal(answers, 0);
	xchg("F2 3E", "11 00 00 00 00 10 00 20 00 00 00 00");
	chip_peek(chip, SRAM + 4096 - 8, there, 8);
	assert_memory_equal(there, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	xchg("F2 35 00 00 00 60 00 00 00 00", "11 00");
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
}

static void sticky_by_registers(void **state)
{
	(void)state;
	start("V2J37S7");
	attach();
	/* a fault by bare registers stays until somebody clears it */
	xchg("F2 46 00 00 00 00 02 00 00 23", "80 00");
	xchg("F2 46 00 00 04 00 00 00 00 60", "80 00");
	command("F2 45 00 00 0C 00");
	assert_int_equal(answer[0], 0x11);
	xchg("F2 45 00 00 04 00", "11 00 00 00 .. .. .. ..");
	command("F2 45 FF FF 04 00");
	assert_true(word_at(answer + 4) & 0x20);
	xchg("F2 46 FF FF 00 00 1E 00 00 00", "80 00");
	xchg("F2 45 00 00 04 00", "80 00 00 00 00 00 00 60");
	/* or until a high-level command meets it */
	command("F2 45 00 00 0C 00");
	assert_int_equal(answer[0], 0x11);
	mem(0x07, SRAM, 4);
	xchg("F2 3B", "19 00");
	mem(0x07, SRAM, 4);
	xchg("F2 3B", "80 00");
}

static void waits(void **state)
{
	uint64_t before;

	(void)state;
	start("V2J37S7");
	attach();
	/* four WAITs are repeated on the wire, five are told */
	before = probe_counters(probe)->swd_waits;
	chip_faults(chip)->ap_waits = 4;
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
	assert_int_equal(probe_counters(probe)->swd_waits - before, 4);
	chip_faults(chip)->ap_waits = 5;
	xchg("F2 36 00 ED 00 E0", "10 00 00 00 .. .. .. ..");
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
	chip_faults(chip)->ap_waits = 5;
	mem(0x07, SRAM, 8);
	assert_int_equal(answer_len, 8);
	xchg("F2 3E", "10 00 00 00 00 00 00 20 00 00 00 00");
}

static void busy_flash(void **state)
{
	uint64_t began;

	(void)state;
	start("V2J37S7");
	attach();
	halt();
	xchg("F2 35 04 20 02 40 23 01 67 45", "80 00");
	xchg("F2 35 04 20 02 40 AB 89 EF CD", "80 00");
	xchg("F2 35 10 20 02 40 02 00 00 00", "80 00");
	xchg("F2 35 14 20 02 40 00 04 00 08", "80 00");
	xchg("F2 35 10 20 02 40 42 00 00 00", "80 00");
	/* 30 ms: flash holds the bus, the flash controller does not */
	began = now = probe_busy_until(probe);
	xchg("F2 36 0C 20 02 40", "80 00 00 00 01 00 00 00");
	mem(0x07, FLASH, 4);
	assert_true(probe_busy_until(probe) - began < 5000000);
	xchg("F2 3B", "10 00");
	now += 35000000;
	mem(0x07, FLASH, 4);
	xchg("F2 3B", "80 00");
	assert_int_equal(chip_counters(chip)->page_erases, 1);
}

static void injected(void **state)
{
	struct probe_inject *in;
	uint8_t there[8];

	(void)state;
	start("V2J37S7");
	attach();
	in = probe_inject(probe);
	in->wait_count = 2;
	in->wait_code = 0x14;
	xchg("F2 36 00 ED 00 E0", "14 00 00 00 .. .. .. ..");
	xchg("F2 31", "14 00 00 00 .. .. .. .. .. .. .. ..");
	xchg("F2 31", "80 00 00 00 77 14 b1 0b .. .. .. ..");
	in->wait_fault_ok = 2;
	mem(0x07, SRAM, 4);
	xchg("F2 3B", "10 00");
	mem(0x07, SRAM, 4);
	xchg("F2 3B", "11 00");
	mem(0x07, SRAM, 4);
	xchg("F2 3B", "80 00");
	/* a write cut off in the middle */
	in->code = 0x0c;
	in->code_count = 1;
	memset(there, 0xee, 8);
	chip_poke(chip, SRAM, there, 8);
	mem(0x08, SRAM, 8);
	data_out("01 02 03 04 05 06 07 08");
	xchg("F2 3E", "0c 00 00 00 04 00 00 20 00 00 00 00");
	chip_peek(chip, SRAM, there, 8);
	assert_memory_equal(there, "\x01\x02\x03\x04\xee\xee\xee\xee", 8);
	in->parity = 1;
	command("F2 36 00 ED 00 E0");
	assert_true(answer[0] == 0x13);
	xchg("F2 36 00 ED 00 E0", "80 00 00 00 00 c2 0c 41");
	in->swd_dead = true;
	command("F2 36 00 ED 00 E0");
	assert_int_equal(answer[0], 0x12);
	command("F2 21");
	xchg("F2 30 A3", "09 00");
	in->swd_dead = false;
	xchg("F2 30 A3", "80 00");
	in->stalls = 1;
	xchg("F5", STALL);
	in->silents = 1;
	xchg("F5", NOTHING);
	in->shorts = 1;
	xchg("F5", "02");
	in->longs = 1;
	xchg("F5", "02 00 .. ..");
	xchg("F5", "02 00");
}

static void running_core(void **state)
{
	(void)state;
	start("V2J37S7");
	attach();
	command("F2 33 00");
	assert_int_equal(answer[0], 0x80);
	tear_down(state);
	opt.readreg_error = true;
	start("V2J37S7");
	attach();
	xchg("F2 33 00", "01 00 00 00 .. .. .. ..");
	halt();
	xchg("F2 33 0F", "80 00 00 00 08 00 00 08");
}

static void swd_time(void **state)
{
	struct probe_counters c;
	uint64_t began, took;

	(void)state;
	start("V2J37S7");
	attach();
	command("F2 36 00 ED 00 E0");	/* CSW is set from here on */
	c = *probe_counters(probe);
	command("F2 36 00 ED 00 E0");
	assert_int_equal(probe_counters(probe)->swd_transfers -
			 c.swd_transfers, 3);
	assert_int_equal(probe_counters(probe)->swd_clocks - c.swd_clocks,
			 3 * 46);
	/* 1 KiB: a transfer a word, and few more; 46 clocks of 1.8 MHz each */
	began = now = probe_busy_until(probe);
	c = *probe_counters(probe);
	mem(0x07, SRAM, 1024);
	took = answer_ready - began;
	assert_int_equal(probe_counters(probe)->swd_transfers -
			 c.swd_transfers, 256 + 3);
	assert_in_range(took, 259 * 25550ull, 259 * 25560ull);
	/* half the clock takes twice as long: 72 MHz / (20 * (3 + 1)) */
	xchg("F2 43 03 00", "80 00");
	began = now = probe_busy_until(probe);
	mem(0x07, SRAM, 1024);
	assert_in_range(answer_ready - began, took * 2 - 1000,
			took * 2 + 1000);
	tear_down(state);

	/* old firmware: three transfers a word */
	start("V2J17S4");
	attach();
	c = *probe_counters(probe);
	mem(0x07, SRAM, 1024);
	assert_in_range(probe_counters(probe)->swd_transfers -
			c.swd_transfers, 3 * 256, 3 * 256 + 2);
	tear_down(state);

	opt.fast = true;
	start("V2J37S7");
	attach();
	now = probe_busy_until(probe);
	mem(0x07, SRAM, 1024);
	assert_int_equal(answer_ready, now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		probe_test(widths),
		probe_test(wrapping),
		probe_test(limits),
		probe_test(failed_read),
		probe_test(failed_read_old),
		probe_test(failed_write),
		probe_test(sticky_by_registers),
		probe_test(waits),
		probe_test(busy_flash),
		probe_test(injected),
		probe_test(running_core),
		probe_test(swd_time),
	};

	return cmocka_run_group_tests_name("probe errors", tests, NULL, NULL);
}
