// SPDX-License-Identifier: GPL-2.0-only
/* See child.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"

double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void begin(char *const argv[], int err)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(null, 1);
	dup2(err, 2);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

/* What the kernel is doing for it */
static void look(struct child *c, pid_t pid)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, c->where, sizeof(c->where) - 1);
	c->where[n < 0 ? 0 : n] = '\0';
	if (fd >= 0)
		close(fd);
}

void child_run(struct child *c, char *const argv[], unsigned int limit_s)
{
	int err = memfd_create("stderr", MFD_CLOEXEC), status = 0;
	double start = now_s();
	struct pollfd pfd = { .events = POLLIN };
	ssize_t n;
	pid_t pid;

	memset(c, 0, sizeof(*c));
	fflush(NULL);
	pid = fork();
	if (!pid)
		begin(argv, err);
	if (err < 0 || pid < 0) {
		perror("fork");
		exit(2);
	}
	pfd.fd = syscall(SYS_pidfd_open, pid, 0);
	if (poll(&pfd, 1, limit_s * 1000) == 0) {
		c->late = true;
		look(c, pid);
		kill(pid, SIGKILL);
	}
	close(pfd.fd);
	/* one that can't even be killed shows in the time-out of the machine */
	waitpid(pid, &status, 0);
	c->seconds = now_s() - start;
	c->status = WIFEXITED(status) ? WEXITSTATUS(status) :
		    128 + WTERMSIG(status);
	n = pread(err, c->text, sizeof(c->text) - 1, 0);
	c->text[n < 0 ? 0 : n] = '\0';
	close(err);
}
