// SPDX-License-Identifier: GPL-2.0-only
/*
 * What modprobe and the kernel are told about the module: modprobe.d(5), and
 * kernel-parameters.rst.
 */
#include <string.h>

#include "module.h"
#include "sysfs.h"
#include "usb.h"

static const char *const dirs[] = {
	"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
	"/usr/lib/modprobe.d", "/lib/modprobe.d",
};

/* A file of that name in a folder before it is read instead. */
static bool replaced(const struct stl_host *h, size_t dir, const char *name)
{
	while (dir--) {
		if (stl_host_has(h, "%s/%s", dirs[dir], name))
			return true;
	}
	return false;
}

static bool does_nothing(const char *command)
{
	const char *name = strrchr(command, '/');

	name = name ? name + 1 : command;
	return !strcmp(name, "false") || !strcmp(name, "true") ||
	       !strcmp(name, ":");
}

static enum stl_ban line_says(char *line, bool *rule)
{
	const char *blanks = " \t\r\n";
	char *save, *word = strtok_r(line, blanks, &save);
	bool install = word && !strcmp(word, "install");

	if (!install && !(word && !strcmp(word, "blacklist")))
		return STL_BAN_NONE;
	word = strtok_r(NULL, blanks, &save);
	if (!word || strcmp(word, STL_DRIVER))
		return STL_BAN_NONE;
	if (!install)
		return STL_BAN_ALIAS;
	word = strtok_r(NULL, blanks, &save);
	if (word && does_nothing(word))
		return STL_BAN_INSTALL;
	*rule = true;
	return STL_BAN_NONE;
}

static void read_file(const struct stl_host *h, const char *dir,
		      const char *name, enum stl_ban *ban, char *where,
		      bool *rule)
{
	FILE *f = stl_host_open(h, "%s/%s", dir, name);
	enum stl_ban says;
	unsigned int num = 0;
	char line[1024];

	while (f && fgets(line, sizeof(line), f)) {
		num++;
		says = line_says(line, rule);
		if (says <= *ban)
			continue;
		*ban = says;
		snprintf(where, 128, "%s/%.80s:%u", dir, name, num);
	}
	if (f)
		fclose(f);
}

/* "key=a,stlink,b" among the words of the command line */
static bool in_list(const char *word, const char *key)
{
	size_t len = strlen(STL_DRIVER);

	if (strncmp(word, key, strlen(key)))
		return false;
	word += strlen(key);
	while (*word) {
		if (!strncmp(word, STL_DRIVER, len) &&
		    (word[len] == ',' || !word[len]))
			return true;
		word += strcspn(word, ",");
		word += *word == ',';
	}
	return false;
}

static enum stl_ban command_line(const struct stl_host *h)
{
	enum stl_ban ban = STL_BAN_NONE;
	char text[4096], *save, *word;

	stl_host_text(h, text, sizeof(text), "/proc/cmdline");
	for (word = strtok_r(text, " \n", &save); word;
	     word = strtok_r(NULL, " \n", &save)) {
		if (in_list(word, "module_blacklist="))
			return STL_BAN_KERNEL;
		if (in_list(word, "modprobe.blacklist="))
			ban = STL_BAN_ALIAS;
	}
	return ban;
}

enum stl_ban stl_module_ban(const struct stl_host *h, char *where, bool *rule)
{
	enum stl_ban ban = command_line(h);
	struct dirent **entries;
	size_t dir, num, i, len;
	bool loads = false;

	if (rule)
		*rule = false;
	snprintf(where, 128, "command line of the kernel");
	if (ban == STL_BAN_KERNEL)
		return ban;
	for (dir = 0; dir < sizeof(dirs) / sizeof(*dirs); dir++) {
		stl_host_list(h, &entries, &num, "%s", dirs[dir]);
		for (i = 0; i < num; i++) {
			const char *name = entries[i]->d_name;

			len = strlen(name);
			if (len > 5 && !strcmp(name + len - 5, ".conf") &&
			    !replaced(h, dir, name))
				read_file(h, dirs[dir], name, &ban, where,
					  &loads);
		}
		stl_sysfs_free(entries, num);
	}
	if (rule)
		*rule = loads;
	return ban;
}
