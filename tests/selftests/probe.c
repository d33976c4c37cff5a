// SPDX-License-Identifier: GPL-2.0-only
/* Life of a scripted probe: made, plugged in, pulled out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

/* A ST-Link V2 with a firmware that every feature is in, already started. */
const struct probe_options probe_default = {
	.pid = 0x3748,
	.j = 37,
	.s = 7,
	.mode = MODE_MASS,
	.serial = "0673FF505353667267080635",
};

static int op_control(void *ctx, const uint8_t setup[8], uint8_t *data)
{
	struct probe *p = ctx;
	int len = descriptors_control(p, setup, data);

	p->controls++;
	return p->twist && p->twist->control ?
	       p->twist->control(p, setup, data, len) : len;
}

static int op_bulk_out(void *ctx, unsigned int ep, const uint8_t *data,
		       size_t len)
{
	struct probe *p = ctx;

	/* The other interfaces of a V2-1 swallow whatever they get. */
	return ep == p->ep_out ? firmware_out(p, data, len) : 0;
}

static void op_unlinked(void *ctx, unsigned int ep, bool input)
{
	struct probe *p = ctx;

	if (!input || ep != p->ep_in)
		return;
	conform_excuse(p);
	if (p->twist && p->twist->unlinked)
		p->twist->unlinked(p);
}

static void op_overflow(void *ctx, unsigned int ep)
{
	struct probe *p = ctx;

	p->overflows += ep == p->ep_in;
	conform_excuse(p);
}

static const struct usbip_ops probe_ops = {
	.control = op_control,
	.bulk_out = op_bulk_out,
	.unlinked = op_unlinked,
	.overflow = op_overflow,
};

/**
 * probe_new() - make a probe with a healthy chip, not plugged in yet
 * @opt: which probe
 *
 * Return: the probe, NULL without memory.
 */
struct probe *probe_new(const struct probe_options *opt)
{
	struct probe *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->opt = *opt;
	p->usb = usbip_create(&probe_ops, p);
	if (!p->usb) {
		free(p);
		return NULL;
	}
	target_init(&p->target);
	/* 3.30 V */
	p->adc[0] = 1500;
	p->adc[1] = 2062;
	/* Endpoint addresses: V2 81, 02, 83; V2-1 81, 01, 82 */
	p->ep_in = opt->shape == SHAPE_SWAPPED ? 5 : 1;
	p->ep_out = opt->pid == 0x3748 ? 2 : 1;
	if (opt->shape == SHAPE_SWAPPED)
		p->ep_out = 4;
	return p;
}

/**
 * probe_free() - pull the probe out and free it
 * @p: probe or NULL
 */
void probe_free(struct probe *p)
{
	if (!p)
		return;
	usbip_destroy(p->usb);
	free(p);
}

/**
 * probe_plug() - give the probe power: its state is that after power-up
 * @p: probe that is not plugged in
 *
 * Return: 0 or a negative errno; enumeration goes on in the background.
 */
int probe_plug(struct probe *p)
{
	p->mode = p->opt.mode;
	p->divisor = 1;
	p->ap_open = false;
	p->rw_status = ST_OK;
	p->pending_len = 0;
	p->status_due = false;
	p->misc.due = false;
	p->crossings = 0;
	p->excused = false;
	p->replug_wanted = false;
	p->num_log = 0;
	p->controls = 0;
	p->resets = 0;
	memset(p->stale, 0xa5, sizeof(p->stale));
	p->plugged_ns = now_ns();
	return usbip_plug(p->usb);
}

/**
 * probe_unplug() - pull the probe out; rules, chip and log stay
 * @p: probe
 */
void probe_unplug(struct probe *p)
{
	usbip_unplug(p->usb);
}
