// SPDX-License-Identifier: GPL-2.0-only
/*
 * The probe's firmware: what a healthy ST-Link V2 answers to each command,
 * and the overrides of the test. The commands are as OpenOCD, stlink-org,
 * pyOCD and probe-rs send them.
 */
#include <errno.h>
#include <string.h>

#include "probe.h"

#define NO_DATA		(-1)

static uint32_t dp_ctrl_stat = 0xf0000000;

static int status_only(uint8_t *r, uint8_t status)
{
	r[0] = status;
	r[1] = 0;
	return 2;
}

static int status_value(uint8_t *r, uint8_t status, uint32_t value)
{
	memset(r, 0, 8);
	r[0] = status;
	put32(r + 4, value);
	return 8;
}

static int get_version(struct probe *p, uint8_t *r)
{
	unsigned int word = 2 << 12 | p->opt.j << 6 | p->opt.s;

	r[0] = word >> 8;
	r[1] = word;
	r[2] = 0x83;
	r[3] = 0x04;
	r[4] = p->opt.pid;
	r[5] = p->opt.pid >> 8;
	return 6;
}

static int enter(struct probe *p, uint8_t *r)
{
	struct target *t = &p->target;

	if (!t->present)
		return status_only(r, 0x09);
	if (t->sleeps) {
		t->sleeps--;
		return status_only(r, 0x09);
	}
	p->mode = MODE_DEBUG;
	p->ap_open = false;
	return status_only(r, ST_OK);
}

static int idcodes(struct probe *p, uint8_t *r)
{
	memset(r, 0, 12);
	r[0] = p->target.present ? ST_OK : 0x16;
	if (p->target.present)
		put32(r + 4, p->target.dpidr);
	return 12;
}

static int debug_register(struct probe *p, const uint8_t *cmd, uint8_t *r)
{
	uint32_t v = 0;
	uint8_t status = 0x16;

	if (p->target.present && cmd[1] == 0x36)
		status = target_read(&p->target, get32(cmd + 2), 4, &v);
	else if (p->target.present)
		status = target_write(&p->target, get32(cmd + 2), 4,
				      get32(cmd + 6));
	return cmd[1] == 0x36 ? status_value(r, status, v) :
				status_only(r, status);
}

static int core_register(struct probe *p, const uint8_t *cmd, uint8_t *r)
{
	struct target *t = &p->target;
	bool known = cmd[2] < 21 && cmd[2] != 19;

	if (cmd[1] == 0x33)
		return status_value(r, t->present ? ST_OK : 0x16,
				    known ? t->reg[cmd[2]] : 0);
	if (known && t->present)
		t->reg[cmd[2]] = get32(cmd + 3);
	return status_only(r, t->present ? ST_OK : 0x16);
}

static uint32_t dp_read(uint16_t reg)
{
	if (reg == 0x00)
		return DPIDR_M0;
	/* DLCR in bank 1 */
	return reg == 0x04 ? dp_ctrl_stat : reg == 0x14 ? 0x40 : 0;
}

static int dap_register(struct probe *p, const uint8_t *cmd, uint8_t *r)
{
	static uint32_t tar;
	uint16_t port = get16(cmd + 2), reg = get16(cmd + 4);
	uint32_t v = cmd[1] == 0x46 ? get32(cmd + 6) : 0;
	uint8_t status = p->target.present ? ST_OK : 0x16;

	if (status != ST_OK) {
		v = 0;
	} else if (port == 0xffff) {
		if (cmd[1] == 0x46 && reg == 0x04)
			dp_ctrl_stat = (v & 0x50000000) * 3;
		else if (cmd[1] == 0x45)
			v = dp_read(reg);
	} else if (port) {
		status = 0x1d;
	} else if (reg == 0x0c) {
		status = cmd[1] == 0x46 ? target_write(&p->target, tar, 4, v) :
					  target_read(&p->target, tar, 4, &v);
	} else if (cmd[1] == 0x46) {
		tar = reg == 0x04 ? v : tar;
	} else {
		v = reg == 0x00 ? 0x03000042 : reg == 0x04 ? tar :
		    reg == 0xf8 ? 0xe00ff003 : reg == 0xfc ? 0x04770021 : 0;
	}
	return cmd[1] == 0x45 ? status_value(r, status, v) :
				status_only(r, status);
}

static int rw_status(struct probe *p, const uint8_t *cmd, uint8_t *r)
{
	if (cmd[1] == 0x3b)
		return status_only(r, p->rw_status);
	memset(r, 0, 12);
	r[0] = p->rw_status;
	put32(r + 4, p->rw_addr);
	return 12;
}

