// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last exchanges, by the driver's tracepoints.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace.h"

#define LAST	160u

static int write_text(const char *dir, const char *file, const char *text)
{
	char path[256];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static void undo(struct report_trace *t)
{
	write_text(t->dir, "events/stlink/enable", "0");
	rmdir(t->dir);
	t->dir[0] = '\0';
}

void report_trace_begin(struct report_trace *t, const char *root)
{
	static const char * const places[] = {
		"/sys/kernel/tracing", "/sys/kernel/debug/tracing",
	};
	char instances[96], pid[16];
	int ret = -ENOENT;
	size_t i;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < 2; i++) {
		snprintf(instances, sizeof(instances), "%s%s/instances", root,
			 places[i]);
		snprintf(t->dir, sizeof(t->dir), "%s/stlink-report-%d",
			 instances, (int)getpid());
		if (!mkdir(t->dir, 0700))
			break;
		if (errno != ENOENT)
			ret = -errno;
	}
	if (i == 2) {
		t->dir[0] = '\0';
		if (ret == -EACCES || ret == -EPERM)
			snprintf(t->why, sizeof(t->why),
				 "tracing is for root; sudo stlink report FILE has it");
		else if (ret == -ENOENT)
			snprintf(t->why, sizeof(t->why),
				 "tracefs is not mounted, or not for who asks; as root: mount -t tracefs tracefs /sys/kernel/tracing");
		else
			snprintf(t->why, sizeof(t->why), "tracefs: %s",
				 strerror(-ret));
		return;
	}
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	ret = write_text(t->dir, "set_event_pid", pid);
	if (!ret)
		ret = write_text(t->dir, "events/stlink/enable", "1");
	if (!ret)
		return;
	if (ret == -ENOENT)
		snprintf(t->why, sizeof(t->why),
			 "the driver isn't loaded, or has no tracepoints");
	else
		snprintf(t->why, sizeof(t->why), "events/stlink: %s",
			 strerror(-ret));
	undo(t);
}

void report_trace_end(struct report_trace *t, struct report *r)
{
	static char lines[LAST][256];
	size_t num = 0, i;
	char path[160];
	FILE *f;

	report_section(r, "Last exchanges");
	if (!*t->dir) {
		report_lack(r, "trace", "%s", t->why);
		return;
	}
	write_text(t->dir, "events/stlink/enable", "0");
	snprintf(path, sizeof(path), "%s/trace", t->dir);
	f = fopen(path, "re");
	while (f && fgets(lines[num % LAST], sizeof(lines[0]), f)) {
		lines[num % LAST][strcspn(lines[num % LAST], "\n")] = '\0';
		if (lines[num % LAST][0] != '#')
			num++;
	}
	if (!f)
		report_lack(r, "trace", "%s", strerror(errno));
	else
		fclose(f);
	if (f && !num)
		report_lack(r, "trace", "nothing was sent to a probe");
	for (i = num > LAST ? num - LAST : 0; i < num; i++)
		report_line(r, "", "%s", lines[i % LAST] +
			    strspn(lines[i % LAST], " "));
	undo(t);
}
