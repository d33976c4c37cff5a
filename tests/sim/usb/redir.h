/* SPDX-License-Identifier: GPL-2.0-only */
/* usbredir server on a unix socket: QEMU's usb-redir connects to it. */
#ifndef SIM_USB_REDIR_H
#define SIM_USB_REDIR_H

#include <poll.h>

#include "device.h"

struct redir;

/** REDIR_FDS - descriptors that redir_poll() fills in */
#define REDIR_FDS	2

/**
 * redir_new() - listen at @path
 *
 * One connection at a time; when it ends the next is accepted.
 *
 * Return: NULL with errno set.
 */
struct redir *redir_new(const char *path, uint16_t pid, struct usb_device *dev,
			uint64_t (*now)(void));
void redir_free(struct redir *r);

/** redir_plug() - the device is on the bus, or is not */
void redir_plug(struct redir *r, bool plugged);

/** redir_poll() - what to wait for; entries not in use have fd -1 */
void redir_poll(const struct redir *r, struct pollfd fds[REDIR_FDS]);
/** redir_handle() - after poll(), and when a transfer is due */
void redir_handle(struct redir *r, const struct pollfd fds[REDIR_FDS]);

#endif
