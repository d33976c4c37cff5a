// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core: halt, run, step, reset, registers.
 *
 * By debug registers alone; the probe's own commands for that belong to API
 * v1, which recent firmware no longer serves.
 */

#include "cortex_m.h"
#include "stlink.h"
#include "trace.h"

#define STLINK_CORE_TIMEOUT_MS	500

/* pyOCD and OpenOCD's F0 configuration hold the line for 100 ms; a chip
 * needs 20 us. Boards with a large capacitor at nRST lie between.
 */
#define STLINK_NRST_PULSE_US	20000

/**
 * stlink_read_dhcsr() - state of the core
 * @st: the probe
 * @dhcsr: what was read; untouched on error
 *
 * Reading clears S_RESET_ST, so that bit is collected in
 * @st->core_was_reset, and whoever watches the core is told. All reading of
 * DHCSR goes through here.
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_read_dhcsr(struct stlink *st, u32 *dhcsr)
{
	int ret = stlink_read_word(st, CM_DHCSR, dhcsr);

	if (!ret)
		stlink_note_core(st, *dhcsr);
	return ret;
}

/**
 * stlink_write_dhcsr() - control the core
 * @st: the probe
 * @bits: CM_DHCSR_C_*
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_write_dhcsr(struct stlink *st, u32 bits)
{
	return stlink_write_word(st, CM_DHCSR, CM_DHCSR_KEY | bits);
}

/**
 * stlink_wait_dhcsr() - wait until one of some bits of DHCSR is set
 * @st: the probe
 * @mask: the bits
 * @timeout_ms: how long, milliseconds
 * @dhcsr: what was read last
 *
 * While the chip is in reset the first reads may fail: errors count only when
 * the time is over.
 *
 * Return: 0, -ETIMEDOUT with a zero status, -EINTR, -ENODEV, -ENOTCONN, or the
 * errno of the last read.
 */
int stlink_wait_dhcsr(struct stlink *st, u32 mask, unsigned int timeout_ms,
		      u32 *dhcsr)
{
	ktime_t start = ktime_get();
	ktime_t end = ktime_add_ms(start, timeout_ms);
	bool late;
	int ret;

	for (;;) {
		late = ktime_after(ktime_get(), end);
		ret = stlink_read_dhcsr(st, dhcsr);
		if (!ret && *dhcsr & mask)
			return 0;
		if (ret && !st->status)
			return ret;	/* not the target's fault */
		if (ret)
			stlink_clear_fault(st);
		if (late)
			break;
		ret = stlink_pause(st, start);
		if (ret)
			return ret;
	}

	if (!ret) {
		st->status = 0;
		ret = -ETIMEDOUT;
	}
	return ret;
}

static int stlink_halt(struct stlink *st, unsigned int timeout_ms, u32 *dhcsr)
{
	u32 keep;
	int ret;

	ret = stlink_read_dhcsr(st, dhcsr);
	if (ret)
		return ret;

	/* DFSR is sticky; from here on it tells of this halt */
	if (!(*dhcsr & CM_DHCSR_S_HALT)) {
		ret = stlink_write_word(st, CM_DFSR, CM_DFSR_ALL);
		if (ret)
			return ret;
	}

	/* C_MASKINTS may change only while halted, and not with C_DEBUGEN */
	keep = *dhcsr & CM_DHCSR_C_DEBUGEN ? *dhcsr & CM_DHCSR_C_MASKINTS : 0;
	ret = stlink_write_dhcsr(st, CM_DHCSR_C_DEBUGEN | CM_DHCSR_C_HALT |
				 keep);
	if (ret)
		return ret;
	return stlink_wait_dhcsr(st, CM_DHCSR_S_HALT, timeout_ms, dhcsr);
}

/* Sets what is to be masked while the core is still halted, then lets it go */
static int stlink_go(struct stlink *st, u32 dhcsr, u32 how)
{
	u32 stale = dhcsr & (CM_DHCSR_C_MASKINTS | CM_DHCSR_C_STEP);
	u32 mask = how & CM_DHCSR_C_MASKINTS;
	int ret;

	if (dhcsr & CM_DHCSR_S_HALT && stale != mask) {
		ret = stlink_write_dhcsr(st, CM_DHCSR_C_DEBUGEN |
					 CM_DHCSR_C_HALT | mask);
		if (ret)
			return ret;
	}
	ret = stlink_write_word(st, CM_DFSR, CM_DFSR_ALL);
	if (ret)
		return ret;
	stlink_core_goes(st);
	return stlink_write_dhcsr(st, CM_DHCSR_C_DEBUGEN | how);
}

