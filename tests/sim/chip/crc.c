// SPDX-License-Identifier: GPL-2.0-only
/* CRC unit at 40023000 (RM0360 5): fixed polynomial, optional bit reversal. */
#include "internal.h"

enum { DR = 0x00, IDR = 0x04, CR = 0x08, INIT = 0x10 };

#define POLY		0x04c11db7u
#define CR_RESET	0x01u
#define CR_REV_IN	0x60u
#define CR_REV_OUT	0x80u

/** crc_reset() - reset values */
void crc_reset(struct chip *chip)
{
	chip->crc = (struct crc){ .dr = 0xffffffff, .init = 0xffffffff };
}

static uint32_t reverse(uint32_t value, unsigned int bits)
{
	uint32_t out = 0;

	while (bits--) {
		out = out << 1 | (value & 1);
		value >>= 1;
	}
	return out;
}

/* REV_IN: reverse within bytes, half-words or the word, as wide as written. */
static uint32_t reverse_in(uint32_t value, unsigned int bits, unsigned int mode)
{
	static const unsigned int widths[] = { 0, 8, 16, 32 };
	unsigned int unit = widths[mode], i;
	uint32_t out = 0;

	if (!unit)
		return value;
	if (unit > bits)
		unit = bits;
	for (i = 0; i < bits; i += unit)
		out |= reverse(value >> i, unit) << i;
	return out;
}

static uint32_t step(uint32_t crc, uint32_t value, unsigned int bits)
{
	crc ^= value << (32 - bits);
	while (bits--)
		crc = crc << 1 ^ (crc & 0x80000000u ? POLY : 0);
	return crc;
}

/** crc_read() - register read */
enum bus_result crc_read(struct chip *chip, enum master master,
			 unsigned int unit, uint32_t off, uint32_t *value)
{
	const struct crc *c = &chip->crc;

	(void)master;
	(void)unit;
	*value = 0;
	if (off == DR)
		*value = c->cr & CR_REV_OUT ? reverse(c->dr, 32) : c->dr;
	else if (off == IDR)
		*value = c->idr;
	else if (off == CR)
		*value = c->cr;
	else if (off == INIT)
		*value = c->init;
	return BUS_OK;
}

/** crc_write() - register write; as many bits as @mask has go into DR */
enum bus_result crc_write(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t value,
			  uint32_t mask)
{
	unsigned int bits = (unsigned int)__builtin_popcount(mask);
	struct crc *c = &chip->crc;

	(void)master;
	(void)unit;
	switch (off) {
	case DR:
		value = (value & mask) >> __builtin_ctz(mask);
		value = reverse_in(value, bits, (c->cr & CR_REV_IN) >> 5);
		c->dr = step(c->dr, value, bits);
		break;
	case IDR:
		c->idr = periph_merge(c->idr, value, mask);
		break;
	case CR:
		value = periph_merge(c->cr, value, mask);
		c->cr = value & (CR_REV_IN | CR_REV_OUT);
		if (value & CR_RESET)
			c->dr = c->init;
		break;
	case INIT:
		c->init = periph_merge(c->init, value, mask);
		break;
	}
	return BUS_OK;
}
