// SPDX-License-Identifier: GPL-2.0-only
/*
 * Restarting the board with the vector catch for HardFault set: the core stops
 * at its first fault, before a broken handler can lose the traces.
 */
#include <errno.h>

#include "facts.h"
#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

/* How long firmware is given to fail */
#define CATCH_MS	3000

int stl_facts_catch(struct stl_facts *f, struct stl_target *t,
		    struct stl_error *err)
{
	struct stlink_core core = { 0 };
	int ret;

	/* halted first: a fault may come sooner than we could set the catch */
	ret = stl_core_reset(t, true, 0, NULL, err);
	if (ret)
		return ret;
	ret = stl_mem_write32(t->fd, SCB_DEMCR, SCB_DEMCR_VC_HARDERR);
	stl_unfreeze(t);
	if (!ret)
		ret = stl_core(t->fd, STLINK_CORE_RUN, 0, 0, NULL);
	if (!ret)
		ret = stl_core(t->fd, STLINK_CORE_WAIT, 0, CATCH_MS, &core);
	if (!ret && core.state & STLINK_CORE_LOCKUP)
		ret = stl_core(t->fd, STLINK_CORE_HALT, 0, 0, &core);
	if (!ret && core.state & STLINK_CORE_HALTED) {
		f->caught = true;
		f->dfsr = core.dfsr;
		f->psp_valid = false;
		f->stack_num = 0;
		stl_facts_registers(f, t);
	}
	stl_mem_write32(t->fd, SCB_DEMCR, 0);
	stl_core(t->fd, STLINK_CORE_RUN, 0, 0, NULL);
	/* no fault within the time is what one hopes for */
	if (ret && ret != -ETIMEDOUT)
		return stl_fail_errno(err, ret, core.status,
				      "waiting for the first fault");
	return STL_OK;
}
