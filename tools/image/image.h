/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware images: files in, sorted memory segments out, and back.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_IMAGE_H
#define STLINK_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** IMAGE_MAX_BYTES - largest file, and largest sum of data, that is accepted */
#define IMAGE_MAX_BYTES		(16u << 20)
/** IMAGE_ERROR_LEN - room for one message, with its terminating zero */
#define IMAGE_ERROR_LEN		512
/** IMAGE_HINT_LEN - room for what to do about it */
#define IMAGE_HINT_LEN		256

/**
 * enum image_format - file formats
 * @IMAGE_AUTO: find out from content, then from the name
 * @IMAGE_BIN: raw bytes without an address
 * @IMAGE_HEX: Intel HEX, record types 00 to 05
 * @IMAGE_SREC: Motorola S-records, S0 to S9
 * @IMAGE_ELF: 32-bit little-endian ARM executable
 */
enum image_format {
	IMAGE_AUTO,
	IMAGE_BIN,
	IMAGE_HEX,
	IMAGE_SREC,
	IMAGE_ELF,
};

/**
 * struct image_segment - one run of bytes without a gap
 * @addr: target address of the first byte
 * @size: bytes, never 0; @addr + @size is at most 2^32
 * @data: the bytes
 */
struct image_segment {
	uint32_t addr;
	uint32_t size;
	uint8_t *data;
};

/**
 * struct image - what a file says should be in memory
 * @format: format the file was found to be in
 * @num: segments at @seg
 * @seg: sorted by address; neither overlapping nor touching each other
 * @has_entry: the file names a start address
 * @entry: that address
 * @repeated: bytes that the file gives more than once, each time the same
 * @remarks: lines behind the end of an Intel HEX file, all of which begin
 *	with '#' or ';', or NULL
 */
struct image {
	enum image_format format;
	size_t num;
	struct image_segment *seg;
	bool has_entry;
	uint32_t entry;
	size_t repeated;
	char *remarks;
};

/**
 * struct image_error - why a file was refused
 * @text: "FILE:LINE: reason", or "FILE: reason" where there are no lines
 * @hint: what to do about it, or ""
 */
struct image_error {
	char text[IMAGE_ERROR_LEN];
	char hint[IMAGE_HINT_LEN];
};

int image_load(const char *path, enum image_format format, uint32_t base,
	       struct image *img, struct image_error *err);
int image_parse(const char *name, const uint8_t *buf, size_t len,
		enum image_format format, uint32_t base, struct image *img,
		struct image_error *err);
int image_check_raw(const char *name, const struct image *img,
		    struct image_error *err);
enum image_format image_detect(const char *name, const uint8_t *buf,
			       size_t len);
enum image_format image_format_by_name(const char *path);
enum image_format image_format_by_word(const char *word);
const char *image_format_word(enum image_format format);
size_t image_bytes(const struct image *img);
int image_extract(struct image *img, uint32_t from, uint32_t size,
		  struct image *out);
void image_free(struct image *img);

/* struct image_out - a file that appears under its name only when complete */
struct image_out;

int image_out_open(const char *path, struct image_out **out,
		   struct image_error *err);
int image_out_write(struct image_out *out, const void *buf, size_t len,
		    struct image_error *err);
int image_out_commit(struct image_out *out, struct image_error *err);
void image_out_abort(struct image_out *out);

int image_write(struct image_out *out, enum image_format format,
		const struct image *img, struct image_error *err);

#endif /* STLINK_IMAGE_H */
