// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why the kernel module isn't there, on machines made of files.
 */
#include "lib_host_test.h"

#include "host/module.h"

#define MODULES	"/lib/modules/" RELEASE
#define KO	MODULES "/updates/dkms/stlink.ko"
#define MAGIC	"vermagic=" RELEASE " SMP preempt mod_unload modversions "
#define SIGNED	"~Module signature appended~\n"

/* What of a module file matters here: the texts of .modinfo, and its end */
static void put_module(const char *path, const char *version,
		       const char *magic, const char *end)
{
	char data[512];
	size_t len;

	len = snprintf(data, sizeof(data),
		       "\177ELF.....%cversion=%s%csrcversion=AA55%c%s%c.....%s",
		       0, version, 0, 0, magic, 0, end);
	put_bytes(path, data, len);
}

static void installed(void)
{
	put_module(KO, "0.1.0", MAGIC, "");
	put(MODULES "/modules.dep",
	    "kernel/drivers/usb/core/usbcore.ko:\nupdates/dkms/stlink.ko: kernel/drivers/usb/core/usbcore.ko\n");
	put(MODULES "/build/Makefile", "");
}

static void load(void)
{
	put("/sys/bus/usb/drivers/stlink/bind", "");
	put("/sys/module/stlink/initstate", "live\n");
	put("/sys/module/stlink/version", "0.1.0\n");
	put("/sys/module/stlink/srcversion", "AA55\n");
}

static const struct stl_check *look(void)
{
	stl_check_module(&host, &checks);
	return only();
}

static void kernels(void **state)
{
	static const struct {
		const char *release;
		enum stl_verdict verdict;
	} cases[] = {
		{ "6.1.0-40-amd64", STL_GOOD }, { "6.12.6+rpt-rpi-v8", STL_GOOD },
		{ "7.0", STL_GOOD }, { "6.0.9", STL_BAD },
		{ "5.15.0-91-generic", STL_BAD },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		strcpy(host.release, cases[i].release);
		stl_check_kernel(&host, &checks);
		is(only(), cases[i].verdict, cases[i].verdict == STL_BAD ?
		   STL_NO_PROBE : STL_OK, cases[i].release, "");
	}
}

static void not_installed(void **state)
{
	(void)state;
	is(look(), STL_BAD, STL_NO_PROBE, "nothing for the running kernel",
	   "restart");
	put(MODULES "/modules.dep", "");
	is(look(), STL_BAD, STL_NO_PROBE,
	   "isn't installed for the running kernel, " RELEASE,
	   "headers (\"devel\") of kernel " RELEASE);
	put("/usr/bin/apt-get", "");
	is(look(), STL_BAD, STL_NO_PROBE, "isn't installed",
	   "sudo apt-get install linux-headers-" RELEASE);
	is(look(), STL_BAD, STL_NO_PROBE, "", "make && sudo make install");
	put("/usr/src/stlink-0.1.0/dkms.conf", "");
	is(look(), STL_BAD, STL_NO_PROBE, "",
	   "sudo dkms autoinstall -k " RELEASE " && sudo modprobe stlink");
	/* the headers are there: not asked for */
	put(MODULES "/build/Makefile", "");
	assert_null(strstr(look()->todo, "apt-get"));
}

static void for_another_kernel(void **state)
{
	(void)state;
	put(MODULES "/modules.dep", "");
	put_module("/lib/modules/6.1.0-39-amd64/updates/driver/stlink.ko",
		   "0.1.0", MAGIC, "");
	is(look(), STL_BAD, STL_NO_PROBE,
	   "isn't installed for the running kernel, " RELEASE
	   ", but for 6.1.0-39-amd64", "make install");
	/* here, but built for that one; RELEASE is only its beginning */
	put_module(KO, "0.1.0", "vermagic=" RELEASE "x SMP ", "");
	is(look(), STL_BAD, STL_NO_PROBE,
	   "built for another kernel, " RELEASE "x", "modprobe stlink");
}

