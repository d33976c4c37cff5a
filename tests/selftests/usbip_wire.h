/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 48-byte headers of USB/IP, all fields big-endian
 * (Documentation/usb/usbip_protocol.rst).
 */
#ifndef SELFTESTS_USBIP_WIRE_H
#define SELFTESTS_USBIP_WIRE_H

#include <stdint.h>

#define USBIP_CMD_SUBMIT	1
#define USBIP_CMD_UNLINK	2
#define USBIP_RET_SUBMIT	3
#define USBIP_RET_UNLINK	4

#define USBIP_DIR_IN		1

struct usbip_header {
	uint32_t command;
	uint32_t seqnum;
	uint32_t devid;
	uint32_t direction;
	uint32_t ep;
	union {
		struct {
			uint32_t flags;
			uint32_t length;
			uint32_t start_frame;
			uint32_t packets;
			uint32_t interval;
			uint8_t setup[8];
		} submit;
		struct {
			uint32_t status;
			uint32_t actual;
			uint32_t start_frame;
			uint32_t packets;
			uint32_t errors;
			uint8_t pad[8];
		} ret;
		struct {
			uint32_t seqnum;
			uint8_t pad[24];
		} unlink;
	};
};

_Static_assert(sizeof(struct usbip_header) == 48, "USB/IP header");

#endif
