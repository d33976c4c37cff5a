// SPDX-License-Identifier: GPL-2.0-only
/* Overrides that a test sets, and the log that it reads. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"

/**
 * get32() - little-endian word of a packet
 * @p: four bytes
 */
uint32_t get32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/**
 * get16() - little-endian half-word of a packet
 * @p: two bytes
 */
uint16_t get16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

/**
 * put32() - store a little-endian word
 * @p: four bytes
 * @v: value
 */
void put32(uint8_t *p, uint32_t v)
{
	p[0] = v;
	p[1] = v >> 8;
	p[2] = v >> 16;
	p[3] = v >> 24;
}

/**
 * probe_rule() - add an override
 * @p: probe
 * @rule: what to override; a count of zero means once
 *
 * Return: the rule in force, for its hits.
 */
struct rule *probe_rule(struct probe *p, struct rule rule)
{
	struct rule *r = NULL;

	usbip_lock(p->usb);
	if (p->num_rules < PROBE_RULES_MAX) {
		r = &p->rules[p->num_rules++];
		*r = rule;
		r->hits = 0;
		if (!r->count)
			r->count = 1;
	}
	usbip_unlock(p->usb);
	return r;
}

/**
 * probe_clear_rules() - back to a healthy probe
 * @p: probe
 */
void probe_clear_rules(struct probe *p)
{
	usbip_lock(p->usb);
	p->num_rules = 0;
	usbip_unlock(p->usb);
}

static bool matches(const struct rule *r, const uint8_t *cmd)
{
	return (r->group == ANY || r->group == cmd[0]) &&
	       (r->op == ANY || r->op == cmd[1]) &&
	       (!r->by_addr || r->addr == get32(cmd + 2));
}

/**
 * script_match() - the override for a command
 * @p: probe
 * @cmd: command block
 *
 * Return: the first rule with hits left, or NULL.
 */
struct rule *script_match(struct probe *p, const uint8_t *cmd)
{
	unsigned int i;

	for (i = 0; i < p->num_rules; i++) {
		struct rule *r = &p->rules[i];

		if (!r->count || !matches(r, cmd))
			continue;
		if (r->skip) {
			r->skip--;
			continue;
		}
		if (r->count != FOREVER)
			r->count--;
		r->hits++;
		return r;
	}
	return NULL;
}

/**
 * script_log() - note a command
 * @p: probe
 * @cmd: command block
 */
void script_log(struct probe *p, const uint8_t *cmd)
{
	struct log_entry *e;

	if (p->num_log == PROBE_LOG_MAX) {
		violation(p, cmd, "log is full");
		return;
	}
	e = &p->log[p->num_log++];
	memset(e, 0, sizeof(*e));
	memcpy(e->cmd, cmd, PROBE_CMD_LEN);
	e->ms = (now_ns() - p->plugged_ns) / 1000000;
}

/**
 * script_status() - note how the command logged last ended
 * @p: probe
 * @status: status byte
 */
void script_status(struct probe *p, uint8_t status)
{
	if (p->num_log)
		p->log[p->num_log - 1].status = status;
}

/**
 * probe_release() - let held and delayed answers go
 * @p: probe
 */
void probe_release(struct probe *p)
{
	usbip_release(p->usb);
}

/**
 * probe_clear_log() - forget the commands so far
 * @p: probe
 */
void probe_clear_log(struct probe *p)
{
	usbip_lock(p->usb);
	p->num_log = 0;
	usbip_unlock(p->usb);
}

static bool logged(const struct log_entry *e, int group, int op)
{
	return (group == ANY || e->cmd[0] == group) &&
	       (op == ANY || e->cmd[1] == op);
}

/**
 * probe_count() - how often a command came
 * @p: probe
 * @group: first byte or ANY
 * @op: second byte or ANY
 *
 * Return: number in the log.
 */
unsigned int probe_count(struct probe *p, int group, int op)
{
	unsigned int i, n = 0;

	usbip_lock(p->usb);
	for (i = 0; i < p->num_log; i++)
		n += logged(&p->log[i], group, op);
	usbip_unlock(p->usb);
	return n;
}

/**
 * probe_find() - where a command stands in the log
 * @p: probe
 * @from: index to begin at
 * @group: first byte or ANY
 * @op: second byte or ANY
 *
 * Return: index, or -1.
 */
int probe_find(struct probe *p, unsigned int from, int group, int op)
{
	unsigned int i;
	int found = -1;

	usbip_lock(p->usb);
	for (i = from; i < p->num_log && found < 0; i++)
		if (logged(&p->log[i], group, op))
			found = i;
	usbip_unlock(p->usb);
	return found;
}

/**
 * probe_find_write() - where a debug register was written (F2 35)
 * @p: probe
 * @from: index to begin at
 * @addr: address of the register
 * @value: value written
 *
 * Return: index, or -1.
 */
int probe_find_write(struct probe *p, unsigned int from, uint32_t addr,
		     uint32_t value)
{
	unsigned int i;
	int found = -1;

	usbip_lock(p->usb);
	for (i = from; i < p->num_log && found < 0; i++)
		if (logged(&p->log[i], 0xf2, 0x35) &&
		    get32(p->log[i].cmd + 2) == addr &&
		    get32(p->log[i].cmd + 6) == value)
			found = i;
	usbip_unlock(p->usb);
	return found;
}

/**
 * probe_wait_command() - wait until a command has come
 * @p: probe
 * @group: first byte or ANY
 * @op: second byte or ANY
 * @n: that often
 * @ms: limit
 *
 * Return: false when the time is over.
 */
bool probe_wait_command(struct probe *p, int group, int op, unsigned int n,
			unsigned int ms)
{
	uint64_t end = now_ns() + ms * 1000000ULL;

	while (probe_count(p, group, op) < n) {
		if (now_ns() > end)
			return false;
		usleep(2000);
	}
	return true;
}

/**
 * probe_dump() - print the log as TAP comments, for a test that failed
 * @p: probe
 * @from: index to begin at
 */
void probe_dump(struct probe *p, unsigned int from)
{
	unsigned int i, k;

	usbip_lock(p->usb);
	for (i = from; i < p->num_log; i++) {
		printf("# %5u ms ", p->log[i].ms);
		for (k = 0; k < PROBE_CMD_LEN; k++)
			printf(" %02x", p->log[i].cmd[k]);
		printf("  -> %02x\n", p->log[i].status);
	}
	usbip_unlock(p->usb);
}
