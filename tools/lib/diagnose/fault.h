/* SPDX-License-Identifier: GPL-2.0-only */
/* A fault, from the registers and the stack it left. */
#ifndef STL_FAULT_H
#define STL_FAULT_H

#include "facts.h"

/**
 * struct stl_fault - where it happened
 * @frame: address of the exception frame; @regs hold what was stacked there
 * @regs: registers before the fault: 0 to 12, SP, LR, PC; xPSR as number 16
 */
struct stl_fault {
	uint32_t frame;
	uint32_t regs[17];
};

/**
 * struct stl_access - access to memory by an instruction
 * @addr: first address
 * @size: bytes of each access
 * @count: accesses, one after the other
 * @write: it is a store
 */
struct stl_access {
	uint32_t addr;
	unsigned int size;
	unsigned int count;
	bool write;
};

/** stl_fault_find() - find the frame of the first fault; false: there is none */
bool stl_fault_find(const struct stl_facts *f, struct stl_fault *fault);

/** stl_fault_access() - what the instruction @insn accesses; false: no memory */
bool stl_fault_access(const struct stl_fault *fault, uint16_t insn,
		      struct stl_access *a);

#endif
