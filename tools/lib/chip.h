/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The STM32F0 parts of this family: geometry, memory map, what the chip says
 * about itself. Numbers: ST RM0360 rev 5, tables 1, 3 and 110.
 */
#ifndef STL_CHIP_H
#define STL_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STL_FLASH_BASE		0x08000000u
#define STL_SRAM_BASE		0x20000000u
#define STL_OPTION_BASE		0x1ffff800u
#define STL_WRP_UNIT		4096u	/* bytes per WRP bit, on every part */

/**
 * struct stl_part - one die of the family
 * @dev_id: DBGMCU_IDCODE[11:0]
 * @page_size: bytes of a flash page
 * @max_flash: bytes, of the biggest part with this die
 * @min_flash: bytes, of the smallest
 * @sram_size: bytes
 * @sysmem_base: start of the ROM boot loader; it ends at 0x1ffff7ff
 * @wrp_bits: bits of FLASH_WRPR in use, for the biggest part
 * @empty_check: boots to the ROM boot loader while 0x08000000 was blank when
 *	the option bytes were loaded last
 */
struct stl_part {
	uint16_t dev_id;
	uint32_t page_size;
	uint32_t max_flash;
	uint32_t min_flash;
	uint32_t sram_size;
	uint32_t sysmem_base;
	unsigned int wrp_bits;
	bool empty_check;
};

/** enum stl_chip_flag - things to know about a chip */
enum stl_chip_flag {
	STL_CHIP_SIZE_GUESSED = 1 << 0,	/* size register unusable */
	STL_CHIP_NOT_M0 = 1 << 1,	/* CPUID or DPIDR isn't a Cortex-M0 */
	STL_CHIP_NOT_ST = 1 << 2,	/* ROM table names another maker */
	STL_CHIP_NO_UID = 1 << 3,	/* UID unreadable, all equal or blank */
	STL_CHIP_RDP_LOST = 1 << 4,	/* level 1 since the RDP byte is erased */
};

/**
 * struct stl_chip - what was found at the other end
 * @part: row of the table
 * @name: "STM32F030x4"
 * @siblings: other parts with this die, "STM32F031/F038", for humans
 * @dpidr: Debug Port ID
 * @cpuid: CPUID
 * @idcode: DBGMCU_IDCODE
 * @dev_id: IDCODE[11:0]
 * @rev_id: IDCODE[31:16]
 * @flash_size: bytes
 * @page_size: bytes
 * @sram_size: bytes
 * @uid: unique ID, three words
 * @obr: FLASH_OBR
 * @wrpr: FLASH_WRPR
 * @rdp_level: 0, 1 or 2
 * @flags: enum stl_chip_flag
 */
struct stl_chip {
	const struct stl_part *part;
	char name[24];
	char siblings[40];
	uint32_t dpidr;
	uint32_t cpuid;
	uint32_t idcode;
	uint16_t dev_id;
	uint16_t rev_id;
	uint32_t flash_size;
	uint32_t page_size;
	uint32_t sram_size;
	uint32_t uid[3];
	uint32_t obr;
	uint32_t wrpr;
	unsigned int rdp_level;
	unsigned int flags;
};

/** stl_part_find() - row for a DEV_ID, or NULL */
const struct stl_part *stl_part_find(uint16_t dev_id);

/** stl_part_nth() - n-th row of the table, from 0, or NULL beyond the last */
const struct stl_part *stl_part_nth(size_t n);

/**
 * stl_chip_set_size() - fill name, sizes and flags from what was read
 * @chip: with @part and @dev_id set
 * @size_reg: content of the flash size register (KiB in the low half)
 *
 * A size that can't be (0, FFFF, above the die's maximum, no whole number of
 * pages) gives the smallest of this die and STL_CHIP_SIZE_GUESSED.
 */
void stl_chip_set_size(struct stl_chip *chip, uint32_t size_reg);

/**
 * struct stl_region - a part of the address space with something in it
 * @first: first address
 * @last: last address
 * @name: words for a message
 */
struct stl_region {
	uint32_t first;
	uint32_t last;
	const char *name;
};

/** STL_MAX_REGIONS - room that stl_chip_regions() needs */
#define STL_MAX_REGIONS		16

/**
 * stl_chip_regions() - memory map of this chip
 * @chip: identified chip
 * @map: out: in order of address; what lies between two of them is reserved
 *
 * Return: how many.
 */
size_t stl_chip_regions(const struct stl_chip *chip,
			struct stl_region map[STL_MAX_REGIONS]);

/**
 * stl_chip_hole() - is there an address in a range where nothing is?
 * @chip: identified chip
 * @addr: start of the range
 * @len: bytes, not 0; inside of the address space
 * @hole: out: the first such address
 *
 * Return: true if there is one.
 */
bool stl_chip_hole(const struct stl_chip *chip, uint32_t addr, uint32_t len,
		   uint32_t *hole);

/**
 * stl_chip_region() - what is at an address on this chip
 * @chip: identified chip
 * @addr: target address
 * @end: out: last address of the region, or NULL
 *
 * Return: words for a message, e.g. "flash", "SRAM", "option bytes",
 * "reserved (nothing there)".
 */
const char *stl_chip_region(const struct stl_chip *chip, uint32_t addr,
			    uint32_t *end);

/** stl_chip_readable() - does the part have memory or registers at @addr? */
bool stl_chip_readable(const struct stl_chip *chip, uint32_t addr);

/** stl_wrp_bit() - bit of FLASH_WRPR for an address in flash */
unsigned int stl_wrp_bit(const struct stl_chip *chip, uint32_t addr);

/** stl_write_protected() - is the block with @addr write-protected? */
bool stl_write_protected(const struct stl_chip *chip, uint32_t addr);

/** stl_protected_blocks() - how many blocks of STL_WRP_UNIT bytes are? */
unsigned int stl_protected_blocks(const struct stl_chip *chip);

#endif
