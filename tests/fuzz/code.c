// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is looked for in a firmware before it is programmed: does it fit, are its
 * vectors in order, does its code point beyond its end? The first byte chooses the
 * part, the second an offset; the rest is the firmware.
 */
#include <stdlib.h>
#include <string.h>

#include "auto/part.h"
#include "fuzz.h"
#include "plan.h"
#include "truncated.h"
#include "vectors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stl_vectors v = { 0 };
	struct stl_truncated t;
	struct stl_error err = { 0 };
	struct stl_segment seg[2];
	struct stl_chip chip;
	uint32_t half, i;
	char text[400], ref[80];
	uint8_t *copy;

	if (size < 4)
		return 0;
	if (!auto_part_nth(data[0] % 8, &chip))
		auto_part_biggest(&chip);
	size -= 2;
	copy = malloc(size);
	fuzz_check(copy);
	memcpy(copy, data + 2, size);
	half = size / 2;
	/* in two, with a gap or without one */
	seg[0] = (struct stl_segment){ 0x08000000, half, copy };
	seg[1] = (struct stl_segment){
		0x08000000 + half + (data[1] & 63), size - half, copy + half
	};
	if (stl_plan_check(&chip, seg, 2, &err)) {
		fuzz_plain(err.message);
		free(copy);
		return 0;
	}
	stl_vectors_check(&v, &chip, seg, 2);
	fuzz_check(v.num <= STL_VECTORS_MAX);
	for (i = 0; i < v.num; i++)
		fuzz_plain(v.text[i]);
	if (!stl_truncated_image(&t, &chip, seg, 2) && t.found) {
		stl_truncated_text(&t, "f.bin", &chip, text, sizeof(text));
		fuzz_plain(text);
		stl_ref_text(&t.refs[0], ref, sizeof(ref));
		fuzz_plain(ref);
	}
	free(copy);
	return 0;
}
