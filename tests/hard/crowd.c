// SPDX-License-Identifier: GPL-2.0-only
/*
 * crowd - many programs on a few probes, killed, stopped, and their probes
 * unbound, reset, suspended and pulled out.
 *
 *	crowd SECONDS SUSPENDS SEED MODULE IMAGE1 IMAGE2
 *
 * Sixteen workers on the probes of simulators 0 to 3, four on each, and a
 * tormentor. Whatever a read says it has read is compared with what must be there;
 * whatever fails must have an errno that is documented for it; nothing may last
 * longer than LIMIT_S seconds, whoever is stopped meanwhile. At the end the probes
 * are idle. SUSPENDS is 1 if the machine may be suspended. The seed decides what is
 * tried, in which order in each process; when, the machine decides.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"

struct crowd *crowd;
struct slot *me;

static void die(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void work(unsigned int n)
{
	unsigned int board = n % PROBES, piece = n / PROBES;

	while (!crowd->finish && !me->failed) {
		switch (below(8)) {
		case 0:
			tool(board);
			break;
		case 1:
			look_at_sysfs(board);
			break;
		default:
			session(board, piece);
		}
	}
}

static void start(unsigned int n)
{
	struct slot *s = &crowd->slot[n];
	int pid;

	s->since = 0;
	s->dying = 0;
	s->stopped = 0;
	s->go_on = 0;
	s->tool = 0;
	s->life++;
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid) {
		s->pid = pid;
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	me = s;
	rnd_seed(crowd->seed * 1000003 + n * 1009 + s->life);
	if (n == TORMENTOR)
		torment();
	else
		work(n);
	_exit(me->failed);
}

/* What a process that doesn't go on is doing */
static void show(struct slot *s)
{
	char path[64], line[200];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stack", s->pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		fputs(line, stdout);
	if (f)
		fclose(f);
	write_file("/proc/sysrq-trigger", "w");
}

static void too_long(struct slot *s, int n, const char *what, uint64_t since)
{
	printf("process %d (%d) %s %d for %lu s\n", n, s->pid, what, s->doing,
	       (unsigned long)((now() - since) / NS));
	show(s);
	snprintf(s->complaint, sizeof(s->complaint), "%s for too long", what);
	s->failed = true;
}

/* The tool makes many calls, and the tormentor waits for what he did. */
static uint64_t limit_of(const struct slot *s)
{
	return LIMIT_S * NS *
	       (s->doing >= DO_READ ? 6 : 1);
}

static void look_after(int n)
{
	struct slot *s = &crowd->slot[n];
	uint64_t since = s->since, dying = s->dying;

	if (s->failed || !s->pid)
		return;
	if (dying && now() > dying + LIMIT_S * NS)
		too_long(s, n, "is dying in", dying);
	else if (since && !s->stopped && now() > since + limit_of(s))
		too_long(s, n, "is in", since);
}

/* Returns whether all is well. */
static bool reap(bool again)
{
	int status, pid, i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < SLOTS && crowd->slot[i].pid != pid; i++)
			;
		if (i == SLOTS)
			continue;	/* a tool that survived its worker */
		crowd->slot[i].pid = 0;
		if (WIFSIGNALED(status) && !crowd->slot[i].dying)
			printf("process %d ended by signal %d\n", i,
			       WTERMSIG(status));
		if (WIFSIGNALED(status) && !crowd->slot[i].dying)
			return false;
		if (again && !crowd->slot[i].failed)
			start(i);
	}
	for (i = 0; i < SLOTS; i++) {
		look_after(i);
		if (crowd->slot[i].failed)
			return false;
	}
	return true;
}

static bool anybody(void)
{
	int i;

	for (i = 0; i < SLOTS; i++)
		if (crowd->slot[i].pid)
			return true;
	return false;
}

static void finish(bool kill_them)
{
	int i;

	crowd->finish = true;
	for (i = 0; i < SLOTS; i++) {
		crowd->slot[i].stopped = 0;
		if (!crowd->slot[i].pid)
			continue;
		kill(crowd->slot[i].pid, SIGCONT);
		if (!kill_them)
			continue;
		crowd->slot[i].dying = now();
		kill(crowd->slot[i].pid, SIGKILL);
	}
}

