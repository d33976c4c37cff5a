/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Handing a probe to programs that use libusb, and taking it back.
 */
#ifndef STL_BIND_H
#define STL_BIND_H

#include "probe.h"

/**
 * struct stl_handover - what became of it
 * @probe: which one; the member device is the node that it has, or had before
 *	it was detached
 * @changed: false if nothing had to be done
 * @num: probes for which nothing had to be done, if that is more than one:
 *	then @probe is the first of them
 * @holder: the libusb program that has it already, "" for none
 */
struct stl_handover {
	struct stl_probe probe;
	bool changed;
	size_t num;
	char holder[64];
};

/**
 * stl_probe_detach() - take the driver off a probe, for a libusb program
 * @select: which one, or NULL; not needed if only one has the driver
 * @force: also if another program has claimed it or has a session with its
 *	target; that program hears ENODEV
 * @done: out
 * @err: STL_NO_PROBE, STL_USAGE (several), STL_PROBE_BUSY, STL_NO_PERMISSION
 *
 * The driver leaves the target running. That it is off already is success.
 */
int stl_probe_detach(const struct stl_select *select, bool force,
		     struct stl_handover *done, struct stl_error *err);

/**
 * stl_probe_attach() - give a probe back to the driver, wait for its node
 * @select: which one, or NULL; not needed if only one is without driver. A
 *	detached probe has no node to be named by
 * @done: out
 * @err: STL_NO_PROBE (also: driver not loaded, or it refuses), STL_USAGE
 *	(several), STL_PROBE_BUSY (a libusb program has claimed it, or another
 *	driver), STL_NO_PERMISSION
 *
 * That it has the driver already is success.
 */
int stl_probe_attach(const struct stl_select *select,
		     struct stl_handover *done, struct stl_error *err);

#endif
