// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that is wrong with a configuration.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "problem.h"

/* Two stations that inherit the same mistake make it one. */
static bool known(const struct auto_problems *p, unsigned int line,
		  const char *text)
{
	size_t i;

	for (i = 0; i < p->num; i++) {
		if (p->list[i].line == line && !strcmp(p->list[i].text, text))
			return true;
	}
	return false;
}

static void add(struct auto_problems *p, unsigned int line, bool warning,
		const char *fmt, va_list ap)
{
	struct auto_problem *list = NULL;
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	if (text)
		stl_printable(text);
	if (text && known(p, line, text)) {
		free(text);
		return;
	}
	if (text)
		list = realloc(p->list, (p->num + 1) * sizeof(*list));
	/* what can't be told must still keep everything from being programmed */
	if (!warning || !list)
		p->errors++;
	if (!list) {
		free(text);
		return;
	}
	p->list = list;
	list[p->num++] = (struct auto_problem){
		.line = line, .warning = warning, .text = text
	};
}

void auto_error(struct auto_problems *p, unsigned int line,
		const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(p, line, false, fmt, ap);
	va_end(ap);
}

void auto_warning(struct auto_problems *p, unsigned int line,
		  const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(p, line, true, fmt, ap);
	va_end(ap);
}

void auto_problems_sort(struct auto_problems *p)
{
	struct auto_problem moved;
	size_t i, j;

	/* by insertion, which keeps the order of those with one line */
	for (i = 1; i < p->num; i++) {
		moved = p->list[i];
		for (j = i; j && p->list[j - 1].line > moved.line; j--)
			p->list[j] = p->list[j - 1];
		p->list[j] = moved;
	}
}

void auto_problems_print(const struct auto_problems *p, const char *file,
			 FILE *out)
{
	size_t i;

	for (i = 0; i < p->num; i++) {
		fputs(file, out);
		if (p->list[i].line)
			fprintf(out, ":%u", p->list[i].line);
		fprintf(out, ": %s%s\n", p->list[i].warning ? "warning: " : "",
			p->list[i].text);
	}
	if (p->errors && !p->num)
		fprintf(out, "%s: out of memory\n", file);
}

void auto_problems_free(struct auto_problems *p)
{
	size_t i;

	for (i = 0; i < p->num; i++)
		free(p->list[i].text);
	free(p->list);
	*p = (struct auto_problems){ 0 };
}
