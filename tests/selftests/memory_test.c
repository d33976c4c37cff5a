// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's memory: what a program can make the driver hold on to is
 * charged to it, and running out of it is an error like any other.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "files.h"

#define GROUP	"/sys/fs/cgroup/stlink-selftest"

static __u8 big[STLINK_MAX_BYTES];

FIXTURE(charged) {
	PROBE_DATA;
};

FIXTURE_SETUP(charged)
{
	self->p = NULL;
	file_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir(GROUP, 0700) || access(GROUP "/memory.max", W_OK)) {
		rmdir(GROUP);
		SKIP(return, "no memory controller");
	}
	PROBE_SETUP(&probe_default);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
}

FIXTURE_TEARDOWN(charged)
{
	rmdir(GROUP);
	PROBE_TEARDOWN();
}

/* In a child that mayn't have one page more than it has, nor be killed */
static int without_memory(int fd)
{
	/* Opening a file takes memory, too. */
	int limit = open(GROUP "/memory.max", O_WRONLY | O_CLOEXEC), ret;
	static struct stlink_dap_op dap[STLINK_MAX_OPS];
	char pid[16];

	memset(dap, 0, sizeof(dap));

	snprintf(pid, sizeof(pid), "%d", getpid());
	if (file_write("/proc/self/oom_score_adj", "-1000") ||
	    mlockall(MCL_CURRENT) || file_write(GROUP "/cgroup.procs", pid) ||
	    write(limit, "0", 1) != 1)
		return 1;
	ret = mem_rd(fd, BIGRAM_BASE, big, sizeof(big), 4, NULL);
	/* Operations count as well. */
	if (ret == -ENOMEM)
		ret = do_dap(fd, dap, STLINK_MAX_OPS, NULL);
	if (write(limit, "max", 3) != 3 || ret != -ENOMEM)
		return 2;
	/* Now there is some again. */
	return mem_rd(fd, BIGRAM_BASE, big, sizeof(big), 4, NULL) ? 3 : 0;
}

TEST_F(charged, batch)
{
	int status;
	pid_t pid;

	probe_clear_log(self->p);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(without_memory(self->fd));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/* Slab memory in use, as the kernel counts it, in KiB */
static long unreclaimable(void)
{
	char text[4096], *at;

	if (file_read("/proc/meminfo", text, sizeof(text)))
		return -1;
	at = strstr(text, "SUnreclaim:");
	return at ? strtol(at + 11, NULL, 10) : -1;
}

/* Calls that fail half way leave nothing behind. */
TEST_F(probe, nothing_is_lost)
{
	struct stlink_mem_op op[2];
	long before, after;
	int i;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	for (i = 0; i < 2; i++)
		op[i] = (struct stlink_mem_op) { .op = STLINK_OP_WRITE,
			.addr = SRAM_BASE, .length = STLINK_MAX_BYTES / 2,
			.buf = (uintptr_t)big };
	op[1].buf = 8;
	before = unreclaimable();
	ASSERT_LE(0, before);
	for (i = 0; i < 4000; i++)
		if (do_mem(self->fd, op, 2, NULL) != -EFAULT)
			break;
	EXPECT_EQ(4000, i);
	after = unreclaimable();
	/* 4000 times 64 KiB would be 250 MiB. */
	EXPECT_GT(before + 32 * 1024, after);
}

PROBE_TEST_MAIN
