// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key "options": option bytes by name, before there is a chip.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf_priv.h"
#include "option_field.h"

static size_t name_len(const char *option)
{
	return strcspn(option, "=");
}

static bool twice(const struct auto_rule *rule, const char *option)
{
	size_t i, len = name_len(option);

	for (i = 0; i < rule->num_options; i++) {
		if (name_len(rule->options[i]) == len &&
		    !strncasecmp(rule->options[i], option, len))
			return true;
	}
	return false;
}

/**
 * conf_options_set() - take apart "NAME=VALUE NAME=VALUE ..."
 * @b: rule being made
 * @key: KEY_OPTIONS
 */
void conf_options_set(struct conf_build *b, int key)
{
	struct auto_rule *rule = b->rule;
	unsigned int line = b->value[key]->line;
	char *rest, *option;

	rule->option_text = strdup(b->value[key]->text);
	if (!rule->option_text) {
		auto_error(b->problems, line, "out of memory");
		return;
	}
	rest = rule->option_text;
	while ((option = strsep(&rest, " \t"))) {
		if (!*option)
			continue;
		if (twice(rule, option)) {
			auto_error(b->problems, line,
				   "options: %.*s is there twice",
				   (int)name_len(option), option);
		} else if (name_len(option) == 3 &&
			   !strncasecmp(option, "RDP", 3)) {
			auto_error(b->problems, line,
				   "options: RDP is set by 'protect = level1', after everything else");
		} else if (rule->num_options == AUTO_OPTIONS_MAX) {
			auto_error(b->problems, line,
				   "options: there are more than the chip has, at '%s'",
				   option);
			return;
		} else {
			rule->options[rule->num_options++] = option;
		}
	}
}

/* Does any die take it? That is all that is known without a part. */
static int any_takes(const char *option, struct stl_error *err)
{
	struct stl_option_bytes b = { 0 };
	struct stl_chip chip;
	size_t n;

	for (n = 0; auto_part_nth(n, &chip); n++) {
		if (!stl_option_set(&chip, &b, option, NULL))
			return STL_OK;
	}
	/* the one that takes most says best what is wrong */
	auto_part_biggest(&chip);
	return stl_option_set(&chip, &b, option, err);
}

/**
 * conf_options_check() - would the part take them?
 * @b: rule being made, with its part if it has one
 */
void conf_options_check(struct conf_build *b)
{
	struct stl_option_bytes bytes = { 0 };
	struct stl_error err;
	size_t i;
	int ret;

	for (i = 0; i < b->rule->num_options; i++) {
		if (b->rule->has_part)
			ret = stl_option_set(&b->rule->part, &bytes,
					     b->rule->options[i], &err);
		else
			ret = any_takes(b->rule->options[i], &err);
		if (ret)
			auto_error(b->problems, b->value[KEY_OPTIONS]->line,
				   "options: %s", err.message);
	}
}
