// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comparing a board with an image, but for the place of the serial number.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "already.h"
#include "mem.h"
#include "program.h"

/* The part of an image segment that lies in [@from, @to); not there: len 0. */
static struct stl_segment part_of(const struct image_segment *seg,
				  uint64_t from, uint64_t to)
{
	uint64_t first = seg->addr, end = first + seg->size;

	if (first < from)
		first = from;
	if (end > to)
		end = to;
	if (first >= end)
		return (struct stl_segment){ 0 };
	return (struct stl_segment){
		.addr = first,
		.len = end - first,
		.data = seg->data + (first - seg->addr),
	};
}

/* The image around the serial number */
static int compare(struct stl_target *t, const struct auto_rule *rule,
		   struct stl_error *err)
{
	const struct image *img = &rule->content;
	uint64_t gap = UINT64_MAX, end = UINT64_MAX;
	struct stl_segment *segs;
	size_t i;
	int ret;

	if (rule->inject) {
		gap = rule->serial.addr;
		end = gap + rule->serial.width;
	}
	segs = calloc(2 * img->num, sizeof(*segs));
	if (!segs)
		return stl_fail(err, STL_FILE, "%s: %s", rule->image,
				strerror(ENOMEM));
	for (i = 0; i < img->num; i++) {
		segs[2 * i] = part_of(&img->seg[i], 0, gap);
		segs[2 * i + 1] = part_of(&img->seg[i], end, UINT64_MAX);
	}
	ret = stl_verify(t, segs, 2 * img->num, NULL, err);
	free(segs);
	return ret;
}

/* Is there a number, and not what is there before one is? */
static int has_number(struct stl_target *t, const struct auto_rule *rule,
		      bool *yes, struct stl_error *err)
{
	const struct auto_serial *s = &rule->serial;
	uint8_t have[AUTO_SERIAL_MAX], bare[AUTO_SERIAL_MAX];
	struct stl_segment seg;
	size_t i;
	int ret;

	ret = stl_read(t, s->addr, have, s->width, 0, NULL, err);
	if (ret)
		return ret;
	memset(bare, 0xff, sizeof(bare));
	*yes = memcmp(have, bare, s->width);
	for (i = 0; i < rule->content.num; i++) {
		seg = part_of(&rule->content.seg[i], s->addr,
			      (uint64_t)s->addr + s->width);
		if (seg.len)
			memcpy(bare + (seg.addr - s->addr), seg.data, seg.len);
	}
	*yes = *yes && memcmp(have, bare, s->width);
	return STL_OK;
}

int auto_already(struct stl_target *t, const struct auto_rule *rule, bool *same,
		 struct stl_error *err)
{
	int ret = compare(t, rule, err);

	*same = !ret;
	if (ret == STL_MISMATCH)
		return STL_OK;
	if (!ret && rule->inject)
		ret = has_number(t, rule, same, err);
	return ret;
}
