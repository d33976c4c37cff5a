// SPDX-License-Identifier: GPL-2.0-only
/*
 * libudev and libsystemd, loaded when they are first used. They bring a dozen
 * libraries with them, and loading these takes longer than a whole job with a chip
 * that holds its image already; only automatic programming needs them.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <dlfcn.h>
#include <errno.h>
#include <libudev.h>
#include <sys/uio.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "lazy.h"

#define UDEV	"libudev.so.1"
#define SYSTEMD	"libsystemd.so.0"

static void *find(const char *library, const char *name)
{
	void *handle = dlopen(library, RTLD_NOW);
	void *function = handle ? dlsym(handle, name) : NULL;

	if (!function)
		errno = ELIBACC;
	return function;
}

void lazy_load(void)
{
	dlopen(UDEV, RTLD_NOW);
	dlopen(SYSTEMD, RTLD_NOW);
}

/* The library's function under its own name; @none where there is no library. */
#define FORWARD(library, none, type, name, parameters, arguments)	\
	type name parameters						\
	{								\
		static __typeof__(&name) function;			\
									\
		if (!function)						\
			function = find(library, #name);		\
		return function ? function arguments : none;		\
	}

FORWARD(UDEV, NULL, struct udev *, udev_new, (void), ())
FORWARD(UDEV, NULL, struct udev *, udev_unref, (struct udev *u), (u))
FORWARD(UDEV, NULL, struct udev_monitor *, udev_monitor_new_from_netlink,
	(struct udev *u, const char *name), (u, name))
FORWARD(UDEV, NULL, struct udev_monitor *, udev_monitor_unref,
	(struct udev_monitor *m), (m))
FORWARD(UDEV, -ELIBACC, int, udev_monitor_filter_add_match_subsystem_devtype,
	(struct udev_monitor *m, const char *subsystem, const char *type),
	(m, subsystem, type))
FORWARD(UDEV, -ELIBACC, int, udev_monitor_enable_receiving,
	(struct udev_monitor *m), (m))
FORWARD(UDEV, -1, int, udev_monitor_get_fd, (struct udev_monitor *m), (m))
FORWARD(UDEV, NULL, struct udev_device *, udev_monitor_receive_device,
	(struct udev_monitor *m), (m))
FORWARD(UDEV, NULL, const char *, udev_device_get_action,
	(struct udev_device *d), (d))
FORWARD(UDEV, NULL, struct udev_device *, udev_device_unref,
	(struct udev_device *d), (d))

FORWARD(SYSTEMD, -ELIBACC, int, sd_journal_sendv,
	(const struct iovec *iov, int n), (iov, n))
