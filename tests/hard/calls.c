// SPDX-License-Identifier: GPL-2.0-only
/* Calls of all kinds but batches, and the rules for all of them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "client.h"
#include "fence.h"
#include "files.h"
#include "port.h"

const char * const call_names[CALLS] = {
	[CALL_INFO] = "info", [CALL_CLAIM] = "claim",
	[CALL_RELEASE] = "release", [CALL_LAST] = "last",
	[CALL_EVENTS] = "events", [CALL_ATTACH] = "attach",
	[CALL_DETACH] = "detach", [CALL_CLOCK] = "clock",
	[CALL_VOLTAGE] = "voltage", [CALL_NRST] = "nrst", [CALL_DAP] = "dap",
	[CALL_MEM] = "mem", [CALL_SCATTERED] = "scattered",
	[CALL_REG] = "reg", [CALL_CORE] = "core", [CALL_SYSFS] = "sysfs",
	[CALL_POLL] = "poll", [CALL_REOPEN] = "reopen",
};

/* How often each, of a hundred */
static const unsigned int weight[CALLS] = {
	[CALL_INFO] = 2, [CALL_CLAIM] = 2, [CALL_RELEASE] = 4,
	[CALL_LAST] = 4, [CALL_EVENTS] = 4, [CALL_ATTACH] = 8,
	[CALL_DETACH] = 2, [CALL_CLOCK] = 2, [CALL_VOLTAGE] = 3,
	[CALL_NRST] = 2, [CALL_DAP] = 12, [CALL_MEM] = 24,
	[CALL_SCATTERED] = 8, [CALL_REG] = 8, [CALL_CORE] = 8,
	[CALL_SYSFS] = 3, [CALL_POLL] = 2, [CALL_REOPEN] = 2,
};

/* What an exchange may come to (linux/stlink.h) */
static const int exchange_errors[] = {
	ENXIO, EREMOTEIO, ETIMEDOUT, EBADMSG, EPROTO, EIO, EOPNOTSUPP, 0
};

/* And beside it, by call; ENODEV is none while the probe is plugged in */
static const int more_errors[CALLS][4] = {
	[CALL_CLAIM] = { EBUSY, EPERM },
	[CALL_ATTACH] = { EBUSY, ENOTCONN, EPERM },
	[CALL_DETACH] = { EBUSY },
	[CALL_CLOCK] = { EBUSY, EPERM },
	[CALL_VOLTAGE] = { EBUSY },
	[CALL_NRST] = { EBUSY, ENOTCONN, EPERM },
	[CALL_DAP] = { EBUSY, ENOTCONN, EPERM },
	[CALL_MEM] = { EBUSY, ENOTCONN, EPERM },
	[CALL_SCATTERED] = { EBUSY, ENOTCONN, EPERM },
	[CALL_REG] = { EBUSY, ENOTCONN, EPERM, ENODATA },
	[CALL_CORE] = { EBUSY, ENOTCONN, EPERM, ENODATA },
	[CALL_SYSFS] = { EBUSY, ENODATA },
};

static bool listed(const int *list, size_t n, int err)
{
	while (n-- && *list)
		if (*list++ == err)
			return true;
	return false;
}

static bool is_quiet(enum call_kind kind)
{
	return kind == CALL_INFO || kind == CALL_RELEASE ||
	       kind == CALL_LAST || kind == CALL_EVENTS;
}

static void count(struct caller *c, enum call_kind kind, int ret, uint64_t ns)
{
	unsigned int ms = ms_since(ns);
	int err = -ret;

	c->calls[kind]++;
	c->good[kind] += !ret;
	c->errors[err & 0xff]++;
	if (ms > c->longest_ms)
		c->longest_ms = ms;
	if (ms > LONGEST_MS)
		fail("%s took %u ms", call_names[kind], ms);
	if (ret && !listed(more_errors[kind], 4, err) &&
	    (is_quiet(kind) || !listed(exchange_errors, 8, err)))
		fail("%s: %s is not an error of it", call_names[kind],
		     strerror(err));
}

