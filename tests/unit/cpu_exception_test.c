// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exceptions of the core: frames, priorities, chaining, sleep, faults, lockup.
 * Expected values are those of the ARMv6-M architecture, worked out by hand.
 */
#include "cpu_test.h"

#define EXC(irq)	(16 + (irq))

static struct machine *start(void)
{
	struct machine *m = machine_new();
	unsigned int i;

	cpu_system_reset(m->cpu);
	for (i = 0; i < 13; i++)
		cpu_set_reg(m->cpu, i, 0x1000 + i);
	return m;
}

static unsigned int ipsr(struct machine *m)
{
	return reg(m, CPU_XPSR) & 0x3f;
}

/* One at a time until an exception is active, or none is. */
static void run_to_ipsr(struct machine *m, unsigned int want)
{
	unsigned int guard = 0;

	while (ipsr(m) != want) {
		cpu_run(m->cpu, 1);
		assert_true(guard++ < 1000);
	}
}

static void check_frame(struct machine *m, uint32_t frame, uint32_t lr,
			uint32_t pc, uint32_t xpsr)
{
	assert_int_equal(get32(m, frame + 0), 0x1000);
	assert_int_equal(get32(m, frame + 4), 0x1001);
	assert_int_equal(get32(m, frame + 8), 0x1002);
	assert_int_equal(get32(m, frame + 12), 0x1003);
	assert_int_equal(get32(m, frame + 16), 0x100c);
	assert_int_equal(get32(m, frame + 20), lr);
	assert_int_equal(get32(m, frame + 24), pc);
	assert_int_equal(get32(m, frame + 28), xpsr);
}

static void test_reset(void **state)
{
	struct machine *m = start();

	(void)state;
	assert_int_equal(reg(m, CPU_MSP), STACK_TOP);
	assert_int_equal(reg(m, CPU_SP), STACK_TOP);
	assert_int_equal(reg(m, CPU_PC), MAIN);
	assert_int_equal(reg(m, CPU_LR), 0xffffffff);
	assert_int_equal(reg(m, CPU_XPSR), 0xc1000000);
	assert_int_equal(reg(m, CPU_CONTROL), 0);
	machine_free(m);
}

static void test_frame(void **state)
{
	struct machine *m = start();

	(void)state;
	dbg_write(m, ISER, 1);
	run_insns(m, 2);
	cpu_irq(m->cpu, 0, true);
	cpu_irq(m->cpu, 0, false);
	run_to_ipsr(m, EXC(0));
	assert_int_equal(reg(m, CPU_LR), 0xfffffff9);
	assert_int_equal(reg(m, CPU_SP), STACK_TOP - 32);
	assert_int_equal(reg(m, CPU_PC), HANDLER(EXC(0)));
	check_frame(m, STACK_TOP - 32, 0xffffffff, MAIN + 4, 0xc1000000);
	cpu_set_reg(m->cpu, 0, 7);
	cpu_set_reg(m->cpu, 4, 8);
	run_to_ipsr(m, 0);
	assert_int_equal(reg(m, CPU_PC), MAIN + 4);
	assert_int_equal(reg(m, CPU_SP), STACK_TOP);
	assert_int_equal(reg(m, 0), 0x1000);
	assert_int_equal(reg(m, 4), 8);
	assert_int_equal(reg(m, CPU_LR), 0xffffffff);
	assert_int_equal(reg(m, CPU_XPSR), 0xc1000000);
	machine_free(m);
}

/* A stack that is a multiple of 4 only: bit 9 of the stacked xPSR. */
static void test_alignment(void **state)
{
	struct machine *m = start();

	(void)state;
	cpu_set_reg(m->cpu, CPU_SP, STACK_TOP - 4);
	cpu_nmi(m->cpu);
	run_to_ipsr(m, 2);
	assert_int_equal(reg(m, CPU_SP), STACK_TOP - 40);
	check_frame(m, STACK_TOP - 40, 0xffffffff, MAIN, 0xc1000200);
	run_to_ipsr(m, 0);
	assert_int_equal(reg(m, CPU_SP), STACK_TOP - 4);
	assert_int_equal(reg(m, CPU_XPSR), 0xc1000000);
	machine_free(m);
}

static void test_process_stack(void **state)
{
	struct machine *m = start();

	(void)state;
	PUT_CODE(m, MAIN, 0xdf05);			/* svc #5 */
	cpu_set_reg(m->cpu, CPU_PSP, SRAM_BASE + 0x800);
	cpu_set_reg(m->cpu, CPU_CONTROL, 2u << 24);
	assert_int_equal(reg(m, CPU_SP), SRAM_BASE + 0x800);
	run_to_ipsr(m, 11);
	assert_int_equal(reg(m, CPU_LR), 0xfffffffd);
	assert_int_equal(reg(m, CPU_SP), STACK_TOP);
	assert_int_equal(reg(m, CPU_PSP), SRAM_BASE + 0x7e0);
	assert_int_equal(reg(m, CPU_CONTROL), 0);
	check_frame(m, SRAM_BASE + 0x7e0, 0xffffffff, MAIN + 2, 0xc1000000);
	run_to_ipsr(m, 0);
	assert_int_equal(reg(m, CPU_PC), MAIN + 2);
	assert_int_equal(reg(m, CPU_SP), SRAM_BASE + 0x800);
	assert_int_equal(reg(m, CPU_CONTROL), 2u << 24);
	machine_free(m);
}

