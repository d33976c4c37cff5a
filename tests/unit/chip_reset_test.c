// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power, resets and watchdogs: what each sets back, what survives, and the
 * flag it leaves in RCC_CSR (RM0360 7.1, 7.4.10, 26.9).
 */
#include "chip_test.h"

/* str r2, [r1]; 1: str r3, [r1]; adds r0, #1; b 1b */
static const uint16_t feed[] = { 0x600a, 0x600b, 0x3001, 0xe7fc };

/* str r2, [r1]; 1: adds r0, #1; b 1b */
static const uint16_t start_only[] = { 0x600a, 0x3001, 0xe7fd };

#define CSR_RMVF	0x01000000u
#define CSR_FLAGS	0xfe000000u
#define CSR_PIN		0x04000000u
#define CSR_POR		0x08000000u
#define CSR_SFT		0x10000000u
#define CSR_IWDG	0x20000000u
#define CSR_WWDG	0x40000000u
#define CSR_LPWR	0x80000000u
#define WWDG		0x40002c00u
#define FZ		0x40015808u
#define IWDG_NS		409600000ull	/* 4 * 4096 / 40 kHz */

static uint64_t dogs(void)
{
	return chip_counters(chip)->watchdog_resets;
}

/* Firmware at 08000100, started by a reset; registers set by a preamble. */
static void firmware(const uint16_t *code, size_t bytes, uint32_t r1,
		     uint32_t r2, uint32_t r3)
{
	/* ldr r1, r2, r3 from behind; b to 08000118 */
	static const uint16_t head[] = { 0x4901, 0x4a02, 0x4b02, 0xe007 };

	poke32(FLASH, SRAM + 0x1000);
	poke32(FLASH + 4, FLASH + 0x101);
	put_code(FLASH + 0x100, head, sizeof(head));
	poke32(FLASH + 0x108, r1);
	poke32(FLASH + 0x10c, r2);
	poke32(FLASH + 0x110, r3);
	put_code(FLASH + 0x118, code, bytes);
}

static void pulse_nrst(void)
{
	chip_nrst(chip, true);
	later(MS);
	chip_nrst(chip, false);
}

static void reset_flags(void **state)
{
	(void)state;
	start(NULL);
	assert_int_equal(rd32(RCC_CSR) & CSR_FLAGS, CSR_POR | CSR_PIN);
	wr32(RCC_CSR, CSR_RMVF);
	assert_int_equal(rd32(RCC_CSR) & CSR_FLAGS, 0);
	pulse_nrst();
	later(MS);
	assert_int_equal(rd32(RCC_CSR) & CSR_FLAGS, CSR_PIN);
	halt(true);
	assert_int_equal(rd32(RCC_CSR) & CSR_FLAGS, CSR_PIN | CSR_SFT);
	assert_int_equal(chip_counters(chip)->system_resets, 2);
	assert_int_equal(chip_counters(chip)->power_ons, 1);
	power_cycle();
	attach();
	assert_int_equal(rd32(RCC_CSR) & CSR_FLAGS, CSR_POR | CSR_PIN);
	assert_int_equal(chip_counters(chip)->power_ons, 2);
}

static void what_survives_a_reset(void **state)
{
	(void)state;
	start(NULL);
	wr32(SRAM + 4, 0x12345678);
	wr32(DBGMCU + 4, 0xffffffff);
	wr32(FZ, 0xffffffff);
	wr32(DBGMCU + 12, 0xffffffff);
	wr32(RCC_AHBENR, 0x20014);
	wr32(GPIOA + 0x14, 0x55);
	wr32(FPEC_ACR, 0x11);
	assert_int_equal(rd32(FPEC_ACR), 0x31);
	unlock();
	halt(true);
	assert_int_equal(rd32(SRAM + 4), 0x12345678);
	assert_int_equal(rd32(DBGMCU + 4), 6);
	assert_int_equal(rd32(FZ) & 0x1800, 0x1800);
	assert_int_equal(rd32(DBGMCU + 12), 0x70800);
	assert_int_equal(rd32(RCC_AHBENR), 0x14);
	assert_int_equal(rd32(FPEC_ACR), 0);
	assert_int_equal(rd32(FPEC_CR), 0x80);
	wr32(RCC_AHBENR, 0x20014);
	assert_int_equal(rd32(GPIOA + 0x14), 0);
	power_cycle();
	attach();
	assert_int_equal(rd32(DBGMCU + 4), 0);
	assert_int_equal(rd32(FZ), 0);
	assert_int_equal(rd32(DBGMCU + 12), 0);
	assert_int_not_equal(rd32(SRAM + 4), 0x12345678);
}

