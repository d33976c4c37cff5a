// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gathering: each fact by itself, what can't be read is left out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "mem.h"
#include "priv.h"
#include "stm32f0.h"
#include "watch.h"
#include "xfer.h"

#define PARITY_ON(f)	((f)->opt_valid && !(f)->opt.ram_parity_off)

uint32_t stl_facts_word(const struct stl_facts *f, uint32_t addr)
{
	uint32_t off = addr - STL_FLASH_BASE, value;

	if (!f->flash || off % 4 || off >= f->chip.flash_size)
		return 0xffffffff;
	memcpy(&value, f->flash + off, sizeof(value));
	return value;
}

uint16_t stl_facts_half(const struct stl_facts *f, uint32_t addr)
{
	return stl_facts_word(f, addr & ~3u) >> 8 * (addr & 2);
}

bool stl_facts_held(const struct stl_facts *f)
{
	return f->watched && f->resets == f->watched && !f->retired;
}

bool stl_facts_alive(const struct stl_facts *f)
{
	return f->watched && !f->lockups && !f->resets && !f->halts &&
	       (f->retired || f->sleeps) && !(f->active_same && f->active == 3);
}

static void read_debug(struct stl_facts *f, struct stl_target *t)
{
	f->demcr_valid = !stl_mem_read32(t->fd, SCB_DEMCR, &f->demcr);
	f->opt_valid = !stl_options_read(t, &f->opt, NULL);
	f->cfgr1_valid = !stl_mem_read32(t->fd, SYSCFG_CFGR1, &f->cfgr1);
	stl_mem_read32(t->fd, SYSCFG_CFGR2, &f->cfgr2);
}

/* SRAM with parity is not to be read before it was written. */
static bool sram_at_zero_is_safe(const struct stl_facts *f)
{
	return !PARITY_ON(f) ||
	       (f->cfgr1_valid &&
		(f->cfgr1 & SYSCFG_CFGR1_MEM_MODE) != MEM_MODE_SRAM);
}

/*
 * SYSCFG reads 0 while its clock is off, so the content decides.
 */
static void read_zero(struct stl_facts *f, struct stl_target *t)
{
	uint32_t sysmem[STL_FACTS_WORDS], flash[STL_FACTS_WORDS];
	const size_t len = sizeof(f->zero);
	bool in_sysmem;

	if (!sram_at_zero_is_safe(f) ||
	    stl_mem_read(t->fd, 0, f->zero, len, 4, NULL))
		return;
	in_sysmem = !stl_mem_read(t->fd, f->chip.part->sysmem_base, sysmem,
				  len, 4, NULL) &&
		    !memcmp(f->zero, sysmem, len);
	if (f->flash) {
		memcpy(flash, f->flash, len);
		if (!memcmp(f->zero, flash, len)) {
			f->boot = STL_BOOT_FLASH;
			return;
		}
	}
	if (in_sysmem) {
		f->boot = STL_BOOT_SYSMEM;
		return;
	}
	if (f->flash && !stl_mem_read(t->fd, STL_SRAM_BASE, f->sram, len, 4,
				      NULL) &&
	    !memcmp(f->zero, f->sram, len))
		f->boot = STL_BOOT_SRAM;
}

static int read_flash(struct stl_facts *f, struct stl_target *t)
{
	if (f->chip.rdp_level)
		return 0;
	f->flash = malloc(f->chip.flash_size);
	if (!f->flash)
		return -ENOMEM;
	if (stl_read(t, STL_FLASH_BASE, f->flash, f->chip.flash_size, 0, NULL,
		     NULL)) {
		free(f->flash);
		f->flash = NULL;
		return 0;
	}
	return stl_truncated_check(&f->cut, &f->chip, f->flash,
				   f->chip.flash_size);
}

static void read_stack(struct stl_facts *f, struct stl_target *t)
{
	uint32_t top = STL_SRAM_BASE + f->chip.sram_size;
	uint32_t msp = f->regs[STLINK_REG_MSP], psp = f->regs[STLINK_REG_PSP];
	uint32_t num = STL_FACTS_STACK;

	f->stack_addr = msp;
	if (msp >= STL_SRAM_BASE && msp < top && msp % 4 == 0) {
		if (num > (top - msp) / 4)
			num = (top - msp) / 4;
		/* with parity no more than the frame is sure to be written */
		if (PARITY_ON(f) && num > 8)
			num = 8;
		if (!stl_mem_read(t->fd, msp, f->stack, num * 4, 4, NULL))
			f->stack_num = num;
	}
	if (psp >= STL_SRAM_BASE && psp <= top - 32 && psp % 4 == 0)
		f->psp_valid = !stl_mem_read(t->fd, psp, f->psp_frame,
					     sizeof(f->psp_frame), 4, NULL);
}

void stl_facts_registers(struct stl_facts *f, struct stl_target *t)
{
	struct stlink_reg_op ops[20];
	unsigned int i;

	memset(ops, 0, sizeof(ops));
	for (i = 0; i < 20; i++) {
		ops[i].op = STLINK_OP_READ;
		ops[i].reg = i < 19 ? i : STLINK_REG_CONTROL;
	}
	if (stl_reg_ops(t->fd, ops, 20))
		return;
	for (i = 0; i < 20; i++)
		f->regs[ops[i].reg] = ops[i].value;
	f->regs_valid = true;
	read_stack(f, t);
}

/* Locked up it executes nothing; when it is let go it is so again at once. */
static void look_into_lockup(struct stl_facts *f, struct stl_target *t)
{
	struct stlink_core core;

	if (!f->writable ||
	    stl_core(t->fd, STLINK_CORE_STATUS, 0, 0, &core) ||
	    !(core.state & STLINK_CORE_LOCKUP))
		return;
	if (!stl_core(t->fd, STLINK_CORE_HALT, 0, 0, &core) &&
	    core.state & STLINK_CORE_HALTED)
		stl_facts_registers(f, t);
	stl_core(t->fd, STLINK_CORE_RUN, 0, 0, NULL);
}

int stl_facts_gather(struct stl_facts *f, struct stl_target *t,
		     struct stl_error *err)
{
	struct stlink_core core;
	int ret;

	f->reached = true;
	f->under_reset = t->mode == STLINK_ATTACH_UNDER_RESET;
	f->nrst_dead = t->result & STLINK_ATTACHED_NRST_DEAD;
	f->joined = t->result & STLINK_ATTACHED_JOINED;
	f->chip = t->chip;
	/* this forgets resets of before */
	ret = stl_core(t->fd, STLINK_CORE_STATUS, 0, 0, &core);
	if (ret)
		return stl_fail_errno(err, ret, core.status,
				      "reading the state of the core");
	f->dhcsr = core.dhcsr;
	f->dfsr = core.dfsr;
	read_debug(f, t);
	if (!f->under_reset) {
		stl_facts_watch(f, t);
		f->csr_valid = !stl_mem_read32(t->fd, RCC_CSR, &f->csr);
	}
	ret = read_flash(f, t);
	if (ret)
		return stl_fail(err, STL_FILE, "%u bytes: %s",
				f->chip.flash_size, strerror(-ret));
	read_zero(f, t);
	if (f->under_reset)
		return STL_OK;
	if (f->dhcsr & DHCSR_S_HALT && f->halts)
		stl_facts_registers(f, t);
	else if (f->lockups)
		look_into_lockup(f, t);
	return STL_OK;
}

void stl_facts_free(struct stl_facts *f)
{
	free(f->flash);
	f->flash = NULL;
}
