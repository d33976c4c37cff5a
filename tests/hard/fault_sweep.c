// SPDX-License-Identifier: GPL-2.0-only
/* Does a thing again and again, with a failure one later each time. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "fault_filter.h"

/* Nothing here allocates that often: it would never end */
#define MANY	20000

/* In a row, where only the log tells that it is over */
#define ENOUGH	8

unsigned int fault_next;
bool fault_hit, fault_dry;

static const char * const kinds[] = {
	[FAULT_NONE] = "nothing",
	[FAULT_SLAB] = "slab",
	[FAULT_PAGE] = "page",
	[FAULT_COPY] = "copy",
	[FAULT_QUIET] = "quiet",
};

/* What a thing had, for its line in the table */
struct tally {
	unsigned int kind[FAULT_QUIET + 1];
	unsigned int nomem, fault, done, also, ours;
};

static const char *errno_name(int ret)
{
	return ret ? strerrorname_np(-ret) : "done";
}

/* May it come to that, with what failed? */
static bool allowed(const struct thing *t, int ret, const struct fault *f)
{
	if (ret == t->normal || (t->also && ret == t->also))
		return true;
	if (f->kind == FAULT_COPY)
		return ret == -EFAULT;
	return f->kind != FAULT_NONE && ret == -ENOMEM;
}

static void count(struct tally *y, const struct thing *t, int ret,
		  const struct fault *f)
{
	y->kind[f->kind]++;
	y->ours += f->ours;
	if (ret == t->normal)
		y->done++;
	else if (ret == -ENOMEM)
		y->nomem++;
	else if (ret == -EFAULT)
		y->fault++;
	else
		y->also++;
}

/* Once, with the @n-th failing, or none for 0. 0, 1 when it wasn't reached, -1 */
static int once(const struct thing *t, unsigned int n, bool verbose,
		struct tally *y)
{
	struct fault f;
	int ret;

	if (t->ready && t->ready()) {
		fprintf(stderr, "%s %u: can't be made ready\n", t->name, n);
		return -1;
	}
	fault_forget();
	fault_next = n;
	fault_hit = false;
	if (n && !t->elsewhere)
		fault_arm_here(n);
	ret = t->act();
	if (n && !t->elsewhere)
		fault_hit = fault_disarm_here();
	f = fault_seen();
	/* Reading back that it wasn't reached may reach it */
	if (!fault_hit && !t->blind)
		f = (struct fault) { .kind = FAULT_NONE };
	if (fault_hit && f.kind == FAULT_NONE)
		f.kind = FAULT_QUIET;
	if (verbose && f.kind != FAULT_NONE)
		printf("%s\t%u\t%s\t%s%s\t%s\n", t->name, n, kinds[f.kind],
		       f.ours ? "stlink: " : "", f.where, errno_name(ret));
	if (!allowed(t, ret, &f)) {
		fprintf(stderr, "%s %u (%s in %s): %s\n", t->name, n,
			kinds[f.kind], f.where, errno_name(ret));
		return -1;
	}
	if (t->after && t->after(ret)) {
		fprintf(stderr, "%s %u (%s in %s) came to %s, and after that ...\n",
			t->name, n, kinds[f.kind], f.where, errno_name(ret));
		return -1;
	}
	if (f.kind == FAULT_NONE)
		return 1;
	count(y, t, ret, &f);
	return 0;
}

static int sweep_all(const struct thing *t, unsigned int step, bool verbose)
{
	struct tally y = { 0 };
	unsigned int n, missed = 0;
	int ret;

	if (once(t, 0, verbose, &y) < 0)
		return 1;
	for (n = 1; n < MANY; n += step) {
		ret = once(t, n, verbose, &y);
		if (ret < 0)
			return 1;
		missed = ret ? missed + 1 : 0;
		if (missed == (t->blind || t->elsewhere ? ENOUGH : 1))
			break;
	}
	if (n >= MANY)
		return bad("%s: no end after %u", t->name, n);
	printf("%-20s %4u: %u slab, %u page, %u copy, %u quiet; %u in the driver; "
	       "ENOMEM %u, EFAULT %u, other %u, done all the same %u\n", t->name,
	       n - 1, y.kind[FAULT_SLAB], y.kind[FAULT_PAGE],
	       y.kind[FAULT_COPY], y.kind[FAULT_QUIET], y.ours, y.nomem,
	       y.fault, y.also, y.done);
	fflush(stdout);
	return 0;
}

/**
 * sweep() - let each thing that can fail in a call fail once
 * @t: what to do
 * @step: only each so manieth, 1 for all
 * @verbose: a line for each
 *
 * Return: 0, or 1 where something was not as it has to be.
 */
int sweep(const struct thing *t, unsigned int step, bool verbose)
{
	int ret = sweep_all(t, step, verbose);

	if (t->end && t->end()) {
		fprintf(stderr, "%s: can't be put back\n", t->name);
		ret = 1;
	}
	return ret;
}

/* Once, while the filter lets fail what it will. Leaves in @f what the log has. */
static int filtered(const struct thing *t, const char *how,
		    unsigned long address, struct fault *f)
{
	bool failed;
	int ret;

	if (t->ready && t->ready()) {
		fprintf(stderr, "%s, %s: can't be made ready\n", t->name, how);
		return -1;
	}
	fault_forget();
	fault_next = 0;
	if (address)
		filter_first_at(address);
	else
		filter_all();
	ret = t->act();
	filter_off();
	*f = fault_seen();
	fault_dry = !address;
	failed = (ret != t->normal && ret != t->also && ret != -ENOMEM) ||
		 (t->after && t->after(ret));
	if (failed)
		fprintf(stderr, "%s, %s: came to %s\n", t->name, how,
			errno_name(ret));
	fault_dry = false;
	return failed ? -1 : 0;
}

/**
 * sweep_dry() - no memory at all for the module, for as long as the call takes
 * @t: what to do
 *
 * Return: 0, or 1 where something was not as it has to be.
 */
int sweep_dry(const struct thing *t)
{
	struct fault f;

	if (!filter_find())
		return bad("the module is not there");
	if (filtered(t, "without memory", 0, &f))
		return 1;
	printf("%-20s without memory: %u failures\n", t->name, f.times);
	fflush(stdout);
	return 0;
}

/**
 * sweep_sites() - the first allocation beneath each call in the module
 * @t: what to do
 * @verbose: a line for each
 *
 * The calls are those that show when all of them fail.
 *
 * Return: 0, or 1 where something was not as it has to be.
 */
int sweep_sites(const struct thing *t, bool verbose)
{
	static struct fault_site sites[FAULT_SITES];
	unsigned int i, num, hits = 0;
	char how[96];
	struct fault f;

	if (sweep_dry(t))
		return 1;
	num = fault_num_sites;
	memcpy(sites, fault_sites, sizeof(sites));
	for (i = 0; i < num; i++) {
		snprintf(how, sizeof(how), "%.63s+%#lx", sites[i].name,
			 sites[i].offset);
		if (filtered(t, how, filter_address(sites[i].name) +
			     sites[i].offset, &f))
			return 1;
		hits += f.times;
		if (verbose)
			printf("%s\t%s\t%s\n", t->name, how,
			       f.times ? kinds[f.kind] : "not reached");
	}
	printf("%-20s %u calls in the driver, beneath %u of them one failed\n",
	       t->name, num, hits);
	fflush(stdout);
	return !hits;
}
