// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of a machine, and the groups of who asks.
 */
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host.h"
#include "sysfs.h"

/* By the file: not getpwuid(), for the reason that there is for groups */
static void user_name(struct stl_host *h)
{
	const struct passwd *user;
	FILE *f = stl_host_open(h, "/etc/passwd");

	while (f && (user = fgetpwent(f))) {
		if (user->pw_uid != h->uid)
			continue;
		snprintf(h->user, sizeof(h->user), "%s", user->pw_name);
		break;
	}
	if (f)
		fclose(f);
}

void stl_host_this(struct stl_host *h, const char *version)
{
	struct utsname name;
	int num;

	memset(h, 0, sizeof(*h));
	h->root = "";
	h->version = version;
	if (!uname(&name))
		snprintf(h->release, sizeof(h->release), "%s", name.release);
	h->uid = geteuid();
	user_name(h);
	num = getgroups(STL_HOST_GROUPS - 1, h->groups);
	h->num_groups = num > 0 ? num : 0;
	h->groups[h->num_groups++] = getegid();
}

static void join(const struct stl_host *h, char buf[STL_HOST_PATH],
		 const char *fmt, va_list ap)
{
	int used = snprintf(buf, STL_HOST_PATH, "%s", h->root);

	if (used < STL_HOST_PATH)
		used += vsnprintf(buf + used, STL_HOST_PATH - used, fmt, ap);
	if (used >= STL_HOST_PATH)
		buf[0] = '\0';
}

void stl_host_path(const struct stl_host *h, char buf[STL_HOST_PATH],
		   const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	join(h, buf, fmt, ap);
	va_end(ap);
}

bool stl_host_has(const struct stl_host *h, const char *fmt, ...)
{
	char path[STL_HOST_PATH];
	va_list ap;

	va_start(ap, fmt);
	join(h, path, fmt, ap);
	va_end(ap);
	return !access(path, F_OK);
}

bool stl_host_text(const struct stl_host *h, char *buf, size_t len,
		   const char *fmt, ...)
{
	char path[STL_HOST_PATH];
	va_list ap;

	va_start(ap, fmt);
	join(h, path, fmt, ap);
	va_end(ap);
	memset(buf, 0, len);
	/* of an absolute path the folder is "" */
	return *path == '/' && stl_sysfs_text("", path + 1, buf, len);
}

FILE *stl_host_open(const struct stl_host *h, const char *fmt, ...)
{
	char path[STL_HOST_PATH];
	va_list ap;

	va_start(ap, fmt);
	join(h, path, fmt, ap);
	va_end(ap);
	return fopen(path, "re");
}

void stl_host_list(const struct stl_host *h, struct dirent ***entries,
		   size_t *num, const char *fmt, ...)
{
	char path[STL_HOST_PATH];
	va_list ap;

	va_start(ap, fmt);
	join(h, path, fmt, ap);
	va_end(ap);
	stl_sysfs_list(path, entries, num);
}

/* The group of the account itself stands in /etc/passwd alone. */
static bool primary(const struct stl_host *h, gid_t gid)
{
	const struct passwd *user;
	FILE *f = stl_host_open(h, "/etc/passwd");
	bool found = false;

	while (f && !found && (user = fgetpwent(f)))
		found = user->pw_uid == h->uid && user->pw_gid == gid;
	if (f)
		fclose(f);
	return found;
}

bool stl_host_group(const struct stl_host *h, gid_t *gid, char *name,
		    bool *member)
{
	FILE *f = stl_host_open(h, "/etc/group");
	const struct group *group;
	bool found = false;
	char **who;

	if (member)
		*member = false;
	while (f && !found && (group = fgetgrent(f))) {
		found = *name ? !strcmp(group->gr_name, name) :
				group->gr_gid == *gid;
		if (!found)
			continue;
		*gid = group->gr_gid;
		if (!*name)
			snprintf(name, 64, "%s", group->gr_name);
		for (who = group->gr_mem; member && *who; who++)
			*member |= !strcmp(*who, h->user);
		if (member)
			*member |= primary(h, group->gr_gid);
	}
	if (f)
		fclose(f);
	return found;
}

bool stl_host_in_group(const struct stl_host *h, gid_t gid)
{
	size_t i;

	for (i = 0; i < h->num_groups; i++) {
		if (h->groups[i] == gid)
			return true;
	}
	return false;
}
