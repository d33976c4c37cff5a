// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option bytes and read protection (RM0360 4, RM0091 3.3), with the power cut
 * at every step of changing them.
 */
#include "chip_test.h"

#define OBL_LAUNCH	0x2000u

static uint32_t level(void)
{
	return rd32(FPEC_OBR) >> 1 & 3;
}

static void reload(void)
{
	/* the write resets the chip */
	wr32(FPEC_CR, OBL_LAUNCH);
	later(MS);
}

/* Power off and on in mid-air, and attach again. */
static void cut(void)
{
	power_cycle();
	assert_int_equal(attach(), SWD_OK);
}

static void erase_and_program(void **state)
{
	(void)state;
	start(NULL);
	unlock_options();
	assert_int_equal(erase_options(), SR_EOP);
	assert_int_equal(rd32(OB), 0xffffffff);
	/* complement by hardware, whatever the upper byte */
	assert_int_equal(program_option(OB, 0x00aa), SR_EOP);
	assert_int_equal(program_option(OB + 2, 0xabcd), SR_EOP);
	assert_int_equal(program_option(OB + 4, 0x5512), SR_EOP);
	assert_int_equal(rd32(OB), 0x32cd55aa);
	assert_int_equal(rd32(OB + 4), 0xffffed12);
	/* programmed already: refused, unchanged */
	assert_int_equal(program_option(OB + 4, 0x0000), SR_WRPRTERR);
	assert_int_equal(rd32(OB + 4), 0xffffed12);
	/* beyond the eight bytes there is nothing */
	assert_int_equal(program_option(OB + 16, 0x0000), 0);
	assert_int_equal(wr(OB + 6, 4, 0), SWD_FAULT);
	assert_int_equal(wr(OB + 6, 1, 0), SWD_FAULT);
	assert_int_equal(chip_counters(chip)->option_erases, 1);
	assert_int_equal(chip_counters(chip)->option_halfwords, 3);
	assert_int_equal(chip_counters(chip)->mass_erases, 0);
}

static void not_erased_can_be_pgerr(void **state)
{
	struct chip_options options = { .opt_not_erased_pgerr = true };

	(void)state;
	start(&options);
	unlock_options();
	assert_int_equal(program_option(OB + 4, 0x0000), SR_PGERR);
}

static void needs_optwre(void **state)
{
	(void)state;
	start(NULL);
	unlock();
	wr32(FPEC_CR, 0x20);
	wr32(FPEC_CR, 0x60);
	assert_int_equal(finish(), 0);
	wr32(FPEC_CR, 0x10);
	assert_int_equal(wr(OB + 4, 2, 0), SWD_OK);
	assert_int_equal(finish(), 0);
	assert_int_equal(rd32(OB), 0x00ff55aa);
	assert_int_equal(rd32(OB + 4), 0x00ff00ff);
}

static void values_act_after_reload_only(void **state)
{
	(void)state;
	start(NULL);
	unlock_options();
	erase_options();
	program_option(OB, 0xaa);
	program_option(OB + 4, 0x34);
	program_option(OB + 6, 0x12);
	program_option(OB + 8, 0xfe);
	assert_int_equal(rd32(FPEC_OBR), 0xffffff00);
	assert_int_equal(rd32(FPEC_WRPR), 0xffffffff);
	/* neither kind of system reset loads them */
	chip_nrst(chip, true);
	later(MS);
	chip_nrst(chip, false);
	later(MS);
	halt(true);
	assert_int_equal(rd32(FPEC_OBR), 0xffffff00);
	assert_int_equal(rd32(FPEC_WRPR), 0xffffffff);
	rd32(DHCSR);
	wr32(RCC_CSR, 0x01000000);
	reload();	/* CR is locked: OBL_LAUNCH works all the same */
	assert_int_equal(rd32(FPEC_OBR), 0x1234ff00);
	assert_int_equal(rd32(FPEC_WRPR), 0xfffffffe);
	assert_int_equal(rd32(RCC_CSR) & 0xfe800000, 0x06000000);
	assert_int_equal(rd32(DHCSR) & 0x02000000, 0x02000000);
}

