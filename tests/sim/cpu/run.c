// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop: fetch, execute, and all that may come between two instructions.
 */
#include "internal.h"

/**
 * resume_later() - something that must come before the next instruction
 * @cpu: the core
 * @what: what
 * @stalled: because the bus held off an access, so give up this cpu_run()
 */
void resume_later(struct cpu *cpu, enum resume what, bool stalled)
{
	cpu->resume = what;
	cpu->stalled = stalled;
	attend(cpu, ATT_RESUME, true);
}

static void trap(struct cpu *cpu, uint32_t op, int why)
{
	switch (why) {
	case INSN_STALL:
		cpu->op = op;
		resume_later(cpu, RESUME_INSN, true);
		break;
	case INSN_SVC:
		exception_svc(cpu);
		break;
	case INSN_BKPT:
		if (debug_enabled(cpu)) {
			debug_halt(cpu, DFSR_BKPT);
			break;
		}
		/* fallthrough */
	default:
		exception_fault(cpu);
	}
}

static inline void execute(struct cpu *cpu, uint32_t op)
{
	int cycles;

	cpu->next = cpu->r[15] + 2;
	cpu->log_pos = 0;
	cycles = insn_table[op >> 6](cpu, op);
	if (likely(cycles > 0)) {
		cpu->r[15] = cpu->next;
		cpu->cycle += cycles;
		cpu->instructions++;
	} else {
		trap(cpu, op, cycles);
	}
}

/* Nothing has been done yet; an attention bit ends the fast loop. */
static void fetch_stalled(struct cpu *cpu)
{
	cpu->stalled = true;
	attend(cpu, ATT_STOP, true);
}

static inline void fetch_execute(struct cpu *cpu)
{
	uint32_t op = 0;
	enum bus_result result = core_fetch(cpu, cpu->r[15], &op);

	if (likely(result == BUS_OK))
		execute(cpu, op);
	else if (result == BUS_STALL)
		fetch_stalled(cpu);
	else
		exception_fault(cpu);
}

static void resume(struct cpu *cpu)
{
	enum resume what = cpu->resume;

	cpu->resume = RESUME_NONE;
	attend(cpu, ATT_RESUME, false);
	switch (what) {
	case RESUME_INSN:
		execute(cpu, cpu->op);
		if (!cpu->stalled)
			log_done(cpu);
		break;
	case RESUME_ENTRY:
		exception_entry(cpu, cpu->entry_exc);
		break;
	case RESUME_RETURN:
		exception_return(cpu);
		break;
	case RESUME_UNSTACK:
		exception_unstack(cpu);
		break;
	case RESUME_CHAIN:
		exception_chain(cpu, cpu->entry_exc);
		break;
	case RESUME_RESET:
		reset_sequence(cpu);
		break;
	case RESUME_NONE:
		break;
	}
}

/* Sleep and lockup: time passes until something can happen. */
static void idle(struct cpu *cpu, uint64_t end)
{
	cpu->cycle = end < cpu->tick_at ? end : cpu->tick_at;
}

/* One step of the slow kind. Return: whether it was a whole step. */
static bool step(struct cpu *cpu, uint64_t end)
{
	if (cpu->attention & ATT_RESUME) {
		resume(cpu);
		return true;
	}
	if (cpu->attention & ATT_HALT_REQ) {
		attend(cpu, ATT_HALT_REQ, false);
		if (debug_enabled(cpu))
			debug_halt(cpu, cpu->halt_why);
		cpu->halt_why = 0;
		return false;
	}
	if (cpu->attention & ATT_EXCEPTION) {
		exception_entry(cpu, exception_best(cpu));
		return true;
	}
	if (cpu->attention & (ATT_SLEEP | ATT_LOCKUP)) {
		idle(cpu, end);
		return false;
	}
	if (cpu->attention & ATT_PC_MATCH) {
		if (bpu_match(cpu, cpu->r[15])) {
			debug_halt(cpu, DFSR_BKPT);
			return false;
		}
		dwt_pc(cpu, cpu->r[15]);
	}
	if (cpu->attention & ATT_NO_THUMB)
		exception_fault(cpu);
	else
		fetch_execute(cpu);
	return true;
}

/* Return: whether to go on. */
static bool attention(struct cpu *cpu, uint64_t end)
{
	if (cpu->stalled || cpu->attention & (ATT_HALTED | ATT_STOP))
		return false;
	/* a single step is over when nothing of it is left to do */
	if (step(cpu, end) && cpu->attention & ATT_STEP && !cpu->stalled &&
	    !(cpu->attention & (ATT_RESUME | ATT_LOCKUP | ATT_HALTED)))
		debug_halt(cpu, DFSR_HALTED);
	return true;
}

static void run_until(struct cpu *cpu, uint64_t end)
{
	while (cpu->cycle < end) {
		if (unlikely(cpu->cycle >= cpu->tick_at))
			systick_advance(cpu);
		if (unlikely(cpu->attention)) {
			if (!attention(cpu, end))
				return;
			continue;
		}
		fetch_execute(cpu);
	}
}

uint64_t cpu_run(struct cpu *cpu, uint64_t cycles)
{
	uint64_t used = cpu->debt < cycles ? cpu->debt : cycles;
	uint64_t start;

	cpu->debt -= used;
	cpu->stalled = false;
	attend(cpu, ATT_STOP, cpu->held);
	while (used < cycles && !cpu->stalled &&
	       !(cpu->attention & (ATT_STOP | ATT_HALTED))) {
		start = cpu->cycle;
		run_until(cpu, start + cycles - used);
		used += cpu->cycle - start;
	}
	if (cpu->halted || cpu->held)
		return cycles;
	/* the last instruction may have taken more than what was left */
	if (used > cycles) {
		cpu->debt += used - cycles;
		used = cycles;
	}
	return used;
}

/**
 * cpu_stall_cycles() - core clocks that went by while the bus was stalled
 *
 * SysTick counts on meanwhile.
 */
void cpu_stall_cycles(struct cpu *cpu, uint64_t cycles)
{
	if (cpu->halted || cpu->held)
		return;
	cpu->cycle += cycles;
	if (cpu->cycle >= cpu->tick_at)
		systick_advance(cpu);
}

/**
 * cpu_next_event() - cycles until SysTick may wake an idle core
 *
 * Return: UINT64_MAX when only something from outside can.
 */
uint64_t cpu_next_event(const struct cpu *cpu)
{
	if (cpu->halted || cpu->held || cpu->tick_at == UINT64_MAX)
		return UINT64_MAX;
	return cpu->tick_at > cpu->cycle ? cpu->tick_at - cpu->cycle : 0;
}

bool cpu_stalled(const struct cpu *cpu)
{
	return cpu->stalled;
}

bool cpu_idle(const struct cpu *cpu)
{
	return cpu->halted || cpu->held || cpu->sleeping || cpu->lockup;
}

bool cpu_halted(const struct cpu *cpu)
{
	return cpu->halted;
}

bool cpu_lockup(const struct cpu *cpu)
{
	return cpu->lockup;
}

uint64_t cpu_instructions(const struct cpu *cpu)
{
	return cpu->instructions;
}
