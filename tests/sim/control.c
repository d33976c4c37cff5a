// SPDX-License-Identifier: GPL-2.0-only
/* Control socket: clients, lines in, lines out. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim.h"

#define CLIENTS		(CONTROL_FDS - 1)
#define MAX_LINE	(1u << 20)	/* a poke of all flash, with room */

struct client {
	int fd;
	char *in;
	size_t in_len, in_size;
	bool too_long;
	char *out;
	size_t out_len, out_done;
};

struct control {
	struct sim *sim;
	char *path;
	int fd;
	struct client clients[CLIENTS];
};

struct control *control_new(const char *path, struct sim *sim)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct control *c;
	int i;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	strcpy(addr.sun_path, path);
	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->sim = sim;
	c->path = strdup(path);
	for (i = 0; i < CLIENTS; i++)
		c->clients[i].fd = -1;
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	unlink(path);
	if (!c->path || c->fd < 0 ||
	    bind(c->fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(c->fd, CLIENTS)) {
		int err = errno;

		control_free(c);
		errno = err;
		return NULL;
	}
	return c;
}

static void drop(struct client *cl)
{
	close(cl->fd);
	free(cl->in);
	free(cl->out);
	memset(cl, 0, sizeof(*cl));
	cl->fd = -1;
}

void control_free(struct control *c)
{
	int i;

	if (!c)
		return;
	for (i = 0; i < CLIENTS; i++)
		if (c->clients[i].fd >= 0)
			drop(&c->clients[i]);
	if (c->fd >= 0) {
		close(c->fd);
		unlink(c->path);
	}
	free(c->path);
	free(c);
}

void control_poll(const struct control *c, struct pollfd fds[CONTROL_FDS])
{
	bool room = false;
	int i;

	for (i = 0; i < CLIENTS; i++) {
		const struct client *cl = &c->clients[i];

		room |= cl->fd < 0;
		fds[1 + i].fd = cl->fd;
		/* no further command before the answer is gone */
		fds[1 + i].events = cl->out ? POLLOUT : POLLIN;
	}
	fds[0].fd = room ? c->fd : -1;
	fds[0].events = POLLIN;
}

static void flush(struct client *cl)
{
	while (cl->out_done < cl->out_len) {
		ssize_t n = send(cl->fd, cl->out + cl->out_done,
				 cl->out_len - cl->out_done, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) {
			drop(cl);
			return;
		}
		cl->out_done += n;
	}
	free(cl->out);
	cl->out = NULL;
	cl->out_len = 0;
	cl->out_done = 0;
}

static void answer(struct control *c, struct client *cl, char *line)
{
	FILE *f = open_memstream(&cl->out, &cl->out_len);

	if (!f)
		abort();
	if (line)
		command_run(c->sim, line, f);
	else
		command_error(f, "line too long");
	fputc('\n', f);
	fclose(f);
	cl->out_done = 0;
	flush(cl);
}

/* run the whole lines that are there, until an answer has to wait */
static void run_lines(struct control *c, struct client *cl)
{
	while (cl->fd >= 0 && !cl->out) {
		char *end = memchr(cl->in, '\n', cl->in_len);
		bool too_long = cl->too_long;
		char *line;
		size_t n;

		if (!end)
			return;
		*end = 0;
		n = end + 1 - cl->in;
		line = strdup(cl->in);
		if (!line)
			abort();
		cl->in_len -= n;
		memmove(cl->in, end + 1, cl->in_len);
		cl->too_long = false;
		if (too_long || line[strspn(line, " \t\r")])
			answer(c, cl, too_long ? NULL : line);
		free(line);
	}
}

static void receive(struct control *c, struct client *cl)
{
	ssize_t n;

	if (cl->in_len + 4096 > cl->in_size) {
		if (cl->in_size >= MAX_LINE) {
			/* forget it up to its end, then say so */
			cl->too_long = true;
			cl->in_len = 0;
		} else {
			cl->in_size = cl->in_size ? 2 * cl->in_size : 8192;
			cl->in = realloc(cl->in, cl->in_size);
			if (!cl->in)
				abort();
		}
	}
	n = read(cl->fd, cl->in + cl->in_len, cl->in_size - cl->in_len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		drop(cl);
		return;
	}
	cl->in_len += n;
	run_lines(c, cl);
}

static void welcome(struct control *c)
{
	int fd = accept4(c->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), i;

	if (fd < 0)
		return;
	for (i = 0; i < CLIENTS; i++) {
		if (c->clients[i].fd < 0) {
			c->clients[i].fd = fd;
			return;
		}
	}
	close(fd);
}

void control_handle(struct control *c, const struct pollfd fds[CONTROL_FDS])
{
	int i;

	for (i = 0; i < CLIENTS; i++) {
		struct client *cl = &c->clients[i];
		short events = fds[1 + i].revents;

		if (cl->fd < 0 || fds[1 + i].fd != cl->fd || !events)
			continue;
		if (cl->out) {
			flush(cl);
			if (cl->fd >= 0 && !cl->out && cl->in)
				run_lines(c, cl);
		} else {
			receive(c, cl);
		}
	}
	if (fds[0].revents)
		welcome(c);
}
