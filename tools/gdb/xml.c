// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target description and memory map. GDB manual, E.17 and G.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <string.h>

#include "internal.h"

/**
 * gdb_xml_target() - registers, in the order of regs.c
 * @x: receives the text
 */
void gdb_xml_target(struct gdb_text *x)
{
	unsigned int i;

	gdb_printf(x, "<?xml version=\"1.0\"?>\n"
		   "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
		   "<target version=\"1.0\">\n"
		   "<architecture>armv6s-m</architecture>\n"
		   "<feature name=\"org.gnu.gdb.arm.m-profile\">\n");
	for (i = 0; i < 13; i++)
		gdb_printf(x, "<reg name=\"r%u\" bitsize=\"32\" regnum=\"%u\" type=\"int\" group=\"general\"/>\n",
			   i, i);
	gdb_printf(x, "<reg name=\"sp\" bitsize=\"32\" regnum=\"13\" type=\"data_ptr\" group=\"general\"/>\n"
		   "<reg name=\"lr\" bitsize=\"32\" regnum=\"14\" type=\"int\" group=\"general\"/>\n"
		   "<reg name=\"pc\" bitsize=\"32\" regnum=\"15\" type=\"code_ptr\" group=\"general\"/>\n"
		   "<reg name=\"xpsr\" bitsize=\"32\" regnum=\"16\" type=\"int\" group=\"general\"/>\n"
		   "</feature>\n"
		   "<feature name=\"org.gnu.gdb.arm.m-system\">\n"
		   "<reg name=\"msp\" bitsize=\"32\" regnum=\"17\" type=\"data_ptr\" group=\"system\"/>\n"
		   "<reg name=\"psp\" bitsize=\"32\" regnum=\"18\" type=\"data_ptr\" group=\"system\"/>\n"
		   "<reg name=\"primask\" bitsize=\"8\" regnum=\"19\" type=\"int8\" group=\"system\"/>\n"
		   "<reg name=\"control\" bitsize=\"8\" regnum=\"20\" type=\"int8\" group=\"system\"/>\n"
		   "</feature>\n"
		   "</target>\n");
}

/*
 * Flash is programmed by the client's "load" alone, and what can't be written
 * like memory gets hardware breakpoints.
 */
static void region(struct gdb_text *x, const struct stl_chip *chip,
		   const struct stl_region *r)
{
	uint32_t len = r->last - r->first + 1;
	bool writable = r->first >= STL_SRAM_BASE;

	if (r->first == STL_FLASH_BASE)
		gdb_printf(x, "<memory type=\"flash\" start=\"0x%x\" length=\"0x%x\"><property name=\"blocksize\">0x%x</property></memory>\n",
			   r->first, len, chip->page_size);
	else
		gdb_printf(x, "<memory type=\"%s\" start=\"0x%x\" length=\"0x%x\"/>\n",
			   writable ? "ram" : "rom", r->first, len);
}

/**
 * gdb_xml_memory() - what the chip has, and where
 * @x: receives the text
 * @chip: identified chip
 */
void gdb_xml_memory(struct gdb_text *x, const struct stl_chip *chip)
{
	struct stl_region map[STL_MAX_REGIONS];
	size_t i, num = stl_chip_regions(chip, map);

	gdb_printf(x, "<?xml version=\"1.0\"?>\n"
		   "<!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map V1.0//EN\" \"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n"
		   "<memory-map>\n");
	for (i = 0; i < num; i++)
		region(x, chip, &map[i]);
	gdb_printf(x, "</memory-map>\n");
}
