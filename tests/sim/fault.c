// SPDX-License-Identifier: GPL-2.0-only
/* What goes wrong at the K-th bulk transfer from now, and what they all were. */
#include <string.h>

#include "sim.h"

#define MAX_AT		1000000u
#define FOR_EVER	1000000u
#define ST_AP_WAIT	0x10

enum what {
	USB,		/* with the transfer */
	STATUS,		/* how the next command ends */
	WAIT,		/* how all that follow end */
};

/*
 * Those of an answer are for the next IN transfer. arg_max 0: takes no ARG.
 */
static const struct kind {
	const char *name;
	enum what what;
	enum usb_fault fault;
	bool restart;		/* the probe comes back, as after a crash */
	bool answer;
	uint32_t arg, arg_max;
} kinds[] = {
	{ "unplug-before", USB, USB_FAULT_LOST, false, false, 0, 0 },
	{ "unplug-middle", USB, USB_FAULT_CUT, false, false, 0, 0 },
	{ "unplug-after", USB, USB_FAULT_AFTER, false, false, 0, 0 },
	{ "reset-before", USB, USB_FAULT_LOST, true, false, 0, 0 },
	{ "reset-middle", USB, USB_FAULT_CUT, true, false, 0, 0 },
	{ "reset-after", USB, USB_FAULT_AFTER, true, false, 0, 0 },
	{ "stall", USB, USB_FAULT_STALL, false, false, 0, 0 },
	{ "silence", USB, USB_FAULT_SILENCE, false, false, 0, 0 },
	{ "late", USB, USB_FAULT_LATE, false, false, 0, 0 },
	{ "error", USB, USB_FAULT_ERROR, false, false, 0, 0 },
	{ "babble", USB, USB_FAULT_BABBLE, false, true, 0, 0 },
	{ "short", USB, USB_FAULT_SHORT, false, true, 1, 65536 },
	{ "long", USB, USB_FAULT_LONG, false, true, 2, 65536 },
	{ "garbage", USB, USB_FAULT_GARBAGE, false, true, 1, UINT32_MAX },
	{ "status", STATUS, USB_FAULT_NONE, false, false, 1, 255 },
	{ "wait", WAIT, USB_FAULT_NONE, false, false, ST_AP_WAIT, 255 },
};

static void note(struct sim *sim, const struct usb_urb *urb)
{
	struct sim_fault *f = &sim->fault;
	size_t i = f->num++;

	if (i >= FAULT_NOTES)
		return;
	if (i)
		memcpy(f->notes[i].cmd, f->notes[i - 1].cmd, 2);
	if (urb->ep & 0x80) {
		f->notes[i].way = 'i';
	} else if (probe_wants_data(sim->probe)) {
		f->notes[i].way = 'o';
	} else {
		f->notes[i].way = 'c';
		memcpy(f->notes[i].cmd, urb->data, urb->len < 2 ? urb->len : 2);
	}
}

/* With that one: it is the one, or the first in that direction behind it */
static void go_wrong(struct sim *sim, struct usb_urb *urb)
{
	const struct kind *k = &kinds[sim->fault.what];
	struct probe_inject *in = probe_inject(sim->probe);

	if (k->answer && !(urb->ep & 0x80)) {
		sim->fault.at = 1;
		return;
	}
	sim->fault.fired = true;
	urb->fault = k->fault;
	urb->fault_arg = sim->fault.arg;
	if (k->fault == USB_FAULT_LOST)
		sim_vanish(sim, 0, k->restart);
	if (k->what == STATUS) {
		in->code = sim->fault.arg;
		in->code_count = 1;
	} else if (k->what == WAIT) {
		in->wait_code = sim->fault.arg;
		in->wait_count = FOR_EVER;
	}
}

void fault_transfer(void *ctx, struct usb_urb *urb)
{
	struct sim *sim = ctx;

	note(sim, urb);
	if (sim->vanishing) {
		urb->fault = USB_FAULT_LOST;
		return;
	}
	board_fault_step(sim, false);
	if (sim->power_off_at && !--sim->power_off_at) {
		sim_sync(sim);
		chip_power(sim->chip, false);
	}
	if (sim->fault.at && !--sim->fault.at)
		go_wrong(sim, urb);
	if (sim->unplug_at && !--sim->unplug_at) {
		urb->fault = USB_FAULT_LOST;
		sim_vanish(sim, 0, false);
	}
}

void fault_gone(void *ctx, uint64_t t_ns)
{
	struct sim *sim = ctx;

	sim_vanish(sim, t_ns, kinds[sim->fault.what].restart);
}

bool fault_arm(struct sim *sim, int argc, char **argv)
{
	struct sim_fault *f = &sim->fault;
	uint64_t at, arg;
	unsigned int i;

	if (argc < 2 || !command_number(argv[0], MAX_AT, &at))
		return false;
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(argv[1], kinds[i].name))
			break;
	if (i == sizeof(kinds) / sizeof(*kinds))
		return false;
	arg = kinds[i].arg;
	if (argc > 2 && (!kinds[i].arg_max ||
			 !command_number(argv[2], kinds[i].arg_max, &arg)))
		return false;
	f->at = at;
	f->fired = false;
	f->what = i;
	f->arg = arg;
	return true;
}

void fault_report(struct sim *sim, FILE *out)
{
	const struct sim_fault *f = &sim->fault;
	size_t i;

	fprintf(out, "{\"ok\":true,\"fired\":%s,\"count\":%zu,\"transfers\":[",
		f->fired ? "true" : "false", f->num);
	for (i = 0; i < f->num && i < FAULT_NOTES; i++)
		fprintf(out, "%s\"%c%02x%02x\"", i ? "," : "",
			f->notes[i].way, f->notes[i].cmd[0],
			f->notes[i].cmd[1]);
	fputs("]}", out);
}
