// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls, with a look at the clock and at what they say: an errno that the header
 * doesn't name for the call is a complaint.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"

/* Waiting for the probe, and putting it right, as every call may have to */
#define GATE	1u
/* What an exchange says of the target */
#define TARGET	2u
#define SESSION	4u	/* ENOTCONN */
#define RUNNING	8u	/* ENODATA */
#define GONE	16u	/* ENODEV */
#define WAITS	32u	/* EAGAIN with O_NONBLOCK */
#define NODE	64u	/* there may be none */
#define ANY	128u	/* judged by whoever called */

static const struct {
	const char *name;
	unsigned int nr;
	unsigned int says;
} kinds[DO_NUM] = {
	[DO_OPEN] = { "open", 0, NODE | GONE | GATE },
	[DO_INFO] = { "INFO", STLINK_IOC_INFO, GONE },
	[DO_CLAIM] = { "CLAIM", STLINK_IOC_CLAIM, GONE | WAITS | GATE },
	[DO_RELEASE] = { "RELEASE", STLINK_IOC_RELEASE, GONE | WAITS },
	[DO_LAST] = { "LAST", STLINK_IOC_LAST, GONE },
	[DO_EVENTS] = { "EVENTS", STLINK_IOC_EVENTS, GONE },
	[DO_ATTACH] = { "ATTACH", STLINK_IOC_ATTACH,
			GONE | WAITS | GATE | TARGET | SESSION },
	[DO_DETACH] = { "DETACH", STLINK_IOC_DETACH, GONE | WAITS | GATE },
	[DO_CLOCK] = { "CLOCK", STLINK_IOC_CLOCK,
		       GONE | WAITS | GATE | TARGET },
	[DO_VOLTAGE] = { "VOLTAGE", STLINK_IOC_VOLTAGE,
			 GONE | WAITS | GATE | TARGET },
	[DO_NRST] = { "NRST", STLINK_IOC_NRST,
		      GONE | WAITS | GATE | TARGET | SESSION },
	[DO_DAP] = { "DAP", STLINK_IOC_DAP,
		     GONE | WAITS | GATE | TARGET | SESSION },
	[DO_MEM] = { "MEM", STLINK_IOC_MEM,
		     GONE | WAITS | GATE | TARGET | SESSION },
	[DO_REG] = { "REG", STLINK_IOC_REG,
		     GONE | WAITS | GATE | TARGET | SESSION | RUNNING },
	[DO_CORE] = { "CORE", STLINK_IOC_CORE,
		      GONE | WAITS | GATE | TARGET | SESSION | RUNNING },
	[DO_POLL] = { "poll", 0, ANY },
	[DO_CLOSE] = { "close", 0, 0 },
	[DO_SYSFS] = { "sysfs", 0, ANY },
	[DO_SET_POLL] = { "target_poll_ms", 0, ANY },
	[DO_READ] = { "stlink read", 0, ANY },
	[DO_PROGRAM] = { "stlink program", 0, ANY },
	[DO_VERIFY] = { "stlink verify", 0, ANY },
	[DO_TELL] = { "stlink info", 0, ANY },
	[DO_TORMENT] = { "torment", 0, ANY },
};

static uint64_t random_state;

/** now() - CLOCK_MONOTONIC, ns */
uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS + t.tv_nsec;
}

/** rnd_seed() - begin a sequence of random numbers (splitmix64) */
void rnd_seed(uint64_t seed)
{
	random_state = seed;
}

