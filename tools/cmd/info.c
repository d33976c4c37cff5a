// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink info
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

static void uid_text(const struct stl_chip *c, char *buf, size_t len)
{
	snprintf(buf, len, "%08x%08x%08x", c->uid[0], c->uid[1], c->uid[2]);
}

static void options_json(struct json_object *to, const struct stl_options *o)
{
	struct json_object *opt = add_object(to, "options");

	add_hex(opt, "obr", o->obr, 8);
	add_hex(opt, "wrpr", o->wrpr, 8);
	add_bool(opt, "load_error", o->load_error);
	add_bool(opt, "wdg_sw", o->wdg_sw);
	add_bool(opt, "nrst_stop", o->nrst_stop);
	add_bool(opt, "nrst_stdby", o->nrst_stdby);
	add_bool(opt, "nboot1", o->nboot1);
	add_bool(opt, "vdda_monitor", o->vdda_monitor);
	add_bool(opt, "ram_parity_off", o->ram_parity_off);
	add_hex(opt, "data0", o->data[0], 2);
	add_hex(opt, "data1", o->data[1], 2);
	if (o->raw_valid)
		add_bool(opt, "pending", o->pending);
}

static void target_json(struct context *ctx, const struct stl_options *o)
{
	const struct stl_target *t = &ctx->target;
	const struct stl_chip *c = &t->chip;
	struct json_object *to = add_object(ctx->out, "target");
	char uid[32];

	if (t->voltage_mv)
		add_int(to, "voltage_mv", t->voltage_mv);
	else
		add_string(to, "voltage_mv", NULL);
	add_int(to, "clock_khz", t->clock_khz);
	add_hex(to, "dpidr", c->dpidr, 8);
	add_hex(to, "cpuid", c->cpuid, 8);
	add_hex(to, "dev_id", c->dev_id, 3);
	add_hex(to, "rev_id", c->rev_id, 4);
	add_string(to, "part", c->name);
	add_string(to, "same_die", *c->siblings ? c->siblings : NULL);
	add_int(to, "flash_size", c->flash_size);
	add_bool(to, "flash_size_guessed",
		 c->flags & STL_CHIP_SIZE_GUESSED);
	add_int(to, "page_size", c->page_size);
	add_int(to, "sram_size", c->sram_size);
	uid_text(c, uid, sizeof(uid));
	add_string(to, "uid", c->flags & STL_CHIP_NO_UID ? NULL : uid);
	add_int(to, "rdp_level", c->rdp_level);
	add_int(to, "protected_blocks", stl_protected_blocks(c));
	add_bool(to, "genuine", !(c->flags & (STL_CHIP_NOT_M0 |
					      STL_CHIP_NOT_ST)));
	options_json(to, o);
}

static void print_probe(const struct stl_probe *p)
{
	printf("Probe       %s, serial %s, firmware %s, USB path %s\n",
	       p->device, *p->serial ? p->serial : "(none)", p->firmware,
	       p->usb_path);
}

static void print_chip(const struct context *ctx)
{
	const struct stl_target *t = &ctx->target;
	const struct stl_chip *c = &t->chip;
	char uid[32];

	if (t->voltage_mv)
		printf("Voltage     %u.%02u V%s\n", t->voltage_mv / 1000,
		       t->voltage_mv % 1000 / 10,
		       t->voltage_mv < STL_NO_SUPPLY_MV ?
		       ", which can't be: VTref isn't wired, or the probe can't measure" :
		       "");
	else
		printf("Voltage     not known: VTref isn't wired, or the probe can't measure\n");
	printf("SWD clock   %u kHz\n", t->clock_khz);
	printf("Part        %s", c->name);
	if (*c->siblings)
		printf(" (same die as %s)", c->siblings);
	printf("\nDEV_ID      0x%03x, revision 0x%04x\n", c->dev_id, c->rev_id);
	printf("Core        CPUID 0x%08x, DPIDR 0x%08x\n", c->cpuid, c->dpidr);
	printf("Flash       %u bytes, %u pages of %u%s\n", c->flash_size,
	       c->flash_size / c->page_size, c->page_size,
	       c->flags & STL_CHIP_SIZE_GUESSED ? " (a guess)" : "");
	printf("SRAM        %u bytes\n", c->sram_size);
	uid_text(c, uid, sizeof(uid));
	printf("Unique ID   %s\n", c->flags & STL_CHIP_NO_UID ? "none" : uid);
}

static void print_protection(const struct stl_chip *c,
			     const struct stl_options *o)
{
	unsigned int blocks = stl_protected_blocks(c);

	printf("Protection  RDP level %u%s", c->rdp_level, c->rdp_level ?
	       " (flash can't be read)" : "");
	if (blocks)
		printf(", %u of %u blocks of 4 KiB write-protected\n", blocks,
		       (c->flash_size + STL_WRP_UNIT - 1) / STL_WRP_UNIT);
	else
		printf(", no page write-protected\n");
	if (!o->wdg_sw)
		printf("Watchdog    started by hardware at each reset\n");
	if (!o->ram_parity_off)
		printf("SRAM parity checked\n");
	if (o->load_error)
		printf("Options     a byte and its complement disagree\n");
	if (o->raw_valid && o->pending)
		printf("Options     stored ones differ from those in force until the next power-on\n");
}

static void print_core(const struct stl_core_state *s)
{
	printf("Core state  %s", s->name);
	if (s->pc_valid)
		printf(", PC 0x%08x", s->pc);
	printf("%s%s\n", *s->why ? ": " : "", s->why);
}

/**
 * cmd_info() - show probe, chip, protection and core
 * @ctx: context
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_info(struct context *ctx)
{
	struct stl_core_state state = { 0 };
	struct stl_options opt = { 0 };
	enum stl_code code;

	code = session_open(ctx, STL_LOOK);
	if (*ctx->probe.device)
		session_probe_json(add_object(ctx->out, "probe"), &ctx->probe);
	if (code)
		return code;
	code = stl_options_read(&ctx->target, &opt, &ctx->err);
	if (!code)
		code = stl_core_state(&ctx->target, &state, &ctx->err);
	if (!code) {
		target_json(ctx, &opt);
		state_json(ctx, &state);
	}
	code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	if (code || ctx->json)
		return code;
	print_probe(&ctx->probe);
	print_chip(ctx);
	print_protection(&ctx->target.chip, &opt);
	print_core(&state);
	if (ctx->target.chip.flags & STL_CHIP_NOT_M0)
		warn(ctx, "the core is not a Cortex-M0: probably not a genuine part");
	else if (ctx->target.chip.flags & STL_CHIP_NOT_ST)
		warn(ctx, "the ROM table names another maker than ST: probably not a genuine part");
	return STL_OK;
}
