// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vector table: the four words without which no Cortex-M0 firmware starts.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vectors.h"

static void find(struct stl_vectors *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void find(struct stl_vectors *v, const char *fmt, ...)
{
	va_list ap;

	if (v->num == STL_VECTORS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(v->text[v->num++], sizeof(v->text[0]), fmt, ap);
	va_end(ap);
}

static void check_sp(struct stl_vectors *v, const struct stl_chip *chip,
		     uint32_t sp)
{
	uint32_t top = STL_SRAM_BASE + chip->sram_size;

	if (sp > top && sp <= STL_SRAM_BASE + 0x10000)
		find(v,
		     "initial SP 0x%08x is above the SRAM of this chip (ends at 0x%08x): built for a bigger one?",
		     sp, top);
	else if (sp <= STL_SRAM_BASE || sp > top)
		find(v, "initial SP 0x%08x is not in SRAM", sp);
	else if (sp % 4)
		find(v, "initial SP 0x%08x is not a multiple of 4", sp);
}

static void check_handler(struct stl_vectors *v, const struct stl_chip *chip,
			  const char *name, uint32_t vector)
{
	uint32_t addr = vector & ~1u;
	bool in_flash = addr >= STL_FLASH_BASE &&
			addr < STL_FLASH_BASE + chip->flash_size;

	/* Code that remaps itself may be linked for the alias at 0. */
	if (addr < chip->flash_size && addr >= 16)
		in_flash = true;
	if (vector == 0xffffffff)
		find(v, "%s vector is blank", name);
	else if (!(vector & 1))
		find(v, "%s vector 0x%08x is even: not Thumb code", name,
		     vector);
	else if (!in_flash && (vector < STL_SRAM_BASE ||
			       vector >= STL_SRAM_BASE + chip->sram_size))
		find(v, "%s vector 0x%08x points outside of flash and SRAM",
		     name, vector);
}

void stl_vectors_check_words(struct stl_vectors *v,
			     const struct stl_chip *chip,
			     const uint32_t words[4])
{
	v->num = 0;
	if (words[0] == 0xffffffff && words[1] == 0xffffffff) {
		find(v, "the vector table is blank");
		return;
	}
	check_sp(v, chip, words[0]);
	check_handler(v, chip, "reset", words[1]);
	check_handler(v, chip, "HardFault", words[3]);
	check_handler(v, chip, "NMI", words[2]);
}

/* Byte of the image, or FF as in erased flash. */
static uint8_t image_byte(const struct stl_segment *segs, size_t num,
			  uint32_t addr, bool *present)
{
	size_t i;

	for (i = 0; i < num; i++) {
		if (addr < segs[i].addr || addr - segs[i].addr >= segs[i].len)
			continue;
		*present = true;
		return segs[i].data[addr - segs[i].addr];
	}
	return 0xff;
}

void stl_vectors_check(struct stl_vectors *v, const struct stl_chip *chip,
		       const struct stl_segment *segs, size_t num)
{
	uint32_t words[4] = { 0 };
	bool present = false;
	size_t i;

	v->num = 0;
	for (i = 0; i < 16; i++)
		words[i / 4] |= (uint32_t)image_byte(segs, num,
						     STL_FLASH_BASE + i,
						     &present) << 8 * (i % 4);
	if (present)
		stl_vectors_check_words(v, chip, words);
}
