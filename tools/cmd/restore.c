// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink restore
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "record.h"

static enum stl_code no_memory(struct context *ctx)
{
	return stl_fail(&ctx->err, STL_FILE, "%s", strerror(ENOMEM));
}

/* All the option bytes or none: half of them can't be programmed. */
static enum stl_code take_options(struct context *ctx, struct image *img,
				  struct board_copy *copy)
{
	struct image options;

	if (image_extract(img, STL_OPTION_BASE, STL_OPTION_SIZE, &options))
		return no_memory(ctx);
	copy->has_options = options.num == 1 &&
			    options.seg[0].size == STL_OPTION_SIZE;
	if (copy->has_options)
		memcpy(copy->options, options.seg[0].data, STL_OPTION_SIZE);
	else if (options.num)
		warn(ctx, "%s has only some of the option bytes; they are left out",
		     copy->origin);
	image_free(&options);
	return STL_OK;
}

/* One flash, from its first byte on; what the file leaves out is blank. */
static enum stl_code take_flash(struct context *ctx, const struct image *img,
				uint32_t size, struct board_copy *copy)
{
	const struct image_segment *s;
	size_t i;

	if (!img->num)
		return stl_fail(&ctx->err, STL_FILE,
				"%s has nothing for the flash", copy->origin);
	for (i = 0; i < img->num; i++) {
		s = &img->seg[i];
		if (s->addr < STL_FLASH_BASE ||
		    s->addr - STL_FLASH_BASE > IMAGE_MAX_BYTES - s->size)
			return stl_fail(&ctx->err, STL_FILE,
					"%s has data at 0x%08x, which is no flash",
					copy->origin, s->addr);
		if (s->addr - STL_FLASH_BASE + s->size > size)
			size = s->addr - STL_FLASH_BASE + s->size;
	}
	copy->size = size;
	copy->flash = malloc(size);
	if (!copy->flash)
		return no_memory(ctx);
	memset(copy->flash, 0xff, size);
	for (i = 0; i < img->num; i++)
		memcpy(copy->flash + (img->seg[i].addr - STL_FLASH_BASE),
		       img->seg[i].data, img->seg[i].size);
	return STL_OK;
}

static enum stl_code no_record(struct context *ctx,
			       const struct board_copy *copy)
{
	if (ctx->force)
		return STL_OK;
	stl_fail(&ctx->err, STL_FILE,
		 "%s is no backup made by stlink: it has no record at its end, so that it can't be checked",
		 copy->origin);
	stl_hint(&ctx->err,
		 "--force restores it all the same; \"stlink program\" programs a firmware");
	return STL_FILE;
}

static enum stl_code understand(struct context *ctx, struct image *img,
				struct board_copy *copy)
{
	struct record record;
	enum stl_code code;
	bool found;

	code = record_parse(img->remarks, copy->origin, &record, &found,
			    &ctx->err);
	if (!code && !found)
		code = no_record(ctx, copy);
	if (!code)
		code = take_options(ctx, img, copy);
	if (!code)
		code = take_flash(ctx, img, record.size, copy);
	if (code || !found)
		return code;
	memcpy(copy->part, record.part, sizeof(copy->part));
	copy->dev_id = record.dev_id;
	return record_check(&record, copy, &ctx->err);
}

static enum stl_code load(struct context *ctx, struct board_copy *copy)
{
	struct image_error why;
	enum stl_code code;
	struct image img;

	copy->origin = firmware_name(ctx);
	if (image_load(ctx->argv[0], IMAGE_AUTO, STL_FLASH_BASE, &img, &why))
		return file_fail(ctx, &why);
	/* --force is for a firmware without a record, not for any file */
	if (image_check_raw(copy->origin, &img, &why))
		code = file_fail(ctx, &why);
	else
		code = understand(ctx, &img, copy);
	image_free(&img);
	return code;
}

/**
 * cmd_restore() - make a chip what it was when the backup was made
 * @ctx: context; operand FILE
 *
 * The file is read and checked before the probe is touched.
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_restore(struct context *ctx)
{
	struct board_copy copy = { 0 };
	enum stl_code code;

	code = copy_check_usage(ctx);
	if (!code)
		code = load(ctx, &copy);
	if (!code)
		code = session_open(ctx, STL_CHANGE);
	if (!code) {
		add_string(ctx->out, "file", ctx->argv[0]);
		code = copy_put(ctx, &copy, ctx->force ? COPY_FITS :
				COPY_SAME_PART);
		code = session_close(ctx, code, code ? STL_LEAVE_AS_FOUND :
				     STL_LEAVE_RUNNING);
	}
	copy_free(&copy);
	return code;
}
