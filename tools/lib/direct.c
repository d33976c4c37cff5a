// SPDX-License-Identifier: GPL-2.0-only
/*
 * Half-words straight to flash. ST RM0360 rev 5, 3.2.2.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "direct.h"
#include "fpec.h"
#include "ioctl.h"
#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

#define MAX_LEN		2048u
/* So often a block may end without any progress, at the smallest size */
#define TRIES		8
/* 70 us is the longest known for a half-word */
#define BUSY_MS		10u
/* One access takes 96 us then (46 clocks): the flash is never busy any more */
#define SLOW_KHZ	480u

/**
 * struct direct - one run
 * @t: target
 * @addr: of the start
 * @want: content afterwards
 * @now: content as known
 * @len: bytes
 * @block: most bytes in one command
 */
struct direct {
	struct stl_target *t;
	uint32_t addr;
	const uint8_t *want;
	uint8_t now[MAX_LEN];
	uint32_t len;
	uint32_t block;
};

bool stl_direct_possible(const struct stl_target *t)
{
	return t->info.features & STLINK_FEAT_MEM16;
}

static bool same(const struct direct *d, uint32_t off)
{
	return d->now[off] == d->want[off] && d->now[off + 1] == d->want[off + 1];
}

static uint32_t half_word(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

/* The next half-words to program, no more than @block bytes of them. */
static uint32_t next_block(const struct direct *d, uint32_t *off)
{
	uint32_t end;

	while (*off < d->len && same(d, *off))
		*off += 2;
	for (end = *off; end < d->len && end - *off < d->block; end += 2)
		if (same(d, end))
			break;
	return end - *off;
}

/*
 * Reads back what a block came to. *@progress: something of it was done; it is an
 * error if anything else than what was there or what was wanted is there now.
 */
static int read_back(struct direct *d, uint32_t off, uint32_t len,
		     bool *progress, struct stl_error *err)
{
	uint8_t found[MAX_LEN];
	struct stl_fault fault = { 0 };
	uint32_t i;
	int ret;

	*progress = false;
	ret = stl_mem_read(d->t->fd, d->addr + off, found, len, 2, &fault);
	if (ret)
		return stl_fail_access(d->t, err, ret, false, fault.addr,
				       fault.status);
	for (i = 0; i < len; i += 2) {
		if (half_word(found + i) == half_word(d->now + off + i))
			continue;
		if (half_word(found + i) != half_word(d->want + off + i)) {
			stl_fail(err, STL_PROGRAM,
				 "programming 0x%08x: wrote 0x%04x, reads back 0x%04x",
				 d->addr + off + i,
				 half_word(d->want + off + i),
				 half_word(found + i));
			stl_hint(err,
				 "16-bit writes may not arrive as they should on this probe or chip: leave --no-loader out");
			return STL_PROGRAM;
		}
		memcpy(d->now + off + i, found + i, 2);
		*progress = true;
	}
	return STL_OK;
}

/* A refusal stops nothing: find the half-word that it was about. */
static int fail_refused(struct direct *d, uint32_t off, uint32_t len,
			uint32_t sr, struct stl_error *err)
{
	char doing[48];
	bool progress;
	int ret;

	ret = read_back(d, off, len, &progress, err);
	if (ret)
		return ret;
	while (len > 2 && same(d, off)) {
		off += 2;
		len -= 2;
	}
	snprintf(doing, sizeof(doing), "programming 0x%08x", d->addr + off);
	return stl_fail_flash(d->t, err, sr, doing);
}

/* WAIT for too long, or a signal: some of it was done. Status 0 is the link's. */
static bool gave_up(int ret, uint32_t status)
{
	return ret == -EINTR || (ret == -ETIMEDOUT && status) ||
	       status == 0x10 || status == 0x14;
}

/* Writes one block. *@whole: all of it went well by all that is said of it. */
static int write_block(struct direct *d, uint32_t off, uint32_t len,
		       bool *whole, struct stl_error *err)
{
	uint32_t reload = IWDG_KR_RELOAD, clear = FLASH_SR_FLAGS, sr = 0;
	uint32_t pg = FLASH_CR_PG, cr = 0;
	struct stlink_mem_op ops[] = {
		stl_word_op(STLINK_OP_WRITE, IWDG_KR, &reload),
		stl_word_op(STLINK_OP_WRITE, FLASH_SR, &clear),
		stl_word_op(STLINK_OP_WRITE, FLASH_CR, &pg),
		{ .op = STLINK_OP_WRITE, .width = 2, .addr = d->addr + off,
		  .flags = STLINK_MEM_ONCE, .length = len,
		  .buf = (uintptr_t)(d->want + off) },
		stl_word_op(STLINK_OP_POLL, FLASH_SR, NULL),
		stl_word_op(STLINK_OP_READ, FLASH_SR, &sr),
		stl_word_op(STLINK_OP_READ, FLASH_CR, &cr),
	};
	const size_t data = 3, num = sizeof(ops) / sizeof(ops[0]);
	int ret, after;
	size_t done;

	ops[4].mask = FLASH_SR_BSY;
	ops[4].timeout_ms = BUSY_MS;
	ret = stl_mem_ops(d->t->fd, ops, num, &done);
	*whole = !ret;
	if (ret && done == data && gave_up(ret, ops[data].status)) {
		/* a read first: it clears the fault that WAIT may leave */
		stl_mem_read32(d->t->fd, FLASH_SR, &sr);
		after = stl_mem_ops(d->t->fd, ops + 4, 3, &done);
		done += 4;
		ret = after;
	}
	if (ret == -ETIMEDOUT && done == 4 && !ops[4].status)
		return stl_fail_flash(d->t, err, ops[4].value, "programming");
	if (ret)
		return stl_fail_access(d->t, err, ret, true, ops[done].addr +
				       ops[done].done, ops[done].status);
	if ((cr & (FLASH_CR_PG | FLASH_CR_LOCK)) != FLASH_CR_PG)
		return stl_fail_reset(d->t, err, "programming");
	if (sr & (FLASH_SR_PGERR | FLASH_SR_WRPRTERR))
		return fail_refused(d, off, len, sr, err);
	*whole &= !!(sr & FLASH_SR_EOP);
	return STL_OK;
}

/* It met WAIT: at a slower clock, if there is one, or with less at once. */
static void take_it_slower(struct direct *d)
{
	struct stlink_clock clock = { .khz = SLOW_KHZ };
	struct stl_target *t = d->t;

	if ((!t->clock_khz || t->clock_khz > SLOW_KHZ) &&
	    !stl_ioc_clock(t->fd, &clock)) {
		stl_note(t, STL_NOTE_INFO,
			 "the probe doesn't wait for the flash: going on at %u kHz",
			 clock.khz);
		t->clock_khz = clock.khz;
		return;
	}
	d->block = d->block / 4 & ~1u;
	if (d->block < 2)
		d->block = 2;
}

static int do_blocks(struct direct *d, struct stl_error *err)
{
	unsigned int tries = 0;
	uint32_t off = 0, len;
	bool whole, progress, first = true;
	int ret;

	while ((len = next_block(d, &off))) {
		/* Two at first, to see that both halves of a word get there. */
		if (first && len > 4)
			len = 4;
		ret = write_block(d, off, len, &whole, err);
		if (!ret && whole && !first) {
			memcpy(d->now + off, d->want + off, len);
			continue;
		}
		if (!ret)
			ret = read_back(d, off, len, &progress, err);
		if (ret)
			return ret;
		first = false;
		if (whole && progress)
			continue;
		take_it_slower(d);
		tries = progress ? 0 : tries + 1;
		if (tries > TRIES) {
			stl_fail(err, STL_PROGRAM,
				 "programming 0x%08x: nothing is programmed, and no reason given",
				 d->addr + off);
			stl_hint(err, "try a slower clock (--freq), or leave --no-loader out");
			return STL_PROGRAM;
		}
	}
	return STL_OK;
}

int stl_direct_run(struct stl_target *t, uint32_t addr, const uint8_t *have,
		   const uint8_t *want, uint32_t len, struct stl_error *err)
{
	struct direct d = {
		.t = t,
		.addr = addr,
		.want = want,
		.len = len,
		.block = MAX_LEN,
	};
	int ret;

	if (!len || len % 2 || addr % 2 || len > MAX_LEN)
		return stl_fail(err, STL_USAGE,
				"%u bytes at 0x%08x can't be programmed at once",
				len, addr);
	memcpy(d.now, have, len);
	ret = do_blocks(&d, err);
	stl_mem_write32(t->fd, FLASH_SR, FLASH_SR_FLAGS);
	stl_mem_write32(t->fd, FLASH_CR, 0);
	return ret;
}
