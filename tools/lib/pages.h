/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of pages as text, "0-3, 8": for messages and for what people type.
 */
#ifndef STL_PAGES_H
#define STL_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** STL_PAGES_MAX - no part of the family has more pages */
#define STL_PAGES_MAX	256u

/**
 * stl_pages_text() - a set as text
 * @set: a flag each
 * @num: how many
 * @between: between two ranges, ", " for messages
 * @buf: out; a text that is too long is cut
 * @len: its size
 */
void stl_pages_text(const bool *set, uint32_t num, const char *between,
		    char *buf, size_t len);

/**
 * stl_pages_parse() - a text as a set
 * @text: "0-3,8"
 * @num: pages that there are
 * @set: out: @num flags, all false before
 *
 * Return: false unless it is a list of pages and ranges of them.
 */
bool stl_pages_parse(const char *text, uint32_t num, bool *set);

#endif
