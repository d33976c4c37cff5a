// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a reset leads, and what the option bytes forbid. ST RM0360 2.5 and 4.
 */
#include "rules.h"
#include "stm32f0.h"

static bool in_sysmem(const struct stl_facts *f, uint32_t addr)
{
	return addr >= f->chip.part->sysmem_base && addr < STL_OPTION_BASE;
}

static void boots_sysmem(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to;
	unsigned int i;
	int pc = -1;

	for (i = 0; i < f->num_pcs; i++)
		if (in_sysmem(f, f->pcs[i]))
			pc = i;
	if (f->boot != STL_BOOT_SYSMEM && pc < 0)
		return;
	to = stl_found(out, "boots-system-memory", STL_CAUSE,
		       "the chip runs ST's boot loader in system memory instead of the firmware in flash");
	if (f->boot == STL_BOOT_SYSMEM)
		stl_evidence(to, "0x00000000 = 0x%08x 0x%08x: system memory (0x%08x) is mapped there",
			     f->zero[0], f->zero[1], f->chip.part->sysmem_base);
	if (f->cfgr1 & SYSCFG_CFGR1_MEM_MODE)
		stl_evidence(to, "SYSCFG_CFGR1 = 0x%08x: MEM_MODE = %u",
			     f->cfgr1, f->cfgr1 & SYSCFG_CFGR1_MEM_MODE);
	if (pc >= 0)
		stl_evidence(to, "PC = 0x%08x", f->pcs[pc]);
	if (f->opt_valid)
		stl_evidence(to, "FLASH_OBR = 0x%08x: nBOOT1 = %u", f->opt.obr,
			     f->opt.nboot1);
	if (f->chip.part->empty_check)
		stl_advice(to, "tie BOOT0 low and reset; if it is low: this part starts the boot loader while it remembers that its flash was blank at power-on, so take the power off for a moment");
	else
		stl_advice(to, "tie BOOT0 low and reset; a floating BOOT0 may read as high");
}

/*
 * Firmware may map SRAM to 0 itself, to have its vectors there. Then those
 * point into flash, and it runs.
 */
static void boots_sram(const struct stl_facts *f, struct stl_findings *out)
{
	uint32_t reset = f->zero[1] & ~1u;
	struct stl_finding *to;

	if (f->boot != STL_BOOT_SRAM || stl_facts_alive(f) ||
	    (f->zero[1] & 1 &&
	     reset - STL_FLASH_BASE < f->chip.flash_size))
		return;
	to = stl_found(out, "boots-sram", STL_CAUSE,
		       "the chip boots from SRAM, where no program is after power-on");
	stl_evidence(to, "0x00000000 = 0x%08x 0x%08x: SRAM is mapped there",
		     f->zero[0], f->zero[1]);
	if (f->opt_valid)
		stl_evidence(to, "FLASH_OBR = 0x%08x: nBOOT1 = %u", f->opt.obr,
			     f->opt.nboot1);
	stl_advice(to, "tie BOOT0 low and reset");
}

static void judge_rdp(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to;

	if (!f->chip.rdp_level)
		return;
	to = stl_found(out, "read-protection",
		       f->lockups ? STL_CAUSE : STL_SUSPICION,
		       f->lockups ?
		       "read protection level 1 has cut off the flash because a debugger is attached: the core can't fetch its program" :
		       "flash is read-protected (RDP level %u), so what is in it can't be examined",
		       f->chip.rdp_level);
	stl_evidence(to, "FLASH_OBR = 0x%08x: RDPRT = %u", f->chip.obr,
		     f->chip.obr >> 1 & 3);
	if (f->lockups)
		stl_evidence(to, "DHCSR: S_LOCKUP in %u of %u looks",
			     f->lockups, f->watched);
	stl_advice(to, "take the probe off and the power off and on: the firmware runs only without a debugger. stlink unprotect takes the protection off, and erases the flash");
}

/* Alone it hinders nobody; but what is missing may be missing because of it. */
static void judge_wrp(const struct stl_facts *f, struct stl_findings *out)
{
	unsigned int blocks = stl_protected_blocks(&f->chip);
	struct stl_finding *to;

	if (!blocks)
		return;
	to = stl_found(out, "write-protection", STL_REMARK,
		       "%u of %u blocks of 4 KiB are write-protected: they keep what is in them",
		       blocks, (f->chip.flash_size + STL_WRP_UNIT - 1) /
		       STL_WRP_UNIT);
	stl_evidence(to, "FLASH_WRPR = 0x%08x", f->chip.wrpr);
	stl_advice(to, "if they shall change: stlink option set WRP=none");
}

static void judge_options(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to;

	if (!f->opt_valid || !f->opt.load_error)
		return;
	to = stl_found(out, "option-bytes-damaged", STL_SUSPICION,
		       "an option byte and its complement disagree; the chip takes it as FF");
	stl_evidence(to, "FLASH_OBR = 0x%08x: OPTERR", f->opt.obr);
	stl_advice(to, "look with stlink option show; stlink option set writes all of them anew");
}

void stl_judge_boot(const struct stl_facts *f, struct stl_findings *out)
{
	boots_sysmem(f, out);
	boots_sram(f, out);
	judge_rdp(f, out);
	judge_wrp(f, out);
	judge_options(f, out);
}
