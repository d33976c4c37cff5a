// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking before something is lost.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

/* poll(): reading alone is begun again after a signal that is caught */
static bool read_answer(char *answer, int size)
{
	struct pollfd pfd = { .fd = STDIN_FILENO, .events = POLLIN };

	if (poll(&pfd, 1, -1) < 0 || !fgets(answer, size, stdin))
		return false;
	answer[strcspn(answer, "\n")] = '\0';
	return true;
}

/**
 * ask_person() - put a question to a person
 * @ctx: context
 * @what: what is to be confirmed, for the error: "erase --all"
 * @hint: what to do where nobody can be asked
 * @question: what is shown, up to the place where the answer is typed
 * @right: is this answer a yes?
 *
 * Return: STL_OK, or STL_USAGE for any other answer or where nobody can be asked;
 * STL_LINK with errno EINTR if a signal came in place of an answer.
 */
enum stl_code ask_person(struct context *ctx, const char *what,
			 const char *hint, const char *question,
			 bool (*right)(const char *answer))
{
	char answer[64];

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		stl_fail(&ctx->err, STL_USAGE, "%s was not confirmed", what);
		stl_hint(&ctx->err, "%s", hint);
		return STL_USAGE;
	}
	progress_clear();
	fputs(question, stderr);
	if (read_answer(answer, sizeof(answer))) {
		if (right(answer))
			return STL_OK;
	} else if (signal_caught()) {
		fputc('\n', stderr);
		stl_fail(&ctx->err, STL_LINK,
			 "stopped by a signal; nothing was changed");
		ctx->err.errnum = EINTR;
		return STL_LINK;
	}
	return stl_fail(&ctx->err, STL_USAGE,
			"%s was not confirmed; nothing was changed", what);
}

static bool is_yes(const char *answer)
{
	return answer[0] == 'y' || answer[0] == 'Y';
}

/**
 * confirm() - ask for a yes on the terminal, unless --yes was given
 * @ctx: context
 * @what: what is to be confirmed, for the error: "erase --all"
 * @question: one sentence with its question mark
 *
 * Return: as ask_person().
 */
enum stl_code confirm(struct context *ctx, const char *what,
		      const char *question)
{
	char line[512];

	if (ctx->yes)
		return STL_OK;
	snprintf(line, sizeof(line), "%s [y/N] ", question);
	return ask_person(ctx, what, "add --yes where nobody can be asked",
			  line, is_yes);
}
