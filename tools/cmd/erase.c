// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink erase
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <unistd.h>

#include "cmd.h"

/* ADDR SIZE as operands, as with other verbs and newer st-flash */
static enum stl_code take_operands(struct context *ctx)
{
	bool given;
	enum stl_code code;

	if (ctx->argc && (ctx->has_addr || ctx->has_size))
		return stl_fail(&ctx->err, STL_USAGE,
				"erase: ADDR SIZE and --addr, --size say the same");
	code = range_operands(ctx, 0, &given, &ctx->addr, &ctx->size);
	if (!code && given)
		ctx->has_addr = ctx->has_size = true;
	return code;
}

static enum stl_code check_options(struct context *ctx)
{
	int ways = ctx->all + ctx->has_page + (ctx->has_addr || ctx->has_size);

	/* st-flash means all of it, and so do scripts that were written for it */
	if (!ways)
		ctx->all = true;
	if (ways > 1) {
		stl_fail(&ctx->err, STL_USAGE,
			 "erase: too many ways to say what");
		stl_hint(&ctx->err,
			 "give one of --all, --page N[-M], ADDR SIZE, --addr ADDR --size SIZE");
		return STL_USAGE;
	}
	if (ctx->has_addr != ctx->has_size)
		return stl_fail(&ctx->err, STL_USAGE,
				"erase: --addr and --size go together");
	if (ctx->has_size && !ctx->size)
		return stl_fail(&ctx->err, STL_USAGE,
				"erase: a size of 0 erases nothing");
	return STL_OK;
}

static enum stl_code choose_pages(struct context *ctx, uint32_t *first,
				  uint32_t *count)
{
	const struct stl_chip *c = &ctx->target.chip;
	uint32_t pages = c->flash_size / c->page_size;
	enum stl_code code;
	uint32_t from;
	uint32_t size;

	if (ctx->has_page) {
		*first = ctx->first;
		*count = ctx->last - ctx->first + 1;
		if (ctx->last < pages)
			return STL_OK;
		return stl_fail(&ctx->err, STL_NO_FIT,
				"there is no page %u: this chip has pages 0 to %u",
				ctx->last, pages - 1);
	}
	code = stl_range_pages(c, ctx->addr, ctx->size, first, count,
			       &ctx->err);
	if (code)
		return code;
	from = STL_FLASH_BASE + *first * c->page_size;
	size = *count * c->page_size;
	if (from != ctx->addr || size != ctx->size)
		warn(ctx, "flash is erased in pages of %u bytes: 0x%08x to 0x%08x is erased",
		     c->page_size, from, from + size - 1);
	return STL_OK;
}

/* The first @done of @count pages from @first on are blank. */
static void explain_erase_stop(struct context *ctx, uint32_t first,
			       uint32_t count, uint32_t done)
{
	struct stl_program_result r = { .pages_erased = done };
	char left[80];

	snprintf(left, sizeof(left), "pages %u to %u are as they were",
		 first + done, first + count - 1);
	explain_stop(ctx, &r, left);
}

static enum stl_code do_erase(struct context *ctx)
{
	const struct stl_chip *c = &ctx->target.chip;
	uint32_t count = c->flash_size / c->page_size;
	uint32_t first = 0, done = 0;
	enum stl_code code;

	if (ctx->all) {
		code = stl_erase_all(&ctx->target, &ctx->err);
	} else {
		code = choose_pages(ctx, &first, &count);
		if (!code)
			code = stl_erase_pages(&ctx->target, first, count,
					       &done, &ctx->err);
	}
	if (code && done < count)
		explain_erase_stop(ctx, first, count, done);
	if (code)
		return code;
	add_int(ctx->out, "first_page", first);
	add_int(ctx->out, "pages", count);
	add_int(ctx->out, "page_size", c->page_size);
	say(ctx, "erased %u %s, 0x%08x to 0x%08x, and found them blank", count,
	    count == 1 ? "page" : "pages",
	    STL_FLASH_BASE + first * c->page_size,
	    STL_FLASH_BASE + (first + count) * c->page_size - 1);
	return STL_OK;
}

/*
 * Somebody at a terminal may have meant a page; a script says what was written
 * into it, and goes on as it would with st-flash.
 */
static enum stl_code ask(struct context *ctx)
{
	return isatty(STDIN_FILENO) ?
	       confirm(ctx, "erase", "Erase the whole flash?") : STL_OK;
}

/* Nothing is left to lock up: that it does is no news. */
static enum stl_code restart(struct context *ctx)
{
	if (!ctx->all)
		return core_restart(ctx);
	return stl_core_reset(&ctx->target, false, 0, NULL, &ctx->err);
}

/**
 * cmd_erase() - erase flash
 * @ctx: context; operands [ADDR SIZE]
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_erase(struct context *ctx)
{
	enum stl_code code;

	code = take_operands(ctx);
	if (!code)
		code = check_options(ctx);
	if (!code && ctx->all)
		code = ask(ctx);
	if (!code)
		code = session_open(ctx, STL_CHANGE);
	if (code)
		return code;
	code = do_erase(ctx);
	if (!code && ctx->reset)
		code = restart(ctx);
	return session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
			     STL_LEAVE_RUNNING);
}
