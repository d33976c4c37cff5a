// SPDX-License-Identifier: GPL-2.0-only
/*
 * What became of the calls, by ioctl and errno. In memory that children share:
 * a child's calls count as well.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"

struct counts {
	atomic_ulong n[FUZZ_MAX_IOCTLS][FUZZ_MAX_ERRNO];
	atomic_ulong all;
};

static struct counts *counts;

/**
 * fuzz_count_init() - nothing has been called yet
 *
 * Return: 0 or a negative errno.
 */
int fuzz_count_init(void)
{
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return counts == MAP_FAILED || abi_num_ioctls >= FUZZ_MAX_IOCTLS ?
	       -ENOMEM : 0;
}

/**
 * fuzz_count() - a call has come back
 * @c: the call
 * @err: its errno, 0 for success
 *
 * Return: how many there have been.
 */
unsigned long fuzz_count(const struct fuzz_call *c, int err)
{
	if (err < 0 || err >= FUZZ_MAX_ERRNO)
		err = FUZZ_MAX_ERRNO - 1;
	atomic_fetch_add(&counts->n[c->row][err], 1);
	return atomic_fetch_add(&counts->all, 1) + 1;
}

/**
 * fuzz_counted() - how many calls there have been
 */
unsigned long fuzz_counted(void)
{
	return atomic_load(&counts->all);
}

static const char *errno_name(int err)
{
	const struct abi_value *e;

	if (!err)
		return "success";
	for (e = abi_errnos; e->name; e++)
		if (e->value == (uint64_t)err)
			return e->name;
	return NULL;
}

/* Only an answer of the probe can have made these. */
static bool from_probe(int err)
{
	return err == ENXIO || err == EREMOTEIO || err == EBADMSG ||
	       err == ENODATA || err == EPROTO;
}

/**
 * fuzz_count_print() - print it all
 * @seconds: it took
 * @commands: that the probe was given
 *
 * Return: false if there was an errno that the header doesn't have.
 */
bool fuzz_count_print(double seconds, unsigned long commands)
{
	unsigned long n, all, probe = 0, good = 0;
	const char *name;
	unsigned int i;
	bool ok = true;
	int e;

	for (i = 0; i <= abi_num_ioctls; i++) {
		for (all = 0, e = 0; e < FUZZ_MAX_ERRNO; e++)
			all += counts->n[i][e];
		printf("%-19s %7lu:", i < abi_num_ioctls ? abi_ioctls[i].name :
							   "others", all);
		for (e = 0; e < FUZZ_MAX_ERRNO; e++) {
			n = counts->n[i][e];
			if (!n)
				continue;
			name = errno_name(e);
			printf(" %s %lu", name ? name : strerror(e), n);
			if (!name) {
				printf(" (not in the header)");
				ok = false;
			}
			good += e ? 0 : n;
			probe += from_probe(e) ? n : 0;
		}
		printf("\n");
	}
	all = fuzz_counted();
	printf("%lu calls in %.0f s, %.0f a second; %lu succeeded, %lu failed by "
	       "what the probe said; the probe was given %lu commands\n", all,
	       seconds, all / seconds, good, probe, commands);
	return ok;
}
