/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A core under a debugger: let it go, step, stop, and hear what became of it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STL_CONTROL_H
#define STL_CONTROL_H

#include <poll.h>

#include "target.h"

/**
 * stl_control_begin() - halt the core, and have nothing disturb a halted one
 * @t: identified target (STL_CHANGE)
 * @err: STL_LINK
 *
 * Watchdogs stand still while it is halted, and the debug port stays in reach
 * in Stop and Standby mode (DBGMCU_CR), until stl_control_end().
 */
int stl_control_begin(struct stl_target *t, struct stl_error *err);

/** stl_control_end() - put back what stl_control_begin() changed, and let it run */
int stl_control_end(struct stl_target *t, struct stl_error *err);

/**
 * stl_control_go() - let a halted core run; one that runs already goes on
 * @t: target
 * @state: out: STLINK_CORE_* right afterwards
 * @err: STL_LINK
 */
int stl_control_go(struct stl_target *t, uint32_t *state,
		   struct stl_error *err);

/**
 * stl_control_step() - one instruction
 * @t: halted target
 * @mask: with interrupts masked
 * @core: out: as STLINK_IOC_CORE tells it
 * @err: STL_LINK
 *
 * Ends without a halt in a lockup.
 */
int stl_control_step(struct stl_target *t, bool mask, struct stlink_core *core,
		     struct stl_error *err);

/** stl_control_stop() - halt the core, out of sleep and lockup too */
int stl_control_stop(struct stl_target *t, struct stlink_core *core,
		     struct stl_error *err);

/** stl_control_look() - state of the core, changing nothing */
int stl_control_look(struct stl_target *t, struct stlink_core *core,
		     struct stl_error *err);

/**
 * stl_control_events() - what the driver has seen since the last call
 * @t: target
 * @events: out: STLINK_EVENT_*
 * @err: STL_LINK
 */
int stl_control_events(struct stl_target *t, uint32_t *events,
		       struct stl_error *err);

/**
 * stl_control_poll() - wait for events of the target, or for something else
 * @t: target
 * @others: descriptors to wait for as well; @revents is filled
 * @num: how many, at most STL_MAX_OTHERS
 * @timeout_ms: limit, milliseconds
 * @events: out: STLINK_EVENT_*; STLINK_EVENT_REMOVED also when it is the probe
 *	that is gone, with an error then
 * @err: STL_NO_PROBE when it was unplugged; STL_LINK
 */
int stl_control_poll(struct stl_target *t, struct pollfd *others,
		     unsigned int num, int timeout_ms, uint32_t *events,
		     struct stl_error *err);

/** STL_MAX_OTHERS - see stl_control_poll() */
#define STL_MAX_OTHERS		8

/**
 * stl_control_fault() - where did a fault happen?
 * @t: halted target
 * @pc: out: address of the instruction, from the frame of the exception
 *
 * Return: false: the core is in no HardFault, or its frame can't be read.
 */
bool stl_control_fault(struct stl_target *t, uint32_t *pc);

/** stl_control_reset_cause() - what has reset the chip, in words */
void stl_control_reset_cause(struct stl_target *t, char *buf, size_t len);

#endif
