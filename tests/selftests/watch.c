// SPDX-License-Identifier: GPL-2.0-only
/* Asking for events, and seeing whether the driver talks to the probe. */
#include <poll.h>
#include <unistd.h>

#include "ioctl.h"
#include "watch.h"

/* A slow machine is given that long to end what it began */
#define QUIET_NS	10000000000ULL

/**
 * do_events() - STLINK_IOC_EVENTS
 * @fd: descriptor
 * @e: argument but for its size
 *
 * Return: 0 or negative errno.
 */
int do_events(int fd, struct stlink_events *e)
{
	return stl_ioc_events(fd, e);
}

/**
 * watch() - be told of events
 * @fd: descriptor
 * @mask: STLINK_EVENT_*, 0 for no more
 * @interval_ms: between two looks
 *
 * Return: 0 or negative errno.
 */
int watch(int fd, __u32 mask, __u32 interval_ms)
{
	struct stlink_events e = { .flags = STLINK_EVENTS_SET, .mask = mask,
				   .interval_ms = interval_ms };

	return stl_ioc_events(fd, &e);
}

/**
 * take_events() - what happened since the last time
 * @fd: descriptor
 *
 * Return: STLINK_EVENT_*, all bits if the call fails.
 */
__u32 take_events(int fd)
{
	struct stlink_events e = { 0 };

	return stl_ioc_events(fd, &e) ? ~0u : e.pending;
}

/**
 * seen_state() - what was seen last; takes the events, too
 * @fd: descriptor
 *
 * Return: STLINK_SEEN_*, all bits if the call fails.
 */
__u32 seen_state(int fd)
{
	struct stlink_events e = { 0 };

	return stl_ioc_events(fd, &e) ? ~0u : e.state;
}

/**
 * poll_all() - poll() for everything
 * @fd: descriptor
 * @ms: limit
 *
 * Return: revents, 0 when the time is over.
 */
short poll_all(int fd, unsigned int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLPRI };

	return poll(&p, 1, ms) == 1 ? p.revents : 0;
}

/**
 * event_comes() - wait for any event
 * @fd: descriptor
 * @ms: limit
 *
 * Return: false when the time is over.
 */
bool event_comes(int fd, unsigned int ms)
{
	return poll_all(fd, ms) == POLLPRI;
}

/**
 * next_events() - wait for events and take them
 * @fd: descriptor
 *
 * Return: STLINK_EVENT_*, 0 if nothing came for long.
 */
__u32 next_events(int fd)
{
	return event_comes(fd, SOON_MS) ? take_events(fd) : 0;
}

/**
 * quiet() - the probe is left alone, once a look that was under way is over
 * @p: probe
 * @ms: for how long, many times the interval between two looks
 *
 * Return: false if commands keep coming.
 */
bool quiet(struct probe *p, unsigned int ms)
{
	uint64_t end = now_ns() + QUIET_NS;
	unsigned int before;

	do {
		before = probe_count(p, ANY, ANY);
		usleep(ms * 1000);
		if (probe_count(p, ANY, ANY) == before)
			return true;
	} while (now_ns() < end);
	return false;
}

/**
 * looks() - wait until the driver has come by
 * @p: probe
 * @n: commands to wait for
 *
 * Return: false if nothing came for long.
 */
bool looks(struct probe *p, unsigned int n)
{
	n += probe_count(p, ANY, ANY);
	return probe_wait_command(p, ANY, ANY, n, SOON_MS);
}

/**
 * comes_true() - wait until another thread has changed something
 * @what: what
 * @value: to what
 * @ms: limit
 *
 * Return: false when the time is over.
 */
bool comes_true(const volatile bool *what, bool value, unsigned int ms)
{
	uint64_t end = now_ns() + ms * 1000000ULL;

	while (*what != value && now_ns() < end)
		usleep(1000);
	return *what == value;
}
