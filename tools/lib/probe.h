/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finding the probes of this machine and opening one.
 */
#ifndef STL_PROBE_H
#define STL_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/stlink.h>

#include "error.h"

/**
 * struct stl_probe - a probe
 * @device: node, "/dev/stlink0"; "" while it is detached from the driver
 * @serial: serial number, as a rule 24 hexadecimal digits (some are empty)
 * @usb_path: where it is plugged in, "1-2.3", as in /sys/bus/usb/devices
 * @firmware: "V2J37S7", "" while the driver doesn't have it
 * @product: USB product string, "" if there is none
 * @vid: USB vendor
 * @pid: USB product
 * @busnum: USB bus number, as lsusb shows it
 * @devnum: USB device number
 * @claim_pid: process that claimed it, or 0
 */
struct stl_probe {
	char device[64];
	char serial[STLINK_SERIAL_LEN];
	char usb_path[64];
	char firmware[24];
	char product[64];
	uint16_t vid;
	uint16_t pid;
	unsigned int busnum;
	unsigned int devnum;
	int claim_pid;
};

/**
 * struct stl_select - which probe is meant; unset members match any
 * @device: node, "/dev/stlink1" or "stlink1"
 * @serial: serial number; the whole one first, else the start or the end of
 *	one if only one probe has it. Letters in either case
 * @usb_path: "1-2.3"
 */
struct stl_select {
	const char *device;
	const char *serial;
	const char *usb_path;
};

/**
 * stl_probe_list() - all probes that have a device node; the others are found by
 * stl_usb_list()
 * @probes: out: array sorted by number of the node; free() it
 * @num: out: how many; none is not an error
 * @err: filled on failure
 */
int stl_probe_list(struct stl_probe **probes, size_t *num,
		   struct stl_error *err);

/**
 * stl_probe_scan() - the same without opening any
 * @probes: out: as above, but for claim_pid, which is 0
 * @num: out: how many
 * @err: filled on failure
 *
 * For who can't wait until other programs' calls are done.
 */
int stl_probe_scan(struct stl_probe **probes, size_t *num,
		   struct stl_error *err);

/** stl_probe_ask() - find out who has claimed it (claim_pid) */
void stl_probe_ask(struct stl_probe *p);

/**
 * stl_probe_match() - those of @probes that are meant
 * @probes: array
 * @num: how many
 * @select: what is known, or NULL
 * @hit: out: array of @num, which ones
 *
 * Return: how many. Pure function.
 */
size_t stl_probe_match(const struct stl_probe *probes, size_t num,
		       const struct stl_select *select, bool *hit);

/**
 * stl_probe_choose() - the one of @probes that is meant
 * @probes: from stl_probe_list()
 * @num: how many
 * @select: what is known
 * @index: out: position in @probes
 * @err: STL_NO_PROBE (none, or none that matches), STL_USAGE (several, with a
 *	list in the hint). Pure function
 */
int stl_probe_choose(const struct stl_probe *probes, size_t num,
		     const struct stl_select *select, size_t *index,
		     struct stl_error *err);

/**
 * stl_probe_find() - find and choose, without opening
 * @select: what is known, or NULL
 * @probe: out: description, but for firmware and claim_pid; of a node that
 *	udev doesn't list the node alone
 * @err: STL_NO_PROBE, STL_USAGE
 */
int stl_probe_find(const struct stl_select *select, struct stl_probe *probe,
		   struct stl_error *err);

/**
 * stl_probe_open() - find, choose and open
 * @select: what is known, or NULL
 * @writable: needed for writing; otherwise, without permission for that, it
 *	is opened read-only
 * @probe: out: description, or NULL
 * @err: STL_NO_PROBE with a hint why (module, driver not bound, nothing on
 *	USB), STL_NO_PERMISSION, STL_PROBE_BUSY with who has it, STL_USAGE
 *
 * Numbers of nodes are given out again: serial number and port of what is open are
 * those of what was chosen.
 *
 * Return: file descriptor (close-on-exec), or the negated enum stl_code.
 */
int stl_probe_open(const struct stl_select *select, bool writable,
		   struct stl_probe *probe, struct stl_error *err);

/** stl_firmware_text() - "V2J37S7" or "V2J28M18" into @buf */
void stl_firmware_text(const struct stlink_info *info, char *buf, size_t len);

/**
 * stl_fail_permission() - fill the error for a node that may not be opened
 * @err: to fill, or NULL
 * @node: which one
 *
 * Return: STL_NO_PERMISSION.
 */
int stl_fail_permission(struct stl_error *err, const char *node);

/**
 * stl_fail_busy() - fill the error for a probe that somebody else has
 * @err: to fill, or NULL
 * @device: node for the message
 * @pid: holder as told by the driver, 0 if not known
 *
 * Return: STL_PROBE_BUSY.
 */
int stl_fail_busy(struct stl_error *err, const char *device, int pid);

#endif
