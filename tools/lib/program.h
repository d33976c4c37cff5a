/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole jobs: program an image, verify one, erase.
 *
 * All need a target attached with STL_CHANGE (verify: any) and identified.
 */
#ifndef STL_PROGRAM_H
#define STL_PROGRAM_H

#include "plan.h"
#include "target.h"

/**
 * struct stl_program_options - zero is the usual
 * @no_verify: don't verify (flags of the flash controller are looked at anyway)
 * @no_run: leave the core halted at its reset vector; close with
 *	STL_LEAVE_HALTED
 * @full: erase and program all that the image touches, whatever is there;
 *	what is beside it is kept all the same
 * @verify_read: verify by reading back and comparing, not by the CRC unit
 * @settle_ms: from the start of the firmware to the look at the core, 0 for the
 *	usual STL_SETTLE_MS
 * @no_loader: put no code into the target's SRAM, which keeps its content;
 *	needs STLINK_FEAT_MEM16, and is slower
 */
struct stl_program_options {
	bool no_verify;
	bool no_run;
	bool full;
	bool verify_read;
	bool no_loader;
	unsigned int settle_ms;
};

/**
 * struct stl_program_result - what was done
 * @image_bytes: bytes of the image
 * @pages_touched: pages the image lies in
 * @pages_erased: pages erased (all of them after a mass erase)
 * @mass_erased: by one mass erase
 * @bytes_programmed: bytes written to flash
 * @begun: flash was about to be changed; what is known to be done is above
 * @flash_us: how long flash had to be busy for it by the data sheet, microseconds
 * @verified: found right afterwards
 * @direct: without code on the target
 * @reloaded: option bytes were reloaded (empty check of a virgin xC) instead
 *	of a plain reset
 * @state: of the core a moment after it was let run; name is NULL with no_run
 */
struct stl_program_result {
	uint32_t image_bytes;
	uint32_t pages_touched;
	uint32_t pages_erased;
	bool mass_erased;
	uint32_t bytes_programmed;
	bool begun;
	uint64_t flash_us;
	bool verified;
	bool direct;
	bool reloaded;
	struct stl_core_state state;
};

/**
 * stl_program() - make the flash hold the image, then run it
 * @t: target
 * @segs: image
 * @num: segments
 * @opts: options, or NULL
 * @result: out: filled as far as it came, or NULL
 * @err: STL_NO_FIT, STL_FILE, STL_PROTECTED: refused before anything was
 *	changed. STL_PROGRAM, STL_MISMATCH, STL_LINK: flash is in between
 *
 * Firmware that locks up afterwards is not an error of this function: look at
 * result->state. On success close with STL_LEAVE_RUNNING, or HALTED for
 * no_run. After a failure STL_LEAVE_AS_FOUND is right.
 */
int stl_program(struct stl_target *t, const struct stl_segment *segs,
		size_t num, const struct stl_program_options *opts,
		struct stl_program_result *result, struct stl_error *err);

/**
 * stl_program_plan() - what stl_program() would do, found out by reading
 * @t: target, of any purpose; nothing is changed, nor halted
 * @segs: image
 * @num: segments
 * @full: as in the options
 * @plan: out; stl_plan_free() it, also after a failure
 * @err: as stl_program() before anything is changed
 */
int stl_program_plan(struct stl_target *t, const struct stl_segment *segs,
		     size_t num, bool full, struct stl_plan *plan,
		     struct stl_error *err);

/**
 * stl_start() - reset the chip, let the new firmware run, look at it
 * @t: identified target (STL_CHANGE)
 * @settle_ms: when to look; 0 for STL_SETTLE_MS
 * @state: out: so much later; name is "unknown" if it can't be reached any more
 * @err: STL_LINK
 *
 * What stl_program() does at its end, for who asked it not to.
 */
int stl_start(struct stl_target *t, unsigned int settle_ms,
	      struct stl_core_state *state, struct stl_error *err);

/**
 * struct stl_verify_result - where it differs
 * @bytes: compared
 * @differences: bytes that differ
 * @addr: first address that differs
 * @expected: byte of the image there
 * @found: byte of the chip there
 */
struct stl_verify_result {
	uint32_t bytes;
	uint32_t differences;
	uint32_t addr;
	uint8_t expected;
	uint8_t found;
};

/**
 * stl_verify() - compare an image with the target's memory
 * @t: target, may be running
 * @segs: image; any readable memory, not flash alone
 * @num: segments
 * @result: out, or NULL
 * @err: STL_MISMATCH (says where first, and guesses why), or as stl_read()
 */
int stl_verify(struct stl_target *t, const struct stl_segment *segs,
	       size_t num, struct stl_verify_result *result,
	       struct stl_error *err);

/**
 * stl_erase_all() - mass erase; checked blank afterwards
 * @t: target
 * @err: STL_PROTECTED, STL_PROGRAM, STL_LINK
 *
 * The core stays halted at reset; close with STL_LEAVE_RUNNING as a rule.
 */
int stl_erase_all(struct stl_target *t, struct stl_error *err);

/**
 * stl_erase_pages() - erase pages; checked blank afterwards
 * @t: target
 * @first: first page
 * @count: number of pages
 * @done: out, or NULL: how many of them were erased, also after a failure
 * @err: as stl_erase_all(), and STL_NO_FIT
 */
int stl_erase_pages(struct stl_target *t, uint32_t first, uint32_t count,
		    uint32_t *done, struct stl_error *err);

#endif
