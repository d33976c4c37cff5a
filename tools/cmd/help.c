// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink help, version
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <stdio.h>

#include "cmd.h"

static const char intro[] =
	"Usage: stlink [OPTION...] VERB [OPERAND...]\n"
	"Read, program, copy, protect and diagnose an STM32F030 through an ST-Link V2.\n"
	"\n"
	"Verbs:\n";

static const char options[] =
	"\n"
	"Options, before or after the verb:\n"
	"      --connect-under-reset  the same as --mode under-reset, as st-flash has it\n"
	"      --debug            the same as --verbose\n"
	"  -d, --device NODE      probe by its node, such as /dev/stlink0\n"
	"  -f, --freq CLOCK       fastest SWD clock allowed: 1800k, 4M, 950kHz ...\n"
	"                         (without unit: kHz; 1800k if not given)\n"
	"  -h, --help             this text, or that of the verb\n"
	"      --hot-plug         the same as --mode hot-plug\n"
	"      --json             one JSON object on standard output\n"
	"      --mode MODE        how to attach: auto, normal, under-reset, hot-plug\n"
	"  -q, --quiet            nothing but warnings and errors\n"
	"  -s, --serial SERIAL    probe by its serial number, or the start or end of it\n"
	"      --usb-path PATH    probe by where it is plugged in, such as 1-2.3\n"
	"  -v, --verbose          more about what is done\n"
	"      --version          version of this program\n"
	"  -y, --yes              don't ask\n";

static const char numbers[] =
	"\n"
	"Numbers are decimal, or hexadecimal with 0x; K and M after them stand for\n"
	"1024 and 1048576.\n";

static const char exit_codes[] =
	"\n"
	"Exit status:\n"
	"   0  done                           7  read or link error\n"
	"   1  usage                          8  program or erase failed\n"
	"   2  no probe                       9  something differs or was found\n"
	"   3  probe is in use               10  file can't be read or written\n"
	"   4  no permission                 11  image doesn't fit\n"
	"   5  no target or no voltage     128+N stopped by signal N\n"
	"   6  protected (RDP, WRP)\n"
	"\n"
	"\"stlink help VERB\" explains a verb; the manual page is stlink(1).\n";

/*
 * Shell completion reads this text, as it does "Verbs:" above: "--long, --other ARG"
 * after six blanks, then at least two blanks.
 */
static const struct {
	unsigned int takes;
	const char *text;
} verb_options[] = {
	{
		TAKES_FORMAT,
		"      --format FORMAT    bin, hex, srec or elf, whatever the file looks like;\n"
		"                         binary and ihex are bin and hex\n"
	}, {
		TAKES_PROGRAM,
		"      --dry-run          say what would be done, and change nothing\n"
		"      --full             erase and program all of it, also what is there already\n"
		"      --no-loader        put no code into the target's SRAM: slower, keeps it\n"
		"      --no-reset         leave the core halted instead of running it\n"
		"      --no-verify        don't verify what was programmed\n"
		"      --opt              leave out what is blank at the end of the image\n"
		"      --verify HOW       crc, by the chip itself (the usual), or read\n"
	}, {
		TAKES_ERASE,
		"      --addr ADDR        erase the pages of a range, from ADDR on\n"
		"      --all              erase the whole flash\n"
		"      --page N[-M]       erase a page or a range of pages, counted from 0\n"
		"      --size SIZE        bytes of the range of --addr\n"
	}, {
		TAKES_ALL,
		"      --all              the boards of all probes, at the same time\n"
	}, {
		TAKES_WATCH,
		"      --check            check the configuration, say what it means, and end\n"
		"      --config FILE      another one than /etc/stlink/autoprogram.conf\n"
		"      --once             end when each station has done one board\n"
	}, {
		TAKES_GDB,
		"      --once             end when the first gdb has gone\n"
		"      --pipe             speak on standard input and output, for \"target\n"
		"                         extended-remote | stlink gdb --pipe\"\n"
		"      --port PORT        TCP port on 127.0.0.1 (3333), 0 for any that is free\n"
	}, {
		TAKES_HALT,
		"      --halt             stop before the first instruction\n"
	}, {
		TAKES_WIDTH,
		"      --8, --16, --32    bits of each access (32)\n"
	}, {
		TAKES_FORCE,
		"      --force            also while another program works with the probe\n"
	}, {
		TAKES_FORCE_PART,
		"      --force            also onto another part that it fits, or without a record\n"
	}, {
		TAKES_FORCE_MAKER,
		"      --force            also on a chip that isn't ST's\n"
	}, {
		TAKES_CLONE,
		"      --from PROBE       probe of the board to copy: node, serial or USB path\n"
		"      --to PROBE         probe of the board that becomes the copy\n"
	}, {
		TAKES_OPTIONS,
		"      --no-options       leave the option bytes as they are\n"
		"      --with-options     option bytes too, but not RDP and WRP (the usual)\n"
		"      --with-protection  RDP and WRP as well\n"
	}, {
		TAKES_NO_LOAD,
		"      --no-load          leave it to the next power-on to put them in force\n"
	}, {
		TAKES_LEVEL_2,
		"      --level-2-forever  read protection level 2: no debugger ever again\n"
	}, {
		TAKES_RESET,
		"      --reset            restart the board to catch its first fault\n"
	}, {
		TAKES_RESET_AFTER,
		"      --reset            reset the chip afterwards, and let it run\n"
	}, {
		TAKES_SELFTEST,
		"      --halt             also what needs the core to be halted for a moment\n"
		"      --list             list the questions, ask none\n"
		"      --page N           also what needs a blank page; it is left blank\n"
		"      --reset            also what needs resets, and a halted core\n"
	}, {
		TAKES_ST_FLASH,
		"      --area AREA        main, the flash, or to be read: system\n"
		"      --flash SIZE       refuse a chip whose flash isn't that large\n"
	},
};

