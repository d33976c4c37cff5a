// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operands [ADDR SIZE] that several verbs have.
 *
 * Copyright (C) 2026 The stlink project authors
 */
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
