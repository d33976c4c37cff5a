/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session with the chip at the other end of the probe: attaching,
 * identifying, controlling the core, leaving it the way it should be.
 */
#ifndef STL_TARGET_H
#define STL_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "chip.h"
#include "error.h"
#include "probe.h"

/** STL_MIN_SUPPLY_MV - lowest supply of the STM32F030: its datasheet, DS9773 */
#define STL_MIN_SUPPLY_MV	2400
/**
 * STL_NO_SUPPLY_MV - below this nothing of the family answers; far below the
 * above, since the readings of clones are rough
 */
#define STL_NO_SUPPLY_MV	1500

/** enum stl_mode - how to attach, from the command line */
enum stl_mode {
	STL_MODE_AUTO,
	STL_MODE_NORMAL,
	STL_MODE_UNDER_RESET,
	STL_MODE_HOT_PLUG,
};

/**
 * enum stl_purpose - what the session is for
 * @STL_LOOK: must leave the target as it is. STL_MODE_AUTO: hot-plug, then
 *	normal; never a reset
 * @STL_CHANGE: claims the probe. STL_MODE_AUTO: normal, under reset, hot-plug
 */
enum stl_purpose {
	STL_LOOK,
	STL_CHANGE,
};

/** enum stl_phase - of a long job, for the progress callback */
enum stl_phase {
	STL_PHASE_READ,
	STL_PHASE_ERASE,
	STL_PHASE_PROGRAM,
	STL_PHASE_VERIFY,
};

/** enum stl_note - weight of a note */
enum stl_note {
	STL_NOTE_DETAIL,	/* for -v */
	STL_NOTE_INFO,		/* e.g. which attach mode worked after all */
	STL_NOTE_WARNING,
};

/**
 * struct stl_callbacks - how the library talks while it works
 * @ctx: passed back
 * @note: a line of text without newline, or NULL
 * @progress: @done of @total (bytes; pages for STL_PHASE_ERASE), or NULL.
 *	Called at 0 and at @total too. Non-zero asks to stop: that happens at
 *	the next safe point, and the call fails with STL_PROGRAM or STL_LINK
 *	and errnum EINTR
 */
struct stl_callbacks {
	void *ctx;
	void (*note)(void *ctx, enum stl_note weight, const char *text);
	int (*progress)(void *ctx, enum stl_phase phase, uint32_t done,
			uint32_t total);
};

/** enum stl_leave - how stl_target_close() leaves the core */
enum stl_leave {
	STL_LEAVE_AS_FOUND,	/* halted if it was found halted */
	STL_LEAVE_RUNNING,
	STL_LEAVE_HALTED,
};

/**
 * struct stl_target - a session; members are for reading only
 * @fd: the probe
 * @probe: which one
 * @info: what the driver says about it
 * @cb: callbacks
 * @purpose: as asked for
 * @mode: enum stlink_attach_mode that worked
 * @result: STLINK_ATTACHED_*
 * @clock_khz: SWD clock, 0 unknown
 * @voltage_mv: supply of the target, 0 unknown
 * @port_answered: after a failure to attach: the debug port did answer
 * @found_halted: the core was halted before we came
 * @chip: valid after stl_target_identify()
 * @saved: debug settings to restore, RCC_CSR as it was; private to the library
 */
struct stl_target {
	int fd;
	struct stl_probe probe;
	struct stlink_info info;
	struct stl_callbacks cb;
	enum stl_purpose purpose;
	unsigned int mode;
	uint32_t result;
	uint32_t clock_khz;
	uint32_t voltage_mv;
	uint32_t dpidr;
	uint32_t cpuid;
	bool port_answered;
	bool found_halted;
	struct stl_chip chip;
	struct {
		bool valid;
		bool clock_ours;
		uint32_t apb1_fz;
		uint32_t csr;
		uint32_t dbgmcu_cr;
	} saved;
};

/**
 * struct stl_attach_options - how to begin
 * @mode: enum stl_mode
 * @purpose: enum stl_purpose
 * @clock_khz: fastest SWD clock allowed, kHz, 0 for the default
 * @share: STL_CHANGE without a claim, so that others can look meanwhile; those
 *	who want to change something are refused all the same, as far as they
 *	use this library. For sessions that last long
 * @cb: callbacks; copied
 */
struct stl_attach_options {
	enum stl_mode mode;
	enum stl_purpose purpose;
	uint32_t clock_khz;
	bool share;
	struct stl_callbacks cb;
};

