// SPDX-License-Identifier: GPL-2.0-only
/*
 * After attaching: the node comes at once, its owner and the links to it when
 * udev has got there.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bind_priv.h"
#include "priv.h"
#include "sysfs.h"

#define WAIT_MS		5000
#define STEP_MS		20

int stl_bind_wait(const struct stl_usb *usb, struct stl_probe *probe,
		  struct stl_error *err)
{
	struct stl_usb now = { 0 };
	unsigned int ms;

	for (ms = 0; ms < WAIT_MS; ms += STEP_MS) {
		if (!stl_usb_find(usb->probe.usb_path, &now))
			return stl_fail(err, STL_NO_PROBE,
					"the probe at USB %s was unplugged",
					usb->probe.usb_path);
		if (*now.probe.device && stl_udev_is_done(now.probe.device))
			break;
		stl_sleep_ms(STEP_MS);
	}
	*probe = now.probe;
	if (!*now.probe.device) {
		stl_fail(err, STL_NO_PROBE,
			 "the driver has the probe at USB %s, but there is no node for it after %u s",
			 usb->probe.usb_path, WAIT_MS / 1000);
		stl_hint(err, "the kernel log may say why (dmesg | grep "
			 STL_DRIVER ")");
		return STL_NO_PROBE;
	}
	if (faccessat(AT_FDCWD, now.probe.device, R_OK | W_OK, AT_EACCESS) &&
	    errno == EACCES)
		return stl_fail_permission(err, now.probe.device);
	return STL_OK;
}