static void dbgmcu_clock(void **state)
{
	struct chip_options options = { .dbgmcu_needs_clock = true };

	(void)state;
	start(&options);
	wr32(DBGMCU + 4, 6);
	assert_int_equal(rd32(DBGMCU + 4), 0);
	assert_int_equal(rd32(DBG_IDCODE), 0x10006444);
	wr32(RCC_APB2ENR, 0x400000);
	wr32(DBGMCU + 4, 6);
	assert_int_equal(rd32(DBGMCU + 4), 6);
}

static void sram_after_power_on(void **state)
{
	uint8_t first[4096], second[4096];
	unsigned int i, zeros = 0;

	(void)state;
	start(NULL);
	power_cycle();
	chip_peek(chip, SRAM, first, sizeof(first));
	attach();
	wr32(SRAM, 0);
	power_cycle();
	chip_peek(chip, SRAM, second, sizeof(second));
	assert_memory_equal(first, second, sizeof(first));
	for (i = 0; i < sizeof(first); i++)
		zeros += first[i] == 0;
	assert_in_range(zeros, 0, 100);
}

/* Internal resets hold the pin for 20 us; power-on takes longer. */
static void reset_takes_time(void **state)
{
	uint32_t value = 0x05fa0004;

	(void)state;
	start(NULL);
	halt(false);
	ap_wr(0, 0x03000042);
	ap_wr(4, AIRCR);
	wire(true, false, 12, &value);
	assert_string_equal(chip_core_state(chip), "reset");
	later(19 * US);
	assert_string_equal(chip_core_state(chip), "reset");
	later(2 * US);
	assert_string_not_equal(chip_core_state(chip), "reset");
	/* a pin held low outlasts it */
	chip_nrst(chip, true);
	later(100 * MS);
	assert_string_equal(chip_core_state(chip), "reset");
	chip_nrst(chip, false);
	assert_string_not_equal(chip_core_state(chip), "reset");
	chip_power(chip, false);
	assert_false(chip_powered(chip));
	chip_power(chip, true);
	assert_string_equal(chip_core_state(chip), "reset");
	assert_in_range(chip_next_event(chip) - chip_now(chip), MS, 5 * MS);
}

static void iwdg_bites(void **state)
{
	uint64_t t;

	(void)state;
	start(NULL);
	wr32(RCC_CSR, CSR_RMVF);
	wr32(IWDG, 0xcccc);
	t = chip_now(chip);
	while (!dogs())
		later(100 * US);
	assert_in_range(chip_now(chip) - t, IWDG_NS - MS, IWDG_NS + MS);
	later(MS);
	assert_int_equal(rd32(RCC_CSR) & CSR_FLAGS, CSR_IWDG | CSR_PIN);
	/* stopped by the reset */
	later(1000 * MS);
	assert_int_equal(dogs(), 1);
}

static void iwdg_registers(void **state)
{
	(void)state;
	start(NULL);
	assert_int_equal(rd32(IWDG + 8), 0xfff);
	wr32(IWDG + 8, 0x123);		/* not unlocked */
	assert_int_equal(rd32(IWDG + 8), 0xfff);
	wr32(IWDG, 0x5555);
	wr32(IWDG + 8, 0x1063);		/* 100 counts */
	wr32(IWDG + 4, 1);		/* of 8 LSI cycles */
	assert_int_equal(rd32(IWDG + 8), 0x63);
	assert_int_equal(rd32(IWDG), 0);
	/* a reload does not start it, and locks again */
	wr32(IWDG, 0xaaaa);
	wr32(IWDG + 8, 0x1);
	assert_int_equal(rd32(IWDG + 8), 0x63);
	later(1000 * MS);
	assert_int_equal(dogs(), 0);
	wr32(IWDG, 0xcccc);
	later(19 * MS);
	assert_int_equal(dogs(), 0);
	wr32(IWDG, 0xaaaa);
	later(19 * MS);
	assert_int_equal(dogs(), 0);
	later(2 * MS);
	assert_int_equal(dogs(), 1);
}