static void complement_check(void **state)
{
	(void)state;
	start(NULL);
	poke32(OB + 4, 0x00fe00ff);	/* DATA1: neither inverse nor erased */
	cut();
	assert_int_equal(rd32(FPEC_OBR), 0xffffff01);
	poke32(OB + 4, 0xffff3cc3);	/* erased counts as FF, no error */
	cut();
	assert_int_equal(rd32(FPEC_OBR), 0xffc3ff00);
	poke32(OB, 0x00ff54aa);		/* RDP with a bad complement */
	cut();
	assert_int_equal(rd32(FPEC_OBR), 0xffc3ff03);
}

static void reserved_user_bits(void **state)
{
	struct chip_options options = { .obr_reserved_zero = true };

	(void)state;
	start(&options);
	assert_int_equal(rd32(FPEC_OBR), 0xffff7700);
}

/* What is set before the cut: a value in each of USER, DATA0 and WRP0. */
static void prepare(void)
{
	static const uint8_t old[16] = {
		0xaa, 0x55, 0xfd, 0x02, 0x11, 0xee, 0x22, 0xdd,
		0xfe, 0x01, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
	};

	start(NULL);
	chip_poke(chip, OB, old, 16);
	poke32(FLASH, 0x20001000);
	cut();
	assert_int_equal(rd32(FPEC_OBR), 0x2211fd00);
	assert_int_equal(rd32(FPEC_WRPR), 0xfffffffe);
}

static void cut_before(void **state)
{
	(void)state;
	prepare();
	unlock_options();
	wr32(FPEC_CR, 0x220);
	cut();
	assert_int_equal(rd32(FPEC_OBR), 0x2211fd00);
}

/* Whenever the erase is cut, RDP is not AA/55 any more: level 1. */
static void cut_during_erase(void **state)
{
	unsigned int tenth;
	bool opterr = false;

	(void)state;
	for (tenth = 0; tenth < 10; tenth++) {
		prepare();
		unlock_options();
		wr32(FPEC_CR, 0x220);
		wr32(FPEC_CR, 0x260);
		later(T_OPTION_ERASE_NS * tenth / 10);
		cut();
		assert_int_equal(level(), 1);
		opterr |= rd32(FPEC_OBR) & 1;
		assert_int_equal(chip_counters(chip)->option_erases, 0);
		assert_int_equal(try_rd(FLASH, 4), SWD_FAULT);
		teardown(NULL);
	}
	assert_true(opterr);
}

static void cut_after_erase(void **state)
{
	(void)state;
	prepare();
	unlock_options();
	erase_options();
	cut();
	/* level 1, no error, defaults; content intact but unreadable */
	assert_int_equal(rd32(FPEC_OBR), 0xffffff02);
	assert_int_equal(rd32(FPEC_WRPR), 0xffffffff);
	assert_int_equal(peek32(FLASH), 0x20001000);
	assert_int_equal(try_rd(FLASH, 4), SWD_FAULT);
}

static void cut_while_programming_rdp(void **state)
{
	uint32_t data = 0xaa;

	(void)state;
	prepare();
	unlock_options();
	erase_options();
	wr32(FPEC_CR, 0x210);
	ap_wr(0, 0x03000041);
	ap_wr(4, OB);
	assert_int_equal(wire(true, false, 12, &data), SWD_OK);
	chip_power(chip, false);
	cut();
	assert_int_equal(rd32(FPEC_OBR) & 7, 3);
}

