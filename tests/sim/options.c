// SPDX-License-Identifier: GPL-2.0-only
/* The command line of stlink-sim. */
#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

/* 2400 * a1 / a0 mV; with these a0 and a1 it is 3.30 V */
#define DEFAULT_A0	1500
#define DEFAULT_A1	2062
#define ADC_MAX		4095

static bool fail(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static bool fail(const char *format, ...)
{
	va_list args;

	fputs("stlink-sim: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\nTry 'stlink-sim --help'.\n", stderr);
	return false;
}

/* index of @text in a list that ends with NULL, or -1 */
static int word(const char *text, const char *const *list)
{
	int i;

	for (i = 0; list[i]; i++)
		if (!strcmp(text, list[i]))
			return i;
	return -1;
}

static bool number(const char *text, unsigned long max, unsigned long *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	*value = strtoul(text, &end, 0);
	return !*end && *value <= max;
}

/**
 * options_voltage() - "3300", "a0=1500,a1=2062" or "none"
 *
 * Return: false when @text is nothing of these or beyond 12-bit readings.
 */
bool options_voltage(const char *text, struct probe_options *p)
{
	unsigned long a0 = DEFAULT_A0, a1;
	int end = 0;

	if (!strcmp(text, "none")) {
		p->voltage_silent = true;
		return true;
	}
	if (sscanf(text, "a0=%lu,a1=%lu%n", &a0, &a1, &end) == 2) {
		if (text[end] || a0 > ADC_MAX || a1 > ADC_MAX)
			return false;
	} else {
		unsigned long mv;

		a0 = DEFAULT_A0;
		if (!number(text, 6000, &mv))
			return false;
		a1 = mv * a0 / 2400;
	}
	p->a0 = a0;
	p->a1 = a1;
	p->voltage_silent = false;
	return true;
}

/** options_part() - "STM32F030F4", "f030c8t6", ... into the chip's names */
bool options_part(const char *text, char part[16])
{
	char name[16] = "", size;
	size_t i;

	if (!strncasecmp(text, "STM32", 5))
		text += 5;
	for (i = 0; text[i] && i < sizeof(name) - 1; i++)
		name[i] = i == 5 && text[i] == 'x' ? 'x' :
			toupper((unsigned char)text[i]);
	if (strncmp(name, "F030", 4) || strlen(name) < 6)
		return false;
	size = name[5];
	if (!strchr("FKCRXx", name[4]) || !strchr("468C", size))
		return false;
	snprintf(part, 16, size == '4' ? "F030F%c" : "F030x%c", size);
	return true;
}

/** options_chip() - "name" or "name=value" of struct chip_options */
bool options_chip(const char *text, struct chip_options *c)
{
	static const char *const stores[] = { "ignored", "pgerr", "fault",
					      NULL };
	static const char *const rdp1[] = { "ap", "powerup", "debugen", "halt",
					    NULL };
	const struct { const char *name; bool *flag; } flags[] = {
		{ "wrp-mass-erase-partial", &c->wrp_mass_erase_partial },
		{ "dbgmcu-needs-clock", &c->dbgmcu_needs_clock },
		{ "rdp1-reset-restores", &c->rdp1_reset_restores },
		{ "busy-read-fault", &c->busy_read_fault },
		{ "optkey-wrong-ignored", &c->optkey_wrong_ignored },
		{ "opt-not-erased-pgerr", &c->opt_not_erased_pgerr },
		{ "obr-reserved-zero", &c->obr_reserved_zero },
		{ "bsy-late", &c->bsy_late },
		{ "clone", &c->clone },
		{ "no-hse", &c->no_hse },
	};
	const char *value = strchr(text, '=');
	unsigned long v = 0;
	size_t i;
	int k;

	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (!strcmp(text, flags[i].name)) {
			*flags[i].flag = true;
			return true;
		}
	}
	if (!value++)
		return false;
	if (!strncmp(text, "store=", 6)) {
		k = word(value, stores);
		c->store_without_pg = k < 0 ? 0 : k;
		return k >= 0;
	}
	if (!strncmp(text, "rdp1=", 5)) {
		k = word(value, rdp1);
		c->rdp1_trigger = k < 0 ? 0 : k;
		return k >= 0;
	}
	if (!number(value, 48000000, &v))
		return false;
	if (!strncmp(text, "x4-upper-half=", 14) && v <= 2)
		c->x4_upper_half = v;
	else if (!strncmp(text, "hse=", 4) && v)
		c->hse_hz = v;
	else if (!strncmp(text, "lsi=", 4) && v >= 30000 && v <= 60000)
		c->lsi_hz = v;
	else
		return false;
	return true;
}

