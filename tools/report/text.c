// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a report. Every line goes through one place, which takes out
 * what tells who somebody is.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "error.h"
#include "text.h"

#define LINE_MAX_LEN	1200

/* So many hexadecimal digits are a number that may be the only one of its kind */
#define LONG_NUMBER	16

/* Paths below these are the same on many machines */
static const char * const common[] = {
	"/bin/", "/boot/", "/dev/", "/etc/", "/lib/", "/proc/", "/run/",
	"/sbin/", "/sys/", "/usr/",
};

unsigned int report_mark(const char *text)
{
	uint32_t h = 0x811c9dc5u;	/* FNV-1a */

	for (; *text; text++)
		h = (h ^ (uint8_t)toupper((unsigned char)*text)) * 0x01000193u;
	return (h ^ h >> 16) & 0xffff;
}

void report_secret(struct report *r, const char *text, const char *word,
		   bool number)
{
	if (strlen(text) < 2 || r->num == REPORT_SECRETS)
		return;
	snprintf(r->secret[r->num].text, sizeof(r->secret[0].text), "%s",
		 text);
	r->secret[r->num].word = word;
	r->secret[r->num++].number = number;
}

static bool in_word(int c)
{
	return isalnum(c) || c == '_';
}

/* Where a word ends, or where it isn't one: an address, a path */
static bool apart(const char *text, const char *at, size_t len)
{
	bool before = at == text || !in_word((unsigned char)at[-1]) ||
		      !in_word((unsigned char)at[0]);

	return before && (!in_word((unsigned char)at[len]) ||
			  !in_word((unsigned char)at[len - 1]));
}

/* The longest secret that begins at @at, or -1 */
static int find_secret(const struct report *r, const char *text,
		       const char *at)
{
	size_t i, len, most = 0;
	int found = -1;

	for (i = 0; i < r->num; i++) {
		len = strlen(r->secret[i].text);
		if (len > most && !strncasecmp(at, r->secret[i].text, len) &&
		    apart(text, at, len)) {
			most = len;
			found = i;
		}
	}
	return found;
}

static size_t long_number(const char *text, const char *at)
{
	size_t len = strspn(at, "0123456789abcdefABCDEF");

	return len >= LONG_NUMBER && apart(text, at, len) ? len : 0;
}

static size_t own_path(const char *text, const char *at)
{
	size_t len = strcspn(at, " \t,;:'\"()[]"), i;

	if (*at != '/' || !isalnum((unsigned char)at[1]) ||
	    (at != text && !strchr(" \t,;:='\"([", at[-1])))
		return 0;
	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		if (!strncmp(at, common[i], strlen(common[i])))
			return 0;
	}
	return len;
}

void report_clean(const struct report *r, const char *text, char *buf,
		  size_t len)
{
	const char *at = text;
	char number[160];
	size_t used = 0, n;
	int secret;

	while (*at && used + 1 < len) {
		secret = find_secret(r, text, at);
		if (secret >= 0 && r->secret[secret].number) {
			used += snprintf(buf + used, len - used, "[%s %04x]",
					 r->secret[secret].word,
					 report_mark(r->secret[secret].text));
			at += strlen(r->secret[secret].text);
		} else if (secret >= 0) {
			used += snprintf(buf + used, len - used, "[%s]",
					 r->secret[secret].word);
			at += strlen(r->secret[secret].text);
		} else if ((n = long_number(text, at))) {
			snprintf(number, sizeof(number), "%.*s", (int)n, at);
			used += snprintf(buf + used, len - used,
					 "[number %04x]", report_mark(number));
			at += n;
		} else if ((n = own_path(text, at))) {
			used += snprintf(buf + used, len - used, "[path]");
			at += n;
		} else {
			buf[used++] = *at++;
		}
	}
	buf[used < len ? used : len - 1] = '\0';
}

static void put(struct report *r, const char *name, const char *mark,
		const char *fmt, va_list ap)
{
	char text[LINE_MAX_LEN], clean[2 * LINE_MAX_LEN];

	vsnprintf(text, sizeof(text), fmt, ap);
	stl_printable(text);
	report_clean(r, text, clean, sizeof(clean));
	if (*name)
		fprintf(r->out, "%-20s %s%s\n", name, mark, clean);
	else
		fprintf(r->out, "    %s%s\n", mark, clean);
}

void report_section(struct report *r, const char *title)
{
	fprintf(r->out, "\n== %s ==\n", title);
}

void report_line(struct report *r, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(r, name, "", fmt, ap);
	va_end(ap);
}

void report_number(struct report *r, const char *name, const char *number)
{
	fprintf(r->out, "%-20s %s", name, *number ? "[" : "none\n");
	if (*number)
		fprintf(r->out, "number %04x], %zu characters\n",
			report_mark(number), strlen(number));
}

void report_lack(struct report *r, const char *name, const char *fmt, ...)
{
	va_list ap;

	r->missing++;
	va_start(ap, fmt);
	put(r, name, "not had: ", fmt, ap);
	va_end(ap);
}
