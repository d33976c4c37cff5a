/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's files in sysfs, and what the kernel tells udev. */
#ifndef SELFTESTS_FILES_H
#define SELFTESTS_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "probe.h"

int file_read(const char *path, char *text, size_t len);
int file_write(const char *path, const char *text);
int class_read(const char *node, const char *attribute, char *text,
	       size_t len);
int class_write(const char *node, const char *attribute, const char *text);
int usb_attribute_read(struct probe *p, const char *attribute, char *text,
		       size_t len);
int usb_attribute_write(struct probe *p, const char *attribute,
			const char *text);
bool hwmon_dir(struct probe *p, char *dir, size_t len, unsigned int ms);
int uevents_open(void);
bool uevents_next(int fd, const char *node, char *target, size_t len,
		  unsigned int ms);

#endif
