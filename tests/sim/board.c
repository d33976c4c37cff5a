// SPDX-License-Identifier: GPL-2.0-only
/* Putting chip, probe firmware and USB device together, and the clock. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim.h"

#define FLASH_BASE	0x08000000u
#define BUTTON_NS	1000000ull	/* a short press of the reset button */
/* a device that vanishes has to stay away until the hub has noticed */
#define REENUMERATE_MIN_NS	200000000ull
/* firmware keeps real time in steps of this size */
#define STEP_NS		2000000ull

uint64_t sim_now(void)
{
	static uint64_t start;
	struct timespec ts;
	uint64_t now;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	now = ts.tv_sec * 1000000000ull + ts.tv_nsec;
	if (!start)
		start = now;
	return now - start;
}

void sim_sync(struct sim *sim)
{
	uint64_t now = sim_now();

	if (chip_now(sim->chip) < now)
		chip_run_until(sim->chip, now);
}

static void on_answer(void *ctx, const uint8_t *data, size_t len,
		      uint64_t ready_ns)
{
	struct sim *sim = ctx;

	usb_answer(sim->usb, USB_DEBUG_IN, data, len, ready_ns);
}

static void on_stall(void *ctx, uint64_t ready_ns)
{
	struct sim *sim = ctx;

	usb_halt(sim->usb, USB_DEBUG_IN, ready_ns);
}

static void on_reenumerate(void *ctx, uint64_t off_ns, uint64_t on_ns)
{
	struct sim *sim = ctx;

	sim->off_at = off_ns;
	sim->on_at = on_ns;
	if (sim->opt.fast)
		sim->on_at = off_ns + REENUMERATE_MIN_NS;
}

static void on_packet(void *ctx, const uint8_t *data, size_t len, uint64_t t_ns)
{
	struct sim *sim = ctx;

	probe_out(sim->probe, data, len, t_ns);
}

static uint64_t busy_until(void *ctx)
{
	struct sim *sim = ctx;

	return probe_busy_until(sim->probe);
}

static void on_usb_reset(void *ctx)
{
	struct sim *sim = ctx;

	probe_usb_reset(sim->probe);
}

static void on_wire(void *ctx)
{
	board_fault_step(ctx, true);
}

bool sim_load(struct sim *sim, const char *file, uint32_t addr,
	      const char **error)
{
	uint8_t buf[1024];
	FILE *f = fopen(file, "rb");
	size_t n;

	if (!f) {
		*error = strerror(errno);
		return false;
	}
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0) {
		if (!chip_poke(sim->chip, addr, buf, n)) {
			fclose(f);
			*error = "file does not fit into memory";
			return false;
		}
		addr += n;
	}
	n = ferror(f);
	fclose(f);
	if (n)
		*error = "cannot read file";
	return !n;
}

bool sim_save(struct sim *sim, const char *file, const char **error)
{
	uint32_t size = chip_flash_size(sim->chip);
	uint8_t *buf = malloc(size);
	FILE *f = NULL;
	bool ok;

	ok = buf && chip_peek(sim->chip, FLASH_BASE, buf, size) &&
		(f = fopen(file, "wb")) && fwrite(buf, 1, size, f) == size;
	if (f && fclose(f))
		ok = false;
	if (!ok)
		*error = "cannot save flash";
	free(buf);
	return ok;
}

static bool new_chip(struct sim *sim, const char **error)
{
	struct chip_options o = sim->opt.chip;

	o.part = sim->opt.part;
	o.fast = sim->opt.fast;
	o.uid = sim->opt.uid;
	sim->chip = chip_new(&o);
	if (!sim->chip) {
		*error = "unknown part";
		return false;
	}
	chip_power(sim->chip, false);
	chip_run_until(sim->chip, sim_now());
	chip_boot0(sim->chip, sim->opt.boot0);
	memset(&sim->chip_base, 0, sizeof(sim->chip_base));
	return true;
}

