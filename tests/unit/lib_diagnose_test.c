// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules: a healthy board, and what each change of it is called.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "diagnose/fault.h"
#include "diagnose/rules.h"

#define BASE 0x08000000u

static struct stl_facts f;
static struct stl_findings out;
static uint8_t flash[256 * 1024];

static void word(uint32_t off, uint32_t value)
{
	memcpy(flash + off, &value, 4);
}

/* A board with a program of 512 bytes that sleeps. */
static void healthy(uint16_t dev_id, unsigned int kib)
{
	uint32_t off;

	memset(&f, 0, sizeof(f));
	f.chip.dev_id = dev_id;
	f.chip.part = stl_part_find(dev_id);
	stl_chip_set_size(&f.chip, kib);
	f.chip.obr = 0xffffff00;
	f.chip.wrpr = 0xffffffff;
	stl_options_decode(&f.opt, &f.chip, f.chip.obr, f.chip.wrpr, NULL);
	f.opt_valid = true;
	f.reached = true;
	f.writable = true;
	f.voltage_known = true;
	f.voltage_mv = 3300;
	f.demcr_valid = true;
	f.csr_valid = true;
	f.csr = 0x0c000000;
	f.cfgr1_valid = true;
	f.watched = 60;
	f.retired = 60;
	f.sleeps = 50;
	f.boot = STL_BOOT_FLASH;
	memset(flash, 0xff, sizeof(flash));
	word(0, 0x20001000);
	for (off = 4; off < 0xc0; off += 4)
		word(off, BASE + 0xc1);
	for (off = 0xc0; off < 0x200; off += 4)
		word(off, 0xe7fe46c0);		/* NOP, B . */
	f.flash = flash;
	memcpy(f.zero, flash, sizeof(f.zero));
}

static int setup(void **state)
{
	(void)state;
	healthy(0x444, 16);
	return 0;
}

static void judge(void)
{
	if (f.flash)
		stl_truncated_check(&f.cut, &f.chip, flash, f.chip.flash_size);
	stl_judge(&f, &out);
}

/* Exactly these findings: a cause or suspicion, and perhaps another one. */
static void found(const char *first, const char *second)
{
	size_t num = !!first + !!second, i;

	judge();
	for (i = 0; i < out.num && out.num != num; i++)
		print_error("%s: %s\n", out.list[i].id, out.list[i].text);
	assert_int_equal(out.num, num);
	if (first)
		assert_string_equal(out.list[0].id, first);
	if (second)
		assert_string_equal(out.list[1].id, second);
	for (i = 0; i < out.num; i++)
		assert_true(out.list[i].num_evidence > 0);
}

