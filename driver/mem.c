// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target memory through AHB-AP 0: any address, length and width out of
 * commands that know limits, with the outcome asked for after each.
 */
#include <linux/minmax.h>

#include "stlink.h"

/* Halving takes 11 steps for 6 KiB of words; more only if it can't decide */
#define STLINK_MAX_NARROW	32

static const struct {
	u8 read;
	u8 write;
} stlink_mem_cmds[] = {
	[1] = { STLINK_READMEM_8, STLINK_WRITEMEM_8 },
	[2] = { STLINK_READMEM_16, STLINK_WRITEMEM_16 },
	[4] = { STLINK_READMEM_32, STLINK_WRITEMEM_32 },
};

static void stlink_note_fault(struct stlink *st, int ret, u32 addr)
{
	if (!ret || !st->status)
		return;
	st->last.fault_addr = addr;
	st->last.fault_known = true;
}

static int stlink_read_word_retry(struct stlink *st, u32 addr, u32 *value,
				  bool once)
{
	const struct stlink_ans_value *ans = st->ans;
	struct stlink_retry retry = {};
	int ret;

	do {
		stlink_cmd(st, STLINK_DEBUG, STLINK_READDEBUGREG)
			->debug_reg.addr = cpu_to_le32(addr);
		ret = stlink_xfer_status(st, sizeof(*ans));
	} while (!once && stlink_retry(st, &retry, &ret));

	stlink_note_fault(st, ret, addr);
	if (!ret)
		*value = le32_to_cpu(ans->value);
	return ret;
}

/**
 * stlink_read_word() - one aligned word, status in the same answer
 * @st: the probe
 * @addr: address, a multiple of 4
 * @value: what was read; untouched on error
 *
 * READDEBUGREG reads any word, not just debug registers (stlink-org and
 * webstlink use it for peripherals), in half the round trips of READMEM_32.
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_read_word(struct stlink *st, u32 addr, u32 *value)
{
	return stlink_read_word_retry(st, addr, value, false);
}

static int stlink_write_word_retry(struct stlink *st, u32 addr, u32 value,
				   bool once)
{
	struct stlink_retry retry = {};
	union stlink_cmd *cmd;
	int ret;

	do {
		cmd = stlink_cmd(st, STLINK_DEBUG, STLINK_WRITEDEBUGREG);
		cmd->debug_reg.addr = cpu_to_le32(addr);
		cmd->debug_reg.value = cpu_to_le32(value);
		ret = stlink_xfer_status(st, STLINK_ANS_STATUS_LEN);
	} while (!once && stlink_retry(st, &retry, &ret));

	stlink_note_fault(st, ret, addr);
	return ret;
}

/**
 * stlink_write_word() - one aligned word, status in the same answer
 * @st: the probe
 * @addr: address, a multiple of 4
 * @value: what to write
 *
 * Return: 0 or the errno of the exchange.
 */
int stlink_write_word(struct stlink *st, u32 addr, u32 value)
{
	return stlink_write_word_retry(st, addr, value, false);
}

/*
 * How did the last READMEM or WRITEMEM end? Its data phase is always complete
 * and tells nothing.
 */
static int stlink_rw_status(struct stlink *st, u32 *fault_addr, bool *known)
{
	const struct stlink_ans_rwstatus2 *ans = st->ans;
	int ret;

	*known = false;
	if (!stlink_has(st, STLINK_FEAT_FAULT_ADDR)) {
		stlink_cmd(st, STLINK_DEBUG, STLINK_GETLASTRWSTATUS);
		return stlink_xfer_status(st, STLINK_ANS_STATUS_LEN);
	}

	stlink_cmd(st, STLINK_DEBUG, STLINK_GETLASTRWSTATUS2);
	ret = stlink_xfer_status(st, sizeof(*ans));
	if (ret && st->status && st->data.urb->actual_length == sizeof(*ans)) {
		*fault_addr = le32_to_cpu(ans->fault_addr);
		*known = true;
		stlink_note_fault(st, ret, *fault_addr);
	}
	return ret;
}

/**
 * struct stlink_block - what one command of the probe can do
 * @addr: target address
 * @len: bytes
 * @width: of each access: 1, 2 or 4
 * @no_inc: all of them go to @addr
 * @once: nothing is ever sent again
 * @fault_addr: where it failed, as the probe says
 * @fault_known: the probe said so, and it is within the block
 */
