// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plan in words.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "pages.h"
#include "plan.h"

static void add(char *buf, size_t len, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void add(char *buf, size_t len, const char *fmt, ...)
{
	size_t used = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + used, len - used, fmt, ap);
	va_end(ap);
}

/* Pages with a property, as "page 4" or "pages 0-3, 8" */
static void add_pages(char *buf, size_t len, const bool *set, uint32_t num)
{
	char list[100];
	uint32_t i, n = 0;

	for (i = 0; i < num; i++)
		n += set[i];
	stl_pages_text(set, num, ", ", list, sizeof(list));
	add(buf, len, "page%s %s", n == 1 ? "" : "s", list);
}

void stl_plan_text(const struct stl_plan *plan, char *buf, size_t len)
{
	bool erase[STL_PAGES_MAX] = { false }, program[STL_PAGES_MAX] = { false };
	uint32_t i, same = 0, ms = stl_plan_us(plan) / 1000;

	*buf = '\0';
	for (i = 0; i < plan->num_pages && i < STL_PAGES_MAX; i++) {
		erase[i] = plan->pages[i].erase;
		program[i] = plan->pages[i].program;
		same += plan->pages[i].touched && !erase[i] && !program[i];
	}
	if (plan->mass_erase) {
		add(buf, len, "erase the whole flash at once");
	} else if (plan->erases) {
		add(buf, len, "erase ");
		add_pages(buf, len, erase, plan->num_pages);
	} else {
		add(buf, len, "erase nothing");
	}
	if (plan->programs) {
		add(buf, len, ", program %u bytes in ", 2 * plan->halfwords);
		add_pages(buf, len, program, plan->num_pages);
	} else {
		add(buf, len, ", program nothing");
	}
	if (same)
		add(buf, len, "; %u of %u pages are right already", same,
		    plan->touched);
	add(buf, len, "; %u.%03u s for the flash, some 0.1 s for the rest",
	    ms / 1000, ms % 1000);
}
