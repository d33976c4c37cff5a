// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets: what comes in broken or hostile, what goes out escaped.
 */
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gdb_test.h"

static struct gdb_parser parser;

static enum gdb_input feed(const char *bytes, size_t len)
{
	enum gdb_input last = GDB_IN_NOTHING;
	size_t i;

	for (i = 0; i < len; i++)
		last = gdb_parse(&parser, bytes[i]);
	return last;
}

#define FEED(text)	feed(text, sizeof(text) - 1)

static int setup(void **state)
{
	(void)state;
	memset(&parser, 0, sizeof(parser));
	return 0;
}

static void test_good(void **state)
{
	(void)state;
	assert_int_equal(FEED("$OK#9a"), GDB_IN_PACKET);
	assert_string_equal(parser.data, "OK");
	/* checksum in capitals, noise in between, an empty one */
	assert_int_equal(FEED("xy$OK#9A"), GDB_IN_PACKET);
	assert_int_equal(FEED("$#00"), GDB_IN_PACKET);
	assert_int_equal(parser.len, 0);
	assert_int_equal(FEED("+"), GDB_IN_ACK);
	assert_int_equal(FEED("-"), GDB_IN_NACK);
	assert_int_equal(FEED("\x03"), GDB_IN_INTERRUPT);
	/* a 03 inside of a packet is content */
	assert_int_equal(FEED("$X\x03#5b"), GDB_IN_PACKET);
	assert_int_equal(parser.data[1], 3);
}

static void test_escapes(void **state)
{
	(void)state;
	/* } 03 is '#', } ] is '}' */
	assert_int_equal(FEED("$}\x03}]#5a"), GDB_IN_PACKET);
	assert_int_equal(parser.len, 2);
	assert_memory_equal(parser.data, "#}", 2);
}

static void test_bad(void **state)
{
	(void)state;
	assert_int_equal(FEED("$OK#9b"), GDB_IN_BAD);
	assert_int_equal(FEED("$OK#xy"), GDB_IN_BAD);
	/* cut off, then a good one */
	assert_int_equal(FEED("$vCont;"), GDB_IN_NOTHING);
	assert_int_equal(FEED("$OK#9a"), GDB_IN_PACKET);
	assert_string_equal(parser.data, "OK");
}

static void test_long(void **state)
{
	size_t i;

	(void)state;
	FEED("$");
	for (i = 0; i < GDB_PACKET_MAX; i++)
		gdb_parse(&parser, 'a');
	assert_int_equal(parser.len, GDB_PACKET_MAX);
	/* 0x4000 times 0x61 */
	assert_int_equal(FEED("#00"), GDB_IN_PACKET);
	FEED("$");
	for (i = 0; i < 10 * GDB_PACKET_MAX; i++)
		gdb_parse(&parser, 'a');
	assert_int_equal(FEED("#00"), GDB_IN_BAD);
	assert_int_equal(FEED("$OK#9a"), GDB_IN_PACKET);
}

static void test_numbers(void **state)
{
	struct gdb_args a = { 0 };
	uint32_t v, w;
	uint8_t b[2];

	(void)state;
#define ARGS(text) (a.p = (text), a.end = a.p + strlen(text), &a)
	assert_true(gdb_arg_hex(ARGS("ffffffff"), &v));
	assert_int_equal(v, 0xffffffff);
	assert_false(gdb_arg_hex(ARGS("100000000"), &v));
	assert_false(gdb_arg_hex(ARGS(""), &v));
	assert_false(gdb_arg_hex(ARGS("-1"), &v));
	assert_true(gdb_arg_range(ARGS("20000000,40"), &v, &w));
	assert_int_equal(w, 0x40);
	assert_false(gdb_arg_range(ARGS("20000000"), &v, &w));
	assert_false(gdb_arg_range(ARGS("20000000,"), &v, &w));
	assert_true(gdb_arg_bytes(ARGS("0fF0"), b, 2));
	assert_int_equal(b[0] << 8 | b[1], 0x0ff0);
	assert_false(gdb_arg_bytes(ARGS("0fF"), b, 2));
	assert_false(gdb_arg_bytes(ARGS("0fg0"), b, 2));
	assert_false(gdb_arg_bytes(ARGS("0ff000"), b, 2));
	assert_false(gdb_arg_word(ARGS("vCon"), "vCont"));
#undef ARGS
}

static void test_out(void **state)
{
	static struct gdb_text t;
	static char frame[GDB_FRAME_MAX];
	char many[300];
	size_t len, i;

	(void)state;
	gdb_put(&t, "OK", 2);
	len = gdb_frame(&t, frame);
	assert_int_equal(len, 6);
	assert_memory_equal(frame, "$OK#9a", 6);
	t.len = 0;
	assert_int_equal(gdb_put_binary(&t, "a#$}*", 5), 5);
	assert_memory_equal(t.data, "a}\x03}\x04}]}\n", 9);
	/* and back */
	len = gdb_frame(&t, frame);
	assert_int_equal(feed(frame, len), GDB_IN_PACKET);
	assert_memory_equal(parser.data, "a#$}*", 5);
	t.len = 0;
	gdb_put_plain(&t, "100 $, #1 {*}");
	assert_memory_equal(t.data, "100 ?, ?1 {??", 13);
	/* nothing is written beyond the end, and that something is missing told */
	memset(many, '#', sizeof(many));
	t.len = 0;
	for (i = 0; i < 2 * GDB_PACKET_MAX; i += sizeof(many))
		gdb_put_binary(&t, many, sizeof(many));
	assert_true(t.len <= GDB_PACKET_MAX);
	for (i = 0; i < 100; i++)
		gdb_put(&t, many, sizeof(many));
	assert_true(t.full);
}

static void *talk(void *arg)
{
	static const char zeros[4096];
	int fd = *(int *)arg;

	while (send(fd, zeros, sizeof(zeros), MSG_NOSIGNAL) > 0)
		;
	return NULL;
}

/* Who is refused, and never comes to the end of a packet, doesn't keep us. */
static void test_refused_talker(void **state)
{
	pthread_t thread;
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(pthread_create(&thread, NULL, talk, &fds[1]), 0);
	alarm(30);
	gdb_refuse(fds[0], "one at a time");
	alarm(0);
	pthread_join(thread, NULL);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good, setup),
		cmocka_unit_test_setup(test_escapes, setup),
		cmocka_unit_test_setup(test_bad, setup),
		cmocka_unit_test_setup(test_long, setup),
		cmocka_unit_test_setup(test_numbers, setup),
		cmocka_unit_test_setup(test_out, setup),
		cmocka_unit_test_setup(test_refused_talker, setup),
	};

	return cmocka_run_group_tests_name("gdb_packet", tests, NULL, NULL);
}
