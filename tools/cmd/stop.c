// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a signal that came half-way has left of the flash.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdio.h>

#include "cmd.h"

/**
 * explain_stop() - say what was done before a signal stopped it
 * @ctx: context, with the failure; nothing happens unless that is a stop
 * @r: what was done: @r->pages_erased and @r->bytes_programmed
 * @left: what flash is now if that isn't nothing, for the end of a sentence, or NULL
 *
 * The library left off between two pages.
 *
 * Return: true if it was a stop, and something was done.
 */
bool explain_stop(struct context *ctx, const struct stl_program_result *r,
		  const char *left)
{
	bool changed = r->pages_erased || r->bytes_programmed;
	enum stl_code code = ctx->err.code;
	char bytes[48] = "";

	if (ctx->err.errnum != EINTR)
		return false;
	if (r->bytes_programmed)
		snprintf(bytes, sizeof(bytes), " and %u bytes programmed",
			 r->bytes_programmed);
	if (changed)
		stl_fail(&ctx->err, code,
			 "stopped by a signal with %u pages erased%s%s%s",
			 r->pages_erased, bytes, left ? ": " : "",
			 left ? left : "");
	else
		stl_fail(&ctx->err, code,
			 "stopped by a signal; flash is as it was");
	ctx->err.errnum = EINTR;
	return changed;
}
