// SPDX-License-Identifier: GPL-2.0-only
/*
 * One job has N bulk transfers. For each of them, and each kind of fault: the job
 * up to where it fails, which must be in time, with the right exit status and a
 * message that helps; then the fault is over, and the same job has to succeed.
 *
 * Several benches work at the same time, since most of it is to wait for the driver
 * to give up. What was tried, and how it ended, is printed.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "usb-job.h"
#include "usb-kinds.h"

#define MAX_BENCHES	16u
#define MAX_NOTES	4096u
#define MAX_CASES	100000u
/* several exchanges of 5 s, of a slow machine */
#define LIMIT_S		90u
/* The driver resets a probe that fails again sooner only once */
#define PAUSE_S		5.5

#define EXIT_DIFFERS	9
#define EXIT_LINK	7

/*
 * One thread of the kernel looks after all ports, and may be busy with another one
 * for longer than the driver waits for an answer. Nobody knows of the unplugging then.
 * Of so many one may come to that.
 */
#define TIMEOUT_S	5
#define UNNOTICED	50

struct fault_case {
	unsigned int kind;
	unsigned int at;
	uint32_t arg;
};

/* What the benches share; each of them is a process */
static struct shared {
	atomic_uint next, tried, failed, absorbed, believed, missed, unnoticed;
	atomic_uint wrong;
	atomic_uint slowest_ms;
	unsigned int num;
	struct fault_case cases[MAX_CASES];
} *shared;

static char notes[MAX_NOTES][8];	/* "cf230": see the simulator's README.md */
static unsigned int num_notes, seed = 1, per_kind = 1, budget_s, from;
static const char *only_kind;
static unsigned int only_at;
static bool all;
static double started;

/* xorshift32, from @x and not zero */
static uint32_t mix(uint32_t x)
{
	x = x * 2654435761u + 0x9e3779b9u;
	x ^= x << 13;
	x ^= x >> 17;
	return x ^ x << 5;
}

static uint32_t random32(void)
{
	static uint32_t count;

	return mix(seed ^ mix(++count));
}

/* A line of its own, even among those of other benches */
static void say(const char *fmt, ...)
{
	static char line[3 * CHILD_TEXT];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (len >= (int)sizeof(line))
		len = sizeof(line) - 1;
	if (write(1, line, len) != len)
		_exit(2);
}

/* For counting: the message, with numbers as N */
static void outcome(int fd, const struct fault_case *c, const char *step,
		    const struct child *child)
{
	const char *text = strstr(child->text, "stlink: ");
	char line[512];
	size_t n, i;

	n = snprintf(line, sizeof(line), "%s\t%s\t%d\t",
		     kinds[c->kind].name, step, child->status);
	for (i = 0; text && text[i] && text[i] != '\n' && n < 500; i++) {
		bool hex = i && (isxdigit((unsigned char)text[i]) &&
				 (isdigit((unsigned char)text[i]) ||
				  line[n - 1] == 'N'));

		if (!hex)
			line[n++] = text[i];
		else if (line[n - 1] != 'N')
			line[n++] = 'N';
	}
	line[n++] = '\n';
	if (write(fd, line, n) != (ssize_t)n)
		_exit(2);
}

static void note_time(const struct child *child)
{
	unsigned int ms = child->seconds * 1000;
	unsigned int old = atomic_load(&shared->slowest_ms);

	while (ms > old &&
	       !atomic_compare_exchange_weak(&shared->slowest_ms, &old, ms))
		;
}

/* What a failed step says and leaves; NULL for all is well */
static const char *judge_failure(struct job *j, const struct kind *k,
				 const struct child *child)
{
	static char why[128];

	if ((k->unplugs || k->restarts) && child->status == EXIT_LINK &&
	    child->seconds > TIMEOUT_S && strstr(child->text, "no answer")) {
		atomic_fetch_add(&shared->unnoticed, 1);
		return job_rest(j);
	}
	if (!kind_allows(k, child->status, child->text)) {
		snprintf(why, sizeof(why), "exit status %d", child->status);
		return why;
	}
	if (!kind_says(k, child->text))
		return "the message doesn't name it";
	/* what to do about a difference, who asked for it knows */
	if (child->status != EXIT_DIFFERS && !strstr(child->text, "\nhint: "))
		return "the message doesn't say what to do";
	return job_rest(j);
}

