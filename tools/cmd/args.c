// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line: options before and after the verb, operands.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <getopt.h>
#include <string.h>

#include "cmd.h"

/* long options without a letter */
enum {
	OPT_USB_PATH = 256,
	OPT_MODE,
	OPT_JSON,
	OPT_VERSION,
	/* those of some verbs only */
	OPT_FORMAT,
	OPT_NO_VERIFY,
	OPT_VERIFY,
	OPT_DRY_RUN,
	OPT_FULL,
	OPT_NO_LOADER,
	OPT_NO_RESET,
	OPT_ALL,
	OPT_PAGE,
	OPT_ADDR,
	OPT_SIZE,
	OPT_HALT,
	OPT_FORCE,
	OPT_FROM,
	OPT_TO,
	OPT_WITH_OPTIONS,
	OPT_NO_OPTIONS,
	OPT_WITH_PROTECTION,
	OPT_NO_LOAD,
	OPT_LEVEL_2,
	OPT_RESET,
	/* as st-flash has them */
	OPT_UNDER_RESET,
	OPT_HOT_PLUG,
	OPT_DEBUG,
	OPT_OPT,
	OPT_AREA,
	OPT_FLASH,
	OPT_CONFIG,
	OPT_CHECK,
	OPT_ONCE,
	OPT_PIPE,
	OPT_PORT,
	OPT_LIST,
	OPT_8,
	OPT_16,
	OPT_32,
};

static const char shortopts[] = ":d:f:hqs:vy";

static const struct option longopts[] = {
	{ "8",		no_argument,		NULL, OPT_8 },
	{ "16",		no_argument,		NULL, OPT_16 },
	{ "32",		no_argument,		NULL, OPT_32 },
	{ "addr",	required_argument,	NULL, OPT_ADDR },
	{ "all",	no_argument,		NULL, OPT_ALL },
	{ "area",	required_argument,	NULL, OPT_AREA },
	{ "check",	no_argument,		NULL, OPT_CHECK },
	{ "config",	required_argument,	NULL, OPT_CONFIG },
	{ "connect-under-reset", no_argument,	NULL, OPT_UNDER_RESET },
	{ "debug",	no_argument,		NULL, OPT_DEBUG },
	{ "device",	required_argument,	NULL, 'd' },
	{ "dry-run",	no_argument,		NULL, OPT_DRY_RUN },
	{ "flash",	required_argument,	NULL, OPT_FLASH },
	{ "force",	no_argument,		NULL, OPT_FORCE },
	{ "format",	required_argument,	NULL, OPT_FORMAT },
	{ "freq",	required_argument,	NULL, 'f' },
	{ "from",	required_argument,	NULL, OPT_FROM },
	{ "full",	no_argument,		NULL, OPT_FULL },
	{ "halt",	no_argument,		NULL, OPT_HALT },
	{ "help",	no_argument,		NULL, 'h' },
	{ "hot-plug",	no_argument,		NULL, OPT_HOT_PLUG },
	{ "json",	no_argument,		NULL, OPT_JSON },
	{ "level-2-forever", no_argument,	NULL, OPT_LEVEL_2 },
	{ "list",	no_argument,		NULL, OPT_LIST },
	{ "mode",	required_argument,	NULL, OPT_MODE },
	{ "no-load",	no_argument,		NULL, OPT_NO_LOAD },
	{ "no-loader",	no_argument,		NULL, OPT_NO_LOADER },
	{ "no-options",	no_argument,		NULL, OPT_NO_OPTIONS },
	{ "no-reset",	no_argument,		NULL, OPT_NO_RESET },
	{ "no-verify",	no_argument,		NULL, OPT_NO_VERIFY },
	{ "once",	no_argument,		NULL, OPT_ONCE },
	{ "opt",	no_argument,		NULL, OPT_OPT },
	{ "page",	required_argument,	NULL, OPT_PAGE },
	{ "pipe",	no_argument,		NULL, OPT_PIPE },
	{ "port",	required_argument,	NULL, OPT_PORT },
	{ "quiet",	no_argument,		NULL, 'q' },
	{ "reset",	no_argument,		NULL, OPT_RESET },
	{ "serial",	required_argument,	NULL, 's' },
	{ "size",	required_argument,	NULL, OPT_SIZE },
	{ "to",		required_argument,	NULL, OPT_TO },
	{ "usb-path",	required_argument,	NULL, OPT_USB_PATH },
	{ "verbose",	no_argument,		NULL, 'v' },
	{ "verify",	required_argument,	NULL, OPT_VERIFY },
	{ "version",	no_argument,		NULL, OPT_VERSION },
	{ "with-options", no_argument,		NULL, OPT_WITH_OPTIONS },
	{ "with-protection", no_argument,	NULL, OPT_WITH_PROTECTION },
	{ "yes",	no_argument,		NULL, 'y' },
	{ NULL,		0,			NULL, 0 }
};

