/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the USB device; for the files of this directory only. */
#ifndef SIM_USB_ENDPOINT_H
#define SIM_USB_ENDPOINT_H

#include "device.h"

/** struct usb_answer - data that waits in an IN endpoint */
struct usb_answer {
	struct usb_answer *next;
	bool halt;		/* no data: the endpoint halts here */
	bool zlp;		/* an empty packet follows */
	uint64_t ready;
	size_t len;
	size_t sent;
	uint8_t data[];
};

/**
 * struct usb_endpoint - one endpoint
 * @host_toggle: DATA0 or DATA1 as the host sends or expects next
 * @own_toggle: the same as the device sees it
 * @busy: until when the bus is taken by the transfer before
 */
struct usb_endpoint {
	struct usb_endpoint_info info;
	bool halted;
	bool host_toggle, own_toggle;
	uint64_t busy;
	struct usb_urb *pending, **pending_tail;
	struct usb_answer *answers, **answers_tail;
};

struct usb_device {
	struct usb_options opt;
	struct usb_hooks hooks;
	struct usb_counters counters;
	struct usb_storage storage;
	uint8_t configuration;
	uint8_t line_coding[7];
	uint64_t now;
	unsigned int num_eps;
	struct usb_endpoint eps[12];
	struct usb_urb *done;	/* sorted by due */
};

struct usb_endpoint *usb_find_ep(struct usb_device *dev, uint8_t addr);
void usb_endpoint_clear(struct usb_device *dev, struct usb_endpoint *ep);
void usb_endpoint_run(struct usb_device *dev, struct usb_endpoint *ep);
void usb_clear_halt(struct usb_device *dev, struct usb_endpoint *ep);
void usb_finish(struct usb_device *dev, struct usb_endpoint *ep,
		enum usb_result result, uint64_t start);
void usb_drop_answer(struct usb_endpoint *ep);

/* fault.c */
bool usb_fault_in(struct usb_device *dev, struct usb_endpoint *ep,
		  uint64_t start);

#endif
