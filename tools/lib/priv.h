/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the library share among themselves.
 */
#ifndef STL_PRIV_H
#define STL_PRIV_H

#include "target.h"

/** stl_note() - hand a line of text to the callbacks */
void stl_note(struct stl_target *t, enum stl_note weight, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * stl_progress() - report progress
 *
 * Return: true when the job is to be stopped; the caller answers with
 * stl_fail_stopped() at its next safe point.
 */
bool stl_progress(struct stl_target *t, enum stl_phase phase, uint32_t done,
		  uint32_t total);

/** stl_fail_stopped() - the error for a job stopped by the progress callback */
int stl_fail_stopped(struct stl_error *err, enum stl_code code);

/** stl_sleep_ms() - sleep; signals don't shorten it */
void stl_sleep_ms(unsigned int ms);

/**
 * stl_freeze_watchdogs() - stop both watchdogs while the core is halted
 * @t: identified target
 * @err: STL_LINK
 *
 * Sets DBGMCU_APB1_FZ, remembering what was there for stl_unfreeze(), and
 * reloads the independent watchdog. To be called again after each reset:
 * the clock enable of DBGMCU doesn't survive one.
 */
int stl_freeze_watchdogs(struct stl_target *t, struct stl_error *err);

/** stl_unfreeze() - put DBGMCU_APB1_FZ back; failures are of no consequence */
void stl_unfreeze(struct stl_target *t);

/**
 * stl_reset_halt() - a chip fit for flash work: reset, halted before the
 * first instruction, clocks as after reset, watchdogs frozen
 * @t: identified target
 * @err: STL_LINK
 *
 * Where no reset works the core is halted, HSI made ready, DMA stopped and
 * an active exception forgotten; a note says so.
 */
int stl_reset_halt(struct stl_target *t, struct stl_error *err);

/**
 * stl_option_launch() - OBL_LAUNCH, and wait for the reset that it causes
 *
 * Whatever is stored: whether that may be put in force is for the caller to see.
 */
void stl_option_launch(struct stl_target *t);

/** stl_reset_seen() - the flags of RCC_CSR that are set now are the past */
void stl_reset_seen(struct stl_target *t);
/** stl_reset_cause() - why the chip was reset since stl_reset_seen(), in words */
const char *stl_reset_cause(struct stl_target *t);

/**
 * stl_fail_reset() - the error for a chip that was reset while we worked
 * @t: target; RCC_CSR is read for the cause
 * @err: to fill
 * @doing: "erasing", "programming"
 *
 * Return: STL_PROGRAM.
 */
int stl_fail_reset(struct stl_target *t, struct stl_error *err,
		   const char *doing);

/** stl_require_change() - STL_USAGE unless attached with STL_CHANGE */
int stl_require_change(struct stl_target *t, struct stl_error *err);

/** stl_explain_lockup() - why did it lock up? From the vectors in flash */
void stl_explain_lockup(struct stl_target *t, char *buf, size_t len);

/**
 * stl_read_quiet() - stl_read() of plain memory, any width, without progress
 * @t: target
 * @addr: first address
 * @buf: to fill
 * @len: bytes
 * @err: as stl_read()
 */
int stl_read_quiet(struct stl_target *t, uint32_t addr, void *buf,
		   uint32_t len, struct stl_error *err);

/**
 * stl_check_rdp_read() - STL_PROTECTED when the range has flash that read
 * protection hides; known from FLASH_OBR, so that flash isn't touched
 */
int stl_check_rdp_read(const struct stl_target *t, uint32_t addr, uint32_t len,
		       struct stl_error *err);

/**
 * stl_fail_access() - the error for a failed memory access
 * @t: target; if not identified, without the name of the region
 * @err: to fill
 * @ret: negative errno
 * @write: it was a write
 * @addr: first address that failed
 * @status: status byte of the probe
 *
 * Return: the code.
 */
int stl_fail_access(struct stl_target *t, struct stl_error *err, int ret,
		    bool write, uint32_t addr, uint32_t status);

#endif
