// SPDX-License-Identifier: GPL-2.0-only
/*
 * Batches: copy in, check all, carry out one after the other without letting
 * anybody between, copy out. User memory is never touched while the probe is
 * held: a page may take its owner as long as he likes. One batch of a descriptor
 * at a time, which bounds what a program can make the kernel hold.
 *
 * Memory contents go through st->buf and not straight between here and the
 * probe: an URB that never comes back (urb.c) keeps its memory, and this is
 * freed. A block is copied in a microsecond or two; SWD takes 18 ms for it.
 */
#include <linux/minmax.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "cortex_m.h"
#include "stlink.h"
#include "trace.h"

/* From so many reads on, fetching all registers at once is quicker */
#define STLINK_WORTH_ALL_REGS	4

/*
 * Return: what a batch that ended with @ret says to its caller. A signal
 * before anything was done is nobody's business: the call starts again.
 */
static int stlink_batch_errno(int ret, bool nothing_done)
{
	/* None is pending where others had waited for too long */
	return ret == -EINTR && nothing_done && signal_pending(current) ?
	       -ERESTARTSYS : ret;
}

/* Nobody else gets at the probe in the meantime: all polls share one limit */
static bool stlink_too_patient(u32 *sum, u32 timeout_ms)
{
	*sum += min_t(u32, timeout_ms, STLINK_MAX_TIMEOUT_MS);
	return *sum > STLINK_MAX_TIMEOUT_MS;
}

/* Waits until another thread's batch on the same descriptor is over */
static int stlink_batch_begin(struct stlink_file *f, bool nonblock)
{
	if (nonblock)
		return mutex_trylock(&f->batch_lock) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(&f->batch_lock) ? -ERESTARTSYS : 0;
}

/* Charged to the program, which memdup_user() doesn't do */
static void *stlink_batch_copy(u64 uptr, u32 num, size_t size)
{
	void *ops;

	if (!num)
		return ERR_PTR(-EINVAL);
	if (num > STLINK_MAX_OPS)
		return ERR_PTR(-EMSGSIZE);
	ops = kmalloc_array(num, size, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!ops)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(ops, u64_to_user_ptr(uptr), num * size)) {
		kfree(ops);
		return ERR_PTR(-EFAULT);
	}
	return ops;
}

static int stlink_batch_copy_back(u64 uptr, const void *ops, u32 num,
				  size_t size, int ret)
{
	if (ret != -ERESTARTSYS &&
	    copy_to_user(u64_to_user_ptr(uptr), ops, num * size))
		return -EFAULT;
	return ret;
}

/**
 * stlink_batch_dap() - STLINK_IOC_DAP
 * @f: the descriptor
 * @nonblock: don't wait for another caller
 * @arg: as passed by the program; num_done is filled in
 *
 * Return: 0 or what the header says.
 */
int stlink_batch_dap(struct stlink_file *f, bool nonblock,
		     struct stlink_dap_xfer *arg)
{
	struct stlink *st = f->st;
	struct stlink_dap_op *ops;
	u32 i, patience = 0;
	ktime_t start;
	int ret;

	arg->num_done = 0;
	if (arg->flags)
		return -EINVAL;
	if (!stlink_has(st, STLINK_FEAT_DAP))
		return -EOPNOTSUPP;

	ret = stlink_batch_begin(f, nonblock);
	if (ret)
		return ret;
	ops = stlink_batch_copy(arg->ops, arg->num_ops, sizeof(*ops));
	if (IS_ERR(ops)) {
		ret = PTR_ERR(ops);
		goto out_end;
	}

	for (i = 0; i < arg->num_ops; i++)
		ops[i].status = 0;
	for (i = 0; i < arg->num_ops; i++) {
		ret = stlink_dap_check(st, &ops[i]);
		if (!ret && ops[i].op == STLINK_OP_WRITE && !f->writable)
			ret = -EPERM;
		if (!ret && stlink_too_patient(&patience, ops[i].timeout_ms))
			ret = -EINVAL;
		if (ret)
			goto out_copy;
	}

	ret = stlink_enter(f, nonblock, true);
	if (ret)
		goto out_copy;
	for (i = 0; i < arg->num_ops; i++) {
		ret = stlink_interrupted(st);
		if (ret)
			break;
		st->touched |= ops[i].op == STLINK_OP_WRITE;
		start = ktime_get();
		ret = stlink_dap_op(st, &ops[i]);
		trace_stlink_dap(st, &ops[i], stlink_us_since(start), ret);
		if (ret)
			break;
	}
	stlink_leave(f);

