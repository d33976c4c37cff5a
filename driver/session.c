// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: getting hold of the target, and letting it go as it was.
 */

#include "cortex_m.h"
#include "stlink.h"

/* Long wires and slow targets: worth a second try before giving up */
#define STLINK_SLOW_KHZ		480

/*
 * How long a target that mostly sleeps is waited for, and how often it is tried even
 * where a busy machine takes all of that time for a few answers
 */
#define STLINK_WAKE_MS		100
#define STLINK_WAKE_TRIES	8
/* EXIT closes what is still open then */
#define STLINK_CLOSE_MS		2000
/* Reset vector reached after nRST went up: probe-rs waits 100 ms twice */
#define STLINK_CATCH_MS		500

struct stlink_patience {
	ktime_t end;
	unsigned int tries;
};

/* @ms: STLINK_WAKE_MS, or 0 to try once */
static struct stlink_patience stlink_patience(unsigned int ms)
{
	return (struct stlink_patience) {
		.end = ktime_add_ms(ktime_get(), ms),
		.tries = ms ? STLINK_WAKE_TRIES : 0,
	};
}

/* Shall it be tried once more? */
static bool stlink_patient(struct stlink_patience *p)
{
	if (p->tries)
		p->tries--;
	return p->tries || ktime_before(ktime_get(), p->end);
}

static int stlink_enter_swd_once(struct stlink *st)
{
	struct stlink_retry retry = {};
	int ret;

	do {
		ret = stlink_enter_debug(st);
	} while (stlink_retry(st, &retry, &ret));
	return ret;
}

/*
 * @patience_ms: how long a target that doesn't answer is given, as one that
 * mostly sleeps may be caught awake
 */
static int stlink_enter_swd(struct stlink *st, unsigned int patience_ms)
{
	struct stlink_patience patience = stlink_patience(patience_ms);
	int ret, err;

	ret = stlink_enter_swd_once(st);
	while (ret == -ENXIO && st->status && stlink_patient(&patience)) {
		ret = stlink_sleep(st, 1000);
		if (ret)
			return ret;
		ret = stlink_enter_swd_once(st);
	}
	if (!ret || !st->status)
		return ret;

	if (st->status == STLINK_ST_OTHER_MODE) {
		ret = stlink_exit_debug(st) ?: stlink_enter_swd_once(st);
	} else if (ret == -ENXIO && st->clock_khz > STLINK_SLOW_KHZ &&
		   stlink_has(st, STLINK_FEAT_CLOCK)) {
		err = stlink_set_clock(st, STLINK_SLOW_KHZ);
		if (!err)
			ret = stlink_enter_swd_once(st);
	}
	return ret;
}

/* Enable halting debug without changing whether the core runs */
static int stlink_enable_debug(struct stlink *st, unsigned int patience_ms)
{
	struct stlink_patience patience = stlink_patience(patience_ms);
	u32 dhcsr;
	int ret;

	for (;;) {
		ret = stlink_read_dhcsr(st, &dhcsr);
		if (!ret && dhcsr & CM_DHCSR_C_DEBUGEN)
			return 0;
		if (!ret)
			ret = stlink_write_dhcsr(st, CM_DHCSR_C_DEBUGEN);
		if (!ret || !st->status || !stlink_patient(&patience))
			return ret;
		stlink_clear_fault(st);
		ret = stlink_sleep(st, 1000);
		if (ret)
			return ret;
	}
}

/*
 * nRST is low and SWD entered. Let the chip start into the vector catch; find
 * out on the way whether the line is wired at all.
 */
