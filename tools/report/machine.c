// SPDX-License-Identifier: GPL-2.0-only
/*
 * Machine, driver and probes, as files tell it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host/module.h"
#include "machine.h"
#include "sysfs.h"

#define CLASS		"/sys/class/stlink"
#define DEVICES		"/sys/bus/usb/devices"
#define LOG_LINES	60u

/* Names that say nothing of who has the machine */
static const char * const usual[] = {
	"root", "user", "debian", "ubuntu", "fedora", "raspberrypi", "pi",
	"localhost", "linux", "stlink", "target", "probe", "kernel", "usb",
};

static void secret_name(struct report *r, const char *name, const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (!strcasecmp(name, usual[i]))
			return;
	}
	report_secret(r, name, word, false);
}

static void secret_serials(struct report *r, const struct stl_host *h)
{
	struct dirent **entry;
	char text[128];
	size_t num, i;

	/* raw, as the bus has them: some are no text */
	stl_host_list(h, &entry, &num, DEVICES);
	for (i = 0; i < num; i++) {
		if (stl_host_text(h, text, sizeof(text), DEVICES "/%s/idVendor",
				  entry[i]->d_name) &&
		    !strcmp(text, "0483") &&
		    stl_host_text(h, text, sizeof(text), DEVICES "/%s/serial",
				  entry[i]->d_name))
			report_secret(r, text, "serial", true);
	}
	stl_sysfs_free(entry, num);
	stl_host_list(h, &entry, &num, CLASS);
	for (i = 0; i < num; i++) {
		if (stl_host_text(h, text, sizeof(text), CLASS "/%s/serial",
				  entry[i]->d_name))
			report_secret(r, text, "serial", true);
	}
	stl_sysfs_free(entry, num);
}

void report_secrets(struct report *r, const struct stl_host *h)
{
	char text[160];
	const char *value;

	if (stl_host_text(h, text, sizeof(text), "/proc/sys/kernel/hostname")) {
		secret_name(r, text, "host");
		/* its first part is enough to know it by */
		text[strcspn(text, ".")] = '\0';
		secret_name(r, text, "host");
	}
	secret_name(r, h->user, "user");
	value = getenv("USER");
	if (value)
		secret_name(r, value, "user");
	/* who is root by sudo for this report only */
	value = getenv("SUDO_USER");
	if (value)
		secret_name(r, value, "user");
	secret_serials(r, h);
}

static void distribution(struct report *r, const struct stl_host *h)
{
	const char key[] = "PRETTY_NAME=";
	FILE *f = stl_host_open(h, "/etc/os-release");
	char line[256], *name = NULL;

	if (!f)
		f = stl_host_open(h, "/usr/lib/os-release");
	while (f && !name && fgets(line, sizeof(line), f)) {
		if (!strncmp(line, key, strlen(key)))
			name = line + strlen(key) + (line[strlen(key)] == '"');
	}
	if (f)
		fclose(f);
	if (name)
		report_line(r, "distribution", "%.*s",
			    (int)strcspn(name, "\"\n"), name);
	else
		report_lack(r, "distribution", "no os-release");
}

static void parameters(struct report *r, const struct stl_host *h)
{
	struct dirent **entry;
	char text[128];
	size_t num, i;

	stl_host_list(h, &entry, &num, "/sys/module/" STL_DRIVER "/parameters");
	for (i = 0; i < num; i++) {
		if (stl_host_text(h, text, sizeof(text),
				  "/sys/module/" STL_DRIVER "/parameters/%s",
				  entry[i]->d_name))
			report_line(r, "parameter", "%s=%s", entry[i]->d_name,
				    text);
		else
			report_lack(r, "parameter", "%s can't be read",
				    entry[i]->d_name);
	}
	stl_sysfs_free(entry, num);
}

void report_machine(struct report *r, const struct stl_host *h)
{
	struct stl_module m = { 0 };
	struct utsname name;

	report_section(r, "Machine");
	if (!uname(&name))
		report_line(r, "kernel", "%s %s %s %s", name.sysname,
			    name.release, name.version, name.machine);
	distribution(r, h);
	report_line(r, "tool", "stlink %s", h->version);
	stl_module_look(h, &m);
	if (m.loaded)
		report_line(r, "driver", "loaded, version %s",
			    *m.version ? m.version : "not told");
	else
		report_lack(r, "driver", "it isn't loaded");
	/* made of the sources alone, and so long that it would be taken out */
	if (*m.srcversion)
		fprintf(r->out, "%-20s %s\n", "srcversion", m.srcversion);
	if (*m.file)
		report_line(r, "module", "%s, version %s, for %s", m.file,
			    m.file_version, m.vermagic);
	else
		report_lack(r, "module", "there is no file of it for this kernel");
	parameters(r, h);
}

