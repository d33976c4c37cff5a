/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers that come again with the same seed. */
#ifndef HARD_DICE_H
#define HARD_DICE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct dice {
	uint64_t state;
};

/** dice_seed() - begin anew; neighbouring seeds give nothing alike */
static inline void dice_seed(struct dice *d, uint64_t seed)
{
	d->state = (seed + 1) * 0x9e3779b97f4a7c15u;
}

/** roll() - 32 random bits (splitmix64 by Steele, Lea and Flood) */
static inline uint32_t roll(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z >> 32;
}

/** below() - 0 to n - 1 */
static inline uint32_t below(struct dice *d, uint32_t n)
{
	return n ? roll(d) % n : 0;
}

static inline bool one_in(struct dice *d, uint32_t n)
{
	return n && !below(d, n);
}

#define ONE_OF(d, table)	((table)[below(d, sizeof(table) / sizeof((table)[0]))])

/** seed_of_run() - from the environment, or a new one; printed in any case */
static inline uint64_t seed_of_run(void)
{
	const char *given = getenv("STLINK_SEED");
	struct timespec ts;
	uint64_t seed;

	clock_gettime(CLOCK_REALTIME, &ts);
	seed = given && *given ? strtoull(given, NULL, 0) :
				 (uint64_t)ts.tv_nsec ^ ts.tv_sec;
	printf("# again with STLINK_SEED=%llu\n", (unsigned long long)seed);
	return seed;
}

#endif
