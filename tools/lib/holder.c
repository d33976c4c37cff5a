// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which process has a device node open: what /proc tells.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "holder.h"

/*
 * By device number, since a node may have several names, or none any more; but
 * files elsewhere aren't asked, as one on a dead server would not answer.
 */
static bool is_device(DIR *dir, const char *name, dev_t rdev)
{
	char target[8] = "";
	struct stat st;

	return readlinkat(dirfd(dir), name, target, sizeof(target)) > 0 &&
	       !strncmp(target, "/dev/", 5) &&
	       !fstatat(dirfd(dir), name, &st, 0) &&
	       S_ISCHR(st.st_mode) && st.st_rdev == rdev;
}

static bool has_open(int pid, dev_t rdev)
{
	struct dirent *entry;
	bool found = false;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		found = is_device(dir, entry->d_name, rdev);
	closedir(dir);
	return found;
}

int stl_holder_pid(const char *node)
{
	struct dirent *entry;
	int pid, lowest = 0;
	struct stat st;
	DIR *proc;

	if (stat(node, &st) || !S_ISCHR(st.st_mode))
		return 0;
	proc = opendir("/proc");
	if (!proc)
		return 0;
	while ((entry = readdir(proc))) {
		pid = atoi(entry->d_name);
		if (pid > 0 && pid != getpid() && (!lowest || pid < lowest) &&
		    has_open(pid, st.st_rdev))
			lowest = pid;
	}
	closedir(proc);
	return lowest;
}

void stl_holder_name(int pid, char *buf, size_t len)
{
	char path[64], name[64] = "";
	FILE *f;

	if (pid <= 0) {
		snprintf(buf, len, "another program");
		return;
	}
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	f = fopen(path, "re");
	if (f) {
		if (!fgets(name, sizeof(name), f))
			name[0] = '\0';
		fclose(f);
		name[strcspn(name, "\n")] = '\0';
	}
	snprintf(buf, len, "%s (PID %d)", name[0] ? name : "another program",
		 pid);
}

int stl_holder_usb(unsigned int busnum, unsigned int devnum, char *buf,
		   size_t len)
{
	char node[64];
	int pid;

	snprintf(node, sizeof(node), "/dev/bus/usb/%03u/%03u", busnum, devnum);
	pid = stl_holder_pid(node);
	stl_holder_name(pid, buf, len);
	return pid;
}
