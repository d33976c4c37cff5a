// SPDX-License-Identifier: GPL-2.0-only
/* GPIO ports (RM0360 8). Nothing is wired to the pins but SWD. */
#include "internal.h"

enum {
	MODER = 0x00, OTYPER = 0x04, OSPEEDR = 0x08, PUPDR = 0x0c, IDR = 0x10,
	ODR = 0x14, BSRR = 0x18, LCKR = 0x1c, AFRL = 0x20, AFRH = 0x24,
	BRR = 0x28,
};

/* Reset values: PA13 and PA14 are SWD with pull-up and pull-down. */
#define MODER_A		0x28000000u
#define OSPEEDR_A	0x0c000000u
#define PUPDR_A		0x24000000u
#define LCKK		0x00010000u

/** gpio_reset() - one port, 0 is A and 5 is F */
void gpio_reset(struct chip *chip, unsigned int port)
{
	chip->gpio[port] = (struct gpio){ 0 };
	if (port == 0) {
		chip->gpio[0].moder = MODER_A;
		chip->gpio[0].ospeedr = OSPEEDR_A;
		chip->gpio[0].pupdr = PUPDR_A;
	}
}

/** gpio_swd_pins() - are PA13 and PA14 still SWDIO and SWCLK? */
bool gpio_swd_pins(const struct chip *chip)
{
	const struct gpio *a = &chip->gpio[0];

	return (a->moder & 0x3c000000) == MODER_A &&
	       (a->afr[1] & 0x0ff00000) == 0;
}

/* Outputs read back what they drive, inputs what their pull makes of them. */
static uint32_t input(const struct gpio *g)
{
	uint32_t value = 0;
	unsigned int pin;

	for (pin = 0; pin < 16; pin++) {
		unsigned int mode = g->moder >> 2 * pin & 3;

		if (mode == 1)
			value |= g->odr & 1u << pin;
		else if (mode != 3 && (g->pupdr >> 2 * pin & 3) == 1)
			value |= 1u << pin;
	}
	return value;
}

static bool exists(const struct chip *chip, unsigned int port)
{
	return chip->part->ports >> port & 1;
}

/** gpio_read() - register read; @unit is the port */
enum bus_result gpio_read(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t *value)
{
	const struct gpio *g = &chip->gpio[unit];

	(void)master;
	*value = 0;
	if (!exists(chip, unit))
		return BUS_OK;
	switch (off) {
	case MODER:
		*value = g->moder;
		break;
	case OTYPER:
		*value = g->otyper;
		break;
	case OSPEEDR:
		*value = g->ospeedr;
		break;
	case PUPDR:
		*value = g->pupdr;
		break;
	case IDR:
		*value = input(g);
		break;
	case ODR:
		*value = g->odr;
		break;
	case LCKR:
		*value = g->lckr;
		break;
	case AFRL:
	case AFRH:
		*value = g->afr[off == AFRH];
		break;
	}
	return BUS_OK;
}

/*
 * LCKR: writing LCKK 1, 0, 1 with the same low half, then a read, locks the
 * configuration of the chosen pins until reset (RM0360 8.4.8). Ports A and B.
 */
static void write_lckr(struct gpio *g, uint32_t value)
{
	static const uint32_t want[] = { LCKK, 0, LCKK };

	if (g->lckr & LCKK)
		return;
	if (g->lock_step && (value & 0xffff) != (g->lckr & 0xffff))
		g->lock_step = 0;
	g->lock_step = (value & LCKK) == want[g->lock_step] ?
		       g->lock_step + 1 : 0;
	g->lckr = value & 0xffff;
	if (g->lock_step == 3)
		g->lckr |= LCKK;
}

/* A register with two bits a pin, or one (@bits); locked pins keep theirs. */
static uint32_t config(const struct gpio *g, uint32_t old, uint32_t value,
		       unsigned int first, unsigned int bits)
{
	unsigned int pin;

	if (!(g->lckr & LCKK))
		return value;
	for (pin = 0; pin < 32 / bits && first + pin < 16; pin++) {
		uint32_t field = ((1u << bits) - 1) << bits * pin;

		if (g->lckr >> (first + pin) & 1)
			value = (value & ~field) | (old & field);
	}
	return value;
}

/** gpio_write() - register write, byte lanes in @mask; @unit is the port */
enum bus_result gpio_write(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t value,
			   uint32_t mask)
{
	struct gpio *g = &chip->gpio[unit];
	uint32_t old = 0;

	if (!exists(chip, unit))
		return BUS_OK;
	gpio_read(chip, master, unit, off, &old);
	value = periph_merge(old, value, mask);
	switch (off) {
	case MODER:
		g->moder = config(g, old, value, 0, 2);
		break;
	case OTYPER:
		g->otyper = config(g, old, value & 0xffff, 0, 1);
		break;
	case OSPEEDR:
		g->ospeedr = config(g, old, value, 0, 2);
		break;
	case PUPDR:
		g->pupdr = config(g, old, value, 0, 2);
		break;
	case ODR:
		g->odr = value & 0xffff;
		break;
	case BSRR:	/* reads 0, so lanes not written are 0; set wins */
		g->odr = (g->odr & ~(value >> 16)) | (value & 0xffff);
		break;
	case BRR:
		g->odr &= ~value & 0xffff;
		break;
	case LCKR:
		if (unit < 2)
			write_lckr(g, value);
		break;
	case AFRL:
		g->afr[0] = config(g, old, value, 0, 4);
		break;
	case AFRH:
		g->afr[1] = config(g, old, value, 8, 4);
		break;
	}
	return BUS_OK;
}