static int stlink_run(struct stlink *st, bool maskints, u32 *dhcsr)
{
	int ret;

	ret = stlink_read_dhcsr(st, dhcsr);
	if (ret)
		return ret;
	if (!(*dhcsr & CM_DHCSR_S_HALT))
		return 0;

	return stlink_go(st, *dhcsr, maskints ? CM_DHCSR_C_MASKINTS : 0) ?:
	       stlink_read_dhcsr(st, dhcsr);
}

static int stlink_step(struct stlink *st, bool maskints,
		       unsigned int timeout_ms, u32 *dhcsr)
{
	int ret;

	ret = stlink_read_dhcsr(st, dhcsr);
	if (ret)
		return ret;
	if (!(*dhcsr & CM_DHCSR_S_HALT))
		return -ENODATA;

	ret = stlink_go(st, *dhcsr, CM_DHCSR_C_STEP |
			(maskints ? CM_DHCSR_C_MASKINTS : 0));
	if (ret)
		return ret;
	/* A step into a fault within a fault ends in lockup, not in a halt */
	ret = stlink_wait_dhcsr(st, CM_DHCSR_S_HALT | CM_DHCSR_S_LOCKUP,
				timeout_ms, dhcsr);
	if (ret || !(*dhcsr & CM_DHCSR_S_HALT))
		return ret;
	return stlink_write_dhcsr(st, CM_DHCSR_C_DEBUGEN | CM_DHCSR_C_HALT);
}

/**
 * stlink_vector_catch() - halt at the reset vector, or not
 * @st: the probe
 * @on: DEMCR.VC_CORERESET
 *
 * Left set it would halt the core at every later reset.
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_vector_catch(struct stlink *st, bool on)
{
	u32 demcr;
	int ret;

	ret = stlink_read_word(st, CM_DEMCR, &demcr);
	if (ret)
		return ret;
	if (!!(demcr & CM_DEMCR_VC_CORERESET) == on)
		return 0;
	return stlink_write_word(st, CM_DEMCR, demcr ^ CM_DEMCR_VC_CORERESET);
}

/*
 * C_MASKINTS may outlive a reset, as C_DEBUGEN does (ARM DDI 0419 C1.6.3), and
 * firmware would start without its interrupts. It can be changed while halted
 * only.
 */
static int stlink_unmask(struct stlink *st, unsigned int timeout_ms, u32 *dhcsr)
{
	const u32 masked = CM_DHCSR_C_DEBUGEN | CM_DHCSR_C_MASKINTS;

	if ((*dhcsr & masked) != masked)
		return 0;
	return stlink_halt(st, timeout_ms, dhcsr) ?:
	       stlink_write_dhcsr(st, CM_DHCSR_C_DEBUGEN | CM_DHCSR_C_HALT);
}

/* Without halting debug the vector is not caught */
static int stlink_debugen(struct stlink *st, bool catch, u32 dhcsr)
{
	if (!catch || dhcsr & CM_DHCSR_C_DEBUGEN)
		return 0;
	return stlink_write_dhcsr(st, CM_DHCSR_C_DEBUGEN);
}

static int stlink_reset_by_core(struct stlink *st, bool catch,
				unsigned int timeout_ms, u32 *dhcsr)
{
	int ret;

	/* Forget earlier resets */
	ret = stlink_read_dhcsr(st, dhcsr) ?:
	      stlink_debugen(st, catch, *dhcsr) ?:
	      stlink_unmask(st, timeout_ms, dhcsr);
	if (ret)
		return ret;
	st->core_was_reset = false;
	stlink_core_goes(st);

	/*
	 * The reset may swallow the answer of the access that asked for it. Not
	 * where it had to wait to the end: the one before is still under way.
	 */
	ret = stlink_write_word(st, CM_AIRCR, CM_AIRCR_SYSRESETREQ);
	st->reset_taken = !ret || (st->status &&
				   !stlink_status_is_wait(st->status));
	if (ret && !st->status)
		return ret;
	if (ret)
		stlink_clear_fault(st);
	return stlink_wait_dhcsr(st, CM_DHCSR_S_RESET_ST, timeout_ms, dhcsr);
}

