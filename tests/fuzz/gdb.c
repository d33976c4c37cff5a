// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a client of "stlink gdb" may send, to a server on the fake chip of the unit
 * tests. An input that begins with '$' or '+' is sent as it is; else each line of it
 * is the content of a packet, or, after a '!', something that happens to the target.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "gdb/internal.h"
#include "lib_fake.h"

static struct stl_target target;
static const uint8_t *next, *end;
static int in[2];
static unsigned int turns;

static void on_print(void *ctx, bool warning, const char *text)
{
	(void)ctx;
	(void)warning;
	fuzz_plain(text);
}

static void send_bytes(const void *data, size_t len)
{
	fuzz_check(write(in[1], data, len) == (ssize_t)len);
}

static void send_line(const uint8_t *line, size_t len)
{
	static struct gdb_text text;
	static char frame[GDB_FRAME_MAX];

	if (len && *line == '!') {
		fake.events |= len > 1 ? line[1] : STLINK_EVENT_HALTED;
		fake.halted |= fake.events & STLINK_EVENT_HALTED;
		fake.lockup |= fake.events & STLINK_EVENT_LOCKUP;
		fake.dfsr = len > 2 ? line[2] & 0x1f : 1;
		return;
	}
	if (len && *line == 3) {
		send_bytes(line, 1);
		return;
	}
	text.len = 0;
	gdb_put_binary(&text, line, len);
	send_bytes(frame, gdb_frame(&text, frame));
}

/* once a turn of the server */
static bool on_stop(void *ctx)
{
	const uint8_t *line = next, *newline;

	(void)ctx;
	if (next < end) {
		newline = memchr(next, '\n', end - next);
		next = newline ? newline + 1 : end;
		send_line(line, (newline ? newline : end) - line);
	} else if (in[1] >= 0) {
		close(in[1]);
		in[1] = -1;
	}
	/* a range that is never left */
	return ++turns > 5000;
}

/* Everything that was said is packets */
static void check_said(int fd)
{
	static struct gdb_parser p;
	uint8_t buf[4096];
	ssize_t i, n;

	memset(&p, 0, sizeof(p));
	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++)
			fuzz_check(gdb_parse(&p, buf[i]) != GDB_IN_BAD);
	}
	fuzz_check(p.state == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stl_attach_options how = { .purpose = STL_CHANGE,
					  .share = true };
	struct gdb_options opts = {
		.listen = -1,
		.print = on_print,
		.stop = on_stop,
	};
	struct stl_error err = { 0 };
	enum gdb_end how_ended;

	fake_reset(4);
	fuzz_check(!stl_target_open(&target, -1, NULL, &how, &err));
	fuzz_check(!stl_target_identify(&target, &err));
	fuzz_check(!pipe2(in, O_NONBLOCK));
	fcntl(in[1], F_SETPIPE_SZ, 1 << 18);
	opts.in = in[0];
	opts.out = memfd_create("said", 0);
	turns = 0;
	next = data;
	end = data + size;
	if (size && (*data == '$' || *data == '+')) {
		send_bytes(data, size);
		next = end;
	}
	how_ended = gdb_serve(&target, &opts, &err);
	fuzz_check(how_ended != GDB_GOES_ON);
	if (how_ended == GDB_FAILED)
		fuzz_plain(err.message);
	/* whatever was said: nothing is left that stops the core */
	fuzz_check(!(fake.bp_ctrl & 1) && !fake.demcr);
	fuzz_check(!(fake.dwt[0][2] | fake.dwt[1][2]));
	fuzz_check(!fake.halted || fake.regs[15] >= STL_SRAM_BASE);
	fuzz_check(!fake.claimed);
	check_said(opts.out);
	close(opts.out);
	close(in[0]);
	if (in[1] >= 0)
		close(in[1]);
	return 0;
}
