// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the program itself knows of verbs, options, keys and option bytes, for the
 * checks of help, manual pages and completion. It is the program without its main():
 * the command line goes through its own parser, and no verb is run.
 *
 *   facts              lines: verb NAME OPERANDS, alias WORD VERB, option LONG
 *                      LETTER|- ARGUMENT(0|1), takes VERB LONG, key NAME WORD...,
 *                      byte NAME, accepts LONG WORD (one a line)
 *   facts parse ARG... what the parser says of this command line; its exit status
 */
#include "cmd/args.c"

#include <stdio.h>

#include "facts.h"

/* values that some option takes; each takes one of them */
static const char * const values[] = {
	"1", "crc", "read", "main", "bin", "hex", "srec", "elf", "auto", "normal",
	"under-reset", "hot-plug", "1800k", "0x08000000", "/dev/stlink0", "16k",
};

static enum stl_code parse(int argc, char **argv, struct stl_error *err)
{
	struct context ctx = { .fd = -1, .width = 4 };
	enum stl_code code;

	optind = 0;
	code = args_parse(&ctx, argc, argv);
	*err = ctx.err;
	return code;
}

/* Does the parser take it, whatever it takes behind it? */
static bool takes(const struct command *c, const struct option *o,
		  const char *value)
{
	char word[128], verb[64], operand[] = "0x08000000";
	char *argv[8] = { "stlink", verb, word };
	struct stl_error err;
	int argc = 3, i;

	snprintf(verb, sizeof(verb), "%s", c->name);
	snprintf(word, sizeof(word), "--%s%s%s", o->name, value ? "=" : "",
		 value ? value : "");
	for (i = 0; i < c->min; i++)
		argv[argc++] = operand;
	argv[argc] = NULL;
	return !parse(argc, argv, &err);
}

static bool takes_any(const struct command *c, const struct option *o)
{
	size_t i;

	if (o->has_arg == no_argument)
		return takes(c, o, NULL);
	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		if (takes(c, o, values[i]))
			return true;
	}
	return false;
}

static void tell_options(void)
{
	const struct command *c;
	const struct option *o;
	size_t i;

	for (o = longopts; o->name; o++) {
		printf("option --%s %c %d\n", o->name,
		       o->val < OPT_USB_PATH ? o->val : '-', o->has_arg);
		for (c = commands; c->name; c++) {
			if (takes_any(c, o))
				printf("takes %s --%s\n", c->name, o->name);
		}
		for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
			for (c = commands; o->has_arg && c->name; c++) {
				if (!takes(c, o, values[i]))
					continue;
				printf("accepts --%s %s\n", o->name, values[i]);
				break;
			}
		}
	}
}

/* of every part there is */
static void tell_option_bytes(void)
{
	struct stl_chip chip = { 0 };
	const char *name;
	size_t i, n;

	for (i = 0; (chip.part = stl_part_nth(i)); i++) {
		chip.dev_id = chip.part->dev_id;
		for (n = 0; (name = stl_option_field(&chip, n)); n++)
			printf("byte %s\n", name);
	}
}

int main(int argc, char **argv)
{
	const struct command *c;
	struct stl_error err;
	int code, i;

	if (argc > 1) {
		/* "parse" stands where the name of the program does */
		code = parse(argc - 1, argv + 1, &err);
		if (code)
			fprintf(stderr, "%s\n", err.message);
		return code;
	}
	for (c = commands; c->name; c++) {
		printf("verb %s%s%s\n", c->name, *c->args ? " " : "", c->args);
		for (i = 0; c->alias && c->alias[i]; i++)
			printf("alias %s %s\n", c->alias[i], c->name);
	}
	tell_options();
	tell_keys();
	tell_option_bytes();
	return 0;
}
