// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors: some of each thread's own, some of all. Another thread may close
 * one, or put another file in its place, while a call on it is under way.
 *
 * They have fixed numbers far above all others of this program, which must not
 * be hit by a close() that comes late.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fuzz.h"

#define FIRST		600
#define OWN_SLOTS	3

/* Of the node; another one when somebody has the old one open */
atomic_uint fuzz_node;

/**
 * fuzz_slots_init() - room for them
 *
 * Return: 0 or a negative errno.
 */
int fuzz_slots_init(void)
{
	struct rlimit limit = { 1024, 1024 };

	return setrlimit(RLIMIT_NOFILE, &limit) ? -errno : 0;
}

static int own(unsigned int thread, unsigned int i)
{
	return FIRST + FUZZ_SHARED_SLOTS + OWN_SLOTS * thread + i;
}

/**
 * fuzz_slot_any() - a descriptor, perhaps an open one
 * @g: random numbers
 * @thread: of whom
 */
int fuzz_slot_any(struct gen *g, unsigned int thread)
{
	return fuzz_below(g, 3) ? own(thread, fuzz_below(g, OWN_SLOTS)) :
	       (int)(FIRST + fuzz_below(g, FUZZ_SHARED_SLOTS));
}

static void reopen(struct gen *g, int slot)
{
	static const int modes[] = { O_RDWR, O_RDWR, O_RDWR, O_RDWR, O_RDONLY };
	int flags = modes[fuzz_below(g, 5)] | O_CLOEXEC, fd;
	char path[32];

	if (fuzz_one_in(g, 6))
		flags |= O_NONBLOCK;
	snprintf(path, sizeof(path), "/dev/stlink%u", atomic_load(&fuzz_node));
	fd = open(path, flags);
	if (fd < 0) {
		usleep(500);
		return;
	}
	dup3(fd, slot, O_CLOEXEC);
	close(fd);
}

/**
 * fuzz_slot_shuffle() - open, close, duplicate something
 * @g: random numbers
 * @thread: of whom
 */
void fuzz_slot_shuffle(struct gen *g, unsigned int thread)
{
	int a = fuzz_slot_any(g, thread), b = fuzz_slot_any(g, thread);

	switch (fuzz_below(g, 8)) {
	case 0:
		close(a);
		break;
	case 1:
		dup3(a, b, O_CLOEXEC);
		break;
	case 2:
		fcntl(a, F_SETFL, fuzz_one_in(g, 4) ? O_NONBLOCK : 0);
		break;
	default:
		reopen(g, a);
	}
}

/**
 * fuzz_slot_died() - a call on it said ENODEV, or it isn't open
 * @g: random numbers
 * @fd: the descriptor
 */
void fuzz_slot_died(struct gen *g, int fd)
{
	if (fuzz_one_in(g, 2))
		reopen(g, fd);
	else
		usleep(500);
}

/**
 * fuzz_slot_close_own() - those of a thread
 * @thread: which
 */
void fuzz_slot_close_own(unsigned int thread)
{
	unsigned int i;

	for (i = 0; i < OWN_SLOTS; i++)
		close(own(thread, i));
}

/**
 * fuzz_slot_close_shared() - those of all; no thread may be at work, it would open
 * them again
 */
void fuzz_slot_close_shared(void)
{
	unsigned int i;

	for (i = 0; i < FUZZ_SHARED_SLOTS; i++)
		close(FIRST + i);
}
