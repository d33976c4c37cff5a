/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * STM32F030 as seen from its pins: supply, nRST, SWD; and from outside with
 * the lid off (chip_peek() and friends) for tests.
 *
 * One timeline: nanoseconds since the simulator started, handed in by the
 * caller, never going back. The chip is brought up to a moment with
 * chip_run_until(); all else happens at chip_now().
 */
#ifndef SIM_CHIP_H
#define SIM_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chip;

/** enum chip_store - what a store to flash does while no program bit is set */
enum chip_store {
	CHIP_STORE_IGNORED,	/* default: no effect, no flag */
	CHIP_STORE_PGERR,
	CHIP_STORE_FAULT,	/* bus error */
};

/** enum chip_rdp1 - what makes a part at RDP level 1 cut off its flash */
enum chip_rdp1 {
	CHIP_RDP1_AP_ACCESS,	/* default: first memory access of the AHB-AP */
	CHIP_RDP1_POWER_UP,	/* CDBGPWRUPREQ */
	CHIP_RDP1_DEBUGEN,	/* DHCSR.C_DEBUGEN */
	CHIP_RDP1_HALT,		/* core in Debug state */
};

/**
 * struct chip_options - what can be chosen
 *
 * Zero in every field is the default, which is what RM0360, RM0091 and the
 * debuggers that work on real parts make likely. "Unverified" marks facts that
 * no source settles; each has its switch, so that a program can be proved
 * against both answers.
 *
 * @part: "F030F4", "F030x6" (also K6, C6), "F030x8" (C8, R8), "F030xC" (CC, RC)
 * @fast: flash and option operations, resets and clock starts take no time
 * @uid: 12 bytes, or NULL for a made-up one
 * @wrp_mass_erase_partial: a mass erase with some blocks protected erases the
 *	others (unverified; default: refused as a whole with WRPRTERR)
 * @x4_upper_half: F030x4: what 08004000-08007FFF does: 0 fault (default),
 *	1 reads FF, 2 works as flash (unverified)
 * @dbgmcu_needs_clock: DBGMCU writes are ignored unless APB2ENR.DBGMCUEN
 *	(unverified; OpenOCD and Black Magic work without)
 * @store_without_pg: unverified, see enum chip_store
 * @rdp1_trigger: unverified, see enum chip_rdp1
 * @rdp1_reset_restores: a system reset gives flash back at RDP level 1
 *	(RM0091 3.3.1 note: only a power-on reset does, the default)
 * @busy_read_fault: reading flash while BSY ends in a bus error instead of
 *	holding the bus (unverified for the AHB-AP)
 * @optkey_wrong_ignored: a wrong OPTKEYR key is no bus error (unverified)
 * @opt_not_erased_pgerr: programming an option byte that is not erased raises
 *	PGERR (seen by Black Magic) instead of WRPRTERR (RM0091)
 * @obr_reserved_zero: OBR bits 11 and 15 read 0 (unverified)
 * @bsy_late: an SR read by the very instruction after the one that set STRT
 *	does not see BSY yet (RM0091 3.2.2 warns of it)
 * @clone: an unbranded Cortex-M0+ copy: other DPIDR and CPUID, holes of the
 *	map read 0, upper half-word writes through the AP are lost
 * @no_hse: no crystal fitted, HSERDY never rises
 * @hse_hz: crystal, 0 for 8 MHz
 * @lsi_hz: low-speed oscillator, 0 for 40 kHz; 30 to 60 kHz are in order
 */
struct chip_options {
	const char *part;
	bool fast;
	const uint8_t *uid;
	bool wrp_mass_erase_partial;
	unsigned int x4_upper_half;
	bool dbgmcu_needs_clock;
	enum chip_store store_without_pg;
	enum chip_rdp1 rdp1_trigger;
	bool rdp1_reset_restores;
	bool busy_read_fault;
	bool optkey_wrong_ignored;
	bool opt_not_erased_pgerr;
	bool obr_reserved_zero;
	bool bsy_late;
	bool clone;
	bool no_hse;
	uint32_t hse_hz;
	uint32_t lsi_hz;
};

struct chip *chip_new(const struct chip_options *options);
void chip_free(struct chip *chip);

/* pins */
void chip_power(struct chip *chip, bool on);
bool chip_powered(const struct chip *chip);
void chip_nrst(struct chip *chip, bool low);
/** chip_hold_nrst() - something on the board holds nRST low, too, or lets go */
void chip_hold_nrst(struct chip *chip, bool low);
void chip_boot0(struct chip *chip, bool high);

/* time */
/** CHIP_CATCH_UP_NS - most virtual time one chip_run_until() runs code for */
#define CHIP_CATCH_UP_NS	200000000ull

