// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink report
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "doctor.h"
#include "exercise.h"
#include "report/machine.h"
#include "report/trace.h"

static void failure(struct report *r, const char *what,
		    const struct stl_error *err)
{
	char hint[sizeof(err->hint)], *next = hint, *line;

	report_lack(r, what, "%s", err->message);
	if (err->errnum || err->status)
		report_line(r, "", "errno %d, probe status %02x", err->errnum,
			    err->status);
	memcpy(hint, err->hint, sizeof(hint));
	while ((line = strsep(&next, "\n"))) {
		if (*line)
			report_line(r, "", "%s", line);
	}
}

static void checks(struct context *ctx, struct report *r)
{
	static const char * const words[] = {
		[STL_GOOD] = "ok",
		[STL_ODD] = "warning",
		[STL_BAD] = "problem",
	};
	struct stl_checks c = { 0 };
	size_t i;

	report_section(r, "Checks of \"stlink doctor\"");
	doctor_check(ctx, &c);
	for (i = 0; i < c.num; i++)
		report_line(r, words[c.list[i].verdict], "%s: %s",
			    c.list[i].name, c.list[i].text);
	stl_checks_free(&c);
}

static void driver(struct context *ctx, struct report *r)
{
	const struct stlink_info *i = &ctx->target.info;

	report_line(r, "probe", "%s, %04x:%04x, USB path %s, firmware %s",
		    ctx->probe.device, i->vid, i->pid, ctx->probe.usb_path,
		    ctx->probe.firmware);
	report_line(r, "features", "%llx, state %x, clock %u kHz, session %u",
		    (unsigned long long)i->features, i->state, i->clock_khz,
		    i->generation);
	report_line(r, "supply", "%u mV", ctx->target.voltage_mv);
}

static void chip(struct context *ctx, struct report *r)
{
	const struct stl_target *t = &ctx->target;
	const struct stl_chip *c = &t->chip;
	struct stl_options o;
	struct stl_core_state s;
	struct stl_error err = { 0 };
	char uid[32];

	report_line(r, "attached", "mode %u, result %x, %u kHz", t->mode,
		    t->result, t->clock_khz);
	report_line(r, "chip", "%s, DPIDR %08x, CPUID %08x, IDCODE %08x",
		    c->name, c->dpidr, c->cpuid, c->idcode);
	report_line(r, "memory", "flash %u, page %u, SRAM %u bytes",
		    c->flash_size, c->page_size, c->sram_size);
	report_line(r, "remarks", "%s%s%s%s%s",
		    c->flags & STL_CHIP_SIZE_GUESSED ? "size guessed; " : "",
		    c->flags & STL_CHIP_NOT_M0 ? "no Cortex-M0; " : "",
		    c->flags & STL_CHIP_NOT_ST ? "not ST's ROM table; " : "",
		    c->flags & STL_CHIP_RDP_LOST ? "RDP byte erased; " : "",
		    c->flags ? "" : "none");
	snprintf(uid, sizeof(uid), "%08x%08x%08x", c->uid[0], c->uid[1],
		 c->uid[2]);
	report_number(r, "unique ID", c->flags & STL_CHIP_NO_UID ? "" : uid);
	if (stl_options_read(&ctx->target, &o, &err))
		failure(r, "option bytes", &err);
	else
		report_line(r, "option bytes",
			    "OBR %08x, WRPR %08x, read protection level %u%s%s",
			    o.obr, o.wrpr, c->rdp_level,
			    o.load_error ? ", load error" : "",
			    o.raw_valid && o.pending ? ", others stored" : "");
	if (stl_core_state(&ctx->target, &s, &err))
		failure(r, "core", &err);
	else
		report_line(r, "core", "%s, DHCSR %08x%s%s", s.name, s.dhcsr,
			    *s.why ? ": " : "", s.why);
}

static void exercise(struct context *ctx, struct report *r)
{
	struct stl_exercise x;
	size_t i;

	stl_exercise(&ctx->target, &x);
	report_section(r, "Exercise");
	for (i = 0; i < STL_EXERCISE_WORDS; i++) {
		if (x.word[i].ret)
			report_lack(r, x.word[i].name, "%08x: %s",
				    x.word[i].addr, strerror(-x.word[i].ret));
		else
			report_line(r, x.word[i].name, "%08x", x.word[i].value);
	}
	for (i = 0; i < STL_EXERCISE_PARTS; i++) {
		if (x.part[i].ret)
			report_lack(r, x.part[i].name,
				    "%u bytes from %08x: %s, probe status %02x",
				    x.part[i].len, x.part[i].addr,
				    strerror(-x.part[i].ret), x.part[i].status);
		else
			report_line(r, x.part[i].name,
				    "%u bytes from %08x, CRC-32 %08x, again %08x: %s",
				    x.part[i].len, x.part[i].addr,
				    x.part[i].crc[0], x.part[i].crc[1],
				    x.part[i].crc[0] == x.part[i].crc[1] ?
				    "the same" : "DIFFERENT");
	}
	if (x.exchange_us[0])
		report_line(r, "a word takes", "%u us at least, %u in the middle, %u at most",
			    x.exchange_us[0], x.exchange_us[1],
			    x.exchange_us[2]);
	if (x.read_bytes && x.read_us)
		report_line(r, "reading", "%u bytes in %u us, %llu KiB/s",
			    x.read_bytes, x.read_us,
			    (unsigned long long)x.read_bytes * 1000000 /
			    x.read_us / 1024);
}

