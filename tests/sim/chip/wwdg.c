// SPDX-License-Identifier: GPL-2.0-only
/* Window watchdog at 40002C00, clocked by PCLK / 4096 (RM0360, WWDG). */
#include "internal.h"

enum { CR = 0x00, CFR = 0x04, SR = 0x08 };

#define CR_T6		0x40u
#define CR_T		0x7fu
#define CR_WDGA		0x80u
#define CFR_EWI		0x200u
#define IRQ_WWDG	0u

static uint64_t tick_ns(const struct chip *chip)
{
	uint64_t cycles = 4096ull << (chip->wwdg.cfr >> 7 & 3);

	return cycles * 1000000000ull / rcc_pclk(chip);
}

/** wwdg_reset() - off, with reset values */
void wwdg_reset(struct chip *chip)
{
	chip->wwdg = (struct wwdg){ .cr = 0x7f, .cfr = 0x7f };
	cpu_irq(chip->cpu, IRQ_WWDG, false);
}

static bool counting(const struct chip *chip)
{
	return chip->wwdg.cr & CR_WDGA && !chip->in_reset &&
	       !(chip->dbgmcu_fz[0] & DBGMCU_FZ_WWDG &&
		 cpu_halted(chip->cpu)) && !low_power_clock_off(chip);
}

/** wwdg_next() - when the counter goes down next, or NEVER */
uint64_t wwdg_next(const struct chip *chip)
{
	return counting(chip) ? chip->now + chip->wwdg.left : NEVER;
}

static void bite(struct chip *chip)
{
	chip->count.watchdog_resets++;
	reset_request(chip, RCC_CSR_WWDG);
}

/** wwdg_advance() - @ns have gone by, at most until wwdg_next() */
void wwdg_advance(struct chip *chip, uint64_t ns)
{
	struct wwdg *w = &chip->wwdg;

	if (!counting(chip))
		return;
	if (ns < w->left) {
		w->left -= ns;
		return;
	}
	w->left = tick_ns(chip);
	w->cr = (w->cr & ~CR_T) | ((w->cr - 1) & CR_T);
	if (!(w->cr & CR_T6)) {
		bite(chip);
	} else if ((w->cr & CR_T) == CR_T6) {
		w->ewif = true;
		cpu_irq(chip->cpu, IRQ_WWDG, w->cfr & CFR_EWI);
	}
}

/** wwdg_read() - register read */
enum bus_result wwdg_read(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t *value)
{
	const struct wwdg *w = &chip->wwdg;

	(void)master;
	(void)unit;
	*value = off == CR ? w->cr : off == CFR ? w->cfr :
		 off == SR ? w->ewif : 0;
	return BUS_OK;
}

/** wwdg_write() - register write; a refresh outside the window is a reset */
enum bus_result wwdg_write(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t value,
			   uint32_t mask)
{
	struct wwdg *w = &chip->wwdg;

	(void)master;
	(void)unit;
	(void)mask;
	if (off == CR) {
		bool was = w->cr & CR_WDGA;

		if (was && (w->cr & CR_T) > (w->cfr & CR_T)) {
			bite(chip);
			return BUS_OK;
		}
		w->cr = (value & (CR_WDGA | CR_T)) | (was ? CR_WDGA : 0);
		if (!was)
			w->left = tick_ns(chip);
		if (w->cr & CR_WDGA && !(w->cr & CR_T6))
			bite(chip);
	} else if (off == CFR) {
		w->cfr = (value & 0x3ff) | (w->cfr & CFR_EWI);
	} else if (off == SR && !(value & 1)) {
		w->ewif = false;
		cpu_irq(chip->cpu, IRQ_WWDG, false);
	}
	return BUS_OK;
}
