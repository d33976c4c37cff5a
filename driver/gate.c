// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to the probe: who may use it now, and in what state it is handed
 * over and left.
 */
#include <linux/pid.h>
#include <linux/sched.h>

#include "stlink.h"

/* Why a device can't be resumed: EBUSY and others mean something else with us */
static int stlink_resumed(int ret)
{
	return ret && ret != -ENODEV && ret != -ENOMEM ? -EIO : ret;
}

/**
 * stlink_get_awake() - wake the probe and keep it awake
 * @st: the probe
 *
 * May sleep through a runtime resume, so no other lock may be held.
 *
 * Return: 0; -ENODEV; -EINTR when being killed; -ENOMEM or -EIO where it can't be
 * resumed.
 */
int stlink_get_awake(struct stlink *st)
{
	int ret;

	/* lifetime.pml: get_awake */
	ret = mutex_lock_killable(&st->open_lock);
	if (ret)
		return ret;
	/* The node may be on its way out */
	ret = READ_ONCE(st->gone) ? -ENODEV : 0;
	if (!ret && !st->opens)
		ret = stlink_resumed(usb_autopm_get_interface(st->intf));
	if (!ret)
		WRITE_ONCE(st->opens, st->opens + 1);
	mutex_unlock(&st->open_lock);
	return ret;
}

/**
 * stlink_put_awake() - undo stlink_get_awake()
 * @st: the probe
 */
void stlink_put_awake(struct stlink *st)
{
	/* lifetime.pml: put_awake */
	mutex_lock(&st->open_lock);
	WRITE_ONCE(st->opens, st->opens - 1);
	/* Disconnect has put what was left, or the next driver would never sleep */
	if (!st->opens && !st->dead)
		usb_autopm_put_interface(st->intf);
	mutex_unlock(&st->open_lock);
}

/**
 * stlink_lock_io() - wait for io_lock, so that its holder knows
 * @st: the probe
 * @nonblock: don't wait
 *
 * Return: 0, -EAGAIN or -ERESTARTSYS.
 */
int stlink_lock_io(struct stlink *st, bool nonblock)
{
	int ret;

	if (nonblock)
		return mutex_trylock(&st->io_lock) ? 0 : -EAGAIN;
	atomic_inc(&st->waiting);
	ret = mutex_lock_interruptible(&st->io_lock);
	atomic_dec(&st->waiting);
	return ret ? -ERESTARTSYS : 0;
}

/* @f may be NULL: whoever asks has no descriptor */
static bool stlink_claimed_by_other(struct stlink *st, struct stlink_file *f)
{
	bool other;

	mutex_lock(&st->state_lock);
	other = st->claim && st->claim != f;
	mutex_unlock(&st->state_lock);
	return other;
}

/*
 * Lets go of io_lock for a reset, and takes it again. Somebody else's reset may hold
 * it for a minute, where the probe doesn't answer: with -ERESTARTSYS it is not held,
 * and only then.
 */
static int stlink_recover_fully(struct stlink *st)
{
	bool uninterruptible = st->uninterruptible;
	/* A core that would stay halted is worth one more, where they help */
	bool again = uninterruptible && st->answered;
	u32 resets = st->resets;
	int ret;

	ret = stlink_recover(st);
	if (ret != -EAGAIN)
		return ret;

	st->uninterruptible = false;
	/* lifetime.pml: recover_fully */
	mutex_unlock(&st->io_lock);
	ret = stlink_recover_by_reset(st, again);
	if (uninterruptible)
		mutex_lock(&st->io_lock);
	else if (stlink_lock_io(st, false))
		return -ERESTARTSYS;
	st->uninterruptible = uninterruptible;

	if (READ_ONCE(st->gone))
		return -ENODEV;
	/* One that somebody else did in the meantime is as good */
	if (ret && st->resets == resets)
		return ret;
	ret = stlink_recover(st);
	return ret == -EAGAIN ? -EIO : ret;
}

static int stlink_enter_gate(struct stlink *st, struct stlink_file *f,
			     bool nonblock)
{
	int ret;

	/* Not after waiting for the end of what its holder is doing */
	if (stlink_claimed_by_other(st, f))
		return READ_ONCE(st->gone) ? -ENODEV : -EBUSY;

	/* lifetime.pml: enter */
	ret = stlink_lock_io(st, nonblock);
	if (ret)
		return ret;

	ret = -ENODEV;
	if (READ_ONCE(st->gone))
		goto err_unlock;
	if (st->dirty) {
		ret = stlink_recover_fully(st);
		if (ret == -ERESTARTSYS)
			return ret;
		if (ret)
			goto err_unlock;
	}
	ret = -EBUSY;
	if (st->claim && st->claim != f)
		goto err_unlock;

	st->held_since = ktime_get();
	st->status = 0;
	st->last = (struct stlink_outcome) {};
	return 0;

err_unlock:
	mutex_unlock(&st->io_lock);
	return ret;
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

	ret = stlink_enter_gate(st, f, nonblock);
	if (!ret && need_session && !stlink_attached(f)) {
		mutex_unlock(&st->io_lock);
		ret = -ENOTCONN;
	}
	return ret;
}

