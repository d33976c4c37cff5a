// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which exception runs next: pending, enabled and active ones, priorities
 * ([ARM] B1.5.4, B3.4), and the NVIC's registers. All of them are kept as one
 * bit for each exception number, external interrupts from bit 16 on.
 */
#include "internal.h"

#define NVIC_ISER	0xe000e100
#define NVIC_ICER	0xe000e180
#define NVIC_ISPR	0xe000e200
#define NVIC_ICPR	0xe000e280
#define NVIC_IPR	0xe000e400
#define NVIC_IPR_END	0xe000e420

static int priority(const struct cpu *cpu, unsigned int exc)
{
	switch (exc) {
	case EXC_NMI:
		return -2;
	case EXC_HARDFAULT:
		return -1;
	default:
		return cpu->prio[exc];
	}
}

/* the highest of a set, the lowest number among equals; 0 when empty */
static unsigned int highest(const struct cpu *cpu, uint64_t set)
{
	unsigned int best = EXC_NONE;

	for (; set; set &= set - 1) {
		unsigned int exc = __builtin_ctzll(set);

		if (!best || priority(cpu, exc) < priority(cpu, best))
			best = exc;
	}
	return best;
}

static int active_priority(const struct cpu *cpu)
{
	unsigned int exc = highest(cpu, cpu->active);

	return exc ? priority(cpu, exc) : PRIO_THREAD;
}

/** exec_priority() - only exceptions with a lower number preempt now */
int exec_priority(const struct cpu *cpu)
{
	int prio = active_priority(cpu);

	return cpu->primask && prio > 0 ? 0 : prio;
}

/** exception_best() - the pending exception that would be next, or 0 */
unsigned int exception_best(const struct cpu *cpu)
{
	uint64_t set = cpu->pending & cpu->enabled;

	if (debug_enabled(cpu) && cpu->dhcsr & DHCSR_C_MASKINTS)
		set &= ~EXC_MASKABLE;
	return highest(cpu, set);
}

/**
 * exceptions_update() - after any change of what exception_best() looks at
 *
 * Wakes a core out of WFI for whatever would preempt if PRIMASK were clear,
 * and out of WFE for whatever does preempt ([ARM] B1.5.18, B1.5.19).
 */
void exceptions_update(struct cpu *cpu)
{
	unsigned int best = exception_best(cpu);
	int prio = best ? priority(cpu, best) : PRIO_THREAD;
	bool preempts = best && prio < exec_priority(cpu);

	attend(cpu, ATT_EXCEPTION, preempts);
	if (cpu->sleeping &&
	    (preempts || (!cpu->sleeping_wfe && prio < active_priority(cpu))))
		sleep_leave(cpu);
}

/** exception_pend() - with the event that SCR.SEVONPEND asks for */
void exception_pend(struct cpu *cpu, unsigned int exc)
{
	bool was = cpu->pending & EXC_BIT(exc);

	cpu->pending |= EXC_BIT(exc);
	if (!was && cpu->scr & SCR_SEVONPEND)
		event_set(cpu);
	exceptions_update(cpu);
}

/**
 * exception_deactivate() - its handler is done
 *
 * An external interrupt whose line is still high is pending again.
 */
void exception_deactivate(struct cpu *cpu, unsigned int exc)
{
	cpu->active &= ~EXC_BIT(exc);
	if (exc >= EXC_IRQ0 && cpu->irq_level & 1u << (exc - EXC_IRQ0))
		exception_pend(cpu, exc);
	else
		exceptions_update(cpu);
}

void cpu_irq(struct cpu *cpu, unsigned int irq, bool level)
{
	uint32_t bit = 1u << irq;
	bool rises = level && !(cpu->irq_level & bit);

	cpu->irq_level = level ? cpu->irq_level | bit : cpu->irq_level & ~bit;
	if (rises)
		exception_pend(cpu, EXC_IRQ0 + irq);
}

void cpu_nmi(struct cpu *cpu)
{
	exception_pend(cpu, EXC_NMI);
}

/** nvic_read() - ISER to IPR; everything else in between reads as zero */
uint32_t nvic_read(struct cpu *cpu, uint32_t addr)
{
	uint32_t value = 0;
	unsigned int i;

	switch (addr) {
	case NVIC_ISER:
	case NVIC_ICER:
		return cpu->enabled >> EXC_IRQ0;
	case NVIC_ISPR:
	case NVIC_ICPR:
		return cpu->pending >> EXC_IRQ0;
	}
	if (addr < NVIC_IPR || addr >= NVIC_IPR_END)
		return 0;
	/* two bits at the top of each byte */
	for (i = 0; i < 4; i++)
		value |= (uint32_t)cpu->prio[EXC_IRQ0 + addr - NVIC_IPR + i]
			 << (i * 8 + 6);
	return value;
}

/** nvic_write() - as nvic_read() */
void nvic_write(struct cpu *cpu, uint32_t addr, uint32_t value)
{
	uint64_t set = (uint64_t)value << EXC_IRQ0;
	unsigned int i;

	switch (addr) {
	case NVIC_ISER:
		cpu->enabled |= set;
		break;
	case NVIC_ICER:
		cpu->enabled &= ~set;
		break;
	case NVIC_ISPR:
		if (set & ~cpu->pending && cpu->scr & SCR_SEVONPEND)
			event_set(cpu);
		cpu->pending |= set;
		break;
	case NVIC_ICPR:
		/* a line that is still high keeps its interrupt pending */
		cpu->pending &= ~(set & ~((uint64_t)cpu->irq_level <<
					  EXC_IRQ0 & ~cpu->active));
		break;
	}
	if (addr >= NVIC_IPR && addr < NVIC_IPR_END)
		for (i = 0; i < 4; i++)
			cpu->prio[EXC_IRQ0 + addr - NVIC_IPR + i] =
				value >> (i * 8 + 6) & 3;
	exceptions_update(cpu);
}
