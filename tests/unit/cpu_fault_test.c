// SPDX-License-Identifier: GPL-2.0-only
/*
 * What makes a HardFault, what locks up, and the encodings that ARMv6-M does
 * not define.
 */
#include "cpu_test.h"

#define LOCKUP_PC	0xfffffffeu
#define NOWHERE		0x30000000u	/* bus error */

static struct machine *start(void)
{
	struct machine *m = machine_new();

	PUT_CODE(m, HANDLER(3), 0xe7fe);	/* b . */
	cpu_system_reset(m->cpu);
	return m;
}

static unsigned int ipsr(struct machine *m)
{
	return reg(m, CPU_XPSR) & 0x3f;
}

/* Run what is at MAIN; it has to fault, and the frame to point at @pc. */
static void expect_fault(struct machine *m, uint32_t pc)
{
	unsigned int guard = 0;

	while (ipsr(m) != 3 && guard++ < 100)
		cpu_run(m->cpu, 1);
	assert_int_equal(ipsr(m), 3);
	assert_false(cpu_lockup(m->cpu));
	assert_int_equal(reg(m, CPU_PC), HANDLER(3));
	assert_int_equal(reg(m, CPU_LR), 0xfffffff9);
	assert_int_equal(get32(m, STACK_TOP - 8), pc);
	machine_free(m);
}

static void expect_lockup(struct machine *m, unsigned int exc)
{
	cpu_run(m->cpu, 1000);
	assert_true(cpu_lockup(m->cpu));
	assert_true(cpu_idle(m->cpu));
	assert_int_equal(reg(m, CPU_PC), LOCKUP_PC);
	assert_int_equal(ipsr(m), exc);
	assert_int_equal(dbg_read(m, DHCSR) & 0xf0000, 0x90000);
	/* and time goes by at no cost */
	assert_int_equal(cpu_run(m->cpu, 691200000000ull), 691200000000ull);
}

/* 16-bit encodings by ARM DDI 0419 A5.2, written from its tables. */
static bool undefined_16(uint16_t op)
{
	switch (op >> 8) {
	case 0xb1: case 0xb3: case 0xb9: case 0xbb:	/* CBZ, CBNZ */
	case 0xb7: case 0xb8:
	case 0xde:					/* UDF */
		return true;
	case 0xb6:
		return op != 0xb662 && op != 0xb672;
	case 0xba:
		return (op & 0xc0) == 0x80;
	case 0xbf:
		return op & 15;				/* IT */
	case 0xb4: case 0xbc:				/* no register */
		return !(op & 255);
	}
	return op >> 12 == 12 && !(op & 255);
}

static void test_undefined_16(void **state)
{
	struct machine *m = start();
	unsigned int bad = 0, undefined = 0, i;
	uint32_t op;

	(void)state;
	for (op = 0; op < 0xe800; op++) {
		uint16_t half = op;

		/* SVC and BKPT raise exceptions of their own */
		if (op >> 8 == 0xbe || op >> 8 == 0xdf)
			continue;
		cpu_system_reset(m->cpu);
		/* sums of two are addresses as well */
		for (i = 0; i < 15; i++)
			cpu_set_reg(m->cpu, i, SRAM_BASE / 2 + 0x1000);
		cpu_set_reg(m->cpu, CPU_SP, STACK_TOP);
		/* single registers must be, too */
		if ((op & 0xf000) != 0x5000)
			for (i = 0; i < 8; i++)
				cpu_set_reg(m->cpu, i, SRAM_BASE + 0x2000);
		memcpy(m->code + MAIN, &half, 2);
		cpu_run(m->cpu, 1);
		undefined += undefined_16(op);
		if (undefined_16(op) == (ipsr(m) == 3))
			continue;
		print_error("%04x\n", op);
		bad++;
	}
	assert_int_equal(bad, 0);
	assert_true(undefined > 1500);
	machine_free(m);
}

static void test_undefined_32(void **state)
{
	static const struct {
		uint16_t op, wide;
		bool defined;
	} cases[] = {
		{ 0xe800, 0x0000, false }, { 0xefff, 0xffff, false },
		{ 0xf800, 0xd000, false }, { 0xffff, 0xffff, false },
		{ 0xf7f0, 0xa000, false },		/* UDF.W */
		{ 0xf000, 0x8000, false },		/* B<c>.W */
		{ 0xf000, 0x9000, false },		/* B.W */
		{ 0xf000, 0xc000, false },		/* BLX */
		{ 0xf000, 0x0000, false },		/* AND.W */
		{ 0xf8d0, 0x0000, false },		/* LDR.W */
		{ 0xfbb0, 0xf0f1, false },		/* UDIV */
		{ 0xf3b0, 0x8f2f, false },		/* CLREX */
		{ 0xf3af, 0x8000, false },		/* NOP.W */
		{ 0xf3bf, 0x8f7f, false },
		{ 0xf000, 0xd000, true },		/* BL */
		{ 0xf000, 0xf800, true },
		{ 0xf3bf, 0x8f4f, true },		/* DSB */
		{ 0xf3bf, 0x8f5f, true },		/* DMB */
		{ 0xf3bf, 0x8f6f, true },		/* ISB */
		{ 0xf380, 0x8800, true },		/* MSR */
		{ 0xf3ef, 0x8000, true },		/* MRS */
	};
	struct machine *m = start();
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cpu_system_reset(m->cpu);
		memcpy(m->code + MAIN, &cases[i].op, 2);
		memcpy(m->code + MAIN + 2, &cases[i].wide, 2);
		cpu_run(m->cpu, 1);
		if (cases[i].defined != (ipsr(m) == 0))
			fail_msg("%04x %04x", cases[i].op, cases[i].wide);
	}
	machine_free(m);
}