/**
 * stlink_leave() - undo stlink_enter()
 * @f: the descriptor
 */
void stlink_leave(struct stlink_file *f)
{
	struct stlink *st = f->st;

	if (st->last.group) {
		mutex_lock(&st->state_lock);
		f->last = st->last;
		mutex_unlock(&st->state_lock);
	}
	/* lifetime.pml: leave */
	mutex_unlock(&st->io_lock);
}

/**
 * stlink_enter_anonymous() - the same for somebody without a descriptor
 * @st: the probe, which may be asleep
 *
 * For a reader of an attribute. Undo it with stlink_leave_anonymous().
 *
 * Return: as stlink_enter(), or as stlink_get_awake().
 */
int stlink_enter_anonymous(struct stlink *st)
{
	int ret;

	ret = stlink_get_awake(st);
	if (ret)
		return ret;
	ret = stlink_enter_gate(st, NULL, false);
	if (ret)
		stlink_put_awake(st);
	return ret;
}

/**
 * stlink_leave_anonymous() - undo stlink_enter_anonymous()
 * @st: the probe
 */
void stlink_leave_anonymous(struct stlink *st)
{
	mutex_unlock(&st->io_lock);
	stlink_put_awake(st);
}

/**
 * stlink_try_enter() - get the probe if nobody wants it just now
 * @st: the probe
 *
 * A probe that needs a reset is left to a program that needs the probe: who
 * only looks now and then must not reset it again and again. One that nobody
 * keeps awake any more is left alone. Undo it by unlocking io_lock.
 *
 * Return: 0, -EBUSY, -ENODEV, or the errno of the recovery.
 */
int stlink_try_enter(struct stlink *st)
{
	int ret;

	if (!mutex_trylock(&st->io_lock))
		return -EBUSY;
	ret = READ_ONCE(st->gone) ? -ENODEV :
	      READ_ONCE(st->stopping) ? -EBUSY : 0;
	/* With one it is awake and stays so: suspend waits for io_lock */
	if (!ret && !READ_ONCE(st->opens))
		ret = -EBUSY;
	if (!ret && st->dirty)
		ret = stlink_recover(st);
	if (ret)
		mutex_unlock(&st->io_lock);
	return ret;
}

/**
 * stlink_claim() - keep all other descriptors out
 * @f: the descriptor; inside of stlink_enter()
 */
void stlink_claim(struct stlink_file *f)
{
	struct stlink *st = f->st;

	lockdep_assert_held(&st->io_lock);

	/* lifetime.pml: claim */
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
 * link in; so does one that a reset of the probe took away before. One among
 * others still lets go of nRST. Nothing here can be interrupted, and all of it
 * is bounded.
 */
void stlink_goodbye(struct stlink_file *f)
{
	struct stlink *st = f->st;
	bool owed, last, bystander;

	/*
	 * Who never had more than a look at it needn't wait for the others. An
	 * attach that was cut off leaves no session, but something to clean up.
	 */
	/* lifetime.pml: goodbye */
	mutex_lock(&st->state_lock);
	bystander = !f->generation && st->claim != f &&
		    !test_bit(STLINK_DIRTY_TARGET, &st->dirty);
	if (bystander)
		list_del(&f->list);
	mutex_unlock(&st->state_lock);
	if (bystander)
		return;

	atomic_inc(&st->waiting);
	mutex_lock(&st->io_lock);
	atomic_dec(&st->waiting);
	st->uninterruptible = true;
	owed = stlink_attached(f) || test_bit(STLINK_DIRTY_TARGET, &st->dirty);
	last = st->sessions == (stlink_attached(f) ? 1 : 0);
	if (!READ_ONCE(st->gone) && st->dirty && owed &&
	    (last || st->nrst_owner == f))
		stlink_recover_fully(st);
	if (!READ_ONCE(st->gone))
		stlink_detach(f, false);
	st->uninterruptible = false;
	/* lifetime.pml: leave_list */
	stlink_unclaim(f);
	mutex_lock(&st->state_lock);
	list_del(&f->list);
	if (st->nrst_owner == f)
		st->nrst_owner = NULL;
	mutex_unlock(&st->state_lock);
	mutex_unlock(&st->io_lock);
}
