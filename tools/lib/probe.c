// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes: enumerating the class `stlink` with libudev, choosing one.
 */
#include <fcntl.h>
#include <libudev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "ioctl.h"
#include "probe.h"

void stl_firmware_text(const struct stlink_info *info, char *buf, size_t len)
{
	size_t used = snprintf(buf, len, "V%uJ%u", info->version_hw,
			       info->version_jtag);

	/* A V2-1 has mass storage ("M") where a V2 has SWIM ("S"). */
	if (info->version_msd && used < len)
		used += snprintf(buf + used, len - used, "M%u",
				 info->version_msd);
	if ((info->version_swim || !info->version_msd) && used < len)
		snprintf(buf + used, len - used, "S%u", info->version_swim);
}

static void copy(char *to, size_t len, const char *from)
{
	snprintf(to, len, "%s", from ? from : "");
}

static unsigned int number(const char *text, int base)
{
	return text ? strtoul(text, NULL, base) : 0;
}

/*
 * INFO costs no USB traffic and disturbs nobody, but closing waits until what
 * others are about with the probe is done.
 */
static void ask(struct stl_probe *p)
{
	struct stlink_info info = { 0 };
	int fd = open(p->device, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (!stl_ioc_info(fd, &info))
		p->claim_pid = info.claim_pid;
	close(fd);
}

static void describe(struct stl_probe *p, struct udev_device *dev)
{
	struct udev_device *usb;

	memset(p, 0, sizeof(*p));
	copy(p->device, sizeof(p->device), udev_device_get_devnode(dev));
	usb = udev_device_get_parent_with_subsystem_devtype(dev, "usb",
							    "usb_device");
	if (usb) {
		copy(p->usb_path, sizeof(p->usb_path),
		     udev_device_get_sysname(usb));
		copy(p->product, sizeof(p->product),
		     udev_device_get_sysattr_value(usb, "product"));
		p->vid = number(udev_device_get_sysattr_value(usb, "idVendor"),
				16);
		p->pid = number(udev_device_get_sysattr_value(usb, "idProduct"),
				16);
		p->busnum = number(udev_device_get_sysattr_value(usb, "busnum"),
				   10);
		p->devnum = number(udev_device_get_sysattr_value(usb, "devnum"),
				   10);
	}
	/* the driver's own: the USB device's serial may be raw bytes */
	copy(p->serial, sizeof(p->serial),
	     udev_device_get_sysattr_value(dev, "serial"));
	copy(p->firmware, sizeof(p->firmware),
	     udev_device_get_sysattr_value(dev, "firmware"));
}

static int by_node(const void *a, const void *b)
{
	const struct stl_probe *x = a, *y = b;
	int d = (int)strlen(x->device) - (int)strlen(y->device);

	/* stlink10 after stlink9 */
	return d ? d : strcmp(x->device, y->device);
}

static int collect(struct udev *udev, struct udev_enumerate *list,
		   struct stl_probe **probes, size_t *num)
{
	struct udev_list_entry *entry;
	struct udev_device *dev;
	struct stl_probe *bigger;

	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(list)) {
		dev = udev_device_new_from_syspath(udev,
					udev_list_entry_get_name(entry));
		if (!dev)
			continue;	/* unplugged just now */
		if (udev_device_get_devnode(dev)) {
			bigger = realloc(*probes, (*num + 1) * sizeof(**probes));
			if (!bigger) {
				udev_device_unref(dev);
				return -1;
			}
			*probes = bigger;
			describe(&bigger[(*num)++], dev);
		}
		udev_device_unref(dev);
	}
	return 0;
}

int stl_probe_scan(struct stl_probe **probes, size_t *num,
		   struct stl_error *err)
{
	struct udev_enumerate *list = NULL;
	struct udev *udev;
	int ret = -1;

