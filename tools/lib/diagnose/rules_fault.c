// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why did it fault? From the instruction that the first frame names, and the
 * registers it had.
 */
#include "fault.h"
#include "rules.h"
#include "stm32f0.h"

#define XPSR_T		0x01000000u
/* How far below SRAM a stack that has overflowed may have come, bytes */
#define OVERFLOW_RANGE	0x10000u

static bool in_sram(const struct stl_facts *f, uint32_t addr)
{
	return addr - STL_SRAM_BASE < f->chip.sram_size;
}

static bool in_flash(const struct stl_facts *f, uint32_t addr)
{
	return addr - STL_FLASH_BASE < f->chip.flash_size;
}

static bool overflowed(uint32_t sp)
{
	return sp < STL_SRAM_BASE && sp >= STL_SRAM_BASE - OVERFLOW_RANGE;
}

static struct stl_finding *found_overflow(struct stl_findings *out,
					  const char *name, uint32_t sp)
{
	struct stl_finding *to;

	to = stl_found(out, "stack-overflow", STL_CAUSE,
		       "the stack has run out of SRAM at its lower end");
	stl_evidence(to, "%s = 0x%08x, SRAM begins at 0x%08x", name, sp,
		     STL_SRAM_BASE);
	stl_advice(to, "look for recursion or big local variables; less data leaves more room for the stack");
	return to;
}

/* Where it came from, common to all that have a frame. */
static void say_frame(const struct stl_facts *f, const struct stl_fault *fault,
		      struct stl_finding *to)
{
	stl_evidence(to, "frame at 0x%08x: PC = 0x%08x, LR = 0x%08x, xPSR = 0x%08x",
		     fault->frame, fault->regs[15], fault->regs[14],
		     fault->regs[16]);
	stl_evidence(to, "R0 = 0x%08x, R1 = 0x%08x, R2 = 0x%08x, R3 = 0x%08x, SP = 0x%08x",
		     fault->regs[0], fault->regs[1], fault->regs[2],
		     fault->regs[3], fault->regs[13]);
	if (f->lockups)
		stl_evidence(to, "DHCSR: S_LOCKUP, the core is locked up, in %u of %u looks",
			     f->lockups, f->watched);
}

/* The place it went to is none where code is. */
static struct stl_finding *bad_target(const struct stl_facts *f,
				      const struct stl_fault *fault,
				      struct stl_findings *out)
{
	uint32_t pc = fault->regs[15];
	struct stl_finding *to;

	if (!(fault->regs[16] & XPSR_T)) {
		/* so told by the reset vector already */
		if (stl_find_id(out, "reset-vector-even"))
			return NULL;
		to = stl_found(out, "bad-function-pointer", STL_CAUSE,
			       "the firmware has jumped to an even address: a bad function pointer, or one without the Thumb bit");
		stl_evidence(to, "PC = 0x%08x, xPSR = 0x%08x: T = 0", pc,
			     fault->regs[16]);
		return to;
	}
	if (in_flash(f, pc)) {
		if (stl_facts_half(f, pc) != 0xffff ||
		    stl_facts_half(f, pc + 2) != 0xffff)
			return NULL;
		/* what was foreseen has happened */
		to = stl_find_id(out, "truncated-copy");
		if (to)
			return to;
		to = stl_found(out, "ran-into-blank-flash", STL_CAUSE,
			       "the firmware ran into blank flash: a piece of it is missing, or a function pointer is bad");
		stl_evidence(to, "0x%08x: 0x%08x", pc & ~3u,
			     stl_facts_word(f, pc & ~3u));
		return to;
	}
	if (stl_chip_readable(&f->chip, pc) && pc < 0x40000000)
		return NULL;
	to = stl_found(out, "bad-function-pointer", STL_CAUSE,
		       "the firmware has jumped to where no code can be: a bad function pointer");
	stl_evidence(to, "PC = 0x%08x: %s", pc,
		     stl_chip_region(&f->chip, pc, NULL));
	return to;
}

