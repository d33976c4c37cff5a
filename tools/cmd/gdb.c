// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink gdb
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd.h"
#include "gdb/gdb.h"

/* that of OpenOCD: what others have set up for it finds us */
#define DEFAULT_PORT	3333
/* so that signals are noticed */
#define TURN_MS		500
/* for a client that is to hear why it isn't served */
#define SAY_MS		2000

static void print(void *arg, bool warning, const char *text)
{
	struct context *ctx = arg;

	if (warning)
		warn(ctx, "%s", text);
	else
		say(ctx, "%s", text);
}

static bool stop(void *arg)
{
	(void)arg;
	return signal_caught();
}

static const char *const endings[] = {
	[GDB_DETACHED] = "gdb has detached; the target runs",
	[GDB_KILLED] = "gdb has killed the program; the target was reset, and runs",
	[GDB_LOST] = "gdb has gone without a word; the target runs",
	[GDB_STOPPED] = "stopped; the target runs",
};

/* One client, on a session that is open. Closes it. */
static enum stl_code serve(struct context *ctx, int in, int out, int listener)
{
	struct gdb_options opts = {
		.in = in,
		.out = out,
		.listen = listener,
		.own_console = in != out,
		.print = print,
		.stop = stop,
		.ctx = ctx,
	};
	enum gdb_end end = gdb_serve(&ctx->target, &opts, &ctx->err);
	enum stl_code code = end == GDB_FAILED ? ctx->err.code : STL_OK;

	code = session_close(ctx, code, STL_LEAVE_RUNNING);
	if (end != GDB_FAILED)
		say(ctx, "%s", endings[end]);
	return code;
}

static enum stl_code open_session(struct context *ctx)
{
	enum stl_code code = session_open(ctx, STL_CHANGE);

	if (!code && ctx->target.chip.rdp_level)
		warn(ctx, "read protection level %u: registers and SRAM can be seen, flash can't",
		     ctx->target.chip.rdp_level);
	return code;
}

static enum stl_code serve_pipe(struct context *ctx)
{
	enum stl_code code;

	if (ctx->json)
		return stl_fail(&ctx->err, STL_USAGE,
				"gdb: with --pipe standard output is gdb's, so there is no --json");
	/* Ctrl-C in gdb's terminal is for gdb, which then asks us to halt */
	signal(SIGINT, SIG_IGN);
	code = open_session(ctx);
	return code ? code : serve(ctx, STDIN_FILENO, STDOUT_FILENO, -1);
}

static enum stl_code listen_at(struct context *ctx, unsigned int *port, int *fd)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int on = 1;

	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd >= 0) {
		setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (!bind(*fd, (struct sockaddr *)&addr, sizeof(addr)) &&
		    !listen(*fd, 4) &&
		    !getsockname(*fd, (struct sockaddr *)&addr, &len)) {
			*port = ntohs(addr.sin_port);
			return STL_OK;
		}
	}
	stl_fail(&ctx->err, STL_FILE, "port %u of 127.0.0.1: %s", *port,
		 strerror(errno));
	if (errno == EADDRINUSE)
		stl_hint(&ctx->err,
			 "another gdb server is running (OpenOCD has the same port); choose another one with --port");
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return STL_FILE;
}

/* Return: the connection, or -1 when it is time to end */
static int next_client(int listener)
{
	struct pollfd p = { .fd = listener, .events = POLLIN };
	int fd, on = 1;

	while (!signal_caught()) {
		if (poll(&p, 1, TURN_MS) <= 0)
			continue;
		fd = accept4(listener, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		/* one whose machine has gone away is noticed, in the end */
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		return fd;
	}
	return -1;
}

static void refuse(int fd, const char *why)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	poll(&p, 1, SAY_MS);
	gdb_refuse(fd, why);
}

static enum stl_code client(struct context *ctx, int fd, int listener)
{
	enum stl_code code;

	memset(&ctx->err, 0, sizeof(ctx->err));
	code = open_session(ctx);
	if (code) {
		refuse(fd, ctx->err.message);
		return code;
	}
	say(ctx, "gdb is connected");
	code = serve(ctx, fd, fd, listener);
	close(fd);
	return code;
}

/* Is there what is to be debugged? Better heard now than by gdb. */
static enum stl_code try_target(struct context *ctx)
{
	enum stl_code code = open_session(ctx);

	if (code)
		return code;
	add_string(ctx->out, "chip", ctx->target.chip.name);
	return session_close(ctx, STL_OK, STL_LEAVE_AS_FOUND);
}

static bool goes_on(struct context *ctx, enum stl_code code)
{
	/* without a probe nobody can be served any more */
	return !ctx->once && code != STL_NO_PROBE && !signal_caught();
}

static enum stl_code serve_port(struct context *ctx)
{
	unsigned int port = ctx->has_port ? ctx->port : DEFAULT_PORT;
	enum stl_code code;
	int listener, fd;

	code = listen_at(ctx, &port, &listener);
	if (code)
		return code;
	code = try_target(ctx);
	if (code) {
		close(listener);
		return code;
	}
	say(ctx, "%s with %s: waiting for gdb, \"target extended-remote :%u\"",
	    ctx->probe.device, ctx->target.chip.name, port);
	add_int(ctx->out, "port", port);
	do {
		fd = next_client(listener);
		if (fd < 0)
			break;
		code = client(ctx, fd, listener);
		if (code && goes_on(ctx, code)) {
			say_error(ctx, code);
			say(ctx, "waiting for gdb again");
			code = STL_OK;
		}
	} while (goes_on(ctx, code));
	close(listener);
	return code;
}

/**
 * cmd_gdb() - serve gdb
 * @ctx: context; --port, --pipe, --once
 *
 * Return: STL_OK when it was told to end; else why it can't go on.
 */
enum stl_code cmd_gdb(struct context *ctx)
{
	if (ctx->pipe && (ctx->has_port || ctx->once))
		return stl_fail(&ctx->err, STL_USAGE,
				"gdb: --pipe is for one client, without a port");
	ctx->share = true;
	signals_catch();
	return ctx->pipe ? serve_pipe(ctx) : serve_port(ctx);
}
