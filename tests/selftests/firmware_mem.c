// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory commands: the data phase always runs in full, the outcome is only
 * seen by asking for it, and a read that failed delivers what the buffer
 * held before.
 */
#include <string.h>

#include "probe.h"

/**
 * mem_is_read() - is this F2 command a memory read
 * @op: second command byte
 */
bool mem_is_read(uint8_t op)
{
	return op == 0x07 || op == 0x0c || op == 0x47 || op == 0x54;
}

/**
 * mem_is_write() - is this F2 command a memory write
 * @op: second command byte
 */
bool mem_is_write(uint8_t op)
{
	return op == 0x08 || op == 0x0d || op == 0x48 || op == 0x50;
}

/**
 * mem_width() - bytes of each access
 * @op: second command byte
 *
 * Return: 1, 2 or 4.
 */
unsigned int mem_width(uint8_t op)
{
	if (op == 0x0c || op == 0x0d)
		return 1;
	return op == 0x47 || op == 0x48 ? 2 : 4;
}

static bool usable(struct probe *p)
{
	p->rw_addr = 0;
	p->rw_status = ST_OK;
	if (!p->target.present)
		p->rw_status = 0x16;
	else if (p->opt.j >= 37 && !p->ap_open)
		p->rw_status = 0x1d;
	return p->rw_status == ST_OK;
}

/* The address behind one access; hosts have always sent bytes across 1 KiB */
static uint32_t next_addr(struct probe *p, uint32_t addr, unsigned int width)
{
	uint32_t next = addr + width;

	return p->opt.tar_wraps && width > 1 && !(next & 0x3ff) ? next - 0x400 :
								  next;
}

static void access_failed(struct probe *p, uint32_t addr, uint8_t status)
{
	p->rw_status = status;
	p->rw_addr = addr;
}

/**
 * mem_read() - execute a memory read
 * @p: probe
 * @cmd: command block
 * @data: out: what the probe sends, of the length in the command block
 */
void mem_read(struct probe *p, const uint8_t *cmd, uint8_t *data)
{
	unsigned int width = mem_width(cmd[1]);
	uint32_t addr = get32(cmd + 2), v;
	size_t len = get16(cmd + 6), i;
	uint8_t status;

	if (len > PROBE_DATA_MAX)
		len = PROBE_DATA_MAX;
	memcpy(data, p->stale, len);
	if (!usable(p))
		return;
	for (i = 0; i + width <= len; i += width) {
		status = target_read(&p->target, addr, width, &v);
		if (status != ST_OK) {
			access_failed(p, addr, status);
			return;
		}
		memcpy(data + i, &v, width);
		if (cmd[1] != 0x54)
			addr = next_addr(p, addr, width);
	}
	memcpy(p->stale, data, len);
}

/**
 * mem_write() - execute a memory write
 * @p: probe
 * @cmd: command block
 * @data: what the host sent
 */
void mem_write(struct probe *p, const uint8_t *cmd, const uint8_t *data)
{
	unsigned int width = mem_width(cmd[1]);
	uint32_t addr = get32(cmd + 2);
	size_t len = get16(cmd + 6), i;
	uint8_t status;
	uint32_t v;

	memcpy(p->stale, data, len);
	if (!usable(p))
		return;
	for (i = 0; i + width <= len; i += width) {
		v = 0;
		memcpy(&v, data + i, width);
		status = target_write(&p->target, addr, width, v);
		if (status != ST_OK) {
			access_failed(p, addr, status);
			return;
		}
		if (cmd[1] != 0x50)
			addr = next_addr(p, addr, width);
	}
}
