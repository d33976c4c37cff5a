// SPDX-License-Identifier: GPL-2.0-only
/*
 * Putting the content of a board onto another one.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"

/* All of the chip's flash, blank where the copy has nothing. */
static uint8_t *whole_flash(const struct board_copy *copy, uint32_t size)
{
	uint8_t *image = malloc(size);

	if (!image)
		return NULL;
	memset(image, 0xff, size);
	memcpy(image, copy->flash, copy->size < size ? copy->size : size);
	return image;
}

static void result_json(struct context *ctx,
			const struct stl_program_result *r)
{
	add_int(ctx->out, "image_bytes", r->image_bytes);
	add_int(ctx->out, "pages_erased", r->pages_erased);
	add_bool(ctx->out, "mass_erased", r->mass_erased);
	add_int(ctx->out, "bytes_programmed", r->bytes_programmed);
	add_bool(ctx->out, "verified", r->verified);
}

static void result_say(struct context *ctx,
		       const struct stl_program_result *r)
{
	if (r->bytes_programmed || r->pages_erased)
		say(ctx, "erased %u pages, programmed %u bytes",
		    r->pages_erased, r->bytes_programmed);
	say(ctx, "verified %u bytes of flash: they are those of the copy",
	    r->image_bytes);
}

/* The copy isn't there, and what was there before isn't either. */
static void hint_repeat(struct context *ctx, bool copied)
{
	stl_hint(&ctx->err,
		 "%s: repeat the command before the board is used", copied ?
		 "flash holds a part of the copy" :
		 "flash is erased with read protection, and holds nothing of the copy");
}

/*
 * What the board is now, after a failure in the middle of it. With @erased its flash
 * was, before that.
 */
static void explain(struct context *ctx, const struct stl_program_result *r,
		    bool erased)
{
	bool changed = r->pages_erased || r->bytes_programmed;

	if (changed || !erased) {
		explain_stop(ctx, r, NULL);
	} else if (ctx->err.errnum == EINTR) {
		stl_fail(&ctx->err, ctx->err.code,
			 "stopped by a signal; flash was erased when read protection was taken off");
		ctx->err.errnum = EINTR;
	}
	if (changed || erased)
		hint_repeat(ctx, changed);
}

static enum stl_code program(struct context *ctx, const uint8_t *image,
			     struct stl_program_result *result)
{
	static const struct stl_program_options opts = { .no_run = true };
	struct stl_segment seg = {
		.addr = STL_FLASH_BASE,
		.len = ctx->target.chip.flash_size,
		.data = image,
	};
	enum stl_code code;
	bool unlocked;

	code = stl_program(&ctx->target, &seg, 1, &opts, result, &ctx->err);
	/* write protection in the way, and nothing was changed yet */
	if (code != STL_PROTECTED)
		return code;
	if (!ctx->with_protection) {
		stl_hint(&ctx->err,
			 "--with-protection takes it off, and makes it that of the copy");
		return code;
	}
	code = copy_unlock(ctx, &unlocked);
	if (code || !unlocked)
		return code ? code : STL_PROTECTED;
	return stl_program(&ctx->target, &seg, 1, &opts, result, &ctx->err);
}

static enum stl_code put_flash(struct context *ctx,
			       const struct board_copy *copy, bool erased)
{
	struct stl_program_result result = { 0 };
	enum stl_code code;
	uint8_t *image;

	image = whole_flash(copy, ctx->target.chip.flash_size);
	if (!image)
		return stl_fail(&ctx->err, STL_FILE, "%s", strerror(ENOMEM));
	code = program(ctx, image, &result);
	result_json(ctx, &result);
	if (code)
		explain(ctx, &result, erased);
	else
		result_say(ctx, &result);
	free(image);
	return code;
}

static enum stl_code run(struct context *ctx)
{
	struct stl_core_state state = { 0 };
	enum stl_code code;

	/* with a debugger about, a protected chip can't run its flash */
	if (ctx->target.chip.rdp_level) {
		option_remark(ctx);
		return STL_OK;
	}
	code = stl_start(&ctx->target, 0, &state, &ctx->err);
	if (code)
		return code;
	state_json(ctx, &state);
	state_say(ctx, &state);
	return STL_OK;
}

/**
 * copy_put() - make the target the same as the copy, and run it
 * @ctx: context with a session (STL_CHANGE); close with STL_LEAVE_RUNNING
 * @copy: copy
 * @rule: which chips are right
 *
 * Flash first, then the option bytes: those may protect it.
 *
 * Return: STL_OK, also when the firmware locks up (a warning); STL_NO_FIT and
 * STL_PROTECTED: nothing was changed; else the board is in between.
 */
enum stl_code copy_put(struct context *ctx, const struct board_copy *copy,
		       enum copy_rule rule)
{
	enum stl_code code;
	char remark[160];
	bool erased;

	code = copy_fit(copy, &ctx->target.chip, rule, remark, sizeof(remark),
			&ctx->err);
	if (code)
		return code;
	if (*remark)
		warn(ctx, "%s", remark);
	code = copy_unprotect(ctx, &erased);
	if (code && erased)
		hint_repeat(ctx, false);
	if (!code)
		code = put_flash(ctx, copy, erased);
	if (!code)
		code = copy_put_options(ctx, copy);
	return code ? code : run(ctx);
}
