// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is it the whole firmware? Said before half of one is programmed, kept as a
 * backup, or found to be the same.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include "cmd.h"

/**
 * looks_truncated() - does an image refer beyond its end?
 * @ctx: context, with the chip identified
 * @segs: image
 * @num: segments
 * @t: what was found; to be looked at only when it is true
 *
 * Return: true if so; false also when there is no memory to find out.
 */
bool looks_truncated(struct context *ctx, const struct stl_segment *segs,
		     size_t num, struct stl_truncated *t)
{
	return !stl_truncated_image(t, &ctx->target.chip, segs, num) &&
	       t->found;
}

/**
 * warn_truncated() - warn of an image that looks truncated
 * @ctx: context, with the chip identified
 * @what: its name, for the message
 * @segs: image
 * @num: segments
 */
void warn_truncated(struct context *ctx, const char *what,
		    const struct stl_segment *segs, size_t num)
{
	struct stl_truncated t;
	char text[400];

	if (!looks_truncated(ctx, segs, num, &t))
		return;
	stl_truncated_text(&t, what, &ctx->target.chip, text, sizeof(text));
	warn(ctx, "%s", text);
}
