// SPDX-License-Identifier: GPL-2.0-only
/* SW-DP and AHB-AP: ADIv5 (ARM IHI 0031) as the Cortex-M0 implements it. */
#include "chip_test.h"

#define STICKYORUN	0x02u
#define STICKYERR	0x20u
#define WDATAERR	0x80u

static uint32_t ctrl_stat(void)
{
	uint32_t value = 0;

	assert_int_equal(dp_rd(4, &value), SWD_OK);
	return value;
}

static void nobody_without_power(void **state)
{
	uint32_t value;

	(void)state;
	patience = 0;
	chip = chip_new(NULL);
	swd_line_reset(chip);
	assert_int_equal(dp_rd(0, &value), SWD_NONE);
	assert_string_equal(chip_core_state(chip), "off");
	power_on();
	/* nothing before a line reset either */
	assert_int_equal(dp_rd(0, &value), SWD_NONE);
	assert_int_equal(attach(), SWD_OK);
	chip_power(chip, false);
	assert_int_equal(dp_rd(0, &value), SWD_NONE);
	power_on();
	assert_int_equal(dp_rd(0, &value), SWD_NONE);
}

static void dpidr_comes_first(void **state)
{
	uint32_t value = 0;

	(void)state;
	start(NULL);
	swd_line_reset(chip);
	assert_int_equal(dp_rd(4, &value), SWD_FAULT);
	assert_int_equal(dp_wr(0, 0x1e), SWD_FAULT);
	assert_int_equal(ap_rd(0xfc, &value), SWD_FAULT);
	assert_int_equal(dp_rd(0, &value), SWD_OK);
	assert_int_equal(value, 0x0bb11477);
	assert_int_equal(ctrl_stat() & 0xf0000020, 0xf0000000);
}

static void power_up(void **state)
{
	uint32_t value;

	(void)state;
	patience = 0;
	chip = chip_new(NULL);
	power_on();
	swd_line_reset(chip);
	dp_rd(0, &value);
	assert_int_equal(ctrl_stat(), 0);
	assert_int_equal(ap_rd(0xfc, &value), SWD_FAULT);
	assert_int_equal(ctrl_stat(), STICKYERR);
	dp_wr(0, 0x4);
	assert_int_equal(dp_wr(4, 0x10000000), SWD_OK);
	assert_int_equal(ctrl_stat(), 0x30000000);
	assert_int_equal(ap_rd(0xfc, &value), SWD_FAULT);
	dp_wr(0, 0x4);
	assert_int_equal(dp_wr(4, 0x50000000), SWD_OK);
	assert_int_equal(ctrl_stat(), 0xf0000000);
	assert_int_equal(ap_rd(0xfc, &value), SWD_OK);
	assert_int_equal(value, 0x04770021);
}

static void ap_registers(void **state)
{
	uint32_t value;

	(void)state;
	start(NULL);
	assert_int_equal(ap_rd(0x00, &value), SWD_OK);
	assert_int_equal(value, 0x03000040);
	assert_int_equal(ap_rd(0xf4, &value), SWD_OK);
	assert_int_equal(value, 0);
	assert_int_equal(ap_rd(0xf8, &value), SWD_OK);
	assert_int_equal(value, 0xe00ff003);
	/* packed transfers do not stick, sizes and increment do */
	ap_wr(0, 0x23000052);
	ap_rd(0, &value);
	assert_int_equal(value, 0x23000052);
	ap_wr(0, 0x23000062);
	ap_rd(0, &value);
	assert_int_equal(value & 0x30, 0);
	/* more than a word at a time does not exist */
	ap_wr(0, 0x03000057);
	ap_rd(0, &value);
	assert_int_equal(value, 0x03000053);
	ap_wr(4, SRAM + 4);
	assert_int_equal(wire(true, true, 12, &value), SWD_OK);
	assert_int_equal(ap_rd(4, &value), SWD_OK);
	assert_int_equal(value, SRAM + 8);
	/* no other AP */
	dp_wr(8, 0x010000f0);
	assert_int_equal(wire(true, true, 12, &value), SWD_OK);
	assert_int_equal(dp_rd(12, &value), SWD_OK);
	assert_int_equal(value, 0);
}

