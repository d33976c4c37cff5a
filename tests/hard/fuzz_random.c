// SPDX-License-Identifier: GPL-2.0-only
/* Random numbers that can be had again, and values worth trying. */
#include "fuzz.h"

/**
 * fuzz_random() - 64 random bits (xorshift64*)
 * @g: whose
 */
uint64_t fuzz_random(struct gen *g)
{
	uint64_t x = g->state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	g->state = x;
	return x * 0x2545f4914f6cdd1dULL;
}

/**
 * fuzz_below() - a number
 * @g: whose
 * @n: limit, not included, not 0
 */
uint32_t fuzz_below(struct gen *g, uint32_t n)
{
	return (fuzz_random(g) >> 32) % n;
}

/**
 * fuzz_one_in() - true once in a while
 * @g: whose
 * @n: how rarely
 */
bool fuzz_one_in(struct gen *g, uint32_t n)
{
	return !fuzz_below(g, n);
}

/**
 * fuzz_value() - a value that somebody may have forgotten
 * @g: whose
 *
 * A constant of the header, a power of two, the end of a range, or one beside
 * it; now and then just anything.
 */
uint64_t fuzz_value(struct gen *g)
{
	uint64_t v;

	switch (fuzz_below(g, 8)) {
	case 0:
		return fuzz_random(g);
	case 1:
		return fuzz_below(g, 16);
	case 2:
		v = 0;
		break;
	case 3:
		v = 1ULL << fuzz_below(g, 64);
		break;
	case 4:
		v = (1ULL << fuzz_below(g, 64)) | (1ULL << fuzz_below(g, 32));
		break;
	default:
		v = abi_values[fuzz_below(g, abi_num_values)].value;
		break;
	}
	return fuzz_one_in(g, 2) ? v : v + fuzz_below(g, 3) - 1;
}
