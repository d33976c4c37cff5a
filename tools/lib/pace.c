// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock that waiting is paced by. By itself, so that tests can bring theirs.
 */
#include <errno.h>
#include <time.h>

#include "pace.h"
#include "priv.h"

uint64_t stl_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

void stl_wait_until_us(uint64_t when)
{
	struct timespec until = {
		.tv_sec = when / 1000000,
		.tv_nsec = when % 1000000 * 1000,
	};

	if (when <= stl_now_us())
		return;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	       EINTR)
		;
}

void stl_sleep_ms(unsigned int ms)
{
	struct timespec left = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000l,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
		;
}
