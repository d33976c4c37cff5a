// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink verify
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

/* longest piece that is read without a word about progress */
#define PIECE	1024u

/*
 * How many pages of flash differ. Read again, because that is asked only when
 * something is wrong, and told only if it can be told.
 */
static bool count_pages(struct context *ctx, const struct stl_segment *s,
			size_t num, uint32_t *pages)
{
	const struct stl_chip *c = &ctx->target.chip;
	int64_t last = -1;
	uint8_t buf[PIECE];
	uint32_t at;
	uint32_t n;

	*pages = 0;
	for (; num; num--, s++) {
		for (at = 0; at < s->len; at += n) {
			uint32_t addr = s->addr + at;
			uint32_t page = (addr - STL_FLASH_BASE) / c->page_size;

			n = PIECE - addr % PIECE;
			if (n > s->len - at)
				n = s->len - at;
			if (addr - STL_FLASH_BASE >= c->flash_size ||
			    page == last)
				continue;
			if (stl_read(&ctx->target, addr, buf, n, 0, NULL, NULL))
				return false;
			if (!memcmp(buf, s->data + at, n))
				continue;
			last = page;
			(*pages)++;
		}
	}
	return *pages;
}

static void tell_pages(struct context *ctx, const struct stl_segment *segs,
		       size_t num)
{
	uint32_t pages;

	if (!count_pages(ctx, segs, num, &pages))
		return;
	add_int(ctx->out, "pages_different", pages);
	say(ctx, "%u of %u pages of the flash differ", pages,
	    ctx->target.chip.flash_size / ctx->target.chip.page_size);
}

static void result_json(struct context *ctx,
			const struct stl_verify_result *r, bool differs)
{
	struct json_object *diff;

	add_string(ctx->out, "file", ctx->argv[0]);
	add_int(ctx->out, "bytes", r->bytes);
	add_int(ctx->out, "differences", r->differences);
	if (!differs)
		return;
	diff = add_object(ctx->out, "first_difference");
	add_hex(diff, "addr", r->addr, 8);
	add_hex(diff, "expected", r->expected, 2);
	add_hex(diff, "found", r->found, 2);
}

/**
 * cmd_verify() - compare an image with the target's memory
 * @ctx: context; operands FILE [ADDR]
 *
 * The core goes on with what it does.
 *
 * Return: STL_OK, STL_MISMATCH, or why it can't be said.
 */
enum stl_code cmd_verify(struct context *ctx)
{
	struct stl_verify_result result = { 0 };
	struct stl_segment *segs;
	struct image img;
	enum stl_code code;
	size_t num;

	code = firmware_load(ctx, &img, &segs, &num);
	if (code)
		return code;
	code = session_open(ctx, STL_LOOK);
	if (!code) {
		warn_truncated(ctx, firmware_name(ctx), segs, num);
		code = stl_verify(&ctx->target, segs, num, &result, &ctx->err);
		if (code == STL_OK || code == STL_MISMATCH)
			result_json(ctx, &result, code == STL_MISMATCH);
		if (code == STL_MISMATCH)
			tell_pages(ctx, segs, num);
		code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	}
	if (!code)
		say(ctx, "verified %u bytes: they are what %s says",
		    result.bytes, firmware_name(ctx));
	free(segs);
	image_free(&img);
	return code;
}
