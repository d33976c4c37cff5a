// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data watchpoint unit: two comparators for data or instruction addresses, and
 * PC sampling. [ARM] C1.8. A match halts the core when the instruction that
 * made it is complete.
 */
#include "internal.h"

#define DWT_CTRL	0xe0001000
#define DWT_PCSR	0xe000101c
#define DWT_COMP0	0xe0001020
#define DWT_STRIDE	0x10

#define CTRL_NUMCOMP	((uint32_t)DWT_COMPARATORS << 28)
#define MASK_MAX	0x1fu
#define FUNCTION_MASK	0xfu
#define FUNCTION_MATCHED	(1u << 24)

enum {
	FUNCTION_PC	= 4,
	FUNCTION_READ	= 5,
	FUNCTION_WRITE	= 6,
	FUNCTION_ACCESS	= 7,
};

/** match_update() - after any change of what arms the BPU or the DWT */
void match_update(struct cpu *cpu)
{
	bool pc = bpu_armed(cpu), data = false;
	unsigned int i;

	for (i = 0; cpu->demcr & DEMCR_DWTENA && i < DWT_COMPARATORS; i++) {
		uint32_t function = cpu->dwt[i].function;

		pc |= function == FUNCTION_PC;
		data |= function > FUNCTION_PC && function <= FUNCTION_ACCESS;
	}
	attend(cpu, ATT_PC_MATCH, pc);
	cpu->dwt_data = data;
}

static void hit(struct cpu *cpu, struct dwt_comparator *dwt)
{
	dwt->matched = true;
	if (debug_enabled(cpu))
		debug_halt_request(cpu, DFSR_DWTTRAP);
}

/** dwt_pc() - the instruction at @pc is about to run */
void dwt_pc(struct cpu *cpu, uint32_t pc)
{
	struct dwt_comparator *dwt;

	if (!(cpu->demcr & DEMCR_DWTENA))
		return;
	for (dwt = cpu->dwt; dwt < cpu->dwt + DWT_COMPARATORS; dwt++)
		if (dwt->function == FUNCTION_PC &&
		    (pc | 1) >> dwt->mask == (dwt->comp | 1) >> dwt->mask)
			hit(cpu, dwt);
}

/** dwt_access() - @size bytes at @addr have been read or written */
void dwt_access(struct cpu *cpu, uint32_t addr, unsigned int size, bool write)
{
	uint32_t function = write ? FUNCTION_WRITE : FUNCTION_READ;
	struct dwt_comparator *dwt;

	for (dwt = cpu->dwt; dwt < cpu->dwt + DWT_COMPARATORS; dwt++) {
		uint64_t length = 1ull << dwt->mask;
		uint64_t first = dwt->comp & -length;

		if (dwt->function != function &&
		    dwt->function != FUNCTION_ACCESS)
			continue;
		/* any byte of the access within the masked range counts */
		if (addr < first + length && first < (uint64_t)addr + size)
			hit(cpu, dwt);
	}
}

static struct dwt_comparator *comparator(struct cpu *cpu, uint32_t addr)
{
	unsigned int i = (addr - DWT_COMP0) / DWT_STRIDE;

	return addr >= DWT_COMP0 && i < DWT_COMPARATORS ? &cpu->dwt[i] : NULL;
}

/** dwt_read() - MATCHED clears when FUNCTION is read */
uint32_t dwt_read(struct cpu *cpu, uint32_t addr)
{
	struct dwt_comparator *dwt = comparator(cpu, addr);
	uint32_t value = 0;

	if (addr == DWT_CTRL)
		return CTRL_NUMCOMP;
	/* no sample in Debug state or with the unit off */
	if (addr == DWT_PCSR)
		return cpu->halted || !(cpu->demcr & DEMCR_DWTENA) ?
		       0xffffffff : cpu->r[15];
	if (!dwt)
		return 0;
	switch (addr % DWT_STRIDE) {
	case 0:
		value = dwt->comp;
		break;
	case 4:
		value = dwt->mask;
		break;
	case 8:
		value = dwt->function | (dwt->matched ? FUNCTION_MATCHED : 0);
		dwt->matched = false;
		break;
	}
	return value;
}

/** dwt_write() - comparators; the rest is read-only */
void dwt_write(struct cpu *cpu, uint32_t addr, uint32_t value)
{
	struct dwt_comparator *dwt = comparator(cpu, addr);

	if (!dwt)
		return;
	switch (addr % DWT_STRIDE) {
	case 0:
		dwt->comp = value;
		break;
	case 4:
		dwt->mask = value & MASK_MAX;
		break;
	case 8:
		dwt->function = value & FUNCTION_MASK;
		break;
	}
	match_update(cpu);
}
