// SPDX-License-Identifier: GPL-2.0-only
/* Batches of all kinds and sizes, and what must hold of them. */
#include <errno.h>
#include <linux/stlink.h>
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "fence.h"
#include "liar.h"
#include "port.h"

/* What a program writes to the target; nobody may change it */
#define WRITTEN		0x11
/* Between two buffers of a batch */
#define GAP		16

static const uint32_t bases[] = {
	FLASH_BASE, FLASH_BASE + 0x3f0, SRAM_BASE, SRAM_BASE + 0x3fc,
	SRAM_BASE + SRAM_SIZE - 0x20, FIFO_ADDR, 0x50000000,
	COLOURED_END - 0x10000, BIGRAM_BASE, BIGRAM_BASE + 0x3f0,
	BIGRAM_BASE + 0x1000, BIGRAM_BASE + 0x8000, BIGRAM_BASE + 0x8801,
	BIGRAM_BASE + 0xfff0,
};

static bool can16(const struct caller *c)
{
	return c->p->opt.j >= 26;
}

/* Most are short; some go to the limit */
static uint32_t any_length(struct dice *d)
{
	switch (below(d, 12)) {
	case 0:
		return 1 + below(d, 16384);
	case 1:
	case 2:
		return 1 + below(d, 2100);
	case 3:
		return one_in(d, 6) ? STLINK_MAX_BYTES : 6144;
	default:
		return 1 + below(d, 140);
	}
}

static void any_poll(struct caller *c, struct stlink_mem_op *op)
{
	struct dice *d = &c->dice;

	op->op = STLINK_OP_POLL;
	op->addr = (ONE_OF(d, bases) + below(d, 64)) & ~3u;
	op->length = 4;
	op->mask = one_in(d, 2) ? 0 : 1u << below(d, 32);
	op->value = op->mask & roll(d);
	op->timeout_ms = below(d, 4);
}

static void any_access(struct caller *c, struct stlink_mem_op *op,
		       uint32_t room)
{
	struct dice *d = &c->dice;
	uint32_t width;

	op->op = below(d, 3) ? STLINK_OP_READ : STLINK_OP_WRITE;
	op->width = 1 << below(d, 4) & 7;
	if (op->width == 2 && !can16(c))
		op->width = 4;
	width = op->width ? op->width : 1;
	op->addr = (ONE_OF(d, bases) + below(d, 64)) & ~(width - 1);
	op->length = any_length(d);
	if (op->length > room)
		op->length = room;
	op->length = (op->length + width - 1) & ~(width - 1);
	if (op->width && one_in(d, 6))
		op->flags |= STLINK_MEM_NO_INCREMENT;
	if (one_in(d, 6))
		op->flags |= STLINK_MEM_ONCE;
	/* One by one that takes too long to be tried often */
	if (op->flags && op->length > 100)
		op->length = 100;
}

/* Buffers stand one behind the other, each with poison before it */
static void place(struct stlink_mem_op *ops, uint32_t n)
{
	uint32_t total = 0, i;
	uint8_t *at;

	for (i = 0; i < n; i++)
		total += ops[i].op == STLINK_OP_POLL ? 0 : GAP + ops[i].length;
	at = fence_room(FENCE_DATA, total);
	for (i = 0; i < n; i++) {
		if (ops[i].op == STLINK_OP_POLL)
			continue;
		at += GAP;
		ops[i].buf = (uintptr_t)at;
		if (ops[i].op == STLINK_OP_WRITE)
			memset(at, WRITTEN, ops[i].length);
		at += ops[i].length;
	}
}

static bool all_coloured(const uint8_t *b, uint32_t len, unsigned int colour)
{
	while (len && is_coloured(*b, colour)) {
		b++;
		len--;
	}
	return !len;
}

static bool all_written(const uint8_t *b, uint32_t len)
{
	while (len && *b == WRITTEN) {
		b++;
		len--;
	}
	return !len;
}

