// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running the flash loader: upload, start, wait, and finding out what
 * happened when it didn't end as it should.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fpec.h"
#include "loader.h"
#include "loader/layout.h"
#include "loader_code.h"
#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

_Static_assert(sizeof(loader_code) == LOADER_CODE_MAX,
	       "the loader fills its room exactly");
_Static_assert(LOADER_START == LOADER_BASE && LOADER_STOP < LOADER_CTRL,
	       "entry and stop lie in the code");

/* What the probe's firmware takes in one memory command (OpenOCD). */
#define BUF_MAX			6144u
/* 70 us is the longest known for a half-word; plus overhead and doubt. */
#define RUN_US_PER_HALF_WORD	150u
#define RUN_TIMEOUT_MS		1000u

struct control {
	uint32_t src;
	uint32_t dst;
	uint32_t count;
	uint32_t result;
	uint32_t sr;
	uint32_t found;
};

_Static_assert(sizeof(struct control) == CTRL_SIZE, "layout.h says otherwise");

uint32_t stl_loader_buffer(const struct stl_chip *chip)
{
	uint32_t room = STL_SRAM_BASE + chip->sram_size - LOADER_STACK -
			LOADER_BUF;

	room -= room % 1024;
	return room < BUF_MAX ? room : BUF_MAX;
}

int stl_loader_begin(struct stl_loader *l, struct stl_target *t,
		     struct stl_error *err)
{
	uint8_t back[sizeof(loader_code)];
	struct stl_fault fault = { 0 };
	int ret;

	l->buf_size = stl_loader_buffer(&t->chip);
	ret = stl_mem_read32(t->fd, SCB_DEMCR, &l->demcr);
	/* A fault in the loader shall halt, not run the firmware's handler. */
	if (!ret)
		ret = stl_mem_write32(t->fd, SCB_DEMCR,
				      l->demcr | SCB_DEMCR_VC_HARDERR);
	if (ret)
		return stl_fail_errno(err, ret, 0, "setting vector catch");
	ret = stl_mem_write(t->fd, LOADER_BASE, loader_code,
			    sizeof(loader_code), 4, &fault);
	if (ret)
		return stl_fail_access(t, err, ret, true, fault.addr,
				       fault.status);
	ret = stl_mem_read(t->fd, LOADER_BASE, back, sizeof(back), 4, &fault);
	if (ret)
		return stl_fail_access(t, err, ret, false, fault.addr,
				       fault.status);
	if (memcmp(back, loader_code, sizeof(back))) {
		stl_fail(err, STL_PROGRAM,
			 "SRAM at 0x%08x does not keep the flash loader",
			 LOADER_BASE);
		stl_hint(err, "lower the clock; is the supply stable?");
		return STL_PROGRAM;
	}
	return STL_OK;
}

void stl_loader_end(struct stl_loader *l, struct stl_target *t)
{
	stl_mem_write32(t->fd, SCB_DEMCR, l->demcr & ~SCB_DEMCR_VC_HARDERR);
}

/* Buffer and control block; the watchdog is given its time once more. */
static int upload(struct stl_target *t, uint32_t addr, const uint8_t *data,
		  uint32_t len, struct stl_error *err)
{
	uint32_t reload = IWDG_KR_RELOAD, padded = (len + 3) & ~3u;
	struct control ctrl = {
		.src = LOADER_BUF,
		.dst = addr,
		.count = len / 2,
		.result = LOADER_RUNNING,
	};
	uint8_t buf[BUF_MAX];
	struct stlink_mem_op ops[] = {
		{ .op = STLINK_OP_WRITE, .width = 4, .addr = LOADER_BUF,
		  .length = padded, .buf = (uintptr_t)buf },
		{ .op = STLINK_OP_WRITE, .width = 4, .addr = LOADER_CTRL,
		  .length = sizeof(ctrl), .buf = (uintptr_t)&ctrl },
		{ .op = STLINK_OP_WRITE, .width = 4, .addr = IWDG_KR,
		  .length = 4, .buf = (uintptr_t)&reload },
	};
	size_t done;
	int ret;

	memcpy(buf, data, len);
	memset(buf + len, 0xff, padded - len);
	ret = stl_mem_ops(t->fd, ops, 3, &done);
	if (ret)
		return stl_fail_access(t, err, ret, true,
				       ops[done].addr + ops[done].done,
				       ops[done].status);
	return STL_OK;
}

/*
 * After a reset through a bad vector the T bit is clear, and SP is whatever
 * flash held. CONTROL comes first: it chooses which SP is in use.
 */
static int set_registers(struct stl_target *t, struct stl_error *err)
{
	struct stlink_reg_op ops[] = {
		{ .op = STLINK_OP_WRITE, .reg = STLINK_REG_CONTROL,
		  .value = 0x00000001 },	/* PRIMASK */
		{ .op = STLINK_OP_WRITE, .reg = STLINK_REG_XPSR,
		  .value = 0x01000000 },
		{ .op = STLINK_OP_WRITE, .reg = STLINK_REG_MSP,
		  .value = STL_SRAM_BASE + t->chip.sram_size },
		{ .op = STLINK_OP_WRITE, .reg = STLINK_REG_LR,
		  .value = 0xffffffff },
		{ .op = STLINK_OP_WRITE, .reg = STLINK_REG_PC,
		  .value = LOADER_START },
	};
	int ret = stl_reg_ops(t->fd, ops, sizeof(ops) / sizeof(ops[0]));

	if (ret)
		return stl_fail_errno(err, ret, 0,
				      "setting the core registers for the flash loader");
	return STL_OK;
}

