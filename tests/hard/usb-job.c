// SPDX-License-Identifier: GPL-2.0-only
/* See usb-job.h. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/stlink.h>

#include "usb-job.h"

#define FLASH		0x08000000u
#define PAGE		1024u
#define SRAM		0x20000000u
#define OPTIONS		0x1ffff800u
#define OLD_FIRMWARE	"demo2.bin"
#define NEW_FIRMWARE	"small2.bin"
/* tests/firmware/status.h */
#define MAGIC		0x30303346u
#define NEW_VERSION	8u
#define OLD_VERSION	2u

#define DATA0		"0x5a"
#define OUTPUT		"out"		/* a directory by itself */
#define READ_FILE	OUTPUT "/read.bin"

#define BOUND_S		60
#define RUNS_S		30

static size_t load(const char *file, uint8_t *data, size_t room)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, data, room);

	if (fd >= 0)
		close(fd);
	return n < 0 ? 0 : n;
}

const char *job_open(struct job *j, unsigned int n, const char *top)
{
	size_t len, i;

	if (!sim_open(&j->sim, n))
		return "no control port";
	snprintf(j->usb_path, sizeof(j->usb_path), "1-%u", n + 1);
	snprintf(j->image_file, sizeof(j->image_file), "%s/build/firmware/%s",
		 top, OLD_FIRMWARE);
	len = load(j->image_file, j->old, sizeof(j->old));
	if (!len)
		return "no old firmware";
	for (i = len; i < sizeof(j->old); i++)
		j->old[i] = i * 2654435761u >> 24;
	snprintf(j->image_file, sizeof(j->image_file), "%s/build/firmware/%s",
		 top, NEW_FIRMWARE);
	j->image_len = load(j->image_file, j->image, sizeof(j->image));
	if (!j->image_len || j->image_len % PAGE == 0)
		return "no new firmware that ends within a page";
	mkdir(OUTPUT, 0777);
	return NULL;
}

/* The firmware of that version counts */
static bool runs(struct job *j, uint32_t version)
{
	double end = now_s() + RUNS_S;
	uint32_t before[3] = { 0 }, now[3];

	while (now_s() < end) {
		if (!sim_peek(&j->sim, SRAM, (uint8_t *)now, sizeof(now)))
			return false;
		if (now[0] == MAGIC && now[2] == version && before[2] == version &&
		    now[1] > before[1])
			return true;
		memcpy(before, now, sizeof(now));
		usleep(20000);
	}
	return false;
}

const char *job_fresh(struct job *j)
{
	char hex[2 * 1024 + 1];
	size_t at, i;

	if (!sim_do(&j->sim, "swap") || !sim_do(&j->sim, "power off"))
		return "no fresh board";
	for (at = 0; at < JOB_FLASH; at += 1024) {
		for (i = 0; i < 1024; i++)
			sprintf(hex + 2 * i, "%02x", j->old[at + i]);
		if (!sim_do(&j->sim, "poke 0x%08zx %s", FLASH + at, hex))
			return "no old firmware on it";
	}
	if (!sim_do(&j->sim, "power on") || !runs(j, OLD_VERSION))
		return "the old firmware does not run";
	return NULL;
}

unsigned int job_address(struct job *j)
{
	char file[128], text[16] = "";

	snprintf(file, sizeof(file), "/sys/bus/usb/devices/%s/devnum",
		 j->usb_path);
	load(file, (uint8_t *)text, sizeof(text) - 1);
	return strtoul(text, NULL, 10);
}