/**
 * judge() - a call, and what holds for all of them
 * @c: caller
 * @kind: which
 * @fd: descriptor
 * @nr: STLINK_IOC_*
 * @arg: argument, NULL for none; what comes back is put there
 * @size: its size, as it begins with
 *
 * Return: 0 or negative errno.
 */
int judge(struct caller *c, enum call_kind kind, int fd, unsigned long nr,
	  void *arg, uint32_t size)
{
	uint64_t start = now_ns();
	void *at = NULL;
	int ret;

	if (arg)
		at = fence_in(FENCE_ARG, arg, size);
	ret = call(fd, nr, at);
	count(c, kind, ret, start);
	if (!arg)
		return ret;
	if (!fence_whole(FENCE_ARG, at, size))
		fail("%s writes in front of its argument", call_names[kind]);
	/* Size and flags are never changed */
	if (memcmp(at, arg, 8))
		fail("%s changes what it was told", call_names[kind]);
	memcpy(arg, at, size);
	return ret;
}

#define CALL(c, kind, fd, nr, arg) \
	judge(c, kind, fd, nr, &(arg), sizeof(arg))

static int call_info(struct caller *c, int fd)
{
	struct stlink_info i = { .size = sizeof(i) };
	int ret = CALL(c, CALL_INFO, fd, STLINK_IOC_INFO, i);
	size_t n = strnlen((char *)i.serial, sizeof(i.serial));

	if (ret || i.vid != 0x0483 || i.pid != c->p->opt.pid ||
	    i.version_hw != 2 || i.version_jtag != c->p->opt.j ||
	    n == sizeof(i.serial) || i.max_ops != STLINK_MAX_OPS ||
	    i.max_bytes != STLINK_MAX_BYTES)
		fail("info has changed");
	for (; n < sizeof(i.serial); n++)
		if (i.serial[n])
			fail("rubbish behind the serial number");
	return ret;
}

static int call_claim(struct caller *c, int fd)
{
	struct stlink_claim a = { .size = sizeof(a) };

	return CALL(c, CALL_CLAIM, fd, STLINK_IOC_CLAIM, a);
}

static int call_last(struct caller *c, int fd)
{
	struct stlink_last a = { .size = sizeof(a) };
	int ret = CALL(c, CALL_LAST, fd, STLINK_IOC_LAST, a);

	if (a.error && !listed(exchange_errors, 8, a.error))
		fail("the last exchange ended with %s", strerror(a.error));
	if (a.status > 0xff || a.result > STLINK_LAST_FAULT_ADDR)
		fail("status %x, result %x", a.status, a.result);
	return ret;
}

static int call_events(struct caller *c, int fd)
{
	const uint32_t all = 0x3f;
	struct stlink_events a = { .size = sizeof(a) };
	int ret;

	if (one_in(&c->dice, 2)) {
		a.flags = STLINK_EVENTS_SET;
		a.mask = one_in(&c->dice, 3) ? 0 : roll(&c->dice) & all;
		a.interval_ms = 10 + below(&c->dice, 500);
	}
	ret = CALL(c, CALL_EVENTS, fd, STLINK_IOC_EVENTS, a);
	if (a.mask & ~all || a.pending & ~a.mask || a.state > 0xf ||
	    a.interval_ms < 10 || a.interval_ms > 510)
		fail("events %x of %x, state %x", a.pending, a.mask, a.state);
	return ret;
}

