// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink detach, attach
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>

#include "cmd.h"

/* "the probe at USB 1-2, serial 37FF..." */
static void name_probe(const struct stl_probe *p, char *buf, size_t len)
{
	snprintf(buf, len, "the probe at USB %s%s%s", p->usb_path,
		 *p->serial ? ", serial " : "", p->serial);
}

static void tell_json(struct context *ctx, const struct stl_handover *h,
		      bool attached)
{
	struct json_object *probe;

	if (h->num <= 1) {
		probe = add_object(ctx->out, "probe");
		session_probe_json(probe, &h->probe);
		if (!attached)
			add_string(probe, "device", NULL);
	}
	add_bool(ctx->out, "attached", attached);
	add_bool(ctx->out, "changed", h->changed);
	if (*h->holder)
		add_string(ctx->out, "used_by", h->holder);
}

/**
 * cmd_detach() - hand a probe to programs that use libusb
 * @ctx: context; --force
 *
 * Return: STL_OK also if it was detached before; else why not.
 */
enum stl_code cmd_detach(struct context *ctx)
{
	struct stl_handover h = { 0 };
	enum stl_code code;
	char name[160];

	code = stl_probe_detach(&ctx->select, ctx->force, &h, &ctx->err);
	if (code)
		return code;
	tell_json(ctx, &h, false);
	name_probe(&h.probe, name, sizeof(name));
	if (h.num > 1)
		say(ctx, "all %zu probes are detached already", h.num);
	else if (!h.changed && *h.holder)
		say(ctx, "%s, is detached already; %s uses it", name, h.holder);
	else if (!h.changed)
		say(ctx, "%s, is detached already", name);
	else
		say(ctx, "%s, is detached: libusb programs can use it; \"stlink attach\" takes it back",
		    name);
	return STL_OK;
}

/**
 * cmd_attach() - take a probe back from programs that use libusb
 * @ctx: context
 *
 * Return: STL_OK also if it was attached before; else why not.
 */
enum stl_code cmd_attach(struct context *ctx)
{
	struct stl_handover h = { 0 };
	enum stl_code code;
	char name[160];

	code = stl_probe_attach(&ctx->select, &h, &ctx->err);
	if (code)
		return code;
	tell_json(ctx, &h, true);
	if (h.num > 1) {
		say(ctx, "all %zu probes are attached already", h.num);
		return STL_OK;
	}
	name_probe(&h.probe, name, sizeof(name));
	say(ctx, "%s, is attached%s", name, h.changed ? "" : " already");
	if (!ctx->json)
		printf("%s\n", h.probe.device);
	return STL_OK;
}