unsigned int job_resets(struct job *j)
{
	struct stlink_last last = { .size = sizeof(last) };
	int fd = open(j->node, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	ioctl(fd, STLINK_IOC_LAST, &last);
	close(fd);
	return last.resets;
}

const char *job_bound(struct job *j, unsigned int old)
{
	double end = now_s() + BOUND_S;
	char dir[128];
	struct dirent *entry;
	bool found = false;
	DIR *d;

	snprintf(dir, sizeof(dir), "/sys/bus/usb/devices/%s:1.0/stlink",
		 j->usb_path);
	while (!found && now_s() < end) {
		d = opendir(dir);
		while (d && !found && (entry = readdir(d))) {
			snprintf(j->node, sizeof(j->node), "/dev/%s",
				 entry->d_name);
			found = entry->d_name[0] != '.' &&
				!access(j->node, R_OK) && job_address(j) != old;
		}
		if (d)
			closedir(d);
		if (!found)
			usleep(20000);
	}
	return found ? NULL : "the probe didn't get its node";
}

static const struct {
	const char *name;
	const char *words[6];
} steps[JOB_STEPS] = {
	{ "info", { "info" } },
	{ "read", { "read", "-q", READ_FILE } },
	{ "program", { "program", "-q", NULL } },	/* and the image */
	{ "verify", { "verify", "-q", NULL } },
	{ "option", { "option", "set", "DATA0=" DATA0, "--yes" } },
	{ "reset", { "reset" } },
};

const char *job_step_name(unsigned int step)
{
	return steps[step].name;
}

static bool takes_image(unsigned int step)
{
	return !strcmp(steps[step].name, "program") ||
	       !strcmp(steps[step].name, "verify");
}

const char *job_step(struct job *j, unsigned int step, unsigned int limit_s,
		     struct child *c)
{
	char *argv[10] = { "stlink", "--usb-path", j->usb_path };
	unsigned int n = 3, i;

	for (i = 0; i < 6 && steps[step].words[i]; i++)
		argv[n++] = (char *)steps[step].words[i];
	if (takes_image(step))
		argv[n++] = j->image_file;
	argv[n] = NULL;
	if (!strcmp(steps[step].name, "read") &&
	    !sim_peek(&j->sim, FLASH, j->read, JOB_FLASH))
		return "flash can't be looked at";
	child_run(c, argv, limit_s);
	return NULL;
}

static const char *check_flash(struct job *j, bool kept)
{
	size_t touched = (j->image_len + PAGE - 1) / PAGE * PAGE;
	size_t rest = kept ? j->image_len : touched;
	uint8_t flash[JOB_FLASH];

	if (!sim_peek(&j->sim, FLASH, flash, sizeof(flash)))
		return "flash can't be looked at";
	if (memcmp(flash, j->image, j->image_len))
		return "flash is not the image";
	if (memcmp(flash + rest, j->old + rest, sizeof(flash) - rest))
		return "flash beside the image was changed";
	return NULL;
}

static const char *check_options(struct job *j)
{
	/* RDP level 0, USER as delivered, DATA0, DATA1 as delivered */
	static const uint8_t want[8] = {
		0xaa, 0x55, 0xff, 0x00, 0x5a, 0xa5, 0xff, 0x00,
	};
	uint8_t raw[8];

	if (!sim_peek(&j->sim, OPTIONS, raw, sizeof(raw)))
		return "option bytes can't be looked at";
	return memcmp(raw, want, sizeof(raw)) ? "option bytes are wrong" : NULL;
}

static const char *check_read(struct job *j)
{
	uint8_t data[JOB_FLASH + 1];

	if (load(READ_FILE, data, sizeof(data)) != JOB_FLASH)
		return "the file that was read has the wrong length";
	unlink(READ_FILE);
	return memcmp(data, j->read, JOB_FLASH) ?
	       "the file that was read is not what flash holds" : NULL;
}

const char *job_result(struct job *j, unsigned int step)
{
	const char *name = steps[step].name;

	if (!strcmp(name, "read"))
		return check_read(j);
	if (takes_image(step) && check_flash(j, false))
		return check_flash(j, false);
	if (!strcmp(name, "program") && !runs(j, NEW_VERSION))
		return "the new firmware does not run";
	if (!strcmp(name, "option"))
		return check_options(j);
	return NULL;
}

const char *job_rest(struct job *j)
{
	struct dirent *entry;
	const char *wrong = NULL;
	DIR *d = opendir(OUTPUT);

	(void)j;
	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.' && strspn(entry->d_name, ".") ==
		    strlen(entry->d_name))
			continue;
		wrong = "a file is left of a read that failed";
		unlinkat(dirfd(d), entry->d_name, 0);
	}
	if (d)
		closedir(d);
	return wrong;
}

const char *job_done(struct job *j, bool kept)
{
	const char *wrong = check_flash(j, kept);

	if (!wrong)
		wrong = check_options(j);
	if (!wrong && !runs(j, NEW_VERSION))
		wrong = "the new firmware does not run";
	if (wrong)
		return wrong;
	if (!sim_do(&j->sim, "state"))
		return "the probe can't be looked at";
	/* One that was pulled out at the end forgets its mode with its power */
	return strstr(j->sim.answer, "\"plugged\":true") &&
	       strstr(j->sim.answer, "\"mode\":\"debug\"") ?
	       "the probe was left in debug mode" : NULL;
}
