/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flash controller (FPEC), driven through the debug port while the core
 * is halted.
 */
#ifndef STL_FPEC_H
#define STL_FPEC_H

#include "target.h"

/**
 * stl_fpec_unlock() - clear CR.LOCK with the keys
 * @t: identified target, core halted
 * @err: STL_PROGRAM when it stays locked: a wrong key was written since the
 *	last reset; STL_LINK
 */
int stl_fpec_unlock(struct stl_target *t, struct stl_error *err);

/** stl_fpec_lock() - end of flash work: clear CR, set LOCK. Best effort */
void stl_fpec_lock(struct stl_target *t);

/**
 * stl_fpec_erase_page() - erase one page; about 30 ms
 * @t: unlocked target, core halted
 * @page: number
 * @err: STL_PROTECTED (WRPRTERR), STL_PROGRAM, STL_LINK
 */
int stl_fpec_erase_page(struct stl_target *t, uint32_t page,
			struct stl_error *err);

/** stl_fpec_erase_all() - mass erase; as stl_fpec_erase_page() */
int stl_fpec_erase_all(struct stl_target *t, struct stl_error *err);

/**
 * stl_fail_flash() - the error for flags of FLASH_SR
 * @t: target
 * @err: to fill
 * @sr: FLASH_SR after the operation
 * @doing: "erasing page 3"
 *
 * Return: STL_PROTECTED for WRPRTERR, else STL_PROGRAM.
 */
int stl_fail_flash(struct stl_target *t, struct stl_error *err, uint32_t sr,
		   const char *doing);

#endif
