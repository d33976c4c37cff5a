// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions for which the core stands still. What is written is put back.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <string.h>

#include "ioctl.h"
#include "priv.h"
#include "stm32f0.h"
#include "self_priv.h"

/* ARMv6-M debug: a register by hand */
#define DCRSR			0xe000edf4u
#define DCRDR			0xe000edf8u
#define DHCSR			0xe000edf0u
#define DHCSR_S_REGRDY		0x00010000u

/* a bit that does nothing while TIM14 isn't looked at */
#define APB1_FZ_TIM14		0x00000100u

#define PATTERN			0x5ae1c3d7u

bool stl_self_behind_error(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t addr = STL_SRAM_BASE + s->t->chip.sram_size / 2;
	uint32_t old, value, words[3], now;
	struct stlink_mem_op ops[3];
	uint64_t took;
	size_t done;
	int ret, i;

	if (!(s->t->info.features & STLINK_FEAT_RW_MISC))
		return stl_self_open(a, "this firmware is too old for it (J32)");
	for (i = 0; i < 3; i++)
		ops[i] = stl_word_op(STLINK_OP_READ, SCB_CPUID, &words[i]);
	ret = stl_self_count(s, ops, 3, &took);
	if (!ret && took != 2)
		return stl_self_open(a, "words don't travel together here");
	if (!ret)
		ret = stl_mem_read32(s->t->fd, addr, &old);
	if (ret)
		return stl_self_trouble(a, ret, "reading SRAM");
	value = old ^ PATTERN;
	ops[1].addr = STL_SELF_HOLE;
	ops[2] = stl_word_op(STLINK_OP_WRITE, addr, &value);
	ops[2].flags = STLINK_MEM_TOGETHER;
	ret = stl_mem_ops(s->t->fd, ops, 3, &done);
	if (!stl_self_refused(ret) || done != 1) {
		stl_mem_write32(s->t->fd, addr, old);
		return ret ? stl_self_trouble(a, ret, "a batch with a hole") :
			     stl_self_open(a, "nothing refuses a read of the hole");
	}
	ret = stl_mem_read32(s->t->fd, addr, &now);
	if (!ret)
		ret = stl_mem_write32(s->t->fd, addr, old);
	if (ret)
		return stl_self_trouble(a, ret, "putting SRAM back");
	if (now == value)
		return stl_self_differs(a, "--rw-misc go-on",
					"a write behind an error is carried out");
	return stl_self_same(a, "nothing behind an error is done");
}

/* It would begin again at the start of its KiB, so both are kept. */
bool stl_self_tar_write(struct stl_self *s, struct stl_self_answer *a)
{
	const struct stl_part *part = s->t->chip.part;
	static uint8_t old[2048], new[1024], now[2048];
	struct stlink_mem_op op = {
		.op = STLINK_OP_READ,
		.width = 4,
		.addr = part->sysmem_base,
		.length = sizeof(old),
		.buf = (uintptr_t)old,
	};
	uint64_t took;
	size_t i;
	int ret;

	ret = stl_self_count(s, &op, 1, &took);
	if (!ret && took > 2)
		return stl_self_open(a, "blocks are cut at 1 KiB here");
	if (!ret)
		ret = stl_mem_read(s->t->fd, STL_SRAM_BASE, old, 1024, 4, NULL);
	if (!ret)
		ret = stl_mem_read(s->t->fd, STL_SRAM_BASE + 1024, old + 1024,
				   1024, 4, NULL);
	if (ret)
		return stl_self_trouble(a, ret, "reading SRAM");
	for (i = 0; i < sizeof(new); i++)
		new[i] = old[512 + i] ^ (PATTERN >> 8 * (i % 4));
	ret = stl_mem_write(s->t->fd, STL_SRAM_BASE + 512, new, sizeof(new), 4,
			    NULL);
	if (!ret)
		ret = stl_mem_read(s->t->fd, STL_SRAM_BASE, now, 1024, 4, NULL);
	if (!ret)
		ret = stl_mem_read(s->t->fd, STL_SRAM_BASE + 1024, now + 1024,
				   1024, 4, NULL);
	stl_mem_write(s->t->fd, STL_SRAM_BASE, old, 1024, 4, NULL);
	stl_mem_write(s->t->fd, STL_SRAM_BASE + 1024, old + 1024, 1024, 4,
		      NULL);
	if (ret)
		return stl_self_trouble(a, ret, "writing SRAM");
	if (!memcmp(now + 512, new, sizeof(new)) && !memcmp(now, old, 512))
		return stl_self_same(a, "it goes across 1 KiB as a read does");
	return stl_self_differs(a, "", "it doesn't go across 1 KiB, though a read does");
}

/* Register @reg by DCRSR and DCRDR, which no firmware has a part in. */
static int by_hand(struct stl_self *s, uint32_t reg, uint32_t *value)
{
	struct stlink_mem_op ops[] = {
		stl_word_op(STLINK_OP_WRITE, DCRSR, &reg),
		stl_word_op(STLINK_OP_POLL, DHCSR, NULL),
		stl_word_op(STLINK_OP_READ, DCRDR, value),
	};

	ops[1].mask = DHCSR_S_REGRDY;
	ops[1].value = DHCSR_S_REGRDY;
	ops[1].timeout_ms = 100;
	return stl_mem_ops(s->t->fd, ops, 3, NULL);
}

