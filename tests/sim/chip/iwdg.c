// SPDX-License-Identifier: GPL-2.0-only
/* Independent watchdog at 40003000, clocked by LSI (RM0360, IWDG chapter). */
#include "internal.h"

enum { KR = 0x00, PR = 0x04, RLR = 0x08, SR = 0x0c, WINR = 0x10 };

#define KEY_RELOAD	0xaaaau
#define KEY_UNLOCK	0x5555u
#define KEY_START	0xccccu

/* Register updates take up to five LSI cycles, shown in SR. */
#define UPDATE_CYCLES	5u

static uint32_t lsi_hz(const struct chip *chip)
{
	return chip->opt.lsi_hz ? chip->opt.lsi_hz : LSI_HZ;
}

/* Length of @counts of the down counter in ns; the prescaler is 4 to 256. */
static uint64_t counts_ns(const struct chip *chip, uint32_t counts)
{
	unsigned int shift = 2 + (chip->iwdg.pr > 6 ? 6 : chip->iwdg.pr);

	return ((uint64_t)counts << shift) * 1000000000ull / lsi_hz(chip);
}

/** iwdg_reset() - off, with reset values */
void iwdg_reset(struct chip *chip)
{
	chip->iwdg = (struct iwdg){ .rlr = 0xfff, .winr = 0xfff };
}

/** iwdg_start() - by key or by option bit; only a reset stops it again */
void iwdg_start(struct chip *chip)
{
	struct iwdg *w = &chip->iwdg;

	if (w->running)
		return;
	w->running = true;
	w->left = counts_ns(chip, w->rlr + 1);
	if (chip->rcc.lsi_at == NEVER)
		chip->rcc.lsi_at = chip->now;
}

/** iwdg_frozen() - DBGMCU stops it while the core is halted */
bool iwdg_frozen(const struct chip *chip)
{
	return chip->dbgmcu_fz[0] & DBGMCU_FZ_IWDG && cpu_halted(chip->cpu);
}

/** iwdg_next() - when it will bite, or NEVER */
uint64_t iwdg_next(const struct chip *chip)
{
	const struct iwdg *w = &chip->iwdg;

	if (!w->running || chip->in_reset || iwdg_frozen(chip))
		return NEVER;
	return chip->now + w->left;
}

/** iwdg_advance() - @ns have gone by in which it was not frozen */
void iwdg_advance(struct chip *chip, uint64_t ns)
{
	struct iwdg *w = &chip->iwdg;

	if (!w->running || chip->in_reset)
		return;
	w->left -= ns < w->left ? ns : w->left;
	if (w->left)
		return;
	chip->count.watchdog_resets++;
	reset_request(chip, RCC_CSR_IWDG);
}

static void reload(struct chip *chip)
{
	struct iwdg *w = &chip->iwdg;

	if (!w->running)
		return;
	/* outside of the window a reload is a reset */
	if (w->winr < 0xfff && w->left > counts_ns(chip, w->winr + 1)) {
		chip->count.watchdog_resets++;
		reset_request(chip, RCC_CSR_IWDG);
		return;
	}
	w->left = counts_ns(chip, w->rlr + 1);
}

/** iwdg_read() - register read */
enum bus_result iwdg_read(struct chip *chip, enum master master,
			  unsigned int unit, uint32_t off, uint32_t *value)
{
	const struct iwdg *w = &chip->iwdg;
	unsigned int i;

	(void)master;
	(void)unit;
	*value = 0;
	if (off == PR)
		*value = w->pr;
	else if (off == RLR)
		*value = w->rlr;
	else if (off == WINR)
		*value = w->winr;
	else if (off == SR)
		for (i = 0; i < 3; i++)
			*value |= (uint32_t)(chip->now < w->sr_until[i]) << i;
	return BUS_OK;
}

static void update(struct chip *chip, unsigned int flag)
{
	uint64_t ns = UPDATE_CYCLES * 1000000000ull / lsi_hz(chip);

	chip->iwdg.sr_until[flag] = chip->now + (chip->opt.fast ? 0 : ns);
}

/** iwdg_write() - register write; all but KR need key 5555 first */
enum bus_result iwdg_write(struct chip *chip, enum master master,
			   unsigned int unit, uint32_t off, uint32_t value,
			   uint32_t mask)
{
	struct iwdg *w = &chip->iwdg;

	(void)master;
	(void)unit;
	(void)mask;
	if (off == KR) {
		w->unlocked = (value & 0xffff) == KEY_UNLOCK;
		if ((value & 0xffff) == KEY_START)
			iwdg_start(chip);
		else if ((value & 0xffff) == KEY_RELOAD)
			reload(chip);
		return BUS_OK;
	}
	if (!w->unlocked)
		return BUS_OK;
	if (off == PR) {
		uint64_t old = counts_ns(chip, 1);

		/* the count stays, its unit changes */
		w->pr = value & 7;
		w->left = w->left / old * counts_ns(chip, 1);
		if (w->running && !w->left)
			w->left = 1;
		update(chip, 0);
	} else if (off == RLR) {
		w->rlr = value & 0xfff;
		update(chip, 1);
	} else if (off == WINR) {
		w->winr = value & 0xfff;
		update(chip, 2);
		/* reloads as well, and counts as inside the window */
		w->left = counts_ns(chip, w->rlr + 1);
	}
	return BUS_OK;
}
