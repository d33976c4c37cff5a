// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keys of a configuration: what each takes, and where it goes.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "conf_priv.h"

/**
 * struct word - a word that a key takes
 * @text: word, NULL for the end of a list
 * @value: what it stands for
 */
struct word {
	const char *text;
	unsigned int value;
};

static const struct word formats[] = {
	{ "auto", IMAGE_AUTO }, { "bin", IMAGE_BIN }, { "hex", IMAGE_HEX },
	{ "srec", IMAGE_SREC }, { "elf", IMAGE_ELF }, { NULL, 0 }
};

static const struct word protections[] = {
	{ "none", AUTO_PROTECT_NONE }, { "level1", AUTO_PROTECT_LEVEL_1 },
	{ NULL, 0 }
};

static const struct word verifies[] = {
	{ "crc", AUTO_VERIFY_CRC }, { "read", AUTO_VERIFY_READ },
	{ NULL, 0 }
};

static const struct word alreadies[] = {
	{ "skip", AUTO_ALREADY_SKIP }, { "program", AUTO_ALREADY_PROGRAM },
	{ NULL, 0 }
};

static const struct word silents[] = {
	{ "fail", AUTO_SILENT_FAIL }, { "pass", AUTO_SILENT_PASS }, { NULL, 0 }
};

static const struct word modes[] = {
	{ "auto", STL_MODE_AUTO }, { "normal", STL_MODE_NORMAL },
	{ "under-reset", STL_MODE_UNDER_RESET },
	{ "hot-plug", STL_MODE_HOT_PLUG }, { NULL, 0 }
};

static const struct word triggers[] = {
	{ "plug", AUTO_TRIGGER_PLUG }, { "target", AUTO_TRIGGER_TARGET },
	{ "both", AUTO_TRIGGER_PLUG | AUTO_TRIGGER_TARGET }, { NULL, 0 }
};

static const struct word serial_formats[] = {
	{ "le", AUTO_SERIAL_LE }, { "be", AUTO_SERIAL_BE },
	{ "decimal", AUTO_SERIAL_DECIMAL }, { "hex", AUTO_SERIAL_HEX },
	{ "hex-upper", AUTO_SERIAL_HEX_UPPER }, { NULL, 0 }
};

static const struct word log_formats[] = {
	{ "csv", AUTO_LOG_CSV }, { "json", AUTO_LOG_JSON }, { NULL, 0 }
};

static void set_word(struct conf_build *b, int key);
static void set_number(struct conf_build *b, int key);
static void set_address(struct conf_build *b, int key);
static void set_path(struct conf_build *b, int key);
static void set_clock(struct conf_build *b, int key);
static void set_part(struct conf_build *b, int key);
static void set_command(struct conf_build *b, int key);

#define AT(member)	offsetof(struct auto_rule, member)

/**
 * struct key - a key
 * @name: as it is written
 * @set: takes the value over into the rule, or says what is wrong with it
 * @at: where in the rule: unsigned int (set_word, set_number), uint32_t
 *	(set_address) or char * (set_path, set_command)
 * @words: what set_word() takes
 * @min: smallest number for set_number()
 * @max: largest one
 * @unit: its unit
 */
static const struct key {
	const char *name;
	void (*set)(struct conf_build *b, int key);
	size_t at;
	const struct word *words;
	uint32_t min;
	uint32_t max;
	const char *unit;
} keys[NUM_KEYS] = {
	[KEY_IMAGE] = { "image", set_path, AT(image) },
	[KEY_FORMAT] = { "format", set_word, AT(format), formats },
	[KEY_ADDRESS] = { "address", set_address, AT(address) },
	[KEY_PART] = { "part", set_part },
	[KEY_OPTIONS] = { "options", conf_options_set },
	[KEY_PROTECT] = { "protect", set_word, AT(protect), protections },
	[KEY_VERIFY] = { "verify", set_word, AT(verify), verifies },
	[KEY_ALREADY] = { "already", set_word, AT(already), alreadies },
	[KEY_SILENT] = { "silent", set_word, AT(silent), silents },
	[KEY_CLOCK] = { "clock", set_clock },
	[KEY_MODE] = { "mode", set_word, AT(mode), modes },
	[KEY_TRIGGER] = { "trigger", set_word, AT(trigger), triggers },
	[KEY_DEBOUNCE] = { "debounce", set_number, AT(debounce_ms), NULL,
			   0, 60000, "milliseconds" },
	[KEY_SERIAL_ADDRESS] = { "serial-address", set_address,
				 AT(serial.addr) },
	[KEY_SERIAL_WIDTH] = { "serial-width", set_number, AT(serial.width),
			       NULL, 1, AUTO_SERIAL_MAX, "bytes" },
	[KEY_SERIAL_FORMAT] = { "serial-format", set_word, AT(serial.format),
				serial_formats },
	[KEY_SERIAL_FILE] = { "serial-file", set_path, AT(serial.file) },
	[KEY_ON_SUCCESS] = { "on-success", set_command, AT(on_success) },
	[KEY_ON_FAILURE] = { "on-failure", set_command, AT(on_failure) },
	[KEY_HOOK_TIMEOUT] = { "hook-timeout", set_number, AT(hook_timeout_s),
			       NULL, 1, 3600, "seconds" },
	[KEY_LOG] = { "log", set_path, AT(log) },
	[KEY_LOG_FORMAT] = { "log-format", set_word, AT(log_format),
			     log_formats },
};

