// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink fill
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static enum stl_code parse_value(struct context *ctx, uint32_t *value)
{
	if (parse_u32(ctx->argv[0], value) &&
	    *value <= UINT32_MAX >> (32 - 8 * ctx->width))
		return STL_OK;
	return stl_fail(&ctx->err, STL_USAGE,
			"'%s' is not a number of %u bits", ctx->argv[0],
			8 * ctx->width);
}

/* The value again and again, lowest byte first. */
static uint8_t *pattern(uint32_t value, unsigned int width, uint32_t size)
{
	uint8_t *buf = malloc(size);
	uint32_t i;

	for (i = 0; buf && i < size; i++)
		buf[i] = value >> 8 * (i % width);
	return buf;
}

static bool in_range(uint32_t addr, uint32_t size, uint32_t start,
		     uint32_t len)
{
	return addr >= start && addr - start < len &&
	       size <= len - (addr - start);
}

static enum stl_code fill_flash(struct context *ctx, uint32_t addr,
				uint32_t size, const uint8_t *buf)
{
	static const struct stl_program_options opts = { .no_run = true };
	struct stl_segment seg = { .addr = addr, .len = size, .data = buf };
	struct stl_program_result r = { 0 };
	enum stl_code code;

	code = stl_program(&ctx->target, &seg, 1, &opts, &r, &ctx->err);
	add_int(ctx->out, "pages_erased", r.pages_erased);
	add_int(ctx->out, "bytes_programmed", r.bytes_programmed);
	if (code && explain_stop(ctx, &r, "a part of the range is filled"))
		stl_hint(&ctx->err,
			 "repeat the command to fill all of it");
	if (code)
		return session_close(ctx, code, STL_LEAVE_AS_FOUND);
	say(ctx, "filled and verified; the core is halted at its reset vector");
	return session_close(ctx, code, STL_LEAVE_HALTED);
}

static enum stl_code fill_sram(struct context *ctx, uint32_t addr,
			       uint32_t size, const uint8_t *buf)
{
	enum stl_code code;

	code = stl_write(&ctx->target, addr, buf, size, 0, &ctx->err);
	return session_close(ctx, code, STL_LEAVE_AS_FOUND);
}

static enum stl_code fail_place(struct context *ctx, uint32_t addr,
				uint32_t size)
{
	const struct stl_chip *c = &ctx->target.chip;

	stl_fail(&ctx->err, STL_NO_FIT,
		 "0x%08x to 0x%08x is neither in flash (0x%08x to 0x%08x) nor in SRAM (0x%08x to 0x%08x)",
		 addr, addr + (size - 1), STL_FLASH_BASE,
		 STL_FLASH_BASE + c->flash_size - 1, STL_SRAM_BASE,
		 STL_SRAM_BASE + c->sram_size - 1);
	return session_close(ctx, STL_NO_FIT, STL_LEAVE_AS_FOUND);
}

static enum stl_code fill(struct context *ctx, uint32_t value, uint32_t addr,
			  uint32_t size)
{
	const struct stl_chip *c = &ctx->target.chip;
	bool flash = in_range(addr, size, STL_FLASH_BASE, c->flash_size);
	enum stl_code code;
	uint8_t *buf;

	if (!flash && !in_range(addr, size, STL_SRAM_BASE, c->sram_size))
		return fail_place(ctx, addr, size);
	buf = pattern(value, ctx->width, size);
	if (!buf) {
		code = stl_fail(&ctx->err, STL_FILE, "%s", strerror(ENOMEM));
		return session_close(ctx, code, STL_LEAVE_AS_FOUND);
	}
	code = flash ? fill_flash(ctx, addr, size, buf) :
	       fill_sram(ctx, addr, size, buf);
	free(buf);
	return code;
}

/**
 * cmd_fill() - fill flash or SRAM with a value
 * @ctx: context; operands VALUE [ADDR SIZE]
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_fill(struct context *ctx)
{
	uint32_t addr = STL_FLASH_BASE;
	enum stl_code code;
	uint32_t size = 0;
	uint32_t value;
	bool given;

	code = parse_value(ctx, &value);
	if (!code)
		code = range_operands(ctx, 1, &given, &addr, &size);
	if (!code && (addr % ctx->width || size % ctx->width))
		code = stl_fail(&ctx->err, STL_USAGE,
				"ADDR and SIZE must be multiples of %u, or use --8",
				ctx->width);
	/* as for erase --all: nothing of the chip's content is left */
	if (!code && !given)
		code = confirm(ctx, "fill of the whole flash",
			       "Overwrite the whole flash?");
	if (!code)
		code = session_open(ctx, STL_CHANGE);
	if (code)
		return code;
	if (!given)
		size = ctx->target.chip.flash_size;
	add_hex(ctx->out, "value", value, 2 * ctx->width);
	add_hex(ctx->out, "addr", addr, 8);
	add_int(ctx->out, "size", size);
	code = fill(ctx, value, addr, size);
	if (!code)
		say(ctx, "0x%08x to 0x%08x is 0x%0*x", addr, addr + (size - 1),
		    (int)(2 * ctx->width), value);
	return code;
}
