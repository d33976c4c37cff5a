// SPDX-License-Identifier: GPL-2.0-only
/* Parts and memory map: what is where, and where the bus faults (RM0360 2.2). */
#include "chip_test.h"

#define SYSCFG_CFGR1	0x40010000u

static const struct geometry {
	const char *name;
	uint32_t idcode, flash, page, sram, sysmem;
	bool big_option_area;
} parts[] = {
	{ "F030F4", 0x10006444, 0x4000, 0x400, 0x1000, 0x1fffec00, false },
	{ "F030x6", 0x10006444, 0x8000, 0x400, 0x1000, 0x1fffec00, false },
	{ "F030K6", 0x10006444, 0x8000, 0x400, 0x1000, 0x1fffec00, false },
	{ "f030c6", 0x10006444, 0x8000, 0x400, 0x1000, 0x1fffec00, false },
	{ "F030R8", 0x10016440, 0x10000, 0x400, 0x2000, 0x1fffec00, false },
	{ "F030xC", 0x10006442, 0x40000, 0x800, 0x8000, 0x1fffd800, true },
	{ "F030CC", 0x10006442, 0x40000, 0x800, 0x8000, 0x1fffd800, true },
};

static void check_edges(uint32_t base, uint32_t len)
{
	assert_int_equal(try_rd(base, 4), SWD_OK);
	assert_int_equal(try_rd(base + len - 4, 4), SWD_OK);
	assert_int_equal(try_rd(base + len - 1, 1), SWD_OK);
	assert_int_equal(try_rd(base + len, 4), SWD_FAULT);
	assert_int_equal(try_rd(base + len, 1), SWD_FAULT);
}

static void check_part(const struct geometry *g)
{
	struct chip_options options = { .part = g->name };
	uint32_t opt_end = g->big_option_area ? 0x20000000 : 0x1ffffc00;

	start(&options);
	halt(true);
	assert_int_equal(rd32(DBG_IDCODE), g->idcode);
	assert_int_equal(rd32(0x1ffff7cc) & 0xffff, g->flash / 1024);
	assert_int_equal(chip_flash_size(chip), g->flash);
	assert_int_equal(chip_sram_size(chip), g->sram);
	/* a blank xC starts in the boot loader: let address 0 show flash */
	wr32(RCC_APB2ENR, 1);
	wr32(SYSCFG_CFGR1, 0);
	check_edges(0, g->flash);
	check_edges(FLASH, g->flash);
	check_edges(SRAM, g->sram);
	assert_int_equal(try_rd(g->sysmem - 4, 4), SWD_FAULT);
	assert_int_equal(try_rd(g->sysmem, 4), SWD_OK);
	assert_int_equal(rd32(OB), 0x00ff55aa);
	assert_int_equal(rd32(OB + 4), 0x00ff00ff);
	assert_int_equal(rd32(OB + 8), 0x00ff00ff);
	assert_int_equal(rd32(OB + 12), 0x00ff00ff);
	assert_int_equal(rd32(OB + 16), 0xffffffff);
	assert_int_equal(try_rd(opt_end - 4, 4), SWD_OK);
	if (!g->big_option_area)
		assert_int_equal(try_rd(opt_end, 4), SWD_FAULT);
	assert_int_equal(rd32(FPEC_WRPR), 0xffffffff);
	assert_int_equal(rd32(FPEC_OBR), 0xffffff00);

	/* the last page is as large as a page, and alone in being erased */
	poke32(FLASH + g->flash - g->page - 4, 0);
	poke32(FLASH + g->flash - g->page, 0);
	poke32(FLASH + g->flash - 4, 0);
	unlock();
	assert_int_equal(erase_page(FLASH + g->flash - 1), SR_EOP);
	assert_int_equal(peek32(FLASH + g->flash - g->page - 4), 0);
	assert_int_equal(peek32(FLASH + g->flash - g->page), 0xffffffff);
	assert_int_equal(peek32(FLASH + g->flash - 4), 0xffffffff);
	teardown(NULL);
}

static void geometry(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		check_part(&parts[i]);
}

static void unknown_part(void **state)
{
	struct chip_options options = { .part = "F031F4" };

	(void)state;
	assert_null(chip_new(&options));
}