static int hex(int c)
{
	return isdigit(c) ? c - '0' : toupper(c) - 'A' + 10;
}

static bool parse_serial(const char *text, struct sim_options *o)
{
	struct usb_options *u = &o->usb;
	size_t n, i;

	o->no_serial = !strcmp(text, "none");
	if (o->no_serial) {
		u->serial_len = 0;
		return true;
	}
	if (!strncmp(text, "raw:", 4)) {
		text += 4;
		if (strlen(text) != 24 ||
		    strspn(text, "0123456789abcdefABCDEF") != 24)
			return fail("--serial raw: wants 24 hexadecimal digits");
		for (i = 0; i < 12; i++)
			u->serial[i] = hex(text[2 * i]) << 4 |
				hex(text[2 * i + 1]);
		u->serial_len = 12;
		return true;
	}
	n = strlen(text);
	if (!n || n > 126)
		return fail("--serial wants 1 to 126 characters");
	for (i = 0; i < n; i++)
		u->serial[i] = (unsigned char)text[i];
	u->serial_len = n;
	return true;
}

/* every instance its own numbers, the same each time: from the socket's name */
static void derive_ids(struct sim_options *o)
{
	uint64_t h = 0xcbf29ce484222325ull;	/* FNV-1a */
	char text[25];
	const char *c;
	unsigned int i;

	for (c = o->usb_path; *c; c++)
		h = (h ^ (unsigned char)*c) * 0x100000001b3ull;
	for (i = 0; i < 12; i++) {
		h = (h ^ i) * 0x100000001b3ull;
		o->uid[i] = h >> 32;
	}
	if (o->usb.serial_len || o->no_serial)
		return;
	snprintf(text, sizeof(text), "066%XFF%02X%02X%02X%02X%02X%02X%02X%02X%02X",
		 o->uid[0] & 15, o->uid[1], o->uid[2], o->uid[3], o->uid[4],
		 o->uid[5], o->uid[6], o->uid[7], o->uid[8], o->uid[9]);
	parse_serial(text, o);
}

enum {
	O_HELP = 1, O_USB, O_CONTROL, O_PART, O_FLASH, O_SAVE, O_BOARD_OFF,
	O_UNPLUGGED, O_BOOT0, O_FAST, O_LOG, O_PID, O_FIRMWARE, O_SERIAL,
	O_START_MODE, O_DFU_EXIT, O_USB_RESET, O_NRST, O_AP_OPEN, O_UNKNOWN,
	O_RW_MISC, O_TAR, O_READREG, O_VOLTAGE, O_TOGGLE, O_WAIT_TRIES,
	O_STALE, O_ZLP, O_CHIP,
};

static const struct option longs[] = {
	{ "help", no_argument, NULL, O_HELP },
	{ "usb", required_argument, NULL, O_USB },
	{ "control", required_argument, NULL, O_CONTROL },
	{ "part", required_argument, NULL, O_PART },
	{ "flash", required_argument, NULL, O_FLASH },
	{ "save", no_argument, NULL, O_SAVE },
	{ "board-off", no_argument, NULL, O_BOARD_OFF },
	{ "unplugged", no_argument, NULL, O_UNPLUGGED },
	{ "boot0", no_argument, NULL, O_BOOT0 },
	{ "fast", no_argument, NULL, O_FAST },
	{ "log", optional_argument, NULL, O_LOG },
	{ "pid", required_argument, NULL, O_PID },
	{ "firmware", required_argument, NULL, O_FIRMWARE },
	{ "serial", required_argument, NULL, O_SERIAL },
	{ "start-mode", required_argument, NULL, O_START_MODE },
	{ "dfu-exit", required_argument, NULL, O_DFU_EXIT },
	{ "usb-reset", required_argument, NULL, O_USB_RESET },
	{ "nrst-wired", required_argument, NULL, O_NRST },
	{ "ap-open", required_argument, NULL, O_AP_OPEN },
	{ "unknown", required_argument, NULL, O_UNKNOWN },
	{ "rw-misc", required_argument, NULL, O_RW_MISC },
	{ "tar", required_argument, NULL, O_TAR },
	{ "readreg-running", required_argument, NULL, O_READREG },
	{ "voltage", required_argument, NULL, O_VOLTAGE },
	{ "toggle", required_argument, NULL, O_TOGGLE },
	{ "wait-tries", required_argument, NULL, O_WAIT_TRIES },
	{ "stale-in", no_argument, NULL, O_STALE },
	{ "zlp", no_argument, NULL, O_ZLP },
	{ "chip", required_argument, NULL, O_CHIP },
	{ }
};

