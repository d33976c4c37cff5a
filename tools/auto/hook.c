// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running a command of the configuration. It gets a process group of its own,
 * so that what it starts can be ended with it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hook.h"

static void export(const char *name, const char *value)
{
	setenv(name, value ? value : "", 1);
}

static void export_record(const struct auto_record *r)
{
	char text[AUTO_TIME_LEN];

	auto_time_text(&r->time, text);
	export("STLINK_TIME", text);
	export("STLINK_STATION", r->station);
	export("STLINK_SERIAL", r->serial);
	export("STLINK_USB_PATH", r->usb_path);
	export("STLINK_DEVICE", r->device);
	export("STLINK_PART", r->part);
	export("STLINK_IMAGE", r->image);
	snprintf(text, sizeof(text), "%08" PRIx32, r->crc);
	export("STLINK_CRC32", text);
	export("STLINK_RESULT", auto_result_word(r->result));
	export("STLINK_REASON", r->reason);
	snprintf(text, sizeof(text), "%d", r->code);
	export("STLINK_CODE", text);
	snprintf(text, sizeof(text), "%" PRIu32, r->duration_ms);
	export("STLINK_DURATION_MS", text);
	export("STLINK_SERIAL_NUMBER", r->number);
}

static void child(const char *command, const struct auto_record *r)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;

	setpgid(0, 0);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	export_record(r);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Waits for the end; kills when told to stop, or it takes too long. */
static const char *wait_end(pid_t pid, int pidfd, unsigned int timeout_s,
			    int stop)
{
	struct pollfd fds[2] = {
		{ .fd = pidfd, .events = POLLIN },
		{ .fd = stop, .events = POLLIN },
	};
	const char *why = NULL;
	int ret;

	ret = poll(fds, 2, timeout_s * 1000);
	if (!ret)
		why = "it took too long and was killed";
	else if (!(fds[0].revents & POLLIN))
		why = "it was killed, since the station was told to stop";
	if (why)
		kill(-pid, SIGKILL);
	return why;
}

int auto_hook(const char *command, unsigned int timeout_s,
	      const struct auto_record *r, int stop, struct stl_error *err)
{
	const char *why;
	int status, pidfd;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid)
		child(command, r);
	pidfd = pid < 0 ? -1 : syscall(SYS_pidfd_open, pid, 0);
	if (pid < 0 || pidfd < 0) {
		stl_fail(err, STL_FILE, "%s: %s", command, strerror(errno));
		if (pid > 0) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
		return STL_FILE;
	}
	/* in both, whoever comes first: it may be killed at once */
	setpgid(pid, pid);
	why = wait_end(pid, pidfd, timeout_s, stop);
	close(pidfd);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (why)
		return stl_fail(err, STL_FILE, "%s: %s", command, why);
	if (WIFSIGNALED(status))
		return stl_fail(err, STL_FILE, "%s: ended by signal %d",
				command, WTERMSIG(status));
	if (WEXITSTATUS(status))
		return stl_fail(err, STL_FILE, "%s: ended with status %d",
				command, WEXITSTATUS(status));
	return STL_OK;
}