/**
 * stl_target_open() - attach on an open probe
 * @t: to fill
 * @fd: from stl_probe_open(); stays the caller's to close
 * @probe: from stl_probe_open(), for messages, or NULL
 * @opts: how
 * @err: STL_NO_TARGET with what was tried and what to look at,
 *	STL_PROBE_BUSY, STL_NO_PERMISSION, STL_USAGE (clock), STL_LINK
 *
 * On failure nothing is left claimed or attached; @t->port_answered tells whether
 * it was the core alone that didn't answer.
 */
int stl_target_open(struct stl_target *t, int fd,
		    const struct stl_probe *probe,
		    const struct stl_attach_options *opts,
		    struct stl_error *err);

/**
 * stl_target_claim() - have the probe alone for a while, in a session that shares
 * @t: session opened with @share
 * @err: STL_PROBE_BUSY
 *
 * For what must not be held up by somebody who looks, such as programming.
 */
int stl_target_claim(struct stl_target *t, struct stl_error *err);

/** stl_target_release() - end of that; harmless without a claim */
void stl_target_release(struct stl_target *t);

/**
 * stl_target_identify() - find out what chip it is, into @t->chip
 * @t: attached target
 * @err: STL_NO_TARGET when it isn't one of the family (with what it looks
 *	like), STL_LINK
 *
 * Reads only. Legal at RDP level 1.
 */
int stl_target_identify(struct stl_target *t, struct stl_error *err);

/**
 * stl_target_busy() - say who has the probe
 * @t: the session
 * @err: what went wrong; replaced if it was that another program has claimed
 *	the probe in the meantime
 *
 * Return: the code of @err.
 */
int stl_target_busy(struct stl_target *t, struct stl_error *err);

/**
 * stl_explain_board() - after a failure: what became of the board?
 * @t: the session
 * @err: what went wrong; its hint says what was found, where it can be the board's
 *	fault: no supply (then STL_NO_TARGET), held in reset, no answer on SWD
 *
 * Return: the code of @err.
 */
int stl_explain_board(struct stl_target *t, struct stl_error *err);

/**
 * stl_target_close() - restore what was changed, detach, release the claim
 * @t: attached target
 * @leave: what becomes of the core
 * @err: STL_LINK, STL_NO_PERMISSION (halted can't be kept on a read-only
 *	descriptor)
 *
 * With STL_LEAVE_HALTED the watchdogs stay frozen for as long as the core is
 * halted: otherwise they would start it again.
 */
int stl_target_close(struct stl_target *t, enum stl_leave leave,
		     struct stl_error *err);

/**
 * struct stl_core_state - the core, for a person
 * @name: "running", "sleeping", "halted" or "lockup"; "unknown" after
 *	stl_program() when the new firmware can't be reached any more
 * @bits: STLINK_CORE_*
 * @dhcsr: DHCSR
 * @dfsr: DFSR, if halted
 * @pc_valid: @pc, @sp and @xpsr are known: the core is halted, or was for a
 *	moment to explain a lockup after a reset that we did
 * @pc: program counter
 * @sp: stack pointer in use
 * @xpsr: program status
 * @why: what explains it, or "": why it halted; why it locked up, from the
 *	vectors in flash
 */
struct stl_core_state {
	const char *name;
	uint32_t bits;
	uint32_t dhcsr;
	uint32_t dfsr;
	bool pc_valid;
	uint32_t pc;
	uint32_t sp;
	uint32_t xpsr;
	char why[256];
};

/** stl_core_state() - look at the core; halts nothing, resets nothing */
int stl_core_state(struct stl_target *t, struct stl_core_state *state,
		   struct stl_error *err);

/**
 * stl_core_halt() - halt the core, and the watchdogs with it
 * @t: identified target (STL_CHANGE)
 * @err: STL_LINK
 */
int stl_core_halt(struct stl_target *t, struct stl_error *err);

/** stl_core_run() - let a halted core go on */
int stl_core_run(struct stl_target *t, struct stl_error *err);

/** STL_SETTLE_MS - from a reset to the look at what the firmware does */
#define STL_SETTLE_MS	50u

/**
 * stl_core_reset() - reset the chip
 * @t: attached target (STL_CHANGE)
 * @halt: stop before the first instruction; else let it run
 * @settle_ms: when to look at it when running; 0 for STL_SETTLE_MS
 * @state: out: so much later when running; or NULL
 * @err: STL_LINK when the reset had no effect
 *
 * With @halt close with STL_LEAVE_HALTED.
 */
int stl_core_reset(struct stl_target *t, bool halt, unsigned int settle_ms,
		   struct stl_core_state *state, struct stl_error *err);

#endif