static void *member(struct conf_build *b, int key)
{
	return (char *)b->rule + keys[key].at;
}

/* Says that a value is wrong: "KEY takes WHAT, not 'VALUE'". */
static void wrong(struct conf_build *b, int key, const char *takes)
{
	auto_error(b->problems, b->value[key]->line, "%s takes %s, not '%s'",
		   keys[key].name, takes, b->value[key]->text);
	b->bad[key] = true;
}

static void set_word(struct conf_build *b, int key)
{
	const struct word *w;
	char takes[80] = "";

	for (w = keys[key].words; w->text; w++) {
		if (!strcmp(w->text, b->value[key]->text)) {
			*(unsigned int *)member(b, key) = w->value;
			return;
		}
		if (*takes)
			strcat(takes, w[1].text ? ", " : " or ");
		strcat(takes, w->text);
	}
	wrong(b, key, takes);
}

static void set_number(struct conf_build *b, int key)
{
	const char *text = b->value[key]->text;
	char takes[64];
	size_t digits = strspn(text, "0123456789");
	unsigned long number = strtoul(text, NULL, 10);

	if (digits && digits < 9 && !text[digits] && number >= keys[key].min &&
	    number <= keys[key].max) {
		*(unsigned int *)member(b, key) = number;
		return;
	}
	snprintf(takes, sizeof(takes), "%" PRIu32 " to %" PRIu32 " %s",
		 keys[key].min, keys[key].max, keys[key].unit);
	wrong(b, key, takes);
}

static void set_address(struct conf_build *b, int key)
{
	if (!parse_u32(b->value[key]->text, member(b, key)))
		wrong(b, key, "an address such as 0x08003ffc");
}

static void set_clock(struct conf_build *b, int key)
{
	if (!parse_khz(b->value[key]->text, &b->rule->clock_khz))
		wrong(b, key, "a frequency such as 1800k or 4M");
}

static void set_part(struct conf_build *b, int key)
{
	struct stl_chip part;

	if (!auto_part_find(b->value[key]->text, &part)) {
		wrong(b, key,
		      "a part such as STM32F030F4 or STM32F030x4, with the digit or letter of its flash size");
		return;
	}
	b->rule->has_part = true;
	b->rule->part = part;
	b->rule->part_name = strdup(b->value[key]->text);
	if (!b->rule->part_name)
		auto_error(b->problems, b->value[key]->line, "out of memory");
}

static void set_path(struct conf_build *b, int key)
{
	const char *text = b->value[key]->text;
	char **path = member(b, key);

	if (asprintf(path, "%s%s%s", *text == '/' ? "" : b->dir,
		     *text == '/' ? "" : "/", text) >= 0)
		return;
	*path = NULL;
	auto_error(b->problems, b->value[key]->line, "out of memory");
}

/*
 * It is for the shell, so that little can be known of it; but a program that is
 * named with its folder, and in plain characters, must be there.
 */
static void check_command(struct conf_build *b, int key)
{
	const char *text = b->value[key]->text;
	size_t len = strcspn(text, " \t");
	unsigned int line = b->value[key]->line;
	char *program;

	if (!memchr(text, '/', len) ||
	    strcspn(text, "\"'\\$`~*?[](){}<>|&=#") < len)
		return;
	if (*text != '/') {
		auto_error(b->problems, line,
			   "%s: write '%.*s' with its whole path, from / on",
			   keys[key].name, (int)len, text);
		return;
	}
	program = strndup(text, len);
	if (program && access(program, X_OK))
		auto_error(b->problems, line, "%s: %s: %s", keys[key].name,
			   program, errno == EACCES ?
			   "may not be executed" : strerror(errno));
	free(program);
}

static void set_command(struct conf_build *b, int key)
{
	char **command = member(b, key);

	check_command(b, key);
	*command = strdup(b->value[key]->text);
	if (!*command)
		auto_error(b->problems, b->value[key]->line, "out of memory");
}

/**
 * conf_key_find() - look a key up
 * @name: what is written before the '='
 *
 * Return: KEY_*, or -1.
 */
int conf_key_find(const char *name)
{
	int key;

	for (key = 0; key < NUM_KEYS; key++) {
		if (!strcmp(keys[key].name, name))
			return key;
	}
	return -1;
}

/**
 * conf_key_name() - what is written before the '='
 * @key: KEY_*
 */
const char *conf_key_name(int key)
{
	return keys[key].name;
}

/**
 * conf_key_set() - take a value over into the rule
 * @b: rule being made; b->value[key] is there and not empty
 * @key: KEY_*
 */
void conf_key_set(struct conf_build *b, int key)
{
	keys[key].set(b, key);
}

/**
 * conf_rule_defaults() - what is so where nobody says anything
 * @rule: rule, all zero
 */
void conf_rule_defaults(struct auto_rule *rule)
{
	rule->address = STL_FLASH_BASE;
	rule->trigger = AUTO_TRIGGER_PLUG | AUTO_TRIGGER_TARGET;
	rule->debounce_ms = 300;
	rule->hook_timeout_s = 10;
	auto_part_biggest(&rule->part);
}