static void rom_table(void **state)
{
	(void)state;
	start(NULL);
	assert_int_equal(rd32(0xe00ff000), 0xfff0f003);
	assert_int_equal(rd32(0xe00ff00c) & 1, 0);
	/* designer STMicroelectronics */
	assert_int_equal((rd32(0xe00fffe4) & 0xf0) >> 4 |
			 (rd32(0xe00fffe8) & 7) << 4, 0x20);
	assert_int_equal(rd32(0xe000ed00), 0x410cc200);
}

static void reads_are_posted(void **state)
{
	uint32_t value, i;

	(void)state;
	start(NULL);
	for (i = 0; i < 4; i++)
		poke32(SRAM + 4 * i, 0x100 + i);
	ap_wr(0, 0x03000052);
	ap_wr(4, SRAM);
	assert_int_equal(wire(true, true, 12, &value), SWD_OK);
	for (i = 0; i < 3; i++) {
		assert_int_equal(wire(true, true, 12, &value), SWD_OK);
		assert_int_equal(value, 0x100 + i);
	}
	assert_int_equal(dp_rd(12, &value), SWD_OK);
	assert_int_equal(value, 0x103);
	/* RDBUFF does not start another */
	assert_int_equal(dp_rd(12, &value), SWD_OK);
	assert_int_equal(value, 0x103);
	assert_int_equal(dp_rd(8, &value), SWD_OK);	/* RESEND */
	assert_int_equal(value, 0x103);
	assert_int_equal(ap_rd(4, &value), SWD_OK);
	assert_int_equal(value, SRAM + 16);
}

static void tar_wraps_at_1k(void **state)
{
	uint32_t value;

	(void)state;
	start(NULL);
	poke32(SRAM + 0x7fc, 0xaaaa5555);
	poke32(SRAM + 0x400, 0x12344321);
	ap_wr(0, 0x03000052);
	ap_wr(4, SRAM + 0x7fc);
	wire(true, true, 12, &value);
	wire(true, true, 12, &value);
	assert_int_equal(value, 0xaaaa5555);
	dp_rd(12, &value);
	assert_int_equal(value, 0x12344321);
	ap_rd(4, &value);
	assert_int_equal(value, SRAM + 0x404);
	/* by access size, and not at all when off */
	ap_wr(0, 0x03000050);
	ap_wr(4, SRAM + 0x3ff);
	wire(true, true, 12, &value);
	ap_rd(4, &value);
	assert_int_equal(value, SRAM);
	ap_wr(0, 0x03000042);
	wire(true, true, 12, &value);
	ap_rd(4, &value);
	assert_int_equal(value, SRAM);
}

static void byte_lanes(void **state)
{
	uint32_t value, lane;

	(void)state;
	start(NULL);
	poke32(SRAM, 0x44332211);
	for (lane = 0; lane < 4; lane++) {
		ap_wr(0, 0x03000040);
		ap_wr(4, SRAM + lane);
		wire(true, true, 12, &value);
		dp_rd(12, &value);
		assert_int_equal(value >> 8 * lane & 0xff, 0x11 * (lane + 1));
	}
	ap_wr(0, 0x03000041);
	ap_wr(4, SRAM + 2);
	value = 0xbeef5678;
	wire(true, false, 12, &value);
	assert_int_equal(rd32(SRAM), 0xbeef2211);
	ap_wr(0, 0x03000040);
	ap_wr(4, SRAM + 1);
	value = 0x01020304;
	wire(true, false, 12, &value);
	assert_int_equal(rd32(SRAM), 0xbeef0311);
}

