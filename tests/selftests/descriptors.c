// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors and control requests.
 *
 * A V2 as dumped from a 2011 probe; a V2-1 with the interfaces of a Nucleo
 * board. Requests by USB 2.0, 9.4.
 */
#include <stdio.h>
#include <string.h>

#include "probe.h"

#define REQ_GET_STATUS		0x00
#define REQ_CLEAR_FEATURE	0x01
#define REQ_GET_DESCRIPTOR	0x06
#define REQ_GET_CONFIG		0x08
#define REQ_SET_CONFIG		0x09
#define REQ_GET_INTERFACE	0x0a
#define REQ_SET_INTERFACE	0x0b

#define BULK		2
#define INTERRUPT	3

static size_t put_endpoint(uint8_t *d, uint8_t addr, uint8_t type)
{
	const uint8_t ep[7] = { 7, 5, addr, type, USBIP_PACKET, 0,
				type == INTERRUPT ? 10 : 0 };

	memcpy(d, ep, sizeof(ep));
	return sizeof(ep);
}

static size_t put_interface(uint8_t *d, uint8_t number, uint8_t endpoints,
			    uint8_t class, uint8_t sub, uint8_t protocol,
			    uint8_t string)
{
	const uint8_t itf[9] = { 9, 4, number, 0, endpoints, class, sub,
				 protocol, string };

	memcpy(d, itf, sizeof(itf));
	return sizeof(itf);
}

static size_t put_debug(struct probe *p, uint8_t *d)
{
	enum usb_shape shape = p->opt.shape;
	uint8_t type = shape == SHAPE_INTERRUPT ? INTERRUPT : BULK;
	uint8_t class = shape == SHAPE_WRONG_CLASS ? 0x03 : 0xff;
	bool in = shape != SHAPE_NO_IN && shape != SHAPE_NO_ENDPOINTS;
	bool out = shape != SHAPE_NO_OUT && shape != SHAPE_NO_ENDPOINTS;
	bool trace = in && shape != SHAPE_SWAPPED;
	size_t n;

	n = put_interface(d, 0, in + out + trace, class, class, class, 4);
	if (shape == SHAPE_SWAPPED && out)
		n += put_endpoint(d + n, p->ep_out, type);
	if (in)
		n += put_endpoint(d + n, 0x80 | p->ep_in, type);
	if (shape != SHAPE_SWAPPED && out)
		n += put_endpoint(d + n, p->ep_out, type);
	if (trace)
		n += put_endpoint(d + n, p->ep_out == 2 ? 0x83 : 0x82, type);
	return n;
}

static size_t put_cdc(uint8_t *d, uint8_t first)
{
	const uint8_t iad[8] = { 8, 0x0b, first, 2, 2, 2, 1, 0 };
	const uint8_t functional[19] = {
		5, 0x24, 0x00, 0x10, 0x01,		/* header, CDC 1.10 */
		5, 0x24, 0x01, 0x00, first + 1,		/* call management */
		4, 0x24, 0x02, 0x02,			/* ACM */
		5, 0x24, 0x06, first, first + 1,	/* union */
	};
	size_t n = sizeof(iad);

	memcpy(d, iad, sizeof(iad));
	n += put_interface(d + n, first, 1, 2, 2, 1, 0);
	memcpy(d + n, functional, sizeof(functional));
	n += sizeof(functional);
	n += put_endpoint(d + n, 0x84, INTERRUPT);
	n += put_interface(d + n, first + 1, 2, 0x0a, 0, 0, 0);
	n += put_endpoint(d + n, 0x05, BULK);
	n += put_endpoint(d + n, 0x85, BULK);
	return n;
}

