// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debug probes of ST on USB, and why one has no device node.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/check.h"
#include "sysfs.h"
#include "usb.h"

#define ST_VENDOR	0x0483
#define DEVICES		"/sys/bus/usb/devices"
/* The unique id of the probe's own chip */
#define UID_LEN		12

#define USE_OTHERS	"use st-flash or OpenOCD for that one; this program is for ST-Link V2 and V2-1"
#define LEAVE_LOADER	"unplug it and plug it in again; if it stays so, its firmware is missing: ST's updater, STSW-LINK007 on www.st.com, puts it there"

/*
 * Product IDs of ST's debug probes (OpenOCD stlink_usb.c, ST's udev rules), and of
 * a chip of ST's that is its own programmer (ST AN2606), which is taken for one.
 * With what else to do about those that aren't supported.
 */
static const struct {
	uint16_t pid;
	const char *name;
	const char *instead;
} products[] = {
	{ 0x3744, "ST-Link V1", USE_OTHERS },
	{ 0x3748, "ST-Link V2", NULL },
	{ 0x374a, "ST-Link V2-1 with audio firmware",
	  "give it another firmware: ST's updater, STSW-LINK007 on www.st.com" },
	{ 0x374b, "ST-Link V2-1", NULL },
	{ 0x3752, "ST-Link V2-1", NULL },
	{ 0x374d, "ST-Link V3 in its boot loader", LEAVE_LOADER },
	{ 0x374e, "ST-Link V3", USE_OTHERS },
	{ 0x374f, "ST-Link V3", USE_OTHERS },
	{ 0x3753, "ST-Link V3", USE_OTHERS },
	{ 0x3754, "ST-Link V3", USE_OTHERS },
	{ 0x3755, "ST-Link V3PWR in its boot loader", LEAVE_LOADER },
	{ 0x3757, "ST-Link V3PWR", USE_OTHERS },
	{ 0xdf11, "an STM32 in its own USB boot loader (DFU), not a probe,",
	  "dfu-util is for that; a probe is another device" },
};

