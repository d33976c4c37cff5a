/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When to look whether something is done: not before it can be.
 */
#ifndef STL_PACE_H
#define STL_PACE_H

#include <stdint.h>

/** stl_now_us() - microseconds of a clock that never jumps */
uint64_t stl_now_us(void);

/** stl_wait_until_us() - sleep until then; at once when that is over */
void stl_wait_until_us(uint64_t when);

#endif
