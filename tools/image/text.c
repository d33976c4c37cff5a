// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines and hexadecimal digits of the text formats.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* The name of a file, and what is in it, may be anything. */
static void printable(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == '\177')
			*text = '?';
	}
}

/**
 * image_fail() - leave a message and hand on an error
 * @err: where the message goes
 * @ret: negative errno
 * @fmt: format of the message, without a newline
 *
 * Control characters become '?'. There is no hint, so far.
 *
 * Return: @ret.
 */
int image_fail(struct image_error *err, int ret, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	printable(err->text);
	err->hint[0] = '\0';
	return ret;
}

/**
 * image_hint() - say what to do about the message that is there
 * @err: where the hint goes
 * @ret: negative errno
 * @fmt: format of the hint, without a newline
 *
 * Return: @ret.
 */
int image_hint(struct image_error *err, int ret, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
	printable(err->hint);
	return ret;
}

/**
 * text_error() - refuse the file because of the current line
 * @t: text, for file name and line number
 * @fmt: format of the reason
 *
 * The hint is that of a damaged file; image_hint() sets a better one.
 *
 * Return: -EBADMSG.
 */
int text_error(const struct text *t, const char *fmt, ...)
{
	char why[IMAGE_ERROR_LEN / 2];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	/* with nothing but marks in it there isn't any line */
	image_fail(t->err, -EBADMSG, "%s:%u: %s", t->name, t->num ? t->num : 1,
		   why);
	return image_hint(t->err, -EBADMSG,
			  "the file is damaged or was edited; make it or copy it again");
}

/**
 * text_cut() - refuse a file that has no end
 * @t: text, at its last line
 * @missing: what should be there
 *
 * Return: -EBADMSG.
 */
int text_cut(const struct text *t, const char *missing)
{
	text_error(t, "file ends without %s; it is cut short", missing);
	return image_hint(t->err, -EBADMSG,
			  "copy it or make it again: half of a firmware isn't programmed");
}

/**
 * text_begin() - go before the first line
 * @t: text; keeps @t->name and @t->err
 * @buf: the file
 * @len: bytes of it
 *
 * Editors put the mark of UTF-8 at the beginning, DOS a control Z at the end.
 */
void text_begin(struct text *t, const uint8_t *buf, size_t len)
{
	while (len && buf[len - 1] == '\032')
		len--;
	if (len >= 3 && !memcmp(buf, "\357\273\277", 3)) {
		buf += 3;
		len -= 3;
	}
	t->next = (const char *)buf;
	t->left = len;
	t->end = memchr(buf, '\n', len) ? '\n' : '\r';
	t->line = t->next;
	t->len = 0;
	t->num = 0;
}

/**
 * text_next() - go to the next line that isn't blank
 * @t: text
 *
 * Lines end with LF or CR LF, or all of them with CR; blanks at their end don't
 * count. After the last line @t->num stays there, so that "something is missing"
 * names the end.
 *
 * Return: true while there is one.
 */
bool text_next(struct text *t)
{
	while (t->left) {
		const char *end = memchr(t->next, t->end, t->left);
		size_t len = end ? (size_t)(end - t->next) : t->left;
		size_t used = end ? len + 1 : len;

		t->line = t->next;
		t->next += used;
		t->left -= used;
		t->num++;
		while (len && (t->line[len - 1] == '\r' ||
			       t->line[len - 1] == ' ' ||
			       t->line[len - 1] == '\t'))
			len--;
		t->len = len;
		if (len)
			return true;
	}
	return false;
}

/**
 * text_remark() - is the current line for people only?
 * @t: text
 *
 * The formats have no remarks, but files have; '#' and ';' begin no record.
 *
 * Return: true if so.
 */
bool text_remark(const struct text *t)
{
	return t->line[0] == '#' || t->line[0] == ';';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/**
 * text_digits() - decode pairs of hexadecimal digits up to the end of the line
 * @t: text
 * @from: column of the first digit, counted from 0
 * @out: receives the bytes
 * @room: bytes that fit there
 * @num: out: bytes decoded
 *
 * Return: 0, or -EBADMSG: not a digit, an odd number of them, too many.
 */
int text_digits(struct text *t, size_t from, uint8_t *out, size_t room,
		size_t *num)
{
	size_t n = 0;
	size_t i;

	for (i = from; i < t->len; i++) {
		unsigned char c = t->line[i];

		if (digit(c) >= 0)
			continue;
		if (c > ' ' && c < 0x7f)
			return text_error(t, "'%c' in column %zu is not a hexadecimal digit",
					  c, i + 1);
		return text_error(t, "character 0x%02x in column %zu is not a hexadecimal digit",
				  c, i + 1);
	}
	if ((t->len - from) % 2)
		return text_error(t, "odd number of digits");
	if ((t->len - from) / 2 > room)
		return text_error(t, "record too long: %zu bytes, at most %zu are possible",
				  (t->len - from) / 2, room);
	for (i = from; i < t->len; i += 2)
		out[n++] = digit(t->line[i]) << 4 | digit(t->line[i + 1]);
	*num = n;
	return 0;
}
