// SPDX-License-Identifier: GPL-2.0-only
/*
 * Halting debug as a probe sees it: ARM DDI 0419 C1.
 */
#include "cpu_test.h"

#define KEY		0xa05f0000u
#define C_DEBUGEN	1u
#define C_HALT		2u
#define C_STEP		4u
#define C_MASKINTS	8u
#define S_REGRDY	(1u << 16)
#define S_HALT		(1u << 17)
#define S_SLEEP		(1u << 18)
#define S_RETIRE_ST	(1u << 24)
#define S_RESET_ST	(1u << 25)
#define VC_CORERESET	1u
#define VC_HARDERR	(1u << 10)
#define DWTENA		(1u << 24)
#define BP_CTRL		0xe0002000
#define BP_COMP(n)	(0xe0002008 + (n) * 4)
#define DWT_CTRL	0xe0001000
#define DWT_PCSR	0xe000101c
#define DWT_COMP(n)	(0xe0001020 + (n) * 0x10)
#define DWT_MASK(n)	(0xe0001024 + (n) * 0x10)
#define DWT_FUNCTION(n)	(0xe0001028 + (n) * 0x10)
#define ROM_TABLE	0xe00ff000

static struct machine *start(void)
{
	struct machine *m = machine_new();

	cpu_system_reset(m->cpu);
	return m;
}

static struct machine *start_halted(void)
{
	struct machine *m = start();

	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT);
	assert_true(cpu_halted(m->cpu));
	dbg_write(m, DFSR, 0x1f);
	dbg_read(m, DHCSR);
	return m;
}

static void resume(struct machine *m)
{
	dbg_write(m, DHCSR, KEY | C_DEBUGEN);
}

static void step(struct machine *m)
{
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_STEP);
	cpu_run(m->cpu, 50);
	assert_true(cpu_halted(m->cpu));
}

static uint32_t get_reg(struct machine *m, unsigned int n)
{
	dbg_write(m, DCRSR, n);
	assert_true(dbg_read(m, DHCSR) & S_REGRDY);
	return dbg_read(m, DCRDR);
}

static void put_reg(struct machine *m, unsigned int n, uint32_t value)
{
	dbg_write(m, DCRDR, value);
	dbg_write(m, DCRSR, 1u << 16 | n);
}

static void test_dhcsr(void **state)
{
	struct machine *m = start();

	(void)state;
	assert_int_equal(dbg_read(m, DHCSR), S_REGRDY | S_RESET_ST);
	assert_int_equal(dbg_read(m, DHCSR), S_REGRDY);
	run_insns(m, 1);
	assert_int_equal(dbg_read(m, DHCSR), S_REGRDY | S_RETIRE_ST);
	assert_int_equal(dbg_read(m, DHCSR), S_REGRDY);
	/* no key, no effect; C_HALT without C_DEBUGEN neither */
	dbg_write(m, DHCSR, 0x12340003);
	dbg_write(m, DHCSR, KEY | C_HALT);
	assert_int_equal(dbg_read(m, DHCSR), S_REGRDY);
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT);
	assert_int_equal(dbg_read(m, DHCSR), 0x00030003);
	assert_int_equal(dbg_read(m, DFSR), 1);
	dbg_write(m, DFSR, 1);
	assert_int_equal(dbg_read(m, DFSR), 0);
	/* time does not pass */
	assert_int_equal(cpu_run(m->cpu, 1000), 1000);
	assert_int_equal(reg(m, CPU_PC), MAIN + 2);
	assert_int_equal(dbg_read(m, DHCSR), 0x00030003);
	/* without C_DEBUGEN it runs again */
	dbg_write(m, DHCSR, KEY);
	assert_false(cpu_halted(m->cpu));
	run_insns(m, 1);
	assert_int_equal(reg(m, CPU_PC), MAIN + 4);
	machine_free(m);
}

