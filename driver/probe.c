// SPDX-License-Identifier: GPL-2.0-only
/*
 * The probe itself: version, serial number, mode, voltage, clock, reset line.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "stlink.h"

/* The unique id of the probe's own chip */
#define STLINK_UID_LEN		12

/*
 * SWD clock by delay loop count. The frequencies are OpenOCD's and stlink-org's;
 * pyOCD states 4600 kHz for 0, and by the loop's length it would be 3600.
 */
static const struct {
	u16 divisor;
	u16 khz;
} stlink_clocks[] = {
	{ 0, 4000 }, { 1, 1800 }, { 2, 1200 }, { 3, 950 }, { 7, 480 },
	{ 15, 240 }, { 31, 125 }, { 40, 100 }, { 79, 50 }, { 158, 25 },
	{ 265, 15 }, { 798, 5 },
};

/* Power-up default, and all there is before J22 */
#define STLINK_FIXED_KHZ	1800

/* From which J on, in the V2 family: OpenOCD, where others agree or are silent */
static const struct {
	u8 version;
	u64 feature;
} stlink_gates[] = {
	{ 13, STLINK_FEAT_VOLTAGE },
	{ 15, STLINK_FEAT_FAULT_ADDR },
	{ 22, STLINK_FEAT_CLOCK },
	{ 24, STLINK_FEAT_DAP },
	{ 26, STLINK_FEAT_MEM16 },
	{ 28, STLINK_FEAT_AP_INIT },
	{ 32, STLINK_FEAT_DP_BANK | STLINK_FEAT_RW_MISC },
};

/*
 * Boards for STM8 only count their firmware as M and S, without a J; OpenOCD
 * tells them by these numbers. They have no debug commands.
 */
static bool stlink_is_stm8_only(u8 x, u8 y)
{
	return (x <= 22 && y == 7) || (x >= 25 && y >= 7 && y <= 12);
}

/**
 * stlink_identify() - what firmware is it, and what can it do?
 * @st: the probe
 *
 * Return: 0; -ENODEV for hardware that this driver isn't for, with a line in
 * the log; or the errno of the exchange.
 */
int stlink_identify(struct stlink *st)
{
	const struct stlink_ans_version *ans = st->ans;
	bool v2 = st->pid == STLINK_USB_PID_V2;
	u16 version;
	u8 hw, low;
	int ret, i;

	/* An answer left from an earlier owner comes first */
	ret = stlink_ping(st);
	if (ret && ret != -ENODEV) {
		stlink_xfer_drain(st);
		ret = stlink_ping(st);
	}
	if (ret)
		return ret;

	version = be16_to_cpu(ans->version);
	hw = version >> 12;
	st->version_jtag = version >> 6 & 0x3f;
	low = version & 0x3f;
	st->version_swim = v2 ? low : 0;
	st->version_msd = v2 ? 0 : low;

	if (hw != 2) {
		dev_info(&st->intf->dev,
			 "ST-Link V%u is not supported, only V2 and V2-1 are\n",
			 hw);
		return -ENODEV;
	}
	if (!st->version_jtag ||
	    (!v2 && stlink_is_stm8_only(st->version_jtag, low))) {
		dev_info(&st->intf->dev,
			 "firmware without SWD debug, for STM8 only: not used\n");
		return -ENODEV;
	}

	/* After a reset it may be another one than the one before */
	st->features = 0;
	for (i = 0; i < ARRAY_SIZE(stlink_gates); i++)
		if (st->version_jtag >= stlink_gates[i].version)
			st->features |= stlink_gates[i].feature;
	return 0;
}

static bool stlink_all_xdigits(const u8 *desc, unsigned int units)
{
	unsigned int i;

	for (i = 0; i < units; i++)
		if (desc[3 + 2 * i] || !isxdigit(desc[2 + 2 * i]))
			return false;
	return true;
}

/**
 * stlink_read_serial() - serial number as 24 hexadecimal digits
 * @st: the probe
 *
 * Old firmware sends the 12 bytes of the id raw, each as one UTF-16 unit. The
 * string that usbcore keeps ends at the first zero byte of those, so the
 * descriptor is read here. Some clones have a text of 12 digits instead; that
 * is kept, and so is anything else that can be printed. A probe that can't tell
 * has none; but a machine that can't ask must not take it for such a one, for by
 * this number programs know what to do with it.
 *
 * Return: 0 or -ENOMEM.
 */