/* It didn't stop where it should; say where it is. */
static int fail_astray(struct stl_target *t, const struct stlink_core *core,
		       const char *what, struct stl_error *err)
{
	uint32_t pc = 0, sr = 0, cr = 0;

	if (!(core->state & STLINK_CORE_HALTED))
		stl_core(t->fd, STLINK_CORE_HALT, 0, 0, NULL);
	stl_reg_read(t->fd, STLINK_REG_PC, &pc);
	stl_mem_read32(t->fd, FLASH_SR, &sr);
	stl_mem_read32(t->fd, FLASH_CR, &cr);
	return stl_fail(err, STL_PROGRAM,
			"the flash loader %s (PC 0x%08x, DFSR 0x%02x, FLASH_SR 0x%02x, FLASH_CR 0x%04x)",
			what, pc, core->dfsr, sr, cr);
}

static int run(struct stl_target *t, uint32_t half_words,
	       struct stl_error *err)
{
	uint32_t timeout = RUN_TIMEOUT_MS +
			   half_words * RUN_US_PER_HALF_WORD / 1000;
	struct stlink_core core;
	uint32_t state, pc;
	int ret;

	ret = stl_core(t->fd, STLINK_CORE_RUN, STLINK_CORE_F_MASKINTS, 0,
		       &core);
	if (ret)
		return stl_fail_errno(err, ret, core.status,
				      "starting the flash loader");
	state = core.state;
	ret = stl_core(t->fd, STLINK_CORE_WAIT, 0, timeout, &core);
	state |= core.state;
	if (ret && ret != -ETIMEDOUT)
		return stl_fail_errno(err, ret, core.status,
				      "waiting for the flash loader");
	if (state & STLINK_CORE_WAS_RESET)
		return stl_fail_reset(t, err, "programming");
	if (ret && core.status && core.status != 0x80)
		return stl_fail_errno(err, ret, core.status,
				      "waiting for the flash loader");
	if (ret)
		return fail_astray(t, &core, "did not end", err);
	if (core.state & STLINK_CORE_LOCKUP)
		return fail_astray(t, &core, "locked up", err);
	if (core.dfsr & DFSR_VCATCH)
		return fail_astray(t, &core, "met a fault", err);
	ret = stl_reg_read(t->fd, STLINK_REG_PC, &pc);
	if (ret)
		return stl_fail_errno(err, ret, 0, "reading PC");
	if (!(core.dfsr & DFSR_BKPT) || pc != LOADER_STOP)
		return fail_astray(t, &core, "was stopped elsewhere", err);
	return STL_OK;
}

static int outcome(struct stl_target *t, const uint8_t *data, uint32_t addr,
		   uint32_t len, struct stl_error *err)
{
	struct control ctrl;
	uint32_t off;
	char doing[48];
	int ret;

	ret = stl_mem_read(t->fd, LOADER_CTRL, &ctrl, sizeof(ctrl), 4, NULL);
	if (ret)
		return stl_fail_errno(err, ret, 0,
				      "reading what the flash loader reports");
	off = ctrl.dst - addr;
	if (ctrl.result == LOADER_DONE && !ctrl.count && off == len)
		return STL_OK;
	snprintf(doing, sizeof(doing), "programming 0x%08x", ctrl.dst);
	switch (ctrl.result) {
	case LOADER_LOCKED:
		return stl_fail(err, STL_PROGRAM,
				"%s: the flash controller is locked", doing);
	case LOADER_FLAGS:
	case LOADER_BUSY:
		return stl_fail_flash(t, err, ctrl.sr, doing);
	case LOADER_MISMATCH:
		if (off + 2 > len)
			break;
		return stl_fail(err, STL_PROGRAM,
				"%s: wrote 0x%04x, reads back 0x%04x (FLASH_SR 0x%02x)",
				doing, data[off] | data[off + 1] << 8,
				ctrl.found, ctrl.sr);
	}
	return stl_fail(err, STL_PROGRAM,
			"the flash loader left nonsense (result 0x%x, %u half-words left at 0x%08x)",
			ctrl.result, ctrl.count, ctrl.dst);
}

int stl_loader_run(struct stl_loader *l, struct stl_target *t, uint32_t addr,
		   const uint8_t *data, uint32_t len, struct stl_error *err)
{
	int ret;

	if (!len || len % 2 || addr % 2 || len > l->buf_size)
		return stl_fail(err, STL_USAGE,
				"%u bytes at 0x%08x are not for the flash loader",
				len, addr);
	ret = upload(t, addr, data, len, err);
	if (!ret)
		ret = set_registers(t, err);
	if (!ret)
		ret = run(t, len / 2, err);
	if (!ret)
		ret = outcome(t, data, addr, len, err);
	return ret;
}
