// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option bytes: decoding. ST RM0360 rev 5, chapter 4 and 3.5 (OBR, WRPR).
 */
#include <string.h>

#include "mem.h"
#include "option.h"
#include "stm32f0.h"
#include "xfer.h"

#define OBR_OPTERR		0x00000001u
#define OBR_RDPRT		0x00000006u
#define OBR_WDG_SW		0x00000100u
#define OBR_NRST_STOP		0x00000200u
#define OBR_NRST_STDBY		0x00000400u
#define OBR_NBOOT1		0x00001000u
#define OBR_VDDA_MONITOR	0x00002000u
#define OBR_RAM_PARITY		0x00004000u
/* USER bits that mean something on F030; 3 and 7 are reserved there */
#define USER_MASK		0x77u

unsigned int stl_rdp_level(uint32_t obr)
{
	switch ((obr & OBR_RDPRT) >> 1) {
	case 0:
		return 0;
	case 3:
		return 2;
	default:
		return 1;
	}
}

/* A byte as the option loader takes it: FF when its complement is wrong. */
static uint8_t loaded(const uint8_t *raw, unsigned int index)
{
	uint8_t value = raw[2 * index];

	return (value ^ raw[2 * index + 1]) == 0xff ? value : 0xff;
}

static unsigned int stored_level(const uint8_t *raw)
{
	if ((raw[0] ^ raw[1]) != 0xff)
		return 1;
	if (raw[0] == 0xaa)
		return 0;
	return raw[0] == 0xcc ? 2 : 1;
}

static bool differs(const struct stl_options *o, const struct stl_chip *chip)
{
	unsigned int i, bytes = (chip->flash_size / STL_WRP_UNIT + 7) / 8;

	if (stored_level(o->raw) != o->rdp_level)
		return true;
	if ((loaded(o->raw, 1) ^ (o->obr >> 8)) & USER_MASK)
		return true;
	if (loaded(o->raw, 2) != o->data[0] || loaded(o->raw, 3) != o->data[1])
		return true;
	for (i = 0; i < 4 && i < bytes; i++)
		if (loaded(o->raw, 4 + i) != (o->wrpr >> 8 * i & 0xff))
			return true;
	return false;
}

void stl_options_decode(struct stl_options *o, const struct stl_chip *chip,
			uint32_t obr, uint32_t wrpr, const uint8_t *raw)
{
	memset(o, 0, sizeof(*o));
	o->obr = obr;
	o->wrpr = wrpr;
	o->rdp_level = stl_rdp_level(obr);
	o->load_error = obr & OBR_OPTERR;
	o->wdg_sw = obr & OBR_WDG_SW;
	o->nrst_stop = obr & OBR_NRST_STOP;
	o->nrst_stdby = obr & OBR_NRST_STDBY;
	o->nboot1 = obr & OBR_NBOOT1;
	o->vdda_monitor = obr & OBR_VDDA_MONITOR;
	o->ram_parity_off = obr & OBR_RAM_PARITY;
	o->data[0] = obr >> 16;
	o->data[1] = obr >> 24;
	if (!raw)
		return;
	memcpy(o->raw, raw, sizeof(o->raw));
	o->raw_valid = true;
	o->pending = differs(o, chip);
}

int stl_options_read(struct stl_target *t, struct stl_options *o,
		     struct stl_error *err)
{
	uint32_t regs[2];
	uint8_t raw[16];
	int ret;

	ret = stl_read(t, FLASH_OBR, regs, sizeof(regs), 4, NULL, err);
	if (ret)
		return ret;
	/* Some clones don't let the stored bytes be read; do without. */
	ret = stl_mem_read(t->fd, STL_OPTION_BASE, raw, sizeof(raw), 4, NULL);
	stl_options_decode(o, &t->chip, regs[0], regs[1], ret ? NULL : raw);
	return STL_OK;
}