struct stlink_block {
	u32 addr;
	u32 len;
	u8 width;
	bool no_inc;
	bool once;
	u32 fault_addr;
	bool fault_known;
};

static bool stlink_is_word(const struct stlink_block *b)
{
	return b->width == 4 && b->len == 4;
}

static int stlink_block_cmd(struct stlink *st, struct stlink_block *b,
			    bool write)
{
	u8 op = write ? stlink_mem_cmds[b->width].write :
			stlink_mem_cmds[b->width].read;
	union stlink_cmd *cmd;
	int ret;

	/* A single access needs no command of its own for that */
	if (b->no_inc && b->len > b->width)
		op = write ? STLINK_WRITEMEM_32_NO_INC :
			     STLINK_READMEM_32_NO_INC;
	cmd = stlink_cmd(st, STLINK_DEBUG, op);
	cmd->mem.addr = cpu_to_le32(b->addr);
	cmd->mem.len = cpu_to_le16(b->len);

	if (write)
		ret = stlink_xfer_write(st, b->len);
	else	/* a single byte comes with a second one (OpenOCD, probe-rs) */
		ret = stlink_xfer_read(st, st->buf, b->len, max(b->len, 2U));
	if (ret)
		return ret;

	ret = stlink_rw_status(st, &b->fault_addr, &b->fault_known);
	if (b->no_inc) {
		b->fault_addr = b->addr;
		b->fault_known = true;
	} else if (b->fault_known) {
		b->fault_addr = rounddown(b->fault_addr, b->width);
		b->fault_known = b->fault_addr - b->addr < b->len;
	}
	return ret;
}

/* Reads a block to @buf, which stays untouched unless all of it succeeded */
static int stlink_read_block(struct stlink *st, struct stlink_block *b,
			     void *buf)
{
	struct stlink_retry retry = {};
	u32 value;
	int ret;

	b->fault_known = false;
	if (stlink_is_word(b)) {
		ret = stlink_read_word_retry(st, b->addr, &value, b->once);
		if (!ret) {
			__le32 le = cpu_to_le32(value);

			memcpy(buf, &le, sizeof(le));
		}
		return ret;
	}

	do {
		ret = stlink_block_cmd(st, b, false);
	} while (!b->once && stlink_retry(st, &retry, &ret));

	if (!ret)
		memcpy(buf, st->buf, b->len);
	return ret;
}

static int stlink_write_block(struct stlink *st, struct stlink_block *b,
			      const void *buf)
{
	struct stlink_retry retry = {};
	int ret;

	b->fault_known = false;
	if (stlink_is_word(b)) {
		__le32 le;

		memcpy(&le, buf, sizeof(le));
		return stlink_write_word_retry(st, b->addr, le32_to_cpu(le),
					       b->once);
	}

	memcpy(st->buf, buf, b->len);
	do {
		ret = stlink_block_cmd(st, b, true);
	} while (!b->once && stlink_retry(st, &retry, &ret));
	return ret;
}

static bool stlink_refused(struct stlink *st, int ret)
{
	return ret == -EREMOTEIO && st->status;
}

/*
 * The target refused somewhere in a block being read: get what can be had and
 * find the first address that fails. The probe's word on where that is (only
 * pyOCD reads it) is a guess to be tried; without it, halve. An error that
 * doesn't come again was left over from something earlier, or passing.
 *
 * Return: 0 if all of it could be read after all, -EREMOTEIO with *good and
 * the address behind it exact, or another errno.
 */
static int stlink_narrow_read(struct stlink *st, const struct stlink_block *b,
			      void *buf, u32 *good)
{
	struct stlink_block part = { .width = b->width };
	u32 bad = b->len;	/* a failure lies before this offset */
	bool guess = b->fault_known;
	unsigned int tries;
	int ret = -EREMOTEIO;
	u8 status = st->status;

	*good = 0;
	for (tries = 0; tries < STLINK_MAX_NARROW; tries++) {
		part.addr = b->addr + *good;
		part.len = roundup(DIV_ROUND_UP(bad - *good, 2), part.width);
		if (guess)
			part.len = max(b->fault_addr - part.addr,
				       (u32)part.width);

		stlink_clear_fault(st);
		ret = stlink_read_block(st, &part, buf + *good);
		if (!ret) {
			*good += part.len;
			if (*good == b->len)
				return 0;
			guess = guess && part.addr != b->fault_addr;
			if (*good == bad)
				bad = b->len;
			continue;
		}
		if (!stlink_refused(st, ret))
			return ret;
		status = st->status;
		if (part.len == part.width)
			break;
		guess = false;
		bad = *good + part.len;
	}

	stlink_clear_fault(st);
	st->status = status;
	return -EREMOTEIO;
}

