// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option bytes of the chip: ST RM0360, chapter 4.
 */
#include <string.h>

#include "lib_fake.h"

bool fake_option_key(uint32_t value)
{
	const uint32_t keys[] = { 0x45670123, 0xcdef89ab };

	if (fake.cr & 0x280 || fake.optkeys > 1)
		return true;
	if (value != keys[fake.optkeys]) {
		fake.optkeys = 2;	/* until reset */
		return false;
	}
	if (++fake.optkeys == 2 && !fake.optkeys_broken)
		fake.cr |= 0x200;
	return true;
}

/* Count and log an operation; false when it is to be refused. */
static bool operation(char what)
{
	unsigned int n = ++fake.opt_ops;

	fake_begin();
	if (n < sizeof(fake.opt_log))
		fake.opt_log[n - 1] = what;
	fake.pending = n == fake.opt_refuse ? fake.opt_flag : 0x20;
	return n != fake.opt_refuse;
}

static void after(void)
{
	if (fake.opt_ops != fake.opt_reset)
		return;
	fake_system_reset();
	fake.rcc_csr = 1u << 29 | 1u << 26;
}

void fake_option_erase(void)
{
	if (operation('E'))
		memset(fake.option, 0xff, sizeof(fake.option));
	after();
}

bool fake_option_program(uint32_t off, unsigned int size, uint32_t value)
{
	bool blank = (fake.option[off] & fake.option[off + 1]) == 0xff;

	if (!(fake.cr & 0x10) || !(fake.cr & 0x200))
		return true;
	if (size != 2)
		return false;
	if (operation('0' + off / 2)) {
		if (!blank) {
			fake.pending = 0x10;
		} else {
			if (off == 0 && (value & 0xff) == 0xaa &&
			    (fake.obr & 6) == 2) {
				memset(fake.flash, 0xff, fake.flash_size);
				fake.mass_erases++;
			}
			if (fake.opt_ops == fake.opt_wrong)
				value ^= 8;
			fake.option[off] = value;
			fake.option[off + 1] = ~value;
		}
	}
	after();
	return true;
}

void fake_option_load(void)
{
	const uint8_t *o = fake.option;
	uint8_t v[8];
	unsigned int i, level;

	fake.obr = 0;
	for (i = 0; i < 8; i++) {
		v[i] = o[2 * i];
		if ((o[2 * i] ^ o[2 * i + 1]) == 0xff ||
		    (o[2 * i] & o[2 * i + 1]) == 0xff)
			continue;
		v[i] = 0xff;
		fake.obr = 1;
	}
	level = v[0] == 0xaa ? 0 : v[0] == 0xcc ? 3 : 1;
	fake.obr |= level << 1 | (uint32_t)v[1] << 8 | (uint32_t)v[2] << 16 |
		    (uint32_t)v[3] << 24;
	fake.wrpr = v[4] | v[5] << 8 | v[6] << 16 | (uint32_t)v[7] << 24;
}
