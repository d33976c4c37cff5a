// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink - reads, programs, verifies and resets an STM32F030 through an
 * ST-Link V2: table of verbs, and what is common to all of them.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

static const char * const program_alias[] = { "write", "flash", NULL };

/* in the order of the help text; the last one is empty */
const struct command commands[] = {
	{
		"list", NULL, "", "list the probes that are plugged in",
		"Nothing is sent to a target.\n",
		0, 0, 0, cmd_list,
		"  stlink list\n",
	}, {
		"info", NULL, "", "show probe, chip, protection and core",
		"The target goes on with what it does: no reset, no halt.\n",
		0, 0, 0, cmd_info,
		"  stlink info\n"
		"  stlink info --json\n",
	}, {
		"read", NULL, "FILE [ADDR SIZE]",
		"read flash, or a range of memory, into a file",
		"Without numbers: the flash, all of it, as the chip's size register says.\n"
		"The format is that of --format or of the suffix (.hex, .srec, .s19 ...),\n"
		"else raw. FILE appears, or is replaced, when everything was read;\n"
		"\"-\" is standard output.\n",
		TAKES_FORMAT | TAKES_RESET_AFTER | TAKES_ST_FLASH, 1, 3, cmd_read,
		"  stlink read board.bin\n"
		"  stlink read part.hex 0x08000400 1K\n",
	}, {
		"program", program_alias, "[--all] FILE [ADDR]",
		"make the flash hold an image, verify it, run it",
		"Erases only pages that must change. ADDR, for raw files only, is where\n"
		"they go (0x08000000). FILE \"-\" is standard input. Firmware that locks up\n"
		"afterwards is a warning, not a failure; with --all it is one.\n",
		TAKES_FORMAT | TAKES_PROGRAM | TAKES_ALL | TAKES_RESET_AFTER |
			TAKES_ST_FLASH, 1, 2, cmd_program,
		"  stlink program firmware.hex\n"
		"  stlink write firmware.bin 0x08000000\n",
	}, {
		"verify", NULL, "FILE [ADDR]",
		"compare an image with what is in the chip",
		"Tells the first address that differs, how many bytes and pages do; exit\n"
		"status 9.\n",
		TAKES_FORMAT, 1, 2, cmd_verify,
		"  stlink verify firmware.elf\n",
	}, {
		"erase", NULL, "[--all | --page N[-M] | ADDR SIZE]",
		"erase flash",
		"All of it, if nothing else is said. Then it asks first, on a terminal;\n"
		"elsewhere, in a script, it goes on. --addr and --size are ADDR and SIZE.\n",
		TAKES_ERASE | TAKES_RESET_AFTER | TAKES_ST_FLASH, 0, 2,
		cmd_erase,
		"  stlink erase\n"
		"  stlink erase --page 2-5\n"
		"  stlink erase 0x08000400 1K\n",
	}, {
		"blank-check", NULL, "[ADDR SIZE]", "tell whether the flash is blank",
		"Without numbers: all of it. Exit status 9 if not, with the first address\n"
		"that isn't FF.\n",
		0, 0, 2, cmd_blank_check,
		"  stlink blank-check\n"
		"  stlink blank-check 0x08001000 1K\n",
	}, {
		"fill", NULL, "VALUE [ADDR SIZE]", "fill flash or SRAM with a value",
		"VALUE has 32 bits, or those of --8 or --16. Without numbers: the whole\n"
		"flash, which asks first, on a terminal; elsewhere it needs --yes. What\n"
		"else is in a page stays. After flash was filled the core is left halted.\n",
		TAKES_WIDTH, 1, 3, cmd_fill,
		"  stlink fill 0xdeadbeef 0x20000000 1K\n",
	}, {
		"compare", NULL, "FILE [ADDR]", "tell which pages differ from an image",
		"Draws the flash on a terminal: blank, same, different, not in the image,\n"
		"write-protected; elsewhere it prints lines. Exit status 9 for a difference.\n",
		TAKES_FORMAT, 1, 2, cmd_compare,
		"  stlink compare firmware.hex\n",
	}, {
		"checksum", NULL, "[ADDR SIZE]", "CRC-32 of the flash or of a range",
		"Prints \"crc32 0xVALUE  ADDR SIZE\"; it is the CRC of zlib and gzip.\n",
		0, 0, 2, cmd_checksum,
		"  stlink checksum 0x08000000 4K\n",
	}, {
		"clone", NULL, "[--from PROBE --to PROBE]",
		"make one board the same as another",
		"PROBE is a node, a serial number or a USB path. With one probe: reads the\n"
		"board, waits until another one is connected instead, writes that. Nothing\n"
		"is changed before the source was read twice with the same result, and fits.\n"
		"Option bytes are copied too, read and write protection only if asked for.\n",
		TAKES_CLONE | TAKES_OPTIONS, 0, 0, cmd_clone,
		"  stlink clone --from 1-1 --to 1-2\n"
		"  stlink clone\n",
	}, {
		"backup", NULL, "FILE", "save flash and option bytes in one file",
		"Intel HEX, which other programs read too, with a record at its end that\n"
		"\"stlink restore\" checks. FILE appears when everything was read, twice.\n",
		0, 1, 1, cmd_backup,
		"  stlink backup board.hex\n",
	}, {
		"restore", NULL, "FILE", "make a chip what it was at a backup",
		"Refuses a damaged file, and one of another part; --force restores it all\n"
		"the same if it fits. Read and write protection only if asked for.\n",
		TAKES_OPTIONS | TAKES_FORCE_PART, 1, 1, cmd_restore,
		"  stlink restore board.hex\n",
	}, {
		"reset", NULL, "[--halt]", "reset the chip and let it run",
		"--halt leaves it halted before its first instruction.\n",
		TAKES_HALT | TAKES_RESET_AFTER | TAKES_ST_FLASH, 0, 0, cmd_reset,
		"  stlink reset\n"
		"  stlink reset --halt\n",
	}, {
		"halt", NULL, "", "halt the core and leave it halted",
		"\"stlink run\" or \"stlink reset\" lets it go on.\n",
		0, 0, 0, cmd_halt,
		"  stlink halt\n",
	}, {
		"run", NULL, "", "let a halted core go on",
		"", 0, 0, 0, cmd_run,
		"  stlink run\n",
	}, {
		"status", NULL, "", "tell what the core does",
		"Prints running, sleeping, halted or lockup; disturbs nothing.\n",
		0, 0, 0, cmd_status,
		"  stlink status\n",
	}, {
		"md", NULL, "ADDR [COUNT]", "display memory or registers",
		"COUNT is in units of the width (64 bytes in all if not given).\n",
		TAKES_WIDTH, 1, 2, cmd_md,
		"  stlink md 0x20000000 16\n"
		"  stlink md --8 0x1ffff7ac 12\n",
	}, {
		"mw", NULL, "ADDR VALUE...", "write memory or registers",
		"Not for flash and option bytes.\n",
		TAKES_WIDTH, 2, -1, cmd_mw,
		"  stlink mw 0x48000018 0x10\n",
	}, {
		"option", NULL, "show | set NAME=VALUE... | load",
		"show or change the option bytes",
		"set says old and new, asks on a terminal (elsewhere it needs --yes), writes\n"
		"RDP first, reads back and loads them, which resets the chip. RDP=0|1,\n"
		"WDG_SW, nRST_STOP, nRST_STDBY, nBOOT1, VDDA_MONITOR, RAM_PARITY_CHECK=0|1 (as\n"
		"in ST's manual), DATA0, DATA1=BYTE, WRP=none|all|PAGES such as 0-3,8-11.\n"
		"load puts what is stored in force.\n",
		TAKES_NO_LOAD | TAKES_FORCE_MAKER, 1, -1, cmd_option,
		"  stlink option show\n"
		"  stlink option set WDG_SW=0 WRP=0-3\n",
	}, {
		"protect", NULL, "", "keep debuggers from reading the flash (RDP level 1)",
		"Asks on a terminal; elsewhere it needs --yes. \"unprotect\" takes it off again,\n"
		"and erases the flash by that. Level 2 has its own option, needs a person who\n"
		"types a confirmation, and can never be undone.\n",
		TAKES_NO_LOAD | TAKES_LEVEL_2 | TAKES_FORCE_MAKER, 0, 0, cmd_protect,
		"  stlink protect\n",
	}, {
		"unprotect", NULL, "", "take read and write protection off",
		"At read protection level 1 that erases the whole flash, so it asks on a\n"
		"terminal; elsewhere it needs --yes.\n",
		TAKES_FORCE_MAKER, 0, 0, cmd_unprotect,
		"  stlink unprotect\n",
	}, {
		"diagnose", NULL, "[--reset]", "tell why the board does not run",
		"Looks at supply, core, option bytes and flash while the target goes on with\n"
		"what it does, and says what it found, with the evidence: causes first, then\n"
		"suspicions and remarks. Only a board that doesn't answer otherwise is reset,\n"
		"to get hold of it. --reset restarts the board in any case, and stops it at\n"
		"its first fault for a moment. Exit status 9 if there are causes or\n"
		"suspicions.\n",
		TAKES_RESET, 0, 0, cmd_diagnose,
		"  stlink diagnose\n"
		"  stlink diagnose --reset\n",
	}, {
		"doctor", NULL, "", "check what this machine has for work with probes",
		"A line for each: kernel, driver, Secure Boot, udev rule, group, probes, who\n"
		"has them, their nodes and firmware, automatic programming. Below what isn't\n"
		"as it should be stands what to type. Nothing is changed, nothing is sent to a\n"
		"target. The exit status is 0 if there is no problem, else that of the first.\n",
		0, 0, 0, cmd_doctor,
		"  stlink doctor\n"
		"  stlink doctor --json\n",
	}, {
		"gdb", NULL, "[--port PORT | --pipe]",
		"serve gdb: load, break, watch, step, look",
		"In gdb-multiarch: \"target extended-remote :3333\", then load, break, watch,\n"
		"run and the rest as usual; \"monitor help\" lists commands of the server. The\n"
		"core is halted when gdb connects, and runs when it has gone, however it went.\n"
		"Only this machine can connect. One gdb at a time; other programs may look at\n"
		"the target meanwhile, but not change anything. Ctrl-C ends it.\n",
		TAKES_GDB, 0, 0, cmd_gdb,
		"  stlink gdb\n"
		"  stlink gdb --port 4242 --once\n"
		"  gdb-multiarch fw.elf -ex \"target extended-remote | stlink gdb --pipe\"\n",
	}, {
		"report", NULL, "FILE", "gather what a report of a problem should have",
		"One text with all there is to know of machine, driver, probe and target, and\n"
		"of some reads that disturb nothing; what can't be had is said with its reason.\n"
		"Numbers of probe and chip are shortened so that nobody is known by them, and\n"
		"no names, paths or contents of flash are in it. FILE appears, or is replaced,\n"
		"when it is complete; \"-\" is standard output. As root it has more.\n",
		0, 1, 1, cmd_report,
		"  stlink report report.txt\n"
		"  sudo stlink --usb-path 1-2 report report.txt\n",
	}, {
		"selftest", NULL, "[--halt] [--reset] [--page N]",
		"ask a real probe and chip what the simulator assumes",
		"This project was tested on a simulated probe and chip. What no manual says of\n"
		"the real ones is asked here, and compared with what the simulator takes for\n"
		"granted. Without options nothing is written and the target goes on. --page\n"
		"asks first, on a terminal; elsewhere it needs --yes. Exit status 9 if\n"
		"something differs: then the text is worth sending to the project.\n",
		TAKES_SELFTEST, 0, 0, cmd_selftest,
		"  stlink selftest\n"
		"  stlink selftest --reset --page 15\n",
	}, {
		"watch", NULL, "[--check] [--once]",
		"program boards as they come, without anybody typing",
		"Each probe is a station: the configuration says which image goes to boards\n"
		"at it, and what else is done. A line for each tells how it goes; every\n"
		"board gives a record in the journal, and in a file if asked for. With -d, -s\n"
		"or --usb-path for these probes alone. Ctrl-C ends it, exit status 0; with\n"
		"--once it is that of the first board that failed, or of a signal before all\n"
		"are done.\n",
		TAKES_WATCH, 0, 0, cmd_watch,
		"  stlink watch --check\n"
		"  stlink watch --config bench.conf --once\n",
	}, {
		"detach", NULL, "[--force]",
		"hand a probe to programs that use libusb",
		"Takes the driver off; the target is left running. Then st-flash, OpenOCD\n"
		"and their like can use the probe, until \"stlink attach\". Refused, with\n"
		"exit status 3, while another program works with the probe; with --force\n"
		"that program fails instead.\n",
		TAKES_FORCE, 0, 0, cmd_detach,
		"  stlink detach\n",
	}, {
		"attach", NULL, "", "take a probe back from such programs",
		"Waits until the probe has its node, and prints that. A detached probe is\n"
		"chosen by --serial or --usb-path, if it isn't the only one.\n",
		0, 0, 0, cmd_attach,
		"  stlink attach --usb-path 1-2.3\n",
	}, {
		"help", NULL, "[VERB]", "explain a verb",
		"", 0, 0, 1, cmd_help,
		"  stlink help program\n",
	}, {
		"version", NULL, "", "show the version of this program",
		"", 0, 0, 0, cmd_version,
		"  stlink version\n",
	},
	{ 0 }
};

