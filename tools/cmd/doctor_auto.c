// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink doctor: automatic programming, its configuration and its service.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auto/conf.h"
#include "doctor.h"
#include "sysfs.h"

#define NAME	"autoprogram"
#define UNIT	"stlink-autoprogram@"

/* Where systemd looks for units, the first one counts */
static bool find_unit(const struct stl_host *h, char *path, bool *masked)
{
	static const char * const dirs[] = {
		"/etc/systemd/system", "/run/systemd/system",
		"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
		"/lib/systemd/system",
	};
	char file[STL_HOST_PATH];
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		stl_host_path(h, file, "%s/" UNIT ".service", dirs[i]);
		if (stat(file, &st))
			continue;
		snprintf(path, 128, "%s/" UNIT ".service", dirs[i]);
		*masked = !S_ISREG(st.st_mode) || !st.st_size;
		return true;
	}
	return false;
}

/* The program that the unit starts may be gone, or elsewhere (prefix=). */
static bool starts_nothing(const struct stl_host *h, const char *unit,
			   char *program, size_t len)
{
	FILE *f = stl_host_open(h, "%s", unit);
	bool missing = false;
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		const char *word = line + strlen("ExecStart=");

		if (strncmp(line, "ExecStart=", strlen("ExecStart=")))
			continue;
		word += strspn(word, "@-:+!");
		snprintf(program, len, "%.*s", (int)strcspn(word, " \t\n"),
			 word);
		missing = *program == '/' && !stl_host_has(h, "%s", program);
	}
	if (f)
		fclose(f);
	return missing;
}

/* systemd has a link here for each unit that runs */
static size_t running(const struct stl_host *h)
{
	struct dirent **entries;
	size_t num, i, n = 0;

	stl_host_list(h, &entries, &num, "/run/systemd/units");
	for (i = 0; i < num; i++)
		n += !strncmp(entries[i]->d_name, "invocation:" UNIT,
			      strlen("invocation:" UNIT));
	stl_sysfs_free(entries, num);
	return n;
}

static void check_service(const struct stl_host *h, struct stl_checks *c)
{
	char unit[128], program[256] = "";
	struct stl_check *k;
	bool masked = false;

	if (!stl_host_has(h, "/run/systemd/system")) {
		k = stl_odd(c, NAME,
			    "systemd doesn't run here, so nothing starts by itself");
		stl_todo(k, "have it started otherwise: stlink watch");
	} else if (!find_unit(h, unit, &masked)) {
		k = stl_odd(c, NAME,
			    "the service isn't installed, so nothing starts by itself");
		stl_todo(k, "install the whole package; or in the sources of this program: sudo make install");
	} else if (masked) {
		k = stl_odd(c, NAME, "%s hides the service", unit);
		stl_todo(k, "type: sudo systemctl unmask " UNIT ".service");
	} else if (starts_nothing(h, unit, program, sizeof(program))) {
		k = stl_bad(c, NAME, STL_FILE, "%s starts %s, which isn't there",
			    unit, program);
		stl_todo(k, "install the whole package again; or in the sources of this program: sudo make install");
	} else {
		stl_good(c, NAME, "%s; stations that run: %zu", unit,
			 running(h));
	}
}

static void check_conf(const struct stl_host *h, const char *path,
		       struct stl_checks *c)
{
	const struct auto_problem *p;
	struct auto_conf conf;
	enum stl_code code = auto_conf_load(path, &conf);
	struct stl_check *k;
	char line[32] = "";

	p = conf.problems.num ? &conf.problems.list[0] : NULL;
	if (p && p->line)
		snprintf(line, sizeof(line), ":%u", p->line);
	if (code && h->uid) {
		/* images, counters and logs may be for the service's eyes only */
		k = stl_odd(c, NAME, "%s can't be judged by this user: %s%s",
			    path, p ? p->text : "", line);
		stl_todo(k, "type: sudo stlink watch --check");
	} else if (code) {
		k = stl_bad(c, NAME, STL_FILE, "%s%s: %s%s", path, line,
			    p ? p->text : "it is wrong",
			    conf.problems.num > 1 ? ", and more" : "");
		stl_todo(k, "all of it: stlink watch --check; until then nothing is programmed");
	} else if (p) {
		k = stl_odd(c, NAME, "%s%s: %s", path, line, p->text);
		stl_todo(k, "all of it: stlink watch --check");
	} else {
		stl_good(c, NAME, "%s: good, %zu %s", path, conf.num,
			 conf.num == 1 ? "station" : "stations");
	}
	auto_conf_free(&conf);
}

/**
 * doctor_auto() - is what is programmed unattended as it should be?
 * @h: machine
 * @c: receives what was found
 *
 * As "stlink watch --check", and whether anything would start it.
 */
void doctor_auto(const struct stl_host *h, struct stl_checks *c)
{
	char path[STL_HOST_PATH];

	stl_host_path(h, path, AUTO_CONF_PATH);
	if (access(path, F_OK) && errno == ENOENT) {
		stl_good(c, NAME, "off: there is no " AUTO_CONF_PATH);
		return;
	}
	check_conf(h, path, c);
	check_service(h, c);
}
