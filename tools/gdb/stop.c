// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why did it stop? In words and as the client wants it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "stm32f0.h"
#include "xfer.h"

#define BKPT_MASK		0xff00u
#define BKPT			0xbe00u
#define BKPT_SEMIHOSTING	0xbeabu

/** gdb_read_pc() - where the halted core stands; 0 or negative errno */
int gdb_read_pc(struct gdb *g, uint32_t *pc)
{
	return stl_reg_read(g->t->fd, STLINK_REG_PC, pc);
}

/** gdb_step_is_all() - it was halted by nothing but the step */
bool gdb_step_is_all(const struct stlink_core *core)
{
	return !(core->dfsr & (DFSR_BKPT | DFSR_DWTTRAP | DFSR_VCATCH |
			       DFSR_EXTERNAL));
}

static void at_fault(struct gdb *g)
{
	uint32_t from;

	g->signal = GDB_SIGNAL_SEGV;
	if (stl_control_fault(g->t, &from))
		gdb_tell(g, true, "HardFault: the instruction at 0x%08x failed; \"stlink diagnose\" says more",
			 from);
	else
		gdb_tell(g, true, "HardFault; \"stlink diagnose\" says more");
}

static void at_watchpoint(struct gdb *g)
{
	struct stl_watch hit;
	const char *kind;

	if (!stl_watch_hit(g->t, &g->traps, &hit))
		return;
	kind = hit.kind == STL_WATCH_WRITE ? "watch" :
	       hit.kind == STL_WATCH_READ ? "rwatch" : "awatch";
	snprintf(g->extra, sizeof(g->extra), "%s:%x;", kind, hit.addr);
}

static void firmware_bkpt(struct gdb *g, uint32_t pc)
{
	uint16_t insn = 0;

	if (stl_mem_read(g->t->fd, pc, &insn, 2, 0, NULL) ||
	    (insn & BKPT_MASK) != BKPT)
		return;
	g->at_bkpt = true;
	g->bkpt_pc = pc;
	if (insn == BKPT_SEMIHOSTING)
		gdb_tell(g, true, "the firmware makes a semihosting call, which this server doesn't serve; it is passed over when you go on");
	else
		gdb_tell(g, false, "a BKPT instruction of the firmware; it is passed over when you go on");
}

static void at_breakpoint(struct gdb *g)
{
	uint32_t pc = 0;

	if (gdb_read_pc(g, &pc))
		return;
	if (gdb_soft_at(g, pc)) {
		if (g->swbreak)
			snprintf(g->extra, sizeof(g->extra), "swbreak:;");
	} else if (stl_break_at(&g->traps, pc)) {
		if (g->hwbreak)
			snprintf(g->extra, sizeof(g->extra), "hwbreak:;");
	} else {
		firmware_bkpt(g, pc);
	}
}

/**
 * gdb_look_why() - find out why the core has stopped, for gdb_stop_reply()
 * @g: client
 * @core: as the driver told it
 */
void gdb_look_why(struct gdb *g, const struct stlink_core *core)
{
	uint32_t xpsr = 0;

	g->signal = GDB_SIGNAL_TRAP;
	g->extra[0] = '\0';
	g->at_bkpt = false;
	if (core->dfsr & DFSR_VCATCH) {
		if (!stl_reg_read(g->t->fd, STLINK_REG_XPSR, &xpsr) &&
		    (xpsr & SCB_ICSR_VECTACTIVE) == 3)
			at_fault(g);
	} else if (core->dfsr & DFSR_DWTTRAP) {
		at_watchpoint(g);
	} else if (core->dfsr & DFSR_BKPT) {
		at_breakpoint(g);
	} else if (g->interrupted) {
		g->signal = GDB_SIGNAL_INT;
	}
	g->interrupted = false;
}

/** gdb_stop_reply() - tell the client that it stands, and why */
void gdb_stop_reply(struct gdb *g)
{
	static const unsigned int regs[] = { 13, 14, 15 };
	uint32_t value;
	size_t i;

	gdb_begin(g);
	g->console = false;
	if (g->run == GDB_GONE) {
		gdb_printf(&g->answer, "W00");
		gdb_answer(g);
		return;
	}
	g->run = GDB_HALTED;
	gdb_printf(&g->answer, "T%02xthread:1;%s", g->signal, g->extra);
	for (i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		if (stl_reg_read(g->t->fd, regs[i], &value))
			continue;
		gdb_printf(&g->answer, "%02x:", regs[i]);
		gdb_put_hex(&g->answer, &value, 4);
		gdb_printf(&g->answer, ";");
	}
	gdb_answer(g);
}
