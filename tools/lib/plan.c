// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planning: which pages to erase, which half-words to program.
 */
#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "stm32f0.h"

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
	for (page = 0; page < plan->num_pages; page++)
		plan->pages[page].partial = plan->pages[page].touched &&
			memchr(plan->from_image + page * plan->page_size, 0,
			       plan->page_size);
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

bool stl_plan_differs(const struct stl_plan *plan, uint32_t off)
{
	uint16_t have = half_word(plan->have + off);

	if (plan->pages[off / plan->page_size].erase)
		have = 0xffff;
	return have != half_word(plan->want + off);
}

static void count_half_words(struct stl_plan *plan, uint32_t index)
{
	struct stl_plan_page *page = &plan->pages[index];
	uint32_t off = index * plan->page_size, end = off + plan->page_size;

	plan->halfwords -= page->halfwords;
	plan->programs -= page->program;
	page->halfwords = 0;
	for (; off < end; off += 2)
		page->halfwords += stl_plan_differs(plan, off);
	page->program = page->halfwords;
	plan->halfwords += page->halfwords;
	plan->programs += page->program;
}

static void decide(struct stl_plan *plan, uint32_t index)
{
	struct stl_plan_page *page = &plan->pages[index];
	const uint8_t *have = plan->have + index * plan->page_size;
	uint8_t *want = plan->want + index * plan->page_size;
	const uint8_t *mine = plan->from_image + index * plan->page_size;
	uint32_t i;

	for (i = 0; i < plan->page_size; i++)
		if (!mine[i])
			want[i] = have[i];
	page->erase = plan->full || page->unknown;
	for (i = 0; i < plan->page_size; i += 2)
		if (!page->unknown && !can_program(half_word(have + i),
						   half_word(want + i)))
			page->erase = true;
	plan->erases += page->erase;
	count_half_words(plan, index);
}

bool stl_plan_keeps(const struct stl_plan *plan, uint32_t page)
{
	return plan->pages[page].erase && plan->pages[page].partial;
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

uint64_t stl_plan_us(const struct stl_plan *plan)
{
	uint64_t erase = plan->mass_erase ? STL_MASS_ERASE_US :
			 (uint64_t)plan->erases * STL_PAGE_ERASE_US;

	return erase + (uint64_t)plan->halfwords * STL_HALF_WORD_NS / 1000;
}

/* Would it destroy anything that isn't written again? Is it allowed? */
static bool mass_erase_is_right(const struct stl_plan *plan,
				const struct stl_chip *chip)
{
	uint32_t i;

	/* it may be bigger, and what is there has not been seen */
	if (chip->flags & STL_CHIP_SIZE_GUESSED)
		return false;
	for (i = 0; i < plan->num_pages; i++)
		if (!plan->pages[i].touched && !plan->pages[i].blank)
			return false;
	return !stl_any_write_protected(chip);
}

/* One mass erase takes as long as that of one page, but more is rewritten. */
static void consider_mass_erase(struct stl_plan *plan,
				const struct stl_chip *chip)
{
	uint64_t pages_us, mass_us, half_words = 0;
	uint32_t off, i;

	plan->mass_erase = false;
	if (!plan->erases || !mass_erase_is_right(plan, chip))
		return;
	for (off = 0; off < plan->flash_size; off += 2)
		half_words += plan->pages[off / plan->page_size].touched &&
			      half_word(plan->want + off) != 0xffff;
	pages_us = stl_plan_us(plan);
	mass_us = STL_MASS_ERASE_US + half_words * STL_HALF_WORD_NS / 1000;
	if (plan->erases < plan->num_pages && mass_us >= pages_us)
		return;
	plan->mass_erase = true;
	plan->erases = plan->num_pages;
	for (i = 0; i < plan->num_pages; i++) {
		if (!plan->pages[i].touched)
			continue;
		plan->pages[i].erase = true;
		count_half_words(plan, i);
	}
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
	plan->erases = 0;
	for (i = 0; i < plan->num_pages; i++) {
		if (!plan->pages[i].touched)
			continue;
		decide(plan, i);
		change[i] = plan->pages[i].erase || plan->pages[i].program;
	}
	consider_mass_erase(plan, chip);
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