static int stlink_catch_reset(struct stlink *st, struct stlink_attach *arg)
{
	bool seen = false;
	u32 dhcsr = 0;
	int ret, err;

	/*
	 * With nRST low the debug port of an STM32 can be reached. Where it
	 * can't, the same is tried again right after the release.
	 */
	ret = stlink_enable_debug(st, 0);
	if (!ret)
		ret = stlink_vector_catch(st, true);
	if (ret && !st->status)
		return ret;
	if (ret)
		stlink_clear_fault(st);
	/* Forget earlier resets; a chip held in reset sets it again */
	stlink_read_dhcsr(st, &dhcsr);
	st->core_was_reset = false;

	err = stlink_drive_nrst(st, false);
	if (err)
		return err;
	if (ret)
		ret = stlink_enable_debug(st, STLINK_WAKE_MS) ?:
		      stlink_vector_catch(st, true);
	if (ret)
		return ret;

	ret = stlink_wait_dhcsr(st, CM_DHCSR_S_HALT, STLINK_CATCH_MS, &dhcsr);
	seen = st->core_was_reset;
	arg->result |= seen ? STLINK_ATTACHED_NRST_OK :
			      STLINK_ATTACHED_NRST_DEAD;
	if (ret == -ETIMEDOUT || (!ret && !seen))
		ret = stlink_reset_and_catch(st, &seen);
	err = stlink_vector_catch(st, false);
	return ret ?: err;
}

/*
 * nRST is pulled before ENTER, or a target whose firmware takes the SWD pins
 * is missed, and again after it: in idle mode some firmware doesn't know yet
 * which pin to drive (OpenOCD).
 */
static int stlink_connect_under_reset(struct stlink *st)
{
	int ret;

	ret = stlink_drive_nrst(st, true);
	if (ret && !st->status)
		return ret;

	ret = stlink_enter_swd(st, 0);
	if (ret == -ENXIO) {
		/* A chip whose debug port dies with nRST: release and try */
		ret = stlink_drive_nrst(st, false) ?:
		      stlink_enter_swd(st, 0);
	}
	return ret ?: stlink_drive_nrst(st, true);
}

static int stlink_connect(struct stlink *st, struct stlink_attach *arg)
{
	u32 khz = arg->clock_khz ?: STLINK_DEFAULT_KHZ;
	bool under_reset = arg->mode == STLINK_ATTACH_UNDER_RESET;
	int ret;

	/* Where it was left idle it still is: nobody else talks to it */
	ret = st->mode == STLINK_MODE_MASS ? 0 : stlink_make_idle(st);
	if (ret)
		return ret;
	/* Before ENTER, which already identifies the target at that clock */
	ret = stlink_set_clock(st, khz);
	if (ret)
		return ret;

	if (under_reset)
		ret = stlink_connect_under_reset(st);
	else
		ret = stlink_enter_swd(st, arg->mode == STLINK_ATTACH_NORMAL ?
				       STLINK_WAKE_MS : 0);
	if (!ret)
		ret = stlink_open_ap(st, 0);
	if (!ret)
		ret = stlink_read_idcodes(st, &arg->dpidr);
	if (!ret && under_reset)
		ret = stlink_catch_reset(st, arg);
	return ret;
}

/**
 * stlink_reconnect() - reach a target again that a session has lost
 * @st: the probe, idle
 *
 * Return: 0, or the errno of the exchange.
 */
int stlink_reconnect(struct stlink *st)
{
	return stlink_set_clock(st, STLINK_DEFAULT_KHZ) ?:
	       stlink_enter_swd(st, STLINK_WAKE_MS) ?:
	       stlink_open_ap(st, 0);
}

/* Take part in the session of somebody else */
static int stlink_join(struct stlink_file *f, struct stlink_attach *arg)
{
	struct stlink *st = f->st;
	int ret;

	arg->result |= STLINK_ATTACHED_JOINED;
	if (arg->clock_khz && st->clock_khz > arg->clock_khz) {
		if (!f->writable)
			return -EPERM;
		ret = stlink_set_clock(st, arg->clock_khz);
		if (ret)
			return ret;
	}
	return stlink_read_idcodes(st, &arg->dpidr);
}

static int stlink_look(struct stlink *st, struct stlink_attach *arg)
{
	u32 dhcsr;
	int ret;

	if (arg->mode == STLINK_ATTACH_NORMAL) {
		ret = stlink_enable_debug(st, STLINK_WAKE_MS);
		if (ret)
			return ret;
	}

	ret = stlink_read_word(st, CM_CPUID, &arg->cpuid);
	/* The other modes have just seen DHCSR */
	if (!ret && arg->mode == STLINK_ATTACH_HOTPLUG)
		ret = stlink_read_dhcsr(st, &dhcsr);
	if (!ret && st->core_seen & STLINK_SEEN_HALTED)
		arg->result |= STLINK_ATTACHED_HALTED;

	/* Asleep with its bus off: the session stands, there is nothing to see */
	if (ret && st->status && arg->mode == STLINK_ATTACH_HOTPLUG) {
		stlink_clear_fault(st);
		ret = 0;
	}
	return ret;
}

