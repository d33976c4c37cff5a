// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes on USB: serial numbers, and which one is to be detached or attached.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "bind_priv.h"
#include "holder.h"

static char serial[STLINK_SERIAL_LEN];

static void serial_as_text(void **state)
{
	(void)state;
	assert_false(stl_usb_serial("066DFF535550755187191037", serial));
	assert_string_equal(serial, "066DFF535550755187191037");
	assert_false(stl_usb_serial("066dff535550755187191037", serial));
	assert_string_equal(serial, "066DFF535550755187191037");
	/* clones: 12 digits are a text, and so is a short word */
	assert_false(stl_usb_serial("0123456789ab", serial));
	assert_string_equal(serial, "0123456789ab");
	assert_false(stl_usb_serial("CLONE", serial));
	assert_string_equal(serial, "CLONE");
	assert_false(stl_usb_serial("", serial));
	assert_string_equal(serial, "");
	assert_false(stl_usb_serial("ST Link for everybody", serial));
	assert_string_equal(serial, "ST_Link_for_everybody");
}

static void serial_as_bytes(void **state)
{
	(void)state;
	/* 53 ff 6b 06 48 80 55 55 10 47 0e 87 */
	assert_false(stl_usb_serial("S\u00ffk\x06H\xc2\x80" "UU\x10G\x0e\xc2\x87",
				    serial));
	assert_string_equal(serial, "53FF6B064880555510470E87");
	/* 12 letters that are no digits are bytes, as for the driver */
	assert_false(stl_usb_serial("ABCDEFGHIJKL", serial));
	assert_string_equal(serial, "4142434445464748494A4B4C");
	/* newlines among them, also at the end */
	assert_false(stl_usb_serial("S\nk\x06H\xc2\x80" "UU\x10G\x0e\n", serial));
	assert_string_equal(serial, "530A6B064880555510470E0A");
	/* above a byte: a text after all */
	assert_false(stl_usb_serial("S\u0100k\x06H\xc2\x80" "UU\x10G\x0e\xc2\x87",
				    serial));
	assert_string_equal(serial, "S_k_H_UU_G__");
}

static void serial_cut_by_a_zero(void **state)
{
	(void)state;
	assert_true(stl_usb_serial("S\u00ffk\x06H", serial));
	assert_string_equal(serial, "53FF6B0648");
}

static void serial_too_long(void **state)
{
	char text[200];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(stl_usb_serial(text, serial));
	assert_int_equal(strlen(serial), STLINK_SERIAL_LEN - 1);
	/* not UTF-8: what comes before counts */
	assert_false(stl_usb_serial("AB\xff" "CD", serial));
	assert_string_equal(serial, "AB");
}

static const unsigned int detach[] = {
	STL_HAS_OURS, STL_HAS_NONE | STL_HAS_LIBUSB, STL_HAS_OTHER, 0,
};
static const unsigned int attach[] = {
	STL_HAS_NONE, STL_HAS_LIBUSB | STL_HAS_OTHER, STL_HAS_OURS, 0,
};

static struct stl_usb list[4];
static struct stl_error err;
static size_t several;

/* Probes whose drivers are the words; serial "SERIALn", USB path "1-n". */
static void plug(const char *a, const char *b, const char *c, const char *d)
{
	const char *driver[] = { a, b, c, d };
	size_t i;

	memset(list, 0, sizeof(list));
	for (i = 0; i < 4; i++) {
		strcpy(list[i].driver, driver[i]);
		sprintf(list[i].probe.serial, "SERIAL%zu", i);
		sprintf(list[i].probe.usb_path, "1-%zu", i);
		if (!strcmp(driver[i], "stlink"))
			sprintf(list[i].probe.device, "/dev/stlink%zu", i);
	}
}

static int choose(const unsigned int *order, const char *device,
		  const char *number, const char *path)
{
	struct stl_select select = { device, number, path };
	size_t index = 99;
	int ret;

	memset(&err, 0, sizeof(err));
	ret = stl_bind_choose(list, 4, &select, order, order == detach ?
			      STL_HAS_NONE | STL_HAS_LIBUSB : STL_HAS_OURS,
			      &index, &several, &err);
	return ret ? -ret : (int)index;
}

static void the_only_one_that_can(void **state)
{
	(void)state;
	plug("", "usbfs", "stlink", "usb-storage");
	assert_int_equal(choose(detach, NULL, NULL, NULL), 2);
	assert_int_equal(choose(attach, NULL, NULL, NULL), 0);
	assert_int_equal(several, 1);
	plug("usbfs", "stlink", "stlink", "stlink");
	assert_int_equal(choose(attach, NULL, NULL, NULL), 0);
}

