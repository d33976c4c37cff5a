// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory commands of group F2. Their data phase carries data only and is
 * always complete; the outcome waits for 3B or 3E.
 */
#include <string.h>

#include "internal.h"

/**
 * struct mem_op - one memory command
 * @op: second byte of the command block
 * @from: first J that has it (OpenOCD, pyOCD)
 * @size: bytes of an access
 * @increment: address goes up
 * @write: has an OUT data phase
 */
struct mem_op {
	uint8_t op;
	uint8_t from;
	uint8_t size;
	bool increment;
	bool write;
};

static const struct mem_op mem_ops[] = {
	{ 0x07, 0, 4, true, false },
	{ 0x08, 0, 4, true, true },
	{ 0x0c, 0, 1, true, false },
	{ 0x0d, 0, 1, true, true },
	{ 0x47, 26, 2, true, false },
	{ 0x48, 26, 2, true, true },
	{ 0x50, 26, 4, false, true },
	{ 0x54, 32, 4, false, false },
};

#define CSW_FROM	32
#define OPEN_AP_FROM	37	/* OpenOCD */

static const struct mem_op *find(uint8_t op)
{
	size_t i;

	for (i = 0; i < sizeof(mem_ops) / sizeof(*mem_ops); i++)
		if (mem_ops[i].op == op)
			return &mem_ops[i];
	return NULL;
}

static unsigned int length(const struct probe *p)
{
	return get16(p->cmd + 6);
}

/* a one-byte read answers two bytes (OpenOCD, probe-rs, Black Magic Debug) */
static size_t answer_length(const struct probe *p, const struct mem_op *o)
{
	size_t len = length(p);

	return o->size == 1 && len == 1 ? 2 : len;
}

static struct mem_access access_of(const struct probe *p,
				   const struct mem_op *o)
{
	struct mem_access m = {
		.addr = get32(p->cmd + 2),
		.count = length(p) / o->size,
		.size = o->size,
		.increment = o->increment,
	};

	/* before J28 there is AP 0 only; before J32 no CSW */
	if (p->opt.version.j >= 28)
		m.ap = p->cmd[8];
	if (p->opt.version.j >= CSW_FROM)
		m.csw_top = get32(p->cmd + 8) >> 8;
	return m;
}

static bool ap_closed(const struct probe *p, unsigned int ap)
{
	switch (p->opt.ap_open) {
	case AP_OPEN_NEVER:
		return false;
	case AP_OPEN_ALWAYS:
		return p->opt.version.j >= 28 && !ap_is_open(p, ap);
	case AP_OPEN_AUTO:
		break;
	}
	return p->opt.version.j >= OPEN_AP_FROM && !ap_is_open(p, ap);
}

static uint8_t check(const struct probe *p, const struct mem_op *o)
{
	unsigned int len = length(p);

	if (!len || len > (o->size == 1 ? MEM8_MAX : MEM32_MAX))
		return ST_COMMAND_ERROR;
	if (get32(p->cmd + 2) % o->size)
		return ST_ALIGNMENT;
	if (ap_closed(p, access_of(p, o).ap))
		return ST_BAD_AP;
	return ST_OK;
}

static void set_rw_status(struct probe *p, uint8_t status, uint32_t fault)
{
	p->rw_status = status;
	p->rw_fault = status == ST_OK ? 0 : fault;
}

/* a fault made up: half of the block is done, as if it came in the middle */
static void half_done(struct probe *p, const struct mem_op *o, uint8_t status)
{
	struct mem_access m = access_of(p, o);
	uint32_t fault = m.addr;

	m.count /= 2;
	if (m.count && o->write)
		mem_write(p, &m, p->buf, &fault);
	else if (m.count)
		mem_read(p, &m, p->buf, &fault);
	fault = m.addr + (m.increment ? m.count * m.size : 0);
	set_rw_status(p, status, fault);
}

static void run(struct probe *p, const struct mem_op *o)
{
	struct mem_access m = access_of(p, o);
	uint8_t status = check(p, o);
	uint32_t fault = m.addr;

	if (status == ST_OK) {
		uint8_t injected = inject_status(p);

		if (injected != ST_OK) {
			half_done(p, o, injected);
			return;
		}
		status = o->write ? mem_write(p, &m, p->buf, &fault) :
			mem_read(p, &m, p->buf, &fault);
	}
	set_rw_status(p, status, fault);
}

/** debug_mem_refuse() - not possible now: same phases, no access */
void debug_mem_refuse(struct probe *p, uint8_t status)
{
	const struct mem_op *o = find(p->cmd[1]);

	if (!o) {		/* RW_MISC */
		if (p->cmd[1] == 0x51)
			expect_data(p, misc_out_length(p), true);
		else
			reply_status(p, status, 2);
		return;
	}
	set_rw_status(p, status, get32(p->cmd + 2));
	if (o->write)
		expect_data(p, length(p), true);
	else if (length(p))
		reply(p, answer_length(p, o));
}

/** debug_mem_command() - command block of a memory command, in a session */
void debug_mem_command(struct probe *p)
{
	const struct mem_op *o = find(p->cmd[1]);

	if (p->cmd[1] == 0x51) {
		misc_out_command(p);
		return;
	}
	if (p->cmd[1] == 0x52) {
		misc_in_command(p);
		return;
	}
	if (p->opt.version.j < o->from) {
		set_rw_status(p, ST_UNKNOWN_COMMAND, get32(p->cmd + 2));
		if (o->write)
			expect_data(p, length(p), true);
		else
			reply_unknown(p, answer_length(p, o));
		return;
	}
	if (o->write) {
		if (length(p))
			expect_data(p, length(p), false);
		else
			run(p, o);
		return;
	}
	run(p, o);
	if (length(p))
		reply(p, answer_length(p, o));
}

/** debug_data() - the data phase of a write has come in whole */
void debug_data(struct probe *p)
{
	if (p->cmd[1] == 0x51)
		misc_out_data(p);
	else
		run(p, find(p->cmd[1]));
}
