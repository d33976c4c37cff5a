/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking a driver from an interface of a USB device and giving it back, by the
 * node in /dev/bus/usb. That is all the USB this program knows.
 */
#ifndef STL_USBFS_H
#define STL_USBFS_H

/**
 * stl_usbfs_open() - open the node of a USB device for writing
 * @busnum: USB bus number
 * @devnum: USB device number
 *
 * Return: file descriptor (close-on-exec), or a negative errno.
 */
int stl_usbfs_open(unsigned int busnum, unsigned int devnum);

/**
 * stl_usbfs_unbind() - take interface 0 from its driver
 * @fd: from stl_usbfs_open()
 * @driver: only from this one
 *
 * Return: 0, or a negative errno: -EBUSY if it has another driver.
 */
int stl_usbfs_unbind(int fd, const char *driver);

/**
 * stl_usbfs_bind() - let the kernel find a driver for interface 0
 * @fd: from stl_usbfs_open()
 *
 * Return: 0, also where it found none; or a negative errno: -EBUSY if it has
 * a driver already.
 */
int stl_usbfs_bind(int fd);

#endif
