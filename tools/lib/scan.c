// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding out what flash holds, at the least cost that tells enough.
 */
#include <string.h>
#include <zlib.h>

#include "mem.h"
#include "pages.h"
#include "priv.h"
#include "scan.h"
#include "stm32f0.h"

/* SWD clocks for 32 bits (ADIv5: 8 + 1 + 3 + 33 + 1), and the default clock */
#define CLOCKS_PER_WORD		46u
#define DEFAULT_KHZ		1800u

static int read_page(struct stl_target *t, struct stl_plan *plan,
		     uint32_t page, struct stl_error *err)
{
	uint32_t off = page * plan->page_size;

	return stl_read_quiet(t, STL_FLASH_BASE + off, plan->have + off,
			      plan->page_size, err);
}

static bool is_blank(const struct stl_plan *plan, uint32_t page)
{
	const uint8_t *have = plan->have + page * plan->page_size;

	return have[0] == 0xff && !memcmp(have, have + 1, plan->page_size - 1);
}

/* With a page alone to erase, or blocks that may not be, all is not erased. */
static bool could_erase_all(const struct stl_target *t,
			    const struct stl_plan *plan)
{
	return plan->touched > 1 && !(t->chip.flags & STL_CHIP_SIZE_GUESSED) &&
	       !stl_any_write_protected(&t->chip);
}

int stl_scan_read(struct stl_target *t, struct stl_plan *plan,
		  struct stl_error *err)
{
	bool all = could_erase_all(t, plan);
	uint32_t total = all ? plan->num_pages : plan->touched, done = 0, i;
	int ret;

	total *= plan->page_size;
	for (i = 0; i < plan->num_pages; i++) {
		if (!all && !plan->pages[i].touched)
			continue;
		if (stl_progress(t, STL_PHASE_READ, done, total))
			return stl_fail_stopped(err, STL_PROGRAM);
		ret = read_page(t, plan, i, err);
		if (ret)
			return ret;
		plan->pages[i].blank = is_blank(plan, i);
		done += plan->page_size;
	}
	stl_progress(t, STL_PHASE_READ, total, total);
	return STL_OK;
}

uint32_t stl_page_crc(const struct stl_plan *plan, uint32_t page)
{
	return crc32(0, plan->want + page * plan->page_size, plan->page_size);
}

static uint32_t blank_crc(const struct stl_plan *plan)
{
	uint8_t blank[64];
	uint32_t crc = 0, i;

	memset(blank, 0xff, sizeof(blank));
	for (i = 0; i < plan->page_size; i += sizeof(blank))
		crc = crc32(crc, blank, sizeof(blank));
	return crc;
}

/* What is kept is written back as it was read: two have to say the same of it. */
static int read_kept(struct stl_target *t, struct stl_plan *plan,
		     uint32_t page, uint32_t crc, struct stl_error *err)
{
	int ret = read_page(t, plan, page, err);

	if (ret || crc32(0, plan->have + page * plan->page_size,
			 plan->page_size) == crc)
		return ret;
	return stl_fail_kept(err, page);
}

int stl_fail_kept(struct stl_error *err, uint32_t page)
{
	stl_fail(err, STL_LINK,
		 "page %u reads now this way, now another: what the image leaves of it can't be kept for certain",
		 page);
	stl_hint(err,
		 "nothing was changed; lower the clock (--freq), or unplug the probe and plug it in again");
	return STL_LINK;
}

/* What the CRC of a page tells; what it doesn't is read. */
static int judge(struct stl_target *t, struct stl_plan *plan, uint32_t index,
		 uint32_t crc, uint32_t blank, struct stl_error *err)
{
	struct stl_plan_page *page = &plan->pages[index];
	uint32_t off = index * plan->page_size;

	page->blank = crc == blank;
	if (!page->touched)
		return STL_OK;
	if (page->blank)
		memset(plan->have + off, 0xff, plan->page_size);
	else if (page->partial)
		return read_kept(t, plan, index, crc, err);
	else if (crc == stl_page_crc(plan, index))
		memcpy(plan->have + off, plan->want + off, plan->page_size);
	else
		page->unknown = true;
	return STL_OK;
}

/* A page needn't be erased if only blank parts of it change. */
static bool worth_reading(const struct stl_target *t,
			  const struct stl_plan *plan)
{
	uint32_t khz = t->clock_khz ? t->clock_khz : DEFAULT_KHZ;

	return plan->page_size / 4 * CLOCKS_PER_WORD * 1000ull / khz <
	       STL_PAGE_ERASE_US / 3;
}

static int read_unknown(struct stl_target *t, struct stl_plan *plan,
			struct stl_error *err)
{
	uint32_t i;
	int ret;

	for (i = 0; i < plan->num_pages; i++) {
		if (!plan->pages[i].unknown)
			continue;
		ret = read_page(t, plan, i, err);
		if (ret)
			return ret;
		plan->pages[i].unknown = false;
	}
	return STL_OK;
}

int stl_scan_crc(struct stl_target *t, struct stl_loader *l,
		 struct stl_plan *plan, struct stl_error *err)
{
	uint32_t crc[STL_PAGES_MAX], first = 0, count = plan->num_pages, i;
	uint32_t blank = blank_crc(plan);
	int ret;

	if (!could_erase_all(t, plan)) {
		while (!plan->pages[first].touched)
			first++;
		while (!plan->pages[count - 1].touched)
			count--;
		count -= first;
	}
	ret = stl_loader_crc(l, t, STL_FLASH_BASE + first * plan->page_size,
			     plan->page_size, count, crc, err);
	for (i = 0; !ret && i < count; i++)
		ret = judge(t, plan, first + i, crc[i], blank, err);
	if (ret || plan->full || !worth_reading(t, plan))
		return ret;
	ret = stl_plan_finish(plan, &t->chip, err);
	return ret || plan->mass_erase ? ret : read_unknown(t, plan, err);
}
