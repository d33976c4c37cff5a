// SPDX-License-Identifier: GPL-2.0-only
/* The chip as code on its core meets it: clocks, flash from inside, sleep. */
#include "chip_test.h"

/* 1: adds r0, #1; b 1b: four cycles a turn */
static const uint16_t count[] = { 0x3001, 0xe7fd };

/*
 * HSI / 2 * 12 = 48 MHz: sets CFGR, PLLON, waits for PLLRDY, switches, waits
 * for SWS, then counts in R0 as above.
 */
static const uint16_t pll[] = {
	0x4907, 0x4a08, 0x604a, 0x4a08, 0x600a, 0x680a, 0x0e92, 0xd3fc,
	0x4a06, 0x604a, 0x684a, 0x0912, 0xd3fc, 0x3001, 0xe7fd, 0x0000,
	0x1000, 0x4002, 0x0000, 0x0028, 0x0083, 0x0100, 0x0002, 0x0028,
};

/*
 * Flash loader: R0 source, R1 destination, R2 bytes, R3 FPEC. Sets PG, stores
 * half-words, polls BSY after each; R4 is SR at the end. BKPT.
 */
static const uint16_t loader[] = {
	0x2401, 0x611c, 0x8804, 0x800c, 0x68dc, 0x0864, 0xd2fc, 0x3002,
	0x3102, 0x3a02, 0xd1f6, 0x68dc, 0xbe00,
};

/* str r2, [r1]; bkpt #0 */
static const uint16_t store[] = { 0x600a, 0xbe00 };

/* str r2, [r1, #16]; str r2, [r5]; then count */
static const uint16_t erase[] = { 0x610a, 0x602a, 0x3001, 0xe7fd };

/* str r2, [r1, #16]; ldr r3, [r1, #12]; ldr r4, [r1, #12]; bkpt */
static const uint16_t poll[] = { 0x610a, 0x68cb, 0x68cc, 0xbe00 };

/* stmia r1!, {r2, r3}; bkpt */
static const uint16_t store_multiple[] = { 0xc10c, 0xbe00 };

/* str r2, [r1]; wfi; adds r0, #1; b . */
static const uint16_t sleep[] = { 0x600a, 0xbf30, 0x3001, 0xe7fe };

#define FPEC	0x40022000u
#define SCR	0xe000ed10u
#define CODE	(SRAM + 0x100)
#define SYST_CSR	0xe000e010u
#define SYST_RVR	0xe000e014u
#define SYST_CVR	0xe000e018u

static struct cpu *cpu(void)
{
	return chip_cpu(chip);
}

static void put_vectors(uint32_t sp, uint32_t pc)
{
	poke32(FLASH, sp);
	poke32(FLASH + 4, pc);
}

/* Load @code to CODE with R1, R2 and R3, halted before its first instruction. */
static void prepare(const uint16_t *code, size_t bytes, uint32_t r1,
		    uint32_t r2, uint32_t r3)
{
	halt(true);
	put_code(CODE, code, bytes);
	set_reg(0, 0);
	set_reg(1, r1);
	set_reg(2, r2);
	set_reg(3, r3);
	set_reg(13, SRAM + 0x1000);
	set_reg(16, 0x01000000);
	set_reg(15, CODE);
}

static void go(void)
{
	wr32(DHCSR, 0xa05f0001);
}

/* Values seen on a blank F030F4 by OpenOCD. */
static void blank_part(void **state)
{
	(void)state;
	start(NULL);
	later(MS);
	assert_string_equal(chip_core_state(chip), "lockup");
	assert_int_equal(rd32(DHCSR) & 0x000a0000, 0x00080000);
	halt(false);
	assert_int_equal(get_reg(15), 0xfffffffe);
	assert_int_equal(get_reg(16), 0xc1000003);
	assert_int_equal(get_reg(17), 0xffffffd8);
	assert_int_equal(chip_next_event(chip), UINT64_MAX);
}

static uint32_t turns(uint64_t ns)
{
	uint32_t before = cpu_reg(cpu(), 0);

	later(ns);
	return cpu_reg(cpu(), 0) - before;
}

static void core_clock_is_real(void **state)
{
	(void)state;
	start(NULL);
	put_vectors(SRAM + 0x1000, FLASH + 0x101);
	put_code(FLASH + 0x100, count, sizeof(count));
	chip_nrst(chip, true);
	later(MS);
	chip_nrst(chip, false);
	later(MS);
	assert_string_equal(chip_core_state(chip), "running");
	assert_in_range(turns(10 * MS), 19999, 20001);
	/* AHB prescaler by the debugger */
	wr32(RCC_CFGR, 0x90);
	assert_in_range(turns(10 * MS), 4999, 5001);
	wr32(RCC_CFGR, 0x0);
	assert_in_range(turns(10 * MS), 19999, 20001);
}

