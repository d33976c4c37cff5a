// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power-on and system reset (RM0360 7.1): what each sets back, how long nRST
 * stays low, and where the core starts.
 */
#include <string.h>

#include "internal.h"

/* SRAM after power-on is arbitrary; here it is the same every time. */
static void scramble(uint8_t *p, uint32_t len)
{
	uint32_t state = 0x30f0f030;

	while (len--) {
		state = state * 1664525u + 1013904223u;
		*p++ = state >> 24;
	}
}

/** reset_pin_low() - nRST as the chip sees it */
bool reset_pin_low(const struct chip *chip)
{
	return chip->nrst_held || (chip->nrst_low && !chip->faults.nrst_open);
}

static void peripherals(struct chip *chip)
{
	unsigned int port;

	rcc_reset(chip);
	for (port = 0; port < 6; port++)
		gpio_reset(chip, port);
	crc_reset(chip);
	iwdg_reset(chip);
	wwdg_reset(chip);
	usart_reset(chip);
	syscfg_reset(chip);
	chip->pwr_cr = 0;
	fpec_reset(chip);
	fpec_irq(chip);
}

static void begin(struct chip *chip, uint32_t cause, uint64_t ns)
{
	flash_abort(chip);
	chip->in_reset = true;
	chip->release_at = chip->now + (chip->opt.fast ? 0 : ns);
	peripherals(chip);
	/* every reset shows on the pin as well */
	chip->rcc.csr |= cause | RCC_CSR_PIN;
	chip->low_power_seen = false;
	if (chip->opt.rdp1_reset_restores)
		chip->debug_seen = false;
	if (!(cause & RCC_CSR_POR))
		chip->count.system_resets++;
	cpu_hold(chip->cpu, true);
}

/*
 * RM0360 2.5. Level 2 allows nothing but flash (RM0091 3.3.1). The empty check
 * sends blank parts that have it to the boot loader.
 */
static enum boot sample_boot(const struct chip *chip)
{
	const struct options *o = &chip->active;

	if (o->level == 2)
		return BOOT_FLASH;
	if (!chip->boot0)
		return o->empty ? BOOT_SYSMEM : BOOT_FLASH;
	return o->user & USER_NBOOT1 ? BOOT_SYSMEM : BOOT_SRAM;
}

static void release(struct chip *chip)
{
	chip->in_reset = false;
	chip->release_at = NEVER;
	chip->boot = sample_boot(chip);
	syscfg_reset(chip);
	if (!(chip->active.user & USER_WDG_SW))
		iwdg_start(chip);
	chip->core_now = chip->now;
	chip->core_rem = 0;
	chip->synced = chip->want_sync = chip->resched = false;
	cpu_hold(chip->cpu, false);
	cpu_system_reset(chip->cpu);
}

/** reset_due() - let go of the core when the reset is over */
void reset_due(struct chip *chip)
{
	if (chip->in_reset && !reset_pin_low(chip) && chip->now >= chip->release_at)
		release(chip);
}

/** reset_power_on() - supply is there: load options, forget everything */
void reset_power_on(struct chip *chip)
{
	chip->count.power_ons++;
	scramble(chip->sram, chip->part->sram_size);
	memset(chip->sram_valid, 0, chip->part->sram_size);
	chip->debug_seen = false;
	chip->dbgmcu_cr = 0;
	memset(chip->dbgmcu_fz, 0, sizeof(chip->dbgmcu_fz));
	chip->pwr_csr = 0;
	chip->reset_cause = 0;
	chip->rcc.csr = 0;
	dp_reset(chip);
	ap_reset(chip);
	cpu_power_on_reset(chip->cpu);
	options_load(chip);
	begin(chip, RCC_CSR_POR | RCC_CSR_V18, T_POWER_ON_NS);
	reset_due(chip);
}

/** reset_power_off() - supply is gone, in whatever was going on */
void reset_power_off(struct chip *chip)
{
	flash_abort(chip);
	chip->in_reset = true;
	chip->release_at = NEVER;
	chip->reset_cause = 0;
	cpu_hold(chip->cpu, true);
}

/**
 * reset_request() - an internal reset, with its flag in RCC_CSR
 *
 * Done by reset_pending(), because the request may come from an access that
 * the core is in the middle of.
 */
void reset_request(struct chip *chip, uint32_t cause)
{
	chip->reset_cause |= cause;
}

/** reset_pending() - carry out what reset_request() asked for */
void reset_pending(struct chip *chip)
{
	uint32_t cause = chip->reset_cause;

	if (!cause)
		return;
	chip->reset_cause = 0;
	if (!chip->powered)
		return;
	if (cause & RCC_CSR_OBL)
		options_load(chip);
	begin(chip, cause, T_RESET_PULSE_NS);
	reset_due(chip);
}

/** reset_pin() - nRST has changed its level */
void reset_pin(struct chip *chip)
{
	if (!chip->powered)
		return;
	if (reset_pin_low(chip) && !chip->in_reset)
		begin(chip, 0, T_RESET_PULSE_NS);
	reset_due(chip);
}