static void attributes(struct report *r, const struct stl_host *h,
		       const char *node)
{
	static const char * const names[] = {
		"firmware", "features", "mode", "clock_khz",
		"target_voltage_mv", "target", "target_poll_ms",
	};
	char text[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (stl_host_text(h, text, sizeof(text), CLASS "/%s/%s", node,
				  names[i]))
			report_line(r, names[i], "%s", text);
		else
			report_lack(r, names[i], "%s", strerror(errno));
	}
}

static void descriptors(struct report *r, const struct stl_host *h,
			const char *usb_path)
{
	char path[STL_HOST_PATH], line[3 * 24 + 1];
	unsigned char d[512];
	ssize_t len = -1, i, k;
	int fd;

	stl_host_path(h, path, DEVICES "/%s/descriptors", usb_path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, d, sizeof(d));
		close(fd);
	}
	if (len <= 0) {
		report_lack(r, "descriptors", "%s", strerror(errno));
		return;
	}
	/* a number of the serial string is in them, not the string */
	for (i = 0; i < len; i += 24) {
		*line = '\0';
		for (k = i; k < len && k < i + 24; k++)
			snprintf(line + 3 * (k - i), 4, " %02x", d[k]);
		report_line(r, i ? "" : "descriptors", "%s", line + 1);
	}
}

static void device(struct report *r, const struct stl_host *h,
		   const struct stl_usb *u)
{
	static const char * const names[] = {
		"bcdDevice", "bMaxPower", "speed", "version", "product",
		"manufacturer", "power/control", "power/runtime_status",
	};
	const char *at = u->probe.usb_path;
	unsigned int hubs = 0;
	char text[128];
	size_t i;

	for (; *at; at++)
		hubs += *at == '.';
	report_line(r, "probe", "%s, %04x:%04x, USB path %s, behind %u %s",
		    u->name, u->probe.vid, u->probe.pid, u->probe.usb_path,
		    hubs, hubs == 1 ? "hub" : "hubs");
	report_line(r, "node", "%s", *u->probe.device ? u->probe.device :
		    "none");
	report_line(r, "bound to", "%s", *u->driver ? u->driver : "nobody");
	report_number(r, "serial number", u->probe.serial);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (stl_host_text(h, text, sizeof(text), DEVICES "/%s/%s",
				  u->probe.usb_path, names[i]))
			report_line(r, names[i], "%s", text);
	}
	descriptors(r, h, u->probe.usb_path);
	if (!strncmp(u->probe.device, "/dev/", 5))
		attributes(r, h, u->probe.device + 5);
}

void report_probes(struct report *r, const struct stl_host *h)
{
	struct stl_error err = { 0 };
	struct stl_usb *list = NULL;
	size_t num = 0, i;

	report_section(r, "Probes");
	if (stl_usb_list(&list, &num, &err))
		report_lack(r, "probes", "%s", err.message);
	else if (!num)
		report_lack(r, "probes", "none is plugged in");
	for (i = 0; i < num; i++) {
		if (i)
			report_line(r, "", "--");
		report_secret(r, list[i].probe.serial, "serial", true);
		device(r, h, &list[i]);
	}
	free(list);
}

static bool concerns_us(const char *text)
{
	return strstr(text, "stlink") || strstr(text, "STLink") ||
	       strstr(text, "ST-Link") || strstr(text, "idVendor=0483");
}

/* "6,339,5140900,-;text", with the time in microseconds */
static bool take(char *record, char *line, size_t len)
{
	const char serial[] = "SerialNumber: ";
	char *text = strchr(record, ';'), *number;
	unsigned long long us = 0;

	if (!text)
		return false;
	*text++ = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (!concerns_us(text))
		return false;
	sscanf(record, "%*u,%*u,%llu", &us);
	number = strstr(text, serial);
	if (number)
		number[strlen(serial)] = '\0';
	snprintf(line, len, "%8llu.%06llu %s%s", us / 1000000, us % 1000000,
		 text, number ? "[serial]" : "");
	return true;
}

void report_log(struct report *r, const struct stl_host *h)
{
	static char lines[LOG_LINES][512];
	char path[STL_HOST_PATH], record[8192];
	size_t num = 0, i;
	ssize_t got;
	int fd;

	report_section(r, "Kernel log");
	stl_host_path(h, path, "/dev/kmsg");
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		report_lack(r, "log", "%s; sudo stlink report FILE has it",
			    strerror(errno));
		return;
	}
	/* a record for each read(); EPIPE is for those that were overwritten */
	while ((got = read(fd, record, sizeof(record) - 1)) > 0 ||
	       (got < 0 && errno == EPIPE)) {
		record[got > 0 ? got : 0] = '\0';
		num += take(record, lines[num % LOG_LINES], sizeof(lines[0]));
	}
	/* from a kernel that keeps its log to itself nothing comes */
	if (got < 0 && errno == EPERM)
		report_lack(r, "log", "%s; sudo stlink report FILE has it",
			    strerror(errno));
	close(fd);
	for (i = num > LOG_LINES ? num - LOG_LINES : 0; i < num; i++)
		report_line(r, "", "%s", lines[i % LOG_LINES]);
	if (!num)
		report_line(r, "", "nothing about driver and probes");
}
