/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Running code in the target's SRAM. loader/layout.h says what lies where.
 */
#ifndef STL_EXEC_H
#define STL_EXEC_H

#include "target.h"

/**
 * struct stl_code_block - code for LOADER_BASE
 * @name: for messages: "flash loader"
 * @doing: what it does, for messages: "programming"
 * @bytes: the code
 * @size: bytes of it, a multiple of 4, at most LOADER_CODE_MAX
 * @start: where it begins
 * @stop: address of the BKPT at its end
 */
struct stl_code_block {
	const char *name;
	const char *doing;
	const uint8_t *bytes;
	uint32_t size;
	uint32_t start;
	uint32_t stop;
};

/**
 * struct stl_exec - code that is in SRAM
 * @code: which; its bytes were needed by stl_exec_begin() alone
 * @demcr: DEMCR to put back
 * @state: STLINK_CORE_* seen since it was started
 */
struct stl_exec {
	struct stl_code_block code;
	uint32_t demcr;
	uint32_t state;
};

/**
 * stl_exec_begin() - put code into SRAM
 * @x: to fill
 * @t: identified target, reset and halted (stl_reset_halt())
 * @code: what; copied
 * @err: STL_LINK, STL_PROGRAM when SRAM doesn't keep it
 */
int stl_exec_begin(struct stl_exec *x, struct stl_target *t,
		   const struct stl_code_block *code, struct stl_error *err);

/**
 * stl_exec_start() - let it run, with interrupts masked
 * @x: begun
 * @t: target
 * @err: STL_LINK
 */
int stl_exec_start(struct stl_exec *x, struct stl_target *t,
		   struct stl_error *err);

/**
 * stl_exec_wait() - until it has stopped where it should
 * @x: started
 * @t: target
 * @timeout_ms: milliseconds that it may take
 * @err: STL_PROGRAM (a reset, a crash or a time-out with PC, SR and CR),
 *	STL_LINK
 */
int stl_exec_wait(struct stl_exec *x, struct stl_target *t,
		  uint32_t timeout_ms, struct stl_error *err);

/** stl_exec_run() - both: what it takes is waited for */
int stl_exec_run(struct stl_exec *x, struct stl_target *t, uint32_t timeout_ms,
		 struct stl_error *err);

/** stl_exec_end() - put the vector catch back as it was. Best effort */
void stl_exec_end(struct stl_exec *x, struct stl_target *t);

#endif
