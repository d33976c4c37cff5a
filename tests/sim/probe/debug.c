// SPDX-License-Identifier: GPL-2.0-only
/* Group F2 but memory: session, core and debug registers, DAP, reset, trace. */
#include <string.h>

#include "../chip/chip.h"
#include "../timing.h"
#include "internal.h"

#define ALL_REGS	21

/**
 * struct op - one command of the group
 * @op: second byte of the command block
 * @from: first J that has it
 * @answer: length of the answer; 0 for none
 * @idle: served without a session (mode MASS) too
 * @ap: goes through an access port, see probe_options.ap_open
 */
struct op {
	uint8_t op;
	uint8_t from;
	uint8_t answer;
	bool idle;
	bool ap;
};

/* gates: OpenOCD, pyOCD, probe-rs; 43 is J22 with all but pyOCD (J20) */
static const struct op ops[] = {
	{ 0x21, 0, 0, true, false },	/* EXIT */
	{ 0x22, 0, 4, false, false },	/* READCOREID */
	{ 0x30, 0, 2, true, false },	/* ENTER */
	{ 0x31, 0, 12, false, false },	/* READ_IDCODES */
	{ 0x32, 0, 2, false, true },	/* RESETSYS */
	{ 0x33, 0, 8, false, true },	/* READREG */
	{ 0x34, 0, 2, false, true },	/* WRITEREG */
	{ 0x35, 0, 2, false, true },	/* WRITEDEBUGREG */
	{ 0x36, 0, 8, false, true },	/* READDEBUGREG */
	{ 0x3a, 0, 88, false, true },	/* READALLREGS */
	{ 0x3b, 0, 2, true, false },	/* GETLASTRWSTATUS */
	{ 0x3c, 0, 2, true, false },	/* DRIVE_NRST */
	{ 0x3e, 15, 12, true, false },	/* GETLASTRWSTATUS2 */
	{ 0x40, 13, 2, false, false },	/* START_TRACE_RX */
	{ 0x41, 13, 2, false, false },	/* STOP_TRACE_RX */
	{ 0x42, 13, 2, false, false },	/* GET_TRACE_NB */
	{ 0x43, 22, 2, true, false },	/* SWD_SET_FREQ */
	{ 0x44, 24, 2, true, false },	/* JTAG_SET_FREQ */
	{ 0x45, 24, 8, false, false },	/* READ_DAP_REG */
	{ 0x46, 24, 2, false, false },	/* WRITE_DAP_REG */
	{ 0x4b, 28, 2, false, false },	/* INIT_AP */
	{ 0x4c, 28, 2, false, false },	/* CLOSE_AP_DBG */
	{ 0x53, 32, 8, true, false },	/* RW_MISC: most items */
	{ 0x56, 36, 128, true, false },	/* GET_BOARD_IDENTIFIERS */
};

