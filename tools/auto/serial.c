// SPDX-License-Identifier: GPL-2.0-only
/*
 * Serial numbers as they are laid down in flash.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "serial.h"

unsigned int auto_serial_max_width(enum auto_serial_format format)
{
	switch (format) {
	case AUTO_SERIAL_DECIMAL:
		return 20;
	case AUTO_SERIAL_HEX:
	case AUTO_SERIAL_HEX_UPPER:
		return 16;
	default:
		return 8;
	}
}

uint64_t auto_serial_last(const struct auto_serial *s)
{
	unsigned int base = s->format == AUTO_SERIAL_DECIMAL ? 10 :
			    s->format < AUTO_SERIAL_DECIMAL ? 256 : 16;
	uint64_t last = 0;
	unsigned int i;

	for (i = 0; i < s->width; i++) {
		if (last > (UINT64_MAX - (base - 1)) / base)
			return UINT64_MAX - 1;
		last = last * base + (base - 1);
	}
	return last < UINT64_MAX ? last : UINT64_MAX - 1;
}

static void digits(const struct auto_serial *s, uint64_t number, char *buf)
{
	int width = s->width;

	if (s->format == AUTO_SERIAL_DECIMAL)
		snprintf(buf, AUTO_SERIAL_MAX + 1, "%0*" PRIu64, width, number);
	else if (s->format == AUTO_SERIAL_HEX)
		snprintf(buf, AUTO_SERIAL_MAX + 1, "%0*" PRIx64, width, number);
	else
		snprintf(buf, AUTO_SERIAL_MAX + 1, "%0*" PRIX64, width, number);
}

void auto_serial_bytes(const struct auto_serial *s, uint64_t number,
		       uint8_t *buf)
{
	char text[AUTO_SERIAL_MAX + 1];
	unsigned int i;

	if (s->format >= AUTO_SERIAL_DECIMAL) {
		digits(s, number, text);
		memcpy(buf, text, s->width);
		return;
	}
	for (i = 0; i < s->width; i++)
		buf[s->format == AUTO_SERIAL_LE ? i : s->width - 1 - i] =
			number >> 8 * i;
}

void auto_serial_text(const struct auto_serial *s, uint64_t number, char *buf)
{
	if (s->format >= AUTO_SERIAL_DECIMAL)
		digits(s, number, buf);
	else
		snprintf(buf, AUTO_SERIAL_MAX + 1, "%" PRIu64, number);
}
