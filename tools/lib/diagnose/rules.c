// SPDX-License-Identifier: GPL-2.0-only
/*
 * All rules together.
 */
#include "rules.h"

void stl_judge(const struct stl_facts *f, struct stl_findings *out)
{
	out->num = 0;
	stl_judge_wire(f, out);
	if (f->reached) {
		stl_judge_core(f, out);
		stl_judge_boot(f, out);
		stl_judge_flash(f, out);
		stl_judge_fault(f, out);
	}
	stl_findings_sort(out);
}
