// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers from the command line.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd.h"

/* fastest clock that is taken for a number of kHz without a unit */
#define MAX_BARE_KHZ	100000

static bool scale(uint64_t *v, const char *suffix)
{
	if (!*suffix)
		return true;
	if (!strcmp(suffix, "k") || !strcmp(suffix, "K") ||
	    !strcmp(suffix, "KiB"))
		*v <<= 10;
	else if (!strcmp(suffix, "m") || !strcmp(suffix, "M") || !strcmp(suffix, "MiB"))
		*v <<= 20;
	else
		return false;
	return true;
}

/**
 * parse_u32() - a number of 32 bits
 * @text: decimal ("08" is eight: nothing is octal) or hexadecimal with 0x;
 *	then nothing, K or KiB (x 1024), M or MiB (x 1048576), also k, m
 * @value: receives it
 *
 * Return: false if it is anything else, negative, or too large.
 */
bool parse_u32(const char *text, uint32_t *value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	unsigned long long v;
	uint64_t scaled;
	char *end;

	/* strtoull() would take blanks, signs and a second 0x */
	if (!isxdigit((unsigned char)digits[0]) ||
	    (!hex && !isdigit((unsigned char)digits[0])) ||
	    digits[1] == 'x' || digits[1] == 'X')
		return false;
	errno = 0;
	v = strtoull(digits, &end, hex ? 16 : 10);
	if (errno || v > UINT32_MAX)
		return false;
	scaled = v;
	if (!scale(&scaled, end) || scaled > UINT32_MAX)
		return false;
	*value = scaled;
	return true;
}

/**
 * parse_khz() - an SWD clock
 * @text: decimal number, maybe with a fraction, and Hz, k, kHz, M or MHz in
 *	upper or lower case; without a unit it is kHz, as with other tools
 * @khz: receives it, in kHz, rounded down: a limit must not be exceeded
 *
 * Return: false if it is anything else, below 1 kHz or beyond reason.
 */
bool parse_khz(const char *text, uint32_t *khz)
{
	const char *p = text;
	uint64_t hz = 0;
	uint64_t unit;
	uint64_t place;

	if (!isdigit((unsigned char)*p))
		return false;
	for (; isdigit((unsigned char)*p) && hz < 1000000000; p++)
		hz = 10 * hz + (*p - '0');
	text = p;
	if (*p == '.') {
		if (!isdigit((unsigned char)*++p))
			return false;
		p += strspn(p, "0123456789");
	}
	if (!*p || !strcasecmp(p, "k") || !strcasecmp(p, "kHz"))
		unit = 1000;
	else if (!strcasecmp(p, "M") || !strcasecmp(p, "MHz"))
		unit = 1000000;
	else if (!strcasecmp(p, "Hz"))
		unit = 1;
	else
		return false;
	hz *= unit;
	for (place = unit; *text == '.' || isdigit((unsigned char)*text);
	     text++) {
		if (*text == '.')
			continue;
		place /= 10;
		hz += place * (*text - '0');
	}
	if (hz < 1000 || hz / 1000 > MAX_BARE_KHZ)
		return false;
	*khz = hz / 1000;
	return true;
}

/**
 * parse_pages() - a page or a range of them
 * @text: "N" or "N-M", M not below N
 * @first: receives N
 * @last: receives M, or N
 *
 * Return: false if it is anything else.
 */
bool parse_pages(const char *text, uint32_t *first, uint32_t *last)
{
	const char *dash = strchr(text, '-');
	char head[16];

	if (!dash) {
		if (!parse_u32(text, first))
			return false;
		*last = *first;
		return true;
	}
	if ((size_t)(dash - text) >= sizeof(head))
		return false;
	memcpy(head, text, dash - text);
	head[dash - text] = '\0';
	return parse_u32(head, first) && parse_u32(dash + 1, last) &&
	       *first <= *last;
}
