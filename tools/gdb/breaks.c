// SPDX-License-Identifier: GPL-2.0-only
/*
 * Breakpoints and watchpoints: Z0 to Z4. In SRAM a breakpoint is a BKPT\n * instruction, elsewhere a comparator, whatever kind the client asks for.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <string.h>

#include "internal.h"

enum { SOFTWARE, HARDWARE, WRITE, READ, ACCESS };

static const uint8_t bkpt[2] = { 0x00, 0xbe };

static struct gdb_soft *find(struct gdb *g, uint32_t addr)
{
	unsigned int i;

	for (i = 0; i < g->num_soft; i++)
		if (g->soft[i].addr == addr)
			return &g->soft[i];
	return NULL;
}

/** gdb_soft_at() - is there a BKPT of ours at @addr? */
bool gdb_soft_at(const struct gdb *g, uint32_t addr)
{
	return find((struct gdb *)g, addr);
}

/* Where @s lies in @len bytes from @addr on: its bytes @from up to @to of 2 */
static bool part(const struct gdb_soft *s, uint32_t addr, uint32_t len,
		 int *from, int *to, int64_t *off)
{
	*off = (int64_t)s->addr - addr;
	*from = *off < 0 ? 1 : 0;
	*to = *off + 2 > (int64_t)len ? 1 : 2;
	return *off > -2 && *off < (int64_t)len && *from < *to;
}

/** gdb_soft_hide() - what was read shall not show our breakpoints */
void gdb_soft_hide(const struct gdb *g, uint32_t addr, uint8_t *buf,
		   uint32_t len)
{
	unsigned int i;
	int from, to;
	int64_t off;

	for (i = 0; i < g->num_soft; i++) {
		if (!part(&g->soft[i], addr, len, &from, &to, &off))
			continue;
		for (; from < to; from++)
			buf[off + from] = g->soft[i].was[from];
	}
}

/** gdb_soft_keep() - what is to be written shall not remove them */
void gdb_soft_keep(struct gdb *g, uint32_t addr, uint8_t *buf, uint32_t len)
{
	unsigned int i;
	int from, to;
	int64_t off;

	for (i = 0; i < g->num_soft; i++) {
		if (!part(&g->soft[i], addr, len, &from, &to, &off))
			continue;
		for (; from < to; from++) {
			g->soft[i].was[from] = buf[off + from];
			buf[off + from] = bkpt[from];
		}
	}
}

/* Nowhere else is a BKPT an instruction: a register would be written. */
static bool in_sram(const struct gdb *g, uint32_t addr)
{
	return addr >= STL_SRAM_BASE &&
	       addr - STL_SRAM_BASE < g->t->chip.sram_size;
}

static int soft_set(struct gdb *g, uint32_t addr, struct stl_error *err)
{
	struct gdb_soft s = { .addr = addr };
	uint8_t now[2];
	int ret;

	if (find(g, addr))
		return STL_OK;
	if (!in_sram(g, addr))
		return stl_fail(err, STL_USAGE,
				"no breakpoint at 0x%08x: there are some in flash and in SRAM only",
				addr);
	if (g->num_soft == GDB_MAX_SOFT)
		return stl_fail(err, STL_USAGE,
				"no breakpoint at 0x%08x: %u in SRAM is all that there can be",
				addr, GDB_MAX_SOFT);
	ret = stl_read(g->t, addr, s.was, 2, 0, NULL, err);
	if (!ret)
		ret = stl_write(g->t, addr, bkpt, 2, 0, err);
	if (!ret)
		ret = stl_read(g->t, addr, now, 2, 0, NULL, err);
	if (!ret && memcmp(now, bkpt, 2)) {
		stl_write(g->t, addr, s.was, 2, 0, NULL);
		ret = stl_fail(err, STL_LINK,
			       "no breakpoint at 0x%08x: there is no memory that can be written",
			       addr);
	}
	if (!ret)
		g->soft[g->num_soft++] = s;
	return ret;
}

/* Firmware may have put something else there since: that stays */
static int soft_clear(struct gdb *g, struct gdb_soft *s, struct stl_error *err)
{
	uint8_t now[2];
	int ret;

	ret = stl_read(g->t, s->addr, now, 2, 0, NULL, err);
	if (!ret && !memcmp(now, bkpt, 2))
		ret = stl_write(g->t, s->addr, s->was, 2, 0, err);
	*s = g->soft[--g->num_soft];
	return ret;
}

/** gdb_soft_clear_all() - SRAM as it was without us */
int gdb_soft_clear_all(struct gdb *g, struct stl_error *err)
{
	int ret = STL_OK;

	while (g->num_soft && !ret)
		ret = soft_clear(g, &g->soft[0], err);
	return ret;
}

static int breakpoint(struct gdb *g, uint32_t addr, bool set,
		      struct stl_error *err)
{
	struct gdb_soft *s;

	addr &= ~1u;
	if (stl_break_possible(addr))
		return set ? stl_break_set(g->t, &g->traps, addr, err) :
			     stl_break_clear(g->t, &g->traps, addr, err);
	if (set)
		return soft_set(g, addr, err);
	s = find(g, addr);
	return s ? soft_clear(g, s, err) : STL_OK;
}

static int watchpoint(struct gdb *g, uint32_t type, uint32_t addr, uint32_t len,
		      bool set, struct stl_error *err)
{
	enum stl_watch_kind kind = type == WRITE ? STL_WATCH_WRITE :
				   type == READ ? STL_WATCH_READ :
				   STL_WATCH_ACCESS;

	return set ? stl_watch_set(g->t, &g->traps, addr, len, kind, err) :
		     stl_watch_clear(g->t, &g->traps, addr, len, kind, err);
}

/**
 * gdb_breakpoint() - Z and z: TYPE,ADDR,KIND
 * @g: client
 * @a: behind the letter
 * @set: Z
 */
void gdb_breakpoint(struct gdb *g, struct gdb_args *a, bool set)
{
	struct stl_error err = { 0 };
	uint32_t type, addr, kind;
	int ret;

	if (!gdb_arg_hex(a, &type) || !gdb_arg_word(a, ",") ||
	    !gdb_arg_range(a, &addr, &kind)) {
		gdb_bad(g, set ? "Z" : "z");
		return;
	}
	if (type > ACCESS)
		return;		/* no such kind here */
	if (type >= WRITE)
		ret = watchpoint(g, type, addr, kind, set, &err);
	else
		ret = breakpoint(g, addr, set, &err);
	if (ret)
		gdb_fail(g, &err, false);
	else
		gdb_ok(g);
}
