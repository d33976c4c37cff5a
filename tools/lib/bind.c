// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handing a probe to programs that use libusb, and taking it back: the driver
 * is unbound from the debug interface, or bound to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"
#include "bind_priv.h"
#include "holder.h"
#include "host/check.h"
#include "ioctl.h"
#include "usbfs.h"

#define DRIVER_DIR	"/sys/bus/usb/drivers/" STL_DRIVER "/"

static int fail_state(const struct stl_usb *usb, struct stl_error *err)
{
	const struct stl_probe *p = &usb->probe;
	char holder[64], what[160];

	if (strcmp(usb->driver, "usbfs"))
		return stl_fail(err, STL_PROBE_BUSY,
				"the %s at USB %s has another driver: %s",
				usb->name, p->usb_path, usb->driver);
	snprintf(what, sizeof(what), "the %s at USB %s (serial %s)", usb->name,
		 p->usb_path, *p->serial ? p->serial : "(none)");
	stl_fail_busy(err, what, stl_holder_usb(p->busnum, p->devnum, holder,
						sizeof(holder)));
	stl_hint(err,
		 "a program that uses libusb has claimed it: end that, then attach");
	return STL_PROBE_BUSY;
}

static int fail_gone(const struct stl_usb *usb, struct stl_error *err)
{
	return stl_fail(err, STL_NO_PROBE,
			"the probe at USB %s was unplugged",
			usb->probe.usb_path);
}

static int fail_permission(const struct stl_usb *usb, const char *verb,
			   struct stl_error *err)
{
	const struct stl_probe *p = &usb->probe;

	stl_fail(err, STL_NO_PERMISSION, "no permission to %s the probe at USB %s",
		 verb, p->usb_path);
	stl_hint(err, "type: sudo stlink %s --usb-path %s", verb, p->usb_path);
	stl_hint(err,
		 "whoever may write to /dev/bus/usb/%03u/%03u, as libusb programs must, needs no sudo",
		 p->busnum, p->devnum);
	return STL_NO_PERMISSION;
}