int stlink_read_serial(struct stlink *st)
{
	struct usb_device *udev = st->udev;
	unsigned int units, i, n = 0;
	u8 *desc;
	int ret;

	if (!udev->descriptor.iSerialNumber)
		return 0;

	desc = kzalloc(256, GFP_KERNEL);
	if (!desc)
		return -ENOMEM;

	/* The language that usbcore read the strings in, or US English */
	ret = usb_control_msg(udev, usb_rcvctrlpipe(udev, 0),
			      USB_REQ_GET_DESCRIPTOR, USB_DIR_IN,
			      USB_DT_STRING << 8 | udev->descriptor.iSerialNumber,
			      udev->have_langid ? udev->string_langid : 0x0409,
			      desc, 255, 1000);
	if (ret < 2 || desc[1] != USB_DT_STRING)
		goto out;
	if (desc[0] < ret)
		ret = desc[0];
	units = ret < 2 ? 0 : (ret - 2) / 2;

	if (units == STLINK_UID_LEN && !stlink_all_xdigits(desc, units)) {
		for (i = 0; i < units && !desc[3 + 2 * i]; i++) {
			st->serial[n++] = hex_asc_upper_hi(desc[2 + 2 * i]);
			st->serial[n++] = hex_asc_upper_lo(desc[2 + 2 * i]);
		}
		if (i < units)	/* not bytes after all */
			n = 0;
	}
	if (!n) {
		for (i = 0; i < units && n < sizeof(st->serial) - 1; i++) {
			u8 c = desc[2 + 2 * i];

			if (desc[3 + 2 * i] || !isascii(c) || !isgraph(c))
				c = '_';
			st->serial[n++] = c;
		}
		if (units == 2 * STLINK_UID_LEN &&
		    stlink_all_xdigits(desc, units))
			for (i = 0; i < n; i++)
				st->serial[i] = toupper(st->serial[i]);
	}
	st->serial[n] = '\0';
out:
	kfree(desc);
	return ret == -ENOMEM ? ret : 0;
}

/**
 * stlink_get_mode() - STLINK_MODE_*
 * @st: the probe
 * @mode: the mode; untouched on error
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_get_mode(struct stlink *st, u8 *mode)
{
	const u8 *ans = st->ans;
	int ret;

	stlink_cmd(st, STLINK_GET_MODE, 0);
	ret = stlink_xfer_answer(st, STLINK_ANS_MODE_LEN);
	if (!ret) {
		*mode = ans[0];
		stlink_note_mode(st, *mode);
	}
	return ret;
}

/**
 * stlink_note_mode() - keep in mind what mode the probe is in
 * @st: the probe
 * @mode: STLINK_MODE_*
 */
void stlink_note_mode(struct stlink *st, u8 mode)
{
	mutex_lock(&st->state_lock);
	st->mode = mode;
	mutex_unlock(&st->state_lock);
}

/**
 * stlink_enter_debug() - get hold of the target by SWD
 * @st: the probe
 *
 * Neither resets the target nor halts it. Access ports are closed afterwards.
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_enter_debug(struct stlink *st)
{
	int ret;

	bitmap_zero(st->ap_open, STLINK_MAX_AP);
	st->misc_ap_set = false;
	stlink_cmd(st, STLINK_DEBUG, STLINK_ENTER)->arg = STLINK_ENTER_SWD;
	ret = stlink_xfer_status(st, STLINK_ANS_STATUS_LEN);
	/* In what mode a failed one leaves the probe, no source says */
	stlink_note_mode(st, ret ? STLINK_MODE_UNKNOWN : STLINK_MODE_DEBUG);
	return ret;
}

/**
 * stlink_exit_debug() - let go of the SWD pins
 * @st: the probe
 *
 * Does no harm outside of debug mode (Black Magic Debug sends it always).
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_exit_debug(struct stlink *st)
{
	int ret;

	bitmap_zero(st->ap_open, STLINK_MAX_AP);
	stlink_cmd(st, STLINK_DEBUG, STLINK_EXIT);
	ret = stlink_xfer_none(st);
	stlink_note_mode(st, ret ? STLINK_MODE_UNKNOWN : STLINK_MODE_MASS);
	return ret;
}

/**
 * stlink_read_idcodes() - DPIDR of the target
 * @st: the probe, in debug mode
 * @dpidr: what was read; untouched unless there was an answer
 *
 * Return: 0; -ENXIO for an identification that none has; or the errno of the
 * exchange.
 */
int stlink_read_idcodes(struct stlink *st, u32 *dpidr)
{
	const struct stlink_ans_idcodes *ans = st->ans;
	int ret;

	stlink_cmd(st, STLINK_DEBUG, STLINK_READ_IDCODES);
	ret = stlink_xfer_status(st, sizeof(*ans));
	if (ret)
		return ret;

	*dpidr = le32_to_cpu(ans->dpidr);
	if (*dpidr == 0 || *dpidr == U32_MAX)
		return -ENXIO;
	stlink_tar_target(st, *dpidr);
	return 0;
}

/**
 * stlink_get_voltage() - STLINK_IOC_VOLTAGE
 * @st: the probe
 * @arg: filled in
 *
 * Return: 0, -EOPNOTSUPP, or the errno of the exchange.
 */
int stlink_get_voltage(struct stlink *st, struct stlink_voltage *arg)
{
	const struct stlink_ans_voltage *ans = st->ans;
	int ret;

	if (!stlink_has(st, STLINK_FEAT_VOLTAGE))
		return -EOPNOTSUPP;

	/* Clones with a new enough version don't always answer (stm8flash) */
	stlink_cmd(st, STLINK_GET_VOLTAGE, 0);
	ret = stlink_xfer_optional(st, sizeof(*ans), sizeof(*ans));
	if (ret)
		return ret;

	arg->adc_ref = le32_to_cpu(ans->ref);
	arg->adc_target = le32_to_cpu(ans->target);
	/*
	 * 12-bit readings; some clones put rubbish above. Without a reading of
	 * the reference (seen on clones) the voltage is not known.
	 */
	arg->millivolts = 0;
	if (arg->adc_ref & 0xffff)
		arg->millivolts = 2400 * (arg->adc_target & 0xffff) /
				  (arg->adc_ref & 0xffff);
	return 0;
}

