// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the options of the command line to an identified target, and back.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

static void note(void *arg, enum stl_note weight, const char *text)
{
	struct context *ctx = arg;

	if (weight == STL_NOTE_WARNING)
		warn(ctx, "%s", text);
	else if (weight == STL_NOTE_INFO || ctx->verbose)
		say(ctx, "%s", text);
}

/**
 * session_options() - how to attach, by the options of the command line
 * @ctx: context
 * @purpose: look or change
 */
struct stl_attach_options session_options(struct context *ctx,
					  enum stl_purpose purpose)
{
	return (struct stl_attach_options){
		.mode = ctx->mode,
		.purpose = purpose,
		.clock_khz = ctx->clock_khz,
		.share = ctx->share,
		.cb = {
			.ctx = ctx,
			.note = note,
			.progress = progress_show,
		},
	};
}

/* st-flash takes this for the truth, we for what the person believes it is */
static enum stl_code check_flash(struct context *ctx)
{
	uint32_t has = ctx->target.chip.flash_size;

	if (!ctx->flash || ctx->flash == has)
		return STL_OK;
	stl_fail(&ctx->err, STL_NO_FIT,
		 "the flash of this %s has %u bytes, not %u as --flash says",
		 ctx->target.chip.name, has, ctx->flash);
	stl_hint(&ctx->err,
		 "is it the board you mean? Without --flash its size is asked of the chip");
	return STL_NO_FIT;
}

static enum stl_code begin(struct context *ctx, enum stl_purpose purpose)
{
	struct stl_attach_options opts = session_options(ctx, purpose);
	enum stl_code code;

	signals_catch();
	code = stl_target_open(&ctx->target, ctx->fd, &ctx->probe, &opts,
			       &ctx->err);
	if (code)
		return code;
	ctx->attached = true;
	if (ctx->verbose)
		say(ctx, "%s: attached to DPIDR 0x%08x, SWD clock %u kHz, %u mV",
		    ctx->probe.device, ctx->target.dpidr,
		    ctx->target.clock_khz, ctx->target.voltage_mv);
	code = stl_target_identify(&ctx->target, &ctx->err);
	if (!code)
		code = check_flash(ctx);
	if (code)
		return code;
	if (signal_caught()) {
		code = stl_fail(&ctx->err, STL_LINK,
				"stopped by a signal before anything was done");
		ctx->err.errnum = EINTR;
	}
	return code;
}

/**
 * session_probe() - open the probe, and no more
 * @ctx: context
 * @purpose: look or change
 *
 * Return: STL_OK, or why not. session_close() closes it.
 */
enum stl_code session_probe(struct context *ctx, enum stl_purpose purpose)
{
	/* looking on falls back to a read-only descriptor, if that can do it */
	bool writable = purpose == STL_CHANGE ||
			ctx->mode == STL_MODE_NORMAL ||
			ctx->mode == STL_MODE_UNDER_RESET;
	struct stl_select select = ctx->select;
	enum stl_code code;
	char *node = NULL;

	/* a link such as those of udev stands for the node it leads to */
	if (select.device && strchr(select.device, '/'))
		node = realpath(select.device, NULL);
	if (node)
		select.device = node;
	ctx->fd = stl_probe_open(&select, writable, &ctx->probe, &ctx->err);
	free(node);
	if (ctx->fd < 0) {
		code = -ctx->fd;
		ctx->fd = -1;
		return code;
	}
	return STL_OK;
}

/**
 * session_open() - open the probe, attach, identify the chip
 * @ctx: context
 * @purpose: look or change
 *
 * Return: STL_OK, or why not, with everything closed again.
 */
enum stl_code session_open(struct context *ctx, enum stl_purpose purpose)
{
	enum stl_code code = session_probe(ctx, purpose);

	if (code)
		return code;
	code = begin(ctx, purpose);
	return code ? session_close(ctx, code, STL_LEAVE_AS_FOUND) : STL_OK;
}

/**
 * session_close() - leave the target and the probe
 * @ctx: context
 * @code: result of the verb so far
 * @leave: what becomes of the core
 *
 * Who only looked has seen it all when the probe is pulled out at the very end.
 *
 * Return: @code if that is a failure, else whether closing went well.
 */
enum stl_code session_close(struct context *ctx, enum stl_code code,
			    enum stl_leave leave)
{
	struct stl_error err = { 0 };
	enum stl_code closed = STL_OK;

	if (ctx->attached && code && code == ctx->err.code) {
		stl_target_busy(&ctx->target, &ctx->err);
		code = stl_explain_board(&ctx->target, &ctx->err);
	}
	if (ctx->attached)
		closed = stl_target_close(&ctx->target, leave, &err);
	ctx->attached = false;
	if (ctx->fd >= 0)
		close(ctx->fd);
	ctx->fd = -1;
	if (!code && closed && ctx->target.purpose == STL_LOOK &&
	    err.errnum == ENODEV) {
		warn(ctx, "%s; all was done by then", err.message);
		return STL_OK;
	}
	if (code || !closed)
		return code;
	ctx->err = err;
	return closed;
}

/**
 * session_probe_json() - describe a probe
 * @to: object that receives the members
 * @p: probe
 */
void session_probe_json(struct json_object *to, const struct stl_probe *p)
{
	add_string(to, "device", p->device);
	add_string(to, "serial", p->serial);
	add_string(to, "firmware", *p->firmware ? p->firmware : NULL);
	add_string(to, "usb_path", p->usb_path);
	add_string(to, "product", *p->product ? p->product : NULL);
	add_hex(to, "vid", p->vid, 4);
	add_hex(to, "pid", p->pid, 4);
	add_int(to, "bus", p->busnum);
	add_int(to, "address", p->devnum);
	if (p->claim_pid)
		add_int(to, "claimed_by", p->claim_pid);
}
