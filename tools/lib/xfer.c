// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transfers of any size, and what to do after a signal.
 *
 * A signal ends an ioctl early with counts of what is certainly done. Memory
 * and registers can be read or written again, so the call is gone on with
 * from there; a write marked STLINK_MEM_ONCE must not be.
 */
#include <errno.h>
#include <string.h>

#include "error.h"
#include "ioctl.h"
#include "xfer.h"

static uint32_t failed_status;

uint32_t stl_failed_status(void)
{
	return failed_status;
}

/*
 * Was it the probe that gave no answer, or what was waited for at the target? The
 * errno is the same. Asked at once: what cleans up brings other answers.
 */
uint32_t stl_note_failure(int fd, int ret, uint32_t status)
{
	struct stlink_last last = { 0 };

	if (ret == -ETIMEDOUT && !status && !stl_ioc_last(fd, &last) &&
	    last.error == ETIMEDOUT && !last.status)
		status = STL_SILENT;
	failed_status = status;
	return status;
}

/* The rest of @op, at most @max bytes of it, as an operation of its own. */
static struct stlink_mem_op piece(const struct stlink_mem_op *op, uint32_t max)
{
	struct stlink_mem_op p = *op;

	p.length -= op->done;
	if (p.length > max)
		p.length = max;
	if (!(op->flags & STLINK_MEM_NO_INCREMENT))
		p.addr += op->done;
	if (p.buf)
		p.buf += op->done;
	p.done = 0;
	p.status = 0;
	p.fault_addr = 0;
	p.result = 0;
	return p;
}

/* Take the outcome of @p, a piece of @op, over into @op. */
static void absorb(struct stlink_mem_op *op, const struct stlink_mem_op *p,
		   bool complete)
{
	/* A poll that hasn't matched begins anew. */
	if (complete)
		op->done += p->length;
	else if (op->op != STLINK_OP_POLL)
		op->done += p->done;
	op->status = p->status;
	op->fault_addr = p->fault_addr;
	op->result = p->result;
	if (op->op == STLINK_OP_POLL)
		op->value = p->value;
}

/*
 * Fill @batch with what fits into one call, beginning with the rest of
 * ops[0]. Only an operation that is too long for any call is cut.
 */
static size_t fill(struct stlink_mem_op *batch, const struct stlink_mem_op *ops,
		   size_t num)
{
	uint32_t room = STLINK_MAX_BYTES;
	size_t n;

	for (n = 0; n < num && n < STLINK_MAX_OPS; n++) {
		uint32_t left = ops[n].length - ops[n].done;

		if (n && left > room)
			break;
		batch[n] = piece(&ops[n], room);
		room -= batch[n].length;
		if (batch[n].length < left)
			return n + 1;
	}
	return n;
}

struct stlink_mem_op stl_word_op(unsigned int op, uint32_t addr,
				 uint32_t *value)
{
	return (struct stlink_mem_op){
		.op = op,
		.width = 4,
		.addr = addr,
		.length = 4,
		.buf = (uintptr_t)value,
	};
}

int stl_mem_ops(int fd, struct stlink_mem_op *ops, size_t num, size_t *done)
{
	struct stlink_mem_op batch[STLINK_MAX_OPS];
	struct stlink_mem_xfer xfer;
	size_t at = 0, i, n;
	int ret = 0;

	for (i = 0; i < num; i++)
		ops[i].done = 0;
	while (at < num) {
		n = fill(batch, ops + at, num - at);
		memset(&xfer, 0, sizeof(xfer));
		xfer.num_ops = n;
		xfer.ops = (uintptr_t)batch;
		ret = stl_ioc_mem(fd, &xfer);
		if (!ret)
			xfer.num_done = n;
		else if (xfer.num_done >= n)
			xfer.num_done = 0;	/* arguments never looked at */
		for (i = 0; i < xfer.num_done; i++)
			absorb(&ops[at + i], &batch[i], true);
		if (ret)
			absorb(&ops[at + i], &batch[i], false);
		while (n-- && ops[at].done == ops[at].length)
			at++;
		/* Between two: what has not begun may be asked for again. */
		if (ret == -EINTR && (at == num ||
				      (xfer.num_done && !ops[at].done) ||
				      !(ops[at].flags & STLINK_MEM_ONCE)))
			ret = 0;
		if (ret)
			break;
	}
	/* An error is always that of an operation, even of a complete one. */
	if (ret && at == num)
		at--;
	if (ret)
		ops[at].status = stl_note_failure(fd, ret, ops[at].status);
	if (done)
		*done = at;
	return ret;
}