static void check_op(struct caller *c, const struct stlink_mem_op *op,
		     const struct stlink_mem_op *was, uint32_t i)
{
	const uint8_t *buf = (const uint8_t *)(uintptr_t)op->buf;
	const struct liar *liar = c->p->twist_ctx;
	uint32_t width = op->width ? op->width : 1;

	if (memcmp(op, was, offsetof(struct stlink_mem_op, done)) ||
	    op->buf != was->buf || op->mask != was->mask ||
	    op->timeout_ms != was->timeout_ms)
		fail("operation %u has changed", i);
	if (op->done > op->length || op->done % width)
		fail("operation %u did %u bytes of %u, width %u", i, op->done,
		     op->length, op->width);
	if (op->status > 0xff || op->result > STLINK_MEM_FAULT_ADDR)
		fail("operation %u: status %x, result %x", i, op->status,
		     op->result);
	if (op->op == STLINK_OP_POLL)
		return;
	if (!all_poison(buf - GAP, GAP))
		fail("operation %u writes in front of its buffer", i);
	if (op->op == STLINK_OP_WRITE) {
		if (!all_written(buf, op->length))
			fail("operation %u changes what it writes", i);
		return;
	}
	if (!all_coloured(buf, op->done, liar->colour))
		fail("operation %u: what was read isn't the probe's", i);
	if (!all_poison(buf + op->done, op->length - op->done))
		fail("operation %u writes behind byte %u of %u", i, op->done,
		     op->length);
	c->bytes += op->length;
}

static int run_mem(struct caller *c, enum call_kind kind, int fd,
		   struct stlink_mem_op *ops, uint32_t n)
{
	struct stlink_mem_xfer x = { .size = sizeof(x), .num_ops = n };
	struct liar *liar = c->p->twist_ctx;
	struct stlink_mem_op *at;
	uint32_t i;
	int ret;

	usbip_lock(c->p->usb);
	liar->colour = (liar->colour + 1) % COLOURS;
	usbip_unlock(c->p->usb);
	place(ops, n);
	at = fence_in(FENCE_OPS, ops, n * sizeof(*ops));
	x.ops = (uintptr_t)at;
	ret = judge(c, kind, fd, STLINK_IOC_MEM, &x, sizeof(x));
	if (!fence_whole(FENCE_OPS, at, n * sizeof(*ops)))
		fail("writes in front of the operations");
	if (ret ? x.num_done >= n : x.num_done != n)
		fail("%u operations of %u done, error %d", x.num_done, n, -ret);
	for (i = 0; i < n; i++) {
		check_op(c, &at[i], &ops[i], i);
		if (i < x.num_done ? at[i].done != at[i].length :
		    i > x.num_done && at[i].done)
			fail("%u operations done, of number %u %u bytes",
			     x.num_done, i, at[i].done);
	}
	return ret;
}

/** call_mem() - memory: one operation or some, of every kind */
int call_mem(struct caller *c, int fd)
{
	struct stlink_mem_op ops[8] = {};
	uint32_t n = one_in(&c->dice, 3) ? 1 + below(&c->dice, 8) : 1;
	uint32_t room = STLINK_MAX_BYTES, i;

	for (i = 0; i < n; i++) {
		if (one_in(&c->dice, 8))
			any_poll(c, &ops[i]);
		else
			any_access(c, &ops[i], room > 8 ? room - 4 * (n - i) : 4);
		if (fd == c->fd[1] && ops[i].op == STLINK_OP_WRITE)
			ops[i].op = STLINK_OP_READ;
		if (ops[i].length > room)
			break;
		room -= ops[i].length;
	}
	return i ? run_mem(c, CALL_MEM, fd, ops, i) : 0;
}

/** call_scattered() - words here and there, that may travel together */
int call_scattered(struct caller *c, int fd)
{
	static struct stlink_mem_op ops[STLINK_MAX_OPS];
	struct dice *d = &c->dice;
	uint32_t n = one_in(d, 8) ? STLINK_MAX_OPS : 1 + below(d, 80), i;

	memset(ops, 0, sizeof(ops));
	for (i = 0; i < n; i++) {
		ops[i].width = 4;
		ops[i].length = 4;
		ops[i].addr = BIGRAM_BASE + 4 * below(d, BIGRAM_SIZE / 4);
		if (fd == c->fd[0] && one_in(d, 4)) {
			ops[i].op = STLINK_OP_WRITE;
			ops[i].flags = one_in(d, 8) ? 0 : STLINK_MEM_TOGETHER;
		}
	}
	return run_mem(c, CALL_SCATTERED, fd, ops, n);
}

