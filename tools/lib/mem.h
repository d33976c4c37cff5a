/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Target memory for commands: transfers with progress, and failures that say
 * what is at the address.
 */
#ifndef STL_MEM_H
#define STL_MEM_H

#include "target.h"

/**
 * stl_check_read() - can this range be read? Before a long reading
 * @t: identified target
 * @addr: first address
 * @len: bytes, not 0; inside of the address space
 * @err: STL_PROTECTED (flash at RDP level 1); STL_LINK where the part has
 *	nothing at some address and nothing answers there either, with what
 *	can be read of the range, and the memory map
 *
 * Asks the chip at the first address where nothing should be, because some
 * answer there (x4 in the upper half of the window, clones); a note says so.
 */
int stl_check_read(struct stl_target *t, uint32_t addr, uint32_t len,
		   struct stl_error *err);

/**
 * stl_read() - read target memory
 * @t: identified target
 * @addr: first address
 * @buf: to fill
 * @len: bytes
 * @width: access width 1, 2, 4, or 0 for any
 * @done: out: bytes read, also on failure; or NULL
 * @err: STL_PROTECTED (flash at RDP level 1; nothing is sent), STL_LINK with
 *	the first address that can't be read and what is there, STL_USAGE
 *	(alignment, wraps)
 *
 * Reports STL_PHASE_READ for anything above 1 KiB.
 */
int stl_read(struct stl_target *t, uint32_t addr, void *buf, uint32_t len,
	     unsigned int width, uint32_t *done, struct stl_error *err);

/**
 * stl_write() - write target memory that is plain memory or registers
 * @t: identified target
 * @addr: first address
 * @buf: data
 * @len: bytes
 * @width: access width 1, 2, 4, or 0 for any
 * @err: as stl_read(); STL_USAGE for flash and option bytes, which need
 *	stl_program()
 */
int stl_write(struct stl_target *t, uint32_t addr, const void *buf,
	      uint32_t len, unsigned int width, struct stl_error *err);

#endif
