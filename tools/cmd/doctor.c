// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink doctor
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "doctor.h"

static const char * const words[] = {
	[STL_GOOD] = "ok",
	[STL_ODD] = "warning",
	[STL_BAD] = "problem",
};

/* What is to be done stands below its line, where the eye finds it */
static void print(const struct stl_check *k)
{
	const char *line = k->todo;
	size_t len;

	printf("%-8s %-11s %s\n", words[k->verdict], k->name, k->text);
	while (*line) {
		len = strcspn(line, "\n");
		printf("%20s -> %.*s\n", "", (int)len, line);
		line += len + (line[len] == '\n');
	}
}

static void add(struct json_object *array, const struct stl_check *k)
{
	struct json_object *o = json_object_new_object();

	add_string(o, "check", k->name);
	add_string(o, "verdict", words[k->verdict]);
	if (k->verdict == STL_BAD)
		add_int(o, "code", k->code);
	add_string(o, "text", k->text);
	add_string(o, "todo", *k->todo ? k->todo : NULL);
	json_object_array_add(array, o);
}

/**
 * doctor_json() - what checks found
 * @c: checks
 *
 * Return: an array of objects.
 */
struct json_object *doctor_json(const struct stl_checks *c)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < c->num; i++)
		add(array, &c->list[i]);
	return array;
}

static enum stl_code sum_up(struct context *ctx, const struct stl_checks *c)
{
	const struct stl_check *first = NULL;
	size_t i, bad = 0;

	for (i = 0; i < c->num; i++) {
		if (c->list[i].verdict != STL_BAD)
			continue;
		if (!first)
			first = &c->list[i];
		bad++;
	}
	if (!first)
		return STL_OK;
	return stl_fail(&ctx->err, first->code, "%zu %s; the first: %s", bad,
			bad == 1 ? "problem" : "problems", first->text);
}

/**
 * doctor_check() - everything there is to check on this machine
 * @ctx: context, for which probes are meant
 * @c: receives it; stl_checks_free() it
 *
 * Changes nothing on the machine; nothing is sent to a target.
 */
void doctor_check(struct context *ctx, struct stl_checks *c)
{
	struct stl_select select = ctx->select;
	struct stl_host host;
	char *node = NULL;

	/* a link such as those of udev stands for the node it leads to */
	if (select.device && strchr(select.device, '/'))
		node = realpath(select.device, NULL);
	if (node)
		select.device = node;
	stl_host_this(&host, STLINK_VERSION);
	stl_check_host(&host, c);
	stl_check_probes(&host, &select, c);
	doctor_auto(&host, c);
	free(node);
}

/**
 * cmd_doctor() - look whether this machine is ready for work with probes
 * @ctx: context
 *
 * Return: STL_OK if nothing is wrong, else what commands would end with for the
 * first thing that is.
 */
enum stl_code cmd_doctor(struct context *ctx)
{
	struct stl_checks checks = { 0 };
	enum stl_code code;
	size_t i;

	doctor_check(ctx, &checks);
	for (i = 0; i < checks.num && !ctx->json; i++) {
		if (!ctx->quiet || checks.list[i].verdict != STL_GOOD)
			print(&checks.list[i]);
	}
	json_object_object_add(ctx->out, "checks", doctor_json(&checks));
	code = sum_up(ctx, &checks);
	stl_checks_free(&checks);
	return code;
}
