/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Doing what a plan says, by the loader in SRAM or straight from the host.
 */
#ifndef STL_CHANGE_H
#define STL_CHANGE_H

#include "loader.h"
#include "plan.h"
#include "program.h"
#include "target.h"

/**
 * stl_change_loader() - erase and program as planned, by the loader
 * @t: target
 * @l: begun
 * @plan: finished
 * @err: as stl_loader_erase(), or stopped; what was done by then @l knows
 */
int stl_change_loader(struct stl_target *t, struct stl_loader *l,
		      const struct stl_plan *plan, struct stl_error *err);

/**
 * stl_change_direct() - the same with half-words written straight to flash
 * @t: target, halted, flash unlocked; stl_direct_possible()
 * @plan: finished
 * @res: out: what is known to be done, also after a failure
 * @err: as stl_direct_run(), or stopped
 */
int stl_change_direct(struct stl_target *t, const struct stl_plan *plan,
		      struct stl_program_result *res, struct stl_error *err);

#endif