static int transfer(int fd, unsigned int op, uint32_t addr, const void *buf,
		    uint32_t len, unsigned int width, struct stl_fault *fault)
{
	struct stlink_mem_op mem = {
		.op = op,
		.width = width,
		.addr = addr,
		.length = len,
		.buf = (uintptr_t)buf,
	};
	int ret;

	if (!len)
		return 0;
	ret = stl_mem_ops(fd, &mem, 1, NULL);
	if (ret && fault) {
		fault->status = mem.status;
		fault->done = mem.done;
		fault->exact = mem.result & STLINK_MEM_FAULT_ADDR;
		fault->addr = fault->exact ? mem.fault_addr : addr + mem.done;
	}
	return ret;
}

int stl_mem_read(int fd, uint32_t addr, void *buf, uint32_t len,
		 unsigned int width, struct stl_fault *fault)
{
	return transfer(fd, STLINK_OP_READ, addr, buf, len, width, fault);
}

int stl_mem_write(int fd, uint32_t addr, const void *buf, uint32_t len,
		  unsigned int width, struct stl_fault *fault)
{
	return transfer(fd, STLINK_OP_WRITE, addr, buf, len, width, fault);
}

int stl_mem_read32(int fd, uint32_t addr, uint32_t *value)
{
	return stl_mem_read(fd, addr, value, 4, 4, NULL);
}

int stl_mem_write32(int fd, uint32_t addr, uint32_t value)
{
	return stl_mem_write(fd, addr, &value, 4, 4, NULL);
}

int stl_reg_ops(int fd, struct stlink_reg_op *ops, size_t num)
{
	struct stlink_reg_xfer xfer;
	size_t at = 0;
	int ret;

	while (at < num) {
		memset(&xfer, 0, sizeof(xfer));
		xfer.num_ops = num - at < STLINK_MAX_OPS ? num - at
							 : STLINK_MAX_OPS;
		xfer.ops = (uintptr_t)(ops + at);
		ret = stl_ioc_reg(fd, &xfer);
		if (ret && ret != -EINTR) {
			if (xfer.num_done < xfer.num_ops)
				at += xfer.num_done;
			ops[at].status = stl_note_failure(fd, ret,
							  ops[at].status);
			return ret;
		}
		at += ret ? xfer.num_done : xfer.num_ops;
	}
	return 0;
}

int stl_reg_read(int fd, unsigned int reg, uint32_t *value)
{
	struct stlink_reg_op op = { .op = STLINK_OP_READ, .reg = reg };
	int ret = stl_reg_ops(fd, &op, 1);

	if (!ret)
		*value = op.value;
	return ret;
}

int stl_core(int fd, unsigned int op, uint32_t flags, uint32_t timeout_ms,
	     struct stlink_core *core)
{
	struct stlink_core c;
	uint32_t was_reset = 0;
	int ret;

	/* A second step is not the same as one; all else may be repeated. */
	do {
		memset(&c, 0, sizeof(c));
		c.op = op;
		c.flags = flags;
		c.timeout_ms = timeout_ms;
		ret = stl_ioc_core(fd, &c);
		was_reset |= c.state & STLINK_CORE_WAS_RESET;
	} while (ret == -EINTR && op != STLINK_CORE_STEP);
	c.state |= was_reset;
	if (ret)
		c.status = stl_note_failure(fd, ret, c.status);
	if (core)
		*core = c;
	return ret;
}
