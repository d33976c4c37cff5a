// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tormentor: kills and stops workers, and does to probes, boards, driver and
 * machine what cables, users and administrators do.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crowd.h"

#define DRIVER	"/sys/bus/usb/drivers/stlink"
#define DEVICES	"/sys/bus/usb/devices"
/* A probe that was plugged in has its node by then */
#define NODE_S	60

/* Whoever is stopped for longer than a call may last shows that others go on. */
#define LONG_STOP_S	(LIMIT_S + 5)

/*
 * How long the driver waits for each answer while it lets go of a probe. Where that
 * was too short for the machine, it can't know what the probe does.
 */
#define CLEANUP_S	1

static void kill_one(void)
{
	struct slot *s = &crowd->slot[below(WORKERS)];
	int pid = s->pid;

	if (!pid || s->dying)
		return;
	s->dying = now();
	kill(pid, SIGKILL);
}

static void stop_one(void)
{
	struct slot *s = &crowd->slot[below(WORKERS)];
	uint64_t ms = 50 + below(2000);
	int pid = s->pid, i;
	bool lasting = !below(4);

	for (i = 0; i < WORKERS; i++)
		if (crowd->slot[i].go_on > now() + 3 * NS)
			lasting = false;
	if (lasting)
		ms = LONG_STOP_S * 1000;
	if (!pid || s->dying || s->stopped)
		return;
	s->go_on = now() + ms * 1000000;
	s->stopped = now();
	kill(pid, SIGSTOP);
}

static void let_go_on(bool all)
{
	struct slot *s;
	int i, pid;

	for (i = 0; i < WORKERS; i++) {
		s = &crowd->slot[i];
		pid = s->pid;
		if (!s->stopped || (!all && s->go_on > now()))
			continue;
		if (s->since)
			s->since = now();
		if (pid)
			kill(pid, SIGCONT);
		s->go_on = 0;
		s->stopped = 0;
	}
}

/* The tool in the middle of something: killed, interrupted, or stopped */
static void annoy_tool(void)
{
	static const int signals[] = { SIGKILL, SIGTERM, SIGINT };
	int i, pid, from = below(WORKERS);

	for (i = 0; i < WORKERS; i++) {
		pid = crowd->slot[(from + i) % WORKERS].tool;
		if (!pid)
			continue;
		if (below(2)) {
			kill(pid, signals[below(3)]);
		} else {
			kill(pid, SIGSTOP);
			usleep(below(1500000));
			kill(pid, SIGCONT);
		}
		return;
	}
}

/* Done with a session of our own, so that the driver has to let the core run */
static void unbind(unsigned int n)
{
	struct board *b = &crowd->board[n];
	char interface[48], text[32] = "";
	const char *state;
	bool attached;
	uint64_t start;
	int fd, err;

	fd = open_node(b, O_RDWR);
	attached = fd >= 0 && !attach(fd, STLINK_ATTACH_NORMAL, 0);
	snprintf(interface, sizeof(interface), "%s:1.0", b->path);
	start = now();
	err = write_file(DRIVER "/unbind", interface);
	if (err && err != -ENODEV && err != -ENOENT)
		complain("unbind: %s", strerrorname_np(-err));
	state = err || now() - start >= CLEANUP_S * NS ? NULL : sim(n, "state");
	if (sim_text(state, "mode", text, sizeof(text)) && strcmp(text, "mass"))
		complain("probe %u is unbound and its mode is %s", n, text);
	if (sim_text(state, "nrst_low", text, sizeof(text)) &&
	    strcmp(text, "false"))
		complain("probe %u is unbound and holds nRST low", n);
	if (attached && sim_text(state, "core", text, sizeof(text)) &&
	    !strcmp(text, "halted"))
		complain("probe %u is unbound and the core is halted", n);
	usleep(below(300000));
	/* udev may have bound it after loading the module. */
	err = write_file(DRIVER "/bind", interface);
	if (err && err != -ENODEV && err != -ENOENT && err != -EBUSY)
		complain("bind: %s", strerrorname_np(-err));
	if (fd >= 0)
		close_node(fd);
}

static bool usb_node(struct board *b, char *path, size_t len)
{
	char file[80], bus[16], dev[16];

	snprintf(file, sizeof(file), DEVICES "/%s/busnum", b->path);
	if (read_file(file, bus, sizeof(bus)))
		return false;
	snprintf(file, sizeof(file), DEVICES "/%s/devnum", b->path);
	if (read_file(file, dev, sizeof(dev)))
		return false;
	snprintf(path, len, "/dev/bus/usb/%03d/%03d", atoi(bus), atoi(dev));
	return true;
}

/* It was pulled out, and the kernel comes to it only now. */
static bool goes(struct board *b, const char *path)
{
	uint64_t end = now() + NODE_S * NS;
	char other[80];

	while (now() < end) {
		if (!usb_node(b, other, sizeof(other)) || strcmp(other, path))
			return true;
		usleep(20000);
	}
	return false;
}

