// SPDX-License-Identifier: GPL-2.0-only
/* Attributes of the class device and of the sensor. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "fault_things.h"

#define CLASS	"/sys/class/stlink/"

static char path[300], text[256], before[256];

/* @file: of the class device, or of its sensor below "hwmon/" */
static int file_ready(const char *file)
{
	char node[64];
	glob_t found;

	if (!board_wait_node(node, sizeof(node)))
		return 1;
	if (strncmp(file, "hwmon/", 6)) {
		snprintf(path, sizeof(path), CLASS "%s/%s",
			 strrchr(node, '/') + 1, file);
	} else {
		snprintf(path, sizeof(path), CLASS "%s/device/hwmon/hwmon*/%s",
			 strrchr(node, '/') + 1, file + 6);
		if (glob(path, 0, NULL, &found))
			return 1;
		snprintf(path, sizeof(path), "%s", found.gl_pathv[0]);
		globfree(&found);
	}
	return sysfs_read(path, before, sizeof(before)) != 0;
}

static int read_act(void)
{
	return sysfs_read(path, text, sizeof(text));
}

static int same_text(int ret)
{
	if (!ret && strcmp(text, before))
		return bad("it says %s, not %s", text, before);
	if (read_act() || strcmp(text, before))
		return bad("the next time it says %s, not %s", text, before);
	return 0;
}

#define FILE_READY(name, file)						\
	static int name##_ready(void) { return file_ready(file); }

FILE_READY(serial, "serial")
FILE_READY(firmware, "firmware")
FILE_READY(features, "features")
FILE_READY(mode, "mode")
FILE_READY(clock, "clock_khz")
FILE_READY(voltage, "target_voltage_mv")
FILE_READY(target, "target")
FILE_READY(period, "target_poll_ms")
FILE_READY(uevent, "uevent")
FILE_READY(sensor, "hwmon/in0_input")
FILE_READY(label, "hwmon/in0_label")
FILE_READY(name, "hwmon/name")

/* The slowest: it shall not get in the way of anything here */
static int write_act(void)
{
	return sysfs_write(path, "60000");
}

static int written(int ret)
{
	if (sysfs_read(path, text, sizeof(text)))
		return bad("it can't be read");
	if (strcmp(text, ret ? "0" : "60000"))
		return bad("it says %s", text);
	if (write_act() || sysfs_read(path, text, sizeof(text)) ||
	    strcmp(text, "60000"))
		return bad("it can't be set any more: %s", text);
	return sysfs_write(path, "0") ? bad("it can't be set to 0") : 0;
}

const struct thing fault_files[] = {
	THING("serial", serial_ready, read_act, same_text),
	THING("firmware", firmware_ready, read_act, same_text),
	THING("features", features_ready, read_act, same_text),
	THING("mode", mode_ready, read_act, same_text),
	THING("clock_khz", clock_ready, read_act, same_text),
	THING("target_voltage_mv", voltage_ready, read_act, same_text),
	THING("target", target_ready, read_act, same_text),
	THING("target_poll_ms", period_ready, read_act, same_text),
	THING("target_poll_ms=", period_ready, write_act, written),
	THING("uevent", uevent_ready, read_act, same_text),
	THING("in0_input", sensor_ready, read_act, same_text),
	THING("in0_label", label_ready, read_act, same_text),
	THING("hwmon_name", name_ready, read_act, same_text),
	{ .name = NULL }
};
