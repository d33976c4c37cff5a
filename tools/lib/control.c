// SPDX-License-Identifier: GPL-2.0-only
/*
 * A core under a debugger. ST RM0360 rev 5 26.9 (DBGMCU), ARM DDI 0419 B1.5
 * (exception frames).
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdio.h>

#include "control.h"
#include "ioctl.h"
#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

#define DBGMCU_CR		0x40015804u
#define DBGMCU_CR_STOP		0x00000002u
#define DBGMCU_CR_STANDBY	0x00000004u

#define XPSR_IPSR		0x3fu
#define IPSR_HARDFAULT		3u
#define EXC_RETURN_PSP		0x4u
/* a person at a debugger notices no less */
#define LOOK_MS			20

static int core_op(struct stl_target *t, unsigned int op, uint32_t flags,
		   struct stlink_core *core, const char *what,
		   struct stl_error *err)
{
	struct stlink_core dummy;
	int ret;

	if (!core)
		core = &dummy;
	ret = stl_core(t->fd, op, flags, 0, core);
	return ret ? stl_fail_errno(err, ret, core->status, "%s", what) :
		     STL_OK;
}

static int watch_events(struct stl_target *t, uint32_t mask,
			struct stl_error *err)
{
	struct stlink_events events;
	int ret;

	do {
		events = (struct stlink_events){
			.flags = STLINK_EVENTS_SET,
			.mask = mask,
			.interval_ms = LOOK_MS,
		};
		ret = stl_ioc_events(t->fd, &events);
	} while (ret == -EINTR);
	return ret ? stl_fail_errno(err, ret, 0, "asking for events") : STL_OK;
}

int stl_control_begin(struct stl_target *t, struct stl_error *err)
{
	int ret = stl_core_halt(t, err);

	if (!ret)
		stl_reset_seen(t);
	/* the clock that this needs is on since the watchdogs are frozen */
	if (!ret && (stl_mem_read32(t->fd, DBGMCU_CR, &t->saved.dbgmcu_cr) ||
		     stl_mem_write32(t->fd, DBGMCU_CR, t->saved.dbgmcu_cr |
				     DBGMCU_CR_STOP | DBGMCU_CR_STANDBY)))
		ret = stl_fail_errno(err, -EREMOTEIO, stl_failed_status(),
				     "keeping the debug port alive in Stop mode");
	return ret ? ret : watch_events(t, STLINK_EVENT_HALTED |
					STLINK_EVENT_LOCKUP |
					STLINK_EVENT_RESET |
					STLINK_EVENT_REMOVED |
					STLINK_EVENT_LOST, err);
}

int stl_control_end(struct stl_target *t, struct stl_error *err)
{
	uint32_t enr;

	watch_events(t, 0, NULL);
	if (!stl_mem_read32(t->fd, RCC_APB2ENR, &enr) &&
	    !stl_mem_write32(t->fd, RCC_APB2ENR,
			     enr | RCC_APB2ENR_DBGMCUEN)) {
		stl_mem_write32(t->fd, DBGMCU_CR, t->saved.dbgmcu_cr);
		stl_mem_write32(t->fd, RCC_APB2ENR, enr);
	}
	return stl_core_run(t, err);
}

int stl_control_go(struct stl_target *t, uint32_t *state, struct stl_error *err)
{
	struct stlink_core core;
	int ret = core_op(t, STLINK_CORE_RUN, 0, &core, "letting the core run",
			  err);

	*state = core.state;
	return ret;
}

int stl_control_step(struct stl_target *t, bool mask, struct stlink_core *core,
		     struct stl_error *err)
{
	return core_op(t, STLINK_CORE_STEP,
		       mask ? STLINK_CORE_F_MASKINTS : 0, core, "stepping",
		       err);
}

int stl_control_stop(struct stl_target *t, struct stlink_core *core,
		     struct stl_error *err)
{
	return core_op(t, STLINK_CORE_HALT, 0, core, "halting the core", err);
}

int stl_control_look(struct stl_target *t, struct stlink_core *core,
		     struct stl_error *err)
{
	return core_op(t, STLINK_CORE_STATUS, 0, core,
		       "reading the state of the core", err);
}

int stl_control_events(struct stl_target *t, uint32_t *pending,
		       struct stl_error *err)
{
	struct stlink_events events;
	int ret;

	do {
		events = (struct stlink_events){ 0 };
		ret = stl_ioc_events(t->fd, &events);
	} while (ret == -EINTR);
	*pending = events.pending;
	return ret ? stl_fail_errno(err, ret, 0, "asking for events") : STL_OK;
}

bool stl_control_fault(struct stl_target *t, uint32_t *pc)
{
	uint32_t top = STL_SRAM_BASE + t->chip.sram_size, sp, frame[8];
	struct stlink_reg_op ops[] = {
		{ .op = STLINK_OP_READ, .reg = STLINK_REG_XPSR },
		{ .op = STLINK_OP_READ, .reg = STLINK_REG_LR },
		{ .op = STLINK_OP_READ, .reg = STLINK_REG_MSP },
		{ .op = STLINK_OP_READ, .reg = STLINK_REG_PSP },
	};

	if (stl_reg_ops(t->fd, ops, 4) ||
	    (ops[0].value & XPSR_IPSR) != IPSR_HARDFAULT)
		return false;
	/* the handler has done nothing yet, or nothing to LR and SP, we hope */
	if (ops[1].value < 0xfffffff0)
		return false;
	sp = ops[1].value & EXC_RETURN_PSP ? ops[3].value : ops[2].value;
	if (sp < STL_SRAM_BASE || sp % 4 || sp > top - sizeof(frame) ||
	    stl_mem_read(t->fd, sp, frame, sizeof(frame), 4, NULL))
		return false;
	*pc = frame[6];
	return true;
}

void stl_control_reset_cause(struct stl_target *t, char *buf, size_t len)
{
	snprintf(buf, len, "%s", stl_reset_cause(t));
	/* the next one is compared with this */
	stl_reset_seen(t);
}
