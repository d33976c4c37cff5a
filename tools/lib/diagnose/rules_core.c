// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the core was seen to do: halted, reset again and again, in an exception
 * that doesn't end.
 */
#include "rules.h"
#include "stm32f0.h"

#define EXC_NMI		2
#define EXC_HARDFAULT	3
#define DFSR_MASK	0x1fu

static void say_pcs(const struct stl_facts *f, struct stl_finding *to)
{
	unsigned int i;

	for (i = 0; i < f->num_pcs && i < 3; i++)
		stl_evidence(to, "PC = 0x%08x", f->pcs[i]);
}

static void judge_halt(const struct stl_facts *f, struct stl_findings *out)
{
	bool catch = f->demcr_valid && f->demcr & SCB_DEMCR_VC_CORERESET;
	struct stl_finding *to;

	/* halted by our own way in */
	if (f->under_reset || !(f->dhcsr & DHCSR_C_DEBUGEN))
		return;
	if (catch) {
		to = stl_found(out, "vector-catch-left", STL_CAUSE,
			       f->dhcsr & DHCSR_S_HALT ?
			       "a debugger has left the vector catch on: the core halts at each reset" :
			       "a debugger has left the vector catch on: the core will halt at the next reset");
		stl_evidence(to, "DEMCR = 0x%08x: VC_CORERESET", f->demcr);
		stl_evidence(to, "DHCSR = 0x%08x: C_DEBUGEN", f->dhcsr);
		stl_advice(to, "stlink reset, or take the power off for a moment");
	}
	if (!(f->dhcsr & DHCSR_S_HALT))
		return;
	if (!catch) {
		to = stl_found(out, "core-halted", STL_CAUSE,
			       f->dfsr & DFSR_BKPT ?
			       "the core is halted at a breakpoint, which a debugger has left enabled" :
			       "the core is held halted by a debugger's leftover");
		stl_evidence(to, "DHCSR = 0x%08x: C_DEBUGEN, C_HALT, S_HALT",
			     f->dhcsr);
		stl_advice(to, "stlink run");
	}
	stl_evidence(to, "DFSR = 0x%02x", f->dfsr & DFSR_MASK);
	if (f->regs_valid)
		stl_evidence(to, "PC = 0x%08x, SP = 0x%08x, LR = 0x%08x, xPSR = 0x%08x",
			     f->regs[STLINK_REG_PC], f->regs[STLINK_REG_SP],
			     f->regs[STLINK_REG_LR], f->regs[STLINK_REG_XPSR]);
	if (f->joined)
		stl_evidence(to, "another program has a session with this board just now");
}

/* RCC_CSR, RM0360 7.4.10 */
static const struct {
	uint32_t bit;
	const char *name;
	const char *text;
} causes[] = {
	{ 1u << 29, "IWDGRSTF", "independent watchdog" },
	{ 1u << 30, "WWDGRSTF", "window watchdog" },
	{ 1u << 31, "LPWRRSTF", "low-power management" },
	{ 1u << 28, "SFTRSTF", "software" },
	{ 1u << 25, "OBLRSTF", "option byte loading" },
	{ 1u << 27, "PORRSTF", "power-on" },
	{ 1u << 26, "PINRSTF", "nRST pin" },
};

#define CSR_IWDG	(1u << 29)
#define CSR_WATCHDOGS	(3u << 29)
#define CSR_LPWR	(1u << 31)
#define CSR_FLAGS	0xfe000000u

static void say_csr(const struct stl_facts *f, struct stl_finding *to)
{
	unsigned int i;

	stl_evidence(to, "%u resets seen in %u looks, 20 ms apart", f->resets,
		     f->watched);
	if (!f->csr_valid)
		return;
	if (!(f->csr & CSR_FLAGS))
		stl_evidence(to, "RCC_CSR = 0x%08x: flags cleared by the firmware",
			     f->csr);
	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (f->csr & causes[i].bit)
			stl_evidence(to, "RCC_CSR = 0x%08x: %s, %s", f->csr,
				     causes[i].name, causes[i].text);
}

