// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refusals: images and ranges that don't fit, pages that are protected.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"
#include "plan.h"

/* Where the linker put it tells what went wrong. */
static int fail_outside(const struct stl_chip *chip,
			const struct stl_segment *seg, uint64_t end,
			struct stl_error *err)
{
	uint32_t flash_end = STL_FLASH_BASE + chip->flash_size;

	stl_fail(err, STL_NO_FIT,
		 "image has data at 0x%08x to 0x%08llx, outside of the flash of this %s (0x%08x to 0x%08x, %u KiB)",
		 seg->addr, (unsigned long long)end - 1, chip->name,
		 STL_FLASH_BASE, flash_end - 1, chip->flash_size / 1024);
	if (seg->addr >= STL_FLASH_BASE && seg->addr < flash_end)
		stl_hint(err, "it is %llu bytes too big",
			 (unsigned long long)(end - flash_end));
	else if (end <= chip->part->max_flash && seg->addr < STL_FLASH_BASE)
		stl_hint(err,
			 "it was linked for address 0; flash is at 0x%08x: link it for that, or move it with objcopy --change-addresses",
			 STL_FLASH_BASE);
	else if (seg->addr >= STL_OPTION_BASE &&
		 seg->addr < STL_OPTION_BASE + 16)
		stl_hint(err,
			 "those are option bytes; they are not programmed with an image");
	else if (seg->addr >> 16 == STL_SRAM_BASE >> 16)
		stl_hint(err,
			 "0x%08x is SRAM: initialised data needs a load address in flash (\"AT > FLASH\" in the linker script), a program for SRAM can't be programmed",
			 seg->addr);
	else
		stl_hint(err, "at 0x%08x: %s", seg->addr,
			 stl_chip_region(chip, seg->addr, NULL));
	return STL_NO_FIT;
}

static int by_addr(const void *a, const void *b)
{
	const struct stl_segment *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static int check_overlap(const struct stl_segment *segs, size_t num,
			 struct stl_error *err)
{
	struct stl_segment *sorted;
	size_t i, n = 0;
	int ret = STL_OK;

	sorted = calloc(num, sizeof(*sorted));
	if (!sorted)
		return stl_fail(err, STL_FILE, "out of memory");
	for (i = 0; i < num; i++)
		if (segs[i].len)
			sorted[n++] = segs[i];
	qsort(sorted, n, sizeof(*sorted), by_addr);
	for (i = 1; i < n && !ret; i++)
		if (sorted[i - 1].addr + sorted[i - 1].len > sorted[i].addr)
			ret = stl_fail(err, STL_FILE,
				       "image has two contents for address 0x%08x",
				       sorted[i].addr);
	free(sorted);
	return ret;
}

int stl_check_readable(const struct stl_chip *chip, struct stl_error *err)
{
	if (!chip->rdp_level)
		return STL_OK;
	stl_fail(err, STL_PROTECTED,
		 "read protection level %u: flash can be neither read nor changed (FLASH_OBR 0x%08x)",
		 chip->rdp_level, chip->obr);
	if (chip->flags & STL_CHIP_RDP_LOST)
		stl_hint(err,
			 "the RDP byte is erased: a change of option bytes was cut off, or somebody left it so");
	if (chip->rdp_level == 1)
		stl_hint(err,
			 "stlink unprotect takes it off, and erases all of flash");
	return STL_PROTECTED;
}

int stl_plan_check(const struct stl_chip *chip, const struct stl_segment *segs,
		   size_t num, struct stl_error *err)
{
	uint64_t end, total = 0;
	size_t i;
	int ret;

	for (i = 0; i < num; i++)
		total += segs[i].len;
	if (!total)
		return stl_fail(err, STL_FILE, "the image is empty");
	for (i = 0; i < num; i++) {
		end = (uint64_t)segs[i].addr + segs[i].len;
		if (segs[i].len &&
		    (segs[i].addr < STL_FLASH_BASE ||
		     end > STL_FLASH_BASE + chip->flash_size))
			return fail_outside(chip, &segs[i], end, err);
	}
	ret = check_overlap(segs, num, err);
	return ret ? ret : stl_check_readable(chip, err);
}

int stl_range_pages(const struct stl_chip *chip, uint32_t addr, uint32_t len,
		    uint32_t *first, uint32_t *count, struct stl_error *err)
{
	uint64_t end = (uint64_t)addr + len;

	if (!len || addr < STL_FLASH_BASE ||
	    end > STL_FLASH_BASE + chip->flash_size)
		return stl_fail(err, STL_NO_FIT,
				"0x%08x and %u bytes is not in flash (0x%08x to 0x%08x)",
				addr, len, STL_FLASH_BASE,
				STL_FLASH_BASE + chip->flash_size - 1);
	*first = (addr - STL_FLASH_BASE) / chip->page_size;
	*count = (uint32_t)(end - 1 - STL_FLASH_BASE) / chip->page_size + 1 -
		 *first;
	return STL_OK;
}

bool stl_any_write_protected(const struct stl_chip *chip)
{
	uint32_t off;

	for (off = 0; off < chip->flash_size; off += chip->page_size)
		if (stl_write_protected(chip, STL_FLASH_BASE + off))
			return true;
	return false;
}

int stl_check_protection(const struct stl_chip *chip, const bool *pages,
			 struct stl_error *err)
{
	uint32_t i, addr, num = chip->flash_size / chip->page_size;
	char page_list[128], bit_list[128];
	bool hit[STL_PAGES_MAX] = { false }, bits[32] = { false };
	bool any = false;

	if (stl_check_readable(chip, err))
		return STL_PROTECTED;
	for (i = 0; i < num && i < STL_PAGES_MAX; i++) {
		addr = STL_FLASH_BASE + i * chip->page_size;
		if (!pages[i] || !stl_write_protected(chip, addr))
			continue;
		hit[i] = true;
		bits[stl_wrp_bit(chip, addr)] = true;
		any = true;
	}
	if (!any)
		return STL_OK;
	stl_pages_text(hit, num, ", ", page_list, sizeof(page_list));
	stl_pages_text(bits, 32, ", ", bit_list, sizeof(bit_list));
	stl_fail(err, STL_PROTECTED,
		 "write-protected: page %s (WRP bit %s); nothing was changed",
		 page_list, bit_list);
	stl_hint(err,
		 "write protection is set in the option bytes (WRPR 0x%08x)",
		 chip->wrpr);
	return STL_PROTECTED;
}
