// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel does by itself, in threads of its workqueues: plugging and
 * unplugging, looking for events, suspending a probe that nobody uses. Which thread
 * that will be nobody knows, so the n-th allocation of each of them fails.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "fault_things.h"
#include "ioctl.h"

#define DEVICES	"/sys/bus/usb/devices/"

static struct worker {
	char path[32];
	bool armed;
} workers[256];
static unsigned int number;

/* Those there are just now; they come and go */
static void find_workers(void)
{
	char path[64], name[32];
	struct dirent *e;
	DIR *d = opendir("/proc");

	number = 0;
	while (d && (e = readdir(d)) && number < 256) {
		if (!strtoul(e->d_name, NULL, 10))
			continue;
		snprintf(path, sizeof(path), "/proc/%.12s/comm", e->d_name);
		if (sysfs_read(path, name, sizeof(name)) ||
		    strncmp(name, "kworker/", 8))
			continue;
		snprintf(workers[number++].path, sizeof(workers[0].path),
			 "/proc/%.12s/fail-nth", e->d_name);
	}
	if (d)
		closedir(d);
}

static void arm_workers(unsigned int n)
{
	char text[16];
	unsigned int i;

	if (!n)
		return;
	find_workers();
	snprintf(text, sizeof(text), "%u", n);
	for (i = 0; i < number; i++)
		workers[i].armed = !sysfs_write(workers[i].path, text);
}

/* One that is over, in a worker that is still there, was reached */
static void disarm_workers(void)
{
	char text[16];
	unsigned int i;

	if (!fault_next)
		return;
	for (i = 0; i < number; i++) {
		if (!workers[i].armed ||
		    sysfs_read(workers[i].path, text, sizeof(text)))
			continue;
		if (!strcmp(text, "0"))
			fault_hit = true;
		sysfs_write(workers[i].path, "0");
	}
}

static int works(void)
{
	int ret = board_works();

	if (ret)
		return bad("it doesn't work: %s", strerrorname_np(-ret));
	return board_runs() ? 0 : bad("the target isn't left running");
}

static bool wait_gone(unsigned int ms)
{
	char node[64];

	for (; board_node(node, sizeof(node)); ms -= 5) {
		if (ms < 5)
			return false;
		usleep(5000);
	}
	return true;
}

static int in_use(void)
{
	struct stlink_info info;

	if (board_fd >= 0 && board_info(board_fd, &info))
		board_close();
	return board_open() || board_attach(board_fd, STLINK_ATTACH_NORMAL) ||
	       board_core(board_fd, STLINK_CORE_HALT);
}

/* Pulled out with a program in the middle of its work */

static int pull_act(void)
{
	bool is_gone;

	arm_workers(fault_next);
	board_ask("unplug");
	is_gone = wait_gone(60000);
	disarm_workers();
	return is_gone ? 0 : -EBUSY;
}

static int pull_after(int ret)
{
	struct stlink_info info;
	int err = board_info(board_fd, &info);

	(void)ret;
	if (err != -ENODEV)
		return bad("INFO says %s, not ENODEV",
			   err ? strerrorname_np(-err) : "done");
	board_close();
	board_ask("replug");
	return works();
}

/* Plugged in: with no memory for it usbcore may give up */

static int pulled(void)
{
	board_close();
	board_ask("unplug");
	return !wait_gone(60000);
}

static int push_act(void)
{
	unsigned int i;
	char node[64];

	arm_workers(fault_next);
	board_ask("replug");
	for (i = 0; i < 3000 && !board_node(node, sizeof(node)); i += 5)
		usleep(5000);
	disarm_workers();
	return 0;
}

static int push_after(int ret)
{
	char node[64];

	(void)ret;
	if (board_node(node, sizeof(node)) && works())
		return 1;
	if (pulled())
		return bad("it doesn't go away");
	board_ask("replug");
	return works();
}

/* Looking at the core; whatever happens, later looks tell what there is to see */

static int watching(void)
{
	struct stlink_events e = {
		.flags = STLINK_EVENTS_SET,
		.mask = STLINK_EVENT_HALTED,
		.interval_ms = 10,
	};

	return in_use() || board_core(board_fd, STLINK_CORE_RUN) ||
	       stl_ioc_events(board_fd, &e);
}

static int look_act(void)
{
	arm_workers(fault_next);
	usleep(100000);
	disarm_workers();
	return 0;
}

static int look_after(int ret)
{
	struct pollfd p = { .fd = board_fd };
	struct stlink_info info;

	(void)ret;
	if (board_info(board_fd, &info) ||
	    !(info.state & STLINK_STATE_ATTACHED))
		return bad("the session is lost");
	if (board_core(board_fd, STLINK_CORE_HALT))
		return bad("the core can't be halted");
	p.events = POLLPRI;
	return poll(&p, 1, 30000) == 1 && p.revents & POLLPRI ? 0 :
	       bad("nobody is told any more");
}

/* Looking for a target, for udev */

static char poll_ms[128];

static int polled(void)
{
	char node[64];

	board_close();
	if (!board_wait_node(node, sizeof(node)))
		return 1;
	snprintf(poll_ms, sizeof(poll_ms), "/sys/class/stlink/%s/target_poll_ms",
		 strrchr(node, '/') + 1);
	return sysfs_write(poll_ms, "10") != 0;
}

static int polled_after(int ret)
{
	char path[128], text[32] = "";
	unsigned int i;

	(void)ret;
	board_ask("power off");
	snprintf(path, sizeof(path), "%.*s/target",
		 (int)(strrchr(poll_ms, '/') - poll_ms), poll_ms);
	for (i = 0; i < 3000 && strcmp(text, "absent"); i++) {
		usleep(10000);
		sysfs_read(path, text, sizeof(text));
	}
	board_ask("power on");
	if (strcmp(text, "absent"))
		return bad("it isn't looked at any more: %s", text);
	return works();
}

static int polled_end(void)
{
	return sysfs_write(poll_ms, "0") || works();
}

/* Suspending a probe that was closed */

static int usb_power(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), DEVICES "%s/power/%s", board_usb, name);
	return sysfs_write(path, value);
}

static int sleepy(void)
{
	board_close();
	return usb_power("autosuspend_delay_ms", "0") ||
	       usb_power("control", "auto") || in_use();
}

static int sleep_act(void)
{
	char path[128], text[32] = "";
	unsigned int i;

	snprintf(path, sizeof(path), DEVICES "%s/power/runtime_status",
		 board_usb);
	arm_workers(fault_next);
	board_close();
	for (i = 0; i < 300 && strcmp(text, "suspended"); i++) {
		usleep(5000);
		sysfs_read(path, text, sizeof(text));
	}
	disarm_workers();
	return 0;
}

static int sleep_after(int ret)
{
	(void)ret;
	return works();
}

static int sleep_end(void)
{
	return usb_power("control", "on") || works();
}

#define WORKER(n, r, a, x, e, up) { .name = n, .ready = r, .act = a, \
	.after = x, .end = e, .elsewhere = true, .limit = up }

const struct thing fault_workers[] = {
	WORKER("pull", in_use, pull_act, pull_after, NULL, 0),
	WORKER("push", pulled, push_act, push_after, NULL, 0),
	WORKER("look", watching, look_act, look_after, NULL, 16),
	WORKER("target_poll", polled, look_act, polled_after, polled_end, 40),
	WORKER("sleep", sleepy, sleep_act, sleep_after, sleep_end, 0),
	{ .name = NULL }
};