static void pll_switch(void **state)
{
	uint64_t t;

	(void)state;
	start(NULL);
	put_vectors(SRAM + 0x1000, FLASH + 0x101);
	put_code(FLASH + 0x100, pll, sizeof(pll));
	chip_nrst(chip, true);
	later(MS);
	chip_nrst(chip, false);
	t = chip_now(chip);
	while (!cpu_reg(cpu(), 0))
		later(US);
	/* the PLL takes up to 200 us to lock */
	assert_in_range(chip_now(chip) - t, 200 * US, 210 * US);
	assert_in_range(turns(10 * MS), 119990, 120010);
	assert_int_equal(rd32(RCC_CFGR), 0x0028000a);
	assert_int_equal(rd32(RCC_CR) & 0x03000003, 0x03000003);
	/* what runs cannot be switched off */
	wr32(RCC_CR, 0);
	assert_int_equal(rd32(RCC_CR) & 0x03000003, 0x03000003);
	/* a reset ends on HSI */
	halt(true);
	assert_int_equal(rd32(RCC_CFGR), 0);
	assert_int_equal(rd32(RCC_CR) & 0x03000003, 3);
}

static void hse(void **state)
{
	struct chip_options options = { .hse_hz = 16000000 };

	(void)state;
	start(&options);
	prepare(count, sizeof(count), 0, 0, 0);
	go();
	wr32(RCC_CFGR, 1);	/* waits for HSE */
	assert_int_equal(rd32(RCC_CFGR), 1);
	assert_in_range(turns(10 * MS), 19999, 20001);
	wr32(RCC_CR, 0x00010081);
	assert_int_equal(rd32(RCC_CR) & 0x20000, 0);
	later(5 * MS);
	assert_int_equal(rd32(RCC_CR) & 0x20000, 0x20000);
	assert_int_equal(rd32(RCC_CFGR), 5);
	assert_in_range(turns(10 * MS), 39999, 40001);
	teardown(NULL);

	options.no_hse = true;
	start(&options);
	wr32(RCC_CR, 0x00010081);
	later(50 * MS);
	assert_int_equal(rd32(RCC_CR) & 0x20000, 0);
}

/* The last bit of PLLSRC is there on the xC only. */
static void pll_sources(void **state)
{
	static const struct {
		const char *part;
		uint32_t cfgr, cfgr2;
		unsigned int turns;	/* in 1 ms */
	} cases[] = {
		{ "F030F4", 0x00080000, 0, 4000 },	/* HSI/2 * 4 */
		{ "F030F4", 0x00010000, 0, 4000 },	/* HSE * 2 */
		{ "F030F4", 0x00010000, 1, 2000 },	/* HSE/2 * 2 */
		{ "F030F4", 0x00030000, 0, 2000 },	/* the same */
		{ "F030F4", 0x00008000, 0, 2000 },	/* HSI/2 * 2 */
		{ "F030xC", 0x00008000, 0, 4000 },	/* HSI * 2 */
		{ "F030xC", 0x00048000, 3, 1500 },	/* HSI/4 * 3 */
		{ "F030xC", 0x003c0000, 0, 16000 },	/* HSI/2 * 16 */
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct chip_options options = { .part = cases[i].part };

		start(&options);
		prepare(count, sizeof(count), 0, 0, 0);
		go();
		wr32(RCC_CR, 0x00010081);
		later(5 * MS);
		wr32(RCC_CFGR, cases[i].cfgr);
		if (cases[i].cfgr2)
			wr32(0x4002102c, cases[i].cfgr2);
		wr32(RCC_CR, 0x01010081);
		later(MS);
		wr32(RCC_CFGR, cases[i].cfgr | 2);
		assert_in_range(turns(MS), cases[i].turns - 2,
				cases[i].turns + 2);
		teardown(NULL);
	}
}

static void loader_in_sram(void **state)
{
	uint8_t data[512], back[512];
	uint64_t t;
	unsigned int i;

	(void)state;
	start(NULL);
	for (i = 0; i < sizeof(data); i++)
		data[i] = i * 7 + 1;
	prepare(loader, sizeof(loader), FLASH + 0x200, sizeof(data), FPEC);
	set_reg(0, SRAM + 0x400);
	chip_poke(chip, SRAM + 0x400, data, sizeof(data));
	unlock();
	go();
	t = chip_now(chip);
	while (!cpu_halted(cpu()))
		later(US);
	t = chip_now(chip) - t;
	chip_peek(chip, FLASH + 0x200, back, sizeof(back));
	assert_memory_equal(back, data, sizeof(data));
	assert_int_equal(get_reg(4), SR_EOP);
	assert_int_equal(get_reg(15), CODE + 24);
	assert_int_equal(rd32(0xe000ed30) & 2, 2);	/* DFSR.BKPT */
	/* 256 half-words and a few cycles for each, less than 4 us */
	assert_in_range(t, 256 * T_HALFWORD_NS, 256 * (T_HALFWORD_NS + 4000));
	assert_int_equal(chip_counters(chip)->halfwords, 256);
	assert_int_equal(chip_counters(chip)->flash_errors, 0);
}

