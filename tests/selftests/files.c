// SPDX-License-Identifier: GPL-2.0-only
/* The driver's files in sysfs, and what the kernel tells udev. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "files.h"

/**
 * file_read() - content of a small file
 * @path: file
 * @text: out: content without the last newline
 * @len: size of that
 *
 * Return: 0 or negative errno.
 */
int file_read(const char *path, char *text, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	int ret;

	if (fd < 0)
		return -errno;
	n = read(fd, text, len - 1);
	ret = n < 0 ? -errno : 0;
	close(fd);
	if (n > 0 && text[n - 1] == '\n')
		n--;
	text[n > 0 ? n : 0] = 0;
	return ret;
}

/**
 * file_write() - write a text to a file of sysfs or tracefs
 * @path: file
 * @text: what
 *
 * Return: 0 or negative errno.
 */
int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

/**
 * class_read() - read an attribute of the class device
 * @node: such as "stlink0"
 * @attribute: name of the file
 * @text: out: content without the newline
 * @len: size of that
 *
 * Return: 0 or negative errno.
 */
int class_read(const char *node, const char *attribute, char *text, size_t len)
{
	char path[300];

	snprintf(path, sizeof(path), "/sys/class/stlink/%s/%s", node,
		 attribute);
	return file_read(path, text, len);
}

/**
 * class_write() - write an attribute of the class device
 * @node: such as "stlink0"
 * @attribute: name of the file
 * @text: what
 *
 * Return: 0 or negative errno.
 */
int class_write(const char *node, const char *attribute, const char *text)
{
	char path[300];

	snprintf(path, sizeof(path), "/sys/class/stlink/%s/%s", node,
		 attribute);
	return file_write(path, text);
}

static bool usb_attribute_path(struct probe *p, const char *attribute,
			       char *path, size_t len)
{
	char busid[32];

	if (!usbip_busid(p->usb, busid, sizeof(busid)))
		return false;
	snprintf(path, len, "/sys/bus/usb/devices/%s/%s", busid, attribute);
	return true;
}

/**
 * usb_attribute_read() - read an attribute of the USB device
 * @p: probe
 * @attribute: such as "power/runtime_status"
 * @text: out: content without the newline
 * @len: size of that
 *
 * Return: 0 or negative errno.
 */
int usb_attribute_read(struct probe *p, const char *attribute, char *text,
		       size_t len)
{
	char path[300];

	return usb_attribute_path(p, attribute, path, sizeof(path)) ?
	       file_read(path, text, len) : -ENODEV;
}

/**
 * usb_attribute_write() - write an attribute of the USB device
 * @p: probe
 * @attribute: such as "power/control"
 * @text: what
 *
 * Return: 0 or negative errno.
 */
int usb_attribute_write(struct probe *p, const char *attribute,
			const char *text)
{
	char path[300];

	return usb_attribute_path(p, attribute, path, sizeof(path)) ?
	       file_write(path, text) : -ENODEV;
}

static bool find_hwmon(struct probe *p, char *dir, size_t len)
{
	char pattern[128], busid[32];
	bool found = false;
	glob_t g;

	if (!usbip_busid(p->usb, busid, sizeof(busid)))
		return false;
	snprintf(pattern, sizeof(pattern),
		 "/sys/bus/usb/devices/%s:1.0/hwmon/hwmon*", busid);
	if (glob(pattern, 0, NULL, &g))
		return false;
	if (g.gl_pathc == 1) {
		snprintf(dir, len, "/sys/class/hwmon%s",
			 strrchr(g.gl_pathv[0], '/'));
		found = true;
	}
	globfree(&g);
	return found;
}

/**
 * hwmon_dir() - where the sensors of a probe are
 * @p: probe
 * @dir: out: below /sys/class/hwmon
 * @len: size of that
 * @ms: limit; they come a moment after the node
 *
 * Return: false if it has none.
 */
bool hwmon_dir(struct probe *p, char *dir, size_t len, unsigned int ms)
{
	uint64_t end = now_ns() + ms * 1000000ULL;
	bool found;

	while (!(found = find_hwmon(p, dir, len)) && now_ns() < end)
		usleep(5000);
	return found;
}

/**
 * uevents_open() - listen to what the kernel tells udev
 *
 * Return: a descriptor for uevents_next(), or negative errno.
 */
int uevents_open(void)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&a, sizeof(a))) {
		close(fd);
		return -errno;
	}
	return fd;
}

/* The value of a variable in a message of lines that end in zero bytes */
static const char *variable(const char *msg, size_t len, const char *name)
{
	size_t k = strlen(name), at = 0;

	while (at < len) {
		if (!strncmp(msg + at, name, k) && msg[at + k] == '=')
			return msg + at + k + 1;
		at += strlen(msg + at) + 1;
	}
	return "";
}

/**
 * uevents_next() - wait for the next word about the target of a probe
 * @fd: from uevents_open()
 * @node: such as "stlink0"
 * @target: out: STLINK_TARGET of a "change" event of this node
 * @len: size of that
 * @ms: limit
 *
 * Return: false when the time is over.
 */
bool uevents_next(int fd, const char *node, char *target, size_t len,
		  unsigned int ms)
{
	uint64_t end = now_ns() + ms * 1000000ULL, now;
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char msg[8192];
	ssize_t n;

	while ((now = now_ns()) < end) {
		if (poll(&pfd, 1, (end - now) / 1000000 + 1) != 1)
			continue;
		n = recv(fd, msg, sizeof(msg) - 1, 0);
		if (n <= 0)
			continue;
		msg[n] = 0;
		if (strcmp(variable(msg, n, "ACTION"), "change") ||
		    strcmp(variable(msg, n, "SUBSYSTEM"), "stlink") ||
		    strcmp(variable(msg, n, "DEVNAME"), node))
			continue;
		snprintf(target, len, "%s", variable(msg, n, "STLINK_TARGET"));
		return true;
	}
	return false;
}
