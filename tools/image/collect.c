// SPDX-License-Identifier: GPL-2.0-only
/*
 * From records in file order to sorted segments without overlap.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int refuse(struct collect *c, unsigned int place, const char *why,
		  uint32_t addr)
{
	if (c->by_line)
		return image_fail(c->err, -EBADMSG, "%s:%u: %s 0x%08x",
				  c->name, place, why, addr);
	return image_fail(c->err, -EBADMSG, "%s: program header %u: %s 0x%08x",
			  c->name, place, why, addr);
}

static int make_room(struct collect *c, size_t len)
{
	if (c->num == c->max) {
		size_t max = c->max ? 2 * c->max : 64;
		void *p = reallocarray(c->piece, max, sizeof(*c->piece));

		if (!p)
			return -ENOMEM;
		c->piece = p;
		c->max = max;
	}
	if (c->len + len > c->room) {
		size_t room = c->room ? c->room : 4096;
		void *p;

		while (room < c->len + len)
			room *= 2;
		p = realloc(c->bytes, room);
		if (!p)
			return -ENOMEM;
		c->bytes = p;
		c->room = room;
	}
	return 0;
}

/**
 * collect_add() - take the data of one record
 * @c: collection
 * @place: line or program header it comes from
 * @addr: target address of the first byte
 * @data: the bytes, copied
 * @len: how many; 0 is nothing
 *
 * Return: 0; -EBADMSG: it would go beyond 0xffffffff; -EFBIG: more than
 * IMAGE_MAX_BYTES altogether; -ENOMEM.
 */
int collect_add(struct collect *c, unsigned int place, uint32_t addr,
		const uint8_t *data, size_t len)
{
	struct collect_piece *p;
	int ret;

	if (!len)
		return 0;
	if (len - 1 > UINT32_MAX - addr)
		return refuse(c, place,
			      "data goes beyond address 0xffffffff, from",
			      addr);
	if (len > IMAGE_MAX_BYTES - c->len)
		return image_fail(c->err, -EFBIG, "%s: more than %u MiB of data",
				  c->name, IMAGE_MAX_BYTES >> 20);
	ret = make_room(c, len);
	if (ret)
		return image_fail(c->err, ret, "%s: %s", c->name,
				  strerror(-ret));
	p = &c->piece[c->num++];
	*p = (struct collect_piece){ addr, len, c->len, place };
	memcpy(c->bytes + c->len, data, len);
	c->len += len;
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct collect_piece *p = a;
	const struct collect_piece *q = b;

	if (p->addr != q->addr)
		return p->addr < q->addr ? -1 : 1;
	return p->place < q->place ? -1 : p->place > q->place;
}

static uint64_t end_of(const struct collect_piece *p)
{
	return (uint64_t)p->addr + p->size;
}

/* the piece before @p that has something else for @addr; there is one */
static const struct collect_piece *other(const struct collect *c,
					 const struct collect_piece *p,
					 uint32_t addr)
{
	uint8_t byte = c->bytes[p->at + (addr - p->addr)];
	const struct collect_piece *q = p;

	do
		q--;
	while (end_of(q) <= addr || c->bytes[q->at + (addr - q->addr)] == byte);
	return q;
}

static int conflict(struct collect *c, const struct collect_piece *p,
		    uint32_t addr)
{
	const struct collect_piece *q = other(c, p, addr);
	/* name the later place first: that is where the file went wrong */
	const struct collect_piece *late = p->place > q->place ? p : q;
	const struct collect_piece *early = late == p ? q : p;

	if (c->by_line)
		image_fail(c->err, -EBADMSG,
			   "%s:%u: data for 0x%08x was given in line %u already, and differs",
			   c->name, late->place, addr, early->place);
	else
		image_fail(c->err, -EBADMSG,
			   "%s: program headers %u and %u have different data for 0x%08x",
			   c->name, early->place, late->place, addr);
	return image_hint(c->err, -EBADMSG,
			  "two programs that use the same addresses? Link them apart, or leave one out");
}

/* Put a piece behind those before it, or see that it says the same as they do. */
static int place(struct collect *c, const struct collect_piece *p,
		 struct image_segment *s, struct image *img)
{
	const uint8_t *from = c->bytes + p->at;
	uint32_t off = p->addr - s->addr;
	uint32_t known = off < s->size ? s->size - off : 0;
	uint32_t i;

	if (known > p->size)
		known = p->size;
	for (i = 0; i < known; i++) {
		if (s->data[off + i] != from[i])
			return conflict(c, p, p->addr + i);
	}
	img->repeated += known;
	memcpy(s->data + off + known, from + known, p->size - known);
	if (known < p->size)
		s->size = off + p->size;
	return 0;
}

static int build(struct collect *c, struct image *img)
{
	size_t i = 0;

	while (i < c->num) {
		struct image_segment *s = &img->seg[img->num];
		uint64_t end = end_of(&c->piece[i]);
		size_t last = i + 1;
		int ret;

		for (; last < c->num && c->piece[last].addr <= end; last++) {
			if (end_of(&c->piece[last]) > end)
				end = end_of(&c->piece[last]);
		}
		s->addr = c->piece[i].addr;
		s->data = malloc(end - s->addr);
		if (!s->data)
			return image_fail(c->err, -ENOMEM, "%s: %s", c->name,
					  strerror(ENOMEM));
		s->size = 0;
		img->num++;
		for (; i < last; i++) {
			ret = place(c, &c->piece[i], s, img);
			if (ret)
				return ret;
		}
	}
	return 0;
}

/**
 * collect_finish() - sort, refuse contradictions, join what touches
 * @c: collection
 * @img: receives the segments; free with image_free()
 *
 * Data given twice with the same value is counted in @img->repeated; two values
 * for one address are refused.
 *
 * Return: 0, -EBADMSG (contradiction), -ENODATA (no data at all), -ENOMEM.
 */
int collect_finish(struct collect *c, struct image *img)
{
	int ret;

	if (!c->num)
		return image_fail(c->err, -ENODATA,
				  "%s: has no data for the target", c->name);
	qsort(c->piece, c->num, sizeof(*c->piece), by_address);
	img->seg = calloc(c->num, sizeof(*img->seg));
	if (!img->seg)
		return image_fail(c->err, -ENOMEM, "%s: %s", c->name,
				  strerror(ENOMEM));
	ret = build(c, img);
	if (ret)
		image_free(img);
	return ret;
}

/**
 * collect_free() - give back what a collection holds
 * @c: collection
 */
void collect_free(struct collect *c)
{
	free(c->piece);
	free(c->bytes);
}
