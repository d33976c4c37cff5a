// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens to the callers: signals, a probe that is pulled out, reset,
 * unbound, whose target loses its supply; a module that somebody tries to unload.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"
#include "fuzz.h"

/* All have to let go; some are in the middle of something, ms */
#define DRAIN_MS	60000

enum { SIGNAL, SUPPLY, RESET, UNBIND, UNPLUG, RMMOD_BUSY, RMMOD, NUM_KINDS };

static const char *const kind_names[NUM_KINDS] = {
	"signals", "supply cuts", "USB resets", "unbinds", "unplugs",
	"refused unloads", "unloads"
};

struct fuzz_disturb {
	pthread_t thread;
	struct probe *p;
	const unsigned long *threads;
	struct gen g;
	unsigned int every;
	atomic_bool stop;
	unsigned long done[NUM_KINDS];
	unsigned long wrong;
};

static void wrong(struct fuzz_disturb *d, const char *what, int err)
{
	d->wrong++;
	printf("%s: errno %d\n", what, err);
}

/* A call that waits is ended by it; one that hasn't begun starts again */
static void send_signals(struct fuzz_disturb *d)
{
	unsigned int i;

	for (i = 0; i < FUZZ_THREADS; i++)
		if (fuzz_one_in(&d->g, 2)) {
			pthread_kill(d->threads[i], fuzz_one_in(&d->g, 4) ?
				     SIGUSR2 : SIGUSR1);
			d->done[SIGNAL]++;
		}
}

static void cut_supply(struct fuzz_disturb *d)
{
	usbip_lock(d->p->usb);
	d->p->target.present = !d->p->target.present;
	d->done[SUPPLY] += !d->p->target.present;
	usbip_unlock(d->p->usb);
}

static void supply_on(struct fuzz_disturb *d)
{
	usbip_lock(d->p->usb);
	d->p->target.present = true;
	usbip_unlock(d->p->usb);
}

static void come_back(struct fuzz_disturb *d, const char *from)
{
	char name[32];

	if (client_wait_node(d->p, name, sizeof(name), DRAIN_MS))
		atomic_store(&fuzz_node, atoi(name + strlen("stlink")));
	else
		wrong(d, from, ETIMEDOUT);
}

static void unplug(struct fuzz_disturb *d)
{
	int ret;

	probe_unplug(d->p);
	ret = client_plug(d->p);
	if (ret)
		wrong(d, "plugging in", -ret);
	come_back(d, "no node after plugging in");
	d->done[UNPLUG]++;
}

static void unbind(struct fuzz_disturb *d)
{
	if (!client_bind(d->p, false))
		wrong(d, "unbinding", errno);
	usleep(fuzz_below(&d->g, 20000));
	if (!client_bind(d->p, true))
		wrong(d, "binding", errno);
	come_back(d, "no node after binding");
	d->done[UNBIND]++;
}

static bool drain(struct fuzz_disturb *d)
{
	uint64_t end = now_ns() + DRAIN_MS * 1000000ULL;

	atomic_store(&fuzz_drain, true);
	while (atomic_load(&fuzz_drained) < FUZZ_THREADS && now_ns() < end) {
		send_signals(d);
		usleep(20000);
	}
	if (atomic_load(&fuzz_drained) < FUZZ_THREADS)
		return false;
	fuzz_slot_close_shared();
	return true;
}

static void unload(struct fuzz_disturb *d, bool quiet)
{
	int ret;

	if (quiet && !drain(d))
		wrong(d, "somebody doesn't let go", ETIMEDOUT);
	ret = syscall(SYS_delete_module, "stlink", O_NONBLOCK);
	if (ret && (quiet || (errno != EAGAIN && errno != EBUSY)))
		wrong(d, quiet ? "unloading, with nothing open" : "unloading",
		      errno);
	d->done[ret ? RMMOD_BUSY : RMMOD]++;
	if (!ret && system("modprobe stlink"))
		wrong(d, "loading", 0);
	come_back(d, "no node after loading");
	atomic_store(&fuzz_drain, false);
	while (atomic_load(&fuzz_drained))
		usleep(1000);
}

static void *disturb(void *arg)
{
	struct fuzz_disturb *d = arg;
	unsigned long next = d->every;
	int ret;

	while (!atomic_load(&d->stop)) {
		usleep(30000 + fuzz_below(&d->g, 60000));
		if (fuzz_one_in(&d->g, 5))
			send_signals(d);
		if (fuzz_one_in(&d->g, 40))
			cut_supply(d);
		else if (!d->p->target.present && fuzz_one_in(&d->g, 2))
			supply_on(d);
		/* By calls, as it takes its time: else there would be few */
		if (fuzz_counted() < next)
			continue;
		next = fuzz_counted() + d->every / 2 +
		       fuzz_below(&d->g, d->every);
		switch (fuzz_below(&d->g, 9)) {
		case 0 ... 1:
			ret = client_usb_reset(d->p);
			if (ret)
				wrong(d, "USB reset", -ret);
			d->done[RESET]++;
			break;
		case 2 ... 3:
			unbind(d);
			break;
		case 4 ... 5:
			unplug(d);
			break;
		case 6 ... 7:
			unload(d, false);
			break;
		case 8:
			unload(d, true);
		}
	}
	return NULL;
}

/**
 * fuzz_disturb_start() - begin to disturb
 * @p: the probe
 * @seed: of what happens when
 * @calls: that there will be
 * @threads: FUZZ_THREADS of them, for signals
 *
 * Return: NULL without memory.
 */
struct fuzz_disturb *fuzz_disturb_start(struct probe *p, uint64_t seed,
					unsigned long calls,
					const unsigned long *threads)
{
	struct fuzz_disturb *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->p = p;
	d->threads = threads;
	d->g.state = seed | 1;
	/* Some 50 of them, or more */
	d->every = calls / 50 > 8000 ? 8000 : calls / 50 + 100;
	if (pthread_create(&d->thread, NULL, disturb, d)) {
		free(d);
		return NULL;
	}
	return d;
}

/**
 * fuzz_disturb_stop() - end that, with the probe plugged in and bound
 * @d: what fuzz_disturb_start() returned
 *
 * Return: false if something did not come back or let go as it should.
 */
bool fuzz_disturb_stop(struct fuzz_disturb *d)
{
	unsigned int i;
	bool ok;

	atomic_store(&d->stop, true);
	pthread_join(d->thread, NULL);
	for (i = 0; i < NUM_KINDS; i++)
		printf("%s%lu %s", i ? ", " : "", d->done[i], kind_names[i]);
	printf("\n");
	ok = !d->wrong;
	free(d);
	return ok;
}
