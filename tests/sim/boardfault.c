// SPDX-License-Identifier: GPL-2.0-only
/* Command "board-fault": the board fails at a certain step, for ever or a while. */
#include <string.h>

#include "sim.h"

#define MAX_STEPS	1000000000u

static const char *const kinds[] = {
	[BOARD_POWER_OFF] = "power-off",
	[BOARD_NRST_HELD] = "nrst-held",
	[BOARD_SWD_DEAD] = "swd-dead",
};

static void set(struct sim *sim, enum board_fault_kind kind, bool failed)
{
	switch (kind) {
	case BOARD_POWER_OFF:
		chip_power(sim->chip, !failed);
		break;
	case BOARD_NRST_HELD:
		chip_hold_nrst(sim->chip, failed);
		break;
	case BOARD_SWD_DEAD:
		probe_inject(sim->probe)->swd_dead = failed;
		break;
	case BOARD_SOUND:
		break;
	}
}

void board_fault_step(struct sim *sim, bool wire)
{
	struct board_fault *f = &sim->board_fault;

	if (f->kind == BOARD_SOUND || f->on_wire != wire || !f->left ||
	    --f->left)
		return;
	/* a command at work has brought the chip up to its own moment */
	if (!wire)
		sim_sync(sim);
	set(sim, f->kind, !f->begun);
	f->over = f->begun;
	f->begun = true;
	f->left = f->over ? 0 : f->lasts;
}

static void put_right(struct sim *sim)
{
	enum board_fault_kind kind;

	sim->board_fault = (struct board_fault){ .kind = BOARD_SOUND };
	sim_sync(sim);
	for (kind = BOARD_POWER_OFF; kind <= BOARD_SWD_DEAD; kind++)
		set(sim, kind, false);
}

static bool parse(int argc, char **argv, struct board_fault *f)
{
	size_t i;

	if (argc < 4 || !command_number(argv[3], MAX_STEPS, &f->left) ||
	    !f->left ||
	    (argc > 4 && !command_number(argv[4], MAX_STEPS, &f->lasts)))
		return false;
	for (i = BOARD_POWER_OFF; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(argv[1], kinds[i]))
			f->kind = i;
	f->on_wire = !strcmp(argv[2], "swd");
	return f->kind != BOARD_SOUND && (f->on_wire || !strcmp(argv[2], "usb"));
}

/**
 * command_board_fault() - faults of the board
 *
 * power-off|nrst-held|swd-dead usb|swd K [N], show, off
 */
void command_board_fault(struct sim *sim, int argc, char **argv, FILE *out)
{
	struct board_fault f = { 0 };

	if (argc == 2 && !strcmp(argv[1], "show")) {
		fprintf(out, "{\"ok\":true,\"begun\":%s,\"over\":%s}",
			sim->board_fault.begun ? "true" : "false",
			sim->board_fault.over ? "true" : "false");
		return;
	}
	if (argc == 2 && !strcmp(argv[1], "off")) {
		put_right(sim);
	} else if (parse(argc, argv, &f)) {
		sim->board_fault = f;
	} else {
		command_error(out, "board-fault power-off|nrst-held|swd-dead usb|swd K [N] | show | off");
		return;
	}
	command_ok(out);
}
