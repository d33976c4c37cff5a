/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A probe with a chip behind it, in the place of the ioctls: flash controller,
 * option values, watchdog, debug registers. Code that the library starts in
 * SRAM is really executed, by Unicorn.
 */
#ifndef LIB_FAKE_H
#define LIB_FAKE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct fake - the chip; tests set and read what they like
 * @fault_addr_known: the probe tells which address failed (J15)
 * @features: of the probe, STLINK_FEAT_*
 * @no_read_at: reads of this address fault, 0 for none
 * @lie_at: the first read of this address is wrong, 0 for none
 * @fail_attach: errno per attach mode, positive, 0 for success
 * @busy_reads: reads of SR that show BSY after each half-word
 * @no_erase: erases raise EOP and do nothing
 * @stuck_busy: BSY never ends
 * @pgerr_at: this address answers PGERR, 0 for none
 * @flip_at: bit 0 of this half-word can't be cleared, 0 for none
 * @no_eop_at: EOP missing after this address, 0 for none
 * @reset_after: the watchdog bites after so many half-words, 0 for never
 * @crash_after: a half-word's store leads to a HardFault, 0 for never
 * @wait_after: half-words of a write after which the probe gives up, 0 for never
 * @slow_clock: a clock at which it never does can be set
 * @lanes_swapped: 16-bit writes arrive somewhere else
 * @boots_sysmem: flash was empty when option bytes were loaded last: the boot loader
 *	starts, and is at address 0
 * @hang: code that is started never ends
 * @crc_broken: the CRC unit does something else
 * @crc_missing: there is none: a bus error
 * @no_catch: reset does not halt (ETIMEDOUT)
 * @silent: so many resets into firmware get no answer from the probe
 * @refused: and so many after them are refused
 * @busy: so many before those are not even taken
 * @keys_lost: keys of the flash controller arrive broken
 * @locks_up: firmware locks up as soon as it runs
 * @unlock_broken: keys don't work
 * @late_write: flash that the firmware changes just before it is stopped
 * @claimed_by: another process, 0 for nobody
 * @optkeys_broken: OPTKEYR doesn't unlock
 * @opt_refuse: the n-th option operation (from 1) raises @opt_flag instead
 * @opt_flag: flags of FLASH_SR
 * @opt_reset: the chip is reset after the n-th option operation
 * @opt_wrong: the n-th option operation programs something else
 * @events: STLINK_EVENT_* that have come
 * @unplugged: the probe is gone
 * @narrow_mask: the watchpoint unit has two bits of mask only
 * @opt_log: option operations in their order: E for an erase, 0 to 7 for a byte
 */
struct fake {
	uint8_t flash[256 * 1024];
	uint8_t sram[32 * 1024];
	uint8_t option[16];
	uint32_t flash_size, page_size, sram_size;
	uint32_t dpidr, cpuid, idcode, size_reg, obr, wrpr, uid[3];
	uint32_t crc, crc_cr;
	uint32_t cr, sr, ar, rcc_cr, rcc_csr, apb2enr, ahbenr, apb1_fz, demcr;
	uint32_t regs[21];
	unsigned int keys;
	uint32_t dfsr;
	bool halted, lockup, was_reset, attached, claimed;

	bool fault_addr_known;
	uint64_t features;
	uint32_t no_read_at, lie_at;
	unsigned int silent, refused, busy;
	bool reset_taken;
	bool keys_lost;
	int last_error;
	int fail_attach[3];
	unsigned int busy_reads;
	bool no_erase, stuck_busy, hang, crc_broken, crc_missing, no_catch, locks_up, unlock_broken;
	uint32_t pgerr_at, flip_at, no_eop_at;
	unsigned int wait_after, reset_after, crash_after;
	bool slow_clock, lanes_swapped, boots_sysmem;
	uint32_t late_write;
	int claimed_by;
	bool optkeys_broken;
	unsigned int opt_refuse, opt_flag, opt_reset, opt_wrong;
	char opt_log[64];
	unsigned int opt_ops, optkeys;
	uint32_t millivolts;

	unsigned int attaches, attach_modes[8], writes, mem_calls;
	unsigned int page_erases, mass_erases, half_words, runs, resets, halts;
	unsigned int reloads, reloads_running, option_loads;
	uint32_t bp_ctrl, bp_comp[4], dwt[2][4], dbgmcu_cr;
	uint32_t events, events_mask;
	bool unplugged, narrow_mask;
	unsigned int steps;
	uint32_t detach_flags;
	bool touched;	/* by the session: not just looked at */
	uint32_t fz_during_run;
	unsigned int busy_left;
	uint32_t pending;
};

extern struct fake fake;

/** fake_reset() - a blank chip: 4 is F030x4, 6, 8 or 0xc */
void fake_reset(unsigned int part);

/** fake_system_reset() - what a reset of the chip does */
void fake_system_reset(void);

/** fake_read(), fake_write() - a bus access of 1, 2 or 4 bytes; false: fault */
bool fake_read(uint32_t addr, unsigned int size, uint32_t *value);
bool fake_write(uint32_t addr, unsigned int size, uint32_t value);

/** fake_debug_read(), ...: breakpoint and watchpoint unit; false: not theirs */
bool fake_debug_read(uint32_t addr, uint32_t *value);
bool fake_debug_write(uint32_t addr, uint32_t value);

/** fake_option_key(), ...: option bytes; lib_fake_option.c */
bool fake_option_key(uint32_t value);
void fake_option_erase(void);
bool fake_option_program(uint32_t off, unsigned int size, uint32_t value);
void fake_option_load(void);
/** fake_begin() - an operation of the flash controller begins */
void fake_begin(void);

/** fake_execute() - start code in SRAM, at the core's registers */
void fake_execute(void);
/**
 * fake_go_on() - time passes: what was started runs for a while, and may stop;
 * then @halted, @dfsr and the registers are set
 */
void fake_go_on(void);
/** fake_finish() - much time passes */
void fake_finish(void);
/** fake_stop() - the core is halted, or reset */
void fake_stop(void);

#endif
