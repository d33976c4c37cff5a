// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the kernel module is.
 */
#include <string.h>

#include "module.h"
#include "sysfs.h"
#include "usb.h"

/* As kmod has them; of packed ones no more is known than that they are there */
static bool is_module(const char *name)
{
	static const char *const ends[] = { "", ".gz", ".xz", ".zst" };
	size_t i;

	if (strncmp(name, STL_DRIVER ".ko", strlen(STL_DRIVER ".ko")))
		return false;
	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		if (!strcmp(name + strlen(STL_DRIVER ".ko"), ends[i]))
			return true;
	}
	return false;
}

/* @dir: below /lib/modules. Folders below it, but not many of them */
static bool search(const struct stl_host *h, const char *dir, int depth,
		   char *file)
{
	char below[STL_HOST_PATH];
	struct dirent **entries;
	bool found = false;
	size_t num, i;

	stl_host_list(h, &entries, &num, "/lib/modules/%s", dir);
	for (i = 0; i < num && !found; i++) {
		const char *name = entries[i]->d_name;

		if (snprintf(below, sizeof(below), "%s/%s", dir, name) >=
		    (int)sizeof(below))
			continue;
		if (is_module(name)) {
			stl_host_path(h, file, "/lib/modules/%s", below);
			found = true;
		} else if (entries[i]->d_type != DT_REG && depth) {
			found = search(h, below, depth - 1, file);
		}
	}
	stl_sysfs_free(entries, num);
	return found;
}

/* Where modules are put that don't come with the kernel, and where this would be */
static bool find(const struct stl_host *h, const char *release, char *file)
{
	static const char *const dirs[] = {
		"updates", "extra", "weak-updates", "misc",
		"kernel/drivers/usb/misc",
	};
	char dir[STL_HOST_PATH];
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		snprintf(dir, sizeof(dir), "%s/%s", release, dirs[i]);
		if (search(h, dir, 3, file))
			return true;
	}
	file[0] = '\0';
	return false;
}

static bool is_listed(const struct stl_host *h)
{
	FILE *f = stl_host_open(h, "/lib/modules/%s/modules.dep", h->release);
	bool found = false;
	char line[4096];
	char *name;

	while (f && !found && fgets(line, sizeof(line), f)) {
		line[strcspn(line, ":\n")] = '\0';
		name = strrchr(line, '/');
		found = is_module(name ? name + 1 : line);
	}
	if (f)
		fclose(f);
	return found;
}

static void find_other(const struct stl_host *h, struct stl_module *m)
{
	struct dirent **entries;
	char file[STL_HOST_PATH];
	size_t num, i;

	stl_host_list(h, &entries, &num, "/lib/modules");
	for (i = 0; i < num; i++) {
		/* the last one found is as a rule the newest */
		if (strcmp(entries[i]->d_name, h->release) &&
		    find(h, entries[i]->d_name, file))
			snprintf(m->other, sizeof(m->other), "%.79s",
				 entries[i]->d_name);
	}
	stl_sysfs_free(entries, num);
}

static bool has_dkms(const struct stl_host *h)
{
	struct dirent **entries;
	bool found = false;
	size_t num, i;

	stl_host_list(h, &entries, &num, "/usr/src");
	for (i = 0; i < num && !found; i++)
		found = !strncmp(entries[i]->d_name, STL_DRIVER "-",
				 strlen(STL_DRIVER "-")) &&
			stl_host_has(h, "/usr/src/%s/dkms.conf",
				     entries[i]->d_name);
	stl_sysfs_free(entries, num);
	return found;
}

void stl_module_look(const struct stl_host *h, struct stl_module *m)
{
	char where[128];

	memset(m, 0, sizeof(*m));
	m->loaded = stl_host_has(h, "/sys/bus/usb/drivers/" STL_DRIVER) ||
		    stl_host_has(h, "/sys/module/" STL_DRIVER);
	stl_host_text(h, m->version, sizeof(m->version),
		      "/sys/module/" STL_DRIVER "/version");
	stl_host_text(h, m->srcversion, sizeof(m->srcversion),
		      "/sys/module/" STL_DRIVER "/srcversion");
	m->no_folder = !stl_host_has(h, "/lib/modules/%s", h->release);
	stl_module_ban(h, where, &m->rule);
	m->dkms = has_dkms(h);
	if (find(h, h->release, m->file)) {
		m->listed = is_listed(h);
		stl_module_info(m->file, m);
	} else {
		find_other(h, m);
	}
}
