// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comparing an image with what the target's memory holds.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "priv.h"
#include "program.h"

#define CHUNK	4096u

static void compare(struct stl_verify_result *r, uint32_t addr,
		    const uint8_t *want, const uint8_t *have, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++) {
		if (want[i] == have[i])
			continue;
		if (!r->differences) {
			r->addr = addr + i;
			r->expected = want[i];
			r->found = have[i];
		}
		r->differences++;
	}
	r->bytes += len;
}

static int fail_mismatch(struct stl_target *t,
			 const struct stl_verify_result *r,
			 struct stl_error *err)
{
	stl_fail(err, STL_MISMATCH,
		 "%u of %u bytes differ, the first at 0x%08x: is 0x%02x, should be 0x%02x",
		 r->differences, r->bytes, r->addr, r->found, r->expected);
	if (r->found == 0xff && r->addr % t->chip.page_size == 0)
		stl_hint(err,
			 "blank from a page boundary on: an interrupted programming?");
	return STL_MISMATCH;
}

int stl_verify(struct stl_target *t, const struct stl_segment *segs,
	       size_t num, struct stl_verify_result *result,
	       struct stl_error *err)
{
	struct stl_verify_result r = { 0 };
	uint32_t done = 0, total = 0, at, n;
	uint8_t buf[CHUNK];
	size_t i;
	int ret;

	for (i = 0; i < num; i++)
		total += segs[i].len;
	for (i = 0; i < num; i++) {
		for (at = 0; at < segs[i].len; at += n) {
			if (stl_progress(t, STL_PHASE_VERIFY, done, total))
				return stl_fail_stopped(err, STL_LINK);
			/* up to the next round address, for whole words */
			n = CHUNK - (segs[i].addr + at) % CHUNK;
			if (n > segs[i].len - at)
				n = segs[i].len - at;
			ret = stl_read_quiet(t, segs[i].addr + at, buf, n, err);
			if (ret)
				return ret;
			compare(&r, segs[i].addr + at, segs[i].data + at, buf,
				n);
			done += n;
		}
	}
	stl_progress(t, STL_PHASE_VERIFY, total, total);
	if (result)
		*result = r;
	return r.differences ? fail_mismatch(t, &r, err) : STL_OK;
}