static const char help[] =
"Usage: stlink-sim --usb PATH [OPTION]...\n"
"A simulated ST-Link V2 with an STM32F030 board, for QEMU's usb-redir.\n"
"\n"
"  --usb PATH             usbredir server on this unix socket (required)\n"
"  --control PATH         control socket: a command a line, JSON back\n"
"  --log[=FILE]           hexadecimal log of each exchange, default stderr\n"
"  --fast                 probe, USB and flash take no time\n"
"Board:\n"
"  --part PART            F030F4 (default), F030x6, F030x8, F030xC\n"
"  --flash FILE           content of flash at the start\n"
"  --save                 write it back to that file at the end\n"
"  --board-off            no supply at the start\n"
"  --boot0                BOOT0 high\n"
"  --nrst-wired 0|1       reset line connected (1)\n"
"  --chip NAME[=VALUE]    answer to an open question of the chip, see README\n"
"Probe:\n"
"  --pid 3748|374b|3752   V2, V2-1, V2-1 without disk\n"
"  --firmware VERSION     V2J37S7 (V2), V2J37M26 (V2-1), or any other\n"
"  --serial TEXT|raw:HEX|none    serial number as text, or 12 bytes as old firmware\n"
"  --unplugged            not on the bus at the start\n"
"  --start-mode 0..4      DFU (V2), MASS (V2-1), DEBUG, SWIM, BOOTLOADER\n"
"  --dfu-exit same|reenumerate   what F3 07 does\n"
"  --usb-reset keep|mass  mode after a bus reset (keep)\n"
"  --ap-open auto|never|always   what needs INIT_AP; auto: memory from J37\n"
"  --unknown 42|stall|silence    answer to commands that are missing\n"
"  --rw-misc stop|go-on|keep-ap|need-ap|none   scattered words, see README\n"
"  --tar minded|wraps     blocks that cross 1 KiB (minded)\n"
"  --readreg-running old|error   READREG while the core runs\n"
"  --voltage MV|a0=N,a1=N|none   target supply as measured\n"
"  --toggle honoured|ignored     data toggle after clear-halt\n"
"  --wait-tries N         transfers that meet WAIT before it is told (5)\n"
"  --stale-in             an old answer waits in the IN endpoint\n"
"  --zlp                  empty packet after answers of n * 64 bytes\n";

static bool probe_option(struct sim_options *o, int opt, const char *arg,
			 bool *mode_set, bool *version_set)
{
	static const char *const exits[] = { "same", "reenumerate", NULL };
	static const char *const resets[] = { "keep", "mass", NULL };
	static const char *const opens[] = { "auto", "never", "always", NULL };
	static const char *const unknowns[] = { "42", "stall", "silence",
						NULL };
	static const char *const readregs[] = { "old", "error", NULL };
	static const char *const miscs[] = { "stop", "go-on", "keep-ap",
					     "need-ap", "none", NULL };
	static const char *const tars[] = { "minded", "wraps", NULL };
	static const char *const toggles[] = { "honoured", "ignored", NULL };
	unsigned long v;
	int k = 0;

	switch (opt) {
	case O_PID:
		o->usb.pid = strtoul(arg, NULL, 16);
		if (strcmp(arg, "3748") && strcmp(arg, "374b") &&
		    strcmp(arg, "3752"))
			return fail("--pid %s: 3748, 374b or 3752", arg);
		return true;
	case O_FIRMWARE:
		*version_set = true;
		if (!probe_version_parse(arg, &o->probe.version))
			return fail("--firmware %s: want e.g. V2J37S7 or V2J45M30",
				    arg);
		return true;
	case O_SERIAL:
		return parse_serial(arg, o);
	case O_START_MODE:
		*mode_set = true;
		if (!number(arg, 4, &v))
			return fail("--start-mode %s: 0 to 4", arg);
		o->probe.start_mode = v;
		return true;
	case O_DFU_EXIT:
		k = word(arg, exits);
		o->probe.dfu_reenumerate = k;
		break;
	case O_USB_RESET:
		k = word(arg, resets);
		o->probe.usb_reset_mass = k;
		break;
	case O_NRST:
		if (!number(arg, 1, &v))
			return fail("--nrst-wired %s: 0 or 1", arg);
		o->probe.nrst_wired = v;
		return true;
	case O_AP_OPEN:
		k = word(arg, opens);
		o->probe.ap_open = k;
		break;
	case O_UNKNOWN:
		k = word(arg, unknowns);
		o->probe.unknown = k;
		break;
	case O_RW_MISC:
		k = word(arg, miscs);
		o->probe.misc = k;
		break;
	case O_TAR:
		k = word(arg, tars);
		o->probe.tar = k;
		break;
	case O_READREG:
		k = word(arg, readregs);
		o->probe.readreg_error = k;
		break;
	case O_TOGGLE:
		k = word(arg, toggles);
		o->usb.toggle_ignored = k;
		break;
	case O_WAIT_TRIES:
		if (!number(arg, 1000, &v) || !v)
			return fail("--wait-tries %s: 1 to 1000", arg);
		o->probe.wait_tries = v;
		break;
	case O_VOLTAGE:
		if (!options_voltage(arg, &o->probe))
			return fail("--voltage %s: 0 to 6000 mV, a0=N,a1=N with N up to 4095, or none",
				    arg);
		return true;
	}
	if (k < 0)
		return fail("'%s' is not a choice of this option", arg);
	return true;
}

