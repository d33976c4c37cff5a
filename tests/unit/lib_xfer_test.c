// SPDX-License-Identifier: GPL-2.0-only
/*
 * Splitting of transfers and going on after signals, against a driver that
 * counts and can be told to be interrupted.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "error.h"
#include "ioctl.h"
#include "xfer.h"

static uint8_t memory[300000];
static unsigned int calls, eintr_every, poll_calls;
static uint32_t fault_at, most_bytes, most_ops;
static bool fail_anyway;
static int last_error;	/* nothing comes in time; of the last exchange */
static bool late;
static uint32_t cut;	/* an interrupted operation has done this much */

int stl_ioc_mem(int fd, struct stlink_mem_xfer *xfer)
{
	struct stlink_mem_op *op = (void *)(uintptr_t)xfer->ops;
	bool interrupt = eintr_every && ++calls % eintr_every == 0;
	uint32_t bytes = 0, i, n;
	void *buf;

	(void)fd;
	if (late)
		return -ETIMEDOUT;
	if (!eintr_every)
		calls++;
	for (i = 0; i < xfer->num_ops; i++)
		bytes += op[i].length;
	if (bytes > most_bytes)
		most_bytes = bytes;
	if (xfer->num_ops > most_ops)
		most_ops = xfer->num_ops;
	for (i = 0; i < xfer->num_ops; i++, op++, xfer->num_done++) {
		assert_true(op->length > 0);
		buf = (void *)(uintptr_t)op->buf;
		n = op->length;
		if (interrupt && i == xfer->num_ops / 2)
			n = cut < n ? cut : n;
		if (fault_at && op->addr + n > fault_at)
			n = fault_at > op->addr ? fault_at - op->addr : 0;
		if (op->op == STLINK_OP_READ)
			memcpy(buf, memory + op->addr, n);
		else if (op->op == STLINK_OP_WRITE)
			memcpy(memory + op->addr, buf, n);
		else if (op->length == 4 && op->addr % 4 == 0)
			poll_calls++;
		op->done = n;
		if (fault_at && op->addr + op->length > fault_at &&
		    n < op->length) {
			op->status = 0x11;
			return -EREMOTEIO;
		}
		if (interrupt && i == xfer->num_ops / 2)
			return fail_anyway ? -EIO : -EINTR;
		op->status = 0x80;
	}
	return 0;
}

int stl_ioc_last(int fd, struct stlink_last *last)
{
	(void)fd;
	last->error = last_error;
	return 0;
}

static unsigned int core_calls;

int stl_ioc_core(int fd, struct stlink_core *core)
{
	(void)fd;
	if (!core_calls++) {
		core->state = STLINK_CORE_WAS_RESET;
		return -EINTR;
	}
	core->state = STLINK_CORE_HALTED;
	return 0;
}

int stl_ioc_reg(int fd, struct stlink_reg_xfer *xfer)
{
	struct stlink_reg_op *op = (void *)(uintptr_t)xfer->ops;

	(void)fd;
	op->value = op->reg + 100;
	xfer->num_done = 1;
	return xfer->num_ops > 1 ? -EINTR : 0;
}

static int setup(void **state)
{
	size_t i;

	(void)state;
	fail_anyway = late = false;
	last_error = 0;
	calls = eintr_every = poll_calls = core_calls = 0;
	fault_at = most_bytes = most_ops = cut = 0;
	for (i = 0; i < sizeof(memory); i++)
		memory[i] = i * 7 + (i >> 8);
	return 0;
}

static void long_reads_are_split(void **state)
{
	static uint8_t buf[sizeof(memory)];

	(void)state;
	assert_int_equal(stl_mem_read(3, 4, buf, 200000, 4, NULL), 0);
	assert_memory_equal(buf, memory + 4, 200000);
	assert_int_equal(calls, 4);
	assert_int_equal(most_bytes, STLINK_MAX_BYTES);
}

