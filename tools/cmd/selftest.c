// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink selftest
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

/**
 * struct tally - what came of it so far
 * @ctx: context
 * @points: machine-readable answers
 * @num: answers, by enum stl_self_verdict
 * @models: options that make the simulator the same, with spaces between
 */
struct tally {
	struct context *ctx;
	struct json_object *points;
	unsigned int num[STL_SELF_MEASURED + 1];
	char models[512];
};

static void print(const struct stl_self_point *p,
		  const struct stl_self_answer *a)
{
	printf("%-10s %-15s %s\n", stl_self_verdict_word(a->verdict), p->id,
	       a->seen);
	if (a->verdict != STL_SELF_DIFFERENT && a->verdict != STL_SELF_MEASURED)
		return;
	printf("%26s question:  %s\n", "", p->question);
	printf("%26s assumed:   %s\n", "", p->assumed);
	if (*a->raw)
		printf("%26s raw:       %s\n", "", a->raw);
	if (a->verdict == STL_SELF_DIFFERENT)
		printf("%26s simulator: %s\n", "", *a->model ? a->model :
		       "has no option for that");
}

static void add(struct json_object *to, const struct stl_self_point *p)
{
	add_string(to, "id", p->id);
	add_string(to, "level", stl_self_level_word(p->level));
	add_string(to, "question", p->question);
	add_string(to, "assumed", p->assumed);
}

static void remember(struct tally *t, const char *model)
{
	const char *at = strstr(t->models, model);
	size_t len = strlen(model), used = strlen(t->models);

	if (!len || (at && (!at[len] || at[len] == ' ')))
		return;
	snprintf(t->models + used, sizeof(t->models) - used, "%s%s",
		 used ? " " : "", model);
}

static void answered(void *arg, const struct stl_self_point *p,
		     const struct stl_self_answer *a)
{
	struct json_object *o = json_object_new_object();
	struct tally *t = arg;

	t->num[a->verdict]++;
	remember(t, a->model);
	add(o, p);
	add_string(o, "verdict", stl_self_verdict_word(a->verdict));
	add_string(o, "seen", a->seen);
	add_string(o, "raw", *a->raw ? a->raw : NULL);
	add_string(o, "simulator", *a->model ? a->model : NULL);
	json_object_array_add(t->points, o);
	if (!t->ctx->json)
		print(p, a);
}

/* What can't be asked; the same for every probe and chip. */
static void gaps(struct context *ctx)
{
	struct json_object *array = json_object_new_array();
	const struct stl_self_gap *g;

	json_object_object_add(ctx->out, "not_asked", array);
	for (g = stl_self_gaps; g->about; g++) {
		struct json_object *o = json_object_new_object();

		add_string(o, "about", g->about);
		add_string(o, "simulator", *g->models ? g->models : NULL);
		add_string(o, "reason", g->reason);
		json_object_array_add(array, o);
	}
}

static enum stl_code list(struct context *ctx)
{
	struct json_object *array = json_object_new_array();
	const struct stl_self_point *p;
	const struct stl_self_gap *g;

	json_object_object_add(ctx->out, "points", array);
	for (p = stl_self_points; p->id; p++) {
		struct json_object *o = json_object_new_object();

		add(o, p);
		add_string(o, "simulator", *p->models ? p->models : NULL);
		json_object_array_add(array, o);
	}
	gaps(ctx);
	if (ctx->json)
		return STL_OK;
	for (p = stl_self_points; p->id; p++)
		printf("%-6s %-15s %s\n%22s assumed: %s\n",
		       stl_self_level_word(p->level), p->id, p->question, "",
		       p->assumed);
	printf("\nNot asked, and why:\n");
	for (g = stl_self_gaps; g->about; g++)
		printf("       %s%s%s%s\n%22s %s\n", g->about,
		       *g->models ? " (" : "", g->models, *g->models ? ")" : "",
		       "", g->reason);
	return STL_OK;
}

static void print_head(const struct stl_target *t)
{
	printf("stlink " STLINK_VERSION ", probe %s, USB product %04x, %u kHz\n",
	       t->probe.firmware, t->probe.pid, t->clock_khz);
	printf("%s, IDCODE %08x, %u KiB flash, read protection level %u\n\n",
	       t->chip.name, t->chip.idcode, t->chip.flash_size / 1024,
	       t->chip.rdp_level);
}

static void print_end(const struct tally *t)
{
	printf("\n%u same, %u different, %u measured, %u not known\n",
	       t->num[STL_SELF_SAME], t->num[STL_SELF_DIFFERENT],
	       t->num[STL_SELF_MEASURED], t->num[STL_SELF_OPEN]);
	if (*t->models)
		printf("The simulator is like this with: %s\n", t->models);
	printf("Please send this text to the project's issue tracker, with the name of the\n"
	       "board and where the probe is from. What can't be asked: stlink selftest --list\n");
}

static enum stl_code ask(struct context *ctx, struct tally *t)
{
	struct stl_self_options opts = {
		.halt = ctx->halt,
		.reset = ctx->reset,
		.flash = ctx->has_page,
		.page = ctx->first,
		.ctx = t,
		.answered = answered,
	};
	bool change = opts.halt || opts.reset || opts.flash;
	struct json_object *target;
	enum stl_code code;

	/* nothing is reset that --reset doesn't allow */
	if (ctx->mode == STL_MODE_AUTO)
		ctx->mode = change ? STL_MODE_NORMAL : STL_MODE_HOT_PLUG;
	code = session_open(ctx, change ? STL_CHANGE : STL_LOOK);
	if (code)
		return code;
	target = add_object(ctx->out, "target");
	add_string(target, "part", ctx->target.chip.name);
	add_hex(target, "idcode", ctx->target.chip.idcode, 8);
	add_string(target, "firmware", ctx->probe.firmware);
	add_int(target, "clock_khz", ctx->target.clock_khz);
	if (!ctx->json)
		print_head(&ctx->target);
	code = stl_selftest(&ctx->target, &opts, &ctx->err);
	return session_close(ctx, code, STL_LEAVE_AS_FOUND);
}

static enum stl_code sure(struct context *ctx)
{
	char question[160];

	if (!ctx->has_page)
		return STL_OK;
	if (ctx->first != ctx->last)
		return stl_fail(&ctx->err, STL_USAGE,
				"selftest: one page is enough");
	snprintf(question, sizeof(question),
		 "Page %u, which must be blank, is programmed, erased four times and left blank; the chip is reset. Go on?",
		 ctx->first);
	return confirm(ctx, "selftest --page", question);
}

/**
 * cmd_selftest() - ask a real probe and chip what the simulator only assumes
 * @ctx: context
 *
 * Return: STL_OK if they are as assumed, STL_MISMATCH if not, or why it can't be
 * said.
 */
enum stl_code cmd_selftest(struct context *ctx)
{
	struct tally t = { .ctx = ctx };
	enum stl_code code;

	if (ctx->list)
		return list(ctx);
	code = sure(ctx);
	if (code)
		return code;
	t.points = json_object_new_array();
	json_object_object_add(ctx->out, "points", t.points);
	gaps(ctx);
	code = ask(ctx, &t);
	if (code)
		return code;
	add_string(ctx->out, "simulator", *t.models ? t.models : NULL);
	if (!ctx->json)
		print_end(&t);
	if (t.num[STL_SELF_DIFFERENT])
		return stl_fail(&ctx->err, STL_MISMATCH,
				"%u %s not as the simulator has it",
				t.num[STL_SELF_DIFFERENT],
				t.num[STL_SELF_DIFFERENT] == 1 ?
				"point is" : "points are");
	return STL_OK;
}
