// SPDX-License-Identifier: GPL-2.0-only
/*
 * The option bytes of a copy, and protection that is in its way.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <string.h>
#include <unistd.h>

#include "copy.h"

/**
 * copy_check_usage() - refuse options of the command line that contradict
 * each other
 * @ctx: context
 *
 * Return: STL_OK or STL_USAGE.
 */
enum stl_code copy_check_usage(struct context *ctx)
{
	if (!ctx->no_options || !ctx->with_protection)
		return STL_OK;
	return stl_fail(&ctx->err, STL_USAGE,
			"%s: --no-options and --with-protection contradict each other",
			ctx->cmd->name);
}

static unsigned int allowed(const struct context *ctx)
{
	return ctx->force ? STL_ALLOW_CLONE : 0;
}

/* What a change starts from. */
static enum stl_code read_now(struct context *ctx, struct stl_options *o,
			      struct stl_option_bytes *now)
{
	enum stl_code code;

	code = stl_options_read(&ctx->target, o, &ctx->err);
	if (!code && o->raw_valid)
		option_base(ctx, o, now);
	return code;
}

static enum stl_code write_and_load(struct context *ctx,
				    const struct stl_option_bytes *b,
				    unsigned int allow)
{
	enum stl_code code;

	code = stl_option_write(&ctx->target, b, allow, &ctx->err);
	if (!code)
		code = stl_option_load(&ctx->target, 0, &ctx->err);
	return code;
}

/**
 * copy_unprotect() - take read protection off the destination, if it is on
 * @ctx: context with a session
 * @erased: out: the chip was told to, so its flash is erased or may be
 *
 * Its flash can't be read or written before, and the chip erases it with that,
 * so it is asked for. Write protection goes along: nothing is left that it
 * protects.
 *
 * Return: STL_OK, also when there is none; STL_PROTECTED; STL_USAGE for a no.
 */
enum stl_code copy_unprotect(struct context *ctx, bool *erased)
{
	unsigned int allow = allowed(ctx) | STL_ALLOW_ERASE;
	struct stl_option_bytes b;
	struct stl_options o;
	enum stl_code code;

	*erased = false;
	if (ctx->target.chip.rdp_level != 1)
		return STL_OK;
	if (!ctx->yes && (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))) {
		stl_fail(&ctx->err, STL_PROTECTED,
			 "the destination has read protection level 1; taking it off erases its flash, which was not confirmed");
		stl_hint(&ctx->err,
			 "add --yes, or take it off before with stlink unprotect");
		return STL_PROTECTED;
	}
	code = confirm(ctx, "taking read protection off",
		       "The destination is read-protected. Take that off, which ERASES ITS FLASH?");
	if (!code)
		code = read_now(ctx, &o, &b);
	if (code)
		return code;
	if (!o.raw_valid)
		memset(&b, 0xff, sizeof(b));
	b.rdp = STL_RDP_LEVEL_0;
	memset(b.wrp, 0xff, sizeof(b.wrp));
	code = stl_option_check_write(&ctx->target, &b, allow, &ctx->err);
	if (code)
		return code;
	say(ctx, "taking read protection off; the chip erases its flash");
	*erased = true;
	return write_and_load(ctx, &b, allow);
}

/**
 * copy_unlock() - take write protection off the destination, if asked for
 * @ctx: context with a session, at read protection level 0
 * @unlocked: out: there was some, and it was taken off
 *
 * Return: STL_OK, or why not.
 */
enum stl_code copy_unlock(struct context *ctx, bool *unlocked)
{
	struct stl_option_bytes b;
	struct stl_options o;
	enum stl_code code;

	*unlocked = false;
	if (!ctx->with_protection)
		return STL_OK;
	code = read_now(ctx, &o, &b);
	if (code || !o.raw_valid)
		return code;
	memset(b.wrp, 0xff, sizeof(b.wrp));
	say(ctx, "taking write protection off the destination");
	code = write_and_load(ctx, &b, allowed(ctx));
	*unlocked = !code;
	return code;
}

/* Protection that is not taken over is said: the copy differs there. */
static void say_protection(struct context *ctx, const struct board_copy *copy,
			   const struct stl_option_bytes *want)
{
	const struct stl_chip *c = &ctx->target.chip;
	struct stl_option_bytes source;
	char theirs[128], ours[128];
	unsigned int level;

	stl_option_unpack(&source, copy->options);
	copy_locked_pages(c, &source, theirs, sizeof(theirs));
	copy_locked_pages(c, want, ours, sizeof(ours));
	if (strcmp(theirs, ours) && *theirs)
		say(ctx, "%s is write-protected in pages %s: not copied (--with-protection)",
		    copy->origin, theirs);
	else if (strcmp(theirs, ours))
		say(ctx, "this chip stays write-protected in pages %s, %s is not (--with-protection)",
		    ours, copy->origin);
	level = stl_rdp_byte_level(source.rdp);
	if (level != stl_rdp_byte_level(want->rdp))
		say(ctx, "%s has read protection level %u stored: not copied%s",
		    copy->origin, level,
		    level == 2 ? ", since it could never be undone" :
		    " (--with-protection)");
}

/* Is there something that can be copied, and to where? */
static bool can_copy(struct context *ctx, const struct board_copy *copy,
		     const struct stl_options *o)
{
	struct stl_option_bytes source;

	if (ctx->no_options || !copy->has_options)
		return false;
	if (!o->raw_valid) {
		warn(ctx, "the option bytes of this chip can't be read; they are left as they are");
		return false;
	}
	if (stl_option_unpack(&source, copy->options))
		return true;
	warn(ctx, "an option byte of %s and its complement disagree; the option bytes are not copied",
	     copy->origin);
	return false;
}

static enum stl_code change(struct context *ctx,
			    const struct stl_option_bytes *want)
{
	const struct stl_chip *c = &ctx->target.chip;
	enum stl_code code;

	if (c->flags & (STL_CHIP_NOT_M0 | STL_CHIP_NOT_ST) && !ctx->force) {
		warn(ctx, "this is not a genuine part, whose option bytes a mistake could lock: they are not copied");
		add_string(ctx->out, "option_bytes", "not copied");
		return STL_OK;
	}
	code = write_and_load(ctx, want, allowed(ctx));
	if (code) {
		stl_hint(&ctx->err,
			 "flash is right, the option bytes are not: repeat the command");
		return code;
	}
	add_string(ctx->out, "option_bytes", "written");
	say(ctx, "option bytes written, read back and loaded");
	return STL_OK;
}

/**
 * copy_put_options() - make the option bytes those of the copy
 * @ctx: context with a session
 * @copy: copy
 *
 * Nothing is written where they act alike already.
 *
 * Return: STL_OK, also when they are left out; or why not.
 */
enum stl_code copy_put_options(struct context *ctx,
			       const struct board_copy *copy)
{
	struct stl_option_bytes stored, now, want;
	struct stl_options o;
	enum stl_code code;

	code = read_now(ctx, &o, &now);
	if (code)
		return code;
	if (!can_copy(ctx, copy, &o)) {
		add_string(ctx->out, "option_bytes", "not copied");
		return STL_OK;
	}
	copy_options_want(copy, &now, ctx->with_protection, &want);
	say_protection(ctx, copy, &want);
	stl_option_unpack(&stored, o.raw);
	if (!stl_option_same(&ctx->target.chip, &stored, &want))
		return change(ctx, &want);
	add_string(ctx->out, "option_bytes", "same");
	/* stored by a run that was cut off before it loaded them */
	return o.pending ? stl_option_load(&ctx->target, 0, &ctx->err) : STL_OK;
}