static void iwdg_status(void **state)
{
	uint32_t value = 6, sr;

	(void)state;
	start(NULL);
	wr32(IWDG, 0x5555);
	ap_wr(0, 0x03000042);
	ap_wr(4, IWDG + 4);
	wire(true, false, 12, &value);
	ap_wr(4, IWDG + 12);
	ap_rd(12, &sr);
	assert_int_equal(sr, 1);
	later(MS);
	assert_int_equal(rd32(IWDG + 12), 0);
	/* stretched to 26 s while it runs, as loaders do */
	wr32(IWDG, 0xcccc);
	wr32(IWDG, 0x5555);
	wr32(IWDG + 4, 6);
	wr32(IWDG, 0xaaaa);
	later(20000 * MS);
	assert_int_equal(dogs(), 0);
	later(7000 * MS);
	assert_int_equal(dogs(), 1);
}

static void iwdg_window(void **state)
{
	(void)state;
	start(NULL);
	wr32(IWDG, 0xcccc);
	wr32(IWDG, 0x5555);
	wr32(IWDG + 16, 0x800);
	later(MS);
	later(100 * MS);
	assert_int_equal(dogs(), 0);
	assert_int_equal(wr(IWDG, 4, 0xaaaa), SWD_OK);
	later(MS);
	assert_int_equal(dogs(), 1);
}

static void iwdg_freeze(void **state)
{
	unsigned int freeze;

	(void)state;
	for (freeze = 0; freeze < 2; freeze++) {
		start(NULL);
		firmware(start_only, sizeof(start_only), IWDG, 0xcccc, 0);
		halt(true);
		wr32(FZ, freeze ? 0x1000 : 0);
		wr32(DHCSR, 0xa05f0001);
		later(200 * MS);
		halt(false);
		later(1000 * MS);
		/* not frozen: it bites, is started again, and bites */
		assert_int_equal(dogs(), freeze ? 0 : 2);
		if (freeze) {
			/* the rest of the period is still there */
			wr32(DHCSR, 0xa05f0001);
			later(200 * MS);
			assert_int_equal(dogs(), 0);
			later(20 * MS);
			assert_int_equal(dogs(), 1);
		}
		teardown(NULL);
	}
}

static void iwdg_fed_by_firmware(void **state)
{
	uint32_t r0;

	(void)state;
	start(NULL);
	firmware(feed, sizeof(feed), IWDG, 0xcccc, 0xaaaa);
	pulse_nrst();
	later(3000 * MS);
	assert_int_equal(dogs(), 0);
	assert_string_equal(chip_core_state(chip), "running");
	/* a late caller must not make the dog bite */
	r0 = cpu_reg(chip_cpu(chip), 0);
	chip_run_until(chip, chip_now(chip) + 5000 * MS);
	assert_int_equal(dogs(), 0);
	assert_true(cpu_reg(chip_cpu(chip), 0) > r0);
	/* but a core that hangs does */
	halt(false);
	later(500 * MS);
	assert_int_equal(dogs(), 1);
}

/* Asleep without a wake-up: however late the caller, the dog bites. */
static void iwdg_of_a_sleeper(void **state)
{
	/* str r2, [r1]; 1: wfi; b 1b */
	static const uint16_t asleep[] = { 0x600a, 0xbf30, 0xe7fd };

	(void)state;
	start(NULL);
	firmware(asleep, sizeof(asleep), IWDG, 0xcccc, 0);
	pulse_nrst();
	later(10 * MS);
	assert_string_equal(chip_core_state(chip), "sleeping");
	assert_in_range(chip_next_event(chip) - chip_now(chip),
			IWDG_NS - 11 * MS, IWDG_NS - 9 * MS);
	chip_run_until(chip, chip_next_event(chip));
	assert_int_equal(dogs(), 1);
	chip_run_until(chip, chip_now(chip) + 5 * IWDG_NS + 50 * MS);
	assert_in_range(dogs(), 5, 6);
}

static void iwdg_by_option(void **state)
{
	uint64_t t;

	(void)state;
	start(NULL);
	poke32(OB, 0x01fe55aa);		/* WDG_SW = 0 */
	power_cycle();
	later(300 * MS);
	assert_int_equal(dogs(), 0);
	later(110 * MS);
	assert_int_equal(dogs(), 1);
	/* and again after the reset, even with the core held by a debugger */
	assert_int_equal(attach(), SWD_OK);
	halt(true);
	t = dogs();
	later(1000 * MS);
	assert_true(dogs() >= t + 2);
	/* unless it is frozen */
	halt(true);
	wr32(FZ, 0x1000);
	halt(true);
	t = dogs();
	later(2000 * MS);
	assert_int_equal(dogs(), t);
}

static void lsi_tolerance(void **state)
{
	struct chip_options options = { .lsi_hz = 60000 };

	(void)state;
	start(&options);
	wr32(IWDG, 0xcccc);
	later(272 * MS);
	assert_int_equal(dogs(), 0);
	later(2 * MS);
	assert_int_equal(dogs(), 1);
}