/* 4 KiB for each bit; the xC's last bit covers the last 132 KiB. */
static void wrp_granularity(void **state)
{
	static const struct {
		const char *part;
		unsigned int bit;
		uint32_t first, last;
	} cases[] = {
		{ "F030F4", 3, 0x3000, 0x3ffe },
		{ "F030x6", 7, 0x7000, 0x7ffe },
		{ "F030x8", 15, 0xf000, 0xfffe },
		{ "F030xC", 30, 0x1e000, 0x1effe },
		{ "F030xC", 31, 0x1f000, 0x3fffe },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct chip_options options = { .part = cases[i].part };
		uint32_t middle;
		uint8_t pair[2];

		start(&options);
		pair[0] = ~(1u << cases[i].bit % 8);
		pair[1] = ~pair[0];
		chip_poke(chip, OB + 8 + 2 * (cases[i].bit / 8), pair, 2);
		chip_reload_options(chip);
		assert_int_equal(rd32(FPEC_WRPR), ~(1u << cases[i].bit));
		unlock();
		wr32(FPEC_CR, 1);
		assert_int_equal(program(FLASH + cases[i].first - 2, 1),
				 SR_EOP);
		assert_int_equal(program(FLASH + cases[i].first, 1),
				 SR_WRPRTERR);
		middle = (cases[i].first + cases[i].last) / 2 & ~1u;
		assert_int_equal(program(FLASH + middle, 1), SR_WRPRTERR);
		assert_int_equal(program(FLASH + cases[i].last, 1),
				 SR_WRPRTERR);
		if (cases[i].last + 2 < chip_flash_size(chip))
			assert_int_equal(program(FLASH + cases[i].last + 2, 1),
					 SR_EOP);
		teardown(NULL);
	}
}

static void holes(void **state)
{
	static const uint32_t addrs[] = {
		0x00004000, 0x07fffffc, 0x08004000, 0x10000000, 0x1fffeb00,
		0x1ffffc00, 0x1ffffffc, 0x20001000, 0x3ffffffc, 0x40008000,
		0x40018000, 0x40020400, 0x40022400, 0x40024000, 0x48001800,
		0x60000000, 0xdffffffc, 0xf0000000,
	};
	unsigned int i;

	(void)state;
	start(NULL);
	for (i = 0; i < sizeof(addrs) / sizeof(addrs[0]); i++) {
		assert_int_equal(try_rd(addrs[i], 4), SWD_FAULT);
		assert_int_equal(wr(addrs[i], 4, 0), SWD_FAULT);
	}
}

static void upper_half_of_x4(void **state)
{
	struct chip_options options = { .part = "F030F4", .x4_upper_half = 1 };

	(void)state;
	start(&options);
	assert_int_equal(rd32(FLASH + 0x4000), 0xffffffff);
	assert_int_equal(rd32(0x7ffc), 0xffffffff);
	assert_int_equal(try_rd(FLASH + 0x8000, 4), SWD_FAULT);
	unlock();
	wr32(FPEC_CR, 1);
	assert_int_equal(program(FLASH + 0x4000, 1), 0);
	assert_int_equal(rd32(FLASH + 0x4000), 0xffffffff);
	teardown(NULL);

	options.x4_upper_half = 2;
	start(&options);
	assert_int_equal(rd32(0x1ffff7cc) & 0xffff, 16);
	unlock();
	wr32(FPEC_CR, 1);
	assert_int_equal(program(FLASH + 0x7ffe, 1), SR_EOP);
	assert_int_equal(rd32(FLASH + 0x7ffc), 0x0001ffff);
	assert_int_equal(try_rd(FLASH + 0x8000, 4), SWD_FAULT);
}

