// SPDX-License-Identifier: GPL-2.0-only
/*
 * Executing what the library put into SRAM. Flash and registers are reached
 * through callbacks, so that every store goes through the model.
 */
#include <stdlib.h>
#include <unicorn/unicorn.h>

#include "lib_fake.h"

#define DFSR_BKPT	2
#define DFSR_VCATCH	8
#define LIMIT		5000000

static bool bus_fault;
static bool stopped_by_bkpt;

static uint64_t read_at(uint32_t base, uint64_t off, unsigned int size)
{
	uint32_t value;

	if (!fake_read(base + off, size, &value))
		bus_fault = true;
	return value;
}

static void write_at(uc_engine *uc, uint32_t base, uint64_t off,
		     unsigned int size, uint64_t value)
{
	unsigned int before = fake.half_words;

	fake.reloads_running += base + off == 0x40003000 && value == 0xaaaa;
	if (!fake_write(base + off, size, value))
		bus_fault = true;
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

uint32_t fake_execute(void)
{
	uint32_t pc = fake.regs[15] | 1, sp = fake.regs[17];
	uc_engine *uc;
	uc_hook hook;
	uc_err err;

	fake.runs++;
	fake.fz_during_run = fake.apb1_fz;
	bus_fault = false;
	stopped_by_bkpt = false;
	/* A fresh one each time: it would keep code that was overwritten. */
	must(uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &uc));
	must(uc_mem_map_ptr(uc, 0x20000000, fake.sram_size, UC_PROT_ALL,
			    fake.sram));
	must(uc_mmio_map(uc, 0x08000000, fake.flash_size, flash_read, NULL,
			 flash_write, NULL));
	must(uc_mmio_map(uc, 0x40022000, 4096, fpec_read, NULL, fpec_write,
			 NULL));
	must(uc_mmio_map(uc, 0x40003000, 4096, iwdg_read, NULL, iwdg_write,
			 NULL));
	must(uc_mmio_map(uc, 0x1ffff000, 4096, info_read, NULL, info_write,
			 NULL));
	must(uc_hook_add(uc, &hook, UC_HOOK_INTR, on_interrupt, NULL, 1, 0));
	must(uc_reg_write(uc, UC_ARM_REG_SP, &sp));
	err = uc_emu_start(uc, pc, 0xffffffff, 0, LIMIT);
	must(uc_reg_read(uc, UC_ARM_REG_PC, &fake.regs[15]));
	uc_close(uc);
	if (fake.was_reset)
		return 0;
	if (bus_fault || (err && !stopped_by_bkpt)) {
		if (!(fake.demcr & 0x400))
			return 0;	/* off into the firmware's handler */
		fake.halted = true;
		return DFSR_VCATCH;
	}
	if (!stopped_by_bkpt)
		return 0;
	fake.halted = true;
	return DFSR_BKPT;
}