/* Other sessions than the one of @f, if it has one */
static bool stlink_others(const struct stlink_file *f)
{
	return f->st->sessions > (stlink_attached(f) ? 1 : 0);
}

/**
 * stlink_attach() - STLINK_IOC_ATTACH
 * @f: the descriptor
 * @arg: checked; all that is "out" is filled in
 *
 * Return: 0 or an errno; unless others have one too, the session that @f may
 * have had is gone then.
 */
int stlink_attach(struct stlink_file *f, struct stlink_attach *arg)
{
	struct stlink *st = f->st;
	bool join = stlink_others(f) && arg->mode != STLINK_ATTACH_UNDER_RESET;
	int ret;

	if (!st->sessions) {
		st->touched = false;
		stlink_core_goes(st);
	}
	if (arg->mode != STLINK_ATTACH_HOTPLUG)
		st->touched = true;
	ret = join ? stlink_join(f, arg) : stlink_connect(st, arg);
	if (!ret)
		ret = stlink_look(st, arg);
	arg->status = st->status;

	/* lifetime.pml: attach */
	mutex_lock(&st->state_lock);
	if (!ret && !stlink_attached(f)) {
		f->generation = st->generation;
		st->sessions++;
	}
	if (!ret) {
		stlink_target_known(st, STLINK_TARGET_PRESENT);
		arg->clock_khz = st->clock_khz;
		arg->generation = f->generation;
	}
	mutex_unlock(&st->state_lock);

	if (ret && !join) {
		stlink_session_lost(st);
		stlink_target_release(st, false);
	}
	return ret;
}

/* Whatever it comes to, what follows isn't failed by it */
static void stlink_try_word(struct stlink *st, u32 addr, u32 value)
{
	if (stlink_write_word(st, addr, value) &&
	    stlink_status_is_fault(st->status))
		stlink_clear_fault(st);
}

static int stlink_try_dhcsr(struct stlink *st, u32 bits)
{
	int ret = stlink_write_dhcsr(st, bits);

	if (!ret || !stlink_status_is_fault(st->status))
		return ret;
	stlink_clear_fault(st);
	return stlink_write_dhcsr(st, bits);
}

/*
 * Run, with nothing left behind that would stop the core later. Return: -ENOMEM if
 * the probe, which is fine, couldn't even be asked for it, else 0.
 */
static int stlink_let_run(struct stlink *st)
{
	u32 dhcsr;
	int ret;

	ret = stlink_read_dhcsr(st, &dhcsr);
	if (ret && st->status) {
		stlink_clear_fault(st);
		ret = stlink_read_dhcsr(st, &dhcsr);
	}
	/*
	 * The next one that answers will be another board, or this one anew. Out of
	 * debug mode, as where it was not reached to begin with, that says nothing.
	 */
	if (ret == -ENXIO && st->status && st->mode == STLINK_MODE_DEBUG) {
		mutex_lock(&st->state_lock);
		stlink_target_known(st, STLINK_TARGET_ABSENT);
		mutex_unlock(&st->state_lock);
	}
	/* Without C_DEBUGEN nothing was halted, and nothing is to be undone */
	if (ret || !(dhcsr & CM_DHCSR_C_DEBUGEN))
		return ret == -ENOMEM ? ret : 0;

	stlink_try_word(st, CM_BP_CTRL, CM_BP_CTRL_DISABLE);
	stlink_try_word(st, CM_DWT_FUNCTION0, 0);
	stlink_try_word(st, CM_DWT_FUNCTION1, 0);
	stlink_try_word(st, CM_DEMCR, 0);

	/* C_MASKINTS can only be cleared while halted */
	if (dhcsr & CM_DHCSR_C_MASKINTS && !(dhcsr & CM_DHCSR_S_HALT)) {
		stlink_try_dhcsr(st, CM_DHCSR_C_DEBUGEN | CM_DHCSR_C_HALT |
				 CM_DHCSR_C_MASKINTS);
		stlink_wait_dhcsr(st, CM_DHCSR_S_HALT, 10, &dhcsr);
	}
	if (dhcsr & CM_DHCSR_S_HALT &&
	    dhcsr & (CM_DHCSR_C_MASKINTS | CM_DHCSR_C_STEP))
		stlink_try_dhcsr(st, CM_DHCSR_C_DEBUGEN | CM_DHCSR_C_HALT);
	ret = stlink_try_dhcsr(st, CM_DHCSR_C_DEBUGEN);
	if (ret != -ENOMEM)
		ret = stlink_try_dhcsr(st, 0);
	return ret == -ENOMEM ? ret : 0;
}

