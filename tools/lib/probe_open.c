// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening a probe, and finding out why there is none to open.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libudev.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ioctl.h"
#include "probe.h"

#define ST_VENDOR	"0483"

/* Product IDs of ST's debug probes (OpenOCD stlink_usb.c, ST's udev rules). */
static const struct {
	const char *pid;
	const char *name;
	bool supported;
} products[] = {
	{ "3744", "ST-Link V1", false },
	{ "3748", "ST-Link V2", true },
	{ "374a", "ST-Link V2-1", false },
	{ "374b", "ST-Link V2-1", true },
	{ "3752", "ST-Link V2-1", true },
	{ "374d", "ST-Link V3 in its boot loader", false },
	{ "374e", "ST-Link V3", false },
	{ "374f", "ST-Link V3", false },
	{ "3753", "ST-Link V3", false },
	{ "3754", "ST-Link V3", false },
};

/* Who drives interface 0 of this USB device? "" if nobody. */
static void interface_driver(struct udev *udev, struct udev_device *usb,
			     char *buf, size_t len)
{
	struct udev_device *intf;
	const char *driver = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s:1.0",
		 udev_device_get_syspath(usb), udev_device_get_sysname(usb));
	intf = udev_device_new_from_syspath(udev, path);
	if (intf)
		driver = udev_device_get_driver(intf);
	snprintf(buf, len, "%s", driver ? driver : "");
	udev_device_unref(intf);
}

static void hint_usb_device(struct udev *udev, struct udev_device *usb,
			    bool loaded, struct stl_error *err)
{
	const char *pid = udev_device_get_sysattr_value(usb, "idProduct");
	const char *where = udev_device_get_sysname(usb);
	char driver[64];
	size_t i;

	for (i = 0; pid && i < sizeof(products) / sizeof(products[0]); i++) {
		if (strcmp(pid, products[i].pid))
			continue;
		if (!products[i].supported) {
			stl_hint(err,
				 "%s (%s:%s) at USB %s: not supported",
				 products[i].name, ST_VENDOR, pid, where);
			return;
		}
		interface_driver(udev, usb, driver, sizeof(driver));
		if (!strcmp(driver, "usbfs"))
			stl_hint(err,
				 "%s (%s:%s) at USB %s is in use by a program through libusb (openocd, st-util?): end it, then unplug the probe and plug it in again",
				 products[i].name, ST_VENDOR, pid, where);
		else if (driver[0] && strcmp(driver, "stlink"))
			stl_hint(err,
				 "%s (%s:%s) at USB %s has another driver: %s",
				 products[i].name, ST_VENDOR, pid, where,
				 driver);
		else if (loaded)
			stl_hint(err,
				 "%s (%s:%s) at USB %s has no device node: the kernel log says why (dmesg | grep stlink)",
				 products[i].name, ST_VENDOR, pid, where);
		else
			stl_hint(err,
				 "%s (%s:%s) is at USB %s, but the driver isn't loaded: modprobe stlink",
				 products[i].name, ST_VENDOR, pid, where);
		return;
	}
}

/* No node: is there a probe on USB, and what keeps it from having one? */
static void hint_no_probe(struct stl_error *err)
{
	bool loaded = !access("/sys/module/stlink", F_OK);
	struct udev_enumerate *list = NULL;
	struct udev_list_entry *entry;
	struct udev_device *usb;
	struct udev *udev;

	udev = udev_new();
	if (udev)
		list = udev_enumerate_new(udev);
	if (list && udev_enumerate_add_match_subsystem(list, "usb") >= 0 &&
	    udev_enumerate_add_match_sysattr(list, "idVendor",
					     ST_VENDOR) >= 0 &&
	    udev_enumerate_scan_devices(list) >= 0) {
		udev_list_entry_foreach(entry,
				udev_enumerate_get_list_entry(list)) {
			usb = udev_device_new_from_syspath(udev,
					udev_list_entry_get_name(entry));
			if (usb)
				hint_usb_device(udev, usb, loaded, err);
			udev_device_unref(usb);
		}
	}
	udev_enumerate_unref(list);
	udev_unref(udev);
	if (err && err->hint[0])
		return;
	stl_hint(err,
		 "no ST-Link V2 (USB 0483:3748, 374b or 3752) is plugged in");
	if (!loaded)
		stl_hint(err,
			 "the driver isn't loaded either: modprobe stlink");
}

