// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private peripheral bus, E0000000-E00FFFFF: which component an address
 * belongs to. Pages with nothing in them read as zero.
 */
#include "internal.h"

#define PAGE(addr)	((addr) & ~0xfffu)
#define PAGE_DWT	0xe0001000u
#define PAGE_BPU	0xe0002000u
#define PAGE_SCS	0xe000e000u
#define PAGE_ROM	0xe00ff000u

static uint32_t read_word(struct cpu *cpu, uint32_t addr, bool debugger)
{
	switch (PAGE(addr)) {
	case PAGE_DWT:
	case PAGE_BPU:
	case PAGE_SCS:
	case PAGE_ROM:
		if (coresight_register(addr))
			return coresight_read(cpu, addr);
		break;
	default:
		return 0;
	}
	if (PAGE(addr) == PAGE_SCS)
		return scs_read(cpu, addr, debugger);
	if (!debugger)
		return 0;
	return PAGE(addr) == PAGE_DWT ? dwt_read(cpu, addr) :
					bpu_read(cpu, addr);
}

/*
 * Code that is not in words faults ([ARM] B3.1.1 leaves it UNPREDICTABLE). For
 * the debugger the other bytes of a word are dropped when it reads, and taken
 * as zero when it writes.
 */
enum bus_result cpu_ppb_read(struct cpu *cpu, uint32_t addr, unsigned int size,
			     bool debugger, uint32_t *value)
{
	uint32_t word;

	if (size != 4 && !debugger)
		return BUS_FAULT;
	word = read_word(cpu, addr & ~3u, debugger) >> (addr & 3) * 8;
	*value = word & 0xffffffffu >> (32 - size * 8);
	return BUS_OK;
}

enum bus_result cpu_ppb_write(struct cpu *cpu, uint32_t addr, unsigned int size,
			      bool debugger, uint32_t value)
{
	if (size != 4 && !debugger)
		return BUS_FAULT;
	if (size != 4)
		value &= 0xffffffffu >> (32 - size * 8);
	value <<= (addr & 3) * 8;
	addr &= ~3u;
	switch (PAGE(addr)) {
	case PAGE_SCS:
		scs_write(cpu, addr, value, debugger);
		break;
	case PAGE_DWT:
		if (debugger)
			dwt_write(cpu, addr, value);
		break;
	case PAGE_BPU:
		if (debugger)
			bpu_write(cpu, addr, value);
		break;
	}
	return BUS_OK;
}
