// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling what stations have done.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdio.h>

#include "boards.h"

static struct json_object *board_json(const struct stl_probe *probe,
				      const struct station_news *n)
{
	struct json_object *o = json_object_new_object();

	add_string(o, "device", probe->device);
	add_string(o, "serial", probe->serial);
	add_string(o, "usb_path", probe->usb_path);
	add_string(o, "part", *n->part ? n->part : NULL);
	add_string(o, "result", n->phase == STATION_PASS ? "pass" :
		   n->phase == STATION_SKIPPED ? "skipped" : "fail");
	add_int(o, "code", n->code);
	add_string(o, "reason", *n->text ? n->text : NULL);
	add_int(o, "duration_ms", n->duration_ms);
	add_string(o, "serial_number", *n->number ? n->number : NULL);
	return o;
}

void boards_done(void *ctx, const struct stl_probe *probe,
		 const struct station_news *news)
{
	struct boards *b = ctx;
	struct json_object *o;

	if (news->phase == STATION_FAIL && !b->first.code)
		stl_fail(&b->first, news->code ? news->code : STL_LINK,
			 "%s: %.400s", probe->device, news->text);
	if (!b->ctx->json)
		return;
	o = board_json(probe, news);
	if (b->all) {
		json_object_array_add(b->all, o);
		return;
	}
	puts(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	fflush(stdout);
	json_object_put(o);
}

static enum stl_code fail_stopped(struct boards *b, int sig)
{
	struct stl_error *err = &b->ctx->err;

	if (b->first.code)
		stl_fail(err, b->first.code, "not every board is done: %.400s",
			 b->first.message);
	else
		stl_fail(err, STL_LINK,
			 "stopped by a signal before there was a board");
	err->errnum = EINTR;
	signal_taken(sig);
	return err->code;
}

enum stl_code boards_summary(struct boards *b,
			     const struct watch_counts *counts)
{
	struct context *ctx = b->ctx;

	add_int(ctx->out, "passed", counts->passed);
	add_int(ctx->out, "skipped", counts->skipped);
	add_int(ctx->out, "failed", counts->failed);
	if (b->all)
		json_object_object_add(ctx->out, "boards", b->all);
	say(ctx, "%u passed, %u skipped, %u failed", counts->passed,
	    counts->skipped, counts->failed);
	/* it may have come when all was done */
	if (counts->signal &&
	    (b->first.code || !(counts->passed + counts->skipped)))
		return fail_stopped(b, counts->signal);
	if (!b->first.code)
		return STL_OK;
	ctx->err = b->first;
	return b->first.code;
}
