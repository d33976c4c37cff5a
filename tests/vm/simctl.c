// SPDX-License-Identifier: GPL-2.0-only
/*
 * simctl - speak to the control socket of a simulated probe.
 *
 *   simctl N COMMAND...     in the test machine: the probe of the Nth --sim
 *   simctl PATH COMMAND...  on the host: the socket itself
 *
 * Sends the words of the command as one line and prints the line of JSON that
 * is the answer.  Exit status 1 where that has "ok":false, 2 without an answer.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_TIMEOUT_MS	30000

static void die(const char *what)
{
	fprintf(stderr, "simctl: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int connect_socket(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		die(path);
	}
	strcpy(addr.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die(path);
	return fd;
}

/* A port can be open once only, so callers queue at a lock file. */
static int open_port(const char *number)
{
	char path[64];
	int lock, fd;

	snprintf(path, sizeof(path), "/run/lock-sim.%.8s", number);
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (lock < 0 || flock(lock, LOCK_EX))
		die(path);
	snprintf(path, sizeof(path), "/dev/virtio-ports/sim.%.8s", number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(path);
	return fd;
}

/* Drops the answer to a caller that was killed before it came. */
static void drop_stale(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char buf[4096];

	while (poll(&pfd, 1, 0) > 0 && (pfd.revents & POLLIN))
		if (read(fd, buf, sizeof(buf)) <= 0)
			break;
}

static void send_line(int fd, char **words)
{
	char line[65536];
	size_t len = 0, done;

	for (; *words; words++) {
		int put = snprintf(line + len, sizeof(line) - len, "%s%s",
				   *words, words[1] ? " " : "\n");

		if (put < 0 || (size_t)put >= sizeof(line) - len) {
			errno = E2BIG;
			die("command");
		}
		len += put;
	}
	for (done = 0; done < len;) {
		ssize_t put = write(fd, line + done, len - done);

		if (put < 0)
			die("write");
		done += put;
	}
}

/* Reads one line of any length; the caller frees it. */
static char *read_line(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t len = 0, room = 4096;
	char *line = malloc(room);

	for (;;) {
		ssize_t got;
		int ready = poll(&pfd, 1, ANSWER_TIMEOUT_MS);

		if (!ready)
			errno = ETIMEDOUT;
		if (!line || ready <= 0)
			die("no answer");
		got = read(fd, line + len, room - len - 1);
		if (got == 0)
			errno = EPIPE;
		if (got <= 0)
			die("no answer");
		len += got;
		line[len] = '\0';
		if (line[len - 1] == '\n')
			return line;
		if (len + 1 == room)
			line = realloc(line, room *= 2);
	}
}

int main(int argc, char **argv)
{
	const char *where = argv[1];
	char *line;
	int fd, failed;

	if (argc < 3) {
		fprintf(stderr, "usage: simctl N|SOCKET COMMAND...\n");
		return 2;
	}
	fd = strchr(where, '/') ? connect_socket(where) : open_port(where);
	drop_stale(fd);
	send_line(fd, argv + 2);
	line = read_line(fd);
	fputs(line, stdout);
	failed = strstr(line, "\"ok\":false") || strstr(line, "\"ok\": false");
	free(line);
	return fflush(stdout) || failed ? 1 : 0;
}
