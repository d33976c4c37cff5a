// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls as a program would make them, so that most of them get as far as the
 * probe. An ioctl that isn't known here is made of its size and zeros.
 */
#include <string.h>

#include <linux/stlink.h>

#include "fuzz.h"

/* Where there is something; or next to it; or nothing */
static uint32_t address(struct gen *g)
{
	switch (fuzz_below(g, 16)) {
	case 0 ... 4:
		return SRAM_BASE + fuzz_below(g, SRAM_SIZE);
	case 5 ... 7:
		return FLASH_BASE + fuzz_below(g, FLASH_SIZE);
	case 8 ... 10:
		return BIGRAM_BASE + fuzz_below(g, BIGRAM_SIZE);
	case 11:
		return FIFO_ADDR;
	case 12:
		return REG_DHCSR + 4 * fuzz_below(g, 4);
	case 13:
		return REG_AIRCR;
	case 14:
		return SRAM_BASE + SRAM_SIZE - fuzz_below(g, 64);
	default:
		return fuzz_random(g);
	}
}

static uint32_t length(struct gen *g, unsigned int n)
{
	uint32_t max = fuzz_one_in(g, 64) ? STLINK_MAX_BYTES :
		       fuzz_one_in(g, 16) ? 4096 : 96;

	return 1 + fuzz_below(g, max / n ? max / n : 1);
}

static void mem_op(struct gen *g, struct stlink_mem_op *op, unsigned int n)
{
	static const uint8_t widths[] = { 0, 1, 2, 4, 4, 4 };

	op->op = fuzz_below(g, 8) % 3;
	op->addr = address(g);
	if (op->op == STLINK_OP_POLL || fuzz_one_in(g, 3)) {
		op->width = 4;
		op->addr &= ~3u;
		op->length = 4;
	} else {
		op->width = widths[fuzz_below(g, sizeof(widths))];
		op->length = length(g, n);
		if (op->width) {
			op->addr -= op->addr % op->width;
			op->length += op->width - 1;
			op->length -= op->length % op->width;
		}
	}
	if (op->op == STLINK_OP_POLL) {
		op->mask = fuzz_one_in(g, 2) ? 0 : fuzz_value(g);
		op->value = op->mask & (fuzz_one_in(g, 2) ? 0 : op->mask);
		op->timeout_ms = fuzz_below(g, 3);
		return;
	}
	op->buf = fuzz_data(g, op->length);
	if (op->op == STLINK_OP_WRITE && op->width == 4 && op->length == 4 &&
	    fuzz_one_in(g, 2))
		op->flags = STLINK_MEM_TOGETHER;
	else if (op->width && op->length < 64 && fuzz_one_in(g, 8))
		op->flags = fuzz_below(g, 4);
}

static void dap_op(struct gen *g, struct stlink_dap_op *op)
{
	op->op = fuzz_below(g, 8) % 3;
	op->port = fuzz_one_in(g, 2) ? STLINK_DAP_DP :
		   fuzz_one_in(g, 8) ? fuzz_below(g, 256) : 0;
	op->reg = 4 * fuzz_below(g, op->port == STLINK_DAP_DP ? 4 : 64);
	if (op->op == STLINK_OP_WRITE && op->port == STLINK_DAP_DP)
		op->reg = 0;
	if (op->op == STLINK_OP_POLL)
		op->timeout_ms = fuzz_below(g, 3);
	if (op->op == STLINK_OP_WRITE)
		op->value = address(g) & ~3u;
}

static void reg_op(struct gen *g, struct stlink_reg_op *op)
{
	op->op = fuzz_one_in(g, 4) ? STLINK_OP_WRITE : STLINK_OP_READ;
	op->reg = fuzz_below(g, STLINK_REG_PSP + 2);
	if (op->reg > STLINK_REG_PSP)
		op->reg = STLINK_REG_CONTROL;
	op->value = op->op == STLINK_OP_WRITE ? fuzz_random(g) : 0;
}

