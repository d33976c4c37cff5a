// SPDX-License-Identifier: GPL-2.0-only
/* CRC unit: values from an independent bit-exact model, and zlib's CRC-32. */
#include "chip_test.h"

#define CRC_DR		0x40023000u
#define CRC_IDR		0x40023004u
#define CRC_CR		0x40023008u
#define CRC_INIT	0x40023010u

static void crc_start(uint32_t cr)
{
	wr32(RCC_AHBENR, 0x54);
	wr32(CRC_CR, cr | 1);
	assert_int_equal(rd32(CRC_CR), cr);
}

/* CRC of @len bytes in the chip's flash, read as words. */
static uint32_t crc_flash(uint32_t cr, uint32_t len)
{
	uint32_t addr, data;

	crc_start(cr);
	ap_wr(0, 0x03000042);
	ap_wr(4, CRC_DR);
	for (addr = FLASH; addr < FLASH + len; addr += 4) {
		data = peek32(addr);
		assert_int_equal(wire(true, false, 12, &data), SWD_OK);
	}
	return rd32(CRC_DR);
}

static void table(void **state)
{
	static const uint32_t word_mode = 0xe0;	/* REV_IN 3, REV_OUT */
	uint8_t bytes[1024];
	unsigned int i;

	(void)state;
	start(NULL);
	assert_int_equal(crc_flash(0, 1024), 0xd000a3e2);
	assert_int_equal(~crc_flash(word_mode, 1024), 0xb83afff4);
	assert_int_equal(crc_flash(0, 16384), 0x34132f69);
	assert_int_equal(~crc_flash(word_mode, 16384), 0x690b37d3);
	assert_int_equal(crc_flash(0, 4), 0x00000000);

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = i;
	chip_poke(chip, FLASH, bytes, sizeof(bytes));
	assert_int_equal(crc_flash(0, 1024), 0x8ada4578);
	assert_int_equal(~crc_flash(word_mode, 1024), 0xb70b4c26);

	chip_poke(chip, FLASH, "12345678", 8);
	assert_int_equal(crc_flash(0, 8), 0xfefc54f9);
	assert_int_equal(~crc_flash(word_mode, 8), 0x9ae0daaf);

	poke32(FLASH, 0);
	assert_int_equal(crc_flash(0, 4), 0xc704dd7b);
	assert_int_equal(~crc_flash(word_mode, 4), 0x2144df1c);
	poke32(FLASH, 0x12345678);
	assert_int_equal(crc_flash(0, 4), 0xdf8a8a2b);
}

/* All widths and reversals end at CRC-32 ("123456789": CBF43926). */
static void narrow_writes(void **state)
{
	const char *text = "123456789";
	unsigned int i;

	(void)state;
	start(NULL);
	crc_start(0xa0);			/* REV_IN bytes, REV_OUT */
	for (i = 0; i < 9; i++)
		assert_int_equal(wr(CRC_DR, 1, text[i]), SWD_OK);
	assert_int_equal(~rd32(CRC_DR), 0xcbf43926);

	crc_start(0xc0);			/* REV_IN half-words */
	for (i = 0; i < 8; i += 2)
		assert_int_equal(wr(CRC_DR, 2, text[i] | text[i + 1] << 8),
				 SWD_OK);
	assert_int_equal(wr(CRC_DR, 1, text[8]), SWD_OK);
	assert_int_equal(~rd32(CRC_DR), 0xcbf43926);

	crc_start(0);				/* CRC-32/MPEG-2 */
	for (i = 0; i < 9; i++)
		assert_int_equal(wr(CRC_DR, 1, text[i]), SWD_OK);
	assert_int_equal(rd32(CRC_DR), 0x0376e6e7);
}

static void registers(void **state)
{
	(void)state;
	start(NULL);
	/* without its clock it reads 0 */
	wr32(RCC_AHBENR, 0x14);
	wr32(CRC_INIT, 0x12345678);
	assert_int_equal(rd32(CRC_DR), 0);
	wr32(RCC_AHBENR, 0x54);
	assert_int_equal(rd32(CRC_DR), 0xffffffff);
	assert_int_equal(rd32(CRC_INIT), 0xffffffff);
	wr32(CRC_INIT, 0x12345678);
	assert_int_equal(rd32(CRC_DR), 0xffffffff);
	wr32(CRC_CR, 1);
	assert_int_equal(rd32(CRC_DR), 0x12345678);
	wr32(CRC_IDR, 0xabcd);
	assert_int_equal(rd32(CRC_IDR), 0xcd);
	/* a reset of the unit spares IDR; one of the chip does not */
	wr32(CRC_CR, 1);
	assert_int_equal(rd32(CRC_IDR), 0xcd);
	halt(true);
	wr32(RCC_AHBENR, 0x54);
	assert_int_equal(rd32(CRC_IDR), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(table),
		T(narrow_writes),
		T(registers),
	};

	return cmocka_run_group_tests_name("chip crc", tests, NULL, NULL);
}