static int config_descriptor(struct probe *p, uint8_t *d)
{
	uint8_t interfaces = 1;
	size_t n = 9;

	n += put_debug(p, d + n);
	if (p->opt.pid == 0x374b) {
		n += put_interface(d + n, interfaces++, 2, 8, 6, 0x50, 0);
		n += put_endpoint(d + n, 0x83, BULK);
		n += put_endpoint(d + n, 0x03, BULK);
	}
	if (p->opt.pid == 0x374b || p->opt.pid == 0x3752) {
		n += put_cdc(d + n, interfaces);
		interfaces += 2;
	}
	memcpy(d, (uint8_t[9]) { 9, 2, n, n >> 8, interfaces, 1, 0, 0x80, 50 },
	       9);
	return n;
}

static int device_descriptor(struct probe *p, uint8_t *d)
{
	bool iad = p->opt.pid == 0x374b || p->opt.pid == 0x3752;
	const uint8_t dev[18] = {
		18, 1, 0x00, 0x02, iad ? 0xef : 0, iad ? 2 : 0, iad ? 1 : 0,
		64, 0x83, 0x04, p->opt.pid & 0xff, p->opt.pid >> 8, 0x00, 0x01,
		1, 2, p->opt.serial || p->opt.serial_raw ? 3 : 0, 1
	};

	memcpy(d, dev, sizeof(dev));
	return sizeof(dev);
}

static int string_descriptor(struct probe *p, uint8_t index, uint8_t *d)
{
	static const char * const text[] = {
		[1] = "STMicroelectronics", [2] = "STM32 STLink",
		[4] = "ST Link",
	};
	const char *s = NULL;
	size_t i, n;

	if (!index) {
		memcpy(d, (uint8_t[4]) { 4, 3, 0x09, 0x04 }, 4);
		return 4;
	}
	if (index == 3 && p->opt.serial_raw)
		s = (const char *)p->opt.serial_raw;
	else if (index == 3)
		s = p->opt.serial;
	else if (index < sizeof(text) / sizeof(text[0]))
		s = text[index];
	if (!s)
		return -1;
	n = index == 3 && p->opt.serial_raw ? 12 : strlen(s);
	if (n > 126)
		n = 126;
	d[0] = 2 + 2 * n;
	d[1] = 3;
	for (i = 0; i < n; i++) {
		d[2 + 2 * i] = s[i];
		d[3 + 2 * i] = 0;
	}
	return d[0];
}

static int get_descriptor(struct probe *p, const uint8_t setup[8],
			  uint8_t *data)
{
	switch (setup[3]) {
	case 1:
		return device_descriptor(p, data);
	case 2:
		return config_descriptor(p, data);
	case 3:
		return string_descriptor(p, setup[2], data);
	default:
		return -1;
	}
}

/**
 * descriptors_control() - a request on endpoint 0
 * @p: probe
 * @setup: SETUP packet
 * @data: room for the answer, 4096 bytes
 *
 * Return: length of the answer, -1 to stall.
 */
int descriptors_control(struct probe *p, const uint8_t setup[8], uint8_t *data)
{
	/* Class requests go to mass storage and CDC: one logical unit. */
	if (setup[0] & 0x60) {
		memset(data, 0, 8);
		return setup[0] & 0x80 ? setup[6] : 0;
	}
	switch (setup[1]) {
	case REQ_GET_STATUS:
		memset(data, 0, 2);
		return 2;
	case REQ_CLEAR_FEATURE:
		if ((setup[0] & 0x1f) == 2 &&
		    (setup[4] == (0x80 | p->ep_in) || setup[4] == p->ep_out))
			p->clear_halts++;
		return 0;
	case REQ_GET_DESCRIPTOR:
		return get_descriptor(p, setup, data);
	case REQ_GET_CONFIG:
		data[0] = 1;
		return 1;
	case REQ_GET_INTERFACE:
		data[0] = 0;
		return 1;
	case REQ_SET_CONFIG:
		firmware_usb_reset(p);
		return 0;
	case REQ_SET_INTERFACE:
		if (!setup[4])
			p->set_interfaces++;
		return 0;
	default:
		return 0;
	}
}
