// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flash controller, rule by rule (RM0091 3.2, 3.3, 3.5; RM0360 for the F030),
 * as a debugger sees it.
 */
#include "chip_test.h"

static void keys_unlock(void **state)
{
	(void)state;
	start(NULL);
	assert_int_equal(rd32(FPEC_CR), 0x80);
	wr32(FPEC_CR, 0x01);		/* locked: ignored */
	assert_int_equal(rd32(FPEC_CR), 0x80);
	wr32(FPEC_KEYR, KEY1);
	assert_int_equal(rd32(FPEC_CR), 0x80);
	assert_int_equal(rd32(FPEC_KEYR), 0);
	wr32(FPEC_KEYR, KEY2);
	assert_int_equal(rd32(FPEC_CR), 0x00);
	/* again: harmless */
	wr32(FPEC_KEYR, KEY1);
	wr32(FPEC_KEYR, KEY2);
	assert_int_equal(rd32(FPEC_CR), 0x00);
	wr32(FPEC_CR, 0x80);
	assert_int_equal(rd32(FPEC_CR), 0x80);
	unlock();
}

static void wrong_key_faults_and_shuts(void **state)
{
	unsigned int second;

	(void)state;
	start(NULL);
	for (second = 0; second < 2; second++) {
		if (second)
			wr32(FPEC_KEYR, KEY1);
		assert_int_equal(wr(FPEC_KEYR, 4, 0x12345678), SWD_FAULT);
		wr32(FPEC_KEYR, KEY1);
		wr32(FPEC_KEYR, KEY2);
		assert_int_equal(rd32(FPEC_CR), 0x80);
		halt(true);
		unlock();
		halt(true);
	}
}

static void option_keys(void **state)
{
	(void)state;
	start(NULL);
	wr32(FPEC_OPTKEYR, KEY1);	/* not while CR is locked */
	wr32(FPEC_OPTKEYR, KEY2);
	unlock();
	assert_int_equal(rd32(FPEC_CR), 0);
	wr32(FPEC_OPTKEYR, KEY1);
	wr32(FPEC_OPTKEYR, KEY2);
	assert_int_equal(rd32(FPEC_CR), 0x200);
	wr32(FPEC_CR, 0x210);
	assert_int_equal(rd32(FPEC_CR), 0x210);
	wr32(FPEC_CR, 0x10);		/* cleared by writing 0 */
	assert_int_equal(rd32(FPEC_CR), 0x10);
	wr32(FPEC_CR, 0x210);		/* and not set by writing 1 */
	assert_int_equal(rd32(FPEC_CR), 0x10);
	assert_int_equal(wr(FPEC_OPTKEYR, 4, 0x08192a3b), SWD_FAULT);
	wr32(FPEC_OPTKEYR, KEY1);
	wr32(FPEC_OPTKEYR, KEY2);
	assert_int_equal(rd32(FPEC_CR), 0x10);
}

static void half_words(void **state)
{
	uint64_t t;

	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 1);
	t = chip_now(chip);
	assert_int_equal(program(FLASH + 0x102, 0xbeef), SR_EOP);
	assert_true(chip_now(chip) - t >= T_HALFWORD_NS);
	assert_int_equal(rd32(FPEC_SR), 0);
	assert_int_equal(rd32(FLASH + 0x100), 0xbeefffff);
	/* the address register keeps what was programmed last */
	assert_int_equal(rd32(FPEC_AR), FLASH + 0x102);
	assert_int_equal(chip_counters(chip)->halfwords, 1);
	assert_int_equal(chip_counters(chip)->flash_busy_ns, T_HALFWORD_NS);
}

static void busy_lasts_as_long_as_it_should(void **state)
{
	uint32_t pg = 0xaaaa;
	uint64_t t;

	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 1);
	ap_wr(0, 0x03000041);
	ap_wr(4, FLASH);
	later(TRANSFER_NS);
	t = chip_now(chip);
	assert_int_equal(swd_transfer(chip, true, false, 12, &pg, NULL),
			 SWD_OK);
	chip_run_until(chip, t + T_HALFWORD_NS - 1);
	assert_int_equal(peek16(FLASH), 0xffff);
	chip_run_until(chip, t + T_HALFWORD_NS);
	assert_int_equal(peek16(FLASH), 0xaaaa);
	assert_int_equal(rd32(FPEC_SR), SR_EOP);
}

static void other_widths_fault(void **state)
{
	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 1);
	assert_int_equal(wr(FLASH, 4, 0x12345678), SWD_FAULT);
	assert_int_equal(wr(FLASH, 1, 0x12), SWD_FAULT);
	assert_int_equal(rd32(FPEC_SR), 0);
	assert_int_equal(rd32(FLASH), 0xffffffff);
	/* registers are 32 bits wide only */
	assert_int_equal(wr(FPEC_SR, 2, 0x34), SWD_FAULT);
	assert_int_equal(try_rd(FPEC_SR, 1), SWD_FAULT);
}