/* Reset by the watchdog in the middle of a page erase. */
static void iwdg_during_erase(void **state)
{
	(void)state;
	start(NULL);
	halt(true);
	poke32(FLASH + 0x7fc, 0x12345678);
	wr32(IWDG, 0xcccc);
	later(IWDG_NS - 10 * MS);
	unlock();
	wr32(FPEC_CR, 2);
	wr32(FPEC_AR, FLASH + 0x400);
	wr32(FPEC_CR, 0x42);
	later(20 * MS);
	assert_int_equal(dogs(), 1);
	assert_int_equal(rd32(FPEC_CR), 0x80);
	assert_int_equal(rd32(FPEC_SR), 0);
	assert_int_equal(chip_counters(chip)->page_erases, 0);
	assert_int_not_equal(peek32(FLASH + 0x7fc), 0x12345678);
	assert_int_not_equal(peek32(FLASH + 0x7fc), 0xffffffff);
}

/* 64 counts of 4096 / 8 MHz are 32.8 ms; too early a refresh bites as well. */
static void wwdg(void **state)
{
	(void)state;
	start(NULL);
	wr32(RCC_APB1ENR, 0x800);
	wr32(RCC_CSR, CSR_RMVF);
	wr32(WWDG, 0xff);
	later(32 * MS);
	assert_int_equal(dogs(), 0);
	later(MS);
	assert_int_equal(dogs(), 1);
	assert_int_equal(rd32(RCC_CSR) & CSR_FLAGS, CSR_WWDG | CSR_PIN);
	later(100 * MS);
	assert_int_equal(dogs(), 1);
	wr32(RCC_APB1ENR, 0x800);
	wr32(WWDG + 4, 0x50);
	wr32(WWDG, 0xff);
	assert_int_equal(wr(WWDG, 4, 0xff), SWD_OK);
	later(MS);
	assert_int_equal(dogs(), 2);
	/* frozen while halted */
	halt(true);
	wr32(FZ, 0x800);
	wr32(RCC_APB1ENR, 0x800);
	wr32(WWDG, 0xff);
	later(1000 * MS);
	assert_int_equal(dogs(), 2);
}

/* nRST_STOP = 0: going to Stop is a reset. */
static void reset_instead_of_stop(void **state)
{
	/* str r2, [r1] (SCR = SLEEPDEEP); wfi */
	static const uint16_t stop[] = { 0x600a, 0xbf30, 0xe7fe };

	(void)state;
	start(NULL);
	poke32(OB, 0x02fd55aa);
	power_cycle();
	attach();
	halt(true);
	firmware(stop, sizeof(stop), 0xe000ed10, 4, 0);
	wr32(RCC_CSR, CSR_RMVF);
	set_reg(13, SRAM + 0x1000);
	set_reg(16, 0x01000000);
	set_reg(15, FLASH + 0x100);
	wr32(DEMCR, 1);
	wr32(DHCSR, 0xa05f0001);
	later(2 * MS);
	assert_string_equal(chip_core_state(chip), "halted");
	assert_int_equal(rd32(RCC_CSR) & CSR_FLAGS, CSR_LPWR | CSR_PIN);
}

/* Firmware that resets itself, seen from outside. */
static void sysresetreq_by_code(void **state)
{
	(void)state;
	start(NULL);
	wr32(RCC_CSR, CSR_RMVF);
	firmware(start_only, sizeof(start_only), AIRCR, 0x05fa0004, 0);
	pulse_nrst();
	later(10 * MS);
	/* one turn is 20 us of reset and some cycles */
	assert_in_range(chip_counters(chip)->system_resets, 300, 500);
	assert_int_equal(rd32(RCC_CSR) & CSR_SFT, CSR_SFT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(reset_flags),
		T(what_survives_a_reset),
		T(dbgmcu_clock),
		T(sram_after_power_on),
		T(reset_takes_time),
		T(iwdg_bites),
		T(iwdg_registers),
		T(iwdg_status),
		T(iwdg_window),
		T(iwdg_freeze),
		T(iwdg_fed_by_firmware),
		T(iwdg_of_a_sleeper),
		T(iwdg_by_option),
		T(lsi_tolerance),
		T(iwdg_during_erase),
		T(wwdg),
		T(reset_instead_of_stop),
		T(sysresetreq_by_code),
	};

	return cmocka_run_group_tests_name("chip reset", tests, NULL, NULL);
}
