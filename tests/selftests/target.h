/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A chip for the scripted probe to look at: flash, SRAM, one odd peripheral
 * and the debug registers of a Cortex-M0. It executes no instructions; a step
 * adds two to the PC and a reset loads SP and PC from the vector table.
 *
 * The numbers are those of the Armv6-M Architecture Reference Manual (ARM DDI
 * 0419), chapter C1, and of the STM32F0 (RM0360, 2.2).
 */
#ifndef SELFTESTS_TARGET_H
#define SELFTESTS_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLASH_BASE	0x08000000u
#define FLASH_SIZE	0x4000u
#define SRAM_BASE	0x20000000u
#define SRAM_SIZE	0x1000u
/* 128 KiB of RAM that no STM32F030 has, for long transfers */
#define BIGRAM_BASE	0x60000000u
#define BIGRAM_SIZE	0x20000u
/* A data register: what is written queues up, reading counts upwards */
#define FIFO_ADDR	0x40013000u
#define FIFO_DEPTH	64
/* A status register that says 1 until it was read poll_after times */
#define BUSY_ADDR	0x40013010u
/* The last words of the address space, plain RAM here */
#define TOP_BASE	0xfffffff0u
#define TOP_SIZE	0x10u

#define REG_CPUID	0xe000ed00u
#define REG_AIRCR	0xe000ed0cu
#define REG_DFSR	0xe000ed30u
#define REG_DHCSR	0xe000edf0u
#define REG_DCRSR	0xe000edf4u
#define REG_DCRDR	0xe000edf8u
#define REG_DEMCR	0xe000edfcu
#define REG_BPU_CTRL	0xe0002000u
#define REG_BPU_COMP	0xe0002008u
#define REG_DWT_CTRL	0xe0001000u
#define REG_DWT_COMP	0xe0001020u

#define DHCSR_KEY	0xa05f0000u
#define C_DEBUGEN	(1u << 0)
#define C_HALT		(1u << 1)
#define C_STEP		(1u << 2)
#define C_MASKINTS	(1u << 3)
#define S_REGRDY	(1u << 16)
#define S_HALT		(1u << 17)
#define S_SLEEP		(1u << 18)
#define S_LOCKUP	(1u << 19)
#define S_RESET_ST	(1u << 25)
#define VC_CORERESET	(1u << 0)
#define DWTENA		(1u << 24)
#define DFSR_HALTED	(1u << 0)
#define DFSR_BKPT	(1u << 1)
#define DFSR_VCATCH	(1u << 3)

#define CPUID_M0	0x410cc200u
#define DPIDR_M0	0x0bb11477u

/* Raw ST-Link status bytes as accesses end with */
#define ST_OK		0x80
#define ST_AP_WAIT	0x10
#define ST_AP_FAULT	0x11

/**
 * struct target_fault - addresses that don't answer properly
 * @lo: first address
 * @hi: last address
 * @status: status byte of accesses there, 0 for an unused entry
 * @writes_only: reading works
 * @times: accesses that fail before it works again, 0 for ever
 */
struct target_fault {
	uint32_t lo;
	uint32_t hi;
	uint8_t status;
	bool writes_only;
	unsigned int times;
};

/**
 * struct target - the chip
 * @present: SWD is connected and powered
 * @nrst_wired: the probe's reset line arrives
 * @sysreset_works: AIRCR.SYSRESETREQ resets
 * @halt_works: C_HALT halts the core
 * @sleeps: the next @sleeps connection attempts fail
 * @nrst_low: the line is low
 * @halted: in Debug state
 * @locked_up: DHCSR.S_LOCKUP
 * @asleep: DHCSR.S_SLEEP
 * @was_reset: DHCSR.S_RESET_ST
 * @halt_after: a running core halts when DHCSR was read that often; 0 never
 * @control: C_* bits of DHCSR
 * @demcr: DEMCR
 * @dfsr: DFSR
 * @bpu_ctrl: BPU CTRL, @bpu: its comparators
 * @dwt: DWT comparator, mask, function, of two
 * @reg: core registers, by DCRSR.REGSEL
 * @dcrdr: DCRDR
 * @resets: resets seen
 * @writes: writes to anything seen, also to registers
 * @fifo: what was written to FIFO_ADDR
 * @fifo_writes: how much of it
 * @fifo_reads: number that reading FIFO_ADDR returns next
 * @fifo_room: accesses to FIFO_ADDR until it answers with a fault
 * @poll_after: reads of BUSY_ADDR that see 1
 * @fault: bad addresses
 * @dpidr: what READ_IDCODES finds
 * @on_read: called before each read, unless NULL
 */
struct target {
	bool present;
	bool nrst_wired;
	bool sysreset_works;
	bool halt_works;
	unsigned int sleeps;
	bool nrst_low;
	bool halted;
	bool locked_up;
	bool asleep;
	bool was_reset;
	unsigned int halt_after;
	uint32_t control;
	uint32_t demcr;
	uint32_t dfsr;
	uint32_t bpu_ctrl;
	uint32_t bpu[4];
	uint32_t dwt[8];
	uint32_t reg[21];
	uint32_t dcrdr;
	unsigned int resets;
	unsigned int writes;
	uint32_t fifo[FIFO_DEPTH];
	unsigned int fifo_writes;
	uint32_t fifo_reads;
	unsigned int fifo_room;
	unsigned int poll_after;
	struct target_fault fault[4];
	uint32_t dpidr;
	void (*on_read)(struct target *t, uint32_t addr);
	uint8_t flash[FLASH_SIZE];
	uint8_t sram[SRAM_SIZE];
	uint8_t bigram[BIGRAM_SIZE];
	uint8_t top[TOP_SIZE];
};

void target_init(struct target *t);
struct target_fault *target_fault(struct target *t, uint32_t lo, uint32_t hi,
				  uint8_t status);
uint8_t target_read(struct target *t, uint32_t addr, unsigned int width,
		    uint32_t *value);
uint8_t target_write(struct target *t, uint32_t addr, unsigned int width,
		     uint32_t value);
void target_nrst(struct target *t, bool low);
uint8_t *target_ram(struct target *t, uint32_t addr);

#endif