static void cut_after_rdp(void **state)
{
	(void)state;
	prepare();
	unlock_options();
	erase_options();
	/* level 0 is still in force: AA does not mass-erase */
	assert_int_equal(program_option(OB, 0xaa), SR_EOP);
	assert_int_equal(peek32(FLASH), 0x20001000);
	cut();
	assert_int_equal(rd32(FPEC_OBR), 0xffffff00);
	assert_int_equal(rd32(FPEC_WRPR), 0xffffffff);
	assert_int_equal(rd32(FLASH), 0x20001000);
}

/* The same by chip_faults: at the n-th operation, with and without time. */
static void cut_by_request(void **state)
{
	struct chip_options fast = { .fast = true };
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		start(i ? &fast : NULL);
		poke32(FLASH, 0x20001000);
		chip_faults(chip)->power_cut_at = 2;
		chip_faults(chip)->power_cut_percent = 50;
		unlock_options();
		assert_int_equal(erase_options(), SR_EOP);
		assert_true(chip_powered(chip));
		wr32(FPEC_CR, 0x210);
		wr(OB, 2, 0xaa);
		later(MS);
		assert_false(chip_powered(chip));
		cut();
		assert_int_equal(rd32(FPEC_OBR) & 7, 3);
		assert_int_equal(peek32(FLASH), 0x20001000);
		teardown(NULL);
	}
}

/* A reset leaves the values in force, whatever became of those in flash. */
static void reset_by_request(void **state)
{
	(void)state;
	start(NULL);
	chip_faults(chip)->power_cut_at = 1;
	chip_faults(chip)->power_cut_percent = 50;
	chip_faults(chip)->cut_by_nrst = true;
	unlock_options();
	erase_options();
	later(20 * MS);
	assert_true(chip_powered(chip));
	assert_string_equal(chip_core_state(chip), "reset");
	chip_hold_nrst(chip, false);
	assert_int_equal(chip_rdp_level(chip), 0);
	cut();
	assert_int_equal(chip_rdp_level(chip), 1);
	assert_int_equal(chip_counters(chip)->rdp_open_ns, 0);
}

static void cut_in_the_rest(void **state)
{
	(void)state;
	prepare();
	unlock_options();
	erase_options();
	program_option(OB, 0xaa);
	program_option(OB + 2, 0xfd);
	program_option(OB + 4, 0x11);
	cut();
	assert_int_equal(rd32(FPEC_OBR), 0xff11fd00);
	assert_int_equal(rd32(FPEC_WRPR), 0xffffffff);
}

/* Set level 1 by the book and load it. */
static void protect(void)
{
	unlock_options();
	assert_int_equal(erase_options(), SR_EOP);
	assert_int_equal(program_option(OB, 0xbb), SR_EOP);
	reload();
	assert_int_equal(level(), 1);
}

static void level1_keeps_the_debugger_out(void **state)
{
	(void)state;
	start(NULL);
	poke32(FLASH, 0x20001000);
	protect();
	assert_int_equal(try_rd(FLASH, 4), SWD_FAULT);
	assert_int_equal(try_rd(0, 4), SWD_FAULT);
	/* everything else stays open */
	assert_int_equal(rd32(SRAM) == peek32(SRAM), 1);
	assert_int_equal(rd32(OB) & 0xffff, 0x44bb);
	assert_int_equal(try_rd(0x1fffec00, 4), SWD_OK);
	assert_int_equal(rd32(0x1ffff7cc) & 0xffff, 16);
	assert_int_equal(rd32(DBG_IDCODE), 0x10006444);
	halt(false);
	unlock();
	wr32(FPEC_CR, 1);
	assert_int_equal(program(FLASH + 0x100, 0x1234), SR_PGERR);
	assert_int_equal(erase_page(FLASH), SR_PGERR);
	assert_int_equal(mass_erase(), SR_PGERR);
	assert_int_equal(peek32(FLASH), 0x20001000);
}

