// SPDX-License-Identifier: GPL-2.0-only
/*
 * bounded [HOSTILE [REQUESTS]] - what one program can take from the others.
 *
 * Time: so many programs make the longest calls that there are, one after the
 * other; one that asks for a trifle now and then may have to wait for
 * STLINK_MAX_HOLD_MS of each of them, twice if they are quick to come back.
 * Memory: what batches make the kernel hold while they wait for a page that never
 * comes, as the memory cgroup counts it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "files.h"
#include "ioctl.h"
#include "ops.h"

#define GROUP		"/sys/fs/cgroup/stlink-bounded"
#define HANDLES		64
/* What the header says of a batch under way, bytes */
#define PER_HANDLE	(80 * 1024)
/* Page tables and the like, for all together */
#define SLACK		(512 * 1024)
/* For a machine that is busy with other things, ms */
#define PATIENCE	20000

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	printf("%s: %s\n", what, strerror(errno));
	exit(2);
}

/* One of the calls that take longest; the core doesn't halt, nothing matches */
static int long_call(int fd, unsigned int i)
{
	static uint8_t buf[STLINK_MAX_BYTES];
	struct stlink_mem_op poll_op = { .op = STLINK_OP_POLL, .length = 4,
		.addr = SRAM_BASE, .mask = ~0u, .value = 0x12345678,
		.timeout_ms = STLINK_MAX_TIMEOUT_MS };
	struct stlink_dap_op dap = { .op = STLINK_OP_POLL, .port = STLINK_DAP_DP,
		.mask = ~0u, .value = 0x12345678,
		.timeout_ms = STLINK_MAX_TIMEOUT_MS };
	struct stlink_mem_op one_by_one = rd_op(SRAM_BASE, buf, sizeof(buf), 1,
		STLINK_MEM_NO_INCREMENT | STLINK_MEM_ONCE);
	struct stlink_core core = { .timeout_ms = STLINK_MAX_TIMEOUT_MS };

	switch (i % 6) {
	case 0:
		return do_mem(fd, &poll_op, 1, NULL);
	case 1:
		return do_dap(fd, &dap, 1, NULL);
	case 2:
		return do_mem(fd, &one_by_one, 1, NULL);
	case 3:
		core.op = STLINK_CORE_WAIT;
		return stl_ioc_core(fd, &core);
	case 4:
		core.op = STLINK_CORE_HALT;
		return stl_ioc_core(fd, &core);
	default:
		core.op = STLINK_CORE_RESET;
		core.flags = STLINK_CORE_F_CATCH | STLINK_CORE_F_SYSRESETREQ;
		return stl_ioc_core(fd, &core);
	}
}

static pid_t hostile(struct probe *p, unsigned int number)
{
	pid_t pid = fork();
	unsigned int i;
	int fd;

	if (pid)
		return pid;
	fd = client_open(p, O_RDWR);
	for (i = number; fd >= 0; i++)
		if (long_call(fd, i) == -ENOTCONN)
			do_attach(fd, STLINK_ATTACH_HOTPLUG);
	_exit(1);
}

/* How long the @i-th trifle takes, ms */
static unsigned int trifle(int fd, unsigned int i)
{
	struct stlink_voltage v = { 0 };
	uint64_t ns = now_ns();
	uint32_t word;
	int ret;

	switch (i % 3) {
	case 0:
		ret = stl_ioc_voltage(fd, &v);
		break;
	case 1:
		ret = do_core(fd, STLINK_CORE_STATUS, 0, NULL);
		break;
	default:
		ret = mem_rd(fd, FLASH_BASE, &word, 4, 4, NULL);
	}
	must(!ret || ret == -ENOTCONN, "asking for a trifle");
	if (ret)
		do_attach(fd, STLINK_ATTACH_HOTPLUG);
	return (now_ns() - ns) / 1000000;
}

static bool bounded_time(struct probe *p, unsigned int num,
			 unsigned int requests)
{
	unsigned int limit = 2 * num * STLINK_MAX_HOLD_MS + PATIENCE;
	unsigned int i, ms, longest = 0, sum = 0;
	int fd = client_open(p, O_RDONLY);
	pid_t *pids = calloc(num, sizeof(*pids));

	must(fd >= 0 && pids, "open");
	must(!do_attach(fd, STLINK_ATTACH_HOTPLUG), "attach");
	for (i = 0; i < num; i++)
		pids[i] = hostile(p, i);
	for (i = 0; i < requests; i++) {
		usleep(300000);
		ms = trifle(fd, i);
		longest = ms > longest ? ms : longest;
		sum += ms;
		probe_clear_log(p);
	}
	for (i = 0; i < num; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < num; i++)
		waitpid(pids[i], NULL, 0);
	close(fd);
	free(pids);
	printf("time: %u programs, %u requests of another: longest wait %u ms, "
	       "%u ms on average, limit %u ms\n", num, requests, longest,
	       sum / requests, limit);
	return longest <= limit;
}

static pthread_barrier_t ready;

struct staller {
	pthread_t thread;
	int fd;
	uint8_t *data;
	int ret;
};