/* The largest block of equal accesses that one command may do from here */
static void stlink_next_block(const struct stlink *st,
			      const struct stlink_mem_op *op,
			      struct stlink_block *b)
{
	u32 left = op->length - op->done;
	u64 feature;

	b->once = op->flags & STLINK_MEM_ONCE;
	b->no_inc = op->flags & STLINK_MEM_NO_INCREMENT;
	if (b->no_inc) {
		b->addr = op->addr;
		b->width = op->width;
		b->len = op->width;
		/* The commands for that came with these (OpenOCD) */
		feature = op->op == STLINK_OP_WRITE ? STLINK_FEAT_MEM16 :
						      STLINK_FEAT_RW_MISC;
		if (b->width == 4 && !b->once && stlink_has(st, feature))
			b->len = min(left, stlink_max_block(st));
		/* What went through a FIFO before it failed is lost */
		b->once |= b->len > b->width;
		return;
	}

	b->addr = op->addr + op->done;
	b->width = op->width;
	if (!b->width) {
		b->width = b->addr % 4 || left < 4 ? 1 : 4;
		left = b->width == 4 ? rounddown(left, 4) :
				       min(left, 4 - b->addr % 4);
	}

	if (b->width == 1)
		b->len = min_t(u32, left, STLINK_MAX_BLOCK_8);
	else
		b->len = min(left, stlink_max_block_at(st, b->addr, b->width));
}

static void stlink_mem_fault(struct stlink_mem_op *op, u32 addr)
{
	op->fault_addr = addr;
	op->result |= STLINK_MEM_FAULT_ADDR;
}

/* As much as can be said without sending anything of it again */
static void stlink_block_failed(struct stlink *st, struct stlink_mem_op *op,
				const struct stlink_block *b)
{
	stlink_clear_fault(st);
	if (b->fault_known)
		stlink_mem_fault(op, b->fault_addr);
	else if (b->len == b->width)
		stlink_mem_fault(op, b->addr);
}

static int stlink_mem_read(struct stlink *st, struct stlink_mem_op *op,
			   struct stlink_block *b, void *buf)
{
	u32 good;
	int ret;

	ret = stlink_read_block(st, b, buf);
	if (!stlink_refused(st, ret))
		return ret;
	if (b->once) {
		stlink_block_failed(st, op, b);
		return ret;
	}

	ret = stlink_narrow_read(st, b, buf, &good);
	if (!ret)
		return 0;
	op->done += good;
	if (ret == -EREMOTEIO)
		stlink_mem_fault(op, b->addr + good);
	return ret;
}

static int stlink_mem_write(struct stlink *st, struct stlink_mem_op *op,
			    struct stlink_block *b, const void *buf)
{
	int ret;

	ret = stlink_write_block(st, b, buf);
	/*
	 * What the block did before it failed is not certain (nobody has
	 * verified what the address means for posted writes): count none.
	 */
	if (stlink_refused(st, ret))
		stlink_block_failed(st, op, b);
	return ret;
}

/*
 * May longer blocks be read? Found out from the last one and the one before it,
 * if both are whole: @buf is where the next one will go. Its own trouble is not
 * that of the operation, unless it is the link's.
 */
static int stlink_try_boundary(struct stlink *st,
			       const struct stlink_mem_op *op,
			       const struct stlink_block *last, const void *buf)
{
	const u32 both = 2 * STLINK_TAR_BLOCK;
	struct stlink_outcome outcome = st->last;
	struct stlink_block b = *last;
	u8 status = st->status;
	int ret;

	buf -= both;
	if (op->done < both || last->len != STLINK_TAR_BLOCK ||
	    last->width != 4 || last->once || last->no_inc ||
	    !stlink_tar_worth_a_trial(st, op->addr + op->done - both, buf))
		return 0;

	b.addr = op->addr + op->done - STLINK_TAR_BLOCK - STLINK_TAR_TRIAL / 2;
	b.len = STLINK_TAR_TRIAL;

	ret = stlink_block_cmd(st, &b, false);
	if (ret && !st->status)
		return ret;
	if (stlink_refused(st, ret))
		stlink_clear_fault(st);
	stlink_tar_judge(st, ret ? NULL : st->buf, buf);
	st->status = status;
	st->last = outcome;
	return 0;
}

