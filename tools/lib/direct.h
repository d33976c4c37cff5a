/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programming without code on the target: half-words written to flash through the
 * probe. For when SRAM must keep what it holds.
 */
#ifndef STL_DIRECT_H
#define STL_DIRECT_H

#include "target.h"

/**
 * stl_direct_possible() - can this probe write 16 bits at a time?
 *
 * STLINK_FEAT_MEM16, firmware J26 or later. Flash takes no other width.
 */
bool stl_direct_possible(const struct stl_target *t);

/**
 * stl_direct_run() - program one stretch
 * @t: target, halted, flash unlocked (stl_fpec_unlock())
 * @addr: in flash, even
 * @have: what it holds now
 * @want: what it shall hold; where that differs, @have is FFFF or @want 0000
 * @len: bytes, even, not 0, at most 2048
 * @err: STL_PROTECTED (WRPRTERR), STL_PROGRAM (names the address), STL_LINK
 *
 * A half-word takes longer than an access at a fast clock, so that the probe may
 * meet WAIT and give up in the middle of a block. What was done by then is read
 * back, and the rest done in smaller blocks.
 */
int stl_direct_run(struct stl_target *t, uint32_t addr, const uint8_t *have,
		   const uint8_t *want, uint32_t len, struct stl_error *err);

#endif
