// SPDX-License-Identifier: GPL-2.0-only
/*
 * Going on: continue, step, step through a range; and what comes then.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>

#include "internal.h"

/** gdb_core_lost() - there is nothing any more that the client could debug */
void gdb_core_lost(struct gdb *g, const struct stl_error *err)
{
	bool waiting = g->run == GDB_RUNNING || g->run == GDB_RANGE;

	if (g->err)
		*g->err = *err;
	g->end = GDB_FAILED;
	gdb_tell_error(g, err);
	if (!waiting)
		return;
	gdb_begin(g);
	gdb_printf(&g->answer, "X%02x", GDB_SIGNAL_KILL);
	gdb_answer(g);
}

/* Stopped for nothing: the client shall have the core again, as it is */
static void failed(struct gdb *g, const struct stl_error *err)
{
	struct stlink_core core = { 0 };
	struct stl_error late = { 0 };

	if (err->errnum == ENODEV || err->errnum == ENOTCONN ||
	    stl_control_stop(g->t, &core, &late)) {
		gdb_core_lost(g, err);
		return;
	}
	gdb_tell_error(g, err);
	gdb_look_why(g, &core);
	gdb_stop_reply(g);
}

/* A BKPT of the firmware's own would stop it again and again */
static int pass_bkpt(struct gdb *g, bool *passed, struct stl_error *err)
{
	uint32_t pc = 0;
	int ret;

	*passed = false;
	if (!g->at_bkpt)
		return STL_OK;
	g->at_bkpt = false;
	ret = gdb_read_pc(g, &pc);
	if (ret || pc != g->bkpt_pc)
		return STL_OK;
	*passed = true;
	return gdb_set_pc(g, pc + 2, err);
}

static void stopped(struct gdb *g, const struct stlink_core *core)
{
	gdb_look_why(g, core);
	gdb_stop_reply(g);
}

/* Its reason is lost as soon as the core is halted out of it */
static void locked_up(struct gdb *g)
{
	struct stl_core_state state = { 0 };
	struct stl_error err = { 0 };
	struct stlink_core core;

	stl_core_state(g->t, &state, NULL);
	if (stl_control_stop(g->t, &core, &err)) {
		failed(g, &err);
		return;
	}
	gdb_look_why(g, &core);
	g->signal = GDB_SIGNAL_SEGV;
	gdb_tell(g, true, "the core is locked up: %s", state.why);
	gdb_tell(g, false, "\"stlink diagnose\" says more about the board");
	gdb_stop_reply(g);
}

/* Return: true when it has stopped, and the client knows */
static bool look(struct gdb *g, uint32_t state)
{
	struct stl_error err = { 0 };
	struct stlink_core core;

	if (state & STLINK_CORE_LOCKUP) {
		locked_up(g);
		return true;
	}
	if (!(state & STLINK_CORE_HALTED))
		return false;
	if (stl_control_look(g->t, &core, &err))
		failed(g, &err);
	else
		stopped(g, &core);
	return true;
}

static void step(struct gdb *g)
{
	struct stl_error err = { 0 };
	struct stlink_core core;

	if (stl_control_step(g->t, !g->unmasked, &core, &err))
		failed(g, &err);
	else if (core.state & STLINK_CORE_LOCKUP)
		locked_up(g);
	else
		stopped(g, &core);
}

static void go(struct gdb *g)
{
	struct stl_error err = { 0 };
	uint32_t events, state;
	int ret;

	ret = stl_control_events(g->t, &events, &err);
	if (!ret)
		ret = stl_control_go(g->t, &state, &err);
	if (ret)
		failed(g, &err);
	else
		look(g, state);
}

/**
 * gdb_resume() - the client wants the core to go on, and then hear of a stop
 * @g: client
 * @action: 'c', 's' or 'r'
 * @start: for 'r': as long as the program counter is not below this
 * @end: and below this
 */
