// SPDX-License-Identifier: GPL-2.0-only
/*
 * "monitor": commands of our own.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <string.h>

#include "internal.h"

struct command {
	const char *name;
	const char *args;
	const char *text;
	int (*run)(struct gdb *g, const char *arg, struct stl_error *err);
};

static const struct command commands[];

static int help(struct gdb *g, const char *arg, struct stl_error *err)
{
	const struct command *c;

	(void)arg;
	(void)err;
	for (c = commands; c->name; c++)
		gdb_console(g, "monitor %s%s%s -- %s\n", c->name,
			    *c->args ? " " : "", c->args, c->text);
	return STL_OK;
}

static int info(struct gdb *g, const char *arg, struct stl_error *err)
{
	struct stl_core_state state;
	struct stl_target *t = g->t;
	int ret;

	(void)arg;
	ret = stl_core_state(t, &state, err);
	if (ret)
		return ret;
	gdb_console(g, "probe: %s %s, serial number %s, SWD clock %u kHz\n",
		    t->probe.device, t->probe.firmware, t->probe.serial,
		    t->clock_khz);
	gdb_console(g, "chip: %s, flash %u KiB in pages of %u bytes, SRAM %u KiB, read protection level %u\n",
		    t->chip.name, t->chip.flash_size / 1024, t->chip.page_size,
		    t->chip.sram_size / 1024, t->chip.rdp_level);
	gdb_console(g, "core: %s%s%s\n", state.name, *state.why ? ", " : "",
		    state.why);
	gdb_console(g, "breakpoints in flash: %u of %u used; in SRAM: %u; watchpoints: %u of %u\n",
		    stl_breaks_used(&g->traps), g->traps.num_breaks,
		    g->num_soft, stl_watches_used(&g->traps),
		    g->traps.num_watches);
	gdb_console(g, "stops at HardFault: %s; steps with interrupts: %s\n",
		    g->traps.catch_fault ? "on" : "off",
		    g->unmasked ? "on" : "off");
	return STL_OK;
}

static void say_where(struct gdb *g, const char *what)
{
	uint32_t pc = 0;

	gdb_read_pc(g, &pc);
	gdb_console(g, "%s at 0x%08x\n", what, pc);
	gdb_console(g, "(\"maintenance flush register-cache\" has gdb look at the registers again)\n");
}

static int go(struct gdb *g, const char *arg, struct stl_error *err)
{
	uint32_t state;
	int ret;

	(void)arg;
	ret = stl_control_go(g->t, &state, err);
	g->loose = !ret;
	if (!ret)
		gdb_console(g, "running; \"monitor halt\" halts it, \"continue\" waits for it\n");
	return ret;
}

static int reset(struct gdb *g, const char *arg, struct stl_error *err)
{
	int ret;

	if (*arg && strcmp(arg, "halt") && strcmp(arg, "init") &&
	    strcmp(arg, "run"))
		return stl_fail(err, STL_USAGE,
				"reset what? \"monitor reset [halt|run]\"");
	ret = gdb_reset_halt(g, err);
	if (ret)
		return ret;
	if (!strcmp(arg, "run"))
		return go(g, "", err);
	say_where(g, "reset, halted");
	return STL_OK;
}

static int halt(struct gdb *g, const char *arg, struct stl_error *err)
{
	struct stlink_core core;
	int ret;

	(void)arg;
	ret = stl_control_stop(g->t, &core, err);
	if (ret)
		return ret;
	gdb_look_why(g, &core);
	g->loose = false;
	say_where(g, "halted");
	return STL_OK;
}

static int erase(struct gdb *g, const char *arg, struct stl_error *err)
{
	uint32_t events;
	int ret;

	(void)arg;
	ret = stl_target_claim(g->t, err);
	if (ret)
		return ret;
	ret = stl_erase_all(g->t, err);
	stl_target_release(g->t);
	/* its reset and halt were ours */
	stl_control_events(g->t, &events, NULL);
	g->at_bkpt = false;
	g->loose = false;
	if (!ret)
		gdb_console(g, "flash is blank\n");
	return ret;
}

static int on_off(const char *arg, bool *on, struct stl_error *err)
{
	*on = !strcmp(arg, "on");
	return *on || !strcmp(arg, "off") ? STL_OK :
	       stl_fail(err, STL_USAGE, "\"on\" or \"off\"?");
}

static int catch_faults(struct gdb *g, const char *arg, struct stl_error *err)
{
	bool on;
	int ret = on_off(arg, &on, err);

	if (!ret)
		ret = stl_catch_fault(g->t, &g->traps, on, err);
	if (!ret)
		g->no_catch = !on;
	return ret;
}

static int interrupts(struct gdb *g, const char *arg, struct stl_error *err)
{
	return on_off(arg, &g->unmasked, err);
}

static const struct command commands[] = {
	{ "help", "", "this list", help },
	{ "info", "", "probe, chip, state of the core, what is in use", info },
	{ "reset", "[halt|run]", "reset the chip, and halt it (unless \"run\")",
	  reset },
	{ "halt", "", "halt the core", halt },
	{ "run", "", "let the core run while gdb thinks that it stands", go },
	{ "resume", "", "the same", go },
	{ "erase", "", "erase all of the flash", erase },
	{ "catch-faults", "on|off", "stop at the entry of a HardFault (on)",
	  catch_faults },
	{ "step-interrupts", "on|off",
	  "take interrupts while single-stepping (off)", interrupts },
	{ 0 }
};

/* words of other servers that scripts begin with, and that change nothing here */
static bool elsewhere(struct gdb *g, const char *line)
{
	if (!strstr(line, "semihosting"))
		return false;
	gdb_console(g, "this server serves no semihosting\n");
	return true;
}

static int run_line(struct gdb *g, char *line, struct stl_error *err)
{
	const struct command *c;
	size_t len = strlen(line);
	char *arg;

	while (len && (line[len - 1] == ' ' || line[len - 1] == '\n'))
		line[--len] = '\0';
	line += strspn(line, " ");
	if (elsewhere(g, line))
		return STL_OK;
	arg = line + strcspn(line, " ");
	if (*arg)
		*arg++ = '\0';
	arg += strspn(arg, " ");
	if (!*line)
		return help(g, "", err);
	for (c = commands; c->name; c++) {
		if (strcmp(c->name, line))
			continue;
		if (!*c->args && *arg)
			return stl_fail(err, STL_USAGE,
					"\"monitor %s\" takes no words",
					c->name);
		return c->run(g, arg, err);
	}
	return stl_fail(err, STL_USAGE,
			"no such command: '%s'; see \"monitor help\"", line);
}

/** gdb_monitor() - qRcmd: a line of it */
void gdb_monitor(struct gdb *g, struct gdb_args *a)
{
	struct stl_error err = { 0 };
	char line[256] = "";
	size_t len = gdb_arg_left(a) / 2;
	int ret;

	if (len >= sizeof(line) || !gdb_arg_bytes(a, line, len)) {
		gdb_bad(g, "qRcmd");
		return;
	}
	gdb_console_open(g);
	ret = run_line(g, line, &err);
	if (ret)
		gdb_tell_error(g, &err);
	g->console = false;
	gdb_begin(g);
	if (ret) {
		gdb_printf(&g->answer, "E%02x", err.code);
		gdb_over(g, &err);
	} else {
		gdb_ok(g);
	}
}
