/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine that a probe is plugged into, as its files tell without root.
 */
#ifndef STL_HOST_H
#define STL_HOST_H

#include <dirent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#define STL_HOST_GROUPS	128
#define STL_HOST_PATH	512

/**
 * struct stl_host - a machine, and who asks
 * @root: folder that its files are below; "" for the machine this runs on
 * @release: of its running kernel, as in /lib/modules
 * @version: of this program, to be compared with the module's; or NULL
 * @user: name of who asks, "" if not known
 * @uid: the number
 * @num_groups: groups that this login has
 * @groups: which ones
 */
struct stl_host {
	const char *root;
	char release[80];
	const char *version;
	char user[64];
	uid_t uid;
	size_t num_groups;
	gid_t groups[STL_HOST_GROUPS];
};

/**
 * stl_host_this() - this machine, and who runs this program
 * @h: to fill
 * @version: of this program, or NULL
 */
void stl_host_this(struct stl_host *h, const char *version);

/**
 * stl_host_path() - where a file of the machine is
 * @h: machine
 * @buf: receives the path; "" where it would be cut
 * @fmt: absolute path on that machine
 */
void stl_host_path(const struct stl_host *h, char buf[STL_HOST_PATH],
		   const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** stl_host_has() - is there such a file? */
bool stl_host_has(const struct stl_host *h, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * stl_host_text() - what a small file holds, without the newline at its end
 * @h: machine
 * @buf: out: cut to fit, "" if it can't be read. Zeroed behind that
 * @len: size of @buf
 * @fmt: absolute path
 *
 * Return: false if it can't be read.
 */
bool stl_host_text(const struct stl_host *h, char *buf, size_t len,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/** stl_host_open() - a file for reading, or NULL */
FILE *stl_host_open(const struct stl_host *h, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * stl_host_list() - what is in a folder, as stl_sysfs_list()
 * @h: machine
 * @entries: out: stl_sysfs_free() them
 * @num: out: how many, also 0 where it can't be read
 * @fmt: absolute path
 */
void stl_host_list(const struct stl_host *h, struct dirent ***entries,
		   size_t *num, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * stl_host_group() - look a group up in /etc/group
 * @h: machine
 * @gid: its number, in where @name is "", else out
 * @name: its name, in or out; 64 bytes
 * @member: out: who asks is a member by the files, though maybe not this login;
 *	or NULL
 *
 * Not getgrgid(), which loads what nsswitch.conf names; the group of devices is
 * never one of the network's.
 *
 * Return: false if there is none.
 */
bool stl_host_group(const struct stl_host *h, gid_t *gid, char *name,
		    bool *member);

/** stl_host_in_group() - does this login have the group? */
bool stl_host_in_group(const struct stl_host *h, gid_t gid);

#endif
