/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A full-speed USB device: descriptors, standard requests, endpoints with
 * their packets and data toggles. Transfers ("urbs") go in with the moment at
 * which the host submitted them and come out with the one at which they end.
 */
#ifndef SIM_USB_DEVICE_H
#define SIM_USB_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USB_PACKET	64	/* bulk and control, full speed */

struct usb_device;

/** enum usb_result - how a transfer ended */
enum usb_result {
	USB_OK,
	USB_CANCELLED,
	USB_STALL,
	USB_BABBLE,	/* more came than the host had room for */
	USB_IOERROR,
};

/**
 * enum usb_fault - what goes wrong with one bulk transfer
 * @USB_FAULT_LOST: the device vanishes before it
 * @USB_FAULT_CUT: half of it, then the device vanishes; a packet by itself
 *	reaches the device, but no acknowledge comes back
 * @USB_FAULT_AFTER: it goes well, then the device vanishes
 * @USB_FAULT_STALL: the endpoint halts; out: nothing came, in: instead of data
 * @USB_FAULT_SILENCE: NAK for ever; in: what should have come is lost
 * @USB_FAULT_LATE: the same, but in: the next transfer gets it
 * @USB_FAULT_ERROR: a bad cable; out: nothing came, in: the data is lost
 * @USB_FAULT_BABBLE: in: the device doesn't stop sending
 * @USB_FAULT_SHORT: in: that many bytes are missing
 * @USB_FAULT_LONG: in: that many bytes more
 * @USB_FAULT_GARBAGE: in: random bytes, by that seed
 */
enum usb_fault {
	USB_FAULT_NONE,
	USB_FAULT_LOST,
	USB_FAULT_CUT,
	USB_FAULT_AFTER,
	USB_FAULT_STALL,
	USB_FAULT_SILENCE,
	USB_FAULT_LATE,
	USB_FAULT_ERROR,
	USB_FAULT_BABBLE,
	USB_FAULT_SHORT,
	USB_FAULT_LONG,
	USB_FAULT_GARBAGE,
};

/**
 * struct usb_options - identity
 * @pid: 0x3748, 0x374b or 0x3752
 * @serial: UTF-16 code units of the serial number
 * @serial_len: how many, 0 for no serial string
 * @fast: transfers take no time
 * @toggle_ignored: CLEAR_FEATURE(ENDPOINT_HALT) and SET_INTERFACE leave the
 *	device's data toggles alone, as some firmware does (libusb issue 111)
 * @zlp: answers of n * 64 bytes are followed by an empty packet
 * @stale_in: an old answer waits at the first SET_CONFIGURATION
 */
struct usb_options {
	uint16_t pid;
	uint16_t serial[126];
	unsigned int serial_len;
	bool fast;
	bool toggle_ignored;
	bool zlp;
	bool stale_in;
};

/**
 * struct usb_urb - one bulk transfer
 * @id: the host's number for it
 * @ep: endpoint address
 * @len: bytes to send, or room for bytes
 * @actual: bytes that went over
 * @result: valid once it was reaped
 * @due: when it ends
 * @fault: what shall go wrong with it
 * @fault_arg: bytes or seed
 */
struct usb_urb {
	struct usb_urb *next;
	uint64_t id;
	uint8_t ep;
	size_t len;
	size_t actual;
	enum usb_result result;
	uint64_t submitted;
	uint64_t due;
	enum usb_fault fault;
	uint32_t fault_arg;
	uint8_t data[];
};

/** struct usb_counters - bulk traffic of the debug interface */
struct usb_counters {
	uint64_t transfers;
	uint64_t bytes_out;
	uint64_t bytes_in;
};

/**
 * struct usb_hooks - the function behind the debug interface
 * @out: a packet for it, at @t_ns
 * @busy_until: until when it NAKs packets
 * @reset: the bus was reset
 * @transfer: a bulk transfer was submitted; may give it a fault
 * @gone: the device vanishes at @t_ns, by a fault
 */
struct usb_hooks {
	void *ctx;
	void (*out)(void *ctx, const uint8_t *data, size_t len, uint64_t t_ns);
	uint64_t (*busy_until)(void *ctx);
	void (*reset)(void *ctx);
	void (*transfer)(void *ctx, struct usb_urb *urb);
	void (*gone)(void *ctx, uint64_t t_ns);
};

