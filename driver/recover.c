// SPDX-License-Identifier: GPL-2.0-only
/*
 * Putting the probe right: after an exchange that was cut off, after a reset,
 * after somebody left it in a mode of his own.
 */
#include <linux/jiffies.h>

#include "stlink.h"

/* The bootloader leaves within 2 s, on the same handle or by re-enumeration */
#define STLINK_DFU_EXIT_MS	2000
#define STLINK_DFU_EXIT_US	100000

/* A probe that needs more than this won't be helped by it */
#define STLINK_RESET_INTERVAL	(5 * HZ)

/* The first may still get the answer that somebody else gave up on */
#define STLINK_PINGS		2

static int stlink_leave_loader(struct stlink *st, u8 *mode)
{
	ktime_t end = ktime_add_ms(ktime_get(), STLINK_DFU_EXIT_MS);
	u8 loader = *mode;
	int ret;

	/* The only command of that group that is ever sent */
	stlink_cmd(st, STLINK_DFU, STLINK_DFU_EXIT);
	ret = stlink_xfer_none(st);

	while (!ret) {
		ret = stlink_get_mode(st, mode);
		if (ret || *mode != loader || ktime_after(ktime_get(), end))
			break;
		ret = stlink_sleep(st, STLINK_DFU_EXIT_US);
	}
	/*
	 * V2 hardware may vanish here and come back as an application. Whether it
	 * does isn't known while probing, and is seen later on.
	 */
	return st->id < 0 && (ret == -EIO || ret == -ETIMEDOUT) ? -ENODEV : ret;
}

/**
 * stlink_make_idle() - leave whatever mode the probe is in
 * @st: the probe
 *
 * A killed program's leftover debug session is the usual case. The target is
 * not touched.
 *
 * Return: 0 with the probe in MASS mode (which is its idle mode); -ENODEV if
 * it is about to re-enumerate; -EIO if the mode can't be left; or the errno
 * of the exchange.
 */
int stlink_make_idle(struct stlink *st)
{
	bool tried = false;
	int ret, i;
	u8 mode;

	ret = stlink_get_mode(st, &mode);
	for (i = 0; !ret && i < 3; i++) {
		switch (mode) {
		case STLINK_MODE_MASS:
			return 0;
		case STLINK_MODE_BOOTLOADER:
			/*
			 * OpenOCD and Black Magic Debug use a probe that says
			 * so as it is, stm8flash makes it leave first. Leaving
			 * does no harm where it isn't understood.
			 */
			if (st->loader_is_idle)
				return 0;
			ret = stlink_leave_loader(st, &mode);
			st->loader_is_idle = mode == STLINK_MODE_BOOTLOADER;
			continue;
		case STLINK_MODE_DFU:
			if (tried)
				return -EIO;
			tried = true;
			ret = stlink_leave_loader(st, &mode);
			continue;
		case STLINK_MODE_DEBUG:
			ret = stlink_exit_debug(st);
			break;
		case STLINK_MODE_SWIM:
			stlink_cmd(st, STLINK_SWIM, STLINK_SWIM_EXIT);
			ret = stlink_xfer_none(st);
			break;
		default:
			return -EPROTO;
		}
		ret = ret ?: stlink_get_mode(st, &mode);
	}
	return ret ?: -EIO;
}

/**
 * stlink_recover_link() - get in step with the probe again
 * @st: the probe
 *
 * Return: 0; -EAGAIN if it doesn't answer; -EIO if it can't be reached at all;
 * -ENODEV, -EINTR; -ENOMEM, which a reset wouldn't help.
 */
int stlink_recover_link(struct stlink *st)
{
	int ret = 0, i;

	for (i = 0; i < STLINK_PINGS; i++) {
		stlink_xfer_drain(st);
		ret = stlink_ping(st);
		if (!ret || ret == -ENODEV || ret == -EINTR || ret == -ENOMEM)
			return ret;
	}
	return stlink_urbs_lost(st) ? -EIO : -EAGAIN;
}

/*
 * Some firmware leaves debug mode when USB is reset. The target knows nothing of
 * that: its core may be halted, with breakpoints set, and has to be reached once
 * more. Return: 0, also where the target doesn't answer, or the errno of the exchange.
 */