static void level1_to_0_erases(void **state)
{
	uint64_t t;

	(void)state;
	start(NULL);
	poke32(FLASH, 0x20001000);
	poke32(FLASH + 0x3ffc, 0x12345678);
	protect();
	unlock_options();
	assert_int_equal(erase_options(), SR_EOP);
	assert_int_equal(peek32(FLASH), 0x20001000);
	t = chip_now(chip);
	assert_int_equal(program_option(OB, 0xaa) & SR_EOP, SR_EOP);
	assert_true(chip_now(chip) - t >= T_MASS_ERASE_NS + T_HALFWORD_NS);
	assert_int_equal(chip_counters(chip)->mass_erases, 1);
	assert_int_equal(peek32(FLASH), 0xffffffff);
	assert_int_equal(peek32(FLASH + 0x3ffc), 0xffffffff);
	assert_int_equal(level(), 1);
	assert_int_equal(try_rd(FLASH, 4), SWD_FAULT);
	reload();
	assert_int_equal(rd32(FPEC_OBR), 0xffffff00);
	assert_int_equal(rd32(FLASH), 0xffffffff);
	assert_int_equal(rd32(OB) & 0xffff, 0x55aa);
}

/* Only AA is the way out: another value neither erases nor unlocks. */
static void level1_to_1_keeps_flash(void **state)
{
	(void)state;
	start(NULL);
	poke32(FLASH, 0x20001000);
	protect();
	unlock_options();
	erase_options();
	assert_int_equal(program_option(OB, 0xa5), SR_EOP);
	program_option(OB + 2, 0xaa);
	reload();
	assert_int_equal(level(), 1);
	assert_int_equal(peek32(FLASH), 0x20001000);
	assert_int_equal(chip_counters(chip)->mass_erases, 0);
}

/* Flash goes before RDP is written: a cut leaves level 1. */
static void cut_during_level1_to_0(void **state)
{
	uint32_t data = 0xaa;

	(void)state;
	start(NULL);
	poke32(FLASH, 0x20001000);
	poke32(FLASH + 0x3ffc, 0x12345678);
	protect();
	unlock_options();
	erase_options();
	wr32(FPEC_CR, 0x210);
	ap_wr(0, 0x03000041);
	ap_wr(4, OB);
	assert_int_equal(wire(true, false, 12, &data), SWD_OK);
	later(T_MASS_ERASE_NS / 2);
	cut();
	assert_int_equal(level(), 1);
	assert_int_equal(peek32(FLASH), 0xffffffff);
	assert_int_not_equal(peek32(FLASH + 0x3ffc), 0x12345678);
	assert_int_equal(peek16(OB), 0xffff);
	/* and can be repeated */
	unlock_options();
	assert_int_equal(erase_options(), SR_EOP);
	assert_int_equal(program_option(OB, 0xaa), SR_EOP);
	reload();
	assert_int_equal(level(), 0);
	assert_int_equal(rd32(FLASH + 0x3ffc), 0xffffffff);
}

/* b . in flash: does firmware of a protected part go on running? */
static void put_firmware(void)
{
	poke32(FLASH, 0x20001000);
	poke32(FLASH + 4, 0x08000009);
	poke32(FLASH + 8, 0xe7fee7fe);
}

static void level1_and_firmware(void **state)
{
	(void)state;
	start(NULL);
	put_firmware();
	poke32(OB, 0x00ff44bb);
	power_cycle();
	later(10 * MS);
	/* nobody has looked: it runs */
	assert_string_equal(chip_core_state(chip), "running");
	assert_int_equal(attach(), SWD_OK);
	later(MS);
	assert_string_equal(chip_core_state(chip), "running");
	rd32(DBG_IDCODE);		/* first access of the AP */
	later(MS);
	assert_string_equal(chip_core_state(chip), "lockup");
	/* a system reset does not bring it back, power does */
	chip_nrst(chip, true);
	later(MS);
	chip_nrst(chip, false);
	later(MS);
	assert_string_equal(chip_core_state(chip), "lockup");
	power_cycle();
	later(10 * MS);
	assert_string_equal(chip_core_state(chip), "running");
}

