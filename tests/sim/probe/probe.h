/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The probe's firmware: takes packets of the debug endpoint, drives the chip
 * by SWD transfers, hands back answers with the moment at which they are
 * ready. Knows nothing of USB beyond "a packet came".
 *
 * Facts about the protocol come from public hosts (OpenOCD stlink_usb.c,
 * pyOCD, stlink-org, probe-rs, Black Magic Debug) and captures; where they
 * leave something open there is an option.
 */
#ifndef SIM_PROBE_H
#define SIM_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct chip;
struct probe;

/** enum probe_mode - answer of F5 */
enum probe_mode {
	MODE_DFU = 0,
	MODE_MASS = 1,
	MODE_DEBUG = 2,
	MODE_SWIM = 3,
	MODE_BOOTLOADER = 4,
};

/** enum probe_ap_open - which commands need an access port opened by 4B */
enum probe_ap_open {
	AP_OPEN_AUTO,	/* memory commands, from J37 on */
	AP_OPEN_NEVER,
	AP_OPEN_ALWAYS,	/* all that go through an AP, from J28 on */
};

/** enum probe_misc - what nobody knows of RW_MISC */
enum probe_misc {
	MISC_STOP,	/* AP 0 unless told; nothing behind an error is done */
	MISC_GO_ON,	/* what comes behind an error is done */
	MISC_KEEP_AP,	/* the AP told last, be it by an earlier host: 2 */
	MISC_NEED_AP,	/* 1D unless told in the same exchange */
	MISC_NONE,	/* not there, whatever the version says */
};

/** enum probe_tar - a block of words that crosses 1 KiB, from J24 on */
enum probe_tar {
	TAR_MINDED,	/* TAR is written there */
	TAR_WRAPS,	/* it isn't, and the AP begins again */
};

/** enum probe_unknown - what a command that the firmware lacks does */
enum probe_unknown {
	UNKNOWN_42,	/* status 42 in an answer of the usual length */
	UNKNOWN_STALL,
	UNKNOWN_SILENCE,
};

/**
 * struct probe_version - of the firmware
 * @v: hardware, 2
 * @j: JTAG and SWD part
 * @s: SWIM part, or mass storage part where @letter is 'M'
 * @letter: 'S' or 'M'
 */
struct probe_version {
	unsigned int v, j, s;
	char letter;
};

/**
 * struct probe_options - what can be chosen; see README.md for the meaning
 * @wait_tries: 0 for the usual
 * @a0: ADC reading of the 1.2 V reference
 * @a1: ADC reading of half the target's supply
 */
struct probe_options {
	struct probe_version version;
	uint16_t pid;
	enum probe_mode start_mode;
	bool dfu_reenumerate;
	bool nrst_wired;
	enum probe_ap_open ap_open;
	enum probe_unknown unknown;
	enum probe_misc misc;
	enum probe_tar tar;
	bool readreg_error;
	bool usb_reset_mass;
	bool voltage_silent;
	unsigned int wait_tries;
	uint32_t a0, a1;
	bool fast;
};

/**
 * struct probe_sink - where answers go
 * @answer: @len bytes, to be had from @ready_ns on
 * @stall: the IN endpoint halts
 * @reenumerate: off the bus at @off_ns, back at @on_ns
 * @wire: an SWD transfer begins; NULL where nobody wants to know
 */
struct probe_sink {
	void *ctx;
	void (*answer)(void *ctx, const uint8_t *data, size_t len,
		       uint64_t ready_ns);
	void (*stall)(void *ctx, uint64_t ready_ns);
	void (*reenumerate)(void *ctx, uint64_t off_ns, uint64_t on_ns);
	void (*wire)(void *ctx);
};

/** struct probe_counters - since the start, or since they were reset */
struct probe_counters {
	uint64_t exchanges;		/* command blocks */
	uint64_t swd_transfers;
	uint64_t swd_clocks;
	uint64_t swd_waits;		/* WAIT acknowledges */
	uint64_t busy_ns;		/* time at work on commands */
};

/**
 * struct probe_inject - faults on request; each counts down to zero
 * @code: status that the next @code_count commands end with
 * @wait_fault_ok: 2: WAIT is next, 1: FAULT is next
 * @wait_count: commands that end with @wait_code
 * @parity: SWD reads that arrive with wrong parity
 * @swd_dead: nobody answers on SWD
 */
struct probe_inject {
	uint8_t code;
	unsigned int code_count;
	uint8_t wait_code;
	unsigned int wait_count;
	unsigned int wait_fault_ok;
	unsigned int stalls, silents, shorts, longs;
	unsigned int parity;
	bool swd_dead;
};

/** struct probe_state - for looking from outside */
struct probe_state {
	enum probe_mode mode;
	bool nrst_low;
	unsigned int divisor;
	uint8_t rw_status;
	uint32_t open_aps;	/* bit n: AP n, of the first 32 */
};

/**
 * probe_version_parse() - "V2J37S7" or "V2J45M30"
 *
 * Return: false when @text is not of that form, or a field does not fit into
 * the version word (V 2, J 1 to 63, S or M 0 to 63).
 */
bool probe_version_parse(const char *text, struct probe_version *version);

/** probe_new() - power up; @options are copied, @chip may be changed later */
struct probe *probe_new(const struct probe_options *options,
			const struct probe_sink *sink, struct chip *chip);
void probe_free(struct probe *probe);

/** probe_set_chip() - another board under the same probe; levels persist */
void probe_set_chip(struct probe *probe, struct chip *chip);

/** probe_power_cycle() - unplugged and plugged in again: start mode, defaults */
void probe_power_cycle(struct probe *probe, uint64_t now_ns);

/** probe_usb_reset() - the bus was reset: forget a half-finished exchange */
void probe_usb_reset(struct probe *probe);

/**
 * probe_out() - one packet of at most 64 bytes came at @t_ns
 *
 * All work that follows is done at once, on the timeline: the chip is ahead of
 * the host until the host's clock has come to probe_busy_until().
 */
void probe_out(struct probe *probe, const uint8_t *data, size_t len,
	       uint64_t t_ns);

/** probe_busy_until() - until when packets are answered by NAK */
uint64_t probe_busy_until(const struct probe *probe);

/** probe_wants_data() - is the next packet data of a command, or a command? */
bool probe_wants_data(const struct probe *probe);

/** probe_set_nrst_wired() - connect or cut the reset line */
void probe_set_nrst_wired(struct probe *probe, bool wired);
void probe_set_voltage(struct probe *probe, uint32_t a0, uint32_t a1,
		       bool silent);
/** probe_set_log() - hexadecimal log of every exchange, NULL for none */
void probe_set_log(struct probe *probe, FILE *log);

struct probe_inject *probe_inject(struct probe *probe);
struct probe_counters *probe_counters(struct probe *probe);
struct probe_state probe_state(const struct probe *probe);

#endif
