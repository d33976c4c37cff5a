// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long it takes.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdlib.h>

#include "pace.h"
#include "stm32f0.h"
#include "self_priv.h"

#define LOOKS	31

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

bool stl_self_exchange_time(struct stl_self *s, struct stl_self_answer *a)
{
	uint64_t us[LOOKS], begin;
	uint32_t value;
	int i, ret;

	for (i = 0; i < LOOKS; i++) {
		begin = stl_now_us();
		ret = stl_mem_read32(s->t->fd, SCB_CPUID, &value);
		if (ret)
			return stl_self_trouble(a, ret, "reading CPUID");
		us[i] = stl_now_us() - begin;
	}
	qsort(us, LOOKS, sizeof(us[0]), compare);
	stl_self_raw(a, "least %llu us, most %llu us",
		     (unsigned long long)us[0],
		     (unsigned long long)us[LOOKS - 1]);
	return stl_self_measured(a, "%llu us in the middle of %d",
				 (unsigned long long)us[LOOKS / 2], LOOKS);
}

/* The least time of some tries for @len bytes of system memory */
static int least(struct stl_self *s, uint32_t len, uint64_t *us)
{
	uint8_t buf[1024];
	uint64_t begin, took;
	int i, ret;

	*us = UINT64_MAX;
	for (i = 0; i < 5; i++) {
		begin = stl_now_us();
		ret = stl_mem_read(s->t->fd, s->t->chip.part->sysmem_base, buf,
				   len, 4, NULL);
		if (ret)
			return ret;
		took = stl_now_us() - begin;
		if (took < *us)
			*us = took;
	}
	return 0;
}

/* What is the same for both is not in the difference. */
bool stl_self_read_time(struct stl_self *s, struct stl_self_answer *a)
{
	const uint32_t few = 64, many = 1024;
	uint64_t one, two, ns;
	int ret = least(s, few, &one);

	if (!ret)
		ret = least(s, many, &two);
	if (ret)
		return stl_self_trouble(a, ret, "reading system memory");
	ns = two > one ? (two - one) * 1000 / ((many - few) / 4) : 0;
	stl_self_raw(a, "%u bytes %llu us, %u bytes %llu us, %u kHz", few,
		     (unsigned long long)one, many, (unsigned long long)two,
		     s->t->clock_khz);
	return stl_self_measured(a, "%llu ns for each word, %llu clocks at %u kHz",
				 (unsigned long long)ns,
				 (unsigned long long)(ns * s->t->clock_khz / 1000000),
				 s->t->clock_khz);
}
