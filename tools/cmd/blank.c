// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink blank-check
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdlib.h>

#include "cmd.h"

/**
 * struct found - what isn't blank
 * @bytes: how many aren't FF
 * @first: offset of the first one
 * @value: it
 * @pages: pages of flash with such bytes
 */
struct found {
	uint32_t bytes;
	uint32_t first;
	uint8_t value;
	uint32_t pages;
};

static void search(const uint8_t *buf, uint32_t addr, uint32_t size,
		   uint32_t page_size, struct found *f)
{
	uint32_t page, last = UINT32_MAX;
	uint32_t i;

	for (i = 0; i < size; i++) {
		if (buf[i] == 0xff)
			continue;
		if (!f->bytes++) {
			f->first = i;
			f->value = buf[i];
		}
		page = (addr + i) / page_size;
		if (page != last)
			f->pages++;
		last = page;
	}
}

/**
 * cmd_blank_check() - is a range of flash, or all of it, FF?
 * @ctx: context; operands [ADDR SIZE]
 *
 * Return: STL_OK, STL_MISMATCH, or why it can't be said.
 */
enum stl_code cmd_blank_check(struct context *ctx)
{
	struct found f = { 0 };
	enum stl_code code;
	uint32_t addr;
	uint32_t size;
	uint8_t *buf;

	code = range_read(ctx, 0, &addr, &size, &buf);
	if (code)
		return code;
	search(buf, addr, size, ctx->target.chip.page_size, &f);
	free(buf);
	add_bool(ctx->out, "blank", !f.bytes);
	add_int(ctx->out, "bytes_not_blank", f.bytes);
	add_int(ctx->out, "pages_not_blank", f.pages);
	if (!f.bytes) {
		say(ctx, "blank: 0x%08x to 0x%08x", addr, addr + (size - 1));
		return STL_OK;
	}
	add_hex(ctx->out, "first", addr + f.first, 8);
	add_hex(ctx->out, "value", f.value, 2);
	return stl_fail(&ctx->err, STL_MISMATCH,
			"not blank: %u bytes in %u %s of %u, the first at 0x%08x: 0x%02x",
			f.bytes, f.pages, f.pages == 1 ? "page" : "pages",
			ctx->target.chip.page_size, addr + f.first, f.value);
}