void gdb_resume(struct gdb *g, char action, uint32_t start, uint32_t end)
{
	struct stl_error err = { 0 };
	bool passed;

	gdb_console_open(g);
	g->run = action == 'r' ? GDB_RANGE : GDB_RUNNING;
	g->interrupted = false;
	g->loose = false;
	g->range_start = start;
	g->range_end = end;
	if (pass_bkpt(g, &passed, &err)) {
		failed(g, &err);
	} else if (action == 'c') {
		go(g);
	} else if (passed) {
		/* that was the step */
		g->signal = GDB_SIGNAL_TRAP;
		g->extra[0] = '\0';
		gdb_stop_reply(g);
	} else {
		/* of a range, too, the first step is always taken */
		if (action == 's')
			step(g);
		else
			gdb_range_step(g);
	}
}

/** gdb_interrupt() - Ctrl-C */
void gdb_interrupt(struct gdb *g)
{
	struct stl_error err = { 0 };
	struct stlink_core core;

	if (g->run != GDB_RUNNING && g->run != GDB_RANGE)
		return;
	g->interrupted = true;
	if (stl_control_stop(g->t, &core, &err))
		failed(g, &err);
	else
		stopped(g, &core);
}

/** gdb_range_step() - one step of a range; a stop when that is left */
void gdb_range_step(struct gdb *g)
{
	struct stl_error err = { 0 };
	struct stlink_core core;
	uint32_t pc = 0;
	int ret;

	if (stl_control_step(g->t, !g->unmasked, &core, &err)) {
		failed(g, &err);
		return;
	}
	if (core.state & STLINK_CORE_LOCKUP) {
		locked_up(g);
		return;
	}
	ret = gdb_read_pc(g, &pc);
	if (ret || pc < g->range_start || pc >= g->range_end ||
	    !gdb_step_is_all(&core) || stl_break_at(&g->traps, pc) ||
	    gdb_soft_at(g, pc))
		stopped(g, &core);
}

static void was_reset(struct gdb *g)
{
	struct stl_error err = { 0 };
	struct stlink_core core;
	char cause[128];

	stl_control_reset_cause(g->t, cause, sizeof(cause));
	if (g->run == GDB_RUNNING || g->loose) {
		gdb_tell(g, false, "the chip was reset: %s", cause);
		return;
	}
	if (stl_control_stop(g->t, &core, &err)) {
		gdb_tell(g, true, "the chip was reset: %s; it can't be halted: %s",
			 cause, err.message);
		return;
	}
	gdb_look_why(g, &core);
	if (g->run == GDB_RANGE) {
		gdb_tell(g, false, "the chip was reset: %s", cause);
		gdb_stop_reply(g);
		return;
	}
	gdb_tell(g, true,
		 "the chip was reset while it stood: %s; it was halted again. \"maintenance flush register-cache\" has gdb look at the registers again",
		 cause);
}

/**
 * gdb_core_event() - the driver has seen something
 * @g: client
 * @events: STLINK_EVENT_*
 */
void gdb_core_event(struct gdb *g, uint32_t events)
{
	struct stl_error err = { 0 };
	struct stlink_core core;

	if (g->run == GDB_GONE)
		return;
	if (events & (STLINK_EVENT_REMOVED | STLINK_EVENT_LOST)) {
		stl_fail(&err, STL_NO_TARGET, events & STLINK_EVENT_REMOVED ?
			 "the target doesn't answer any more" :
			 "the session was lost: the probe was reset, or the machine was suspended");
		if (events & STLINK_EVENT_REMOVED)
			stl_hint(&err, STL_HINT_NO_ANSWER);
		gdb_core_lost(g, &err);
		return;
	}
	if (events & STLINK_EVENT_RESET)
		was_reset(g);
	if (g->run != GDB_RUNNING ||
	    !(events & (STLINK_EVENT_HALTED | STLINK_EVENT_LOCKUP)))
		return;
	if (stl_control_look(g->t, &core, &err))
		failed(g, &err);
	else
		look(g, core.state);
}
