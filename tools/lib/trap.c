// SPDX-License-Identifier: GPL-2.0-only
/*
 * Breakpoint unit and vector catch. ARM DDI 0419 C1.6.5, C1.9; the watchpoint
 * unit is in watch.c.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <string.h>

#include "priv.h"
#include "stm32f0.h"
#include "trap.h"
#include "trap_priv.h"
#include "xfer.h"

#define BP_CTRL			0xe0002000u
#define BP_CTRL_ENABLE		0x00000001u
#define BP_CTRL_KEY		0x00000002u
#define BP_CTRL_NUM(ctrl)	((ctrl) >> 4 & 0xf)
#define BP_COMP(n)		(0xe0002008u + 4 * (n))
#define BP_COMP_ENABLE		0x00000001u
#define BP_COMP_ADDR		0x1ffffffcu
#define BP_COMP_HALVES		0xc0000000u
#define BP_COMP_LOWER		0x40000000u
#define BP_COMP_UPPER		0x80000000u
/* comparators see the code region alone */
#define CODE_END		0x20000000u

int stl_trap_write(struct stl_target *t, uint32_t reg, uint32_t value,
		   const char *what, struct stl_error *err)
{
	int ret = stl_mem_write32(t->fd, reg, value);

	return ret ? stl_fail_errno(err, ret, stl_failed_status(), "%s", what) :
		     STL_OK;
}

int stl_trap_read(struct stl_target *t, uint32_t reg, uint32_t *value,
		  const char *what, struct stl_error *err)
{
	int ret = stl_mem_read32(t->fd, reg, value);

	return ret ? stl_fail_errno(err, ret, stl_failed_status(), "%s", what) :
		     STL_OK;
}

static int write_break(struct stl_target *t, struct stl_traps *traps,
		       unsigned int n, uint32_t value, struct stl_error *err)
{
	int ret = stl_trap_write(t, BP_COMP(n), value,
				 "setting up a breakpoint", err);

	if (!ret)
		traps->breaks[n] = value;
	return ret;
}

int stl_catch_fault(struct stl_target *t, struct stl_traps *traps, bool on,
		    struct stl_error *err)
{
	uint32_t demcr = SCB_DEMCR_DWTENA | (on ? SCB_DEMCR_VC_HARDERR : 0);
	int ret = stl_trap_write(t, SCB_DEMCR, demcr,
				 "setting up the vector catch", err);

	if (!ret)
		traps->catch_fault = on;
	return ret;
}

int stl_traps_begin(struct stl_target *t, struct stl_traps *traps,
		    bool catch_fault, struct stl_error *err)
{
	uint32_t ctrl = 0;
	unsigned int i;
	int ret;

	memset(traps, 0, sizeof(*traps));
	ret = stl_trap_read(t, BP_CTRL, &ctrl, "asking the breakpoint unit",
			    err);
	if (ret)
		return ret;
	traps->num_breaks = BP_CTRL_NUM(ctrl);
	if (traps->num_breaks > STL_MAX_BREAKS)
		traps->num_breaks = STL_MAX_BREAKS;
	for (i = 0; i < traps->num_breaks && !ret; i++)
		ret = write_break(t, traps, i, 0, err);
	if (!ret)
		ret = stl_trap_write(t, BP_CTRL, BP_CTRL_KEY | BP_CTRL_ENABLE,
				     "turning the breakpoint unit on", err);
	if (!ret)
		ret = stl_catch_fault(t, traps, catch_fault, err);
	/* only now, as its registers are there with DWTENA only */
	return ret ? ret : stl_watches_begin(t, traps, err);
}

int stl_traps_end(struct stl_target *t, struct stl_traps *traps,
		  struct stl_error *err)
{
	unsigned int i;
	int ret = STL_OK;

	for (i = 0; i < traps->num_breaks && !ret; i++)
		ret = write_break(t, traps, i, 0, err);
	if (!ret)
		ret = stl_trap_write(t, BP_CTRL, BP_CTRL_KEY,
				     "turning the breakpoint unit off", err);
	if (!ret)
		ret = stl_watches_end(t, traps, err);
	if (!ret)
		ret = stl_trap_write(t, SCB_DEMCR, 0,
				     "turning the vector catch off", err);
	traps->catch_fault = false;
	return ret;
}

int stl_traps_pause(struct stl_target *t, struct stl_traps *traps, bool on,
		    struct stl_error *err)
{
	int ret;

	ret = stl_trap_write(t, BP_CTRL, on ? BP_CTRL_KEY :
			     BP_CTRL_KEY | BP_CTRL_ENABLE,
			     "turning the breakpoint unit on or off", err);
	if (ret)
		return ret;
	return on ? stl_trap_write(t, SCB_DEMCR, 0,
				   "turning the vector catch off", err) :
		    stl_catch_fault(t, traps, traps->catch_fault, err);
}

bool stl_break_possible(uint32_t addr)
{
	return addr < CODE_END;
}

static uint32_t half(uint32_t addr)
{
	return addr & 2 ? BP_COMP_UPPER : BP_COMP_LOWER;
}

/* the comparator of that word, or, if there is none, a free one, or -1 */
static int find(const struct stl_traps *traps, uint32_t addr, bool *found)
{
	int free = -1;
	unsigned int i;

	*found = false;
	for (i = 0; i < traps->num_breaks; i++) {
		if (!traps->breaks[i] && free < 0)
			free = i;
		if (traps->breaks[i] &&
		    !((traps->breaks[i] ^ addr) & BP_COMP_ADDR)) {
			*found = true;
			return i;
		}
	}
	return free;
}

int stl_break_set(struct stl_target *t, struct stl_traps *traps, uint32_t addr,
		  struct stl_error *err)
{
	bool found;
	int n;

	if (!stl_break_possible(addr))
		return stl_fail(err, STL_USAGE,
				"no breakpoint at 0x%08x: the breakpoint unit of a Cortex-M0 sees addresses below 0x%08x only",
				addr, CODE_END);
	n = find(traps, addr, &found);
	if (n < 0) {
		stl_fail(err, STL_USAGE,
			 "no breakpoint at 0x%08x: the chip has %u for flash, and all are in use",
			 addr, traps->num_breaks);
		stl_hint(err, "delete or disable one of them first");
		return STL_USAGE;
	}
	return write_break(t, traps, n, (found ? traps->breaks[n] : 0) |
			   (addr & BP_COMP_ADDR) | half(addr) | BP_COMP_ENABLE,
			   err);
}

int stl_break_clear(struct stl_target *t, struct stl_traps *traps,
		    uint32_t addr, struct stl_error *err)
{
	uint32_t value;
	bool found;
	int n;

	if (!stl_break_at(traps, addr))
		return STL_OK;
	n = find(traps, addr, &found);
	value = traps->breaks[n] & ~half(addr);
	return write_break(t, traps, n, value & BP_COMP_HALVES ? value : 0,
			   err);
}

bool stl_break_at(const struct stl_traps *traps, uint32_t addr)
{
	bool found;
	int n = find(traps, addr, &found);

	return stl_break_possible(addr) && found &&
	       traps->breaks[n] & half(addr);
}

unsigned int stl_breaks_used(const struct stl_traps *traps)
{
	unsigned int i, used = 0;

	for (i = 0; i < traps->num_breaks; i++)
		used += traps->breaks[i] != 0;
	return used;
}
