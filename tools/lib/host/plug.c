// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a probe is plugged in, and who has it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "holder.h"
#include "klog.h"
#include "sysfs.h"

#define DEVICES		"/sys/bus/usb/devices"
/* bmAttributes of a configuration: has a supply of its own (USB 2.0, 9.6.3) */
#define SELF_POWERED	0x40
/* what a hub without one gives a port (USB 2.0, 7.2.1) */
#define HUB_PORT_MA	100

static unsigned int hubs(const char *usb_path)
{
	unsigned int num = 0;

	while ((usb_path = strchr(usb_path, '.'))) {
		usb_path++;
		num++;
	}
	return num;
}

/* A hub that lives on what its own port gives, and a board that wants more */
static bool starving(const struct stl_host *h, const char *path,
		     struct stl_checks *c)
{
	char hub[64], text[16];
	unsigned int want;
	struct stl_check *k;
	char *dot;

	snprintf(hub, sizeof(hub), "%s", path);
	dot = strrchr(hub, '.');
	if (!dot)
		return false;
	*dot = '\0';
	if (!stl_host_text(h, text, sizeof(text), DEVICES "/%s/bmAttributes",
			   hub) || strtoul(text, NULL, 16) & SELF_POWERED)
		return false;
	stl_host_text(h, text, sizeof(text), DEVICES "/%s/bMaxPower", path);
	want = strtoul(text, NULL, 10);
	if (want <= HUB_PORT_MA)
		return false;
	k = stl_odd(c, "usb",
		    "%s: wants up to %u mA from a hub without a supply of its own, which gives %u",
		    path, want, HUB_PORT_MA);
	stl_todo(k, "if it comes and goes: plug it into the machine itself, or give the hub its supply");
	return true;
}

static bool from_afar(const struct stl_host *h, const char *path)
{
	char link[STL_HOST_PATH], real[4096];
	bool found;
	char *to;

	stl_host_path(h, link, DEVICES "/%s", path);
	to = realpath(link, NULL);
	snprintf(real, sizeof(real), "%s", to ? to : "");
	found = strstr(real, "/vhci_hcd");
	free(to);
	return found;
}

static bool locked_out(const struct stl_host *h, const char *path,
		       struct stl_checks *c)
{
	struct stl_check *k;
	char text[16];

	if (stl_host_text(h, text, sizeof(text), DEVICES "/%s/authorized",
			  path) && !strcmp(text, "0")) {
		k = stl_bad(c, "usb", STL_NO_PROBE,
			    "%s: this machine doesn't let USB devices in before they are authorized",
			    path);
		stl_todo(k, "with USBGuard: usbguard list-devices, then sudo usbguard allow-device NUMBER");
		stl_todo(k, "without it type: echo 1 | sudo tee " DEVICES "/%s/authorized",
			 path);
		return true;
	}
	if (stl_host_text(h, text, sizeof(text),
			  DEVICES "/%s/bConfigurationValue", path) && !*text) {
		k = stl_bad(c, "usb", STL_NO_PROBE,
			    "%s: the device isn't configured: the hub has too little current for it, or it doesn't answer",
			    path);
		stl_todo(k, "plug it into another socket, at the machine itself");
		return true;
	}
	return false;
}

void stl_check_usb(const struct stl_host *h, const struct stl_usb *usb,
		   struct stl_checks *c)
{
	const char *path = usb->probe.usb_path;
	char speed[16], status[32], by[48] = "";
	struct stl_check *k;

	if (locked_out(h, path, c))
		return;
	stl_host_text(h, status, sizeof(status),
		      DEVICES "/%s/power/runtime_status", path);
	if (!strcmp(status, "error")) {
		k = stl_odd(c, "usb", "%s: suspending or resuming it failed",
			    path);
		stl_todo(k, "type: echo on | sudo tee " DEVICES "/%s/power/control; then plug it in again",
			 path);
		return;
	}
	if (starving(h, path, c))
		return;
	stl_host_text(h, speed, sizeof(speed), DEVICES "/%s/speed", path);
	if (from_afar(h, path))
		snprintf(by, sizeof(by), ", from another machine (USB/IP)");
	else if (hubs(path))
		snprintf(by, sizeof(by), ", behind %u %s", hubs(path),
			 hubs(path) == 1 ? "hub" : "hubs");
	/* all of them are full-speed devices */
	if (*speed && strcmp(speed, "12")) {
		k = stl_odd(c, "usb", "%s: runs at %s Mbit/s%s; an ST-Link V2 has 12",
			    path, speed, by);
		stl_todo(k, "plug it in again, without extension or hub");
	} else {
		stl_good(c, "usb", "%s: %s, full speed%s", path, usb->name, by);
	}
}

