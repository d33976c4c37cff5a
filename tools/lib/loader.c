// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flash loader: what it is to do, and what it says that it did.
 */
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

static const struct stl_code_block code_block = {
	.name = "flash loader",
	.doing = "programming",
	.bytes = loader_code,
	.start = LOADER_START,
	.stop = LOADER_STOP,
};

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
	l->buf_size = stl_loader_buffer(&t->chip);
	return stl_exec_begin(&l->exec, t, &code_block, err);
}

void stl_loader_end(struct stl_loader *l, struct stl_target *t)
{
	stl_exec_end(&l->exec, t);
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
		ret = stl_exec_run(&l->exec, t, RUN_TIMEOUT_MS + len / 2 *
				   RUN_US_PER_HALF_WORD / 1000, err);
	if (!ret)
		ret = outcome(t, data, addr, len, err);
	return ret;
}
