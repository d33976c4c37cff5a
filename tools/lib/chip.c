// SPDX-License-Identifier: GPL-2.0-only
/*
 * Table of parts and the memory map. ST RM0360 rev 5: tables 1 and 3 (memory),
 * 110 (IDs), 4.1.3 (write protection); names of the parts that share a die
 * from ST's device headers.
 */
#include <stdio.h>
#include <string.h>

#include "chip.h"

#define KIB 1024u

static const struct stl_part parts[] = {
	{ 0x444, 1 * KIB, 32 * KIB, 16 * KIB, 4 * KIB, 0x1fffec00, 8, false },
	{ 0x440, 1 * KIB, 64 * KIB, 16 * KIB, 8 * KIB, 0x1fffec00, 16, false },
	{ 0x442, 2 * KIB, 256 * KIB, 128 * KIB, 32 * KIB, 0x1fffd800, 32,
	  true },
	{ 0x445, 1 * KIB, 32 * KIB, 16 * KIB, 6 * KIB, 0x1fffc400, 8, true },
	{ 0x448, 2 * KIB, 128 * KIB, 64 * KIB, 16 * KIB, 0x1fffc800, 32,
	  false },
};

/* The name follows from die and size; package and pin count can't be read. */
static const struct {
	uint16_t dev_id;
	uint32_t size;
	const char *name;
	const char *siblings;
} names[] = {
	{ 0x444, 16 * KIB, "STM32F030x4", "STM32F031/F038" },
	{ 0x444, 32 * KIB, "STM32F030x6", "STM32F031/F038" },
	{ 0x440, 16 * KIB, "STM32F051x4", "" },
	{ 0x440, 32 * KIB, "STM32F051x6", "" },
	{ 0x440, 64 * KIB, "STM32F030x8", "STM32F051/F058" },
	{ 0x442, 128 * KIB, "STM32F091xB", "STM32F098" },
	{ 0x442, 256 * KIB, "STM32F030xC", "STM32F091/F098" },
	{ 0x445, 16 * KIB, "STM32F042x4", "" },
	{ 0x445, 32 * KIB, "STM32F070x6", "STM32F042/F048" },
	{ 0x448, 64 * KIB, "STM32F072x8", "STM32F071" },
	{ 0x448, 128 * KIB, "STM32F070xB", "STM32F071/F072/F078" },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const struct stl_part *stl_part_find(uint16_t dev_id)
{
	size_t i;

	for (i = 0; i < COUNT(parts); i++)
		if (parts[i].dev_id == dev_id)
			return &parts[i];
	return NULL;
}

const struct stl_part *stl_part_nth(size_t n)
{
	return n < COUNT(parts) ? &parts[n] : NULL;
}

void stl_chip_set_size(struct stl_chip *chip, uint32_t size_reg)
{
	const struct stl_part *part = chip->part;
	uint32_t size = (size_reg & 0xffff) * KIB;
	size_t i;

	/* FFFF KiB would be above the maximum as well. */
	if (!size || size > part->max_flash || size % part->page_size) {
		size = part->min_flash;
		chip->flags |= STL_CHIP_SIZE_GUESSED;
	}
	chip->flash_size = size;
	chip->page_size = part->page_size;
	chip->sram_size = part->sram_size;
	snprintf(chip->name, sizeof(chip->name), "STM32F0 (%03x)",
		 chip->dev_id);
	chip->siblings[0] = '\0';
	for (i = 0; i < COUNT(names); i++) {
		if (names[i].dev_id != chip->dev_id || names[i].size != size)
			continue;
		snprintf(chip->name, sizeof(chip->name), "%s", names[i].name);
		snprintf(chip->siblings, sizeof(chip->siblings), "%s",
			 names[i].siblings);
	}
}

size_t stl_chip_regions(const struct stl_chip *chip,
			struct stl_region map[STL_MAX_REGIONS])
{
	bool big = chip->part->page_size > KIB;
	const struct stl_region all[] = {
		{ 0, chip->flash_size - 1,
		  "alias of flash, boot loader or SRAM" },
		{ STL_FLASH_BASE, STL_FLASH_BASE + chip->flash_size - 1,
		  "flash" },
		{ chip->part->sysmem_base, STL_OPTION_BASE - 1,
		  "system memory" },
		{ STL_OPTION_BASE, STL_OPTION_BASE + 15, "option bytes" },
		{ STL_OPTION_BASE + 16, big ? 0x1fffffff : 0x1ffffbff,
		  "rest of the option byte area" },
		{ STL_SRAM_BASE, STL_SRAM_BASE + chip->sram_size - 1, "SRAM" },
		{ 0x40000000, 0x40017fff, "APB peripherals" },
		{ 0x40020000, 0x400243ff, "AHB peripherals" },
		{ 0x48000000, 0x480017ff, "GPIO ports" },
		{ 0xe0000000, 0xe00fffff, "core peripherals" },
	};

	memcpy(map, all, sizeof(all));
	return COUNT(all);
}

static const char *lookup(const struct stl_chip *chip, uint32_t addr,
			  uint32_t *end)
{
	struct stl_region map[STL_MAX_REGIONS];
	size_t i, num = stl_chip_regions(chip, map);

	*end = 0xffffffff;
	for (i = 0; i < num; i++) {
		if (addr < map[i].first) {
			*end = map[i].first - 1;
			return NULL;
		}
		if (addr <= map[i].last) {
			*end = map[i].last;
			return map[i].name;
		}
	}
	return NULL;
}

const char *stl_chip_region(const struct stl_chip *chip, uint32_t addr,
			    uint32_t *end)
{
	uint32_t last;
	const char *name = lookup(chip, addr, &last);

	if (end)
		*end = last;
	return name ? name : "reserved, nothing there";
}

bool stl_chip_hole(const struct stl_chip *chip, uint32_t addr, uint32_t len,
		   uint32_t *hole)
{
	uint32_t last = addr + (len - 1), end;

	while (lookup(chip, addr, &end)) {
		if (end >= last)
			return false;
		addr = end + 1;
	}
	*hole = addr;
	return true;
}

bool stl_chip_readable(const struct stl_chip *chip, uint32_t addr)
{
	uint32_t last;

	return lookup(chip, addr, &last);
}

unsigned int stl_wrp_bit(const struct stl_chip *chip, uint32_t addr)
{
	unsigned int bit = (addr - STL_FLASH_BASE) / STL_WRP_UNIT;

	(void)chip;
	/* The last bit covers whatever is left of a 256 KiB part. */
	return bit < 31 ? bit : 31;
}

bool stl_write_protected(const struct stl_chip *chip, uint32_t addr)
{
	return !(chip->wrpr >> stl_wrp_bit(chip, addr) & 1);
}

unsigned int stl_protected_blocks(const struct stl_chip *chip)
{
	unsigned int num = 0;
	uint32_t at;

	for (at = 0; at < chip->flash_size; at += STL_WRP_UNIT)
		num += stl_write_protected(chip, STL_FLASH_BASE + at);
	return num;
}