	arg->num_done = i;
	ret = stlink_batch_errno(ret, !i);
out_copy:
	ret = stlink_batch_copy_back(arg->ops, ops, arg->num_ops, sizeof(*ops),
				     ret);
	kfree(ops);
out_end:
	mutex_unlock(&f->batch_lock);
	return ret;
}

/* Reads in a row from @ops on that one exchange for all registers can serve */
static u32 stlink_batch_reg_reads(const struct stlink_reg_op *ops, u32 num)
{
	u32 i, n = 0;

	for (i = 0; i < num && ops[i].op == STLINK_OP_READ; i++)
		n += ops[i].reg < STLINK_NUM_REGS;
	return n;
}

static int stlink_batch_reg_run(struct stlink *st, struct stlink_reg_op *ops,
				u32 num, u32 *done)
{
	u32 regs[STLINK_NUM_REGS], i;
	bool have = false, refused = false;
	ktime_t start;
	int ret;

	for (i = 0; i < num; i++, *done = i) {
		struct stlink_reg_op *op = &ops[i];

		ret = stlink_interrupted(st);
		if (ret)
			return ret;
		start = ktime_get();
		/* Writing one may change another: SP and MSP, or PSP */
		have = have && op->op == STLINK_OP_READ;
		if (!have && !refused &&
		    stlink_batch_reg_reads(op, num - i) >=
		    STLINK_WORTH_ALL_REGS) {
			ret = stlink_read_all_regs(st, regs);
			/* A refusal says nothing of single registers */
			if (ret && !st->status)
				return ret;
			have = !ret;
			refused = ret;
			if (ret && stlink_status_is_fault(st->status))
				stlink_clear_fault(st);
		}
		if (have && op->reg < STLINK_NUM_REGS) {
			op->value = regs[op->reg];
			op->status = STLINK_ST_OK;
			ret = 0;
		} else {
			st->touched |= op->op == STLINK_OP_WRITE;
			ret = stlink_reg_op(st, op);
		}
		trace_stlink_reg(st, op, stlink_us_since(start), ret);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * stlink_batch_reg() - STLINK_IOC_REG
 * @f: the descriptor
 * @nonblock: don't wait for another caller
 * @arg: as passed by the program; num_done is filled in
 *
 * Return: 0 or what the header says.
 */
int stlink_batch_reg(struct stlink_file *f, bool nonblock,
		     struct stlink_reg_xfer *arg)
{
	struct stlink *st = f->st;
	struct stlink_reg_op *ops;
	u32 dhcsr, i;
	int ret;

	arg->num_done = 0;
	if (arg->flags)
		return -EINVAL;

	ret = stlink_batch_begin(f, nonblock);
	if (ret)
		return ret;
	ops = stlink_batch_copy(arg->ops, arg->num_ops, sizeof(*ops));
	if (IS_ERR(ops)) {
		ret = PTR_ERR(ops);
		goto out_end;
	}

	for (i = 0; i < arg->num_ops; i++)
		ops[i].status = 0;
	for (i = 0; i < arg->num_ops; i++) {
		ret = stlink_reg_check(&ops[i]);
		if (!ret && ops[i].op == STLINK_OP_WRITE && !f->writable)
			ret = -EPERM;
		if (ret)
			goto out_copy;
	}

	ret = stlink_enter(f, nonblock, true);
	if (ret)
		goto out_copy;
	i = 0;
	/* What the probe says of a running core is anybody's guess */
	ret = stlink_read_dhcsr(st, &dhcsr);
	if (ret)
		ops[0].status = st->status;
	else if (!(dhcsr & CM_DHCSR_S_HALT))
		ret = -ENODATA;
	else
		ret = stlink_batch_reg_run(st, ops, arg->num_ops, &i);
	if (ret && stlink_status_is_fault(st->status))
		stlink_clear_fault(st);
	stlink_leave(f);

	arg->num_done = i;
	ret = stlink_batch_errno(ret, !i);
out_copy:
	ret = stlink_batch_copy_back(arg->ops, ops, arg->num_ops, sizeof(*ops),
				     ret);
	kfree(ops);
out_end:
	mutex_unlock(&f->batch_lock);
	return ret;
}

/* Checks all operations and says how much data they have between them */
static int stlink_batch_mem_check(struct stlink_file *f,
				  struct stlink_mem_op *ops, u32 num,
				  size_t *total)
{
	u32 i, patience = 0;
	int ret;

	*total = 0;
	for (i = 0; i < num; i++) {
		ops[i].done = 0;
		ops[i].status = 0;
		ops[i].fault_addr = 0;
		ops[i].result = 0;
	}
	for (i = 0; i < num; i++) {
		ret = stlink_mem_check(f->st, &ops[i]);
		if (ret)
			return ret;
		if (ops[i].op == STLINK_OP_WRITE && !f->writable)
			return -EPERM;
		if (stlink_too_patient(&patience, ops[i].timeout_ms))
			return -EINVAL;
		if (ops[i].length > STLINK_MAX_BYTES - *total)
			return -EMSGSIZE;
		*total += ops[i].length;
	}
	return 0;
}

static int stlink_batch_mem_fetch(const struct stlink_mem_op *ops, u32 num,
				  void *data)
{
	u32 i;

	for (i = 0; i < num; data += ops[i++].length)
		if (ops[i].op == STLINK_OP_WRITE &&
		    copy_from_user(data, u64_to_user_ptr(ops[i].buf),
				   ops[i].length))
			return -EFAULT;
	return 0;
}

static int stlink_batch_mem_deliver(const struct stlink_mem_op *ops, u32 num,
				    const void *data)
{
	u32 i;

	for (i = 0; i < num; data += ops[i++].length)
		if (ops[i].op == STLINK_OP_READ &&
		    copy_to_user(u64_to_user_ptr(ops[i].buf), data,
				 ops[i].done))
			return -EFAULT;
	return 0;
}

static int stlink_batch_mem_run(struct stlink *st, struct stlink_mem_op *ops,
				u32 num, void *data, u32 *done)
{
	bool alone = false;
	unsigned int n;
	ktime_t start;
	int ret;

	while (*done < num) {
		struct stlink_mem_op *op = &ops[*done];

		ret = stlink_interrupted(st);
		if (ret)
			return ret;

		n = alone ? 0 : stlink_misc_count(st, op, num - *done);
		if (n) {
			/* One that fails in company is tried again by itself */
			ret = stlink_misc_ops(st, op, n, data, &alone, &n);
		} else {
			st->touched |= op->op == STLINK_OP_WRITE;
			start = ktime_get();
			ret = stlink_mem_op(st, op, data);
			trace_stlink_mem(st, op, stlink_us_since(start), ret);
			alone = false;
			n = ret ? 0 : 1;
		}
		for (; n; n--)
			data += ops[(*done)++].length;
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * stlink_batch_mem() - STLINK_IOC_MEM
 * @f: the descriptor
 * @nonblock: don't wait for another caller
 * @arg: as passed by the program; num_done is filled in
 *
 * Return: 0 or what the header says.
 */
int stlink_batch_mem(struct stlink_file *f, bool nonblock,
		     struct stlink_mem_xfer *arg)
{
	struct stlink *st = f->st;
	struct stlink_mem_op *ops;
	void *data = NULL;
	size_t total;
	u32 i = 0;
	int ret;

	arg->num_done = 0;
	if (arg->flags)
		return -EINVAL;

	ret = stlink_batch_begin(f, nonblock);
	if (ret)
		return ret;
	ops = stlink_batch_copy(arg->ops, arg->num_ops, sizeof(*ops));
	if (IS_ERR(ops)) {
		ret = PTR_ERR(ops);
		goto out_end;
	}

	ret = stlink_batch_mem_check(f, ops, arg->num_ops, &total);
	if (ret)
		goto out_copy;
	/* Zeroed: what isn't read must not show what was here before */
	data = kvzalloc(total, GFP_KERNEL_ACCOUNT);
	ret = -ENOMEM;
	if (!data)
		goto out_copy;
	ret = stlink_batch_mem_fetch(ops, arg->num_ops, data);
	if (ret)
		goto out_copy;

	ret = stlink_enter(f, nonblock, true);
	if (ret)
		goto out_copy;
	ret = stlink_batch_mem_run(st, ops, arg->num_ops, data, &i);
	stlink_leave(f);

	arg->num_done = i;
	ret = stlink_batch_errno(ret, !i && !ops[0].done);
	if (ret != -ERESTARTSYS &&
	    stlink_batch_mem_deliver(ops, arg->num_ops, data))
		ret = -EFAULT;
out_copy:
	ret = stlink_batch_copy_back(arg->ops, ops, arg->num_ops, sizeof(*ops),
				     ret);
	kvfree(data);
	kfree(ops);
out_end:
	mutex_unlock(&f->batch_lock);
	return ret;
}
