// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink md, mw: look at target memory and registers, and change them.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define PER_LINE	16u
#define MD_DEFAULT	64u
#define MD_MAX		(1u << 20)

static uint32_t value_at(const uint8_t *p, unsigned int width)
{
	uint32_t v = 0;

	while (width--)
		v = v << 8 | p[width];
	return v;
}

static void print_line(uint32_t addr, const uint8_t *p, uint32_t len,
		       unsigned int width)
{
	uint32_t i;

	printf("%08x:", addr);
	for (i = 0; i < PER_LINE; i += width) {
		if (i + width <= len)
			printf(" %0*x", (int)(2 * width),
			       value_at(p + i, width));
		else
			printf(" %*s", (int)(2 * width), "");
	}
	printf("  ");
	for (i = 0; i < len; i++)
		putchar(p[i] < 0x7f && isprint(p[i]) ? p[i] : '.');
	putchar('\n');
}

static void print_all(uint32_t addr, const uint8_t *buf, uint32_t len,
		      unsigned int width)
{
	uint32_t at;

	for (at = 0; at < len; at += PER_LINE)
		print_line(addr + at, buf + at,
			   len - at < PER_LINE ? len - at : PER_LINE, width);
}

static void values_json(struct context *ctx, uint32_t addr,
			const uint8_t *buf, uint32_t len)
{
	struct json_object *array = json_object_new_array();
	uint32_t at;

	add_hex(ctx->out, "addr", addr, 8);
	add_int(ctx->out, "width", 8 * ctx->width);
	for (at = 0; at + ctx->width <= len; at += ctx->width) {
		uint32_t v = value_at(buf + at, ctx->width);

		json_object_array_add(array, json_object_new_int64(v));
	}
	json_object_object_add(ctx->out, "values", array);
}

static enum stl_code get_addr(struct context *ctx, uint32_t *addr)
{
	if (parse_u32(ctx->argv[0], addr))
		return STL_OK;
	return stl_fail(&ctx->err, STL_USAGE, "'%s' is not an address",
			ctx->argv[0]);
}

/**
 * cmd_md() - display target memory
 * @ctx: context; operands ADDR [COUNT], the count in units of the width
 *
 * What could be read before a failure is displayed too.
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_md(struct context *ctx)
{
	uint32_t count = MD_DEFAULT / ctx->width;
	enum stl_code code;
	uint32_t done = 0;
	uint32_t addr;
	uint8_t *buf;

	code = get_addr(ctx, &addr);
	if (code)
		return code;
	if (ctx->argc > 1 && (!parse_u32(ctx->argv[1], &count) || !count ||
			      count > MD_MAX / ctx->width))
		return stl_fail(&ctx->err, STL_USAGE,
				"'%s' is not a count from 1 to %u",
				ctx->argv[1], MD_MAX / ctx->width);
	buf = malloc(count * ctx->width);
	if (!buf)
		return stl_fail(&ctx->err, STL_FILE, "%s", strerror(ENOMEM));
	code = session_open(ctx, STL_LOOK);
	if (!code) {
		code = stl_read(&ctx->target, addr, buf, count * ctx->width,
				ctx->width, &done, &ctx->err);
		code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
		done -= done % ctx->width;
		values_json(ctx, addr, buf, done);
		if (!ctx->json)
			print_all(addr, buf, done, ctx->width);
	}
	free(buf);
	return code;
}

static enum stl_code get_values(struct context *ctx, uint8_t *buf)
{
	uint32_t max = UINT32_MAX >> (32 - 8 * ctx->width);
	uint32_t v;
	int i;

	for (i = 1; i < ctx->argc; i++) {
		unsigned int b;

		if (!parse_u32(ctx->argv[i], &v) || v > max)
			return stl_fail(&ctx->err, STL_USAGE,
					"'%s' is not a number of %u bits",
					ctx->argv[i], 8 * ctx->width);
		for (b = 0; b < ctx->width; b++)
			*buf++ = v >> 8 * b;
	}
	return STL_OK;
}

/**
 * cmd_mw() - write target memory or registers
 * @ctx: context; operands ADDR VALUE...
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_mw(struct context *ctx)
{
	uint32_t len = (ctx->argc - 1) * ctx->width;
	enum stl_code code;
	uint32_t addr;
	uint8_t *buf;

	code = get_addr(ctx, &addr);
	if (code)
		return code;
	buf = malloc(len);
	if (!buf)
		return stl_fail(&ctx->err, STL_FILE, "%s", strerror(ENOMEM));
	code = get_values(ctx, buf);
	if (!code)
		code = session_open(ctx, STL_CHANGE);
	if (!code) {
		code = stl_write(&ctx->target, addr, buf, len, ctx->width,
				 &ctx->err);
		code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	}
	if (!code)
		values_json(ctx, addr, buf, len);
	free(buf);
	return code;
}