/**
 * stlink_target_release() - end of the last session
 * @st: the probe
 * @keep_halted: leave the core as it is
 *
 * A session that only looked leaves it as it is, too: whoever halted the core
 * before (STLINK_DETACH_KEEP_HALTED) wants it halted.
 *
 * Best effort: what fails here can't be told to anybody, and later steps don't
 * depend on earlier ones. If the probe itself fails, whoever comes next does
 * it again, after recovery. Whether EXIT alone would let the core run is not
 * known of any firmware, so it is done by hand.
 *
 * Return: 0, or the errno of what the next one has to do again.
 */
int stlink_target_release(struct stlink *st, bool keep_halted)
{
	bool uninterruptible = st->uninterruptible;
	struct stlink_outcome last = st->last;
	unsigned int ap;
	ktime_t end;
	int ret = 0;

	/* lifetime.pml: target_release */
	st->uninterruptible = true;

	if (!keep_halted && st->touched)
		ret = stlink_let_run(st);
	if (st->nrst_low)
		stlink_drive_nrst(st, false);

	/* V2J28 answers 1D although it worked (OpenOCD): not looked at */
	end = ktime_add_ms(ktime_get(), STLINK_CLOSE_MS);
	for_each_set_bit(ap, st->ap_open, STLINK_MAX_AP) {
		/* There may be 256, and each may take a second */
		if (ktime_after(ktime_get(), end))
			break;
		stlink_cmd(st, STLINK_DEBUG, STLINK_CLOSE_AP)->arg = ap;
		stlink_xfer_status(st, STLINK_ANS_STATUS_LEN);
	}
	/* Out of debug mode nobody would look at the core any more */
	if (!ret)
		ret = stlink_exit_debug(st);
	if (ret)
		set_bit(STLINK_DIRTY_TARGET, &st->dirty);
	else
		clear_bit(STLINK_DIRTY_TARGET, &st->dirty);

	/* What led to the end is worth knowing, rather than the end */
	if (last.error)
		st->last = last;
	st->uninterruptible = uninterruptible;
	return ret;
}

/**
 * stlink_session_lost() - all sessions are over, and nobody was asked
 * @st: the probe
 *
 * Descriptors find out by their generation and hear ENOTCONN.
 */
void stlink_session_lost(struct stlink *st)
{
	struct stlink_file *f;

	lockdep_assert_held(&st->io_lock);

	/* lifetime.pml: session_lost */
	mutex_lock(&st->state_lock);
	if (st->sessions) {
		list_for_each_entry(f, &st->files, list)
			if (stlink_attached(f))
				stlink_tell(st, f, STLINK_EVENT_LOST);
		st->sessions = 0;
		st->generation++;
		set_bit(STLINK_DIRTY_TARGET, &st->dirty);
	}
	mutex_unlock(&st->state_lock);
}

/**
 * stlink_detach() - STLINK_IOC_DETACH, and what close() does
 * @f: the descriptor
 * @keep_halted: leave the core as it is
 */
void stlink_detach(struct stlink_file *f, bool keep_halted)
{
	struct stlink *st = f->st;
	bool last, holds_nrst;

	lockdep_assert_held(&st->io_lock);

	if (!stlink_attached(f))
		return;

	/* lifetime.pml: detach */
	mutex_lock(&st->state_lock);
	f->generation = 0;
	last = !--st->sessions;
	if (last)
		st->generation++;
	holds_nrst = st->nrst_owner == f;
	if (holds_nrst)
		st->nrst_owner = NULL;
	mutex_unlock(&st->state_lock);

	if (last)
		stlink_target_release(st, keep_halted);
	else if (holds_nrst)
		stlink_drive_nrst(st, false);
}
