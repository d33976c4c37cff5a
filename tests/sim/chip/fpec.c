// SPDX-License-Identifier: GPL-2.0-only
/* Flash controller at 40022000 (RM0091 3.5): registers, locks and keys. */
#include "internal.h"

enum {
	ACR = 0x00, KEYR = 0x04, OPTKEYR = 0x08, SR = 0x0c, CR = 0x10,
	AR = 0x14, OBR = 0x1c, WRPR = 0x20,
};

#define ACR_PRFTBE	0x10u
#define CR_WRITABLE	0x1677u		/* without LOCK and OBL_LAUNCH */
#define SR_FLAGS	(FPEC_SR_PGERR | FPEC_SR_WRPRT | FPEC_SR_EOP)

/** fpec_reset() - system reset: locked, flags clear, keys may be tried again */
void fpec_reset(struct chip *chip)
{
	chip->fpec = (struct fpec){ .cr = FPEC_CR_LOCK };
}

/** fpec_irq() - set the FLASH interrupt's level from flags and enables */
void fpec_irq(struct chip *chip)
{
	const struct fpec *f = &chip->fpec;

	cpu_irq(chip->cpu, IRQ_FLASH,
		(f->cr & FPEC_CR_EOPIE && f->sr & FPEC_SR_EOP) ||
		(f->cr & FPEC_CR_ERRIE &&
		 f->sr & (FPEC_SR_PGERR | FPEC_SR_WRPRT)));
}

static uint32_t status(struct chip *chip, enum master master)
{
	const struct fpec *f = &chip->fpec;
	bool busy = flash_busy(chip);

	if (chip->opt.bsy_late && master == MASTER_CORE &&
	    cpu_instructions(chip->cpu) == f->strt_insn + 1)
		busy = false;
	return f->sr | (busy ? FPEC_SR_BSY : 0);
}

/** fpec_read() - register read */
enum bus_result fpec_read(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t *value)
{
	const struct fpec *f = &chip->fpec;

	(void)unit;
	switch (off) {
	case ACR:
		*value = f->acr | (f->acr & ACR_PRFTBE) << 1;
		break;
	case SR:
		*value = status(chip, master);
		break;
	case CR:
		*value = f->cr;
		break;
	case AR:
		*value = f->ar;
		break;
	case OBR:
		*value = options_obr(chip);
		break;
	case WRPR:
		*value = chip->active.wrp;
		break;
	default:
		*value = 0;
	}
	return BUS_OK;
}

/* One of the two key registers. Return: whether the write ends in an error. */
static bool key(unsigned int *step, bool *dead, uint32_t value)
{
	static const uint32_t keys[] = { 0x45670123, 0xcdef89ab };

	if (*dead)
		return false;
	if (value == keys[*step]) {
		++*step;
		return false;
	}
	*dead = true;
	*step = 0;
	return true;
}

static enum bus_result write_keyr(struct fpec *f, uint32_t value)
{
	if (!(f->cr & FPEC_CR_LOCK))
		return BUS_OK;
	if (key(&f->key_step, &f->key_dead, value))
		return BUS_FAULT;
	if (f->key_step == 2) {
		f->key_step = 0;
		f->cr &= ~FPEC_CR_LOCK;
	}
	return BUS_OK;
}

static enum bus_result write_optkeyr(struct chip *chip, uint32_t value)
{
	struct fpec *f = &chip->fpec;

	if (f->cr & (FPEC_CR_LOCK | FPEC_CR_OPTWRE))
		return BUS_OK;
	if (key(&f->optkey_step, &f->optkey_dead, value))
		return chip->opt.optkey_wrong_ignored ? BUS_OK : BUS_FAULT;
	if (f->optkey_step == 2) {
		f->optkey_step = 0;
		f->cr |= FPEC_CR_OPTWRE;
	}
	return BUS_OK;
}

static void write_cr(struct chip *chip, uint32_t value)
{
	struct fpec *f = &chip->fpec;

	if (value & FPEC_CR_OBL) {
		reset_request(chip, RCC_CSR_OBL);
		return;
	}
	if (f->cr & FPEC_CR_LOCK)
		return;
	/* OPTWRE can only be cleared here, STRT only set */
	f->cr = (value & CR_WRITABLE & ~FPEC_CR_OPTWRE) |
		(f->cr & value & FPEC_CR_OPTWRE) |
		(value & FPEC_CR_LOCK);
	fpec_irq(chip);
	if (!(value & FPEC_CR_STRT))
		return;
	if (f->cr & FPEC_CR_OPTER && f->cr & FPEC_CR_OPTWRE)
		options_erase_start(chip);
	else if (f->cr & (FPEC_CR_PER | FPEC_CR_MER))
		flash_erase_start(chip);
	else
		f->cr &= ~FPEC_CR_STRT;
}

/** fpec_write() - register write; dropped while an operation is running */
enum bus_result fpec_write(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t value,
			   uint32_t mask)
{
	struct fpec *f = &chip->fpec;

	(void)master;
	(void)unit;
	(void)mask;
	if (flash_busy(chip))
		return BUS_OK;
	switch (off) {
	case ACR:
		f->acr = value & (0x7 | ACR_PRFTBE);
		break;
	case KEYR:
		return write_keyr(f, value);
	case OPTKEYR:
		return write_optkeyr(chip, value);
	case SR:
		f->sr &= ~(value & SR_FLAGS);
		fpec_irq(chip);
		break;
	case CR:
		write_cr(chip, value);
		break;
	case AR:
		f->ar = value;
		break;
	}
	return BUS_OK;
}