static void test_data_faults(void **state)
{
	struct machine *m;

	(void)state;
	m = start();
	PUT_CODE(m, MAIN, 0x6001);		/* str r1, [r0] */
	cpu_set_reg(m->cpu, 0, NOWHERE);
	expect_fault(m, MAIN);

	m = start();
	PUT_CODE(m, MAIN, 0x6801);		/* ldr r1, [r0], unaligned */
	cpu_set_reg(m->cpu, 0, SRAM_BASE + 2);
	expect_fault(m, MAIN);

	m = start();
	PUT_CODE(m, MAIN, 0x8041);		/* strh r1, [r0, #2] */
	cpu_set_reg(m->cpu, 0, SRAM_BASE + 1);
	expect_fault(m, MAIN);

	m = start();
	PUT_CODE(m, MAIN, 0x7801);		/* ldrb r1, [r0] of the SCS */
	cpu_set_reg(m->cpu, 0, CPUID);
	expect_fault(m, MAIN);
}

/* A fault in the middle of a list leaves base and registers alone. */
static void test_list_fault(void **state)
{
	struct machine *m = start();

	(void)state;
	PUT_CODE(m, MAIN, 0xc80e);		/* ldm r0!, {r1-r3} */
	cpu_set_reg(m->cpu, 0, SRAM_BASE + SRAM_SIZE - 8);
	cpu_set_reg(m->cpu, 1, 0x11);
	cpu_set_reg(m->cpu, 2, 0x22);
	cpu_run(m->cpu, 1);
	assert_int_equal(reg(m, 0), SRAM_BASE + SRAM_SIZE - 8);
	assert_int_equal(reg(m, 1), 0x11);
	assert_int_equal(reg(m, 2), 0x22);
	expect_fault(m, MAIN);
}

static void test_fetch_faults(void **state)
{
	static const uint32_t never[] = {
		0x40000000, 0x5ffffffe, 0xa0000000, 0xe000ed00, 0xf0000000,
		NOWHERE,
	};
	struct machine *m;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		m = start();
		PUT_CODE(m, MAIN, 0x4700);		/* bx r0 */
		cpu_set_reg(m->cpu, 0, never[i] | 1);
		expect_fault(m, never[i]);
	}
	/* no Thumb bit */
	m = start();
	PUT_CODE(m, MAIN, 0x4700);
	cpu_set_reg(m->cpu, 0, MAIN + 0x10);
	run_insns(m, 1);
	assert_int_equal(reg(m, CPU_XPSR) & XPSR_T, 0);
	expect_fault(m, MAIN + 0x10);
	/* BKPT without a debugger */
	m = start();
	PUT_CODE(m, MAIN, 0xbf00, 0xbe00);
	expect_fault(m, MAIN + 2);
	/* an even reset vector */
	m = start();
	put32(m, 4, MAIN);
	cpu_system_reset(m->cpu);
	expect_fault(m, MAIN);
}

/* The blank part: every vector FFFFFFFF, RAM where the stack is not. */
static void test_blank(void **state)
{
	struct machine *m = start();

	(void)state;
	memset(m->code, 0xff, CODE_SIZE);
	cpu_system_reset(m->cpu);
	expect_lockup(m, 3);
	dbg_write(m, DHCSR, 0xa05f0003);
	assert_int_equal(dbg_read(m, DHCSR), 0x00030003);
	assert_int_equal(reg(m, CPU_PC), LOCKUP_PC);
	assert_int_equal(reg(m, CPU_XPSR), 0xc1000003);
	assert_int_equal(reg(m, CPU_MSP), 0xffffffd8);
	/* resumed without repair: locked up again */
	dbg_write(m, DHCSR, 0xa05f0001);
	cpu_run(m->cpu, 100);
	assert_true(cpu_lockup(m->cpu));
	assert_int_equal(dbg_read(m, DHCSR), 0x00090001);
	machine_free(m);
}