/** struct usb_setup - a control request */
struct usb_setup {
	uint8_t type;
	uint8_t request;
	uint16_t value;
	uint16_t index;
	uint16_t length;
};

/** struct usb_interface - what the host's side of usbredir is told */
struct usb_interface {
	uint8_t class, subclass, protocol;
};

/** struct usb_endpoint_info - the same for an endpoint */
struct usb_endpoint_info {
	uint8_t addr;
	uint8_t type;		/* 2 bulk, 3 interrupt */
	uint8_t interval;
	uint8_t interface;
	uint16_t packet;
};

struct usb_device *usb_new(const struct usb_options *options,
			   const struct usb_hooks *hooks);
void usb_free(struct usb_device *dev);

/** usb_reset() - bus reset: address state, nothing queued, toggles zero */
void usb_reset(struct usb_device *dev);
/** usb_unplug() - as usb_reset(), without telling the function */
void usb_unplug(struct usb_device *dev);

/**
 * usb_control() - a control transfer
 * @data: in: what the host sends; out: what it gets, at most @setup->length
 * @len: bytes of @data, both ways
 */
enum usb_result usb_control(struct usb_device *dev,
			    const struct usb_setup *setup, uint8_t *data,
			    size_t *len);
enum usb_result usb_set_configuration(struct usb_device *dev, uint8_t value);
uint8_t usb_configuration(const struct usb_device *dev);
enum usb_result usb_set_interface(struct usb_device *dev, uint8_t interface,
				  uint8_t alt);

/** usb_urb_new() - @data may be NULL for an IN transfer */
struct usb_urb *usb_urb_new(uint64_t id, uint8_t ep, const uint8_t *data,
			    size_t len);
/** usb_submit() - the device takes over @urb */
void usb_submit(struct usb_device *dev, struct usb_urb *urb, uint64_t now_ns);
/** usb_cancel() - Return: the transfer, to be freed; NULL: has ended before */
struct usb_urb *usb_cancel(struct usb_device *dev, uint64_t id);
/** usb_abandon() - Return: one of those that the host waits for, to be freed, or NULL */
struct usb_urb *usb_abandon(struct usb_device *dev);
/** usb_next_due() - when usb_reap() has something, UINT64_MAX for never */
uint64_t usb_next_due(const struct usb_device *dev);
/** usb_reap() - next transfer that has ended by @now_ns; free() it */
struct usb_urb *usb_reap(struct usb_device *dev, uint64_t now_ns);

/** usb_answer() - the function has something for IN endpoint @ep */
void usb_answer(struct usb_device *dev, uint8_t ep, const uint8_t *data,
		size_t len, uint64_t ready_ns);
/** usb_halt() - the function halts IN endpoint @ep */
void usb_halt(struct usb_device *dev, uint8_t ep, uint64_t ready_ns);

struct usb_counters *usb_counters(struct usb_device *dev);

/** USB_DEBUG_IN - endpoint of the debug interface's answers, all variants */
#define USB_DEBUG_IN	0x81

/* descriptors.c */
const uint8_t *usb_device_descriptor(uint16_t pid);
const uint8_t *usb_config_descriptor(uint16_t pid);
unsigned int usb_interfaces(uint16_t pid, struct usb_interface *list);
unsigned int usb_endpoints(uint16_t pid, struct usb_endpoint_info *list);
size_t usb_string_descriptor(const struct usb_options *options,
			     unsigned int index, uint8_t *out);

/* storage.c: a card reader without a card */
struct usb_storage {
	size_t want_data;	/* OUT bytes still to be swallowed */
	uint8_t csw[13];
	uint8_t sense_key, sense_code;
	bool csw_after_clear;
};
void storage_reset(struct usb_storage *s);
void storage_out(struct usb_device *dev, struct usb_storage *s, uint8_t in_ep,
		 const uint8_t *data, size_t len, uint64_t t_ns);
void storage_halt_cleared(struct usb_device *dev, struct usb_storage *s,
			  uint8_t in_ep, uint64_t t_ns);

#endif
