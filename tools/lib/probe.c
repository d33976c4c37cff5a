// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes: what is in the class `stlink`, choosing one.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "ioctl.h"
#include "probe.h"
#include "sysfs.h"

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

#define CLASS	"/sys/class/stlink"

/*
 * INFO costs no USB traffic and disturbs nobody, but closing waits until what
 * others are about with the probe is done.
 */
void stl_probe_ask(struct stl_probe *p)
{
	struct stlink_info info = { 0 };
	int fd = open(p->device, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (!stl_ioc_info(fd, &info))
		p->claim_pid = info.claim_pid;
	close(fd);
}

static bool describe(struct stl_probe *p, const char *name)
{
	char dir[PATH_MAX], usb[PATH_MAX + 16];

	memset(p, 0, sizeof(*p));
	snprintf(p->device, sizeof(p->device), "/dev/%s", name);
	snprintf(dir, sizeof(dir), CLASS "/%s", name);
	/* the interface, "1-2.3:1.0"; the USB device is above it */
	if (!stl_sysfs_link(dir, "device", p->usb_path, sizeof(p->usb_path)))
		return false;	/* unplugged just now */
	p->usb_path[strcspn(p->usb_path, ":")] = '\0';
	snprintf(usb, sizeof(usb), "%s/device/..", dir);
	stl_sysfs_text(usb, "product", p->product, sizeof(p->product));
	p->vid = stl_sysfs_number(usb, "idVendor", 16);
	p->pid = stl_sysfs_number(usb, "idProduct", 16);
	p->busnum = stl_sysfs_number(usb, "busnum", 10);
	p->devnum = stl_sysfs_number(usb, "devnum", 10);
	/* the driver's own: the USB device's serial may be raw bytes */
	stl_sysfs_text(dir, "serial", p->serial, sizeof(p->serial));
	stl_sysfs_text(dir, "firmware", p->firmware, sizeof(p->firmware));
	return true;
}

static int by_node(const void *a, const void *b)
{
	const struct stl_probe *x = a, *y = b;
	int d = (int)strlen(x->device) - (int)strlen(y->device);

	/* stlink10 after stlink9 */
	return d ? d : strcmp(x->device, y->device);
}

int stl_probe_scan(struct stl_probe **probes, size_t *num,
		   struct stl_error *err)
{
	struct dirent **entries;
	size_t i, found;
	int ret;

	*probes = NULL;
	*num = 0;
	ret = stl_sysfs_list(CLASS, &entries, &found);
	if (found) {
		*probes = calloc(found, sizeof(**probes));
		if (!*probes)
			ret = -ENOMEM;
	}
	for (i = 0; i < found && !ret; i++)
		*num += describe(&(*probes)[*num], entries[i]->d_name);
	stl_sysfs_free(entries, found);
	if (ret)
		return stl_fail(err, STL_NO_PROBE,
				"the devices of this machine can't be listed");
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
		stl_probe_ask(&(*probes)[i]);
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
