// SPDX-License-Identifier: GPL-2.0-only
/*
 * Framing: $content#checksum, escapes, acknowledgements.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "packet.h"

#define ESCAPE		'}'
#define ESCAPE_XOR	0x20

enum { OUTSIDE, CONTENT, SUM_HIGH, SUM_LOW };

static int digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	       c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void begin(struct gdb_parser *p)
{
	p->state = CONTENT;
	p->sum = 0;
	p->want = 0;
	p->escaped = false;
	p->bad = false;
	p->len = 0;
}

static enum gdb_input outside(struct gdb_parser *p, uint8_t byte)
{
	switch (byte) {
	case '$':
		begin(p);
		return GDB_IN_NOTHING;
	case 0x03:
		return GDB_IN_INTERRUPT;
	case '+':
		return GDB_IN_ACK;
	case '-':
		return GDB_IN_NACK;
	default:
		return GDB_IN_NOTHING;
	}
}

static void content(struct gdb_parser *p, uint8_t byte)
{
	if (byte == '#') {
		p->state = SUM_HIGH;
		return;
	}
	/* what came before was cut off */
	if (byte == '$') {
		begin(p);
		return;
	}
	p->sum += byte;
	if (byte == ESCAPE && !p->escaped) {
		p->escaped = true;
		return;
	}
	if (p->escaped)
		byte ^= ESCAPE_XOR;
	p->escaped = false;
	if (p->len < GDB_PACKET_MAX)
		p->data[p->len++] = byte;
	else
		p->bad = true;
}

static void checksum(struct gdb_parser *p, uint8_t byte)
{
	int value = digit(byte);

	if (value < 0)
		p->bad = true;
	else
		p->want = p->want << 4 | value;
}

enum gdb_input gdb_parse(struct gdb_parser *p, uint8_t byte)
{
	switch (p->state) {
	case CONTENT:
		content(p, byte);
		return GDB_IN_NOTHING;
	case SUM_HIGH:
		checksum(p, byte);
		p->state = SUM_LOW;
		return GDB_IN_NOTHING;
	case SUM_LOW:
		checksum(p, byte);
		p->state = OUTSIDE;
		p->data[p->len] = '\0';
		return p->bad || p->want != p->sum ? GDB_IN_BAD : GDB_IN_PACKET;
	default:
		return outside(p, byte);
	}
}

void gdb_put(struct gdb_text *a, const void *data, size_t len)
{
	if (len > sizeof(a->data) - a->len) {
		a->full = true;
		return;
	}
	memcpy(a->data + a->len, data, len);
	a->len += len;
}

void gdb_printf(struct gdb_text *a, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (len >= (int)sizeof(text))
		len = sizeof(text) - 1;
	gdb_put(a, text, len);
}

void gdb_put_hex(struct gdb_text *a, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = data;
	char pair[2];

	while (len--) {
		pair[0] = digits[*p >> 4];
		pair[1] = digits[*p++ & 0xf];
		gdb_put(a, pair, 2);
	}
}

size_t gdb_put_binary(struct gdb_text *a, const void *data, size_t len)
{
	const char *p = data;
	size_t i;

	for (i = 0; i < len; i++) {
		char pair[] = { ESCAPE, p[i] ^ ESCAPE_XOR };
		bool special = p[i] == '$' || p[i] == '#' || p[i] == '*' ||
			       p[i] == ESCAPE;

		if (sizeof(a->data) - a->len < 2)
			break;
		gdb_put(a, special ? pair : p + i, special ? 2 : 1);
	}
	return i;
}

void gdb_put_plain(struct gdb_text *a, const char *text)
{
	for (; *text; text++)
		gdb_put(a, strchr("$#}*", *text) ? "?" : text, 1);
}

size_t gdb_frame(const struct gdb_text *a, char *frame)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t sum = 0;
	size_t i;

	*frame++ = '$';
	for (i = 0; i < a->len; i++) {
		sum += (uint8_t)a->data[i];
		*frame++ = a->data[i];
	}
	*frame++ = '#';
	*frame++ = digits[sum >> 4];
	*frame++ = digits[sum & 0xf];
	return a->len + 4;
}

size_t gdb_arg_left(const struct gdb_args *a)
{
	return a->end - a->p;
}

bool gdb_arg_word(struct gdb_args *a, const char *word)
{
	size_t len = strlen(word);

	if (gdb_arg_left(a) < len || memcmp(a->p, word, len))
		return false;
	a->p += len;
	return true;
}

bool gdb_arg_hex(struct gdb_args *a, uint32_t *value)
{
	const char *start = a->p;
	uint64_t v = 0;

	while (a->p < a->end && digit(*a->p) >= 0) {
		v = v << 4 | digit(*a->p++);
		if (v > UINT32_MAX)
			return false;
	}
	*value = v;
	return a->p > start;
}

bool gdb_arg_bytes(struct gdb_args *a, void *buf, size_t len)
{
	uint8_t *to = buf;
	size_t i;

	if (gdb_arg_left(a) != 2 * len)
		return false;
	for (i = 0; i < len; i++, a->p += 2) {
		int high = digit(a->p[0]), low = digit(a->p[1]);

		if (high < 0 || low < 0)
			return false;
		to[i] = high << 4 | low;
	}
	return true;
}

bool gdb_arg_range(struct gdb_args *a, uint32_t *addr, uint32_t *len)
{
	return gdb_arg_hex(a, addr) && gdb_arg_word(a, ",") &&
	       gdb_arg_hex(a, len);
}
