// SPDX-License-Identifier: GPL-2.0-only
/*
 * Beginnings and ends, as far as they are done by the one who asks for them: open
 * and close, the end of a program, binding, the module, the device, its reset.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/usbdevice_fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "board.h"
#include "fault_things.h"

#define DRIVER	"/sys/bus/usb/drivers/stlink/"
#define DEVICES	"/sys/bus/usb/devices/"

static char node[64], path[300];

/* All of it works, whatever was before */
static int works(void)
{
	int ret = board_works();

	if (ret)
		return bad("it doesn't work: %s", strerrorname_np(-ret));
	return board_runs() ? 0 : bad("the target isn't left running");
}

/* The same where usbcore may be about to plug it anew, for want of a better idea */
static int works_soon(void)
{
	time_t end = time(NULL) + 60;
	int ret;

	while ((ret = board_works()) && time(NULL) < end)
		usleep(100000);
	return ret ? bad("it doesn't work: %s", strerrorname_np(-ret)) : works();
}

static int closed(void)
{
	board_close();
	return !board_wait_node(node, sizeof(node));
}

/* The most that a program can leave behind */
static int in_use(void)
{
	struct stlink_info info;
	int ret;

	if (board_fd >= 0 && board_info(board_fd, &info))
		board_close();
	ret = board_open();
	if (!ret)
		ret = board_attach(board_fd, STLINK_ATTACH_NORMAL);
	if (!ret)
		ret = board_core(board_fd, STLINK_CORE_HALT);
	return ret ? bad("not in use: %s", strerrorname_np(-ret)) : 0;
}

/* Whoever has it open hears that it is gone, and the target runs */
static int gone(void)
{
	struct stlink_info info;
	int ret = board_fd < 0 ? -ENODEV : board_info(board_fd, &info);

	board_close();
	if (ret != -ENODEV)
		return bad("INFO says %s, not ENODEV",
			   ret ? strerrorname_np(-ret) : "done");
	/* Nobody else is there to do it, where it couldn't be done */
	return fault_dry || board_runs() ? 0 :
	       bad("the target isn't left running");
}

/* open() */

static int open_act(void)
{
	board_fd = open(node, O_RDWR | O_CLOEXEC);
	return board_fd < 0 ? -errno : 0;
}

static int open_after(int ret)
{
	(void)ret;
	board_close();
	return works();
}

/* close(), by the program and for one that is killed */

static int close_after(int ret)
{
	(void)ret;
	if (!board_left_running(fault_dry))
		return bad("the target isn't left running");
	return works();
}

static int exit_act(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (in_use())
			_exit(1);
		if (fault_next)
			fault_arm_here(fault_next);
		kill(getpid(), SIGKILL);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFSIGNALED(status) ? 0 : -EPROTO;
}

/* bind and unbind */

static int bind_fd = -1, unbind_fd = -1;
static char serial[64];

static bool is_bound(void)
{
	snprintf(path, sizeof(path), DRIVER "%s", board_interface);
	return !access(path, F_OK);
}

static int write_name(int fd)
{
	return pwrite(fd, board_interface, strlen(board_interface), 0) < 0 ?
	       -errno : 0;
}

static int bind_act(void) { return write_name(bind_fd); }
static int unbind_act(void) { return write_name(unbind_fd); }

static int bind_files(void)
{
	if (bind_fd < 0)
		bind_fd = open(DRIVER "bind", O_WRONLY | O_CLOEXEC);
	if (unbind_fd < 0)
		unbind_fd = open(DRIVER "unbind", O_WRONLY | O_CLOEXEC);
	return bind_fd < 0 || unbind_fd < 0;
}

static int has_serial(const char *want, char *got, size_t len)
{
	if (!board_wait_node(node, sizeof(node)))
		return bad("no node");
	snprintf(path, sizeof(path), "/sys/class/stlink/%s/serial",
		 strrchr(node, '/') + 1);
	if (sysfs_read(path, got, len))
		return bad("no serial number");
	return want && strcmp(want, got) ? bad("its serial number is '%s'", got) :
					   0;
}

