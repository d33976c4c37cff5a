// SPDX-License-Identifier: GPL-2.0-only
/*
 * The chip's timeline: the core's instructions, flash completion, watchdogs,
 * oscillators and resets in the order in which they happen.
 */
#include "internal.h"

/* The core is looked at this often for halt and sleep. */
#define SLICE_NS	1000000ull
/* How often a chip with running code wants to be brought up to date. */
#define TICK_NS		2000000ull

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t release_next(const struct chip *chip)
{
	return chip->in_reset && !reset_pin_low(chip) ? chip->release_at :
							NEVER;
}

/* What happens without the core. */
static uint64_t next_event(const struct chip *chip)
{
	uint64_t t = min(flash_next(chip), release_next(chip));

	t = min(t, rcc_next(chip));
	return min(t, min(iwdg_next(chip), wwdg_next(chip)));
}

static bool core_runs(const struct chip *chip)
{
	return chip->powered && !chip->in_reset && !low_power_clock_off(chip);
}

/* Halted and locked-up cores do nothing; sleeping ones may wake. */
static bool core_active(const struct chip *chip)
{
	return core_runs(chip) &&
	       (!cpu_idle(chip->cpu) || cpu_sleeping(chip->cpu));
}

/* When the core has to be looked after next. */
static uint64_t core_next(const struct chip *chip)
{
	uint64_t cycles;

	if (!core_active(chip))
		return NEVER;
	if (!cpu_sleeping(chip->cpu))
		return chip->now + TICK_NS;
	cycles = cpu_next_event(chip->cpu);
	if (cycles > UINT64_MAX / 1000000000ull)
		return NEVER;
	return chip->now + cycles * 1000000000ull / chip->rcc.hclk + 1;
}

/* Add what @cycles at @hz take to the core's own time. */
static void core_spent(struct chip *chip, uint64_t cycles, uint32_t hz)
{
	uint64_t units = cycles * 1000000000ull + chip->core_rem;

	chip->core_now += units / hz;
	chip->core_rem = units % hz;
}

/*
 * Run code until @end at most. Return: the moment reached; earlier than @end
 * when an access has to see the chip as it is at that moment, or when a reset
 * is due.
 */
static uint64_t core_run(struct chip *chip, uint64_t end)
{
	uint32_t hz = chip->rcc.hclk;
	uint64_t used, budget;

	if (chip->core_now < chip->now)
		chip->core_now = chip->now;
	if (chip->core_now >= end)
		return end;
	if (!core_runs(chip)) {
		chip->core_now = end;
		return end;
	}
	budget = ((end - chip->core_now) * hz + 999999999ull) / 1000000000ull;
	chip->synced = chip->want_sync;
	chip->want_sync = chip->resched = false;
	chip->sync_insn = UINT64_MAX;
	chip->in_core = true;
	used = cpu_run(chip->cpu, budget);
	chip->in_core = false;
	core_spent(chip, used, hz);
	if (chip->want_sync || chip->resched || chip->reset_cause)
		return min(chip->core_now, end);
	if (chip->core_now < end) {
		/* stalled by the flash: nothing but time will help */
		cpu_stall_cycles(chip->cpu,
				 (end - chip->core_now) * hz / 1000000000ull);
		chip->core_now = end;
	}
	return end;
}

static void pass(struct chip *chip, uint64_t t, bool attended)
{
	uint64_t ns = t - chip->now;
	bool frozen = iwdg_frozen(chip) || !attended;

	chip->now = t;
	if (!frozen)
		iwdg_advance(chip, ns);
	if (attended)
		wwdg_advance(chip, ns);
	if (flash_busy(chip) && chip->fpec.cut <= t) {
		if (!chip->faults.cut_by_nrst) {
			chip_power(chip, false);
			return;
		}
		chip_hold_nrst(chip, true);
	}
	if (flash_next(chip) <= t)
		flash_due(chip);
	rcc_due(chip);
	reset_pending(chip);
	reset_due(chip);
	ap_poll(chip);
}

/* Let time go by in which firmware does not get to run; see chip.h. */
static void skip(struct chip *chip, uint64_t t)
{
	uint64_t end;

	while (chip->now < t && chip->powered) {
		end = min(min(flash_next(chip), release_next(chip)),
			  rcc_next(chip));
		end = end > chip->now ? min(end, t) : t;
		pass(chip, end, false);
	}
	chip->core_now = chip->now;
}

/** chip_run_until() - see chip.h */
void chip_run_until(struct chip *chip, uint64_t t_ns)
{
	uint64_t end, reached, spent = 0;
	bool executing;

	while (chip->now < t_ns && chip->powered) {
		executing = core_runs(chip) && !cpu_idle(chip->cpu);
		if (executing && spent >= CHIP_CATCH_UP_NS) {
			skip(chip, t_ns);
			break;
		}
		end = min(t_ns, next_event(chip));
		if (end <= chip->now)
			end = chip->now + 1;
		if (core_active(chip))
			end = min(end, chip->now + SLICE_NS);
		reached = core_run(chip, end);
		low_power_check(chip);
		if (executing)
			spent += reached - chip->now;
		pass(chip, reached, true);
	}
	if (t_ns > chip->now)
		chip->now = t_ns;
}

/** chip_now() - see chip.h */
uint64_t chip_now(const struct chip *chip)
{
	return chip->now;
}

/** chip_next_event() - see chip.h */
uint64_t chip_next_event(const struct chip *chip)
{
	if (!chip->powered)
		return NEVER;
	return min(next_event(chip), core_next(chip));
}
