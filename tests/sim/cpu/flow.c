// SPDX-License-Identifier: GPL-2.0-only
/*
 * Branches and calls to the supervisor: [ARM] A5.2.6, A5.2.7. A branch taken
 * costs 3 cycles, one not taken 1 ([TRM] 3.3).
 */
#include "insn.h"

#define CYCLES_BRANCH	3

/**
 * branch_exchange() - BXWritePC() of [ARM] A2.3.1
 * @cpu: the core
 * @target: bit 0 becomes EPSR.T; in Handler mode Fxxxxxxx ends the exception,
 *	once the instruction has completed
 */
void branch_exchange(struct cpu *cpu, uint32_t target)
{
	if (cpu->ipsr && target >> 28 == 15) {
		cpu->exc_return = target;
		resume_later(cpu, RESUME_RETURN, false);
		return;
	}
	thumb_set(cpu, target & 1);
	cpu->next = target & ~1u;
}

/* BX and, with bit 7, BLX */
int insn_bx(struct cpu *cpu, uint32_t op)
{
	unsigned int rm = op >> 3 & 15;
	uint32_t target = cpu->r[rm] + (rm == 15 ? 4 : 0);

	if (op & 1u << 7) {
		cpu->r[14] = cpu->next | 1;
		/* BLXWritePC() knows no EXC_RETURN */
		thumb_set(cpu, target & 1);
		cpu->next = target & ~1u;
	} else {
		branch_exchange(cpu, target);
	}
	return CYCLES_BRANCH;
}

static bool condition(const struct cpu *cpu, unsigned int cond)
{
	bool n = cpu->nf >> 31, z = !cpu->zf, c = cpu->cf, v = cpu->vf >> 31;
	bool holds;

	switch (cond >> 1) {
	case 0:
		holds = z;
		break;
	case 1:
		holds = c;
		break;
	case 2:
		holds = n;
		break;
	case 3:
		holds = v;
		break;
	case 4:
		holds = c && !z;
		break;
	case 5:
		holds = n == v;
		break;
	default:
		holds = n == v && !z;
		break;
	}
	return holds != (cond & 1);
}

int insn_b_cond(struct cpu *cpu, uint32_t op)
{
	if (!condition(cpu, op >> 8 & 15))
		return 1;
	cpu->next = cpu->r[15] + 4 + (int8_t)op * 2;
	return CYCLES_BRANCH;
}

int insn_b(struct cpu *cpu, uint32_t op)
{
	int32_t offset = (int32_t)(op << 21) >> 20;

	cpu->next = cpu->r[15] + 4 + offset;
	return CYCLES_BRANCH;
}

int insn_svc(struct cpu *cpu, uint32_t op)
{
	(void)cpu;
	(void)op;
	return INSN_SVC;
}

int insn_bkpt(struct cpu *cpu, uint32_t op)
{
	(void)cpu;
	(void)op;
	return INSN_BKPT;
}
