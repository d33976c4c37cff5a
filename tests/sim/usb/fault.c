// SPDX-License-Identifier: GPL-2.0-only
/* What goes wrong with an answer on its way to the host. */
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"

/* The first answer of @ep, with @len bytes that are still to be sent */
static struct usb_answer *resize(struct usb_device *dev,
				 struct usb_endpoint *ep, size_t len)
{
	struct usb_answer *old = ep->answers, *a;
	size_t had = old->len - old->sent;

	a = calloc(1, sizeof(*a) + len);
	if (!a)
		abort();
	*a = *old;
	a->sent = 0;
	a->len = len;
	a->zlp = dev->opt.zlp && len && len % USB_PACKET == 0;
	memset(a->data, 0xa5, len);
	memcpy(a->data, old->data + old->sent, had < len ? had : len);
	ep->answers = a;
	if (!a->next)
		ep->answers_tail = &a->next;
	free(old);
	return a;
}

/* xorshift32 */
static void randomize(uint8_t *data, size_t len, uint32_t seed)
{
	uint32_t x = seed * 2654435761u | 1;
	size_t i;

	for (i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		data[i] = x >> 24;
	}
}

static void lose(struct usb_device *dev, struct usb_endpoint *ep,
		 enum usb_result result, uint64_t start)
{
	usb_drop_answer(ep);
	usb_finish(dev, ep, result, start);
}

/**
 * usb_fault_in() - what becomes of the first answer of @ep
 *
 * Return: false: the transfer has nothing to get; true: go on.
 */
bool usb_fault_in(struct usb_device *dev, struct usb_endpoint *ep,
		  uint64_t start)
{
	struct usb_urb *urb = ep->pending;
	struct usb_answer *a = ep->answers;
	size_t left = a->len - a->sent, n = urb->fault_arg;

	switch (urb->fault) {
	case USB_FAULT_LATE:
		return false;
	case USB_FAULT_SILENCE:
		usb_drop_answer(ep);
		return true;
	case USB_FAULT_STALL:
		ep->halted = true;
		lose(dev, ep, USB_STALL, start);
		return true;
	case USB_FAULT_ERROR:
		lose(dev, ep, USB_IOERROR, start);
		return true;
	case USB_FAULT_BABBLE:
		urb->actual = urb->len;
		lose(dev, ep, USB_BABBLE, start);
		return true;
	case USB_FAULT_CUT:
		n = left / 2 < urb->len ? left / 2 : urb->len;
		memcpy(urb->data, a->data + a->sent, n);
		urb->actual = n;
		lose(dev, ep, USB_IOERROR, start);
		return true;
	case USB_FAULT_SHORT:
		resize(dev, ep, n < left ? left - n : 0);
		break;
	case USB_FAULT_LONG:
		resize(dev, ep, left + n);
		break;
	case USB_FAULT_GARBAGE:
		randomize(a->data + a->sent, left, n);
		break;
	case USB_FAULT_NONE:
	case USB_FAULT_LOST:
	case USB_FAULT_AFTER:
		break;
	}
	urb->fault = USB_FAULT_NONE;
	return true;
}