static void only_blank_or_zero(void **state)
{
	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 1);
	assert_int_equal(program(FLASH, 0xfffe), SR_EOP);
	assert_int_equal(program(FLASH, 0xfffc), SR_PGERR);
	assert_int_equal(program(FLASH, 0xfffe), SR_PGERR);
	assert_int_equal(peek16(FLASH), 0xfffe);
	assert_int_equal(program(FLASH, 0x0000), SR_EOP);
	assert_int_equal(peek16(FLASH), 0x0000);
	assert_int_equal(program(FLASH, 0x0000), SR_EOP);
	assert_int_equal(chip_counters(chip)->flash_errors, 2);
}

static void flags_are_sticky_and_write_one_to_clear(void **state)
{
	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 1);
	assert_int_equal(wr(FLASH, 2, 0x1111), SWD_OK);
	later(MS);
	assert_int_equal(wr(FLASH, 2, 0x2222), SWD_OK);
	later(MS);
	/* EOP of the first is still there: it proves nothing */
	assert_int_equal(rd32(FPEC_SR), SR_EOP | SR_PGERR);
	wr32(FPEC_SR, SR_EOP);
	assert_int_equal(rd32(FPEC_SR), SR_PGERR);
	wr32(FPEC_SR, 0);
	assert_int_equal(rd32(FPEC_SR), SR_PGERR);
	wr32(FPEC_SR, SR_PGERR);
	assert_int_equal(rd32(FPEC_SR), 0);
}

static void page_erase(void **state)
{
	uint64_t t;

	(void)state;
	start(NULL);
	poke32(FLASH + 0x3fc, 1);
	poke32(FLASH + 0x400, 2);
	poke32(FLASH + 0x7fc, 3);
	poke32(FLASH + 0x800, 4);
	unlock();
	t = chip_now(chip);
	assert_int_equal(erase_page(FLASH + 0x5a6), SR_EOP);
	assert_true(chip_now(chip) - t >= T_PAGE_ERASE_NS);
	assert_int_equal(peek32(FLASH + 0x3fc), 1);
	assert_int_equal(peek32(FLASH + 0x400), 0xffffffff);
	assert_int_equal(peek32(FLASH + 0x7fc), 0xffffffff);
	assert_int_equal(peek32(FLASH + 0x800), 4);
	/* STRT has gone, PER stays */
	assert_int_equal(rd32(FPEC_CR), 0x02);
	assert_int_equal(chip_counters(chip)->page_erases, 1);
}

static void strt_lasts_as_long_as_bsy(void **state)
{
	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 2);
	wr32(FPEC_AR, FLASH);
	wr32(FPEC_CR, 0x42);
	assert_int_equal(rd32(FPEC_CR), 0x42);
	/* writes are dropped meanwhile */
	wr32(FPEC_AR, FLASH + 0x400);
	wr32(FPEC_CR, 0x80);
	assert_int_equal(rd32(FPEC_AR), FLASH);
	assert_int_equal(rd32(FPEC_CR), 0x42);
	assert_int_equal(finish(), SR_EOP);
	assert_int_equal(rd32(FPEC_CR), 0x02);
}

static void mass_erase_spares_information_block(void **state)
{
	(void)state;
	start(NULL);
	poke32(FLASH, 0);
	poke32(FLASH + 0x3ffc, 0);
	unlock();
	assert_int_equal(mass_erase(), SR_EOP);
	assert_int_equal(peek32(FLASH), 0xffffffff);
	assert_int_equal(peek32(FLASH + 0x3ffc), 0xffffffff);
	assert_int_equal(peek32(OB), 0x00ff55aa);
	assert_int_equal(chip_counters(chip)->mass_erases, 1);
	assert_int_equal(chip_counters(chip)->flash_busy_ns, T_MASS_ERASE_NS);
}

/* Block 1 (08001000) protected. */
static void protect(void)
{
	poke32(OB + 8, 0x00ff02fd);
	chip_reload_options(chip);
	assert_int_equal(rd32(FPEC_WRPR), 0xfffffffd);
}

