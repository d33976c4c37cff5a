// SPDX-License-Identifier: GPL-2.0-only
/*
 * The image that a verb was given.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "auto/segments.h"
#include "cmd.h"

/* eight option bytes, each with its complement: ST RM0360, table 5 */
#define OPTION_SIZE	16

/**
 * firmware_name() - name of the image for messages
 * @ctx: context
 *
 * Return: the operand FILE, in words where it is "-".
 */
const char *firmware_name(const struct context *ctx)
{
	return strcmp(ctx->argv[0], "-") ? ctx->argv[0] : "standard input";
}

/**
 * file_fail() - fail because of a file
 * @ctx: context
 * @why: what the file's reader or writer says
 *
 * Return: STL_FILE.
 */
enum stl_code file_fail(struct context *ctx, const struct image_error *why)
{
	stl_fail(&ctx->err, STL_FILE, "%s", why->text);
	if (*why->hint)
		stl_hint(&ctx->err, "%s", why->hint);
	return STL_FILE;
}

static enum stl_code base_address(struct context *ctx, uint32_t *base)
{
	*base = STL_FLASH_BASE;
	if (ctx->argc < 2 || parse_u32(ctx->argv[1], base))
		return STL_OK;
	return stl_fail(&ctx->err, STL_USAGE, "'%s' is not an address",
			ctx->argv[1]);
}

/*
 * Option bytes come with images that were dumped or linked as a whole. They
 * need an erase of their own and can lock the chip, so they are never taken
 * along by the way.
 */
static enum stl_code drop_options(struct context *ctx, struct image *img)
{
	struct image options;

	if (image_extract(img, STL_OPTION_BASE, OPTION_SIZE, &options))
		return stl_fail(&ctx->err, STL_FILE, "%s: %s", firmware_name(ctx),
				strerror(ENOMEM));
	if (options.num)
		warn(ctx, "%s has %zu option bytes at 0x%08x; they are left out: \"stlink option set\" sets such, \"stlink restore\" those of a backup",
		     firmware_name(ctx), image_bytes(&options), options.seg[0].addr);
	image_free(&options);
	if (img->num)
		return STL_OK;
	stl_fail(&ctx->err, STL_FILE, "%s: has option bytes and nothing else",
		 firmware_name(ctx));
	stl_hint(&ctx->err, "stlink option set NAME=VALUE sets them");
	return STL_FILE;
}

/* What is said twice in the same words can't be wrong, but isn't usual either. */
static void warn_repeated(struct context *ctx, const struct image *img)
{
	if (img->repeated)
		warn(ctx, "%s gives %zu bytes more than once, with the same values",
		     firmware_name(ctx), img->repeated);
}

static void describe(struct context *ctx, const struct image *img)
{
	const struct image_segment *first = &img->seg[0];
	const struct image_segment *last = &img->seg[img->num - 1];

	if (ctx->verbose)
		say(ctx, "%s: format %s, %zu bytes in %zu %s, 0x%08x to 0x%08x",
		    firmware_name(ctx), image_format_word(img->format),
		    image_bytes(img), img->num,
		    img->num == 1 ? "piece" : "pieces", first->addr,
		    last->addr + last->size - 1);
}

/* By words, and never all of it, as st-flash does it */
static void trim(struct context *ctx, struct image_segment *last)
{
	uint32_t len = last->size;

	while (len && last->data[len - 1] == 0xff)
		len--;
	len += (last->size - len) % 4;
	if (!len || len == last->size)
		return;
	say(ctx, "%u blank bytes at the end of %s are left out",
	    last->size - len, firmware_name(ctx));
	last->size = len;
}

/**
 * firmware_load() - load the image named by the operands FILE [ADDR]
 * @ctx: context
 * @img: receives it; free with image_free() after success
 * @segs: receives its segments as the library wants them; free() it
 * @num: how many
 *
 * Return: STL_OK, STL_FILE or STL_USAGE.
 */
enum stl_code firmware_load(struct context *ctx, struct image *img,
			    struct stl_segment **segs, size_t *num)
{
	struct image_error why;
	enum stl_code code;
	uint32_t base;

	code = base_address(ctx, &base);
	if (code)
		return code;
	if (image_load(ctx->argv[0], ctx->format, base, img, &why))
		return file_fail(ctx, &why);
	if (ctx->argc < 2 && ctx->format == IMAGE_AUTO &&
	    image_check_raw(firmware_name(ctx), img, &why))
		code = file_fail(ctx, &why);
	if (ctx->argc > 1 && img->format != IMAGE_BIN)
		code = stl_fail(&ctx->err, STL_USAGE,
				"%s is a file of format %s and says itself where its data goes; leave the address out",
				firmware_name(ctx), image_format_word(img->format));
	if (!code)
		code = drop_options(ctx, img);
	if (!code) {
		warn_repeated(ctx, img);
		describe(ctx, img);
		if (ctx->trim)
			trim(ctx, &img->seg[img->num - 1]);
		*num = img->num;
		*segs = auto_segments(img);
		if (!*segs)
			code = stl_fail(&ctx->err, STL_FILE, "%s: %s",
					firmware_name(ctx), strerror(ENOMEM));
	}
	if (code)
		image_free(img);
	return code;
}

/**
 * firmware_check() - what is odd about an image: said before anything is erased
 * @ctx: context, with ctx->target.chip set
 * @segs: image
 * @num: segments
 */
void firmware_check(struct context *ctx, const struct stl_segment *segs,
		    size_t num)
{
	struct stl_vectors v = { 0 };
	size_t i;

	stl_vectors_check(&v, &ctx->target.chip, segs, num);
	for (i = 0; i < v.num; i++)
		warn(ctx, "%s: %s", firmware_name(ctx), v.text[i]);
	warn_truncated(ctx, firmware_name(ctx), segs, num);
}
