/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parts of detach and attach: which probe is meant, and waiting for its node.
 */
#ifndef STL_BIND_PRIV_H
#define STL_BIND_PRIV_H

#include "usb.h"

/** enum stl_has - who has the debug interface of a probe; a set of them too */
enum stl_has {
	STL_HAS_NONE = 1,
	STL_HAS_OURS = 2,
	STL_HAS_LIBUSB = 4,
	STL_HAS_OTHER = 8,
};

/** stl_bind_state() - who has the debug interface */
enum stl_has stl_bind_state(const struct stl_usb *usb);

/**
 * stl_bind_choose() - the one of @list that is meant
 * @list: from stl_usb_list(), supported ones only
 * @num: how many
 * @select: what is known, or NULL
 * @order: sets of enum stl_has up to a 0: among those that match, one of an
 *	earlier set is preferred
 * @already: for these nothing has to be done, so it may be several
 * @index: out: position in @list
 * @several: out: how many of @already, if the choice fell on them; else 1
 * @err: as stl_probe_choose(). Pure function
 */
int stl_bind_choose(struct stl_usb *list, size_t num,
		    const struct stl_select *select, const unsigned int *order,
		    unsigned int already, size_t *index, size_t *several,
		    struct stl_error *err);

/** stl_bind_pick() - the same from all that are plugged in, into @usb */
int stl_bind_pick(const struct stl_select *select, const unsigned int *order,
		  unsigned int already, struct stl_usb *usb, size_t *several,
		  struct stl_error *err);

/**
 * stl_bind_wait() - wait until a probe has a node that can be used
 * @usb: one that the driver has
 * @probe: out
 * @err: STL_NO_PROBE, STL_NO_PERMISSION
 */
int stl_bind_wait(const struct stl_usb *usb, struct stl_probe *probe,
		  struct stl_error *err);

#endif
