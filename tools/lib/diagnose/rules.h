/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules: pure functions from facts to findings.
 */
#ifndef STL_RULES_H
#define STL_RULES_H

#include "facts.h"
#include "finding.h"

/**
 * stl_judge() - all rules, findings sorted
 * @f: facts
 * @out: findings, emptied before
 */
void stl_judge(const struct stl_facts *f, struct stl_findings *out);

/* rules_wire.c: supply, wires, how it was reached */
void stl_judge_wire(const struct stl_facts *f, struct stl_findings *out);

/* rules_core.c: halted, resets, exceptions that don't end */
void stl_judge_core(const struct stl_facts *f, struct stl_findings *out);

/* rules_boot.c: boot mode and option bytes */
void stl_judge_boot(const struct stl_facts *f, struct stl_findings *out);

/* rules_flash.c: vectors and code */
void stl_judge_flash(const struct stl_facts *f, struct stl_findings *out);

/* rules_fault.c: what led to the lockup; to be called after the others */
void stl_judge_fault(const struct stl_facts *f, struct stl_findings *out);

#endif