static void long_writes_are_split(void **state)
{
	static uint8_t buf[131073];

	(void)state;
	memset(buf, 0x42, sizeof(buf));
	assert_int_equal(stl_mem_write(3, 9, buf, sizeof(buf), 0, NULL), 0);
	assert_memory_equal(memory + 9, buf, sizeof(buf));
	assert_int_not_equal(memory[8], 0x42);
	assert_int_equal(calls, 3);
}

static void nothing_is_nothing(void **state)
{
	(void)state;
	assert_int_equal(stl_mem_read(3, 0, NULL, 0, 4, NULL), 0);
	assert_int_equal(calls, 0);
}

static void many_operations(void **state)
{
	static struct stlink_mem_op ops[700];
	static uint8_t buf[700][200];
	size_t i, done;

	(void)state;
	for (i = 0; i < 700; i++)
		ops[i] = (struct stlink_mem_op){
			.op = STLINK_OP_READ, .addr = i * 201, .length = 200,
			.buf = (uintptr_t)buf[i],
		};
	eintr_every = 2;
	cut = 60;
	assert_int_equal(stl_mem_ops(3, ops, 700, &done), 0);
	assert_int_equal(done, 700);
	assert_true(most_ops == STLINK_MAX_OPS);
	assert_true(most_bytes <= STLINK_MAX_BYTES);
	for (i = 0; i < 700; i++) {
		assert_memory_equal(buf[i], memory + i * 201, 200);
		assert_int_equal(ops[i].done, 200);
	}
}

static void signals_are_gone_on_after(void **state)
{
	static uint8_t buf[150000];

	(void)state;
	eintr_every = 2;
	cut = 1000;
	assert_int_equal(stl_mem_read(3, 0, buf, sizeof(buf), 0, NULL), 0);
	assert_memory_equal(buf, memory, sizeof(buf));
	/* done to the last byte, and interrupted nevertheless */
	cut = ~0u;
	memset(buf, 0, sizeof(buf));
	assert_int_equal(stl_mem_read(3, 0, buf, sizeof(buf), 0, NULL), 0);
	assert_memory_equal(buf, memory, sizeof(buf));
}

static void once_is_not_repeated(void **state)
{
	uint32_t key = 1;
	struct stlink_mem_op op = {
		.op = STLINK_OP_WRITE, .flags = STLINK_MEM_ONCE, .width = 4,
		.addr = 16, .length = 4, .buf = (uintptr_t)&key,
	};
	size_t done;

	(void)state;
	eintr_every = 1;
	assert_int_equal(stl_mem_ops(3, &op, 1, &done), -EINTR);
	assert_int_equal(done, 0);
	assert_int_equal(calls, 1);
}

static void polls_begin_anew(void **state)
{
	struct stlink_mem_op op = {
		.op = STLINK_OP_POLL, .width = 4, .addr = 16, .length = 4,
		.mask = 1, .timeout_ms = 10,
	};

	(void)state;
	eintr_every = 2;
	calls = 1;
	cut = 2;
	assert_int_equal(stl_mem_ops(3, &op, 1, NULL), 0);
	assert_int_equal(poll_calls, 2);
}

/* The driver answers an error although nothing is left to do. */
static void error_after_the_last_byte(void **state)
{
	uint32_t word;
	struct stlink_mem_op op = {
		.op = STLINK_OP_WRITE, .flags = STLINK_MEM_ONCE, .width = 4,
		.addr = 16, .length = 4, .buf = (uintptr_t)&word,
	};
	size_t done;

	(void)state;
	eintr_every = 1;
	cut = 4;
	assert_int_equal(stl_mem_ops(3, &op, 1, &done), 0);
	assert_int_equal(done, 1);
	fail_anyway = true;
	assert_int_equal(stl_mem_ops(3, &op, 1, &done), -EIO);
	assert_int_equal(done, 0);
}

