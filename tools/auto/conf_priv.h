/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From lines to sections, from sections to stations.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_CONF_PRIV_H
#define STLINK_AUTO_CONF_PRIV_H

#include "conf.h"

/* keys, as in the table of conf_key.c */
enum {
	KEY_IMAGE, KEY_FORMAT, KEY_ADDRESS, KEY_PART, KEY_OPTIONS, KEY_PROTECT,
	KEY_VERIFY, KEY_ALREADY, KEY_SILENT, KEY_CLOCK, KEY_MODE, KEY_TRIGGER,
	KEY_DEBOUNCE,
	KEY_SERIAL_ADDRESS, KEY_SERIAL_WIDTH, KEY_SERIAL_FORMAT,
	KEY_SERIAL_FILE, KEY_ON_SUCCESS, KEY_ON_FAILURE, KEY_HOOK_TIMEOUT,
	KEY_LOG, KEY_LOG_FORMAT,
	NUM_KEYS
};

/**
 * struct conf_value - what is behind a key
 * @text: value, maybe ""; NULL if the key isn't there
 * @line: where
 */
struct conf_value {
	char *text;
	unsigned int line;
};

/**
 * struct conf_section - a section of the file
 * @by: kind
 * @name: serial number, USB path, or ""
 * @line: where it begins
 * @value: one for each key
 */
struct conf_section {
	enum auto_section by;
	char *name;
	unsigned int line;
	struct conf_value value[NUM_KEYS];
};

/**
 * struct conf_file - a file in sections
 * @section: sections, also wrong ones (AUTO_VOID)
 * @num: how many
 * @problems: what is wrong
 */
struct conf_file {
	struct conf_section *section;
	size_t num;
	struct auto_problems *problems;
};

/**
 * struct conf_build - a station that is being made
 * @rule: station
 * @dir: folder of the configuration
 * @problems: what is wrong
 * @value: of each key, its own or inherited; NULL if there is none
 * @own: whether it is its own
 * @bad: whether an error was told of it, so that no other follows from that
 */
struct conf_build {
	struct auto_rule *rule;
	const char *dir;
	struct auto_problems *problems;
	const struct conf_value *value[NUM_KEYS];
	bool own[NUM_KEYS];
	bool bad[NUM_KEYS];
};

/* conf_file.c */
void conf_file_read(FILE *in, struct conf_file *file);
void conf_file_free(struct conf_file *file);

/* conf_key.c */
int conf_key_find(const char *name);
const char *conf_key_name(int key);
void conf_key_set(struct conf_build *b, int key);
void conf_rule_defaults(struct auto_rule *rule);

/* conf_options.c */
void conf_options_set(struct conf_build *b, int key);
void conf_options_check(struct conf_build *b);

/* conf_rule.c */
void conf_rule_check(struct conf_build *b);

#endif /* STLINK_AUTO_CONF_PRIV_H */
