// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running code in the target's SRAM: upload, start, wait, and finding out what
 * happened when it didn't end as it should.
 */
#include <errno.h>
#include <string.h>

#include "exec.h"
#include "loader/layout.h"
#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

/* So often it is looked whether the core was reset, or is gone. */
#define SLICE_MS	500u

int stl_exec_begin(struct stl_exec *x, struct stl_target *t,
		   const struct stl_code_block *code, struct stl_error *err)
{
	uint8_t back[LOADER_CODE_MAX];
	struct stl_fault fault = { 0 };
	int ret;

	x->code = *code;
	x->code.bytes = NULL;
	ret = stl_mem_read32(t->fd, SCB_DEMCR, &x->demcr);
	/* A fault in it shall halt, not run the firmware's handler. */
	if (!ret)
		ret = stl_mem_write32(t->fd, SCB_DEMCR,
				      x->demcr | SCB_DEMCR_VC_HARDERR);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "setting vector catch");
	ret = stl_mem_write(t->fd, LOADER_BASE, code->bytes, code->size, 4,
			    &fault);
	if (ret)
		return stl_fail_access(t, err, ret, true, fault.addr,
				       fault.status);
	ret = stl_mem_read(t->fd, LOADER_BASE, back, code->size, 4, &fault);
	if (ret)
		return stl_fail_access(t, err, ret, false, fault.addr,
				       fault.status);
	if (memcmp(back, code->bytes, code->size)) {
		stl_fail(err, STL_PROGRAM,
			 "SRAM at 0x%08x does not keep the %s", LOADER_BASE,
			 code->name);
		stl_hint(err, "lower the clock; is the supply stable?");
		return STL_PROGRAM;
	}
	return STL_OK;
}

void stl_exec_end(struct stl_exec *x, struct stl_target *t)
{
	stl_mem_write32(t->fd, SCB_DEMCR, x->demcr & ~SCB_DEMCR_VC_HARDERR);
}

/*
 * After a reset through a bad vector the T bit is clear, and SP is whatever
 * flash held. CONTROL comes first: it chooses which SP is in use.
 */
static int set_registers(struct stl_exec *x, struct stl_target *t,
			 struct stl_error *err)
{
	struct stlink_reg_op ops[] = {
		{ .op = STLINK_OP_WRITE, .reg = STLINK_REG_CONTROL,
		  .value = 0x00000001 },	/* PRIMASK */
		{ .op = STLINK_OP_WRITE, .reg = STLINK_REG_XPSR,
		  .value = 0x01000000 },
		{ .op = STLINK_OP_WRITE, .reg = STLINK_REG_MSP,
		  .value = STL_SRAM_BASE + t->chip.sram_size },
		{ .op = STLINK_OP_WRITE, .reg = STLINK_REG_PC,
		  .value = x->code.start },
	};
	int ret = stl_reg_ops(t->fd, ops, sizeof(ops) / sizeof(ops[0]));

	/* it was halted: who lets it go is a reset */
	if (ret == -ENODATA)
		return stl_fail_reset(t, err, x->code.doing);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "setting the core registers for the %s",
				      x->code.name);
	return STL_OK;
}

static int fail_link(struct stl_exec *x, int ret, uint32_t status,
		     const char *doing, struct stl_error *err)
{
	return stl_fail_errno(err, ret, status, "%s the %s", doing,
			      x->code.name);
}

/* It didn't stop where it should; say where it is. */
static int fail_astray(struct stl_exec *x, struct stl_target *t,
		       const struct stlink_core *core, const char *what,
		       struct stl_error *err)
{
	uint32_t pc = 0, sr = 0, cr = 0;
	int ret;

	if (!(core->state & STLINK_CORE_HALTED))
		stl_core(t->fd, STLINK_CORE_HALT, 0, 0, NULL);
	/* Nothing can be seen of it: the way there is what failed. */
	ret = stl_reg_read(t->fd, STLINK_REG_PC, &pc);
	if (ret && ret != -ENODATA)
		return fail_link(x, ret, stl_failed_status(), "looking for",
				 err);
	stl_mem_read32(t->fd, FLASH_SR, &sr);
	stl_mem_read32(t->fd, FLASH_CR, &cr);
	return stl_fail(err, STL_PROGRAM,
			"the %s %s (PC 0x%08x, DFSR 0x%02x, FLASH_SR 0x%02x, FLASH_CR 0x%04x)",
			x->code.name, what, pc, core->dfsr, sr, cr);
}

int stl_exec_start(struct stl_exec *x, struct stl_target *t,
		   struct stl_error *err)
{
	struct stlink_core core;
	int ret;

	ret = set_registers(x, t, err);
	if (ret)
		return ret;
	ret = stl_core(t->fd, STLINK_CORE_RUN, STLINK_CORE_F_MASKINTS, 0,
		       &core);
	if (ret)
		return fail_link(x, ret, core.status, "starting", err);
	x->state = core.state;
	return STL_OK;
}

int stl_exec_wait(struct stl_exec *x, struct stl_target *t,
		  uint32_t timeout_ms, struct stl_error *err)
{
	struct stlink_core core;
	uint32_t pc, slice;
	int ret;

	/* one that was reset will not stop, one that is gone can't be seen to */
	do {
		slice = timeout_ms < SLICE_MS ? timeout_ms : SLICE_MS;
		ret = stl_core(t->fd, STLINK_CORE_WAIT, 0, slice, &core);
		x->state |= core.state;
		timeout_ms -= slice;
	} while ((ret == -ETIMEDOUT || ret == -EREMOTEIO ||
		  ret == -EBADMSG) && timeout_ms &&
		 !(x->state & STLINK_CORE_WAS_RESET));
	if (ret && ret != -ETIMEDOUT)
		return fail_link(x, ret, core.status, "waiting for", err);
	if (x->state & STLINK_CORE_WAS_RESET)
		return stl_fail_reset(t, err, x->code.doing);
	if (ret && core.status && core.status != 0x80)
		return fail_link(x, ret, core.status, "waiting for", err);
	if (ret)
		return fail_astray(x, t, &core, "did not end", err);
	if (core.state & STLINK_CORE_LOCKUP)
		return fail_astray(x, t, &core, "locked up", err);
	if (core.dfsr & DFSR_VCATCH)
		return fail_astray(x, t, &core, "met a fault", err);
	ret = stl_reg_read(t->fd, STLINK_REG_PC, &pc);
	if (ret == -ENODATA)
		return stl_fail_reset(t, err, x->code.doing);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "reading PC");
	if (!(core.dfsr & DFSR_BKPT) || pc != x->code.stop)
		return fail_astray(x, t, &core, "was stopped elsewhere", err);
	return STL_OK;
}

int stl_exec_run(struct stl_exec *x, struct stl_target *t, uint32_t timeout_ms,
		 struct stl_error *err)
{
	int ret = stl_exec_start(x, t, err);

	return ret ? ret : stl_exec_wait(x, t, timeout_ms, err);
}
