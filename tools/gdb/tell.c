// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages for people, and failures for the client.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static void console(struct gdb *g, const char *text)
{
	struct gdb_text kept = g->answer;
	bool answered = g->answered;

	gdb_begin(g);
	gdb_put(&g->answer, "O", 1);
	gdb_put_hex(&g->answer, text, strlen(text));
	gdb_answer(g);
	g->answer = kept;
	g->answered = answered;
}

void gdb_console(struct gdb *g, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	console(g, text);
}

void gdb_console_open(struct gdb *g)
{
	g->console = true;
	if (*g->later)
		console(g, g->later);
	g->later[0] = '\0';
}

void gdb_tell(struct gdb *g, bool warning, const char *fmt, ...)
{
	char text[1024];
	size_t used = strlen(g->later);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	stl_printable(text);
	if (g->console)
		gdb_console(g, "stlink: %s\n", text);
	else if (!g->opts->own_console &&
		 used + strlen(text) + 10 < sizeof(g->later))
		snprintf(g->later + used, sizeof(g->later) - used,
			 "stlink: %s\n", text);
	if (!g->console || !g->opts->own_console)
		g->opts->print(g->opts->ctx, warning, text);
}

void gdb_tell_error(struct gdb *g, const struct stl_error *err)
{
	const char *line = err->hint;
	int len;

	gdb_tell(g, true, "%s", err->message);
	while (*line) {
		len = strcspn(line, "\n");
		if (len)
			gdb_tell(g, false, "hint: %.*s", len, line);
		line += len + (line[len] == '\n');
	}
}

void gdb_ok(struct gdb *g)
{
	gdb_begin(g);
	gdb_put(&g->answer, "OK", 2);
}

void gdb_fail(struct gdb *g, const struct stl_error *err, bool plain)
{
	gdb_begin(g);
	if (g->lldb_why) {
		gdb_printf(&g->answer, "E%02x;", err->code);
		gdb_put_hex(&g->answer, err->message, strlen(err->message));
	} else if (plain && !g->tells_why) {
		gdb_printf(&g->answer, "E%02x", err->code);
	} else {
		gdb_put(&g->answer, "E.", 2);
		gdb_put_plain(&g->answer, err->message);
	}
	if (!g->tells_why && !g->lldb_why)
		gdb_tell_error(g, err);
	gdb_over(g, err);
}

void gdb_bad(struct gdb *g, const char *what)
{
	struct stl_error err = { 0 };

	stl_fail(&err, STL_USAGE, "the client sent a packet that makes no sense: %s",
		 what);
	gdb_fail(g, &err, true);
}

bool gdb_over(struct gdb *g, const struct stl_error *err)
{
	if (err->errnum != ENODEV && err->errnum != ENOTCONN)
		return false;
	if (g->err)
		*g->err = *err;
	g->end = GDB_FAILED;
	return true;
}