static int all_registers(struct probe *p, uint8_t *r)
{
	const struct target *t = &p->target;
	unsigned int i;

	memset(r, 0, 88);
	r[0] = t->present ? ST_OK : 0x16;
	/* r0 to r15, xPSR, MSP, PSP, and two that nobody knows */
	for (i = 0; t->present && i < 21; i++)
		put32(r + 4 + 4 * i, i < 19 ? t->reg[i] : 0xbad00000 + i);
	return 88;
}

/* Length and layout of the answers of commands that fail as a whole */
static int refuse(const uint8_t *cmd, uint8_t *r, uint8_t status)
{
	switch (cmd[1]) {
	case 0x21:
		return NO_DATA;
	case 0x31:
	case 0x3e:
		memset(r, 0, 12);
		r[0] = status;
		return 12;
	case 0x33:
	case 0x36:
	case 0x45:
		return status_value(r, status, 0);
	default:
		return status_only(r, status);
	}
}

static int debug_command(struct probe *p, const uint8_t *cmd, uint8_t *r)
{
	switch (cmd[1]) {
	case 0x21:
		if (p->mode == MODE_DEBUG)
			p->mode = MODE_MASS;
		p->ap_open = false;
		return NO_DATA;
	case 0x30:
		return enter(p, r);
	case 0x3c:
		if (cmd[2] < 2)
			target_nrst(&p->target, !cmd[2]);
		return status_only(r, ST_OK);
	case 0x43:
		p->divisor = get16(cmd + 2);
		return status_only(r, ST_OK);
	case 0x4c:
		p->ap_open = false;
		return status_only(r, p->opt.j == 28 ? 0x1d : ST_OK);
	}
	if (p->mode != MODE_DEBUG)
		return refuse(cmd, r, 0x05);
	switch (cmd[1]) {
	case 0x31:
		return idcodes(p, r);
	case 0x33:
	case 0x34:
		return core_register(p, cmd, r);
	case 0x3a:
		return all_registers(p, r);
	case 0x35:
	case 0x36:
		return debug_register(p, cmd, r);
	case 0x3b:
	case 0x3e:
		return rw_status(p, cmd, r);
	case 0x45:
	case 0x46:
		return dap_register(p, cmd, r);
	case 0x52:
		return misc_answer(p, r);
	case 0x4b:
		p->ap_open = !cmd[2] && p->target.present;
		return status_only(r, p->target.present && !cmd[2] ? ST_OK :
				   0x1d);
	default:
		return refuse(cmd, r, 0x42);
	}
}

static int execute(struct probe *p, const uint8_t *cmd, uint8_t *r)
{
	if (p->mode == MODE_DFU && cmd[0] != 0xf1 && cmd[0] != 0xf3 &&
	    cmd[0] != 0xf5)
		return NO_DATA;
	switch (cmd[0]) {
	case 0xf1:
		return get_version(p, r);
	case 0xf2:
		if (mem_is_read(cmd[1])) {
			mem_read(p, cmd, r);
			/* One byte comes in the company of another. */
			return get16(cmd + 6) == 1 ? 2 : get16(cmd + 6);
		}
		return debug_command(p, cmd, r);
	case 0xf3:
		if (cmd[1] == 0x07 && p->mode == MODE_DFU)
			p->mode = MODE_MASS;
		return NO_DATA;
	case 0xf4:
		p->mode = cmd[1] ? MODE_MASS : MODE_SWIM;
		return NO_DATA;
	case 0xf5:
		r[0] = p->mode;
		r[1] = 0;
		return 2;
	case 0xf7:
		put32(r, p->adc[0]);
		put32(r + 4, p->adc[1]);
		return 8;
	default:
		return NO_DATA;
	}
}

static bool has_status(const uint8_t *cmd)
{
	return cmd[0] == 0xf2 && cmd[1] != 0x21 && cmd[1] != 0x51 &&
	       cmd[1] != 0x52 && !mem_is_read(cmd[1]) && !mem_is_write(cmd[1]);
}

static bool executes(const struct rule *rule)
{
	return !rule || rule->action == RULE_SHORT ||
	       rule->action == RULE_LONG || rule->action == RULE_DELAY ||
	       rule->action == RULE_HOLD;
}

/* The answer in place of an execution; its length or NO_DATA */
static int scripted(struct probe *p, const struct rule *rule,
		    const uint8_t *cmd, uint8_t *r)
{
	size_t len = get16(cmd + 6) == 1 ? 2 : get16(cmd + 6);

	switch (rule->action) {
	case RULE_STATUS:
		if (!mem_is_read(cmd[1]))
			return refuse(cmd, r, rule->arg);
		p->rw_status = rule->arg;
		p->rw_addr = get32(cmd + 2);
		memcpy(r, p->stale, len);
		return len;
	case RULE_REPLACE:
		conform_excuse(p);
		memcpy(r, rule->data, rule->arg);
		return rule->arg;
	case RULE_STALL:
		conform_excuse(p);
		usbip_stall(p->usb, p->ep_in);
		return NO_DATA;
	default:
		conform_excuse(p);
		return NO_DATA;
	}
}

