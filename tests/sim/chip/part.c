// SPDX-License-Identifier: GPL-2.0-only
/* Which F030 there are and what differs between them. */
#include <strings.h>

#include "internal.h"

/*
 * IDCODE: DEV_ID and REV_ID of RM0360 table 110; bits 15:12 read 6, as seen on
 * an F030F4 (10006444). Ports: RM0360 table 1; port E does not exist.
 */
static const struct part parts[] = {
	{
		.names = { "F030F4", "F030x4" },
		.idcode = 0x10006444,
		.flash_size = 16 * 1024, .page_size = 1024,
		.sram_size = 4 * 1024,
		.sysmem_base = 0x1fffec00, .opt_end = 0x1ffffc00,
		.ports = 0x27,
	},
	{
		.names = { "F030x6", "F030K6", "F030C6" },
		.idcode = 0x10006444,
		.flash_size = 32 * 1024, .page_size = 1024,
		.sram_size = 4 * 1024,
		.sysmem_base = 0x1fffec00, .opt_end = 0x1ffffc00,
		.ports = 0x27,
	},
	{
		.names = { "F030x8", "F030C8", "F030R8" },
		.idcode = 0x10016440,
		.flash_size = 64 * 1024, .page_size = 1024,
		.sram_size = 8 * 1024,
		.sysmem_base = 0x1fffec00, .opt_end = 0x1ffffc00,
		.ports = 0x2f,
	},
	{
		.names = { "F030xC", "F030CC", "F030RC" },
		.idcode = 0x10006442,
		.flash_size = 256 * 1024, .page_size = 2048,
		.sram_size = 32 * 1024,
		.sysmem_base = 0x1fffd800, .opt_end = 0x20000000,
		.ports = 0x2f,
		.empty_check = true,
		.pllsrc_2bit = true,
	},
};

/**
 * part_find() - look a part up
 * @name: as in struct chip_options, upper or lower case; NULL is the F030F4
 *
 * Return: the part, or NULL when there is none of that name.
 */
const struct part *part_find(const char *name)
{
	size_t i, j;

	if (!name)
		return &parts[0];
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (j = 0; j < 4 && parts[i].names[j]; j++)
			if (!strcasecmp(name, parts[i].names[j]))
				return &parts[i];
	return NULL;
}