static const struct op *find(uint8_t op)
{
	size_t i;

	for (i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (ops[i].op == op)
			return &ops[i];
	return NULL;
}

/**
 * inject_status() - the status that the next target command has to end with
 *
 * Return: ST_OK when there is nothing to inject: do the real work.
 */
uint8_t inject_status(struct probe *p)
{
	struct probe_inject *in = &p->inject;

	if (in->wait_fault_ok) {
		in->wait_fault_ok--;
		return in->wait_fault_ok ? ST_AP_WAIT : ST_AP_FAULT;
	}
	if (in->wait_count) {
		in->wait_count--;
		return in->wait_code;
	}
	if (in->code_count) {
		in->code_count--;
		return in->code;
	}
	return ST_OK;
}

/** debug_leave() - EXIT: SWD pins released, access ports closed */
void debug_leave(struct probe *p)
{
	if (p->mode != MODE_DEBUG)
		return;
	p->mode = MODE_MASS;
	memset(p->open_aps, 0, sizeof(p->open_aps));
	dap_forget(p);
}

static void pulse_nrst(struct probe *p)
{
	drive_nrst(p, true);
	probe_spend(p, T_NRST_PULSE_NS);
	drive_nrst(p, false);
}

static uint8_t enter(struct probe *p)
{
	uint8_t protocol = p->cmd[2], status;

	if (p->mode == MODE_SWIM)
		return ST_OTHER_MODE;
	if (protocol != 0xa3) {
		if (p->mode == MODE_DEBUG)
			return ST_OTHER_MODE;
		/* JTAG; A4 without the reset pulse is known from J15 on */
		if (protocol != 0xa4 || p->opt.version.j < 15)
			pulse_nrst(p);
		/* a Cortex-M0 has no JTAG */
		return ST_UNKNOWN_JTAG_CHAIN;
	}
	probe_spend(p, T_ENTER_NS);
	status = dap_connect(p);
	if (status == ST_OK)
		p->mode = MODE_DEBUG;
	return status;
}

static void read_idcodes(struct probe *p)
{
	uint32_t id = 0;
	uint8_t status = swd_dp_read(p, DP_DPIDR, &id);

	if (status == ST_OK) {
		put32(p->buf + 4, id);
		put32(p->buf + 8, 0);
	}
	reply_status(p, status, 12);
}

static void read_coreid(struct probe *p)
{
	uint32_t id = 0;

	if (swd_dp_read(p, DP_DPIDR, &id) != ST_OK) {
		reply_stall(p);
		return;
	}
	put32(p->buf, id);
	reply(p, 4);
}

static void reply_value(struct probe *p, uint8_t status, uint32_t value)
{
	if (status == ST_OK)
		put32(p->buf + 4, value);
	reply_status(p, status, 8);
}

static void read_all_regs(struct probe *p)
{
	/* r0 to r15, xPSR, MSP, PSP, then what OpenOCD calls rw and rw2 */
	static const uint8_t last[] = { 16, 17, 18, 20 };
	uint8_t status = ST_OK;
	uint32_t v = 0;
	unsigned int i;

	for (i = 0; status == ST_OK && i < ALL_REGS - 1; i++) {
		status = core_read_reg(p, i < 16 ? i : last[i - 16], &v);
		if (status == ST_OK)
			put32(p->buf + 4 + 4 * i, v);
	}
	if (status == ST_OK)
		put32(p->buf + 4 + 4 * i, 0);
	reply_status(p, status, 88);
}

static uint8_t nrst_command(struct probe *p)
{
	switch (p->cmd[2]) {
	case 0:
		drive_nrst(p, true);
		return ST_OK;
	case 1:
		drive_nrst(p, false);
		return ST_OK;
	case 2:
		pulse_nrst(p);
		return ST_OK;
	}
	return ST_COMMAND_ERROR;
}

static void rw_status2(struct probe *p)
{
	memset(p->buf, 0, 12);
	put32(p->buf + 4, p->rw_status == ST_OK ? 0 : p->rw_fault);
	reply_status(p, p->rw_status, 12);
}

static void dap_command(struct probe *p)
{
	unsigned int port = get16(p->cmd + 2), reg = get16(p->cmd + 4);
	bool read = p->cmd[1] == 0x45;
	uint32_t v = 0;
	uint8_t status;

	if (port != 0xffff && port > 255)
		status = ST_BAD_AP;
	else if (port == 0xffff && reg > 0xf && p->opt.version.j < 32)
		status = ST_COMMAND_ERROR;
	else if (reg > 0xff || (reg & 3))
		status = ST_COMMAND_ERROR;
	else if (port != 0xffff && reg != AP_IDR && p->opt.version.j >= 28 &&
		 p->opt.ap_open == AP_OPEN_ALWAYS && !ap_is_open(p, port))
		status = ST_BAD_AP;
	else if (read)
		status = dap_read_reg(p, port, reg, &v);
	else
		status = dap_write_reg(p, port, reg, get32(p->cmd + 6));
	if (read)
		reply_value(p, status, v);
	else
		reply_status(p, status, 2);
}

/* AP 0 opened by use: J37 works with stlink-org, which never sends 4B */
static uint8_t check_ap(struct probe *p)
{
	if (p->opt.version.j < 28 || ap_is_open(p, 0))
		return ST_OK;
	if (p->opt.ap_open == AP_OPEN_ALWAYS)
		return ST_BAD_AP;
	return p->opt.ap_open == AP_OPEN_AUTO ? ap_open(p, 0) : ST_OK;
}

static void target_command(struct probe *p, uint8_t op)
{
	uint32_t v = 0;
	uint8_t status;

	switch (op) {
	case 0x22:
		read_coreid(p);
		break;
	case 0x31:
		read_idcodes(p);
		break;
	case 0x32:
		reply_status(p, core_system_reset(p), 2);
		break;
	case 0x33:
		status = core_read_reg(p, p->cmd[2], &v);
		reply_value(p, status, v);
		break;
	case 0x34:
		status = core_write_reg(p, p->cmd[2], get32(p->cmd + 3));
		reply_status(p, status, 2);
		break;
	case 0x35:
		status = get32(p->cmd + 2) & 3 ? ST_ALIGNMENT :
			mem_write32(p, get32(p->cmd + 2), get32(p->cmd + 6));
		reply_status(p, status, 2);
		break;
	case 0x36:
		status = get32(p->cmd + 2) & 3 ? ST_ALIGNMENT :
			mem_read32(p, get32(p->cmd + 2), &v);
		reply_value(p, status, v);
		break;
	case 0x3a:
		read_all_regs(p);
		break;
	case 0x45:
	case 0x46:
		dap_command(p);
		break;
	case 0x4b:
		probe_spend(p, T_INIT_AP_NS);
		reply_status(p, ap_open(p, p->cmd[2]), 2);
		break;
	case 0x4c:
		reply_status(p, ap_close(p, p->cmd[2]), 2);
		break;
	}
}

static void set_divisor(struct probe *p)
{
	p->divisor = get16(p->cmd + 2);
	reply_status(p, ST_OK, 2);
}

static void trace_command(struct probe *p, uint8_t op)
{
	if (op == 0x42) {	/* no SWO on a Cortex-M0: nothing ever waits */
		put16(p->buf, 0);
		reply(p, 2);
	} else if (op == 0x40 && get32(p->cmd + 4) > TRACE_MAX_BAUD) {
		reply_status(p, ST_SWV_NOT_AVAILABLE, 2);
	} else {
		reply_status(p, ST_OK, 2);
	}
}

/* those that the probe can answer by itself */
static bool own_command(struct probe *p, uint8_t op)
{
	switch (op) {
	case 0x21:
		debug_leave(p);
		return true;
	case 0x3b:
		reply_status(p, p->rw_status, 2);
		return true;
	case 0x3e:
		rw_status2(p);
		return true;
	case 0x40:
	case 0x41:
	case 0x42:
		trace_command(p, op);
		return true;
	case 0x43:
		set_divisor(p);
		return true;
	case 0x44:
		reply_status(p, ST_OK, 2);
		return true;
	case 0x53:
		put32(p->buf + 4, MISC_MAX_ITEMS);
		reply_status(p, ST_OK, 8);
		return true;
	case 0x56:
		memset(p->buf, 0, 128);	/* no board name */
		reply_status(p, ST_OK, 128);
		return true;
	}
	return false;
}

static bool is_mem(uint8_t op)
{
	switch (op) {
	case 0x07:
	case 0x08:
	case 0x0c:
	case 0x0d:
	case 0x47:
	case 0x48:
	case 0x50:
	case 0x51:
	case 0x52:
	case 0x54:
		return true;
	}
	return false;
}

/* no session: nothing that needs the target */
static uint8_t no_session(const struct probe *p)
{
	return p->mode == MODE_SWIM ? ST_OTHER_MODE : ST_NO_DEVICE;
}

/** debug_command() - a command block that begins with F2 */
void debug_command(struct probe *p)
{
	uint8_t op = p->cmd[1], status = ST_OK;
	const struct op *o;

	if (is_mem(op)) {
		if (p->mode != MODE_DEBUG)
			debug_mem_refuse(p, no_session(p));
		else
			debug_mem_command(p);
		return;
	}
	o = find(op);
	if (!o || p->opt.version.j < o->from) {
		reply_unknown(p, o ? o->answer : 2);
		return;
	}
	if (p->mode != MODE_DEBUG && !o->idle) {
		/* seen on V2J28S7 and V2J31S7 after a failed ENTER */
		if (op == 0x22)
			reply_stall(p);
		else
			reply_status(p, no_session(p), o->answer);
		return;
	}
	if (own_command(p, op))
		return;
	status = inject_status(p);
	if (status == ST_OK && op == 0x30)
		status = enter(p);
	else if (status == ST_OK && op == 0x3c)
		status = nrst_command(p);
	else if (status == ST_OK && o->ap)
		status = check_ap(p);
	if (status != ST_OK || op == 0x30 || op == 0x3c)
		reply_status(p, status, o->answer);
	else
		target_command(p, op);
}
