// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop: bytes of the client, events of the target, others that knock.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"
#include "pace.h"

/* how long a request to stop may be overlooked */
#define TURN_MS		500
/* For a client that is refused, in which the one that is served waits */
#define REFUSE_MS	300

static void feed(struct gdb *g, uint8_t byte)
{
	switch (gdb_parse(&g->parser, byte)) {
	case GDB_IN_PACKET:
		gdb_ack(g, true);
		gdb_packet(g);
		break;
	case GDB_IN_BAD:
		gdb_ack(g, false);
		break;
	case GDB_IN_INTERRUPT:
		gdb_interrupt(g);
		break;
	case GDB_IN_NACK:
		gdb_again(g);
		break;
	case GDB_IN_ACK:
	case GDB_IN_NOTHING:
		break;
	}
}

static void take(struct gdb *g)
{
	uint8_t buf[4096];
	ssize_t i, n = read(g->opts->in, buf, sizeof(buf));

	if (!n || (n < 0 && errno != EAGAIN && errno != EINTR))
		g->end = g->run == GDB_GONE ? g->parted : GDB_LOST;
	for (i = 0; i < n && !g->end; i++)
		feed(g, buf[i]);
}

/* It is told when it has said something: what comes before, gdb throws away */
static void knock(struct gdb *g)
{
	int i, fd = accept(g->opts->listen, NULL, NULL);

	for (i = 0; fd >= 0 && i < GDB_MAX_REFUSED; i++) {
		if (g->refused[i] >= 0)
			continue;
		g->refused[i] = fd;
		return;
	}
	if (fd >= 0)
		close(fd);
}

/*
 * Reads what a client says, up to the end of a packet; false if there is none within
 * REFUSE_MS, or in all that a packet has room for: the one that is served waits.
 */
static bool hear(int fd)
{
	uint64_t until = stl_now_us() + REFUSE_MS * 1000ull, now;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t heard = 0;
	char buf[1024];
	ssize_t n;

	while ((now = stl_now_us()) < until && heard < GDB_FRAME_MAX &&
	       poll(&p, 1, (until - now) / 1000 + 1) > 0) {
		n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n <= 0)
			return false;
		if (memchr(buf, '#', n))
			return true;
		heard += n;
	}
	return false;
}

void gdb_refuse(int fd, const char *why)
{
	struct gdb_text text = { 0 };
	char frame[GDB_FRAME_MAX];
	size_t len;

	gdb_put(&text, "E.", 2);
	gdb_put_plain(&text, why);
	len = gdb_frame(&text, frame);
	/* an answer to no packet isn't understood */
	if (hear(fd) && send(fd, "+", 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1 &&
	    send(fd, frame, len, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		hear(fd);	/* it goes on: has read the answer */
	shutdown(fd, SHUT_WR);
	close(fd);
}

static void refuse(struct gdb *g, int *fd)
{
	gdb_refuse(*fd, "another gdb is connected to this stlink gdb: one at a time");
	*fd = -1;
	gdb_tell(g, false, "another client came, and was refused");
}

static void turn(struct gdb *g)
{
	struct pollfd fds[2 + GDB_MAX_REFUSED] = {
		{ .fd = g->opts->in, .events = POLLIN },
		{ .fd = g->opts->listen, .events = POLLIN },
	};
	struct stl_error err = { 0 };
	uint32_t events;
	int i, ret;

	for (i = 0; i < GDB_MAX_REFUSED; i++)
		fds[2 + i] = (struct pollfd){
			.fd = g->refused[i],
			.events = POLLIN,
		};
	ret = stl_control_poll(g->t, fds, 2 + GDB_MAX_REFUSED,
			       g->run == GDB_RANGE ? 0 : TURN_MS, &events,
			       &err);
	if (ret) {
		gdb_core_lost(g, &err);
		return;
	}
	if (g->opts->stop(g->opts->ctx)) {
		g->end = GDB_STOPPED;
		return;
	}
	if (events)
		gdb_core_event(g, events);
	if (!g->end && fds[0].revents)
		take(g);
	if (fds[1].revents & POLLIN)
		knock(g);
	for (i = 0; i < GDB_MAX_REFUSED; i++) {
		if (fds[2 + i].fd >= 0 && fds[2 + i].revents)
			refuse(g, &g->refused[i]);
	}
	if (!g->end && g->run == GDB_RANGE)
		gdb_range_step(g);
}

enum gdb_end gdb_serve(struct stl_target *t, const struct gdb_options *opts,
		       struct stl_error *err)
{
	struct gdb *g = calloc(1, sizeof(*g));
	enum gdb_end end;
	int i;

	if (!g) {
		stl_fail(err, STL_FILE, "out of memory");
		return GDB_FAILED;
	}
	g->t = t;
	g->opts = opts;
	g->err = err;
	for (i = 0; i < GDB_MAX_REFUSED; i++)
		g->refused[i] = -1;
	if (gdb_halt_all(g, err))
		g->end = GDB_FAILED;
	while (!g->end)
		turn(g);
	gdb_let_go(g, NULL);
	for (i = 0; i < GDB_MAX_REFUSED; i++) {
		if (g->refused[i] >= 0)
			close(g->refused[i]);
	}
	end = g->end;
	free(g);
	return end;
}
