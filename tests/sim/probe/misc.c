// SPDX-License-Identifier: GPL-2.0-only
/*
 * RW_MISC: scattered words in one exchange (51 out, 52 in), as OpenOCD's
 * dapdirect mode uses it: one byte of operation an item, padded to words, then
 * one word an item; the answer is one word of value and one of status an item.
 */
#include <string.h>

#include "internal.h"

#define MISC_FROM	32
enum { MISC_ADDRESS = 1, MISC_WRITE = 2, MISC_READ = 3, MISC_AP = 5 };

static uint32_t items(const struct probe *p)
{
	return get32(p->cmd + 2);
}

static size_t padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/** misc_out_length() - bytes of the data phase of 51, bounded by the buffer */
size_t misc_out_length(const struct probe *p)
{
	uint32_t n = items(p);

	if (n > sizeof(p->buf) / 5 - 1)
		return 0;
	return padded(n) + 4 * n;
}

/** misc_out_command() - command block 51 */
void misc_out_command(struct probe *p)
{
	uint32_t n = items(p);

	p->misc_items = 0;
	p->misc_status = ST_OK;
	if (p->opt.misc == MISC_NONE) {
		/* its data phase will be taken for a command */
		reply_unknown(p, 2);
		return;
	}
	if (p->opt.version.j < MISC_FROM)
		p->misc_status = ST_UNKNOWN_COMMAND;
	else if (!n || n > MISC_MAX_ITEMS)
		p->misc_status = ST_COMMAND_ERROR;
	expect_data(p, misc_out_length(p), p->misc_status != ST_OK);
}

static uint8_t one_word(struct probe *p, uint32_t addr, bool write,
			uint8_t *data)
{
	unsigned int ap = p->misc_ap;
	const struct mem_access m = {
		.ap = ap, .addr = addr, .count = 1, .size = 4,
		.increment = true,
	};
	uint32_t fault;

	if (addr & 3)
		return ST_ALIGNMENT;
	if (p->opt.ap_open == AP_OPEN_ALWAYS && !ap_is_open(p, ap))
		return ST_BAD_AP;
	return write ? mem_write(p, &m, data, &fault) :
		mem_read(p, &m, data, &fault);
}

/** misc_out_data() - do the list; behind an error as the options say */
void misc_out_data(struct probe *p)
{
	unsigned int n = items(p), i;
	bool told = p->opt.misc != MISC_NEED_AP;
	const uint8_t *args = p->buf + padded(n);
	uint8_t status = inject_status(p);
	uint32_t addr = 0;

	if (p->opt.misc != MISC_KEEP_AP)
		p->misc_ap = 0;
	memset(p->misc, 0, sizeof(p->misc));
	for (i = 0; i < n; i++) {
		uint32_t arg = get32(args + 4 * i);
		uint8_t *value = p->misc + 4 * i;

		if (p->opt.misc == MISC_GO_ON && i)
			status = ST_OK;
		if (!told && p->buf[i] != MISC_AP)
			status = ST_BAD_AP;
		if (status == ST_OK) {
			switch (p->buf[i]) {
			case MISC_ADDRESS:
				addr = arg;
				break;
			case MISC_WRITE:
				put32(value, arg);
				status = one_word(p, addr, true, value);
				addr += 4;
				break;
			case MISC_READ:
				status = one_word(p, arg, false, value);
				break;
			case MISC_AP:
				p->misc_ap = arg & 0xff;
				told = true;
				break;
			default:
				status = ST_COMMAND_ERROR;
				break;
			}
		}
		put32(p->misc + 4 * (n + i), status);
	}
	p->misc_items = n;
}

/** misc_in_command() - command block 52: values and statuses of the last 51 */
void misc_in_command(struct probe *p)
{
	size_t len = 8 * p->misc_items;

	if (p->opt.version.j < MISC_FROM || p->opt.misc == MISC_NONE) {
		reply_unknown(p, 2);
	} else if (!len) {
		reply_status(p, p->misc_status == ST_OK ? ST_COMMAND_ERROR :
			     p->misc_status, 2);
	} else {
		memcpy(p->buf, p->misc, len);
		reply(p, len);
	}
}
