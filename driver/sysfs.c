// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of the class device; they exist before the uevent, for udev.
 * uapi/ABI/sysfs-class-stlink is their description.
 */
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "stlink.h"

static struct stlink *to_stlink(struct device *dev)
{
	return container_of(dev, struct stlink, dev);
}

static ssize_t serial_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%s\n", to_stlink(dev)->serial);
}
static DEVICE_ATTR_RO(serial);

static ssize_t firmware_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct stlink *st = to_stlink(dev);

	if (st->pid == STLINK_USB_PID_V2)
		return sysfs_emit(buf, "V2J%uS%u\n", st->version_jtag,
				  st->version_swim);
	return sysfs_emit(buf, "V2J%uM%u\n", st->version_jtag,
			  st->version_msd);
}
static DEVICE_ATTR_RO(firmware);

static ssize_t features_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	/* By bit of STLINK_FEAT_* */
	static const char * const names[] = {
		"voltage", "fault_addr", "clock", "dap", "mem16", "ap_init",
		"dp_bank", "rw_misc",
	};
	struct stlink *st = to_stlink(dev);
	unsigned int i;
	int len = 0;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (stlink_has(st, BIT_ULL(i)))
			len += sysfs_emit_at(buf, len, "%s%s", len ? " " : "",
					     names[i]);
	return len + sysfs_emit_at(buf, len, "\n");
}
static DEVICE_ATTR_RO(features);

static ssize_t mode_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	static const char * const names[] = {
		[STLINK_MODE_DFU] = "dfu",
		[STLINK_MODE_MASS] = "idle",
		[STLINK_MODE_DEBUG] = "debug",
		[STLINK_MODE_SWIM] = "swim",
		[STLINK_MODE_BOOTLOADER] = "bootloader",
	};
	struct stlink *st = to_stlink(dev);
	u8 mode;

	mutex_lock(&st->state_lock);
	mode = st->mode;
	mutex_unlock(&st->state_lock);
	return sysfs_emit(buf, "%s\n", mode < ARRAY_SIZE(names) ? names[mode] :
								  "unknown");
}
static DEVICE_ATTR_RO(mode);

static ssize_t clock_khz_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct stlink *st = to_stlink(dev);
	u32 khz;

	mutex_lock(&st->state_lock);
	khz = st->clock_khz;
	mutex_unlock(&st->state_lock);
	return sysfs_emit(buf, "%u\n", khz);
}
static DEVICE_ATTR_RO(clock_khz);

static ssize_t target_voltage_mv_show(struct device *dev,
				      struct device_attribute *attr, char *buf)
{
	unsigned int mv;
	int ret;

	ret = stlink_ask_voltage(to_stlink(dev), &mv);
	return ret ?: sysfs_emit(buf, "%u\n", mv);
}
static DEVICE_ATTR_RO(target_voltage_mv);

static ssize_t target_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	static const char * const names[] = {
		[STLINK_TARGET_UNKNOWN] = "unknown",
		[STLINK_TARGET_ABSENT] = "absent",
		[STLINK_TARGET_PRESENT] = "present",
	};
	struct stlink *st = to_stlink(dev);
	enum stlink_target target;

	mutex_lock(&st->state_lock);
	target = st->target;
	mutex_unlock(&st->state_lock);
	return sysfs_emit(buf, "%s\n", names[target]);
}
static DEVICE_ATTR_RO(target);

static ssize_t target_poll_ms_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	struct stlink *st = to_stlink(dev);
	unsigned int ms;

	mutex_lock(&st->state_lock);
	ms = st->target_poll_ms;
	mutex_unlock(&st->state_lock);
	return sysfs_emit(buf, "%u\n", ms);
}

static ssize_t target_poll_ms_store(struct device *dev,
				    struct device_attribute *attr,
				    const char *buf, size_t count)
{
	unsigned int ms;
	int ret;

	ret = kstrtouint(buf, 0, &ms);
	if (ret)
		return ret;
	if (ms && (ms < STLINK_MIN_INTERVAL_MS || ms > STLINK_MAX_INTERVAL_MS))
		return -EINVAL;
	return stlink_monitor_set_poll(to_stlink(dev), ms) ?: count;
}
static DEVICE_ATTR_RW(target_poll_ms);

static struct attribute *stlink_attrs[] = {
	&dev_attr_serial.attr,
	&dev_attr_firmware.attr,
	&dev_attr_features.attr,
	&dev_attr_mode.attr,
	&dev_attr_clock_khz.attr,
	&dev_attr_target_voltage_mv.attr,
	&dev_attr_target.attr,
	&dev_attr_target_poll_ms.attr,
	NULL
};

static umode_t stlink_attr_is_visible(struct kobject *kobj,
				      struct attribute *attr, int n)
{
	struct stlink *st = to_stlink(kobj_to_dev(kobj));

	if (attr == &dev_attr_target_voltage_mv.attr &&
	    !stlink_has(st, STLINK_FEAT_VOLTAGE))
		return 0;
	return attr->mode;
}

static const struct attribute_group stlink_group = {
	.attrs = stlink_attrs,
	.is_visible = stlink_attr_is_visible,
};

const struct attribute_group *stlink_groups[] = {
	&stlink_group,
	NULL
};
