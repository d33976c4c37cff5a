/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the firmware tells to whoever reads SRAM from outside, at 20000000.
 */
#ifndef FIRMWARE_STATUS_H
#define FIRMWARE_STATUS_H

#include <stdint.h>

#define STATUS_MAGIC	0x30303346u	/* "F300" */

/**
 * struct status - at the start of SRAM
 * @magic: STATUS_MAGIC once it runs
 * @ticks: milliseconds since the start
 * @version: which firmware it is
 * @table_sum: sum of the wave table as found in flash
 * @boots: starts since the SRAM lost power
 */
struct status {
	uint32_t magic;
	uint32_t ticks;
	uint32_t version;
	uint32_t table_sum;
	uint32_t boots;
};

#endif
