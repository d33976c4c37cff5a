// SPDX-License-Identifier: GPL-2.0-only
/* See board.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "board.h"
#include "ioctl.h"

#define CLASS	"/sys/class/stlink"

/* On a slow machine under load */
#define PATIENCE_S	60

int board_fd = -1;
char board_usb[32], board_interface[40];

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(2);
}

/* A port can be open once only; simctl, whose lock this is, may want it later. */
static int port(void)
{
	static int fd = -1;
	int lock;

	if (fd >= 0)
		return fd;
	lock = open("/run/lock-sim.0", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (lock < 0 || flock(lock, LOCK_EX))
		die("/run/lock-sim.0");
	fd = open("/dev/virtio-ports/sim.0", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("/dev/virtio-ports/sim.0");
	return fd;
}

/**
 * board_ask() - a command for the simulator
 * @command: without the end of the line
 *
 * Return: its answer, until the next call.
 */
const char *board_ask(const char *command)
{
	struct pollfd pfd = { .fd = port(), .events = POLLIN };
	static char answer[16384];
	size_t len = 0;
	ssize_t n;

	if (dprintf(pfd.fd, "%s\n", command) < 0)
		die(command);
	do {
		if (poll(&pfd, 1, PATIENCE_S * 1000) != 1)
			die("no answer of the simulator");
		n = read(pfd.fd, answer + len, sizeof(answer) - len - 1);
		if (n <= 0)
			die("no answer of the simulator");
		len += n;
		answer[len] = 0;
	} while (answer[len - 1] != '\n');
	return answer;
}

/** board_is() - whether the simulator's state has that value, as JSON has it */
bool board_is(const char *name, const char *value)
{
	char want[64];

	snprintf(want, sizeof(want), "\"%s\":%s", name, value);
	return strstr(board_ask("state"), want);
}

/**
 * board_runs() - is the target as a debugger that is gone has to leave it?
 *
 * It is asked once only: the firmware may go to sleep or wake up in between.
 */
bool board_runs(void)
{
	const char *state = board_ask("state");

	return (strstr(state, "\"core\":\"running\"") ||
		strstr(state, "\"core\":\"sleeping\"")) &&
	       strstr(state, "\"nrst_low\":false");
}

static bool runs_after_next(void)
{
	struct stlink_voltage v = { 0 };
	char node[64];
	int fd, ret;

	if (!board_wait_node(node, sizeof(node)))
		return false;
	fd = open(node, O_RDWR | O_CLOEXEC);
	ret = fd < 0 ? -errno : stl_ioc_voltage(fd, &v);
	if (fd >= 0)
		close(fd);
	if (ret) {
		fprintf(stderr, "  VOLTAGE comes to %s\n", strerror(-ret));
		return false;
	}
	if (!board_runs()) {
		fprintf(stderr, "  %.120s\n", board_ask("state"));
		return false;
	}
	return true;
}

/**
 * board_left_running() - is it as board_runs() says?
 * @by_next: at the latest when somebody comes by who needs the probe
 */
bool board_left_running(bool by_next)
{
	return by_next ? runs_after_next() : board_runs();
}

/** board_node() - the node of the probe, if there is one */
bool board_node(char *path, size_t len)
{
	struct dirent *e;
	bool found = false;
	DIR *d = opendir(CLASS);

	while (d && !found && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, len, "/dev/%.32s", e->d_name);
		found = !access(path, F_OK);
	}
	if (d)
		closedir(d);
	return found;
}

/** board_wait_node() - the same, after some time perhaps */
bool board_wait_node(char *path, size_t len)
{
	time_t end = time(NULL) + PATIENCE_S;

	while (!board_node(path, len)) {
		if (time(NULL) > end)
			return false;
		usleep(5000);
	}
	return true;
}

/** board_find() - where it is plugged in; to be called while it is bound */
void board_find(void)
{
	char node[64], link[128], target[512];
	ssize_t n;

	if (!board_wait_node(node, sizeof(node)))
		die("no node");
	snprintf(link, sizeof(link), CLASS "/%s/device", strrchr(node, '/') + 1);
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		die(link);
	target[n] = 0;
	snprintf(board_interface, sizeof(board_interface), "%.39s",
		 strrchr(target, '/') + 1);
	snprintf(board_usb, sizeof(board_usb), "%.*s",
		 (int)strcspn(board_interface, ":"), board_interface);
}

/** board_open() - board_fd, if it isn't open; 0 or negative errno */
int board_open(void)
{
	char node[64];

	if (board_fd >= 0)
		return 0;
	if (!board_wait_node(node, sizeof(node)))
		return -ENOENT;
	board_fd = open(node, O_RDWR | O_CLOEXEC);
	return board_fd < 0 ? -errno : 0;
}

/** board_close() - what close() says */
int board_close(void)
{
	int ret = board_fd < 0 ? 0 : close(board_fd);

	board_fd = -1;
	return ret ? -errno : 0;
}

/** board_attach() - STLINK_IOC_ATTACH */
int board_attach(int fd, unsigned int mode)
{
	struct stlink_attach a = { .mode = mode };

	return stl_ioc_attach(fd, &a);
}

/** board_core() - STLINK_IOC_CORE without flags */
int board_core(int fd, unsigned int op)
{
	struct stlink_core c = { .op = op };

	return stl_ioc_core(fd, &c);
}

/** board_info() - STLINK_IOC_INFO */
int board_info(int fd, struct stlink_info *info)
{
	*info = (struct stlink_info) { 0 };
	return stl_ioc_info(fd, info);
}

static int one_op(int fd, unsigned int op, unsigned int addr, const void *buf,
		  unsigned int len)
{
	struct stlink_mem_op mem = {
		.op = op,
		.addr = addr,
		.length = len,
		.buf = (uintptr_t)buf,
	};
	struct stlink_mem_xfer x = { .num_ops = 1, .ops = (uintptr_t)&mem };

	return stl_ioc_mem(fd, &x);
}

/** board_read() - target memory */
int board_read(int fd, unsigned int addr, void *buf, unsigned int len)
{
	return one_op(fd, STLINK_OP_READ, addr, buf, len);
}

static const unsigned char *pattern(void)
{
	static unsigned char bytes[PATTERN_LEN];
	unsigned int i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = 0xa5 ^ (i * 7);
	return bytes;
}

/** board_put_pattern() - what nobody else writes to */
int board_put_pattern(int fd)
{
	return one_op(fd, STLINK_OP_WRITE, PATTERN_ADDR, pattern(), PATTERN_LEN);
}

/** board_has_pattern() - as the driver reads it */
bool board_has_pattern(int fd)
{
	unsigned char bytes[PATTERN_LEN];

	return !board_read(fd, PATTERN_ADDR, bytes, sizeof(bytes)) &&
	       !memcmp(bytes, pattern(), sizeof(bytes));
}

/**
 * board_works() - all of it, from opening to reading memory, and away again
 *
 * Return: 0 or the errno of what failed; -EBADMSG for wrong data.
 */
int board_works(void)
{
	unsigned char bytes[64];
	char node[64];
	int fd, ret;

	if (!board_wait_node(node, sizeof(node)))
		return -ENOENT;
	fd = open(node, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = board_attach(fd, STLINK_ATTACH_NORMAL);
	if (!ret)
		ret = board_read(fd, 0x08000000, bytes, sizeof(bytes));
	if (!ret && bytes[3] != 0x20)	/* initial stack pointer */
		ret = -EBADMSG;
	close(fd);
	return ret;
}

/** sysfs_write() - in one write(); 0 or negative errno */
int sysfs_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/** sysfs_read() - without the newline; 0 or negative errno */
int sysfs_read(const char *path, char *text, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, text, len - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return n;
	text[n] = 0;
	text[strcspn(text, "\n")] = 0;
	return 0;
}
