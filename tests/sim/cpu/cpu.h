/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cortex-M0: ARMv6-M interpreter with exceptions, NVIC, SysTick, system
 * control space and debug (DHCSR, DCRSR, DEMCR, DFSR, BPU, DWT).
 *
 * Knows nothing of any chip around it: memory is reached through struct
 * cpu_bus, time is handed in as cycles.
 */
#ifndef SIM_CPU_H
#define SIM_CPU_H

#include <stdbool.h>
#include <stdint.h>

/** enum bus_result - how a bus access ended */
enum bus_result {
	BUS_OK,
	BUS_FAULT,	/* error response */
	BUS_STALL,	/* held off, e.g. flash busy: try again later */
};

/**
 * struct cpu_bus - what the core sees outside of its private bus
 * @ctx: passed back to every function
 * @read: data read or instruction fetch (@fetch, always 2 bytes) of 1, 2 or 4
 *	bytes, naturally aligned; never called for E0000000-E00FFFFF
 * @write: the same, a write
 * @sysresetreq: AIRCR.SYSRESETREQ was written, by code or debugger. The chip
 *	calls cpu_system_reset() in its own time; cpu_run() returns at once.
 */
struct cpu_bus {
	void *ctx;
	enum bus_result (*read)(void *ctx, uint32_t addr, unsigned int size,
				bool fetch, uint32_t *value);
	enum bus_result (*write)(void *ctx, uint32_t addr, unsigned int size,
				 uint32_t value);
	void (*sysresetreq)(void *ctx);
};

struct cpu;

/** cpu_new() - as after cpu_power_on_reset(); NULL without memory */
struct cpu *cpu_new(const struct cpu_bus *bus);
void cpu_free(struct cpu *cpu);

/** cpu_power_on_reset() - everything, debug registers included */
void cpu_power_on_reset(struct cpu *cpu);

/**
 * cpu_system_reset() - core and system control space; debug logic stays
 *
 * DHCSR (but C_HALT), DEMCR, BPU and DWT survive, S_RESET_ST is set, and with
 * DEMCR.VC_CORERESET and C_DEBUGEN the core halts with MSP and PC loaded.
 * Reads the vectors through the bus, so the memory map must be in its reset
 * state when this is called.
 */
void cpu_system_reset(struct cpu *cpu);

/**
 * cpu_hold() - hold in reset (nRST low): no instruction runs while @on
 *
 * Puts core and system control space in their reset state at once. On the way
 * out the chip calls cpu_system_reset(), before or after cpu_hold(false).
 */
void cpu_hold(struct cpu *cpu, bool on);

/**
 * cpu_run() - run for at most @cycles
 * @cpu: the core
 * @cycles: core clock cycles to spend
 *
 * SysTick counts these cycles, but stands still in Debug state. Sleeping (WFI,
 * WFE), halt and lockup use up cycles without work, quickly.
 *
 * Return: cycles used; fewer than @cycles when the bus stalled the core
 * (cpu_stalled()) or a reset was requested.
 */
uint64_t cpu_run(struct cpu *cpu, uint64_t cycles);

/** cpu_stalled() - did the last cpu_run() end at a stalled bus access? */
bool cpu_stalled(const struct cpu *cpu);

/** cpu_idle() - not executing: halted, held, sleeping or locked up */
bool cpu_idle(const struct cpu *cpu);

/**
 * cpu_ppb_read(), cpu_ppb_write() - private peripheral bus, E0000000-E00FFFFF
 * @debugger: the access comes from the debug port. Registers that only the
 *	debugger may use (DHCSR, DCRSR, DCRDR, DEMCR, BPU, DWT) read as zero
 *	and ignore writes from code.
 */
enum bus_result cpu_ppb_read(struct cpu *cpu, uint32_t addr, unsigned int size,
			     bool debugger, uint32_t *value);
enum bus_result cpu_ppb_write(struct cpu *cpu, uint32_t addr, unsigned int size,
			      bool debugger, uint32_t value);

/** cpu_irq() - level of external interrupt @irq, 0 to 31 */
void cpu_irq(struct cpu *cpu, unsigned int irq, bool level);

/** cpu_nmi() - pend the NMI */
void cpu_nmi(struct cpu *cpu);

/* Wiring by the chip; the defaults of cpu_new() are those of an STM32F030. */
void cpu_set_systick(struct cpu *cpu, uint32_t calib, unsigned int ref_div);
void cpu_set_rom_id(struct cpu *cpu, unsigned int designer, unsigned int part);

/** cpu_stall_cycles() - clocks that passed while the bus stalled the core */
void cpu_stall_cycles(struct cpu *cpu, uint64_t cycles);

/** cpu_next_event() - cycles until SysTick may wake it, or UINT64_MAX */
uint64_t cpu_next_event(const struct cpu *cpu);

/* For tests and for looking from outside; no side effects. */
enum { CPU_SP = 13, CPU_LR, CPU_PC, CPU_XPSR, CPU_MSP, CPU_PSP, CPU_CONTROL = 20 };
/** cpu_reg() - register by DCRSR number; PC is the next instruction's address */
uint32_t cpu_reg(const struct cpu *cpu, unsigned int reg);
void cpu_set_reg(struct cpu *cpu, unsigned int reg, uint32_t value);
bool cpu_halted(const struct cpu *cpu);
bool cpu_lockup(const struct cpu *cpu);
bool cpu_sleeping(const struct cpu *cpu);
/** cpu_sleep_deep() - sleeping with SCR.SLEEPDEEP set: Stop or Standby */
bool cpu_sleep_deep(const struct cpu *cpu);
uint64_t cpu_instructions(const struct cpu *cpu);

#endif