static void test_maskints(void **state)
{
	struct machine *m = start();

	(void)state;
	/* not together with C_DEBUGEN, not while running */
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT | C_MASKINTS);
	assert_int_equal(dbg_read(m, DHCSR) & 0xf, 3);
	resume(m);
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_MASKINTS);
	assert_int_equal(dbg_read(m, DHCSR) & 0xf, 1);
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT);
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT | C_MASKINTS);
	assert_int_equal(dbg_read(m, DHCSR) & 0xffff, 0x000b);
	/* an interrupt waits, NMI does not */
	dbg_write(m, ISER, 1);
	dbg_write(m, ISPR, 1);
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_STEP | C_MASKINTS);
	cpu_run(m->cpu, 50);
	assert_int_equal(reg(m, CPU_PC), MAIN + 2);
	cpu_nmi(m->cpu);
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_STEP | C_MASKINTS);
	cpu_run(m->cpu, 50);
	assert_int_equal(reg(m, CPU_PC), HANDLER(2));
	machine_free(m);

	/* and without the mask a step goes into the handler */
	m = start_halted();
	dbg_write(m, ISER, 1);
	dbg_write(m, ISPR, 1);
	step(m);
	assert_int_equal(reg(m, CPU_PC), HANDLER(16));
	assert_int_equal(get32(m, STACK_TOP - 8), MAIN);
	machine_free(m);
}

static void test_registers(void **state)
{
	struct machine *m = start_halted();
	unsigned int i;

	(void)state;
	for (i = 0; i < 13; i++)
		put_reg(m, i, 0x01010101 * i);
	for (i = 0; i < 13; i++)
		assert_int_equal(get_reg(m, i), 0x01010101 * i);
	put_reg(m, 15, MAIN + 0x21);
	assert_int_equal(get_reg(m, 15), MAIN + 0x20);
	put_reg(m, 17, STACK_TOP - 1);
	assert_int_equal(get_reg(m, 17), STACK_TOP - 4);
	assert_int_equal(get_reg(m, 13), STACK_TOP - 4);
	put_reg(m, 18, 0x20000803);
	put_reg(m, 20, 0x02000001);
	assert_int_equal(get_reg(m, 20), 0x02000001);
	assert_int_equal(get_reg(m, 13), 0x20000800);
	put_reg(m, 13, 0x20000700);
	assert_int_equal(get_reg(m, 18), 0x20000700);
	assert_int_equal(get_reg(m, 17), STACK_TOP - 4);
	put_reg(m, 16, 0x61000000);
	assert_int_equal(get_reg(m, 16), 0x61000000);
	assert_int_equal(get_reg(m, 19), 0);
	/* while running DCRDR keeps what it had */
	dbg_write(m, DCRDR, 0x12345678);
	resume(m);
	dbg_write(m, DCRSR, 0);
	assert_int_equal(dbg_read(m, DCRDR), 0x12345678);
	machine_free(m);
}

static void test_code_sees_nothing(void **state)
{
	struct machine *m = start();
	uint32_t value = 1;

	(void)state;
	assert_int_equal(cpu_ppb_write(m->cpu, DHCSR, 4, false, KEY | 3),
			 BUS_OK);
	assert_int_equal(cpu_ppb_read(m->cpu, DHCSR, 4, false, &value),
			 BUS_OK);
	assert_int_equal(value, 0);
	assert_false(cpu_halted(m->cpu));
	assert_int_equal(cpu_ppb_write(m->cpu, BP_CTRL, 4, false, 3), BUS_OK);
	assert_int_equal(dbg_read(m, BP_CTRL), 0x40);
	assert_int_equal(cpu_ppb_read(m->cpu, CPUID, 2, false, &value),
			 BUS_FAULT);
	assert_int_equal(cpu_ppb_read(m->cpu, CPUID + 2, 2, true, &value),
			 BUS_OK);
	assert_int_equal(value, 0x410c);
	machine_free(m);
}

static void test_step(void **state)
{
	struct machine *m = start_halted();

	(void)state;
	PUT_CODE(m, MAIN, 0x2055, 0xdf00, 0xbf30, 0xbf00);  /* movs, svc, wfi */
	step(m);
	assert_int_equal(get_reg(m, 0), 0x55);
	assert_int_equal(get_reg(m, 15), MAIN + 2);
	assert_int_equal(dbg_read(m, DFSR), 1);
	step(m);
	assert_int_equal(get_reg(m, 15), HANDLER(11));
	step(m);				/* the return is one step */
	assert_int_equal(get_reg(m, 15), MAIN + 4);
	step(m);				/* no sleep in a step */
	assert_int_equal(get_reg(m, 15), MAIN + 6);
	assert_int_equal(dbg_read(m, DHCSR) & (S_HALT | S_SLEEP), S_HALT);
	machine_free(m);
}

