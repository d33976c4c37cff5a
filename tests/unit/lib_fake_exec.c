// SPDX-License-Identifier: GPL-2.0-only
/*
 * Executing what the library put into SRAM, a slice whenever the host does
 * something. Flash and registers are reached through callbacks, so that every
 * store goes through the model.
 */
#include <stdlib.h>
#include <unicorn/unicorn.h>

#include "lib_fake.h"
#include "loader/layout.h"

#define DFSR_BKPT	2
#define DFSR_VCATCH	8
#define SLICE		100000
#define SLICES		200

static uc_engine *engine;
static bool bus_fault;
static bool stopped_by_bkpt;
static bool resting;
static unsigned int rounds;	/* with nothing but the watchdog reloaded */

static uint64_t read_at(uint32_t base, uint64_t off, unsigned int size)
{
	uint32_t value;

	rounds = 0;
	if (!fake_read(base + off, size, &value)) {
		bus_fault = true;
		uc_emu_stop(engine);
	}
	return value;
}

/* The loader goes round until it finds something in a slot. */
static bool nothing_to_do(void)
{
	const uint8_t *slot = fake.sram + (LOADER_SLOTS - LOADER_BASE);

	return !slot[SLOT_OP] && !slot[SLOT_STRIDE + SLOT_OP] && rounds > 2;
}

static void write_at(uc_engine *uc, uint32_t base, uint64_t off,
		     unsigned int size, uint64_t value)
{
	unsigned int before = fake.half_words;

	if (base + off == 0x40003000 && value == 0xaaaa) {
		fake.reloads_running++;
		rounds++;
		if (nothing_to_do()) {
			resting = true;
			uc_emu_stop(uc);
		}
	}
	if (!fake_write(base + off, size, value)) {
		bus_fault = true;
		uc_emu_stop(uc);
	}
	if (fake.half_words == before)
		return;
	if (fake.reset_after && fake.half_words == fake.reset_after) {
		fake_system_reset();
		fake.rcc_csr = 1u << 29 | 1u << 26;
		uc_emu_stop(uc);
	}
	if (fake.crash_after && fake.half_words == fake.crash_after) {
		bus_fault = true;
		uc_emu_stop(uc);
	}
}

#define WINDOW(name, base)						\
static uint64_t name##_read(uc_engine *uc, uint64_t off, unsigned int n,	\
			    void *p)					\
{									\
	(void)uc;							\
	(void)p;							\
	return read_at(base, off, n);					\
}									\
static void name##_write(uc_engine *uc, uint64_t off, unsigned int n,	\
			 uint64_t value, void *p)			\
{									\
	(void)p;							\
	write_at(uc, base, off, n, value);				\
}

WINDOW(flash, 0x08000000)
WINDOW(fpec, 0x40022000)
WINDOW(iwdg, 0x40003000)
WINDOW(info, 0x1ffff000)
WINDOW(rcc, 0x40021000)
WINDOW(crc, 0x40023000)

static void on_interrupt(uc_engine *uc, uint32_t number, void *p)
{
	(void)p;
	stopped_by_bkpt = number == 7;	/* EXCP_BKPT */
	uc_emu_stop(uc);
}

static void must(uc_err err)
{
	if (err)
		abort();
}

static void close_engine(void)
{
	uc_close(engine);
	engine = NULL;
}

static void run_slice(void)
{
	uint32_t pc;
	uc_err err;

	if (!engine)
		return;
	must(uc_reg_read(engine, UC_ARM_REG_PC, &pc));
	resting = false;
	rounds = 0;
	err = uc_emu_start(engine, pc | 1, 0xffffffff, 0, SLICE);
	must(uc_reg_read(engine, UC_ARM_REG_PC, &fake.regs[15]));
	if (fake.was_reset) {
		close_engine();
	} else if (bus_fault || (err && !stopped_by_bkpt)) {
		close_engine();
		if (!(fake.demcr & 0x400))
			return;		/* off into the firmware's handler */
		fake.halted = true;
		fake.dfsr = DFSR_VCATCH;
	} else if (stopped_by_bkpt) {
		close_engine();
		fake.halted = true;
		fake.dfsr = DFSR_BKPT;
	}
}

void fake_execute(void)
{
	uint32_t pc = fake.regs[15], sp = fake.regs[17];
	uc_hook hook;

	fake.runs++;
	fake.fz_during_run = fake.apb1_fz;
	bus_fault = false;
	stopped_by_bkpt = false;
	/* A fresh one each time: it would keep code that was overwritten. */
	fake_stop();
	must(uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &engine));
	must(uc_mem_map_ptr(engine, 0x20000000, fake.sram_size, UC_PROT_ALL,
			    fake.sram));
	must(uc_mmio_map(engine, 0x08000000, fake.flash_size, flash_read, NULL,
			 flash_write, NULL));
	must(uc_mmio_map(engine, 0x40022000, 4096, fpec_read, NULL, fpec_write,
			 NULL));
	must(uc_mmio_map(engine, 0x40003000, 4096, iwdg_read, NULL, iwdg_write,
			 NULL));
	must(uc_mmio_map(engine, 0x40021000, 4096, rcc_read, NULL, rcc_write,
			 NULL));
	must(uc_mmio_map(engine, 0x40023000, 4096, crc_read, NULL, crc_write,
			 NULL));
	must(uc_mmio_map(engine, 0x1ffff000, 4096, info_read, NULL, info_write,
			 NULL));
	must(uc_hook_add(engine, &hook, UC_HOOK_INTR, on_interrupt, NULL, 1,
			 0));
	must(uc_reg_write(engine, UC_ARM_REG_SP, &sp));
	must(uc_reg_write(engine, UC_ARM_REG_PC, &pc));
	run_slice();
}

void fake_go_on(void)
{
	run_slice();
}

void fake_finish(void)
{
	unsigned int i;

	for (i = 0; engine && i < SLICES; i++) {
		run_slice();
		if (resting)
			break;
	}
}

void fake_stop(void)
{
	if (engine)
		close_engine();
}
