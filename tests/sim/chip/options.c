// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option bytes (RM0360 4): loading them from flash into force, erasing and
 * programming them. What is in flash acts only after the next load.
 */
#include <string.h>

#include "internal.h"

#define RDP_LEVEL0	0xaau
#define RDP_LEVEL2	0xccu

/*
 * One option byte as the loader sees it: byte and complement must be inverse,
 * or both erased; otherwise the byte counts as FF and OPTERR is set.
 */
static uint8_t load_byte(struct chip *chip, unsigned int index)
{
	uint8_t value = chip->optmem[2 * index];
	uint8_t inverse = chip->optmem[2 * index + 1];

	if ((value ^ inverse) == 0xff || (value == 0xff && inverse == 0xff))
		return value;
	chip->active.error = true;
	return 0xff;
}

/** options_load() - power-on, Standby exit or OBL_LAUNCH: take over values */
void options_load(struct chip *chip)
{
	struct options *o = &chip->active;
	unsigned int i;
	uint8_t rdp;

	memset(o, 0, sizeof(*o));
	rdp = load_byte(chip, 0);
	o->level = rdp == RDP_LEVEL0 ? 0 : rdp == RDP_LEVEL2 ? 2 : 1;
	o->user = load_byte(chip, 1);
	o->data[0] = load_byte(chip, 2);
	o->data[1] = load_byte(chip, 3);
	for (i = 0; i < 4; i++)
		o->wrp |= (uint32_t)load_byte(chip, 4 + i) << 8 * i;
	o->empty = chip->part->empty_check &&
		   !memcmp(chip->flash, "\xff\xff\xff\xff", 4);
}

/** options_obr() - FLASH_OBR: values in force (RM0091 3.5.7) */
uint32_t options_obr(const struct chip *chip)
{
	static const uint8_t rdprt[] = { 0, 1, 3 };
	const struct options *o = &chip->active;
	uint8_t user = o->user;

	if (chip->opt.obr_reserved_zero)
		user &= 0x77;
	return o->error | rdprt[o->level] << 1 | user << 8 | o->data[0] << 16 |
	       (uint32_t)o->data[1] << 24;
}

/** options_erase_start() - STRT was set with OPTER and OPTWRE */
void options_erase_start(struct chip *chip)
{
	if (chip->active.level == 2)
		flash_error(chip, FPEC_SR_WRPRT);
	else if (rcc_hsi_ready(chip))
		flash_begin(chip, OP_OPT_ERASE, 0, 0, T_OPTION_ERASE_NS);
	else
		chip->fpec.cr &= ~FPEC_CR_STRT;
}

/**
 * options_store() - a store into the option area
 * @chip: the chip
 * @addr: from 1FFFF800
 * @size: 1, 2 or 4; only 2 programs
 * @value: the low byte counts, hardware makes the complement
 *
 * Level 1 to 0 erases the main flash first.
 */
enum bus_result options_store(struct chip *chip, uint32_t addr,
			      unsigned int size, uint32_t value)
{
	uint32_t need = FPEC_CR_OPTPG | FPEC_CR_OPTWRE;
	uint32_t off = addr - OPT_BASE;
	uint16_t halfword = (value & 0xff) | (~value & 0xff) << 8;

	if ((chip->fpec.cr & need) != need || chip->fpec.cr & FPEC_CR_STRT)
		return chip->opt.store_without_pg == CHIP_STORE_FAULT ?
		       BUS_FAULT : BUS_OK;
	if (size != 2)
		return BUS_FAULT;
	chip->fpec.ar = addr;
	if (off >= OPT_LEN || !rcc_hsi_ready(chip))
		return BUS_OK;
	if (chip->active.level == 2 && off == 0) {
		flash_error(chip, FPEC_SR_WRPRT);
	} else if ((chip->optmem[off] & chip->optmem[off + 1]) != 0xff) {
		flash_error(chip, chip->opt.opt_not_erased_pgerr ?
				  FPEC_SR_PGERR : FPEC_SR_WRPRT);
	} else if (off == 0 && (value & 0xff) == RDP_LEVEL0 &&
		   chip->active.level == 1) {
		flash_begin(chip, OP_RDP_UNLOCK, off, halfword,
			    T_MASS_ERASE_NS);
	} else {
		flash_begin(chip, OP_OPT_PROGRAM, off, halfword,
			    T_HALFWORD_NS);
	}
	return BUS_OK;
}
