// SPDX-License-Identifier: GPL-2.0-only
/*
 * Halting debug: DHCSR, DCRSR, DCRDR, DEMCR, DFSR. [ARM] C1.5, C1.6.
 */
#include "internal.h"

#define DFSR	0xe000ed30
#define DHCSR	0xe000edf0
#define DCRSR	0xe000edf4
#define DCRDR	0xe000edf8
#define DEMCR	0xe000edfc

#define DHCSR_KEY	0xa05f
#define DHCSR_C_MASK	(DHCSR_C_DEBUGEN | DHCSR_C_HALT | DHCSR_C_STEP | \
			 DHCSR_C_MASKINTS)
#define DCRSR_WRITE	(1u << 16)
#define DCRSR_SELECT	0x1fu
#define DEMCR_MASK	(DEMCR_VC_CORERESET | DEMCR_VC_HARDERR | DEMCR_DWTENA)

/** debug_register() - does debug_read() know it? */
bool debug_register(uint32_t addr)
{
	return addr == DFSR || (addr >= DHCSR && addr <= DEMCR);
}

/**
 * debug_halt() - enter Debug state, out of sleep and lockup as well
 * @cpu: the core, between two instructions
 * @why: DFSR bits
 */
void debug_halt(struct cpu *cpu, uint32_t why)
{
	sleep_leave(cpu);
	cpu->lockup = false;
	cpu->halted = true;
	cpu->dhcsr |= DHCSR_C_HALT;
	cpu->dfsr |= why | cpu->halt_why;
	cpu->halt_why = 0;
	attend(cpu, ATT_LOCKUP | ATT_HALT_REQ | ATT_STEP, false);
	attend(cpu, ATT_HALTED, true);
}

/** debug_halt_request() - halt when the instruction that runs is complete */
void debug_halt_request(struct cpu *cpu, uint32_t why)
{
	cpu->halt_why |= why;
	sleep_leave(cpu);
	attend(cpu, ATT_HALT_REQ, true);
}

static void leave(struct cpu *cpu)
{
	cpu->halted = false;
	attend(cpu, ATT_HALTED, false);
	attend(cpu, ATT_STEP, cpu->dhcsr & DHCSR_C_STEP);
}

static uint32_t dhcsr_read(struct cpu *cpu)
{
	/* core registers are transferred at once */
	uint32_t value = cpu->dhcsr | DHCSR_S_REGRDY;

	if (cpu->halted)
		value |= DHCSR_S_HALT;
	if (cpu->sleeping)
		value |= DHCSR_S_SLEEP;
	if (cpu->lockup)
		value |= DHCSR_S_LOCKUP;
	if (cpu->instructions != cpu->retire_mark)
		value |= DHCSR_S_RETIRE_ST;
	if (cpu->reset_st)
		value |= DHCSR_S_RESET_ST;
	cpu->retire_mark = cpu->instructions;
	/* sticky, and set all the time while in reset */
	cpu->reset_st = cpu->held;
	return value;
}

static void dhcsr_write(struct cpu *cpu, uint32_t value)
{
	uint32_t c = value & DHCSR_C_MASK;
	uint32_t masked = cpu->dhcsr & DHCSR_C_MASKINTS;

	if (value >> 16 != DHCSR_KEY)
		return;
	/* without C_DEBUGEN the others have no effect */
	if (!(c & DHCSR_C_DEBUGEN))
		c = 0;
	/*
	 * C_MASKINTS comes after C_DEBUGEN, and changes in Debug state only;
	 * the architecture leaves other attempts open. stlink-org's loader
	 * sets it in the very write that leaves Debug state.
	 */
	if (!debug_enabled(cpu))
		c &= ~DHCSR_C_MASKINTS;
	else if (c && !cpu->halted)
		c = (c & ~DHCSR_C_MASKINTS) | masked;
	if (cpu->held)
		c &= ~DHCSR_C_HALT;
	cpu->dhcsr = c;

	if (cpu->halted) {
		if (!(c & DHCSR_C_HALT))
			leave(cpu);
	} else if (c & DHCSR_C_HALT) {
		if (cpu->stalled || cpu->resume != RESUME_NONE)
			debug_halt_request(cpu, DFSR_HALTED);
		else
			debug_halt(cpu, DFSR_HALTED);
	} else if (!(c & DHCSR_C_STEP)) {
		attend(cpu, ATT_STEP, false);
	}
	match_update(cpu);
	exceptions_update(cpu);
}

static void dcrsr_write(struct cpu *cpu, uint32_t value)
{
	unsigned int reg = value & DCRSR_SELECT;

	/* UNPREDICTABLE outside of Debug state: nothing */
	if (!cpu->halted)
		return;
	if (value & DCRSR_WRITE)
		cpu_set_reg(cpu, reg, cpu->dcrdr);
	else
		cpu->dcrdr = cpu_reg(cpu, reg);
}

/** debug_read() - for the debugger; DHCSR's sticky bits clear */
uint32_t debug_read(struct cpu *cpu, uint32_t addr)
{
	switch (addr) {
	case DFSR:
		return cpu->dfsr;
	case DHCSR:
		return dhcsr_read(cpu);
	case DCRDR:
		return cpu->dcrdr;
	case DEMCR:
		return cpu->demcr;
	default:
		return 0;
	}
}

/** debug_write() - by the debugger */
void debug_write(struct cpu *cpu, uint32_t addr, uint32_t value)
{
	switch (addr) {
	case DFSR:
		cpu->dfsr &= ~(value & DFSR_MASK);
		break;
	case DHCSR:
		dhcsr_write(cpu, value);
		break;
	case DCRSR:
		dcrsr_write(cpu, value);
		break;
	case DCRDR:
		cpu->dcrdr = value;
		break;
	case DEMCR:
		cpu->demcr = value & DEMCR_MASK;
		match_update(cpu);
		break;
	}
}