/**
 * help_global() - print the help text to standard output
 */
void help_global(void)
{
	const struct command *c;

	fputs(intro, stdout);
	for (c = commands; c->name; c++)
		printf("  %-12s %s\n", c->name, c->summary);
	printf("%s%s%s", options, numbers, exit_codes);
}

/**
 * help_verb() - print the help text of a verb to standard output
 * @cmd: verb
 */
void help_verb(const struct command *cmd)
{
	size_t i;

	printf("Usage: stlink [OPTION...] %s%s%s\n", cmd->name,
	       *cmd->args ? " " : "", cmd->args);
	printf("%c%s.\n", toupper((unsigned char)cmd->summary[0]),
	       cmd->summary + 1);
	for (i = 0; cmd->alias && cmd->alias[i]; i++)
		printf("%s%s%s", i ? ", " : "Also: ", cmd->alias[i],
		       cmd->alias[i + 1] ? "" : "\n");
	if (*cmd->detail)
		printf("\n%s", cmd->detail);
	if (cmd->takes)
		printf("\nOptions of this verb:\n");
	for (i = 0; i < sizeof(verb_options) / sizeof(*verb_options); i++) {
		if (cmd->takes & verb_options[i].takes)
			fputs(verb_options[i].text, stdout);
	}
	if (cmd->examples)
		printf("\nExamples:\n%s", cmd->examples);
	printf("\n\"stlink --help\" has the options of all verbs and the exit status.\n");
}

/**
 * cmd_help() - explain the tool, or a verb
 * @ctx: context; operand [VERB]
 *
 * Return: STL_OK, STL_USAGE if there is no such verb.
 */
enum stl_code cmd_help(struct context *ctx)
{
	const struct command *c;

	if (!ctx->argc) {
		help_global();
		return STL_OK;
	}
	c = command_find(ctx->argv[0]);
	if (!c)
		return stl_fail(&ctx->err, STL_USAGE, "no such verb: '%s'",
				ctx->argv[0]);
	help_verb(c);
	return STL_OK;
}

/**
 * cmd_version() - show the version
 * @ctx: context
 *
 * Return: STL_OK.
 */
enum stl_code cmd_version(struct context *ctx)
{
	if (ctx->json)
		add_string(ctx->out, "version", STLINK_VERSION);
	else
		printf("stlink %s\n", STLINK_VERSION);
	return STL_OK;
}
