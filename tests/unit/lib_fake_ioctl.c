// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctl wrappers, answered by the fake chip as the uAPI header promises.
 */
#include <errno.h>
#include <string.h>

#include "ioctl.h"
#include "lib_fake.h"
#include "pace.h"
#include "priv.h"

static uint64_t now_us;

/* No test waits: the clock is moved on instead. */
uint64_t stl_now_us(void)
{
	return now_us += 10;
}

void stl_wait_until_us(uint64_t when)
{
	if (when > now_us)
		now_us = when;
}

void stl_sleep_ms(unsigned int ms)
{
	now_us += 1000ull * ms;
}

int stl_ioc_info(int fd, struct stlink_info *info)
{
	(void)fd;
	memset(info, 0, sizeof(*info));
	info->version_hw = 2;
	info->version_jtag = 37;
	info->version_swim = 7;
	info->features = fake.features;
	info->claim_pid = fake.claimed_by;
	return 0;
}

int stl_ioc_claim(int fd, struct stlink_claim *claim)
{
	(void)fd;
	claim->holder_pid = fake.claimed_by;
	if (fake.claimed_by)
		return -EBUSY;
	fake.claimed = true;
	return 0;
}

int stl_ioc_release(int fd)
{
	(void)fd;
	fake.claimed = false;
	return 0;
}

int stl_ioc_last(int fd, struct stlink_last *last)
{
	(void)fd;
	last->error = fake.last_error;
	return 0;
}

int stl_ioc_attach(int fd, struct stlink_attach *a)
{
	(void)fd;
	fake.attach_modes[fake.attaches++ % 8] = a->mode;
	fake.touched |= a->mode != STLINK_ATTACH_HOTPLUG;
	if (fake.fail_attach[a->mode])
		return -fake.fail_attach[a->mode];
	if (a->mode == STLINK_ATTACH_UNDER_RESET) {
		fake_system_reset();
		fake.halted = true;
		a->result |= STLINK_ATTACHED_NRST_OK;
	}
	a->dpidr = fake.dpidr;
	a->cpuid = fake.cpuid;
	a->result |= fake.halted ? STLINK_ATTACHED_HALTED : 0;
	a->status = 0x80;
	fake.attached = true;
	return 0;
}

int stl_ioc_detach(int fd, struct stlink_detach *d)
{
	(void)fd;
	fake.attached = false;
	fake.detach_flags = d->flags;
	if (!(d->flags & STLINK_DETACH_KEEP_HALTED) && fake.touched)
		fake.halted = false;
	return 0;
}

int stl_ioc_clock(int fd, struct stlink_clock *clock)
{
	(void)fd;
	if (!fake.slow_clock)
		return -EOPNOTSUPP;
	fake.wait_after = 0;
	clock->khz = 480;
	return 0;
}

int stl_ioc_voltage(int fd, struct stlink_voltage *v)
{
	(void)fd;
	v->millivolts = fake.millivolts;
	return 0;
}

int stl_ioc_nrst(int fd, struct stlink_nrst *nrst)
{
	(void)fd;
	(void)nrst;
	return 0;
}

int stl_ioc_dap(int fd, struct stlink_dap_xfer *xfer)
{
	(void)fd;
	(void)xfer;
	return -EOPNOTSUPP;
}

/* One access of @size bytes at op->addr + op->done; false when it faults. */
static bool access_one(struct stlink_mem_op *op, unsigned int size)
{
	uint8_t *buf = (uint8_t *)(uintptr_t)op->buf + op->done;
	bool lanes = fake.lanes_swapped && size == 2;
	uint32_t value = 0;
	bool ok;

	fake.touched |= op->op == STLINK_OP_WRITE;
	if (op->op == STLINK_OP_READ) {
		ok = fake_read(op->addr + op->done, size, &value);
		if (fake.lie_at && fake.lie_at == op->addr + op->done) {
			fake.lie_at = 0;
			value ^= 0x5a;
		}
		if (ok)
			memcpy(buf, &value, size);
	} else {
		memcpy(&value, buf, size);
		ok = fake_write((op->addr + op->done) ^ (lanes ? 2 : 0), size,
				value);
	}
	if (ok)
		op->done += size;
	return ok;
}

