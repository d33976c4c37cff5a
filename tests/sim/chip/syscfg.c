// SPDX-License-Identifier: GPL-2.0-only
/* SYSCFG at 40010000 and PWR at 40007000 (RM0360 9 and 6), in part. */
#include <string.h>

#include "internal.h"

enum { CFGR1 = 0x00, EXTICR1 = 0x08, EXTICR4 = 0x14, CFGR2 = 0x18 };
enum { CR = 0x00, CSR = 0x04 };

#define CFGR1_MASK	0xff7f1f03u
#define PWR_CR_LPDS	0x001u
#define PWR_CR_CWUF	0x004u
#define PWR_CR_CSBF	0x008u
#define PWR_CR_DBP	0x100u
#define PWR_CSR_WUF	0x001u
#define PWR_CSR_SBF	0x002u

/** syscfg_reset() - MEM_MODE is as the boot pins were sampled */
void syscfg_reset(struct chip *chip)
{
	memset(chip->syscfg, 0, sizeof(chip->syscfg));
	chip->syscfg[0] = chip->boot;
}

/** syscfg_read() - register read */
enum bus_result syscfg_read(struct chip *chip, enum master master,
			    unsigned int unit, uint32_t off, uint32_t *value)
{
	(void)master;
	(void)unit;
	*value = off <= CFGR2 ? chip->syscfg[off / 4] : 0;
	return BUS_OK;
}

/** syscfg_write() - register write */
enum bus_result syscfg_write(struct chip *chip, enum master master,
			     unsigned int unit, uint32_t off, uint32_t value,
			     uint32_t mask)
{
	(void)master;
	(void)unit;
	(void)mask;
	if (off == CFGR1)
		chip->syscfg[0] = value & CFGR1_MASK;
	else if (off >= EXTICR1 && off <= EXTICR4)
		chip->syscfg[off / 4] = value & 0xffff;
	else if (off == CFGR2)
		chip->syscfg[off / 4] = value & 0x3;
	return BUS_OK;
}

/** pwr_read() - register read */
enum bus_result pwr_read(struct chip *chip, enum master master,
			 unsigned int unit, uint32_t off, uint32_t *value)
{
	(void)master;
	(void)unit;
	*value = off == CR ? chip->pwr_cr : off == CSR ? chip->pwr_csr : 0;
	return BUS_OK;
}

/** pwr_write() - register write */
enum bus_result pwr_write(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t value,
			  uint32_t mask)
{
	(void)master;
	(void)unit;
	(void)mask;
	if (off == CR) {
		chip->pwr_cr = value & (PWR_CR_LPDS | PWR_CR_PDDS | PWR_CR_DBP);
		if (value & PWR_CR_CWUF)
			chip->pwr_csr &= ~PWR_CSR_WUF;
		if (value & PWR_CR_CSBF)
			chip->pwr_csr &= ~PWR_CSR_SBF;
	} else if (off == CSR) {
		chip->pwr_csr = (chip->pwr_csr & (PWR_CSR_WUF | PWR_CSR_SBF)) |
				(value & 0x300);
	}
	return BUS_OK;
}