static void not_loaded(void **state)
{
	(void)state;
	installed();
	is(look(), STL_BAD, STL_NO_PROBE, "the driver isn't loaded",
	   "type: sudo modprobe stlink");
	put(MODULES "/modules.dep", "kernel/a/notstlink.ko:\n");
	is(look(), STL_BAD, STL_NO_PROBE, "isn't loaded",
	   "sudo depmod && sudo modprobe stlink");
	/* packed ones are found as well, of which no more is known */
	drop(KO);
	put(KO ".xz", "\375" "7zXZ");
	put(MODULES "/modules.dep", "updates/dkms/stlink.ko.xz:\n");
	is(look(), STL_BAD, STL_NO_PROBE, "isn't loaded",
	   "type: sudo modprobe stlink");
	/* and one that a rule of modprobe's fetches from elsewhere */
	drop(KO ".xz");
	put("/run/modprobe.d/x.conf", "install stlink /sbin/insmod /x.ko\n");
	is(look(), STL_BAD, STL_NO_PROBE, "isn't loaded",
	   "type: sudo modprobe stlink");
	put("/etc/modprobe.d/x.conf", "");
	is(look(), STL_BAD, STL_NO_PROBE, "isn't installed", "");
	put("/etc/modprobe.d/x.conf", "install stlink /sbin/insmod /x.ko\n");
	/* that doesn't make it less banned */
	put("/etc/modprobe.d/y.conf", "blacklist stlink\n");
	is(look(), STL_BAD, STL_NO_PROBE,
	   "blacklisted (/etc/modprobe.d/y.conf:1)", "");
	put("/proc/sys/kernel/modules_disabled", "1\n");
	is(look(), STL_BAD, STL_NO_PROBE, "takes no more modules", "restart");
}

static void banned(void **state)
{
	(void)state;
	installed();
	put("/etc/modprobe.d/a.conf", "# blacklist stlink\nblacklist usblp\n"
	    "\tblacklist  stlink\n");
	is(look(), STL_BAD, STL_NO_PROBE,
	   "blacklisted (/etc/modprobe.d/a.conf:3)",
	   "for now type: sudo modprobe stlink");
	/* a file of the same name before it replaces it */
	drop("/etc/modprobe.d/a.conf");
	put("/usr/lib/modprobe.d/a.conf", "blacklist stlink\n");
	put("/etc/modprobe.d/a.conf", "");
	is(look(), STL_BAD, STL_NO_PROBE, "the driver isn't loaded", "");
	put("/etc/modprobe.d/b.conf", "install stlink /bin/false\n");
	is(look(), STL_BAD, STL_NO_PROBE,
	   "do nothing instead (/etc/modprobe.d/b.conf:1)", "remove that line");
	/* not a configuration of modprobe's, and another module */
	drop("/etc/modprobe.d/b.conf");
	put("/etc/modprobe.d/b.conf.old", "install stlink /bin/false\n");
	put("/etc/modprobe.d/c.conf", "blacklist stlink_other\n");
	put("/proc/cmdline", "root=/dev/sda1 modprobe.blacklist=a,stlinker quiet\n");
	is(look(), STL_BAD, STL_NO_PROBE, "the driver isn't loaded", "");
	put("/proc/cmdline", "root=/dev/sda1 modprobe.blacklist=a,stlink,b quiet\n");
	is(look(), STL_BAD, STL_NO_PROBE,
	   "blacklisted (command line of the kernel)", "update-grub");
	put("/proc/cmdline", "module_blacklist=stlink\n");
	is(look(), STL_BAD, STL_NO_PROBE, "told not to take it",
	   "from the command line of the kernel");
	/* loaded all the same: next time it isn't */
	load();
	is(look(), STL_ODD, STL_OK, "loaded, but banned", "");
}

