/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transfers of any size over the ioctls: split to what one call takes, gone
 * on with after a signal. No messages, no knowledge of the chip.
 */
#ifndef STL_XFER_H
#define STL_XFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/stlink.h>

/**
 * struct stl_fault - how far a failed memory access came
 * @status: status byte of the probe
 * @done: bytes from the start that are certainly done
 * @addr: first address that failed
 * @exact: @addr came from the probe; else it is the first byte not done
 */
struct stl_fault {
	uint32_t status;
	uint32_t done;
	uint32_t addr;
	bool exact;
};

/**
 * stl_word_op() - an operation on one word
 * @op: enum stlink_op
 * @addr: target address, a multiple of 4
 * @value: what is written, or where it is read to; NULL for STLINK_OP_POLL
 */
struct stlink_mem_op stl_word_op(unsigned int op, uint32_t addr,
				 uint32_t *value);

/**
 * stl_mem_ops() - a batch of memory accesses of any number and total length
 * @fd: probe with a session
 * @ops: operations; out members are filled. An operation longer than
 *	STLINK_MAX_BYTES is cut into several
 * @num: how many
 * @done: out: operations complete, or NULL
 *
 * What fits into one ioctl goes as one, so it is atomic up to there. After a
 * signal it goes on where it stopped, but for a started STLINK_MEM_ONCE.
 * A batch with write operations is cut at any operation boundary.
 *
 * Return: 0 or negative errno, that of ops[*done].
 */
int stl_mem_ops(int fd, struct stlink_mem_op *ops, size_t num, size_t *done);

/**
 * stl_mem_read() - read target memory
 * @fd: probe with a session
 * @addr: target address
 * @buf: filled up to fault->done on failure
 * @len: bytes, any number; 0 does nothing
 * @width: 1, 2, 4 or 0 for any mix
 * @fault: filled when it fails, or NULL
 *
 * Return: 0 or negative errno.
 */
int stl_mem_read(int fd, uint32_t addr, void *buf, uint32_t len,
		 unsigned int width, struct stl_fault *fault);

/** stl_mem_write() - write target memory; as stl_mem_read() */
int stl_mem_write(int fd, uint32_t addr, const void *buf, uint32_t len,
		  unsigned int width, struct stl_fault *fault);

/** stl_mem_read32() - read one word; 0 or negative errno */
int stl_mem_read32(int fd, uint32_t addr, uint32_t *value);

/** stl_mem_write32() - write one word; 0 or negative errno */
int stl_mem_write32(int fd, uint32_t addr, uint32_t value);

/**
 * stl_failed_status() - status of the access that failed last
 *
 * For a message, right after it: as stl_fail_errno() wants it. The functions here
 * give STL_SILENT in their own status as well.
 */
uint32_t stl_failed_status(void);

/**
 * stl_note_failure() - for stl_failed_status(), of a call that failed with @ret
 *
 * Return: @status, or STL_SILENT in place of 0.
 */
uint32_t stl_note_failure(int fd, int ret, uint32_t status);

/** stl_reg_ops() - core registers, gone on with after a signal */
int stl_reg_ops(int fd, struct stlink_reg_op *ops, size_t num);

/** stl_reg_read() - one core register (STLINK_REG_*); the core is halted */
int stl_reg_read(int fd, unsigned int reg, uint32_t *value);

/**
 * stl_core() - STLINK_IOC_CORE, repeated after a signal where that is safe
 * @fd: probe with a session
 * @op: STLINK_CORE_*
 * @flags: STLINK_CORE_F_*
 * @timeout_ms: milliseconds, 0 for the driver's default
 * @core: out: the whole answer, or NULL
 *
 * Return: 0 or negative errno.
 */
int stl_core(int fd, unsigned int op, uint32_t flags, uint32_t timeout_ms,
	     struct stlink_core *core);

#endif