static void faults_are_located(void **state)
{
	static uint8_t buf[100000];
	struct stl_fault fault;

	(void)state;
	fault_at = 70000;
	memset(buf, 0xee, sizeof(buf));
	assert_int_equal(stl_mem_read(3, 100, buf, sizeof(buf), 0, &fault),
			 -EREMOTEIO);
	assert_int_equal(fault.done, 69900);
	assert_int_equal(fault.addr, 70000);
	assert_false(fault.exact);
	assert_int_equal(fault.status, 0x11);
	assert_memory_equal(buf, memory + 100, 69900);
	assert_int_equal(buf[69900], 0xee);
}

static void failing_operation_is_counted(void **state)
{
	uint8_t buf[3][16];
	struct stlink_mem_op ops[3];
	size_t i, done;

	(void)state;
	for (i = 0; i < 3; i++)
		ops[i] = (struct stlink_mem_op){
			.op = STLINK_OP_READ, .addr = 1000 + i * 16,
			.length = 16, .buf = (uintptr_t)buf[i],
		};
	fault_at = 1020;
	assert_int_equal(stl_mem_ops(3, ops, 3, &done), -EREMOTEIO);
	assert_int_equal(done, 1);
	assert_int_equal(ops[1].done, 4);
	assert_int_equal(ops[2].done, 0);
}

static void core_keeps_the_reset_it_saw(void **state)
{
	struct stlink_core core;

	(void)state;
	assert_int_equal(stl_core(3, STLINK_CORE_WAIT, 0, 0, &core), 0);
	assert_int_equal(core_calls, 2);
	assert_int_equal(core.state,
			 STLINK_CORE_HALTED | STLINK_CORE_WAS_RESET);
	core_calls = 0;
	assert_int_equal(stl_core(3, STLINK_CORE_STEP, 0, 0, &core), -EINTR);
	assert_int_equal(core_calls, 1);
}

static void registers_after_signals(void **state)
{
	struct stlink_reg_op ops[5] = {
		{ .reg = 0 }, { .reg = 1 }, { .reg = 2 }, { .reg = 3 },
		{ .reg = 15 },
	};
	size_t i;

	(void)state;
	assert_int_equal(stl_reg_ops(3, ops, 5), 0);
	for (i = 0; i < 5; i++)
		assert_int_equal(ops[i].value, ops[i].reg + 100);
}

static void says(uint32_t status, const char *text)
{
	struct stl_error err;

	assert_int_equal(stl_fail_errno(&err, -ETIMEDOUT, status, "reading"),
			 STL_LINK);
	assert_non_null(strstr(err.message, text));
	assert_true(err.hint[0]);
}

/* One errno for a probe that is silent and a target that never gets there */
static void who_is_late(void **state)
{
	struct stlink_mem_op poll = {
		.op = STLINK_OP_POLL, .width = 4, .length = 4,
	};
	struct stl_fault fault;
	uint8_t buf[4];

	(void)state;
	late = true;
	last_error = ETIMEDOUT;
	assert_int_equal(stl_mem_read(3, 0, buf, 4, 4, &fault), -ETIMEDOUT);
	assert_int_equal(fault.status, STL_SILENT);
	assert_int_equal(stl_failed_status(), STL_SILENT);
	says(STL_SILENT, "the probe gives no answer");
	last_error = 0;
	assert_int_equal(stl_mem_ops(3, &poll, 1, NULL), -ETIMEDOUT);
	assert_int_equal(poll.status, 0);
	assert_int_equal(stl_failed_status(), 0);
	says(0, "did not get there");
	says(0x10, "stays busy (AP WAIT, status 10)");
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(long_reads_are_split),
		T(long_writes_are_split),
		T(nothing_is_nothing),
		T(many_operations),
		T(signals_are_gone_on_after),
		T(once_is_not_repeated),
		T(polls_begin_anew),
		T(error_after_the_last_byte),
		T(faults_are_located),
		T(failing_operation_is_counted),
		T(core_keeps_the_reset_it_saw),
		T(registers_after_signals),
		T(who_is_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
