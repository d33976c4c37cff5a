// SPDX-License-Identifier: GPL-2.0-only
/* What a worker does without a descriptor of its own: the tool, and sysfs. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"

/* Exit statuses of the tool that these circumstances may lead to */
#define NO_PROBE	2
#define IN_USE		3
#define NO_TARGET	5
#define LINK		7
#define FLASHING	8
#define DIFFERS		9
#define KILLED		128
/* stopped by what annoy_tool() sends it, which it tells */
#define INTERRUPTED	(128 + SIGINT)
#define TERMINATED	(128 + SIGTERM)

/* Runs it; its messages go to @said. Returns the status, 128 if it was killed. */
static int run(enum what what, const char *out, char *said, size_t len,
	       char **argv)
{
	int err[2], status, pid;
	pid_t parent = getpid();
	size_t n = 0;
	ssize_t got;

	if (pipe2(err, O_CLOEXEC)) {
		complain("pipe: %s", strerror(errno));
		return -1;
	}
	begin(what);
	pid = fork();
	if (!pid) {
		/* Whoever kills the worker means the tool as well. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		dup2(open(out, O_WRONLY | O_CREAT | O_TRUNC, 0666), 1);
		dup2(err[1], 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(err[1]);
	if (pid < 0) {
		close(err[0]);
		complain("fork: %s", strerror(errno));
		return -1;
	}
	me->tool = pid;
	while ((got = read(err[0], said + n, len - 1 - n)) > 0)
		n += got;
	said[n] = '\0';
	close(err[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	me->tool = 0;
	status = WIFEXITED(status) ? WEXITSTATUS(status) : KILLED;
	end(status);
	return status;
}

static void judge(const char *verb, int status, const char *said, bool may_differ)
{
	switch (status) {
	case 0:
	case KILLED:
		return;
	case DIFFERS:
		if (may_differ)
			return;
		break;
	case NO_PROBE:
	case IN_USE:
	case NO_TARGET:
	case LINK:
	case FLASHING:
	case INTERRUPTED:
	case TERMINATED:
		if (*said)
			return;
	}
	complain("stlink %s ends with %d and says: %.200s", verb, status,
		 *said ? said : "nothing");
}

static void read_part(struct board *b)
{
	char file[64], addr[16], size[16], said[2048];
	char *argv[] = { "stlink", "-q", "-s", b->serial, "read", file, addr, size,
			 "--format", "bin", NULL };
	uint32_t offset = below(b->fixed_len - 1), len;
	uint8_t buf[FIXED_MAX];
	ssize_t n = -1;
	int status, fd;

	len = 1 + below(b->fixed_len - offset);
	snprintf(file, sizeof(file), "part.%d", (int)(me - crowd->slot));
	snprintf(addr, sizeof(addr), "0x%x", FIXED + offset);
	snprintf(size, sizeof(size), "%u", len);
	unlink(file);
	status = run(DO_READ, "/dev/null", said, sizeof(said), argv);
	judge("read", status, said, false);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = read(fd, buf, sizeof(buf));
	if (fd >= 0)
		close(fd);
	/* The file has its name only when all is there. */
	if ((n >= 0 && n != len) || (!status && n != len))
		complain("stlink read: %zd bytes of %u, status %d", n, len,
			 status);
	else if (n >= 0 && memcmp(buf, b->fixed + offset, len))
		complain("stlink read of %u bytes from %s: not what is there",
			 len, addr);
	else if (n >= 0)
		me->checked += n;
}

static void verify(struct board *b)
{
	unsigned int upsets = b->upsets, image = b->image;
	char said[2048];
	char *argv[] = { "stlink", "-q", "-s", b->serial, "verify",
			 (char *)crowd->images[image ? image - 1 : 0], NULL };
	bool sure = image && !b->flags;
	int status;

	status = run(DO_VERIFY, "/dev/null", said, sizeof(said), argv);
	judge("verify", status, said,
	      !sure || b->upsets != upsets || b->flags);
}

/* One at a time, as the image that the board has must be known. */
static void program(unsigned int n, struct board *b)
{
	unsigned int image = 1 + below(2);
	char path[32], said[2048];
	char *argv[] = { "stlink", "-q", "-s", b->serial, "program",
			 (char *)crowd->images[image - 1], NULL };
	int lock, status;

	snprintf(path, sizeof(path), "program.%u", n);
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB)) {
		if (lock >= 0)
			close(lock);
		return;
	}
	b->flags |= PROGRAMMING;
	b->upsets++;
	b->image = 0;
	status = run(DO_PROGRAM, "/dev/null", said, sizeof(said), argv);
	judge("program", status, said, true);
	if (!status) {
		b->image = image;
		b->upsets++;
		b->flags &= ~PROGRAMMING;
	}
	close(lock);
}

