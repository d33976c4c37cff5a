// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking the content of a board, without disturbing it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"

static enum stl_code fail_differs(struct context *ctx, const uint8_t *a,
				  const uint8_t *b)
{
	uint32_t at = 0;

	while (a[at] == b[at])
		at++;
	stl_fail(&ctx->err, STL_LINK,
		 "flash was read twice with different results: 0x%08x was 0x%02x, then 0x%02x; nothing was changed",
		 STL_FLASH_BASE + at, a[at], b[at]);
	stl_hint(&ctx->err,
		 "the firmware may write to its flash: \"stlink halt\" first");
	stl_hint(&ctx->err,
		 "or the wiring is bad: shorter wires, or a slower clock such as --freq 480k");
	return STL_LINK;
}

/* Twice: a copy of a wrong reading would be verified as right. */
static enum stl_code read_twice(struct context *ctx, uint8_t *flash,
				uint32_t size)
{
	enum stl_code code;
	uint8_t *again;

	code = stl_read(&ctx->target, STL_FLASH_BASE, flash, size, 0, NULL,
			&ctx->err);
	if (code)
		return code;
	again = malloc(size);
	if (!again)
		return stl_fail(&ctx->err, STL_FILE, "%s", strerror(ENOMEM));
	code = stl_read(&ctx->target, STL_FLASH_BASE, again, size, 0, NULL,
			&ctx->err);
	if (!code && memcmp(flash, again, size))
		code = fail_differs(ctx, flash, again);
	free(again);
	return code;
}

/**
 * copy_take() - read flash and option bytes of the target
 * @ctx: context with a session
 * @copy: receives all but the origin; free with copy_free(), also after a
 *	failure
 *
 * Return: STL_OK; STL_PROTECTED; STL_LINK, also when two readings differ.
 */
enum stl_code copy_take(struct context *ctx, struct board_copy *copy)
{
	const struct stl_chip *c = &ctx->target.chip;
	struct stl_options options;
	enum stl_code code;

	memcpy(copy->part, c->name, sizeof(copy->part));
	copy->dev_id = c->dev_id;
	copy->has_uid = !(c->flags & STL_CHIP_NO_UID);
	memcpy(copy->uid, c->uid, sizeof(copy->uid));
	copy->size = c->flash_size;
	copy->flash = malloc(copy->size);
	if (!copy->flash)
		return stl_fail(&ctx->err, STL_FILE, "%s", strerror(ENOMEM));
	code = read_twice(ctx, copy->flash, copy->size);
	if (!code)
		code = stl_options_read(&ctx->target, &options, &ctx->err);
	if (code)
		return code;
	copy->has_options = options.raw_valid;
	memcpy(copy->options, options.raw, sizeof(copy->options));
	if (!copy->has_options)
		warn(ctx, "the option bytes can't be read; the copy lacks them");
	return STL_OK;
}

/**
 * copy_free() - free what a copy holds
 * @copy: copy
 */
void copy_free(struct board_copy *copy)
{
	free(copy->flash);
	copy->flash = NULL;
}
