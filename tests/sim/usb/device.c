// SPDX-License-Identifier: GPL-2.0-only
/* Control requests and the life of the device. */
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"

/* USB 2.0, table 9-4 */
enum {
	GET_STATUS = 0,
	CLEAR_FEATURE = 1,
	SET_FEATURE = 3,
	SET_ADDRESS = 5,
	GET_DESCRIPTOR = 6,
	GET_CONFIGURATION = 8,
	SET_CONFIGURATION = 9,
	GET_INTERFACE = 10,
	SET_INTERFACE = 11,
};

enum { DT_DEVICE = 1, DT_CONFIG = 2, DT_STRING = 3 };

/* class requests: CDC PSTN 1.2, table 13, and mass storage BOT, 3.1 and 3.2 */
#define CDC_SET_LINE_CODING	0x20
#define CDC_GET_LINE_CODING	0x21
#define CDC_SET_CONTROL_LINES	0x22
#define CDC_SEND_BREAK		0x23
#define BOT_GET_MAX_LUN		0xfe
#define BOT_RESET		0xff

struct usb_device *usb_new(const struct usb_options *options,
			   const struct usb_hooks *hooks)
{
	static const uint8_t coding_115200_8n1[7] = { 0, 0xc2, 1, 0, 0, 0, 8 };
	struct usb_endpoint_info info[12];
	struct usb_device *dev = calloc(1, sizeof(*dev));
	unsigned int i;

	if (!dev)
		return NULL;
	dev->opt = *options;
	dev->hooks = *hooks;
	memcpy(dev->line_coding, coding_115200_8n1, sizeof(dev->line_coding));
	dev->num_eps = usb_endpoints(options->pid, info);
	for (i = 0; i < dev->num_eps; i++) {
		dev->eps[i].info = info[i];
		dev->eps[i].pending_tail = &dev->eps[i].pending;
		dev->eps[i].answers_tail = &dev->eps[i].answers;
	}
	return dev;
}

static void clear_endpoints(struct usb_device *dev)
{
	unsigned int i;

	for (i = 0; i < dev->num_eps; i++)
		usb_endpoint_clear(dev, &dev->eps[i]);
	storage_reset(&dev->storage);
}

void usb_unplug(struct usb_device *dev)
{
	struct usb_urb *urb;

	dev->configuration = 0;
	clear_endpoints(dev);
	while ((urb = dev->done)) {
		dev->done = urb->next;
		free(urb);
	}
}

void usb_reset(struct usb_device *dev)
{
	usb_unplug(dev);
	dev->hooks.reset(dev->hooks.ctx);
}

void usb_free(struct usb_device *dev)
{
	if (!dev)
		return;
	usb_unplug(dev);
	free(dev);
}

uint8_t usb_configuration(const struct usb_device *dev)
{
	return dev->configuration;
}

static void reset_toggles(struct usb_endpoint *ep, bool own)
{
	ep->halted = false;
	ep->host_toggle = false;
	if (own)
		ep->own_toggle = false;
}

enum usb_result usb_set_configuration(struct usb_device *dev, uint8_t value)
{
	/* what a killed host may have left: a debug register that it read */
	static const uint8_t dhcsr[8] = { 0x80, 0, 0, 0, 3, 0, 3, 0 };
	unsigned int i;

	if (value > 1)
		return USB_STALL;
	dev->configuration = value;
	for (i = 0; i < dev->num_eps; i++)
		reset_toggles(&dev->eps[i], true);
	if (value && dev->opt.stale_in) {
		dev->opt.stale_in = false;
		usb_answer(dev, USB_DEBUG_IN, dhcsr, sizeof(dhcsr), 0);
	}
	return USB_OK;
}

enum usb_result usb_set_interface(struct usb_device *dev, uint8_t interface,
				  uint8_t alt)
{
	struct usb_interface list[8];
	unsigned int i;

	if (!dev->configuration || alt ||
	    interface >= usb_interfaces(dev->opt.pid, list))
		return USB_STALL;
	for (i = 0; i < dev->num_eps; i++)
		if (dev->eps[i].info.interface == interface)
			reset_toggles(&dev->eps[i], !dev->opt.toggle_ignored);
	return USB_OK;
}

static enum usb_result give(const struct usb_setup *setup, uint8_t *data,
			    size_t *len, const uint8_t *what, size_t n)
{
	*len = n < setup->length ? n : setup->length;
	memcpy(data, what, *len);
	return USB_OK;
}

