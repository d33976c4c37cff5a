// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to the probe: who may use it now, and in what state it is handed
 * over and left.
 */
#include <linux/pid.h>
#include <linux/sched.h>

#include "stlink.h"

static bool stlink_claimed_by_other(struct stlink_file *f)
{
	struct stlink *st = f->st;
	bool other;

	mutex_lock(&st->state_lock);
	other = st->claim && st->claim != f;
	mutex_unlock(&st->state_lock);
	return other;
}

/* Lets go of io_lock for a reset, and takes it again */
static int stlink_recover_fully(struct stlink *st)
{
	bool uninterruptible = st->uninterruptible;
	int ret;

	ret = stlink_recover(st);
	if (ret != -EAGAIN)
		return ret;

	st->uninterruptible = false;
	mutex_unlock(&st->io_lock);
	ret = stlink_recover_by_reset(st);
	mutex_lock(&st->io_lock);
	st->uninterruptible = uninterruptible;

	if (st->gone)
		return -ENODEV;
	if (ret)
		return ret;
	ret = stlink_recover(st);
	return ret == -EAGAIN ? -EIO : ret;
}

/**
 * stlink_enter() - get the probe for a sequence of exchanges
 * @f: the descriptor
 * @nonblock: don't wait for another caller
 * @need_session: only with a live session
 *
 * Return: 0 with io_lock held and the probe in working order;
 *
 * * -ERESTARTSYS: a signal came while waiting for the other caller
 * * -EAGAIN: there is one, and @nonblock
 * * -EBUSY: claimed by another descriptor
 * * -ENODEV, -ENOTCONN, or the errno of the recovery
 */
int stlink_enter(struct stlink_file *f, bool nonblock, bool need_session)
{
	struct stlink *st = f->st;
	int ret;

	/* Not after waiting for the end of what its holder is doing */
	if (stlink_claimed_by_other(f))
		return READ_ONCE(st->gone) ? -ENODEV : -EBUSY;

	if (!nonblock)
		ret = mutex_lock_interruptible(&st->io_lock);
	else
		ret = mutex_trylock(&st->io_lock) ? 0 : -EAGAIN;
	if (ret == -EINTR)
		return -ERESTARTSYS;
	if (ret)
		return ret;

	ret = -ENODEV;
	if (st->gone)
		goto err_unlock;
	if (st->dirty) {
		ret = stlink_recover_fully(st);
		if (ret)
			goto err_unlock;
	}
	ret = -EBUSY;
	if (st->claim && st->claim != f)
		goto err_unlock;
	ret = -ENOTCONN;
	if (need_session && !stlink_attached(f))
		goto err_unlock;

	st->status = 0;
	return 0;

err_unlock:
	mutex_unlock(&st->io_lock);
	return ret;
}

/**
 * stlink_leave() - undo stlink_enter()
 * @st: the probe
 */
void stlink_leave(struct stlink *st)
{
	mutex_unlock(&st->io_lock);
}

/**
 * stlink_claim() - keep all other descriptors out
 * @f: the descriptor; inside of stlink_enter()
 */
void stlink_claim(struct stlink_file *f)
{
	struct stlink *st = f->st;

	lockdep_assert_held(&st->io_lock);

	mutex_lock(&st->state_lock);
	if (!st->claim) {
		st->claim = f;
		st->claim_pid = get_pid(task_tgid(current));
	}
	mutex_unlock(&st->state_lock);
}

/**
 * stlink_unclaim() - let them in again
 * @f: the descriptor, with or without a claim
 */
void stlink_unclaim(struct stlink_file *f)
{
	struct stlink *st = f->st;

	mutex_lock(&st->state_lock);
	if (st->claim == f) {
		st->claim = NULL;
		put_pid(st->claim_pid);
		st->claim_pid = NULL;
	}
	mutex_unlock(&st->state_lock);
}

/**
 * stlink_goodbye() - a descriptor is being closed, or its process has died
 * @f: the descriptor
 *
 * The last session leaves the target running whatever state its end left the
 * link in; so does one that a reset of the probe took away before. Nothing
 * here can be interrupted, and all of it is bounded.
 */
void stlink_goodbye(struct stlink_file *f)
{
	struct stlink *st = f->st;
	bool owed, last;

	mutex_lock(&st->io_lock);
	st->uninterruptible = true;
	owed = stlink_attached(f) || test_bit(STLINK_DIRTY_TARGET, &st->dirty);
	last = st->sessions == (stlink_attached(f) ? 1 : 0);
	if (!st->gone && st->dirty && owed && last)
		stlink_recover_fully(st);
	if (!st->gone)
		stlink_detach(f, false);
	st->uninterruptible = false;
	stlink_unclaim(f);
	mutex_unlock(&st->io_lock);
}
