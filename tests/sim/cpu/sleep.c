// SPDX-License-Identifier: GPL-2.0-only
/*
 * WFI, WFE and the event register: [ARM] B1.5.18, B1.5.19.
 */
#include "internal.h"

/** sleep_enter() - WFI, WFE (@wfe) or sleep on exit */
void sleep_enter(struct cpu *cpu, bool wfe)
{
	if (wfe && cpu->event) {
		cpu->event = false;
		return;
	}
	/* a debug request wakes at once, and a step is one */
	if (cpu->attention & (ATT_STEP | ATT_HALT_REQ))
		return;
	cpu->sleeping = true;
	cpu->sleeping_wfe = wfe;
	attend(cpu, ATT_SLEEP, true);
	exceptions_update(cpu);
}

/** sleep_leave() - awake, however it came; harmless when it was */
void sleep_leave(struct cpu *cpu)
{
	cpu->sleeping = false;
	attend(cpu, ATT_SLEEP, false);
}

/** event_set() - SEV, exception entry and return, SCR.SEVONPEND */
void event_set(struct cpu *cpu)
{
	if (cpu->sleeping && cpu->sleeping_wfe)
		sleep_leave(cpu);
	else
		cpu->event = true;
}

/** cpu_sleeping() - in WFI, WFE or sleep on exit */
bool cpu_sleeping(const struct cpu *cpu)
{
	return cpu->sleeping;
}

/** cpu_sleep_deep() - sleeping with SCR.SLEEPDEEP set: Stop or Standby */
bool cpu_sleep_deep(const struct cpu *cpu)
{
	return cpu->sleeping && cpu->scr & SCR_SLEEPDEEP;
}
