// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink list
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

static void print_all(const struct stl_probe *p, size_t num)
{
	size_t i;

	printf("%-14s %-26s %-10s %-10s %s\n", "DEVICE", "SERIAL", "FIRMWARE",
	       "USB PATH", "IN USE BY");
	for (i = 0; i < num; i++, p++) {
		printf("%-14s %-26s %-10s %-10s ", p->device,
		       *p->serial ? p->serial : "-",
		       *p->firmware ? p->firmware : "-", p->usb_path);
		if (p->claim_pid)
			printf("process %d\n", p->claim_pid);
		else
			printf("-\n");
	}
}

/*
 * Nothing to list: opening one finds out why, with what to do about it. A
 * probe that was plugged in right now is for the next call.
 */
static enum stl_code explain_none(struct context *ctx)
{
	int fd = stl_probe_open(NULL, false, NULL, &ctx->err);

	if (fd < 0)
		return -fd;
	close(fd);
	return stl_fail(&ctx->err, STL_NO_PROBE,
			"a probe appeared while looking; list again");
}

/* Those that the table lacks since they are detached, and what to do */
static void tell_detached(struct context *ctx)
{
	struct stl_error err = { 0 };
	char *hint = err.hint, *line;

	stl_usb_explain(&err, false);
	while ((line = strsep(&hint, "\n"))) {
		if (*line)
			say(ctx, "%s", line);
	}
}

/**
 * cmd_list() - list the probes; nothing is sent to a target
 * @ctx: context
 *
 * Return: STL_OK, STL_NO_PROBE if there is none.
 */
enum stl_code cmd_list(struct context *ctx)
{
	struct json_object *array = json_object_new_array();
	struct stl_probe *probes = NULL;
	enum stl_code code;
	size_t num = 0;
	size_t i;

	json_object_object_add(ctx->out, "probes", array);
	code = stl_probe_list(&probes, &num, &ctx->err);
	if (code)
		return code;
	for (i = 0; i < num; i++) {
		struct json_object *o = json_object_new_object();

		session_probe_json(o, &probes[i]);
		json_object_array_add(array, o);
	}
	if (num && !ctx->json)
		print_all(probes, num);
	free(probes);
	if (!num)
		return explain_none(ctx);
	tell_detached(ctx);
	return STL_OK;
}
