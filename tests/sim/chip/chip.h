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

/**
 * struct chip_options - what can be chosen
 * @part: "F030F4", "F030x6" (also K6, C6), "F030x8" (C8, R8), "F030xC" (CC, RC)
 * @fast: flash and option operations take no time
 * @uid: 12 bytes, or NULL for a made-up one
 * @wrp_mass_erase_partial: a mass erase with some blocks protected erases the
 *	others (unverified on hardware; default: refused as a whole)
 * @x4_upper_half: F030x4: what 08004000-08007FFF does: 0 fault (default),
 *	1 reads FF, 2 works as flash
 * @dbgmcu_needs_clock: DBGMCU writes are ignored unless APB2ENR.DBGMCUEN
 * (more as needed, each with its default = what the fact sheet takes for
 * likely)
 */
struct chip_options {
	const char *part;
	bool fast;
	const uint8_t *uid;
	bool wrp_mass_erase_partial;
	unsigned int x4_upper_half;
	bool dbgmcu_needs_clock;
};

struct chip *chip_new(const struct chip_options *options);
void chip_free(struct chip *chip);

/* pins */
void chip_power(struct chip *chip, bool on);
bool chip_powered(const struct chip *chip);
void chip_nrst(struct chip *chip, bool low);
void chip_boot0(struct chip *chip, bool high);

/* time */
uint64_t chip_now(const struct chip *chip);
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

/* lid off; none of these has side effects on the running chip */
bool chip_peek(struct chip *chip, uint32_t addr, void *buf, size_t len);
/** chip_poke() - flash, option bytes (not yet loaded) and SRAM alike */
bool chip_poke(struct chip *chip, uint32_t addr, const void *buf, size_t len);
uint32_t chip_flash_size(const struct chip *chip);
uint32_t chip_sram_size(const struct chip *chip);
/** chip_core_state() - "off", "reset", "running", "sleeping", "halted", "lockup" */
const char *chip_core_state(const struct chip *chip);
struct cpu *chip_cpu(struct chip *chip);
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
};
const struct chip_counters *chip_counters(const struct chip *chip);

#endif
