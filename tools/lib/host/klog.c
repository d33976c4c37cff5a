// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel log, where it may be read.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "klog.h"

/* "6,339,5140900,-;text" and lines that begin with a blank, with details */
static void look(char *record, const char *const *texts, char *line,
		 size_t len)
{
	char *text, *next;
	size_t i;

	while ((next = strsep(&record, "\n"))) {
		text = strchr(next, ';');
		if (!text || *next == ' ')
			continue;
		text++;
		for (i = 0; texts[i]; i++) {
			if (strstr(text, texts[i]))
				snprintf(line, len, "%s", text);
		}
	}
}

bool stl_klog_last(const struct stl_host *h, const char *const *texts,
		   char *line, size_t len)
{
	char path[STL_HOST_PATH], record[8192];
	ssize_t got;
	int fd;

	line[0] = '\0';
	stl_host_path(h, path, "/dev/kmsg");
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* a record for each read(); EPIPE is for those that were overwritten */
	while ((got = read(fd, record, sizeof(record) - 1)) > 0 ||
	       (got < 0 && errno == EPIPE)) {
		record[got > 0 ? got : 0] = '\0';
		look(record, texts, line, len);
	}
	close(fd);
	return *line;
}
