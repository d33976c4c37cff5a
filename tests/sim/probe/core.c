// SPDX-License-Identifier: GPL-2.0-only
/* Core registers and reset, by the debug registers (ARMv6-M, C1.6). */
#include "internal.h"

#define AIRCR		0xe000ed0cu
#define DHCSR		0xe000edf0u
#define DCRSR		0xe000edf4u
#define DCRDR		0xe000edf8u
#define S_REGRDY	(1u << 16)
#define S_HALT		(1u << 17)
#define DCRSR_WRITE	(1u << 16)
#define AIRCR_SYSRESETREQ 0x05fa0004u
#define REGRDY_TRIES	100

static uint8_t check_halted(struct probe *p)
{
	uint32_t dhcsr = 0;
	uint8_t status = mem_read32(p, DHCSR, &dhcsr);

	if (status == ST_OK && !(dhcsr & S_HALT) && p->opt.readreg_error)
		return ST_UNKNOWN_ERROR;
	return status;
}

static uint8_t wait_ready(struct probe *p)
{
	uint32_t dhcsr = 0;
	uint8_t status;
	int i;

	for (i = 0; i < REGRDY_TRIES; i++) {
		status = mem_read32(p, DHCSR, &dhcsr);
		if (status != ST_OK || (dhcsr & S_REGRDY))
			return status;
	}
	/* a running core: what is in DCRDR is what was there before */
	return ST_OK;
}

/** core_read_reg() - READREG; @reg as DCRSR numbers it */
uint8_t core_read_reg(struct probe *p, unsigned int reg, uint32_t *value)
{
	uint8_t status = check_halted(p);

	if (status == ST_OK)
		status = mem_write32(p, DCRSR, reg & 0x1f);
	if (status == ST_OK)
		status = wait_ready(p);
	if (status == ST_OK)
		status = mem_read32(p, DCRDR, value);
	return status;
}

/** core_write_reg() - WRITEREG; @reg as DCRSR numbers it */
uint8_t core_write_reg(struct probe *p, unsigned int reg, uint32_t value)
{
	uint8_t status = check_halted(p);

	if (status == ST_OK)
		status = mem_write32(p, DCRDR, value);
	if (status == ST_OK)
		status = mem_write32(p, DCRSR, DCRSR_WRITE | (reg & 0x1f));
	if (status == ST_OK)
		status = wait_ready(p);
	return status;
}

/** core_system_reset() - RESETSYS; debug logic stays */
uint8_t core_system_reset(struct probe *p)
{
	return mem_write32(p, AIRCR, AIRCR_SYSRESETREQ);
}
