// SPDX-License-Identifier: GPL-2.0-only
/*
 * May a copy go onto this chip, and what shall its option bytes be? Pure
 * functions.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <string.h>

#include "copy.h"

/**
 * copy_used() - how much of the flash isn't blank
 * @copy: copy
 *
 * Return: bytes from the start to the last one that isn't FF; 0 if all is
 * blank.
 */
uint32_t copy_used(const struct board_copy *copy)
{
	uint32_t used = copy->size;

	while (used && copy->flash[used - 1] == 0xff)
		used--;
	return used;
}

static enum stl_code fail_part(const struct board_copy *copy,
			       const struct stl_chip *chip,
			       enum copy_rule rule, struct stl_error *err)
{
	stl_fail(err, STL_NO_FIT,
		 "%s is of a %s (DEV_ID %03x, %u KiB), this is a %s (DEV_ID %03x, %u KiB); nothing was changed",
		 copy->origin, copy->part, copy->dev_id, copy->size / 1024,
		 chip->name, chip->dev_id, chip->flash_size / 1024);
	if (rule == COPY_SAME_PART)
		stl_hint(err,
			 "--force restores it all the same, if it fits");
	else
		stl_hint(err,
			 "firmware for another part may not start here; if that is wanted, use read and program");
	return STL_NO_FIT;
}

static bool right_part(const struct board_copy *copy,
		       const struct stl_chip *chip, enum copy_rule rule)
{
	const struct stl_part *part = stl_part_find(copy->dev_id);

	switch (rule) {
	case COPY_SAME_PART:
		return copy->dev_id == chip->dev_id &&
		       copy->size == chip->flash_size;
	case COPY_SAME_DIE:
		return copy->dev_id == chip->dev_id;
	default:
		return !part || part->page_size == chip->page_size;
	}
}

/**
 * copy_fit() - may it go there?
 * @copy: copy
 * @chip: identified chip
 * @rule: how strict
 * @remark: receives what should be said although it may, or ""
 * @len: room there
 * @err: STL_NO_FIT
 *
 * Return: STL_OK or STL_NO_FIT.
 */
enum stl_code copy_fit(const struct board_copy *copy,
		       const struct stl_chip *chip, enum copy_rule rule,
		       char *remark, size_t len, struct stl_error *err)
{
	uint32_t used = copy_used(copy);

	*remark = '\0';
	if (!right_part(copy, chip, rule))
		return fail_part(copy, chip, rule, err);
	if (used > chip->flash_size)
		return stl_fail(err, STL_NO_FIT,
				"%s has content up to 0x%08x, the flash of this %s ends at 0x%08x; nothing was changed",
				copy->origin, STL_FLASH_BASE + used - 1,
				chip->name,
				STL_FLASH_BASE + chip->flash_size - 1);
	if (copy->dev_id && copy->dev_id != chip->dev_id)
		snprintf(remark, len, "%s is of a %s, this is a %s",
			 copy->origin, copy->part, chip->name);
	else if (copy->size > chip->flash_size)
		snprintf(remark, len,
			 "this %s has %u KiB of flash, %s has %u; what is missing is blank there",
			 chip->name, chip->flash_size / 1024, copy->origin,
			 copy->size / 1024);
	else if (copy->size < chip->flash_size)
		snprintf(remark, len,
			 "this %s has %u KiB of flash, %s has %u; the rest becomes blank",
			 chip->name, chip->flash_size / 1024, copy->origin,
			 copy->size / 1024);
	return STL_OK;
}

/**
 * copy_options_want() - what the option bytes of the destination shall be
 * @copy: copy that has option bytes
 * @now: those of the destination
 * @with_protection: take over RDP and WRP too
 * @want: out
 *
 * Level 2 is never taken over: it can't be undone.
 */
void copy_options_want(const struct board_copy *copy,
		       const struct stl_option_bytes *now,
		       bool with_protection, struct stl_option_bytes *want)
{
	struct stl_option_bytes source;

	stl_option_unpack(&source, copy->options);
	*want = source;
	if (!with_protection || stl_rdp_byte_level(source.rdp) == 2)
		want->rdp = now->rdp;
	if (!with_protection)
		memcpy(want->wrp, now->wrp, sizeof(want->wrp));
}

/**
 * copy_locked_pages() - which pages option bytes protect, for a message
 * @chip: chip they are for
 * @b: option bytes
 * @buf: out: "0-3, 8-11", "" for none
 * @len: its size
 */
void copy_locked_pages(const struct stl_chip *chip,
		       const struct stl_option_bytes *b, char *buf, size_t len)
{
	bool locked[STL_PAGES_MAX];
	uint32_t num = stl_option_locked(chip, b, locked);

	stl_pages_text(locked, num, ", ", buf, len);
}
