// SPDX-License-Identifier: GPL-2.0-only
/* Memory between a strip of poison and a page that nobody may touch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fence.h"

#define PAGE		4096
#define SIZE		(20 * PAGE)
/* As much in front is looked at */
#define STRIP		256

static uint8_t *base[FENCES];

static uint8_t *end_of(enum fence which)
{
	if (!base[which]) {
		base[which] = mmap(NULL, SIZE + 2 * PAGE, PROT_NONE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (base[which] == MAP_FAILED ||
		    mprotect(base[which] + PAGE, SIZE, PROT_READ | PROT_WRITE)) {
			perror("mmap");
			abort();
		}
	}
	return base[which] + PAGE + SIZE;
}

/**
 * fence_room() - @len bytes of poison, with more of it in front
 * @which: each has room for one at a time
 * @len: up to 76 KiB
 */
void *fence_room(enum fence which, size_t len)
{
	uint8_t *at = end_of(which) - len;

	memset(at - STRIP, POISON, len + STRIP);
	return at;
}

/**
 * fence_in() - a copy of something, fenced in
 * @which: as for fence_room()
 * @data: what
 * @len: its length
 */
void *fence_in(enum fence which, const void *data, size_t len)
{
	return memcpy(fence_room(which, len), data, len);
}

/**
 * fence_whole() - is what stands in front of it as it was?
 * @which: as for fence_room()
 * @at: as it returned
 * @len: as it was told
 */
bool fence_whole(enum fence which, const void *at, size_t len)
{
	return (const uint8_t *)at + len == end_of(which) &&
	       all_poison((const uint8_t *)at - STRIP, STRIP);
}

/**
 * all_poison() - has nothing been written there?
 * @p: where
 * @len: bytes
 */
bool all_poison(const void *p, size_t len)
{
	const uint8_t *b = p;

	while (len && *b == POISON) {
		b++;
		len--;
	}
	return !len;
}
