// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets to the client.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "internal.h"

/* A client that takes nothing for so long is not there any more */
#define PATIENCE_MS	30000

static void send_all(struct gdb *g, const char *data, size_t len)
{
	struct pollfd p = { .fd = g->opts->out, .events = POLLOUT };
	ssize_t n;

	while (len && g->end != GDB_LOST) {
		n = write(g->opts->out, data, len);
		if (n > 0) {
			data += n;
			len -= n;
		} else if (n < 0 && errno == EAGAIN) {
			if (!poll(&p, 1, PATIENCE_MS))
				g->end = GDB_LOST;
		} else if (n < 0 && errno != EINTR) {
			g->end = GDB_LOST;
		}
	}
}

void gdb_begin(struct gdb *g)
{
	g->answer.len = 0;
	g->answer.full = false;
}

void gdb_answer(struct gdb *g)
{
	g->frame_len = gdb_frame(&g->answer, g->frame);
	send_all(g, g->frame, g->frame_len);
	gdb_begin(g);
	g->answered = true;
}

void gdb_ack(struct gdb *g, bool good)
{
	if (!g->no_ack)
		send_all(g, good ? "+" : "-", 1);
}

void gdb_again(struct gdb *g)
{
	if (!g->no_ack)
		send_all(g, g->frame, g->frame_len);
}