static void write_protection(void **state)
{
	(void)state;
	start(NULL);
	poke32(FLASH, 0);
	poke32(FLASH + 0x1000, 0);
	protect();
	unlock();
	wr32(FPEC_CR, 1);
	assert_int_equal(program(FLASH + 0xffe, 0x1234), SR_EOP);
	assert_int_equal(program(FLASH + 0x1004, 0x1234), SR_WRPRTERR);
	assert_int_equal(program(FLASH + 0x1ffe, 0x1234), SR_WRPRTERR);
	assert_int_equal(program(FLASH + 0x2000, 0x1234), SR_EOP);
	assert_int_equal(erase_page(FLASH + 0x1000), SR_WRPRTERR);
	assert_int_equal(rd32(FPEC_CR), 0x02);
	assert_int_equal(mass_erase(), SR_WRPRTERR);
	assert_int_equal(peek32(FLASH), 0);
	assert_int_equal(peek32(FLASH + 0x1000), 0);
	assert_int_equal(peek16(FLASH + 0x1004), 0xffff);
	assert_int_equal(chip_counters(chip)->mass_erases, 0);
}

static void mass_erase_of_what_is_not_protected(void **state)
{
	struct chip_options options = { .wrp_mass_erase_partial = true };

	(void)state;
	start(&options);
	poke32(FLASH, 0);
	poke32(FLASH + 0x1000, 0);
	protect();
	unlock();
	assert_int_equal(mass_erase(), SR_EOP);
	assert_int_equal(peek32(FLASH), 0xffffffff);
	assert_int_equal(peek32(FLASH + 0x1000), 0);
}

/* The AP takes the first read of busy flash and has nothing for the next. */
static void busy_flash_makes_the_ap_wait(void **state)
{
	uint32_t value;
	uint64_t t;

	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 4);
	wr32(FPEC_CR, 0x44);
	t = chip_now(chip);
	assert_int_equal(rd32(FPEC_SR), SR_BSY);
	assert_int_equal(try_rd(FLASH, 4), SWD_WAIT);
	assert_int_equal(rd32(SRAM) == rd32(SRAM), true);
	ap_wr(4, FLASH);
	assert_int_equal(wire(true, true, 12, &value), SWD_OK);
	assert_int_equal(wire(true, true, 12, &value), SWD_WAIT);
	assert_int_equal(dp_rd(12, &value), SWD_WAIT);
	assert_int_equal(dp_rd(0, &value), SWD_OK);
	assert_int_equal(dp_rd(4, &value), SWD_OK);
	assert_int_equal(value & 0x20, 0);
	patience = 10000;
	assert_int_equal(dp_rd(12, &value), SWD_OK);
	assert_int_equal(value, 0xffffffff);
	assert_true(chip_now(chip) - t > T_MASS_ERASE_NS - 2 * MS);
	assert_int_equal(rd32(FPEC_SR), SR_EOP);
}

static void busy_flash_can_be_made_to_fault(void **state)
{
	struct chip_options options = { .busy_read_fault = true };

	(void)state;
	start(&options);
	unlock();
	wr32(FPEC_CR, 4);
	wr32(FPEC_CR, 0x44);
	assert_int_equal(try_rd(FLASH, 4), SWD_FAULT);
	assert_int_equal(finish(), SR_EOP);
	assert_int_equal(rd32(FLASH), 0xffffffff);
}

/* F21: the bus holds the next store off, so nothing need be polled. */
static void stores_can_be_streamed(void **state)
{
	uint32_t i, data;

	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 1);
	patience = 100;
	ap_wr(0, 0x03000051);
	ap_wr(4, FLASH);
	for (i = 0; i < 16; i++) {
		data = (0xa500 + i) << (i & 1 ? 16 : 0);
		assert_int_equal(wire(true, false, 12, &data), SWD_OK);
	}
	assert_int_equal(finish(), SR_EOP);
	for (i = 0; i < 16; i++)
		assert_int_equal(peek16(FLASH + 2 * i), 0xa500 + i);
	assert_int_equal(chip_counters(chip)->halfwords, 16);
}

static void hsi_must_be_on(void **state)
{
	(void)state;
	start(NULL);
	/* HSE as system clock, then HSI off */
	wr32(RCC_CR, 0x00010083);
	later(5 * MS);
	wr32(RCC_CFGR, 1);
	assert_int_equal(rd32(RCC_CFGR), 5);
	wr32(RCC_CR, 0x00010080);
	assert_int_equal(rd32(RCC_CR) & 3, 0);
	unlock();
	wr32(FPEC_CR, 1);
	assert_int_equal(program(FLASH, 0x1234), 0);
	assert_int_equal(peek16(FLASH), 0xffff);
	poke32(FLASH, 0);
	assert_int_equal(mass_erase(), 0);
	assert_int_equal(erase_page(FLASH), 0);
	assert_int_equal(peek32(FLASH), 0);
	wr32(RCC_CR, 0x00010081);
	assert_int_equal(mass_erase(), SR_EOP);
	assert_int_equal(peek32(FLASH), 0xffffffff);
}