/*
 * However coarse the steps in which the caller lets time go by: 53.5 us are
 * 428 cycles, a multiple of the polling loop's 6 after the store's 2, and it
 * takes 12 from the SR read that sees the end to the next store.
 */
static void loader_pace(void **state)
{
	uint64_t before;

	(void)state;
	start(NULL);
	prepare(loader, sizeof(loader), FLASH, 4096, FPEC);
	set_reg(0, SRAM);
	unlock();
	go();
	before = chip_counters(chip)->halfwords;
	chip_run_until(chip, chip_now(chip) + 50 * MS);
	assert_in_range(chip_counters(chip)->halfwords - before,
			50 * MS / 55000 - 2, 50 * MS / 55000 + 2);
}

/* Bus errors become HardFaults; vectors are blank, so lockup. */
static void bus_errors_hit_the_core(void **state)
{
	static const struct {
		uint32_t addr, value;
		bool fault;
	} cases[] = {
		{ SRAM + 0x800, 1, false },
		{ FPEC_KEYR, 0x12345678, true },
		{ FPEC_KEYR, KEY1, false },
		{ FLASH, 0x12345678, true },	/* PG is set */
		{ 0x10000000, 0, true },
		{ SRAM + 0x1000, 0, true },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start(NULL);
		prepare(store, sizeof(store), cases[i].addr, cases[i].value,
			0);
		if (cases[i].addr == FLASH) {
			unlock();
			wr32(FPEC_CR, 1);
		}
		go();
		later(MS);
		assert_string_equal(chip_core_state(chip), cases[i].fault ?
				    "lockup" : "halted");
		teardown(NULL);
	}
}

/* Code in flash stands still while flash is busy. */
static void erase_from_flash(void **state)
{
	uint32_t r0, ticks;
	uint64_t t;

	(void)state;
	start(NULL);
	prepare(erase, sizeof(erase), FPEC, 0x42, 0);
	put_code(FLASH + 0x100, erase, sizeof(erase));
	poke32(FLASH + 0x800, 0);
	set_reg(5, SRAM + 0x800);
	set_reg(15, FLASH + 0x100);
	wr32(SRAM + 0x800, 0);
	unlock();
	wr32(FPEC_CR, 2);
	wr32(FPEC_AR, FLASH + 0x800);
	wr32(SYST_RVR, 0xffffff);
	wr32(SYST_CVR, 0);
	wr32(SYST_CSR, 5);
	go();
	t = chip_now(chip);
	ticks = rd32(SYST_CVR);
	later(T_PAGE_ERASE_NS - MS - (chip_now(chip) - t));
	assert_int_equal(peek32(SRAM + 0x800), 0);
	r0 = cpu_reg(cpu(), 0);
	assert_int_equal(r0, 0);
	assert_int_equal(peek32(FLASH + 0x800), 0);
	later(2 * MS);
	assert_int_equal(peek32(SRAM + 0x800), 0x42);
	assert_int_equal(peek32(FLASH + 0x800), 0xffffffff);
	assert_in_range(cpu_reg(cpu(), 0), 1000, 4000);
	assert_int_equal(rd32(FPEC_SR), SR_EOP);
	/* SysTick has gone on meanwhile, at 8 MHz; 100 us for the reads */
	ticks -= rd32(SYST_CVR);
	t = chip_now(chip) - t;
	assert_in_range(ticks, (t - 100 * US) * 8 / 1000, t * 8 / 1000);
}

static void bsy_at_once_or_late(void **state)
{
	struct chip_options options = { 0 };
	unsigned int late;

	(void)state;
	for (late = 0; late < 2; late++) {
		options.bsy_late = late;
		start(&options);
		prepare(poll, sizeof(poll), FPEC, 0x44, 0);
		unlock();
		wr32(FPEC_CR, 4);
		go();
		later(MS);
		assert_int_equal(get_reg(3), late ? 0 : SR_BSY);
		assert_int_equal(get_reg(4), SR_BSY);
		teardown(NULL);
	}
}

