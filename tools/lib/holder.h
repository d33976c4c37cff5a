/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which process has a device node open.
 */
#ifndef STL_HOLDER_H
#define STL_HOLDER_H

#include <stddef.h>

/**
 * stl_holder_pid() - a process that has a node open, other than this one
 * @node: path of a character device
 *
 * Only processes that this user may look into are seen.
 *
 * Return: the lowest such process id, 0 if none is seen.
 */
int stl_holder_pid(const char *node);

/**
 * stl_holder_name() - "openocd (PID 1234)", for messages
 * @pid: process id; 0 gives "another program"
 * @buf: receives the name
 * @len: its size
 */
void stl_holder_name(int pid, char *buf, size_t len);

/**
 * stl_holder_usb() - who has a USB device open through libusb
 * @busnum: USB bus number
 * @devnum: USB device number
 * @buf: receives the name as from stl_holder_name()
 * @len: its size
 *
 * Return: process id, or 0.
 */
int stl_holder_usb(unsigned int busnum, unsigned int devnum, char *buf,
		   size_t len);

#endif
