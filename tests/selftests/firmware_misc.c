// SPDX-License-Identifier: GPL-2.0-only
/*
 * RW_MISC: F2 51 takes up to 64 items, one op byte and one word each; F2 52
 * gives a value and a status for each of them. What the firmware does with
 * the items behind one that failed, and with the access port, is nowhere
 * written down: struct misc has a switch for each answer.
 */
#include <string.h>

#include "probe.h"

/**
 * misc_data_len() - length of the data phase of F2 51
 * @cmd: command block
 *
 * Return: bytes; 0 for a number of items that can't be.
 */
size_t misc_data_len(const uint8_t *cmd)
{
	uint32_t n = get32(cmd + 2);

	return n && n <= MISC_MAX_ITEMS ? (n + 3) / 4 * 4 + 4 * n : 0;
}

/* Whether an access goes to the memory; else its status */
static uint8_t access_port(struct probe *p, bool selected)
{
	struct misc *m = &p->misc;

	if (!p->target.present)
		return 0x16;
	if (p->opt.j >= 37 && !p->ap_open)
		return 0x1d;
	if (!selected && m->ap_rule == MISC_AP_REQUIRED)
		return 0x1d;
	if (!selected && m->ap_rule == MISC_AP_DEFAULT)
		m->ap = 0;
	return !m->ap || m->garbage ? ST_OK : 0x1d;
}

static uint8_t item(struct probe *p, unsigned int i, uint32_t *addr,
		    bool *selected)
{
	struct misc *m = &p->misc;
	uint8_t status;

	switch (m->op[i]) {
	case MISC_SELECT_AP:
		m->ap = m->arg[i];
		*selected = true;
		return ST_OK;
	case MISC_SET_ADDR:
		*addr = m->arg[i];
		return ST_OK;
	}
	status = access_port(p, *selected);
	if (status != ST_OK || m->ap)
		return status;
	if (m->op[i] == MISC_READ) {
		*addr = m->arg[i];
		return target_read(&p->target, *addr, 4, &m->value[i]);
	}
	return target_write(&p->target, *addr, 4, m->arg[i]);
}

/**
 * misc_execute() - the data phase of F2 51 is complete
 * @p: probe
 * @data: op bytes, padding, words
 * @status: how all items end without being executed, 0 to execute them
 */
void misc_execute(struct probe *p, const uint8_t *data, int status)
{
	struct misc *m = &p->misc;
	uint32_t addr = 0;
	bool selected = false;
	unsigned int i;

	m->num = get32(p->pending + 2);
	memcpy(m->op, data, m->num);
	memset(m->value, 0, sizeof(m->value));
	data += (m->num + 3) / 4 * 4;
	for (i = 0; i < m->num; i++) {
		m->arg[i] = get32(data + 4 * i);
		m->status[i] = status ? status : item(p, i, &addr, &selected);
		if (m->status[i] != ST_OK && !m->go_on)
			status = m->status[i];
	}
	m->due = true;
}

/**
 * misc_answer() - F2 52
 * @p: probe
 * @r: out: values, then statuses
 *
 * Return: length.
 */
int misc_answer(struct probe *p, uint8_t *r)
{
	struct misc *m = &p->misc;
	unsigned int i;

	for (i = 0; i < m->num; i++) {
		put32(r + 4 * i, m->value[i]);
		put32(r + 4 * (m->num + i), m->status[i]);
	}
	return 8 * m->num;
}

/**
 * misc_refused() - what firmware does that has no RW_MISC
 * @p: probe
 * @cmd: command block
 *
 * Return: true if that was it, false if the firmware knows the command.
 */
bool misc_refused(struct probe *p, const uint8_t *cmd)
{
	const uint8_t unknown[2] = { 0x42, 0 };

	if (p->misc.lack == MISC_THERE || cmd[0] != 0xf2 ||
	    (cmd[1] != 0x51 && cmd[1] != 0x52))
		return false;
	/* From here on host and probe are out of step, not by its fault. */
	conform_excuse(p);
	if (p->misc.lack == MISC_UNKNOWN)
		usbip_answer(p->usb, p->ep_in, unknown, 2, 0);
	return true;
}