static int write_sysfs(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* By sysfs, which is root's; else by usbfs, whose nodes may have other owners */
static int change(const struct stl_usb *usb, bool bind)
{
	int fd, ret;

	ret = write_sysfs(bind ? DRIVER_DIR "bind" : DRIVER_DIR "unbind",
			  usb->interface);
	if (ret != -EACCES && ret != -EPERM && ret != -EROFS)
		return ret;
	fd = stl_usbfs_open(usb->probe.busnum, usb->probe.devnum);
	if (fd < 0)
		return -EACCES;
	ret = bind ? stl_usbfs_bind(fd) : stl_usbfs_unbind(fd, STL_DRIVER);
	close(fd);
	return ret;
}

static int fail_in_use(const struct stl_probe *p, int pid,
		       struct stl_error *err)
{
	if (pid <= 0)
		pid = stl_holder_pid(p->device);
	stl_fail_busy(err, p->device, pid);
	stl_hint(err,
		 "--force takes the probe from it: that program will fail then");
	return STL_PROBE_BUSY;
}

/* Fails if INFO has one of the @state bits */
static int ask(int fd, const struct stl_probe *p, uint32_t state,
	       struct stl_error *err)
{
	struct stlink_info info = { 0 };
	int ret = stl_ioc_info(fd, &info);

	if (ret)
		return stl_fail_errno(err, ret, 0, "%s", p->device);
	if (!(info.state & state))
		return STL_OK;
	return fail_in_use(p, info.state & STLINK_STATE_CLAIM_MINE ? 0 :
			   info.claim_pid, err);
}

static int claim(int fd, const struct stl_probe *p, struct stl_error *err)
{
	struct stlink_claim c;
	int ret;

	do {
		memset(&c, 0, sizeof(c));
		ret = stl_ioc_claim(fd, &c);
	} while (ret == -EINTR);
	if (ret == -EBUSY)
		return fail_in_use(p, c.holder_pid, err);
	return ret ? stl_fail_errno(err, ret, 0, "%s", p->device) : STL_OK;
}

/*
 * Looks whether anybody works with the probe, and keeps it so by a claim, as
 * far as permissions go. Looks first: a claim would cut off a session of others.
 *
 * Return: descriptor to be closed afterwards, or the negated enum stl_code.
 */
static int keep_out(const struct stl_probe *p, struct stl_error *err)
{
	bool writable = true;
	int fd, ret;

	fd = open(p->device, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == EACCES) {
		writable = false;
		fd = open(p->device, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0 && errno == EACCES) {
		stl_fail_permission(err, p->device);
		stl_hint(err,
			 "so it can't be seen whether the probe is in use; --force doesn't look");
		return -STL_NO_PERMISSION;
	}
	if (fd < 0)
		return -stl_fail_errno(err, -errno, 0, "%s", p->device);
	ret = ask(fd, p, STLINK_STATE_SESSION | STLINK_STATE_CLAIMED, err);
	if (!ret && writable)
		ret = claim(fd, p, err);
	if (!ret && writable)
		ret = ask(fd, p, STLINK_STATE_SESSION, err);
	if (!ret)
		return fd;
	close(fd);
	return -ret;
}

static int take_off(struct stl_usb *usb, bool force, struct stl_error *err)
{
	struct stl_usb now;
	int ret, fd = -1;

	if (!force && *usb->probe.device) {
		fd = keep_out(&usb->probe, err);
		if (fd < 0)
			return -fd;
	}
	ret = change(usb, false);
	if (fd >= 0)
		close(fd);
	if (!stl_usb_find(usb->probe.usb_path, &now))
		return fail_gone(usb, err);
	/* what counts is how things are, whoever did it */
	if (strcmp(now.driver, STL_DRIVER))
		return STL_OK;
	if (ret == -EACCES || ret == -EPERM)
		return fail_permission(usb, "detach", err);
	return stl_fail(err, STL_LINK, "the probe at USB %s can't be detached: %s",
			usb->probe.usb_path,
			ret ? strerror(-ret) : "it has its driver again");
}

int stl_probe_detach(const struct stl_select *select, bool force,
		     struct stl_handover *done, struct stl_error *err)
{
	static const unsigned int order[] = {
		STL_HAS_OURS, STL_HAS_NONE | STL_HAS_LIBUSB, STL_HAS_OTHER, 0,
	};
	struct stl_usb usb;
	int ret;

	memset(done, 0, sizeof(*done));
	ret = stl_bind_pick(select, order, STL_HAS_NONE | STL_HAS_LIBUSB, &usb,
			    &done->num, err);
	if (ret)
		return ret;
	done->probe = usb.probe;
	switch (stl_bind_state(&usb)) {
	case STL_HAS_OURS:
		done->changed = true;
		return take_off(&usb, force, err);
	case STL_HAS_LIBUSB:
		stl_holder_usb(usb.probe.busnum, usb.probe.devnum,
			       done->holder, sizeof(done->holder));
		return STL_OK;
	case STL_HAS_NONE:
		return STL_OK;
	default:
		return fail_state(&usb, err);
	}
}

static int fail_bind(const struct stl_usb *usb, int ret, struct stl_error *err)
{
	if (ret == -EACCES || ret == -EPERM)
		return fail_permission(usb, "attach", err);
	stl_fail(err, ret && ret != -ENODEV ? STL_LINK : STL_NO_PROBE,
		 "the driver doesn't take the probe at USB %s%s%s",
		 usb->probe.usb_path, ret ? ": " : "",
		 ret ? strerror(-ret) : "");
	stl_hint(err,
		 "the kernel log says why (dmesg | grep " STL_DRIVER "); unplugging the probe and plugging it in again often helps");
	return err ? (int)err->code : STL_NO_PROBE;
}

static int fail_no_driver(const struct stl_usb *usb, struct stl_error *err)
{
	struct stl_checks checks = { 0 };
	struct stl_host host;

	stl_fail(err, STL_NO_PROBE,
		 "the driver isn't loaded, so the probe at USB %s can't be attached",
		 usb->probe.usb_path);
	stl_host_this(&host, NULL);
	stl_check_module(&host, &checks);
	stl_checks_hint(&checks, err);
	stl_checks_free(&checks);
	return STL_NO_PROBE;
}

static int give_back(struct stl_usb *usb, struct stl_error *err)
{
	struct stl_usb now;
	int ret;

	if (!stl_usb_driver_loaded())
		return fail_no_driver(usb, err);
	if (!*usb->interface)
		return stl_fail(err, STL_NO_PROBE,
				"the probe at USB %s has no configuration set: unplug it and plug it in again",
				usb->probe.usb_path);
	ret = change(usb, true);
	if (!stl_usb_find(usb->probe.usb_path, &now))
		return fail_gone(usb, err);
	switch (stl_bind_state(&now)) {
	case STL_HAS_OURS:
		return STL_OK;
	case STL_HAS_NONE:
		return fail_bind(usb, ret, err);
	default:
		return fail_state(&now, err);
	}
}

int stl_probe_attach(const struct stl_select *select,
		     struct stl_handover *done, struct stl_error *err)
{
	static const unsigned int order[] = {
		STL_HAS_NONE, STL_HAS_LIBUSB | STL_HAS_OTHER, STL_HAS_OURS, 0,
	};
	struct stl_usb usb;
	int ret;

	memset(done, 0, sizeof(*done));
	ret = stl_bind_pick(select, order, STL_HAS_OURS, &usb, &done->num,
			    err);
	if (ret)
		return ret;
	done->probe = usb.probe;
	switch (stl_bind_state(&usb)) {
	case STL_HAS_OURS:
		break;
	case STL_HAS_NONE:
		ret = give_back(&usb, err);
		if (ret)
			return ret;
		done->changed = true;
		break;
	default:
		return fail_state(&usb, err);
	}
	return stl_bind_wait(&usb, &done->probe, err);
}
