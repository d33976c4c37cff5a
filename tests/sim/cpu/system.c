// SPDX-License-Identifier: GPL-2.0-only
/*
 * Special registers, hints, and the 32-bit encodings: [ARM] A5.3, B4.2. The
 * M0 has no unprivileged execution, so everything is always allowed.
 */
#include "insn.h"

/* [TRM] 3.3 */
#define CYCLES_BL	4
#define CYCLES_MRS	4
#define CYCLES_BARRIER	4
#define CYCLES_WAIT	2

/* SYSm of MRS and MSR; 0 to 7 are combinations of APSR, IPSR and EPSR */
enum {
	SYSM_MSP	= 8,
	SYSM_PSP	= 9,
	SYSM_PRIMASK	= 16,
	SYSM_CONTROL	= 20,
};

/* 1011 0110 011i 0010: only PRIMASK can be changed */
int insn_cps(struct cpu *cpu, uint32_t op)
{
	if ((op & ~0x10u) != 0xb662)
		return insn_undefined(cpu, op);
	primask_set(cpu, op & 0x10);
	return 1;
}

/* Unallocated hints are NOPs; IT (low nibble not 0) does not exist here. */
int insn_hint(struct cpu *cpu, uint32_t op)
{
	if (op & 15)
		return insn_undefined(cpu, op);
	switch (op >> 4 & 15) {
	case 2:
		sleep_enter(cpu, true);
		return CYCLES_WAIT;
	case 3:
		sleep_enter(cpu, false);
		return CYCLES_WAIT;
	case 4:
		event_set(cpu);
		return 1;
	default:
		return 1;
	}
}

static uint32_t special_read(const struct cpu *cpu, unsigned int sysm)
{
	switch (sysm) {
	case SYSM_MSP:
		return msp_get(cpu);
	case SYSM_PSP:
		return psp_get(cpu);
	case SYSM_PRIMASK:
		return cpu->primask;
	case SYSM_CONTROL:
		return cpu->spsel ? 2 : 0;
	}
	if (sysm > 7)
		return 0;
	/* EPSR always reads as zero */
	return (sysm & 4 ? 0 : xpsr_get(cpu) & 0xf0000000u) |
	       (sysm & 1 ? cpu->ipsr : 0);
}

static void special_write(struct cpu *cpu, unsigned int sysm, uint32_t value)
{
	switch (sysm) {
	case 0 ... 3:
		apsr_set(cpu, value);
		break;
	case SYSM_MSP:
		msp_set(cpu, value);
		break;
	case SYSM_PSP:
		psp_set(cpu, value);
		break;
	case SYSM_PRIMASK:
		primask_set(cpu, value & 1);
		break;
	case SYSM_CONTROL:
		/* Handler mode stays on the main stack */
		if (!cpu->ipsr)
			spsel_set(cpu, value & 2);
		break;
	}
}

static int branch_link(struct cpu *cpu, uint32_t op, uint32_t op2)
{
	uint32_t s = op >> 10 & 1;
	uint32_t i1 = ~(op2 >> 13 ^ s) & 1, i2 = ~(op2 >> 11 ^ s) & 1;
	uint32_t offset = -s << 24 | i1 << 23 | i2 << 22 |
			  (op & 0x3ff) << 12 | (op2 & 0x7ff) << 1;

	cpu->r[14] = cpu->next | 1;
	cpu->next = cpu->r[15] + 4 + offset;
	return CYCLES_BL;
}

/* 1111 0xxx: BL, MSR, MRS and barriers, all else undefined */
int insn_32bit(struct cpu *cpu, uint32_t op)
{
	uint32_t op2 = 0;
	enum bus_result result = core_fetch(cpu, cpu->r[15] + 2, &op2);

	if (unlikely(result != BUS_OK))
		return insn_result(result);
	cpu->next = cpu->r[15] + 4;

	if ((op2 & 0xd000) == 0xd000)
		return branch_link(cpu, op, op2);
	if ((op & 0xffe0) == 0xf380 && (op2 & 0xd000) == 0x8000) {
		special_write(cpu, op2 & 255, cpu->r[op & 15]);
		return CYCLES_MRS;
	}
	if ((op & 0xffe0) == 0xf3e0 && (op2 & 0xd000) == 0x8000) {
		cpu->r[op2 >> 8 & 15] = special_read(cpu, op2 & 255);
		return CYCLES_MRS;
	}
	/* DSB, DMB, ISB; memory is in order here anyway */
	if ((op & 0xfff0) == 0xf3b0 && (op2 & 0xd0c0) == 0x8040 &&
	    (op2 & 0x30) != 0x30)
		return CYCLES_BARRIER;
	return insn_undefined(cpu, op);
}