static int mem_op(struct stlink_mem_op *op)
{
	unsigned int size, tries;
	uint32_t value;

	if (op->width && (op->addr % op->width || op->length % op->width))
		return -EINVAL;
	if (op->op == STLINK_OP_POLL) {
		for (tries = 0; tries < 100; tries++) {
			fake_go_on();
			fake_read(op->addr, 4, &value);
			if ((value & op->mask) == op->value) {
				op->value = value;
				op->done = 4;
				return 0;
			}
		}
		op->value = value;
		return -ETIMEDOUT;
	}
	fake_go_on();
	if (fake.keys_lost && op->addr == 0x40022004) {
		op->status = 0x13;
		return -EBADMSG;
	}
	while (op->done < op->length) {
		size = op->width;
		if (!size)
			size = (op->addr + op->done) % 4 ||
			       op->length - op->done < 4 ? 1 : 4;
		if (fake.wait_after && size == 2 && op->op == STLINK_OP_WRITE &&
		    op->done == 2 * fake.wait_after) {
			op->done = 0;
			op->status = 0x10;
			return -ETIMEDOUT;
		}
		if (access_one(op, size))
			continue;
		op->status = 0x11;
		if (fake.fault_addr_known) {
			op->fault_addr = op->addr + op->done;
			op->result = STLINK_MEM_FAULT_ADDR;
		} else {
			op->done = 0;	/* nothing is certain */
		}
		return -EREMOTEIO;
	}
	op->status = 0x80;
	return 0;
}

int stl_ioc_mem(int fd, struct stlink_mem_xfer *xfer)
{
	struct stlink_mem_op *ops = (void *)(uintptr_t)xfer->ops;
	uint32_t bytes = 0, i;
	int ret;

	(void)fd;
	fake.mem_calls++;
	if (!fake.attached)
		return -ENOTCONN;
	for (i = 0; i < xfer->num_ops; i++)
		bytes += ops[i].length;
	if (!xfer->num_ops || xfer->num_ops > STLINK_MAX_OPS ||
	    bytes > STLINK_MAX_BYTES)
		return -EMSGSIZE;
	for (i = 0; i < xfer->num_ops; i++) {
		ret = mem_op(&ops[i]);
		if (ret)
			return ret;
		xfer->num_done++;
	}
	return 0;
}

int stl_ioc_reg(int fd, struct stlink_reg_xfer *xfer)
{
	struct stlink_reg_op *ops = (void *)(uintptr_t)xfer->ops;
	uint32_t i;

	(void)fd;
	if (!fake.halted)
		return -ENODATA;
	for (i = 0; i < xfer->num_ops; i++) {
		if (ops[i].op == STLINK_OP_WRITE)
			fake.regs[ops[i].reg] = ops[i].value;
		else
			ops[i].value = fake.regs[ops[i].reg];
		xfer->num_done++;
	}
	return 0;
}

static int core_op(struct stlink_core *c)
{
	switch (c->op) {
	case STLINK_CORE_HALT:
		fake.halts++;
		fake.halted = true;
		fake.lockup = false;
		fake.dfsr = 1;
		fake_stop();
		return 0;
	case STLINK_CORE_RUN:
		fake.halted = false;
		if (fake.regs[15] >= 0x20000000 && !fake.hang)
			fake_execute();
		return 0;
	case STLINK_CORE_STEP:
		if (!fake.halted)
			return -ENODATA;
		fake.steps++;
		fake.regs[15] += 2;
		fake.dfsr = 1;
		return 0;
	case STLINK_CORE_RESET:
		fake.last_error = 0;
		if (fake.silent && !(c->flags & STLINK_CORE_F_CATCH)) {
			fake.silent--;
			fake.last_error = ETIMEDOUT;
			return -ETIMEDOUT;
		}
		if (fake.busy && !(c->flags & STLINK_CORE_F_CATCH)) {
			fake.busy--;
			c->status = 0x10;
			return -EREMOTEIO;
		}
		fake.reset_taken = true;
		if (fake.refused && !(c->flags & STLINK_CORE_F_CATCH)) {
			fake.refused--;
			c->status = 0x11;
			return -EREMOTEIO;
		}
		fake_stop();
		fake_system_reset();
		fake.regs[15] = 0;
		if (!(c->flags & STLINK_CORE_F_CATCH))
			return 0;
		if (fake.no_catch)
			return -ETIMEDOUT;
		fake.halted = true;
		fake.lockup = false;
		fake.dfsr = 8;
		return 0;
	case STLINK_CORE_WAIT:
		fake_finish();
		return fake.halted || fake.lockup ? 0 : -ETIMEDOUT;
	default:
		return 0;
	}
}

int stl_ioc_core(int fd, struct stlink_core *c)
{
	int ret;

	(void)fd;
	if (!fake.attached)
		return -ENOTCONN;
	ret = core_op(c);
	c->state = (fake.halted ? STLINK_CORE_HALTED : 0) |
		   (fake.lockup ? STLINK_CORE_LOCKUP : 0) |
		   (fake.was_reset ? STLINK_CORE_WAS_RESET : 0) |
		   (fake.reset_taken ? STLINK_CORE_RESET_TAKEN : 0);
	fake.reset_taken = false;
	c->dfsr = fake.halted ? fake.dfsr : 0;
	fake.was_reset = false;
	return ret;
}
