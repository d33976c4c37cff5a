// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a core: made, powered on, reset, held in reset.
 */
#include <stdlib.h>

#include "internal.h"

/* The system exceptions have no enable bit on ARMv6-M. */
#define ALWAYS_ENABLED	(EXC_BIT(EXC_NMI) | EXC_BIT(EXC_HARDFAULT) | \
			 EXC_BIT(EXC_SVC) | EXC_BIT(EXC_PENDSV) | \
			 EXC_BIT(EXC_SYSTICK))

/*
 * SysTick of the STM32F0: reference clock HCLK/8, and 6000 of its ticks at 48
 * MHz are 1 ms (RM0360 11.1.2; SKEW, bit 30, as the header files of other
 * parts show it).
 */
#define TICK_CALIB	(1u << 30 | 6000)
#define TICK_REF_DIV	8

/* ROM table of an F042: STMicroelectronics, part 440 (Black Magic Debug) */
#define ROM_DESIGNER	0x020
#define ROM_PART	0x440

/* What the flags come up as: seen on real parts as xPSR C1000000. */
#define RESET_APSR	0xc0000000u

/**
 * cpu_new() - a core that is powered off in all but name
 * @bus: copied
 *
 * cpu_power_on_reset() must follow, then cpu_system_reset() once the memory is
 * there.
 *
 * Return: NULL without memory.
 */
struct cpu *cpu_new(const struct cpu_bus *bus)
{
	struct cpu *cpu = calloc(1, sizeof(*cpu));

	if (!cpu)
		return NULL;
	cpu->bus = *bus;
	cpu->tick.calib = TICK_CALIB;
	cpu->tick.ref_div = TICK_REF_DIV;
	cpu->rom_designer = ROM_DESIGNER;
	cpu->rom_part = ROM_PART;
	cpu_power_on_reset(cpu);
	return cpu;
}

/** cpu_free() - of cpu_new(), or NULL */
void cpu_free(struct cpu *cpu)
{
	free(cpu);
}

/* Everything that a system reset puts back, but for the vectors. */
static void core_reset(struct cpu *cpu)
{
	unsigned int i;

	cpu->attention = cpu->held ? ATT_STOP : 0;
	cpu->halted = false;
	cpu->sleeping = false;
	cpu->lockup = false;
	cpu->event = false;
	cpu->stalled = false;
	cpu->resume = RESUME_NONE;
	log_done(cpu);
	cpu->debt = 0;
	cpu->halt_why = 0;

	cpu->pending = 0;
	cpu->active = 0;
	cpu->enabled = ALWAYS_ENABLED;
	for (i = 0; i < EXC_COUNT; i++)
		cpu->prio[i] = 0;
	/* peripherals are reset with the core: no line is high */
	cpu->irq_level = 0;
	cpu->scr = 0;
	systick_reset(cpu);

	cpu->ipsr = 0;
	cpu->primask = false;
	spsel_set(cpu, false);
	cpu->r[14] = 0xffffffff;
	apsr_set(cpu, RESET_APSR);
	thumb_set(cpu, true);

	cpu->dhcsr &= ~DHCSR_C_HALT;
	cpu->reset_st = true;
	cpu->retire_mark = cpu->instructions;
	match_update(cpu);
}

/**
 * reset_sequence() - load MSP and PC, or lock up; [ARM] B1.5.5
 *
 * With VC_CORERESET the core then halts, in lockup too.
 */
void reset_sequence(struct cpu *cpu)
{
	uint32_t sp, pc = 0;
	enum bus_result result;

	log_start(cpu);
	result = core_vector(cpu, 0, &sp);
	if (result == BUS_OK)
		result = core_vector(cpu, 1, &pc);
	if (result == BUS_STALL) {
		resume_later(cpu, RESUME_RESET, true);
		return;
	}
	log_done(cpu);
	cpu->r[13] = sp & ~3u;
	if (result == BUS_OK) {
		thumb_set(cpu, pc & 1);
		cpu->r[15] = pc & ~1u;
	} else {
		lockup_enter(cpu, EXC_HARDFAULT);
	}
	/* in case a store to AIRCR is what led here */
	cpu->next = cpu->r[15];
	if (cpu->demcr & DEMCR_VC_CORERESET && debug_enabled(cpu))
		debug_halt(cpu, DFSR_VCATCH);
}

void cpu_system_reset(struct cpu *cpu)
{
	core_reset(cpu);
	reset_sequence(cpu);
}

void cpu_power_on_reset(struct cpu *cpu)
{
	unsigned int i;

	/* UNKNOWN after power-on; zero keeps runs alike */
	for (i = 0; i < 16; i++)
		cpu->r[i] = 0;
	cpu->sp_other = 0;
	cpu->spsel = false;
	cpu->dhcsr = 0;
	cpu->demcr = 0;
	cpu->dfsr = 0;
	cpu->dcrdr = 0;
	cpu->bp_enable = false;
	for (i = 0; i < BPU_COMPARATORS; i++)
		cpu->bp_comp[i] = 0;
	for (i = 0; i < DWT_COMPARATORS; i++)
		cpu->dwt[i] = (struct dwt_comparator){ 0 };
	core_reset(cpu);
}

void cpu_hold(struct cpu *cpu, bool on)
{
	cpu->held = on;
	attend(cpu, ATT_STOP, on);
	if (on)
		core_reset(cpu);
}

/**
 * cpu_set_systick() - what the chip around the core wires up
 * @cpu: the core
 * @calib: SYST_CALIB
 * @ref_div: core cycles per reference clock (CSR.CLKSOURCE = 0), 0 when there
 *	is none
 */
void cpu_set_systick(struct cpu *cpu, uint32_t calib, unsigned int ref_div)
{
	cpu->tick.calib = calib;
	cpu->tick.ref_div = ref_div;
}

/**
 * cpu_set_rom_id() - who made the chip, as its CoreSight ROM table says
 * @cpu: the core
 * @designer: JEP106 identity [6:0], continuation count [10:7]
 * @part: 12 bits
 */
void cpu_set_rom_id(struct cpu *cpu, unsigned int designer, unsigned int part)
{
	cpu->rom_designer = designer;
	cpu->rom_part = part;
}
