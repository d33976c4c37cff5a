// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory map (RM0360 2.2): which block answers an address, and a bus error
 * where none does.
 */
#include <string.h>

#include "internal.h"

static uint32_t load(const uint8_t *p, unsigned int size)
{
	uint32_t value = 0;

	while (size--)
		value = value << 8 | p[size];
	return value;
}

static void store(uint8_t *p, unsigned int size, uint32_t value)
{
	for (; size--; value >>= 8)
		*p++ = value;
}

static bool within(uint32_t addr, uint32_t base, uint32_t len)
{
	return addr - base < len;
}

/* Reserved space; a clone has been seen to answer 0 there. */
static enum bus_result hole(struct chip *chip, uint32_t *value)
{
	*value = 0;
	return chip->opt.clone ? BUS_OK : BUS_FAULT;
}

static uint32_t flash_window(const struct chip *chip)
{
	if (chip->opt.x4_upper_half == 1 && chip->flash_len < 32 * 1024)
		return 32 * 1024;
	return chip->flash_len;
}

/**
 * bus_needs_sync() - must this access wait until the core's time is known?
 *
 * The core runs ahead of chip->now within one cpu_run(). An access that starts
 * something timed is stalled once, which ends cpu_run(); it is repeated when
 * chip->now has caught up. All accesses of that instruction then pass, so
 * that a store-multiple is not taken apart, and the next instruction's fetch
 * ends cpu_run() again, because there may be something new to wait for.
 *
 * Return: true when the caller has to answer BUS_STALL.
 */
bool bus_needs_sync(struct chip *chip, enum master master)
{
	uint64_t insn;

	if (master != MASTER_CORE || !chip->in_core)
		return false;
	insn = cpu_instructions(chip->cpu);
	if (chip->synced) {
		chip->synced = false;
		chip->sync_insn = insn;
	}
	if (chip->sync_insn == insn) {
		chip->resched = true;
		return false;
	}
	chip->want_sync = true;
	return true;
}

/* RM0360 2.3: with parity on, SRAM never written gives an NMI and an error. */
static enum bus_result sram_read(struct chip *chip, uint32_t off,
				 unsigned int size, uint32_t *value)
{
	unsigned int i;

	*value = load(chip->sram + off, size);
	if (chip->active.user & USER_NO_PARITY)
		return BUS_OK;
	for (i = 0; i < size; i++) {
		if (!chip->sram_valid[off + i]) {
			cpu_nmi(chip->cpu);
			return BUS_FAULT;
		}
	}
	return BUS_OK;
}

static void sram_write(struct chip *chip, uint32_t off, unsigned int size,
		       uint32_t value)
{
	store(chip->sram + off, size, value);
	memset(chip->sram_valid + off, 1, size);
}

/*
 * Address 0 shows flash, system memory or SRAM. Returns the address behind
 * the alias, or @addr itself when it is none.
 */
static uint32_t unalias(const struct chip *chip, uint32_t addr, bool *flash)
{
	uint32_t sysmem_len = SYSMEM_END - chip->part->sysmem_base;

	*flash = false;
	if (addr >= FLASH_BASE)
		return addr;
	switch (chip->syscfg[0] & 3) {
	case BOOT_SYSMEM:
		if (addr < sysmem_len)
			return chip->part->sysmem_base + addr;
		break;
	case BOOT_SRAM:
		if (addr < chip->part->sram_size)
			return SRAM_BASE + addr;
		break;
	default:
		if (addr < flash_window(chip)) {
			*flash = true;
			return FLASH_BASE + addr;
		}
	}
	return addr;
}

static bool injected(const struct chip *chip, uint32_t addr, unsigned int size)
{
	const struct chip_faults *f = &chip->faults;

	return f->fault_len && (within(addr, f->fault_addr, f->fault_len) ||
				within(f->fault_addr, addr, size));
}

/**
 * bus_read() - one AHB read
 * @chip: the chip
 * @master: core or debug port
 * @addr: naturally aligned
 * @size: 1, 2 or 4 bytes
 * @value: filled, right-justified
 *
 * Return: BUS_STALL while the flash is busy; the access has to be repeated.
 */
enum bus_result bus_read(struct chip *chip, enum master master, uint32_t addr,
			 unsigned int size, uint32_t *value)
{
	const struct part *part = chip->part;
	bool flash;

	if (injected(chip, addr, size))
		return BUS_FAULT;
	addr = unalias(chip, addr, &flash);
	if (within(addr, SRAM_BASE, part->sram_size))
		return sram_read(chip, addr - SRAM_BASE, size, value);
	if (within(addr, FLASH_BASE, flash_window(chip)))
		return flash_read(chip, master, addr - FLASH_BASE, size, value);
	if (addr >= part->sysmem_base && addr < SYSMEM_END) {
		*value = load(chip->sysmem + (addr - part->sysmem_base), size);
		return BUS_OK;
	}
	if (addr >= OPT_BASE && addr < part->opt_end) {
		/* the information block is busy whenever the main block is */
		if (flash_busy(chip))
			return chip->opt.busy_read_fault ? BUS_FAULT :
							   BUS_STALL;
		*value = addr < OPT_BASE + OPT_LEN ?
			 load(chip->optmem + (addr - OPT_BASE), size) :
			 0xffffffffu >> (32 - 8 * size);
		return BUS_OK;
	}
	if (addr >= 0x40000000 && addr < 0x60000000) {
		enum bus_result res;

		res = periph_read(chip, master, addr, size, value);
		return res == BUS_FAULT && chip->opt.clone ?
		       hole(chip, value) : res;
	}
	return hole(chip, value);
}

/**
 * bus_write() - one AHB write
 * @chip: the chip
 * @master: core or debug port
 * @addr: naturally aligned
 * @size: 1, 2 or 4 bytes
 * @value: right-justified
 *
 * Return: BUS_STALL while the flash is busy; the access has to be repeated.
 */
enum bus_result bus_write(struct chip *chip, enum master master, uint32_t addr,
			  unsigned int size, uint32_t value)
{
	const struct part *part = chip->part;
	uint32_t discard;
	bool flash;

	addr = unalias(chip, addr, &flash);
	if (flash)	/* programming through the alias is undocumented */
		return BUS_OK;
	if (within(addr, SRAM_BASE, part->sram_size)) {
		sram_write(chip, addr - SRAM_BASE, size, value);
		return BUS_OK;
	}
	if (within(addr, FLASH_BASE, flash_window(chip)))
		return flash_store(chip, master, addr, size, value);
	if (addr >= OPT_BASE && addr < part->opt_end) {
		if (bus_needs_sync(chip, master) || flash_busy(chip))
			return BUS_STALL;
		return options_store(chip, addr, size, value);
	}
	if (addr >= 0x40000000 && addr < 0x60000000)
		return periph_write(chip, master, addr, size, value);
	return hole(chip, &discard);
}