/* The job while something goes wrong, up to the first step that fails. */
static const char *job_with_fault(struct job *j, const struct fault_case *c,
				  int outcomes, struct child *child,
				  unsigned int *step)
{
	const struct kind *k = &kinds[c->kind];
	const char *wrong;

	for (*step = 0; *step < JOB_STEPS; (*step)++) {
		wrong = job_step(j, *step, LIMIT_S, child);
		if (wrong)
			return wrong;
		note_time(child);
		if (child->late)
			return "it did not end";
		if (child->status) {
			outcome(outcomes, c, job_step_name(*step), child);
			atomic_fetch_add(&shared->failed, 1);
			return judge_failure(j, k, child);
		}
		wrong = job_result(j, *step);
		/* nothing but a second look can tell lies from the truth */
		if (wrong && k->lies && !strcmp(job_step_name(*step), "read")) {
			atomic_fetch_add(&shared->believed, 1);
			wrong = NULL;
		}
		if (wrong)
			return wrong;
	}
	atomic_fetch_add(&shared->absorbed, 1);
	return job_done(j, true);
}

static const char *whole_job(struct job *j, struct child *child,
			     unsigned int *step)
{
	const char *wrong = NULL;

	for (*step = 0; !wrong && *step < JOB_STEPS; (*step)++) {
		wrong = job_step(j, *step, LIMIT_S, child);
		if (!wrong)
			note_time(child);
		if (!wrong && (child->late || child->status))
			wrong = child->late ? "it did not end" : "it fails";
		if (!wrong)
			wrong = job_result(j, *step);
		if (wrong)
			return wrong;
	}
	return job_done(j, false);
}

/*
 * Opens a bench, and has the driver know the probe: what it tries only once would be
 * transfers that later jobs don't have.
 */
static const char *get_ready(struct job *j, unsigned int n, const char *top)
{
	struct child child = { 0 };
	unsigned int step;
	const char *wrong = job_open(j, n, top);

	if (!wrong)
		wrong = job_fresh(j);
	if (!wrong)
		wrong = job_bound(j, 0);
	if (!wrong)
		wrong = whole_job(j, &child, &step);
	if (wrong && child.status)
		say("%s: %s\n%s", job_step_name(step), wrong, child.text);
	return wrong;
}

static void complain(const struct fault_case *c, const char *when,
		     const char *wrong, unsigned int step,
		     const struct child *child)
{
	atomic_fetch_add(&shared->wrong, 1);
	say("WRONG: -s %u -k %s -t %u (%s), argument 0x%x: %s, %s: %s; status %d, %.1f s\n%s%s\n",
	    seed, kinds[c->kind].name, c->at, notes[c->at - 1], c->arg, when,
	    step < JOB_STEPS ? job_step_name(step) : "at the end", wrong,
	    child->status, child->seconds, child->text, child->where);
}

