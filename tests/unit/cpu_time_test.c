// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time of the core: cycles of each instruction (ARM DDI 0432C, table 3-1),
 * SysTick, accesses that the bus holds off, and how long all that takes here.
 */
#include <time.h>

#include "cpu_test.h"

static struct machine *start(void)
{
	struct machine *m = machine_new();

	cpu_system_reset(m->cpu);
	return m;
}

/* SysTick as the stop watch: cycles of the one instruction at MAIN. */
static unsigned int cycles_of(uint16_t op, uint16_t wide)
{
	struct machine *m = start();
	uint32_t before;
	unsigned int i;

	memcpy(m->code + MAIN, &op, 2);
	memcpy(m->code + MAIN + 2, &wide, 2);
	for (i = 0; i < 13; i++)
		cpu_set_reg(m->cpu, i, SRAM_BASE + 0x801);
	for (i = 0; i < 3; i++)
		cpu_set_reg(m->cpu, i, SRAM_BASE + 0x800);
	/* 801 in code and out of SRAM */
	cpu_set_reg(m->cpu, 7, 0x801);
	put32(m, STACK_TOP - 64, 0x801);
	put32(m, STACK_TOP - 56, 0x801);
	cpu_set_reg(m->cpu, CPU_SP, STACK_TOP - 64);
	dbg_write(m, SYST_RVR, 0xffffff);
	dbg_write(m, SYST_CVR, 0);
	dbg_write(m, SYST_CSR, 5);
	run_insns(m, 1);
	assert_int_equal(reg(m, CPU_XPSR) & 0x3f, 0);
	before = 0x1000000;
	before -= dbg_read(m, SYST_CVR);
	machine_free(m);
	return before;
}

