// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watchpoint unit. ARM DDI 0419 C1.8.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include "priv.h"
#include "trap.h"
#include "trap_priv.h"
#include "xfer.h"

#define DWT_CTRL		0xe0001000u
#define DWT_COMP(n)		(0xe0001020u + 0x10 * (n))
#define DWT_MASK(n)		(0xe0001024u + 0x10 * (n))
#define DWT_FUNCTION(n)		(0xe0001028u + 0x10 * (n))
#define DWT_FUNCTION_MATCHED	0x01000000u

static int write_watch(struct stl_target *t, uint32_t reg, uint32_t value,
		       struct stl_error *err)
{
	return stl_trap_write(t, reg, value, "setting up a watchpoint", err);
}

int stl_watches_begin(struct stl_target *t, struct stl_traps *traps,
		      struct stl_error *err)
{
	uint32_t ctrl = 0;
	unsigned int i;
	int ret;

	ret = stl_trap_read(t, DWT_CTRL, &ctrl, "asking the watchpoint unit",
			    err);
	traps->num_watches = ctrl >> 28;
	if (traps->num_watches > STL_MAX_WATCHES)
		traps->num_watches = STL_MAX_WATCHES;
	for (i = 0; i < traps->num_watches && !ret; i++)
		ret = write_watch(t, DWT_FUNCTION(i), 0, err);
	return ret;
}

int stl_watches_end(struct stl_target *t, struct stl_traps *traps,
		    struct stl_error *err)
{
	unsigned int i;
	int ret = STL_OK;

	for (i = 0; i < traps->num_watches && !ret; i++) {
		if (!traps->watches[i].kind)
			continue;
		ret = write_watch(t, DWT_FUNCTION(i), 0, err);
		traps->watches[i].kind = 0;
	}
	return ret;
}

unsigned int stl_watches_used(const struct stl_traps *traps)
{
	unsigned int i, used = 0;

	for (i = 0; i < traps->num_watches; i++)
		used += traps->watches[i].kind != 0;
	return used;
}

/* Largest aligned power of two at @addr, as its exponent, within @len bytes */
static unsigned int piece(uint32_t addr, uint32_t len)
{
	unsigned int mask = 0;

	while (mask < 31 && !(addr & ((2u << mask) - 1)) && len >= 2u << mask)
		mask++;
	return mask;
}

static unsigned int pieces(uint32_t addr, uint32_t len)
{
	unsigned int num = 0;

	while (len) {
		uint32_t size = 1u << piece(addr, len);

		addr += size;
		len -= size;
		num++;
	}
	return num;
}

static bool same(const struct stl_watch *w, uint32_t addr, uint32_t len,
		 enum stl_watch_kind kind)
{
	return w->kind == (unsigned int)kind && w->addr == addr &&
	       w->len == len;
}

static bool is_set(const struct stl_traps *traps, uint32_t addr, uint32_t len,
		   enum stl_watch_kind kind)
{
	unsigned int i;

	for (i = 0; i < traps->num_watches; i++)
		if (same(&traps->watches[i], addr, len, kind))
			return true;
	return false;
}

/* The unit may know fewer bits of the mask than the architecture allows. */
static int arm(struct stl_target *t, unsigned int n, uint32_t addr,
	       unsigned int mask, enum stl_watch_kind kind,
	       struct stl_error *err)
{
	uint32_t got = 0;
	int ret;

	ret = write_watch(t, DWT_COMP(n), addr, err);
	if (!ret)
		ret = write_watch(t, DWT_MASK(n), mask, err);
	if (!ret)
		ret = stl_trap_read(t, DWT_MASK(n), &got,
				    "setting up a watchpoint", err);
	if (!ret && got != mask)
		ret = stl_fail(err, STL_USAGE,
			       "no watchpoint at 0x%08x: the chip can't watch %u bytes at once",
			       addr, 1u << mask);
	return ret ? ret : write_watch(t, DWT_FUNCTION(n), kind, err);
}

int stl_watch_set(struct stl_target *t, struct stl_traps *traps, uint32_t addr,
		  uint32_t len, enum stl_watch_kind kind, struct stl_error *err)
{
	unsigned int free = traps->num_watches - stl_watches_used(traps);
	unsigned int i, mask, need = pieces(addr, len);
	uint32_t at = addr, left = len;
	int ret = STL_OK;

	if (!len || is_set(traps, addr, len, kind))
		return STL_OK;
	if (need > free) {
		stl_fail(err, STL_USAGE,
			 "no watchpoint for %u byte%s at 0x%08x: that takes %u of the chip's %u comparators, and %u %s free",
			 len, len == 1 ? "" : "s", addr, need,
			 traps->num_watches, free, free == 1 ? "is" : "are");
		stl_hint(err, "delete another one, or watch a part of it");
		return STL_USAGE;
	}
	for (i = 0; left && i < traps->num_watches && !ret; i++) {
		if (traps->watches[i].kind)
			continue;
		mask = piece(at, left);
		ret = arm(t, i, at, mask, kind, err);
		if (ret)
			break;
		traps->watches[i] = (struct stl_watch){ addr, len, kind };
		at += 1u << mask;
		left -= 1u << mask;
	}
	if (ret)
		stl_watch_clear(t, traps, addr, len, kind, NULL);
	return ret;
}

int stl_watch_clear(struct stl_target *t, struct stl_traps *traps,
		    uint32_t addr, uint32_t len, enum stl_watch_kind kind,
		    struct stl_error *err)
{
	unsigned int i;
	int ret = STL_OK;

	for (i = 0; i < traps->num_watches && !ret; i++) {
		if (!same(&traps->watches[i], addr, len, kind))
			continue;
		ret = write_watch(t, DWT_FUNCTION(i), 0, err);
		if (!ret)
			traps->watches[i].kind = 0;
	}
	return ret;
}

bool stl_watch_hit(struct stl_target *t, const struct stl_traps *traps,
		   struct stl_watch *hit)
{
	uint32_t function;
	bool found = false;
	unsigned int i;

	/* MATCHED clears when it is read, so all of them */
	for (i = 0; i < traps->num_watches; i++) {
		if (!traps->watches[i].kind ||
		    stl_mem_read32(t->fd, DWT_FUNCTION(i), &function) ||
		    !(function & DWT_FUNCTION_MATCHED))
			continue;
		if (!found)
			*hit = traps->watches[i];
		found = true;
	}
	return found;
}