static uint64_t due(const struct rule *rule)
{
	if (rule && rule->action == RULE_HOLD)
		return USBIP_HELD;
	if (rule && rule->action == RULE_DELAY)
		return now_ns() + rule->arg * 1000000ULL;
	return 0;
}

static void command(struct probe *p, const uint8_t *cmd)
{
	uint8_t r[TWIST_MAX];
	struct rule *rule;
	uint64_t when;
	int len;

	conform_command(p, cmd);
	script_log(p, cmd);
	rule = script_match(p, cmd);
	if (rule && rule->action == RULE_UNPLUG) {
		usbip_vanish(p->usb);
		return;
	}
	if (!rule && misc_refused(p, cmd))
		return;
	if (cmd[0] == 0xf2 && (mem_is_write(cmd[1]) || cmd[1] == 0x51)) {
		memcpy(p->pending, cmd, PROBE_CMD_LEN);
		p->pending_rule = rule;
		p->pending_len = cmd[1] == 0x51 ? misc_data_len(cmd) :
						  get16(cmd + 6);
		p->pending_got = 0;
		return;
	}
	memset(r, 0, sizeof(r));
	len = executes(rule) ? execute(p, cmd, r) : scripted(p, rule, cmd, r);
	if (has_status(cmd) && len > 0)
		script_status(p, r[0]);
	if (cmd[0] == 0xf3 && cmd[1] == 0x07 && p->opt.reenumerate) {
		p->replug_wanted = true;
		usbip_vanish(p->usb);
		return;
	}
	if (len != NO_DATA && rule && rule->action == RULE_SHORT)
		len = rule->arg;
	if (len != NO_DATA && rule && rule->action == RULE_LONG)
		len += rule->arg;
	if (len > TWIST_MAX)
		len = TWIST_MAX;
	if (rule && (rule->action == RULE_SHORT || rule->action == RULE_LONG))
		conform_excuse(p);
	when = due(rule);
	if (p->twist && p->twist->answer)
		len = p->twist->answer(p, cmd, r, len, &when);
	if (len != NO_DATA)
		usbip_answer(p->usb, p->ep_in, r, len, when);
}

static void write_data(struct probe *p, const uint8_t *data, size_t len)
{
	struct rule *rule = p->pending_rule;

	if (len > p->pending_len - p->pending_got) {
		violation(p, p->pending, "more data than announced");
		len = p->pending_len - p->pending_got;
	}
	memcpy(p->data + p->pending_got, data, len);
	p->pending_got += len;
	if (p->pending_got < p->pending_len)
		return;
	if (p->num_log)
		p->log[p->num_log - 1].out_len = p->pending_len;
	p->pending_len = 0;
	if (p->pending[1] == 0x51) {
		conform_misc(p, p->data);
		misc_execute(p, p->data, rule && rule->action == RULE_STATUS ?
			     rule->arg : 0);
	} else if (rule && rule->action == RULE_STATUS) {
		p->rw_status = rule->arg;
		p->rw_addr = get32(p->pending + 2);
	} else {
		mem_write(p, p->pending, p->data);
	}
}

/**
 * firmware_out() - one OUT transfer arrived
 * @p: probe
 * @data: its bytes
 * @len: their number
 *
 * Return: 0, -EPIPE to stall, -EPROTO for a bus error, or in how many ms the
 * controller is through with it.
 */
int firmware_out(struct probe *p, const uint8_t *data, size_t len)
{
	if (p->pending_len && p->pending_len <= PROBE_DATA_MAX) {
		if (p->twist && p->twist->data && !p->twist->data(p))
			return -EPROTO;
		write_data(p, data, len);
		return 0;
	}
	p->pending_len = 0;
	/* Data of a command that this firmware doesn't know: another unknown */
	if (p->misc.lack != MISC_THERE && len && data[0] < 0xf0)
		return 0;
	if (len != PROBE_CMD_LEN) {
		violation(p, NULL, "command block is not of 16 bytes");
		return 0;
	}
	if (p->twist && p->twist->command && !p->twist->command(p, data))
		return -EPIPE;
	command(p, data);
	if (p->twist && p->twist->taken && !p->twist->taken(p, data))
		return -EPROTO;
	return p->twist && p->twist->late ? p->twist->late(p, data) : 0;
}

/**
 * firmware_usb_reset() - the host configured the device, as it does after
 *	each reset: the link is fresh, the debug state stays
 * @p: probe
 */
void firmware_usb_reset(struct probe *p)
{
	p->resets++;
	p->pending_len = 0;
	p->misc.due = false;
	conform_excuse(p);
	usbip_flush(p->usb);
}