static const char * const modes[] = {
	[STL_MODE_AUTO] = "auto",
	[STL_MODE_NORMAL] = "normal",
	[STL_MODE_UNDER_RESET] = "under-reset",
	[STL_MODE_HOT_PLUG] = "hot-plug",
};

static enum stl_code usage(struct context *ctx, const char *what,
			   const char *which)
{
	stl_fail(&ctx->err, STL_USAGE, "%s '%s'", what, which);
	if (ctx->cmd)
		stl_hint(&ctx->err, "see stlink help %s", ctx->cmd->name);
	else
		stl_hint(&ctx->err, "see stlink --help");
	return STL_USAGE;
}

static enum stl_code set_mode(struct context *ctx, const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (!strcmp(word, modes[i])) {
			ctx->mode = i;
			return STL_OK;
		}
	}
	usage(ctx, "no such mode:", word);
	stl_hint(&ctx->err,
		 "modes are auto, normal, under-reset and hot-plug");
	return STL_USAGE;
}

/* Which verbs an option is for: any of these bits; 0 for all verbs */
static unsigned int taken_by(int opt)
{
	switch (opt) {
	case OPT_FORMAT:
		return TAKES_FORMAT;
	case OPT_NO_VERIFY:
	case OPT_NO_RESET:
	case OPT_VERIFY:
	case OPT_DRY_RUN:
	case OPT_FULL:
	case OPT_NO_LOADER:
	case OPT_OPT:
		return TAKES_PROGRAM;
	case OPT_ALL:
		return TAKES_ERASE | TAKES_ALL;
	case OPT_PAGE:
		return TAKES_ERASE | TAKES_SELFTEST;
	case OPT_ADDR:
	case OPT_SIZE:
		return TAKES_ERASE;
	case OPT_HALT:
		return TAKES_HALT | TAKES_SELFTEST;
	case OPT_FORCE:
		return TAKES_FORCE | TAKES_FORCE_PART | TAKES_FORCE_MAKER;
	case OPT_FROM:
	case OPT_TO:
		return TAKES_CLONE;
	case OPT_WITH_OPTIONS:
	case OPT_NO_OPTIONS:
	case OPT_WITH_PROTECTION:
		return TAKES_OPTIONS;
	case OPT_NO_LOAD:
		return TAKES_NO_LOAD;
	case OPT_LEVEL_2:
		return TAKES_LEVEL_2;
	case OPT_RESET:
		return TAKES_RESET | TAKES_RESET_AFTER | TAKES_SELFTEST;
	case OPT_AREA:
	case OPT_FLASH:
		return TAKES_ST_FLASH;
	case OPT_CONFIG:
	case OPT_CHECK:
		return TAKES_WATCH;
	case OPT_ONCE:
		return TAKES_WATCH | TAKES_GDB;
	case OPT_PIPE:
	case OPT_PORT:
		return TAKES_GDB;
	case OPT_LIST:
		return TAKES_SELFTEST;
	case OPT_8:
	case OPT_16:
	case OPT_32:
		return TAKES_WIDTH;
	default:
		return 0;
	}
}

/* What st-flash calls the memories of a chip; the F030 has two of them. */
static enum stl_code set_area(struct context *ctx, const char *word)
{
	ctx->system = !strcmp(word, "system");
	if (ctx->system || !strcmp(word, "main"))
		return STL_OK;
	usage(ctx, "this chip has no such area, or it has verbs of its own:",
	      word);
	stl_hint(&ctx->err, "areas are main and system; for option bytes type: stlink option show, stlink option set");
	return STL_USAGE;
}

