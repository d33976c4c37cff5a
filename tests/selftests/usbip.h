/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A USB device on a port of vhci-hcd, answered from this process: full speed,
 * unless it is to be otherwise.
 *
 * The wire format is that of Documentation/usb/usbip_protocol.rst; vhci-hcd
 * takes any stream socket, so one end of a socketpair does.
 */
#ifndef SELFTESTS_USBIP_H
#define SELFTESTS_USBIP_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Packet size of full-speed bulk endpoints (USB 2.0, 5.8.3), and the largest */
#define USBIP_PACKET	64
#define USBIP_PACKET_HS	512
/* An answer that is due at this time is held until usbip_release() */
#define USBIP_HELD	UINT64_MAX

struct usbip_dev;

/**
 * struct usbip_ops - what the device behind the port does
 * @control: request on endpoint 0; an IN request puts its data into @data
 *	(room for 4096 bytes) and returns the length, an OUT request returns 0;
 *	-1 stalls
 * @bulk_out: one OUT transfer; 0, -EPIPE to stall the endpoint, -EPROTO for a bus
 *	error, or in how many ms the controller will be through with it: until then
 *	the host may take it back
 * @unlinked: the host took back a transfer of endpoint @ep; @input is its
 *	direction
 * @overflow: an answer was longer than the buffer that the host offered
 *
 * All are called from the device's thread with the device locked.
 */
struct usbip_ops {
	int (*control)(void *ctx, const uint8_t setup[8], uint8_t *data);
	int (*bulk_out)(void *ctx, unsigned int ep, const uint8_t *data,
			size_t len);
	void (*unlinked)(void *ctx, unsigned int ep, bool input);
	void (*overflow)(void *ctx, unsigned int ep);
};

struct usbip_dev *usbip_create(const struct usbip_ops *ops, void *ctx);
void usbip_destroy(struct usbip_dev *dev);
void usbip_high_speed(struct usbip_dev *dev);
bool usbip_available(void);
int usbip_plug(struct usbip_dev *dev);
void usbip_unplug(struct usbip_dev *dev);
void usbip_vanish(struct usbip_dev *dev);
bool usbip_busid(struct usbip_dev *dev, char *busid, size_t len);
void usbip_lock(struct usbip_dev *dev);
void usbip_unlock(struct usbip_dev *dev);
void usbip_answer(struct usbip_dev *dev, unsigned int ep, const void *data,
		  size_t len, uint64_t due_ns);
void usbip_stall(struct usbip_dev *dev, unsigned int ep);
void usbip_release(struct usbip_dev *dev);
void usbip_flush(struct usbip_dev *dev);
unsigned int usbip_queued(struct usbip_dev *dev, unsigned int ep);
unsigned int usbip_waiting(struct usbip_dev *dev, unsigned int ep);
uint64_t now_ns(void);
uint64_t patience(uint64_t ns);

#endif
