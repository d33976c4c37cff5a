// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctl_fuzz - a hostile program.
 *
 *   ioctl_fuzz [--calls N] [--seed N]
 *
 * Eight threads make calls that are right, wrong, or in the way of one another,
 * on descriptors that others close meanwhile, with a scripted probe (that of the
 * self-tests) behind the driver that is pulled out, reset, unbound, and a module
 * that is unloaded. Each call has to come back, with an errno that the header
 * has; the probe must never see what no host may send (conform.c of the
 * self-tests); and in the end the module can be unloaded. What the kernel thinks of
 * it is found by whoever runs this.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "fuzz.h"

/* Longer than anything that the driver may wait for, on the slowest machine */
#define HANG_MS		180000

/* What lengths that others change meanwhile can lead to behind the shared memory */
#define FENCE		(2 * STLINK_MAX_BYTES)

struct worker {
	pthread_t thread;
	unsigned int number;
	struct gen g;
	/* now_ns() when the call under way began, or 0 */
	atomic_ullong since;
	struct fuzz_call call;
};

atomic_bool fuzz_drain;
atomic_uint fuzz_drained;

static atomic_bool stop;
static unsigned long others[4];	/* reads, maps, polls, forks */

static void on_signal(int sig)
{
	(void)sig;
}

static void one_call(struct worker *w)
{
	int fd = fuzz_slot_any(&w->g, w->number), err;

	fuzz_gen_call(&w->g, &w->call);
	atomic_store(&w->since, now_ns());
	err = ioctl(fd, w->call.nr, w->call.arg) ? errno : 0;
	atomic_store(&w->since, 0);
	/* Not open: no call was made. */
	if (err != EBADF)
		fuzz_count(&w->call, err);
	/* Who has it keeps seven others away. */
	if (!err && w->call.nr == STLINK_IOC_CLAIM && !fuzz_one_in(&w->g, 8))
		ioctl(fd, STLINK_IOC_RELEASE);
	if (err == EBADF || err == ENODEV)
		fuzz_slot_died(&w->g, fd);
}

/* What one does with other files */
static void other_call(struct worker *w)
{
	int fd = fuzz_slot_any(&w->g, w->number);
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLPRI };
	char buf[16];
	void *p;

	switch (fuzz_below(&w->g, 8)) {
	case 0:
		if (read(fd, buf, sizeof(buf)) >= 0 ||
		    write(fd, buf, sizeof(buf)) >= 0)
			abort();	/* there is nothing of the kind */
		__atomic_fetch_add(&others[0], 2, __ATOMIC_RELAXED);
		break;
	case 1:
		lseek(fd, fuzz_value(&w->g), SEEK_SET);
		fsync(fd);
		p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		if (p != MAP_FAILED)
			abort();
		__atomic_fetch_add(&others[1], 3, __ATOMIC_RELAXED);
		break;
	default:
		poll(&pfd, 1, fuzz_below(&w->g, 2));
		__atomic_fetch_add(&others[2], 1, __ATOMIC_RELAXED);
	}
}

static void complain_of_hang(const struct worker *w)
{
	char line[256];
	FILE *f;

	printf("thread %u: ioctl %lx (row %u) doesn't come back\n", w->number,
	       w->call.nr, w->call.row);
	fflush(stdout);
	f = popen("cat /proc/[0-9]*/task/*/stack 2>/dev/null | grep -A 20 stlink",
		  "r");
	while (f && fgets(line, sizeof(line), f))
		fputs(line, stdout);
	fflush(stdout);
	_exit(2);
}

/* A child has the same files; it ends by itself, or is killed in a call. */
static void fork_one(struct worker *w)
{
	int status, i;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return;
	if (!pid) {
		/* Nobody would be left to answer for the probe */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		w->g.state ^= 0x5deece66d;
		for (i = 0; i < 40; i++)
			one_call(w);
		_exit(0);
	}
	__atomic_fetch_add(&others[3], 1, __ATOMIC_RELAXED);
	usleep(fuzz_below(&w->g, 30000));
	if (fuzz_one_in(&w->g, 2))
		kill(pid, SIGKILL);
	for (i = 0; !waitpid(pid, &status, WNOHANG); i++) {
		/* A long wait that nobody else would end */
		if (i > 100)
			kill(pid, SIGKILL);
		if (i > HANG_MS / 20)
			complain_of_hang(w);
		usleep(20000);
	}
}

