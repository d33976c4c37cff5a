// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading udev's rules, as far as it matters who opens an ST-Link to everybody.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rules.h"
#include "sysfs.h"

/* The order in which udev looks: of two with one name the first one counts */
static const char *const dirs[] = {
	"/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
	"/usr/lib/udev/rules.d", "/lib/udev/rules.d",
};

#define NUM_DIRS	(sizeof(dirs) / sizeof(*dirs))

bool stl_rule_find(const struct stl_host *h, bool *masked, char *path)
{
	char file[STL_HOST_PATH];
	struct stat st;
	size_t i;

	*masked = false;
	for (i = 0; i < NUM_DIRS; i++) {
		stl_host_path(h, file, "%s/" STL_RULE, dirs[i]);
		if (stat(file, &st))
			continue;
		snprintf(path, 128, "%s/" STL_RULE, dirs[i]);
		*masked = !S_ISREG(st.st_mode) || !st.st_size;
		return true;
	}
	return false;
}

static bool names_probe(const char *line)
{
	static const char *const products[] = { "3748", "374b", "3752", "374?" };
	size_t i;

	if (!strstr(line, "0483"))
		return false;
	for (i = 0; i < sizeof(products) / sizeof(*products); i++) {
		if (strcasestr(line, products[i]))
			return true;
	}
	return false;
}

/* MODE="0666", or with := so that nobody changes it afterwards */
static bool opens(const char *line, bool *final)
{
	const char *mode = strstr(line, "MODE");
	char *end;
	unsigned long bits;

	if (!mode)
		return false;
	mode += strlen("MODE");
	mode += strspn(mode, " \t");
	*final = *mode == ':';
	mode += strspn(mode, " \t:=\"");
	bits = strtoul(mode, &end, 8);
	return end != mode && bits & S_IWOTH;
}

/* Does a rule, which may go on over several lines, open a probe? */
static bool reads_open(const struct stl_host *h, const char *dir,
		       const char *name, bool *final)
{
	FILE *f = stl_host_open(h, "%s/%s", dir, name);
	char rule[2048] = "";
	size_t used = 0, len;
	bool found = false;

	while (f && !found && fgets(rule + used, sizeof(rule) - used, f)) {
		len = strcspn(rule, "\n");
		if (rule[0] == '#') {
			used = 0;
		} else if (len && rule[len - 1] == '\\' &&
			   len < sizeof(rule) - 2) {
			used = len - 1;
		} else {
			found = names_probe(rule) && opens(rule, final);
			used = 0;
		}
	}
	if (f)
		fclose(f);
	return found;
}

static bool replaced(const struct stl_host *h, size_t dir, const char *name)
{
	while (dir--) {
		if (stl_host_has(h, "%s/%s", dirs[dir], name))
			return true;
	}
	return false;
}

bool stl_rule_open(const struct stl_host *h, bool *wins, char *path)
{
	struct dirent **entries;
	bool found = false, final;
	size_t dir, num, i;

	*wins = false;
	for (dir = 0; dir < NUM_DIRS; dir++) {
		stl_host_list(h, &entries, &num, "%s", dirs[dir]);
		for (i = 0; i < num && !*wins; i++) {
			const char *name = entries[i]->d_name;
			size_t len = strlen(name);

			if (len < 6 || strcmp(name + len - 6, ".rules") ||
			    !strcmp(name, STL_RULE) ||
			    replaced(h, dir, name) ||
			    !reads_open(h, dirs[dir], name, &final))
				continue;
			/* both with := and first come, else ours changes it */
			*wins = final && strcmp(name, STL_RULE) < 0;
			if (!found || *wins)
				snprintf(path, 128, "%s/%.80s", dirs[dir], name);
			found = true;
		}
		stl_sysfs_free(entries, num);
	}
	return found;
}