static void judge_resets(const struct stl_facts *f, struct stl_findings *out)
{
	bool hardware = f->opt_valid && !f->opt.wdg_sw;
	enum stl_severity severity = f->resets > 1 ? STL_CAUSE : STL_SUSPICION;
	struct stl_finding *to;

	if (!f->resets || stl_facts_held(f))
		return;
	if (hardware && (f->csr & CSR_IWDG || !(f->csr & CSR_FLAGS))) {
		to = stl_found(out, "watchdog-option", severity,
			       "the watchdog resets the chip again and again: an option byte starts it at each reset, and the firmware doesn't feed it");
		stl_evidence(to, "FLASH_OBR = 0x%08x: WDG_SW = 0", f->opt.obr);
		stl_advice(to, "use firmware that feeds the watchdog, or set the option byte so that software starts it");
	} else if (f->csr & CSR_WATCHDOGS) {
		to = stl_found(out, "watchdog-reset", severity,
			       "a watchdog that the firmware has started resets the chip again and again");
		stl_advice(to, "the firmware hangs before it feeds the watchdog: look for what it waits for");
	} else {
		to = stl_found(out, "reset-loop", severity,
			       "the chip is reset again and again");
		if (f->csr & CSR_LPWR && f->opt_valid)
			stl_evidence(to, "FLASH_OBR = 0x%08x: nRST_STOP = %u, nRST_STDBY = %u",
				     f->opt.obr, f->opt.nrst_stop,
				     f->opt.nrst_stdby);
	}
	say_csr(f, to);
}

/*
 * Does the handler do nothing but loop? Looked at up to its first branch.
 */
static bool endless(const struct stl_facts *f, uint32_t handler)
{
	uint32_t at = handler & ~1u;
	struct stl_insn in;
	unsigned int i;

	for (i = 0; i < 6; i++, at += in.len) {
		stl_thumb_decode(&in, at, stl_facts_half(f, at),
				 stl_facts_half(f, at + 2));
		if (in.step == STL_STEP_BRANCH)
			return in.target >= (handler & ~1u) && in.target <= at;
		if (in.step != STL_STEP_NEXT)
			return false;
	}
	return false;
}

/* RM0360 11.2: the other source is the clock security system. */
static void nmi_by_parity(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to;

	to = stl_found(out, "sram-parity", STL_CAUSE,
		       "SRAM that was never written was read, and an option byte has its parity checked: the core stays in its NMI handler");
	stl_evidence(to, "ICSR: VECTACTIVE = 2 in each of %u looks",
		     f->watched);
	stl_evidence(to, "FLASH_OBR = 0x%08x: RAM_PARITY_CHECK = 0",
		     f->opt.obr);
	if (f->cfgr2 & SYSCFG_CFGR2_SRAM_PEF)
		stl_evidence(to, "SYSCFG_CFGR2 = 0x%08x: SRAM_PEF", f->cfgr2);
	stl_advice(to, "write all of SRAM at the start of the firmware, or switch the check off in the option bytes");
}

static void judge_exception(const struct stl_facts *f,
			    struct stl_findings *out)
{
	struct stl_finding *to;
	uint32_t vector;

	if (!f->watched || !f->active_same || !f->active || f->lockups ||
	    f->halts || f->resets)
		return;
	if (f->active == EXC_HARDFAULT) {
		to = stl_found(out, "in-hardfault", STL_CAUSE,
			       "the firmware has had a fault and stays in its HardFault handler");
		stl_evidence(to, "ICSR: VECTACTIVE = 3 in each of %u looks",
			     f->watched);
		say_pcs(f, to);
		if (!f->caught)
			stl_advice(to, "stlink diagnose --reset restarts the board and catches the very instruction");
		return;
	}
	if (f->active == EXC_NMI && f->opt_valid && !f->opt.ram_parity_off) {
		nmi_by_parity(f, out);
		return;
	}
	vector = f->zero[0] && f->active < STL_FACTS_WORDS ?
		 f->zero[f->active] :
		 stl_facts_word(f, STL_FLASH_BASE + 4 * f->active);
	if (!endless(f, vector))
		return;
	to = stl_found(out, "unhandled-interrupt", STL_CAUSE,
		       "an exception came that the firmware has no handler for, and it loops there for ever");
	stl_evidence(to, "ICSR: VECTACTIVE = %u (%s %u) in each of %u looks",
		     f->active, f->active < 16 ? "exception" : "interrupt",
		     f->active < 16 ? f->active : f->active - 16, f->watched);
	stl_evidence(to, "its handler at 0x%08x is an endless loop",
		     vector & ~1u);
	say_pcs(f, to);
	stl_advice(to, "find out what enables this interrupt, and give it a handler");
}

void stl_judge_core(const struct stl_facts *f, struct stl_findings *out)
{
	judge_halt(f, out);
	judge_resets(f, out);
	judge_exception(f, out);
}