/**
 * command_find() - look a verb up
 * @word: its name or an alias
 *
 * Return: the verb, or NULL.
 */
const struct command *command_find(const char *word)
{
	const struct command *c;
	int i;

	for (c = commands; c->name; c++) {
		if (!strcmp(c->name, word))
			return c;
		for (i = 0; c->alias && c->alias[i]; i++) {
			if (!strcmp(c->alias[i], word))
				return c;
		}
	}
	return NULL;
}

/* What was printed may still be refused: a full disk, a closed pipe. */
static int flush_stdout(int status)
{
	if ((!fflush(stdout) && !ferror(stdout)) || status)
		return status;
	fprintf(stderr, "stlink: standard output: %s\n", strerror(errno));
	return STL_FILE;
}

/*
 * A descriptor of a probe or a file in the place of standard error would get the
 * messages. What is opened here can't be used the way that place is used.
 */
static void hold_places(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
							       O_RDONLY);
	}
}

int main(int argc, char **argv)
{
	struct context ctx = { .fd = -1, .width = 4 };
	enum stl_code code;
	int status;

	hold_places();
	/* such writes shall fail with an error that is reported and cleaned up */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);

	ctx.out = json_object_new_object();
	code = args_parse(&ctx, argc, argv);
	progress_init(!ctx.quiet && !ctx.json);
	if (!code) {
		if (ctx.help)
			help_verb(ctx.cmd);
		else
			code = ctx.cmd->run(&ctx);
	}
	say_error(&ctx, code);
	status = code;
	if (code && ctx.err.errnum == EINTR && signal_caught())
		status = 128 + signal_caught();
	/* help is for reading, whatever else was asked for */
	if (!code && (ctx.help || ctx.cmd->run == cmd_help))
		ctx.json = false;
	json_finish(&ctx, status);
	return flush_stdout(status);
}