static enum stl_code set_verb_option(struct context *ctx, int opt)
{
	switch (opt) {
	case OPT_FORMAT:
		ctx->format = image_format_by_word(optarg);
		if (ctx->format != IMAGE_AUTO)
			return STL_OK;
		usage(ctx, "no such format:", optarg);
		stl_hint(&ctx->err, "formats are bin, hex, srec and elf");
		return STL_USAGE;
	case OPT_NO_VERIFY:
		ctx->no_verify = true;
		return STL_OK;
	case OPT_VERIFY:
		ctx->verify_read = !strcmp(optarg, "read");
		ctx->no_verify = false;
		if (ctx->verify_read || !strcmp(optarg, "crc"))
			return STL_OK;
		usage(ctx, "no such way to verify:", optarg);
		stl_hint(&ctx->err, "ways are crc and read");
		return STL_USAGE;
	case OPT_DRY_RUN:
		ctx->dry_run = true;
		return STL_OK;
	case OPT_FULL:
		ctx->full = true;
		return STL_OK;
	case OPT_NO_LOADER:
		ctx->no_loader = true;
		return STL_OK;
	case OPT_NO_RESET:
		ctx->no_reset = true;
		return STL_OK;
	case OPT_ALL:
		ctx->all = true;
		return STL_OK;
	case OPT_PAGE:
		ctx->has_page = true;
		return parse_pages(optarg, &ctx->first, &ctx->last) ? STL_OK :
		       usage(ctx, "not a page or a range of pages:", optarg);
	case OPT_ADDR:
		ctx->has_addr = true;
		return parse_u32(optarg, &ctx->addr) ? STL_OK :
		       usage(ctx, "not an address:", optarg);
	case OPT_SIZE:
		ctx->has_size = true;
		return parse_u32(optarg, &ctx->size) ? STL_OK :
		       usage(ctx, "not a size:", optarg);
	case OPT_HALT:
		ctx->halt = true;
		return STL_OK;
	case OPT_FORCE:
		ctx->force = true;
		return STL_OK;
	case OPT_FROM:
		ctx->from = optarg;
		return STL_OK;
	case OPT_TO:
		ctx->to = optarg;
		return STL_OK;
	case OPT_WITH_OPTIONS:
		ctx->no_options = false;
		return STL_OK;
	case OPT_NO_OPTIONS:
		ctx->no_options = true;
		return STL_OK;
	case OPT_WITH_PROTECTION:
		ctx->with_protection = true;
		return STL_OK;
	case OPT_NO_LOAD:
		ctx->no_load = true;
		return STL_OK;
	case OPT_LEVEL_2:
		ctx->level_2 = true;
		return STL_OK;
	case OPT_RESET:
		ctx->reset = true;
		return STL_OK;
	case OPT_OPT:
		ctx->trim = true;
		return STL_OK;
	case OPT_AREA:
		return set_area(ctx, optarg);
	case OPT_FLASH:
		return parse_u32(optarg, &ctx->flash) && ctx->flash ? STL_OK :
		       usage(ctx, "not a size (such as 16k):", optarg);
	case OPT_CONFIG:
		ctx->config = optarg;
		return STL_OK;
	case OPT_CHECK:
		ctx->check = true;
		return STL_OK;
	case OPT_ONCE:
		ctx->once = true;
		return STL_OK;
	case OPT_PIPE:
		ctx->pipe = true;
		return STL_OK;
	case OPT_PORT:
		ctx->has_port = true;
		return parse_u32(optarg, &ctx->port) && ctx->port <= 65535 ?
		       STL_OK : usage(ctx, "not a port:", optarg);
	case OPT_LIST:
		ctx->list = true;
		return STL_OK;
	default:
		ctx->width = opt == OPT_8 ? 1 : opt == OPT_16 ? 2 : 4;
		return STL_OK;
	}
}

static enum stl_code set_option(struct context *ctx, int opt)
{
	switch (opt) {
	case 'd':
		ctx->select.device = optarg;
		return STL_OK;
	case 's':
		ctx->select.serial = optarg;
		return STL_OK;
	case OPT_USB_PATH:
		ctx->select.usb_path = optarg;
		return STL_OK;
	case 'f':
		return parse_khz(optarg, &ctx->clock_khz) ? STL_OK :
		       usage(ctx, "not a clock (such as 1800k or 4M):",
			     optarg);
	case OPT_MODE:
		return set_mode(ctx, optarg);
	case OPT_UNDER_RESET:
		ctx->mode = STL_MODE_UNDER_RESET;
		return STL_OK;
	case OPT_HOT_PLUG:
		ctx->mode = STL_MODE_HOT_PLUG;
		return STL_OK;
	case OPT_JSON:
		ctx->json = true;
		return STL_OK;
	case 'q':
		ctx->quiet = true;
		return STL_OK;
	case 'v':
	case OPT_DEBUG:
		ctx->verbose = true;
		return STL_OK;
	case 'y':
		ctx->yes = true;
		return STL_OK;
	case 'h':
		ctx->help = true;
		return STL_OK;
	case OPT_VERSION:
		ctx->cmd = command_find("version");
		return STL_OK;
	default:
		return set_verb_option(ctx, opt);
	}
}

