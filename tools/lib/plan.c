// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planning: which pages to erase, which half-words to program.
 */
#include <stdlib.h>
#include <string.h>

#include "plan.h"

int stl_plan_begin(struct stl_plan *plan, const struct stl_chip *chip,
		   const struct stl_segment *segs, size_t num,
		   struct stl_error *err)
{
	uint32_t off, page, last;
	size_t i;
	int ret;

	memset(plan, 0, sizeof(*plan));
	ret = stl_plan_check(chip, segs, num, err);
	if (ret)
		return ret;
	plan->flash_size = chip->flash_size;
	plan->page_size = chip->page_size;
	plan->num_pages = chip->flash_size / chip->page_size;
	plan->pages = calloc(plan->num_pages, sizeof(*plan->pages));
	plan->have = calloc(1, plan->flash_size);
	plan->want = calloc(1, plan->flash_size);
	plan->from_image = calloc(1, plan->flash_size);
	if (!plan->pages || !plan->have || !plan->want || !plan->from_image)
		return stl_fail(err, STL_FILE, "out of memory");
	for (i = 0; i < num; i++) {
		if (!segs[i].len)
			continue;
		off = segs[i].addr - STL_FLASH_BASE;
		memcpy(plan->want + off, segs[i].data, segs[i].len);
		memset(plan->from_image + off, 1, segs[i].len);
		plan->image_bytes += segs[i].len;
		last = (off + segs[i].len - 1) / plan->page_size;
		for (page = off / plan->page_size; page <= last; page++) {
			plan->touched += !plan->pages[page].touched;
			plan->pages[page].touched = true;
		}
	}
	return STL_OK;
}

static uint16_t half_word(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

/*
 * A half-word can be programmed when it is erased; and 0000 over anything
 * (RM0360 3.2.2, PGERR).
 */
static bool can_program(uint16_t have, uint16_t want)
{
	return have == want || have == 0xffff || want == 0x0000;
}

static void count_half_words(struct stl_plan *plan, uint32_t index)
{
	struct stl_plan_page *page = &plan->pages[index];
	const uint8_t *have = plan->have + index * plan->page_size;
	const uint8_t *want = plan->want + index * plan->page_size;
	uint32_t i;

	plan->halfwords -= page->halfwords;
	plan->programs -= page->program;
	page->halfwords = 0;
	for (i = 0; i < plan->page_size; i += 2)
		page->halfwords += half_word(have + i) != half_word(want + i);
	page->program = page->halfwords;
	plan->halfwords += page->halfwords;
	plan->programs += page->program;
}

static void decide(struct stl_plan *plan, uint32_t index)
{
	struct stl_plan_page *page = &plan->pages[index];
	uint8_t *have = plan->have + index * plan->page_size;
	uint8_t *want = plan->want + index * plan->page_size;
	const uint8_t *mine = plan->from_image + index * plan->page_size;
	uint32_t i;

	for (i = 0; i < plan->page_size; i++)
		if (!mine[i])
			want[i] = have[i];
	for (i = 0; i < plan->page_size; i += 2)
		if (!can_program(half_word(have + i), half_word(want + i)))
			page->erase = true;
	if (page->erase)
		memset(have, 0xff, plan->page_size);
	plan->erases += page->erase;
	count_half_words(plan, index);
}

bool stl_plan_keeps(const struct stl_plan *plan, uint32_t page)
{
	const uint8_t *mine = plan->from_image + page * plan->page_size;

	return plan->pages[page].erase && memchr(mine, 0, plan->page_size);
}

void stl_plan_refresh(struct stl_plan *plan, uint32_t page,
		      const uint8_t *content)
{
	uint8_t *want = plan->want + page * plan->page_size;
	const uint8_t *mine = plan->from_image + page * plan->page_size;
	uint32_t i;

	for (i = 0; i < plan->page_size; i++)
		if (!mine[i])
			want[i] = content[i];
	count_half_words(plan, page);
}

int stl_plan_finish(struct stl_plan *plan, const struct stl_chip *chip,
		    struct stl_error *err)
{
	bool *change;
	uint32_t i;
	int ret;

	change = calloc(plan->num_pages, sizeof(*change));
	if (!change)
		return stl_fail(err, STL_FILE, "out of memory");
	for (i = 0; i < plan->num_pages; i++) {
		if (!plan->pages[i].touched)
			continue;
		decide(plan, i);
		change[i] = plan->pages[i].erase || plan->pages[i].program;
	}
	plan->mass_erase = plan->erases == plan->num_pages;
	ret = stl_check_protection(chip, change, err);
	free(change);
	return ret;
}

void stl_plan_free(struct stl_plan *plan)
{
	free(plan->pages);
	free(plan->have);
	free(plan->want);
	free(plan->from_image);
	memset(plan, 0, sizeof(*plan));
}