/* As much as a batch can have, the last byte of it where the page is missing */
static void *stall(void *arg)
{
	struct stlink_mem_op op[STLINK_MAX_OPS];
	const uint32_t each = STLINK_MAX_BYTES / STLINK_MAX_OPS;
	struct staller *s = arg;
	unsigned int i;

	for (i = 0; i < STLINK_MAX_OPS; i++)
		op[i] = wr_op(BIGRAM_BASE + i * each, s->data + i * each, each,
			      4, 0);
	pthread_barrier_wait(&ready);
	pthread_barrier_wait(&ready);
	/* Without a session: it ends when the page has come */
	s->ret = do_mem(s->fd, op, STLINK_MAX_OPS, NULL);
	return NULL;
}

static long charged(void)
{
	char text[8192], *at;

	must(!file_read(GROUP "/memory.stat", text, sizeof(text)), "memory.stat");
	at = strstr(text, "\nkernel ");
	must(at, "no \"kernel\" in memory.stat");
	return strtol(at + 8, NULL, 10);
}

static int missing_page(uint8_t *page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { .start = (uintptr_t)page, .len = 4096 },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	must(fd >= 0 && !ioctl(fd, UFFDIO_API, &api) &&
	     !ioctl(fd, UFFDIO_REGISTER, &reg), "userfaultfd");
	return fd;
}

/* How many wait for it now */
static unsigned int waiters(int uffd, unsigned int want)
{
	struct pollfd pfd = { .fd = uffd, .events = POLLIN };
	struct uffd_msg msg;
	unsigned int n = 0;

	while (n < want && poll(&pfd, 1, 60000) > 0)
		n += read(uffd, &msg, sizeof(msg)) == sizeof(msg);
	return n;
}

/* In the group: @handles descriptors, HANDLES threads; returns what they hold */
static long held(struct probe *p, unsigned int handles)
{
	static struct staller s[HANDLES];
	uint8_t *data = mmap(NULL, STLINK_MAX_BYTES, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_zeropage zero = { 0 };
	unsigned int i, n;
	long before, now;
	int uffd;

	must(data != MAP_FAILED, "mmap");
	memset(data, 0, STLINK_MAX_BYTES - 4096);
	uffd = missing_page(data + STLINK_MAX_BYTES - 4096);
	for (i = 0; i < HANDLES; i++) {
		s[i] = (struct staller) { .data = data, .fd = i < handles ?
			client_open(p, O_RDWR) : s[0].fd };
		must(s[i].fd >= 0, "open");
		must(!pthread_create(&s[i].thread, NULL, stall, &s[i]),
		     "thread");
	}
	/* Stacks don't count */
	pthread_barrier_wait(&ready);
	before = charged();
	pthread_barrier_wait(&ready);
	n = waiters(uffd, handles);
	/* That others of one descriptor hold nothing is to be seen, too */
	sleep(2);
	now = charged();
	printf("memory: %u descriptors with %u threads, %u of them in the middle "
	       "of a batch: %ld bytes charged\n", handles, HANDLES, n,
	       now - before);
	zero.range.start = (uintptr_t)data + STLINK_MAX_BYTES - 4096;
	zero.range.len = 4096;
	must(!ioctl(uffd, UFFDIO_ZEROPAGE, &zero), "page");
	for (i = 0; i < HANDLES; i++) {
		pthread_join(s[i].thread, NULL);
		if (i < handles)
			close(s[i].fd);
	}
	close(uffd);
	return n == handles ? now - before : -1;
}

static int in_group(struct probe *p)
{
	char pid[16];
	long many, one;

	snprintf(pid, sizeof(pid), "%d", getpid());
	must(!file_write(GROUP "/cgroup.procs", pid), "cgroup.procs");
	pthread_barrier_init(&ready, NULL, HANDLES + 1);
	many = held(p, HANDLES);
	one = held(p, 1);
	return many >= HANDLES * (STLINK_MAX_BYTES + 8192L) &&
	       many <= HANDLES * (long)PER_HANDLE + SLACK &&
	       one >= 0 && one <= PER_HANDLE + SLACK ? 0 : 1;
}

static bool bounded_memory(struct probe *p)
{
	int status;
	pid_t pid;

	file_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	must(!mkdir(GROUP, 0700) && !access(GROUP "/memory.stat", R_OK),
	     "memory cgroup");
	pid = fork();
	if (!pid)
		exit(in_group(p));
	must(waitpid(pid, &status, 0) == pid, "wait");
	rmdir(GROUP);
	return !status;
}

int main(int argc, char **argv)
{
	unsigned int num = argc > 1 ? strtoul(argv[1], NULL, 0) : 2;
	unsigned int requests = argc > 2 ? strtoul(argv[2], NULL, 0) : 6;
	struct probe *p;
	bool ok;

	setvbuf(stdout, NULL, _IOLBF, 0);
	client_preconditions();
	p = probe_new(&probe_default);
	must(p && !client_plug(p), "plug");
	p->target.halt_works = false;
	/* Not so many exchanges that the probe's log is full */
	probe_rule(p, (struct rule) { .group = 0xf2, .op = 0x3e,
		.count = FOREVER, .action = RULE_DELAY, .arg = 1 });
	ok = bounded_time(p, num, requests);
	probe_clear_rules(p);
	ok = bounded_memory(p) && ok;
	probe_free(p);
	return ok ? 0 : 1;
}
