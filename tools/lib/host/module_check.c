// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is wrong with the kernel module, and what to type.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "klog.h"
#include "module.h"

#define NAME	"module"

/* first kernel that the driver is for */
#define KERNEL_MAJOR	6
#define KERNEL_MINOR	1

void stl_check_kernel(const struct stl_host *h, struct stl_checks *c)
{
	unsigned int major = 0, minor = 0;
	struct stl_check *k;

	sscanf(h->release, "%u.%u", &major, &minor);
	if (major > KERNEL_MAJOR ||
	    (major == KERNEL_MAJOR && minor >= KERNEL_MINOR)) {
		stl_good(c, "kernel", "%s", h->release);
		return;
	}
	k = stl_bad(c, "kernel", STL_NO_PROBE,
		    "%s: the driver is for kernels from %u.%u on", h->release,
		    KERNEL_MAJOR, KERNEL_MINOR);
	stl_todo(k, "install a newer kernel (on Debian 11: linux-image-amd64 of bullseye-backports)");
}

static void todo_headers(const struct stl_host *h, struct stl_check *k)
{
	if (stl_host_has(h, "/lib/modules/%s/build/Makefile", h->release))
		return;
	if (stl_host_has(h, "/usr/bin/apt-get"))
		stl_todo(k, "type: sudo apt-get install linux-headers-%s",
			 h->release);
	else
		stl_todo(k, "install the headers (\"devel\") of kernel %s",
			 h->release);
}

static void todo_build(const struct stl_host *h, const struct stl_module *m,
		       struct stl_check *k)
{
	todo_headers(h, k);
	if (m->dkms)
		stl_todo(k, "type: sudo dkms autoinstall -k %s && sudo modprobe "
			 STL_DRIVER, h->release);
	else
		stl_todo(k, "install the package stlink-dkms; or in the sources of this program: make && sudo make install && sudo modprobe "
			 STL_DRIVER);
}

static void not_installed(const struct stl_host *h, const struct stl_module *m,
			  struct stl_checks *c)
{
	struct stl_check *k;

	if (m->no_folder) {
		k = stl_bad(c, NAME, STL_NO_PROBE,
			    "the driver can't be loaded: /lib/modules has nothing for the running kernel, %s",
			    h->release);
		stl_todo(k, "restart the machine if its kernel was updated or removed; in a container load the driver outside of it");
		return;
	}
	if (*m->other)
		k = stl_bad(c, NAME, STL_NO_PROBE,
			    "the driver isn't installed for the running kernel, %s, but for %s",
			    h->release, m->other);
	else
		k = stl_bad(c, NAME, STL_NO_PROBE,
			    "the driver isn't installed for the running kernel, %s",
			    h->release);
	todo_build(h, m, k);
}

static bool same_kernel(const struct stl_host *h, const struct stl_module *m)
{
	size_t len = strlen(h->release);

	return !m->known || !*m->vermagic ||
	       (!strncmp(m->vermagic, h->release, len) &&
		(m->vermagic[len] == ' ' || !m->vermagic[len]));
}

/* What the kernel said when somebody tried to load it */
static bool refused(const struct stl_host *h, char *line, size_t len)
{
	static const char *const texts[] = {
		STL_DRIVER ": version magic", STL_DRIVER ": disagrees about",
		STL_DRIVER ": Unknown symbol", STL_DRIVER ": no symbol version",
		STL_DRIVER ": Invalid module",
		"Module " STL_DRIVER " is blacklisted",
		/* these don't say which module */
		"unsigned module loading is restricted",
		"Loading of unsigned module is rejected",
		"Loading of module with", NULL
	};

	return stl_klog_last(h, texts, line, len);
}

static bool about_signature(const char *line)
{
	return strstr(line, "restricted") || strstr(line, "is rejected");
}

static void banned(enum stl_ban ban, const char *where, struct stl_checks *c)
{
	struct stl_check *k;

	k = stl_bad(c, NAME, STL_NO_PROBE, "the driver isn't loaded: %s (%s)",
		    ban == STL_BAN_ALIAS ? "it is blacklisted" :
		    ban == STL_BAN_INSTALL ? "modprobe is told to do nothing instead" :
		    "the kernel is told not to take it", where);
	if (ban == STL_BAN_ALIAS)
		stl_todo(k, "for now type: sudo modprobe " STL_DRIVER);
	if (ban == STL_BAN_KERNEL || *where != '/')
		stl_todo(k, "remove " STL_DRIVER " from the command line of the kernel (on Debian: /etc/default/grub, then sudo update-grub) and restart");
	else
		stl_todo(k, "%sremove that line%s", ban == STL_BAN_ALIAS ?
			 "for good " : "", ban == STL_BAN_ALIAS ? "" :
			 ", then type: sudo modprobe " STL_DRIVER);
}

static void unsigned_or_unknown(const struct stl_host *h,
				const struct stl_module *m, const char *line,
				struct stl_checks *c)
{
	struct stl_check *k;

