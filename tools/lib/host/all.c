// SPDX-License-Identifier: GPL-2.0-only
/*
 * All checks, in the order in which one thing needs the other.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "check.h"

void stl_check_host(const struct stl_host *h, struct stl_checks *c)
{
	stl_check_kernel(h, c);
	stl_check_module(h, c);
	stl_check_lock(h, c);
	stl_check_rules(h, c);
	stl_check_group(h, c);
}

static void check_probe(const struct stl_host *h, const struct stl_usb *usb,
			struct stl_checks *c)
{
	const struct stl_probe *p = &usb->probe;
	char raw[64];

	stl_check_owner(h, usb, c);
	if (!usb->supported)
		return;
	if (*p->device || *usb->interface)
		stl_check_usb(h, usb, c);
	if (*p->device)
		stl_check_node(h, p->device, false, c);
	snprintf(raw, sizeof(raw), "/dev/bus/usb/%03u/%03u", p->busnum,
		 p->devnum);
	stl_check_node(h, raw, true, c);
	stl_check_firmware(usb, c);
}

/* Those that are meant come first; returns how many */
static size_t meant(struct stl_usb *list, size_t num,
		    const struct stl_select *select)
{
	struct stl_probe *probes = calloc(num + 1, sizeof(*probes));
	bool *hit = calloc(num + 1, sizeof(*hit));
	size_t i, n = num;

	for (i = 0; probes && hit && i < num; i++)
		probes[i] = list[i].probe;
	if (probes && hit) {
		stl_probe_match(probes, num, select, hit);
		for (i = 0, n = 0; i < num; i++) {
			if (hit[i])
				list[n++] = list[i];
		}
	}
	free(probes);
	free(hit);
	return n;
}

void stl_check_probes(const struct stl_host *h,
		      const struct stl_select *select, struct stl_checks *c)
{
	struct stl_error err = { 0 };
	size_t num, all, i, good = 0;
	struct stl_usb *list;
	struct stl_check *k;

	if (stl_usb_list(&list, &all, &err)) {
		stl_bad(c, "probe", err.code, "%s", err.message);
		return;
	}
	stl_usb_ask(list, all);
	stl_check_serials(list, all, c);
	num = meant(list, all, select);
	for (i = 0; i < num; i++) {
		good += list[i].supported;
		check_probe(h, &list[i], c);
	}
	free(list);
	if (good)
		return;
	k = stl_bad(c, "probe", STL_NO_PROBE, num < all ?
		    "no such ST-Link V2 is plugged in" :
		    "no ST-Link V2 (USB 0483:3748, 374b or 3752) is plugged in");
	stl_todo(k, "plug it in; if it is: try another cable (some only charge) and another socket, and look whether lsusb shows it");
}
