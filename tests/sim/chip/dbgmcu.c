// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debug support box at 40015800 (RM0360 26.9). CR and FZ survive every reset
 * but power-on and can be written while nRST is low.
 */
#include "internal.h"

enum { IDCODE = 0x00, CR = 0x04, APB1_FZ = 0x08, APB2_FZ = 0x0c };

#define APB1_FZ_MASK	0x00201d31u	/* all of RM0360, none of the rest */
#define APB2_FZ_MASK	0x00070800u
#define APB2ENR_DBGMCU	(1u << 22)

/** dbgmcu_read() - register read; IDCODE needs no clock (OpenOCD) */
enum bus_result dbgmcu_read(struct chip *chip, enum master master,
			    unsigned int unit, uint32_t off, uint32_t *value)
{
	(void)master;
	(void)unit;
	switch (off) {
	case IDCODE:
		*value = chip->part->idcode;
		break;
	case CR:
		*value = chip->dbgmcu_cr;
		break;
	case APB1_FZ:
	case APB2_FZ:
		*value = chip->dbgmcu_fz[off == APB2_FZ];
		break;
	default:
		*value = 0;
	}
	return BUS_OK;
}

/** dbgmcu_write() - register write */
enum bus_result dbgmcu_write(struct chip *chip, enum master master,
			     unsigned int unit, uint32_t off, uint32_t value,
			     uint32_t mask)
{
	(void)master;
	(void)unit;
	(void)mask;
	if (chip->opt.dbgmcu_needs_clock &&
	    !(chip->rcc.apb2enr & APB2ENR_DBGMCU))
		return BUS_OK;
	if (off == CR)
		chip->dbgmcu_cr = value &
				  (DBGMCU_CR_STOP | DBGMCU_CR_STANDBY);
	else if (off == APB1_FZ)
		chip->dbgmcu_fz[0] = value & APB1_FZ_MASK;
	else if (off == APB2_FZ)
		chip->dbgmcu_fz[1] = value & APB2_FZ_MASK;
	return BUS_OK;
}