/* The one thing that may be missing, where there was no memory for it */
static int has_sensor(void)
{
	snprintf(path, sizeof(path), DEVICES "%s/hwmon/hwmon*/in0_input",
		 board_interface);
	return glob(path, 0, NULL, &(glob_t) { 0 }) ? bad("no sensor") : 0;
}

static int unbound(void)
{
	board_close();
	if (!serial[0] && has_serial(NULL, serial, sizeof(serial)))
		return 1;
	return bind_files() || (is_bound() && unbind_act());
}

static int bind_after(int ret)
{
	char got[64];

	if (is_bound() != !ret)
		return bad(ret ? "it is bound" : "it isn't bound");
	if (!ret) {
		if (has_serial(serial, got, sizeof(got)) || works())
			return 1;
		if (unbind_act())
			return bad("it can't be unbound");
	}
	ret = bind_act();
	if (ret)
		return bad("it can't be bound any more: %s",
			   strerrorname_np(-ret));
	return has_serial(serial, got, sizeof(got)) || has_sensor() || works();
}

static int bound_in_use(void)
{
	return bind_files() || (!is_bound() && bind_act()) || in_use();
}

static int unbind_after(int ret)
{
	if (is_bound() != !!ret)
		return bad(ret ? "it is unbound" : "it isn't unbound");
	if (ret && unbind_act())
		return bad("it can't be unbound");
	if (gone())
		return 1;
	if (bind_act())
		return bad("it can't be bound any more");
	return works();
}

/* The interface of the device comes and goes, as if it were plugged */

static int authorize(const char *how)
{
	snprintf(path, sizeof(path), DEVICES "%s/authorized", board_usb);
	return sysfs_write(path, how);
}

static int plug_ready(void)
{
	board_close();
	return authorize("0") != 0;
}

static int plug_act(void)
{
	return authorize("1");
}

/* Where usbcore had no memory for it, there may be no configuration */
static int plug_after(int ret)
{
	if (!ret && is_bound() && works())
		return 1;
	return authorize("0") || authorize("1") || works();
}

static int unplug_act(void)
{
	return authorize("0");
}

static int unplug_after(int ret)
{
	if (ret && authorize("0"))
		return bad("it can't be taken away");
	return gone() || authorize("1") || works();
}

/* The module, without a probe: that is what bind is about */

static int module_load(void)
{
	static char *image;
	static size_t size;

	if (!image) {
		const char *name = getenv("STLINK_KO");
		FILE *file = name ? fopen(name, "re") : NULL;
		struct stat st;

		if (!file || fstat(fileno(file), &st))
			return -ENOENT;
		image = malloc(st.st_size);
		size = fread(image, 1, st.st_size, file);
		fclose(file);
	}
	return syscall(SYS_init_module, image, size, "") ? -errno : 0;
}

static int module_unload(void)
{
	return syscall(SYS_delete_module, "stlink", O_NONBLOCK) ? -errno : 0;
}

static bool module_is_there(void)
{
	return !access("/sys/module/stlink/initstate", F_OK);
}

/* What was opened of the old one is of no use any more */
static void module_forget(void)
{
	close(bind_fd);
	close(unbind_fd);
	bind_fd = -1;
	unbind_fd = -1;
}

static int module_not_there(void)
{
	board_close();
	module_forget();
	return authorize("0") || (module_is_there() && module_unload());
}

static int module_there(void)
{
	board_close();
	module_forget();
	return authorize("0") || (!module_is_there() && module_load());
}

static int load_after(int ret)
{
	if (module_is_there() != !ret)
		return bad(ret ? "it is loaded" : "it isn't loaded");
	/* The driver core goes on without the files to bind and unbind by */
	if (!ret && access(DRIVER "bind", F_OK) && module_unload())
		return bad("it can't be unloaded");
	return !module_is_there() && module_load() ?
	       bad("it can't be loaded any more") : 0;
}

