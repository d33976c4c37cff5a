/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of image readers share.
 */
#ifndef IMAGE_CHECK_H
#define IMAGE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image/image.h"

/* segments as "ADDR:BYTES ADDR:BYTES", in hexadecimal */
static inline void check_segments(const struct image *img, const char *want,
				  const char *what)
{
	char *have = calloc(1, 2 * image_bytes(img) + 16 * img->num + 1);
	int at = 0;
	size_t i;
	uint32_t j;

	assert_non_null(have);
	for (i = 0; i < img->num; i++) {
		at += sprintf(have + at, "%s%08x:", i ? " " : "",
			      img->seg[i].addr);
		for (j = 0; j < img->seg[i].size; j++)
			at += sprintf(have + at, "%02x", img->seg[i].data[j]);
	}
	if (strcmp(have, want))
		print_error("%s: have %s, want %s\n", what, have, want);
	assert_string_equal(have, want);
	free(have);
}

static inline void check_same(const struct image *a, const struct image *b)
{
	size_t i;

	assert_int_equal(a->num, b->num);
	for (i = 0; i < a->num; i++) {
		assert_int_equal(a->seg[i].addr, b->seg[i].addr);
		assert_int_equal(a->seg[i].size, b->seg[i].size);
		assert_memory_equal(a->seg[i].data, b->seg[i].data,
				    a->seg[i].size);
	}
}

static inline void check_error(const struct image_error *err, int ret,
			       const char *want, const char *what)
{
	if (!ret || !strstr(err->text, want))
		print_error("%s: answered %d, \"%s\"; want \"%s\"\n", what,
			    ret, ret ? err->text : "", want);
	assert_int_not_equal(ret, 0);
	assert_non_null(strstr(err->text, want));
}

#endif
