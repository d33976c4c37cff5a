// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at target and core now and then, for those who want to be told: poll()
 * of the node, and uevents. The probe reports nothing by itself.
 *
 * Nobody is disturbed: while somebody is busy with the probe the look is put
 * off; while somebody has a session or a claim and doesn't want to know, there
 * is none. Nothing is written to the target.
 */
#include <linux/jiffies.h>
#include <linux/kobject.h>

#include "cortex_m.h"
#include "stlink.h"

/* A board that is half on its pins: look again before believing it */
#define STLINK_DOUBT_MS		50
/* The probe is busy just now, or in trouble that takes a program to end it */
#define STLINK_BUSY_MS		20
#define STLINK_TROUBLE_MS	5000U

/**
 * struct stlink_wish - what there is to look at, and how often
 * @core: somebody with a session wants to know of the core
 * @target: somebody wants to know whether there is a target
 * @interval_ms: shortest interval between two looks, 0 if nobody wants any
 */
struct stlink_wish {
	bool core;
	bool target;
	unsigned int interval_ms;
};

/**
 * stlink_tell() - an event has come
 * @st: the probe, with state_lock held
 * @f: a descriptor
 * @event: STLINK_EVENT_*; those that it doesn't watch are nothing to it
 */
void stlink_tell(struct stlink *st, struct stlink_file *f, u32 event)
{
	lockdep_assert_held(&st->state_lock);

	event &= f->watch & ~f->pending;
	if (!event)
		return;
	/* lifetime.pml: tell */
	WRITE_ONCE(f->pending, f->pending | event);
	wake_up_all(&st->wait);
}

/**
 * stlink_note_core() - DHCSR was read
 * @st: the probe
 * @dhcsr: what was read
 */
void stlink_note_core(struct stlink *st, u32 dhcsr)
{
	u32 seen = 0, events = 0;
	struct stlink_file *f;

	lockdep_assert_held(&st->io_lock);

	if (dhcsr & CM_DHCSR_S_RESET_ST) {
		st->core_was_reset = true;
		events |= STLINK_EVENT_RESET;
	}
	if (dhcsr & CM_DHCSR_S_HALT)
		seen |= STLINK_SEEN_HALTED;
	if (dhcsr & CM_DHCSR_S_LOCKUP)
		seen |= STLINK_SEEN_LOCKUP;

	mutex_lock(&st->state_lock);
	if (seen & ~st->core_seen & STLINK_SEEN_HALTED)
		events |= STLINK_EVENT_HALTED;
	if (seen & ~st->core_seen & STLINK_SEEN_LOCKUP)
		events |= STLINK_EVENT_LOCKUP;
	st->core_seen = seen;
	list_for_each_entry(f, &st->files, list)
		if (stlink_attached(f))
			stlink_tell(st, f, events);
	mutex_unlock(&st->state_lock);
}

/**
 * stlink_core_goes() - the core is about to run, for however short a time
 * @st: the probe
 *
 * Whatever stops it then is news, also where nobody saw it run.
 */
void stlink_core_goes(struct stlink *st)
{
	mutex_lock(&st->state_lock);
	st->core_seen = 0;
	mutex_unlock(&st->state_lock);
}

static struct stlink_wish stlink_get_wish(struct stlink *st)
{
	struct stlink_wish wish = {};
	struct stlink_file *f;

	mutex_lock(&st->state_lock);
	list_for_each_entry(f, &st->files, list) {
		/* A lost session is told without looking */
		if (!(f->watch & ~STLINK_EVENT_LOST))
			continue;
		if (!wish.interval_ms || f->interval_ms < wish.interval_ms)
			wish.interval_ms = f->interval_ms;
		if (st->claim && st->claim != f)
			continue;
		if (stlink_attached(f))
			wish.core = true;
		else if (!st->sessions)
			wish.target = true;
	}
	if (st->target_poll_ms) {
		if (!wish.interval_ms || st->target_poll_ms < wish.interval_ms)
			wish.interval_ms = st->target_poll_ms;
		if (list_empty(&st->files))
			wish.target = true;
	}
	mutex_unlock(&st->state_lock);
	return wish;
}

/**
 * stlink_target_known() - it is certain whether there is a target
 * @st: the probe, with state_lock held
 * @target: STLINK_TARGET_PRESENT or STLINK_TARGET_ABSENT
 */
