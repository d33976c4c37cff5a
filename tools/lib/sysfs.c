// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sysfs tells of a device, and whether udev knows it by now.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sysfs.h"

bool stl_sysfs_text(const char *dir, const char *attr, char *buf, size_t len)
{
	char path[PATH_MAX];
	ssize_t got = -1;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, attr);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, buf, len - 1);
		close(fd);
	}
	buf[got > 0 ? got : 0] = '\0';
	/* one only: a newline may be part of what is told */
	if (got > 0 && buf[got - 1] == '\n')
		buf[got - 1] = '\0';
	return got >= 0;
}

unsigned int stl_sysfs_number(const char *dir, const char *attr, int base)
{
	char text[32];

	return stl_sysfs_text(dir, attr, text, sizeof(text)) ?
		strtoul(text, NULL, base) : 0;
}

bool stl_sysfs_link(const char *dir, const char *link, char *buf, size_t len)
{
	char path[PATH_MAX], to[PATH_MAX];
	const char *name;
	ssize_t got;

	snprintf(path, sizeof(path), "%s/%s", dir, link);
	got = readlink(path, to, sizeof(to) - 1);
	to[got > 0 ? got : 0] = '\0';
	name = strrchr(to, '/');
	snprintf(buf, len, "%s", name ? name + 1 : to);
	return got > 0;
}

static int shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int stl_sysfs_list(const char *dir, struct dirent ***entries, size_t *num)
{
	int n = scandir(dir, entries, shown, by_name);
	int ret = n < 0 && errno != ENOENT ? -errno : 0;

	*num = n < 0 ? 0 : n;
	if (n < 0)
		*entries = NULL;
	return ret;
}

void stl_sysfs_free(struct dirent **entries, size_t num)
{
	while (num)
		free(entries[--num]);
	free(entries);
}

bool stl_udev_is_done(const char *node)
{
	char path[64];
	struct stat st;

	if (access("/run/udev/control", F_OK))
		return true;	/* nobody to wait for */
	if (stat(node, &st))
		return false;
	snprintf(path, sizeof(path), "/run/udev/data/c%u:%u",
		 major(st.st_rdev), minor(st.st_rdev));
	return !access(path, F_OK);
}
