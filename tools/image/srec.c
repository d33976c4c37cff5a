// SPDX-License-Identifier: GPL-2.0-only
/*
 * Motorola S-records, after the "M68000 Family Programmer's Reference
 * Manual", appendix C, and srec(5) for S6.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* the count byte and what it counts: address, data, checksum */
#define SREC_MAX	(1 + 255)
#define SREC_PER_LINE	16

/*
 * @records: data records so far
 * @counted: the record before the end was a count, which was right
 * @ended: a termination record was there
 */
struct srec_state {
	uint32_t records;
	bool counted;
	bool ended;
};

/* bytes of address in S0 to S9; 0: there is no such record */
static const uint8_t srec_width[10] = { 2, 2, 3, 4, 0, 2, 3, 4, 3, 2 };

static int srec_decode(struct text *t, uint8_t *rec, unsigned int *type)
{
	uint8_t sum = 0;
	size_t num;
	size_t i;
	int ret;

	if (t->line[0] != 'S' && t->line[0] != 's')
		return text_error(t, "record doesn't begin with 'S'");
	if (t->len < 2 || t->line[1] < '0' || t->line[1] > '9' ||
	    !srec_width[t->line[1] - '0'])
		return text_error(t, "unknown record type %.*s",
				  t->len < 2 ? 1 : 2, t->line);
	*type = t->line[1] - '0';
	ret = text_digits(t, 2, rec, SREC_MAX, &num);
	if (ret)
		return ret;
	if (!num || rec[0] < srec_width[*type] + 1)
		return text_error(t, "record too short for an S%u", *type);
	if (num != rec[0] + 1u)
		return text_error(t, "record too %s: it announces %u bytes and has %zu",
				  num < rec[0] + 1u ? "short" : "long", rec[0],
				  num - 1);
	for (i = 0; i < num - 1; i++)
		sum += rec[i];
	sum = ~sum;
	if (sum != rec[num - 1])
		return text_error(t, "checksum is %02X, should be %02X",
				  rec[num - 1], sum);
	return 0;
}

static int srec_empty(struct text *t, unsigned int type, unsigned int len)
{
	if (!len)
		return 0;
	return text_error(t, "record too long: an S%u has no data", type);
}

static int srec_record(struct text *t, struct collect *c, struct image *img,
		       struct srec_state *s, unsigned int type,
		       const uint8_t *rec)
{
	unsigned int width = srec_width[type];
	unsigned int len = rec[0] - width - 1;
	uint32_t addr = 0;
	unsigned int i;

	for (i = 1; i <= width; i++)
		addr = addr << 8 | rec[i];
	s->counted = type == 5 || type == 6;
	switch (type) {
	case 0:
		return 0;
	case 1:
	case 2:
	case 3:
		s->records++;
		/* a 16- or 24-bit address may not carry into the next byte */
		if (width < 4 && addr + len > 1u << 8 * width) {
			text_error(t, "data goes beyond the end of the %u-bit address space",
				   8 * width);
			return image_hint(t->err, -EBADMSG,
					  "make the file with 32-bit addresses (S3)");
		}
		return collect_add(c, t->num, addr, rec + 1 + width, len);
	case 5:
	case 6:
		if (addr != s->records) {
			text_error(t, "S%u counts %u data records, there are %u",
				   type, addr, s->records);
			return image_hint(t->err, -EBADMSG,
					  "a record is missing or too many; copy the file or make it again");
		}
		return srec_empty(t, type, len);
	default:
		s->ended = true;
		img->has_entry = true;
		img->entry = addr;
		return srec_empty(t, type, len);
	}
}

static int srec_behind(struct text *t)
{
	text_error(t, "text after the termination record");
	return image_hint(t->err, -EBADMSG,
			  "two files, one behind the other? Merge them, as \"srec_cat A B -o ALL\" does");
}

/**
 * srec_read() - read S-records
 * @t: the text, before its first line
 * @c: receives the data
 * @img: receives the start address
 *
 * Return: 0, or -EBADMSG and the errors of collect_add() with a message that
 * names the line.
 */
int srec_read(struct text *t, struct collect *c, struct image *img)
{
	struct srec_state s = { 0 };
	uint8_t rec[SREC_MAX];
	unsigned int type = 0;
	int ret;

	while (text_next(t)) {
		if (text_remark(t))
			continue;
		if (s.ended)
			return srec_behind(t);
		ret = srec_decode(t, rec, &type);
		if (ret)
			return ret;
		ret = srec_record(t, c, img, &s, type, rec);
		if (ret)
			return ret;
	}
	/* SRecord leaves the termination out without a start address */
	if (!s.ended && !s.counted)
		return text_cut(t, "a termination record (S7, S8 or S9)");
	return 0;
}

static int srec_put(struct image_out *out, unsigned int type, uint32_t addr,
		    const uint8_t *data, uint8_t len, struct image_error *err)
{
	char line[2 + 2 * (1 + 4 + SREC_PER_LINE + 1) + 2];
	unsigned int width = srec_width[type];
	uint8_t sum = width + len + 1;
	unsigned int i;
	int at;

	at = sprintf(line, "S%u%02X%0*X", type, width + len + 1,
		     (int)(2 * width), addr);
	for (i = 0; i < width; i++)
		sum += addr >> 8 * i;
	for (i = 0; i < len; i++) {
		at += sprintf(line + at, "%02X", data[i]);
		sum += data[i];
	}
	at += sprintf(line + at, "%02X\n", (uint8_t)~sum);
	return image_out_write(out, line, at, err);
}

/**
 * srec_write() - write S-records with 32-bit addresses
 * @out: file
 * @img: image
 * @err: receives a message
 *
 * Return: 0 or the error of image_out_write().
 */
int srec_write(struct image_out *out, const struct image *img,
	       struct image_error *err)
{
	uint32_t records = 0;
	size_t i;
	int ret;

	ret = srec_put(out, 0, 0, (const uint8_t *)"stlink", 6, err);
	for (i = 0; i < img->num && !ret; i++) {
		const struct image_segment *s = &img->seg[i];
		uint32_t done = 0;

		while (done < s->size && !ret) {
			uint32_t n = s->size - done;

			if (n > SREC_PER_LINE)
				n = SREC_PER_LINE;
			ret = srec_put(out, 3, s->addr + done, s->data + done,
				       n, err);
			done += n;
			records++;
		}
	}
	/* S5 has 16 bits, S6 has 24: enough for IMAGE_MAX_BYTES */
	if (!ret)
		ret = srec_put(out, records > 0xffff ? 6 : 5, records, NULL, 0,
			       err);
	if (!ret)
		ret = srec_put(out, 7, img->has_entry ? img->entry : 0, NULL,
			       0, err);
	return ret;
}
