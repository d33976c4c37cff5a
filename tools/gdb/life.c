// SPDX-License-Identifier: GPL-2.0-only
/*
 * Beginning and end of debugging, which a client may do several times.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include "internal.h"

/** gdb_halt_all() - take the core over: halted, nothing set */
int gdb_halt_all(struct gdb *g, struct stl_error *err)
{
	struct stlink_core core;
	uint32_t events;
	int ret;

	ret = stl_control_begin(g->t, err);
	if (!ret)
		ret = stl_traps_begin(g->t, &g->traps, !g->no_catch, err);
	if (!ret)
		ret = stl_control_look(g->t, &core, err);
	if (ret)
		return ret;
	g->run = GDB_HALTED;
	gdb_look_why(g, &core);
	/* that it was halted, and may have been reset before, is no news */
	return stl_control_events(g->t, &events, err);
}

/** gdb_reset_halt() - reset, halted before the first instruction */
int gdb_reset_halt(struct gdb *g, struct stl_error *err)
{
	uint32_t events;
	int ret;

	ret = stl_core_reset(g->t, true, 0, NULL, err);
	if (ret)
		return ret;
	g->signal = GDB_SIGNAL_TRAP;
	g->extra[0] = '\0';
	g->at_bkpt = false;
	g->loose = false;
	return stl_control_events(g->t, &events, err);
}

/** gdb_let_go() - the core runs, and nothing of ours is left behind */
int gdb_let_go(struct gdb *g, struct stl_error *err)
{
	struct stl_error late = { 0 };
	int ret, end;

	gdb_flash_forget(g);
	if (g->run == GDB_GONE)
		return STL_OK;
	g->run = GDB_GONE;
	g->spawned = false;
	/* a running core would meet what is being removed */
	ret = stl_control_stop(g->t, NULL, err);
	if (!ret)
		ret = gdb_soft_clear_all(g, err);
	if (!ret)
		ret = stl_traps_end(g->t, &g->traps, err);
	end = stl_control_end(g->t, &late);
	if (end && !ret && err)
		*err = late;
	return ret ? ret : end;
}

static void again(struct gdb *g, bool reset)
{
	struct stl_error err = { 0 };
	int ret = STL_OK;

	if (g->run == GDB_GONE)
		ret = gdb_halt_all(g, &err);
	if (!ret && reset)
		ret = gdb_reset_halt(g, &err);
	if (ret) {
		gdb_fail(g, &err, false);
		return;
	}
	g->spawned = reset;
	gdb_stop_reply(g);
}

/** gdb_attach() - vAttach: debug what runs */
void gdb_attach(struct gdb *g)
{
	again(g, false);
}

/** gdb_run_again() - vRun: from the reset on */
void gdb_run_again(struct gdb *g)
{
	again(g, true);
}

/** gdb_detach() - D: it shall run on by itself */
void gdb_detach(struct gdb *g)
{
	struct stl_error err = { 0 };

	g->parted = GDB_DETACHED;
	if (gdb_let_go(g, &err))
		gdb_fail(g, &err, true);
	else
		gdb_ok(g);
	if (!g->extended && !g->end)
		g->end = GDB_DETACHED;
}

/**
 * gdb_kill() - k and vKill: a program on a chip can't be ended, but begun anew
 * @g: client
 * @answer: whether the client waits for one
 */
void gdb_kill(struct gdb *g, bool answer)
{
	struct stl_error err = { 0 };
	int ret = STL_OK;

	g->parted = GDB_KILLED;
	if (g->run != GDB_GONE)
		ret = gdb_reset_halt(g, &err);
	if (!ret)
		ret = gdb_let_go(g, &err);
	if (!g->extended && !g->end)
		g->end = GDB_KILLED;
	if (!answer && ret)
		gdb_tell_error(g, &err);
	else if (ret)
		gdb_fail(g, &err, true);
	else if (answer)
		gdb_ok(g);
}
