// SPDX-License-Identifier: GPL-2.0-only
/* Commands "inject" (the probe misbehaves) and "chip-fault" (the chip does). */
#include <string.h>

#include "sim.h"

#define MAX_COUNT	1000000u
#define DEFAULT_WAIT	0x10	/* AP WAIT */

static bool counted(const char *name, struct probe_inject *in, unsigned int **n)
{
	const struct { const char *name; unsigned int *count; } list[] = {
		{ "stall", &in->stalls }, { "silent", &in->silents },
		{ "short", &in->shorts }, { "long", &in->longs },
		{ "parity", &in->parity },
	};
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(*list); i++) {
		if (!strcmp(name, list[i].name)) {
			*n = list[i].count;
			return true;
		}
	}
	return false;
}

/**
 * command_inject() - faults of the probe
 *
 * wait N [CODE], wait-fault-ok, status CODE N, stall|silent|short|long|parity
 * N, unplug-at K, power-off-at K, at K KIND [ARG], swd-dead on|off, off
 */
void command_inject(struct sim *sim, int argc, char **argv, FILE *out)
{
	struct probe_inject *in = probe_inject(sim->probe);
	const char *what = argv[1];
	uint64_t n = 0, code = DEFAULT_WAIT;
	unsigned int *count;
	bool ok = true;

	if (!strcmp(what, "wait")) {
		ok = argc >= 3 && command_number(argv[2], MAX_COUNT, &n) &&
			(argc < 4 || command_number(argv[3], 255, &code));
		if (ok) {
			in->wait_count = n;
			in->wait_code = code;
		}
	} else if (!strcmp(what, "wait-fault-ok")) {
		ok = argc == 2;
		if (ok)
			in->wait_fault_ok = 2;
	} else if (!strcmp(what, "status")) {
		ok = argc == 4 && command_number(argv[2], 255, &code) &&
			command_number(argv[3], MAX_COUNT, &n);
		if (ok) {
			in->code = code;
			in->code_count = n;
		}
	} else if (counted(what, in, &count)) {
		ok = argc == 3 && command_number(argv[2], MAX_COUNT, &n);
		if (ok)
			*count = n;
	} else if (!strcmp(what, "at")) {
		ok = fault_arm(sim, argc - 2, argv + 2);
	} else if (!strcmp(what, "unplug-at")) {
		ok = argc == 3 && command_number(argv[2], MAX_COUNT, &n);
		if (ok)
			sim->unplug_at = n;
	} else if (!strcmp(what, "power-off-at")) {
		ok = argc == 3 && command_number(argv[2], MAX_COUNT, &n);
		if (ok)
			sim->power_off_at = n;
	} else if (!strcmp(what, "swd-dead")) {
		ok = argc == 3 && (!strcmp(argv[2], "on") ||
				   !strcmp(argv[2], "off"));
		if (ok)
			in->swd_dead = !strcmp(argv[2], "on");
	} else if (!strcmp(what, "off")) {
		memset(in, 0, sizeof(*in));
		sim->unplug_at = 0;
		sim->power_off_at = 0;
		sim->fault.at = 0;
	} else {
		ok = false;
	}
	if (ok)
		command_ok(out);
	else
		command_error(out, "inject wait N [CODE] | wait-fault-ok | status CODE N | stall N | silent N | short N | long N | parity N | unplug-at K | power-off-at K | at K KIND [ARG] | swd-dead on|off | off");
}

/**
 * command_chip_fault() - faults of the chip
 *
 * pgerr N, wrprterr N, stuck-bsy on|off, ap-waits N, parity N, read ADDR LEN,
 * power-cut|nrst-cut N PERCENT, nrst-open on|off, off
 */
void command_chip_fault(struct sim *sim, int argc, char **argv, FILE *out)
{
	struct chip_faults *f = chip_faults(sim->chip);
	const char *what = argv[1];
	uint64_t n = 0, len = 0;
	bool number = argc >= 3 && command_number(argv[2], UINT32_MAX, &n);
	bool on = argc == 3 && !strcmp(argv[2], "on"), ok = argc == 3;

	if (!on && !number && !(argc == 3 && !strcmp(argv[2], "off")))
		ok = false;
	if (ok && number && !strcmp(what, "pgerr")) {
		f->pgerr_at = n;
	} else if (ok && number && !strcmp(what, "wrprterr")) {
		f->wrprterr_at = n;
	} else if (ok && number && !strcmp(what, "ap-waits")) {
		f->ap_waits = n;
	} else if (ok && number && !strcmp(what, "parity")) {
		f->parity_errors = n;
	} else if (ok && !number && !strcmp(what, "stuck-bsy")) {
		f->stuck_bsy = on;
	} else if (ok && !number && !strcmp(what, "nrst-open")) {
		f->nrst_open = on;
	} else if (number && argc == 4 && !strcmp(what, "read") &&
		   command_number(argv[3], UINT32_MAX, &len)) {
		f->fault_addr = n;
		f->fault_len = len;
	} else if (number && argc == 4 && (!strcmp(what, "power-cut") ||
					   !strcmp(what, "nrst-cut")) &&
		   command_number(argv[3], 100, &len)) {
		f->power_cut_at = n;
		f->power_cut_percent = len;
		f->cut_by_nrst = !strcmp(what, "nrst-cut");
	} else if (argc == 2 && !strcmp(what, "off")) {
		memset(f, 0, sizeof(*f));
	} else {
		command_error(out, "chip-fault pgerr N | wrprterr N | ap-waits N | parity N | read ADDR LEN | power-cut|nrst-cut N PERCENT | stuck-bsy on|off | nrst-open on|off | off");
		return;
	}
	command_ok(out);
}
