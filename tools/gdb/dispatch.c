// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which packet is for whom. GDB manual, E.2 and E.3.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <string.h>

#include "internal.h"

static void resume_old(struct gdb *g, struct gdb_args *a, char action)
{
	struct stl_error err = { 0 };
	uint32_t addr;

	if (action == 'C' || action == 'S')
		gdb_arg_hex(a, &addr);
	gdb_arg_word(a, ";");
	if (gdb_arg_hex(a, &addr) && gdb_set_pc(g, addr, &err)) {
		gdb_fail(g, &err, true);
		return;
	}
	gdb_resume(g, action == 'C' || action == 'c' ? 'c' : 's', 0, 0);
}

/* vCont;ACTION[:THREAD]...: there is one thread, so the first action is its */
static void v_cont(struct gdb *g, struct gdb_args *a)
{
	uint32_t start = 0, end = 0, signal;
	char action;

	if (gdb_arg_word(a, "?")) {
		gdb_printf(&g->answer, "vCont;c;C;s;S;r");
		return;
	}
	if (!gdb_arg_word(a, ";") || !gdb_arg_left(a)) {
		gdb_bad(g, "vCont");
		return;
	}
	action = *a->p++;
	switch (action) {
	case 'C':
	case 'S':
		gdb_arg_hex(a, &signal);
		gdb_resume(g, action == 'C' ? 'c' : 's', 0, 0);
		return;
	case 'r':
		if (!gdb_arg_range(a, &start, &end)) {
			gdb_bad(g, "vCont;r");
			return;
		}
		break;
	case 'c':
	case 's':
		break;
	default:
		gdb_bad(g, "vCont");
		return;
	}
	gdb_resume(g, action, start, end);
}

static void v_packet(struct gdb *g, struct gdb_args *a)
{
	if (gdb_arg_word(a, "Cont"))
		v_cont(g, a);
	else if (gdb_arg_word(a, "FlashErase:"))
		gdb_flash_erase(g, a);
	else if (gdb_arg_word(a, "FlashWrite:"))
		gdb_flash_write(g, a);
	else if (gdb_arg_word(a, "FlashDone"))
		gdb_flash_done(g);
	else if (gdb_arg_word(a, "Run"))
		gdb_run_again(g);
	else if (gdb_arg_word(a, "Attach"))
		gdb_attach(g);
	else if (gdb_arg_word(a, "Kill"))
		gdb_kill(g, true);
}

/* those that make sense only while there is a program */
static bool needs_core(char c)
{
	return strchr("cCsSgGpPmMXzZ", c);
}

static void no_core(struct gdb *g)
{
	struct stl_error err = { 0 };

	stl_fail(&err, STL_USAGE,
		 "nothing is being debugged: \"run\" or \"attach 1\" begins");
	gdb_fail(g, &err, true);
}

/**
 * gdb_packet() - carry out the packet in the parser, and answer it
 * @g: client
 */
void gdb_packet(struct gdb *g)
{
	struct gdb_args a = {
		.p = g->parser.data + 1,
		.end = g->parser.data + g->parser.len,
	};
	char c = g->parser.data[0];

	gdb_begin(g);
	g->answered = false;
	if (!g->parser.len) {
		gdb_answer(g);
		return;
	}
	if (g->run == GDB_GONE && needs_core(c)) {
		no_core(g);
		gdb_answer(g);
		return;
	}
	switch (c) {
	case '!':
		g->extended = true;
		gdb_ok(g);
		break;
	case '?':
		gdb_stop_reply(g);
		break;
	case 'c':
	case 'C':
	case 's':
	case 'S':
		resume_old(g, &a, c);
		break;
	case 'D':
		gdb_detach(g);
		break;
	case 'k':
		/* has no answer */
		gdb_kill(g, false);
		return;
	case 'g':
		gdb_read_regs(g);
		break;
	case 'G':
		gdb_write_regs(g, &a);
		break;
	case 'p':
		gdb_read_reg(g, &a);
		break;
	case 'P':
		gdb_write_reg(g, &a);
		break;
	case 'm':
		gdb_read_memory(g, &a);
		break;
	case 'M':
	case 'X':
		gdb_write_memory(g, &a, c == 'X');
		break;
	case 'z':
	case 'Z':
		gdb_breakpoint(g, &a, c == 'Z');
		break;
	case 'H':
	case 'T':
		gdb_ok(g);
		break;
	case 'q':
		gdb_query(g, &a);
		break;
	case 'Q':
		gdb_set(g, &a);
		break;
	case 'v':
		v_packet(g, &a);
		break;
	default:
		break;
	}
	/* what waits for a stop is answered when that comes */
	if (!g->answered && g->run != GDB_RUNNING && g->run != GDB_RANGE)
		gdb_answer(g);
}
