/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel module: loaded, installed, allowed? As far as files tell it, without
 * root; modprobe would only say that it failed.
 */
#ifndef STL_MODULE_H
#define STL_MODULE_H

#include "host.h"

/**
 * struct stl_module - what is known of it
 * @loaded: the driver is there; maybe as part of the kernel
 * @version: of the loaded one, "" if it doesn't say
 * @srcversion: the same, a sum over its source
 * @file: where the one for the running kernel is, or ""
 * @listed: modprobe finds it (modules.dep)
 * @rule: a rule of modprobe.d loads it, from wherever
 * @known: the file was readable, so that the next five are known
 * @file_version: of the one in the file
 * @file_srcversion: the same
 * @vermagic: kernel that it was built for, with options
 * @has_signature: it is signed
 * @other: another kernel that it is installed for, or ""
 * @no_folder: there is nothing in /lib/modules for the running kernel
 * @dkms: DKMS has its sources
 */
struct stl_module {
	bool loaded;
	char version[32];
	char srcversion[32];
	char file[STL_HOST_PATH];
	bool listed;
	bool rule;
	bool known;
	char file_version[32];
	char file_srcversion[32];
	char vermagic[128];
	bool has_signature;
	char other[80];
	bool no_folder;
	bool dkms;
};

/** stl_module_look() - find it out */
void stl_module_look(const struct stl_host *h, struct stl_module *m);

/**
 * stl_module_info() - read what a module file says about itself
 * @path: not compressed
 * @m: members from @known to @has_signature
 */
void stl_module_info(const char *path, struct stl_module *m);

/** enum stl_ban - how modprobe or the kernel is told not to load it */
enum stl_ban {
	STL_BAN_NONE,
	STL_BAN_ALIAS,		/* not by itself; by its name it can be */
	STL_BAN_INSTALL,	/* modprobe does something else instead */
	STL_BAN_KERNEL,		/* not at all */
};

/**
 * stl_module_ban() - look into modprobe's configuration and the command line of
 * the kernel
 * @h: machine
 * @where: out: "/etc/modprobe.d/x.conf:3", for messages; 128 bytes
 * @rule: out: modprobe has a rule how to load it; or NULL
 */
enum stl_ban stl_module_ban(const struct stl_host *h, char *where, bool *rule);

/**
 * struct stl_lock - must modules be signed?
 * @has_secure_boot: the firmware has that at all, as far as is known
 * @secure_boot: and it is on: firmware checks what it starts
 * @lockdown: "integrity", "confidentiality", or "" if it isn't on or not known
 * @enforced: by an option of the kernel
 * @no_more: no modules at all until a restart
 */
struct stl_lock {
	bool has_secure_boot;
	bool secure_boot;
	char lockdown[32];
	bool enforced;
	bool no_more;
};

/** stl_lock_look() - find it out */
void stl_lock_look(const struct stl_host *h, struct stl_lock *lock);

/** stl_lock_signed() - does the kernel take signed modules only? */
bool stl_lock_signed(const struct stl_lock *lock);

struct stl_check;

/** stl_todo_sign() - how to get the module signed, by a key that is known */
void stl_todo_sign(const struct stl_host *h, const struct stl_module *m,
		   struct stl_check *k);

#endif
