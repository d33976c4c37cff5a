// SPDX-License-Identifier: GPL-2.0-only
/*
 * Supply, reset line, debug port.
 */
#include "rules.h"

static void say_voltage(const struct stl_facts *f, struct stl_finding *to)
{
	if (f->voltage_known)
		stl_evidence(to, "supply = %u mV", f->voltage_mv);
	else
		stl_evidence(to, "supply: this probe doesn't tell");
}

static void not_reached(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to;

	if (f->voltage_known && f->voltage_mv < STL_NO_SUPPLY_MV &&
	    !f->port_answered) {
		to = stl_found(out, "no-voltage", STL_CAUSE,
			       "the board has no supply, and nothing answers");
		say_voltage(f, to);
		stl_advice(to, "power the board; an ST-Link measures its supply, it doesn't give one (pin VTref of the probe to the board's 3.3 V)");
		return;
	}
	if (f->port_answered) {
		to = stl_found(out, "deep-sleep", STL_SUSPICION,
			       "the debug port answers but the core does not: Stop mode, or a reset loop too fast to get in between");
		stl_evidence(to, "SWD: debug port answers, access port doesn't");
		say_voltage(f, to);
		stl_advice(to, "wire nRST, or press the board's reset button while: stlink --mode under-reset diagnose");
		return;
	}
	to = stl_found(out, "no-answer", STL_CAUSE,
		       "nothing answers on SWD%s", f->reset_tried ?
		       ", not even while nRST is held low" : "");
	say_voltage(f, to);
	if (f->nrst_dead)
		stl_evidence(to, "nRST of the probe does nothing: not wired");
	stl_evidence(to, "possible: SWDIO, SWCLK or ground not connected, or the two swapped");
	stl_evidence(to, "possible: nRST held low by the board (measure it: it has to be high)");
	stl_evidence(to, "possible: firmware that uses PA13 or PA14 otherwise, and nRST not wired to the probe");
	stl_evidence(to, "possible: read protection level 2, for ever closed to debuggers");
	stl_advice(to, "check the wires, then with nRST wired: stlink --mode under-reset diagnose");
}

static void only_under_reset(const struct stl_facts *f,
			     struct stl_findings *out)
{
	struct stl_finding *to;

	if (f->port_answered) {
		to = stl_found(out, "deep-sleep", STL_REMARK,
			       "the core could not be reached while the firmware ran, but its debug port could: it was in Stop mode");
		stl_evidence(to, "SWD: the debug port answers, the access port only under reset");
		return;
	}
	to = stl_found(out, "swd-pins-reused", STL_CAUSE,
		       "the firmware takes the SWD pins away (PA13, PA14 used otherwise), or goes into Standby: it runs, but no debugger gets in");
	stl_evidence(to, "SWD is silent while the firmware runs, and answers when connected under reset");
	say_voltage(f, to);
	stl_advice(to, "to change the firmware: stlink --mode under-reset program FILE");
}

void stl_judge_wire(const struct stl_facts *f, struct stl_findings *out)
{
	struct stl_finding *to;

	if (!f->reached) {
		not_reached(f, out);
		return;
	}
	if (f->reset_tried && f->under_reset)
		only_under_reset(f, out);
	/* far below, while it answers, the probe's pin is just not connected */
	if (f->voltage_known && f->voltage_mv >= STL_NO_SUPPLY_MV &&
	    f->voltage_mv < STL_MIN_SUPPLY_MV) {
		to = stl_found(out, "low-voltage", STL_SUSPICION,
			       "the supply is below what the chip needs");
		stl_evidence(to, "supply = %u mV, needed %u mV at least",
			     f->voltage_mv, STL_MIN_SUPPLY_MV);
		stl_advice(to, "measure VDD and VDDA at the chip");
	}
	if (!stl_facts_held(f))
		return;
	to = stl_found(out, "nrst-low", STL_CAUSE,
		       "the chip is held in reset: something holds nRST low");
	stl_evidence(to, "DHCSR = 0x%08x: S_RESET_ST set in each of %u looks, no instruction completed",
		     f->dhcsr, f->watched);
	stl_advice(to, "look at the reset button, a capacitor or a supervisor at nRST; or VDDA without supply, which does the same");
}
