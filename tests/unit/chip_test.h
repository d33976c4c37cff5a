/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A debugger of a few lines, for tests of the simulated chip: what a probe
 * does on the SWD wire at 4 MHz, with time going by.
 */
#ifndef CHIP_TEST_H
#define CHIP_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chip/chip.h"
#include "cpu/cpu.h"
#include "timing.h"

#define MS	1000000ull
#define US	1000ull
#define TRANSFER_NS	11500ull	/* 46 clocks at 4 MHz */

#define FLASH	0x08000000u
#define SRAM	0x20000000u
#define OB	0x1ffff800u
#define DBG_IDCODE	0x40015800u
#define DHCSR	0xe000edf0u
#define DCRSR	0xe000edf4u
#define DCRDR	0xe000edf8u
#define DEMCR	0xe000edfcu
#define AIRCR	0xe000ed0cu

#define RCC_CR		0x40021000u
#define RCC_CFGR	0x40021004u
#define RCC_AHBENR	0x40021014u
#define RCC_APB2ENR	0x40021018u
#define RCC_APB1ENR	0x4002101cu
#define RCC_CSR		0x40021024u
#define GPIOA		0x48000000u
#define IWDG		0x40003000u
#define DBGMCU		0x40015800u

#define FPEC_ACR	0x40022000u
#define FPEC_KEYR	0x40022004u
#define FPEC_OPTKEYR	0x40022008u
#define FPEC_SR		0x4002200cu
#define FPEC_CR		0x40022010u
#define FPEC_AR		0x40022014u
#define FPEC_OBR	0x4002201cu
#define FPEC_WRPR	0x40022020u
#define KEY1		0x45670123u
#define KEY2		0xcdef89abu
#define SR_BSY		0x01u
#define SR_PGERR	0x04u
#define SR_WRPRTERR	0x10u
#define SR_EOP		0x20u

static struct chip *chip;
/* how often a WAIT is repeated before the debugger gives up */
static unsigned int patience;

static void later(uint64_t ns)
{
	uint64_t end = chip_now(chip) + ns;

	/* in steps, so that nothing is skipped as a late caller's would be */
	while (chip_now(chip) < end)
		chip_run_until(chip, end - chip_now(chip) > 100 * MS ?
			       chip_now(chip) + 100 * MS : end);
}

static enum swd_ack wire(bool ap, bool read, unsigned int a, uint32_t *value)
{
	unsigned int left = patience;
	enum swd_ack ack;

	do {
		later(TRANSFER_NS);
		ack = swd_transfer(chip, ap, read, a, value, NULL);
	} while (ack == SWD_WAIT && left--);
	return ack;
}

static enum swd_ack dp_rd(unsigned int a, uint32_t *value)
{
	return wire(false, true, a, value);
}

static enum swd_ack dp_wr(unsigned int a, uint32_t value)
{
	return wire(false, false, a, &value);
}

static enum swd_ack ap_wr(unsigned int reg, uint32_t value)
{
	enum swd_ack ack = dp_wr(8, reg & 0xf0);

	return ack == SWD_OK ? wire(true, false, reg & 0xc, &value) : ack;
}

static enum swd_ack ap_rd(unsigned int reg, uint32_t *value)
{
	enum swd_ack ack = dp_wr(8, reg & 0xf0);

	if (ack == SWD_OK)
		ack = wire(true, true, reg & 0xc, value);
	return ack == SWD_OK ? dp_rd(12, value) : ack;
}

/* Line reset, DPIDR, power-up request, sticky flags cleared. */
static enum swd_ack attach(void)
{
	uint32_t value;
	enum swd_ack ack;

	swd_line_reset(chip);
	ack = dp_rd(0, &value);
	if (ack == SWD_OK)
		ack = dp_wr(0, 0x1e);
	if (ack == SWD_OK)
		ack = dp_wr(4, 0x50000000);
	return ack;
}

/*
 * One memory access of 1, 2 or 4 bytes. SWD_FAULT covers a fault that shows in
 * the transfer after; the sticky flag is cleared.
 */
static enum swd_ack access(bool read, uint32_t addr, unsigned int size,
			   uint32_t *value)
{
	unsigned int lane = 8 * (addr & 3);
	enum swd_ack ack;
	uint32_t data;

	ack = ap_wr(0, 0x03000040 | size >> 1);
	if (ack == SWD_OK)
		ack = ap_wr(4, addr);
	data = read ? 0 : *value << lane;
	if (ack == SWD_OK)
		ack = wire(true, read, 12, &data);
	if (ack == SWD_OK)
		ack = dp_rd(12, &data);
	if (ack == SWD_FAULT)
		dp_wr(0, 0x1e);
	if (ack == SWD_WAIT)
		dp_wr(0, 0x1);
	if (ack == SWD_OK && read)
		*value = data >> lane & 0xffffffffu >> (32 - 8 * size);
	return ack;
}

static enum swd_ack rd(uint32_t addr, unsigned int size, uint32_t *value)
{
	return access(true, addr, size, value);
}

