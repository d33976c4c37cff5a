/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flash and image compared page by page, and a picture of it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_PAGES_H
#define STLINK_PAGES_H

#include "cmd.h"

/**
 * enum page_state - what a page is
 * @PAGE_BLANK: all FF, and the image doesn't want it otherwise
 * @PAGE_SAME: as the image has it
 * @PAGE_DIFFERENT: not as the image has it
 * @PAGE_OTHER: not blank, and the image has nothing for it
 */
enum page_state {
	PAGE_BLANK,
	PAGE_SAME,
	PAGE_DIFFERENT,
	PAGE_OTHER,
};

/**
 * struct page - one page of flash
 * @state: what it is
 * @locked: write-protected
 * @differences: bytes that differ from the image
 */
struct page {
	enum page_state state;
	bool locked;
	uint32_t differences;
};

/**
 * struct pages - all of them
 * @page: one each; free() it
 * @num: how many
 * @size: bytes of one
 * @different: pages that differ
 * @bytes: bytes of the image
 * @differences: bytes that differ
 * @addr: the first of them
 * @expected: byte of the image there
 * @found: byte of the chip there
 */
struct pages {
	struct page *page;
	uint32_t num;
	uint32_t size;
	uint32_t different;
	uint32_t bytes;
	uint32_t differences;
	uint32_t addr;
	uint8_t expected;
	uint8_t found;
};

bool pages_compare(struct pages *p, const struct stl_chip *chip,
		   const uint8_t *flash, const struct stl_segment *segs,
		   size_t num);
const char *page_word(enum page_state state);
char page_letter(const struct page *page);

#endif /* STLINK_PAGES_H */
