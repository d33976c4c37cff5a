// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exception entry and return, faults and lockup: [ARM] B1.5.6 to B1.5.15,
 * [UG] 2.4.
 */
#include "internal.h"

/*
 * Interrupt latency with zero wait states is 16 cycles ([TRM] 1.1). The cost
 * of a return and of tail-chaining are not published for the M0; these are
 * the number of bus accesses at 1 a cycle plus a pipeline refill.
 */
#define CYCLES_ENTRY	16
#define CYCLES_RETURN	13
#define CYCLES_CHAIN	6

#define FRAME_SIZE	0x20
#define FRAME_WORDS	8
#define FRAME_PC	6
#define FRAME_XPSR	7
#define XPSR_ALIGN	(1u << 9)
#define EPSR_T		(1u << 24)
#define IPSR_MASK	0x3fu

/* EXC_RETURN, [ARM] table B1-2 */
#define RETURN_HANDLER		0xfffffff1u
#define RETURN_THREAD_MSP	0xfffffff9u
#define RETURN_THREAD_PSP	0xfffffffdu

/**
 * lockup_enter() - stop until reset, a debugger, or NMI over HardFault
 * @cpu: the core
 * @exc: exception that counts as active from now on, 0 to leave that alone
 */
void lockup_enter(struct cpu *cpu, unsigned int exc)
{
	log_done(cpu);
	if (exc) {
		cpu->active |= EXC_BIT(exc);
		cpu->pending &= ~EXC_BIT(exc);
		cpu->ipsr = exc;
		spsel_set(cpu, false);
	}
	cpu->r[15] = LOCKUP_PC;
	cpu->lockup = true;
	attend(cpu, ATT_LOCKUP, true);
	exceptions_update(cpu);
}

/*
 * Read the vector and begin the handler. What cannot read its vector becomes a
 * HardFault; NMI and HardFault lock up. Return: false when stalled.
 */
static bool take(struct cpu *cpu, unsigned int exc, uint32_t sp, uint32_t lr)
{
	uint32_t vector;
	enum bus_result result = core_vector(cpu, exc, &vector);

	if (result == BUS_FAULT && exc > EXC_HARDFAULT) {
		exc = EXC_HARDFAULT;
		result = core_vector(cpu, exc, &vector);
	}
	if (result == BUS_STALL)
		return false;

	/* sp goes to the stack that was in use */
	cpu->r[13] = sp;
	spsel_set(cpu, false);
	cpu->r[14] = lr;
	sleep_leave(cpu);
	cpu->lockup = false;
	attend(cpu, ATT_LOCKUP, false);
	event_set(cpu);
	if (result == BUS_FAULT) {
		lockup_enter(cpu, exc);
		return true;
	}
	log_done(cpu);
	cpu->ipsr = exc;
	cpu->active |= EXC_BIT(exc);
	cpu->pending &= ~EXC_BIT(exc);
	thumb_set(cpu, vector & 1);
	cpu->r[15] = vector & ~1u;
	exceptions_update(cpu);
	if (exc == EXC_HARDFAULT && cpu->demcr & DEMCR_VC_HARDERR &&
	    debug_enabled(cpu))
		debug_halt(cpu, DFSR_VCATCH);
	return true;
}

/**
 * exception_entry() - push a frame that returns to r[15], start the handler
 *
 * A bus error on the push makes it a HardFault. While a HardFault or NMI is
 * being entered it is ignored: the handler runs, its frame is lost ([UG] lists
 * no stacking error among the causes of lockup; ARM DDI 0337E 5.12.1 says so
 * for the M3).
 */
void exception_entry(struct cpu *cpu, unsigned int exc)
{
	uint32_t sp = cpu->r[13];
	uint32_t frame = (sp - FRAME_SIZE) & ~4u;
	uint32_t lr = cpu->ipsr ? RETURN_HANDLER :
		      cpu->spsel ? RETURN_THREAD_PSP : RETURN_THREAD_MSP;
	const uint32_t words[FRAME_WORDS] = {
		cpu->r[0], cpu->r[1], cpu->r[2], cpu->r[3],
		cpu->r[12], cpu->r[14], cpu->r[15],
		xpsr_get(cpu) | (sp & 4 ? XPSR_ALIGN : 0),
	};
	enum bus_result result = BUS_OK;
	unsigned int i;

	log_start(cpu);
	for (i = 0; i < FRAME_WORDS && result == BUS_OK; i++)
		result = core_write(cpu, frame + i * 4, 4, words[i]);
	cpu->entry_exc = exc;
	if (result == BUS_FAULT && exc > EXC_HARDFAULT)
		exc = EXC_HARDFAULT;
	if (result == BUS_STALL || !take(cpu, exc, frame, lr)) {
		resume_later(cpu, RESUME_ENTRY, true);
		return;
	}
	cpu->cycle += CYCLES_ENTRY;
}

