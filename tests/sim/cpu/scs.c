// SPDX-License-Identifier: GPL-2.0-only
/*
 * System control space, E000E000-E000EFFF: [ARM] B3.2. What the M0 does not
 * have (VTOR, CFSR, HFSR and so on) reads as zero and ignores writes.
 */
#include "internal.h"

#define SYST_CSR	0xe000e010
#define SYST_CALIB	0xe000e01c
#define NVIC_FIRST	0xe000e100
#define NVIC_LAST	0xe000e4ff
#define CPUID		0xe000ed00
#define ICSR		0xe000ed04
#define AIRCR		0xe000ed0c
#define SCR		0xe000ed10
#define CCR		0xe000ed14
#define SHPR2		0xe000ed1c
#define SHPR3		0xe000ed20
#define SHCSR		0xe000ed24

/* Cortex-M0 r0p0 */
#define CPUID_VALUE	0x410cc200

#define ICSR_NMIPENDSET		(1u << 31)
#define ICSR_PENDSVSET		(1u << 28)
#define ICSR_PENDSVCLR		(1u << 27)
#define ICSR_PENDSTSET		(1u << 26)
#define ICSR_PENDSTCLR		(1u << 25)
#define ICSR_ISRPREEMPT		(1u << 23)
#define ICSR_ISRPENDING		(1u << 22)
#define ICSR_VECTPENDING(n)	((uint32_t)(n) << 12)

#define AIRCR_KEY		0x05fa
#define AIRCR_KEY_READ		0xfa050000u
#define AIRCR_SYSRESETREQ	(1u << 2)
#define AIRCR_VECTCLRACTIVE	(1u << 1)

#define SCR_MASK		(SCR_SLEEPONEXIT | SCR_SLEEPDEEP | SCR_SEVONPEND)
/* STKALIGN and UNALIGN_TRP are fixed at 1 */
#define CCR_VALUE		0x00000208
#define SHCSR_SVCALLPENDED	(1u << 15)

static uint32_t icsr_read(const struct cpu *cpu)
{
	uint64_t irqs = cpu->pending & cpu->enabled & ~0ull << EXC_IRQ0;
	uint32_t value = cpu->ipsr |
			 ICSR_VECTPENDING(exception_best(cpu));

	if (cpu->pending & EXC_BIT(EXC_NMI))
		value |= ICSR_NMIPENDSET;
	if (cpu->pending & EXC_BIT(EXC_PENDSV))
		value |= ICSR_PENDSVSET;
	if (cpu->pending & EXC_BIT(EXC_SYSTICK))
		value |= ICSR_PENDSTSET;
	if (irqs)
		value |= ICSR_ISRPENDING;
	/* seen in Debug state only: what happens on leaving it */
	if (cpu->halted && cpu->attention & ATT_EXCEPTION)
		value |= ICSR_ISRPREEMPT;
	return value;
}

static void icsr_write(struct cpu *cpu, uint32_t value)
{
	if (value & ICSR_PENDSVCLR)
		cpu->pending &= ~EXC_BIT(EXC_PENDSV);
	if (value & ICSR_PENDSTCLR)
		cpu->pending &= ~EXC_BIT(EXC_SYSTICK);
	exceptions_update(cpu);
	if (value & ICSR_PENDSVSET)
		exception_pend(cpu, EXC_PENDSV);
	if (value & ICSR_PENDSTSET)
		exception_pend(cpu, EXC_SYSTICK);
	if (value & ICSR_NMIPENDSET)
		exception_pend(cpu, EXC_NMI);
}

static void aircr_write(struct cpu *cpu, uint32_t value)
{
	if (value >> 16 != AIRCR_KEY)
		return;
	/* in Debug state only; ends all exceptions, IPSR included */
	if (value & AIRCR_VECTCLRACTIVE && cpu->halted) {
		cpu->active = 0;
		cpu->ipsr = 0;
		exceptions_update(cpu);
	}
	if (value & AIRCR_SYSRESETREQ) {
		attend(cpu, ATT_STOP, true);
		cpu->bus.sysresetreq(cpu->bus.ctx);
	}
}

static void shcsr_write(struct cpu *cpu, uint32_t value)
{
	if (value & SHCSR_SVCALLPENDED) {
		exception_pend(cpu, EXC_SVC);
	} else {
		cpu->pending &= ~EXC_BIT(EXC_SVC);
		exceptions_update(cpu);
	}
}

/**
 * scs_read() - a word of the system control space
 * @cpu: the core
 * @addr: word-aligned
 * @debugger: SHCSR and the debug registers exist for the debugger only
 */
uint32_t scs_read(struct cpu *cpu, uint32_t addr, bool debugger)
{
	if (addr >= SYST_CSR && addr <= SYST_CALIB)
		return systick_read(cpu, addr, debugger);
	if (addr >= NVIC_FIRST && addr <= NVIC_LAST)
		return nvic_read(cpu, addr);
	if (debug_register(addr))
		return debugger ? debug_read(cpu, addr) : 0;
	switch (addr) {
	case CPUID:
		return CPUID_VALUE;
	case ICSR:
		return icsr_read(cpu);
	case AIRCR:
		return AIRCR_KEY_READ;
	case SCR:
		return cpu->scr;
	case CCR:
		return CCR_VALUE;
	case SHPR2:
		return (uint32_t)cpu->prio[EXC_SVC] << 30;
	case SHPR3:
		return (uint32_t)cpu->prio[EXC_SYSTICK] << 30 |
		       (uint32_t)cpu->prio[EXC_PENDSV] << 22;
	case SHCSR:
		return debugger && cpu->pending & EXC_BIT(EXC_SVC) ?
		       SHCSR_SVCALLPENDED : 0;
	default:
		return 0;
	}
}

/** scs_write() - as scs_read() */
void scs_write(struct cpu *cpu, uint32_t addr, uint32_t value, bool debugger)
{
	if (addr >= SYST_CSR && addr <= SYST_CALIB) {
		systick_write(cpu, addr, value);
		return;
	}
	if (addr >= NVIC_FIRST && addr <= NVIC_LAST) {
		nvic_write(cpu, addr, value);
		return;
	}
	if (debug_register(addr)) {
		if (debugger)
			debug_write(cpu, addr, value);
		return;
	}
	switch (addr) {
	case ICSR:
		icsr_write(cpu, value);
		break;
	case AIRCR:
		aircr_write(cpu, value);
		break;
	case SCR:
		cpu->scr = value & SCR_MASK;
		break;
	case SHPR2:
		cpu->prio[EXC_SVC] = value >> 30;
		exceptions_update(cpu);
		break;
	case SHPR3:
		cpu->prio[EXC_SYSTICK] = value >> 30;
		cpu->prio[EXC_PENDSV] = value >> 22 & 3;
		exceptions_update(cpu);
		break;
	case SHCSR:
		if (debugger)
			shcsr_write(cpu, value);
		break;
	}
}
