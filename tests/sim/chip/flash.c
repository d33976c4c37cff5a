// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flash array: reading, programming, erasing, protection and what is left
 * of an operation that was cut short (RM0091 3.2 and 3.3; the F030 has the
 * same flash block).
 */
#include <string.h>

#include "internal.h"

#define CUT_FAST_NS	1000u

/** flash_busy() - is an operation going on (SR.BSY)? */
bool flash_busy(const struct chip *chip)
{
	return chip->fpec.op != OP_NONE;
}

/**
 * flash_denied() - does read protection keep @master away from main flash?
 *
 * Level 1: the debug port always; everybody once a debugger was there, or when
 * the part did not boot from flash (RM0091 3.3.1).
 */
bool flash_denied(const struct chip *chip, enum master master)
{
	if (chip->active.level == 0)
		return false;
	return master == MASTER_AP || chip->debug_seen ||
	       chip->boot != BOOT_FLASH;
}

/**
 * flash_read() - bus_read() of main flash
 * @chip: the chip
 * @master: core or debug port
 * @off: from 08000000
 * @size: 1, 2 or 4 bytes
 * @value: filled
 */
enum bus_result flash_read(struct chip *chip, enum master master,
			   uint32_t off, unsigned int size, uint32_t *value)
{
	const uint8_t *p = chip->flash + off;

	if (flash_busy(chip))
		return chip->opt.busy_read_fault ? BUS_FAULT : BUS_STALL;
	if (flash_denied(chip, master))
		return BUS_FAULT;
	if (off >= chip->flash_len)	/* upper half of an F030x4 */
		*value = 0xffffffffu >> (32 - 8 * size);
	else if (size == 4)
		*value = p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
	else if (size == 2)
		*value = p[0] | p[1] << 8;
	else
		*value = p[0];
	return BUS_OK;
}

/* WRP: one bit for 4 KiB on every part; the last bit takes what is left. */
static bool protected(const struct chip *chip, uint32_t off)
{
	uint32_t block = off / 4096;

	return !(chip->active.wrp >> (block < 32 ? block : 31) & 1);
}

/**
 * flash_error() - an operation was refused
 * @chip: the chip
 * @flag: FPEC_SR_PGERR or FPEC_SR_WRPRT
 */
void flash_error(struct chip *chip, uint32_t flag)
{
	chip->fpec.sr |= flag;
	chip->fpec.cr &= ~FPEC_CR_STRT;
	chip->count.flash_errors++;
	fpec_irq(chip);
}

static bool hit(uint64_t *countdown)
{
	return *countdown && --*countdown == 0;
}

/**
 * flash_begin() - start an operation; BSY is set until it is done
 * @chip: the chip
 * @op: which
 * @addr: page or half-word
 * @value: half-word
 * @ns: how long it takes
 */
void flash_begin(struct chip *chip, enum flash_op op, uint32_t addr,
		 uint16_t value, uint64_t ns)
{
	struct fpec *f = &chip->fpec;
	bool cut = hit(&chip->faults.power_cut_at);

	/* an operation needs some time for being cut in its middle */
	if (chip->opt.fast)
		ns = cut ? CUT_FAST_NS : 0;
	f->op = op;
	f->op_addr = addr;
	f->op_value = value;
	f->op_start = chip->now;
	if (op == OP_OPT_ERASE)
		f->opt_erase_at = chip->now;
	f->op_end = chip->now + ns;
	f->cut = cut ? chip->now + ns * chip->faults.power_cut_percent / 100 :
		 NEVER;
	f->strt_insn = cpu_instructions(chip->cpu);
	if (chip->faults.stuck_bsy)
		f->op_end = NEVER;
	else if (chip->opt.fast && !cut)
		flash_due(chip);
}

static void program(struct chip *chip, uint32_t addr, uint16_t value)
{
	uint32_t off = addr - FLASH_BASE;
	uint16_t old;

	chip->fpec.ar = addr;
	if (off >= chip->flash_len || !rcc_hsi_ready(chip))
		return;		/* no memory, or no clock: nothing happens */
	if (flash_denied(chip, MASTER_CORE) || hit(&chip->faults.pgerr_at)) {
		flash_error(chip, FPEC_SR_PGERR);
		return;
	}
	if (protected(chip, off) || hit(&chip->faults.wrprterr_at)) {
		flash_error(chip, FPEC_SR_WRPRT);
		return;
	}
	old = chip->flash[off] | chip->flash[off + 1] << 8;
	if (old != 0xffff && value != 0) {
		flash_error(chip, FPEC_SR_PGERR);
		return;
	}
	flash_begin(chip, OP_PROGRAM, off, value, T_HALFWORD_NS);
}

/**
 * flash_store() - bus_write() of main flash
 * @chip: the chip
 * @master: core or debug port
 * @addr: address
 * @size: 1, 2 or 4 bytes; only 2 programs
 * @value: data
 */
enum bus_result flash_store(struct chip *chip, enum master master,
			    uint32_t addr, unsigned int size, uint32_t value)
{
	uint32_t cr = chip->fpec.cr;

	if (bus_needs_sync(chip, master) || flash_busy(chip))
		return BUS_STALL;
	if (!(cr & FPEC_CR_PG) || cr & FPEC_CR_STRT) {
		if (chip->opt.store_without_pg == CHIP_STORE_PGERR)
			flash_error(chip, FPEC_SR_PGERR);
		return chip->opt.store_without_pg == CHIP_STORE_FAULT ?
		       BUS_FAULT : BUS_OK;
	}
	if (size != 2)
		return BUS_FAULT;
	program(chip, addr, value);
	return BUS_OK;
}

