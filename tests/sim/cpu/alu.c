// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data processing: [ARM] A5.2.1 to A5.2.3, A5.2.5. One cycle each, three when
 * the result goes to the PC ([TRM] 3.3).
 */
#include "insn.h"

#define RD(op)		((op) & 7)
#define RN(op)		((op) >> 3 & 7)
#define RM(op)		((op) >> 6 & 7)
#define RD8(op)		((op) >> 8 & 7)
#define IMM5(op)	((op) >> 6 & 31)
#define IMM8(op)	((op) & 255)
/* 4-bit registers of the "special data" group */
#define RD_HI(op)	(((op) & 7) | ((op) >> 4 & 8))
#define RM_HI(op)	((op) >> 3 & 15)

#define CYCLES_PC	3

static inline int set_nz(struct cpu *cpu, unsigned int rd, uint32_t result)
{
	cpu->r[rd] = result;
	cpu->nf = result;
	cpu->zf = result;
	return 1;
}

/* a + b + carry with all four flags; subtraction adds the complement */
static inline uint32_t add_flags(struct cpu *cpu, uint32_t a, uint32_t b,
				 uint32_t carry)
{
	uint64_t sum = (uint64_t)a + b + carry;
	uint32_t result = sum;

	cpu->nf = result;
	cpu->zf = result;
	cpu->cf = sum >> 32;
	cpu->vf = (a ^ result) & (b ^ result);
	return result;
}

static inline uint32_t reg_pc(const struct cpu *cpu, unsigned int reg)
{
	return cpu->r[reg] + (reg == 15 ? 4 : 0);
}

int insn_lsl_imm(struct cpu *cpu, uint32_t op)
{
	uint32_t value = cpu->r[RN(op)];
	unsigned int n = IMM5(op);

	if (n) {
		cpu->cf = value >> (32 - n) & 1;
		value <<= n;
	}
	return set_nz(cpu, RD(op), value);
}

int insn_lsr_imm(struct cpu *cpu, uint32_t op)
{
	uint32_t value = cpu->r[RN(op)];
	unsigned int n = IMM5(op);

	/* an immediate of 0 stands for 32 */
	if (!n) {
		cpu->cf = value >> 31;
		value = 0;
	} else {
		cpu->cf = value >> (n - 1) & 1;
		value >>= n;
	}
	return set_nz(cpu, RD(op), value);
}

int insn_asr_imm(struct cpu *cpu, uint32_t op)
{
	int32_t value = cpu->r[RN(op)];
	unsigned int n = IMM5(op);

	if (!n) {
		cpu->cf = (uint32_t)value >> 31;
		value >>= 31;
	} else {
		cpu->cf = value >> (n - 1) & 1;
		value >>= n;
	}
	return set_nz(cpu, RD(op), value);
}

int insn_add_reg(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = add_flags(cpu, cpu->r[RN(op)], cpu->r[RM(op)], 0);
	return 1;
}

int insn_sub_reg(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = add_flags(cpu, cpu->r[RN(op)], ~cpu->r[RM(op)], 1);
	return 1;
}

int insn_add_imm3(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = add_flags(cpu, cpu->r[RN(op)], RM(op), 0);
	return 1;
}

int insn_sub_imm3(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = add_flags(cpu, cpu->r[RN(op)], ~RM(op), 1);
	return 1;
}

int insn_mov_imm(struct cpu *cpu, uint32_t op)
{
	return set_nz(cpu, RD8(op), IMM8(op));
}

int insn_cmp_imm(struct cpu *cpu, uint32_t op)
{
	add_flags(cpu, cpu->r[RD8(op)], ~IMM8(op), 1);
	return 1;
}

int insn_add_imm8(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD8(op)] = add_flags(cpu, cpu->r[RD8(op)], IMM8(op), 0);
	return 1;
}

int insn_sub_imm8(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD8(op)] = add_flags(cpu, cpu->r[RD8(op)], ~IMM8(op), 1);
	return 1;
}

int insn_and(struct cpu *cpu, uint32_t op)
{
	return set_nz(cpu, RD(op), cpu->r[RD(op)] & cpu->r[RN(op)]);
}

int insn_eor(struct cpu *cpu, uint32_t op)
{
	return set_nz(cpu, RD(op), cpu->r[RD(op)] ^ cpu->r[RN(op)]);
}

/* Shifts by register take its low byte; 0 leaves value and carry alone. */
int insn_lsl_reg(struct cpu *cpu, uint32_t op)
{
	unsigned int n = cpu->r[RN(op)] & 255;
	uint64_t value = cpu->r[RD(op)];

	if (n) {
		value = n > 32 ? 0 : value << n;
		cpu->cf = value >> 32 & 1;
	}
	return set_nz(cpu, RD(op), value);
}

int insn_lsr_reg(struct cpu *cpu, uint32_t op)
{
	unsigned int n = cpu->r[RN(op)] & 255;
	uint64_t value = cpu->r[RD(op)];

	if (n) {
		value = n > 32 ? 0 : (value << 1) >> n;
		cpu->cf = value & 1;
		value >>= 1;
	}
	return set_nz(cpu, RD(op), value);
}