static void refused(void **state)
{
	static const char lockdown[] = "/sys/kernel/security/lockdown";

	(void)state;
	installed();
	put(lockdown, "none [integrity] confidentiality\n");
	is(look(), STL_BAD, STL_NO_PROBE, "it isn't signed", "kmodsign");
	put("/usr/src/stlink-0.1.0/dkms.conf", "");
	put("/var/lib/dkms/mok.pub", "");
	is(look(), STL_BAD, STL_NO_PROBE, "it isn't signed",
	   "sudo mokutil --import /var/lib/dkms/mok.pub");
	/* signed: whether by a key that is known shows when it is tried */
	put_module(KO, "0.1.0", MAGIC, SIGNED);
	is(look(), STL_BAD, STL_NO_PROBE, "the driver isn't loaded",
	   "if that says \"Key was rejected by service\":");
	put("/dev/kmsg", "6,1,100,-;usb 1-1: new full-speed USB device\n"
	    " SUBSYSTEM=usb\n"
	    "5,2,200,-;Loading of module with unavailable key is rejected\n");
	is(look(), STL_BAD, STL_NO_PROBE, "the key it is signed with isn't known",
	   "the kernel said: Loading of module with unavailable key");
	put(lockdown, "[none] integrity confidentiality\n");
	put("/dev/kmsg", "3,2,200,-;stlink: disagrees about version of symbol "
	    "module_layout\n");
	is(look(), STL_BAD, STL_NO_PROBE, "the kernel refused it",
	   "disagrees about version of symbol");
	put("/dev/kmsg", "3,2,200,-;other: disagrees about version of symbol "
	    "module_layout\n");
	is(look(), STL_BAD, STL_NO_PROBE, "the driver isn't loaded",
	   "type: sudo modprobe");
	put("/sys/module/module/parameters/sig_enforce", "Y\n");
	put_module(KO, "0.1.0", MAGIC, "");
	is(look(), STL_BAD, STL_NO_PROBE, "it isn't signed", "mokutil");
}

static void loaded(void **state)
{
	(void)state;
	installed();
	load();
	host.version = "0.1.0";
	is(look(), STL_GOOD, STL_OK, "loaded, version 0.1.0", "");
	host.version = "0.2.0";
	is(look(), STL_ODD, STL_OK, "is version 0.1.0, this program 0.2.0",
	   "make install");
	/* the new one is installed, the old one still loaded */
	put_module(KO, "0.2.0", MAGIC, "");
	is(look(), STL_ODD, STL_OK, "is version 0.1.0, this program 0.2.0",
	   "sudo modprobe -r stlink && sudo modprobe stlink");
	host.version = "0.1.0";
	put_module(KO, "0.1.0", MAGIC, "");
	put("/sys/module/stlink/srcversion", "BB66\n");
	is(look(), STL_ODD, STL_OK, "another one than that installed",
	   "modprobe -r");
	put("/sys/module/stlink/srcversion", "AA55\n");
	drop(KO);
	is(look(), STL_ODD, STL_OK, "not installed for this kernel",
	   "make install");
	/* part of the kernel */
	drop("/sys/module/stlink");
	is(look(), STL_GOOD, STL_OK, "part of the kernel", "");
}

static void locks(void **state)
{
	static const char var[] =
		"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

	(void)state;
	stl_check_lock(&host, &checks);
	is(only(), STL_GOOD, STL_OK, "Secure Boot is not there", "");
	put_bytes(var, "\6\0\0\0\0", 5);
	stl_check_lock(&host, &checks);
	is(only(), STL_GOOD, STL_OK, "Secure Boot is off, modules needn't", "");
	put_bytes(var, "\6\0\0\0\1", 5);
	put("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	stl_check_lock(&host, &checks);
	is(only(), STL_GOOD, STL_OK,
	   "Secure Boot is on, the kernel is locked down (confidentiality)", "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_host, end_host)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kernels),
		TEST(not_installed),
		TEST(for_another_kernel),
		TEST(not_loaded),
		TEST(banned),
		TEST(refused),
		TEST(loaded),
		TEST(locks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