	k = stl_bad(c, NAME, STL_NO_PROBE,
		    "the driver isn't loaded: this kernel takes signed modules only (Secure Boot), and %s",
		    m->known && !m->has_signature ? "it isn't signed" :
		    "the key it is signed with isn't known to it");
	if (*line)
		stl_todo(k, "the kernel said: %s", line);
	stl_todo_sign(h, m, k);
	stl_todo(k, "then type: sudo modprobe " STL_DRIVER);
}

static void not_loaded(const struct stl_host *h, const struct stl_module *m,
		       struct stl_checks *c)
{
	char where[128], line[200];
	struct stl_check *k;
	struct stl_lock lock;
	enum stl_ban ban;
	bool said;

	stl_lock_look(h, &lock);
	ban = stl_module_ban(h, where, NULL);
	if (lock.no_more) {
		k = stl_bad(c, NAME, STL_NO_PROBE,
			    "the driver isn't loaded, and this kernel takes no more modules (kernel.modules_disabled)");
		stl_todo(k, "restart the machine; to have it loaded before that is set: echo " STL_DRIVER " | sudo tee /etc/modules-load.d/" STL_DRIVER ".conf");
		return;
	}
	if (ban == STL_BAN_KERNEL || ban == STL_BAN_INSTALL) {
		banned(ban, where, c);
		return;
	}
	if (!*m->file && !m->rule) {
		not_installed(h, m, c);
		return;
	}
	if (!same_kernel(h, m)) {
		k = stl_bad(c, NAME, STL_NO_PROBE,
			    "the driver can't be loaded: it was built for another kernel, %.*s",
			    (int)strcspn(m->vermagic, " "), m->vermagic);
		todo_build(h, m, k);
		return;
	}
	said = refused(h, line, sizeof(line));
	if ((said && about_signature(line)) ||
	    (stl_lock_signed(&lock) && m->known && !m->has_signature)) {
		unsigned_or_unknown(h, m, line, c);
		return;
	}
	if (ban == STL_BAN_ALIAS) {
		banned(ban, where, c);
		return;
	}
	if (said) {
		k = stl_bad(c, NAME, STL_NO_PROBE,
			    "the driver isn't loaded: the kernel refused it");
		stl_todo(k, "the kernel said: %s", line);
		todo_build(h, m, k);
		return;
	}
	k = stl_bad(c, NAME, STL_NO_PROBE, "the driver isn't loaded");
	if (*m->file && !m->listed && !m->rule)
		stl_todo(k, "type: sudo depmod && sudo modprobe " STL_DRIVER);
	else
		stl_todo(k, "type: sudo modprobe " STL_DRIVER);
	if (stl_lock_signed(&lock)) {
		stl_todo(k, "if that says \"Key was rejected by service\":");
		stl_todo_sign(h, m, k);
	}
}

static void todo_reload(struct stl_check *k)
{
	stl_todo(k, "type: sudo modprobe -r " STL_DRIVER " && sudo modprobe "
		 STL_DRIVER);
}

/* Loaded, but is it what is on the disk, and what this program is from? */
static bool wrong_version(const struct stl_host *h, const struct stl_module *m,
			  struct stl_checks *c)
{
	bool stale = m->known && *m->srcversion && *m->file_srcversion &&
		     strcmp(m->srcversion, m->file_srcversion);
	struct stl_check *k;

	if (h->version && *m->version && strcmp(m->version, h->version)) {
		k = stl_odd(c, NAME,
			    "the loaded driver is version %s, this program %s",
			    m->version, h->version);
		if (stale || (m->known && !strcmp(m->file_version, h->version)))
			todo_reload(k);
		else
			todo_build(h, m, k);
		return true;
	}
	if (!stale)
		return false;
	k = stl_odd(c, NAME, "the loaded driver is another one than that installed for this kernel");
	todo_reload(k);
	return true;
}

static void loaded(const struct stl_host *h, const struct stl_module *m,
		   struct stl_checks *c)
{
	bool built_in = !stl_host_has(h, "/sys/module/" STL_DRIVER "/initstate");
	struct stl_check *k;
	char where[128];
	enum stl_ban ban = stl_module_ban(h, where, NULL);

	if (wrong_version(h, m, c))
		return;
	if (!built_in && !*m->file && !m->rule) {
		k = stl_odd(c, NAME,
			    "the driver is loaded, but not installed for this kernel: after a restart it is gone");
		todo_build(h, m, k);
	} else if (!built_in && ban) {
		k = stl_odd(c, NAME,
			    "the driver is loaded, but banned (%s): a probe that is plugged in after a restart won't find it",
			    where);
		stl_todo(k, "remove that");
	} else {
		stl_good(c, NAME, "loaded%s%s%s", built_in ?
			 ", as a part of the kernel" : "",
			 *m->version ? ", version " : "", m->version);
	}
}

void stl_check_module(const struct stl_host *h, struct stl_checks *c)
{
	struct stl_module m;

	stl_module_look(h, &m);
	if (m.loaded)
		loaded(h, &m, c);
	else
		not_loaded(h, &m, c);
}
