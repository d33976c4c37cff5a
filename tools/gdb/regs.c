// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core registers, numbered as the target description in xml.c does.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>

#include "internal.h"
#include "xfer.h"

enum {
	REG_XPSR = 16,
	REG_MSP,
	REG_PSP,
	REG_PRIMASK,
	REG_CONTROL,
	NUM_REGS,
};

/* DCRSR.REGSEL of those up to here is their number */
#define NUM_PLAIN	(REG_PSP + 1)
#define PRIMASK_SHIFT	0
#define CONTROL_SHIFT	24

static unsigned int size_of(unsigned int reg)
{
	return reg < REG_PRIMASK ? 4 : 1;
}

static unsigned int shift_of(unsigned int reg)
{
	return reg == REG_CONTROL ? CONTROL_SHIFT : PRIMASK_SHIFT;
}

static int fail(int ret, const char *what, struct stl_error *err)
{
	if (ret == -ENODATA)
		return stl_fail(err, STL_LINK,
				"%s: the core is running, \"monitor halt\" halts it",
				what);
	return stl_fail_errno(err, ret, stl_failed_status(), "%s", what);
}

static int read_all(struct gdb *g, uint32_t *value, struct stl_error *err)
{
	struct stlink_reg_op ops[NUM_PLAIN + 1];
	unsigned int i;
	int ret;

	for (i = 0; i < NUM_PLAIN + 1; i++)
		ops[i] = (struct stlink_reg_op){
			.op = STLINK_OP_READ,
			.reg = i < NUM_PLAIN ? i : STLINK_REG_CONTROL,
		};
	ret = stl_reg_ops(g->t->fd, ops, NUM_PLAIN + 1);
	if (ret)
		return fail(ret, "reading registers", err);
	for (i = 0; i < NUM_PLAIN; i++)
		value[i] = ops[i].value;
	value[REG_PRIMASK] = ops[i].value >> PRIMASK_SHIFT & 0xff;
	value[REG_CONTROL] = ops[i].value >> CONTROL_SHIFT & 0xff;
	return STL_OK;
}

static int write_one(struct gdb *g, unsigned int reg, uint32_t value,
		     struct stl_error *err)
{
	struct stlink_reg_op op = {
		.op = STLINK_OP_WRITE,
		.reg = reg,
		.value = value,
	};
	int ret = 0;

	if (reg >= NUM_PLAIN) {
		op.reg = STLINK_REG_CONTROL;
		ret = stl_reg_read(g->t->fd, STLINK_REG_CONTROL, &op.value);
		op.value &= ~(0xffu << shift_of(reg));
		op.value |= (value & 0xff) << shift_of(reg);
	}
	if (!ret)
		ret = stl_reg_ops(g->t->fd, &op, 1);
	return ret ? fail(ret, "writing a register", err) : STL_OK;
}

/** gdb_read_regs() - g: all of them */
void gdb_read_regs(struct gdb *g)
{
	struct stl_error err = { 0 };
	uint32_t value[NUM_REGS];
	unsigned int i;

	if (read_all(g, value, &err)) {
		gdb_fail(g, &err, true);
		return;
	}
	for (i = 0; i < NUM_REGS; i++)
		gdb_put_hex(&g->answer, &value[i], size_of(i));
}

/** gdb_write_regs() - G: all of them; what didn't change isn't written */
void gdb_write_regs(struct gdb *g, struct gdb_args *a)
{
	uint32_t value[NUM_REGS], new;
	struct stl_error err = { 0 };
	uint8_t raw[NUM_REGS * 4];
	unsigned int i, at = 0;
	int ret;

	for (i = 0; i < NUM_REGS; i++)
		at += size_of(i);
	if (!gdb_arg_bytes(a, raw, at)) {
		gdb_bad(g, "G");
		return;
	}
	ret = read_all(g, value, &err);
	for (i = 0, at = 0; i < NUM_REGS && !ret; i++) {
		new = raw[at];
		if (size_of(i) == 4)
			new |= raw[at + 1] << 8 | raw[at + 2] << 16 |
			       (uint32_t)raw[at + 3] << 24;
		at += size_of(i);
		if (new != value[i])
			ret = write_one(g, i, new, &err);
	}
	if (ret)
		gdb_fail(g, &err, true);
	else
		gdb_ok(g);
}

/** gdb_read_reg() - p: one of them */
void gdb_read_reg(struct gdb *g, struct gdb_args *a)
{
	struct stl_error err = { 0 };
	uint32_t reg, value = 0;
	int ret;

	if (!gdb_arg_hex(a, &reg) || reg >= NUM_REGS) {
		gdb_bad(g, "p");
		return;
	}
	ret = stl_reg_read(g->t->fd, reg < NUM_PLAIN ? reg : STLINK_REG_CONTROL,
			   &value);
	if (ret) {
		fail(ret, "reading a register", &err);
		gdb_fail(g, &err, true);
		return;
	}
	if (reg >= NUM_PLAIN)
		value >>= shift_of(reg);
	gdb_put_hex(&g->answer, &value, size_of(reg));
}

/** gdb_write_reg() - P: one of them */
void gdb_write_reg(struct gdb *g, struct gdb_args *a)
{
	struct stl_error err = { 0 };
	uint32_t reg;
	uint8_t raw[4] = { 0 };

	if (!gdb_arg_hex(a, &reg) || reg >= NUM_REGS ||
	    !gdb_arg_word(a, "=") || !gdb_arg_bytes(a, raw, size_of(reg))) {
		gdb_bad(g, "P");
		return;
	}
	if (write_one(g, reg, raw[0] | raw[1] << 8 | raw[2] << 16 |
		      (uint32_t)raw[3] << 24, &err))
		gdb_fail(g, &err, true);
	else
		gdb_ok(g);
}

/** gdb_set_pc() - where the core goes on */
int gdb_set_pc(struct gdb *g, uint32_t pc, struct stl_error *err)
{
	return write_one(g, STLINK_REG_PC, pc, err);
}
