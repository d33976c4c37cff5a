// SPDX-License-Identifier: GPL-2.0-only
/*
 * A serial number over an image; the checksum without it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "inject.h"
#include "plan.h"

static uint64_t end_of(const struct image_segment *s)
{
	return (uint64_t)s->addr + s->size;
}

static bool add(struct image *out, uint64_t from, uint64_t to)
{
	struct image_segment *s = &out->seg[out->num];

	s->data = malloc(to - from);
	if (!s->data)
		return false;
	s->addr = from;
	s->size = to - from;
	out->num++;
	return true;
}

static bool copy(struct image *out, const struct image_segment *s)
{
	if (!add(out, s->addr, end_of(s)))
		return false;
	memcpy(out->seg[out->num - 1].data, s->data, s->size);
	return true;
}

/*
 * Segments of an image neither overlap nor touch: those from @first to before
 * @next, which would, become one with the new bytes.
 */
static bool overlay(const struct image *img, uint32_t addr,
		    const uint8_t *bytes, uint32_t len, struct image *out)
{
	uint64_t from = addr, to = (uint64_t)addr + len;
	const struct image_segment *s = img->seg;
	size_t i, first, next;
	uint8_t *joined;

	for (first = 0; first < img->num && end_of(&s[first]) < addr; first++)
		if (!copy(out, &s[first]))
			return false;
	for (next = first; next < img->num && s[next].addr <= to; next++) {
		if (s[next].addr < from)
			from = s[next].addr;
		if (end_of(&s[next]) > to)
			to = end_of(&s[next]);
	}
	if (!add(out, from, to))
		return false;
	joined = out->seg[first].data;
	for (i = first; i < next; i++)
		memcpy(joined + (s[i].addr - from), s[i].data, s[i].size);
	memcpy(joined + (addr - from), bytes, len);
	for (i = next; i < img->num; i++)
		if (!copy(out, &s[i]))
			return false;
	return true;
}

int auto_inject(const struct image *img, const struct stl_chip *chip,
		uint32_t addr, const uint8_t *bytes, uint32_t len,
		struct image *out, struct stl_error *err)
{
	uint32_t page, count;
	int ret;

	*out = (struct image){
		.format = img->format,
		.has_entry = img->has_entry,
		.entry = img->entry,
	};
	ret = stl_range_pages(chip, addr, len, &page, &count, err);
	if (ret)
		return ret;
	out->seg = calloc(img->num + 1, sizeof(*out->seg));
	if (out->seg && overlay(img, addr, bytes, len, out))
		return STL_OK;
	image_free(out);
	return stl_fail(err, STL_FILE, "out of memory");
}

uint32_t auto_image_crc(const struct image *img)
{
	static const uint8_t erased = 0xff;
	uint64_t at = img->num ? img->seg[0].addr : 0;
	uint32_t crc = 0;
	size_t i;

	for (i = 0; i < img->num; i++) {
		for (; at < img->seg[i].addr; at++)
			crc = crc32(crc, &erased, 1);
		crc = crc32(crc, img->seg[i].data, img->seg[i].size);
		at = end_of(&img->seg[i]);
	}
	return crc;
}
