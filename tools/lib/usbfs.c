// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bind and unbind by usbfs: for users who may write to the node of the USB
 * device, as those of libusb programs, but not to sysfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include <linux/usbdevice_fs.h>

#include "usbfs.h"

int stl_usbfs_open(unsigned int busnum, unsigned int devnum)
{
	char node[64];
	int fd;

	snprintf(node, sizeof(node), "/dev/bus/usb/%03u/%03u", busnum, devnum);
	fd = open(node, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/*
 * Claiming is more than is wanted, but it is the only call that looks at the
 * driver and takes the interface from it in one step: between two, a libusb
 * program could have come, and would lose the interface.
 */
int stl_usbfs_unbind(int fd, const char *driver)
{
	struct usbdevfs_disconnect_claim claim = {
		.interface = 0,
		.flags = USBDEVFS_DISCONNECT_CLAIM_IF_DRIVER,
	};
	unsigned int interface = 0;

	snprintf(claim.driver, sizeof(claim.driver), "%s", driver);
	if (ioctl(fd, USBDEVFS_DISCONNECT_CLAIM, &claim) < 0 ||
	    ioctl(fd, USBDEVFS_RELEASEINTERFACE, &interface) < 0)
		return -errno;
	return 0;
}

int stl_usbfs_bind(int fd)
{
	struct usbdevfs_ioctl connect = {
		.ifno = 0,
		.ioctl_code = USBDEVFS_CONNECT,
	};

	return ioctl(fd, USBDEVFS_IOCTL, &connect) < 0 ? -errno : 0;
}
