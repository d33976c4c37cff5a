/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What breakpoint and watchpoint unit share.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STL_TRAP_PRIV_H
#define STL_TRAP_PRIV_H

#include "trap.h"

/** stl_trap_write() - a debug register; @what is done, for the message */
int stl_trap_write(struct stl_target *t, uint32_t reg, uint32_t value,
		   const char *what, struct stl_error *err);

/** stl_trap_read() - the same, to read it */
int stl_trap_read(struct stl_target *t, uint32_t reg, uint32_t *value,
		  const char *what, struct stl_error *err);

/** stl_watches_begin() - count the comparators of the DWT, and clear them */
int stl_watches_begin(struct stl_target *t, struct stl_traps *traps,
		      struct stl_error *err);

/** stl_watches_end() - clear those in use */
int stl_watches_end(struct stl_target *t, struct stl_traps *traps,
		    struct stl_error *err);

#endif
