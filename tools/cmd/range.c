// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operands [ADDR SIZE] that several verbs have, and what is there.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

/**
 * range_operands() - understand the operands ADDR and SIZE
 * @ctx: context
 * @at: index of ADDR among the operands
 * @given: out: they are there
 * @addr: out, if they are
 * @size: out, if they are; never 0, and inside of the address space
 *
 * Return: STL_OK, or STL_USAGE.
 */
enum stl_code range_operands(struct context *ctx, int at, bool *given,
			     uint32_t *addr, uint32_t *size)
{
	*given = ctx->argc > at;
	if (!*given)
		return STL_OK;
	if (ctx->argc == at + 1)
		return stl_fail(&ctx->err, STL_USAGE,
				"%s: ADDR and SIZE go together",
				ctx->cmd->name);
	if (!parse_u32(ctx->argv[at], addr))
		return stl_fail(&ctx->err, STL_USAGE,
				"'%s' is not an address", ctx->argv[at]);
	if (!parse_u32(ctx->argv[at + 1], size) || !*size)
		return stl_fail(&ctx->err, STL_USAGE, "'%s' is not a size",
				ctx->argv[at + 1]);
	if (*size - 1 > UINT32_MAX - *addr)
		return stl_fail(&ctx->err, STL_USAGE,
				"0x%08x bytes from 0x%08x go beyond the end of the address space",
				*size, *addr);
	return STL_OK;
}

/**
 * range_read() - read the range that the operands ADDR and SIZE name
 * @ctx: context; there must be no session. Afterwards there is none either
 * @at: index of ADDR among the operands; without them it is the whole flash
 * @addr: out: start
 * @size: out: bytes
 * @buf: out: content, NULL after a failure; free() it
 *
 * Return: STL_OK, or why not.
 */
enum stl_code range_read(struct context *ctx, int at, uint32_t *addr,
			 uint32_t *size, uint8_t **buf)
{
	enum stl_code code;
	bool given;

	*buf = NULL;
	code = range_operands(ctx, at, &given, addr, size);
	if (!code)
		code = session_open(ctx, STL_LOOK);
	if (code)
		return code;
	if (!given) {
		*addr = STL_FLASH_BASE;
		*size = ctx->target.chip.flash_size;
	}
	code = stl_check_read(&ctx->target, *addr, *size, &ctx->err);
	if (!code) {
		*buf = malloc(*size);
		code = *buf ? stl_read(&ctx->target, *addr, *buf, *size, 0,
				       NULL, &ctx->err) :
		       stl_fail(&ctx->err, STL_FILE, "%u bytes: %s", *size,
				strerror(ENOMEM));
	}
	code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	if (code) {
		free(*buf);
		*buf = NULL;
		return code;
	}
	add_hex(ctx->out, "addr", *addr, 8);
	add_int(ctx->out, "size", *size);
	return STL_OK;
}