static bool any_protected(const struct chip *chip)
{
	uint32_t off;

	for (off = 0; off < chip->flash_len; off += 4096)
		if (protected(chip, off))
			return true;
	return false;
}

static bool all_protected(const struct chip *chip)
{
	uint32_t off;

	for (off = 0; off < chip->flash_len; off += 4096)
		if (!protected(chip, off))
			return false;
	return true;
}

/** flash_erase_start() - STRT was set with PER or MER */
void flash_erase_start(struct chip *chip)
{
	uint32_t mode = chip->fpec.cr & (FPEC_CR_PER | FPEC_CR_MER);
	uint32_t off = chip->fpec.ar - FLASH_BASE;
	bool refused;

	if (!rcc_hsi_ready(chip) || mode == (FPEC_CR_PER | FPEC_CR_MER) ||
	    (mode == FPEC_CR_PER && off >= chip->flash_len)) {
		chip->fpec.cr &= ~FPEC_CR_STRT;
		return;
	}
	if (flash_denied(chip, MASTER_CORE)) {
		flash_error(chip, FPEC_SR_PGERR);
		return;
	}
	if (mode == FPEC_CR_PER)
		refused = protected(chip, off);
	else if (chip->opt.wrp_mass_erase_partial)
		refused = all_protected(chip);
	else
		refused = any_protected(chip);
	if (refused)
		flash_error(chip, FPEC_SR_WRPRT);
	else if (mode == FPEC_CR_PER)
		flash_begin(chip, OP_PAGE_ERASE,
			    off & ~(chip->part->page_size - 1), 0,
			    T_PAGE_ERASE_NS);
	else
		flash_begin(chip, OP_MASS_ERASE, 0, 0, T_MASS_ERASE_NS);
}

/*
 * Erase @len bytes at @p. An erase cut at @done of @all leaves its first part
 * erased and the rest neither old nor blank: some bits have become 1.
 */
static void erase(uint8_t *p, uint32_t len, uint64_t done, uint64_t all)
{
	uint32_t clean = done >= all ? len : len * done / all & ~1u;
	uint32_t i;

	memset(p, 0xff, clean);
	for (i = clean; i < len; i++)
		p[i] |= 0x11;
}

static void mass_erase(struct chip *chip, bool force, uint64_t done,
		       uint64_t all)
{
	uint32_t off;

	for (off = 0; off < chip->flash_len; off += 4096)
		if (force || !protected(chip, off))
			erase(chip->flash + off, 4096, done, all);
}

/* Let @done of @all ns of the current operation have had their effect. */
static void apply(struct chip *chip, uint64_t done, uint64_t all)
{
	struct fpec *f = &chip->fpec;
	bool whole = done >= all;
	uint8_t *p = chip->flash + f->op_addr;

	switch (f->op) {
	case OP_PROGRAM:
		p[0] &= f->op_value;
		if (whole)
			p[1] &= f->op_value >> 8;
		chip->count.halfwords += whole;
		break;
	case OP_PAGE_ERASE:
		erase(p, chip->part->page_size, done, all);
		chip->count.page_erases += whole;
		break;
	case OP_MASS_ERASE:
	case OP_RDP_UNLOCK:
		mass_erase(chip, f->op == OP_RDP_UNLOCK, done, all);
		chip->count.mass_erases += whole;
		break;
	case OP_OPT_ERASE:
		erase(chip->optmem, OPT_LEN, done, all);
		chip->count.option_erases += whole;
		break;
	case OP_OPT_PROGRAM:
		p = chip->optmem + f->op_addr;
		p[0] &= f->op_value;
		if (whole)
			p[1] &= f->op_value >> 8;
		chip->count.option_halfwords += whole;
		break;
	case OP_NONE:
		break;
	}
}

/** flash_next() - when the running operation ends, or the supply fails in it */
uint64_t flash_next(const struct chip *chip)
{
	const struct fpec *f = &chip->fpec;

	if (f->op == OP_NONE)
		return NEVER;
	return f->cut < f->op_end ? f->cut : f->op_end;
}

/** flash_due() - the operation has run its time */
void flash_due(struct chip *chip)
{
	struct fpec *f = &chip->fpec;
	enum flash_op op = f->op;

	apply(chip, 1, 1);
	chip->count.flash_busy_ns += f->op_end - f->op_start;
	if (op == OP_OPT_PROGRAM && !f->op_addr)
		chip->count.rdp_open_ns += chip->now - f->opt_erase_at;
	f->op = OP_NONE;
	if (op == OP_RDP_UNLOCK) {
		/* RM0091 3.3.1: flash is erased first, RDP written after */
		flash_begin(chip, OP_OPT_PROGRAM, f->op_addr, f->op_value,
			    T_HALFWORD_NS);
		return;
	}
	f->cr &= ~FPEC_CR_STRT;
	f->sr |= FPEC_SR_EOP;
	fpec_irq(chip);
}

/** flash_abort() - power or reset takes the running operation away */
void flash_abort(struct chip *chip)
{
	struct fpec *f = &chip->fpec;

	if (f->op == OP_NONE)
		return;
	if (f->op_end == NEVER)
		apply(chip, 1, 2);
	else
		apply(chip, chip->now - f->op_start, f->op_end - f->op_start);
	chip->count.flash_busy_ns += chip->now - f->op_start;
	f->op = OP_NONE;
}
