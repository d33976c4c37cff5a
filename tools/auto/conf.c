// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration: stations out of sections, the station for a probe.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "conf_priv.h"

static void set_keys(struct conf_build *b, const struct conf_section *own,
		     const struct conf_section *inherited)
{
	int key;

	conf_rule_defaults(b->rule);
	for (key = 0; key < NUM_KEYS; key++) {
		const struct conf_value *v = &own->value[key];

		b->own[key] = v->text;
		if (!v->text && inherited)
			v = &inherited->value[key];
		/* nothing behind the '=': as if nobody had said anything */
		if (!v->text || !*v->text)
			continue;
		b->value[key] = v;
		conf_key_set(b, key);
	}
}

static void free_rule(struct auto_rule *rule)
{
	image_free(&rule->content);
	free(rule->name);
	free(rule->title);
	free(rule->image);
	free(rule->part_name);
	free(rule->serial.file);
	free(rule->on_success);
	free(rule->on_failure);
	free(rule->log);
	free(rule->option_text);
}

/* What is wrong in a section by itself, also where no station inherits it. */
static void check_section(const struct conf_section *s, const char *dir,
			  struct auto_problems *problems)
{
	struct auto_rule rule = { 0 };
	struct conf_build b = {
		.rule = &rule, .dir = dir, .problems = problems
	};

	set_keys(&b, s, NULL);
	conf_options_check(&b);
	free_rule(&rule);
}

static void make_rule(struct auto_conf *conf, const struct conf_section *s,
		      const struct conf_section *inherited, const char *dir)
{
	struct auto_rule *rule = &conf->rule[conf->num++];
	struct conf_build b = {
		.rule = rule, .dir = dir, .problems = &conf->problems
	};

	*rule = (struct auto_rule){ .by = s->by, .line = s->line };
	rule->name = strdup(s->name);
	if (asprintf(&rule->title, "%s%s", s->by == AUTO_ANY ? "any" :
		     s->by == AUTO_PATH ? "path " : "serial ", s->name) < 0)
		rule->title = NULL;
	if (!rule->name || !rule->title) {
		auto_error(&conf->problems, s->line, "out of memory");
		return;
	}
	set_keys(&b, s, inherited);
	conf_rule_check(&b);
}

/* Two stations, one file, two forms: only one of them could be right. */
static void check_shared_logs(struct auto_conf *conf)
{
	const struct auto_rule *a, *b;

	for (a = conf->rule; a < conf->rule + conf->num; a++) {
		for (b = conf->rule; b < a; b++) {
			if (!a->log || !b->log || strcmp(a->log, b->log) ||
			    a->log_format == b->log_format)
				continue;
			auto_error(&conf->problems, a->line,
				   "station [%s] and station [%s] have one log, %s, but not the same log-format",
				   b->title, a->title, a->log);
		}
	}
}

static void make_rules(struct auto_conf *conf, const struct conf_file *file,
		       const char *dir)
{
	const struct conf_section *inherited = NULL;
	size_t i;

	conf->rule = calloc(file->num + 1, sizeof(*conf->rule));
	if (!conf->rule) {
		auto_error(&conf->problems, 0, "out of memory");
		return;
	}
	for (i = 0; i < file->num; i++) {
		if (file->section[i].by == AUTO_DEFAULT)
			inherited = &file->section[i];
	}
	for (i = 0; i < file->num; i++) {
		const struct conf_section *s = &file->section[i];

		if (s->by == AUTO_DEFAULT || s->by == AUTO_VOID)
			check_section(s, dir, &conf->problems);
		else
			make_rule(conf, s, inherited, dir);
	}
	check_shared_logs(conf);
	if (!conf->num)
		auto_error(&conf->problems, 0,
			   "there is no station: add a section [any], [serial NUMBER] or [path 1-2.3]");
}

/* Absolute, since nobody knows where the program will be by then. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	int len = slash ? slash - path : 0;
	char *cwd = NULL;
	char *dir;

	if (*path != '/') {
		cwd = getcwd(NULL, 0);
		if (!cwd)
			return NULL;
	}
	if (asprintf(&dir, "%s%s%.*s", cwd ? cwd : "", cwd && len ? "/" : "",
		     len, path) < 0)
		dir = NULL;
	free(cwd);
	return dir;
}

enum stl_code auto_conf_load(const char *path, struct auto_conf *conf)
{
	struct conf_file file = { .problems = &conf->problems };
	char *dir = folder_of(path);
	FILE *in = fopen(path, "re");

	*conf = (struct auto_conf){ .path = strdup(path) };
	if (!in || !dir || !conf->path) {
		auto_error(&conf->problems, 0, "%s",
			   strerror(in ? ENOMEM : errno));
	} else {
		conf_file_read(in, &file);
		/* where reading failed, what is missing says nothing */
		if (!ferror(in))
			make_rules(conf, &file, dir);
	}
	conf_file_free(&file);
	if (in)
		fclose(in);
	free(dir);
	auto_problems_sort(&conf->problems);
	return conf->problems.errors ? STL_FILE : STL_OK;
}

static bool is_for(const struct auto_rule *rule, const struct stl_probe *probe)
{
	switch (rule->by) {
	case AUTO_PATH:
		return !strcmp(rule->name, probe->usb_path);
	case AUTO_SERIAL:
		return !strcasecmp(rule->name, probe->serial);
	default:
		return true;
	}
}

const struct auto_rule *auto_conf_find(const struct auto_conf *conf,
				       const struct stl_probe *probe)
{
	const struct auto_rule *best = NULL;
	size_t i;

	for (i = 0; i < conf->num; i++) {
		if (is_for(&conf->rule[i], probe) &&
		    (!best || conf->rule[i].by > best->by))
			best = &conf->rule[i];
	}
	return best;
}

void auto_conf_free(struct auto_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->num; i++)
		free_rule(&conf->rule[i]);
	free(conf->rule);
	free(conf->path);
	auto_problems_free(&conf->problems);
	conf->rule = NULL;
	conf->path = NULL;
	conf->num = 0;
}