/** chip_now() - the moment the chip has been brought up to, never earlier */
uint64_t chip_now(const struct chip *chip);
/**
 * chip_run_until() - let the chip live until @t_ns
 *
 * Code runs at the current HCLK; flash completion, watchdogs and oscillators
 * happen in order. One call executes code for CHIP_CATCH_UP_NS at most, not
 * counting time asleep, halted or locked up. When a caller is later than that,
 * the core and everything that firmware has to attend to (watchdogs, SysTick)
 * stand still for the rest, while flash operations and oscillators go on;
 * chip_now() is @t_ns all the same. Earlier than chip_now(): no effect.
 */
void chip_run_until(struct chip *chip, uint64_t t_ns);
/**
 * chip_next_event() - when it has to be run next although nobody asks
 *
 * UINT64_MAX when nothing can happen by itself (halted, no watchdog).
 */
uint64_t chip_next_event(const struct chip *chip);

/* SWD, one transfer at a time */
enum swd_ack {
	SWD_OK = 1,
	SWD_WAIT = 2,
	SWD_FAULT = 4,
	SWD_NONE = 7,	/* line stays high: nobody there */
};

/** swd_line_reset() - 50 or more clocks high, then idle; DPIDR must follow */
void swd_line_reset(struct chip *chip);

/**
 * swd_transfer() - one SWD packet, as on the wire
 * @ap: APnDP
 * @read: RnW
 * @a: A[3:2] as 0, 4, 8 or 12
 * @value: written, or filled with what is read. Reads of an AP are posted:
 *	the value is that of the access before, as ADIv5 says.
 * @parity_error: set when the data's parity is wrong (fault injection)
 */
enum swd_ack swd_transfer(struct chip *chip, bool ap, bool read, unsigned int a,
			  uint32_t *value, bool *parity_error);

/**
 * struct chip_faults - misbehaviour on request; all zero is a healthy chip
 * @pgerr_at: the n-th half-word programmed from now on fails with PGERR
 * @wrprterr_at: the same with WRPRTERR
 * @stuck_bsy: flash operations that begin while set never end
 * @ap_waits: so many of the next AP transfers are answered WAIT
 * @parity_errors: so many of the next SWD reads have a wrong parity bit
 * @fault_addr: reads by core or AP that touch @fault_len bytes here fault
 * @fault_len: 0 for none
 * @nrst_open: the nRST wire is not connected
 * @power_cut_at: the supply fails during the n-th operation of the flash
 *	controller from now on: an erase, a half-word, an option byte; back to
 *	level 0 counts as two (mass erase, RDP byte)
 * @power_cut_percent: of the time that this operation takes, 0 to 100
 * @cut_by_nrst: it is nRST that is pulled low then, and held; the supply stays
 */
struct chip_faults {
	uint64_t pgerr_at;
	uint64_t wrprterr_at;
	bool stuck_bsy;
	unsigned int ap_waits;
	unsigned int parity_errors;
	uint32_t fault_addr;
	uint32_t fault_len;
	bool nrst_open;
	uint64_t power_cut_at;
	unsigned int power_cut_percent;
	bool cut_by_nrst;
};

/** chip_faults() - the chip's fault settings, to be changed at any time */
struct chip_faults *chip_faults(struct chip *chip);

/* lid off; none of these has side effects on the running chip */
bool chip_peek(struct chip *chip, uint32_t addr, void *buf, size_t len);
/** chip_poke() - flash, option bytes (not yet loaded) and SRAM alike */
bool chip_poke(struct chip *chip, uint32_t addr, const void *buf, size_t len);
uint32_t chip_flash_size(const struct chip *chip);
uint32_t chip_sram_size(const struct chip *chip);
/** chip_core_state() - "off", "reset", "running", "sleeping", "halted", "lockup" */
const char *chip_core_state(const struct chip *chip);
struct cpu *chip_cpu(struct chip *chip);
/** chip_rdp_level() - read protection in force, whatever is stored */
unsigned int chip_rdp_level(const struct chip *chip);
/** chip_reload_options() - as at power-on, after chip_poke() of option bytes */
void chip_reload_options(struct chip *chip);

/** struct chip_counters - what the chip has been through since chip_new() */
struct chip_counters {
	uint64_t page_erases;
	uint64_t mass_erases;
	uint64_t option_erases;
	uint64_t halfwords;		/* programmed into main flash */
	uint64_t option_halfwords;
	uint64_t flash_busy_ns;
	uint64_t system_resets;
	uint64_t power_ons;
	uint64_t watchdog_resets;
	uint64_t flash_errors;		/* PGERR or WRPRTERR raised */
	uint64_t rdp_open_ns;		/* from option erase to RDP written */
};
const struct chip_counters *chip_counters(const struct chip *chip);

#endif