/* Address 0 by boot pin, option bit and SYSCFG (RM0360 2.5). */
static void alias(void **state)
{
	(void)state;
	start(NULL);
	poke32(FLASH + 8, 0x11111111);
	poke32(SRAM + 8, 0x22222222);
	assert_int_equal(rd32(8), 0x11111111);
	chip_boot0(chip, true);
	assert_int_equal(rd32(8), 0x11111111);
	halt(true);
	assert_int_equal(rd32(8), peek32(0x1fffec08));
	assert_int_equal(try_rd(0xc00, 4), SWD_FAULT);
	assert_int_equal(get_reg(15), 0x1fffecc0);
	poke32(OB, 0x10ef55aa);	/* nBOOT1 = 0 */
	chip_reload_options(chip);
	halt(true);
	assert_int_equal(rd32(8), 0x22222222);
	assert_int_equal(try_rd(0x1000, 4), SWD_FAULT);
	wr32(8, 0x33333333);
	assert_int_equal(peek32(SRAM + 8), 0x33333333);
	chip_boot0(chip, false);
	halt(true);
	assert_int_equal(rd32(8), 0x11111111);
	/* firmware's own choice */
	wr32(SYSCFG_CFGR1, 3);
	assert_int_equal(rd32(8), 0x11111111);	/* no clock */
	wr32(RCC_APB2ENR, 1);
	wr32(SYSCFG_CFGR1, 3);
	assert_int_equal(rd32(8), 0x33333333);
	wr32(SYSCFG_CFGR1, 1);
	assert_int_equal(rd32(8), peek32(0x1fffec08));
	wr32(SYSCFG_CFGR1, 2);
	assert_int_equal(rd32(8), 0x11111111);
}

/* The flag is looked at only when option bytes are loaded. */
static void empty_check(void **state)
{
	struct chip_options options = { .part = "F030xC" };

	(void)state;
	start(&options);
	halt(true);
	assert_int_equal(get_reg(15) & ~0xffu, 0x1fffd800);
	poke32(FLASH, 0x20001000);
	poke32(FLASH + 4, 0x08000101);
	halt(true);
	assert_int_equal(get_reg(15) & ~0xffu, 0x1fffd800);
	wr32(FPEC_CR, 0x2000);
	later(MS);
	halt(true);
	assert_int_equal(get_reg(15), 0x08000100);
}

static void identity(void **state)
{
	static const uint8_t uid[12] = "ABCDEFGHIJK";
	struct chip_options options = { .uid = uid };
	uint8_t mine[12];

	(void)state;
	start(&options);
	assert_int_equal(rd32(0x1ffff7ac), 0x44434241);
	assert_int_equal(rd32(0x1ffff7b4), 0x004b4a49);
	assert_true(chip_peek(chip, 0x1ffff7ac, mine, 12));
	assert_memory_equal(mine, uid, 12);
	assert_int_equal(rd32(0xe000ed00), 0x410cc200);
	teardown(NULL);
	start(NULL);
	assert_int_not_equal(rd32(0x1ffff7ac), 0xffffffff);
}

static void narrow_accesses(void **state)
{
	uint32_t value;

	(void)state;
	start(NULL);
	/* APB: the bridge copies narrow data to all lanes */
	wr32(RCC_APB2ENR, 0x4001);
	assert_int_equal(wr(0x4001380c, 1, 0x45), SWD_OK);
	assert_int_equal(rd32(0x4001380c), 0x45454545);
	assert_int_equal(rd(0x4001380e, 2, &value), SWD_OK);
	assert_int_equal(value, 0x4545);
	/* GPIO: byte lanes */
	wr32(RCC_AHBENR, 0x00060014);
	assert_int_equal(wr(0x48000415, 1, 0xa5), SWD_OK);
	assert_int_equal(rd32(0x48000414), 0xa500);
	assert_int_equal(wr(0x48000418, 2, 0x0005), SWD_OK);
	assert_int_equal(rd32(0x48000414), 0xa505);
	assert_int_equal(wr(0x4800041a, 2, 0x8001), SWD_OK);
	assert_int_equal(rd32(0x48000414), 0x2504);
	wr32(0x48000428, 0x2000);
	assert_int_equal(rd32(0x48000414), 0x0504);
}

static void unclocked_blocks_read_zero(void **state)
{
	(void)state;
	start(NULL);
	assert_int_equal(rd32(GPIOA), 0);
	wr32(GPIOA, 0);
	wr32(RCC_AHBENR, 0x00020014);
	assert_int_equal(rd32(GPIOA), 0x28000000);
	assert_int_equal(rd32(GPIOA + 0x8), 0x0c000000);
	assert_int_equal(rd32(GPIOA + 0xc), 0x24000000);
	/* PA13 pulled up, outputs read back */
	assert_int_equal(rd32(GPIOA + 0x10), 0x2000);
	wr32(GPIOA, 0x28000001);
	wr32(GPIOA + 0x18, 1);
	assert_int_equal(rd32(GPIOA + 0x10), 0x2001);
	/* AHBRSTR */
	wr32(0x40021028, 0x20000);
	assert_int_equal(rd32(GPIOA), 0x28000000);
	wr32(0x40021028, 0);
	/* timers and the like are not there */
	assert_int_equal(rd32(0x40000400), 0);
	/* x4 has no port D */
	wr32(RCC_AHBENR, 0x00120014);
	wr32(0x48000c00, 1);
	assert_int_equal(rd32(0x48000c00), 0);
}