/** call_dap() - registers of Debug Port and access ports */
int call_dap(struct caller *c, int fd)
{
	static const uint16_t dp[] = { 0, 4, 0xc, 0x14, 0x24 };
	struct stlink_dap_op ops[12] = {}, *at;
	struct stlink_dap_xfer x = { .size = sizeof(x) };
	struct dice *d = &c->dice;
	uint32_t n = 1 + below(d, 12), i;
	int ret;

	for (i = 0; i < n; i++) {
		ops[i].op = fd == c->fd[0] ? below(d, 3) : 0;
		ops[i].port = one_in(d, 2) ? STLINK_DAP_DP :
			      c->p->opt.j < 28 || !one_in(d, 8) ? 0 :
			      below(d, 256);
		if (ops[i].port == STLINK_DAP_DP)
			ops[i].reg = dp[below(d, c->p->opt.j < 32 ? 3 : 5)];
		else
			ops[i].reg = 4 * below(d, 64);
		ops[i].value = roll(d) & ~1u;
		if (ops[i].op == STLINK_OP_POLL) {
			ops[i].mask = one_in(d, 2) ? 0 : roll(d);
			ops[i].value &= ops[i].mask;
			ops[i].timeout_ms = below(d, 4);
		}
	}
	at = fence_in(FENCE_OPS, ops, n * sizeof(*ops));
	x.num_ops = n;
	x.ops = (uintptr_t)at;
	ret = judge(c, CALL_DAP, fd, STLINK_IOC_DAP, &x, sizeof(x));
	if (!fence_whole(FENCE_OPS, at, n * sizeof(*ops)))
		fail("writes in front of the operations");
	if (ret ? x.num_done >= n : x.num_done != n)
		fail("%u operations of %u done, error %d", x.num_done, n, -ret);
	for (i = 0; i < n; i++)
		if (at[i].op != ops[i].op || at[i].port != ops[i].port ||
		    at[i].reg != ops[i].reg || at[i].mask != ops[i].mask ||
		    at[i].status > 0xff || (i > x.num_done &&
		    (at[i].value != ops[i].value || at[i].status)))
			fail("operation %u of %u has changed", i, x.num_done);
	return ret;
}

/** call_reg() - core registers, some or all */
int call_reg(struct caller *c, int fd)
{
	struct stlink_reg_op ops[40] = {}, *at;
	struct stlink_reg_xfer x = { .size = sizeof(x) };
	struct dice *d = &c->dice;
	uint32_t n = 1 + below(d, one_in(d, 3) ? 40 : 6), i;
	int ret;

	/* They can be had of a halted core only; it may be said to be so */
	if (one_in(d, 3)) {
		struct stlink_core halt = {
			.size = sizeof(halt), .op = STLINK_CORE_HALT,
			.timeout_ms = 5,
		};

		judge(c, CALL_CORE, c->fd[0], STLINK_IOC_CORE, &halt,
		      sizeof(halt));
	}
	for (i = 0; i < n; i++) {
		ops[i].op = fd == c->fd[0] && one_in(d, 4);
		ops[i].reg = below(d, 20);
		if (ops[i].reg == 19)
			ops[i].reg = STLINK_REG_CONTROL;
		ops[i].value = POISON_WORD;
	}
	at = fence_in(FENCE_OPS, ops, n * sizeof(*ops));
	x.num_ops = n;
	x.ops = (uintptr_t)at;
	ret = judge(c, CALL_REG, fd, STLINK_IOC_REG, &x, sizeof(x));
	if (!fence_whole(FENCE_OPS, at, n * sizeof(*ops)))
		fail("writes in front of the operations");
	if (ret ? x.num_done >= n : x.num_done != n)
		fail("%u operations of %u done, error %d", x.num_done, n, -ret);
	for (i = 0; i < n; i++)
		if (at[i].op != ops[i].op || at[i].reg != ops[i].reg ||
		    at[i].status > 0xff || (i >= x.num_done &&
		    at[i].value != POISON_WORD))
			fail("operation %u of %u has changed", i, x.num_done);
	return ret;
}
