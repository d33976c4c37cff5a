/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets of the GDB remote serial protocol: bytes in, packets out, and back.
 * GDB manual, appendix E. Pure functions; what comes in may be anything.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef GDB_PACKET_H
#define GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** GDB_PACKET_MAX - bytes of a packet, either way, as told to the client */
#define GDB_PACKET_MAX		0x4000u

/** enum gdb_input - what a byte has completed */
enum gdb_input {
	GDB_IN_NOTHING,
	GDB_IN_PACKET,		/* parser->data, parser->len */
	GDB_IN_BAD,		/* checksum wrong, or longer than agreed */
	GDB_IN_INTERRUPT,	/* Ctrl-C */
	GDB_IN_ACK,
	GDB_IN_NACK,
};

/**
 * struct gdb_parser - between two bytes
 * @state: private
 * @sum: of the raw bytes
 * @want: checksum as sent
 * @escaped: the next byte is
 * @bad: no hexadecimal checksum, or too long
 * @len: bytes in @data
 * @data: content, escapes undone, and a zero behind it
 */
struct gdb_parser {
	int state;
	uint8_t sum;
	uint8_t want;
	bool escaped;
	bool bad;
	size_t len;
	char data[GDB_PACKET_MAX + 1];
};

/** gdb_parse() - one more byte */
enum gdb_input gdb_parse(struct gdb_parser *p, uint8_t byte);

/**
 * struct gdb_text - an answer in the making
 * @len: bytes in @data
 * @full: something didn't fit, and was left out
 * @data: content
 */
struct gdb_text {
	size_t len;
	bool full;
	char data[GDB_PACKET_MAX];
};

/** gdb_put() - add bytes as they are */
void gdb_put(struct gdb_text *a, const void *data, size_t len);

/** gdb_printf() - add text */
void gdb_printf(struct gdb_text *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** gdb_put_hex() - add bytes as hexadecimal digits */
void gdb_put_hex(struct gdb_text *a, const void *data, size_t len);

/**
 * gdb_put_binary() - add bytes with what must be escaped escaped
 *
 * Return: how many of them did fit.
 */
size_t gdb_put_binary(struct gdb_text *a, const void *data, size_t len);

/** gdb_put_plain() - add text that may hold what packets are made of, as '?' */
void gdb_put_plain(struct gdb_text *a, const char *text);

/** GDB_FRAME_MAX - a packet with all that is around it */
#define GDB_FRAME_MAX		(GDB_PACKET_MAX + 4)

/**
 * gdb_frame() - put what is needed around a packet
 * @a: content
 * @frame: receives it, GDB_FRAME_MAX bytes
 *
 * Return: bytes.
 */
size_t gdb_frame(const struct gdb_text *a, char *frame);

/**
 * struct gdb_args - reading a packet from left to right
 * @p: what comes next
 * @end: behind the last byte
 */
struct gdb_args {
	const char *p;
	const char *end;
};

/** gdb_arg_word() - does @word come next? Goes past it then */
bool gdb_arg_word(struct gdb_args *a, const char *word);

/** gdb_arg_hex() - a hexadecimal number of up to 32 bits; false: there is none */
bool gdb_arg_hex(struct gdb_args *a, uint32_t *value);

/**
 * gdb_arg_bytes() - pairs of hexadecimal digits up to the end
 * @a: the packet
 * @buf: receives the bytes
 * @len: how many there must be
 */
bool gdb_arg_bytes(struct gdb_args *a, void *buf, size_t len);

/** gdb_arg_range() - ADDR,LEN */
bool gdb_arg_range(struct gdb_args *a, uint32_t *addr, uint32_t *len);

/** gdb_arg_left() - bytes that are left */
size_t gdb_arg_left(const struct gdb_args *a);

#endif