bool sim_start(struct sim *sim)
{
	const struct usb_hooks hooks = {
		.ctx = sim, .out = on_packet, .busy_until = busy_until,
		.reset = on_usb_reset, .transfer = fault_transfer,
		.gone = fault_gone,
	};
	const struct probe_sink sink = {
		.ctx = sim, .answer = on_answer, .stall = on_stall,
		.reenumerate = on_reenumerate, .wire = on_wire,
	};
	const char *error = NULL;

	sim_now();
	sim->off_at = UINT64_MAX;
	sim->on_at = UINT64_MAX;
	if (!new_chip(sim, &error)) {
		fprintf(stderr, "stlink-sim: --part %s: %s\n", sim->opt.part,
			error);
		return false;
	}
	if (sim->opt.flash_file &&
	    !sim_load(sim, sim->opt.flash_file, FLASH_BASE, &error)) {
		fprintf(stderr, "stlink-sim: --flash %s: %s\n",
			sim->opt.flash_file, error);
		return false;
	}
	chip_power(sim->chip, !sim->opt.board_off);
	sim->usb = usb_new(&sim->opt.usb, &hooks);
	sim->probe = probe_new(&sim->opt.probe, &sink, sim->chip);
	if (!sim->usb || !sim->probe)
		return false;
	probe_set_log(sim->probe, sim->opt.log ? sim->log : NULL);
	sim->redir = redir_new(sim->opt.usb_path, sim->opt.usb.pid, sim->usb,
			       sim_now);
	if (!sim->redir) {
		fprintf(stderr, "stlink-sim: --usb %s: %s\n",
			sim->opt.usb_path, strerror(errno));
		return false;
	}
	if (!sim->opt.unplugged)
		sim_plug(sim, true);
	return true;
}

void sim_stop(struct sim *sim)
{
	const char *error = NULL;

	if (sim->opt.save && sim->chip &&
	    !sim_save(sim, sim->opt.flash_file, &error))
		fprintf(stderr, "stlink-sim: --save: %s\n", error);
	redir_free(sim->redir);
	usb_free(sim->usb);
	probe_free(sim->probe);
	if (sim->chip)
		chip_free(sim->chip);
}

void sim_vanish(struct sim *sim, uint64_t t_ns, bool restart)
{
	sim->vanishing = true;
	sim->restart = restart;
	sim->off_at = t_ns;
	sim->on_at = restart ? sim_now() + REENUMERATE_MIN_NS : UINT64_MAX;
}

void sim_plug(struct sim *sim, bool plugged)
{
	if (sim->plugged == plugged)
		return;
	sim->plugged = plugged;
	sim->off_at = UINT64_MAX;
	sim->on_at = UINT64_MAX;
	sim->vanishing = false;
	if (plugged)
		probe_power_cycle(sim->probe, sim_now());
	redir_plug(sim->redir, plugged);
	/* nobody holds the reset line any more */
	if (!plugged)
		chip_nrst(sim->chip, false);
}

bool sim_swap(struct sim *sim, const char *part, const char *flash_file,
	      const char **error)
{
	struct chip *old = sim->chip;
	char old_part[sizeof(sim->opt.part)];

	memcpy(old_part, sim->opt.part, sizeof(old_part));
	if (part && !options_part(part, sim->opt.part)) {
		*error = "unknown part";
		return false;
	}
	/* another chip, another unique id */
	sim->opt.uid[0]++;
	if (!new_chip(sim, error) ||
	    (flash_file && !sim_load(sim, flash_file, FLASH_BASE, error))) {
		if (sim->chip && sim->chip != old)
			chip_free(sim->chip);
		sim->chip = old;
		memcpy(sim->opt.part, old_part, sizeof(old_part));
		return false;
	}
	chip_free(old);
	chip_power(sim->chip, true);
	probe_set_chip(sim->probe, sim->chip);
	return true;
}

void sim_reset_button(struct sim *sim)
{
	struct probe_state s = probe_state(sim->probe);

	sim_sync(sim);
	chip_nrst(sim->chip, true);
	chip_run_until(sim->chip, chip_now(sim->chip) + BUTTON_NS);
	chip_nrst(sim->chip, s.nrst_low && sim->opt.probe.nrst_wired);
}

uint64_t sim_timers(struct sim *sim)
{
	uint64_t now = sim_now(), next;

	/* what has ended by then is told before */
	if (sim->off_at <= now && usb_next_due(sim->usb) > sim->off_at) {
		sim->off_at = UINT64_MAX;
		sim->vanishing = false;
		redir_plug(sim->redir, false);
		/* coming back by itself is no power cycle, but for a restart */
		if (sim->on_at == UINT64_MAX)
			sim->plugged = false;
		else if (sim->restart)
			probe_power_cycle(sim->probe, now);
	}
	if (sim->on_at <= now && sim->off_at == UINT64_MAX) {
		sim->on_at = UINT64_MAX;
		redir_plug(sim->redir, true);
	}
	sim_sync(sim);
	next = chip_next_event(sim->chip);
	if (next != UINT64_MAX && next < now + STEP_NS)
		next = now + STEP_NS;
	if (usb_next_due(sim->usb) < next)
		next = usb_next_due(sim->usb);
	if (sim->off_at < next)
		next = sim->off_at;
	if (sim->on_at < next)
		next = sim->on_at;
	return next;
}