static struct stl_finding *bad_access(const struct stl_facts *f,
				      const struct stl_fault *fault,
				      uint16_t insn, struct stl_findings *out)
{
	struct stl_finding *to;
	struct stl_access a;
	const char *verb;
	uint32_t last;

	if (!stl_fault_access(fault, insn, &a))
		return NULL;
	verb = a.write ? "store to" : "load from";
	last = a.addr + a.size * a.count - 1;
	if (a.addr % a.size) {
		to = stl_found(out, "unaligned-access", STL_CAUSE,
			       "an access to an address that is no multiple of its size, which a Cortex-M0 doesn't do");
		stl_evidence(to, "%s 0x%08x, %u bytes wide", verb, a.addr,
			     a.size);
		stl_advice(to, "look for a pointer cast to a wider type, or a packed structure");
	} else if ((insn & 0xff00) == 0xb500 && overflowed(a.addr)) {
		return found_overflow(out, "SP", fault->regs[13]);
	} else if (!stl_chip_readable(&f->chip, a.addr) ||
		   !stl_chip_readable(&f->chip, last)) {
		to = stl_found(out, "access-to-nowhere", STL_CAUSE,
			       "an access to an address where this chip has nothing: a bad pointer, or firmware for another part");
		stl_evidence(to, "%s 0x%08x: %s", verb, a.addr,
			     stl_chip_region(&f->chip, a.addr, NULL));
	} else if (f->opt_valid && !f->opt.ram_parity_off &&
		   in_sram(f, a.addr) && !a.write) {
		to = stl_find_id(out, "sram-parity");
		if (!to)
			to = stl_found(out, "sram-parity", STL_CAUSE,
				       "SRAM that was never written was read, and an option byte has its parity checked");
		stl_evidence(to, "%s 0x%08x", verb, a.addr);
		stl_evidence(to, "FLASH_OBR = 0x%08x: RAM_PARITY_CHECK = 0",
			     f->opt.obr);
		if (f->cfgr2 & SYSCFG_CFGR2_SRAM_PEF)
			stl_evidence(to, "SYSCFG_CFGR2 = 0x%08x: SRAM_PEF",
				     f->cfgr2);
		stl_advice(to, "write all of SRAM at the start of the firmware, or switch the check off in the option bytes");
	} else if (a.write && a.addr < STL_SRAM_BASE) {
		to = stl_found(out, "access-to-nowhere", STL_CAUSE,
			       "a store to an address that can't be written: a bad pointer%s",
			       a.addr < 0x100 ? " (NULL?)" : "");
		stl_evidence(to, "%s 0x%08x: %s", verb, a.addr,
			     stl_chip_region(&f->chip, a.addr, NULL));
	} else {
		return NULL;
	}
	return to;
}

static void found_bkpt(struct stl_findings *out, const struct stl_facts *f,
		       uint32_t pc)
{
	uint16_t insn = stl_facts_half(f, pc);
	struct stl_finding *to;

	to = stl_found(out, "bkpt-without-debugger", STL_CAUSE,
		       (insn & 0xff) == 0xab ?
		       "the firmware uses semihosting, which works with a debugger only" :
		       "the firmware has a breakpoint instruction in it, which is a fault without a debugger");
	stl_evidence(to, "0x%08x: BKPT 0x%02x", pc, insn & 0xff);
	stl_advice(to, (insn & 0xff) == 0xab ?
		   "link without semihosting (no --specs=rdimon.specs)" :
		   "look for an assertion that failed, or a breakpoint left in the source");
}

static struct stl_finding *bad_instruction(const struct stl_facts *f,
					   const struct stl_fault *fault,
					   uint16_t insn,
					   struct stl_findings *out)
{
	uint32_t pc = fault->regs[15];
	struct stl_finding *to;
	struct stl_insn in;

