// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink protect, unprotect
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

#define FOREVER_WORDS	"lock it for ever"

static bool is_forever(const char *answer)
{
	return !strcmp(answer, FOREVER_WORDS);
}

/* What can't be undone is typed by a person; --yes is not enough. */
static enum stl_code confirm_forever(struct context *ctx)
{
	char question[320];

	snprintf(question, sizeof(question),
		 "Read protection level 2 can NEVER be taken back, by nobody. This chip (%s)\n"
		 "will not answer a debugger again, can't be erased and not be programmed.\n"
		 "Type \"" FOREVER_WORDS "\" to do it: ",
		 ctx->target.chip.name);
	return ask_person(ctx, "read protection level 2",
			  "it has to be confirmed by a person at a terminal",
			  question, is_forever);
}

static enum stl_code begin(struct context *ctx, struct stl_option_bytes *old,
			   struct stl_option_bytes *base)
{
	struct stl_options o;
	enum stl_code code;

	code = session_open(ctx, STL_CHANGE);
	if (!code)
		code = option_read(ctx, &o, old);
	if (!code)
		option_base(ctx, &o, base);
	return code;
}

static void result(struct context *ctx)
{
	static const char * const words[] = {
		"no read protection: flash can be read, erased and programmed",
		"read protection level 1: flash can't be read, erased or programmed by a debugger",
		"read protection level 2: this chip will not answer a debugger again",
	};
	const struct stl_chip *c = &ctx->target.chip;

	add_int(ctx->out, "rdp_level", c->rdp_level);
	if (ctx->no_load)
		return;
	say(ctx, "%s", words[c->rdp_level]);
	option_remark(ctx);
}

/**
 * cmd_protect() - turn read protection on
 * @ctx: context
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_protect(struct context *ctx)
{
	unsigned int allow = ctx->level_2 ? STL_ALLOW_LEVEL_2 : 0;
	struct stl_option_bytes old, b;
	enum stl_code code;

	code = begin(ctx, &old, &b);
	if (!code && ctx->level_2) {
		b.rdp = STL_RDP_LEVEL_2;
		code = confirm_forever(ctx);
		/* asked once is enough */
		ctx->yes = true;
	} else if (!code && stl_rdp_byte_level(b.rdp) != 1) {
		b.rdp = STL_RDP_LEVEL_1;
	}
	if (!code)
		code = option_change(ctx, &old, &b, "protect",
				     "Turn read protection on? Taking it off again erases the flash.",
				     allow);
	if (!code)
		code = option_load_pending(ctx, allow);
	if (!code)
		result(ctx);
	if (ctx->attached && ctx->target.chip.rdp_level == 2) {
		/* nobody is there any more to say goodbye to */
		session_close(ctx, STL_NO_TARGET, STL_LEAVE_AS_FOUND);
		return code;
	}
	return session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
			     STL_LEAVE_RUNNING);
}

/**
 * cmd_unprotect() - take read and write protection off
 * @ctx: context
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_unprotect(struct context *ctx)
{
	struct stl_option_bytes old, b;
	enum stl_code code;

	code = begin(ctx, &old, &b);
	if (!code && ctx->target.chip.rdp_level == 1)
		say(ctx, "read protection level 1: taking it off erases the whole flash");
	b.rdp = STL_RDP_LEVEL_0;
	memset(b.wrp, 0xff, sizeof(b.wrp));
	if (!code)
		code = option_change(ctx, &old, &b, "unprotect", NULL, 0);
	if (!code)
		code = option_load_pending(ctx, 0);
	if (!code)
		result(ctx);
	return session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
			     STL_LEAVE_RUNNING);
}
