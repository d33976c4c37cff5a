/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stops the core for a debugger: the breakpoint unit, the watchpoint unit
 * and the vector catch of a Cortex-M0. ARM DDI 0419 C1.6 (DEMCR), C1.8 (DWT),
 * C1.9 (BPU).
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STL_TRAP_H
#define STL_TRAP_H

#include "target.h"

/** STL_MAX_BREAKS - most comparators of any breakpoint unit of this kind */
#define STL_MAX_BREAKS		8
/** STL_MAX_WATCHES - most comparators of a watchpoint unit used here */
#define STL_MAX_WATCHES		4

/** enum stl_watch_kind - values of DWT_FUNCTION, C1.8.17 */
enum stl_watch_kind {
	STL_WATCH_READ = 5,
	STL_WATCH_WRITE = 6,
	STL_WATCH_ACCESS = 7,
};

/**
 * struct stl_watch - a comparator of the watchpoint unit
 * @addr: first address of the watchpoint it is a part of
 * @len: bytes of that
 * @kind: enum stl_watch_kind, 0 for a free comparator
 */
struct stl_watch {
	uint32_t addr;
	uint32_t len;
	unsigned int kind;
};

/**
 * struct stl_traps - the units, as they were set up
 * @num_breaks: comparators for instructions
 * @num_watches: comparators for data
 * @breaks: BP_COMPn, 0 for a free one
 * @watches: one each
 * @catch_fault: the core stops at the entry of a HardFault
 */
struct stl_traps {
	unsigned int num_breaks;
	unsigned int num_watches;
	uint32_t breaks[STL_MAX_BREAKS];
	struct stl_watch watches[STL_MAX_WATCHES];
	bool catch_fault;
};

/**
 * stl_traps_begin() - find out what there is, with nothing set
 * @t: attached target (STL_CHANGE)
 * @traps: to fill
 * @catch_fault: stop at a HardFault
 * @err: STL_LINK
 *
 * What somebody else has left in the comparators is cleared.
 */
int stl_traps_begin(struct stl_target *t, struct stl_traps *traps,
		    bool catch_fault, struct stl_error *err);

/** stl_traps_end() - nothing stops the core any more */
int stl_traps_end(struct stl_target *t, struct stl_traps *traps,
		  struct stl_error *err);

/**
 * stl_traps_pause() - for a while nothing stops the core, or again what did
 * @t: target
 * @traps: from stl_traps_begin(); keeps what is set
 * @on: pause, else go on
 * @err: STL_LINK
 */
int stl_traps_pause(struct stl_target *t, struct stl_traps *traps, bool on,
		    struct stl_error *err);

/** stl_catch_fault() - stop at the entry of a HardFault, or not */
int stl_catch_fault(struct stl_target *t, struct stl_traps *traps, bool on,
		    struct stl_error *err);

/** stl_break_possible() - does the breakpoint unit see this address? */
bool stl_break_possible(uint32_t addr);

/**
 * stl_break_set() - stop before the instruction at an address
 * @t: target
 * @traps: from stl_traps_begin()
 * @addr: even; setting what is set is success
 * @err: STL_USAGE when all comparators are in use, or none sees that address;
 *	STL_LINK
 *
 * Two half-words of one word share a comparator.
 */
int stl_break_set(struct stl_target *t, struct stl_traps *traps, uint32_t addr,
		  struct stl_error *err);

/** stl_break_clear() - not any more; clearing what isn't set is success */
int stl_break_clear(struct stl_target *t, struct stl_traps *traps,
		    uint32_t addr, struct stl_error *err);

/** stl_break_at() - is there one at @addr? */
bool stl_break_at(const struct stl_traps *traps, uint32_t addr);

/** stl_breaks_used() - comparators for instructions in use */
unsigned int stl_breaks_used(const struct stl_traps *traps);

/** stl_watches_used() - comparators for data in use */
unsigned int stl_watches_used(const struct stl_traps *traps);

/**
 * stl_watch_set() - stop after an access to some bytes
 * @t: target
 * @traps: from stl_traps_begin()
 * @addr: first byte
 * @len: bytes, not 0
 * @kind: which accesses
 * @err: STL_USAGE when it takes more comparators than are free; STL_LINK
 *
 * A comparator covers a power of two, aligned to itself; what is no such thing
 * is put together from several.
 */
int stl_watch_set(struct stl_target *t, struct stl_traps *traps, uint32_t addr,
		  uint32_t len, enum stl_watch_kind kind,
		  struct stl_error *err);

/** stl_watch_clear() - not any more; clearing what isn't set is success */
int stl_watch_clear(struct stl_target *t, struct stl_traps *traps,
		    uint32_t addr, uint32_t len, enum stl_watch_kind kind,
		    struct stl_error *err);

/**
 * stl_watch_hit() - which watchpoint has matched since the last call?
 * @t: target
 * @traps: from stl_traps_begin()
 * @hit: out: the watchpoint
 *
 * Return: true if there is one.
 */
bool stl_watch_hit(struct stl_target *t, const struct stl_traps *traps,
		   struct stl_watch *hit);

#endif
