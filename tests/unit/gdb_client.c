// SPDX-License-Identifier: GPL-2.0-only
/*
 * The client of gdb_test.h. It is fed byte by byte: the server asks stop() once a
 * turn, and there the next packet is put into the pipe, or an event happens.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gdb_test.h"

#define MAX_STEPS	64

struct client client;
struct stl_target target;

static const char *steps[MAX_STEPS];
static unsigned int num_steps, at_step, idle, happened;
static const char *raw;
static size_t raw_len;
static int to_server[2], from_server[2];

static void send_packet(const char *text)
{
	struct gdb_text t = { 0 };
	char frame[GDB_FRAME_MAX];
	size_t len;

	gdb_put(&t, text, strlen(text));
	len = gdb_frame(&t, frame);
	assert_int_equal(write(to_server[1], frame, len), len);
}

/* "!halt DFSR PC", "!event BITS", "!cause BIT" of RCC_CSR,
 * "!matched N", "!lockup", "!reg N VALUE", "!unplug" */
static void happen(const char *text)
{
	unsigned int a, b;

	if (sscanf(text, "!halt %x %x", &a, &b) == 2) {
		fake.halted = true;
		fake.dfsr = a;
		fake.regs[15] = b;
		fake.events |= STLINK_EVENT_HALTED;
	} else if (sscanf(text, "!cause %u", &a) == 1) {
		fake.rcc_csr |= 1u << a;
	} else if (sscanf(text, "!event %x", &a) == 1) {
		fake.events |= a;
	} else if (sscanf(text, "!reg %u %x", &a, &b) == 2) {
		fake.regs[a] = b;
	} else if (sscanf(text, "!matched %u", &a) == 1) {
		fake.dwt[a][2] |= 1u << 24;
	} else if (!strcmp(text, "!lockup")) {
		fake.lockup = true;
		fake.events |= STLINK_EVENT_LOCKUP;
	} else if (!strcmp(text, "!unplug")) {
		fake.unplugged = true;
	} else {
		fail_msg("what is %s?", text);
	}
}

static bool on_stop(void *ctx)
{
	int left = 0;

	(void)ctx;
	/* what was sent is to be taken first */
	if (ioctl(to_server[0], FIONREAD, &left) || left)
		return false;
	if (happened) {
		happened--;
		return false;
	}
	if (raw_len) {
		/* a pipe takes a page at least */
		size_t n = raw_len < 4096 ? raw_len : 4096;

		assert_int_equal(write(to_server[1], raw, n), n);
		raw += n;
		raw_len -= n;
	} else if (at_step < num_steps) {
		const char *text = steps[at_step++];

		if (*text == '!') {
			happen(text);
			happened = 2;
		} else if (*text == '\x03') {
			assert_int_equal(write(to_server[1], text, 1), 1);
		} else {
			send_packet(*text == '=' ? text + 1 : text);
		}
	} else if (to_server[1] >= 0 && idle++ == 30) {
		close(to_server[1]);
		to_server[1] = -1;
	}
	return false;
}

static void on_print(void *ctx, bool warning, const char *text)
{
	(void)ctx;
	strncat(client.printed, warning ? "warning: " : "",
		sizeof(client.printed) - strlen(client.printed) - 1);
	strncat(client.printed, text,
		sizeof(client.printed) - strlen(client.printed) - 1);
	strncat(client.printed, "\n",
		sizeof(client.printed) - strlen(client.printed) - 1);
}

static void add(const char *text, size_t len)
{
	size_t used = strlen(client.said);

	assert_true(used + len < sizeof(client.said));
	memcpy(client.said + used, text, len);
	client.said[used + len] = '\0';
}

static void hear(const struct gdb_parser *p)
{
	unsigned int byte;
	size_t i;
	char c;

	if (p->data[0] != 'O' || !strcmp(p->data, "OK")) {
		add(p->data, p->len);
		add("\n", 1);
		return;
	}
	add("> ", 2);
	for (i = 1; i + 1 < p->len; i += 2) {
		assert_int_equal(sscanf(p->data + i, "%2x", &byte), 1);
		c = byte;
		add(&c, 1);
	}
}

static void hear_all(void)
{
	static struct gdb_parser p;
	uint8_t buf[4096];
	ssize_t i, n;

	memset(&p, 0, sizeof(p));
	while ((n = read(from_server[0], buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++) {
			switch (gdb_parse(&p, buf[i])) {
			case GDB_IN_PACKET:
				hear(&p);
				break;
			case GDB_IN_NACK:
				add("nack\n", 5);
				break;
			case GDB_IN_BAD:
				fail_msg("the server sent a bad packet");
				break;
			default:
				break;
			}
		}
	}
}

static void serve(void)
{
	struct gdb_options opts = {
		.listen = -1,
		.print = on_print,
		.stop = on_stop,
	};

	memset(&client, 0, sizeof(client));
	idle = 0;
	at_step = 0;
	assert_int_equal(pipe(to_server), 0);
	assert_int_equal(pipe2(from_server, O_NONBLOCK), 0);
	fcntl(from_server[1], F_SETPIPE_SZ, 1 << 20);
	opts.in = to_server[0];
	opts.out = from_server[1];
	client.end = gdb_serve(&target, &opts, &client.err);
	close(from_server[1]);
	hear_all();
	close(from_server[0]);
	close(to_server[0]);
	if (to_server[1] >= 0)
		close(to_server[1]);
}

void client_says(const char *first, ...)
{
	const char *text;
	va_list ap;

	num_steps = 0;
	raw_len = 0;
	va_start(ap, first);
	for (text = first; text; text = va_arg(ap, const char *)) {
		assert_true(num_steps < MAX_STEPS);
		steps[num_steps++] = text;
	}
	va_end(ap);
	serve();
}

void client_sends(const void *data, size_t len)
{
	num_steps = 0;
	raw = data;
	raw_len = len;
	serve();
}

void said(const char *line)
{
	char all[sizeof(client.said) + 2], one[4096];

	snprintf(all, sizeof(all), "\n%s", client.said);
	snprintf(one, sizeof(one), "\n%s\n", line);
	if (!strstr(all, one))
		fail_msg("no line '%s' in:\n%s", line, client.said);
}

void said_part(const char *text)
{
	if (!strstr(client.said, text))
		fail_msg("no '%s' in:\n%s", text, client.said);
}

void printed(const char *text)
{
	if (!strstr(client.printed, text))
		fail_msg("no '%s' printed, but:\n%s", text, client.printed);
}

int client_setup(void **state)
{
	struct stl_attach_options opts = { .purpose = STL_CHANGE,
					   .share = true };
	struct stl_error err;

	(void)state;
	fake_reset(4);
	assert_int_equal(stl_target_open(&target, 99, NULL, &opts, &err), 0);
	assert_int_equal(stl_target_identify(&target, &err), 0);
	return 0;
}
