/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the image readers and writers share among themselves.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_IMAGE_INTERNAL_H
#define STLINK_IMAGE_INTERNAL_H

#include "image.h"

/**
 * struct collect_piece - bytes as one record of the file brought them
 * @addr: target address
 * @size: bytes
 * @at: where they are in &struct collect.bytes
 * @place: line or segment number, for messages
 */
struct collect_piece {
	uint32_t addr;
	uint32_t size;
	size_t at;
	unsigned int place;
};

/**
 * struct collect - gathers pieces in file order, then makes an image of them
 * @name: file name for messages
 * @err: where messages go
 * @by_line: @place counts lines (text formats), else program headers
 * @piece: pieces so far
 * @num: number of them
 * @max: room for them
 * @bytes: their data
 * @len: bytes of data so far
 * @room: room for data
 */
struct collect {
	const char *name;
	struct image_error *err;
	bool by_line;
	struct collect_piece *piece;
	size_t num;
	size_t max;
	uint8_t *bytes;
	size_t len;
	size_t room;
};

int collect_add(struct collect *c, unsigned int place, uint32_t addr,
		const uint8_t *data, size_t len);
int collect_finish(struct collect *c, struct image *img);
void collect_free(struct collect *c);

/**
 * struct text - a text file cut into lines
 * @name: file name for messages
 * @err: where messages go
 * @next: rest of the file
 * @left: bytes of it
 * @end: what ends a line: LF, or CR in a file without any LF
 * @line: current line, without its end and trailing blanks
 * @len: characters in it
 * @num: its number, counted from 1
 */
struct text {
	const char *name;
	struct image_error *err;
	const char *next;
	size_t left;
	char end;
	const char *line;
	size_t len;
	unsigned int num;
};

void text_begin(struct text *t, const uint8_t *buf, size_t len);
bool text_next(struct text *t);
bool text_remark(const struct text *t);
int text_digits(struct text *t, size_t from, uint8_t *out, size_t room,
		size_t *num);
int text_cut(const struct text *t, const char *missing);
int text_error(const struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

int image_fail(struct image_error *err, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int image_hint(struct image_error *err, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int foreign_refuse(const char *name, const uint8_t *buf, size_t len,
		   struct image_error *err);

int hex_read(struct text *t, struct collect *c, struct image *img);
int hex_write(struct image_out *out, const struct image *img,
	      struct image_error *err);
int srec_read(struct text *t, struct collect *c, struct image *img);
int srec_write(struct image_out *out, const struct image *img,
	       struct image_error *err);
int elf_read(const uint8_t *buf, size_t len, struct collect *c,
	     struct image *img);

#endif /* STLINK_IMAGE_INTERNAL_H */
