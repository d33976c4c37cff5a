// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening a probe, and finding out why there is none to open.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "holder.h"
#include "host/check.h"
#include "ioctl.h"
#include "sysfs.h"

/* So often a number is given to another probe while one is opened, at most */
#define OPEN_TRIES	4

int stl_fail_permission(struct stl_error *err, const char *node)
{
	struct stl_checks checks = { 0 };
	struct stl_host host;
	struct stat st;

	stl_fail(err, STL_NO_PERMISSION, "no permission to open %s", node);
	if (!err || stat(node, &st))
		return STL_NO_PERMISSION;
	stl_host_this(&host, NULL);
	stl_judge_node(&host, node, false, &st, false, &checks);
	stl_checks_todo(&checks, err);
	stl_checks_free(&checks);
	return STL_NO_PERMISSION;
}

static int fail_open(const struct stl_probe *p, int errnum,
		     struct stl_error *err)
{
	switch (errnum) {
	case EACCES:
	case EPERM:
		stl_fail_permission(err, p->device);
		break;
	case ENODEV:
	case ENXIO:
	case ENOENT:
		stl_fail(err, STL_NO_PROBE, "%s: the probe was unplugged",
			 p->device);
		stl_hint(err, "plug it in again, then repeat the command");
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
	char holder[64];

	stl_holder_name(pid, holder, sizeof(holder));
	stl_fail(err, STL_PROBE_BUSY, "%s is in use by %s", device, holder);
	if (pid > 0)
		stl_hint(err, "wait until it is done, or end it: kill %d", pid);
	else if (*device == '/')
		stl_hint(err, "who that is tells: sudo fuser -v %s", device);
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

int stl_probe_find(const struct stl_select *select, struct stl_probe *p,
		   struct stl_error *err)
{
	struct stl_select sel = { 0 };
	struct stl_probe *probes;
	size_t num, index;
	char *real = NULL;
	int ret;

	if (select)
		sel = *select;
	ret = stl_probe_scan(&probes, &num, err);
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
	else if (ret == STL_NO_PROBE)
		stl_usb_explain(err, !num);
	free(real);
	free(probes);
	return ret;
}

/*
 * Numbers of nodes are given out again: what has this one now may not be what was
 * chosen a moment ago. What the user named, and udev doesn't list, is what it is.
 */
static bool is_another(int fd, const struct stl_probe *p,
		       const struct stlink_info *info)
{
	char dir[64], port[sizeof(p->usb_path)];
	struct stat st;

	if (!p->vid)
		return false;
	if (strncmp((const char *)info->serial, p->serial,
		    STLINK_SERIAL_LEN) || fstat(fd, &st))
		return true;
	/* some share a serial number */
	snprintf(dir, sizeof(dir), "/sys/dev/char/%u:%u", major(st.st_rdev),
		 minor(st.st_rdev));
	if (!stl_sysfs_link(dir, "device", port, sizeof(port)))
		return true;
	port[strcspn(port, ":")] = '\0';
	return strcmp(port, p->usb_path);
}

static int open_node(struct stl_probe *p, bool writable,
		     struct stlink_info *info, struct stl_error *err)
{
	int fd = open(p->device, O_RDWR | O_CLOEXEC), ret;

	if (fd < 0 && (errno == EACCES || errno == EROFS) && !writable)
		fd = open(p->device, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -fail_open(p, errno, err);
	ret = stl_ioc_info(fd, info);
	if (!ret)
		return fd;
	close(fd);
	if (ret == -ENOTTY || ret == -EINVAL)
		return -stl_fail(err, STL_NO_PROBE,
				 "%s is not an ST-Link probe", p->device);
	return -stl_fail_errno(err, ret, 0, "%s", p->device);
}

int stl_probe_open(const struct stl_select *select, bool writable,
		   struct stl_probe *probe, struct stl_error *err)
{
	struct stlink_info info = { 0 };
	struct stl_probe p;
	int fd, ret, i;

	for (i = 0; i < OPEN_TRIES; i++) {
		ret = stl_probe_find(select, &p, err);
		if (ret)
			return -ret;
		fd = open_node(&p, writable, &info, err);
		if (fd < 0)
			return fd;
		if (!is_another(fd, &p, &info))
			break;
		close(fd);
	}
	if (i == OPEN_TRIES) {
		stl_fail(err, STL_NO_PROBE,
			 "%s: each time it is opened it is another probe",
			 p.device);
		stl_hint(err,
			 "probes come and go just now: repeat the command");
		return -STL_NO_PROBE;
	}
	stl_firmware_text(&info, p.firmware, sizeof(p.firmware));
	p.claim_pid = info.claim_pid;
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