static int stlink_mem_poll(struct stlink *st, struct stlink_mem_op *op)
{
	ktime_t start = ktime_get();
	ktime_t end = ktime_add_ms(start, op->timeout_ms);
	u32 value;
	bool late;
	int ret;

	for (;;) {
		late = ktime_after(ktime_get(), end);
		ret = stlink_read_word(st, op->addr, &value);
		if (ret) {
			if (stlink_refused(st, ret)) {
				stlink_clear_fault(st);
				stlink_mem_fault(op, op->addr);
			}
			return ret;
		}
		if ((value & op->mask) == op->value || late)
			break;
		ret = stlink_pause(st, start);
		if (ret)
			return ret;
	}

	ret = (value & op->mask) == op->value ? 0 : -ETIMEDOUT;
	if (ret)
		st->status = 0;
	else
		op->done = op->length;
	op->value = value;
	return ret;
}

/**
 * stlink_mem_check() - can this operation be carried out?
 * @st: the probe
 * @op: the operation
 *
 * Return: 0, -EINVAL, or -EOPNOTSUPP.
 */
int stlink_mem_check(const struct stlink *st, const struct stlink_mem_op *op)
{
	u32 width = op->width ?: 1;

	if (op->op > STLINK_OP_POLL || width > 4 || width == 3)
		return -EINVAL;
	if (op->flags & ~(STLINK_MEM_NO_INCREMENT | STLINK_MEM_ONCE |
			  STLINK_MEM_TOGETHER))
		return -EINVAL;
	if (!op->length || op->addr % width || op->length % width)
		return -EINVAL;
	if (op->flags & STLINK_MEM_NO_INCREMENT) {
		if (!op->width)
			return -EINVAL;
	} else if (op->length - 1 > U32_MAX - op->addr) {
		return -EINVAL;
	}
	if (op->flags & STLINK_MEM_TOGETHER &&
	    (op->op != STLINK_OP_WRITE || op->flags != STLINK_MEM_TOGETHER ||
	     op->length != 4 || op->addr % 4 || (op->width && op->width != 4)))
		return -EINVAL;

	if (op->op == STLINK_OP_POLL) {
		if (op->length != 4 || op->addr % 4 || op->buf ||
		    (op->width && op->width != 4) || op->flags ||
		    op->timeout_ms > STLINK_MAX_TIMEOUT_MS)
			return -EINVAL;
	} else if (op->value || op->mask || op->timeout_ms) {
		return -EINVAL;
	}

	if (width == 2 && !stlink_has(st, STLINK_FEAT_MEM16))
		return -EOPNOTSUPP;
	return 0;
}

/**
 * stlink_mem_op() - one operation of a batch
 * @st: the probe
 * @op: the operation, checked; all that is "out" is filled in
 * @buf: op->length bytes, read from or written to; after a failed read valid
 *	up to op->done
 *
 * Return: 0; -EINTR at a signal between two blocks; or the errno of the
 * exchange.
 */
int stlink_mem_op(struct stlink *st, struct stlink_mem_op *op, void *buf)
{
	struct stlink_block b;
	int ret = 0;

	st->status = 0;
	op->done = 0;

	if (op->op == STLINK_OP_POLL) {
		ret = stlink_mem_poll(st, op);
		op->status = st->status;
		return ret;
	}

	while (op->done < op->length) {
		if (op->done) {
			ret = stlink_interrupted(st);
			if (ret)
				break;
		}
		stlink_next_block(st, op, &b);
		if (op->op == STLINK_OP_WRITE)
			ret = stlink_mem_write(st, op, &b, buf + op->done);
		else
			ret = stlink_mem_read(st, op, &b, buf + op->done);
		if (ret)
			break;
		op->done += b.len;
		if (op->op == STLINK_OP_READ)
			ret = stlink_try_boundary(st, op, &b, buf + op->done);
		if (ret)
			break;
	}
	op->status = st->status;
	return ret;
}
