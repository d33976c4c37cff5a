// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core: state in words, halt, run, reset.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "priv.h"
#include "stm32f0.h"
#include "vectors.h"
#include "xfer.h"

#define LOCKUP_PC		0xfffffffeu
#define XPSR_IPSR		0x3fu
#define XPSR_T			0x01000000u

static const char *state_name(uint32_t bits)
{
	if (bits & STLINK_CORE_LOCKUP)
		return "lockup";
	if (bits & STLINK_CORE_HALTED)
		return "halted";
	if (bits & STLINK_CORE_SLEEPING)
		return "sleeping";
	return "running";
}

static const char *halt_reason(const struct stl_core_state *s)
{
	if (s->pc_valid && s->pc == LOCKUP_PC)
		return "halted out of a lockup";
	if (s->dfsr & DFSR_VCATCH)
		return s->pc_valid && (s->xpsr & XPSR_IPSR) == 3 ?
			"vector catch, at a HardFault" :
			"vector catch, at reset";
	if (s->dfsr & DFSR_BKPT)
		return "breakpoint";
	if (s->dfsr & DFSR_DWTTRAP)
		return "watchpoint";
	if (s->dfsr & DFSR_EXTERNAL)
		return "external request";
	return s->pc_valid && (s->xpsr & XPSR_IPSR) == 3 ?
		"by request, in HardFault" : "by request";
}

static void read_registers(struct stl_target *t, struct stl_core_state *s)
{
	struct stlink_reg_op ops[] = {
		{ .op = STLINK_OP_READ, .reg = STLINK_REG_PC },
		{ .op = STLINK_OP_READ, .reg = STLINK_REG_SP },
		{ .op = STLINK_OP_READ, .reg = STLINK_REG_XPSR },
	};

	if (stl_reg_ops(t->fd, ops, 3))
		return;
	s->pc_valid = true;
	s->pc = ops[0].value;
	s->sp = ops[1].value;
	s->xpsr = ops[2].value;
}

void stl_explain_lockup(struct stl_target *t, char *buf, size_t len)
{
	uint32_t words[4];
	struct stl_vectors v;

	if (!t->chip.part) {
		snprintf(buf, len, "a fault while handling a fault");
		return;
	}
	if (t->chip.rdp_level == 1) {
		snprintf(buf, len,
			 "read protection level 1: flash is cut off while a debugger is attached");
		return;
	}
	if (stl_mem_read(t->fd, STL_FLASH_BASE, words, sizeof(words), 4, NULL)) {
		snprintf(buf, len, "the vectors in flash can't be read");
		return;
	}
	stl_vectors_check_words(&v, &t->chip, words);
	if (v.num)
		snprintf(buf, len, "%s", v.text[0]);
	else
		snprintf(buf, len,
			 "the vectors are in order: a fault inside the HardFault or NMI handler, or with a bad stack");
}

/*
 * The frame that the first fault stacked says where it happened. Needs the
 * core halted for a moment; it locks up again as soon as it is let go.
 */
static void find_fault(struct stl_target *t, struct stl_core_state *s)
{
	uint32_t top = STL_SRAM_BASE + t->chip.sram_size, frame[8];
	size_t used;

	if (stl_core(t->fd, STLINK_CORE_HALT, 0, 0, NULL))
		return;
	read_registers(t, s);
	if (s->pc_valid && s->sp >= STL_SRAM_BASE && s->sp % 4 == 0 &&
	    s->sp <= top - sizeof(frame) &&
	    !stl_mem_read(t->fd, s->sp, frame, sizeof(frame), 4, NULL) &&
	    frame[7] & XPSR_T && stl_chip_readable(&t->chip, frame[6])) {
		used = strlen(s->why);
		snprintf(s->why + used, sizeof(s->why) - used,
			 "; the fault came from 0x%08x", frame[6]);
	}
	stl_core(t->fd, STLINK_CORE_RUN, 0, 0, NULL);
}

