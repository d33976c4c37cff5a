// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intel HEX, after Intel's "Hexadecimal Object File Format Specification",
 * revision A, 1988.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* length, two of offset, type, data, checksum */
#define HEX_FRAME	5
#define HEX_MAX		(HEX_FRAME + 255)
#define HEX_PER_LINE	16

enum hex_type {
	HEX_DATA = 0,
	HEX_EOF = 1,
	HEX_SEGMENT_BASE = 2,
	HEX_SEGMENT_START = 3,
	HEX_LINEAR_BASE = 4,
	HEX_LINEAR_START = 5,
};

static const char two_files[] =
	"two files, one behind the other? Merge them, as \"srec_cat A -Intel B -Intel -o ALL -Intel\" does";

struct hex_state {
	uint32_t base;
	bool segmented;
	bool ended;
};

static int hex_decode(struct text *t, uint8_t *rec)
{
	uint8_t sum = 0;
	size_t num;
	size_t i;
	int ret;

	if (t->line[0] != ':')
		return text_error(t, "record doesn't begin with ':'");
	ret = text_digits(t, 1, rec, HEX_MAX, &num);
	if (ret)
		return ret;
	if (num < HEX_FRAME)
		return text_error(t, "record too short: %zu bytes, at least %d are needed",
				  num, HEX_FRAME);
	if (num != (size_t)rec[0] + HEX_FRAME)
		return text_error(t, "record too %s: it announces %u data bytes and has %zu",
				  num < (size_t)rec[0] + HEX_FRAME ? "short" :
				  "long", rec[0], num - HEX_FRAME);
	for (i = 0; i < num - 1; i++)
		sum += rec[i];
	sum = -sum;
	if (sum != rec[num - 1])
		return text_error(t, "checksum is %02X, should be %02X",
				  rec[num - 1], sum);
	return 0;
}

static int hex_wrapped(struct text *t)
{
	text_error(t, "record wraps around the end of its 64 KiB segment");
	return image_hint(t->err, -EBADMSG,
			  "make the file with linear addresses (I32HEX, record type 04)");
}

static int hex_data(struct text *t, struct collect *c,
		    const struct hex_state *h, const uint8_t *rec)
{
	uint32_t offset = rec[1] << 8 | rec[2];

	/*
	 * In a segment the offset wraps at 64 KiB, so that such a record has
	 * two places; nobody means that.
	 */
	if (h->segmented && offset + rec[0] > 0x10000)
		return hex_wrapped(t);
	if (offset > UINT32_MAX - h->base)
		return text_error(t, "address beyond 0xffffffff");
	return collect_add(c, t->num, h->base + offset, rec + 4, rec[0]);
}

static int hex_length(struct text *t, const uint8_t *rec, unsigned int want)
{
	if (rec[0] == want)
		return 0;
	return text_error(t, "record type %02X with %u data bytes, must have %u",
			  rec[3], rec[0], want);
}

static int hex_record(struct text *t, struct collect *c, struct image *img,
		      struct hex_state *h, const uint8_t *rec)
{
	const uint8_t *d = rec + 4;
	int ret;

	switch (rec[3]) {
	case HEX_DATA:
		return hex_data(t, c, h, rec);
	case HEX_EOF:
		h->ended = true;
		return hex_length(t, rec, 0);
	case HEX_SEGMENT_BASE:
		h->segmented = true;
		h->base = (d[0] << 8 | d[1]) << 4;
		return hex_length(t, rec, 2);
	case HEX_LINEAR_BASE:
		h->segmented = false;
		h->base = (uint32_t)(d[0] << 8 | d[1]) << 16;
		return hex_length(t, rec, 2);
	case HEX_SEGMENT_START:
		/* CS:IP of an 8086, which no ARM has: checked, not used */
		return hex_length(t, rec, 4);
	case HEX_LINEAR_START:
		ret = hex_length(t, rec, 4);
		if (ret)
			return ret;
		img->has_entry = true;
		img->entry = (uint32_t)d[0] << 24 | d[1] << 16 | d[2] << 8 | d[3];
		return 0;
	default:
		return text_error(t, "unknown record type %02X", rec[3]);
	}
}

