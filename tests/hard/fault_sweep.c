// SPDX-License-Identifier: GPL-2.0-only
/* Does a thing again and again, with a failure one later each time. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"

/* Nothing here allocates that often: it would never end */
#define MANY	20000

/* More than any has that is looked at from behind, and how its end is found */
#define MANY_BACKWARDS	1024
#define STRIDE		32

/* In a row, where only the log tells that it is over */
#define ENOUGH	5

/* Behind the last of ours, where it would go on with what is none of our business */
#define FOREIGN	6

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
	if (ret == t->normal || t->others || (t->also && ret == t->also))
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

/* A number behind the last one, found from above. 0 where something was wrong. */
static unsigned int behind_last(const struct thing *t, bool verbose,
				struct tally *y)
{
	unsigned int n;
	int ret;

	for (n = MANY_BACKWARDS; n > STRIDE; n -= STRIDE) {
		ret = once(t, n, verbose, y);
		if (ret <= 0)
			return ret < 0 ? 0 : n + STRIDE;
	}
	return 0;
}

/* From the last one to some before the first of ours */
static int sweep_backwards(const struct thing *t, unsigned int step, bool verbose,
			   struct tally *y)
{
	unsigned int n = behind_last(t, verbose, y), ours = y->ours, first = 0;

	if (!n || n > MANY_BACKWARDS)
		return bad("%s: its end can't be found", t->name);
	while (--n && (!first || n + 2 * FOREIGN + step > first)) {
		if (n % step)
			continue;
		if (once(t, n, verbose, y) < 0)
			return 1;
		if (y->ours > ours)
			first = n;
		ours = y->ours;
	}
	return first ? 0 : bad("%s: nothing of ours failed", t->name);
}

static int sweep_forwards(const struct thing *t, unsigned int step, bool verbose,
			  struct tally *y)
{
	unsigned int n, missed = 0, ours = 0, last = 0;
	int ret;

	for (n = 1; n < MANY && !(t->limit && n > t->limit); n += step) {
		ret = once(t, n, verbose, y);
		if (ret < 0)
			return 1;
		missed = ret ? missed + 1 : 0;
		if (y->ours > ours)
			last = n;
		ours = y->ours;
		if (t->foreign && last && n >= last + FOREIGN)
			break;
		if (missed == (t->blind || t->elsewhere ? ENOUGH : 1))
			break;
	}
	return n < MANY ? 0 : bad("%s: no end after %u", t->name, n);
}

static int sweep_all(const struct thing *t, unsigned int step, bool verbose)
{
	struct tally y = { 0 };
	int ret;

	if (once(t, 0, verbose, &y) < 0)
		return 1;
	ret = t->backwards ? sweep_backwards(t, step, verbose, &y) :
			     sweep_forwards(t, step, verbose, &y);
	if (ret)
		return ret;
	printf("%-18s %4u: slab %u, page %u, copy %u, quiet %u; in the driver %u; "
	       "ENOMEM %u, EFAULT %u, other %u, done all the same %u\n", t->name,
	       y.nomem + y.fault + y.also + y.done, y.kind[FAULT_SLAB],
	       y.kind[FAULT_PAGE], y.kind[FAULT_COPY], y.kind[FAULT_QUIET],
	       y.ours, y.nomem, y.fault, y.also, y.done);
	fflush(stdout);
	return 0;
}

static int put_back(const struct thing *t)
{
	return t->end && t->end() ? bad("%s: can't be put back", t->name) : 0;
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

	return put_back(t) ? 1 : ret;
}

/* Once, with memory for @bytes only. 0, 1 when that was enough, -1 */
static int once_dry(const struct thing *t, unsigned int bytes,
		    unsigned int *failures)
{
	struct fault f;
	int ret;

	if (t->ready && t->ready()) {
		fprintf(stderr, "%s, dry after %u: can't be made ready\n",
			t->name, bytes);
		return -1;
	}
	fault_forget();
	fault_next = 0;
	fault_dry_here(bytes);
	ret = t->act();
	fault_dry_over();
	f = fault_seen();
	/* Some want no word about it in the log */
	if (ret == -ENOMEM && f.kind == FAULT_NONE)
		f = (struct fault) { .kind = FAULT_QUIET, .times = 1 };
	*failures += f.times;
	fault_dry = true;
	if (!allowed(t, ret, &f) || (t->after && t->after(ret))) {
		fprintf(stderr, "%s, dry after %u: came to %s\n", t->name, bytes,
			errno_name(ret));
		return -1;
	}
	fault_dry = false;
	return f.times ? 0 : 1;
}

/**
 * sweep_dry() - no memory any more from some moment on, until the call is over
 * @t: what to do
 * @step: bytes by which that comes later each time
 *
 * Return: 0, or 1 where something was not as it has to be.
 */
int sweep_dry(const struct thing *t, unsigned int step)
{
	unsigned int bytes = 0, failures = 0, times = 0;
	int ret;

	while ((ret = once_dry(t, bytes, &failures)) == 0) {
		bytes += step;
		times++;
	}
	fault_dry = false;
	if (ret > 0)
		printf("%-18s dry at %u moments, %u failures\n", t->name, times,
		       failures);
	fflush(stdout);
	return put_back(t) || ret < 0;
}
