// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scattered words of target memory in one exchange (RW_MISC).
 *
 * OpenOCD is the only program known to use it; it always says first which AP is
 * meant. What holds without that, and whether the firmware goes on behind an
 * item that failed, is not known. So the AP is named once a session, and a
 * write goes along only where its sender says that it does no harm.
 */
#include <linux/kernel.h>

#include "stlink.h"
#include "trace.h"

/* A pair of exchanges; single words cost one each */
#define STLINK_WORTH_MISC	3

static unsigned int stlink_misc_items(const struct stlink_mem_op *op)
{
	return op->op == STLINK_OP_WRITE ? 2 : 1;
}

static bool stlink_misc_suits(const struct stlink_mem_op *op)
{
	if (op->length != 4 || op->addr % 4 || (op->width && op->width != 4))
		return false;
	if (op->op == STLINK_OP_READ)
		return !op->flags;
	return op->op == STLINK_OP_WRITE && op->flags == STLINK_MEM_TOGETHER;
}

static bool stlink_misc_tells_ap(const struct stlink *st)
{
	return !st->misc_ap_set || st->misc_ap_always;
}

/**
 * stlink_misc_count() - how many operations fit into one exchange
 * @st: the probe
 * @ops: operations of a batch, checked
 * @num: how many of them
 *
 * Return: how many from the first one on, 0 where it isn't worth while.
 */
unsigned int stlink_misc_count(const struct stlink *st,
			       const struct stlink_mem_op *ops,
			       unsigned int num)
{
	unsigned int items = stlink_misc_tells_ap(st);
	unsigned int n;

	if (!stlink_has(st, STLINK_FEAT_RW_MISC) || st->misc_broken)
		return 0;

	for (n = 0; n < num && stlink_misc_suits(&ops[n]); n++) {
		items += stlink_misc_items(&ops[n]);
		if (items > STLINK_MISC_MAX_ITEMS)
			break;
	}
	return n < STLINK_WORTH_MISC ? 0 : n;
}

/* Fills st->buf */
static void stlink_misc_pack(struct stlink *st, const struct stlink_mem_op *ops,
			     unsigned int num, const void *data,
			     unsigned int items)
{
	u8 *kind = st->buf;
	__le32 *arg = st->buf + roundup(items, 4);
	unsigned int i, n = 0;

	memset(kind, 0, roundup(items, 4));
	if (stlink_misc_tells_ap(st)) {
		kind[n] = STLINK_MISC_AP;
		arg[n++] = 0;
	}
	for (i = 0; i < num; i++, data += 4) {
		if (ops[i].op == STLINK_OP_WRITE) {
			kind[n] = STLINK_MISC_ADDRESS;
			arg[n++] = cpu_to_le32(ops[i].addr);
			kind[n] = STLINK_MISC_WRITE;
			memcpy(&arg[n++], data, 4);
		} else {
			kind[n] = STLINK_MISC_READ;
			arg[n++] = cpu_to_le32(ops[i].addr);
		}
	}
}

/* Takes values and states out of st->ans, up to the first that failed */
static unsigned int stlink_misc_unpack(struct stlink *st,
				       struct stlink_mem_op *ops,
				       unsigned int num, void *data,
				       unsigned int items)
{
	const __le32 *value = st->ans;
	const __le32 *status = value + items;
	unsigned int i, k, n = 0;

	if (stlink_misc_tells_ap(st)) {
		st->status = le32_to_cpu(status[n++]);
		if (st->status != STLINK_ST_OK)
			return 0;
		st->misc_ap_set = true;
	}
	for (i = 0; i < num; i++, data += 4) {
		for (k = stlink_misc_items(&ops[i]); k; k--) {
			st->status = le32_to_cpu(status[n]);
			if (st->status != STLINK_ST_OK)
				return i;
			n++;
		}
		if (ops[i].op == STLINK_OP_READ)
			memcpy(data, &value[n - 1], 4);
		ops[i].done = 4;
		ops[i].status = STLINK_ST_OK;
	}
	return num;
}

/*
 * A firmware that hasn't got it, whatever its version says: data taken for a
 * command, a stall, no answer. Never tried again then. Trouble on the bus says
 * nothing of it.
 */
static int stlink_misc_missing(struct stlink *st, int ret)
{
	bool stall = test_bit(STLINK_DIRTY_STALL, &st->dirty);

	if (st->misc_works || !(ret == -EPROTO || ret == -ETIMEDOUT || stall))
		return ret;

	dev_dbg(&st->dev, "no RW_MISC in this firmware\n");
	st->misc_broken = true;
	if (test_bit(STLINK_DIRTY_DATA, &st->dirty))
		return ret;
	return stlink_recover_link(st) ? ret : 0;
}

static int stlink_misc_exchange(struct stlink *st, unsigned int items)
{
	int ret;

	stlink_cmd(st, STLINK_DEBUG, STLINK_RW_MISC_OUT)->items =
		cpu_to_le32(items);
	ret = stlink_xfer_write(st, roundup(items, 4) + 4 * items);
	if (ret)
		return ret;

	stlink_cmd(st, STLINK_DEBUG, STLINK_RW_MISC_IN);
	if (st->misc_works)
		return stlink_xfer_answer(st, 8 * items);
	ret = stlink_xfer_optional(st, STLINK_ANS_STATUS_LEN, 8 * items);
	if (!ret && st->data.urb->actual_length != 8 * items) {
		/* The data phase may have been taken for one more command */
		set_bit(STLINK_DIRTY_LINK, &st->dirty);
		ret = -EPROTO;
	}
	return ret;
}

/**
 * stlink_misc_ops() - carry out several operations in one exchange
 * @st: the probe
 * @ops: the operations
 * @num: how many, as stlink_misc_count() says
 * @data: their data, 4 bytes each
 * @failed: out: the one behind the last that was done did not succeed; it may
 *	do so by itself
 * @done: out: how many of them succeeded
 *
 * Return: 0 or the errno of an exchange, with nothing done.
 */
int stlink_misc_ops(struct stlink *st, struct stlink_mem_op *ops,
		    unsigned int num, void *data, bool *failed,
		    unsigned int *done)
{
	unsigned int items = stlink_misc_tells_ap(st);
	ktime_t start = ktime_get();
	unsigned int i;
	int ret;

	BUILD_BUG_ON(8 * STLINK_MISC_MAX_ITEMS > STLINK_ANS_SIZE);

	for (i = 0; i < num; i++) {
		items += stlink_misc_items(&ops[i]);
		st->touched |= ops[i].op == STLINK_OP_WRITE;
	}
	*done = 0;
	*failed = true;
	stlink_misc_pack(st, ops, num, data, items);
	ret = stlink_misc_exchange(st, items);
	if (ret)
		return stlink_misc_missing(st, ret);
	st->misc_works = true;

	*done = stlink_misc_unpack(st, ops, num, data, items);
	*failed = *done < num;
	if (*failed) {
		st->misc_ap_always |= st->status == STLINK_ST_BAD_AP;
		if (stlink_status_is_fault(st->status))
			stlink_clear_fault(st);
	}
	for (i = 0; i < *done; i++)
		trace_stlink_mem(st, &ops[i], stlink_us_since(start), 0);
	return 0;
}
