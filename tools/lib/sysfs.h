/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sysfs tells of a device. Read directly: for some attributes of a probe or
 * two a library that knows all devices takes longer than the job.
 */
#ifndef STL_SYSFS_H
#define STL_SYSFS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * stl_sysfs_text() - an attribute, without the newline at its end
 * @dir: folder of the device
 * @attr: name of the attribute
 * @buf: out: cut to fit; "" if there is none
 * @len: size of @buf
 *
 * Return: false if there is none.
 */
bool stl_sysfs_text(const char *dir, const char *attr, char *buf, size_t len);

/** stl_sysfs_number() - an attribute that is a number; 0 if there is none */
unsigned int stl_sysfs_number(const char *dir, const char *attr, int base);

/** stl_sysfs_link() - last part of where a link leads to; as stl_sysfs_text() */
bool stl_sysfs_link(const char *dir, const char *link, char *buf, size_t len);

/**
 * stl_sysfs_list() - what is in a folder
 * @dir: which; one that isn't there has nothing in it
 * @entries: out: sorted by name; stl_sysfs_free() them
 * @num: out: how many
 *
 * Return: 0 or negative errno.
 */
int stl_sysfs_list(const char *dir, struct dirent ***entries, size_t *num);

/** stl_sysfs_free() - give such a list back */
void stl_sysfs_free(struct dirent **entries, size_t num);

/** stl_udev_is_done() - has udev set the node up, or is there no udev? */
bool stl_udev_is_done(const char *node);

#endif
