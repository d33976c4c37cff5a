// SPDX-License-Identifier: GPL-2.0-only
/* See fault_filter.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "fault_filter.h"

#define DIR	"/sys/kernel/debug/failslab/"

static struct function {
	unsigned long start;
	char name[64];
} functions[1024];

static unsigned int number;	/* the last one is only an end */

static int by_address(const void *a, const void *b)
{
	const struct function *f = a, *g = b;

	return f->start < g->start ? -1 : f->start > g->start;
}

/** filter_find() - where the functions of the module are now */
bool filter_find(void)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	struct function f;
	char line[256], type;

	number = 0;
	while (file && fgets(line, sizeof(line), file)) {
		if (!strstr(line, "\t[stlink]") ||
		    sscanf(line, "%lx %c %63s", &f.start, &type, f.name) != 3 ||
		    (type != 't' && type != 'T') || number == 1023)
			continue;
		functions[number++] = f;
	}
	if (file)
		fclose(file);
	qsort(functions, number, sizeof(*functions), by_address);
	if (number)
		functions[number].start = functions[number - 1].start + 4096;
	return number;
}

/** filter_address() - of a function of the module, 0 for none of that name */
unsigned long filter_address(const char *name)
{
	unsigned int i;

	for (i = 0; i < number; i++)
		if (!strcmp(functions[i].name, name))
			return functions[i].start;
	return 0;
}

static void knob(const char *name, unsigned long value)
{
	char path[128], text[32];
	int ret;

	snprintf(path, sizeof(path), DIR "%s", name);
	snprintf(text, sizeof(text), "%lu", value);
	ret = sysfs_write(path, text);
	if (ret) {
		fprintf(stderr, "%s: %s\n", path, strerrorname_np(-ret));
		exit(2);
	}
}

static void on(unsigned long start, unsigned long end, const char *times)
{
	filter_off();
	knob("require-start", start);
	knob("require-end", end);
	knob("stacktrace-depth", 32);
	sysfs_write(DIR "times", times);
	knob("probability", 100);
}

/** filter_all() - until further notice nobody in the module gets any memory */
void filter_all(void)
{
	on(functions[0].start, functions[number].start, "-1");
}

/** filter_first_at() - the next allocation in a call that returns there */
void filter_first_at(unsigned long address)
{
	on(address, address + 1, "1");
}

/** filter_off() - memory for everybody */
void filter_off(void)
{
	knob("probability", 0);
}