static int stlink_reset_by_line(struct stlink *st, bool catch,
				unsigned int timeout_ms, u32 *dhcsr)
{
	int ret, err;

	/* With the core out of reach this can't be asked; nRST may still work */
	ret = stlink_read_dhcsr(st, dhcsr);
	if (!ret)
		ret = stlink_debugen(st, catch, *dhcsr);
	if (!ret)
		stlink_unmask(st, timeout_ms, dhcsr);
	else if (catch)
		return ret;
	st->core_was_reset = false;
	stlink_core_goes(st);

	ret = stlink_drive_nrst(st, true);
	if (!ret)
		ret = stlink_sleep(st, STLINK_NRST_PULSE_US);
	/* Released in any case: a line left low looks like a dead board */
	err = stlink_drive_nrst(st, false);
	if (ret || err)
		return ret ?: err;
	return stlink_wait_dhcsr(st, CM_DHCSR_S_RESET_ST, timeout_ms, dhcsr);
}

/**
 * stlink_reset_and_catch() - reset by the core, halting at the reset vector
 * @st: the probe
 * @seen: whether a reset was seen
 *
 * Halting debug must be enabled.
 *
 * Return: 0 with the core halted, or the errno.
 */
int stlink_reset_and_catch(struct stlink *st, bool *seen)
{
	u32 dhcsr;
	int ret, err;

	*seen = false;
	ret = stlink_vector_catch(st, true);
	if (ret)
		return ret;
	ret = stlink_reset_by_core(st, false, STLINK_CORE_TIMEOUT_MS, &dhcsr);
	*seen = !ret;
	if (!ret)
		ret = stlink_wait_dhcsr(st, CM_DHCSR_S_HALT,
					STLINK_CORE_TIMEOUT_MS, &dhcsr);
	err = stlink_vector_catch(st, false);
	return ret ?: err;
}

static int stlink_reset(struct stlink *st, u32 flags, unsigned int timeout_ms,
			u32 *dhcsr)
{
	bool catch = flags & STLINK_CORE_F_CATCH;
	bool line = flags & STLINK_CORE_F_NRST;
	int ret, err;

	ret = stlink_vector_catch(st, catch);
	if (ret && (catch || !st->status || flags & STLINK_CORE_F_SYSRESETREQ))
		return ret;

	ret = line ? -ETIMEDOUT : stlink_reset_by_core(st, catch, timeout_ms,
							 dhcsr);
	/* Not where it is the probe that failed: nothing more can be had of it */
	if (ret && !(flags & STLINK_CORE_F_SYSRESETREQ) && !st->dirty &&
	    ret != -ENODEV && ret != -EINTR && ret != -ENOTCONN &&
	    ret != -ENOMEM)
		ret = stlink_reset_by_line(st, catch, timeout_ms, dhcsr);

	if (!catch) {
		/* By architecture a reset clears C_HALT; be sure of it */
		if (!ret && *dhcsr & CM_DHCSR_S_HALT)
			ret = stlink_go(st, *dhcsr, 0);
		return ret;
	}

	if (!ret && !(*dhcsr & CM_DHCSR_S_HALT))
		ret = stlink_wait_dhcsr(st, CM_DHCSR_S_HALT, timeout_ms, dhcsr);
	err = stlink_vector_catch(st, false);
	return ret ?: err;
}

static void stlink_core_state(struct stlink *st, struct stlink_core *arg)
{
	u32 dhcsr = arg->dhcsr;

	arg->state = 0;
	if (dhcsr & CM_DHCSR_S_HALT)
		arg->state |= STLINK_CORE_HALTED;
	if (dhcsr & CM_DHCSR_S_SLEEP)
		arg->state |= STLINK_CORE_SLEEPING;
	if (dhcsr & CM_DHCSR_S_LOCKUP)
		arg->state |= STLINK_CORE_LOCKUP;
	if (dhcsr & CM_DHCSR_C_DEBUGEN)
		arg->state |= STLINK_CORE_DEBUGEN;
	if (st->core_was_reset)
		arg->state |= STLINK_CORE_WAS_RESET;
	if (st->reset_taken)
		arg->state |= STLINK_CORE_RESET_TAKEN;
	st->core_was_reset = false;
}

/**
 * stlink_core_op() - STLINK_IOC_CORE
 * @st: the probe, with a session
 * @arg: checked; all that is "out" is filled in
 *
 * Return: 0, -ENODATA, -ETIMEDOUT, or the errno of the exchange.
 */
