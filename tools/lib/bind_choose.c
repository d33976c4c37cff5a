// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which probe is to be detached or attached: a detached one has no node, and
 * who has it matters for what is meant.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bind_priv.h"

enum stl_has stl_bind_state(const struct stl_usb *usb)
{
	if (!*usb->driver)
		return STL_HAS_NONE;
	if (!strcmp(usb->driver, STL_DRIVER))
		return STL_HAS_OURS;
	return strcmp(usb->driver, "usbfs") ? STL_HAS_OTHER : STL_HAS_LIBUSB;
}

/* A serial number of which only the beginning is seen is taken for that asked */
static void complete_serial(struct stl_usb *usb, const char *asked)
{
	struct stl_probe *p = &usb->probe;
	size_t have = strlen(p->serial);

	if (usb->cut && have && asked && strlen(asked) == 24 &&
	    !strncasecmp(p->serial, asked, have))
		strcpy(p->serial, asked);
}

int stl_bind_choose(struct stl_usb *list, size_t num,
		    const struct stl_select *select, const unsigned int *order,
		    unsigned int already, size_t *index, size_t *several,
		    struct stl_error *err)
{
	struct stl_probe *probes = calloc(num + 1, sizeof(*probes));
	bool *hit = calloc(num + 1, sizeof(*hit));
	size_t i, n = 0;
	int ret;

	*several = 1;
	if (!probes || !hit) {
		ret = stl_fail(err, STL_NO_PROBE, "out of memory");
		goto out;
	}
	for (i = 0; i < num; i++) {
		if (select)
			complete_serial(&list[i], select->serial);
		probes[i] = list[i].probe;
	}
	if (!stl_probe_match(probes, num, select, hit)) {
		ret = stl_probe_choose(probes, num, select, index, err);
		goto out;
	}
	for (; *order && !n; order++) {
		for (i = num; i--;) {
			if (!hit[i] || !(stl_bind_state(&list[i]) & *order))
				continue;
			*index = i;
			probes[num - ++n] = list[i].probe;
		}
		if (n && *order == already)
			*several = n;
	}
	/* the first of those that need nothing stands for them all */
	ret = *several > 1 || n == 1 ? STL_OK :
	      stl_probe_choose(probes + num - n, n, NULL, index, err);
out:
	free(probes);
	free(hit);
	return ret;
}

int stl_bind_pick(const struct stl_select *select, const unsigned int *order,
		  unsigned int already, struct stl_usb *usb, size_t *several,
		  struct stl_error *err)
{
	struct stl_select sel = { 0 };
	size_t num, i, kept = 0, index;
	struct stl_usb *list;
	char *real = NULL;
	int ret;

	if (select)
		sel = *select;
	ret = stl_usb_list(&list, &num, err);
	if (ret)
		return ret;
	for (i = 0; i < num; i++) {
		if (list[i].supported)
			list[kept++] = list[i];
	}
	/* a link such as those of udev names the node too */
	if (sel.device && strchr(sel.device, '/'))
		real = realpath(sel.device, NULL);
	if (real)
		sel.device = real;
	ret = stl_bind_choose(list, kept, &sel, order, already, &index,
			      several, err);
	if (!ret)
		*usb = list[index];
	else if (!kept)
		stl_usb_explain(err, true);
	else if (ret == STL_NO_PROBE && sel.device)
		stl_hint(err,
			 "a detached probe has no node: choose it by --serial or --usb-path");
	free(real);
	free(list);
	return ret;
}
