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

static int overlap(struct collect *c, const struct collect_piece *p,
		   const struct collect_piece *q)
{
	/* name the later place first: that is where the file went wrong */
	const struct collect_piece *late = p->place > q->place ? p : q;
	const struct collect_piece *early = late == p ? q : p;

	if (c->by_line)
		return image_fail(c->err, -EBADMSG,
				  "%s:%u: data for 0x%08x was given in line %u already",
				  c->name, late->place, q->addr, early->place);
	return image_fail(c->err, -EBADMSG,
			  "%s: program headers %u and %u both have data for 0x%08x",
			  c->name, early->place, late->place, q->addr);
}

static bool touches(const struct collect_piece *p,
		    const struct collect_piece *q)
{
	return (uint64_t)p->addr + p->size == q->addr;
}

static int build(struct collect *c, struct image *img)
{
	size_t i = 0;

	while (i < c->num) {
		struct image_segment *s = &img->seg[img->num];
		size_t end = i + 1;
		size_t size = c->piece[i].size;

		while (end < c->num &&
		       touches(&c->piece[end - 1], &c->piece[end]))
			size += c->piece[end++].size;
		s->data = malloc(size);
		if (!s->data)
			return -ENOMEM;
		s->addr = c->piece[i].addr;
		s->size = 0;
		img->num++;
		for (; i < end; i++) {
			memcpy(s->data + s->size, c->bytes + c->piece[i].at,
			       c->piece[i].size);
			s->size += c->piece[i].size;
		}
	}
	return 0;
}

/**
 * collect_finish() - sort, refuse overlaps, join what touches
 * @c: collection
 * @img: receives the segments; free with image_free()
 *
 * Data given twice is refused even where both are the same: a file that says
 * something twice was put together wrongly, and the second copy may be
 * different at the next build.
 *
 * Return: 0, -EBADMSG (overlap), -ENODATA (no data at all), -ENOMEM.
 */
int collect_finish(struct collect *c, struct image *img)
{
	size_t i;
	int ret;

	if (!c->num)
		return image_fail(c->err, -ENODATA,
				  "%s: has no data for the target", c->name);
	qsort(c->piece, c->num, sizeof(*c->piece), by_address);
	for (i = 1; i < c->num; i++) {
		const struct collect_piece *p = &c->piece[i - 1];

		if ((uint64_t)p->addr + p->size > c->piece[i].addr)
			return overlap(c, p, &c->piece[i]);
	}
	img->seg = calloc(c->num, sizeof(*img->seg));
	ret = img->seg ? build(c, img) : -ENOMEM;
	if (ret) {
		image_free(img);
		return image_fail(c->err, ret, "%s: %s", c->name,
				  strerror(-ret));
	}
	return 0;
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