static void gpio_lock(void **state)
{
	(void)state;
	start(NULL);
	wr32(RCC_AHBENR, 0x00060014);
	wr32(0x4800041c, 0x10001);
	wr32(0x4800041c, 0x00001);
	wr32(0x4800041c, 0x10001);
	assert_int_equal(rd32(0x4800041c), 0x10001);
	wr32(0x48000400, 0x5);
	assert_int_equal(rd32(0x48000400), 0x4);
	wr32(0x48000420, 0x11);
	assert_int_equal(rd32(0x48000420), 0x10);
	halt(true);
	wr32(RCC_AHBENR, 0x00060014);
	assert_int_equal(rd32(0x4800041c), 0);
}

static void parity(void **state)
{
	uint32_t value;

	(void)state;
	start(NULL);
	poke32(OB, 0x40bf55aa);		/* RAM_PARITY_CHECK = 0 */
	power_cycle();
	assert_int_equal(attach(), SWD_OK);
	halt(true);
	assert_int_equal(try_rd(SRAM + 0x100, 4), SWD_FAULT);
	assert_int_equal(wr(SRAM + 0x100, 1, 0x55), SWD_OK);
	assert_int_equal(rd(SRAM + 0x100, 1, &value), SWD_OK);
	assert_int_equal(try_rd(SRAM + 0x100, 2), SWD_FAULT);
	wr32(SRAM + 0x100, 1);
	assert_int_equal(rd32(SRAM + 0x100), 1);
}

static void clone(void **state)
{
	struct chip_options options = { .part = "F030R8", .clone = true };
	uint32_t value;

	(void)state;
	start(&options);
	swd_line_reset(chip);
	assert_int_equal(dp_rd(0, &value), SWD_OK);
	assert_int_equal(value, 0x0bc11477);
	assert_int_equal(rd32(0xe000ed00), 0x410cc601);
	assert_int_equal(rd32(FLASH + 0x10000), 0);
	/* the lower lanes are taken for an upper half-word */
	assert_int_equal(wr(SRAM, 4, 0), SWD_OK);
	assert_int_equal(wr(SRAM + 2, 2, 0x1234), SWD_OK);
	assert_int_equal(rd32(SRAM), 0);
}

static void faults_on_request(void **state)
{
	(void)state;
	start(NULL);
	chip_faults(chip)->fault_addr = FLASH + 0x102;
	chip_faults(chip)->fault_len = 2;
	assert_int_equal(try_rd(FLASH + 0x100, 4), SWD_FAULT);
	assert_int_equal(try_rd(FLASH + 0x100, 2), SWD_OK);
	assert_int_equal(try_rd(FLASH + 0x104, 4), SWD_OK);
	chip_faults(chip)->fault_len = 0;
	assert_int_equal(try_rd(FLASH + 0x100, 4), SWD_OK);
}

static void peek_and_poke(void **state)
{
	uint8_t buf[16];

	(void)state;
	start(NULL);
	assert_false(chip_peek(chip, FLASH + 0x3ffc, buf, 8));
	assert_false(chip_peek(chip, FLASH - 4, buf, 8));
	assert_false(chip_peek(chip, 0x40021000, buf, 4));
	assert_false(chip_poke(chip, 0x1fffec00, buf, 4));
	assert_true(chip_peek(chip, OB, buf, 16));
	assert_true(chip_peek(chip, FLASH + 0x3ffc, buf, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(geometry),
		T(unknown_part),
		T(wrp_granularity),
		T(holes),
		T(upper_half_of_x4),
		T(alias),
		T(empty_check),
		T(identity),
		T(narrow_accesses),
		T(unclocked_blocks_read_zero),
		T(gpio_lock),
		T(parity),
		T(clone),
		T(faults_on_request),
		T(peek_and_poke),
	};

	return cmocka_run_group_tests_name("chip map", tests, NULL, NULL);
}