/** rnd() - the next one */
uint64_t rnd(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/** below() - from 0 on, less than @n */
unsigned int below(unsigned int n)
{
	return (rnd() >> 16) % n;
}

/** begin() - from now on the clock runs */
void begin(enum what what)
{
	me->doing = what;
	me->since = now();
}

/** end() - and it stops here; @outcome is an errno, or an exit status */
void end(int outcome)
{
	uint64_t took = now() - me->since;
	int what = me->doing;

	if (took > me->longest[what])
		me->longest[what] = took;
	if (outcome < 0 || outcome >= MAX_ERRNO)
		outcome = MAX_ERRNO - 1;
	me->outcome[what][outcome]++;
	me->since = 0;
}

/** complain() - something is wrong; the first complaint of a process counts */
void complain(const char *fmt, ...)
{
	va_list ap;

	if (me->failed)
		return;
	va_start(ap, fmt);
	vsnprintf(me->complaint, sizeof(me->complaint), fmt, ap);
	va_end(ap);
	me->failed = true;
}

static bool documented(enum what what, int err, bool nonblock)
{
	unsigned int says = kinds[what].says;

	switch (err) {
	case 0:
		return true;
	case ENODEV:
		return says & GONE;
	case ENOENT:
		return says & NODE;
	case ENXIO:
		return says & (NODE | TARGET);
	case EAGAIN:
		return says & WAITS && nonblock;
	case EBUSY:
	case EIO:
	case ETIMEDOUT:
	case EINTR:
		return says & GATE;
	case EREMOTEIO:
	case EBADMSG:
		return says & TARGET;
	case ENOTCONN:
		return says & SESSION;
	case ENODATA:
		return says & RUNNING;
	}
	/* Arguments are right, and these probes don't answer nonsense. */
	return false;
}

static void judge(enum what what, int err, int fd)
{
	bool nonblock = fd >= 0 && fcntl(fd, F_GETFL) & O_NONBLOCK;

	if (!(kinds[what].says & ANY) && !documented(what, err, nonblock))
		complain("%s says %s%s", kinds[what].name,
			 strerrorname_np(err), nonblock ? " (O_NONBLOCK)" : "");
}

/**
 * call() - an ioctl
 * @fd: descriptor
 * @what: which
 * @arg: argument, its size is filled in by the caller
 *
 * Return: 0 or the errno.
 */
int call(int fd, enum what what, void *arg)
{
	int err;

	begin(what);
	err = ioctl(fd, kinds[what].nr, arg) < 0 ? errno : 0;
	end(err);
	judge(what, err, fd);
	return err;
}

/** open_node() - the node of a board's probe; -1 if there is none just now */
int open_node(struct board *b, int flags)
{
	char name[32], path[64], serial[STLINK_SERIAL_LEN];
	int fd, err;

	if (!find_node(b->serial, name, sizeof(name)))
		return -1;
	snprintf(path, sizeof(path), "/dev/%s", name);
	begin(DO_OPEN);
	fd = open(path, flags | O_CLOEXEC);
	err = fd < 0 ? errno : 0;
	end(err);
	judge(DO_OPEN, err, -1);
	if (fd >= 0) {
		struct stlink_info info = { .size = sizeof(info) };

		/* The number may have gone to another one in the meantime. */
		err = call(fd, DO_INFO, &info);
		snprintf(serial, sizeof(serial), "%s", info.serial);
		if (err || strcmp(serial, b->serial)) {
			close_node(fd);
			fd = -1;
		}
	}
	return fd;
}

/** close_node() - that */
void close_node(int fd)
{
	begin(DO_CLOSE);
	close(fd);
	end(0);
}

/** mem() - STLINK_IOC_MEM; @done is num_done then, unless NULL */
int mem(int fd, struct stlink_mem_op *ops, uint32_t num, uint32_t *done)
{
	struct stlink_mem_xfer xfer = {
		.size = sizeof(xfer),
		.num_ops = num,
		.ops = (uintptr_t)ops,
	};
	int err = call(fd, DO_MEM, &xfer);

	if (!err && xfer.num_done != num)
		complain("MEM: %u of %u done, and no error", xfer.num_done,
			 num);
	if (err && xfer.num_done >= num)
		complain("MEM: %u of %u done, and %s", xfer.num_done, num,
			 strerrorname_np(err));
	if (done)
		*done = xfer.num_done;
	return err;
}

/** core() - STLINK_IOC_CORE */
int core(int fd, uint32_t op, uint32_t flags, struct stlink_core *out)
{
	*out = (struct stlink_core) { .size = sizeof(*out), .op = op,
				      .flags = flags };
	return call(fd, DO_CORE, out);
}

/** attach() - STLINK_IOC_ATTACH */
int attach(int fd, uint32_t mode, uint32_t khz)
{
	struct stlink_attach arg = { .size = sizeof(arg), .mode = mode,
				     .clock_khz = khz };
	int err = call(fd, DO_ATTACH, &arg);

	if (!err && arg.dpidr != 0x0bb11477)
		complain("ATTACH: DPIDR %08x", arg.dpidr);
	return err;
}

static void report_what(FILE *out, int what)
{
	uint64_t longest = 0, sum;
	const char *name;
	int i, err;

	for (i = 0; i < SLOTS; i++)
		if (crowd->slot[i].longest[what] > longest)
			longest = crowd->slot[i].longest[what];
	fprintf(out, "%-15s %7.3f s", kinds[what].name, (double)longest / NS);
	for (err = 0; err < MAX_ERRNO; err++) {
		for (sum = 0, i = 0; i < SLOTS; i++)
			sum += crowd->slot[i].outcome[what][err];
		if (!sum)
			continue;
		name = strerrorname_np(err);
		if (what >= DO_READ || !name)
			fprintf(out, "  %d:%lu", err, (unsigned long)sum);
		else
			fprintf(out, "  %s:%lu", err ? name : "ok",
				(unsigned long)sum);
	}
	fputc('\n', out);
}

/** report() - what was done, the longest time it took, and how it ended */
void report(FILE *out)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < DO_NUM; i++)
		report_what(out, i);
	for (i = 0; i < SLOTS; i++)
		sum += crowd->slot[i].checked;
	fprintf(out, "%lu bytes compared\n", (unsigned long)sum);
}
