// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink backup
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <string.h>

#include "copy.h"
#include "record.h"

static enum stl_code write_file(struct context *ctx, struct board_copy *copy,
				const struct record *record)
{
	struct image_segment seg[] = {
		{ STL_FLASH_BASE, copy->size, copy->flash },
		{ STL_OPTION_BASE, sizeof(copy->options), copy->options },
	};
	struct image img = { .num = copy->has_options ? 2 : 1, .seg = seg };
	struct image_out *out = NULL;
	struct image_error why;
	char text[RECORD_LEN];
	int ret;

	if (image_out_open(ctx->argv[0], &out, &why))
		return file_fail(ctx, &why);
	ret = image_write(out, IMAGE_HEX, &img, &why);
	if (!ret)
		ret = image_out_write(out, text,
				      record_format(record, text, sizeof(text)),
				      &why);
	if (ret)
		image_out_abort(out);
	else
		ret = image_out_commit(out, &why);
	return ret ? file_fail(ctx, &why) : STL_OK;
}

static void result_json(struct context *ctx, const struct record *r)
{
	add_string(ctx->out, "file", ctx->argv[0]);
	add_string(ctx->out, "part", r->part);
	add_hex(ctx->out, "dev_id", r->dev_id, 3);
	add_int(ctx->out, "flash_size", r->size);
	add_hex(ctx->out, "flash_crc32", r->flash_crc, 8);
	if (r->has_options)
		add_hex(ctx->out, "options_crc32", r->option_crc, 8);
}

/**
 * cmd_backup() - put flash and option bytes into a file
 * @ctx: context; operand FILE
 *
 * Return: STL_OK, or why not; then the file is what it was before.
 */
enum stl_code cmd_backup(struct context *ctx)
{
	struct board_copy copy = { .origin = "this chip" };
	struct record record;
	enum stl_code code;

	if (ctx->json && !strcmp(ctx->argv[0], "-"))
		return stl_fail(&ctx->err, STL_USAGE,
				"--json and the data can't both go to standard output");
	code = session_open(ctx, STL_LOOK);
	if (code)
		return code;
	code = copy_take(ctx, &copy);
	code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	if (!code) {
		record_make(&copy, &record);
		code = write_file(ctx, &copy, &record);
	}
	if (!code) {
		result_json(ctx, &record);
		if (!copy_used(&copy))
			warn(ctx, "the flash of this chip is blank");
		say(ctx, "saved %u KiB of flash%s of this %s into %s",
		    copy.size / 1024,
		    copy.has_options ? " and the option bytes" : "",
		    copy.part, firmware_name(ctx));
	}
	copy_free(&copy);
	return code;
}