	stl_thumb_decode(&in, pc, insn, stl_facts_half(f, pc + 2));
	if (in.step == STL_STEP_UNDEFINED) {
		to = stl_found(out, "undefined-instruction", STL_CAUSE,
			       "an instruction that a Cortex-M0 doesn't have: built for a Cortex-M3 or M4, or no code at all");
	} else if ((insn & 0xff00) == 0xde00 ||
		   ((insn & 0xfff0) == 0xf7f0 && in.step == STL_STEP_STOP)) {
		to = stl_found(out, "undefined-instruction", STL_CAUSE,
			       "the firmware has stopped itself with an undefined instruction: a check that failed, or __builtin_trap()");
	} else if ((insn & 0xff00) == 0xdf00) {
		to = stl_found(out, "fault", STL_CAUSE,
			       "a supervisor call (SVC) where it isn't allowed: in an interrupt, or with interrupts masked");
	} else {
		to = stl_found(out, "fault", STL_CAUSE,
			       "the firmware has had a fault; by which instruction can be told, not why");
	}
	stl_evidence(to, "0x%08x: instruction 0x%04x", pc, insn);
	return to;
}

static void judge_frame(const struct stl_facts *f,
			const struct stl_fault *fault,
			struct stl_findings *out)
{
	uint32_t pc = fault->regs[15];
	uint16_t insn = stl_facts_half(f, pc);
	struct stl_finding *to = bad_target(f, fault, out);

	if (!to && !(fault->regs[16] & XPSR_T))
		return;
	if (!to && f->flash && in_flash(f, pc)) {
		if ((insn & 0xff00) == 0xbe00) {
			found_bkpt(out, f, pc);
			to = &out->list[out->num - 1];
		}
		if (!to)
			to = bad_access(f, fault, insn, out);
		if (!to)
			to = bad_instruction(f, fault, insn, out);
	}
	if (!to) {
		to = stl_found(out, "fault", STL_CAUSE,
			       "the firmware has had a fault");
		stl_evidence(to, "PC = 0x%08x: %s", pc,
			     stl_chip_region(&f->chip, pc, NULL));
	}
	say_frame(f, fault, to);
}

/* Locked up, and no other rule has told of it. */
static void judge_lockup(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to;
	size_t i;

	for (i = 0; i < out->num; i++)
		if (out->list[i].severity == STL_CAUSE)
			return;
	to = stl_found(out, "lockup", STL_CAUSE,
		       "the core is locked up: a fault inside a fault handler. The vectors are in order");
	stl_evidence(to, "DHCSR: S_LOCKUP in %u of %u looks", f->lockups,
		     f->watched);
	if (f->regs_valid)
		stl_evidence(to, "SP = 0x%08x, LR = 0x%08x, xPSR = 0x%08x",
			     f->regs[STLINK_REG_SP], f->regs[STLINK_REG_LR],
			     f->regs[STLINK_REG_XPSR]);
	else if (!f->writable)
		stl_evidence(to, "registers: not read, that needs write permission for the probe");
	if (!f->caught)
		stl_advice(to, "stlink diagnose --reset restarts the board and catches the first fault");
}

void stl_judge_fault(const struct stl_facts *f, struct stl_findings *out)
{
	uint32_t msp = f->regs[STLINK_REG_MSP];
	bool stopped = f->regs_valid && (f->lockups || f->caught);
	struct stl_fault fault;

	/* at level 1 it can't fetch: what follows is a consequence */
	if (f->chip.rdp_level)
		return;
	if (stopped && f->caught && f->dfsr & DFSR_BKPT &&
	    (stl_facts_half(f, f->regs[15]) & 0xff00) == 0xbe00)
		found_bkpt(out, f, f->regs[15]);
	else if (stopped && overflowed(msp) &&
		 !stl_find_id(out, "initial-sp-outside-sram"))
		found_overflow(out, "MSP", msp);
	else if (stopped && stl_fault_find(f, &fault))
		judge_frame(f, &fault, out);
	if (f->lockups)
		judge_lockup(f, out);
}
