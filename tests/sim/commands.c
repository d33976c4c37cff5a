// SPDX-License-Identifier: GPL-2.0-only
/* Commands of the control socket; README.md lists them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define MAX_WORDS	8
#define MAX_PEEK	(256u * 1024)
#define FLASH_BASE	0x08000000u

void command_error(FILE *out, const char *text)
{
	fputs("{\"ok\":false,\"error\":", out);
	report_string(out, text);
	fputc('}', out);
}

void command_ok(FILE *out)
{
	fputs("{\"ok\":true}", out);
}

/** command_number() - decimal, or hexadecimal with 0x, up to @max */
bool command_number(const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	*value = strtoull(text, &end, 0);
	return !*end && *value <= max;
}

/* "on"/"1" or "off"/"0" */
static bool on_off(const char *text, bool *on)
{
	*on = !strcmp(text, "on") || !strcmp(text, "1");
	return *on || !strcmp(text, "off") || !strcmp(text, "0");
}

static void cmd_power(struct sim *sim, int argc, char **argv, FILE *out)
{
	bool on;

	(void)argc;
	if (!on_off(argv[1], &on)) {
		command_error(out, "power on|off");
		return;
	}
	sim_sync(sim);
	chip_power(sim->chip, on);
	command_ok(out);
}

static void cmd_unplug(struct sim *sim, int argc, char **argv, FILE *out)
{
	(void)argc;
	(void)argv;
	sim_plug(sim, false);
	command_ok(out);
}

static void cmd_replug(struct sim *sim, int argc, char **argv, FILE *out)
{
	(void)argc;
	(void)argv;
	sim_plug(sim, false);
	sim_plug(sim, true);
	command_ok(out);
}

static void cmd_swap(struct sim *sim, int argc, char **argv, FILE *out)
{
	const char *part = NULL, *file = NULL, *error = NULL;
	int i = 1;

	if (i < argc && strcmp(argv[i], "flash"))
		part = argv[i++];
	if (i + 1 < argc && !strcmp(argv[i], "flash")) {
		file = argv[i + 1];
		i += 2;
	}
	if (i != argc)
		command_error(out, "swap [PART] [flash FILE]");
	else if (!sim_swap(sim, part, file, &error))
		command_error(out, error);
	else
		command_ok(out);
}

static void cmd_peek(struct sim *sim, int argc, char **argv, FILE *out)
{
	uint64_t addr, len, i;
	uint8_t *buf;

	(void)argc;
	if (!command_number(argv[1], UINT32_MAX, &addr) ||
	    !command_number(argv[2], MAX_PEEK, &len) || !len) {
		command_error(out, "peek ADDR LEN");
		return;
	}
	buf = malloc(len);
	if (!buf)
		abort();
	sim_sync(sim);
	if (!chip_peek(sim->chip, addr, buf, len)) {
		command_error(out, "not within one memory");
	} else {
		fputs("{\"ok\":true,\"hex\":\"", out);
		for (i = 0; i < len; i++)
			fprintf(out, "%02x", buf[i]);
		fputs("\"}", out);
	}
	free(buf);
}

static void cmd_poke(struct sim *sim, int argc, char **argv, FILE *out)
{
	size_t len = strlen(argv[2]) / 2, i;
	uint64_t addr;
	uint8_t *buf;

	(void)argc;
	if (!command_number(argv[1], UINT32_MAX, &addr) || !len ||
	    strlen(argv[2]) % 2 ||
	    argv[2][strspn(argv[2], "0123456789abcdefABCDEF")]) {
		command_error(out, "poke ADDR HEX");
		return;
	}
	buf = malloc(len);
	if (!buf)
		abort();
	for (i = 0; i < len; i++) {
		char byte[3] = { argv[2][2 * i], argv[2][2 * i + 1], 0 };

		buf[i] = strtoul(byte, NULL, 16);
	}
	sim_sync(sim);
	if (chip_poke(sim->chip, addr, buf, len))
		command_ok(out);
	else
		command_error(out, "not within one memory");
	free(buf);
}

static void cmd_load(struct sim *sim, int argc, char **argv, FILE *out)
{
	const char *error = NULL;
	uint64_t addr = FLASH_BASE;

	sim_sync(sim);
	if (argc > 2 && !command_number(argv[2], UINT32_MAX, &addr))
		command_error(out, "load FILE [ADDR]");
	else if (!sim_load(sim, argv[1], addr, &error))
		command_error(out, error);
	else
		command_ok(out);
}

static void cmd_save(struct sim *sim, int argc, char **argv, FILE *out)
{
	const char *error = NULL;

	(void)argc;
	if (sim_save(sim, argv[1], &error))
		command_ok(out);
	else
		command_error(out, error);
}

static void cmd_options(struct sim *sim, int argc, char **argv, FILE *out)
{
	(void)argc;
	(void)argv;
	report_options(sim, out);
}

static void cmd_reload(struct sim *sim, int argc, char **argv, FILE *out)
{
	(void)argc;
	(void)argv;
	sim_sync(sim);
	chip_reload_options(sim->chip);
	command_ok(out);
}

