// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of pages, and of other things that are counted, as text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"

void stl_pages_text(const bool *set, uint32_t num, const char *between,
		    char *buf, size_t len)
{
	size_t used = 0;
	uint32_t i, start;

	buf[0] = '\0';
	for (i = 0; i < num; i++) {
		if (!set[i])
			continue;
		start = i;
		while (i + 1 < num && set[i + 1])
			i++;
		used += snprintf(buf + used, len - used, "%s%u",
				 used ? between : "", start);
		if (used < len && i > start)
			used += snprintf(buf + used, len - used, "-%u", i);
		if (used >= len)
			return;
	}
}

static bool number(const char **text, uint32_t num, uint32_t *value)
{
	unsigned long v;
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	v = strtoul(*text, &end, 10);
	if (v >= num)
		return false;
	*text = end;
	*value = v;
	return true;
}

bool stl_pages_parse(const char *text, uint32_t num, bool *set)
{
	uint32_t first, last;

	do {
		if (!number(&text, num, &first))
			return false;
		last = first;
		if (*text == '-') {
			text++;
			if (!number(&text, num, &last) || last < first)
				return false;
		}
		memset(set + first, true, (last - first + 1) * sizeof(*set));
	} while (*text++ == ',');
	return !text[-1];
}