static enum swd_ack wr(uint32_t addr, unsigned int size, uint32_t value)
{
	return access(false, addr, size, &value);
}

static uint32_t rd32(uint32_t addr)
{
	uint32_t value = 0;

	assert_int_equal(rd(addr, 4, &value), SWD_OK);
	return value;
}

static void wr32(uint32_t addr, uint32_t value)
{
	assert_int_equal(wr(addr, 4, value), SWD_OK);
}

static enum swd_ack try_rd(uint32_t addr, unsigned int size)
{
	uint32_t value;

	return rd(addr, size, &value);
}

static uint32_t peek32(uint32_t addr)
{
	uint32_t value = 0;

	assert_true(chip_peek(chip, addr, &value, 4));
	return value;
}

static uint16_t peek16(uint32_t addr)
{
	uint16_t value = 0;

	assert_true(chip_peek(chip, addr, &value, 2));
	return value;
}

static void poke32(uint32_t addr, uint32_t value)
{
	assert_true(chip_poke(chip, addr, &value, 4));
}

/* Put half-words of code or data somewhere. */
static void put_code(uint32_t addr, const uint16_t *code, size_t bytes)
{
	assert_true(chip_poke(chip, addr, code, bytes));
}

static void power_on(void)
{
	chip_power(chip, true);
	later(5 * MS);
}

static void power_cycle(void)
{
	chip_power(chip, false);
	later(MS);
	power_on();
}

/* A chip with power and a debugger attached. */
static void start(const struct chip_options *options)
{
	patience = 0;
	chip = chip_new(options);
	assert_non_null(chip);
	power_on();
	assert_int_equal(attach(), SWD_OK);
}

/* Halt the core; with @reset, before the first instruction after a reset. */
static void halt(bool reset)
{
	wr32(DHCSR, 0xa05f0003);
	if (reset) {
		wr32(DEMCR, 1);
		wr32(AIRCR, 0x05fa0004);
		later(100 * US);
		wr32(DEMCR, 0);
	}
	assert_true(rd32(DHCSR) & 0x00020000);
}

static void set_reg(unsigned int reg, uint32_t value)
{
	wr32(DCRDR, value);
	wr32(DCRSR, 0x10000 | reg);
}

static uint32_t get_reg(unsigned int reg)
{
	wr32(DCRSR, reg);
	return rd32(DCRDR);
}

/* Halt after reset, then run what is at @pc, interrupts masked. */
static void run_code(uint32_t pc)
{
	halt(true);
	set_reg(13, SRAM + chip_sram_size(chip));
	set_reg(16, 0x01000000);
	set_reg(15, pc);
	wr32(DHCSR, 0xa05f000b);
	wr32(DHCSR, 0xa05f0009);
}

static void unlock(void)
{
	wr32(FPEC_KEYR, KEY1);
	wr32(FPEC_KEYR, KEY2);
	assert_int_equal(rd32(FPEC_CR) & 0x80, 0);
}

static void unlock_options(void)
{
	unlock();
	wr32(FPEC_OPTKEYR, KEY1);
	wr32(FPEC_OPTKEYR, KEY2);
	assert_int_equal(rd32(FPEC_CR) & 0x280, 0x200);
}

/* Wait for BSY to go; returns SR and clears its flags. */
static uint32_t finish(void)
{
	uint32_t sr;

	do
		sr = rd32(FPEC_SR);
	while (sr & SR_BSY);
	wr32(FPEC_SR, 0x34);
	return sr;
}

/* Program one half-word with PG set by the caller. */
static uint32_t program(uint32_t addr, uint16_t value)
{
	assert_int_equal(wr(addr, 2, value), SWD_OK);
	return finish();
}

static uint32_t erase_page(uint32_t addr)
{
	wr32(FPEC_CR, 0x02);
	wr32(FPEC_AR, addr);
	wr32(FPEC_CR, 0x42);
	return finish();
}

static uint32_t mass_erase(void)
{
	wr32(FPEC_CR, 0x04);
	wr32(FPEC_CR, 0x44);
	return finish();
}

static uint32_t erase_options(void)
{
	wr32(FPEC_CR, 0x220);
	wr32(FPEC_CR, 0x260);
	return finish();
}

/* Program an option byte; options are unlocked. */
static uint32_t program_option(uint32_t addr, uint16_t value)
{
	wr32(FPEC_CR, 0x210);
	assert_int_equal(wr(addr, 2, value), SWD_OK);
	return finish();
}

static int teardown(void **state)
{
	(void)state;
	chip_free(chip);
	chip = NULL;
	return 0;
}

/* Not every test uses every helper. */
static inline void chip_test_unused(void)
{
	(void)ap_rd;
	(void)peek32;
	(void)peek16;
	(void)poke32;
	(void)put_code;
	(void)power_cycle;
	(void)get_reg;
	(void)run_code;
	(void)unlock_options;
	(void)program;
	(void)erase_page;
	(void)mass_erase;
	(void)erase_options;
	(void)program_option;
	(void)try_rd;
	(void)teardown;
	(void)start;
}

#define T(name)	cmocka_unit_test_teardown(name, teardown)

#endif
