// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secure Boot and lockdown: must modules be signed?
 */
#include <string.h>

#include "check.h"
#include "module.h"

/* Four bytes of attributes, then the value (UEFI 2.10, 3.3 and 8.2) */
#define SECURE_BOOT \
	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* "none [integrity] confidentiality" */
static void read_lockdown(const struct stl_host *h, struct stl_lock *lock)
{
	char text[128], *begin, *end;

	stl_host_text(h, text, sizeof(text), "/sys/kernel/security/lockdown");
	begin = strchr(text, '[');
	end = begin ? strchr(begin, ']') : NULL;
	if (!end)
		return;
	*end = '\0';
	if (strcmp(begin + 1, "none"))
		snprintf(lock->lockdown, sizeof(lock->lockdown), "%.31s",
			 begin + 1);
}

void stl_lock_look(const struct stl_host *h, struct stl_lock *lock)
{
	char text[16];

	memset(lock, 0, sizeof(*lock));
	lock->has_secure_boot = stl_host_text(h, text, sizeof(text),
					      SECURE_BOOT);
	lock->secure_boot = text[4] == 1;
	read_lockdown(h, lock);
	stl_host_text(h, text, sizeof(text),
		      "/sys/module/module/parameters/sig_enforce");
	lock->enforced = text[0] == 'Y';
	stl_host_text(h, text, sizeof(text), "/proc/sys/kernel/modules_disabled");
	lock->no_more = text[0] == '1';
}

bool stl_lock_signed(const struct stl_lock *lock)
{
	return lock->enforced || *lock->lockdown;
}

void stl_todo_sign(const struct stl_host *h, const struct stl_module *m,
		   struct stl_check *k)
{
	/* keys that Debian's and Ubuntu's dkms make by themselves, and sign with */
	static const char *const keys[] = {
		"/var/lib/dkms/mok.pub", "/var/lib/shim-signed/mok/MOK.der",
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!m->dkms || !stl_host_has(h, "%s", keys[i]))
			continue;
		stl_todo(k, "let the firmware know the key that DKMS signs with: sudo mokutil --import %s",
			 keys[i]);
		stl_todo(k, "then restart, choose \"Enroll MOK\" and type the password that mokutil asked for");
		return;
	}
	stl_todo(k, "make a key, let the firmware know it (sudo mokutil --import CERTIFICATE, restart, \"Enroll MOK\"), and sign the module with it (kmodsign, or sign-file of the kernel's headers)");
}

void stl_check_lock(const struct stl_host *h, struct stl_checks *c)
{
	struct stl_lock lock;
	const char *boot;

	stl_lock_look(h, &lock);
	boot = !lock.has_secure_boot ? "not there" :
	       lock.secure_boot ? "on" : "off";
	if (*lock.lockdown)
		stl_good(c, "lockdown",
			 "Secure Boot is %s, the kernel is locked down (%s): it takes signed modules only",
			 boot, lock.lockdown);
	else if (lock.enforced)
		stl_good(c, "lockdown",
			 "Secure Boot is %s, the kernel takes signed modules only (sig_enforce)",
			 boot);
	else
		stl_good(c, "lockdown",
			 "Secure Boot is %s, modules needn't be signed", boot);
}
