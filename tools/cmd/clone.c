// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink clone
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdlib.h>
#include <string.h>

#include "copy.h"

/**
 * struct route - from where to where
 * @from: probe at the source
 * @to: probe at the destination
 * @swap: it is one probe, and the boards are to be swapped
 */
struct route {
	struct stl_probe from;
	struct stl_probe to;
	bool swap;
};

static enum stl_code find_word(struct context *ctx, const char *word,
			       struct stl_probe *probe)
{
	struct stl_select select;

	select_word(word, &select);
	return stl_probe_find(&select, probe, &ctx->err);
}

/* Both probes are looked for before anything else is done. */
static enum stl_code find_route(struct context *ctx, struct route *route)
{
	const struct stl_select *s = &ctx->select;
	enum stl_code code;

	if (!ctx->from != !ctx->to)
		return stl_fail(&ctx->err, STL_USAGE,
				"clone: --from and --to go together");
	if (ctx->from && (s->device || s->serial || s->usb_path))
		return stl_fail(&ctx->err, STL_USAGE,
				"clone: --from and --to say which probes; -d, -s and --usb-path choose one for swapping boards");
	if (!ctx->from) {
		route->swap = true;
		code = stl_probe_find(s, &route->from, &ctx->err);
		if (code == STL_USAGE)
			stl_hint(&ctx->err,
				 "or give both of them: --from PROBE --to PROBE");
		route->to = route->from;
		return code;
	}
	code = find_word(ctx, ctx->from, &route->from);
	if (!code)
		code = find_word(ctx, ctx->to, &route->to);
	if (!code)
		route->swap = !strcmp(route->from.device, route->to.device);
	return code;
}

static void describe_json(struct context *ctx, const char *key)
{
	struct json_object *o = add_object(ctx->out, key);
	const struct stl_chip *c = &ctx->target.chip;

	session_probe_json(add_object(o, "probe"), &ctx->probe);
	add_string(o, "part", c->name);
	add_hex(o, "dev_id", c->dev_id, 3);
	add_int(o, "flash_size", c->flash_size);
}

static enum stl_code take(struct context *ctx, const struct stl_probe *from,
			  struct board_copy *copy)
{
	enum stl_code code;

	select_probe(from, &ctx->select);
	code = session_open(ctx, STL_LOOK);
	if (code)
		return code;
	describe_json(ctx, "source");
	code = copy_take(ctx, copy);
	code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	if (code)
		return code;
	if (!copy_used(copy)) {
		stl_fail(&ctx->err, STL_USAGE,
			 "the flash of the source is blank: there is nothing to copy");
		stl_hint(&ctx->err,
			 "is it the right board? \"stlink erase --all\" makes one blank");
		return STL_USAGE;
	}
	say(ctx, "source: %s at %s, %u KiB read twice, the same both times",
	    copy->part, ctx->probe.device, copy->size / 1024);
	return STL_OK;
}

static enum stl_code put(struct context *ctx, const struct stl_probe *to,
			 const struct board_copy *copy)
{
	enum stl_code code;

	select_probe(to, &ctx->select);
	code = session_open(ctx, STL_CHANGE);
	if (code)
		return code;
	describe_json(ctx, "destination");
	if (same_chip(copy, &ctx->target.chip)) {
		code = stl_fail(&ctx->err, STL_USAGE,
				"source and destination are the same chip (unique id %08x %08x %08x); nothing was changed",
				copy->uid[0], copy->uid[1], copy->uid[2]);
	} else {
		say(ctx, "destination: %s at %s", ctx->target.chip.name,
		    ctx->probe.device);
		code = copy_put(ctx, copy, COPY_SAME_DIE);
	}
	return session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
			     STL_LEAVE_RUNNING);
}

/**
 * cmd_clone() - make one board the same as another
 * @ctx: context
 *
 * Nothing is changed before all of the source was read, twice and with the
 * same result.
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_clone(struct context *ctx)
{
	struct board_copy copy = { .origin = "the source" };
	struct route route = { 0 };
	enum stl_code code;

	code = copy_check_usage(ctx);
	if (!code)
		code = find_route(ctx, &route);
	if (!code)
		code = take(ctx, &route.from, &copy);
	if (!code && route.swap)
		code = swap_wait(ctx, &copy, &route.to);
	if (!code)
		code = put(ctx, &route.to, &copy);
	copy_free(&copy);
	return code;
}
