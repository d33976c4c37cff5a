// SPDX-License-Identifier: GPL-2.0-only
/*
 * The target's supply as a sensor: hwmon device "stlink", in0.
 */
#include <linux/hwmon.h>

#include "stlink.h"

static umode_t stlink_hwmon_is_visible(const void *data,
				       enum hwmon_sensor_types type, u32 attr,
				       int channel)
{
	return 0444;
}

static int stlink_hwmon_read(struct device *dev, enum hwmon_sensor_types type,
			     u32 attr, int channel, long *val)
{
	struct stlink *st = dev_get_drvdata(dev);
	unsigned int mv;
	int ret;

	ret = stlink_ask_voltage(st, &mv);
	if (!ret)
		*val = mv;
	return ret;
}

static int stlink_hwmon_read_string(struct device *dev,
				    enum hwmon_sensor_types type, u32 attr,
				    int channel, const char **str)
{
	*str = "target";
	return 0;
}

static const struct hwmon_ops stlink_hwmon_ops = {
	.is_visible = stlink_hwmon_is_visible,
	.read = stlink_hwmon_read,
	.read_string = stlink_hwmon_read_string,
};

static const struct hwmon_channel_info *stlink_hwmon_info[] = {
	HWMON_CHANNEL_INFO(in, HWMON_I_INPUT | HWMON_I_LABEL),
	NULL
};

static const struct hwmon_chip_info stlink_hwmon_chip = {
	.ops = &stlink_hwmon_ops,
	.info = stlink_hwmon_info,
};

/**
 * stlink_hwmon_add() - offer the sensor, where the firmware can measure
 * @st: the probe, ready for use
 *
 * Nobody needs it to program a chip, so failing is not a reason to fail.
 */
void stlink_hwmon_add(struct stlink *st)
{
	struct device *hwmon;

	if (!stlink_has(st, STLINK_FEAT_VOLTAGE))
		return;
	hwmon = hwmon_device_register_with_info(&st->intf->dev, "stlink", st,
						&stlink_hwmon_chip, NULL);
	if (IS_ERR(hwmon))
		dev_warn(&st->intf->dev, "no sensor for the target's voltage: %pe\n",
			 hwmon);
	else
		st->hwmon = hwmon;
}

/**
 * stlink_hwmon_remove() - undo stlink_hwmon_add()
 * @st: the probe, gone, so that readers come to an end, with no lock held
 */
void stlink_hwmon_remove(struct stlink *st)
{
	if (st->hwmon)
		hwmon_device_unregister(st->hwmon);
}