/* options of some verbs only; all of these are long ones */
struct seen {
	size_t num;
	struct {
		unsigned int takes;
		const char *name;
	} opt[32];
};

/* what getopt_long() leaves in optopt: no option, while long ones have theirs */
static bool no_letter(int c)
{
	return c == ':' || (c && c < OPT_USB_PATH && !strchr(shortopts, c));
}

static enum stl_code all_options(struct context *ctx, int argc, char **argv,
				 struct seen *seen)
{
	enum stl_code code;
	int index = 0;
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, shortopts, longopts, &index)) !=
	       -1) {
		const char *word = argv[optind - 1];
		char one[] = { '-', optopt, '\0' };

		/* a letter: the word may have more of them, and isn't past yet */
		if (opt == '?')
			return usage(ctx, "no such option:", no_letter(optopt) ?
				     one : word);
		if (opt == ':')
			return usage(ctx, "nothing follows option", word);
		code = set_option(ctx, opt);
		if (code)
			return code;
		if (taken_by(opt) &&
		    seen->num < sizeof(seen->opt) / sizeof(*seen->opt)) {
			seen->opt[seen->num].takes = taken_by(opt);
			seen->opt[seen->num++].name = longopts[index].name;
		}
	}
	return STL_OK;
}

static enum stl_code check(struct context *ctx, const struct seen *seen)
{
	const struct command *c = ctx->cmd;
	size_t i;

	if (ctx->help)
		return STL_OK;
	for (i = 0; i < seen->num; i++) {
		if (!(seen->opt[i].takes & c->takes))
			return stl_fail(&ctx->err, STL_USAGE,
					"%s: the option '--%s' means nothing here",
					c->name, seen->opt[i].name);
	}
	if (ctx->system && c->run != cmd_read)
		return stl_fail(&ctx->err, STL_USAGE,
				"%s: system memory can only be read", c->name);
	if (ctx->argc < c->min || (c->max >= 0 && ctx->argc > c->max)) {
		stl_fail(&ctx->err, STL_USAGE, "%s: too %s operands", c->name,
			 ctx->argc < c->min ? "few" : "many");
		stl_hint(&ctx->err, "stlink %s %s", c->name, c->args);
		return STL_USAGE;
	}
	return STL_OK;
}

/* An error in the options before --json shall come out as JSON too. */
static bool wants_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--json"))
			return true;
	}
	return false;
}

/**
 * args_parse() - understand the command line
 * @ctx: context to fill
 * @argc: of main()
 * @argv: of main(); is reordered
 *
 * Return: STL_OK with @ctx->cmd set, else STL_USAGE.
 */
enum stl_code args_parse(struct context *ctx, int argc, char **argv)
{
	struct seen seen = { 0 };
	enum stl_code code;

	ctx->json = wants_json(argc, argv);
	code = all_options(ctx, argc, argv, &seen);
	if (code)
		return code;
	ctx->argc = argc - optind;
	ctx->argv = argv + optind;
	if (ctx->cmd) {
		/* --version: whatever else was said */
		ctx->argc = 0;
		return STL_OK;
	}
	if (!ctx->argc) {
		ctx->cmd = command_find("help");
		if (ctx->help) {
			ctx->help = false;
			return STL_OK;
		}
		ctx->cmd = NULL;
		stl_fail(&ctx->err, STL_USAGE, "nothing to do");
		stl_hint(&ctx->err, "see stlink --help");
		return STL_USAGE;
	}
	ctx->cmd = command_find(ctx->argv[0]);
	if (!ctx->cmd)
		return usage(ctx, "no such verb:", ctx->argv[0]);
	ctx->argc--;
	ctx->argv++;
	return check(ctx, &seen);
}
