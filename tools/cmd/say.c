// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages for people on standard error, JSON for programs on standard
 * output.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define JSON_STYLE	(JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | \
			 JSON_C_TO_STRING_NOSLASHESCAPE)

/* bytes of the UTF-8 character at @p, 0 if it isn't one */
static int utf8_len(const unsigned char *p)
{
	int len = *p < 0x80 ? 1 : *p >= 0xc2 && *p < 0xe0 ? 2 :
		  (*p & 0xf0) == 0xe0 ? 3 : *p >= 0xf0 && *p < 0xf5 ? 4 : 0;
	int i;

	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return len;
}

/* JSON is UTF-8; file names and serial numbers may be anything. */
static struct json_object *json_text(const char *text)
{
	struct json_object *o;
	char *copy = strdup(text);
	unsigned char *p;

	if (!copy)
		return NULL;
	for (p = (unsigned char *)copy; *p;) {
		int len = utf8_len(p);

		if (!len)
			*p = '?';
		p += len ? len : 1;
	}
	o = json_object_new_string(copy);
	free(copy);
	return o;
}

/**
 * say() - tell how it goes; nothing with --quiet
 * @ctx: context
 * @fmt: one line, without newline
 */
void say(struct context *ctx, const char *fmt, ...)
{
	char *text;
	va_list ap;

	if (ctx->quiet)
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	if (!text)
		return;
	stl_printable(text);
	progress_clear();
	fprintf(stderr, "%s\n", text);
	free(text);
}

/**
 * warn() - tell of something that is probably not wanted, also with --quiet
 * @ctx: context; collects it for --json too
 * @fmt: one line, without newline
 */
void warn(struct context *ctx, const char *fmt, ...)
{
	char text[640];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	stl_printable(text);
	progress_clear();
	fprintf(stderr, "warning: %s\n", text);
	if (!ctx->json)
		return;
	if (!ctx->warnings)
		ctx->warnings = json_object_new_array();
	json_object_array_add(ctx->warnings, json_text(text));
}

/**
 * say_error() - print why the verb failed, and what to do about it
 * @ctx: context
 * @code: what the verb returned; nothing is printed for STL_OK
 */
void say_error(struct context *ctx, enum stl_code code)
{
	char *hint = ctx->err.hint;
	char *line;

	if (code == STL_OK)
		return;
	progress_clear();
	fprintf(stderr, "stlink: %s\n", ctx->err.message);
	while ((line = strsep(&hint, "\n"))) {
		if (*line)
			fprintf(stderr, "hint: %s\n", line);
		/* strsep() cut the text; json_finish() needs it whole */
		if (hint)
			hint[-1] = '\n';
	}
}

/**
 * add_string() - add a member to a JSON object
 * @to: object
 * @key: name
 * @value: text, NULL for null
 */
void add_string(struct json_object *to, const char *key, const char *value)
{
	json_object_object_add(to, key,
			       value ? json_text(value) : NULL);
}

/**
 * add_int() - add a member to a JSON object
 * @to: object
 * @key: name
 * @value: number
 */
void add_int(struct json_object *to, const char *key, int64_t value)
{
	json_object_object_add(to, key, json_object_new_int64(value));
}

/**
 * add_bool() - add a member to a JSON object
 * @to: object
 * @key: name
 * @value: truth
 */
void add_bool(struct json_object *to, const char *key, bool value)
{
	json_object_object_add(to, key, json_object_new_boolean(value));
}

/**
 * add_hex() - add an address or register to a JSON object, as "0x..." text
 * @to: object
 * @key: name
 * @value: number
 * @digits: fewest digits
 */
void add_hex(struct json_object *to, const char *key, uint32_t value,
	     int digits)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%0*x", digits, value);
	add_string(to, key, text);
}

/**
 * add_object() - add an empty object to a JSON object
 * @to: object
 * @key: name
 *
 * Return: the new object, owned by @to.
 */
struct json_object *add_object(struct json_object *to, const char *key)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(to, key, o);
	return o;
}

/**
 * json_finish() - print the answer of a verb with --json, and free it
 * @ctx: context
 * @status: exit status of the program
 */
void json_finish(struct context *ctx, int status)
{
	struct json_object *all = json_object_new_object();
	struct json_object *error;

	add_bool(all, "ok", !status);
	add_string(all, "command", ctx->cmd ? ctx->cmd->name : NULL);
	if (status) {
		error = add_object(all, "error");
		add_int(error, "code", status);
		add_string(error, "message", ctx->err.message);
		add_string(error, "hint", *ctx->err.hint ? ctx->err.hint : NULL);
	}
	json_object_object_foreach(ctx->out, key, value)
		json_object_object_add(all, key, json_object_get(value));
	json_object_object_add(all, "warnings", ctx->warnings ?
			       json_object_get(ctx->warnings) :
			       json_object_new_array());
	if (ctx->json)
		puts(json_object_to_json_string_ext(all, JSON_STYLE));
	json_object_put(all);
	json_object_put(ctx->out);
	json_object_put(ctx->warnings);
	ctx->out = NULL;
	ctx->warnings = NULL;
}
