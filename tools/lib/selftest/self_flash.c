// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions about the flash controller, on a page that is blank and stays so.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <string.h>

#include "fpec.h"
#include "pace.h"
#include "priv.h"
#include "stm32f0.h"
#include "self_priv.h"

/* Datasheets of this flash: 20 to 40 ms for an erase, 40 to 70 us a half-word */
#define ERASE_MIN_US	20000u
#define ERASE_MAX_US	41000u
#define TIMEOUT_US	500000u
#define BLOCK		1024u

int stl_self_page_blank(struct stl_self *s, bool *blank)
{
	uint8_t buf[2048];
	uint32_t i, size = s->t->chip.page_size;
	int ret = stl_mem_read(s->t->fd, s->page, buf, size, 4, NULL);

	*blank = true;
	for (i = 0; i < size; i++)
		*blank &= buf[i] == 0xff;
	return ret;
}

/* Makes the controller ready for @mode: unlocked, no flags */
static int ready(struct stl_self *s, uint32_t mode)
{
	uint32_t clear = FLASH_SR_FLAGS;
	struct stlink_mem_op ops[] = {
		stl_word_op(STLINK_OP_WRITE, FLASH_SR, &clear),
		stl_word_op(STLINK_OP_WRITE, FLASH_CR, &mode),
		stl_word_op(STLINK_OP_WRITE, FLASH_AR, &s->page),
	};

	if (stl_fpec_unlock(s->t, NULL))
		return -EIO;
	return stl_mem_ops(s->t->fd, ops, 3, NULL);
}

/* Waits for the end of an operation; *sr is what FLASH_SR has then */
static int over(struct stl_self *s, uint32_t *sr)
{
	uint64_t end = stl_now_us() + TIMEOUT_US;
	int ret;

	do {
		ret = stl_mem_read32(s->t->fd, FLASH_SR, sr);
	} while (!ret && *sr & FLASH_SR_BSY && stl_now_us() < end);
	return ret ? ret : stl_mem_write32(s->t->fd, FLASH_CR, 0);
}

bool stl_self_store(struct stl_self *s, struct stl_self_answer *a)
{
	uint16_t value = 0x1234;
	struct stlink_mem_op op;
	uint32_t sr = 0;
	bool blank;
	int ret, stored;

	if (!(s->t->info.features & STLINK_FEAT_MEM16))
		return stl_self_open(a, "this firmware has no 16-bit access (J26)");
	ret = ready(s, 0);
	if (ret)
		return stl_self_trouble(a, ret, "unlocking FLASH_CR");
	stored = stl_self_once(s, &op, STLINK_OP_WRITE, s->page, &value, 2, 2);
	if (stored && !stl_self_refused(stored))
		return stl_self_trouble(a, stored, "storing to flash");
	ret = over(s, &sr);
	if (!ret)
		ret = stl_self_page_blank(s, &blank);
	if (ret)
		return stl_self_trouble(a, ret, "looking at the page");
	stl_self_raw(a, "status %02x, SR %02x", op.status, sr);
	if (!blank) {
		stl_self_differs(a, "", "it was programmed");
		return !stl_fpec_erase_page(s->t, s->opts->page, NULL);
	}
	if (stored)
		return stl_self_differs(a, "--chip store=fault", "a bus error");
	if (sr & FLASH_SR_PGERR)
		return stl_self_differs(a, "--chip store=pgerr", "PGERR");
	if (sr & FLASH_SR_FLAGS)
		return stl_self_differs(a, "", "SR %02x", sr);
	return stl_self_same(a, "ignored");
}

bool stl_self_busy_read(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t start = FLASH_CR_PER | FLASH_CR_STRT, word, sr = 0;
	struct stlink_mem_op op;
	uint64_t begin, took;
	int ret, read;

	ret = ready(s, FLASH_CR_PER);
	begin = stl_now_us();
	if (!ret)
		ret = stl_mem_write32(s->t->fd, FLASH_CR, start);
	if (ret)
		return stl_self_trouble(a, ret, "erasing");
	read = stl_self_once(s, &op, STLINK_OP_READ, s->page, &word, 4, 4);
	took = stl_now_us() - begin;
	ret = over(s, &sr);
	if (ret)
		return stl_self_trouble(a, ret, "waiting for the erase");
	stl_self_raw(a, "status %02x after %llu us, SR %02x", op.status,
		     (unsigned long long)took, sr);
	if (stl_self_refused(read))
		return stl_self_differs(a, "--chip busy-read-fault",
					"a bus error");
	if (!read && took < ERASE_MIN_US)
		return stl_self_open(a, "the erase was over within %llu us",
				     (unsigned long long)took);
	if (!read)
		return stl_self_differs(a, "--wait-tries 1000",
					"the probe waits for the whole erase");
	if (op.status == STL_STATUS_AP_WAIT || op.status == STL_STATUS_DP_WAIT)
		return stl_self_same(a, "the probe says WAIT");
	return stl_self_trouble(a, read, "reading while it is busy");
}