static int get_state(struct stl_target *t, struct stl_core_state *s,
		     struct stl_error *err)
{
	struct stlink_core core;
	int ret;

	memset(s, 0, sizeof(*s));
	ret = stl_core(t->fd, STLINK_CORE_STATUS, 0, 0, &core);
	if (ret)
		return stl_fail_errno(err, ret, core.status,
				      "reading the state of the core");
	s->bits = core.state;
	s->dhcsr = core.dhcsr;
	s->dfsr = core.dfsr;
	s->name = state_name(core.state);
	if (core.state & STLINK_CORE_LOCKUP) {
		stl_explain_lockup(t, s->why, sizeof(s->why));
	} else if (core.state & STLINK_CORE_HALTED) {
		read_registers(t, s);
		snprintf(s->why, sizeof(s->why), "%s", halt_reason(s));
	}
	return STL_OK;
}

int stl_core_state(struct stl_target *t, struct stl_core_state *state,
		   struct stl_error *err)
{
	return get_state(t, state, err);
}

int stl_core_halt(struct stl_target *t, struct stl_error *err)
{
	struct stlink_core core;
	int ret = stl_require_change(t, err);

	if (ret)
		return ret;
	ret = stl_core(t->fd, STLINK_CORE_HALT, 0, 0, &core);
	if (ret)
		return stl_fail_errno(err, ret, core.status,
				      "halting the core");
	return t->chip.part ? stl_freeze_watchdogs(t, err) : STL_OK;
}

int stl_core_run(struct stl_target *t, struct stl_error *err)
{
	struct stlink_core core;
	int ret = stl_require_change(t, err);

	if (ret)
		return ret;
	stl_unfreeze(t);
	ret = stl_core(t->fd, STLINK_CORE_RUN, 0, 0, &core);
	if (ret)
		return stl_fail_errno(err, ret, core.status,
				      "letting the core run");
	return STL_OK;
}

/* The new firmware has had its time: what became of it? */
static int after_start(struct stl_target *t, unsigned int settle_ms,
		       struct stl_core_state *state, struct stl_error *err)
{
	int ret;

	stl_sleep_ms(settle_ms);
	ret = get_state(t, state, err);
	if (ret)
		return ret;
	if (state->bits & STLINK_CORE_LOCKUP) {
		find_fault(t, state);
	} else if (state->bits & STLINK_CORE_WAS_RESET) {
		snprintf(state->why, sizeof(state->why),
			 "it was reset again within %u ms by: %s", settle_ms,
			 stl_reset_cause(t));
	}
	return STL_OK;
}

int stl_core_reset(struct stl_target *t, bool halt, unsigned int settle_ms,
		   struct stl_core_state *state, struct stl_error *err)
{
	struct stl_core_state dummy;
	struct stlink_core core;
	int ret = stl_require_change(t, err);

	if (!state)
		state = &dummy;
	if (ret)
		return ret;
	if (!halt)
		stl_unfreeze(t);
	ret = stl_core(t->fd, STLINK_CORE_RESET,
		       halt ? STLINK_CORE_F_CATCH : 0, 0, &core);
	state->bits = core.state;
	if (ret == -ETIMEDOUT && !core.status) {
		stl_fail(err, STL_LINK,
			 halt ? "the chip did not halt at reset" :
				"the chip did not reset");
		stl_hint(err, "power-cycle the board, then try again");
		return STL_LINK;
	}
	if (ret)
		return stl_fail_errno(err, ret, core.status,
				      "resetting the chip");
	if (halt) {
		if (t->chip.part)
			ret = stl_freeze_watchdogs(t, err);
		return ret ? ret : get_state(t, state, err);
	}
	/* A vector catch left by somebody else holds it. */
	if (core.state & STLINK_CORE_HALTED) {
		ret = stl_core_run(t, err);
		if (ret)
			return ret;
	}
	ret = after_start(t, settle_ms ? settle_ms : STL_SETTLE_MS, state,
			  err);
	state->bits |= core.state & STLINK_CORE_RESET_TAKEN;
	return ret;
}