static void several_that_can(void **state)
{
	(void)state;
	plug("stlink", "", "stlink", "");
	assert_int_equal(choose(detach, NULL, NULL, NULL), -STL_USAGE);
	/* only those that come into question are named */
	assert_non_null(strstr(err.hint, "1-0"));
	assert_null(strstr(err.hint, "1-1"));
	assert_non_null(strstr(err.hint, "1-2"));
	assert_int_equal(choose(attach, NULL, NULL, NULL), -STL_USAGE);
	assert_null(strstr(err.hint, "1-2"));
	assert_non_null(strstr(err.hint, "(no node)"));
	assert_non_null(strstr(err.hint, "1-3"));
}

static void nothing_to_do(void **state)
{
	(void)state;
	plug("", "usbfs", "", "");
	assert_int_equal(choose(detach, NULL, NULL, NULL), 0);
	assert_int_equal(several, 4);
	assert_int_equal(choose(detach, NULL, "SERIAL1", NULL), 1);
	assert_int_equal(several, 1);
	plug("stlink", "stlink", "stlink", "stlink");
	assert_int_equal(choose(attach, NULL, NULL, NULL), 0);
	assert_int_equal(several, 4);
}

static void the_one_that_was_named(void **state)
{
	(void)state;
	plug("stlink", "", "stlink", "usbfs");
	assert_int_equal(choose(detach, "/dev/stlink2", NULL, NULL), 2);
	assert_int_equal(choose(detach, NULL, NULL, "1-1"), 1);
	assert_int_equal(choose(attach, NULL, NULL, "1-3"), 3);
	assert_int_equal(choose(attach, NULL, NULL, "1-0"), 0);
	assert_int_equal(choose(attach, NULL, "SERIAL9", NULL), -STL_NO_PROBE);
	assert_int_equal(choose(attach, "/dev/stlink1", NULL, NULL),
			 -STL_NO_PROBE);
	/* a whole number wins over a part, whoever has the driver */
	strcpy(list[0].probe.serial, "SERIAL12");
	assert_int_equal(choose(detach, NULL, "SERIAL1", NULL), 1);
}

static void the_same_serial_twice(void **state)
{
	(void)state;
	plug("", "stlink", "", "stlink");
	strcpy(list[1].probe.serial, "SERIAL0");
	assert_int_equal(choose(attach, NULL, "SERIAL0", NULL), 0);
	assert_int_equal(choose(detach, NULL, "SERIAL0", NULL), 1);
}

static void the_beginning_of_a_serial(void **state)
{
	static const char whole[] = "53FF6B064800555510470E87";

	(void)state;
	plug("", "", "", "");
	list[2].cut = stl_usb_serial("S\u00ffk\x06H", list[2].probe.serial);
	assert_int_equal(choose(attach, NULL, whole, NULL), 2);
	assert_string_equal(list[2].probe.serial, whole);
	assert_int_equal(choose(attach, NULL, "53FF7B064800555510470E87", NULL),
			 -STL_NO_PROBE);
}

static void holders(void **state)
{
	char name[64];
	int ends[2], pid;
	char c;

	(void)state;
	stl_holder_name(0, name, sizeof(name));
	assert_string_equal(name, "another program");
	stl_holder_name(getpid(), name, sizeof(name));
	assert_non_null(strstr(name, "lib_usb_test (PID "));
	assert_int_equal(stl_holder_pid("/dev/there-is-no-such"), 0);
	/* a child that has a node open, which this process hasn't */
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		FILE *f = fopen("/dev/full", "r");

		if (f && write(ends[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ends[0], &c, 1), 1);
	assert_int_equal(stl_holder_pid("/dev/full"), pid);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(stl_holder_pid("/dev/full"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serial_as_text),
		cmocka_unit_test(serial_as_bytes),
		cmocka_unit_test(serial_cut_by_a_zero),
		cmocka_unit_test(serial_too_long),
		cmocka_unit_test(the_only_one_that_can),
		cmocka_unit_test(several_that_can),
		cmocka_unit_test(nothing_to_do),
		cmocka_unit_test(the_one_that_was_named),
		cmocka_unit_test(the_same_serial_twice),
		cmocka_unit_test(the_beginning_of_a_serial),
		cmocka_unit_test(holders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