static int call_attach(struct caller *c, int fd)
{
	static const uint32_t khz[] = { 0, 0, 0, 1800, 4000, 1801, 0xffffffff };
	struct stlink_attach a = {
		.size = sizeof(a),
		.mode = below(&c->dice, 3),
		.clock_khz = ONE_OF(&c->dice, khz),
	};
	uint32_t wanted = a.clock_khz ? a.clock_khz : 1800;
	int ret;

	/* The rarest one takes the longest */
	if (a.mode == STLINK_ATTACH_UNDER_RESET && !one_in(&c->dice, 4))
		a.mode = STLINK_ATTACH_NORMAL;
	ret = CALL(c, CALL_ATTACH, fd, STLINK_IOC_ATTACH, a);
	if (a.result > 0xf || a.status > 0xff ||
	    (!ret && !(a.result & STLINK_ATTACHED_JOINED) &&
	     (!a.clock_khz || a.clock_khz > wanted)))
		fail("attach: result %x, status %x, %u kHz of %u", a.result,
		     a.status, a.clock_khz, wanted);
	return ret;
}

static int call_detach(struct caller *c, int fd)
{
	struct stlink_detach a = { .size = sizeof(a) };

	if (fd == c->fd[0])
		a.flags = below(&c->dice, 2);
	return CALL(c, CALL_DETACH, fd, STLINK_IOC_DETACH, a);
}

static int call_clock(struct caller *c, int fd)
{
	static const uint32_t khz[] = { 0, 1800, 1850, 4000, 0xffffffff };
	struct stlink_clock a = {
		.size = sizeof(a), .khz = ONE_OF(&c->dice, khz),
	};
	int ret = CALL(c, CALL_CLOCK, fd, STLINK_IOC_CLOCK, a);

	if (!a.num_steps || a.num_steps > STLINK_MAX_CLOCK_STEPS)
		fail("%u steps of the clock", a.num_steps);
	return ret;
}

static int call_voltage(struct caller *c, int fd)
{
	struct stlink_voltage a = { .size = sizeof(a) };
	int ret = CALL(c, CALL_VOLTAGE, fd, STLINK_IOC_VOLTAGE, a);

	if (ret && (a.millivolts || a.adc_ref || a.adc_target))
		fail("a voltage all the same");
	if (!ret && (a.adc_ref & 0xffff) && a.millivolts !=
	    2400 * (a.adc_target & 0xffff) / (a.adc_ref & 0xffff))
		fail("%u mV of %x and %x", a.millivolts, a.adc_ref,
		     a.adc_target);
	return ret;
}

static int call_nrst(struct caller *c, int fd)
{
	struct stlink_nrst a = {
		.size = sizeof(a), .action = below(&c->dice, 3),
	};

	if (a.action == STLINK_NRST_PULSE)
		a.duration_us = 1 + below(&c->dice, 300);
	return CALL(c, CALL_NRST, fd, STLINK_IOC_NRST, a);
}

static int call_core(struct caller *c, int fd)
{
	static const uint32_t flags[6][4] = {
		[STLINK_CORE_RUN] = { 0, STLINK_CORE_F_MASKINTS },
		[STLINK_CORE_STEP] = { 0, STLINK_CORE_F_MASKINTS },
		[STLINK_CORE_RESET] = {
			0, STLINK_CORE_F_CATCH,
			STLINK_CORE_F_CATCH | STLINK_CORE_F_NRST,
			STLINK_CORE_F_SYSRESETREQ,
		},
	};
	struct stlink_core a = {
		.size = sizeof(a), .op = below(&c->dice, 6),
		.timeout_ms = 1 + below(&c->dice, 8),
	};
	int ret;

	a.flags = flags[a.op][below(&c->dice, 4)];
	ret = CALL(c, CALL_CORE, fd, STLINK_IOC_CORE, a);
	if (a.state >= STLINK_CORE_RESET_TAKEN << 1 || a.status > 0xff)
		fail("core: state %x, status %x", a.state, a.status);
	return ret;
}

static int call_sysfs(struct caller *c)
{
	char dir[300], path[400], text[64];
	uint64_t start;
	int ret;

	if (one_in(&c->dice, 2)) {
		port_attributes(c->p, c->node);
		return 0;
	}
	if (c->p->opt.j < 13 || !hwmon_dir(c->p, dir, sizeof(dir), 0))
		return 0;
	snprintf(path, sizeof(path), "%s/in0_input", dir);
	start = now_ns();
	ret = one_in(&c->dice, 2) ? file_read(path, text, sizeof(text)) :
	      class_read(c->node, "target_voltage_mv", text, sizeof(text));
	count(c, CALL_SYSFS, ret, start);
	if (!ret && strspn(text, "0123456789") != strlen(text))
		fail("a voltage of \"%s\"", text);
	return ret;
}