bool stl_self_erase_time(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t start = FLASH_CR_PER | FLASH_CR_STRT, sr = 0;
	uint64_t begin, begun, busy, least = 0, most;
	int ret = ready(s, FLASH_CR_PER);

	begin = stl_now_us();
	if (!ret)
		ret = stl_mem_write32(s->t->fd, FLASH_CR, start);
	begun = stl_now_us();
	do {
		busy = stl_now_us();
		if (!ret)
			ret = stl_mem_read32(s->t->fd, FLASH_SR, &sr);
		if (sr & FLASH_SR_BSY)
			least = busy - begun;
	} while (!ret && sr & FLASH_SR_BSY && busy < begun + TIMEOUT_US);
	most = stl_now_us() - begin;
	if (!ret)
		ret = stl_mem_write32(s->t->fd, FLASH_CR, 0);
	if (ret)
		return stl_self_trouble(a, ret, "erasing");
	stl_self_raw(a, "%llu to %llu us, SR %02x", (unsigned long long)least,
		     (unsigned long long)most, sr);
	/* on a machine that is busy these two are far from each other */
	if (most < ERASE_MIN_US || least > ERASE_MAX_US)
		return stl_self_differs(a, "", "%llu to %llu us",
					(unsigned long long)least,
					(unsigned long long)most);
	if ((sr & FLASH_SR_FLAGS) != FLASH_SR_EOP)
		return stl_self_differs(a, "", "SR %02x", sr);
	return stl_self_same(a, "%llu to %llu us", (unsigned long long)least,
			     (unsigned long long)most);
}

/* Half-words one behind the other: does the bus hold each off until it can be? */
bool stl_self_program_time(struct stl_self *s, struct stl_self_answer *a)
{
	uint8_t data[BLOCK], now[BLOCK];
	uint32_t sr = 0, i;
	struct stlink_mem_op op;
	uint64_t begin, took;
	int ret, wrote;

	if (!(s->t->info.features & STLINK_FEAT_MEM16))
		return stl_self_open(a, "this firmware has no 16-bit access (J26)");
	for (i = 0; i < BLOCK; i++)
		data[i] = (i * 7 + i / 256) | 1;
	ret = ready(s, FLASH_CR_PG);
	if (ret)
		return stl_self_trouble(a, ret, "unlocking FLASH_CR");
	begin = stl_now_us();
	wrote = stl_self_once(s, &op, STLINK_OP_WRITE, s->page, data, BLOCK, 2);
	took = stl_now_us() - begin;
	ret = over(s, &sr);
	if (!ret)
		ret = stl_mem_read(s->t->fd, s->page, now, BLOCK, 2, NULL);
	if (ret)
		return stl_self_trouble(a, ret, "reading back");
	stl_self_raw(a, "status %02x, SR %02x, %llu us for %u half-words",
		     op.status, sr, (unsigned long long)took, BLOCK / 2);
	for (i = 0; i < BLOCK && now[i] == data[i]; i++)
		;
	if (i == 2)
		stl_self_differs(a, "--chip clone",
				 "upper half-words go wrong");
	else if (i < BLOCK)
		stl_self_differs(a, "", "byte %u is wrong: the bus doesn't wait%s",
				 i, wrote ? ", and the probe says so" : "");
	else
		stl_self_same(a, "all arrived, %llu us for each",
			      (unsigned long long)took / (BLOCK / 2));
	return !stl_fpec_erase_page(s->t, s->opts->page, NULL);
}

/* str r1, [r0]; ldr r3, [r2]; bkpt 0; nop: the very next look at SR */
bool stl_self_bsy_late(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t code[2] = { 0x68136001, 0xbf00be00 }, old[2], r3, sr;
	uint32_t at = STL_SRAM_BASE + s->t->chip.sram_size / 2;
	struct stlink_reg_op regs[] = {
		{ .reg = 0, .value = FLASH_CR },
		{ .reg = 1, .value = FLASH_CR_PER | FLASH_CR_STRT },
		{ .reg = 2, .value = FLASH_SR },
		{ .reg = 3, .value = 0 },
		{ .reg = STLINK_REG_PC, .value = at },
		{ .reg = STLINK_REG_XPSR, .value = 0x01000000 },
	};
	size_t num = sizeof(regs) / sizeof(regs[0]), i;
	struct stlink_core core;
	int fd = s->t->fd, ret;

	for (i = 0; i < num; i++)
		regs[i].op = STLINK_OP_WRITE;
	ret = ready(s, FLASH_CR_PER);
	if (!ret)
		ret = stl_mem_read(fd, at, old, sizeof(old), 4, NULL);
	if (!ret)
		ret = stl_mem_write(fd, at, code, sizeof(code), 4, NULL);
	if (!ret)
		ret = stl_reg_ops(fd, regs, num);
	if (!ret)
		ret = stl_core(fd, STLINK_CORE_RUN, STLINK_CORE_F_MASKINTS, 0,
			       &core);
	if (!ret)
		ret = stl_core(fd, STLINK_CORE_WAIT, 0, 0, &core);
	if (!ret)
		ret = stl_reg_read(fd, 3, &r3);
	if (!ret)
		ret = over(s, &sr);
	if (!ret)
		ret = stl_mem_write(fd, at, old, sizeof(old), 4, NULL);
	if (ret)
		return stl_self_trouble(a, ret, "running code in SRAM");
	stl_self_raw(a, "SR %02x, at the end %02x", r3, sr);
	if (r3 & FLASH_SR_BSY)
		return stl_self_same(a, "BSY is set");
	return stl_self_differs(a, "--chip bsy-late", "BSY isn't set yet");
}
