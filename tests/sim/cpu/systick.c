// SPDX-License-Identifier: GPL-2.0-only
/*
 * SysTick: [ARM] B3.3. Nothing is counted while time passes; the value is
 * worked out when somebody looks, and the loop is told the cycle at which the
 * next interrupt is due.
 */
#include "internal.h"

#define SYST_CSR	0xe000e010
#define SYST_RVR	0xe000e014
#define SYST_CVR	0xe000e018
#define SYST_CALIB	0xe000e01c

#define CSR_ENABLE	(1u << 0)
#define CSR_TICKINT	(1u << 1)
#define CSR_CLKSOURCE	(1u << 2)
#define CSR_COUNTFLAG	(1u << 16)
#define CSR_WRITABLE	(CSR_ENABLE | CSR_TICKINT | CSR_CLKSOURCE)
#define RELOAD_MASK	0xffffffu

static unsigned int divider(const struct systick *tick)
{
	if (tick->csr & CSR_CLKSOURCE || !tick->ref_div)
		return 1;
	return tick->ref_div;
}

/* The loop only has to stop for what it can notice: an interrupt. */
static void schedule(struct cpu *cpu)
{
	struct systick *tick = &cpu->tick;
	uint64_t left = tick->value;

	cpu->tick_at = UINT64_MAX;
	if ((~tick->csr & (CSR_ENABLE | CSR_TICKINT)))
		return;
	/* from 0 the next count loads the reload value; 0 there stops it */
	if (!left && tick->reload)
		left = (uint64_t)tick->reload + 1;
	if (left)
		cpu->tick_at = tick->base + left * divider(tick);
}

/* Bring value up to cpu->cycle. Return: whether it went to 0 by counting. */
static bool count(struct cpu *cpu)
{
	struct systick *tick = &cpu->tick;
	uint64_t n, period = (uint64_t)tick->reload + 1;

	if (!(tick->csr & CSR_ENABLE)) {
		tick->base = cpu->cycle;
		return false;
	}
	n = (cpu->cycle - tick->base) / divider(tick);
	tick->base += n * divider(tick);
	if (n < tick->value || !n) {
		tick->value -= n;
		return false;
	}
	if (tick->value) {
		n -= tick->value;
		tick->value = 0;
		tick->countflag = true;
	} else if (tick->reload && n >= period) {
		tick->countflag = true;
	} else if (tick->reload) {
		tick->value = period - n;
		return false;
	} else {
		return false;
	}
	n %= period;
	if (n)
		tick->value = period - n;
	return true;
}

/** systick_reset() - stopped; CVR and RVR are UNKNOWN, here 0 */
void systick_reset(struct cpu *cpu)
{
	struct systick *tick = &cpu->tick;

	tick->csr = 0;
	tick->countflag = false;
	tick->reload = 0;
	tick->value = 0;
	tick->base = cpu->cycle;
	schedule(cpu);
}

/** systick_advance() - cpu->cycle has moved on */
void systick_advance(struct cpu *cpu)
{
	bool zero = count(cpu);

	schedule(cpu);
	if (zero && cpu->tick.csr & CSR_TICKINT)
		exception_pend(cpu, EXC_SYSTICK);
}

/**
 * systick_read() - CSR, RVR, CVR or CALIB
 *
 * COUNTFLAG is cleared by a read of the core, not of the debugger.
 */
uint32_t systick_read(struct cpu *cpu, uint32_t addr, bool debugger)
{
	struct systick *tick = &cpu->tick;
	uint32_t value;

	systick_advance(cpu);
	switch (addr) {
	case SYST_CSR:
		value = tick->csr | (tick->countflag ? CSR_COUNTFLAG : 0);
		if (!tick->ref_div)
			value |= CSR_CLKSOURCE;
		if (!debugger)
			tick->countflag = false;
		return value;
	case SYST_RVR:
		return tick->reload;
	case SYST_CVR:
		return tick->value;
	case SYST_CALIB:
		return tick->calib;
	default:
		return 0;
	}
}

/** systick_write() - any write of CVR clears it, and COUNTFLAG */
void systick_write(struct cpu *cpu, uint32_t addr, uint32_t value)
{
	struct systick *tick = &cpu->tick;

	systick_advance(cpu);
	switch (addr) {
	case SYST_CSR:
		if ((tick->csr ^ value) & (CSR_ENABLE | CSR_CLKSOURCE))
			tick->base = cpu->cycle;
		tick->csr = value & CSR_WRITABLE;
		break;
	case SYST_RVR:
		tick->reload = value & RELOAD_MASK;
		break;
	case SYST_CVR:
		tick->value = 0;
		tick->countflag = false;
		tick->base = cpu->cycle;
		break;
	}
	schedule(cpu);
}