static void usb_reset(struct board *b)
{
	char path[80];
	int fd, err;

	if (!usb_node(b, path, sizeof(path)))
		return;
	fd = open(path, O_RDWR | O_CLOEXEC);
	err = fd < 0 || ioctl(fd, USBDEVFS_RESET) ? errno : 0;
	if (err && !((err == ENODEV || err == ENOENT || err == EINVAL) &&
		     goes(b, path)))
		complain("USB reset by %s: %s", path, strerrorname_np(err));
	if (fd >= 0)
		close(fd);
}

static void runtime_suspend(struct board *b)
{
	char path[100], text[16];

	snprintf(path, sizeof(path), DEVICES "/%s/power/autosuspend_delay_ms",
		 b->path);
	snprintf(text, sizeof(text), "%u", below(3) ? below(50) : 0);
	write_file(path, text);
	snprintf(path, sizeof(path), DEVICES "/%s/power/control", b->path);
	write_file(path, below(4) ? "auto" : "on");
}

/* All devices are suspended and resumed, and sometimes the machine is. */
static void suspend(void)
{
	int err;

	if (!crowd->suspends)
		return;
	write_file("/sys/power/pm_test", below(4) ? "devices" : "none");
	err = write_file("/sys/power/state", "mem");
	if (err)
		complain("suspend: %s", strerrorname_np(-err));
	write_file("/sys/power/pm_test", "none");
}

static void wait_for_node(struct board *b)
{
	uint64_t end = now() + NODE_S * NS;
	char name[32];

	while (!find_node(b->serial, name, sizeof(name)) && now() < end)
		usleep(20000);
	if (now() >= end)
		complain("%s is plugged in and has no node", b->serial);
}

/*
 * As slow as a hand. Where a probe is back before the kernel came to its absence, and
 * is reset by USB just then, the kernel goes on with the slot that it has, and
 * QEMU 7.2's xhci has forgotten which port that is of: nothing is answered any more.
 */
static void unplug(unsigned int n)
{
	struct board *b = &crowd->board[n];
	bool was_there;
	char path[80];

	was_there = usb_node(b, path, sizeof(path));
	sim(n, "unplug");
	if (was_there && !goes(b, path))
		complain("%s was pulled out and has its node", b->serial);
	usleep(below(300000));
	sim(n, "replug");
	wait_for_node(b);
}

static void power_off(unsigned int n)
{
	struct board *b = &crowd->board[n];

	b->flags |= NO_POWER;
	b->upsets++;
	sim(n, "power off");
	usleep(below(400000));
	sim(n, "power on");
	usleep(50000);
	b->upsets++;
	b->flags &= ~NO_POWER;
}

static void load(void)
{
	int fd = open(crowd->ko, O_RDONLY | O_CLOEXEC);

	/* udev does so, too, when a probe is plugged in. */
	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
		complain("loading: %s", strerrorname_np(errno));
	close(fd);
}

/* With a node open it must be refused; else it may succeed, and is undone. */
static void unload(unsigned int n)
{
	int fd = below(3) ? open_node(&crowd->board[n], O_RDONLY) : -1;
	int err = syscall(SYS_delete_module, "stlink", O_NONBLOCK) ? errno : 0;

	if (fd >= 0 && err != EWOULDBLOCK)
		complain("unloading with a node open: %s",
			 strerrorname_np(err));
	if (fd < 0 && err && err != EWOULDBLOCK)
		complain("unloading: %s", strerrorname_np(err));
	if (fd >= 0)
		close_node(fd);
	if (err)
		return;
	usleep(below(200000));
	load();
	for (n = 0; n < PROBES; n++)
		wait_for_node(&crowd->board[n]);
}

enum { KILL, STOP, TOOL, UNBIND, RESET, RUNTIME, SUSPEND, UNPLUG, POWER, UNLOAD,
       NUM };

/** torment() - until it is over */
void torment(void)
{
	static const unsigned int often[NUM] = {
		[KILL] = 20, [STOP] = 22, [TOOL] = 10, [UNBIND] = 10,
		[RESET] = 10, [RUNTIME] = 8, [SUSPEND] = 3, [UNPLUG] = 6,
		[POWER] = 5, [UNLOAD] = 6,
	};
	unsigned int i, dice, n;

	while (!crowd->finish && !me->failed) {
		begin(DO_TORMENT);
		let_go_on(false);
		dice = below(100);
		for (i = 0; dice >= often[i]; i++)
			dice -= often[i];
		n = below(PROBES);
		crowd->torments[i]++;
		switch (i) {
		case KILL:	kill_one(); break;
		case STOP:	stop_one(); break;
		case TOOL:	annoy_tool(); break;
		case UNBIND:	unbind(n); break;
		case RESET:	usb_reset(&crowd->board[n]); break;
		case RUNTIME:	runtime_suspend(&crowd->board[n]); break;
		case SUSPEND:	suspend(); break;
		case UNPLUG:	unplug(n); break;
		case POWER:	power_off(n); break;
		default:	unload(n);
		}
		me->doing = DO_TORMENT;
		me->since = 0;
		usleep(20000 + below(400000));
	}
	let_go_on(true);
}
