// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flash and image compared page by page. Pure functions.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <stdlib.h>

#include "pages.h"

static const struct {
	const char *word;
	char letter;
} states[] = {
	[PAGE_BLANK] = { "blank", 'b' },
	[PAGE_SAME] = { "same", 's' },
	[PAGE_DIFFERENT] = { "different", 'd' },
	[PAGE_OTHER] = { "not in the image", 'o' },
};

/**
 * page_word() - what a page is, in words
 * @state: state
 *
 * Return: "blank", "same", "different" or "not in the image".
 */
const char *page_word(enum page_state state)
{
	return states[state].word;
}

/**
 * page_letter() - a page in the picture
 * @page: page
 *
 * Return: a letter, a capital if the page is write-protected; '.' for blank.
 */
char page_letter(const struct page *page)
{
	char c = states[page->state].letter;

	if (page->locked)
		return toupper((unsigned char)c);
	return page->state == PAGE_BLANK ? '.' : c;
}

static void compare_segment(struct pages *p, const uint8_t *flash,
			    const struct stl_segment *s)
{
	uint32_t off = s->addr - STL_FLASH_BASE;
	struct page *page;
	uint32_t i;

	for (i = 0; i < s->len; i++) {
		page = &p->page[(off + i) / p->size];
		/* for now; blank on both sides is told apart at the end */
		if (page->state != PAGE_DIFFERENT)
			page->state = PAGE_SAME;
		if (flash[off + i] == s->data[i])
			continue;
		if (page->state != PAGE_DIFFERENT)
			p->different++;
		page->state = PAGE_DIFFERENT;
		page->differences++;
		if (!p->differences || s->addr + i < p->addr) {
			p->addr = s->addr + i;
			p->expected = s->data[i];
			p->found = flash[off + i];
		}
		p->differences++;
	}
	p->bytes += s->len;
}

static bool is_blank(const uint8_t *p, uint32_t len)
{
	while (len && *p == 0xff) {
		p++;
		len--;
	}
	return !len;
}

/**
 * pages_compare() - compare an image with the whole flash
 * @p: out
 * @chip: identified chip
 * @flash: content of the flash, all of it
 * @segs: image, all of it in flash
 * @num: segments
 *
 * Return: false when out of memory.
 */
bool pages_compare(struct pages *p, const struct stl_chip *chip,
		   const uint8_t *flash, const struct stl_segment *segs,
		   size_t num)
{
	uint32_t i;

	*p = (struct pages){
		.num = chip->flash_size / chip->page_size,
		.size = chip->page_size,
	};
	p->page = calloc(p->num, sizeof(*p->page));
	if (!p->page)
		return false;
	for (i = 0; i < p->num; i++) {
		p->page[i].state = PAGE_OTHER;
		p->page[i].locked = stl_write_protected(chip, STL_FLASH_BASE +
							i * p->size);
	}
	for (; num; num--, segs++)
		compare_segment(p, flash, segs);
	for (i = 0; i < p->num; i++) {
		if (p->page[i].state != PAGE_DIFFERENT &&
		    is_blank(flash + i * p->size, p->size))
			p->page[i].state = PAGE_BLANK;
	}
	return true;
}