int insn_asr_reg(struct cpu *cpu, uint32_t op)
{
	unsigned int n = cpu->r[RN(op)] & 255;
	int64_t value = (int32_t)cpu->r[RD(op)];

	if (n) {
		value = (value * 2) >> (n > 32 ? 32 : n);
		cpu->cf = value & 1;
		value >>= 1;
	}
	return set_nz(cpu, RD(op), value);
}

int insn_adc(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = add_flags(cpu, cpu->r[RD(op)], cpu->r[RN(op)],
				   cpu->cf);
	return 1;
}

int insn_sbc(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = add_flags(cpu, cpu->r[RD(op)], ~cpu->r[RN(op)],
				   cpu->cf);
	return 1;
}

int insn_ror(struct cpu *cpu, uint32_t op)
{
	unsigned int n = cpu->r[RN(op)] & 255;
	uint32_t value = cpu->r[RD(op)];

	if (n) {
		n &= 31;
		if (n)
			value = value >> n | value << (32 - n);
		cpu->cf = value >> 31;
	}
	return set_nz(cpu, RD(op), value);
}

int insn_tst(struct cpu *cpu, uint32_t op)
{
	cpu->nf = cpu->r[RD(op)] & cpu->r[RN(op)];
	cpu->zf = cpu->nf;
	return 1;
}

int insn_rsb(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = add_flags(cpu, ~cpu->r[RN(op)], 0, 1);
	return 1;
}

int insn_cmp_reg(struct cpu *cpu, uint32_t op)
{
	add_flags(cpu, cpu->r[RD(op)], ~cpu->r[RN(op)], 1);
	return 1;
}

int insn_cmn(struct cpu *cpu, uint32_t op)
{
	add_flags(cpu, cpu->r[RD(op)], cpu->r[RN(op)], 0);
	return 1;
}

int insn_orr(struct cpu *cpu, uint32_t op)
{
	return set_nz(cpu, RD(op), cpu->r[RD(op)] | cpu->r[RN(op)]);
}

/* One cycle: ST builds the M0 with the fast multiplier. */
int insn_mul(struct cpu *cpu, uint32_t op)
{
	return set_nz(cpu, RD(op), cpu->r[RD(op)] * cpu->r[RN(op)]);
}

int insn_bic(struct cpu *cpu, uint32_t op)
{
	return set_nz(cpu, RD(op), cpu->r[RD(op)] & ~cpu->r[RN(op)]);
}

int insn_mvn(struct cpu *cpu, uint32_t op)
{
	return set_nz(cpu, RD(op), ~cpu->r[RN(op)]);
}

/* Results that go to the PC branch without a change of EPSR.T. */
static int write_hi(struct cpu *cpu, unsigned int rd, uint32_t value)
{
	if (rd == 15) {
		cpu->next = value & ~1u;
		return CYCLES_PC;
	}
	cpu->r[rd] = rd == 13 ? value & ~3u : value;
	return 1;
}

int insn_add_hi(struct cpu *cpu, uint32_t op)
{
	return write_hi(cpu, RD_HI(op),
			reg_pc(cpu, RD_HI(op)) + reg_pc(cpu, RM_HI(op)));
}

int insn_cmp_hi(struct cpu *cpu, uint32_t op)
{
	add_flags(cpu, reg_pc(cpu, RD_HI(op)), ~reg_pc(cpu, RM_HI(op)), 1);
	return 1;
}

int insn_mov_hi(struct cpu *cpu, uint32_t op)
{
	return write_hi(cpu, RD_HI(op), reg_pc(cpu, RM_HI(op)));
}

int insn_adr(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD8(op)] = ((cpu->r[15] + 4) & ~3u) + IMM8(op) * 4;
	return 1;
}

int insn_add_rd_sp(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD8(op)] = cpu->r[13] + IMM8(op) * 4;
	return 1;
}

int insn_adjust_sp(struct cpu *cpu, uint32_t op)
{
	uint32_t offset = (op & 127) * 4;

	cpu->r[13] += op & 1u << 7 ? -offset : offset;
	return 1;
}

int insn_sxth(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = (int16_t)cpu->r[RN(op)];
	return 1;
}

int insn_sxtb(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = (int8_t)cpu->r[RN(op)];
	return 1;
}

int insn_uxth(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = (uint16_t)cpu->r[RN(op)];
	return 1;
}

int insn_uxtb(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = (uint8_t)cpu->r[RN(op)];
	return 1;
}

int insn_rev(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = __builtin_bswap32(cpu->r[RN(op)]);
	return 1;
}

int insn_rev16(struct cpu *cpu, uint32_t op)
{
	uint32_t value = __builtin_bswap32(cpu->r[RN(op)]);

	cpu->r[RD(op)] = value >> 16 | value << 16;
	return 1;
}

int insn_revsh(struct cpu *cpu, uint32_t op)
{
	cpu->r[RD(op)] = (int16_t)__builtin_bswap16(cpu->r[RN(op)]);
	return 1;
}