/* Lower numbers win, equal ones do not preempt, lowest exception first. */
static void test_priorities(void **state)
{
	struct machine *m = start();

	(void)state;
	PUT_CODE(m, HANDLER(EXC(3)), 0xbf00, 0xbf00, 0x4770);
	dbg_write(m, ISER, 0xff);
	dbg_write(m, IPR, 0x80ff40c0);		/* 3: 80, 2: C0, 1: 40, 0: C0 */
	assert_int_equal(dbg_read(m, IPR), 0x80c040c0);
	dbg_write(m, ISPR, 1 << 3);
	run_to_ipsr(m, EXC(3));
	/* neither a lower nor an equal one, */
	dbg_write(m, IPR + 4, 0x80);
	dbg_write(m, ISPR, 1 << 4 | 1 << 2 | 1 << 0);
	assert_int_equal(dbg_read(m, ICSR) >> 12 & 0x1ff, EXC(4));
	run_insns(m, 1);
	assert_int_equal(ipsr(m), EXC(3));
	/* but a higher one nests */
	dbg_write(m, ISPR, 1 << 1);
	run_to_ipsr(m, EXC(1));
	assert_int_equal(reg(m, CPU_LR), 0xfffffff1);
	assert_int_equal(reg(m, CPU_SP), STACK_TOP - 64);
	run_to_ipsr(m, EXC(3));
	/* the rest tail-chains: same frame, no code of main in between */
	run_to_ipsr(m, EXC(4));
	assert_int_equal(reg(m, CPU_LR), 0xfffffff9);
	assert_int_equal(reg(m, CPU_SP), STACK_TOP - 32);
	assert_int_equal(get32(m, STACK_TOP - 8), MAIN);
	run_to_ipsr(m, EXC(0));
	run_to_ipsr(m, EXC(2));
	run_to_ipsr(m, 0);
	assert_int_equal(reg(m, CPU_SP), STACK_TOP);
	assert_int_equal(reg(m, CPU_PC), MAIN);
	machine_free(m);
}

static void test_primask(void **state)
{
	struct machine *m = start();

	(void)state;
	PUT_CODE(m, MAIN, 0xb672, 0xbf00, 0xbf00, 0xb662);  /* cpsid; cpsie */
	dbg_write(m, ISER, 2);
	run_insns(m, 1);
	assert_int_equal(reg(m, CPU_CONTROL), 1);
	dbg_write(m, ISPR, 2);
	run_insns(m, 2);
	assert_int_equal(ipsr(m), 0);
	cpu_nmi(m->cpu);			/* is not masked */
	run_to_ipsr(m, 2);
	run_to_ipsr(m, 0);
	run_insns(m, 1);			/* cpsie */
	run_to_ipsr(m, EXC(1));
	assert_int_equal(get32(m, STACK_TOP - 8), MAIN + 8);
	machine_free(m);
}

/* A line that stays high comes again; one that fell before does not. */
static void test_level(void **state)
{
	struct machine *m = start();

	(void)state;
	dbg_write(m, ISER, 1);
	cpu_irq(m->cpu, 0, true);
	run_to_ipsr(m, EXC(0));
	assert_int_equal(dbg_read(m, ISPR), 0);
	run_insns(m, 1);			/* bx lr */
	cpu_run(m->cpu, 1);
	assert_int_equal(ipsr(m), EXC(0));
	cpu_irq(m->cpu, 0, false);
	run_to_ipsr(m, 0);
	run_insns(m, 2);
	assert_int_equal(ipsr(m), 0);
	/* a clear does not get rid of a high line */
	dbg_write(m, ICER, 1);
	cpu_irq(m->cpu, 0, true);
	dbg_write(m, ICPR, 1);
	assert_int_equal(dbg_read(m, ISPR), 1);
	cpu_irq(m->cpu, 0, false);
	dbg_write(m, ICPR, 1);
	assert_int_equal(dbg_read(m, ISPR), 0);
	machine_free(m);
}

static void test_svc_escalates(void **state)
{
	struct machine *m = start();

	(void)state;
	PUT_CODE(m, MAIN, 0xb672, 0xdf00);		/* cpsid i; svc */
	run_to_ipsr(m, 3);
	assert_int_equal(get32(m, STACK_TOP - 8), MAIN + 2);
	machine_free(m);
}