void stlink_target_known(struct stlink *st, enum stlink_target target)
{
	u32 event = target == STLINK_TARGET_PRESENT ? STLINK_EVENT_ARRIVED :
						      STLINK_EVENT_REMOVED;
	struct stlink_file *f;

	lockdep_assert_held(&st->state_lock);

	st->target_doubt = false;
	if (target == st->target)
		return;
	/* The first look tells of what is there, not of what isn't */
	if (st->target == STLINK_TARGET_UNKNOWN &&
	    target == STLINK_TARGET_ABSENT)
		event = 0;
	st->target = target;
	list_for_each_entry(f, &st->files, list)
		stlink_tell(st, f, event);
}

/* Returns whether to look again soon, before it is believed */
static bool stlink_target_is(struct stlink *st, enum stlink_target target)
{
	bool doubt;

	mutex_lock(&st->state_lock);
	doubt = target != st->target && !st->target_doubt &&
		st->target != STLINK_TARGET_UNKNOWN;
	if (doubt)
		st->target_doubt = true;
	else
		stlink_target_known(st, target);
	mutex_unlock(&st->state_lock);
	return doubt;
}

/* Does a target answer? The clock stays what it was for the last session. */
static bool stlink_look_at_target(struct stlink *st)
{
	u32 dpidr;
	int ret;

	ret = st->clock_khz ? 0 : stlink_set_clock(st, STLINK_DEFAULT_KHZ);
	if (!ret)
		ret = stlink_enter_debug(st);
	if (!ret)
		ret = stlink_read_idcodes(st, &dpidr);
	if (stlink_exit_debug(st)) {
		/* Unbound just now, perhaps: whoever can has to finish this */
		set_bit(STLINK_DIRTY_MODE, &st->dirty);
		return false;
	}
	if (ret && ret != -ENXIO)
		return false;	/* trouble that says nothing of the target */
	return stlink_target_is(st, ret ? STLINK_TARGET_ABSENT :
					  STLINK_TARGET_PRESENT);
}

static bool stlink_look_at_core(struct stlink *st)
{
	u32 dhcsr;
	int ret;

	ret = stlink_read_dhcsr(st, &dhcsr);
	if (!ret)
		return stlink_target_is(st, STLINK_TARGET_PRESENT);
	if (ret == -ENXIO && st->status)
		return stlink_target_is(st, STLINK_TARGET_ABSENT);
	if (stlink_status_is_fault(st->status))
		stlink_clear_fault(st);
	return false;
}

/* What the last uevent said is no longer so */
static void stlink_send_uevent(struct stlink *st)
{
	char *env[2] = {};

	mutex_lock(&st->state_lock);
	if (st->target_poll_ms && st->target != st->target_told) {
		env[0] = st->target == STLINK_TARGET_PRESENT ?
			 "STLINK_TARGET=present" : "STLINK_TARGET=absent";
		st->target_told = st->target;
	}
	mutex_unlock(&st->state_lock);
	/* lifetime.pml: uevent */
	if (env[0])
		kobject_uevent_env(&st->dev.kobj, KOBJ_CHANGE, env);
}

static void stlink_monitor_work(struct work_struct *work)
{
	struct stlink *st = container_of(to_delayed_work(work), struct stlink,
					 monitor);
	struct stlink_wish wish;
	unsigned int ms;
	int ret;

	/* lifetime.pml: look */
	ret = stlink_try_enter(st);
	wish = stlink_get_wish(st);
	ms = wish.interval_ms;
	if (!ret) {
		if ((wish.core && stlink_look_at_core(st)) ||
		    (!wish.core && wish.target && stlink_look_at_target(st)))
			ms = STLINK_DOUBT_MS;
		mutex_unlock(&st->io_lock);
		stlink_send_uevent(st);
	} else {
		ms = ret == -EBUSY ? STLINK_BUSY_MS :
				     max(ms, STLINK_TROUBLE_MS);
	}
	/* lifetime.pml: requeue */
	if (wish.interval_ms && ret != -ENODEV)
		queue_delayed_work(system_freezable_wq, &st->monitor,
				   msecs_to_jiffies(ms));
}

/**
 * stlink_monitor_init() - nothing is looked at yet
 * @st: the probe
 */
