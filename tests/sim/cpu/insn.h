/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Handlers of each group of instructions, for the decode table.
 *
 * All of them have one contract, that of insn_fn: given the first half-word,
 * with r[15] at its address and cpu->next behind it, do what the instruction
 * named in the function does, as ARM DDI 0419 A6.7 says, and return its core
 * clock cycles. Branches change cpu->next. INSN_FAULT and INSN_STALL are
 * returned before any register has changed; the caller comes back with the same
 * half-word after a stall.
 */
#ifndef SIM_CPU_INSN_H
#define SIM_CPU_INSN_H

#include "internal.h"

/* alu.c */
int insn_lsl_imm(struct cpu *cpu, uint32_t op);
int insn_lsr_imm(struct cpu *cpu, uint32_t op);
int insn_asr_imm(struct cpu *cpu, uint32_t op);
int insn_add_reg(struct cpu *cpu, uint32_t op);
int insn_sub_reg(struct cpu *cpu, uint32_t op);
int insn_add_imm3(struct cpu *cpu, uint32_t op);
int insn_sub_imm3(struct cpu *cpu, uint32_t op);
int insn_mov_imm(struct cpu *cpu, uint32_t op);
int insn_cmp_imm(struct cpu *cpu, uint32_t op);
int insn_add_imm8(struct cpu *cpu, uint32_t op);
int insn_sub_imm8(struct cpu *cpu, uint32_t op);
int insn_and(struct cpu *cpu, uint32_t op);
int insn_eor(struct cpu *cpu, uint32_t op);
int insn_lsl_reg(struct cpu *cpu, uint32_t op);
int insn_lsr_reg(struct cpu *cpu, uint32_t op);
int insn_asr_reg(struct cpu *cpu, uint32_t op);
int insn_adc(struct cpu *cpu, uint32_t op);
int insn_sbc(struct cpu *cpu, uint32_t op);
int insn_ror(struct cpu *cpu, uint32_t op);
int insn_tst(struct cpu *cpu, uint32_t op);
int insn_rsb(struct cpu *cpu, uint32_t op);
int insn_cmp_reg(struct cpu *cpu, uint32_t op);
int insn_cmn(struct cpu *cpu, uint32_t op);
int insn_orr(struct cpu *cpu, uint32_t op);
int insn_mul(struct cpu *cpu, uint32_t op);
int insn_bic(struct cpu *cpu, uint32_t op);
int insn_mvn(struct cpu *cpu, uint32_t op);
int insn_add_hi(struct cpu *cpu, uint32_t op);
int insn_cmp_hi(struct cpu *cpu, uint32_t op);
int insn_mov_hi(struct cpu *cpu, uint32_t op);
int insn_adr(struct cpu *cpu, uint32_t op);
int insn_add_rd_sp(struct cpu *cpu, uint32_t op);
int insn_adjust_sp(struct cpu *cpu, uint32_t op);
int insn_sxth(struct cpu *cpu, uint32_t op);
int insn_sxtb(struct cpu *cpu, uint32_t op);
int insn_uxth(struct cpu *cpu, uint32_t op);
int insn_uxtb(struct cpu *cpu, uint32_t op);
int insn_rev(struct cpu *cpu, uint32_t op);
int insn_rev16(struct cpu *cpu, uint32_t op);
int insn_revsh(struct cpu *cpu, uint32_t op);

/* memory.c */
int insn_ldr_literal(struct cpu *cpu, uint32_t op);
int insn_ldst_reg(struct cpu *cpu, uint32_t op);
int insn_ldst_imm(struct cpu *cpu, uint32_t op);
int insn_ldst_half(struct cpu *cpu, uint32_t op);
int insn_ldst_sp(struct cpu *cpu, uint32_t op);
int insn_push(struct cpu *cpu, uint32_t op);
int insn_pop(struct cpu *cpu, uint32_t op);
int insn_stm(struct cpu *cpu, uint32_t op);
int insn_ldm(struct cpu *cpu, uint32_t op);

/* flow.c */
int insn_bx(struct cpu *cpu, uint32_t op);
int insn_b_cond(struct cpu *cpu, uint32_t op);
int insn_b(struct cpu *cpu, uint32_t op);
int insn_svc(struct cpu *cpu, uint32_t op);
int insn_bkpt(struct cpu *cpu, uint32_t op);

/* system.c */
int insn_cps(struct cpu *cpu, uint32_t op);
int insn_hint(struct cpu *cpu, uint32_t op);
int insn_32bit(struct cpu *cpu, uint32_t op);

#endif
