// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink reset, halt, run, status
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>

#include "cmd.h"

static enum stl_code show(struct context *ctx)
{
	struct stl_core_state state = { 0 };
	enum stl_code code;

	code = stl_core_state(&ctx->target, &state, &ctx->err);
	if (code)
		return code;
	state_json(ctx, &state);
	state_say(ctx, &state);
	return STL_OK;
}

/**
 * core_restart() - reset the chip, let it run, and tell what it does
 * @ctx: context, with a session that may change the target
 *
 * Return: STL_OK also when the firmware locks up (that is a warning); else
 * why not. To be closed with STL_LEAVE_RUNNING then.
 */
enum stl_code core_restart(struct context *ctx)
{
	struct stl_core_state state = { 0 };
	enum stl_code code;

	code = stl_core_reset(&ctx->target, false, 0, &state, &ctx->err);
	if (code)
		return code;
	state_json(ctx, &state);
	state_say(ctx, &state);
	return STL_OK;
}

/**
 * cmd_reset() - reset the chip and let it run, or stop at its first instruction
 * @ctx: context; --halt
 *
 * Return: STL_OK also when the firmware locks up (that is a warning); else
 * why not.
 */
enum stl_code cmd_reset(struct context *ctx)
{
	enum stl_code code;

	code = session_open(ctx, STL_CHANGE);
	if (code)
		return code;
	if (!ctx->halt) {
		code = core_restart(ctx);
		return session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
				     STL_LEAVE_RUNNING);
	}
	code = stl_core_reset(&ctx->target, true, 0, NULL, &ctx->err);
	if (code)
		return session_close(ctx, code, STL_LEAVE_AS_FOUND);
	code = show(ctx);
	return session_close(ctx, code, STL_LEAVE_HALTED);
}

/**
 * cmd_halt() - halt the core and leave it halted
 * @ctx: context
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_halt(struct context *ctx)
{
	enum stl_code code;

	code = session_open(ctx, STL_CHANGE);
	if (code)
		return code;
	code = stl_core_halt(&ctx->target, &ctx->err);
	if (!code)
		code = show(ctx);
	return session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
			     STL_LEAVE_HALTED);
}

/**
 * cmd_run() - let a halted core go on
 * @ctx: context
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_run(struct context *ctx)
{
	enum stl_code code;

	code = session_open(ctx, STL_CHANGE);
	if (code)
		return code;
	code = stl_core_run(&ctx->target, &ctx->err);
	if (!code)
		code = show(ctx);
	return session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
			     STL_LEAVE_RUNNING);
}

/**
 * cmd_status() - tell what the core does, without disturbing it
 * @ctx: context
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_status(struct context *ctx)
{
	struct stl_core_state state = { 0 };
	enum stl_code code;

	code = session_open(ctx, STL_LOOK);
	if (code)
		return code;
	code = stl_core_state(&ctx->target, &state, &ctx->err);
	code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	if (code)
		return code;
	state_json(ctx, &state);
	if (ctx->json)
		return STL_OK;
	printf("%s\n", state.name);
	if (state.pc_valid)
		printf("pc 0x%08x  sp 0x%08x  xpsr 0x%08x\n", state.pc,
		       state.sp, state.xpsr);
	if (*state.why)
		printf("%s\n", state.why);
	return STL_OK;
}