static void *work(void *arg)
{
	struct worker *w = arg;
	uint32_t r;

	while (!atomic_load(&stop)) {
		if (atomic_load(&fuzz_drain)) {
			fuzz_slot_close_own(w->number);
			atomic_fetch_add(&fuzz_drained, 1);
			while (atomic_load(&fuzz_drain))
				usleep(1000);
			atomic_fetch_sub(&fuzz_drained, 1);
		}
		r = fuzz_below(&w->g, 1000);
		if (r < 20)
			fuzz_slot_shuffle(&w->g, w->number);
		else if (r < 50)
			other_call(w);
		else if (r == 50 && fuzz_one_in(&w->g, 4))
			fork_one(w);
		else
			one_call(w);
	}
	fuzz_slot_close_own(w->number);
	return NULL;
}

static void watch(struct worker *w)
{
	uint64_t since = atomic_load(&w->since);

	if (since && now_ns() - since > HANG_MS * 1000000ULL)
		complain_of_hang(w);
}

/* The log of the probe has an end */
static unsigned long take_log(struct probe *p)
{
	unsigned long n;

	usbip_lock(p->usb);
	n = p->num_log;
	p->num_log = 0;
	usbip_unlock(p->usb);
	return n;
}

static bool unload(void)
{
	int i;

	for (i = 0; i < 100; i++) {
		if (!syscall(SYS_delete_module, "stlink", O_NONBLOCK))
			return !system("modprobe stlink");
		usleep(50000);
	}
	printf("the module can't be unloaded: %s\n", strerror(errno));
	return false;
}

static bool run(struct probe *p, struct worker *workers, unsigned long calls,
		uint64_t seed, uint8_t *shared)
{
	unsigned long ids[FUZZ_THREADS], commands = 0;
	struct fuzz_disturb *d;
	uint64_t start = now_ns(), said = start;
	bool ok = true;
	int i;

	for (i = 0; i < FUZZ_THREADS; i++) {
		workers[i].number = i;
		if (fuzz_gen_init(&workers[i].g, seed + i, shared) ||
		    pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			return false;
		ids[i] = workers[i].thread;
	}
	d = fuzz_disturb_start(p, seed + FUZZ_THREADS, calls, ids);
	if (!d)
		return false;
	while (fuzz_counted() < calls) {
		usleep(20000);
		/* Whoever waits for a million wants to see it go on */
		if (now_ns() - said > 60000000000) {
			said = now_ns();
			printf("%lu calls, %lu commands\n", fuzz_counted(),
			       commands);
		}
		commands += take_log(p);
		for (i = 0; i < FUZZ_THREADS; i++)
			watch(&workers[i]);
	}
	ok = fuzz_disturb_stop(d);
	atomic_store(&stop, true);
	for (i = 0; i < FUZZ_THREADS; i++) {
		while (pthread_tryjoin_np(workers[i].thread, NULL)) {
			pthread_kill(workers[i].thread, SIGUSR1);
			watch(&workers[i]);
			usleep(20000);
		}
	}
	fuzz_slot_close_shared();
	commands += take_log(p);
	printf("%lu reads and writes, %lu seeks, maps and syncs, %lu polls, "
	       "%lu forks\n", others[0], others[1], others[2], others[3]);
	return fuzz_count_print((now_ns() - start) / 1e9, commands) && ok;
}

int main(int argc, char **argv)
{
	static struct worker workers[FUZZ_THREADS];
	struct sigaction act = { .sa_handler = on_signal };
	unsigned long calls = 20000;
	uint64_t seed = now_ns();
	struct probe *p;
	uint8_t *shared;
	char name[32];
	bool ok;
	int i;

	for (i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--calls"))
			calls = strtoul(argv[i + 1], NULL, 0);
		else if (!strcmp(argv[i], "--seed"))
			seed = strtoull(argv[i + 1], NULL, 0);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ioctl_fuzz --calls %lu --seed %llu, %zu bits\n", calls,
	       (unsigned long long)seed, 8 * sizeof(void *));
	client_preconditions();
	sigaction(SIGUSR1, &act, NULL);
	act.sa_flags = SA_RESTART;
	sigaction(SIGUSR2, &act, NULL);

	shared = mmap(NULL, FUZZ_SHARED_LEN + FENCE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	p = probe_new(&probe_default);
	if (shared == MAP_FAILED ||
	    mprotect(shared + FUZZ_SHARED_LEN, FENCE, PROT_NONE) || !p ||
	    fuzz_slots_init() || fuzz_count_init() || client_plug(p) ||
	    !client_wait_node(p, name, sizeof(name), 30000)) {
		printf("no probe\n");
		return 2;
	}
	ok = run(p, workers, calls, seed, shared);
	if (p->num_violations) {
		printf("%u things that no host may do to a probe, first: %s\n",
		       p->num_violations, p->violation);
		ok = false;
	}
	probe_free(p);
	ok = client_wait_forgotten(60000) && unload() && ok;
	printf("%s\n", ok ? "all is well" : "failed");
	return ok ? 0 : 1;
}