/**
 * stlink_ask_voltage() - the same for a reader of an attribute
 * @st: the probe
 * @mv: supply of the target, millivolts
 *
 * Return: 0; -ENODATA if the probe can't tell; or the errno of the gate or of
 * the exchange.
 */
int stlink_ask_voltage(struct stlink *st, unsigned int *mv)
{
	struct stlink_voltage arg;
	int ret;

	/* lifetime.pml: attribute */
	ret = stlink_enter_anonymous(st);
	if (ret)
		return ret;
	ret = stlink_get_voltage(st, &arg);
	stlink_leave_anonymous(st);
	if (!ret && !(arg.adc_ref & 0xffff))
		ret = -ENODATA;
	if (!ret)
		*mv = arg.millivolts;
	return ret;
}

/**
 * stlink_check_clock() - can a clock that slow be had?
 * @st: the probe
 * @khz: fastest allowed, kHz
 *
 * Return: 0; -EINVAL below the slowest; -EOPNOTSUPP if the clock is fixed and
 * faster.
 */
int stlink_check_clock(const struct stlink *st, u32 khz)
{
	if (!stlink_has(st, STLINK_FEAT_CLOCK))
		return khz < STLINK_FIXED_KHZ ? -EOPNOTSUPP : 0;
	return khz < stlink_clocks[ARRAY_SIZE(stlink_clocks) - 1].khz ?
	       -EINVAL : 0;
}

/**
 * stlink_set_clock() - SWD clock
 * @st: the probe
 * @khz: fastest allowed, kHz
 *
 * The setting outlives sessions and programs, so it is always set.
 *
 * Return: 0, as stlink_check_clock(), or the errno of the exchange.
 */
int stlink_set_clock(struct stlink *st, u32 khz)
{
	u32 actual = STLINK_FIXED_KHZ;
	int ret, i = 0;

	ret = stlink_check_clock(st, khz);
	if (ret)
		return ret;

	if (stlink_has(st, STLINK_FEAT_CLOCK)) {
		while (stlink_clocks[i].khz > khz)
			i++;
		actual = stlink_clocks[i].khz;
		stlink_cmd(st, STLINK_DEBUG, STLINK_SWD_SET_FREQ)->divisor =
			cpu_to_le16(stlink_clocks[i].divisor);
		ret = stlink_xfer_status(st, STLINK_ANS_STATUS_LEN);
		if (ret)
			return ret;
	}

	mutex_lock(&st->state_lock);
	st->clock_khz = actual;
	mutex_unlock(&st->state_lock);
	return 0;
}

/**
 * stlink_clock_steps() - what clocks there are
 * @st: the probe
 * @arg: num_steps and steps_khz are filled in
 */
void stlink_clock_steps(struct stlink *st, struct stlink_clock *arg)
{
	int i;

	BUILD_BUG_ON(ARRAY_SIZE(stlink_clocks) > STLINK_MAX_CLOCK_STEPS);

	memset(arg->steps_khz, 0, sizeof(arg->steps_khz));
	if (!stlink_has(st, STLINK_FEAT_CLOCK)) {
		arg->num_steps = 1;
		arg->steps_khz[0] = STLINK_FIXED_KHZ;
		return;
	}
	arg->num_steps = ARRAY_SIZE(stlink_clocks);
	for (i = 0; i < ARRAY_SIZE(stlink_clocks); i++)
		arg->steps_khz[i] = stlink_clocks[i].khz;
}

/**
 * stlink_drive_nrst() - the target's reset line
 * @st: the probe
 * @low: drive it low, or release it
 *
 * A line left low looks like a dead board, and other sessions may go on: the
 * release is carried out even by a process that was killed during a pulse.
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_drive_nrst(struct stlink *st, bool low)
{
	bool uninterruptible = st->uninterruptible;
	int ret;

	/*
	 * Noted before it is tried: an exchange that failed half way may have
	 * pulled the line, and it must be released in the end.
	 */
	if (low) {
		mutex_lock(&st->state_lock);
		st->nrst_low = true;
		mutex_unlock(&st->state_lock);
	}

	stlink_cmd(st, STLINK_DEBUG, STLINK_DRIVE_NRST)->arg =
		low ? STLINK_NRST_DRIVE_LOW : STLINK_NRST_DRIVE_HIGH;
	st->uninterruptible |= !low;
	ret = stlink_xfer_status(st, STLINK_ANS_STATUS_LEN);
	st->uninterruptible = uninterruptible;

	if (!low && !ret) {
		mutex_lock(&st->state_lock);
		st->nrst_low = false;
		st->nrst_owner = NULL;
		mutex_unlock(&st->state_lock);
	}
	return ret;
}
