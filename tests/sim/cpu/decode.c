// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decode table: [ARM] A5.2. The upper ten bits tell instructions apart, save
 * for CPS and hints, which look at the rest themselves. Entries left out are
 * undefined in ARMv6-M: SETEND, CBZ, IT and the 32-bit encodings of Thumb-2.
 */
#include "insn.h"

/** insn_undefined() - undefined encodings, UDF included: HardFault */
int insn_undefined(struct cpu *cpu, uint32_t op)
{
	(void)cpu;
	(void)op;
	return INSN_FAULT;
}

/* first and last half-word of a group */
#define GROUP(from, to)	[(from) >> 6 ... (to) >> 6]

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
const insn_fn insn_table[1024] = {
	GROUP(0x0000, 0xffff) = insn_undefined,

	GROUP(0x0000, 0x07ff) = insn_lsl_imm,
	GROUP(0x0800, 0x0fff) = insn_lsr_imm,
	GROUP(0x1000, 0x17ff) = insn_asr_imm,
	GROUP(0x1800, 0x19ff) = insn_add_reg,
	GROUP(0x1a00, 0x1bff) = insn_sub_reg,
	GROUP(0x1c00, 0x1dff) = insn_add_imm3,
	GROUP(0x1e00, 0x1fff) = insn_sub_imm3,
	GROUP(0x2000, 0x27ff) = insn_mov_imm,
	GROUP(0x2800, 0x2fff) = insn_cmp_imm,
	GROUP(0x3000, 0x37ff) = insn_add_imm8,
	GROUP(0x3800, 0x3fff) = insn_sub_imm8,

	[0x4000 >> 6] = insn_and,
	[0x4040 >> 6] = insn_eor,
	[0x4080 >> 6] = insn_lsl_reg,
	[0x40c0 >> 6] = insn_lsr_reg,
	[0x4100 >> 6] = insn_asr_reg,
	[0x4140 >> 6] = insn_adc,
	[0x4180 >> 6] = insn_sbc,
	[0x41c0 >> 6] = insn_ror,
	[0x4200 >> 6] = insn_tst,
	[0x4240 >> 6] = insn_rsb,
	[0x4280 >> 6] = insn_cmp_reg,
	[0x42c0 >> 6] = insn_cmn,
	[0x4300 >> 6] = insn_orr,
	[0x4340 >> 6] = insn_mul,
	[0x4380 >> 6] = insn_bic,
	[0x43c0 >> 6] = insn_mvn,

	GROUP(0x4400, 0x44ff) = insn_add_hi,
	GROUP(0x4500, 0x45ff) = insn_cmp_hi,
	GROUP(0x4600, 0x46ff) = insn_mov_hi,
	GROUP(0x4700, 0x47ff) = insn_bx,

	GROUP(0x4800, 0x4fff) = insn_ldr_literal,
	GROUP(0x5000, 0x5fff) = insn_ldst_reg,
	GROUP(0x6000, 0x7fff) = insn_ldst_imm,
	GROUP(0x8000, 0x8fff) = insn_ldst_half,
	GROUP(0x9000, 0x9fff) = insn_ldst_sp,
	GROUP(0xa000, 0xa7ff) = insn_adr,
	GROUP(0xa800, 0xafff) = insn_add_rd_sp,

	GROUP(0xb000, 0xb0ff) = insn_adjust_sp,
	[0xb200 >> 6] = insn_sxth,
	[0xb240 >> 6] = insn_sxtb,
	[0xb280 >> 6] = insn_uxth,
	[0xb2c0 >> 6] = insn_uxtb,
	GROUP(0xb400, 0xb5ff) = insn_push,
	[0xb640 >> 6] = insn_cps,
	[0xba00 >> 6] = insn_rev,
	[0xba40 >> 6] = insn_rev16,
	[0xbac0 >> 6] = insn_revsh,
	GROUP(0xbc00, 0xbdff) = insn_pop,
	GROUP(0xbe00, 0xbeff) = insn_bkpt,
	GROUP(0xbf00, 0xbfff) = insn_hint,

	GROUP(0xc000, 0xc7ff) = insn_stm,
	GROUP(0xc800, 0xcfff) = insn_ldm,
	GROUP(0xd000, 0xddff) = insn_b_cond,
	/* DE00-DEFF: UDF */
	GROUP(0xdf00, 0xdfff) = insn_svc,
	GROUP(0xe000, 0xe7ff) = insn_b,
	GROUP(0xf000, 0xf7ff) = insn_32bit,
};
#pragma GCC diagnostic pop
