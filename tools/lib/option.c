// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option bytes: decoding. ST RM0360 rev 5, chapter 4 and 3.5 (OBR, WRPR).
 */
#include <errno.h>
#include <string.h>

#include "mem.h"
#include "option.h"
#include "priv.h"
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

unsigned int stl_rdp_byte_level(uint8_t rdp)
{
	if (rdp == STL_RDP_LEVEL_0)
		return 0;
	return rdp == STL_RDP_LEVEL_2 ? 2 : 1;
}

bool stl_option_unpack(struct stl_option_bytes *b, const uint8_t *raw)
{
	uint8_t v[STL_OPTION_SIZE / 2];
	bool right = true;
	size_t i;

	for (i = 0; i < sizeof(v); i++) {
		v[i] = raw[2 * i];
		/* Erased ones are in order too: no error is raised for them. */
		if ((v[i] ^ raw[2 * i + 1]) == 0xff ||
		    (v[i] == 0xff && raw[2 * i + 1] == 0xff))
			continue;
		v[i] = 0xff;
		right = false;
	}
	b->rdp = v[0];
	b->user = v[1];
	memcpy(b->data, v + 2, sizeof(b->data));
	memcpy(b->wrp, v + 4, sizeof(b->wrp));
	return right;
}

void stl_option_pack(const struct stl_option_bytes *b, uint8_t *raw)
{
	const uint8_t v[STL_OPTION_SIZE / 2] = {
		b->rdp, b->user, b->data[0], b->data[1],
		b->wrp[0], b->wrp[1], b->wrp[2], b->wrp[3],
	};
	size_t i;

	for (i = 0; i < sizeof(v); i++) {
		raw[2 * i] = v[i];
		raw[2 * i + 1] = ~v[i];
	}
}

bool stl_option_same(const struct stl_chip *chip,
		     const struct stl_option_bytes *a,
		     const struct stl_option_bytes *b)
{
	/* The table has the die's; this part may be a smaller one. */
	unsigned int i, units = chip->flash_size / STL_WRP_UNIT;

	if (stl_rdp_byte_level(a->rdp) != stl_rdp_byte_level(b->rdp) ||
	    ((a->user ^ b->user) & stl_option_user_mask(chip)) ||
	    memcmp(a->data, b->data, sizeof(a->data)))
		return false;
	for (i = 0; i < units && i < 32; i++)
		if (((a->wrp[i / 8] ^ b->wrp[i / 8]) >> i % 8) & 1)
			return false;
	return true;
}

uint8_t stl_option_user_mask(const struct stl_chip *chip)
{
	/* These dies are sold as F042 and F09x too, which have the bits. */
	bool more = chip->dev_id == 0x442 || chip->dev_id == 0x445;

	return more ? 0xff : USER_MASK;
}

/* As they were loaded; bits that OBR may not show are 1. */
static struct stl_option_bytes in_force(const struct stl_options *o,
					const struct stl_chip *chip)
{
	uint8_t mask = stl_option_user_mask(chip);

	return (struct stl_option_bytes){
		.rdp = o->rdp_level == 0 ? STL_RDP_LEVEL_0 :
		       o->rdp_level == 2 ? STL_RDP_LEVEL_2 : 0xff,
		.user = (o->obr >> 8 & mask) | (uint8_t)~mask,
		.data = { o->data[0], o->data[1] },
		.wrp = { o->wrpr, o->wrpr >> 8, o->wrpr >> 16, o->wrpr >> 24 },
	};
}

bool stl_option_base(struct stl_option_bytes *b, const struct stl_options *o,
		     const struct stl_chip *chip)
{
	struct stl_option_bytes active = in_force(o, chip);
	const uint8_t v[STL_OPTION_SIZE / 2] = {
		active.rdp, active.user, active.data[0], active.data[1],
		active.wrp[0], active.wrp[1], active.wrp[2], active.wrp[3],
	};
	uint8_t raw[STL_OPTION_SIZE];
	bool right = true;
	size_t i;

	for (i = 0; i < STL_OPTION_SIZE; i += 2) {
		memcpy(raw + i, o->raw + i, 2);
		if ((raw[i] ^ raw[i + 1]) == 0xff)
			continue;
		right &= v[i / 2] == 0xff;
		raw[i] = v[i / 2];
		raw[i + 1] = ~v[i / 2];
	}
	stl_option_unpack(b, raw);
	return right;
}

bool stl_rdp_lost(const struct stl_options *o)
{
	return o->raw_valid && o->rdp_level == 1 &&
	       (o->raw[0] ^ o->raw[1]) != 0xff;
}

bool stl_level_2_waits(const struct stl_options *o)
{
	struct stl_option_bytes b;

	if (!o->raw_valid || o->rdp_level == 2)
		return false;
	stl_option_unpack(&b, o->raw);
	return stl_rdp_byte_level(b.rdp) == 2;
}

static bool differs(const struct stl_options *o, const struct stl_chip *chip)
{
	struct stl_option_bytes stored, active = {
		.rdp = o->rdp_level == 0 ? STL_RDP_LEVEL_0 :
		       o->rdp_level == 2 ? STL_RDP_LEVEL_2 : STL_RDP_LEVEL_1,
		.user = o->obr >> 8,
		.data = { o->data[0], o->data[1] },
		.wrp = { o->wrpr, o->wrpr >> 8, o->wrpr >> 16, o->wrpr >> 24 },
	};

	stl_option_unpack(&stored, o->raw);
	/* Some chips may read as 0 what is reserved in OBR. */
	active.user = (active.user & USER_MASK) | (stored.user & ~USER_MASK);
	return !stl_option_same(chip, &stored, &active);
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
	struct stl_fault fault = { 0 };
	uint32_t regs[2];
	uint8_t raw[16];
	int ret;

	ret = stl_read(t, FLASH_OBR, regs, sizeof(regs), 4, NULL, err);
	if (ret)
		return ret;
	/* Some clones don't let the stored bytes be read; do without. */
	ret = stl_mem_read(t->fd, STL_OPTION_BASE, raw, sizeof(raw), 4, &fault);
	if (ret && ret != -EREMOTEIO)
		return stl_fail_access(t, err, ret, false, fault.addr,
				       fault.status);
	stl_options_decode(o, &t->chip, regs[0], regs[1], ret ? NULL : raw);
	return STL_OK;
}
