// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of a configuration. libinih takes key and value apart; it gets one
 * line at a time, since by itself it reports the first wrong line only, and no
 * numbers of the right ones.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf_priv.h"

/* ini.h: three less than its buffer; what is longer would be cut in two */
#define MAX_LINE	(INI_MAX_LINE - 3)

/**
 * struct reader - a file being read
 * @file: what it becomes
 * @section: the one that the line is in, or NULL
 * @line: number of the line
 */
struct reader {
	struct conf_file *file;
	struct conf_section *section;
	unsigned int line;
};

static const char *const kinds[] = {
	[AUTO_DEFAULT] = "default",
	[AUTO_ANY] = "any",
	[AUTO_SERIAL] = "serial",
	[AUTO_PATH] = "path",
};

static bool is_blank(char c)
{
	return isspace((unsigned char)c);
}

static char *trim(char *text)
{
	size_t len;

	while (is_blank(*text))
		text++;
	len = strlen(text);
	while (len && is_blank(text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

/* As in /sys/bus/usb/devices: bus, then ports. */
static bool is_usb_path(const char *text)
{
	const char *between = "-";

	for (;;) {
		size_t digits = strspn(text, "0123456789");

		if (!digits)
			return false;
		text += digits;
		if (!*text)
			return *between == '.';
		if (*text != *between)
			return false;
		between = ".";
		text++;
	}
}

static bool is_serial(const char *text)
{
	size_t i;

	for (i = 0; text[i]; i++) {
		if (!isgraph((unsigned char)text[i]))
			return false;
	}
	return i && i < STLINK_SERIAL_LEN;
}

/* Which kind of section this is; "" for @name if there is no name. */
static enum auto_section kind_of(struct reader *r, char *text, char **name)
{
	size_t len = strcspn(text, " \t");
	enum auto_section by;

	*name = trim(text + len);
	for (by = AUTO_DEFAULT; by < AUTO_VOID; by++) {
		if (strlen(kinds[by]) == len && !strncmp(kinds[by], text, len))
			break;
	}
	if (by == AUTO_VOID)
		auto_error(r->file->problems, r->line,
			   "there is no section [%s]: they are [default], [any], [serial NUMBER] and [path 1-2.3]",
			   text);
	else if (by <= AUTO_ANY && **name)
		auto_error(r->file->problems, r->line,
			   "section [%s] has no name: leave '%s' out",
			   kinds[by], *name);
	else if (by == AUTO_PATH && !is_usb_path(*name))
		auto_error(r->file->problems, r->line,
			   "'%s' is not a USB path such as 1-2 or 1-2.3: stlink list shows them",
			   *name);
	else if (by == AUTO_SERIAL && !is_serial(*name))
		auto_error(r->file->problems, r->line,
			   "'%s' is not the serial number of a probe: stlink list shows them",
			   *name);
	else
		return by;
	return AUTO_VOID;
}

static void begin_section(struct reader *r, char *text)
{
	struct conf_file *f = r->file;
	struct conf_section *s;
	enum auto_section by;
	char *name, *end;
	size_t i;

	end = strchr(text, ']');
	if (!end || *trim(end + 1)) {
		auto_error(f->problems, r->line, end ?
			   "after a section's ']' the line must end" :
			   "the ']' of the section is missing");
		by = AUTO_VOID;
		name = "";
	} else {
		*end = '\0';
		by = kind_of(r, trim(text + 1), &name);
	}
	for (i = 0; by != AUTO_VOID && i < f->num; i++) {
		if (f->section[i].by != by ||
		    strcasecmp(f->section[i].name, name))
			continue;
		auto_error(f->problems, r->line,
			   "section [%s%s%s] is there twice, first in line %u",
			   kinds[by], *name ? " " : "", name,
			   f->section[i].line);
		by = AUTO_VOID;
	}
	s = realloc(f->section, (f->num + 1) * sizeof(*s));
	name = strdup(name);
	if (s)
		f->section = s;
	if (!s || !name) {
		free(name);
		r->section = NULL;
		auto_error(f->problems, r->line, "out of memory");
		return;
	}
	r->section = &s[f->num++];
	*r->section = (struct conf_section){
		.by = by, .name = name, .line = r->line
	};
}

/* libinih: non-zero is good; what is wrong has been told by then */
static int handle(void *arg, const char *section, const char *name,
		  const char *text)
{
	struct reader *r = arg;
	struct auto_problems *problems = r->file->problems;
	struct conf_value *v;
	int key = conf_key_find(name);

	(void)section;
	if (key < 0) {
		auto_error(problems, r->line, "there is no key '%s'", name);
		return 1;
	}
	if (!r->section) {
		auto_error(problems, r->line,
			   "%s is in no section: put [default] before it",
			   name);
		return 1;
	}
	v = &r->section->value[key];
	if (v->text) {
		auto_error(problems, r->line,
			   "%s is in this section twice, first in line %u",
			   name, v->line);
		return 1;
	}
	v->line = r->line;
	v->text = strdup(text);
	if (!v->text)
		auto_error(problems, r->line, "out of memory");
	return 1;
}

/* libinih would take it for a comment and cut a command short */
static bool has_inline_comment(const char *text)
{
	const char *p;

	for (p = strchr(text, ';'); p; p = strchr(p + 1, ';')) {
		if (p > text && is_blank(p[-1]))
			return true;
	}
	return false;
}

static void one_line(struct reader *r, char *text, size_t len)
{
	struct auto_problems *problems = r->file->problems;

	if (r->line == 1 && !strncmp(text, "\xef\xbb\xbf", 3)) {
		text += 3;
		len -= 3;
	}
	if (strlen(text) != len) {
		auto_error(problems, r->line,
			   "the line has a zero byte: this is not a text file");
		return;
	}
	/* without blanks before it no line continues the one before */
	text = trim(text);
	if (!*text || *text == '#' || *text == ';')
		return;
	if (strlen(text) > MAX_LINE)
		auto_error(problems, r->line,
			   "the line is longer than %d characters: use a path relative to this file, or put a command into a script",
			   MAX_LINE);
	else if (*text == '[')
		begin_section(r, text);
	else if (has_inline_comment(text))
		auto_error(problems, r->line,
			   "a ';' after a blank would begin a comment: give comments lines of their own, and put such a command into a script");
	else if (ini_parse_string(text, handle, r))
		auto_error(problems, r->line,
			   "'%s' is neither [SECTION] nor KEY = VALUE", text);
}

/**
 * conf_file_read() - cut a configuration into sections
 * @in: file, open
 * @file: to fill, with @file->problems set
 */
void conf_file_read(FILE *in, struct conf_file *file)
{
	struct reader r = { .file = file };
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&text, &room, in)) >= 0) {
		r.line++;
		one_line(&r, text, len);
	}
	if (ferror(in))
		auto_error(file->problems, 0, "%s", strerror(errno));
	free(text);
}

/**
 * conf_file_free() - free what a file's sections hold
 * @file: file
 */
void conf_file_free(struct conf_file *file)
{
	size_t i, key;

	for (i = 0; i < file->num; i++) {
		free(file->section[i].name);
		for (key = 0; key < NUM_KEYS; key++)
			free(file->section[i].value[key].text);
	}
	free(file->section);
}
