// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a chip fit for flash work, and undoing it. ST RM0360 rev 5: 26.9
 * (DBGMCU), 7.4 (RCC), 20.4 (IWDG).
 */
#include <errno.h>
#include <stdio.h>

#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

#define FREEZE	(DBGMCU_APB1_FZ_WWDG | DBGMCU_APB1_FZ_IWDG)

/* Clock for DBGMCU; remember whether it was us who turned it on. */
static int enable_clock(struct stl_target *t)
{
	uint32_t enr;
	int ret;

	ret = stl_mem_read32(t->fd, RCC_APB2ENR, &enr);
	if (ret)
		return ret;
	if (enr & RCC_APB2ENR_DBGMCUEN) {
		if (!t->saved.valid)
			t->saved.clock_ours = false;
		return 0;
	}
	t->saved.clock_ours = true;
	return stl_mem_write32(t->fd, RCC_APB2ENR, enr | RCC_APB2ENR_DBGMCUEN);
}

int stl_freeze_watchdogs(struct stl_target *t, struct stl_error *err)
{
	uint32_t fz;
	int ret;

	ret = stl_mem_write32(t->fd, IWDG_KR, IWDG_KR_RELOAD);
	if (!ret)
		ret = enable_clock(t);
	if (!ret)
		ret = stl_mem_read32(t->fd, DBGMCU_APB1_FZ, &fz);
	if (!ret && !t->saved.valid) {
		t->saved.apb1_fz = fz;
		t->saved.valid = true;
	}
	if (!ret)
		ret = stl_mem_write32(t->fd, DBGMCU_APB1_FZ, fz | FREEZE);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "freezing the watchdogs");
	return STL_OK;
}

void stl_unfreeze(struct stl_target *t)
{
	uint32_t enr;

	if (!t->saved.valid)
		return;
	t->saved.valid = false;
	/* The clock of DBGMCU may be off again: a reset does that. */
	if (stl_mem_read32(t->fd, RCC_APB2ENR, &enr))
		return;
	stl_mem_write32(t->fd, RCC_APB2ENR, enr | RCC_APB2ENR_DBGMCUEN);
	stl_mem_write32(t->fd, DBGMCU_APB1_FZ, t->saved.apb1_fz);
	if (t->saved.clock_ours)
		stl_mem_write32(t->fd, RCC_APB2ENR,
				enr & ~RCC_APB2ENR_DBGMCUEN);
}

/*
 * What a reset would have done, as far as it matters: flash needs HSI, DMA of
 * the old firmware could write over the loader, and code run with a HardFault
 * still active locks up at the first fault.
 */
static int make_do(struct stl_target *t, struct stl_error *err)
{
	struct stlink_mem_op hsi = {
		.op = STLINK_OP_POLL,
		.width = 4,
		.addr = RCC_CR,
		.length = 4,
		.mask = RCC_CR_HSIRDY,
		.value = RCC_CR_HSIRDY,
		.timeout_ms = 100,
	};
	struct stlink_core core;
	uint32_t ahbenr = 0, cr = 0;
	int ret;

	ret = stl_core(t->fd, STLINK_CORE_HALT, 0, 0, &core);
	if (ret)
		return stl_fail_errno(err, ret, core.status,
				      "halting the core");
	ret = stl_freeze_watchdogs(t, err);
	if (ret)
		return ret;
	ret = stl_mem_read32(t->fd, RCC_CR, &cr);
	if (!ret)
		ret = stl_mem_write32(t->fd, RCC_CR, cr | RCC_CR_HSION);
	if (!ret)
		ret = stl_mem_ops(t->fd, &hsi, 1, NULL);
	if (ret)
		return stl_fail_errno(err, ret, hsi.status,
				      "starting the HSI oscillator");
	ret = stl_mem_read32(t->fd, RCC_AHBENR, &ahbenr);
	if (!ret)
		ret = stl_mem_write32(t->fd, RCC_AHBENR,
				      ahbenr & ~RCC_AHBENR_DMAEN);
	if (!ret)
		ret = stl_mem_write32(t->fd, SCB_AIRCR,
				      SCB_AIRCR_KEY | SCB_AIRCR_VECTCLRACTIVE);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "preparing the chip");
	return STL_OK;
}

/*
 * Where it can't be read, the flag of the power counts as old: a cause that isn't
 * named sends nobody the wrong way.
 */
void stl_reset_seen(struct stl_target *t)
{
	if (stl_mem_read32(t->fd, RCC_CSR, &t->saved.csr))
		t->saved.csr = RCC_CSR_PORRSTF;
}

int stl_reset_halt(struct stl_target *t, struct stl_error *err)
{
	struct stlink_core core;
	int ret;

	ret = stl_core(t->fd, STLINK_CORE_RESET, STLINK_CORE_F_CATCH, 0,
		       &core);
	if (!ret && core.state & STLINK_CORE_HALTED) {
		stl_reset_seen(t);
		return stl_freeze_watchdogs(t, err);
	}
	/* a probe that is silent halts nothing else either */
	if (ret && (core.status == STL_SILENT ||
		    (ret != -ETIMEDOUT && ret != -EREMOTEIO)))
		return stl_fail_errno(err, ret, core.status,
				      "resetting the chip");
	stl_note(t, STL_NOTE_WARNING,
		 "the chip does not halt at reset; going on with it halted where it is");
	return make_do(t, err);
}

/* How many of these are so odd that they are the likeliest, seen before or not */
#define WATCHDOGS	3

/* RCC_CSR, RM0360 7.4.10; the likeliest cause first, PIN is set with others */
static const struct {
	uint32_t bit;
	const char *text;
} causes[] = {
	{ 1u << 29, "independent watchdog (IWDG)" },
	{ 1u << 30, "window watchdog (WWDG)" },
	{ 1u << 31, "low power management" },
	{ 1u << 25, "option byte loading" },
	{ 1u << 28, "software" },
	{ 1u << 26, "nRST pin" },
};

/*
 * The flags stay until the firmware clears them or the power comes back. They are
 * the firmware's: it may tell by them whether its data in SRAM is still good, so
 * they are not cleared here. What is new since our own reset tells; of the power,
 * which clears the others, that they are gone.
 */
const char *stl_reset_cause(struct stl_target *t)
{
	uint32_t csr = 0, seen = t->saved.csr;
	size_t i;

	stl_mem_read32(t->fd, RCC_CSR, &csr);
	if (csr & RCC_CSR_PORRSTF &&
	    (!(seen & RCC_CSR_PORRSTF) || seen & ~csr))
		return "power: the supply is not stable";
	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (csr & ~seen & causes[i].bit)
			return causes[i].text;
	for (i = 0; i < WATCHDOGS; i++)
		if (csr & causes[i].bit)
			return causes[i].text;
	return csr ? "nRST pin, or software" : "cause not known; a watchdog?";
}

int stl_fail_reset(struct stl_target *t, struct stl_error *err,
		   const char *doing)
{
	stl_fail(err, STL_PROGRAM, "%s: the chip was reset meanwhile by: %s",
		 doing, stl_reset_cause(t));
	stl_hint(err, "repeat the command; if that ends here too, look at nRST and the supply");
	return STL_PROGRAM;
}
