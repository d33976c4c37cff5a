// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for the driver and for others at the same time.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <string.h>

#include "control.h"

int stl_control_poll(struct stl_target *t, struct pollfd *others,
		     unsigned int num, int timeout_ms, uint32_t *events,
		     struct stl_error *err)
{
	struct pollfd fds[STL_MAX_OTHERS + 1];
	int ret;

	*events = 0;
	fds[0] = (struct pollfd){ .fd = t->fd, .events = POLLPRI };
	memcpy(fds + 1, others, num * sizeof(*others));
	ret = poll(fds, num + 1, timeout_ms);
	if (ret < 0 && errno != EINTR)
		return stl_fail(err, STL_LINK, "waiting: %s", strerror(errno));
	if (ret < 0)
		return STL_OK;
	memcpy(others, fds + 1, num * sizeof(*others));
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
		*events = STLINK_EVENT_REMOVED;
		stl_fail(err, STL_NO_PROBE, "%s: the probe was unplugged",
			 t->probe.device);
		if (err)
			err->errnum = ENODEV;
		return STL_NO_PROBE;
	}
	if (fds[0].revents & POLLPRI)
		return stl_control_events(t, events, err);
	return STL_OK;
}