static void cmd_nrst_wired(struct sim *sim, int argc, char **argv, FILE *out)
{
	bool on;

	(void)argc;
	if (!on_off(argv[1], &on)) {
		command_error(out, "nrst-wired 0|1");
		return;
	}
	sim_sync(sim);
	sim->opt.probe.nrst_wired = on;
	probe_set_nrst_wired(sim->probe, on);
	command_ok(out);
}

static void cmd_nrst(struct sim *sim, int argc, char **argv, FILE *out)
{
	bool hold = !strcmp(argv[1], "hold");

	(void)argc;
	if (!hold && strcmp(argv[1], "release")) {
		command_error(out, "nrst hold|release");
		return;
	}
	sim_sync(sim);
	chip_hold_nrst(sim->chip, hold);
	command_ok(out);
}

static void cmd_boot0(struct sim *sim, int argc, char **argv, FILE *out)
{
	bool on;

	(void)argc;
	if (!on_off(argv[1], &on)) {
		command_error(out, "boot0 0|1");
		return;
	}
	sim->opt.boot0 = on;
	chip_boot0(sim->chip, on);
	command_ok(out);
}

static void cmd_state(struct sim *sim, int argc, char **argv, FILE *out)
{
	(void)argc;
	(void)argv;
	sim_sync(sim);
	report_state(sim, out);
}

static void cmd_counters(struct sim *sim, int argc, char **argv, FILE *out)
{
	if (argc == 1) {
		report_counters(sim, out);
		return;
	}
	if (strcmp(argv[1], "reset")) {
		command_error(out, "counters [reset]");
		return;
	}
	memset(probe_counters(sim->probe), 0, sizeof(struct probe_counters));
	memset(usb_counters(sim->usb), 0, sizeof(struct usb_counters));
	sim->chip_base = *chip_counters(sim->chip);
	command_ok(out);
}

static void cmd_transfers(struct sim *sim, int argc, char **argv, FILE *out)
{
	if (argc == 1) {
		fault_report(sim, out);
	} else if (strcmp(argv[1], "reset")) {
		command_error(out, "transfers [reset]");
	} else {
		sim->fault.num = 0;
		command_ok(out);
	}
}

static void cmd_reset(struct sim *sim, int argc, char **argv, FILE *out)
{
	(void)argc;
	(void)argv;
	sim_reset_button(sim);
	command_ok(out);
}

static void cmd_voltage(struct sim *sim, int argc, char **argv, FILE *out)
{
	struct probe_options *p = &sim->opt.probe;

	(void)argc;
	if (!options_voltage(argv[1], p)) {
		command_error(out, "voltage MV|a0=N,a1=N|none");
		return;
	}
	probe_set_voltage(sim->probe, p->a0, p->a1, p->voltage_silent);
	command_ok(out);
}

static void cmd_log(struct sim *sim, int argc, char **argv, FILE *out)
{
	bool on;

	(void)argc;
	if (!on_off(argv[1], &on)) {
		command_error(out, "log on|off");
		return;
	}
	probe_set_log(sim->probe, on ? sim->log : NULL);
	command_ok(out);
}

static const struct {
	const char *name;
	int min, max;		/* words, the name included */
	void (*run)(struct sim *sim, int argc, char **argv, FILE *out);
} commands[] = {
	{ "power", 2, 2, cmd_power },
	{ "unplug", 1, 1, cmd_unplug },
	{ "replug", 1, 1, cmd_replug },
	{ "swap", 1, 4, cmd_swap },
	{ "peek", 3, 3, cmd_peek },
	{ "poke", 3, 3, cmd_poke },
	{ "load", 2, 3, cmd_load },
	{ "save", 2, 2, cmd_save },
	{ "options", 1, 1, cmd_options },
	{ "reload-options", 1, 1, cmd_reload },
	{ "nrst-wired", 2, 2, cmd_nrst_wired },
	{ "nrst", 2, 2, cmd_nrst },
	{ "boot0", 2, 2, cmd_boot0 },
	{ "state", 1, 1, cmd_state },
	{ "counters", 1, 2, cmd_counters },
	{ "transfers", 1, 2, cmd_transfers },
	{ "reset", 1, 1, cmd_reset },
	{ "voltage", 2, 2, cmd_voltage },
	{ "inject", 2, 5, command_inject },
	{ "chip-fault", 2, 4, command_chip_fault },
	{ "board-fault", 2, 5, command_board_fault },
	{ "log", 2, 2, cmd_log },
};

/** command_run() - @line is changed; the answer has no line feed */
void command_run(struct sim *sim, char *line, FILE *out)
{
	char *argv[MAX_WORDS + 1], *save = NULL, *word;
	int argc = 0;
	size_t i;

	for (word = strtok_r(line, " \t\r", &save); word;
	     word = strtok_r(NULL, " \t\r", &save)) {
		if (argc < MAX_WORDS)
			argv[argc] = word;
		argc++;
	}
	for (i = 0; argc && i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(argv[0], commands[i].name))
			continue;
		if (argc < commands[i].min || argc > commands[i].max)
			command_error(out, "wrong number of words");
		else
			commands[i].run(sim, argc, argv, out);
		return;
	}
	command_error(out, "unknown command");
}
