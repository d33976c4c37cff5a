// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink diagnose
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

#define COLUMNS	80

/* Breaks lines between words; what follows the first is indented. */
static void print_wrapped(const char *text, int indent)
{
	int column = 0;
	const char *end;

	for (; *text; text = end + strspn(end, " ")) {
		int len = strcspn(text, " ");

		end = text + len;
		if (column && column + 1 + len > COLUMNS) {
			printf("\n%*s", indent, "");
			column = indent;
		} else if (column) {
			putchar(' ');
			column++;
		}
		printf("%.*s", len, text);
		column += len;
	}
	putchar('\n');
}

static void print_finding(const struct stl_finding *f)
{
	char line[512];
	unsigned int i;

	snprintf(line, sizeof(line), "%s: %s. [%s]",
		 stl_severity_word(f->severity), f->text, f->id);
	print_wrapped(line, 4);
	for (i = 0; i < f->num_evidence; i++) {
		fputs("    ", stdout);
		print_wrapped(f->evidence[i], 8);
	}
	if (*f->advice) {
		snprintf(line, sizeof(line), "What to do: %s.", f->advice);
		fputs("    ", stdout);
		print_wrapped(line, 4);
	}
}

static const char *core_word(const struct stl_facts *f)
{
	if (stl_facts_held(f))
		return "held in reset";
	if (f->lockups)
		return f->resets ? "locking up between resets" : "locked up";
	if (f->halts)
		return "halted";
	if (f->resets)
		return "restarting";
	if (!f->watched)
		return NULL;
	return f->sleeps == f->watched ? "sleeping" : "running";
}

static void print_all(struct context *ctx, const struct stl_diagnosis *d)
{
	const struct stl_facts *f = &d->facts;
	const char *core = core_word(f);
	size_t i;

	if (f->reached)
		printf("%s, core %s\n", ctx->target.chip.name,
		       core ? core : "reset to get hold of it");
	for (i = 0; i < d->findings.num; i++)
		print_finding(&d->findings.list[i]);
	if (f->reached && !stl_findings_bad(&d->findings))
		printf("no reason found why this board should not run\n");
}

static void findings_json(struct context *ctx, const struct stl_findings *all)
{
	struct json_object *list = json_object_new_array();
	size_t i;
	unsigned int k;

	json_object_object_add(ctx->out, "findings", list);
	for (i = 0; i < all->num; i++) {
		const struct stl_finding *f = &all->list[i];
		struct json_object *to = json_object_new_object();
		struct json_object *evidence = json_object_new_array();

		json_object_array_add(list, to);
		add_string(to, "id", f->id);
		add_string(to, "severity", stl_severity_word(f->severity));
		add_string(to, "text", f->text);
		json_object_object_add(to, "evidence", evidence);
		for (k = 0; k < f->num_evidence; k++)
			json_object_array_add(evidence,
				json_object_new_string(f->evidence[k]));
		add_string(to, "advice", *f->advice ? f->advice : NULL);
	}
}

static void seen_json(struct context *ctx, const struct stl_facts *f)
{
	struct json_object *to = add_object(ctx->out, "seen");

	add_bool(to, "reached", f->reached);
	if (f->voltage_known)
		add_int(to, "voltage_mv", f->voltage_mv);
	else
		add_string(to, "voltage_mv", NULL);
	if (!f->reached)
		return;
	add_string(to, "part", ctx->target.chip.name);
	add_string(to, "core", core_word(f));
	add_hex(to, "dhcsr", f->dhcsr, 8);
	add_bool(to, "was_reset_to_look", f->under_reset || f->caught);
	add_int(to, "looks", f->watched);
	add_int(to, "resets", f->resets);
	add_bool(to, "flash_examined", f->flash);
	if (!f->regs_valid)
		return;
	add_hex(to, "pc", f->regs[STLINK_REG_PC], 8);
	add_hex(to, "sp", f->regs[STLINK_REG_SP], 8);
	add_hex(to, "lr", f->regs[STLINK_REG_LR], 8);
	add_hex(to, "xpsr", f->regs[STLINK_REG_XPSR], 8);
}

static unsigned int count(const struct stl_findings *all,
			  enum stl_severity severity)
{
	unsigned int num = 0;
	size_t i;

	for (i = 0; i < all->num; i++)
		num += all->list[i].severity == severity;
	return num;
}

static enum stl_code result(struct context *ctx,
			    const struct stl_diagnosis *d, enum stl_code code)
{
	unsigned int causes, suspicions;

	if (code && code != STL_NO_TARGET)
		return code;
	seen_json(ctx, &d->facts);
	findings_json(ctx, &d->findings);
	if (!ctx->json) {
		progress_clear();
		print_all(ctx, d);
	}
	if (code || !stl_findings_bad(&d->findings))
		return code;
	causes = count(&d->findings, STL_CAUSE);
	suspicions = count(&d->findings, STL_SUSPICION);
	return stl_fail(&ctx->err, STL_MISMATCH, "%u %s, %u %s found", causes,
			causes == 1 ? "cause" : "causes", suspicions,
			suspicions == 1 ? "suspicion" : "suspicions");
}

/**
 * cmd_diagnose() - tell why the board does not run
 * @ctx: context
 *
 * Return: STL_OK if no cause and no suspicion was found, STL_MISMATCH if one
 * was, STL_NO_TARGET if the board can't be reached (findings are printed all
 * the same), or why it can't be said.
 */
enum stl_code cmd_diagnose(struct context *ctx)
{
	enum stl_purpose purpose = ctx->reset ? STL_CHANGE : STL_LOOK;
	struct stl_attach_options opts = session_options(ctx, purpose);
	static struct stl_diagnosis d;
	enum stl_code code;

	code = session_probe(ctx, purpose);
	if (code)
		return code;
	signals_catch();
	code = stl_diagnose(&d, &ctx->target, ctx->fd, &ctx->probe, &opts,
			    ctx->reset, &ctx->err);
	code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	code = result(ctx, &d, code);
	stl_facts_free(&d.facts);
	return code;
}
