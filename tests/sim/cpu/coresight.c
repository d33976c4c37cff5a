// SPDX-License-Identifier: GPL-2.0-only
/*
 * CoreSight identification: ROM table and the registers at the end of each
 * component's page. [ARM] C1.3; values of the components from OpenOCD and
 * Black Magic Debug logs of this core.
 */
#include "internal.h"

#define ID_FIRST	0xfd0u
#define CIDR0		0xff0u

#define PAGE_DWT	0xe0001000u
#define PAGE_BPU	0xe0002000u
#define PAGE_SCS	0xe000e000u
#define PAGE_ROM	0xe00ff000u
#define ROM_MEMTYPE	0xfccu
#define ROM_SYSMEM	1u
#define ROM_PRESENT	3u	/* entry present, 32-bit format */

/* CIDR0 to CIDR3, the class at [15:12] */
#define CIDR		0xb105000du
#define DESIGNER_ARM	0x23bu
#define CLASS_ROM	0x1u
#define CLASS_GENERIC	0xeu

/* PIDR0 to PIDR7 as one number, ADIv5 */
static uint64_t peripheral_id(unsigned int designer, unsigned int part)
{
	return (part & 0xfff) | (uint64_t)(designer & 0x7f) << 12 |
	       1ull << 19 | (uint64_t)(designer >> 7) << 32;
}

/** coresight_register() - in the page of a component, is it an ID register? */
bool coresight_register(uint32_t addr)
{
	return (addr & 0xfff) >= ID_FIRST ||
	       (addr & ~0xfffu) == PAGE_ROM;
}

/** coresight_read() - of any of the four components */
uint32_t coresight_read(const struct cpu *cpu, uint32_t addr)
{
	uint32_t page = addr & ~0xfffu, offset = addr & 0xfff;
	const uint32_t components[] = { PAGE_SCS, PAGE_DWT, PAGE_BPU };
	unsigned int class = CLASS_GENERIC;
	uint64_t id;

	switch (page) {
	case PAGE_SCS:
		id = peripheral_id(DESIGNER_ARM, 0x008);
		break;
	case PAGE_DWT:
		id = peripheral_id(DESIGNER_ARM, 0x00a);
		break;
	case PAGE_BPU:
		id = peripheral_id(DESIGNER_ARM, 0x00b);
		break;
	default:
		id = peripheral_id(cpu->rom_designer, cpu->rom_part);
		class = CLASS_ROM;
		if (offset / 4 < 3)
			return (components[offset / 4] - PAGE_ROM) |
			       ROM_PRESENT;
		if (offset == ROM_MEMTYPE)
			return ROM_SYSMEM;
		break;
	}
	if (offset >= CIDR0)
		return (CIDR | class << 12) >> (offset - CIDR0) * 2 & 0xff;
	/* PIDR4 to 7 come first */
	if (offset >= ID_FIRST)
		return id >> ((offset - ID_FIRST + 16) % 32 * 2) & 0xff;
	return 0;
}