/** tool() - run the tool once with the probe of a board */
void tool(unsigned int n)
{
	struct board *b = &crowd->board[n];
	char name[32], said[2048];
	char *argv[] = { "stlink", "-s", b->serial, "info", NULL };
	unsigned int dice = below(8);

	if (!find_node(b->serial, name, sizeof(name))) {
		usleep(50000);
		return;
	}
	/* After one that failed little is certain. */
	if (b->flags & PROGRAMMING && below(2))
		dice = 0;
	if (dice < 2)
		program(n, b);
	else if (dice < 4)
		verify(b);
	else if (dice < 7)
		read_part(b);
	else
		judge("info", run(DO_TELL, "/dev/null", said, sizeof(said),
				  argv), said, false);
}

static bool one_of(int err, const int *list)
{
	while (*list && *list != err)
		list++;
	return *list;
}

/* Reading the voltage asks the probe; the rest doesn't. */
static void read_attribute(const char *path, bool asks)
{
	static const int gone[] = { ENOENT, ENODEV, 0 };
	static const int asked[] = { ENOENT, ENODEV, EBUSY, EIO, ETIMEDOUT,
				     EINTR, 0 };
	char text[256];
	int err;

	begin(DO_SYSFS);
	err = -read_file(path, text, sizeof(text));
	end(err);
	if (err && !one_of(err, asks ? asked : gone))
		complain("%s: %s", path, strerrorname_np(err));
}

static void read_sensor(const char *device)
{
	char folder[400], path[800];
	struct dirent *e;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/device/hwmon", device);
	dir = opendir(folder);
	while (dir && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s/in0_input", folder,
			 e->d_name);
		read_attribute(path, true);
	}
	if (dir)
		closedir(dir);
}

/** look_at_sysfs() - all attributes of a probe, and how often it is looked at */
void look_at_sysfs(unsigned int n)
{
	static const char *const names[] = {
		"serial", "firmware", "features", "mode", "clock_khz", "target",
		"target_poll_ms", "target_voltage_mv",
	};
	static const int refused[] = { ENOENT, ENODEV, EIO, EINTR, 0 };
	struct board *b = &crowd->board[n];
	char name[32], device[80], path[200], text[16];
	unsigned int i;
	int err;

	if (!find_node(b->serial, name, sizeof(name))) {
		usleep(50000);
		return;
	}
	snprintf(device, sizeof(device), "/sys/class/stlink/%s", name);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", device, names[i]);
		read_attribute(path, i == sizeof(names) / sizeof(*names) - 1);
	}
	read_sensor(device);
	if (below(4))
		return;
	snprintf(path, sizeof(path), "%s/target_poll_ms", device);
	snprintf(text, sizeof(text), "%u", below(2) ? 0 : 10 + below(100));
	begin(DO_SET_POLL);
	err = -write_file(path, text);
	end(err);
	if (err && !one_of(err, refused))
		complain("target_poll_ms: %s", strerrorname_np(err));
}
