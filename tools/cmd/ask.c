// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking before something is lost.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <unistd.h>

#include "cmd.h"

/**
 * confirm() - ask for a yes on the terminal, unless --yes was given
 * @ctx: context
 * @what: what is to be confirmed, for the error: "erase --all"
 * @question: one sentence with its question mark
 *
 * Return: STL_OK, or STL_USAGE for anything but yes, and where nobody can be
 * asked.
 */
enum stl_code confirm(struct context *ctx, const char *what,
		      const char *question)
{
	char answer[16] = "";

	if (ctx->yes)
		return STL_OK;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		stl_fail(&ctx->err, STL_USAGE, "%s was not confirmed", what);
		stl_hint(&ctx->err, "add --yes where nobody can be asked");
		return STL_USAGE;
	}
	progress_clear();
	fprintf(stderr, "%s [y/N] ", question);
	if (fgets(answer, sizeof(answer), stdin) &&
	    (answer[0] == 'y' || answer[0] == 'Y'))
		return STL_OK;
	return stl_fail(&ctx->err, STL_USAGE,
			"%s was not confirmed; nothing was changed", what);
}