/* Two registers in one instruction, the first of which starts an erase. */
static void store_multiple_to_fpec(void **state)
{
	(void)state;
	start(NULL);
	prepare(store_multiple, sizeof(store_multiple), FPEC_CR, 0x42,
		FLASH + 0x400);
	poke32(FLASH, 0);
	unlock();
	wr32(FPEC_CR, 2);
	wr32(FPEC_AR, FLASH);
	go();
	later(MS);
	assert_string_equal(chip_core_state(chip), "halted");
	/* AR came too late */
	assert_int_equal(rd32(FPEC_AR), FLASH);
	assert_int_equal(finish(), SR_EOP);
	assert_int_equal(peek32(FLASH), 0xffffffff);
	/* both keys in one: KEYR takes one, OPTKEYR is still locked */
	prepare(store_multiple, sizeof(store_multiple), FPEC_KEYR, KEY1, KEY1);
	go();
	later(MS);
	assert_string_equal(chip_core_state(chip), "halted");
	wr32(FPEC_KEYR, KEY2);
	assert_int_equal(rd32(FPEC_CR), 0);
}

static void flash_interrupt(void **state)
{
	(void)state;
	start(NULL);
	halt(true);
	unlock();
	wr32(FPEC_CR, 0x1401);
	assert_int_equal(rd32(0xe000e200) & 8, 0);
	assert_int_equal(wr(FLASH, 2, 1), SWD_OK);
	later(MS);
	assert_int_equal(rd32(0xe000e200) & 8, 8);
}

static void sleeping(void **state)
{
	(void)state;
	start(NULL);
	prepare(sleep, sizeof(sleep), SCR, 0, 0);
	go();
	later(MS);
	assert_string_equal(chip_core_state(chip), "sleeping");
	assert_int_equal(rd32(DHCSR) & 0x00040000, 0x00040000);
	assert_int_equal(rd32(SRAM) == peek32(SRAM), 1);
	halt(false);
	assert_int_equal(get_reg(15) & ~3u, CODE + 4);
}

/* Stop: the DP answers, the AP waits, and only a reset gets it back. */
static void stopped(void **state)
{
	uint32_t value;
	bool standby;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		standby = i;
		start(NULL);
		prepare(sleep, sizeof(sleep), SCR, 4, 0);
		wr32(RCC_APB1ENR, 0x10000000);
		wr32(0x40007000, standby ? 2 : 0);
		go();
		later(MS);
		assert_string_equal(chip_core_state(chip), "sleeping");
		assert_int_equal(try_rd(SRAM, 4), SWD_WAIT);
		assert_int_equal(dp_rd(0, &value), SWD_OK);
		assert_int_equal(chip_next_event(chip), UINT64_MAX);
		chip_nrst(chip, true);
		later(MS);
		assert_int_equal(rd32(DBG_IDCODE), 0x10006444);
		wr32(DBGMCU + 4, 6);
		chip_nrst(chip, false);
		later(MS);
		prepare(sleep, sizeof(sleep), SCR, 4, 0);
		wr32(RCC_APB1ENR, 0x10000000);
		wr32(0x40007000, standby ? 2 : 0);
		go();
		later(MS);
		assert_string_equal(chip_core_state(chip), "sleeping");
		assert_int_equal(rd32(DBG_IDCODE), 0x10006444);
		halt(false);
		teardown(NULL);
	}
}

/* A caller ten seconds late: time is his, work is bounded. */
static void late_caller(void **state)
{
	uint32_t before;
	uint64_t t;

	(void)state;
	start(NULL);
	prepare(count, sizeof(count), 0, 0, 0);
	go();
	before = cpu_reg(cpu(), 0);
	t = chip_now(chip) + 10000 * MS;
	chip_run_until(chip, t);
	assert_int_equal(chip_now(chip), t);
	assert_in_range(cpu_reg(cpu(), 0) - before, 399990, 400010);
	/* back in time: nothing */
	chip_run_until(chip, t - MS);
	assert_int_equal(chip_now(chip), t);
}

static void next_event(void **state)
{
	(void)state;
	start(NULL);
	prepare(count, sizeof(count), 0, 0, 0);
	assert_int_equal(chip_next_event(chip), UINT64_MAX);
	unlock();
	wr32(FPEC_CR, 4);
	wr32(FPEC_CR, 0x44);
	assert_in_range(chip_next_event(chip) - chip_now(chip),
			T_MASS_ERASE_NS - MS, T_MASS_ERASE_NS);
	finish();
	go();
	assert_in_range(chip_next_event(chip) - chip_now(chip), 1, 10 * MS);
	chip_power(chip, false);
	assert_int_equal(chip_next_event(chip), UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(blank_part),
		T(core_clock_is_real),
		T(pll_switch),
		T(hse),
		T(pll_sources),
		T(loader_in_sram),
		T(loader_pace),
		T(bus_errors_hit_the_core),
		T(erase_from_flash),
		T(bsy_at_once_or_late),
		T(store_multiple_to_fpec),
		T(flash_interrupt),
		T(sleeping),
		T(stopped),
		T(late_caller),
		T(next_event),
	};

	return cmocka_run_group_tests_name("chip core", tests, NULL, NULL);
}
