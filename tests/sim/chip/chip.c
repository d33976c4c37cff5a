// SPDX-License-Identifier: GPL-2.0-only
/* The chip as one thing: making it, its pins, and a look under the lid. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Offsets in system memory of what it holds besides the boot loader. */
#define UID_ADDR	0x1ffff7acu
#define FLASH_SIZE_ADDR	0x1ffff7ccu

static const uint8_t default_uid[12] = {
	0x1b, 0x00, 0x2a, 0x00, 0x0e, 0x47, 0x4d, 0x4e, 0x31, 0x39, 0x36, 0x20,
};

static const uint8_t factory_options[OPT_LEN] = {
	0xaa, 0x55, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
	0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
};

static enum bus_result core_read(void *ctx, uint32_t addr, unsigned int size,
				 bool fetch, uint32_t *value)
{
	struct chip *chip = ctx;

	if (fetch && chip->resched)
		return BUS_STALL;
	return bus_read(chip, MASTER_CORE, addr, size, value);
}

static enum bus_result core_write(void *ctx, uint32_t addr, unsigned int size,
				  uint32_t value)
{
	struct chip *chip = ctx;
	enum bus_result res;

	res = bus_write(chip, MASTER_CORE, addr, size, value);
	/* the write has reset the chip: not one instruction more */
	return chip->reset_cause ? BUS_STALL : res;
}

static void core_sysresetreq(void *ctx)
{
	reset_request(ctx, RCC_CSR_SFT);
}

static void put32(uint8_t *p, uint32_t value)
{
	p[0] = value;
	p[1] = value >> 8;
	p[2] = value >> 16;
	p[3] = value >> 24;
}

/*
 * System memory: in place of ST's boot loader a core that starts here waits
 * for ever, with usable vectors.
 */
static void fill_sysmem(struct chip *chip)
{
	const struct part *part = chip->part;
	uint32_t len = SYSMEM_END - part->sysmem_base;
	uint8_t *mem = chip->sysmem;
	unsigned int i;

	memset(mem, 0xff, len);
	put32(mem, SRAM_BASE + part->sram_size);
	for (i = 1; i < 48; i++)
		put32(mem + 4 * i, part->sysmem_base + 0xc1);
	put32(mem + 0xc0, 0xbf00e7fe);		/* b . */
	memcpy(mem + (UID_ADDR - part->sysmem_base), chip->uid, 12);
	put32(mem + (FLASH_SIZE_ADDR - part->sysmem_base),
	      0xffff0000 | part->flash_size / 1024);
}

/**
 * chip_new() - a part as it leaves the factory, without supply
 * @options: NULL for all defaults
 *
 * Return: the chip, or NULL when there is no such part or no memory.
 */
struct chip *chip_new(const struct chip_options *options)
{
	struct chip *chip = calloc(1, sizeof(*chip));
	struct cpu_bus bus = {
		.ctx = chip,
		.read = core_read,
		.write = core_write,
		.sysresetreq = core_sysresetreq,
	};

	if (!chip)
		return NULL;
	if (options)
		chip->opt = *options;
	chip->part = part_find(chip->opt.part);
	if (!chip->part)
		goto fail;
	chip->flash_len = chip->part->flash_size;
	if (chip->part->flash_size == 16 * 1024) {
		if (chip->opt.x4_upper_half == 2)
			chip->flash_len = 32 * 1024;
	} else {
		chip->opt.x4_upper_half = 0;
	}
	memcpy(chip->uid, chip->opt.uid ? chip->opt.uid : default_uid, 12);
	chip->opt.uid = NULL;
	chip->flash = malloc(chip->flash_len);
	chip->sram = calloc(1, chip->part->sram_size);
	chip->sram_valid = calloc(1, chip->part->sram_size);
	chip->sysmem = malloc(SYSMEM_END - chip->part->sysmem_base);
	chip->cpu = cpu_new(&bus);
	if (!chip->flash || !chip->sram || !chip->sram_valid ||
	    !chip->sysmem || !chip->cpu)
		goto fail;
	memset(chip->flash, 0xff, chip->flash_len);
	memcpy(chip->optmem, factory_options, OPT_LEN);
	fill_sysmem(chip);
	chip->in_reset = true;
	chip->release_at = NEVER;
	cpu_hold(chip->cpu, true);
	return chip;

fail:
	chip_free(chip);
	return NULL;
}

