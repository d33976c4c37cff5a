/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programming through code in SRAM: the host side of loader/loader.S.
 */
#ifndef STL_LOADER_H
#define STL_LOADER_H

#include "exec.h"

/**
 * struct stl_loader - a loader in SRAM
 * @exec: the code
 * @buf_size: most bytes that one run can program
 */
struct stl_loader {
	struct stl_exec exec;
	uint32_t buf_size;
};

/**
 * stl_loader_buffer() - bytes that one run can program on this chip
 *
 * At most 6144, what the probe writes in one command; a multiple of 1024.
 */
uint32_t stl_loader_buffer(const struct stl_chip *chip);

/**
 * stl_loader_begin() - put the loader into SRAM
 * @l: to fill
 * @t: identified target, reset and halted (stl_reset_halt())
 * @err: STL_LINK, STL_PROGRAM when SRAM doesn't keep it
 */
int stl_loader_begin(struct stl_loader *l, struct stl_target *t,
		     struct stl_error *err);

/**
 * stl_loader_run() - program one stretch
 * @l: begun
 * @t: target, flash unlocked (stl_fpec_unlock())
 * @addr: in flash, even
 * @data: content; half-words that flash holds already are passed over, all
 *	others must be erased
 * @len: bytes, even, not 0, at most @l->buf_size
 * @err: STL_PROTECTED (WRPRTERR), STL_PROGRAM (names the address; a reset, a
 *	crash or a time-out with PC, SR and CR), STL_LINK
 */
int stl_loader_run(struct stl_loader *l, struct stl_target *t, uint32_t addr,
		   const uint8_t *data, uint32_t len, struct stl_error *err);

/** stl_loader_end() - put the vector catch back as it was. Best effort */
void stl_loader_end(struct stl_loader *l, struct stl_target *t);

#endif
