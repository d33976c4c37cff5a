// SPDX-License-Identifier: GPL-2.0-only
/*
 * Peripheral address space (RM0360 table 2): which block, whether its clock
 * runs, and how narrow accesses reach its 32-bit registers.
 */
#include "internal.h"

typedef enum bus_result (*read_fn)(struct chip *chip, enum master master,
				   unsigned int unit, uint32_t off,
				   uint32_t *value);
typedef enum bus_result (*write_fn)(struct chip *chip, enum master master,
				    unsigned int unit, uint32_t off,
				    uint32_t value, uint32_t mask);

enum clock { CLK_ALWAYS, CLK_AHB, CLK_APB1, CLK_APB2 };

enum {
	P_APB = 1,	/* narrow writes arrive duplicated on all lanes */
	P_WORD = 2,	/* narrow accesses are bus errors */
	P_SYNC = 4,	/* writes start something timed */
	P_ALIVE = 8,	/* not part of the system reset */
	P_SYNC_READ = 16,	/* reads depend on the time */
};

struct periph {
	uint32_t base;
	enum clock clock;
	unsigned int bit;	/* in the clock enable register */
	unsigned int unit;
	unsigned int flags;
	read_fn read;
	write_fn write;
};

static const struct periph periphs[] = {
	{ 0x40002c00, CLK_APB1, 11, 0, P_APB | P_SYNC | P_SYNC_READ,
	  wwdg_read, wwdg_write },
	{ 0x40003000, CLK_ALWAYS, 0, 0, P_APB | P_SYNC, iwdg_read, iwdg_write },
	{ 0x40007000, CLK_APB1, 28, 0, P_APB, pwr_read, pwr_write },
	{ 0x40010000, CLK_APB2, 0, 0, P_APB, syscfg_read, syscfg_write },
	{ 0x40013800, CLK_APB2, 14, 0, P_APB, usart_read, usart_write },
	{ 0x40015800, CLK_ALWAYS, 0, 0, P_APB | P_ALIVE,
	  dbgmcu_read, dbgmcu_write },
	{ 0x40021000, CLK_ALWAYS, 0, 0, P_SYNC, rcc_read, rcc_write },
	{ 0x40022000, CLK_ALWAYS, 0, 0, P_WORD | P_SYNC,
	  fpec_read, fpec_write },
	{ 0x40023000, CLK_AHB, 6, 0, 0, crc_read, crc_write },
	{ 0x48000000, CLK_AHB, 17, 0, 0, gpio_read, gpio_write },
	{ 0x48000400, CLK_AHB, 18, 1, 0, gpio_read, gpio_write },
	{ 0x48000800, CLK_AHB, 19, 2, 0, gpio_read, gpio_write },
	{ 0x48000c00, CLK_AHB, 20, 3, 0, gpio_read, gpio_write },
	{ 0x48001400, CLK_AHB, 22, 5, 0, gpio_read, gpio_write },
};

static const struct periph *find(uint32_t addr)
{
	size_t i;

	for (i = 0; i < sizeof(periphs) / sizeof(periphs[0]); i++)
		if ((addr & ~0x3ffu) == periphs[i].base)
			return &periphs[i];
	return NULL;
}

/*
 * Blocks of the map that are not modelled (timers, ADC, serial ports, DMA)
 * answer as if their clock were off; what RM0360 table 2 calls reserved is an
 * error.
 */
static enum bus_result absent(uint32_t addr)
{
	if (addr < 0x40008000 ||
	    (addr >= 0x40010000 && addr < 0x40018000) ||
	    (addr >= 0x40020000 && addr < 0x40020400))
		return BUS_OK;
	return BUS_FAULT;
}

static bool clocked(const struct chip *chip, const struct periph *p)
{
	uint32_t enabled = ~0u;

	if (chip->in_reset && !(p->flags & P_ALIVE))
		return p->clock == CLK_ALWAYS;
	if (p->clock == CLK_AHB)
		enabled = chip->rcc.ahbenr;
	else if (p->clock == CLK_APB1)
		enabled = chip->rcc.apb1enr;
	else if (p->clock == CLK_APB2)
		enabled = chip->rcc.apb2enr;
	return enabled >> p->bit & 1;
}

/**
 * periph_merge() - a register's new value after a write of some byte lanes
 * @old: value so far
 * @value: data, on its lanes
 * @mask: the lanes written
 */
uint32_t periph_merge(uint32_t old, uint32_t value, uint32_t mask)
{
	return (old & ~mask) | (value & mask);
}

/** periph_read() - bus_read() of 40000000-5FFFFFFF */
enum bus_result periph_read(struct chip *chip, enum master master,
			    uint32_t addr, unsigned int size, uint32_t *value)
{
	const struct periph *p = find(addr);
	enum bus_result res;
	uint32_t word = 0;

	*value = 0;
	if (!p)
		return absent(addr);
	if (size != 4 && p->flags & P_WORD)
		return BUS_FAULT;
	if (!clocked(chip, p))
		return BUS_OK;
	if (p->flags & P_SYNC_READ && bus_needs_sync(chip, master))
		return BUS_STALL;
	res = p->read(chip, master, p->unit, addr & 0x3fc, &word);
	*value = word >> 8 * (addr & 3) & 0xffffffffu >> (32 - 8 * size);
	return res;
}

/** periph_write() - bus_write() of 40000000-5FFFFFFF */
enum bus_result periph_write(struct chip *chip, enum master master,
			     uint32_t addr, unsigned int size, uint32_t value)
{
	uint32_t lanes = 0xffffffffu >> (32 - 8 * size);
	const struct periph *p = find(addr);

	if (!p)
		return absent(addr);
	if (size != 4 && p->flags & P_WORD)
		return BUS_FAULT;
	if (!clocked(chip, p) || (chip->in_reset && !(p->flags & P_ALIVE)))
		return BUS_OK;
	if (p->flags & P_SYNC && bus_needs_sync(chip, master))
		return BUS_STALL;
	if (p->flags & P_APB) {
		/* RM0360 2.1: the bridge duplicates narrow data */
		if (size == 1)
			value = (value & 0xff) * 0x01010101u;
		else if (size == 2)
			value = (value & 0xffff) * 0x00010001u;
		lanes = 0xffffffffu;
	} else {
		value <<= 8 * (addr & 3);
		lanes <<= 8 * (addr & 3);
	}
	return p->write(chip, master, p->unit, addr & 0x3fc, value, lanes);
}
