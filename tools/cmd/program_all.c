// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink program --all: every probe is a station, for one board.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include "auto/inject.h"
#include "boards.h"

/**
 * program_all() - program the boards of all probes at the same time
 * @ctx: context
 * @img: image
 * @segs: its segments
 *
 * Return: STL_OK if all boards passed, or why the first one didn't.
 */
enum stl_code program_all(struct context *ctx, const struct image *img,
			  const struct stl_segment *segs)
{
	struct boards boards = { .ctx = ctx };
	/* the probes are there, and so shall be their boards */
	struct auto_rule rule = {
		.by = AUTO_ANY,
		.image = ctx->argv[0],
		.content = *img,
		.verify = ctx->no_verify ? AUTO_VERIFY_NONE :
			  ctx->verify_read ? AUTO_VERIFY_READ :
					     AUTO_VERIFY_CRC,
		.already = AUTO_ALREADY_PROGRAM,
		.silent = AUTO_SILENT_PASS,
		.clock_khz = ctx->clock_khz,
		.mode = ctx->mode,
		.trigger = AUTO_TRIGGER_PLUG,
	};
	const struct auto_conf conf = { .rule = &rule, .num = 1 };
	struct watch_options opts = {
		.select = ctx->select,
		.once = true,
		.here_only = true,
		.show = !ctx->quiet && !ctx->json,
		.done = boards_done,
		.ctx = &boards,
	};
	struct watch_counts counts;
	enum stl_code code;

	/* the chips may differ; what is odd for the biggest is so for all */
	auto_part_biggest(&ctx->target.chip);
	firmware_check(ctx, segs, img->num);
	boards.all = json_object_new_array();
	code = watch_run(&conf, &opts, &counts, &ctx->err);
	if (!code)
		return boards_summary(&boards, &counts);
	json_object_put(boards.all);
	return code;
}