/* The group is what the udev rule says; without the rule it is root's own */
static void hint_permission(const char *node, struct stl_error *err)
{
	const struct group *group = NULL;
	struct stat st;

	if (!stat(node, &st) && st.st_gid)
		group = getgrgid(st.st_gid);
	if (group && st.st_mode & S_IWGRP)
		stl_hint(err,
			 "join group %s (sudo adduser $USER %s) and log in again",
			 group->gr_name, group->gr_name);
	else
		stl_hint(err,
			 "the udev rule isn't installed (make install), or the probe was plugged in before it was: then replug it");
}

static int fail_open(const struct stl_probe *p, int errnum,
		     struct stl_error *err)
{
	switch (errnum) {
	case EACCES:
	case EPERM:
		stl_fail(err, STL_NO_PERMISSION, "no permission to open %s",
			 p->device);
		hint_permission(p->device, err);
		break;
	case ENODEV:
	case ENXIO:
	case ENOENT:
		stl_fail(err, STL_NO_PROBE, "%s: the probe was unplugged",
			 p->device);
		break;
	case EBUSY:
		return stl_fail_busy(err, p->device, p->claim_pid);
	default:
		stl_fail(err, STL_NO_PROBE, "%s: %s", p->device,
			 strerror(errnum));
	}
	if (err)
		err->errnum = errnum;
	return err ? (int)err->code : STL_NO_PROBE;
}

int stl_fail_busy(struct stl_error *err, const char *device, int pid)
{
	char path[64], name[64] = "";
	FILE *f;

	if (pid <= 0) {
		stl_fail(err, STL_PROBE_BUSY,
			 "%s is in use by another program", device);
		goto out;
	}
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	f = fopen(path, "re");
	if (f) {
		if (!fgets(name, sizeof(name), f))
			name[0] = '\0';
		fclose(f);
		name[strcspn(name, "\n")] = '\0';
	}
	stl_fail(err, STL_PROBE_BUSY, "%s is in use by %s (PID %d)", device,
		 name[0] ? name : "another program", pid);
out:
	if (err)
		err->errnum = EBUSY;
	return STL_PROBE_BUSY;
}

/*
 * A node named by the user that udev doesn't list (a container without udev's
 * data, a node made by hand) is taken if the driver answers.
 */
static bool unlisted(const char *device, struct stl_probe *p)
{
	struct stat st;

	if (stat(device, &st) || !S_ISCHR(st.st_mode))
		return false;
	memset(p, 0, sizeof(*p));
	return snprintf(p->device, sizeof(p->device), "%s", device) <
	       (int)sizeof(p->device);
}

static int find(const struct stl_select *select, struct stl_probe *p,
		struct stl_error *err)
{
	struct stl_select sel = { 0 };
	struct stl_probe *probes;
	size_t num, index;
	char *real = NULL;
	int ret;

	if (select)
		sel = *select;
	ret = stl_probe_list(&probes, &num, err);
	if (ret)
		return ret;
	/* A link such as /dev/stlink/by-serial/... names the node too. */
	if (sel.device && strchr(sel.device, '/'))
		real = realpath(sel.device, NULL);
	if (real)
		sel.device = real;
	ret = stl_probe_choose(probes, num, &sel, &index, err);
	if (!ret)
		*p = probes[index];
	else if (ret == STL_NO_PROBE && sel.device && unlisted(sel.device, p))
		ret = STL_OK;
	else if (!num)
		hint_no_probe(err);
	free(real);
	free(probes);
	return ret;
}

int stl_probe_open(const struct stl_select *select, bool writable,
		   struct stl_probe *probe, struct stl_error *err)
{
	struct stlink_info info = { 0 };
	struct stl_probe p;
	int fd, ret;

	ret = find(select, &p, err);
	if (ret)
		return -ret;
	fd = open(p.device, O_RDWR | O_CLOEXEC);
	if (fd < 0 && (errno == EACCES || errno == EROFS) && !writable)
		fd = open(p.device, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -fail_open(&p, errno, err);
	ret = stl_ioc_info(fd, &info);
	if (ret) {
		close(fd);
		if (ret == -ENOTTY || ret == -EINVAL)
			return -stl_fail(err, STL_NO_PROBE,
					 "%s is not an ST-Link probe",
					 p.device);
		return -stl_fail_errno(err, ret, 0, "%s", p.device);
	}
	stl_firmware_text(&info, p.firmware, sizeof(p.firmware));
	if (!p.vid) {
		p.vid = info.vid;
		p.pid = info.pid;
		snprintf(p.serial, sizeof(p.serial), "%.*s",
			 STLINK_SERIAL_LEN - 1, (const char *)info.serial);
	}
	if (probe)
		*probe = p;
	return fd;
}
