// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink option show, set, load
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd.h"

static void fields_json(struct context *ctx, const char *key,
			const struct stl_option_bytes *b)
{
	const struct stl_chip *c = &ctx->target.chip;
	struct json_object *to = add_object(ctx->out, key);
	char text[STL_FIELD_TEXT];
	const char *name;
	size_t i;

	for (i = 0; (name = stl_option_field(c, i)); i++) {
		stl_option_value(c, b, i, text);
		add_string(to, name, text);
	}
}

static void show(struct context *ctx, const struct stl_options *o,
		 const struct stl_option_bytes *b)
{
	const struct stl_chip *c = &ctx->target.chip;
	char value[STL_FIELD_TEXT], meaning[STL_FIELD_TEXT];
	const char *name;
	size_t i;

	for (i = 0; (name = stl_option_field(c, i)); i++) {
		stl_option_value(c, b, i, value);
		stl_option_meaning(c, b, i, meaning);
		printf("%-16s  %-8s%s%s\n", name, value, *meaning ? "  " : "",
		       meaning);
	}
	printf("Stored at 0x%08x: ", STL_OPTION_BASE);
	for (i = 0; i < sizeof(o->raw); i++)
		printf("%02x%s", o->raw[i], i % 2 ? " " : "");
	putchar('\n');
	printf("In force: FLASH_OBR 0x%08x, FLASH_WRPR 0x%08x\n", o->obr,
	       o->wrpr);
}

/**
 * option_read() - the stored option bytes, and what is odd about them
 * @ctx: context with a session
 * @o: out
 * @b: out: what is stored, as that is what a change starts from and what acts
 *	after the next power-on
 *
 * Return: STL_OK; STL_LINK, also on a chip that hides them.
 */
enum stl_code option_read(struct context *ctx, struct stl_options *o,
			  struct stl_option_bytes *b)
{
	enum stl_code code;

	code = stl_options_read(&ctx->target, o, &ctx->err);
	if (code)
		return code;
	if (!o->raw_valid)
		return stl_fail(&ctx->err, STL_LINK,
				"the option bytes at 0x%08x can't be read on this chip",
				STL_OPTION_BASE);
	if (!stl_option_unpack(b, o->raw))
		warn(ctx, "a stored option byte and its complement disagree: it counts as 0xff");
	if (o->load_error)
		warn(ctx, "when the option bytes were loaded last, one disagreed with its complement (OPTERR)");
	if (stl_level_2_waits(o))
		warn(ctx, "read protection level 2 is stored, though not in force yet: the next power-on locks this chip for ever. stlink option set RDP=0 takes it back before that");
	else if (o->pending)
		warn(ctx, "what is stored differs from what is in force: stlink option load, or the next power-on, puts it in force");
	return STL_OK;
}

/**
 * option_base() - what a change starts from
 * @ctx: context
 * @o: from option_read()
 * @b: out
 */
void option_base(struct context *ctx, const struct stl_options *o,
		 struct stl_option_bytes *b)
{
	if (!stl_option_base(b, o, &ctx->target.chip))
		warn(ctx, "option bytes are erased, as a change that was cut off leaves them: those in force take their place");
}

/* The chip is where a cut in the middle of a change has left it. */
static enum stl_code fail_rdp_lost(struct context *ctx)
{
	stl_fail(&ctx->err, STL_PROTECTED,
		 "read protection level 1 is in force because the RDP byte is erased: a change of option bytes was cut off, or somebody left it so");
	stl_hint(&ctx->err,
		 "stlink unprotect leads out of it, and erases the flash; then repeat the command");
	stl_hint(&ctx->err, "with RDP=1 in the command the chip stays protected");
	return STL_PROTECTED;
}

/**
 * option_load_pending() - put in force what is stored but isn't, as a change that was
 * cut off leaves it
 * @ctx: context, after a change
 * @allow: STL_ALLOW_LEVEL_2 or 0
 *
 * Return: STL_OK, also with --no-load; or why not.
 */
enum stl_code option_load_pending(struct context *ctx, unsigned int allow)
{
	struct stl_options o;
	enum stl_code code;

	if (ctx->no_load || ctx->target.chip.rdp_level == 2)
		return STL_OK;
	code = stl_options_read(&ctx->target, &o, &ctx->err);
	if (code || !o.pending)
		return code;
	code = stl_option_check_load(&o, allow, &ctx->err);
	if (code)
		return code;
	say(ctx, "but they were not in force; loading them");
	return stl_option_load(&ctx->target, allow, &ctx->err);
}

static enum stl_code option_show(struct context *ctx)
{
	struct stl_option_bytes b;
	struct stl_options o;
	enum stl_code code;

	if (ctx->argc > 1)
		return stl_fail(&ctx->err, STL_USAGE,
				"option show: too many operands");
	code = session_open(ctx, STL_LOOK);
	if (code)
		return code;
	code = option_read(ctx, &o, &b);
	if (!code) {
		fields_json(ctx, "options", &b);
		add_bool(ctx->out, "pending", o.pending);
		add_bool(ctx->out, "load_error", o.load_error);
		add_hex(ctx->out, "obr", o.obr, 8);
		add_hex(ctx->out, "wrpr", o.wrpr, 8);
	}
	code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	if (!code && !ctx->json)
		show(ctx, &o, &b);
	return code;
}