	*probes = NULL;
	*num = 0;
	udev = udev_new();
	if (udev)
		list = udev_enumerate_new(udev);
	if (list && udev_enumerate_add_match_subsystem(list, "stlink") >= 0 &&
	    udev_enumerate_scan_devices(list) >= 0)
		ret = collect(udev, list, probes, num);
	udev_enumerate_unref(list);
	udev_unref(udev);
	if (ret) {
		free(*probes);
		*probes = NULL;
		*num = 0;
		return stl_fail(err, STL_NO_PROBE,
				"the devices of this machine can't be listed");
	}
	if (*num)
		qsort(*probes, *num, sizeof(**probes), by_node);
	return STL_OK;
}

int stl_probe_list(struct stl_probe **probes, size_t *num,
		   struct stl_error *err)
{
	int ret = stl_probe_scan(probes, num, err);
	size_t i;

	for (i = 0; !ret && i < *num; i++)
		ask(&(*probes)[i]);
	return ret;
}

static bool same_device(const struct stl_probe *p, const char *device)
{
	const char *base = strrchr(p->device, '/');

	return !strcmp(p->device, device) ||
	       (base && !strcmp(base + 1, device));
}

static bool part_of_serial(const char *serial, const char *part)
{
	size_t have = strlen(serial), want = strlen(part);

	return want && want <= have &&
	       (!strncasecmp(serial, part, want) ||
		!strcasecmp(serial + have - want, part));
}

enum match { MATCH_EXACT, MATCH_PART };

static bool matches(const struct stl_probe *p, const struct stl_select *sel,
		    enum match how)
{
	if (sel->device && !same_device(p, sel->device))
		return false;
	if (sel->usb_path && strcmp(p->usb_path, sel->usb_path))
		return false;
	if (!sel->serial)
		return true;
	return how == MATCH_EXACT ? !strcasecmp(p->serial, sel->serial) :
				    part_of_serial(p->serial, sel->serial);
}

size_t stl_probe_match(const struct stl_probe *probes, size_t num,
		       const struct stl_select *select, bool *hit)
{
	static const struct stl_select any;
	enum match how;
	size_t i, n = 0;

	if (!select)
		select = &any;
	for (how = MATCH_EXACT; !n && how <= MATCH_PART; how++) {
		for (i = 0; i < num; i++) {
			hit[i] = matches(&probes[i], select, how);
			n += hit[i];
		}
	}
	return n;
}

static void list_hint(const struct stl_probe *probes, size_t num,
		      struct stl_error *err)
{
	size_t i;

	for (i = 0; i < num; i++)
		stl_hint(err, "%s  serial %s  USB path %s",
			 probes[i].device[0] ? probes[i].device : "(no node)",
			 probes[i].serial[0] ? probes[i].serial : "(none)",
			 probes[i].usb_path);
}

int stl_probe_choose(const struct stl_probe *probes, size_t num,
		     const struct stl_select *select, size_t *index,
		     struct stl_error *err)
{
	bool *hit = calloc(num ? num : 1, sizeof(*hit));
	size_t i, n;

	if (!hit)
		return stl_fail(err, STL_NO_PROBE, "out of memory");
	n = stl_probe_match(probes, num, select, hit);
	for (i = num; i--;)
		if (hit[i])
			*index = i;
	free(hit);
	if (n == 1)
		return STL_OK;
	if (!num)
		return stl_fail(err, STL_NO_PROBE, "no ST-Link probe found");
	if (!n) {
		stl_fail(err, STL_NO_PROBE, "no probe with %s %s",
			 select->serial ? "serial" :
			 select->device ? "device" : "USB path",
			 select->serial ? select->serial :
			 select->device ? select->device : select->usb_path);
		list_hint(probes, num, err);
		return STL_NO_PROBE;
	}
	stl_fail(err, STL_USAGE,
		 "%zu probes match: choose one by device, serial or USB path",
		 n);
	list_hint(probes, num, err);
	return STL_USAGE;
}
