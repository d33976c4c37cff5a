// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collecting what checks found.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* Where there is no memory for one more, what is noted is lost. */
static struct stl_check lost;

static struct stl_check *add(struct stl_checks *c, const char *name,
			     enum stl_verdict verdict, enum stl_code code,
			     const char *fmt, va_list ap)
{
	struct stl_check *k = reallocarray(c->list, c->num + 1, sizeof(*k));

	if (k) {
		c->list = k;
		k += c->num++;
	} else {
		k = &lost;
	}
	memset(k, 0, sizeof(*k));
	k->name = name;
	k->verdict = verdict;
	k->code = code;
	vsnprintf(k->text, sizeof(k->text), fmt, ap);
	stl_printable(k->text);
	return k;
}

struct stl_check *stl_good(struct stl_checks *c, const char *name,
			   const char *fmt, ...)
{
	struct stl_check *k;
	va_list ap;

	va_start(ap, fmt);
	k = add(c, name, STL_GOOD, STL_OK, fmt, ap);
	va_end(ap);
	return k;
}

struct stl_check *stl_odd(struct stl_checks *c, const char *name,
			  const char *fmt, ...)
{
	struct stl_check *k;
	va_list ap;

	va_start(ap, fmt);
	k = add(c, name, STL_ODD, STL_OK, fmt, ap);
	va_end(ap);
	return k;
}

struct stl_check *stl_bad(struct stl_checks *c, const char *name,
			  enum stl_code code, const char *fmt, ...)
{
	struct stl_check *k;
	va_list ap;

	va_start(ap, fmt);
	k = add(c, name, STL_BAD, code, fmt, ap);
	va_end(ap);
	return k;
}

void stl_todo(struct stl_check *k, const char *fmt, ...)
{
	size_t used = strlen(k->todo);
	va_list ap;

	if (used && used + 1 < sizeof(k->todo)) {
		k->todo[used++] = '\n';
		k->todo[used] = '\0';
	}
	va_start(ap, fmt);
	vsnprintf(k->todo + used, sizeof(k->todo) - used, fmt, ap);
	va_end(ap);
	stl_printable(k->todo + used);
}

void stl_checks_free(struct stl_checks *c)
{
	free(c->list);
	c->list = NULL;
	c->num = 0;
}

static void hint(const struct stl_check *k, struct stl_error *err)
{
	char todo[sizeof(k->todo)];
	char *rest = todo, *line;

	strcpy(todo, k->todo);
	while ((line = strsep(&rest, "\n"))) {
		if (*line)
			stl_hint(err, "%s", line);
	}
}

void stl_checks_hint(const struct stl_checks *c, struct stl_error *err)
{
	size_t i;

	for (i = 0; i < c->num; i++) {
		if (c->list[i].verdict == STL_GOOD)
			continue;
		stl_hint(err, "%s", c->list[i].text);
		hint(&c->list[i], err);
	}
}

void stl_checks_todo(const struct stl_checks *c, struct stl_error *err)
{
	size_t i;

	for (i = 0; i < c->num; i++)
		hint(&c->list[i], err);
}