static void banked_data(void **state)
{
	uint32_t value, i;

	(void)state;
	start(NULL);
	ap_wr(0, 0x03000052);
	ap_wr(4, SRAM + 0x24);
	for (i = 0; i < 4; i++)
		assert_int_equal(ap_wr(0x10 + 4 * i, 0x1000 + i), SWD_OK);
	for (i = 0; i < 4; i++)
		assert_int_equal(peek32(SRAM + 0x20 + 4 * i), 0x1000 + i);
	assert_int_equal(ap_rd(0x1c, &value), SWD_OK);
	assert_int_equal(value, 0x1003);
	ap_rd(4, &value);
	assert_int_equal(value, SRAM + 0x24);
}

static void errors_stick(void **state)
{
	uint32_t value;

	(void)state;
	start(NULL);
	ap_wr(0, 0x03000052);
	ap_wr(4, 0x10000000);
	assert_int_equal(wire(true, true, 12, &value), SWD_OK);
	assert_int_equal(dp_rd(12, &value), SWD_FAULT);
	assert_int_equal(wire(true, true, 12, &value), SWD_FAULT);
	assert_int_equal(dp_wr(8, 0), SWD_FAULT);
	assert_int_equal(dp_wr(4, 0x50000000), SWD_FAULT);
	assert_int_equal(dp_rd(0, &value), SWD_OK);
	assert_int_equal(ctrl_stat() & 0xff, 0x40 | STICKYERR);
	/* the wrong bits of ABORT do not help */
	assert_int_equal(dp_wr(0, 0x1a), SWD_OK);
	assert_int_equal(dp_rd(12, &value), SWD_FAULT);
	assert_int_equal(dp_wr(0, 0x04), SWD_OK);
	assert_int_equal(ctrl_stat() & STICKYERR, 0);
	/* TAR has not moved */
	assert_int_equal(ap_rd(4, &value), SWD_OK);
	assert_int_equal(value, 0x10000000);
	assert_int_equal(rd32(SRAM) == peek32(SRAM), 1);
}

static void parity_errors(void **state)
{
	bool bad = true;
	uint32_t value = SRAM;

	(void)state;
	start(NULL);
	ap_wr(4, 0x12345678);
	assert_int_equal(swd_transfer(chip, true, false, 4, &value, &bad),
			 SWD_OK);
	assert_int_equal(ctrl_stat() & WDATAERR, WDATAERR);
	assert_int_equal(ap_rd(4, &value), SWD_FAULT);
	dp_wr(0, 0x08);
	assert_int_equal(ap_rd(4, &value), SWD_OK);
	assert_int_equal(value, 0x12345678);
	chip_faults(chip)->parity_errors = 1;
	assert_int_equal(swd_transfer(chip, false, true, 0, &value, &bad),
			 SWD_OK);
	assert_true(bad);
	assert_int_equal(swd_transfer(chip, false, true, 0, &value, &bad),
			 SWD_OK);
	assert_false(bad);
}

static void waits(void **state)
{
	uint32_t value;

	(void)state;
	start(NULL);
	dp_wr(8, 0);
	chip_faults(chip)->ap_waits = 2;
	assert_int_equal(wire(true, true, 4, &value), SWD_WAIT);
	assert_int_equal(wire(true, true, 4, &value), SWD_WAIT);
	assert_int_equal(wire(true, true, 4, &value), SWD_OK);
	/* with overrun detection a WAIT is remembered */
	dp_wr(4, 0x50000001);
	chip_faults(chip)->ap_waits = 1;
	assert_int_equal(wire(true, true, 4, &value), SWD_WAIT);
	assert_int_equal(wire(true, true, 4, &value), SWD_FAULT);
	assert_int_equal(ctrl_stat() & STICKYORUN, STICKYORUN);
	dp_wr(0, 0x10);
	assert_int_equal(wire(true, true, 4, &value), SWD_OK);
}