static void test_bkpt(void **state)
{
	struct machine *m = start_halted();

	(void)state;
	PUT_CODE(m, MAIN, 0xbf00, 0xbeab);
	resume(m);
	cpu_run(m->cpu, 100);
	assert_int_equal(dbg_read(m, DHCSR),
			 0x00030003 | S_RETIRE_ST);
	assert_int_equal(dbg_read(m, DFSR), 2);
	assert_int_equal(get_reg(m, 15), MAIN + 2);
	machine_free(m);
}

static void test_halt_from_sleep(void **state)
{
	struct machine *m = start();

	(void)state;
	PUT_CODE(m, MAIN, 0xbf30);
	cpu_run(m->cpu, 100);
	assert_true(dbg_read(m, DHCSR) & S_SLEEP);
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT);
	assert_int_equal(dbg_read(m, DHCSR), 0x00030003);
	assert_int_equal(get_reg(m, 15), MAIN + 2);
	machine_free(m);
}

static void test_breakpoints(void **state)
{
	struct machine *m = start_halted();

	(void)state;
	assert_int_equal(dbg_read(m, BP_CTRL), 0x40);
	dbg_write(m, BP_CTRL, 1);		/* no key */
	assert_int_equal(dbg_read(m, BP_CTRL), 0x40);
	dbg_write(m, BP_CTRL, 3);
	assert_int_equal(dbg_read(m, BP_CTRL), 0x41);
	dbg_write(m, BP_COMP(0), 0xffffffff);
	assert_int_equal(dbg_read(m, BP_COMP(0)), 0xdffffffd);
	dbg_write(m, BP_COMP(0), 0);
	/* upper half-word of one, both of another: MAIN + 6, then MAIN + 8 */
	dbg_write(m, BP_COMP(1), (MAIN + 4) | 2u << 30 | 1);
	dbg_write(m, BP_COMP(3), (MAIN + 8) | 3u << 30 | 1);
	resume(m);
	cpu_run(m->cpu, 100);
	assert_true(cpu_halted(m->cpu));
	assert_int_equal(get_reg(m, 15), MAIN + 6);
	assert_int_equal(dbg_read(m, DFSR), 2);
	/* the one that it stands on hits again */
	resume(m);
	cpu_run(m->cpu, 100);
	assert_int_equal(get_reg(m, 15), MAIN + 6);
	dbg_write(m, BP_COMP(1), 0);
	resume(m);
	cpu_run(m->cpu, 100);
	assert_int_equal(get_reg(m, 15), MAIN + 8);
	/* lower half-word only */
	dbg_write(m, BP_COMP(3), (MAIN + 0x10) | 1u << 30 | 1);
	put_reg(m, 15, MAIN + 0x12);
	resume(m);
	cpu_run(m->cpu, 20);
	assert_false(cpu_halted(m->cpu));
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT);
	put_reg(m, 15, MAIN);
	/* a system reset leaves them armed; without C_DEBUGEN they sleep */
	cpu_system_reset(m->cpu);
	cpu_run(m->cpu, 100);
	assert_int_equal(get_reg(m, 15), MAIN + 0x10);
	dbg_write(m, DHCSR, KEY);
	cpu_system_reset(m->cpu);
	cpu_run(m->cpu, 100);
	assert_false(cpu_halted(m->cpu));
	assert_true(reg(m, CPU_PC) > MAIN + 0x10);
	machine_free(m);
}

static void watch(struct machine *m, uint32_t addr, uint32_t mask,
		  uint32_t function)
{
	dbg_write(m, DWT_COMP(1), addr);
	dbg_write(m, DWT_MASK(1), mask);
	dbg_write(m, DWT_FUNCTION(1), function);
	put_reg(m, 15, MAIN);
	dbg_write(m, DFSR, 0x1f);
	resume(m);
	cpu_run(m->cpu, 100);
}

