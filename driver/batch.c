// SPDX-License-Identifier: GPL-2.0-only
/*
 * Batches: copy in, check all, carry out one after the other without letting
 * anybody between, copy out. User memory is never touched while the probe is
 * held: a page may take its owner as long as he likes.
 */
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "cortex_m.h"
#include "stlink.h"

/*
 * Return: what a batch that ended with @ret says to its caller. A signal
 * before anything was done is nobody's business: the call starts again.
 */
static int stlink_batch_errno(int ret, bool nothing_done)
{
	return ret == -EINTR && nothing_done ? -ERESTARTSYS : ret;
}

/* Nobody else gets at the probe in the meantime: all polls share one limit */
static bool stlink_too_patient(u32 *sum, u32 timeout_ms)
{
	*sum += min_t(u32, timeout_ms, STLINK_MAX_TIMEOUT_MS);
	return *sum > STLINK_MAX_TIMEOUT_MS;
}

static void *stlink_batch_copy(u64 uptr, u32 num, size_t size)
{
	if (!num)
		return ERR_PTR(-EINVAL);
	if (num > STLINK_MAX_OPS)
		return ERR_PTR(-EMSGSIZE);
	return memdup_user(u64_to_user_ptr(uptr), num * size);
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
	int ret;

	arg->num_done = 0;
	if (arg->flags)
		return -EINVAL;
	if (!stlink_has(st, STLINK_FEAT_DAP))
		return -EOPNOTSUPP;

	ops = stlink_batch_copy(arg->ops, arg->num_ops, sizeof(*ops));
	if (IS_ERR(ops))
		return PTR_ERR(ops);

	for (i = 0; i < arg->num_ops; i++) {
		ret = stlink_dap_check(st, &ops[i]);
		if (!ret && ops[i].op == STLINK_OP_WRITE && !f->writable)
			ret = -EPERM;
		if (!ret && stlink_too_patient(&patience, ops[i].timeout_ms))
			ret = -EINVAL;
		if (ret)
			goto out_free;
		ops[i].status = 0;
	}

	ret = stlink_enter(f, nonblock, true);
	if (ret)
		goto out_free;
	for (i = 0; i < arg->num_ops; i++) {
		st->touched |= ops[i].op == STLINK_OP_WRITE;
		ret = stlink_interrupted(st) ?: stlink_dap_op(st, &ops[i]);
		if (ret)
			break;
	}
	stlink_leave(st);

	arg->num_done = i;
	ret = stlink_batch_errno(ret, !i);
	ret = stlink_batch_copy_back(arg->ops, ops, arg->num_ops, sizeof(*ops),
				     ret);
out_free:
	kfree(ops);
	return ret;
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

	ops = stlink_batch_copy(arg->ops, arg->num_ops, sizeof(*ops));
	if (IS_ERR(ops))
		return PTR_ERR(ops);

	for (i = 0; i < arg->num_ops; i++) {
		ret = stlink_reg_check(&ops[i]);
		if (!ret && ops[i].op == STLINK_OP_WRITE && !f->writable)
			ret = -EPERM;
		if (ret)
			goto out_free;
		ops[i].status = 0;
	}

	ret = stlink_enter(f, nonblock, true);
	if (ret)
		goto out_free;
	i = 0;
	/* What the probe says of a running core is anybody's guess */
	ret = stlink_read_dhcsr(st, &dhcsr);
	if (ret)
		ops[0].status = st->status;
	else if (!(dhcsr & CM_DHCSR_S_HALT))
		ret = -ENODATA;
	for (; !ret && i < arg->num_ops; i += !ret) {
		st->touched |= ops[i].op == STLINK_OP_WRITE;
		ret = stlink_interrupted(st) ?: stlink_reg_op(st, &ops[i]);
	}
	stlink_leave(st);

	arg->num_done = i;
	ret = stlink_batch_errno(ret, !i);
	ret = stlink_batch_copy_back(arg->ops, ops, arg->num_ops, sizeof(*ops),
				     ret);
out_free:
	kfree(ops);
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
		ret = stlink_mem_check(f->st, &ops[i]);
		if (ret)
			return ret;
		if (ops[i].op == STLINK_OP_WRITE && !f->writable)
			return -EPERM;
		if (stlink_too_patient(&patience, ops[i].timeout_ms))
			return -EINVAL;
		ops[i].done = 0;
		ops[i].status = 0;
		ops[i].fault_addr = 0;
		ops[i].result = 0;
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
	void *data = NULL, *p;
	size_t total;
	u32 i = 0;
	int ret;

	arg->num_done = 0;
	if (arg->flags)
		return -EINVAL;

	ops = stlink_batch_copy(arg->ops, arg->num_ops, sizeof(*ops));
	if (IS_ERR(ops))
		return PTR_ERR(ops);

	ret = stlink_batch_mem_check(f, ops, arg->num_ops, &total);
	if (ret)
		goto out_free;
	/* Zeroed: what isn't read must not show what was here before */
	data = kvzalloc(total, GFP_KERNEL_ACCOUNT);
	ret = -ENOMEM;
	if (!data)
		goto out_free;
	ret = stlink_batch_mem_fetch(ops, arg->num_ops, data);
	if (ret)
		goto out_free;

	ret = stlink_enter(f, nonblock, true);
	if (ret)
		goto out_free;
	for (p = data; i < arg->num_ops; p += ops[i++].length) {
		st->touched |= ops[i].op == STLINK_OP_WRITE;
		ret = stlink_interrupted(st) ?: stlink_mem_op(st, &ops[i], p);
		if (ret)
			break;
	}
	stlink_leave(st);

	arg->num_done = i;
	ret = stlink_batch_errno(ret, !i && !ops[0].done);
	if (ret != -ERESTARTSYS &&
	    stlink_batch_mem_deliver(ops, arg->num_ops, data))
		ret = -EFAULT;
	ret = stlink_batch_copy_back(arg->ops, ops, arg->num_ops, sizeof(*ops),
				     ret);
out_free:
	kvfree(data);
	kfree(ops);
	return ret;
}