/* DAPABORT gives up an access that waits for the flash. */
static void dap_abort(void **state)
{
	uint32_t value;

	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 4);
	wr32(FPEC_CR, 0x44);
	ap_wr(4, FLASH);
	assert_int_equal(wire(true, true, 12, &value), SWD_OK);
	assert_int_equal(dp_rd(12, &value), SWD_WAIT);
	assert_int_equal(dp_wr(0, 1), SWD_OK);
	assert_int_equal(dp_rd(12, &value), SWD_OK);
	assert_int_equal(rd32(FPEC_SR), SR_BSY);
}

static void under_reset(void **state)
{
	uint32_t value;

	(void)state;
	patience = 0;
	chip = chip_new(NULL);
	chip_nrst(chip, true);
	power_on();
	assert_string_equal(chip_core_state(chip), "reset");
	assert_int_equal(attach(), SWD_OK);
	assert_int_equal(rd32(DBG_IDCODE), 0x10006444);
	wr32(SRAM, 0x12345678);
	assert_int_equal(rd32(SRAM), 0x12345678);
	/* peripherals are held, the debug box is not */
	wr32(RCC_AHBENR, 0x20014);
	assert_int_equal(rd32(RCC_AHBENR), 0x14);
	wr32(DBGMCU + 4, 0x6);
	assert_int_equal(rd32(DBGMCU + 4), 0x6);
	wr32(DHCSR, 0xa05f0001);
	wr32(DEMCR, 1);
	later(50 * MS);
	assert_string_equal(chip_core_state(chip), "reset");
	chip_nrst(chip, false);
	later(MS);
	assert_string_equal(chip_core_state(chip), "halted");
	value = rd32(DHCSR);
	assert_int_equal(value & 0x02020000, 0x02020000);
	assert_int_equal(rd32(DHCSR) & 0x02000000, 0);
}

static void nrst_wire_missing(void **state)
{
	(void)state;
	start(NULL);
	rd32(DHCSR);
	chip_faults(chip)->nrst_open = true;
	chip_nrst(chip, true);
	later(MS);
	assert_string_not_equal(chip_core_state(chip), "reset");
	chip_nrst(chip, false);
	assert_int_equal(rd32(DHCSR) & 0x02000000, 0);
}

/* PA13 or PA14 as GPIO, or another function of theirs: dead until reset. */
static void pins_taken_away(void **state)
{
	static const struct {
		uint32_t reg, value;
	} ways[] = {
		{ GPIOA, 0x24000000 },		/* PA13 output */
		{ GPIOA, 0x08000000 },		/* PA14 input */
		{ GPIOA + 0x24, 0x00100000 },	/* PA13 AF1 */
	};
	uint32_t value;
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		start(NULL);
		wr32(RCC_AHBENR, 0x20014);
		ap_wr(0, 0x03000042);
		ap_wr(4, ways[i].reg);
		value = ways[i].value;
		assert_int_equal(wire(true, false, 12, &value), SWD_OK);
		assert_int_equal(dp_rd(0, &value), SWD_NONE);
		swd_line_reset(chip);
		assert_int_equal(dp_rd(0, &value), SWD_NONE);
		chip_nrst(chip, true);
		assert_int_equal(attach(), SWD_OK);
		chip_nrst(chip, false);
		later(MS);
		assert_int_equal(rd32(DBG_IDCODE), 0x10006444);
		teardown(NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(nobody_without_power),
		T(dpidr_comes_first),
		T(power_up),
		T(ap_registers),
		T(rom_table),
		T(reads_are_posted),
		T(tar_wraps_at_1k),
		T(byte_lanes),
		T(banked_data),
		T(errors_stick),
		T(parity_errors),
		T(waits),
		T(dap_abort),
		T(under_reset),
		T(nrst_wire_missing),
		T(pins_taken_away),
	};

	return cmocka_run_group_tests_name("chip swd", tests, NULL, NULL);
}