static int unload_after(int ret)
{
	if (module_is_there() != !!ret)
		return bad(ret ? "it is unloaded" : "it is loaded");
	return 0;
}

static int module_end(void)
{
	return (!module_is_there() && module_load()) || authorize("1") ||
	       works();
}

/* A reset of the device by another program */

static int usbfs = -1;

static int number_of(const char *name)
{
	char text[16];

	snprintf(path, sizeof(path), DEVICES "%s/%s", board_usb, name);
	return sysfs_read(path, text, sizeof(text)) ? 0 : atoi(text);
}

static int reset_ready(void)
{
	if (in_use())
		return 1;
	if (usbfs >= 0)
		close(usbfs);
	snprintf(path, sizeof(path), "/dev/bus/usb/%03d/%03d",
		 number_of("busnum"), number_of("devnum"));
	usbfs = open(path, O_RDWR | O_CLOEXEC);
	return usbfs < 0;
}

static int reset_act(void)
{
	return ioctl(usbfs, USBDEVFS_RESET) ? -errno : 0;
}

/* One that failed makes usbcore plug it anew */
static int reset_after(int ret)
{
	struct stlink_info info;
	int err = board_info(board_fd, &info);

	if (!ret && (err || info.state & STLINK_STATE_ATTACHED))
		return bad("there is a session");
	board_close();
	return ret ? works_soon() : works();
}

/* Whoever has that open keeps the device awake */
static int reset_end(void)
{
	close(usbfs);
	usbfs = -1;
	return 0;
}

/* Who opens a probe that sleeps wakes it */

static int asleep(void)
{
	char text[32] = "";
	unsigned int i;

	if (closed())
		return 1;
	snprintf(path, sizeof(path), DEVICES "%s/power/autosuspend_delay_ms",
		 board_usb);
	if (sysfs_write(path, "0"))
		return 1;
	snprintf(path, sizeof(path), DEVICES "%s/power/control", board_usb);
	if (sysfs_write(path, "auto"))
		return 1;
	snprintf(path, sizeof(path), DEVICES "%s/power/runtime_status",
		 board_usb);
	for (i = 0; i < 1000 && strcmp(text, "suspended"); i++) {
		usleep(10000);
		if (sysfs_read(path, text, sizeof(text)))
			return 1;
	}
	return strcmp(text, "suspended");
}

/* Where waking fails usbcore plugs it anew */
static int wake_after(int ret)
{
	board_close();
	return ret ? works_soon() : works();
}

static int wake_end(void)
{
	snprintf(path, sizeof(path), DEVICES "%s/power/control", board_usb);
	return sysfs_write(path, "on") || works();
}

const struct thing fault_lives[] = {
	THING("open", closed, open_act, open_after),
	THING("close", in_use, board_close, close_after),
	{ .name = "exit", .ready = closed, .act = exit_act,
	  .after = close_after, .elsewhere = true, .blind = true },
	THING("bind", unbound, bind_act, bind_after),
	THING("unbind", bound_in_use, unbind_act, unbind_after),
	{ .name = "plug", .ready = plug_ready, .act = plug_act,
	  .after = plug_after },
	THING("unplug", in_use, unplug_act, unplug_after),
	/* The kernel's tracing warns where it has no memory for a module's events */
	{ .name = "load", .ready = module_not_there, .act = module_load,
	  .after = load_after, .end = module_end, .backwards = true },
	{ .name = "unload", .ready = module_there, .act = module_unload,
	  .after = unload_after, .end = module_end },
	{ .name = "reset", .ready = reset_ready, .act = reset_act,
	  .after = reset_after, .end = reset_end, .also = -ENODEV },
	{ .name = "wake", .ready = asleep, .act = open_act,
	  .after = wake_after, .end = wake_end, .also = -EIO },
	{ .name = NULL }
};