bool stl_self_readreg(struct stl_self *s, struct stl_self_answer *a)
{
	static const uint8_t regs[] = { STLINK_REG_PC, STLINK_REG_XPSR,
					STLINK_REG_MSP, 0 };
	struct stlink_reg_op all[4] = { 0 };
	uint32_t one, hand;
	unsigned int i;
	int ret;

	for (i = 0; i < 4; i++) {
		all[i].op = STLINK_OP_READ;
		all[i].reg = regs[i];
	}
	/* four in a row come from one exchange for all registers */
	ret = stl_reg_ops(s->t->fd, all, 4);
	for (i = 0; i < 4 && !ret; i++) {
		ret = stl_reg_read(s->t->fd, regs[i], &one);
		if (!ret)
			ret = by_hand(s, regs[i], &hand);
		if (!ret && (one != hand || all[i].value != hand)) {
			stl_self_raw(a, "register %u: READREG %08x, READALLREGS %08x, DCRDR %08x",
				     regs[i], one, all[i].value, hand);
			return stl_self_differs(a, "", "they don't agree");
		}
	}
	if (ret)
		return stl_self_trouble(a, ret, "reading registers");
	return stl_self_same(a, "READREG, READALLREGS and DCRDR agree");
}

bool stl_self_dbgmcu(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t enr, fz, off, now;
	int fd = s->t->fd, ret;

	ret = stl_mem_read32(fd, RCC_APB2ENR, &enr);
	if (!ret)
		ret = stl_mem_write32(fd, RCC_APB2ENR,
				      enr | RCC_APB2ENR_DBGMCUEN);
	if (!ret)
		ret = stl_mem_read32(fd, DBGMCU_APB1_FZ, &fz);
	if (!ret)
		ret = stl_mem_write32(fd, RCC_APB2ENR,
				      enr & ~RCC_APB2ENR_DBGMCUEN);
	if (!ret)
		ret = stl_mem_read32(fd, DBGMCU_APB1_FZ, &off);
	if (!ret)
		ret = stl_mem_write32(fd, DBGMCU_APB1_FZ, fz ^ APB1_FZ_TIM14);
	if (ret && !stl_self_refused(ret))
		return stl_self_trouble(a, ret, "looking at DBGMCU");
	/* in any case, and read with its clock on */
	ret = stl_mem_write32(fd, RCC_APB2ENR, enr | RCC_APB2ENR_DBGMCUEN);
	if (!ret)
		ret = stl_mem_read32(fd, DBGMCU_APB1_FZ, &now);
	if (!ret)
		ret = stl_mem_write32(fd, DBGMCU_APB1_FZ, fz);
	if (!ret)
		ret = stl_mem_write32(fd, RCC_APB2ENR, enr);
	if (ret)
		return stl_self_trouble(a, ret, "putting DBGMCU back");
	stl_self_raw(a, "APB1_FZ %08x, without clock %08x, after the write %08x",
		     fz, off, now);
	if (now == fz)
		return stl_self_differs(a, "--chip dbgmcu-needs-clock",
					"without its clock it isn't written");
	if (off != fz)
		return stl_self_differs(a, "", "without its clock it reads %08x",
					off);
	return stl_self_same(a, "it is read and written without its clock");
}

bool stl_self_locked_cr(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t cr, now, pg = FLASH_CR_PG;
	struct stlink_mem_op op;
	int ret = stl_mem_read32(s->t->fd, FLASH_CR, &cr);

	if (ret)
		return stl_self_trouble(a, ret, "reading FLASH_CR");
	if (!(cr & FLASH_CR_LOCK))
		return stl_self_open(a, "the firmware has left it unlocked");
	ret = stl_self_once(s, &op, STLINK_OP_WRITE, FLASH_CR, &pg, 4, 4);
	if (stl_self_refused(ret))
		return stl_self_differs(a, "", "refused, status %02x",
					op.status);
	if (!ret)
		ret = stl_mem_read32(s->t->fd, FLASH_CR, &now);
	if (ret)
		return stl_self_trouble(a, ret, "writing FLASH_CR");
	stl_self_raw(a, "CR %08x, then %08x", cr, now);
	if (now != cr)
		return stl_self_differs(a, "", "it is obeyed: CR %08x", now);
	return stl_self_same(a, "ignored");
}

static int attach(struct stl_self *s, uint32_t mode)
{
	struct stlink_attach at = {
		.mode = mode,
		.clock_khz = s->t->clock_khz,
	};

	return stl_ioc_attach(s->t->fd, &at);
}

bool stl_self_exit_halted(struct stl_self *s, struct stl_self_answer *a)
{
	struct stlink_detach detach = { .flags = STLINK_DETACH_KEEP_HALTED };
	struct stlink_core core = { 0 };
	int ret, looked;

	if (s->t->result & STLINK_ATTACHED_JOINED)
		return stl_self_open(a, "another program has a session too");
	ret = stl_ioc_detach(s->t->fd, &detach);
	if (!ret)
		ret = attach(s, STLINK_ATTACH_HOTPLUG);
	if (ret)
		return stl_self_failed(s, a, ret, 0, "leaving and coming back");
	looked = stl_core(s->t->fd, STLINK_CORE_STATUS, 0, 0, &core);
	/* a session that has only looked would leave the core as it is */
	ret = attach(s, STLINK_ATTACH_NORMAL);
	if (!ret && !(core.state & STLINK_CORE_HALTED))
		ret = stl_core(s->t->fd, STLINK_CORE_HALT, 0, 0, NULL);
	if (ret || looked)
		return stl_self_trouble(a, ret ? ret : looked,
					"looking at the core again");
	stl_self_raw(a, "DHCSR %08x", core.dhcsr);
	if (!(core.state & STLINK_CORE_HALTED))
		return stl_self_differs(a, "", "it lets the core run");
	return stl_self_same(a, "a halted core stays halted");
}