static void run_case(struct job *j, const struct fault_case *c, int outcomes)
{
	const struct kind *k = &kinds[c->kind];
	static double next;
	struct child child = { 0 };
	unsigned int step = 0, address, resets;
	const char *wrong;
	bool ok, fired;

	atomic_fetch_add(&shared->tried, 1);
	wrong = job_fresh(j);
	if (!wrong)
		wrong = job_bound(j, 0);
	address = job_address(j);
	resets = job_resets(j);
	if (now_s() < next)
		usleep((next - now_s()) * 1e6);
	ok = k->arg ? sim_do(&j->sim, "inject at %u %s 0x%x", c->at, k->name,
			     c->arg) :
		      sim_do(&j->sim, "inject at %u %s", c->at, k->name);
	if (!wrong && !ok)
		wrong = "the fault can't be armed";
	if (!wrong)
		wrong = job_with_fault(j, c, outcomes, &child, &step);
	if (wrong)
		complain(c, "with the fault", wrong, step, &child);
	/* Until it is off it may still come, by what the driver does by itself. */
	if (!sim_do(&j->sim, "inject off") || !sim_do(&j->sim, "transfers"))
		_exit(2);
	fired = !strstr(j->sim.answer, "\"fired\":false");
	if (!fired)
		atomic_fetch_add(&shared->missed, 1);
	if (fired && k->unplugs && !sim_do(&j->sim, "replug"))
		_exit(2);
	wrong = job_bound(j, fired && (k->unplugs || k->restarts) ? address : 0);
	if (!wrong)
		wrong = whole_job(j, &child, &step);
	next = job_resets(j) != resets ? now_s() + PAUSE_S : 0;
	if (!wrong)
		return;
	complain(c, "afterwards", wrong, step, &child);
	/* for the next one */
	sim_do(&j->sim, "replug");
}

static void work(unsigned int n, const char *top, int outcomes)
{
	static struct job job;
	const char *wrong;
	char dir[32];
	unsigned int i;

	snprintf(dir, sizeof(dir), "bench.%u", n);
	mkdir(dir, 0777);
	wrong = chdir(dir) ? "no directory" : get_ready(&job, n, top);
	if (wrong) {
		say("bench %u: %s\n", n, wrong);
		_exit(2);
	}
	while (!budget_s || now_s() - started < budget_s) {
		i = atomic_fetch_add(&shared->next, 1);
		if (i >= shared->num)
			break;
		run_case(&job, &shared->cases[i], outcomes);
	}
	_exit(0);
}

/* The job as it goes when all is well; what its transfers are. */
static const char *measure(const char *top)
{
	static struct job job;
	struct child child = { 0 };
	const char *wrong = get_ready(&job, 0, top), *at;
	unsigned int step = 0, before;

	if (!wrong)
		wrong = job_fresh(&job);
	for (step = 0; !wrong && step < JOB_STEPS; step++) {
		if (!sim_do(&job.sim, "transfers reset"))
			return "no transfers";
		wrong = job_step(&job, step, LIMIT_S, &child);
		if (!wrong && child.status)
			wrong = "it fails without any fault";
		if (!wrong)
			wrong = job_result(&job, step);
		if (!wrong && !sim_do(&job.sim, "transfers"))
			wrong = "no transfers";
		before = num_notes;
		at = wrong ? NULL : sim_value(&job.sim, "transfers");
		while (at && (at = strchr(at, '"')) && num_notes < MAX_NOTES) {
			snprintf(notes[num_notes++], 6, "%s", at + 1);
			at = strchr(at + 1, '"') + 1;
		}
		say("# %s: %u transfers, %.2f s\n", job_step_name(step),
		    num_notes - before, child.seconds);
	}
	if (wrong && step)
		say("%s: %s\n%s", job_step_name(step - 1), wrong, child.text);
	if (!wrong)
		wrong = job_done(&job, true);
	sim_close(&job.sim);
	return wrong;
}

static void add_case(unsigned int kind, unsigned int at)
{
	struct fault_case *c = &shared->cases[shared->num];

	if (shared->num == MAX_CASES)
		return;
	*c = (struct fault_case){ .kind = kind, .at = at };
	c->arg = kind_arg(&kinds[kind], mix(seed ^ mix(kind << 16 | at)));
	shared->num++;
}

/* Is transfer @at (from 1) one for that kind? */
static bool fits(unsigned int kind, unsigned int at)
{
	return (!kinds[kind].answer || notes[at - 1][0] == 'i') &&
	       (!kinds[kind].command || notes[at - 1][0] == 'c') &&
	       (!only_at || only_at == at);
}

/*
 * One of those that do the same thing as a random one: so a command that is sent
 * once comes as often as one that is sent a hundred times.
 */
