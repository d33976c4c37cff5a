// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stop and Standby (RM0360 6.3): entered by WFI or WFE with SLEEPDEEP set.
 * Nothing that could wake the part is wired up, so only a reset gets it out.
 */
#include "internal.h"

/** low_power_mode() - is the core in deep sleep, and which kind? */
enum low_power low_power_mode(const struct chip *chip)
{
	if (!cpu_sleep_deep(chip->cpu))
		return LP_NONE;
	return chip->pwr_cr & PWR_CR_PDDS ? LP_STANDBY : LP_STOP;
}

/** low_power_clock_off() - are HCLK and FCLK off, DBGMCU_CR considered? */
bool low_power_clock_off(const struct chip *chip)
{
	switch (low_power_mode(chip)) {
	case LP_STOP:
		return !(chip->dbgmcu_cr & DBGMCU_CR_STOP);
	case LP_STANDBY:
		return !(chip->dbgmcu_cr & DBGMCU_CR_STANDBY);
	default:
		return false;
	}
}

/**
 * low_power_check() - the core may just have gone into Stop or Standby
 *
 * On entry the options nRST_STOP and nRST_STDBY may turn it into a reset, and
 * the clock falls back to HSI.
 */
void low_power_check(struct chip *chip)
{
	enum low_power mode = low_power_mode(chip);
	uint32_t keep = mode == LP_STOP ? USER_NRST_STOP : USER_NRST_STDBY;

	if (mode == LP_NONE || chip->in_reset) {
		chip->low_power_seen = false;
		return;
	}
	if (chip->low_power_seen)
		return;
	chip->low_power_seen = true;
	if (chip->active.user & keep)
		rcc_stop(chip);
	else
		reset_request(chip, RCC_CSR_LPWR);
}