static void test_pendsv_systick(void **state)
{
	struct machine *m = start();

	(void)state;
	dbg_write(m, SHPR3, 0x40c00000);	/* SysTick 1, PendSV 3 */
	dbg_write(m, SHPR2, 0x80000000);
	assert_int_equal(dbg_read(m, SHPR3), 0x40c00000);
	assert_int_equal(dbg_read(m, SHPR2), 0x80000000);
	dbg_write(m, ICSR, 1u << 28 | 1u << 26);
	assert_int_equal(dbg_read(m, ICSR), 1u << 28 | 1u << 26 | 15 << 12);
	run_to_ipsr(m, 15);
	run_to_ipsr(m, 14);
	dbg_write(m, ICSR, 1u << 28);
	dbg_write(m, ICSR, 1u << 27);
	run_to_ipsr(m, 0);
	run_insns(m, 1);
	assert_int_equal(ipsr(m), 0);
	machine_free(m);
}

static void test_wfi(void **state)
{
	struct machine *m = start();

	(void)state;
	PUT_CODE(m, MAIN, 0xb672, 0xbf30, 0xbf00);	/* cpsid; wfi; nop */
	run_insns(m, 2);
	assert_true(cpu_sleeping(m->cpu));
	assert_true(cpu_idle(m->cpu));
	assert_int_equal(cpu_next_event(m->cpu), UINT64_MAX);
	/* a day of it costs nothing */
	assert_int_equal(cpu_run(m->cpu, 691200000000ull), 691200000000ull);
	/* not enabled: sleeps on; enabled: wakes in spite of PRIMASK */
	cpu_irq(m->cpu, 5, true);
	assert_true(cpu_sleeping(m->cpu));
	dbg_write(m, ISER, 1 << 5);
	assert_false(cpu_sleeping(m->cpu));
	run_insns(m, 1);
	assert_int_equal(reg(m, CPU_PC), MAIN + 6);
	assert_int_equal(ipsr(m), 0);
	machine_free(m);
}

static void test_wfe(void **state)
{
	struct machine *m = start();

	(void)state;
	/* sev; wfe (passes); wfe (sleeps); nop */
	PUT_CODE(m, MAIN, 0xbf40, 0xbf20, 0xbf20, 0xbf00);
	run_insns(m, 2);
	assert_false(cpu_sleeping(m->cpu));
	run_insns(m, 1);
	assert_true(cpu_sleeping(m->cpu));
	/* pending and disabled wakes with SEVONPEND only */
	cpu_irq(m->cpu, 1, true);
	assert_true(cpu_sleeping(m->cpu));
	dbg_write(m, SCR, 1 << 4);
	cpu_irq(m->cpu, 2, true);
	assert_false(cpu_sleeping(m->cpu));
	machine_free(m);
}

static void test_sleep_on_exit(void **state)
{
	struct machine *m = start();

	(void)state;
	dbg_write(m, SCR, 1 << 1 | 1 << 2);
	dbg_write(m, ISER, 1);
	dbg_write(m, ISPR, 1);
	run_to_ipsr(m, EXC(0));
	run_to_ipsr(m, 0);
	assert_true(cpu_sleeping(m->cpu));
	assert_true(cpu_sleep_deep(m->cpu));
	dbg_write(m, ISPR, 1);
	run_to_ipsr(m, EXC(0));
	assert_false(cpu_sleeping(m->cpu));
	machine_free(m);
}

/* A handler cannot be returned from with nonsense. */
static void test_bad_return(void **state)
{
	struct machine *m = start();

	(void)state;
	cpu_nmi(m->cpu);
	run_to_ipsr(m, 2);
	cpu_set_reg(m->cpu, CPU_LR, 0xfffffff5);
	cpu_run(m->cpu, 20);
	assert_true(cpu_lockup(m->cpu));	/* fault at NMI priority */
	assert_int_equal(ipsr(m), 2);
	machine_free(m);

	/* in Thread mode it is an address, and one that must not be run */
	m = start();
	PUT_CODE(m, MAIN, 0x4770);			/* bx lr */
	cpu_set_reg(m->cpu, CPU_LR, 0xfffffff9);
	run_to_ipsr(m, 3);
	assert_int_equal(get32(m, STACK_TOP - 8), 0xfffffff8);
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_process_stack),
		cmocka_unit_test(test_priorities),
		cmocka_unit_test(test_primask),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_svc_escalates),
		cmocka_unit_test(test_pendsv_systick),
		cmocka_unit_test(test_wfi),
		cmocka_unit_test(test_wfe),
		cmocka_unit_test(test_sleep_on_exit),
		cmocka_unit_test(test_bad_return),
	};

	return cmocka_run_group_tests_name("cpu_exception", tests, NULL, NULL);
}
