// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors: the V2 as dumped from a 2011 unit, the V2-1 from one sample.
 * Endpoint numbers of mass storage and CDC on the V2-1 are not established;
 * they are those of the V3, moved where they would collide.
 */
#include <string.h>

#include "device.h"

#define LE16(v)		((v) & 0xff), ((v) >> 8)
#define DEVICE(class, sub, proto, pid)					\
	18, 1, LE16(0x0200), class, sub, proto, USB_PACKET,		\
	LE16(0x0483), LE16(pid), LE16(0x0100), 1, 2, 3, 1
#define CONFIG(len, ifs, units)						\
	9, 2, LE16(len), ifs, 1, 0, 0x80, units
#define INTERFACE(n, eps, class, sub, proto, str)			\
	9, 4, n, 0, eps, class, sub, proto, str
#define BULK(addr)	7, 5, addr, 2, LE16(USB_PACKET), 0
#define INTERRUPT(addr)	7, 5, addr, 3, LE16(10), 255
#define IAD(first, n)	8, 11, first, n, 2, 2, 1, 6

/* a CDC-ACM function: control interface @c, data interface @c + 1 */
#define ACM(c)								\
	IAD(c, 2),							\
	INTERFACE(c, 1, 2, 2, 1, 6),					\
	5, 0x24, 0x00, LE16(0x0110),	/* header, CDC 1.10 */		\
	5, 0x24, 0x01, 0x00, (c) + 1,	/* call management */		\
	4, 0x24, 0x02, 0x06,		/* line coding, break */	\
	5, 0x24, 0x06, c, (c) + 1,	/* union */			\
	INTERRUPT(0x84),						\
	INTERFACE((c) + 1, 2, 0x0a, 0, 0, 7),				\
	BULK(0x05), BULK(0x85)

static const uint8_t device_3748[] = { DEVICE(0, 0, 0, 0x3748) };
static const uint8_t device_374b[] = { DEVICE(0xef, 2, 1, 0x374b) };
static const uint8_t device_3752[] = { DEVICE(0xef, 2, 1, 0x3752) };

static const uint8_t config_3748[] = {
	CONFIG(39, 1, 50),
	INTERFACE(0, 3, 0xff, 0xff, 0xff, 4),
	BULK(0x81), BULK(0x02), BULK(0x83),
};

static const uint8_t config_374b[] = {
	CONFIG(128, 4, 200),
	INTERFACE(0, 3, 0xff, 0xff, 0xff, 4),
	BULK(0x01), BULK(0x81), BULK(0x82),
	INTERFACE(1, 2, 8, 6, 0x50, 5),
	BULK(0x03), BULK(0x83),
	ACM(2),
};

static const uint8_t config_3752[] = {
	CONFIG(105, 3, 200),
	INTERFACE(0, 3, 0xff, 0xff, 0xff, 4),
	BULK(0x01), BULK(0x81), BULK(0x82),
	ACM(1),
};

_Static_assert(sizeof(config_3748) == 39, "V2 configuration");
_Static_assert(sizeof(config_374b) == 128, "V2-1 configuration");
_Static_assert(sizeof(config_3752) == 105, "V2-1 without mass storage");

/** usb_device_descriptor() - 18 bytes */
const uint8_t *usb_device_descriptor(uint16_t pid)
{
	switch (pid) {
	case 0x374b:
		return device_374b;
	case 0x3752:
		return device_3752;
	}
	return device_3748;
}

/** usb_config_descriptor() - its length is in bytes 2 and 3 */
const uint8_t *usb_config_descriptor(uint16_t pid)
{
	switch (pid) {
	case 0x374b:
		return config_374b;
	case 0x3752:
		return config_3752;
	}
	return config_3748;
}

static unsigned int total(const uint8_t *config)
{
	return config[2] | config[3] << 8;
}

/** usb_interfaces() - list of them, by number; returns how many */
unsigned int usb_interfaces(uint16_t pid, struct usb_interface *list)
{
	const uint8_t *c = usb_config_descriptor(pid);
	unsigned int i, n = 0;

	for (i = 0; i < total(c); i += c[i]) {
		if (c[i + 1] != 4)
			continue;
		list[n].class = c[i + 5];
		list[n].subclass = c[i + 6];
		list[n++].protocol = c[i + 7];
	}
	return n;
}

/** usb_endpoints() - list of all but endpoint 0; returns how many */
unsigned int usb_endpoints(uint16_t pid, struct usb_endpoint_info *list)
{
	const uint8_t *c = usb_config_descriptor(pid);
	unsigned int i, n = 0;
	uint8_t interface = 0;

	for (i = 0; i < total(c); i += c[i]) {
		if (c[i + 1] == 4)
			interface = c[i + 2];
		if (c[i + 1] != 5)
			continue;
		list[n].addr = c[i + 2];
		list[n].type = c[i + 3];
		list[n].packet = c[i + 4] | c[i + 5] << 8;
		list[n].interval = c[i + 6];
		list[n++].interface = interface;
	}
	return n;
}

static const char *text_of(uint16_t pid, unsigned int index)
{
	switch (index) {
	case 1:
		return "STMicroelectronics";
	case 2:
		return "STM32 STLink";
	case 4:
		return pid == 0x3748 ? "ST Link" : "ST-Link Debug";
	case 5:
		return pid == 0x374b ? "ST-Link MSD" : NULL;
	case 6:
		return pid == 0x3748 ? NULL : "ST-Link VCP Ctrl";
	case 7:
		return pid == 0x3748 ? NULL : "ST-Link VCP Data";
	}
	return NULL;
}

/**
 * usb_string_descriptor() - string @index into @out, at most 255 bytes
 *
 * Return: its length, 0 when there is no such string.
 */
size_t usb_string_descriptor(const struct usb_options *o, unsigned int index,
			     uint8_t *out)
{
	const char *text;
	size_t i, n;

	out[1] = 3;
	if (index == 0) {
		out[2] = 0x09;		/* English, United States */
		out[3] = 0x04;
		n = 1;
	} else if (index == 3 && o->serial_len) {
		n = o->serial_len;
		for (i = 0; i < n; i++) {
			out[2 + 2 * i] = o->serial[i];
			out[3 + 2 * i] = o->serial[i] >> 8;
		}
	} else {
		text = text_of(o->pid, index);
		if (!text)
			return 0;
		n = strlen(text);
		for (i = 0; i < n; i++) {
			out[2 + 2 * i] = text[i];
			out[3 + 2 * i] = 0;
		}
	}
	out[0] = 2 + 2 * n;
	return out[0];
}
