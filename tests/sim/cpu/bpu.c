// SPDX-License-Identifier: GPL-2.0-only
/*
 * Breakpoint unit: four comparators for instruction addresses in the code
 * region. [ARM] C1.9.
 */
#include "internal.h"

#define BP_CTRL		0xe0002000
#define BP_COMP0	0xe0002008

#define CTRL_ENABLE	(1u << 0)
#define CTRL_KEY	(1u << 1)
#define CTRL_NUM_CODE	(BPU_COMPARATORS << 4)

#define COMP_ENABLE	(1u << 0)
#define COMP_ADDR	0x1ffffffcu
#define COMP_MATCH	0xc0000000u
#define COMP_LOWER	(1u << 30)
#define COMP_UPPER	(1u << 31)

/** bpu_read() - BP_CTRL or BP_COMPn, for the debugger */
uint32_t bpu_read(const struct cpu *cpu, uint32_t addr)
{
	unsigned int i = (addr - BP_COMP0) / 4;

	if (addr == BP_CTRL)
		return CTRL_NUM_CODE | (cpu->bp_enable ? CTRL_ENABLE : 0);
	return addr >= BP_COMP0 && i < BPU_COMPARATORS ? cpu->bp_comp[i] : 0;
}

/** bpu_write() - BP_CTRL only with its KEY bit */
void bpu_write(struct cpu *cpu, uint32_t addr, uint32_t value)
{
	unsigned int i = (addr - BP_COMP0) / 4;

	if (addr == BP_CTRL && value & CTRL_KEY)
		cpu->bp_enable = value & CTRL_ENABLE;
	if (addr >= BP_COMP0 && i < BPU_COMPARATORS)
		cpu->bp_comp[i] = value & (COMP_MATCH | COMP_ADDR |
					   COMP_ENABLE);
	match_update(cpu);
}

/** bpu_armed() - can anything match at all? */
bool bpu_armed(const struct cpu *cpu)
{
	unsigned int i;

	/* without halting debug a match is ignored */
	if (!cpu->bp_enable || !debug_enabled(cpu))
		return false;
	for (i = 0; i < BPU_COMPARATORS; i++)
		if (cpu->bp_comp[i] & COMP_ENABLE &&
		    cpu->bp_comp[i] & COMP_MATCH)
			return true;
	return false;
}

/** bpu_match() - is there a breakpoint on the instruction at @pc? */
bool bpu_match(const struct cpu *cpu, uint32_t pc)
{
	uint32_t half = pc & 2 ? COMP_UPPER : COMP_LOWER;
	unsigned int i;

	/* comparators see bits 28 to 2 only, of the code region only */
	if (!bpu_armed(cpu) || pc >> 29)
		return false;
	for (i = 0; i < BPU_COMPARATORS; i++)
		if (cpu->bp_comp[i] & COMP_ENABLE &&
		    cpu->bp_comp[i] & half &&
		    !((cpu->bp_comp[i] ^ pc) & COMP_ADDR))
			return true;
	return false;
}
