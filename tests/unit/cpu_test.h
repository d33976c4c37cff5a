/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A core with nothing but memory around it, for the tests of the core.
 *
 * 64 KiB at 0 (code), 64 KiB at 20000000 (SRAM), and 4 bytes at 60000000 whose
 * accesses are counted. Everything else answers with a bus error. Stores may
 * go anywhere, as no test needs read-only code.
 */
#ifndef CPU_TEST_H
#define CPU_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cpu/cpu.h"

#define CODE_SIZE	0x10000u
#define SRAM_BASE	0x20000000u
#define SRAM_SIZE	0x10000u
#define COUNTED		0x60000000u
#define STACK_TOP	(SRAM_BASE + 0x1000)

struct machine {
	uint8_t code[CODE_SIZE];
	uint8_t sram[SRAM_SIZE];
	uint32_t counted;
	unsigned int counted_reads;
	unsigned int counted_writes;
	unsigned int accesses;		/* since the last stall, all kinds */
	unsigned int stall_every;	/* hold off each n-th access once */
	bool held_off;
	unsigned int reset_requests;
	uint32_t bad_first;		/* reads of these words are errors */
	uint32_t bad_last;
	struct cpu *cpu;
};

static inline uint8_t *machine_at(struct machine *m, uint32_t addr,
				  unsigned int size)
{
	if (addr <= CODE_SIZE - size)
		return m->code + addr;
	if (addr - SRAM_BASE <= SRAM_SIZE - size)
		return m->sram + (addr - SRAM_BASE);
	if (addr - COUNTED <= 4 - size)
		return (uint8_t *)&m->counted + (addr - COUNTED);
	return NULL;
}

/* Every n-th access stalls the first time it is tried. */
static inline bool machine_stalls(struct machine *m)
{
	if (!m->stall_every)
		return false;
	if (!m->held_off && ++m->accesses >= m->stall_every) {
		m->held_off = true;
		return true;
	}
	if (m->held_off) {
		m->held_off = false;
		m->accesses = 0;
	}
	return false;
}

static inline enum bus_result machine_read(void *ctx, uint32_t addr,
					   unsigned int size, bool fetch,
					   uint32_t *value)
{
	struct machine *m = ctx;
	uint8_t *p = machine_at(m, addr, size);

	if (fetch)
		assert_int_equal(size, 2);
	assert_int_equal(addr % size, 0);
	if (machine_stalls(m))
		return BUS_STALL;
	if (!p || (!fetch && addr >= m->bad_first && addr <= m->bad_last &&
		   m->bad_last))
		return BUS_FAULT;
	if (addr >= COUNTED)
		m->counted_reads++;
	*value = 0;
	memcpy(value, p, size);
	return BUS_OK;
}

static inline enum bus_result machine_write(void *ctx, uint32_t addr,
					    unsigned int size, uint32_t value)
{
	struct machine *m = ctx;
	uint8_t *p = machine_at(m, addr, size);

	assert_int_equal(addr % size, 0);
	if (machine_stalls(m))
		return BUS_STALL;
	if (!p)
		return BUS_FAULT;
	if (addr >= COUNTED)
		m->counted_writes++;
	memcpy(p, &value, size);
	return BUS_OK;
}

static inline void machine_reset_request(void *ctx)
{
	struct machine *m = ctx;

	m->reset_requests++;
}

static inline void put32(struct machine *m, uint32_t addr, uint32_t value)
{
	memcpy(machine_at(m, addr, 4), &value, 4);
}

static inline uint32_t get32(struct machine *m, uint32_t addr)
{
	uint32_t value;

	memcpy(&value, machine_at(m, addr, 4), 4);
	return value;
}

/* Half-words of code; the list ends by its own size. */
#define PUT_CODE(m, addr, ...) do {					\
	static const uint16_t put_code[] = { __VA_ARGS__ };		\
	memcpy(machine_at(m, addr, sizeof(put_code)), put_code,		\
	       sizeof(put_code));					\
} while (0)

#define MAIN		0x200u
#define HANDLER(exc)	(0x400u + (exc) * 0x20)

/*
 * Vectors of all exceptions lead to HANDLER(), which returns at once (BX LR)
 * unless the test puts something else there; main starts at MAIN and is NOPs.
 */
static inline struct machine *machine_new(void)
{
	struct machine *m = calloc(1, sizeof(*m));
	const struct cpu_bus bus = {
		.ctx = m,
		.read = machine_read,
		.write = machine_write,
		.sysresetreq = machine_reset_request,
	};
	unsigned int i;

	assert_non_null(m);
	m->cpu = cpu_new(&bus);
	assert_non_null(m->cpu);
	for (i = 0; i < CODE_SIZE; i += 2)
		PUT_CODE(m, i, 0xbf00);			/* nop */
	put32(m, 0, STACK_TOP);
	put32(m, 4, MAIN | 1);
	for (i = 2; i < 48; i++) {
		put32(m, i * 4, HANDLER(i) | 1);
		PUT_CODE(m, HANDLER(i), 0x4770);	/* bx lr */
	}
	return m;
}

static inline void machine_free(struct machine *m)
{
	cpu_free(m->cpu);
	free(m);
}

static inline uint32_t reg(struct machine *m, unsigned int n)
{
	return cpu_reg(m->cpu, n);
}

/* the debugger's view of the private bus */
static inline uint32_t dbg_read(struct machine *m, uint32_t addr)
{
	uint32_t value;

	assert_int_equal(cpu_ppb_read(m->cpu, addr, 4, true, &value), BUS_OK);
	return value;
}

static inline void dbg_write(struct machine *m, uint32_t addr, uint32_t value)
{
	assert_int_equal(cpu_ppb_write(m->cpu, addr, 4, true, value), BUS_OK);
}

/* Run until @n more instructions have retired; asserts that they do. */
static inline void run_insns(struct machine *m, unsigned int n)
{
	uint64_t end = cpu_instructions(m->cpu) + n;
	unsigned int guard = 0;

	while (cpu_instructions(m->cpu) < end) {
		cpu_run(m->cpu, 1);
		assert_true(guard++ < 100 * n + 1000);
	}
}

#define CPUID	0xe000ed00
#define ICSR	0xe000ed04
#define AIRCR	0xe000ed0c
#define SCR	0xe000ed10
#define SHPR2	0xe000ed1c
#define SHPR3	0xe000ed20
#define SHCSR	0xe000ed24
#define ISER	0xe000e100
#define ICER	0xe000e180
#define ISPR	0xe000e200
#define ICPR	0xe000e280
#define IPR	0xe000e400
#define SYST_CSR	0xe000e010
#define SYST_RVR	0xe000e014
#define SYST_CVR	0xe000e018
#define DFSR	0xe000ed30
#define DHCSR	0xe000edf0
#define DCRSR	0xe000edf4
#define DCRDR	0xe000edf8
#define DEMCR	0xe000edfc
#define XPSR_T	(1u << 24)

#endif
