// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of all kinds to probes of every firmware whose answers are falsified in
 * every way.
 *
 *	device_replies EXCHANGES [PLUGS]
 *
 * until so many were made; before that so many probes lie when they are plugged in.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "client.h"
#include "files.h"
#include "liar.h"
#include "port.h"

#define TIMEOUT	"/sys/module/stlink/parameters/timeout_ms"

/* Exchanges of one life, and calls in a row that don't get at the probe */
#define LIFE		800
#define STUCK		40
/* Calls between two changes of how much is a lie */
#define MOOD		30

static struct liar liar;
static struct caller caller;

/* Around the versions where something is new, and any other */
static unsigned int any_version(struct dice *d)
{
	static const unsigned int gates[] = {
		12, 13, 14, 15, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 36, 37,
	};

	switch (below(d, 4)) {
	case 0:
		return 1 + below(d, 63);
	case 1:
		return ONE_OF(d, gates);
	default:
		return 32 + below(d, 32);
	}
}

static struct probe_options any_probe(struct dice *d)
{
	static const uint16_t pids[] = { 0x3748, 0x3748, 0x374b, 0x3752 };
	struct probe_options opt = probe_default;

	opt.pid = ONE_OF(d, pids);
	opt.j = any_version(d);
	/* With a M of 7 to 12 it may be one without SWD */
	opt.s = opt.pid == 0x3748 ? below(d, 64) : 13 + below(d, 51);
	opt.mode = one_in(d, 4) ? below(d, 5) : MODE_MASS;
	opt.tar_wraps = one_in(d, 2);
	return opt;
}

/* From an odd lie to nothing else, about all things or one */
static void change_mood(struct dice *d)
{
	static const unsigned int rates[] = {
		0, 1000, 300, 100, 100, 50, 50, 30, 30, 20, 20, 10, 10, 2,
	};
	static const int ops[] = {
		0x07, 0x0c, 0x30, 0x31, 0x33, 0x35, 0x36, 0x3a, 0x3e, 0x3e,
		0x45, 0x46, 0x4b, 0x52, 0x52, 0x54,
	};

	liar.rate = ONE_OF(d, rates);
	liar.only = liar.rate < 50 && one_in(d, 2) ? ONE_OF(d, ops) : ALL_OPS;
	if (liar.only == ALL_OPS && liar.rate && liar.rate < 5)
		liar.rate = one_in(d, 8) ? liar.rate : 10;
}

static void check_probe(struct probe *p)
{
	usbip_lock(p->usb);
	if (liar.forbidden[0])
		fail("the driver sent %s", liar.forbidden);
	usbip_unlock(p->usb);
}

static unsigned long exchanges(struct probe *p)
{
	unsigned long n;

	usbip_lock(p->usb);
	n = liar.exchanges;
	usbip_unlock(p->usb);
	return n;
}

/* One probe from plug to unplug */
static void live(struct dice *d, unsigned long until)
{
	struct probe_options opt = any_probe(d);
	struct probe *p = probe_new(&opt);
	unsigned long start, now, last;
	uint64_t born = now_ns();
	unsigned int i, next = 0, stuck = 0;
	bool closed;

	if (!p)
		fail("no memory");
	snprintf(trying, sizeof(trying), "%04x J%u %u mode %u", opt.pid, opt.j,
		 opt.s, opt.mode);
	p->twist = &liar_twist;
	p->twist_ctx = &liar;
	p->misc.go_on = one_in(d, 2);
	p->misc.ap_rule = below(d, 3);
	liar_init(&liar, roll(d));
	caller.p = p;
	if (!port_plug(p, caller.node, sizeof(caller.node)))
		fail("not taken");
	caller_open(&caller);
	last = start = exchanges(p);
	for (i = 0; stuck < STUCK; i++) {
		if (i == next) {
			usbip_lock(p->usb);
			change_mood(d);
			next += MOOD;
			usbip_unlock(p->usb);
		}
		caller_call(&caller);
		check_probe(p);
		now = exchanges(p);
		stuck = now == last ? stuck + 1 : 0;
		last = now;
		if (now - start > LIFE || now > until)
			break;
	}
	snprintf(trying, sizeof(trying), "the end of a life");
	if (getenv("STLINK_TELL"))
		printf("# %u ms: %04x J%u, %lu exchanges in %u calls\n",
		       ms_since(born), opt.pid, opt.j, last - start, i);
	/* Closed while it is there, or after it is gone */
	closed = one_in(d, 2);
	if (closed)
		caller_close(&caller);
	port_unplug(p);
	if (!closed)
		caller_close(&caller);
	probe_free(p);
}

/* One that lies from the first moment: whatever the driver thinks of it */
static bool born_liar(struct dice *d)
{
	static const unsigned int rates[] = { 1, 1, 2, 3, 5 };
	struct probe_options opt = any_probe(d);
	struct probe *p = probe_new(&opt);
	char node[32];
	bool taken;
	int fd;

	if (!p)
		fail("no memory");
	p->twist = &liar_twist;
	p->twist_ctx = &liar;
	liar_init(&liar, roll(d));
	liar.rate = ONE_OF(d, rates);
	liar.version_too = true;
	snprintf(trying, sizeof(trying), "%04x J%u lies from the beginning",
		 opt.pid, opt.j);
	taken = port_plug(p, node, sizeof(node));
	if (taken) {
		port_attributes(p, node);
		fd = client_open(p, O_RDWR);
		if (fd < 0)
			fail("open: %s", strerror(-fd));
		do_attach(fd, STLINK_ATTACH_NORMAL);
		close(fd);
	}
	check_probe(p);
	port_unplug(p);
	probe_free(p);
	return taken;
}

static void report(uint64_t start, unsigned int lives)
{
	unsigned long calls = 0;
	unsigned int i;

	for (i = 0; i < CALLS; i++)
		calls += caller.calls[i];
	printf("# %lu exchanges, %lu calls, %u lives, %lu bytes read, %u s, longest call %u ms\n",
	       liar.exchanges, calls, lives, caller.bytes,
	       ms_since(start) / 1000, caller.longest_ms);
	printf("# lies:");
	for (i = 0; i < LIES; i++)
		printf(" %s %lu", lie_names[i], liar.lies[i]);
	printf("\n# calls, and those that succeeded:");
	for (i = 0; i < CALLS; i++)
		printf(" %s %lu/%lu", call_names[i], caller.calls[i],
		       caller.good[i]);
	printf("\n# errors:");
	for (i = 1; i < 256; i++)
		if (caller.errors[i])
			printf(" %s %lu", strerrorname_np(i), caller.errors[i]);
	printf("\n");
}

int main(int argc, char **argv)
{
	unsigned long until = argc > 1 ? strtoul(argv[1], NULL, 0) : 1000;
	unsigned int plugs = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	unsigned int lives = 0, taken = 0, i;
	uint64_t start = now_ns(), seed;
	struct dice d;

	port_begin();
	seed = seed_of_run();
	dice_seed(&d, seed);
	caller_init(&caller, seed + 1);
	/* Silence is waited for; a second is plenty for a device that talks */
	if (file_write(TIMEOUT, "1000"))
		fail("no " TIMEOUT);
	for (i = 0; i < plugs; i++)
		taken += born_liar(&d);
	if (plugs)
		printf("# %u of %u that lie from the beginning were taken\n",
		       taken, plugs);
	while (liar.exchanges < until) {
		live(&d, until);
		if (++lives % 20 == 0)
			port_honest();
	}
	port_honest();
	report(start, lives);
	return 0;
}