static void test_watchpoints(void **state)
{
	struct machine *m = start_halted();

	(void)state;
	assert_int_equal(dbg_read(m, DWT_CTRL) >> 28, 2);
	/* ldr r1, [r0]; str r1, [r0, #4]; strb r1, [r0, #9]; b . */
	PUT_CODE(m, MAIN, 0x6801, 0x6041, 0x7241, 0xe7fe);
	put_reg(m, 0, SRAM_BASE + 0x100);
	/* nothing without DWTENA */
	watch(m, SRAM_BASE + 0x100, 0, 5);
	assert_false(cpu_halted(m->cpu));
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT);
	dbg_write(m, DEMCR, DWTENA);
	watch(m, SRAM_BASE + 0x100, 0, 5);		/* read */
	assert_true(cpu_halted(m->cpu));
	assert_int_equal(dbg_read(m, DFSR), 4);
	assert_int_equal(get_reg(m, 15), MAIN + 2);
	assert_int_equal(dbg_read(m, DWT_FUNCTION(1)), 5 | 1u << 24);
	assert_int_equal(dbg_read(m, DWT_FUNCTION(1)), 5);
	watch(m, SRAM_BASE + 0x100, 0, 6);		/* write: never */
	assert_false(cpu_halted(m->cpu));
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT);
	watch(m, SRAM_BASE + 0x104, 2, 6);
	assert_int_equal(get_reg(m, 15), MAIN + 4);
	watch(m, SRAM_BASE + 0x108, 3, 7);		/* 8 bytes, the STRB */
	assert_int_equal(get_reg(m, 15), MAIN + 6);
	watch(m, MAIN + 4, 0, 4);			/* instruction */
	assert_true(cpu_halted(m->cpu));
	assert_int_equal(dbg_read(m, DFSR), 4);
	assert_int_equal(get_reg(m, 15), MAIN + 6);
	machine_free(m);
}

static void test_pcsr(void **state)
{
	struct machine *m = start();

	(void)state;
	dbg_write(m, DEMCR, DWTENA);
	PUT_CODE(m, MAIN, 0xe7fe);
	cpu_run(m->cpu, 100);
	assert_int_equal(dbg_read(m, DWT_PCSR), MAIN);
	dbg_write(m, DHCSR, KEY | C_DEBUGEN | C_HALT);
	assert_int_equal(dbg_read(m, DWT_PCSR), 0xffffffff);
	machine_free(m);
}

static void test_vc_corereset(void **state)
{
	struct machine *m = start_halted();

	(void)state;
	/* without it C_HALT does not survive */
	cpu_system_reset(m->cpu);
	assert_int_equal(dbg_read(m, DHCSR), 0x00010001 | S_RESET_ST);
	dbg_write(m, DEMCR, VC_CORERESET);
	dbg_write(m, AIRCR, 0x05fa0004);
	assert_int_equal(m->reset_requests, 1);
	cpu_system_reset(m->cpu);
	assert_int_equal(dbg_read(m, DHCSR), 0x00030003 | S_RESET_ST);
	assert_int_equal(dbg_read(m, DFSR), 8);
	assert_int_equal(get_reg(m, 15), MAIN);
	assert_int_equal(get_reg(m, 17), STACK_TOP);
	assert_int_equal(dbg_read(m, DEMCR), VC_CORERESET);
	/* no key, no reset */
	dbg_write(m, AIRCR, 0x00000004);
	assert_int_equal(m->reset_requests, 1);
	assert_int_equal(dbg_read(m, AIRCR), 0xfa050000);
	/* not without C_DEBUGEN */
	dbg_write(m, DHCSR, KEY);
	cpu_system_reset(m->cpu);
	assert_false(cpu_halted(m->cpu));
	/* all of it goes with the power */
	cpu_power_on_reset(m->cpu);
	assert_int_equal(dbg_read(m, DEMCR), 0);
	machine_free(m);
}

