// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of the class device; they exist before the uevent, for udev.
 */
#include <linux/sysfs.h>

#include "stlink.h"

static ssize_t serial_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct stlink *st = container_of(dev, struct stlink, dev);

	return sysfs_emit(buf, "%s\n", st->serial);
}
static DEVICE_ATTR_RO(serial);

static ssize_t firmware_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct stlink *st = container_of(dev, struct stlink, dev);

	if (st->pid == STLINK_USB_PID_V2)
		return sysfs_emit(buf, "V2J%uS%u\n", st->version_jtag,
				  st->version_swim);
	return sysfs_emit(buf, "V2J%uM%u\n", st->version_jtag,
			  st->version_msd);
}
static DEVICE_ATTR_RO(firmware);

static struct attribute *stlink_attrs[] = {
	&dev_attr_serial.attr,
	&dev_attr_firmware.attr,
	NULL
};

static const struct attribute_group stlink_group = {
	.attrs = stlink_attrs,
};

const struct attribute_group *stlink_groups[] = {
	&stlink_group,
	NULL
};