static bool say_changes(struct context *ctx, const struct stl_option_bytes *old,
			const struct stl_option_bytes *b)
{
	const struct stl_chip *c = &ctx->target.chip;
	char from[STL_FIELD_TEXT], to[STL_FIELD_TEXT], why[STL_FIELD_TEXT];
	bool any = false;
	const char *name;
	size_t i;

	for (i = 0; (name = stl_option_field(c, i)); i++) {
		stl_option_value(c, old, i, from);
		stl_option_value(c, b, i, to);
		if (!strcmp(from, to))
			continue;
		stl_option_meaning(c, b, i, why);
		say(ctx, "  %s: %s -> %s%s%s", name, from, to,
		    *why ? ", " : "", why);
		any = true;
	}
	return any;
}

/**
 * option_change() - say old and new, ask, write, load
 * @ctx: context, with a session to change
 * @old: what is stored
 * @b: what shall be
 * @what: verb, for the error when it isn't confirmed
 * @question: to ask; NULL for one that fits
 * @allow: STL_ALLOW_* besides those that follow from the question
 *
 * Return: STL_OK also if there was nothing to change.
 */
enum stl_code option_change(struct context *ctx,
			    const struct stl_option_bytes *old,
			    const struct stl_option_bytes *b,
			    const char *what, const char *question,
			    unsigned int allow)
{
	struct stl_target *t = &ctx->target;
	bool erases = t->chip.rdp_level == 1 &&
		      !stl_rdp_byte_level(b->rdp);
	enum stl_code code;

	if (!say_changes(ctx, old, b)) {
		say(ctx, "the option bytes are so already");
		add_bool(ctx->out, "changed", false);
		return STL_OK;
	}
	if (!question)
		question = erases ?
			"Leaving read protection ERASES THE WHOLE FLASH. Go on?" :
			"Write these option bytes?";
	code = confirm(ctx, what, question);
	if (code)
		return code;
	if (erases)
		allow |= STL_ALLOW_ERASE;
	if (ctx->force)
		allow |= STL_ALLOW_CLONE;
	code = stl_option_write(t, b, allow, &ctx->err);
	if (code)
		return code;
	add_bool(ctx->out, "changed", true);
	add_bool(ctx->out, "loaded", !ctx->no_load);
	say(ctx, "option bytes written and read back");
	if (ctx->no_load) {
		say(ctx, stl_rdp_byte_level(b->rdp) == 2 ?
		    "they take effect at the next power-on, which locks the chip for ever; until then stlink option set RDP=0 takes that back" :
		    "they take effect at the next power-on, or with stlink option load");
		return STL_OK;
	}
	code = stl_option_load(t, allow, &ctx->err);
	if (!code && t->chip.rdp_level != 2)
		say(ctx, "loaded: they are in force; the chip was reset by that");
	return code;
}

/**
 * option_remark() - what a person has to do after a change of protection
 * @ctx: context
 */
void option_remark(struct context *ctx)
{
	bool cycle = !ctx->no_load && ctx->target.chip.rdp_level == 1;

	add_bool(ctx->out, "power_cycle_needed", cycle);
	if (cycle)
		say(ctx, "power-cycle the board now: while a debugger was there since power-on, its firmware can't run at read protection level 1");
}

static enum stl_code option_set(struct context *ctx)
{
	struct stl_option_bytes old, b;
	struct stl_options o;
	enum stl_code code;
	bool rdp = false;
	int i;

	if (ctx->argc < 2)
		return stl_fail(&ctx->err, STL_USAGE,
				"option set: what is to be set? NAME=VALUE is missing");
	code = session_open(ctx, STL_CHANGE);
	if (code)
		return code;
	code = option_read(ctx, &o, &old);
	if (!code)
		option_base(ctx, &o, &b);
	for (i = 1; i < ctx->argc && !code; i++) {
		code = stl_option_set(&ctx->target.chip, &b, ctx->argv[i],
				      &ctx->err);
		rdp |= !strncasecmp(ctx->argv[i], "RDP=", 4);
	}
	if (!code && !rdp && stl_rdp_lost(&o))
		code = fail_rdp_lost(ctx);
	/* whatever was asked for, it isn't this */
	if (!code && !rdp)
		code = stl_option_check_load(&o, 0, &ctx->err);
	if (!code) {
		fields_json(ctx, "old", &old);
		fields_json(ctx, "new", &b);
		code = option_change(ctx, &old, &b, "option set", NULL, 0);
	}
	if (!code)
		code = option_load_pending(ctx, 0);
	if (!code)
		option_remark(ctx);
	return session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
			     STL_LEAVE_RUNNING);
}

static enum stl_code option_load(struct context *ctx)
{
	enum stl_code code;

	if (ctx->argc > 1)
		return stl_fail(&ctx->err, STL_USAGE,
				"option load: too many operands");
	code = session_open(ctx, STL_CHANGE);
	if (code)
		return code;
	code = stl_option_load(&ctx->target, 0, &ctx->err);
	if (!code) {
		say(ctx, "loaded: the stored option bytes are in force; the chip was reset by that");
		option_remark(ctx);
	}
	return session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
			     STL_LEAVE_RUNNING);
}

/**
 * cmd_option() - show or change option bytes
 * @ctx: context; operands show, set NAME=VALUE..., load
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_option(struct context *ctx)
{
	const char *what = ctx->argv[0];

	if (!strcmp(what, "set"))
		return option_set(ctx);
	if (ctx->no_load || ctx->force)
		return stl_fail(&ctx->err, STL_USAGE,
				"option %s: --no-load and --force mean nothing here",
				what);
	if (!strcmp(what, "show"))
		return option_show(ctx);
	if (!strcmp(what, "load"))
		return option_load(ctx);
	stl_fail(&ctx->err, STL_USAGE, "option: '%s' is not show, set or load",
		 what);
	return STL_USAGE;
}