static void nothing_to_find(void **state)
{
	static const struct { uint16_t id; unsigned int kib; } parts[] = {
		{ 0x444, 16 }, { 0x444, 32 }, { 0x440, 64 }, { 0x442, 256 },
		{ 0x445, 32 }, { 0x448, 128 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++) {
		healthy(parts[i].id, parts[i].kib);
		found(NULL, NULL);
		f.sleeps = 60;		/* all the time */
		f.retired = 0;
		found(NULL, NULL);
	}
	healthy(0x444, 16);
	f.csr = 0x2c000000;	/* a watchdog reset of long ago */
	found(NULL, NULL);
	f.voltage_mv = 0;	/* the probe's pin isn't connected */
	found(NULL, NULL);
	f.active_same = true;	/* all in one interrupt, but it works */
	f.active = 15;
	word(0x3c, BASE + 0x101);
	word(0x100, 0x47703001);
	memcpy(f.zero, flash, sizeof(f.zero));
	found(NULL, NULL);
	word(0, 0x20000ffe);	/* the core ignores the low bits */
	found(NULL, NULL);
	/* vectors that the firmware has put into SRAM */
	f.boot = STL_BOOT_SRAM;
	f.cfgr1 = 3;
	found(NULL, NULL);
}

static void wires(void **state)
{
	(void)state;
	f.reached = false;
	f.voltage_mv = 100;
	found("no-voltage", NULL);
	f.voltage_known = false;
	found("no-answer", NULL);
	f.voltage_known = true;
	f.voltage_mv = 3300;
	found("no-answer", NULL);
	f.port_answered = true;
	found("deep-sleep", NULL);
	f.reached = true;
	f.reset_tried = true;
	f.under_reset = true;
	f.watched = 0;
	found("deep-sleep", NULL);
	assert_false(stl_findings_bad(&out));
	f.port_answered = false;
	found("swd-pins-reused", NULL);
	assert_true(stl_findings_bad(&out));
}

static void supply_and_reset_line(void **state)
{
	(void)state;
	f.voltage_mv = 2399;
	found("low-voltage", NULL);
	f.voltage_mv = 2400;
	found(NULL, NULL);
	f.resets = f.watched;
	f.retired = 0;
	f.sleeps = 0;
	found("nrst-low", NULL);
}

static void leftovers(void **state)
{
	(void)state;
	f.dhcsr = 0x00030003;
	f.halts = 60;
	f.dfsr = 1;
	found("core-halted", NULL);
	f.demcr = 1;
	found("vector-catch-left", NULL);
	f.dhcsr = 0x00010001;
	f.halts = 0;
	found("vector-catch-left", NULL);
	f.dhcsr = 0x00010000;	/* without C_DEBUGEN it does nothing */
	found(NULL, NULL);
}

static void resets(void **state)
{
	(void)state;
	f.resets = 3;
	f.csr = 0x24000000;
	found("watchdog-reset", NULL);
	f.opt.wdg_sw = false;
	found("watchdog-option", NULL);
	f.csr = 0;		/* flags cleared by the firmware */
	found("watchdog-option", NULL);
	f.csr = 0x14000000;
	found("reset-loop", NULL);
	assert_int_equal(out.list[0].severity, STL_CAUSE);
	f.resets = 1;
	found("reset-loop", NULL);
	assert_int_equal(out.list[0].severity, STL_SUSPICION);
	f.resets = 0;
	found(NULL, NULL);
}

static void exceptions(void **state)
{
	(void)state;
	f.active_same = true;
	f.active = 3;
	f.sleeps = 0;
	found("in-hardfault", NULL);
	f.active = 20;
	found("unhandled-interrupt", NULL);
	f.active = 2;
	f.opt.ram_parity_off = false;
	found("sram-parity", NULL);
	f.active_same = false;
	found(NULL, NULL);
}

static void boot_modes(void **state)
{
	(void)state;
	f.boot = STL_BOOT_SYSMEM;
	f.cfgr1 = 1;
	found("boots-system-memory", NULL);
	f.boot = STL_BOOT_FLASH;
	f.cfgr1 = 0;
	f.num_pcs = 1;
	f.pcs[0] = 0x1fffed00;
	found("boots-system-memory", NULL);
	f.num_pcs = 0;
	f.boot = STL_BOOT_SRAM;
	memset(f.zero, 0x5a, sizeof(f.zero));
	f.sleeps = 0;
	f.retired = 0;
	found("boots-sram", NULL);
}

static void protections(void **state)
{
	(void)state;
	f.chip.wrpr = 0xfffffffe;
	found("write-protection", NULL);
	assert_false(stl_findings_bad(&out));
	memset(flash, 0xff, sizeof(flash));
	found("flash-blank", "write-protection");
	assert_int_equal(out.list[1].severity, STL_SUSPICION);
	healthy(0x444, 16);
	f.opt.load_error = true;
	found("option-bytes-damaged", NULL);
	f.flash = NULL;
	found("option-bytes-damaged", "flash-unreadable");
	healthy(0x444, 16);
	f.chip.rdp_level = 1;
	f.flash = NULL;
	found("read-protection", NULL);
	assert_int_equal(out.list[0].severity, STL_SUSPICION);
	f.lockups = 60;
	found("read-protection", NULL);
	assert_int_equal(out.list[0].severity, STL_CAUSE);
}

static void vectors(void **state)
{
	static const struct { uint32_t off, value; const char *id; } list[] = {
		{ 0, 0x00000000, "initial-sp-outside-sram" },
		{ 0, 0x20000000, "initial-sp-outside-sram" },
		{ 0, 0x08001000, "initial-sp-outside-sram" },
		{ 0, 0x20001004, "image-for-other-part" },
		{ 0, 0x20008000, "image-for-other-part" },
		{ 4, 0x08000000 + 0xc0, "reset-vector-even" },
		{ 4, 0x20000101, "reset-vector-outside-flash" },
		{ 4, 0xffffffff, "reset-vector-outside-flash" },
		{ 4, 0x00000000, "reset-vector-outside-flash" },
		{ 4, 0x08004001, "image-for-other-part" },
		{ 4, 0x08002001, "truncated-copy" },
		{ 12, 0xffffffff, "hardfault-vector-erased" },
		{ 12, 0x08000100, "hardfault-vector-bad" },
		{ 12, 0x00000000, "hardfault-vector-bad" },
		{ 12, 0x30000001, "hardfault-vector-bad" },
		{ 12, 0x08002001, "truncated-copy" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		healthy(0x444, 16);
		word(list[i].off, list[i].value);
		f.lockups = f.watched;
		found(list[i].id, NULL);
		assert_int_equal(out.list[0].severity, STL_CAUSE);
	}
	healthy(0x444, 16);
	word(4, 0xc1);		/* linked for the alias at 0 */
	found(NULL, NULL);
	memset(flash, 0xff, 8);
	found("vector-table-blank", NULL);
	memset(flash, 0xff, sizeof(flash));
	found("flash-blank", NULL);
}

static void unique_id(void **state)
{
	(void)state;
	word(0x1f0, 0x1ffff7ac);
	found("reads-unique-id", NULL);
	assert_false(stl_findings_bad(&out));
	word(0x1f0, 0x1ffff7e8);
	found(NULL, NULL);
}

/* Locked up with a frame on the main stack; @insn is what it was at. */
static void locked(uint32_t pc, uint16_t insn)
{
	healthy(0x444, 16);
	f.lockups = f.watched;
	f.retired = 0;
	f.sleeps = 0;
	f.regs_valid = true;
	f.regs[STLINK_REG_LR] = 0xfffffff9;
	f.regs[STLINK_REG_MSP] = 0x20000f00;
	f.stack_addr = 0x20000f00;
	f.stack_num = 16;
	f.stack[0] = 0x20000800;
	f.stack[1] = 0x20000801;
	f.stack[2] = 0x60000000;
	f.stack[3] = 0;
	f.stack[5] = BASE + 0xc5;
	f.stack[6] = pc;
	f.stack[7] = 0x01000000;
	if (pc - BASE < sizeof(flash))
		memcpy(flash + pc - BASE, &insn, 2);
}

static void faults(void **state)
{
	static const struct {
		uint32_t pc;
		uint16_t insn;
		const char *id;
	} list[] = {
		{ BASE + 0x100, 0xbe00, "bkpt-without-debugger" },
		{ BASE + 0x100, 0xbeab, "bkpt-without-debugger" },
		{ BASE + 0x100, 0x6008, "unaligned-access" },	/* STR [R1] */
		{ BASE + 0x100, 0x8808, "unaligned-access" },	/* LDRH [R1] */
		{ BASE + 0x100, 0x7810, "access-to-nowhere" },	/* LDRB [R2] */
		{ BASE + 0x100, 0x6018, "access-to-nowhere" },	/* STR [R3] */
		{ BASE + 0x100, 0xde00, "undefined-instruction" },
		{ BASE + 0x100, 0xe92d, "undefined-instruction" },
		{ BASE + 0x100, 0xdf00, "fault" },
		{ BASE + 0x100, 0x6800, "fault" },		/* LDR [R0] */
		{ BASE + 0x1000, 0xffff, "ran-into-blank-flash" },
		{ 0x60000000, 0, "bad-function-pointer" },
		{ 0x40010000, 0, "bad-function-pointer" },
		{ 0x20000100, 0, "fault" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		locked(list[i].pc, list[i].insn);
		found(list[i].id, NULL);
	}
	locked(BASE + 0x100, 0x46c0);
	f.stack[7] = 0x61000000 & ~0x01000000;		/* T = 0 */
	found("bad-function-pointer", NULL);
	locked(BASE + 0x100, 0x6800);
	f.opt.ram_parity_off = false;
	found("sram-parity", NULL);
	locked(BASE + 0x100, 0xb510);
	f.regs[STLINK_REG_MSP] = 0x1fffffe0;
	f.stack_num = 0;
	found("stack-overflow", NULL);
	locked(0, 0);
	f.regs_valid = false;
	found("lockup", NULL);
	locked(BASE + 0x100, 0xbe00);
	word(12, 0xffffffff);
	found("bkpt-without-debugger", "hardfault-vector-erased");
}

static void frames(void **state)
{
	struct stl_fault fault;

	(void)state;
	locked(BASE + 0x100, 0xbe00);
	/* the handler has pushed R4 and LR */
	f.regs[STLINK_REG_LR] = BASE + 0x200;
	memmove(f.stack + 2, f.stack, 8 * sizeof(f.stack[0]));
	f.stack[0] = 0;
	f.stack[1] = 0xfffffff9;
	assert_true(stl_fault_find(&f, &fault));
	assert_int_equal(fault.regs[15], BASE + 0x100);
	assert_int_equal(fault.frame, 0x20000f08);
	assert_int_equal(fault.regs[13], 0x20000f28);
	/* the process stack */
	locked(BASE + 0x100, 0xbe00);
	f.regs[STLINK_REG_LR] = 0xfffffffd;
	f.regs[STLINK_REG_PSP] = 0x20000400;
	memcpy(f.psp_frame, f.stack, sizeof(f.psp_frame));
	f.psp_frame[7] |= 0x200;
	f.psp_valid = true;
	assert_true(stl_fault_find(&f, &fault));
	assert_int_equal(fault.frame, 0x20000400);
	assert_int_equal(fault.regs[13], 0x20000424);
	/* what can't be an xPSR is none */
	f.psp_frame[7] = 0x01234567;
	assert_false(stl_fault_find(&f, &fault));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_to_find, setup),
		cmocka_unit_test_setup(wires, setup),
		cmocka_unit_test_setup(supply_and_reset_line, setup),
		cmocka_unit_test_setup(leftovers, setup),
		cmocka_unit_test_setup(resets, setup),
		cmocka_unit_test_setup(exceptions, setup),
		cmocka_unit_test_setup(boot_modes, setup),
		cmocka_unit_test_setup(protections, setup),
		cmocka_unit_test_setup(vectors, setup),
		cmocka_unit_test_setup(unique_id, setup),
		cmocka_unit_test_setup(faults, setup),
		cmocka_unit_test_setup(frames, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
