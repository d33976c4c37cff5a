/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client that says what a test wants it to, to a server on the fake chip.
 * Everything that it will say is known at the start, so there is one thread: the
 * server reads it from a file, as far as there is something, and then sees the
 * connection closed.
 */
#ifndef GDB_TEST_H
#define GDB_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gdb/internal.h"
#include "lib_fake.h"

/**
 * struct client - what a test looks at afterwards
 * @end: how it ended
 * @err: why
 * @said: all packets of the server, one a line, without the frame; "O" packets as
 *	text after "> "
 * @printed: lines for who started the server
 * @plain: it takes no notice of acknowledgements; else they are in @said
 */
struct client {
	enum gdb_end end;
	struct stl_error err;
	char said[65536];
	char printed[8192];
};

extern struct client client;
extern struct stl_target target;

/** client_setup() - a fresh x4; for cmocka */
int client_setup(void **state);

/**
 * client_says() - serve a client that sends these packets
 * @first: content of a packet, or "\x03", or "!NAME" of an event to happen before
 *	what follows is read, see gdb_client.c
 */
void client_says(const char *first, ...) __attribute__((sentinel));

/** client_sends() - serve a client that sends bytes as they are */
void client_sends(const void *data, size_t len);

/** said() - the server has said that line, as a whole */
void said(const char *line);
/** said_part() - somewhere in what the server said */
void said_part(const char *text);
/** printed() - somewhere in what was printed */
void printed(const char *text);

#endif