static void level1_triggers(void **state)
{
	static const enum chip_rdp1 triggers[] = {
		CHIP_RDP1_POWER_UP, CHIP_RDP1_DEBUGEN, CHIP_RDP1_HALT,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct chip_options options = { .rdp1_trigger = triggers[i] };

		start(&options);
		put_firmware();
		poke32(OB, 0x00ff44bb);
		power_cycle();
		assert_int_equal(attach(), SWD_OK);
		later(MS);
		assert_string_equal(chip_core_state(chip), i == 0 ?
				    "lockup" : "running");
		/* the AP itself never gets flash */
		assert_int_equal(try_rd(FLASH, 4), SWD_FAULT);
		wr32(DHCSR, 0xa05f0001);
		later(MS);
		assert_string_equal(chip_core_state(chip), i < 2 ?
				    "lockup" : "running");
		wr32(DHCSR, 0xa05f0003);
		rd32(DHCSR);
		wr32(DHCSR, 0xa05f0001);
		later(MS);
		assert_string_equal(chip_core_state(chip), "lockup");
		teardown(NULL);
	}
}

static void level1_other_boot_modes(void **state)
{
	/* ldr r1, =08000000; ldr r2, [r1]; b . */
	static const uint32_t code[] = {
		SRAM + 0x1000, SRAM + 9, 0x680a4901, 0xe7fee7fe, FLASH,
	};
	unsigned int i;

	(void)state;
	start(NULL);
	put_firmware();
	chip_boot0(chip, true);
	/* code that did not start in flash gets none of it at level 1 */
	for (i = 0; i < 2; i++) {
		poke32(OB, i ? 0x10ef44bb : 0x10ef55aa);
		chip_power(chip, false);
		later(MS);
		chip_power(chip, true);
		chip_poke(chip, SRAM, code, sizeof(code));
		later(5 * MS);
		assert_string_equal(chip_core_state(chip), i ? "lockup" :
							       "running");
	}
	/* the boot loader waits for a command */
	poke32(OB, 0x00ff44bb);
	power_cycle();
	assert_string_equal(chip_core_state(chip), "running");
}

static void level2_is_the_end(void **state)
{
	uint32_t value;

	(void)state;
	start(NULL);
	put_firmware();
	unlock_options();
	erase_options();
	program_option(OB, 0xcc);
	assert_int_equal(level(), 0);
	/* the answer to this write never comes */
	assert_int_equal(wr(FPEC_CR, 4, OBL_LAUNCH), SWD_NONE);
	later(MS);
	assert_int_equal(dp_rd(0, &value), SWD_NONE);
	chip_boot0(chip, true);
	power_cycle();
	assert_int_equal(attach(), SWD_NONE);
	chip_nrst(chip, true);
	assert_int_equal(attach(), SWD_NONE);
	chip_nrst(chip, false);
	later(MS);
	/* BOOT0 counts no more: firmware runs */
	assert_string_equal(chip_core_state(chip), "running");
	assert_int_equal(cpu_reg(chip_cpu(chip), CPU_PC) & ~1u, 0x08000008);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(erase_and_program),
		T(not_erased_can_be_pgerr),
		T(needs_optwre),
		T(values_act_after_reload_only),
		T(complement_check),
		T(reserved_user_bits),
		T(cut_before),
		T(cut_during_erase),
		T(cut_after_erase),
		T(cut_while_programming_rdp),
		T(cut_after_rdp),
		T(cut_by_request),
		T(reset_by_request),
		T(cut_in_the_rest),
		T(level1_keeps_the_debugger_out),
		T(level1_to_0_erases),
		T(level1_to_1_keeps_flash),
		T(cut_during_level1_to_0),
		T(level1_and_firmware),
		T(level1_triggers),
		T(level1_other_boot_modes),
		T(level2_is_the_end),
	};

	return cmocka_run_group_tests_name("chip options", tests, NULL, NULL);
}
