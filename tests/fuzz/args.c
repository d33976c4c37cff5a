// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line, a word a line. It is understood, and not carried out.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "fuzz.h"

#define WORDS	32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct context ctx = { .fd = -1, .width = 4 };
	char *text = fuzz_text(data, size), *rest = text;
	char *argv[WORDS + 2] = { "stlink" };
	char *had[WORDS + 2];
	enum stl_code code;
	int argc = 1, i;

	while (rest && argc <= WORDS)
		argv[argc++] = strsep(&rest, "\n");
	memcpy(had, argv, sizeof(had));
	optind = 0;
	code = args_parse(&ctx, argc, argv);
	if (code) {
		fuzz_check(code == STL_USAGE && ctx.err.code == STL_USAGE);
		fuzz_plain(ctx.err.message);
		/* nobody wrote the name of the program wrong */
		for (i = 1; i < argc && !strstr(had[i], "stlink"); i++)
			;
		fuzz_check(i < argc || !strstr(ctx.err.message, "'stlink'"));
	} else {
		fuzz_check(ctx.cmd && ctx.argc >= 0);
		fuzz_check(ctx.help || ctx.argc >= ctx.cmd->min);
		fuzz_check(ctx.help || ctx.cmd->max < 0 ||
			   ctx.argc <= ctx.cmd->max);
		fuzz_check(ctx.width == 1 || ctx.width == 2 || ctx.width == 4);
		fuzz_check(!ctx.has_page || ctx.first <= ctx.last);
		fuzz_check(ctx.clock_khz <= 100000);
		for (i = 0; i < ctx.argc; i++)
			fuzz_check(ctx.argv[i]);
	}
	free(text);
	return 0;
}
