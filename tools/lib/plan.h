/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From an image and the present content of flash to the least work that
 * makes the one out of the other. Pure functions, no target needed.
 */
#ifndef STL_PLAN_H
#define STL_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chip.h"
#include "error.h"

/**
 * struct stl_segment - contiguous part of an image
 * @addr: target address of the first byte
 * @len: bytes; empty segments are ignored
 * @data: content, the caller's
 */
struct stl_segment {
	uint32_t addr;
	uint32_t len;
	const uint8_t *data;
};

/**
 * struct stl_plan_page - what happens to one page
 * @touched: the image has bytes in it
 * @partial: but not all; the rest is kept
 * @blank: known to be blank; of account where the image has nothing
 * @unknown: touched, not partial: its content is not what the image wants, and
 *	no more is known of it
 * @erase: must be erased
 * @program: half-words must be written (after the erase)
 * @halfwords: how many of them
 */
struct stl_plan_page {
	bool touched;
	bool partial;
	bool blank;
	bool unknown;
	bool erase;
	bool program;
	uint32_t halfwords;
};

/**
 * struct stl_plan - what has to be done
 * @flash_size: bytes
 * @page_size: bytes
 * @num_pages: pages of the chip
 * @pages: one each
 * @have: content now, flash_size bytes; only touched pages are filled, by the
 *	caller, between stl_plan_begin() and stl_plan_finish(), unless they are
 *	@unknown
 * @want: content afterwards; valid in touched pages
 * @from_image: for each byte, 1 where it comes from the image
 * @image_bytes: bytes of the image
 * @touched: pages the image touches
 * @erases: pages to erase
 * @programs: pages to program
 * @halfwords: half-words to program
 * @mass_erase: all of flash is to be erased at once: nothing is lost by it
 *	that isn't rewritten, and it is faster
 * @full: erase and program all that the image touches, needed or not; the
 *	caller's, before stl_plan_finish()
 */
struct stl_plan {
	uint32_t flash_size;
	uint32_t page_size;
	uint32_t num_pages;
	struct stl_plan_page *pages;
	uint8_t *have;
	uint8_t *want;
	uint8_t *from_image;
	uint32_t image_bytes;
	uint32_t touched;
	uint32_t erases;
	uint32_t programs;
	uint32_t halfwords;
	bool mass_erase;
	bool full;
};

/**
 * stl_plan_check() - can this image go onto this chip at all?
 * @chip: identified chip
 * @segs: image
 * @num: segments
 * @err: STL_NO_FIT (outside of flash, too big), STL_FILE (empty, overlap),
 *	STL_PROTECTED (RDP level 1)
 *
 * Part of stl_plan_begin(); of use alone to refuse early.
 */
int stl_plan_check(const struct stl_chip *chip, const struct stl_segment *segs,
		   size_t num, struct stl_error *err);

/**
 * stl_plan_begin() - check and lay out; marks the pages to be read
 * @plan: to fill; stl_plan_free() it, also after a failure
 * @chip: identified chip
 * @segs: image; not needed afterwards
 * @num: segments
 * @err: as stl_plan_check()
 */
int stl_plan_begin(struct stl_plan *plan, const struct stl_chip *chip,
		   const struct stl_segment *segs, size_t num,
		   struct stl_error *err);

/**
 * stl_plan_finish() - decide, page by page, and which way of erasing is cheaper
 * @plan: begun, with @have filled for touched pages; may be repeated when more
 *	is known
 * @chip: identified chip
 * @err: STL_PROTECTED when a page that must change is write-protected (names
 *	pages and WRP bits)
 */
int stl_plan_finish(struct stl_plan *plan, const struct stl_chip *chip,
		    struct stl_error *err);

/**
 * stl_plan_keeps() - will this page be erased and written with bytes that
 * don't come from the image?
 */
bool stl_plan_keeps(const struct stl_plan *plan, uint32_t page);

/**
 * stl_plan_refresh() - newer content of a page for which stl_plan_keeps()
 * @plan: finished
 * @page: number
 * @content: page_size bytes
 *
 * Takes over what the image doesn't cover, and counts half-words again.
 */
void stl_plan_refresh(struct stl_plan *plan, uint32_t page,
		      const uint8_t *content);

/**
 * stl_plan_differs() - must this half-word be programmed?
 * @plan: finished
 * @off: from the start of flash, even
 *
 * After the erase, if its page is erased.
 */
bool stl_plan_differs(const struct stl_plan *plan, uint32_t off);

/**
 * stl_plan_us() - how long flash itself will be busy, microseconds
 * @plan: finished
 *
 * With the typical times of the data sheet.
 */
uint64_t stl_plan_us(const struct stl_plan *plan);

/** STL_PLAN_TEXT - longest text of a plan, with its 0 */
#define STL_PLAN_TEXT	512

/**
 * stl_plan_text() - a finished plan in words: "erase page 4, program ..."
 * @plan: finished
 * @buf: out
 * @len: its size, STL_PLAN_TEXT
 */
void stl_plan_text(const struct stl_plan *plan, char *buf, size_t len);

/** stl_plan_free() - free what a plan holds */
void stl_plan_free(struct stl_plan *plan);

/**
 * stl_range_pages() - pages of an address range
 * @chip: identified chip
 * @addr: start; need not be a page boundary
 * @len: bytes, not 0
 * @first: out: first page
 * @count: out: number of pages
 * @err: STL_NO_FIT when the range isn't in flash
 */
int stl_range_pages(const struct stl_chip *chip, uint32_t addr, uint32_t len,
		    uint32_t *first, uint32_t *count, struct stl_error *err);

/**
 * stl_check_readable() - is there no read protection in the way?
 * @chip: identified chip
 * @err: STL_PROTECTED at RDP level 1 or 2
 */
int stl_check_readable(const struct stl_chip *chip, struct stl_error *err);

/** stl_any_write_protected() - is any page of flash write-protected? */
bool stl_any_write_protected(const struct stl_chip *chip);

/**
 * stl_check_protection() - may all these pages be erased?
 * @chip: identified chip
 * @pages: array of flash_size / page_size flags; true where it must change
 * @err: STL_PROTECTED (RDP level 1 or 2, or WRP; names pages and bits)
 */
int stl_check_protection(const struct stl_chip *chip, const bool *pages,
			 struct stl_error *err);

#endif