/* Flash with a known image and, above it, what nobody changes */
static void prepare(unsigned int n)
{
	struct board *b = &crowd->board[n];
	char hex[2 * 1024 + 1];
	unsigned long size;
	const char *json;
	uint32_t i, at;

	json = sim(n, "state");
	if (!sim_text(json, "serial", b->serial, sizeof(b->serial)) ||
	    !sim_number(json, "flash_size", &size))
		die("state");
	if (!find_usb(b->serial, b->path, sizeof(b->path)))
		die("no such USB device");
	b->fixed_len = size + FLASH - FIXED;
	if (b->fixed_len > FIXED_MAX)
		b->fixed_len = FIXED_MAX;
	for (at = 0; at < b->fixed_len; at += i) {
		for (i = 0; i < 1024 && at + i < b->fixed_len; i++) {
			b->fixed[at + i] = rnd();
			sprintf(hex + 2 * i, "%02x", b->fixed[at + i]);
		}
		if (!sim(n, "poke 0x%x %s", FIXED + at, hex))
			die("poke");
	}
	if (!sim(n, "load %s", crowd->images[0]) || !sim(n, "reset"))
		die("load");
	b->image = 1;
}

/*
 * A program that was the last one with a session may have found the core halted
 * and left it so; after one that changes something it runs.
 */
static void idle(unsigned int n)
{
	struct board *b = &crowd->board[n];
	uint64_t end_at = now() + 60 * NS;
	char mode[16] = "", core[16] = "", nrst[16] = "", name[32], path[80];
	const char *state;
	int fd = -1, err = -1;

	/* What looks at the target now and then is in debug mode for a moment. */
	if (find_node(b->serial, name, sizeof(name))) {
		snprintf(path, sizeof(path),
			 "/sys/class/stlink/%s/target_poll_ms", name);
		write_file(path, "0");
	}
	while (err && now() < end_at) {
		fd = open_node(b, O_RDWR);
		err = fd < 0 ? -1 : attach(fd, STLINK_ATTACH_NORMAL, 0);
		if (fd >= 0)
			close_node(fd);
		usleep(err ? 100000 : 0);
	}
	if (err)
		complain("%s can't be used any more", b->serial);
	state = sim(n, "state");
	sim_text(state, "mode", mode, sizeof(mode));
	sim_text(state, "core", core, sizeof(core));
	sim_text(state, "nrst_low", nrst, sizeof(nrst));
	if (strcmp(mode, "mass") || !strcmp(core, "halted") ||
	    strcmp(nrst, "false"))
		complain("%s at the end: mode %s, core %s, nRST low: %s",
			 b->serial, mode, core, nrst);
}

static void load_image(int i, const char *path)
{
	FILE *f = fopen(path, "re");

	if (!f)
		die(path);
	crowd->images[i] = path;
	crowd->image_len[i] = fread(crowd->image[i], 1, IMAGE_MAX, f);
	fclose(f);
}

static int tell(void)
{
	static const char *const names[] = {
		"kill", "stop", "tool", "unbind", "reset", "runtime", "suspend",
		"unplug", "power", "unload",
	};
	unsigned int i, lives = 0;
	int bad = 0;

	report(stdout);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		printf("%s:%u ", names[i], crowd->torments[i]);
	for (i = 0; i < SLOTS; i++)
		lives += crowd->slot[i].life;
	printf("processes:%u seed:%lu\n", lives, (unsigned long)crowd->seed);
	for (i = 0; i < SLOTS; i++) {
		if (!crowd->slot[i].failed)
			continue;
		printf("process %u, life %u: %s\n", i, crowd->slot[i].life,
		       crowd->slot[i].complaint);
		bad = 1;
	}
	return bad;
}

int main(int argc, char **argv)
{
	uint64_t patience;
	bool well = true;
	int i;

	if (argc != 7) {
		fprintf(stderr, "usage: crowd SECONDS SUSPENDS SEED MODULE IMAGE1 IMAGE2\n");
		return 2;
	}
	crowd = mmap(NULL, sizeof(*crowd), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (crowd == MAP_FAILED)
		die("mmap");
	me = &crowd->slot[TORMENTOR];
	crowd->suspends = atoi(argv[2]);
	crowd->seed = strtoull(argv[3], NULL, 0);
	crowd->ko = argv[4];
	load_image(0, argv[5]);
	load_image(1, argv[6]);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	rnd_seed(crowd->seed);
	for (i = 0; i < PROBES; i++)
		prepare(i);
	crowd->end = now() + strtoull(argv[1], NULL, 0) * NS;
	for (i = 0; i < SLOTS; i++)
		start(i);
	while (well && now() < crowd->end) {
		usleep(50000);
		well = reap(true);
	}
	finish(!well);
	patience = now() + 6 * LIMIT_S * NS;
	while (anybody() && now() < patience) {
		usleep(50000);
		well &= reap(false);
		/* Again: the tormentor may have stopped one after the first. */
		finish(!well);
	}
	if (anybody())
		well = false;
	for (i = 0; i < PROBES && well; i++)
		idle(i);
	return tell() || !well;
}
