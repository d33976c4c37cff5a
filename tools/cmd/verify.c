// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink verify
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdlib.h>

#include "cmd.h"

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
		code = stl_verify(&ctx->target, segs, num, &result, &ctx->err);
		if (code == STL_OK || code == STL_MISMATCH)
			result_json(ctx, &result, code == STL_MISMATCH);
		code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	}
	if (!code)
		say(ctx, "verified %u bytes: they are what %s says",
		    result.bytes, ctx->argv[0]);
	free(segs);
	image_free(&img);
	return code;
}