static enum usb_result get_descriptor(struct usb_device *dev,
				      const struct usb_setup *setup,
				      uint8_t *data, size_t *len)
{
	const uint8_t *d;
	uint8_t text[256];
	size_t n;

	switch (setup->value >> 8) {
	case DT_DEVICE:
		d = usb_device_descriptor(dev->opt.pid);
		return give(setup, data, len, d, d[0]);
	case DT_CONFIG:
		if (setup->value & 0xff)
			return USB_STALL;
		d = usb_config_descriptor(dev->opt.pid);
		return give(setup, data, len, d, d[2] | d[3] << 8);
	case DT_STRING:
		n = usb_string_descriptor(&dev->opt, setup->value & 0xff, text);
		if (!n)
			return USB_STALL;
		return give(setup, data, len, text, n);
	}
	/* no device qualifier: full speed only */
	return USB_STALL;
}

static enum usb_result get_status(struct usb_device *dev,
				  const struct usb_setup *setup, uint8_t *data,
				  size_t *len)
{
	struct usb_endpoint *ep;
	uint8_t status[2] = { 0, 0 };

	if ((setup->type & 0x1f) == 2 && (setup->index & 0x7f)) {
		ep = usb_find_ep(dev, setup->index);
		if (!ep)
			return USB_STALL;
		status[0] = ep->halted;
	}
	return give(setup, data, len, status, 2);
}

static enum usb_result feature(struct usb_device *dev,
			       const struct usb_setup *setup)
{
	struct usb_endpoint *ep;

	/* ENDPOINT_HALT only; no remote wake-up */
	if ((setup->type & 0x1f) != 2 || setup->value != 0)
		return USB_STALL;
	if (!(setup->index & 0x7f))
		return USB_OK;
	ep = usb_find_ep(dev, setup->index);
	if (!ep)
		return USB_STALL;
	if (setup->request == SET_FEATURE) {
		ep->halted = true;
		usb_endpoint_run(dev, ep);
	} else {
		usb_clear_halt(dev, ep);
	}
	return USB_OK;
}

static enum usb_result standard(struct usb_device *dev,
				const struct usb_setup *setup, uint8_t *data,
				size_t *len)
{
	static const uint8_t zero;

	switch (setup->request) {
	case GET_STATUS:
		return get_status(dev, setup, data, len);
	case CLEAR_FEATURE:
	case SET_FEATURE:
		return feature(dev, setup);
	case SET_ADDRESS:
		return USB_OK;
	case GET_DESCRIPTOR:
		return get_descriptor(dev, setup, data, len);
	case GET_CONFIGURATION:
		return give(setup, data, len, &dev->configuration, 1);
	case SET_CONFIGURATION:
		return usb_set_configuration(dev, setup->value);
	case GET_INTERFACE:
		return give(setup, data, len, &zero, 1);
	case SET_INTERFACE:
		return usb_set_interface(dev, setup->index, setup->value);
	}
	return USB_STALL;
}

static enum usb_result class_request(struct usb_device *dev,
				     const struct usb_setup *setup,
				     uint8_t *data, size_t *len, size_t got)
{
	static const uint8_t no_more_luns;
	struct usb_interface list[8];
	unsigned int n = usb_interfaces(dev->opt.pid, list);
	unsigned int i = setup->index & 0xff;

	if ((setup->type & 0x1f) != 1 || i >= n)
		return USB_STALL;
	if (list[i].class == 8) {
		if (setup->request == BOT_GET_MAX_LUN)
			return give(setup, data, len, &no_more_luns, 1);
		if (setup->request != BOT_RESET)
			return USB_STALL;
		storage_reset(&dev->storage);
		return USB_OK;
	}
	if (list[i].class != 2)
		return USB_STALL;
	switch (setup->request) {
	case CDC_SET_LINE_CODING:
		if (got != sizeof(dev->line_coding))
			return USB_STALL;
		memcpy(dev->line_coding, data, got);
		return USB_OK;
	case CDC_GET_LINE_CODING:
		return give(setup, data, len, dev->line_coding,
			    sizeof(dev->line_coding));
	case CDC_SET_CONTROL_LINES:
	case CDC_SEND_BREAK:
		return USB_OK;
	}
	return USB_STALL;
}

enum usb_result usb_control(struct usb_device *dev,
			    const struct usb_setup *setup, uint8_t *data,
			    size_t *len)
{
	size_t got = *len;

	*len = 0;
	switch (setup->type & 0x60) {
	case 0x00:
		return standard(dev, setup, data, len);
	case 0x20:
		return class_request(dev, setup, data, len, got);
	}
	return USB_STALL;
}

struct usb_counters *usb_counters(struct usb_device *dev)
{
	return &dev->counters;
}