static int stlink_reenter(struct stlink *st)
{
	bool uninterruptible = st->uninterruptible;
	int ret;

	st->uninterruptible = true;
	ret = stlink_make_idle(st);
	if (!ret)
		ret = stlink_reconnect(st);
	st->uninterruptible = uninterruptible;
	if (!ret || st->status)
		return 0;
	/* A probe that can't do it must not be kept from everybody for that */
	if (ret != -ENOMEM)
		st->touched = false;
	return ret;
}

/**
 * stlink_recover() - put right what @st->dirty says
 * @st: the probe
 *
 * Not done by whoever left it so: that may be a dying process.
 *
 * Return: 0, -EAGAIN if only stlink_recover_by_reset() will help, or an errno.
 */
int stlink_recover(struct stlink *st)
{
	u8 mode;
	int ret;

	/* lifetime.pml: recover */
	if (stlink_urbs_lost(st))
		return -EIO;

	/*
	 * No usb_clear_halt(): some firmware keeps its data toggle when the
	 * host resets its own, and every second command is lost from then on.
	 */
	if (test_bit(STLINK_DIRTY_STALL, &st->dirty) ||
	    test_bit(STLINK_DIRTY_DATA, &st->dirty))
		return -EAGAIN;

	if (test_bit(STLINK_DIRTY_LINK, &st->dirty)) {
		ret = stlink_recover_link(st);
		if (ret)
			return ret;
		/* Whoever pulled it couldn't let go of it */
		if (st->nrst_low && !st->nrst_owner)
			stlink_drive_nrst(st, false);
	}

	if (!test_bit(STLINK_DIRTY_MODE, &st->dirty) &&
	    !test_bit(STLINK_DIRTY_TARGET, &st->dirty))
		return 0;

	ret = stlink_get_mode(st, &mode);
	if (ret)
		return ret;
	if (test_bit(STLINK_DIRTY_TARGET, &st->dirty)) {
		if (st->touched && mode != STLINK_MODE_DEBUG) {
			ret = stlink_reenter(st);
			if (ret)
				return ret;
		}
		if (st->mode == STLINK_MODE_DEBUG &&
		    stlink_target_release(st, false) == -ENOMEM)
			return -ENOMEM;
	}
	ret = stlink_make_idle(st);
	if (ret)
		return ret;
	if (st->nrst_low)
		stlink_drive_nrst(st, false);

	clear_bit(STLINK_DIRTY_MODE, &st->dirty);
	clear_bit(STLINK_DIRTY_TARGET, &st->dirty);
	return 0;
}

/**
 * stlink_recover_by_reset() - reset the probe
 * @st: the probe, no lock held
 * @again: also if that was done moments ago
 *
 * Ends all sessions (in post_reset).
 *
 * Return: 0; -EIO if that was tried moments ago, or somebody else is at the
 * device for long; -ENODEV.
 */
int stlink_recover_by_reset(struct stlink *st, bool again)
{
	int ret;

	lockdep_assert_not_held(&st->io_lock);

	/* lifetime.pml: reset */
	ret = usb_lock_device_for_reset(st->udev, st->intf);
	/* Not gone: somebody else is at work on the device for over a second */
	if (ret == -EBUSY)
		return -EIO;
	if (ret)
		return -ENODEV;

	/* Serialised by the device lock, under which @gone is set as well */
	if (READ_ONCE(st->gone)) {
		/* It may be another driver's by now */
		ret = -ENODEV;
	} else if (!again && st->was_reset &&
		   time_before(jiffies, st->last_reset + STLINK_RESET_INTERVAL)) {
		ret = -EIO;
	} else {
		st->was_reset = true;
		st->last_reset = jiffies;
		dev_info_ratelimited(&st->intf->dev,
				     "probe doesn't answer, resetting it\n");
		/* One that fails ends in a disconnect, or comes after it */
		ret = usb_reset_device(st->udev) ? -ENODEV : 0;
	}
	usb_unlock_device(st->udev);
	return ret;
}
