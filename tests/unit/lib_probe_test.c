// SPDX-License-Identifier: GPL-2.0-only
/*
 * Choosing a probe.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "probe.h"

static const struct stl_probe probes[] = {
	{ .device = "/dev/stlink0", .serial = "37FF6A064254353237100243",
	  .usb_path = "1-2" },
	{ .device = "/dev/stlink1", .serial = "37FF6A064254353237100999",
	  .usb_path = "1-2.3" },
	{ .device = "/dev/stlink10", .serial = "37FF6A06", .usb_path = "2-1" },
	{ .device = "/dev/stlink11", .serial = "", .usb_path = "2-2" },
	{ .device = "/dev/stlink12", .serial = "CLONE", .usb_path = "3-1" },
	{ .device = "/dev/stlink13", .serial = "CLONE", .usb_path = "3-2" },
};

#define NUM (sizeof(probes) / sizeof(probes[0]))

static struct stl_error err;

static int choose(const char *device, const char *serial, const char *path)
{
	struct stl_select select = { device, serial, path };
	size_t index = 99;
	int ret;

	memset(&err, 0, sizeof(err));
	ret = stl_probe_choose(probes, NUM, &select, &index, &err);
	return ret ? -ret : (int)index;
}

static void by_device(void **state)
{
	(void)state;
	assert_int_equal(choose("/dev/stlink1", NULL, NULL), 1);
	assert_int_equal(choose("stlink10", NULL, NULL), 2);
	assert_int_equal(choose("/dev/stlink2", NULL, NULL), -STL_NO_PROBE);
	assert_non_null(strstr(err.message, "/dev/stlink2"));
	assert_non_null(strstr(err.hint, "/dev/stlink13"));
}

static void by_usb_path(void **state)
{
	(void)state;
	assert_int_equal(choose(NULL, NULL, "1-2"), 0);
	assert_int_equal(choose(NULL, NULL, "1-2.3"), 1);
	assert_int_equal(choose(NULL, NULL, "1"), -STL_NO_PROBE);
}

static void by_serial(void **state)
{
	(void)state;
	/* whole ones win over those that merely begin so */
	assert_int_equal(choose(NULL, "37FF6A06", NULL), 2);
	assert_int_equal(choose(NULL, "37ff6a064254353237100999", NULL), 1);
	assert_int_equal(choose(NULL, "0243", NULL), 0);
	assert_int_equal(choose(NULL, "37FF6A0642543532371009", NULL), 1);
	assert_int_equal(choose(NULL, "37FF6A0642", NULL), -STL_USAGE);
	assert_int_equal(choose(NULL, "6A0642", NULL), -STL_NO_PROBE);
	assert_int_equal(choose(NULL, "", NULL), 3);
}

static void same_serial_twice(void **state)
{
	(void)state;
	assert_int_equal(choose(NULL, "CLONE", NULL), -STL_USAGE);
	assert_non_null(strstr(err.hint, "3-1"));
	assert_non_null(strstr(err.hint, "3-2"));
	assert_int_equal(choose(NULL, "CLONE", "3-2"), 5);
}

static void none_and_several(void **state)
{
	size_t index;

	(void)state;
	assert_int_equal(choose(NULL, NULL, NULL), -STL_USAGE);
	assert_non_null(strstr(err.hint, "(none)"));
	assert_int_equal(stl_probe_choose(probes, 1, NULL, &index, &err), 0);
	assert_int_equal(index, 0);
	assert_int_equal(stl_probe_choose(probes, 0, NULL, &index, &err),
			 STL_NO_PROBE);
}

static void firmware_names(void **state)
{
	struct stlink_info v2 = { .version_hw = 2, .version_jtag = 37,
				  .version_swim = 7 };
	struct stlink_info v21 = { .version_hw = 2, .version_jtag = 45,
				   .version_msd = 30 };
	char buf[24];

	(void)state;
	stl_firmware_text(&v2, buf, sizeof(buf));
	assert_string_equal(buf, "V2J37S7");
	stl_firmware_text(&v21, buf, sizeof(buf));
	assert_string_equal(buf, "V2J45M30");
	stl_firmware_text(&v2, buf, 4);
	assert_string_equal(buf, "V2J");
}

static void busy_names_the_process(void **state)
{
	(void)state;
	assert_int_equal(stl_fail_busy(&err, "/dev/stlink0", getpid()),
			 STL_PROBE_BUSY);
	assert_non_null(strstr(err.message, "lib_probe_test"));
	assert_int_equal(stl_fail_busy(&err, "/dev/stlink0", 0),
			 STL_PROBE_BUSY);
	assert_non_null(strstr(err.message, "another program"));
}

static void no_such_node(void **state)
{
	struct stl_select select = { .device = "/dev/null" };

	(void)state;
	/* a character device, but none of ours */
	assert_int_equal(stl_probe_open(&select, true, NULL, &err),
			 -STL_NO_PROBE);
	assert_non_null(strstr(err.message, "not an ST-Link"));
	select.device = "/dev/stlink-that-is-not-there";
	assert_int_equal(stl_probe_open(&select, true, NULL, &err),
			 -STL_NO_PROBE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_device),
		cmocka_unit_test(by_usb_path),
		cmocka_unit_test(by_serial),
		cmocka_unit_test(same_serial_twice),
		cmocka_unit_test(none_and_several),
		cmocka_unit_test(firmware_names),
		cmocka_unit_test(busy_names_the_process),
		cmocka_unit_test(no_such_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