/*
 * Most readers stop at the end-of-file record, and OpenOCD, which doesn't, skips
 * lines with '#'. So remarks there are for those who know of them. Anything
 * else is a file that was put together wrongly: who takes a part of it gets half
 * of a firmware.
 */
static int hex_remarks(struct text *t, struct image *img)
{
	const char *first = NULL;

	while (text_next(t)) {
		if (!text_remark(t)) {
			text_error(t, "text after the end-of-file record");
			return image_hint(t->err, -EBADMSG, "%s",
					  t->line[0] == ':' ? two_files :
					  "remove it; a line with '#' or ';' is a remark");
		}
		if (!first)
			first = t->line;
	}
	if (!first)
		return 0;
	img->remarks = strndup(first, t->next - first);
	if (!img->remarks)
		return image_fail(t->err, -ENOMEM, "%s: %s", t->name,
				  strerror(ENOMEM));
	return 0;
}

/**
 * hex_read() - read Intel HEX
 * @t: the text, before its first line
 * @c: receives the data
 * @img: receives the start address and the remarks, if there are any
 *
 * Return: 0, or -EBADMSG and the errors of collect_add() with a message that
 * names the line.
 */
int hex_read(struct text *t, struct collect *c, struct image *img)
{
	struct hex_state h = { 0 };
	uint8_t rec[HEX_MAX];
	int ret;

	while (!h.ended && text_next(t)) {
		if (text_remark(t))
			continue;
		memset(rec, 0, sizeof(rec));
		ret = hex_decode(t, rec);
		if (ret)
			return ret;
		ret = hex_record(t, c, img, &h, rec);
		if (ret)
			return ret;
	}
	if (!h.ended)
		return text_cut(t, "an end-of-file record");
	return hex_remarks(t, img);
}

static int hex_put(struct image_out *out, enum hex_type type, uint16_t offset,
		   const uint8_t *data, uint8_t len, struct image_error *err)
{
	char line[2 * (HEX_FRAME + HEX_PER_LINE) + 3];
	uint8_t sum = len + (offset >> 8) + offset + type;
	int at;
	int i;

	at = sprintf(line, ":%02X%04X%02X", len, offset, type);
	for (i = 0; i < len; i++) {
		at += sprintf(line + at, "%02X", data[i]);
		sum += data[i];
	}
	at += sprintf(line + at, "%02X\n", (uint8_t)-sum);
	return image_out_write(out, line, at, err);
}

static int hex_put_segment(struct image_out *out,
			   const struct image_segment *s, uint32_t *upper,
			   struct image_error *err)
{
	uint32_t done = 0;
	int ret;

	while (done < s->size) {
		uint32_t addr = s->addr + done;
		uint32_t n = HEX_PER_LINE - addr % HEX_PER_LINE;

		if (n > s->size - done)
			n = s->size - done;
		if (addr >> 16 != *upper) {
			uint8_t b[2] = { addr >> 24, addr >> 16 };

			ret = hex_put(out, HEX_LINEAR_BASE, 0, b, 2, err);
			if (ret)
				return ret;
			*upper = addr >> 16;
		}
		ret = hex_put(out, HEX_DATA, addr, s->data + done, n, err);
		if (ret)
			return ret;
		done += n;
	}
	return 0;
}

/**
 * hex_write() - write Intel HEX
 * @out: file
 * @img: image
 * @err: receives a message
 *
 * Return: 0 or the error of image_out_write().
 */
int hex_write(struct image_out *out, const struct image *img,
	      struct image_error *err)
{
	uint32_t upper = 0;
	size_t i;
	int ret;

	for (i = 0; i < img->num; i++) {
		ret = hex_put_segment(out, &img->seg[i], &upper, err);
		if (ret)
			return ret;
	}
	return hex_put(out, HEX_EOF, 0, NULL, 0, err);
}