int stlink_core_op(struct stlink *st, struct stlink_core *arg)
{
	ktime_t start = ktime_get();
	unsigned int timeout_ms = arg->timeout_ms ?: STLINK_CORE_TIMEOUT_MS;
	bool maskints = arg->flags & STLINK_CORE_F_MASKINTS;
	u32 *dhcsr = &arg->dhcsr;
	int ret = -EINVAL;

	st->status = 0;
	/* Attaching may have done one, too */
	st->reset_taken = false;
	if (arg->op != STLINK_CORE_STATUS && arg->op != STLINK_CORE_WAIT)
		st->touched = true;

	switch (arg->op) {
	case STLINK_CORE_STATUS:
		ret = stlink_read_dhcsr(st, dhcsr);
		break;
	case STLINK_CORE_HALT:
		ret = stlink_halt(st, timeout_ms, dhcsr);
		break;
	case STLINK_CORE_RUN:
		ret = stlink_run(st, maskints, dhcsr);
		break;
	case STLINK_CORE_STEP:
		ret = stlink_step(st, maskints, timeout_ms, dhcsr);
		break;
	case STLINK_CORE_RESET:
		ret = stlink_reset(st, arg->flags, timeout_ms, dhcsr);
		break;
	case STLINK_CORE_WAIT:
		ret = stlink_wait_dhcsr(st, CM_DHCSR_S_HALT | CM_DHCSR_S_LOCKUP,
					timeout_ms, dhcsr);
		break;
	}
	arg->status = st->status;
	if (!ret && *dhcsr & CM_DHCSR_S_HALT) {
		ret = stlink_read_word(st, CM_DFSR, &arg->dfsr);
		arg->status = st->status;
	}
	if (ret && stlink_status_is_fault(st->status))
		stlink_clear_fault(st);
	stlink_core_state(st, arg);
	trace_stlink_core(st, arg, stlink_us_since(start), ret);
	return ret;
}

/**
 * stlink_read_all_regs() - registers 0 to 18; the core must be halted
 * @st: the probe
 * @regs: STLINK_NUM_REGS words; untouched on error
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_read_all_regs(struct stlink *st, u32 *regs)
{
	const struct stlink_ans_regs *ans = st->ans;
	struct stlink_retry retry = {};
	int ret, i;

	BUILD_BUG_ON(ARRAY_SIZE(ans->reg) != STLINK_NUM_REGS);

	do {
		stlink_cmd(st, STLINK_DEBUG, STLINK_READALLREGS);
		ret = stlink_xfer_status(st, sizeof(*ans));
	} while (stlink_retry(st, &retry, &ret));

	for (i = 0; !ret && i < STLINK_NUM_REGS; i++)
		regs[i] = le32_to_cpu(ans->reg[i]);
	return ret;
}

/**
 * stlink_reg_check() - can this operation be carried out?
 * @op: the operation
 *
 * Return: 0 or -EINVAL.
 */
int stlink_reg_check(const struct stlink_reg_op *op)
{
	if (op->op > STLINK_OP_WRITE || op->reserved0 || op->reserved1)
		return -EINVAL;
	if (op->reg > STLINK_REG_PSP && op->reg != STLINK_REG_CONTROL)
		return -EINVAL;
	return 0;
}

/**
 * stlink_reg_op() - read or write a core register; the core must be halted
 * @st: the probe
 * @op: the operation, checked; value and status are filled in
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_reg_op(struct stlink *st, struct stlink_reg_op *op)
{
	const struct stlink_ans_value *ans = st->ans;
	bool write = op->op == STLINK_OP_WRITE;
	struct stlink_retry retry = {};
	union stlink_cmd *cmd;
	int ret;

	do {
		cmd = stlink_cmd(st, STLINK_DEBUG, write ? STLINK_WRITEREG :
							   STLINK_READREG);
		cmd->core_reg.reg = op->reg;
		if (write)
			cmd->core_reg.value = cpu_to_le32(op->value);
		ret = stlink_xfer_status(st, write ? STLINK_ANS_STATUS_LEN :
						     sizeof(*ans));
	} while (stlink_retry(st, &retry, &ret));

	op->status = st->status;
	if (!ret && !write)
		op->value = le32_to_cpu(ans->value);
	return ret;
}