static void test_hold(void **state)
{
	struct machine *m = start();

	(void)state;
	run_insns(m, 3);
	cpu_hold(m->cpu, true);
	assert_int_equal(cpu_run(m->cpu, 1000), 1000);
	dbg_write(m, DHCSR, KEY | C_DEBUGEN);
	dbg_write(m, DEMCR, VC_CORERESET);
	/* in reset it shows at every read */
	assert_int_equal(dbg_read(m, DHCSR), 0x02010001);
	assert_int_equal(dbg_read(m, DHCSR), 0x02010001);
	cpu_hold(m->cpu, false);
	cpu_system_reset(m->cpu);
	assert_int_equal(dbg_read(m, DHCSR), 0x02030003);
	assert_int_equal(dbg_read(m, DHCSR), 0x00030003);
	assert_int_equal(get_reg(m, 15), MAIN);
	machine_free(m);
}

static void test_vc_harderr(void **state)
{
	struct machine *m = start_halted();

	(void)state;
	PUT_CODE(m, MAIN, 0xde00);
	dbg_write(m, DEMCR, VC_HARDERR);
	resume(m);
	cpu_run(m->cpu, 100);
	assert_true(cpu_halted(m->cpu));
	assert_int_equal(dbg_read(m, DFSR), 8);
	assert_int_equal(get_reg(m, 15), HANDLER(3));
	assert_int_equal(get_reg(m, 16), 0xc1000003);
	assert_int_equal(get32(m, STACK_TOP - 8), MAIN);
	/* back to Thread mode without a reset */
	dbg_write(m, AIRCR, 0x05fa0002);
	assert_int_equal(get_reg(m, 16), 0xc1000000);
	put_reg(m, 15, MAIN);
	resume(m);
	cpu_run(m->cpu, 100);
	assert_int_equal(get_reg(m, 15), HANDLER(3));
	machine_free(m);
}

static uint64_t ids(struct machine *m, uint32_t page)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < 4; i++)
		value |= (uint64_t)dbg_read(m, page + 0xfe0 + i * 4) << i * 8;
	for (i = 0; i < 4; i++)
		value |= (uint64_t)dbg_read(m, page + 0xfd0 + i * 4)
			 << (32 + i * 8);
	return value;
}

static uint32_t class_ids(struct machine *m, uint32_t page)
{
	uint32_t value = 0;
	unsigned int i;

	for (i = 0; i < 4; i++)
		value |= dbg_read(m, page + 0xff0 + i * 4) << i * 8;
	return value;
}

static void test_coresight(void **state)
{
	struct machine *m = start();

	(void)state;
	assert_int_equal(dbg_read(m, CPUID), 0x410cc200);
	assert_int_equal(dbg_read(m, ROM_TABLE), 0xfff0f003);
	assert_int_equal(dbg_read(m, ROM_TABLE + 4), 0xfff02003);
	assert_int_equal(dbg_read(m, ROM_TABLE + 8), 0xfff03003);
	assert_int_equal(dbg_read(m, ROM_TABLE + 12), 0);
	assert_int_equal(dbg_read(m, ROM_TABLE + 0xfcc), 1);
	assert_int_equal(ids(m, ROM_TABLE), 0xa0440);
	assert_int_equal(class_ids(m, ROM_TABLE), 0xb105100d);
	assert_int_equal(ids(m, 0xe000e000), 0x4000bb008);
	assert_int_equal(ids(m, 0xe0001000), 0x4000bb00a);
	assert_int_equal(ids(m, 0xe0002000), 0x4000bb00b);
	assert_int_equal(class_ids(m, 0xe000e000), 0xb105e00d);
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dhcsr),
		cmocka_unit_test(test_maskints),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_code_sees_nothing),
		cmocka_unit_test(test_step),
		cmocka_unit_test(test_bkpt),
		cmocka_unit_test(test_halt_from_sleep),
		cmocka_unit_test(test_breakpoints),
		cmocka_unit_test(test_watchpoints),
		cmocka_unit_test(test_pcsr),
		cmocka_unit_test(test_vc_corereset),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_vc_harderr),
		cmocka_unit_test(test_coresight),
	};

	return cmocka_run_group_tests_name("cpu_debug", tests, NULL, NULL);
}
