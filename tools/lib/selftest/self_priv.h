/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the questions share among themselves.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STL_SELF_PRIV_H
#define STL_SELF_PRIV_H

#include "xfer.h"
#include "selftest.h"

/** STL_SELF_HOLE - nothing is there on any part: RM0360 table 1 */
#define STL_SELF_HOLE		0x60000000u

/** STL_STATUS_* - of the probe, as OpenOCD and pyOCD name them */
#define STL_STATUS_OK		0x80u
#define STL_STATUS_AP_WAIT	0x10u
#define STL_STATUS_AP_FAULT	0x11u
#define STL_STATUS_DP_WAIT	0x14u

/**
 * struct stl_self - what is going on
 * @t: target
 * @opts: what may be done
 * @page: address of the page of flash
 * @nrst: the reset line works
 */
struct stl_self {
	struct stl_target *t;
	const struct stl_self_options *opts;
	uint32_t page;
	bool nrst;
};

/** stl_self_same() - it is as assumed; @fmt says what was seen. Returns true */
bool stl_self_same(struct stl_self_answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** stl_self_differs() - it isn't; @model does the same, or is "". Returns true */
bool stl_self_differs(struct stl_self_answer *a, const char *model,
		      const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** stl_self_measured() - a number. Returns true */
bool stl_self_measured(struct stl_self_answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** stl_self_open() - it could not be asked; @fmt says why. Returns true */
bool stl_self_open(struct stl_self_answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * stl_self_trouble() - it could not be asked: an access failed that should not
 * @a: answer
 * @ret: negative errno
 * @doing: what
 *
 * Return: false where there is no session any more.
 */
bool stl_self_trouble(struct stl_self_answer *a, int ret, const char *doing);

/** stl_self_failed() - the same after a call that isn't one of xfer.h */
bool stl_self_failed(struct stl_self *s, struct stl_self_answer *a, int ret,
		     uint32_t status, const char *doing);

/** stl_self_raw() - note the bytes behind it */
void stl_self_raw(struct stl_self_answer *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * stl_self_once() - an access that is never repeated
 * @s: what is going on
 * @op: filled with the outcome
 * @what: STLINK_OP_READ or STLINK_OP_WRITE
 * @addr: address
 * @buf: data
 * @len: bytes
 * @width: of each access
 *
 * Return: 0 or negative errno.
 */
int stl_self_once(struct stl_self *s, struct stlink_mem_op *op,
		  unsigned int what, uint32_t addr, void *buf, uint32_t len,
		  unsigned int width);

/** stl_self_refused() - is that how a target refuses an access? */
bool stl_self_refused(int ret);

/**
 * stl_self_exchanges() - how many there were with the probe since it was bound
 * @s: what is going on
 * @num: out
 *
 * Return: 0 or negative errno.
 */
int stl_self_exchanges(struct stl_self *s, uint64_t *num);

/**
 * stl_self_count() - exchanges that reads take when they are sent as one batch
 * @s: what is going on
 * @ops: reads
 * @num: how many, at most STLINK_MAX_OPS
 * @took: out
 *
 * Return: 0 or negative errno.
 */
int stl_self_count(struct stl_self *s, const struct stlink_mem_op *ops,
		   size_t num, uint64_t *took);

/* self_probe.c */
bool stl_self_descriptors(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_serial(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_voltage(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_no_such_ap(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_rw_misc(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_tar(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_fault_address(struct stl_self *s, struct stl_self_answer *a);

/* self_time.c */
bool stl_self_exchange_time(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_read_time(struct stl_self *s, struct stl_self_answer *a);

/* self_chip.c */
bool stl_self_identity(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_ap_registers(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_rom_table(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_units(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_hole(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_upper_half(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_above_options(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_obr(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_size_register(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_uid(struct stl_self *s, struct stl_self_answer *a);

/* self_halt.c */
bool stl_self_behind_error(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_tar_write(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_readreg(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_dbgmcu(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_locked_cr(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_exit_halted(struct stl_self *s, struct stl_self_answer *a);

/* self_reset.c */
bool stl_self_nrst(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_under_nrst(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_catch(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_optkey(struct stl_self *s, struct stl_self_answer *a);

/* self_flash.c */
bool stl_self_store(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_busy_read(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_erase_time(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_program_time(struct stl_self *s, struct stl_self_answer *a);
bool stl_self_bsy_late(struct stl_self *s, struct stl_self_answer *a);

/**
 * stl_self_page_blank() - is the page of flash blank?
 * @s: what is going on
 * @blank: out
 *
 * Return: 0 or negative errno.
 */
int stl_self_page_blank(struct stl_self *s, bool *blank);

#endif