static void last(struct context *ctx, struct report *r)
{
	struct stlink_last l;
	int ret = ctx->fd < 0 ? -EBADF : stl_last(ctx->fd, &l);

	report_section(r, "Last exchange");
	if (ret)
		report_lack(r, "last", "%s", ctx->fd < 0 ?
			    "there was no probe to ask" : strerror(-ret));
	else
		report_line(r, "last", "%02x %02x: status %02x, errno %u, address %08x, USB resets %u, exchanges %llu",
			    l.group, l.op, l.status, l.error, l.fault_addr,
			    l.resets, (unsigned long long)l.exchanges);
}

/* Nothing of it ends the report: what goes wrong is what it is for. */
static void target(struct context *ctx, struct report *r)
{
	struct stl_attach_options opts;
	struct stl_error err = { 0 };
	bool known = false;

	report_section(r, "Target");
	/* only that way surely writes nothing */
	if (ctx->mode == STL_MODE_AUTO)
		ctx->mode = STL_MODE_HOT_PLUG;
	opts = session_options(ctx, STL_LOOK);
	if (session_probe(ctx, STL_LOOK)) {
		failure(r, "target", &ctx->err);
	} else {
		ctx->attached = !stl_target_open(&ctx->target, ctx->fd,
						 &ctx->probe, &opts, &err);
		driver(ctx, r);
		known = ctx->attached &&
			!stl_target_identify(&ctx->target, &err);
		if (known)
			chip(ctx, r);
		else
			failure(r, "target", &err);
	}
	if (known)
		exercise(ctx, r);
	last(ctx, r);
	memset(&ctx->err, 0, sizeof(ctx->err));
	if (session_close(ctx, STL_OK, STL_LEAVE_AS_FOUND))
		failure(r, "end of the session", &ctx->err);
}

static void gather(struct context *ctx, struct report *r)
{
	struct report_trace trace;
	struct stl_host host;

	stl_host_this(&host, STLINK_VERSION);
	report_secrets(r, &host);
	fputs("Report of \"stlink report\", form 1. Numbers of probes and chips are shortened,\n"
	      "names and paths left out; please look through it before you send it.\n",
	      r->out);
	report_machine(r, &host);
	report_probes(r, &host);
	checks(ctx, r);
	report_trace_begin(&trace, "");
	target(ctx, r);
	report_trace_end(&trace, r);
	report_log(r, &host);
	report_section(r, "End");
	report_line(r, "not had", "%u", r->missing);
}

static enum stl_code store(struct context *ctx, const char *text, size_t len)
{
	struct image_out *out = NULL;
	struct image_error why;
	int ret;

	/* a terminal is fine for text */
	if (!strcmp(ctx->argv[0], "-"))
		return fwrite(text, 1, len, stdout) == len ? STL_OK :
		       stl_fail(&ctx->err, STL_FILE, "standard output: %s",
				strerror(errno));
	ret = image_out_open(ctx->argv[0], &out, &why);
	if (!ret) {
		ret = image_out_write(out, text, len, &why);
		if (ret)
			image_out_abort(out);
		else
			ret = image_out_commit(out, &why);
	}
	return ret ? stl_fail(&ctx->err, STL_FILE, "%s", why.text) : STL_OK;
}

/**
 * cmd_report() - gather what a report of a problem should have
 * @ctx: context; operand FILE
 *
 * Return: STL_OK however much is broken; STL_FILE.
 */
enum stl_code cmd_report(struct context *ctx)
{
	struct report r = { 0 };
	enum stl_code code;
	char *text = NULL;
	size_t len = 0;

	if (ctx->json && !strcmp(ctx->argv[0], "-"))
		return stl_fail(&ctx->err, STL_USAGE,
				"--json and the report can't both go to standard output");
	r.out = open_memstream(&text, &len);
	if (!r.out)
		return stl_fail(&ctx->err, STL_FILE, "%s", strerror(errno));
	gather(ctx, &r);
	if (fclose(r.out))
		code = stl_fail(&ctx->err, STL_FILE, "%s", strerror(errno));
	else
		code = store(ctx, text, len);
	free(text);
	if (code)
		return code;
	memset(&ctx->err, 0, sizeof(ctx->err));
	add_string(ctx->out, "file", ctx->argv[0]);
	add_int(ctx->out, "missing", r.missing);
	if (strcmp(ctx->argv[0], "-"))
		say(ctx, "%s is written, with %u things that couldn't be had; look through it before you send it",
		    ctx->argv[0], r.missing);
	return STL_OK;
}
