// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at the core for a while: does it run, sleep, restart; and where is it?
 */
#include "priv.h"
#include "stm32f0.h"
#include "watch.h"
#include "xfer.h"

#define STEP_MS		20
/* IWDG as it comes out of reset: 4 * 4096 / 30 kHz = 546 ms at most, twice */
#define WATCH_STEPS	60
/* Once a reset was seen: time for another one */
#define LONGER_STEPS	150

/*
 * Sampling the PC needs DWTENA. That is set only where nobody has halting debug
 * enabled, who might have set DEMCR to his liking.
 */
static bool sampling_on(const struct stl_facts *f, struct stl_target *t,
			bool *ours)
{
	*ours = false;
	if (!f->demcr_valid)
		return false;
	if (f->demcr & SCB_DEMCR_DWTENA)
		return true;
	if (!f->writable || f->dhcsr & (DHCSR_C_DEBUGEN | DHCSR_S_HALT))
		return false;
	*ours = !stl_mem_write32(t->fd, SCB_DEMCR,
				 f->demcr | SCB_DEMCR_DWTENA);
	return *ours;
}

static void sample_pc(struct stl_facts *f, struct stl_target *t)
{
	uint32_t pc;

	if (f->num_pcs == STL_FACTS_PCS ||
	    stl_mem_read32(t->fd, DWT_PCSR, &pc) || pc == 0xffffffff)
		return;
	f->pcs[f->num_pcs++] = pc & ~1u;
}

static void look(struct stl_facts *f, struct stl_target *t)
{
	struct stlink_core core;
	uint32_t icsr;

	if (stl_core(t->fd, STLINK_CORE_STATUS, 0, 0, &core))
		return;
	f->resets += !!(core.state & STLINK_CORE_WAS_RESET);
	f->retired += !!(core.dhcsr & DHCSR_S_RETIRE_ST);
	f->lockups += !!(core.state & STLINK_CORE_LOCKUP);
	f->halts += !!(core.state & STLINK_CORE_HALTED);
	f->sleeps += !!(core.state & STLINK_CORE_SLEEPING);
	if (stl_mem_read32(t->fd, SCB_ICSR, &icsr)) {
		f->active_same = false;
	} else {
		icsr &= SCB_ICSR_VECTACTIVE;
		if (!f->watched) {
			f->active = icsr;
			f->active_same = true;
		}
		f->active_same &= f->active == icsr;
	}
	f->watched++;
}

void stl_facts_watch(struct stl_facts *f, struct stl_target *t)
{
	bool ours, pc = sampling_on(f, t, &ours);
	unsigned int i, steps = WATCH_STEPS;

	for (i = 0; i < steps; i++) {
		stl_sleep_ms(STEP_MS);
		look(f, t);
		if (pc && i % 7 == 3)
			sample_pc(f, t);
		if (f->resets == 1)
			steps = LONGER_STEPS;
		if (f->resets >= 2 && i >= WATCH_STEPS)
			break;
		if (stl_progress(t, STL_PHASE_READ, i, steps))
			break;
	}
	if (ours)
		stl_mem_write32(t->fd, SCB_DEMCR, f->demcr);
}
