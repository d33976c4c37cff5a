// SPDX-License-Identifier: GPL-2.0-only
/* The simulators' control sockets, and what sysfs tells of the probes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "crowd.h"

#define DEVICES	"/sys/bus/usb/devices"
#define CLASS	"/sys/class/stlink"
#define ANSWER_MS 60000

static int ask(int fd, const char *line, char *answer, size_t room)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t len = strlen(line), done = 0;
	ssize_t n;

	while (done < len) {
		n = write(fd, line + done, len - done);
		if (n <= 0)
			return -1;
		done += n;
	}
	for (done = 0; !done || answer[done - 1] != '\n'; done += n) {
		if (done + 1 >= room || poll(&pfd, 1, ANSWER_MS) <= 0)
			return -1;
		n = read(fd, answer + done, room - 1 - done);
		if (n <= 0)
			return -1;
	}
	answer[done] = '\0';
	return 0;
}

/**
 * sim() - give a command to a simulator
 * @n: which
 * @fmt: the command
 *
 * A port can be open once only; simctl queues at the same lock file.
 *
 * Return: its answer, or NULL after a complaint.
 */
const char *sim(unsigned int n, const char *fmt, ...)
{
	static char line[16384], answer[16384];
	char path[64];
	int lock, fd;
	va_list ap;
	bool ok;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	snprintf(path, sizeof(path), "/run/lock-sim.%u", n);
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	snprintf(path, sizeof(path), "/dev/virtio-ports/sim.%u", n);
	ok = lock >= 0 && !flock(lock, LOCK_EX);
	fd = ok ? open(path, O_RDWR | O_CLOEXEC) : -1;
	strcat(line, "\n");
	ok = fd >= 0 && !ask(fd, line, answer, sizeof(answer)) &&
	     strstr(answer, "\"ok\":true");
	if (!ok)
		complain("simulator %u, %.40s: %s", n, line,
			 fd < 0 ? strerror(errno) : answer);
	if (fd >= 0)
		close(fd);
	if (lock >= 0)
		close(lock);
	return ok ? answer : NULL;
}

static const char *member(const char *json, const char *name)
{
	char want[64];
	const char *at;

	snprintf(want, sizeof(want), "\"%s\":", name);
	at = json ? strstr(json, want) : NULL;
	return at ? at + strlen(want) : NULL;
}

/** sim_number() - a number in an answer; false if there is none */
bool sim_number(const char *json, const char *name, unsigned long *value)
{
	const char *at = member(json, name);

	if (at)
		*value = strtoul(at, NULL, 0);
	return at;
}

/** sim_text() - a text in an answer, or true or false */
bool sim_text(const char *json, const char *name, char *text, size_t len)
{
	const char *at = member(json, name);

	if (!at)
		return false;
	at += *at == '"';
	snprintf(text, len, "%.*s", (int)strcspn(at, "\",}"), at);
	return true;
}

/** read_file() - the first line of a file; negative errno if there is none */
int read_file(const char *path, char *text, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;
	int err;

	if (fd >= 0)
		n = read(fd, text, len - 1);
	err = errno;
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return -err;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

/** write_file() - a text into a file of sysfs; 0 or negative errno */
int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static bool find(const char *folder, const char *serial, char *name, size_t len)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	bool found = false;
	char path[400], text[STLINK_SERIAL_LEN];

	while (dir && !found && (e = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s/serial", folder, e->d_name);
		found = !read_file(path, text, sizeof(text)) &&
			!strcmp(text, serial);
		if (found)
			snprintf(name, len, "%s", e->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/** find_usb() - name of the USB device with a serial number, such as 1-1 */
bool find_usb(const char *serial, char *path, size_t len)
{
	return find(DEVICES, serial, path, len);
}

/** find_node() - the driver's name for it, such as stlink0 */
bool find_node(const char *serial, char *name, size_t len)
{
	return find(CLASS, serial, name, len);
}
