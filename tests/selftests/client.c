// SPDX-License-Identifier: GPL-2.0-only
/* The program's side: finding the node, calling ioctls. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/usbdevice_fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ioctl.h"
#include "client.h"
#include "kselftest.h"

#define CLASS	"/sys/class/stlink/"
#define DRIVER	"/sys/bus/usb/drivers/stlink/"
#define DEVICES	"/sys/bus/usb/devices/"
#define HUBS	"/sys/devices/platform/vhci_hcd.0/usb*/bConfigurationValue"

/* A disconnect may have to wait for a probe() under way, ms */
#define FORGET_TIMEOUT_MS	15000

/* Look at something again and again for a while. */
#define WAIT_FOR(cond, ms) ({						\
	uint64_t end_ = now_ns() + patience((ms) * 1000000ULL);		\
	bool ok_;							\
	while (!(ok_ = (cond)) && now_ns() < end_)			\
		usleep(5000);						\
	ok_; })

/**
 * client_node() - the driver's name for a probe
 * @p: probe
 * @name: out: such as "stlink0"
 * @len: size of that
 *
 * Return: false if there is none.
 */
bool client_node(struct probe *p, char *name, size_t len)
{
	char busid[32], path[512], target[512], want[80], dev[300];
	struct dirent *e;
	bool found = false;
	ssize_t n;
	DIR *d;

	if (!usbip_busid(p->usb, busid, sizeof(busid)))
		return false;
	snprintf(want, sizeof(want), "/%s/%s:1.0/", busid, busid);
	d = opendir(CLASS);
	while (d && !found && (e = readdir(d))) {
		snprintf(path, sizeof(path), CLASS "%s", e->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		if (n <= 0)
			continue;
		target[n] = 0;
		snprintf(dev, sizeof(dev), "/dev/%s", e->d_name);
		found = strstr(target, want) && !access(dev, F_OK);
		if (found)
			snprintf(name, len, "%s", e->d_name);
	}
	if (d)
		closedir(d);
	return found;
}

/**
 * client_wait_node() - wait until a probe has a node
 * @p: probe
 * @name: out: such as "stlink0"
 * @len: size of that
 * @ms: limit
 *
 * Return: false when the time is over.
 */
bool client_wait_node(struct probe *p, char *name, size_t len,
		      unsigned int ms)
{
	return WAIT_FOR(client_node(p, name, len), ms);
}

/**
 * client_wait_gone() - wait until a node has disappeared
 * @name: such as "stlink0"
 * @ms: limit
 *
 * Return: false when the time is over.
 */
bool client_wait_gone(const char *name, unsigned int ms)
{
	char path[300], dev[300];

	snprintf(path, sizeof(path), CLASS "%s", name);
	snprintf(dev, sizeof(dev), "/dev/%s", name);
	return WAIT_FOR(access(path, F_OK) && access(dev, F_OK), ms);
}

/**
 * client_wait_enumerated() - wait until usbcore knows the interface
 * @p: probe
 * @ms: limit
 *
 * Return: false when the time is over.
 */
bool client_wait_enumerated(struct probe *p, unsigned int ms)
{
	char busid[32], path[300];

	return WAIT_FOR(({
		bool there = usbip_busid(p->usb, busid, sizeof(busid));

		if (there)
			snprintf(path, sizeof(path), DEVICES "%s/%s:1.0",
				 busid, busid);
		there && !access(path, F_OK);
	}), ms);
}

/* Ours are at vhci-hcd; a real one may be plugged in as well. */
static bool any_probe_known(void)
{
	char path[300], vendor[8], target[512];
	struct dirent *e;
	bool found = false;
	ssize_t n;
	FILE *f;
	DIR *d;

	d = opendir(DEVICES);
	while (d && !found && (e = readdir(d))) {
		snprintf(path, sizeof(path), DEVICES "%s", e->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		if (n <= 0)
			continue;
		target[n] = 0;
		if (!strstr(target, "/vhci_hcd"))
			continue;
		snprintf(path, sizeof(path), DEVICES "%s/idVendor", e->d_name);
		f = fopen(path, "re");
		if (!f)
			continue;
		found = fgets(vendor, sizeof(vendor), f) &&
			!strncmp(vendor, "0483", 4);
		fclose(f);
	}
	if (d)
		closedir(d);
	return found;
}

/**
 * client_wait_forgotten() - wait until usbcore has forgotten all probes
 * @ms: limit
 *
 * A device that is replaced while the hub's worker is still in the driver's
 * probe routine for the old one is never noticed behind vhci-hcd (6.1).
 *
 * Return: false when the time is over.
 */
bool client_wait_forgotten(unsigned int ms)
{
	return WAIT_FOR(!any_probe_known(), ms);
}

/**
 * client_wait_decided() - wait until what came or went has been dealt with, by the
 *	driver too
 *
 * The worker of a hub keeps its lock for as long as it has to do with a port; so
 * does who asks for this attribute. It must have begun.
 */
void client_wait_decided(void)
{
	char text[16];
	size_t i;
	glob_t g;
	int fd;

	if (glob(HUBS, 0, NULL, &g))
		return;
	for (i = 0; i < g.gl_pathc; i++) {
		fd = open(g.gl_pathv[i], O_RDONLY | O_CLOEXEC);
		if (fd >= 0 && read(fd, text, sizeof(text)) >= 0)
			close(fd);
	}
	globfree(&g);
}

/**
 * client_plug() - plug a probe in, as the only one
 * @p: probe
 *
 * Waits until usbcore has forgotten the one before: vhci-hcd loses a device
 * that comes while the hub's worker hasn't yet heard of the disconnect.
 *
 * Return: 0, or as probe_plug(), or -ETIMEDOUT.
 */
int client_plug(struct probe *p)
{
	if (!client_wait_forgotten(FORGET_TIMEOUT_MS))
		return -ETIMEDOUT;
	return probe_plug(p);
}

/**
 * client_open() - wait for the node of a probe and open it
 * @p: probe
 * @flags: O_RDWR and so on; O_CLOEXEC is added
 *
 * Return: descriptor or negative errno.
 */
int client_open(struct probe *p, int flags)
{
	char name[32], path[64];
	int fd;

	if (!client_wait_node(p, name, sizeof(name), NODE_TIMEOUT_MS))
		return -ENOENT;
	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/**
 * client_attribute() - read a sysfs attribute of the class device
 * @name: such as "stlink0"
 * @attribute: name of the file
 * @text: out: content without the newline
 * @len: size of that
 *
 * Return: false if it can't be read.
 */
bool client_attribute(const char *name, const char *attribute, char *text,
		      size_t len)
{
	char path[300];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), CLASS "%s/%s", name, attribute);
	f = fopen(path, "re");
	ok = f && fgets(text, len, f);
	if (f)
		fclose(f);
	if (ok)
		text[strcspn(text, "\n")] = 0;
	return ok;
}

/**
 * client_write_file() - write a text to a sysfs file
 * @path: file
 * @text: what
 *
 * Return: success.
 */
bool client_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/**
 * client_hog() - a thread that keeps its processor from those that are nice
 * @until: u64, when to end, as now_ns() tells the time; may be changed meanwhile
 *
 * Return: NULL.
 */
void *client_hog(void *until)
{
	while (now_ns() < __atomic_load_n((uint64_t *)until, __ATOMIC_RELAXED))
		;
	return NULL;
}

/**
 * client_bind() - bind the driver to a probe's interface, or unbind it
 * @p: probe
 * @bind: which
 *
 * Return: success.
 */
bool client_bind(struct probe *p, bool bind)
{
	char busid[32], itf[40];

	if (!usbip_busid(p->usb, busid, sizeof(busid)))
		return false;
	snprintf(itf, sizeof(itf), "%s:1.0", busid);
	return client_write_file(bind ? DRIVER "bind" : DRIVER "unbind", itf);
}

static long usb_number(const char *busid, const char *attribute)
{
	char path[300], text[16] = "";
	FILE *f;

	snprintf(path, sizeof(path), DEVICES "%s/%s", busid, attribute);
	f = fopen(path, "re");
	if (f && !fgets(text, sizeof(text), f))
		text[0] = 0;
	if (f)
		fclose(f);
	return strtol(text, NULL, 10);
}

/**
 * client_usb_reset() - reset the probe through usbfs as other programs may
 * @p: probe
 *
 * Return: 0 or negative errno.
 */
int client_usb_reset(struct probe *p)
{
	char busid[32], path[64];
	int fd, ret;

	if (!usbip_busid(p->usb, busid, sizeof(busid)))
		return -ENODEV;
	snprintf(path, sizeof(path), "/dev/bus/usb/%03ld/%03ld",
		 usb_number(busid, "busnum"), usb_number(busid, "devnum"));
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = ioctl(fd, USBDEVFS_RESET) ? -errno : 0;
	close(fd);
	return ret;
}

/**
 * client_preconditions() - leave the program where it can't run at all
 *
 * Not root, or no vhci-hcd: the program is skipped. A driver that doesn't
 * load is no reason to skip: it is what is tested, so that fails.
 */
void client_preconditions(void)
{
	if (geteuid())
		ksft_exit_skip("needs root\n");
	if (!usbip_available() && system("modprobe vhci-hcd 2>/dev/null"))
		ksft_exit_skip("no vhci-hcd\n");
	if (!usbip_available())
		ksft_exit_skip("vhci-hcd doesn't work\n");
	if (access(DRIVER, F_OK) && system("modprobe stlink"))
		ksft_exit_fail_msg("the driver doesn't load\n");
}

/**
 * call() - ioctl() with the errno as its result, for arguments that the
 *	wrappers of the tool's library would put right
 * @fd: descriptor
 * @nr: STLINK_IOC_*
 * @arg: argument
 *
 * Return: 0 or negative errno.
 */
int call(int fd, unsigned long nr, void *arg)
{
	return ioctl(fd, nr, arg) ? -errno : 0;
}

/**
 * do_attach() - STLINK_IOC_ATTACH at the default clock
 * @fd: descriptor
 * @mode: enum stlink_attach_mode
 */
int do_attach(int fd, __u32 mode)
{
	struct stlink_attach a = { .mode = mode };

	return stl_ioc_attach(fd, &a);
}

/**
 * do_detach() - STLINK_IOC_DETACH without flags
 * @fd: descriptor
 */
int do_detach(int fd)
{
	struct stlink_detach d = { 0 };

	return stl_ioc_detach(fd, &d);
}

/**
 * do_core() - STLINK_IOC_CORE with the default time
 * @fd: descriptor
 * @op: enum stlink_core_op
 * @flags: STLINK_CORE_F_*
 * @out: what came back, or NULL
 */
int do_core(int fd, __u32 op, __u32 flags, struct stlink_core *out)
{
	struct stlink_core c = { .op = op, .flags = flags };
	int ret = stl_ioc_core(fd, &c);

	if (out)
		*out = c;
	return ret;
}

/**
 * do_nrst() - STLINK_IOC_NRST
 * @fd: descriptor
 * @action: enum stlink_nrst_action
 */
int do_nrst(int fd, __u32 action)
{
	struct stlink_nrst n = { .action = action };

	return stl_ioc_nrst(fd, &n);
}

/**
 * do_mem() - STLINK_IOC_MEM
 * @fd: descriptor
 * @ops: operations
 * @n: their number
 * @done: out: num_done, or NULL
 */
int do_mem(int fd, struct stlink_mem_op *ops, __u32 n, __u32 *done)
{
	struct stlink_mem_xfer x = { .num_ops = n,
				     .ops = (uintptr_t)ops };
	int ret = stl_ioc_mem(fd, &x);

	if (done)
		*done = x.num_done;
	return ret;
}

/**
 * do_dap() - STLINK_IOC_DAP
 * @fd: descriptor
 * @ops: operations
 * @n: their number
 * @done: out: num_done, or NULL
 */
int do_dap(int fd, struct stlink_dap_op *ops, __u32 n, __u32 *done)
{
	struct stlink_dap_xfer x = { .num_ops = n,
				     .ops = (uintptr_t)ops };
	int ret = stl_ioc_dap(fd, &x);

	if (done)
		*done = x.num_done;
	return ret;
}

/**
 * do_reg() - STLINK_IOC_REG
 * @fd: descriptor
 * @ops: operations
 * @n: their number
 * @done: out: num_done, or NULL
 */
int do_reg(int fd, struct stlink_reg_op *ops, __u32 n, __u32 *done)
{
	struct stlink_reg_xfer x = { .num_ops = n,
				     .ops = (uintptr_t)ops };
	int ret = stl_ioc_reg(fd, &x);

	if (done)
		*done = x.num_done;
	return ret;
}

/**
 * mem_rd() - read memory in one operation
 * @fd: descriptor
 * @addr: target address
 * @buf: where to
 * @len: bytes
 * @width: access width, 0 for any
 * @out: the operation afterwards, or NULL
 */
int mem_rd(int fd, __u32 addr, void *buf, __u32 len, __u8 width,
	   struct stlink_mem_op *out)
{
	struct stlink_mem_op op = { .op = STLINK_OP_READ, .width = width,
				    .addr = addr, .length = len,
				    .buf = (uintptr_t)buf };
	int ret = do_mem(fd, &op, 1, NULL);

	if (out)
		*out = op;
	return ret;
}

/**
 * mem_wr() - write memory in one operation
 * @fd: descriptor
 * @addr: target address
 * @buf: what
 * @len: bytes
 * @width: access width, 0 for any
 * @flags: STLINK_MEM_*
 * @out: the operation afterwards, or NULL
 */
int mem_wr(int fd, __u32 addr, const void *buf, __u32 len, __u8 width,
	   __u16 flags, struct stlink_mem_op *out)
{
	struct stlink_mem_op op = { .op = STLINK_OP_WRITE, .width = width,
				    .flags = flags, .addr = addr,
				    .length = len, .buf = (uintptr_t)buf };
	int ret = do_mem(fd, &op, 1, NULL);

	if (out)
		*out = op;
	return ret;
}

/**
 * reg_rd() - read one core register
 * @fd: descriptor
 * @reg: STLINK_REG_* or number
 * @value: out: its value
 */
int reg_rd(int fd, __u16 reg, __u32 *value)
{
	struct stlink_reg_op op = { .op = STLINK_OP_READ, .reg = reg };
	int ret = do_reg(fd, &op, 1, NULL);

	*value = op.value;
	return ret;
}