static int call_poll(struct caller *c, int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };

	c->calls[CALL_POLL]++;
	if (poll(&pfd, 1, below(&c->dice, 20)) < 0 ||
	    pfd.revents & ~POLLPRI)
		fail("poll says %x", pfd.revents);
	c->good[CALL_POLL]++;
	return 0;
}

/**
 * caller_open() - open the probe, once for writing and once not
 * @c: caller with probe and node
 */
void caller_open(struct caller *c)
{
	c->fd[0] = client_open(c->p, O_RDWR);
	c->fd[1] = client_open(c->p, O_RDONLY);
	if (c->fd[0] < 0 || c->fd[1] < 0)
		fail("open: %s", strerror(-(c->fd[0] < 0 ? c->fd[0] :
					    c->fd[1])));
}

/**
 * caller_close() - close both, whatever state that is in
 * @c: caller
 */
void caller_close(struct caller *c)
{
	uint64_t start = now_ns();

	close(c->fd[0]);
	close(c->fd[1]);
	if (ms_since(start) > LONGEST_MS)
		fail("close took %u ms", ms_since(start));
}

/**
 * caller_init() - nothing called yet
 * @c: caller
 * @seed: of what it will call
 */
void caller_init(struct caller *c, uint64_t seed)
{
	memset(c, 0, sizeof(*c));
	dice_seed(&c->dice, seed);
}

static enum call_kind pick(struct dice *d)
{
	unsigned int n = below(d, 100), i;

	for (i = 0; i < CALLS - 1 && n >= weight[i]; i++)
		n -= weight[i];
	return i;
}

/**
 * caller_call() - one call of any kind
 * @c: caller with both descriptors open
 */
void caller_call(struct caller *c)
{
	enum call_kind kind = pick(&c->dice);
	int fd = c->fd[one_in(&c->dice, 6)], ret = 0;

	snprintf(trying, sizeof(trying), "call %s", call_names[kind]);
	switch (kind) {
	case CALL_INFO:
		ret = call_info(c, fd);
		break;
	case CALL_CLAIM:
		ret = call_claim(c, fd);
		break;
	case CALL_RELEASE:
		ret = judge(c, kind, fd, STLINK_IOC_RELEASE, NULL, 0);
		break;
	case CALL_LAST:
		ret = call_last(c, fd);
		break;
	case CALL_EVENTS:
		ret = call_events(c, fd);
		break;
	case CALL_ATTACH:
		ret = call_attach(c, fd);
		break;
	case CALL_DETACH:
		ret = call_detach(c, fd);
		break;
	case CALL_CLOCK:
		ret = call_clock(c, fd);
		break;
	case CALL_VOLTAGE:
		ret = call_voltage(c, fd);
		break;
	case CALL_NRST:
		ret = call_nrst(c, fd);
		break;
	case CALL_DAP:
		ret = call_dap(c, fd);
		break;
	case CALL_MEM:
		ret = call_mem(c, fd);
		break;
	case CALL_SCATTERED:
		ret = call_scattered(c, fd);
		break;
	case CALL_REG:
		ret = call_reg(c, fd);
		break;
	case CALL_CORE:
		ret = call_core(c, fd);
		break;
	case CALL_SYSFS:
		ret = call_sysfs(c);
		break;
	case CALL_POLL:
		ret = call_poll(c, fd);
		break;
	default:
		caller_close(c);
		caller_open(c);
		c->calls[kind]++;
		c->good[kind]++;
		break;
	}
	/* Without a session most calls have nothing to say */
	if (ret == -ENOTCONN)
		call_attach(c, fd);
}
