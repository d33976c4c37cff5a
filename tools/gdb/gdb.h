/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server of the GDB remote serial protocol for one client: what a command
 * needs of it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef GDB_H
#define GDB_H

#include "stlink-lib.h"

/** enum gdb_end - how a client has ended */
enum gdb_end {
	GDB_GOES_ON,		/* not yet */
	GDB_DETACHED,		/* it said so */
	GDB_KILLED,		/* it wants the program ended */
	GDB_LOST,		/* the connection was closed */
	GDB_STOPPED,		/* &struct gdb_options.stop said so */
	GDB_FAILED,		/* probe or target is gone; there is an error */
};

/**
 * struct gdb_options - how to serve
 * @in: bytes of the client
 * @out: bytes for the client; may be the same descriptor
 * @listen: listening socket whose clients are told that the place is taken, or -1
 * @own_console: the client shows what is printed here, as with a pipe
 * @print: a line of text for who started the server
 * @stop: true: end now, the program was told to
 * @ctx: passed to both
 */
struct gdb_options {
	int in;
	int out;
	int listen;
	bool own_console;
	void (*print)(void *ctx, bool warning, const char *text);
	bool (*stop)(void *ctx);
	void *ctx;
};

/**
 * gdb_serve() - a client, from its first byte to the last
 * @t: identified target (STL_CHANGE, opened with share)
 * @opts: how
 * @err: filled for GDB_FAILED
 *
 * The core is halted at the start. At the end nothing is left that stops it, and it
 * runs: after GDB_KILLED from its reset on.
 */
enum gdb_end gdb_serve(struct stl_target *t, const struct gdb_options *opts,
		       struct stl_error *err);

/**
 * gdb_refuse() - tell a client why it can't be served, and close its connection
 * @fd: connection, on which it has said something
 * @why: one line
 */
void gdb_refuse(int fd, const char *why);

#endif