static unsigned int pick(unsigned int kind)
{
	unsigned int like, at, n = 0, chosen = 0, i;

	for (i = 0; i < num_notes; i++) {	/* a random distinct note */
		for (at = 0; at < i && strcmp(notes[at], notes[i]); at++)
			;
		if (at == i && fits(kind, i + 1) && random32() % ++n == 0)
			chosen = i;
	}
	like = chosen;
	for (i = n = 0; i < num_notes; i++)
		if (!strcmp(notes[i], notes[like]) && random32() % ++n == 0)
			chosen = i;
	return chosen + 1;
}

static void choose_cases(void)
{
	struct fault_case swap;
	unsigned int kind, i, at;

	for (kind = 0; kind < num_kinds; kind++) {
		if (only_kind && strcmp(only_kind, kinds[kind].name))
			continue;
		if (all || only_at) {
			for (at = 1; at <= num_notes; at++)
				if (fits(kind, at))
					add_case(kind, at);
		} else {
			for (i = 0; i < per_kind; i++)
				add_case(kind, pick(kind));
		}
	}
	for (i = shared->num; i > 1; i--) {
		at = random32() % i;
		swap = shared->cases[at];
		shared->cases[at] = shared->cases[i - 1];
		shared->cases[i - 1] = swap;
	}
}

static int usage(void)
{
	fprintf(stderr, "usage: usb-faults TOP BENCHES [-s SEED] [-n CASES-OF-A-KIND | -a] [-b SECONDS] [-f FROM] [-k KIND] [-t TRANSFER]\n");
	return 2;
}

int main(int argc, char **argv)
{
	unsigned int benches, i;
	int opt, status, bad = 0, outcomes;
	const char *wrong;

	while ((opt = getopt(argc, argv, "s:n:ab:f:k:t:")) != -1) {
		switch (opt) {
		case 's':
			seed = strtoul(optarg, NULL, 0);
			break;
		case 'n':
			per_kind = strtoul(optarg, NULL, 0);
			break;
		case 'a':
			all = true;
			break;
		case 'b':
			budget_s = strtoul(optarg, NULL, 0);
			break;
		case 'f':
			from = strtoul(optarg, NULL, 0);
			break;
		case 'k':
			only_kind = optarg;
			break;
		case 't':
			only_at = strtoul(optarg, NULL, 0);
			break;
		default:
			return usage();
		}
	}
	if (argc - optind != 2)
		return usage();
	benches = strtoul(argv[optind + 1], NULL, 0);
	if (!benches || benches > MAX_BENCHES)
		return usage();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	outcomes = open("outcomes", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND |
			O_CLOEXEC, 0666);
	if (shared == MAP_FAILED || outcomes < 0)
		return 2;
	say("# seed %u\n", seed);
	wrong = measure(argv[optind]);
	if (wrong) {
		say("WRONG: without a fault: %s\n", wrong);
		return 1;
	}
	choose_cases();
	say("# N = %u transfers; %u times something goes wrong, from the %uth on, at %u benches\n",
	    num_notes, shared->num, from, benches);
	shared->next = from;
	started = now_s();
	for (i = 0; i < benches; i++)
		if (!fork())
			work(i, argv[optind], outcomes);
	while (wait(&status) > 0)
		bad |= status;
	say("# %u of %u tried in %.0f s: %u failed as they should, %u went well all the same, %u not reached, %u lies believed by read, %u unplugged unnoticed, slowest command %.1f s, %u wrong\n",
	    shared->tried, shared->num, now_s() - started, shared->failed,
	    shared->absorbed, shared->missed, shared->believed,
	    shared->unnoticed, shared->slowest_ms / 1000.0, shared->wrong);
	if (shared->next < shared->num)
		say("# the rest: -s %u -f %u\n", seed, shared->next);
	if (shared->unnoticed > shared->tried / UNNOTICED)
		bad = 1;
	return bad || shared->wrong || !shared->failed;
}
