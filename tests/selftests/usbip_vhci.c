// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysfs side of vhci-hcd.
 *
 * "status" has a line per port: hub, port, state, speed, devid, sockfd and
 * bus id (drivers/usb/usbip/vhci_sysfs.c, port_show_vhci()).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "usbip.h"
#include "usbip_vhci.h"

#define VHCI		"/sys/devices/platform/vhci_hcd.0/"
/* enum usbip_device_status in drivers/usb/usbip/usbip_common.h */
#define VDEV_ST_NULL	4
#define VDEV_ST_USED	6
/* enum usb_device_speed in linux/usb/ch9.h */
#define USB_SPEED_FULL	2
#define USB_SPEED_HIGH	3

static bool read_port(FILE *f, char hub[4], int *port, int *state,
		      char busid[32])
{
	return fscanf(f, "%3s %d %d %*s %*s %*s %31s", hub, port, state,
		      busid) == 4;
}

static FILE *open_status(void)
{
	FILE *f = fopen(VHCI "status", "re");
	char line[128];

	if (f && !fgets(line, sizeof(line), f)) {
		fclose(f);
		f = NULL;
	}
	return f;
}

static int free_port(int after)
{
	char hub[4], busid[32];
	int port, state, found = -EBUSY;
	FILE *f = open_status();

	if (!f)
		return -ENODEV;
	while (found < 0 && read_port(f, hub, &port, &state, busid))
		if (!strcmp(hub, "hs") && state == VDEV_ST_NULL && port > after)
			found = port;
	fclose(f);
	return found;
}

/**
 * usbip_available() - is vhci-hcd there and may this process use it
 *
 * Return: true if usbip_plug() can be expected to work.
 */
bool usbip_available(void)
{
	return !access(VHCI "attach", W_OK) && !access(VHCI "status", R_OK);
}

/**
 * vhci_attach() - plug a device into a free high-speed root port
 * @sockfd: socket on whose other end USB/IP is answered; the kernel takes a
 *	reference of its own
 * @high_speed: rather than full
 *
 * Return: the port, or a negative errno.
 */
int vhci_attach(int sockfd, bool high_speed)
{
	int port = -1, fd, ret;
	char line[64];

	/* Another program may take the port between look and attach. */
	while ((port = free_port(port)) >= 0) {
		fd = open(VHCI "attach", O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		ret = snprintf(line, sizeof(line), "%d %d %d %d", port, sockfd,
			       0x10000 + port + 1,
			       high_speed ? USB_SPEED_HIGH : USB_SPEED_FULL);
		ret = write(fd, line, ret) == ret ? 0 : -errno;
		close(fd);
		if (!ret)
			return port;
		if (ret != -EBUSY)
			return ret;
	}
	return port;
}

/**
 * vhci_busid() - name of the device in a port
 * @port: port as vhci_attach() returned it
 * @busid: room for the name
 * @len: size of that
 *
 * Return: false while nothing has been enumerated there.
 */
bool vhci_busid(int port, char *busid, size_t len)
{
	char hub[4], name[32];
	int p, state;
	bool found = false;
	FILE *f = open_status();

	if (!f)
		return false;
	while (!found && read_port(f, hub, &p, &state, name))
		found = p == port && state == VDEV_ST_USED && name[0] != '0';
	fclose(f);
	if (found)
		snprintf(busid, len, "%s", name);
	return found;
}