/** exception_chain() - the next handler takes over the frame on the stack */
void exception_chain(struct cpu *cpu, unsigned int exc)
{
	log_start(cpu);
	cpu->entry_exc = exc;
	if (take(cpu, exc, cpu->r[13], cpu->exc_return))
		cpu->cycle += CYCLES_CHAIN;
	else
		resume_later(cpu, RESUME_CHAIN, true);
}

/* HardFault instead of the code that was to go on. */
static void return_fault(struct cpu *cpu)
{
	log_done(cpu);
	if (exec_priority(cpu) <= -1)
		lockup_enter(cpu, EXC_NONE);
	else
		exception_chain(cpu, EXC_HARDFAULT);
}

static bool exc_return_valid(const struct cpu *cpu)
{
	switch (cpu->exc_return) {
	case RETURN_HANDLER:
	case RETURN_THREAD_MSP:
	case RETURN_THREAD_PSP:
		return cpu->active & EXC_BIT(cpu->ipsr);
	default:
		return false;
	}
}

/* Read the frame, xPSR first: from it depends what a bus error means. */
static enum bus_result frame_read(struct cpu *cpu, uint32_t frame,
				  uint32_t words[FRAME_WORDS])
{
	enum bus_result result;
	unsigned int i;

	log_start(cpu);
	result = core_read(cpu, frame + FRAME_XPSR * 4, 4, &words[FRAME_XPSR]);
	if (result == BUS_FAULT && cpu->exc_return != RETURN_THREAD_PSP) {
		/* [UG] 2.4.1: the only bus error here that locks up */
		lockup_enter(cpu, EXC_HARDFAULT);
		return result;
	}
	for (i = 0; i < FRAME_XPSR && result == BUS_OK; i++)
		result = core_read(cpu, frame + i * 4, 4, &words[i]);
	if (result == BUS_FAULT)
		return_fault(cpu);
	return result;
}

/**
 * exception_unstack() - second half of exception_return()
 *
 * A frame whose IPSR does not fit the mode that is returned to is
 * UNPREDICTABLE; here it is a HardFault as on ARMv7-M.
 */
void exception_unstack(struct cpu *cpu)
{
	bool thread = cpu->exc_return != RETURN_HANDLER;
	bool psp = cpu->exc_return == RETURN_THREAD_PSP;
	uint32_t frame = psp ? psp_get(cpu) : msp_get(cpu);
	uint32_t words[FRAME_WORDS] = { 0 }, xpsr;
	enum bus_result result = frame_read(cpu, frame, words);

	if (result == BUS_STALL)
		resume_later(cpu, RESUME_UNSTACK, true);
	if (result != BUS_OK)
		return;
	xpsr = words[FRAME_XPSR];
	if (thread == !!(xpsr & IPSR_MASK)) {
		return_fault(cpu);
		return;
	}

	log_done(cpu);
	spsel_set(cpu, psp);
	cpu->r[13] = (frame + FRAME_SIZE) | (xpsr & XPSR_ALIGN ? 4 : 0);
	cpu->r[0] = words[0];
	cpu->r[1] = words[1];
	cpu->r[2] = words[2];
	cpu->r[3] = words[3];
	cpu->r[12] = words[4];
	cpu->r[14] = words[5];
	cpu->r[15] = words[FRAME_PC] & ~1u;
	apsr_set(cpu, xpsr);
	thumb_set(cpu, xpsr & EPSR_T);
	cpu->ipsr = xpsr & IPSR_MASK;
	cpu->cycle += CYCLES_RETURN;
	event_set(cpu);
	exceptions_update(cpu);
	if (thread && cpu->scr & SCR_SLEEPONEXIT)
		sleep_enter(cpu, false);
}

/**
 * exception_return() - cpu->exc_return was loaded into the PC in Handler mode
 *
 * A value that is none of the three is UNPREDICTABLE; here it is a HardFault
 * as on ARMv7-M.
 */
void exception_return(struct cpu *cpu)
{
	if (!exc_return_valid(cpu)) {
		exception_fault(cpu);
		return;
	}
	exception_deactivate(cpu, cpu->ipsr);
	if (cpu->attention & ATT_EXCEPTION)
		exception_chain(cpu, exception_best(cpu));
	else
		exception_unstack(cpu);
}

/** exception_fault() - the instruction at r[15] cannot complete */
void exception_fault(struct cpu *cpu)
{
	log_done(cpu);
	if (exec_priority(cpu) <= -1)
		lockup_enter(cpu, EXC_NONE);
	else
		exception_entry(cpu, EXC_HARDFAULT);
}

/** exception_svc() - SVC, a HardFault where SVCall could not preempt */
void exception_svc(struct cpu *cpu)
{
	if (cpu->prio[EXC_SVC] >= exec_priority(cpu)) {
		exception_fault(cpu);
		return;
	}
	cpu->r[15] = cpu->next;
	cpu->instructions++;
	exception_pend(cpu, EXC_SVC);
	/* something more urgent may have become pending meanwhile */
	exception_entry(cpu, exception_best(cpu));
}