static void test_cycles(void **state)
{
	static const struct {
		const char *name;
		uint16_t op, wide;
		unsigned int cycles;
	} cases[] = {
		{ "movs r0, #1", 0x2001, 0, 1 },
		{ "adds r0, r1, r2", 0x1888, 0, 1 },
		{ "muls r1, r0", 0x4341, 0, 1 },
		{ "mov r3, r9", 0x464b, 0, 1 },
		{ "mov pc, r7", 0x46bf, 0, 3 },
		{ "ldr r3, [r0]", 0x6803, 0, 2 },
		{ "str r3, [r0]", 0x6003, 0, 2 },
		{ "ldrb r3, [r0, #1]", 0x7843, 0, 2 },
		{ "ldr r3, [pc]", 0x4b00, 0, 2 },
		{ "stm r0!, {r1-r3}", 0xc00e, 0, 4 },
		{ "ldm r0!, {r1-r4}", 0xc81e, 0, 5 },
		{ "push {r0-r3, lr}", 0xb50f, 0, 6 },
		{ "pop {r0, r1}", 0xbc03, 0, 3 },
		{ "pop {pc}", 0xbd00, 0, 4 },
		{ "pop {r0, r1, pc}", 0xbd03, 0, 6 },
		{ "beq, taken", 0xd010, 0, 3 },
		{ "bne, not taken", 0xd110, 0, 1 },
		{ "b", 0xe010, 0, 3 },
		{ "bl", 0xf000, 0xf810, 4 },
		{ "bx r7", 0x4738, 0, 3 },
		{ "blx r7", 0x47b8, 0, 3 },
		{ "sxth r0, r1", 0xb208, 0, 1 },
		{ "rev r0, r1", 0xba08, 0, 1 },
		{ "cpsid i", 0xb672, 0, 1 },
		{ "mrs r0, apsr", 0xf3ef, 0x8000, 4 },
		{ "msr apsr, r0", 0xf380, 0x8800, 4 },
		{ "dsb", 0xf3bf, 0x8f4f, 4 },
		{ "isb", 0xf3bf, 0x8f6f, 4 },
		{ "nop", 0xbf00, 0, 1 },
		{ "yield", 0xbf10, 0, 1 },
		{ "sev", 0xbf40, 0, 1 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned int n = cycles_of(cases[i].op, cases[i].wide);

		if (n != cases[i].cycles)
			fail_msg("%s: %u, not %u", cases[i].name, n,
				 cases[i].cycles);
	}
}

/* What one call uses too much is missing in the next. */
static void test_budget(void **state)
{
	struct machine *m = start();
	uint64_t used = 0;
	unsigned int i;

	(void)state;
	PUT_CODE(m, MAIN, 0xe7fe);		/* 3 cycles */
	for (i = 0; i < 300; i++)
		used += cpu_run(m->cpu, 1);
	assert_int_equal(used, 300);
	assert_int_equal(cpu_instructions(m->cpu), 100);
	machine_free(m);
}

static void test_systick(void **state)
{
	struct machine *m = start();
	uint32_t value;

	(void)state;
	PUT_CODE(m, HANDLER(15), 0x3401, 0x4770);	/* adds r4, #1; bx lr */
	PUT_CODE(m, MAIN, 0xbf30, 0xe7fd);		/* 1: wfi; b 1b */
	cpu_set_reg(m->cpu, 4, 0);
	dbg_write(m, SYST_RVR, 999);
	dbg_write(m, SYST_CVR, 123456);
	assert_int_equal(dbg_read(m, SYST_CVR), 0);
	dbg_write(m, SYST_CSR, 7);
	cpu_run(m->cpu, 500);
	assert_true(cpu_sleeping(m->cpu));
	assert_int_equal(dbg_read(m, SYST_CVR), 1000 - 500);
	assert_int_equal(cpu_next_event(m->cpu), 500);
	cpu_run(m->cpu, 999500 + 100);
	assert_int_equal(reg(m, 4), 1000);
	/* COUNTFLAG: the debugger may look, the core clears it */
	assert_int_equal(dbg_read(m, SYST_CSR), 0x10007);
	cpu_ppb_read(m->cpu, SYST_CSR, 4, false, &value);
	assert_int_equal(value, 0x10007);
	assert_int_equal(dbg_read(m, SYST_CSR), 7);
	/* stands still in Debug state */
	dbg_write(m, DHCSR, 0xa05f0003);
	value = dbg_read(m, SYST_CVR);
	cpu_run(m->cpu, 123456789);
	assert_int_equal(dbg_read(m, SYST_CVR), value);
	dbg_write(m, DHCSR, 0xa05f0000);
	/* counts on while the bus is stalled */
	cpu_stall_cycles(m->cpu, 100);
	assert_int_equal(dbg_read(m, SYST_CVR), value - 100);
	/* reference clock: an eighth */
	dbg_write(m, SYST_CSR, 0);
	dbg_write(m, SYST_CVR, 0);
	dbg_write(m, SYST_CSR, 1);
	cpu_run(m->cpu, 801);
	assert_int_equal(dbg_read(m, SYST_CVR), 1000 - 100);
	/* no tick interrupt: the flag only; a reload of 0 stops it */
	dbg_write(m, SYST_RVR, 0);
	cpu_run(m->cpu, 100000);
	assert_int_equal(dbg_read(m, SYST_CVR), 0);
	assert_int_equal(dbg_read(m, SYST_CSR), 0x10001);
	assert_int_equal(reg(m, 4), 1000);
	machine_free(m);
}

static void test_reset_request(void **state)
{
	struct machine *m = start();

	(void)state;
	/* str r1, [r0]; b . */
	PUT_CODE(m, MAIN, 0x6001, 0xe7fe);
	cpu_set_reg(m->cpu, 0, AIRCR);
	cpu_set_reg(m->cpu, 1, 0x05fa0004);
	assert_int_equal(cpu_run(m->cpu, 1000), 2);
	assert_int_equal(m->reset_requests, 1);
	cpu_system_reset(m->cpu);
	assert_int_equal(reg(m, CPU_PC), MAIN);
	machine_free(m);
}

/* Runs past every stall; returns how many there were. */
static unsigned int run_stalling(struct machine *m, unsigned int insns)
{
	uint64_t end = cpu_instructions(m->cpu) + insns;
	unsigned int stalls = 0, guard = 0;

	while (cpu_instructions(m->cpu) < end) {
		cpu_run(m->cpu, 1);
		stalls += cpu_stalled(m->cpu);
		assert_true(guard++ < 100000);
	}
	return stalls;
}

/*
 * A loop of lists, stack, a device that counts its accesses, and SVC, with
 * every n-th access of the bus held off once, reset included.
 */
static struct machine *run_program(unsigned int stall_every,
				   unsigned int *stalls)
{
	struct machine *m = machine_new();
	unsigned int i;

	PUT_CODE(m, MAIN,
		 0x683a,	/* ldr r2, [r7] */
		 0x3201,	/* adds r2, #1 */
		 0x603a,	/* str r2, [r7] */
		 0xc60f,	/* stm r6!, {r0-r3} */
		 0x3e10,	/* subs r6, #16 */
		 0xce0f,	/* ldm r6!, {r0-r3} */
		 0xb5ff,	/* push {r0-r7, lr} */
		 0xdf00,	/* svc */
		 0xbcff,	/* pop {r0-r7} */
		 0xb001,	/* add sp, #4 */
		 0x1840,	/* adds r0, r0, r1 */
		 0xe7f3);	/* b main */
	PUT_CODE(m, HANDLER(11),
		 0xb510,	/* push {r4, lr} */
		 0x3401,	/* adds r4, #1 */
		 0xbd10);	/* pop {r4, pc} */
	m->stall_every = stall_every;
	/* these survive a reset, and it may stall already */
	for (i = 0; i < 6; i++)
		cpu_set_reg(m->cpu, i, 0x11111111 * i);
	cpu_set_reg(m->cpu, 6, SRAM_BASE);
	cpu_set_reg(m->cpu, 7, COUNTED);
	cpu_system_reset(m->cpu);
	*stalls = run_stalling(m, 3000);
	return m;
}

static void test_stalls(void **state)
{
	unsigned int n, i, stalls;
	struct machine *m, *plain = run_program(0, &stalls);

	(void)state;
	assert_int_equal(stalls, 0);
	assert_int_equal(plain->counted_writes, 200);
	for (n = 1; n < 40; n++) {
		m = run_program(n, &stalls);
		assert_true(stalls > 100);
		for (i = 0; i < 21; i++)
			assert_int_equal(reg(m, i), reg(plain, i));
		assert_memory_equal(m->sram, plain->sram, SRAM_SIZE);
		assert_int_equal(m->counted, plain->counted);
		assert_int_equal(m->counted_reads, plain->counted_reads);
		assert_int_equal(m->counted_writes, plain->counted_writes);
		machine_free(m);
	}
	machine_free(plain);
}

/* A halt waits for the access that is under way. */
static void test_halt_while_stalled(void **state)
{
	struct machine *m = start();

	(void)state;
	PUT_CODE(m, MAIN, 0x6001);			/* str r1, [r0] */
	cpu_set_reg(m->cpu, 0, COUNTED);
	m->stall_every = 2;
	cpu_run(m->cpu, 10);
	assert_true(cpu_stalled(m->cpu));
	dbg_write(m, DHCSR, 0xa05f0003);
	assert_false(cpu_halted(m->cpu));
	cpu_run(m->cpu, 10);
	assert_true(cpu_halted(m->cpu));
	assert_int_equal(m->counted_writes, 1);
	assert_int_equal(reg(m, CPU_PC), MAIN + 2);
	assert_int_equal(dbg_read(m, DFSR), 1);
	machine_free(m);
}

static void test_speed(void **state)
{
	struct machine *m = start();
	struct timespec a, b;
	double seconds;

	(void)state;
	PUT_CODE(m, MAIN, 0x3001, 0x6008, 0x684a, 0x18d2, 0x4053, 0x2400,
		 0x2800, 0xd1f7, 0xe7f6);
	cpu_set_reg(m->cpu, 1, SRAM_BASE);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	cpu_run(m->cpu, 30000000);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	seconds = b.tv_sec - a.tv_sec + (b.tv_nsec - a.tv_nsec) * 1e-9;
	print_message("# %.0f million instructions a second\n",
		      cpu_instructions(m->cpu) / seconds / 1e6);
	/* far below what it does even on a slow machine: 48 MHz are wanted */
	assert_true(cpu_instructions(m->cpu) / seconds > 5e6);
	machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cycles),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_systick),
		cmocka_unit_test(test_reset_request),
		cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_halt_while_stalled),
		cmocka_unit_test(test_speed),
	};

	return cmocka_run_group_tests_name("cpu_time", tests, NULL, NULL);
}
