// SPDX-License-Identifier: GPL-2.0-only
/*
 * From images to what the library programs and verifies.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdlib.h>

#include "segments.h"

struct stl_segment *auto_segments(const struct image *img)
{
	struct stl_segment *segs = calloc(img->num + 1, sizeof(*segs));
	size_t i;

	for (i = 0; segs && i < img->num; i++)
		segs[i] = (struct stl_segment){
			.addr = img->seg[i].addr,
			.len = img->seg[i].size,
			.data = img->seg[i].data,
		};
	return segs;
}
