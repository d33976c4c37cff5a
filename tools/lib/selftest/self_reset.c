// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions for which the chip is reset; it is halted again afterwards.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <string.h>

#include "fpec.h"
#include "ioctl.h"
#include "priv.h"
#include "stm32f0.h"
#include "self_priv.h"

#define WRONG_KEY	0x12345678u

/* No reset was seen, or no halt; the status is that of what was cleaned up then. */
static bool timed_out(int ret, const struct stlink_core *core)
{
	return ret == -ETIMEDOUT &&
	       (!core->status || core->status == STL_STATUS_OK);
}

/* Halted at its reset vector, watchdogs frozen. Return: false if it is lost. */
static bool again(struct stl_self *s)
{
	return !stl_reset_halt(s->t, NULL);
}

bool stl_self_nrst(struct stl_self *s, struct stl_self_answer *a)
{
	struct stlink_core core;
	int ret = stl_core(s->t->fd, STLINK_CORE_RESET,
			   STLINK_CORE_F_NRST | STLINK_CORE_F_CATCH, 0, &core);

	stl_self_raw(a, "DHCSR %08x", core.dhcsr);
	s->nrst = !ret;
	if (timed_out(ret, &core))
		stl_self_differs(a, "--nrst-wired 0",
				 "the chip isn't reset by it");
	else if (ret)
		return stl_self_trouble(a, ret, "resetting by nRST");
	else
		stl_self_same(a, "the chip is reset by it");
	return again(s);
}

static int drive(struct stl_self *s, uint32_t action)
{
	struct stlink_nrst nrst = { .action = action };

	return stl_ioc_nrst(s->t->fd, &nrst);
}

bool stl_self_under_nrst(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t cpuid = 0;
	int ret, held;

	if (!s->nrst)
		return stl_self_open(a, "nRST doesn't reset the chip");
	held = drive(s, STLINK_NRST_ASSERT);
	if (!held)
		stl_sleep_ms(5);
	ret = stl_mem_read32(s->t->fd, SCB_CPUID, &cpuid);
	stl_self_raw(a, "CPUID %08x, status %02x", cpuid,
		     ret ? stl_failed_status() : STL_STATUS_OK);
	if (held || drive(s, STLINK_NRST_RELEASE))
		return stl_self_failed(s, a, held ? held : -EIO, 0,
				       "driving nRST");
	if (!ret && cpuid == s->t->cpuid)
		stl_self_same(a, "they can be read");
	else
		stl_self_differs(a, "", "they can't be read: %s",
				 ret ? strerror(-ret) : "another value");
	stl_sleep_ms(20);
	return again(s);
}

bool stl_self_catch(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t vector = 0, pc = 0;
	struct stlink_core core;
	int ret;

	ret = stl_core(s->t->fd, STLINK_CORE_RESET,
		       STLINK_CORE_F_SYSRESETREQ | STLINK_CORE_F_CATCH, 0,
		       &core);
	if (timed_out(ret, &core)) {
		stl_self_differs(a, "", "the core isn't caught: DHCSR %08x",
				 core.dhcsr);
		return again(s);
	}
	if (!ret)
		ret = stl_reg_read(s->t->fd, STLINK_REG_PC, &pc);
	if (!ret && !s->t->chip.rdp_level)
		ret = stl_mem_read32(s->t->fd, 4, &vector);
	if (ret)
		return stl_self_trouble(a, ret, "resetting and halting");
	stl_self_raw(a, "DFSR %02x, PC %08x", core.dfsr, pc);
	if (!(core.dfsr & DFSR_VCATCH))
		stl_self_differs(a, "", "DFSR %02x", core.dfsr);
	else if (vector && (pc | 1) != (vector | 1))
		stl_self_differs(a, "", "PC isn't at the reset vector");
	else
		stl_self_same(a, "before its first instruction");
	return !stl_freeze_watchdogs(s->t, NULL);
}

/* A wrong key locks the register until the next reset, and no more. */
bool stl_self_optkey(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t key = WRONG_KEY;
	struct stlink_mem_op op;
	int ret;

	if (stl_fpec_unlock(s->t, NULL))
		return stl_self_failed(s, a, -EIO, 0, "unlocking FLASH_CR");
	ret = stl_self_once(s, &op, STLINK_OP_WRITE, FLASH_OPTKEYR, &key, 4, 4);
	stl_self_raw(a, "status %02x", op.status);
	if (!ret)
		stl_self_differs(a, "--chip optkey-wrong-ignored",
				 "no bus error");
	else if (stl_self_refused(ret))
		stl_self_same(a, "a bus error");
	else
		return stl_self_trouble(a, ret, "writing FLASH_OPTKEYR");
	return again(s);
}
