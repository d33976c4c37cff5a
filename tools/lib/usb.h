/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug probes of ST as USB devices, with a node or without.
 */
#ifndef STL_USB_H
#define STL_USB_H

#include "probe.h"

/** STL_DRIVER - name of the kernel driver, in sysfs and for modprobe */
#define STL_DRIVER	"stlink"

/**
 * struct stl_usb - a debug probe that is plugged in
 * @probe: what is known of it; member device is "" where it has no node
 * @name: "ST-Link V2"
 * @supported: the driver is for such
 * @instead: what to do about it where it isn't supported, else NULL
 * @interface: USB interface 0 as in /sys/bus/usb/devices, "1-2:1.0", or "" if
 *	there is none (the device isn't configured)
 * @driver: who has bound or claimed that interface: "stlink", "usbfs" for a
 *	program that uses libusb, "" for nobody
 * @cut: serial is the beginning only, see stl_usb_serial()
 */
struct stl_usb {
	struct stl_probe probe;
	const char *name;
	bool supported;
	const char *instead;
	char interface[72];
	char driver[64];
	bool cut;
};

/**
 * stl_usb_list() - debug probes of ST on USB, also those that aren't supported
 * @list: out: array; free() it
 * @num: out: how many; none is not an error
 * @err: filled on failure
 */
int stl_usb_list(struct stl_usb **list, size_t *num, struct stl_error *err);

/**
 * stl_usb_ask() - complete what is known of those that have a node: claim_pid
 * @list: from stl_usb_list()
 * @num: how many
 */
void stl_usb_ask(struct stl_usb *list, size_t num);

/**
 * stl_usb_find() - look one up again, by where it is plugged in
 * @usb_path: "1-2.3"
 * @usb: out
 *
 * Return: false if there is no probe any more.
 */
bool stl_usb_find(const char *usb_path, struct stl_usb *usb);

/**
 * stl_usb_serial() - a serial number as the driver tells it
 * @text: attribute "serial" of the USB device, without its newline
 * @serial: out
 *
 * Old firmware has the 12 bytes of its chip's id in the place of text; usbcore
 * takes each for a character and writes it as UTF-8. They become 24 digits.
 * What comes after a byte 0 is lost on the way.
 *
 * Return: true if @serial may be the beginning only, for that reason.
 */
bool stl_usb_serial(const char *text, char serial[STLINK_SERIAL_LEN]);

/** stl_usb_driver_loaded() - is the kernel driver there? */
bool stl_usb_driver_loaded(void);

/**
 * stl_usb_explain() - hints on why a probe has no node, and what to do
 * @err: gets the hints
 * @all: also say so where nothing is plugged in, or what isn't supported
 */
void stl_usb_explain(struct stl_error *err, bool all);

#endif
