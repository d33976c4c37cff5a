// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations on the segments of an image.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/**
 * image_bytes() - how much data an image has
 * @img: image
 *
 * Return: bytes, gaps not counted.
 */
size_t image_bytes(const struct image *img)
{
	size_t sum = 0;
	size_t i;

	for (i = 0; i < img->num; i++)
		sum += img->seg[i].size;
	return sum;
}

static int append(struct image *img, const struct image_segment *s,
		  uint64_t from, uint64_t to)
{
	struct image_segment *d = &img->seg[img->num];

	if (from < s->addr)
		from = s->addr;
	if (to > (uint64_t)s->addr + s->size)
		to = (uint64_t)s->addr + s->size;
	if (from >= to)
		return 0;
	d->data = malloc(to - from);
	if (!d->data)
		return -ENOMEM;
	d->addr = from;
	d->size = to - from;
	memcpy(d->data, s->data + (from - s->addr), d->size);
	img->num++;
	return 0;
}

/**
 * image_extract() - take an address range out of an image
 * @img: image; loses the range
 * @from: first address
 * @size: bytes
 * @out: receives what was there, maybe nothing; free with image_free()
 *
 * For what has an address but is not to be programmed as memory.
 *
 * Return: 0 or -ENOMEM; then @img is as it was.
 */
int image_extract(struct image *img, uint32_t from, uint32_t size,
		  struct image *out)
{
	uint64_t end = (uint64_t)from + size;
	struct image rest = *img;
	int ret = 0;
	size_t i;

	*out = (struct image){ .format = img->format };
	rest.num = 0;
	rest.remarks = NULL;
	/* cutting a range out of sorted segments adds one at the most */
	rest.seg = calloc(img->num + 1, sizeof(*rest.seg));
	out->seg = calloc(img->num + 1, sizeof(*out->seg));
	if (!rest.seg || !out->seg)
		ret = -ENOMEM;
	for (i = 0; i < img->num && !ret; i++) {
		ret = append(&rest, &img->seg[i], 0, from);
		if (!ret)
			ret = append(out, &img->seg[i], from, end);
		if (!ret)
			ret = append(&rest, &img->seg[i], end, 1ULL << 32);
	}
	if (ret) {
		image_free(&rest);
		image_free(out);
		return ret;
	}
	rest.remarks = img->remarks;
	img->remarks = NULL;
	image_free(img);
	*img = rest;
	return 0;
}

/**
 * image_free() - give back what an image holds
 * @img: image, empty afterwards
 */
void image_free(struct image *img)
{
	size_t i;

	for (i = 0; i < img->num; i++)
		free(img->seg[i].data);
	free(img->seg);
	free(img->remarks);
	img->seg = NULL;
	img->remarks = NULL;
	img->num = 0;
}
