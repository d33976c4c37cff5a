// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core registers in their architectural form: packed xPSR, banked stack
 * pointers, and the view by DCRSR number.
 */
#include "internal.h"

#define APSR_N		(1u << 31)
#define APSR_Z		(1u << 30)
#define APSR_C		(1u << 29)
#define APSR_V		(1u << 28)
#define EPSR_T		(1u << 24)
#define IPSR_MASK	0x3fu

/** xpsr_get() - xPSR; bit 9 (stack alignment) only exists in a stacked one */
uint32_t xpsr_get(const struct cpu *cpu)
{
	return (cpu->nf & APSR_N) | (cpu->zf ? 0 : APSR_Z) |
	       (cpu->cf ? APSR_C : 0) | (cpu->vf & APSR_N) >> 3 |
	       (cpu->thumb ? EPSR_T : 0) | cpu->ipsr;
}

/** apsr_set() - the four flags from bits 31 to 28 */
void apsr_set(struct cpu *cpu, uint32_t value)
{
	cpu->nf = value & APSR_N;
	cpu->zf = ~value & APSR_Z;
	cpu->cf = value & APSR_C ? 1 : 0;
	cpu->vf = value << 3;
}

/** thumb_set() - EPSR.T; clear, and the next instruction faults */
void thumb_set(struct cpu *cpu, bool thumb)
{
	cpu->thumb = thumb;
	attend(cpu, ATT_NO_THUMB, !thumb);
}

/** msp_get() - main stack pointer, whichever is in use */
uint32_t msp_get(const struct cpu *cpu)
{
	return cpu->spsel ? cpu->sp_other : cpu->r[13];
}

/** psp_get() - process stack pointer, whichever is in use */
uint32_t psp_get(const struct cpu *cpu)
{
	return cpu->spsel ? cpu->r[13] : cpu->sp_other;
}

/** msp_set() - bits 1:0 do not exist */
void msp_set(struct cpu *cpu, uint32_t value)
{
	*(cpu->spsel ? &cpu->sp_other : &cpu->r[13]) = value & ~3u;
}

/** psp_set() - bits 1:0 do not exist */
void psp_set(struct cpu *cpu, uint32_t value)
{
	*(cpu->spsel ? &cpu->r[13] : &cpu->sp_other) = value & ~3u;
}

/** spsel_set() - swap stack pointers; the caller checks for Thread mode */
void spsel_set(struct cpu *cpu, bool psp)
{
	uint32_t sp = cpu->r[13];

	if (cpu->spsel == psp)
		return;
	cpu->r[13] = cpu->sp_other;
	cpu->sp_other = sp;
	cpu->spsel = psp;
}

/** primask_set() - and look what may preempt now */
void primask_set(struct cpu *cpu, bool on)
{
	cpu->primask = on;
	exceptions_update(cpu);
}

/**
 * cpu_reg() - register by DCRSR number
 * @cpu: the core
 * @reg: 0-15, 16 xPSR, 17 MSP, 18 PSP, 20 CONTROL [31:24] and PRIMASK [7:0]
 *	([ARM] C1.6.3)
 *
 * Return: its value, 0 for numbers that do not exist.
 */
uint32_t cpu_reg(const struct cpu *cpu, unsigned int reg)
{
	if (reg < 16)
		return cpu->r[reg];
	switch (reg) {
	case CPU_XPSR:
		return xpsr_get(cpu);
	case CPU_MSP:
		return msp_get(cpu);
	case CPU_PSP:
		return psp_get(cpu);
	case CPU_CONTROL:
		return (uint32_t)cpu->spsel << 25 | cpu->primask;
	default:
		return 0;
	}
}

/**
 * cpu_set_reg() - what the debugger may do in Debug state
 * @cpu: the core
 * @reg: as cpu_reg()
 * @value: bit 0 of a PC and bits 1:0 of a stack pointer are dropped. A new PC
 *	leaves EPSR.T alone, as in hardware. A new xPSR sets IPSR, hence the
 *	mode, but not which exceptions are active: that takes VECTCLRACTIVE.
 */
void cpu_set_reg(struct cpu *cpu, unsigned int reg, uint32_t value)
{
	switch (reg) {
	case CPU_SP:
		cpu->r[13] = value & ~3u;
		break;
	case CPU_PC:
		cpu->r[15] = value & ~1u;
		break;
	case CPU_XPSR:
		apsr_set(cpu, value);
		thumb_set(cpu, value & EPSR_T);
		cpu->ipsr = value & IPSR_MASK;
		/* Handler mode always runs on the main stack */
		if (cpu->ipsr)
			spsel_set(cpu, false);
		exceptions_update(cpu);
		break;
	case CPU_MSP:
		msp_set(cpu, value);
		break;
	case CPU_PSP:
		psp_set(cpu, value);
		break;
	case CPU_CONTROL:
		if (!cpu->ipsr)
			spsel_set(cpu, value & 1u << 25);
		primask_set(cpu, value & 1);
		break;
	default:
		if (reg < 15)
			cpu->r[reg] = value;
		break;
	}
}
