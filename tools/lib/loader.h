/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flash work by code in SRAM: the host side of loader/loader.S. What is asked
 * for is queued, two deep, and done in that order.
 */
#ifndef STL_LOADER_H
#define STL_LOADER_H

#include "exec.h"

/** STL_LOADER_BUF_MAX - what the probe's firmware takes in one command (OpenOCD) */
#define STL_LOADER_BUF_MAX	6144u

/**
 * struct stl_loader_slot - what one of the two slots was given to do
 * @op: OP_*, 0 for nothing
 * @addr: where in flash
 * @half_words: to program
 * @took_us: what it should take, microseconds
 */
struct stl_loader_slot {
	uint32_t op;
	uint32_t addr;
	uint32_t half_words;
	uint32_t took_us;
};

/**
 * struct stl_loader - a loader in SRAM
 * @exec: the code
 * @buf_size: most bytes that stl_loader_program() takes, a multiple of 1024
 * @slots: what is being done, or will be next
 * @turn: slot for what comes next
 * @turns: things waited for
 * @due_us: when the slot that was filled last should be done
 * @ns_per_half_word: what one took so far
 * @programmed: bytes known to be programmed
 * @erased: erases known to be done
 * @crc: it may use the chip's CRC unit
 */
struct stl_loader {
	struct stl_exec exec;
	uint32_t buf_size;
	struct stl_loader_slot slots[2];
	unsigned int turn;
	unsigned int turns;
	uint64_t due_us;
	uint32_t ns_per_half_word;
	uint32_t programmed;
	uint32_t erased;
	bool crc;
};

/**
 * stl_loader_begin() - put the loader into SRAM and start it
 * @l: to fill
 * @t: identified target, reset and halted (stl_reset_halt()), flash unlocked
 *	(stl_fpec_unlock())
 * @crc: let it try the chip's CRC unit at once; a look-alike without one would
 *	make it crash
 * @err: STL_LINK, STL_PROGRAM when SRAM doesn't keep it
 *
 * From now on the target's registers and flash are the loader's, until
 * stl_loader_end(); its SRAM is.
 */
int stl_loader_begin(struct stl_loader *l, struct stl_target *t, bool crc,
		     struct stl_error *err);

/**
 * stl_loader_erase() - queue the erase of a page, or of all of flash
 * @l: begun
 * @t: target
 * @page: number, or STL_ALL_PAGES
 * @err: of this or of what was queued before: STL_PROTECTED (WRPRTERR),
 *	STL_PROGRAM (names the address; a reset, a crash or a time-out with
 *	PC, SR and CR), STL_LINK. Then only stl_loader_end() makes sense.
 */
int stl_loader_erase(struct stl_loader *l, struct stl_target *t, uint32_t page,
		     struct stl_error *err);

/** STL_ALL_PAGES - for stl_loader_erase(): a mass erase */
#define STL_ALL_PAGES	0xffffffffu

/**
 * stl_loader_program() - queue the programming of one stretch
 * @l: begun
 * @t: target
 * @addr: in flash, even
 * @data: content; half-words FFFF are passed over, for all others flash must be
 *	erased
 * @len: bytes, even, not 0, at most @l->buf_size
 * @err: as stl_loader_erase()
 *
 * @data is free for other use afterwards.
 */
int stl_loader_program(struct stl_loader *l, struct stl_target *t,
		       uint32_t addr, const uint8_t *data, uint32_t len,
		       struct stl_error *err);

/**
 * stl_loader_crc() - CRC-32 of blocks, after all that was queued before
 * @l: begun
 * @t: target
 * @addr: of the first, a multiple of 4
 * @size: bytes of each, a multiple of 16
 * @count: blocks, at most STL_LOADER_CRC_MAX
 * @crc: out: of each, as zlib's crc32() has it
 * @err: as stl_loader_erase()
 *
 * By the chip's CRC unit, over what the core reads.
 */
int stl_loader_crc(struct stl_loader *l, struct stl_target *t, uint32_t addr,
		   uint32_t size, uint32_t count, uint32_t *crc,
		   struct stl_error *err);

/** STL_LOADER_CRC_MAX - blocks: what the smallest buffer has room for */
#define STL_LOADER_CRC_MAX	256u

/**
 * stl_loader_crc_works() - does the chip's CRC unit do as it should?
 * @l: begun
 * @t: target
 * @works: out: it made of the loader itself what it should
 * @err: as stl_loader_erase()
 *
 * A look-alike of the chip may have another one, or none: then this fails with
 * STL_PROGRAM. To be asked first of all: it waits until the loader has shown that
 * it runs.
 */
int stl_loader_crc_works(struct stl_loader *l, struct stl_target *t,
			 bool *works, struct stl_error *err);

/** stl_loader_drain() - wait until all that is queued is done */
int stl_loader_drain(struct stl_loader *l, struct stl_target *t,
		     struct stl_error *err);

/**
 * stl_loader_end() - stop it, the core halted as before
 * @l: begun
 * @t: target
 * @failed: an earlier call failed: best effort, @err is left alone
 * @err: as stl_loader_erase(), of what was still queued or being done
 */
int stl_loader_end(struct stl_loader *l, struct stl_target *t, bool failed,
		   struct stl_error *err);

#endif
