// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting while the probe is held, and what ends a wait early.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>

#include "stlink.h"

/* Up to here a timer is waited for and nothing else: jiffies are too coarse */
#define STLINK_SHORT_US		5000U

/* Between two looks: a small part of what has been waited, and this at most */
#define STLINK_PAUSE_PART	16
#define STLINK_PAUSE_MIN_US	100
#define STLINK_PAUSE_MAX_US	4000U

/**
 * stlink_must_share() - has the holder of io_lock had it for long enough?
 * @st: the probe
 *
 * Return: true if others wait, and have done so for STLINK_MAX_HOLD_MS unless
 * they came later.
 */
bool stlink_must_share(struct stlink *st)
{
	return atomic_read(&st->waiting) &&
	       ktime_ms_delta(ktime_get(), st->held_since) >=
	       STLINK_MAX_HOLD_MS;
}

/**
 * stlink_interrupted() - should a longer job stop here?
 * @st: the probe
 *
 * Return: 0, -ENODEV if the probe is gone, -ENOTCONN if the session is about
 * to be ended (reset, suspend), -EINTR if a signal is pending or it is the turn
 * of others.
 */
int stlink_interrupted(struct stlink *st)
{
	/* lifetime.pml: interrupted */
	if (st->uninterruptible)
		return 0;
	if (READ_ONCE(st->gone))
		return -ENODEV;
	if (READ_ONCE(st->stopping))
		return -ENOTCONN;
	return signal_pending(current) || stlink_must_share(st) ? -EINTR : 0;
}

/**
 * stlink_sleep() - wait a moment, unless something happens
 * @st: the probe
 * @us: microseconds
 *
 * Return: 0, -ENODEV, -ENOTCONN as stlink_interrupted(); -EINTR only when the
 * process is being killed: the caller is within an operation. Always 0 while
 * cleaning up.
 */
int stlink_sleep(struct stlink *st, unsigned int us)
{
	long ret;

	if (us < STLINK_SHORT_US) {
		usleep_range(us, us + us / 4 + 10);
		return READ_ONCE(st->gone) && !st->uninterruptible ? -ENODEV :
								     0;
	}
	if (st->uninterruptible) {
		/* A clean-up, which is bounded and may go on after @gone */
		fsleep(us);
		return 0;
	}

	/* lifetime.pml: sleep */
	ret = wait_event_killable_timeout(st->wait,
					  READ_ONCE(st->gone) ||
					  READ_ONCE(st->stopping),
					  usecs_to_jiffies(us));
	if (READ_ONCE(st->gone))
		return -ENODEV;
	if (ret < 0)
		return -EINTR;
	return ret ? -ENOTCONN : 0;
}

/**
 * stlink_pause() - between two looks at something that is waited for
 * @st: the probe
 * @start: when waiting for it began
 *
 * What happens at once is seen at once: there is no pause at first. Later it is
 * one sixteenth of the time that has gone by, so that little is added to it, and
 * a wait of seconds doesn't keep the bus and this processor busy.
 *
 * Return: 0; -EINTR, -ENODEV, -ENOTCONN as stlink_interrupted().
 */
int stlink_pause(struct stlink *st, ktime_t start)
{
	u32 us = min(stlink_us_since(start) / STLINK_PAUSE_PART,
		     STLINK_PAUSE_MAX_US);
	int ret;

	ret = stlink_interrupted(st);
	if (!ret && us >= STLINK_PAUSE_MIN_US)
		ret = stlink_sleep(st, us);
	return ret;
}