/** chip_free() - NULL is allowed */
void chip_free(struct chip *chip)
{
	if (!chip)
		return;
	if (chip->cpu)
		cpu_free(chip->cpu);
	free(chip->sysmem);
	free(chip->sram_valid);
	free(chip->sram);
	free(chip->flash);
	free(chip);
}

/** chip_power() - switch the supply; what is on already stays as it is */
void chip_power(struct chip *chip, bool on)
{
	if (chip->powered == on)
		return;
	chip->powered = on;
	if (on)
		reset_power_on(chip);
	else
		reset_power_off(chip);
}

/** chip_powered() - is the supply on? */
bool chip_powered(const struct chip *chip)
{
	return chip->powered;
}

/** chip_nrst() - drive nRST low or let it go */
void chip_nrst(struct chip *chip, bool low)
{
	chip->nrst_low = low;
	reset_pin(chip);
}

/** chip_hold_nrst() - see chip.h; a wired-OR with chip_nrst() */
void chip_hold_nrst(struct chip *chip, bool low)
{
	chip->nrst_held = low;
	reset_pin(chip);
}

/** chip_boot0() - level of BOOT0, sampled at the end of the next reset */
void chip_boot0(struct chip *chip, bool high)
{
	chip->boot0 = high;
}

/** chip_faults() - see chip.h */
struct chip_faults *chip_faults(struct chip *chip)
{
	return &chip->faults;
}

/* Memory behind an address, for looking from outside. */
static uint8_t *behind(struct chip *chip, uint32_t addr, size_t len, bool write)
{
	const struct {
		uint32_t base, len;
		uint8_t *mem;
		bool ro;
	} map[] = {
		{ FLASH_BASE, chip->flash_len, chip->flash, false },
		{ SRAM_BASE, chip->part->sram_size, chip->sram, false },
		{ OPT_BASE, OPT_LEN, chip->optmem, false },
		{ chip->part->sysmem_base, SYSMEM_END - chip->part->sysmem_base,
		  chip->sysmem, true },
	};
	size_t i;

	for (i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		uint32_t off = addr - map[i].base;

		if (off < map[i].len && len <= map[i].len - off &&
		    !(write && map[i].ro))
			return map[i].mem + off;
	}
	return NULL;
}

/**
 * chip_peek() - read flash, SRAM, option bytes in flash or system memory
 *
 * Return: false when the range is not within one of them.
 */
bool chip_peek(struct chip *chip, uint32_t addr, void *buf, size_t len)
{
	const uint8_t *p = behind(chip, addr, len, false);

	if (p)
		memcpy(buf, p, len);
	return p;
}

/** chip_poke() - see chip.h; false when the range is not within one memory */
bool chip_poke(struct chip *chip, uint32_t addr, const void *buf, size_t len)
{
	uint8_t *p = behind(chip, addr, len, true);

	if (!p)
		return false;
	memcpy(p, buf, len);
	if (p >= chip->sram && p < chip->sram + chip->part->sram_size)
		memset(chip->sram_valid + (p - chip->sram), 1, len);
	return true;
}

/** chip_flash_size() - bytes of main flash as the size register tells */
uint32_t chip_flash_size(const struct chip *chip)
{
	return chip->part->flash_size;
}

/** chip_sram_size() - bytes of SRAM */
uint32_t chip_sram_size(const struct chip *chip)
{
	return chip->part->sram_size;
}

/** chip_core_state() - see chip.h */
const char *chip_core_state(const struct chip *chip)
{
	if (!chip->powered)
		return "off";
	if (chip->in_reset)
		return "reset";
	if (cpu_halted(chip->cpu))
		return "halted";
	if (cpu_lockup(chip->cpu))
		return "lockup";
	return cpu_sleeping(chip->cpu) ? "sleeping" : "running";
}

/** chip_cpu() - the core */
struct cpu *chip_cpu(struct chip *chip)
{
	return chip->cpu;
}

/** chip_rdp_level() - see chip.h */
unsigned int chip_rdp_level(const struct chip *chip)
{
	return chip->active.level;
}

/** chip_reload_options() - see chip.h */
void chip_reload_options(struct chip *chip)
{
	options_load(chip);
}

/** chip_counters() - see chip.h */
const struct chip_counters *chip_counters(const struct chip *chip)
{
	return &chip->count;
}
