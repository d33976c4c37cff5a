// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bulk transfers, packet by packet: what the host's buffer and the device's
 * packets make of each other (short packets, babble), halts, data toggles, and
 * how long it all takes.
 */
#include <stdlib.h>
#include <string.h>

#include "../timing.h"
#include "endpoint.h"

struct usb_endpoint *usb_find_ep(struct usb_device *dev, uint8_t addr)
{
	unsigned int i;

	for (i = 0; i < dev->num_eps; i++)
		if (dev->eps[i].info.addr == addr)
			return &dev->eps[i];
	return NULL;
}

static bool is_debug(const struct usb_endpoint *ep)
{
	return ep->info.interface == 0;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static struct usb_urb *take_pending(struct usb_endpoint *ep)
{
	struct usb_urb *urb = ep->pending;

	ep->pending = urb->next;
	if (!ep->pending)
		ep->pending_tail = &ep->pending;
	return urb;
}

/** usb_finish() - the first pending transfer of @ep ends with @result */
void usb_finish(struct usb_device *dev, struct usb_endpoint *ep,
		enum usb_result result, uint64_t start)
{
	struct usb_urb *urb = take_pending(ep);
	struct usb_urb **at;

	urb->result = result;
	urb->due = start;
	if (!dev->opt.fast)
		urb->due += T_USB_PHASE_NS + urb->actual * T_USB_BYTE_NS;
	ep->busy = urb->due;
	if (is_debug(ep)) {
		if (urb->ep & 0x80)
			dev->counters.bytes_in += urb->actual;
		else
			dev->counters.bytes_out += urb->actual;
	}
	for (at = &dev->done; *at && (*at)->due <= urb->due; at = &(*at)->next)
		;
	urb->next = *at;
	*at = urb;
	if (urb->fault == USB_FAULT_CUT || urb->fault == USB_FAULT_AFTER)
		dev->hooks.gone(dev->hooks.ctx, urb->due);
}

/** usb_drop_answer() - the first answer of @ep has been fetched, or is lost */
void usb_drop_answer(struct usb_endpoint *ep)
{
	struct usb_answer *a = ep->answers;

	ep->answers = a->next;
	if (!ep->answers)
		ep->answers_tail = &ep->answers;
	free(a);
}

static void function_out(struct usb_device *dev, struct usb_endpoint *ep,
			 const uint8_t *data, size_t len, uint64_t t)
{
	if (is_debug(ep))
		dev->hooks.out(dev->hooks.ctx, data, len, t);
	else if (ep->info.addr == 0x03)
		storage_out(dev, &dev->storage, 0x83, data, len, t);
	/* the virtual serial port is connected to nothing */
}

/* the head urb; false: nothing to do */
static bool run_out(struct usb_device *dev, struct usb_endpoint *ep)
{
	struct usb_urb *urb = ep->pending;
	uint64_t start = later(urb->submitted, ep->busy), t;
	bool cut = urb->fault == USB_FAULT_CUT;
	size_t len = urb->len;

	if (urb->fault == USB_FAULT_SILENCE || urb->fault == USB_FAULT_LATE)
		return false;
	if (urb->fault == USB_FAULT_STALL)
		ep->halted = true;
	if (ep->halted || urb->fault == USB_FAULT_ERROR) {
		usb_finish(dev, ep, ep->halted ? USB_STALL : USB_IOERROR,
			   start);
		return true;
	}
	if (cut && len > USB_PACKET)
		len = (len / 2 + USB_PACKET - 1) / USB_PACKET * USB_PACKET;
	/* a busy function NAKs */
	if (is_debug(ep))
		start = later(start, dev->hooks.busy_until(dev->hooks.ctx));
	do {
		size_t n = len - urb->actual;
		bool seen = ep->host_toggle == ep->own_toggle;

		n = n < USB_PACKET ? n : USB_PACKET;
		t = start;
		if (!dev->opt.fast)
			t += T_USB_PHASE_NS + (urb->actual + n) * T_USB_BYTE_NS;
		ep->host_toggle = !ep->host_toggle;
		/* a packet that looks like a repeat is ACKed and dropped */
		if (seen) {
			ep->own_toggle = !ep->own_toggle;
			function_out(dev, ep, urb->data + urb->actual, n, t);
		}
		urb->actual += n;
	} while (urb->actual < len);
	usb_finish(dev, ep, cut ? USB_IOERROR : USB_OK, start);
	return true;
}

/* one packet from the head answer into the head urb; false: nothing to do */
static bool move_packet(struct usb_device *dev, struct usb_endpoint *ep)
{
	struct usb_urb *urb = ep->pending;
	struct usb_answer *a = ep->answers;
	size_t n, room = urb->len - urb->actual;
	uint64_t start;
	bool seen;

	if (!a)
		return false;
	start = later(later(urb->submitted, ep->busy), a->ready);
	if (a->halt) {
		ep->halted = true;
		usb_drop_answer(ep);
		usb_finish(dev, ep, USB_STALL, start);
		return true;
	}
	if (urb->fault && urb->fault != USB_FAULT_AFTER)
		return usb_fault_in(dev, ep, start);
	n = a->len - a->sent;
	n = n < USB_PACKET ? n : USB_PACKET;
	seen = ep->host_toggle == ep->own_toggle;
	ep->own_toggle = !ep->own_toggle;
	if (seen) {
		size_t fits = n < room ? n : room;

		ep->host_toggle = !ep->host_toggle;
		memcpy(urb->data + urb->actual, a->data + a->sent, fits);
		urb->actual += fits;
	}
	a->sent += n;
	if (a->sent == a->len) {
		if (a->zlp && n)
			a->zlp = false;
		else
			usb_drop_answer(ep);
	}
	if (!seen)		/* the host threw it away as a repeat */
		return true;
	if (n > room)
		usb_finish(dev, ep, USB_BABBLE, start);
	else if (n < USB_PACKET || urb->actual == urb->len)
		usb_finish(dev, ep, USB_OK, start);
	return true;
}

/** usb_endpoint_run() - do whatever can be done on @ep */
void usb_endpoint_run(struct usb_device *dev, struct usb_endpoint *ep)
{
	while (ep->pending) {
		if (!(ep->info.addr & 0x80)) {
			if (!run_out(dev, ep))
				return;
		} else if (ep->halted) {
			usb_finish(dev, ep, USB_STALL,
				   later(ep->pending->submitted, ep->busy));
		} else if (!move_packet(dev, ep)) {
			return;
		}
	}
}

/** usb_endpoint_clear() - forget all that is queued; toggles to DATA0 */
void usb_endpoint_clear(struct usb_device *dev, struct usb_endpoint *ep)
{
	(void)dev;
	while (ep->answers)
		usb_drop_answer(ep);
	while (ep->pending)
		free(take_pending(ep));
	ep->halted = false;
	ep->host_toggle = false;
	ep->own_toggle = false;
	ep->busy = 0;
}

/** usb_clear_halt() - the host starts again with DATA0, and the device? */
void usb_clear_halt(struct usb_device *dev, struct usb_endpoint *ep)
{
	bool was_halted = ep->halted;

	ep->halted = false;
	ep->host_toggle = false;
	if (!dev->opt.toggle_ignored)
		ep->own_toggle = false;
	if (was_halted && ep->info.addr == 0x83 && dev->opt.pid == 0x374b)
		storage_halt_cleared(dev, &dev->storage, 0x83, dev->now);
	usb_endpoint_run(dev, ep);
}

struct usb_urb *usb_urb_new(uint64_t id, uint8_t ep, const uint8_t *data,
			    size_t len)
{
	struct usb_urb *urb = calloc(1, sizeof(*urb) + len);

	if (!urb)
		abort();
	urb->id = id;
	urb->ep = ep;
	urb->len = len;
	if (data)
		memcpy(urb->data, data, len);
	return urb;
}

void usb_submit(struct usb_device *dev, struct usb_urb *urb, uint64_t now_ns)
{
	struct usb_endpoint *ep = usb_find_ep(dev, urb->ep);

	dev->now = later(dev->now, now_ns);
	urb->submitted = now_ns;
	if (!ep || !dev->configuration) {
		urb->result = USB_IOERROR;
		urb->due = now_ns;
		urb->next = dev->done;
		dev->done = urb;
		return;
	}
	if (is_debug(ep)) {
		dev->counters.transfers++;
		dev->hooks.transfer(dev->hooks.ctx, urb);
		if (urb->fault == USB_FAULT_LOST) {
			free(urb);
			return;
		}
	}
	*ep->pending_tail = urb;
	ep->pending_tail = &urb->next;
	usb_endpoint_run(dev, ep);
}

static struct usb_urb *remove_urb(struct usb_urb **list, uint64_t id)
{
	struct usb_urb *urb;

	for (; *list; list = &(*list)->next) {
		if ((*list)->id != id)
			continue;
		urb = *list;
		*list = urb->next;
		return urb;
	}
	return NULL;
}

struct usb_urb *usb_cancel(struct usb_device *dev, uint64_t id)
{
	unsigned int i;

	for (i = 0; i < dev->num_eps; i++) {
		struct usb_endpoint *ep = &dev->eps[i];
		struct usb_urb *urb = remove_urb(&ep->pending, id);

		if (!urb)
			continue;
		ep->pending_tail = &ep->pending;
		while (*ep->pending_tail)
			ep->pending_tail = &(*ep->pending_tail)->next;
		return urb;
	}
	/* done, though the host does not know it yet */
	return remove_urb(&dev->done, id);
}

struct usb_urb *usb_abandon(struct usb_device *dev)
{
	struct usb_urb *urb = dev->done;
	unsigned int i;

	for (i = 0; i < dev->num_eps; i++)
		if (dev->eps[i].pending)
			return take_pending(&dev->eps[i]);
	if (urb)
		dev->done = urb->next;
	return urb;
}

uint64_t usb_next_due(const struct usb_device *dev)
{
	return dev->done ? dev->done->due : UINT64_MAX;
}

struct usb_urb *usb_reap(struct usb_device *dev, uint64_t now_ns)
{
	struct usb_urb *urb = dev->done;

	dev->now = later(dev->now, now_ns);
	if (!urb || urb->due > now_ns)
		return NULL;
	dev->done = urb->next;
	return urb;
}

static void queue_answer(struct usb_device *dev, uint8_t addr,
			 struct usb_answer *a)
{
	struct usb_endpoint *ep = usb_find_ep(dev, addr);

	if (!ep) {
		free(a);
		return;
	}
	*ep->answers_tail = a;
	ep->answers_tail = &a->next;
	usb_endpoint_run(dev, ep);
}

void usb_answer(struct usb_device *dev, uint8_t ep, const uint8_t *data,
		size_t len, uint64_t ready_ns)
{
	struct usb_answer *a = calloc(1, sizeof(*a) + len);

	if (!a)
		abort();
	a->ready = ready_ns;
	a->len = len;
	a->zlp = dev->opt.zlp && len && len % USB_PACKET == 0;
	if (len)
		memcpy(a->data, data, len);
	queue_answer(dev, ep, a);
}

void usb_halt(struct usb_device *dev, uint8_t ep, uint64_t ready_ns)
{
	struct usb_answer *a = calloc(1, sizeof(*a));

	if (!a)
		abort();
	a->halt = true;
	a->ready = ready_ns;
	queue_answer(dev, ep, a);
}
