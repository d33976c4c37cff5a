/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The option bytes by the names that ST's manuals give them (RM0360 4.1), for
 * people and scripts. Pure functions.
 */
#ifndef STL_OPTION_FIELD_H
#define STL_OPTION_FIELD_H

#include "option.h"

/** STL_FIELD_TEXT - room for any value or meaning, with its terminating zero */
#define STL_FIELD_TEXT	160

/**
 * stl_option_field() - name of the n-th field that this chip has
 * @chip: identified chip
 * @n: from 0
 *
 * Return: "RDP", "nRST_STOP" ... "WRP", or NULL beyond the last one.
 */
const char *stl_option_field(const struct stl_chip *chip, size_t n);

/**
 * stl_option_value() - value of a field, in the form that stl_option_set() takes
 * @chip: identified chip
 * @b: option bytes
 * @n: field
 * @buf: STL_FIELD_TEXT bytes: "0" or "1" (RDP: level 0, 1 or 2; bits),
 *	"0x3c" (DATA0, DATA1), "none", "all" or "0-3,8-11" (WRP, pages)
 */
void stl_option_value(const struct stl_chip *chip,
		      const struct stl_option_bytes *b, size_t n, char *buf);

/**
 * stl_option_locked() - which pages WRP protects
 * @chip: identified chip
 * @b: option bytes
 * @pages: out: a flag for each page, at most STL_PAGES_MAX
 *
 * Return: how many pages the chip has.
 */
uint32_t stl_option_locked(const struct stl_chip *chip,
			   const struct stl_option_bytes *b, bool *pages);

/** stl_option_meaning() - what it means in words; as stl_option_value() */
void stl_option_meaning(const struct stl_chip *chip,
			const struct stl_option_bytes *b, size_t n, char *buf);

/**
 * stl_option_command() - what stlink option set would have to be told to make all of
 * them so on a chip that has lost them
 * @chip: identified chip
 * @b: option bytes
 * @buf: out: "NAME=VALUE NAME=VALUE", "" if erased ones mean the same
 * @len: its size
 */
void stl_option_command(const struct stl_chip *chip,
			const struct stl_option_bytes *b, char *buf, size_t len);

/**
 * stl_option_set() - change one field
 * @chip: identified chip
 * @b: option bytes, changed on success
 * @text: "NAME=VALUE", NAME in either case
 * @err: STL_USAGE: no such field, or not a value of it; for WRP also pages that
 *	only go together with others; level 2 is no value
 */
int stl_option_set(const struct stl_chip *chip, struct stl_option_bytes *b,
		   const char *text, struct stl_error *err);

#endif
