// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exception frames and addresses of loads and stores. ARM DDI 0419: B1.5.6 for
 * the frame, A5 for the instructions.
 */
#include <string.h>

#include "fault.h"

#define EXC_RETURN_PSP	0xfffffffdu
#define XPSR_T		0x01000000u
#define XPSR_ALIGN	0x00000200u
#define XPSR_ZERO	0x00fffdc0u	/* bits without meaning on ARMv6-M */
#define FRAME_WORDS	8

static bool exc_return(uint32_t value)
{
	return value == 0xfffffff1 || value == 0xfffffff9 ||
	       value == EXC_RETURN_PSP;
}

static bool take_frame(const struct stl_facts *f, struct stl_fault *fault,
		       uint32_t addr, const uint32_t *frame)
{
	if (frame[7] & XPSR_ZERO)
		return false;
	memcpy(fault->regs, f->regs, 13 * sizeof(uint32_t));
	memcpy(fault->regs, frame, 4 * sizeof(uint32_t));
	fault->regs[12] = frame[4];
	fault->regs[14] = frame[5];
	fault->regs[15] = frame[6];
	fault->regs[16] = frame[7];
	fault->regs[13] = addr + 32 + (frame[7] & XPSR_ALIGN ? 4 : 0);
	fault->frame = addr;
	return true;
}

bool stl_fault_find(const struct stl_facts *f, struct stl_fault *fault)
{
	uint32_t lr = f->regs[STLINK_REG_LR];
	unsigned int i;

	memset(fault, 0, sizeof(*fault));
	if (!f->regs_valid)
		return false;
	if (lr == EXC_RETURN_PSP)
		return f->psp_valid &&
		       take_frame(f, fault, f->regs[STLINK_REG_PSP],
				  f->psp_frame);
	if (exc_return(lr))
		return f->stack_num >= FRAME_WORDS &&
		       take_frame(f, fault, f->stack_addr, f->stack);
	/* the handler has called on: its own LR is somewhere on the stack */
	for (i = 0; i + FRAME_WORDS < f->stack_num; i++) {
		if (!exc_return(f->stack[i]))
			continue;
		if (f->stack[i] == EXC_RETURN_PSP)
			return f->psp_valid &&
			       take_frame(f, fault, f->regs[STLINK_REG_PSP],
					  f->psp_frame);
		return take_frame(f, fault, f->stack_addr + 4 * (i + 1),
				  f->stack + i + 1);
	}
	return false;
}

static void by_register(const struct stl_fault *fault, uint16_t insn,
			struct stl_access *a)
{
	/* STR STRH STRB LDRSB LDR LDRH LDRB LDRSH */
	static const uint8_t sizes[] = { 4, 2, 1, 1, 4, 2, 1, 2 };
	unsigned int op = insn >> 9 & 7;

	a->size = sizes[op];
	a->write = op < 3;
	a->addr = fault->regs[insn >> 3 & 7] + fault->regs[insn >> 6 & 7];
}

static void by_offset(const struct stl_fault *fault, uint16_t insn,
		      struct stl_access *a)
{
	a->size = insn < 0x7000 ? 4 : insn < 0x8000 ? 1 : 2;
	a->write = !(insn & 0x800);
	a->addr = fault->regs[insn >> 3 & 7] + (insn >> 6 & 31) * a->size;
}

bool stl_fault_access(const struct stl_fault *fault, uint16_t insn,
		      struct stl_access *a)
{
	unsigned int list = insn & 0xff;

	memset(a, 0, sizeof(*a));
	a->size = 4;
	a->count = 1;
	switch (insn >> 12) {
	case 0x4:
		if (insn < 0x4800)
			return false;
		a->addr = (fault->regs[15] & ~3u) + 4 + list * 4;
		return true;
	case 0x5:
		by_register(fault, insn, a);
		return true;
	case 0x6:
	case 0x7:
	case 0x8:
		by_offset(fault, insn, a);
		return true;
	case 0x9:
		a->write = !(insn & 0x800);
		a->addr = fault->regs[13] + list * 4;
		return true;
	case 0xb:
		if ((insn & 0xf600) != 0xb400)
			return false;
		list |= insn & 0x100;
		a->count = __builtin_popcount(list);
		a->write = !(insn & 0x800);
		a->addr = fault->regs[13] - (a->write ? 4 * a->count : 0);
		return true;
	case 0xc:
		a->count = __builtin_popcount(list);
		a->write = !(insn & 0x800);
		a->addr = fault->regs[insn >> 8 & 7];
		return true;
	default:
		return false;
	}
}
