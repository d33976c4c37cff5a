// SPDX-License-Identifier: GPL-2.0-only
/* See sim-port.h. simctl does the same for scripts, with a process for each. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "sim-port.h"

#define ANSWER_MS	60000

bool sim_open(struct sim_port *s, unsigned int n)
{
	char path[64];

	*s = (struct sim_port){ .n = n, .room = 1 << 17 };
	s->answer = malloc(s->room);
	snprintf(path, sizeof(path), "/dev/virtio-ports/sim.%u", n);
	s->fd = open(path, O_RDWR | O_CLOEXEC);
	return s->answer && s->fd >= 0;
}

void sim_close(struct sim_port *s)
{
	close(s->fd);
	free(s->answer);
}

static bool write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n <= 0)
			return false;
		text += n;
		len -= n;
	}
	return true;
}

static bool read_line(struct sim_port *s)
{
	struct pollfd pfd = { .fd = s->fd, .events = POLLIN };
	size_t len = 0;
	ssize_t n;

	do {
		if (len + 1 >= s->room || poll(&pfd, 1, ANSWER_MS) <= 0)
			return false;
		n = read(s->fd, s->answer + len, s->room - len - 1);
		if (n <= 0)
			return false;
		len += n;
		s->answer[len] = '\0';
	} while (s->answer[len - 1] != '\n');
	return true;
}

bool sim_do(struct sim_port *s, const char *fmt, ...)
{
	static char line[65536];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	line[len++] = '\n';
	s->answer[0] = '\0';
	if (write_all(s->fd, line, len) && read_line(s) &&
	    strstr(s->answer, "\"ok\":true"))
		return true;
	fprintf(stderr, "simulator %u, %.*s: %s\n", s->n, 80, line, s->answer);
	return false;
}

const char *sim_value(const struct sim_port *s, const char *name)
{
	char key[64];
	char *at;

	snprintf(key, sizeof(key), "\"%s\":", name);
	at = strstr(s->answer, key);
	return at ? at + strlen(key) : NULL;
}

bool sim_peek(struct sim_port *s, uint32_t addr, uint8_t *data, size_t len)
{
	const char *hex;
	size_t i;

	if (!sim_do(s, "peek 0x%08x %zu", addr, len))
		return false;
	hex = sim_value(s, "hex");
	if (!hex || strlen(hex) < 2 * len + 2)
		return false;
	for (i = 0; i < len; i++)
		if (sscanf(hex + 1 + 2 * i, "%2hhx", &data[i]) != 1)
			return false;
	return true;
}