/* The next character of @text, -1 at the end or if it isn't UTF-8 */
static int next_char(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;

	if (!*p)
		return -1;
	if (*p < 0x80) {
		*text += 1;
		return *p;
	}
	if ((*p & 0xe0) == 0xc0 && (p[1] & 0xc0) == 0x80) {
		*text += 2;
		return (*p & 0x1f) << 6 | (p[1] & 0x3f);
	}
	if ((*p & 0xf0) == 0xe0 && (p[1] & 0xc0) == 0x80 &&
	    (p[2] & 0xc0) == 0x80) {
		*text += 3;
		return (*p & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	}
	return -1;
}

static bool graphic(int c)
{
	return c > 0x20 && c < 0x7f;
}

bool stl_usb_serial(const char *text, char serial[STLINK_SERIAL_LEN])
{
	int chars[STLINK_SERIAL_LEN], c;
	bool digits = true, printable = true, bytes = true;
	size_t num = 0, i;

	while (num < STLINK_SERIAL_LEN - 1 && (c = next_char(&text)) >= 0) {
		chars[num++] = c;
		digits &= c < 0x80 && isxdigit(c);
		printable &= graphic(c);
		bytes &= c < 0x100;
	}
	if (bytes && ((num == UID_LEN && !digits) ||
		      (num < UID_LEN && !printable))) {
		for (i = 0; i < num; i++)
			snprintf(serial + 2 * i, 3, "%02X", chars[i]);
		serial[2 * num] = '\0';
		return num < UID_LEN;
	}
	for (i = 0; i < num; i++) {
		serial[i] = graphic(chars[i]) ? chars[i] : '_';
		if (num == 2 * UID_LEN && digits)
			serial[i] = toupper(serial[i]);
	}
	serial[num] = '\0';
	return false;
}

static void read_serial(const char *dir, struct stl_usb *usb)
{
	char text[512];

	if (stl_sysfs_text(dir, "serial", text, sizeof(text)))
		usb->cut = stl_usb_serial(text, usb->probe.serial);
}

static void read_interface(const char *name, const char *dir,
			   struct stl_usb *usb)
{
	unsigned int config = stl_sysfs_number(dir, "bConfigurationValue", 10);
	char path[PATH_MAX];

	if (!config)
		return;
	snprintf(usb->interface, sizeof(usb->interface), "%.56s:%u.0", name,
		 config);
	snprintf(path, sizeof(path), DEVICES "/%s", usb->interface);
	if (access(path, F_OK))
		usb->interface[0] = '\0';
	else
		stl_sysfs_link(path, "driver", usb->driver,
			       sizeof(usb->driver));
}

/* Return: false if it isn't a debug probe of ST. */
static bool describe(const char *name, const struct stl_probe *nodes,
		     size_t num_nodes, struct stl_usb *usb)
{
	char dir[PATH_MAX];
	unsigned int pid;
	size_t i;

	memset(usb, 0, sizeof(*usb));
	snprintf(dir, sizeof(dir), DEVICES "/%s", name);
	if (stl_sysfs_number(dir, "idVendor", 16) != ST_VENDOR)
		return false;
	pid = stl_sysfs_number(dir, "idProduct", 16);
	for (i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		if (products[i].pid == pid) {
			usb->name = products[i].name;
			usb->instead = products[i].instead;
			usb->supported = !usb->instead;
		}
	}
	if (!usb->name)
		return false;
	read_interface(name, dir, usb);
	for (i = 0; i < num_nodes; i++) {
		if (!strcmp(nodes[i].usb_path, name)) {
			usb->probe = nodes[i];
			return true;
		}
	}
	snprintf(usb->probe.usb_path, sizeof(usb->probe.usb_path), "%.63s",
		 name);
	stl_sysfs_text(dir, "product", usb->probe.product,
		       sizeof(usb->probe.product));
	usb->probe.vid = ST_VENDOR;
	usb->probe.pid = pid;
	usb->probe.busnum = stl_sysfs_number(dir, "busnum", 10);
	usb->probe.devnum = stl_sysfs_number(dir, "devnum", 10);
	read_serial(dir, usb);
	return true;
}

static int collect(const struct stl_probe *nodes, size_t num_nodes,
		   struct stl_usb **list, size_t *num)
{
	struct dirent **entries;
	size_t i, found;
	int ret;

	ret = stl_sysfs_list(DEVICES, &entries, &found);
	if (found) {
		*list = calloc(found, sizeof(**list));
		if (!*list)
			ret = -ENOMEM;
	}
	for (i = 0; i < found && !ret; i++) {
		/* an interface has its configuration behind a colon */
		if (!strchr(entries[i]->d_name, ':'))
			*num += describe(entries[i]->d_name, nodes, num_nodes,
					 &(*list)[*num]);
	}
	stl_sysfs_free(entries, found);
	return ret;
}

int stl_usb_list(struct stl_usb **list, size_t *num, struct stl_error *err)
{
	struct stl_probe *nodes;
	size_t num_nodes;
	int ret;

	*list = NULL;
	*num = 0;
	ret = stl_probe_scan(&nodes, &num_nodes, err);
	if (ret)
		return ret;
	ret = collect(nodes, num_nodes, list, num);
	free(nodes);
	if (!ret)
		return STL_OK;
	free(*list);
	*list = NULL;
	*num = 0;
	return stl_fail(err, STL_NO_PROBE,
			"the USB devices of this machine can't be listed");
}

bool stl_usb_find(const char *usb_path, struct stl_usb *usb)
{
	struct stl_usb *list;
	bool found = false;
	size_t num, i;

	if (stl_usb_list(&list, &num, NULL))
		return false;
	for (i = 0; i < num && !found; i++) {
		found = !strcmp(list[i].probe.usb_path, usb_path);
		if (found)
			*usb = list[i];
	}
	free(list);
	return found;
}

bool stl_usb_driver_loaded(void)
{
	return !access("/sys/bus/usb/drivers/" STL_DRIVER, F_OK);
}

void stl_usb_ask(struct stl_usb *list, size_t num)
{
	size_t i;

	for (i = 0; i < num; i++) {
		if (*list[i].probe.device)
			stl_probe_ask(&list[i].probe);
	}
}

/* Without a driver each probe waits for the same thing: that is said once. */
void stl_usb_explain(struct stl_error *err, bool all)
{
	struct stl_checks checks = { 0 };
	struct stl_usb *list;
	struct stl_host host;
	size_t num, i;

	if (!err || stl_usb_list(&list, &num, NULL))
		return;
	stl_host_this(&host, NULL);
	for (i = 0; i < num; i++) {
		if (!*list[i].probe.device && (all || list[i].supported))
			stl_check_owner(&host, &list[i], &checks);
	}
	stl_checks_hint(&checks, err);
	free(list);
	if (all && !err->hint[0])
		stl_hint(err,
			 "no ST-Link V2 (USB 0483:3748, 374b or 3752) is plugged in");
	if (err->hint[0] && !stl_usb_driver_loaded()) {
		stl_checks_free(&checks);
		stl_check_module(&host, &checks);
		stl_checks_hint(&checks, err);
	}
	stl_checks_free(&checks);
	if (all)
		stl_hint(err, "more by: stlink doctor");
}
