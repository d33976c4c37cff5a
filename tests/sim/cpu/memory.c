// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores: [ARM] A5.2.4, A6.7. Two cycles, 1 + N for N registers,
 * 4 + N and the PC on top ([TRM] 3.3). Base and destination registers
 * are only written when every access has succeeded.
 */
#include "insn.h"

#define CYCLES_LDST	2
#define CYCLES_POP_PC	2

static int load(struct cpu *cpu, unsigned int rt, uint32_t addr,
		unsigned int size)
{
	uint32_t value = 0;
	enum bus_result result = core_read(cpu, addr, size, &value);

	if (unlikely(result != BUS_OK))
		return insn_result(result);
	cpu->r[rt] = value;
	return CYCLES_LDST;
}

static int load_signed(struct cpu *cpu, unsigned int rt, uint32_t addr,
		       unsigned int size)
{
	int cycles = load(cpu, rt, addr, size);

	if (likely(cycles > 0))
		cpu->r[rt] = size == 1 ? (uint32_t)(int8_t)cpu->r[rt] :
					 (uint32_t)(int16_t)cpu->r[rt];
	return cycles;
}

static int store(struct cpu *cpu, unsigned int rt, uint32_t addr,
		 unsigned int size)
{
	uint32_t mask = 0xffffffffu >> (32 - size * 8);
	enum bus_result result = core_write(cpu, addr, size,
					    cpu->r[rt] & mask);

	if (unlikely(result != BUS_OK))
		return insn_result(result);
	return CYCLES_LDST;
}

int insn_ldr_literal(struct cpu *cpu, uint32_t op)
{
	return load(cpu, op >> 8 & 7,
		    ((cpu->r[15] + 4) & ~3u) + (op & 255) * 4, 4);
}

/* 0101 ooom mmnn nttt */
int insn_ldst_reg(struct cpu *cpu, uint32_t op)
{
	uint32_t addr = cpu->r[op >> 3 & 7] + cpu->r[op >> 6 & 7];
	unsigned int rt = op & 7;

	switch (op >> 9 & 7) {
	case 0:
		return store(cpu, rt, addr, 4);
	case 1:
		return store(cpu, rt, addr, 2);
	case 2:
		return store(cpu, rt, addr, 1);
	case 3:
		return load_signed(cpu, rt, addr, 1);
	case 4:
		return load(cpu, rt, addr, 4);
	case 5:
		return load(cpu, rt, addr, 2);
	case 6:
		return load(cpu, rt, addr, 1);
	default:
		return load_signed(cpu, rt, addr, 2);
	}
}

/* 011b liii iinn nttt: word or byte, offset in units of it */
int insn_ldst_imm(struct cpu *cpu, uint32_t op)
{
	unsigned int size = op & 1u << 12 ? 1 : 4;
	uint32_t addr = cpu->r[op >> 3 & 7] + (op >> 6 & 31) * size;

	return op & 1u << 11 ? load(cpu, op & 7, addr, size) :
			       store(cpu, op & 7, addr, size);
}

int insn_ldst_half(struct cpu *cpu, uint32_t op)
{
	uint32_t addr = cpu->r[op >> 3 & 7] + (op >> 6 & 31) * 2;

	return op & 1u << 11 ? load(cpu, op & 7, addr, 2) :
			       store(cpu, op & 7, addr, 2);
}

int insn_ldst_sp(struct cpu *cpu, uint32_t op)
{
	uint32_t addr = cpu->r[13] + (op & 255) * 4;

	return op & 1u << 11 ? load(cpu, op >> 8 & 7, addr, 4) :
			       store(cpu, op >> 8 & 7, addr, 4);
}

/* @list: bit n for register n; none at all is UNPREDICTABLE, here undefined */
static int store_list(struct cpu *cpu, uint32_t addr, uint32_t list)
{
	int cycles = 1;

	if (unlikely(!list))
		return INSN_FAULT;
	for (; list; list &= list - 1, addr += 4, cycles++) {
		enum bus_result result;

		result = core_write(cpu, addr, 4,
				    cpu->r[__builtin_ctz(list)]);
		if (unlikely(result != BUS_OK))
			return insn_result(result);
	}
	return cycles;
}

static int load_list(struct cpu *cpu, uint32_t addr, uint32_t list,
		     uint32_t *value)
{
	int cycles = 1;

	if (unlikely(!list))
		return INSN_FAULT;
	for (; list; list &= list - 1, addr += 4, cycles++) {
		enum bus_result result;

		result = core_read(cpu, addr, 4,
				   &value[__builtin_ctz(list)]);
		if (unlikely(result != BUS_OK))
			return insn_result(result);
	}
	return cycles;
}

int insn_push(struct cpu *cpu, uint32_t op)
{
	uint32_t list = (op & 255) | (op & 1u << 8) << 6;	/* M is LR */
	uint32_t sp = cpu->r[13] - __builtin_popcount(list) * 4;
	int cycles = store_list(cpu, sp, list);

	if (likely(cycles > 0))
		cpu->r[13] = sp;
	return cycles;
}

int insn_pop(struct cpu *cpu, uint32_t op)
{
	uint32_t list = (op & 255) | (op & 1u << 8) << 7;	/* P is PC */
	uint32_t value[16] = { 0 };
	int cycles = load_list(cpu, cpu->r[13], list, value);
	uint32_t low;

	if (unlikely(cycles < 0))
		return cycles;
	cpu->r[13] += __builtin_popcount(list) * 4;
	for (low = list & 255; low; low &= low - 1)
		cpu->r[__builtin_ctz(low)] = value[__builtin_ctz(low)];
	if (list & 1u << 15) {
		/* 4 + N for N registers besides the PC; 2 + N so far */
		branch_exchange(cpu, value[15]);
		cycles += CYCLES_POP_PC;
	}
	return cycles;
}

int insn_stm(struct cpu *cpu, uint32_t op)
{
	unsigned int rn = op >> 8 & 7;
	uint32_t addr = cpu->r[rn];
	int cycles = store_list(cpu, addr, op & 255);

	if (likely(cycles > 0))
		cpu->r[rn] = addr + __builtin_popcount(op & 255) * 4;
	return cycles;
}

int insn_ldm(struct cpu *cpu, uint32_t op)
{
	unsigned int rn = op >> 8 & 7;
	uint32_t list = op & 255, addr = cpu->r[rn];
	uint32_t value[8] = { 0 };
	int cycles = load_list(cpu, addr, list, value);

	if (unlikely(cycles < 0))
		return cycles;
	/* a loaded base wins over its write-back */
	cpu->r[rn] = addr + __builtin_popcount(list) * 4;
	for (; list; list &= list - 1)
		cpu->r[__builtin_ctz(list)] = value[__builtin_ctz(list)];
	return cycles;
}
