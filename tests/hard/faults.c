// SPDX-License-Identifier: GPL-2.0-only
/*
 * faults - everything that is done with a probe, with one failure each time.
 *
 *   faults [-v] [-s STEP | -d BYTES] LIST|NAME...
 *
 * A line for each thing: how many failures there were to be had, and what came of
 * them; with -v a line for each failure: thing, number, what failed and in which
 * function, what the call came to. With a step only each so manieth is tried. With
 * -d all allocations fail from some moment on, which comes so many bytes later each
 * time. Exit status 1 where something was not as it has to be. The board has to have
 * a firmware that runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "board.h"
#include "fault_things.h"

static const struct {
	const char *name;
	const struct thing *things;
} lists[] = {
	{ "calls", fault_calls },
	{ "files", fault_files },
	{ "lives", fault_lives },
	{ "workers", fault_workers },
	{ "suspend", fault_suspend },
};

static unsigned int step = 1, dry;
static bool verbose;

/* Those of a name, or all of a list */
static int do_named(const char *name)
{
	const struct thing *t;
	unsigned int i;
	int ret = 0, found = 0;

	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		for (t = lists[i].things; t->name; t++) {
			if (strcmp(name, lists[i].name) && strcmp(name, t->name))
				continue;
			found++;
			ret |= dry ? sweep_dry(t, dry) :
				     sweep(t, step, verbose);
			board_close();
		}
	if (!found)
		fprintf(stderr, "faults: nothing is called %s\n", name);
	return ret | !found;
}

int main(int argc, char **argv)
{
	int opt, ret = 0;

	while ((opt = getopt(argc, argv, "vs:d:")) != -1) {
		if (opt == 'v')
			verbose = true;
		else if (opt == 'd')
			dry = strtoul(optarg, NULL, 0);
		else if (opt == 's')
			step = strtoul(optarg, NULL, 0);
		else
			return 2;
	}
	if (optind == argc || !step)
		return 2;
	/* No page of ours is missing in the middle of a call */
	if (mlockall(MCL_CURRENT | MCL_FUTURE)) {
		perror("faults: mlockall");
		return 2;
	}
	board_find();
	/* A stack for each of hundreds in a row is more than the log can take */
	fault_setup(!dry);
	for (; optind < argc; optind++)
		ret |= do_named(argv[optind]);
	return ret;
}
