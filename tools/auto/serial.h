/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Serial numbers as they are laid down in flash. Pure functions.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_SERIAL_H
#define STLINK_AUTO_SERIAL_H

#include <stdint.h>

/** AUTO_SERIAL_MAX - no serial number takes more bytes */
#define AUTO_SERIAL_MAX		20u

/**
 * enum auto_serial_format - form of a serial number in flash
 * @AUTO_SERIAL_LE: binary, least significant byte first; 1 to 8 bytes
 * @AUTO_SERIAL_BE: binary, most significant byte first; 1 to 8 bytes
 * @AUTO_SERIAL_DECIMAL: ASCII digits with leading zeros; 1 to 20 bytes
 * @AUTO_SERIAL_HEX: the same, hexadecimal with a to f; 1 to 16 bytes
 * @AUTO_SERIAL_HEX_UPPER: the same with A to F
 */
enum auto_serial_format {
	AUTO_SERIAL_LE,
	AUTO_SERIAL_BE,
	AUTO_SERIAL_DECIMAL,
	AUTO_SERIAL_HEX,
	AUTO_SERIAL_HEX_UPPER,
};

/**
 * struct auto_serial - where a serial number goes, and how
 * @addr: target address of the first byte
 * @width: bytes
 * @format: enum auto_serial_format
 * @file: keeps the next number, see auto_counter_take()
 */
struct auto_serial {
	uint32_t addr;
	unsigned int width;
	unsigned int format;
	char *file;
};

/** auto_serial_max_width() - most bytes that this format takes */
unsigned int auto_serial_max_width(enum auto_serial_format format);

/**
 * auto_serial_last() - largest number
 * @s: with @width from 1 to auto_serial_max_width()
 *
 * Return: the largest number with a next one that fits in 64 bits; it is at
 * most UINT64_MAX - 1.
 */
uint64_t auto_serial_last(const struct auto_serial *s);

/**
 * auto_serial_bytes() - a number as it goes to flash
 * @s: as above
 * @number: not above auto_serial_last()
 * @buf: out: @s->width bytes
 */
void auto_serial_bytes(const struct auto_serial *s, uint64_t number,
		       uint8_t *buf);

/**
 * auto_serial_text() - a number for people
 * @s: as above
 * @number: as above
 * @buf: out: AUTO_SERIAL_MAX + 1 bytes: the digits that are in flash, or for
 *	binary formats decimal
 */
void auto_serial_text(const struct auto_serial *s, uint64_t number, char *buf);

#endif /* STLINK_AUTO_SERIAL_H */