static unsigned int how_many(struct gen *g)
{
	return fuzz_one_in(g, 256) ? STLINK_MAX_OPS :
	       fuzz_one_in(g, 16) ? 1 + fuzz_below(g, 48) :
				   1 + fuzz_below(g, 4);
}

static uint32_t clock_khz(struct gen *g)
{
	static const uint32_t khz[] = { 5, 100, 240, 950, 1800, 4000, 9999 };

	return fuzz_one_in(g, 4) ? khz[fuzz_below(g, 7)] : 0;
}

static void core(struct gen *g, struct stlink_core *arg)
{
	static const uint32_t flags[] = {
		[STLINK_CORE_RUN] = STLINK_CORE_F_MASKINTS,
		[STLINK_CORE_STEP] = STLINK_CORE_F_MASKINTS,
		[STLINK_CORE_RESET] = STLINK_CORE_F_CATCH |
			STLINK_CORE_F_SYSRESETREQ,
		[STLINK_CORE_WAIT] = 0,
	};

	arg->op = fuzz_below(g, STLINK_CORE_WAIT + 1);
	/* a registers' batch wants a halted one */
	if (fuzz_one_in(g, 3))
		arg->op = STLINK_CORE_HALT;
	arg->flags = flags[arg->op] & fuzz_random(g);
	arg->timeout_ms = 1 + fuzz_below(g, 4);
}

/**
 * fuzz_valid() - make a call that should work
 * @g: where to: @g->arg and @g->ops
 * @io: which
 *
 * Return: number of operations.
 */
unsigned int fuzz_valid(struct gen *g, const struct abi_ioctl *io)
{
	struct stlink_events *events = (void *)g->arg;
	struct stlink_attach *attach = (void *)g->arg;
	struct stlink_clock *clock = (void *)g->arg;
	struct stlink_nrst *nrst = (void *)g->arg;
	struct stlink_mem_xfer *xfer = (void *)g->arg;
	unsigned int i, n = io->op ? how_many(g) : 0;

	memset(g->arg, 0, sizeof(g->arg));
	memset(g->ops, 0, n * (io->op ? io->op->size : 0));
	if (io->arg)
		memcpy(g->arg, &(uint32_t) { io->arg->size }, 4);
	switch (io->nr) {
	case STLINK_IOC_EVENTS:
		events->flags = fuzz_below(g, 2);
		events->mask = fuzz_below(g, 64);
		events->interval_ms = fuzz_one_in(g, 2) ? 0 : 10 +
				      fuzz_below(g, 200);
		break;
	case STLINK_IOC_ATTACH:
		attach->mode = fuzz_one_in(g, 16) ? STLINK_ATTACH_UNDER_RESET :
						    fuzz_below(g, 2);
		attach->clock_khz = clock_khz(g);
		break;
	case STLINK_IOC_CLOCK:
		clock->khz = clock_khz(g);
		break;
	case STLINK_IOC_NRST:
		nrst->action = fuzz_below(g, 3);
		nrst->duration_us = nrst->action == STLINK_NRST_PULSE ?
				    fuzz_below(g, 300) : 0;
		break;
	case STLINK_IOC_CORE:
		core(g, (void *)g->arg);
		break;
	case STLINK_IOC_MEM:
		for (i = 0; i < n; i++)
			mem_op(g, (struct stlink_mem_op *)g->ops + i, n);
		break;
	case STLINK_IOC_DAP:
		for (i = 0; i < n; i++)
			dap_op(g, (struct stlink_dap_op *)g->ops + i);
		break;
	case STLINK_IOC_REG:
		for (i = 0; i < n; i++)
			reg_op(g, (struct stlink_reg_op *)g->ops + i);
		break;
	}
	/* All batches have one layout. */
	if (io->op)
		xfer->num_ops = n;
	return n;
}
