// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a report tells of a machine that is made of files here, and what it
 * keeps to itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/machine.h"
#include "report/trace.h"

#define SERIAL	"066EFFD6F463B6D9D29C8483"

static char root[] = "/tmp/stlink-report-XXXXXX";
static struct report r;
static struct stl_host host;
static char *text;
static size_t len;

static int setup(void **state)
{
	(void)state;
	memset(&r, 0, sizeof(r));
	r.out = open_memstream(&text, &len);
	strcpy(root + strlen(root) - 6, "XXXXXX");
	assert_non_null(mkdtemp(root));
	memset(&host, 0, sizeof(host));
	host.root = root;
	host.version = "0.1.0";
	strcpy(host.release, "6.1.0-9-amd64");
	strcpy(host.user, "alice");
	unsetenv("USER");
	unsetenv("SUDO_USER");
	return 0;
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	fclose(r.out);
	free(text);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

/* A file of the machine, with the folders above it */
static void file(const char *path, const char *content)
{
	char full[256];
	size_t i;
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (i = strlen(root) + 1; full[i]; i++) {
		if (full[i] != '/')
			continue;
		full[i] = '\0';
		mkdir(full, 0755);
		full[i] = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(content, f);
	assert_int_equal(fclose(f), 0);
}

static const char *clean(const char *line)
{
	static char buf[512];

	report_clean(&r, line, buf, sizeof(buf));
	return buf;
}

static const char *so_far(void)
{
	fflush(r.out);
	return text;
}

static void has(const char *word)
{
	if (!strstr(so_far(), word))
		fail_msg("no '%s' in: %s", word, text);
}

static void has_not(const char *word)
{
	if (strcasestr(so_far(), word))
		fail_msg("'%s' in: %s", word, text);
}

static void names(void **state)
{
	(void)state;
	report_secret(&r, "bob", "user", false);
	report_secret(&r, "box.example.org", "host", false);
	report_secret(&r, "box", "host", false);
	assert_string_equal(clean("bob on box: Bob@box.example.org"),
			    "[user] on [host]: [user]@[host]");
	/* no words of their own */
	assert_string_equal(clean("bobbin, toolbox, box_1, inbob"),
			    "bobbin, toolbox, box_1, inbob");
	assert_string_equal(clean(""), "");
	/* too short to be told from anything else */
	report_secret(&r, "x", "user", false);
	report_secret(&r, "", "user", false);
	assert_string_equal(clean("x 4 x"), "x 4 x");
}

static void numbers(void **state)
{
	char a[512], b[512];

	(void)state;
	snprintf(a, sizeof(a), "%s", clean("serial " SERIAL "."));
	assert_null(strstr(a, SERIAL));
	assert_int_equal(strlen(a), strlen("serial [number 1234]."));
	/* the same in small letters, another one not */
	snprintf(b, sizeof(b), "%s", clean("serial 066effd6f463b6d9d29c8483."));
	assert_string_equal(a, b);
	assert_string_not_equal(a, clean("serial 066EFFD6F463B6D9D29C8484."));
	/* short ones, as of the cheapest probes, are known by the bus alone */
	report_secret(&r, "000000000001", "serial", true);
	assert_null(strstr(clean("at 000000000001 ok"), "000000000001"));
	/* registers and addresses stay */
	assert_string_equal(clean("0x08003228 410cc200 1-2.3"),
			    "0x08003228 410cc200 1-2.3");
}

static void paths(void **state)
{
	(void)state;
	assert_string_equal(clean("image /home/bob/secret.hex, 3 bytes"),
			    "image [path], 3 bytes");
	assert_string_equal(clean("(/srv/lamp/x.bin) k=/opt/y"),
			    "([path]) k=[path]");
	assert_string_equal(clean("/etc/stlink/autoprogram.conf /dev/stlink0"),
			    "/etc/stlink/autoprogram.conf /dev/stlink0");
	assert_string_equal(clean("12 KiB/s, V2/V2-1, n/a"),
			    "12 KiB/s, V2/V2-1, n/a");
}

static void cut(void **state)
{
	char buf[12];

	(void)state;
	memset(buf, 'x', sizeof(buf));
	report_secret(&r, "bob", "user", false);
	report_clean(&r, "12345678 bob bob", buf, sizeof(buf));
	assert_int_equal(strlen(buf), sizeof(buf) - 1);
	report_clean(&r, "123456789 more", buf, 5);
	assert_string_equal(buf, "1234");
}

static void whole_machine(void **state)
{
	(void)state;
	file("/proc/sys/kernel/hostname", "wonder.example.org\n");
	file("/etc/os-release", "ID=x\nPRETTY_NAME=\"Some Linux 12\"\n");
	file("/sys/module/stlink/version", "0.1.0\n");
	file("/sys/module/stlink/srcversion", "0123456789ABCDEF0123456\n");
	file("/sys/module/stlink/parameters/timeout_ms", "5000\n");
	file("/sys/class/stlink/stlink0/serial", SERIAL "\n");
	file("/sys/bus/usb/devices/1-1/idVendor", "0483\n");
	file("/sys/bus/usb/devices/1-1/serial", "000000000001\n");
	file("/sys/bus/usb/devices/1-2/idVendor", "1d6b\n");
	setenv("SUDO_USER", "carol", 1);
	report_secrets(&r, &host);
	report_machine(&r, &host);
	report_line(&r, "sudo", "for carol");
	has("for [user]");
	report_line(&r, "all", "alice@wonder " SERIAL " 000000000001");
	has("Some Linux 12");
	has("timeout_ms=5000");
	has("0123456789ABCDEF0123456");
	has("[user]@[host] [serial ");
	has_not("alice");
	has_not("wonder");
	has_not(SERIAL);
	has_not("000000000001");
}

static void kernel_log(void **state)
{
	(void)state;
	report_secret(&r, SERIAL, "serial", true);
	file("/dev/kmsg", "6,1,5140900,-;stlink 1-1:1.0: stlink0: V2J37S7, serial " SERIAL "\n");
	report_log(&r, &host);
	has("5.140900 stlink 1-1:1.0: stlink0: V2J37S7, serial [serial ");
	has_not(SERIAL);
}

static void raw_serial_in_log(void **state)
{
	(void)state;
	file("/dev/kmsg", "6,1,5140900,-;usb 1-1: stlink SerialNumber: U\\xc3\\xbfl\\x06\n");
	report_log(&r, &host);
	has("SerialNumber: [serial]");
	has_not("xbf");
}

static void nothing_there(void **state)
{
	struct report_trace trace;
	unsigned int before;

	(void)state;
	report_secrets(&r, &host);
	report_machine(&r, &host);
	has("driver               not had: ");
	has("module               not had: ");
	has("distribution         not had: ");
	before = r.missing;
	report_log(&r, &host);
	has("log                  not had: ");
	report_trace_begin(&trace, root);
	report_trace_end(&trace, &r);
	has("trace                not had: tracefs is not mounted");
	assert_int_equal(r.missing, before + 2);
}

/* A machine with tracing, on which the driver isn't loaded */
static void no_tracepoints(void **state)
{
	struct report_trace trace;
	char dir[128];

	(void)state;
	file("/sys/kernel/tracing/instances/x", "");
	report_trace_begin(&trace, root);
	report_trace_end(&trace, &r);
	has("trace                not had: the driver isn't loaded");
	snprintf(dir, sizeof(dir), "%s/sys/kernel/tracing/instances/stlink-report-%d",
		 root, (int)getpid());
	assert_int_not_equal(access(dir, F_OK), 0);
}

static void no_control_characters(void **state)
{
	(void)state;
	report_line(&r, "name", "a\nb\033[1m");
	assert_string_equal(so_far(), "name                 a?b?[1m\n");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(names),
		T(numbers),
		T(paths),
		T(cut),
		T(whole_machine),
		T(kernel_log),
		T(raw_serial_in_log),
		T(nothing_there),
		T(no_tracepoints),
		T(no_control_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
