// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink read
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static enum stl_code choose_format(struct context *ctx,
				   enum image_format *format)
{
	const char *file = ctx->argv[0];

	*format = ctx->format;
	if (*format == IMAGE_AUTO)
		*format = image_format_by_name(file);
	if (*format == IMAGE_AUTO)
		*format = IMAGE_BIN;
	if (*format == IMAGE_ELF) {
		stl_fail(&ctx->err, STL_USAGE,
			 "a dump can't be written as ELF");
		stl_hint(&ctx->err, "use --format bin, hex or srec");
		return STL_USAGE;
	}
	if (ctx->json && !strcmp(file, "-"))
		return stl_fail(&ctx->err, STL_USAGE,
				"--json and the data can't both go to standard output");
	return STL_OK;
}

/* Half a firmware looks like a whole one until it runs on another board. */
static void warn_partial(struct context *ctx, uint32_t addr,
			 const uint8_t *data, uint32_t size)
{
	const struct stl_chip *c = &ctx->target.chip;
	struct stl_segment seg = { addr, size, data };
	struct stl_truncated t;
	char ref[80] = "";

	if (addr != STL_FLASH_BASE || size > c->flash_size)
		return;
	if (size == c->flash_size) {
		warn_truncated(ctx, "the flash", &seg, 1);
		return;
	}
	if (looks_truncated(ctx, &seg, 1, &t))
		stl_ref_text(&t.refs[0], ref, sizeof(ref));
	warn(ctx, "only %u of the %u bytes of flash were asked for%s%s; without numbers, read takes all of it",
	     size, c->flash_size, *ref ? ", but " : "", ref);
}

static enum stl_code dump(struct context *ctx, enum image_format format,
			  uint32_t addr, uint32_t size)
{
	struct image_segment seg = { .addr = addr, .size = size };
	struct image img = { .num = 1, .seg = &seg };
	struct image_out *out = NULL;
	struct image_error why;
	enum stl_code code;
	int ret;

	code = stl_check_read(&ctx->target, addr, size, &ctx->err);
	if (code)
		return code;
	/* first the file: if it can't be written, no need to read */
	if (image_out_open(ctx->argv[0], &out, &why))
		return file_fail(ctx, &why);
	seg.data = malloc(size);
	if (!seg.data) {
		image_out_abort(out);
		return stl_fail(&ctx->err, STL_FILE, "%u bytes: %s", size,
				strerror(ENOMEM));
	}
	code = stl_read(&ctx->target, addr, seg.data, size, 0, NULL,
			&ctx->err);
	if (code) {
		image_out_abort(out);
	} else {
		ret = image_write(out, format, &img, &why);
		if (ret)
			image_out_abort(out);
		else
			ret = image_out_commit(out, &why);
		if (ret)
			code = file_fail(ctx, &why);
	}
	if (!code)
		warn_partial(ctx, addr, seg.data, size);
	free(seg.data);
	return code;
}

/**
 * cmd_read() - read target memory into a file
 * @ctx: context; operands FILE [ADDR SIZE]
 *
 * Return: STL_OK, or why not; then the file is what it was before.
 */
enum stl_code cmd_read(struct context *ctx)
{
	enum image_format format;
	enum stl_code code;
	uint32_t addr = STL_FLASH_BASE;
	uint32_t size = 0;
	bool given;

	code = choose_format(ctx, &format);
	if (!code)
		code = range_operands(ctx, 1, &given, &addr, &size);
	if (!code && ctx->system && !given)
		code = stl_fail(&ctx->err, STL_USAGE,
				"read: --area system goes together with ADDR and SIZE");
	if (!code)
		code = session_open(ctx, ctx->reset ? STL_CHANGE : STL_LOOK);
	if (code)
		return code;
	if (!given)
		size = ctx->target.chip.flash_size;
	code = dump(ctx, format, addr, size);
	if (!code && ctx->reset)
		code = core_restart(ctx);
	code = session_close(ctx, code, !code && ctx->reset ?
			     STL_LEAVE_RUNNING : STL_LEAVE_AS_FOUND);
	if (code)
		return code;
	add_string(ctx->out, "file", ctx->argv[0]);
	add_string(ctx->out, "format", image_format_word(format));
	add_hex(ctx->out, "addr", addr, 8);
	add_int(ctx->out, "size", size);
	say(ctx, "read %u bytes from 0x%08x into %s", size, addr,
	    strcmp(ctx->argv[0], "-") ? ctx->argv[0] : "standard output");
	return STL_OK;
}
