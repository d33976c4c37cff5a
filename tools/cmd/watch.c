// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink watch
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include "auto/check.h"
#include "boards.h"

static enum stl_code fail_conf(struct context *ctx, const char *path)
{
	stl_fail(&ctx->err, STL_FILE,
		 "%s can't be used: with it nothing is programmed, on no station",
		 path);
	stl_hint(&ctx->err, "its format is explained in stlink-autoprogram.conf(5)");
	return STL_FILE;
}

static enum stl_code run(struct context *ctx, const struct auto_conf *conf)
{
	struct boards boards = { .ctx = ctx };
	struct watch_options opts = {
		.select = ctx->select,
		.once = ctx->once,
		.record = true,
		.show = !ctx->quiet && !ctx->json,
		.done = boards_done,
		.ctx = &boards,
	};
	struct watch_counts counts;
	enum stl_code code;

	code = watch_run(conf, &opts, &counts, &ctx->err);
	if (code)
		return code;
	code = boards_summary(&boards, &counts);
	return ctx->once ? code : STL_OK;
}

/**
 * cmd_watch() - program boards as the configuration says
 * @ctx: context
 *
 * Return: STL_OK also when boards failed, unless --once; STL_FILE for a bad
 * configuration.
 */
enum stl_code cmd_watch(struct context *ctx)
{
	const char *path = ctx->config ? ctx->config : AUTO_CONF_PATH;
	struct auto_conf conf;
	enum stl_code code;

	if (ctx->clock_khz || ctx->mode != STL_MODE_AUTO)
		return stl_fail(&ctx->err, STL_USAGE,
				"watch: clock and mode are for the configuration to say");
	if (ctx->check) {
		code = auto_check(path, ctx->json ? stderr : stdout);
		return code ? fail_conf(ctx, path) : STL_OK;
	}
	code = auto_conf_load(path, &conf);
	auto_problems_print(&conf.problems, path, stderr);
	code = code ? fail_conf(ctx, path) : run(ctx, &conf);
	auto_conf_free(&conf);
	return code;
}
