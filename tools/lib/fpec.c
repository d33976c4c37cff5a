// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flash controller: keys, erase. ST RM0360 rev 5, 3.2.2 and 3.5.
 *
 * Each operation goes as one batch, so that no other program's access comes
 * between setting the page address and starting the erase.
 */
#include <errno.h>
#include <stdio.h>

#include "fpec.h"
#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

/* Datasheets say 40 ms at most; a worn or cold part gets more. */
#define PAGE_TIMEOUT_MS		400
#define MASS_TIMEOUT_MS		2000

int stl_fpec_unlock(struct stl_target *t, struct stl_error *err)
{
	uint32_t keys[2] = { FLASH_KEY1, FLASH_KEY2 }, cr = 0;
	struct stlink_mem_op ops[2];
	uint32_t status;
	int ret, keyed;

	ret = stl_mem_read32(t->fd, FLASH_CR, &cr);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "reading FLASH_CR");
	if (!(cr & FLASH_CR_LOCK))
		return STL_OK;
	/*
	 * A key too many locks the controller until the next reset, so the
	 * driver must not repeat them; what counts is CR afterwards.
	 */
	ops[0] = stl_word_op(STLINK_OP_WRITE, FLASH_KEYR, &keys[0]);
	ops[1] = stl_word_op(STLINK_OP_WRITE, FLASH_KEYR, &keys[1]);
	ops[0].flags = STLINK_MEM_ONCE;
	ops[1].flags = STLINK_MEM_ONCE;
	keyed = stl_mem_ops(t->fd, ops, 2, NULL);
	status = stl_failed_status();
	ret = stl_mem_read32(t->fd, FLASH_CR, &cr);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "reading FLASH_CR");
	if (cr & FLASH_CR_LOCK && keyed)
		return stl_fail_errno(err, keyed, status,
				      "unlocking the flash controller");
	if (cr & FLASH_CR_LOCK) {
		stl_fail(err, STL_PROGRAM,
			 "the flash controller does not unlock (FLASH_CR 0x%08x)",
			 cr);
		stl_hint(err, "reset or power-cycle the board and try again");
		return STL_PROGRAM;
	}
	return STL_OK;
}

void stl_fpec_lock(struct stl_target *t)
{
	stl_mem_write32(t->fd, FLASH_SR, FLASH_SR_FLAGS);
	stl_mem_write32(t->fd, FLASH_CR, 0);
	stl_mem_write32(t->fd, FLASH_CR, FLASH_CR_LOCK);
}

int stl_fail_flash(struct stl_target *t, struct stl_error *err, uint32_t sr,
		   const char *doing)
{
	uint32_t hsi = RCC_CR_HSIRDY;

	if (sr & FLASH_SR_WRPRTERR) {
		stl_fail(err, STL_PROTECTED,
			 "%s: refused, write-protected (WRPRTERR, FLASH_SR 0x%02x)",
			 doing, sr);
		return STL_PROTECTED;
	}
	if (sr & FLASH_SR_PGERR) {
		stl_fail(err, STL_PROGRAM,
			 "%s: refused, not erased or read-protected (PGERR, FLASH_SR 0x%02x)",
			 doing, sr);
		return STL_PROGRAM;
	}
	stl_fail(err, STL_PROGRAM, "%s: %s (FLASH_SR 0x%02x)", doing,
		 sr & FLASH_SR_BSY ? "the flash stays busy" :
				     "did not complete", sr);
	if (!stl_mem_read32(t->fd, RCC_CR, &hsi) && !(hsi & RCC_CR_HSIRDY))
		stl_hint(err,
			 "the HSI oscillator is off; flash needs it for erase and program");
	return STL_PROGRAM;
}

/* CR = @mode, AR = @addr, start, wait; then look at the flags. */
static int erase(struct stl_target *t, uint32_t mode, uint32_t addr,
		 unsigned int timeout_ms, const char *doing,
		 struct stl_error *err)
{
	uint32_t reload = IWDG_KR_RELOAD, clear = FLASH_SR_FLAGS;
	uint32_t start = mode | FLASH_CR_STRT, cr = 0, sr = 0, off = 0;
	struct stlink_mem_op ops[] = {
		stl_word_op(STLINK_OP_WRITE, IWDG_KR, &reload),
		stl_word_op(STLINK_OP_WRITE, FLASH_SR, &clear),
		stl_word_op(STLINK_OP_WRITE, FLASH_CR, &mode),
		stl_word_op(STLINK_OP_WRITE, FLASH_AR, &addr),
		stl_word_op(STLINK_OP_READ, FLASH_CR, &cr),
		stl_word_op(STLINK_OP_WRITE, FLASH_CR, &start),
		stl_word_op(STLINK_OP_POLL, FLASH_SR, NULL),
		stl_word_op(STLINK_OP_READ, FLASH_SR, &sr),
		stl_word_op(STLINK_OP_WRITE, FLASH_SR, &clear),
		stl_word_op(STLINK_OP_WRITE, FLASH_CR, &off),
	};
	const size_t num = sizeof(ops) / sizeof(ops[0]), poll = 6;
	size_t done;
	int ret;

	ops[poll].mask = FLASH_SR_BSY;
	ops[poll].timeout_ms = timeout_ms;
	ret = stl_mem_ops(t->fd, ops, num, &done);
	if (ret == -ETIMEDOUT && done == poll && !ops[poll].status)
		return stl_fail_flash(t, err, ops[poll].value, doing);
	if (ret)
		return stl_fail_errno(err, ret, ops[done].status, "%s", doing);
	if ((cr & (mode | FLASH_CR_LOCK)) != mode)
		return stl_fail_reset(t, err, doing);
	if (sr & (FLASH_SR_PGERR | FLASH_SR_WRPRTERR | FLASH_SR_BSY) ||
	    !(sr & FLASH_SR_EOP))
		return stl_fail_flash(t, err, sr, doing);
	return STL_OK;
}

int stl_fpec_erase_page(struct stl_target *t, uint32_t page,
			struct stl_error *err)
{
	char doing[32];

	snprintf(doing, sizeof(doing), "erasing page %u", page);
	return erase(t, FLASH_CR_PER,
		     STL_FLASH_BASE + page * t->chip.page_size,
		     PAGE_TIMEOUT_MS, doing, err);
}

int stl_fpec_erase_all(struct stl_target *t, struct stl_error *err)
{
	return erase(t, FLASH_CR_MER, STL_FLASH_BASE, MASS_TIMEOUT_MS,
		     "erasing all of flash", err);
}