static void store_without_pg(void **state)
{
	static const struct {
		enum chip_store option;
		enum swd_ack ack;
		uint32_t sr;
	} cases[] = {
		{ CHIP_STORE_IGNORED, SWD_OK, 0 },
		{ CHIP_STORE_PGERR, SWD_OK, SR_PGERR },
		{ CHIP_STORE_FAULT, SWD_FAULT, 0 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct chip_options options = {
			.store_without_pg = cases[i].option,
		};

		start(&options);
		unlock();
		assert_int_equal(wr(FLASH, 2, 0x1234), cases[i].ack);
		assert_int_equal(rd32(FPEC_SR), cases[i].sr);
		assert_int_equal(peek16(FLASH), 0xffff);
		teardown(NULL);
	}
}

static void nonsense_does_nothing(void **state)
{
	(void)state;
	start(NULL);
	poke32(FLASH, 0);
	unlock();
	wr32(FPEC_CR, 0x40);			/* STRT alone */
	assert_int_equal(finish(), 0);
	wr32(FPEC_AR, FLASH);
	wr32(FPEC_CR, 0x46);			/* PER and MER */
	assert_int_equal(finish(), 0);
	assert_int_equal(erase_page(FLASH + 0x4000), 0);	/* no such page */
	assert_int_equal(peek32(FLASH), 0);
	/* programming through the alias */
	wr32(FPEC_CR, 1);
	assert_int_equal(wr(0x100, 2, 0x1234), SWD_OK);
	assert_int_equal(finish(), 0);
	assert_int_equal(peek16(FLASH + 0x100), 0xffff);
}

/* RM0091 3.2: contents are not guaranteed after a reset in mid-operation. */
static void reset_in_the_middle(void **state)
{
	(void)state;
	start(NULL);
	poke32(FLASH, 0);
	poke32(FLASH + 0x3fc, 0);
	unlock();
	wr32(FPEC_CR, 2);
	wr32(FPEC_AR, FLASH);
	wr32(FPEC_CR, 0x42);
	later(T_PAGE_ERASE_NS / 2);
	chip_nrst(chip, true);
	later(MS);
	chip_nrst(chip, false);
	later(MS);
	assert_int_equal(rd32(FPEC_SR), 0);
	assert_int_equal(rd32(FPEC_CR), 0x80);
	assert_int_equal(peek32(FLASH), 0xffffffff);
	assert_int_not_equal(peek32(FLASH + 0x3fc), 0xffffffff);
	assert_int_not_equal(peek32(FLASH + 0x3fc), 0);
	assert_int_equal(chip_counters(chip)->page_erases, 0);
}

static void injected_errors(void **state)
{
	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 1);
	chip_faults(chip)->pgerr_at = 2;
	assert_int_equal(program(FLASH, 1), SR_EOP);
	assert_int_equal(program(FLASH + 2, 2), SR_PGERR);
	assert_int_equal(program(FLASH + 2, 2), SR_EOP);
	chip_faults(chip)->wrprterr_at = 1;
	assert_int_equal(program(FLASH + 4, 2), SR_WRPRTERR);
	chip_faults(chip)->stuck_bsy = true;
	assert_int_equal(wr(FLASH + 4, 2, 3), SWD_OK);
	later(500 * MS);
	assert_int_equal(rd32(FPEC_SR), SR_BSY);
	chip_faults(chip)->stuck_bsy = false;
	halt(true);
	assert_int_equal(rd32(FPEC_SR), 0);
}

static void fast_takes_no_time(void **state)
{
	struct chip_options options = { .fast = true };

	(void)state;
	start(&options);
	unlock();
	wr32(FPEC_CR, 1);
	assert_int_equal(wr(FLASH, 2, 0x1234), SWD_OK);
	assert_int_equal(rd32(FPEC_SR), SR_EOP);
	assert_int_equal(mass_erase(), SR_EOP);
	assert_int_equal(chip_counters(chip)->flash_busy_ns, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(keys_unlock),
		T(wrong_key_faults_and_shuts),
		T(option_keys),
		T(half_words),
		T(busy_lasts_as_long_as_it_should),
		T(other_widths_fault),
		T(only_blank_or_zero),
		T(flags_are_sticky_and_write_one_to_clear),
		T(page_erase),
		T(strt_lasts_as_long_as_bsy),
		T(mass_erase_spares_information_block),
		T(write_protection),
		T(mass_erase_of_what_is_not_protected),
		T(busy_flash_makes_the_ap_wait),
		T(busy_flash_can_be_made_to_fault),
		T(stores_can_be_streamed),
		T(hsi_must_be_on),
		T(store_without_pg),
		T(nonsense_does_nothing),
		T(reset_in_the_middle),
		T(injected_errors),
		T(fast_takes_no_time),
	};

	return cmocka_run_group_tests_name("chip flash", tests, NULL, NULL);
}