void stlink_monitor_init(struct stlink *st)
{
	INIT_DELAYED_WORK(&st->monitor, stlink_monitor_work);
}

/*
 * Look now, and find out who wants to know. Under open_lock and not gone, so
 * not behind the back of a disconnect.
 */
static void stlink_monitor_kick(struct stlink *st)
{
	lockdep_assert_held(&st->open_lock);

	/* lifetime.pml: kick */
	mod_delayed_work(system_freezable_wq, &st->monitor, 0);
}

/**
 * stlink_monitor_stop() - no look any more, for good
 * @st: the probe, gone, with no lock held
 */
void stlink_monitor_stop(struct stlink *st)
{
	/* lifetime.pml: cancel_work */
	cancel_delayed_work_sync(&st->monitor);
}

/**
 * stlink_monitor_set_poll() - whether there is a target, for everybody
 * @st: the probe
 * @ms: time between two looks, milliseconds, 0 for none
 *
 * Return: 0, -ENODEV, -EINTR, or the errno of waking the probe up.
 */
int stlink_monitor_set_poll(struct stlink *st, unsigned int ms)
{
	unsigned int was;
	int ret;

	/* It would be woken at each look */
	if (ms) {
		ret = stlink_get_awake(st);
		if (ret)
			return ret;
	}
	/* lifetime.pml: set_poll */
	mutex_lock(&st->open_lock);
	if (READ_ONCE(st->gone)) {
		mutex_unlock(&st->open_lock);
		if (ms)
			stlink_put_awake(st);
		return -ENODEV;
	}
	mutex_lock(&st->state_lock);
	was = st->target_poll_ms;
	st->target_poll_ms = ms;
	/* Whoever switches it on wants to know how things stand */
	if (!was)
		st->target_told = STLINK_TARGET_UNKNOWN;
	mutex_unlock(&st->state_lock);
	stlink_monitor_kick(st);
	mutex_unlock(&st->open_lock);

	if (was)
		stlink_put_awake(st);
	return 0;
}

static void stlink_events_take(struct stlink_file *f, struct stlink_events *arg)
{
	struct stlink *st = f->st;

	lockdep_assert_held(&st->state_lock);

	arg->mask = f->watch;
	arg->interval_ms = f->interval_ms;
	arg->pending = f->pending;
	WRITE_ONCE(f->pending, 0);
	arg->state = st->core_seen;
	if (st->target == STLINK_TARGET_PRESENT)
		arg->state |= STLINK_SEEN_PRESENT;
	else if (st->target == STLINK_TARGET_ABSENT)
		arg->state |= STLINK_SEEN_ABSENT;
}

/**
 * stlink_events_set() - what a descriptor wants to be told of
 * @f: the descriptor
 * @arg: its mask, known ones, and interval, in range; all that is "out" is filled in
 *
 * What the look finds that begins here is news to poll(), and not part of the
 * answer, which few programs look at: so the answer comes first.
 *
 * Return: 0, -ENODEV, -EINTR.
 */
int stlink_events_set(struct stlink_file *f, struct stlink_events *arg)
{
	struct stlink *st = f->st;
	int ret;

	ret = mutex_lock_killable(&st->open_lock);
	if (ret)
		return ret;
	if (READ_ONCE(st->gone)) {
		ret = -ENODEV;
	} else {
		mutex_lock(&st->state_lock);
		f->watch = arg->mask;
		f->interval_ms = arg->interval_ms;
		WRITE_ONCE(f->pending, f->pending & f->watch);
		stlink_events_take(f, arg);
		mutex_unlock(&st->state_lock);
		stlink_monitor_kick(st);
	}
	mutex_unlock(&st->open_lock);
	return ret;
}

/**
 * stlink_events_get() - what has happened; it counts as told then
 * @f: the descriptor
 * @arg: all that is "out" is filled in
 *
 * Return: 0 or -ENODEV.
 */
int stlink_events_get(struct stlink_file *f, struct stlink_events *arg)
{
	struct stlink *st = f->st;

	if (READ_ONCE(st->gone))
		return -ENODEV;
	mutex_lock(&st->state_lock);
	stlink_events_take(f, arg);
	mutex_unlock(&st->state_lock);
	return 0;
}