static void test_lockups(void **state)
{
	struct machine *m;

	(void)state;
	/* a fault in the HardFault handler; NMI still gets through */
	m = start();
	PUT_CODE(m, MAIN, 0xde00);
	PUT_CODE(m, HANDLER(3), 0xde00);
	expect_lockup(m, 3);
	PUT_CODE(m, HANDLER(2), 0xe7fe);
	cpu_nmi(m->cpu);
	cpu_run(m->cpu, 100);
	assert_false(cpu_lockup(m->cpu));
	assert_int_equal(ipsr(m), 2);
	assert_int_equal(get32(m, STACK_TOP - 64 + 24), LOCKUP_PC);
	machine_free(m);
	/* SVC in it as well */
	m = start();
	PUT_CODE(m, MAIN, 0xde00);
	PUT_CODE(m, HANDLER(3), 0xdf00);
	expect_lockup(m, 3);
	machine_free(m);
	/* a fault in the NMI handler */
	m = start();
	PUT_CODE(m, HANDLER(2), 0xde00);
	cpu_nmi(m->cpu);
	expect_lockup(m, 2);
	machine_free(m);
}

/* An unusable stack: HardFault runs, its frame is lost; pushing there ends. */
static void test_stacking(void **state)
{
	struct machine *m = start();

	(void)state;
	cpu_set_reg(m->cpu, CPU_SP, NOWHERE + 0x100);
	dbg_write(m, ISER, 1);
	dbg_write(m, ISPR, 1);
	cpu_run(m->cpu, 1);
	assert_int_equal(ipsr(m), 3);
	assert_int_equal(reg(m, CPU_PC), HANDLER(3));
	assert_int_equal(reg(m, CPU_SP), NOWHERE + 0x100 - 32);
	assert_int_equal(dbg_read(m, ISPR), 1);		/* still to come */
	cpu_run(m->cpu, 100);
	assert_false(cpu_lockup(m->cpu));
	PUT_CODE(m, HANDLER(3), 0xb510);		/* push {r4, lr} */
	expect_lockup(m, 3);
	machine_free(m);
}

static void test_unstacking(void **state)
{
	struct machine *m = start();

	(void)state;
	/* from the process stack: HardFault takes its place */
	PUT_CODE(m, MAIN, 0xdf00);
	cpu_set_reg(m->cpu, CPU_PSP, SRAM_BASE + 0x800);
	cpu_set_reg(m->cpu, CPU_CONTROL, 2u << 24);
	cpu_run(m->cpu, 1);
	assert_int_equal(ipsr(m), 11);
	cpu_set_reg(m->cpu, CPU_PSP, NOWHERE);
	cpu_run(m->cpu, 40);
	assert_int_equal(ipsr(m), 3);
	assert_int_equal(reg(m, CPU_LR), 0xfffffffd);
	assert_int_equal(reg(m, CPU_PSP), NOWHERE);
	assert_false(cpu_lockup(m->cpu));
	machine_free(m);
	/* the xPSR of a frame on the main stack: lockup */
	m = start();
	PUT_CODE(m, MAIN, 0xdf00);
	cpu_run(m->cpu, 1);
	assert_int_equal(ipsr(m), 11);
	cpu_set_reg(m->cpu, CPU_SP, NOWHERE);
	expect_lockup(m, 3);
	machine_free(m);
}

/* Vectors that cannot be read: HardFault, and lockup without that one too. */
static void test_vectors(void **state)
{
	struct machine *m = start();

	(void)state;
	m->bad_first = 11 * 4;
	m->bad_last = 11 * 4;
	PUT_CODE(m, MAIN, 0xdf00);
	cpu_run(m->cpu, 1);
	assert_int_equal(dbg_read(m, SHCSR), 1u << 15);	/* SVC: to come */
	expect_fault(m, MAIN + 2);

	m = start();
	m->bad_first = 3 * 4;
	m->bad_last = 11 * 4;
	PUT_CODE(m, MAIN, 0xdf00);
	expect_lockup(m, 3);
	assert_int_equal(reg(m, CPU_MSP), STACK_TOP - 32);
	machine_free(m);

	m = start();
	m->bad_first = 2 * 4;
	m->bad_last = 2 * 4;
	cpu_nmi(m->cpu);
	expect_lockup(m, 2);
	machine_free(m);

	/* at reset */
	m = start();
	m->bad_first = 4;
	m->bad_last = 4;
	cpu_system_reset(m->cpu);
	expect_lockup(m, 3);
	dbg_write(m, DHCSR, 0xa05f0001);
	dbg_write(m, DEMCR, 1);
	cpu_system_reset(m->cpu);
	assert_true(cpu_halted(m->cpu));
	assert_int_equal(reg(m, CPU_PC), LOCKUP_PC);
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_undefined_16),
		cmocka_unit_test(test_undefined_32),
		cmocka_unit_test(test_data_faults),
		cmocka_unit_test(test_list_fault),
		cmocka_unit_test(test_fetch_faults),
		cmocka_unit_test(test_blank),
		cmocka_unit_test(test_lockups),
		cmocka_unit_test(test_stacking),
		cmocka_unit_test(test_unstacking),
		cmocka_unit_test(test_vectors),
	};

	return cmocka_run_group_tests_name("cpu_fault", tests, NULL, NULL);
}
