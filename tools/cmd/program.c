// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink program
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"

/*
 * A person waits for it, and firmware that locks up does so in its first
 * milliseconds, as a rule. A station takes the longer look.
 */
#define SETTLE_MS	10

/* What would be done, found out by reading; the firmware goes on running. */
static enum stl_code do_dry_run(struct context *ctx,
				const struct stl_segment *segs, size_t num)
{
	struct stl_plan plan = { 0 };
	enum stl_code code;
	char text[STL_PLAN_TEXT];

	code = session_open(ctx, STL_LOOK);
	if (code)
		return code;
	code = stl_program_plan(&ctx->target, segs, num, ctx->full, &plan,
				&ctx->err);
	if (!code) {
		firmware_check(ctx, segs, num);
		stl_plan_text(&plan, text, sizeof(text));
		add_string(ctx->out, "file", ctx->argv[0]);
		add_bool(ctx->out, "dry_run", true);
		add_int(ctx->out, "image_bytes", plan.image_bytes);
		add_int(ctx->out, "pages_touched", plan.touched);
		add_int(ctx->out, "pages_to_erase", plan.erases);
		add_bool(ctx->out, "mass_erase", plan.mass_erase);
		add_int(ctx->out, "bytes_to_program", 2 * plan.halfwords);
		add_int(ctx->out, "flash_ms", stl_plan_us(&plan) / 1000);
		add_string(ctx->out, "plan", text);
		say(ctx, "would %s", text);
	}
	stl_plan_free(&plan);
	return session_close(ctx, code, STL_LEAVE_AS_FOUND);
}

static void result_json(struct context *ctx,
			const struct stl_program_result *r)
{
	add_string(ctx->out, "file", ctx->argv[0]);
	add_int(ctx->out, "image_bytes", r->image_bytes);
	add_int(ctx->out, "pages_touched", r->pages_touched);
	add_int(ctx->out, "pages_erased", r->pages_erased);
	add_bool(ctx->out, "mass_erased", r->mass_erased);
	add_int(ctx->out, "bytes_programmed", r->bytes_programmed);
	add_int(ctx->out, "flash_ms", r->flash_us / 1000);
	add_bool(ctx->out, "verified", r->verified);
	add_bool(ctx->out, "without_loader", r->direct);
	if (r->state.name)
		state_json(ctx, &r->state);
}

static void result_say(struct context *ctx,
		       const struct stl_program_result *r)
{
	/* without change the library has said that there was nothing to do */
	if (r->mass_erased)
		say(ctx, "erased the whole flash, programmed %u bytes for an image of %u",
		    r->bytes_programmed, r->image_bytes);
	else if (r->bytes_programmed || r->pages_erased)
		say(ctx, "erased %u of %u pages, programmed %u bytes for an image of %u",
		    r->pages_erased, r->pages_touched, r->bytes_programmed,
		    r->image_bytes);
	if (r->verified)
		say(ctx, "verified %u bytes", r->image_bytes);
	if (r->state.name)
		state_say(ctx, &r->state);
	else
		say(ctx, "the core is halted at its reset vector");
}

static enum stl_code do_program(struct context *ctx,
				const struct stl_segment *segs, size_t num)
{
	struct stl_program_options opts = {
		.no_verify = ctx->no_verify,
		.no_run = ctx->no_reset,
		.full = ctx->full,
		.verify_read = ctx->verify_read,
		.no_loader = ctx->no_loader,
		.settle_ms = SETTLE_MS,
	};
	struct stl_program_result result = { 0 };
	enum stl_code code;
	char left[320];

	code = session_open(ctx, STL_CHANGE);
	if (code)
		return code;
	/* refused here, an image that doesn't fit isn't picked at first */
	code = stl_plan_check(&ctx->target.chip, segs, num, &ctx->err);
	if (!code) {
		firmware_check(ctx, segs, num);
		code = stl_program(&ctx->target, segs, num, &opts, &result,
				   &ctx->err);
		result_json(ctx, &result);
	}
	if (code) {
		snprintf(left, sizeof(left), "flash holds a part of %.256s",
			 firmware_name(ctx));
		if (explain_stop(ctx, &result, left))
			stl_hint(&ctx->err,
				 "program it again before the board is used");
		return session_close(ctx, code, STL_LEAVE_AS_FOUND);
	}
	result_say(ctx, &result);
	return session_close(ctx, code, ctx->no_reset ? STL_LEAVE_HALTED :
			     STL_LEAVE_RUNNING);
}

/**
 * cmd_program() - make the flash hold an image, check it, run it
 * @ctx: context; operands FILE [ADDR]
 *
 * The file is read and checked before the probe is touched.
 *
 * Return: STL_OK also when the new firmware locks up (that is a warning);
 * else why not.
 */
enum stl_code cmd_program(struct context *ctx)
{
	struct stl_segment *segs;
	struct image img;
	enum stl_code code;
	size_t num;

	if (ctx->all && (ctx->no_reset || ctx->dry_run || ctx->full ||
			 ctx->no_loader || ctx->flash))
		return stl_fail(&ctx->err, STL_USAGE,
				"program: --all doesn't go together with %s",
				ctx->no_reset ? "--no-reset" :
				ctx->dry_run ? "--dry-run" :
				ctx->full ? "--full" :
				ctx->no_loader ? "--no-loader" : "--flash");
	if (ctx->reset && ctx->no_reset)
		return stl_fail(&ctx->err, STL_USAGE,
				"program: --reset and --no-reset contradict each other");
	code = firmware_load(ctx, &img, &segs, &num);
	if (code)
		return code;
	if (ctx->all)
		code = program_all(ctx, &img, segs);
	else if (ctx->dry_run)
		code = do_dry_run(ctx, segs, num);
	else
		code = do_program(ctx, segs, num);
	free(segs);
	image_free(&img);
	return code;
}
