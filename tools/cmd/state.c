// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of the core, in words and as JSON.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

/**
 * state_json() - add the member "core"
 * @ctx: context
 * @s: state
 */
void state_json(struct context *ctx, const struct stl_core_state *s)
{
	struct json_object *core = add_object(ctx->out, "core");

	add_string(core, "state", s->name);
	add_hex(core, "dhcsr", s->dhcsr, 8);
	if (s->bits & STLINK_CORE_HALTED)
		add_hex(core, "dfsr", s->dfsr, 1);
	if (s->pc_valid) {
		add_hex(core, "pc", s->pc, 8);
		add_hex(core, "sp", s->sp, 8);
		add_hex(core, "xpsr", s->xpsr, 8);
	}
	if (*s->why)
		add_string(core, "why", s->why);
}

/**
 * state_sentence() - what the core does, in plain words
 * @s: state
 * @buf: receives the sentence, without full stop
 * @len: its size
 */
void state_sentence(const struct stl_core_state *s, char *buf, size_t len)
{
	if (!strcmp(s->name, "lockup"))
		snprintf(buf, len, "the core has locked up and executes nothing");
	else if (!strcmp(s->name, "sleeping"))
		snprintf(buf, len, "the core is running, asleep in WFI or WFE");
	else if (!strcmp(s->name, "unknown"))
		snprintf(buf, len, "what the core does can't be seen");
	else if (s->pc_valid)
		snprintf(buf, len, "the core is %s at 0x%08x", s->name,
			 s->pc);
	else
		snprintf(buf, len, "the core is %s", s->name);
}

/**
 * state_say() - tell what the core does after a verb that let it run
 * @ctx: context
 * @s: state
 *
 * Lockup is a warning: the verb did its work, the firmware doesn't.
 */
void state_say(struct context *ctx, const struct stl_core_state *s)
{
	char text[160];

	state_sentence(s, text, sizeof(text));
	if (strcmp(s->name, "lockup")) {
		say(ctx, "%s%s%s", text, *s->why ? ": " : "", s->why);
		return;
	}
	warn(ctx, "%s%s%s (\"stlink diagnose\" tells more)", text,
	     *s->why ? ": " : "", s->why);
}