/* The last line of the kernel log about a probe the driver didn't take */
static bool said(const struct stl_host *h, const struct stl_usb *usb,
		 char *line, size_t len)
{
	char about[96];
	const char *texts[] = { about, NULL };

	snprintf(about, sizeof(about), STL_DRIVER " %s: ", usb->interface);
	return stl_klog_last(h, texts, line, len);
}

static void no_driver(const struct stl_host *h, const struct stl_usb *usb,
		      const char *what, struct stl_checks *c)
{
	const char *path = usb->probe.usb_path;
	struct stl_check *k;
	char line[200];

	if (said(h, usb, line, sizeof(line))) {
		k = stl_bad(c, "probe", STL_NO_PROBE,
			    "%s has no node; the driver's last word on it: %s",
			    what, strstr(line, ": ") + 2);
		stl_todo(k, "type: stlink attach --usb-path %s", path);
		stl_todo(k, "if that doesn't help, unplug it and plug it in again");
		return;
	}
	k = stl_bad(c, "probe", STL_NO_PROBE,
		    "%s is detached from the driver", what);
	stl_todo(k, "type: stlink attach --usb-path %s", path);
	stl_todo(k, "if it is so again at once, the driver doesn't take it: sudo dmesg | grep " STL_DRIVER " says why");
}

static void no_interface(const struct stl_host *h, const struct stl_usb *usb,
			 const char *what, struct stl_checks *c)
{
	struct stl_check *k;

	if (locked_out(h, usb->probe.usb_path, c))
		return;
	k = stl_bad(c, "probe", STL_NO_PROBE,
		    "%s hasn't got the interface that the driver is for", what);
	stl_todo(k, "unplug it and plug it in again");
}

void stl_check_owner(const struct stl_host *h, const struct stl_usb *usb,
		     struct stl_checks *c)
{
	const struct stl_probe *p = &usb->probe;
	char holder[64], what[128];
	struct stl_check *k;

	snprintf(what, sizeof(what), "%s (%04x:%04x) at USB %s", usb->name,
		 p->vid, p->pid, p->usb_path);
	if (!usb->supported) {
		k = stl_odd(c, "probe", "%s: not supported", what);
		stl_todo(k, "%s", usb->instead);
	} else if (*p->device && p->claim_pid) {
		stl_holder_name(p->claim_pid, holder, sizeof(holder));
		k = stl_odd(c, "probe", "%s, %s, is in use by %s", what,
			    p->device, holder);
		stl_todo(k, "wait until it is done, or end it: kill %d",
			 p->claim_pid);
	} else if (*p->device) {
		stl_good(c, "probe", "%s is %s", what, p->device);
	} else if (!*usb->interface) {
		no_interface(h, usb, what, c);
	} else if (!strcmp(usb->driver, "usbfs")) {
		stl_holder_usb(p->busnum, p->devnum, holder, sizeof(holder));
		k = stl_bad(c, "probe", STL_PROBE_BUSY,
			    "%s is in use by %s through libusb", what, holder);
		stl_todo(k, "end that program, then type: stlink attach --usb-path %s",
			 p->usb_path);
	} else if (*usb->driver && strcmp(usb->driver, STL_DRIVER)) {
		k = stl_bad(c, "probe", STL_PROBE_BUSY,
			    "%s has another driver: %s", what, usb->driver);
		stl_todo(k, "type: echo %s | sudo tee /sys/bus/usb/drivers/%s/unbind; then: stlink attach --usb-path %s",
			 usb->interface, usb->driver, p->usb_path);
	} else if (!stl_host_has(h, "/sys/bus/usb/drivers/" STL_DRIVER)) {
		/* what the module's check has said explains it */
		stl_odd(c, "probe", "%s is there, and waits for the driver",
			what);
	} else if (*usb->driver) {
		k = stl_bad(c, "probe", STL_NO_PROBE,
			    "%s has the driver, but no device", what);
		stl_todo(k, "the kernel log says why: sudo dmesg | grep " STL_DRIVER);
	} else {
		no_driver(h, usb, what, c);
	}
}