static bool board_option(struct sim_options *o, int opt, const char *arg)
{
	switch (opt) {
	case O_USB:
		o->usb_path = arg;
		return true;
	case O_CONTROL:
		o->control_path = arg;
		return true;
	case O_LOG:
		o->log = true;
		o->log_file = arg;
		return true;
	case O_PART:
		if (!options_part(arg, o->part))
			return fail("--part %s: want F030F4, F030x6, F030x8 or F030xC",
				    arg);
		return true;
	case O_FLASH:
		o->flash_file = arg;
		return true;
	case O_SAVE:
		o->save = true;
		return true;
	case O_BOARD_OFF:
		o->board_off = true;
		return true;
	case O_UNPLUGGED:
		o->unplugged = true;
		return true;
	case O_BOOT0:
		o->boot0 = true;
		return true;
	case O_FAST:
		o->fast = true;
		return true;
	case O_STALE:
		o->usb.stale_in = true;
		return true;
	case O_ZLP:
		o->usb.zlp = true;
		return true;
	case O_CHIP:
		if (!options_chip(arg, &o->chip))
			return fail("--chip %s: no such choice", arg);
		return true;
	}
	return false;
}

/* what follows from the rest */
static bool complete(struct sim_options *o, bool mode_set, bool version_set)
{
	if (!o->usb_path)
		return fail("--usb PATH is missing");
	if (o->save && !o->flash_file)
		return fail("--save needs --flash FILE");
	if (!version_set)
		probe_version_parse(o->usb.pid && o->usb.pid != 0x3748 ?
				    "V2J37M26" : "V2J37S7", &o->probe.version);
	if (!o->usb.pid)
		o->usb.pid = o->probe.version.letter == 'M' ? 0x374b : 0x3748;
	if ((o->probe.version.letter == 'M') != (o->usb.pid != 0x3748))
		return fail("firmware V2J%u%c%u is not for a %04x",
			    o->probe.version.j, o->probe.version.letter,
			    o->probe.version.s, o->usb.pid);
	if (!mode_set)
		o->probe.start_mode = o->usb.pid == 0x3748 ? MODE_DFU :
			MODE_MASS;
	o->probe.pid = o->usb.pid;
	o->probe.fast = o->fast;
	o->usb.fast = o->fast;
	derive_ids(o);
	return true;
}

bool options_parse(struct sim_options *o, int argc, char **argv, int *status)
{
	bool mode_set = false, version_set = false, ok;
	int opt;

	*status = 2;
	options_part("F030F4", o->part);
	o->probe.nrst_wired = true;
	o->probe.a0 = DEFAULT_A0;
	o->probe.a1 = DEFAULT_A1;
	while ((opt = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (opt == O_HELP) {
			fputs(help, stdout);
			*status = 0;
			return false;
		}
		if (opt == '?')
			return false;
		ok = opt < O_PID || opt >= O_STALE ?
			board_option(o, opt, optarg) :
			probe_option(o, opt, optarg, &mode_set, &version_set);
		if (!ok)
			return false;
	}
	if (optind < argc)
		return fail("'%s' is not an option", argv[optind]);
	if (!complete(o, mode_set, version_set))
		return false;
	*status = 0;
	return true;
}
