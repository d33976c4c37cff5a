// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs whose memory takes for ever: pages that are served by userfaultfd
 * and never are. Nobody else may have to wait for such a copy; and what one
 * descriptor can tie up meanwhile is bounded.
 */
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "ops.h"

/* Which pointer of the call leads to the page */
enum where { OPS, WRITE_FROM, READ_TO };

/* Two descriptors with a session, a page that never comes */
FIXTURE(stalled) {
	PROBE_DATA;
	int fd2;
	int uffd;
	char *page;
	pthread_t thread;
};

FIXTURE_VARIANT(stalled) {
	enum where where;
};

FIXTURE_VARIANT_ADD(stalled, operations) { OPS };
FIXTURE_VARIANT_ADD(stalled, data_to_write) { WRITE_FROM };
FIXTURE_VARIANT_ADD(stalled, data_read) { READ_TO };

static int make_uffd(char *page, size_t len)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { .start = (uintptr_t)page, .len = len },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	if (ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg)) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}

FIXTURE_SETUP(stalled)
{
	long size = sysconf(_SC_PAGESIZE);

	self->p = NULL;
	self->page = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->page);
	self->uffd = make_uffd(self->page, size);
	if (self->uffd == -ENOSYS)
		SKIP(return, "no userfaultfd in this kernel");
	ASSERT_LE(0, self->uffd);
	PROBE_SETUP(&probe_default);
	self->fd2 = client_open(self->p, O_RDWR);
	ASSERT_LE(0, self->fd2);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
}

FIXTURE_TEARDOWN(stalled)
{
	close(self->uffd);
	close(self->fd2);
	PROBE_TEARDOWN();
}

/* A call that comes to the page, in a thread */
struct staller {
	int fd;
	char *page;
	enum where where;
	int ret;
	volatile bool over;
};

static void *stall_thread(void *arg)
{
	struct staller *s = arg;
	struct stlink_mem_op op = s->where == WRITE_FROM ?
		wr_op(SRAM_BASE, s->page, 64, 4, 0) :
		rd_op(SRAM_BASE, s->page, 64, 4, 0);

	s->ret = do_mem(s->fd, s->where == OPS ? (void *)s->page : &op, 1,
			NULL);
	s->over = true;
	return NULL;
}

/* Whether somebody waits for a page */
static bool page_wanted(int uffd, unsigned int ms)
{
	uint64_t end = now_ns() + ms * 1000000ULL;
	struct uffd_msg msg;

	while (now_ns() < end) {
		if (read(uffd, &msg, sizeof(msg)) == sizeof(msg))
			return msg.event == UFFD_EVENT_PAGEFAULT;
		usleep(1000);
	}
	return false;
}

#define STALL() do {							\
	ASSERT_EQ(0, pthread_create(&self->thread, NULL, stall_thread,	\
				    &s));				\
	ASSERT_TRUE(page_wanted(self->uffd, 5000));			\
} while (0)

/* Closing it gives the memory back its ordinary, empty pages. */
#define LET_GO() do {							\
	close(self->uffd);						\
	self->uffd = -1;						\
	pthread_join(self->thread, NULL);				\
} while (0)

TEST_F(stalled, does_not_keep_others_waiting)
{
	struct staller s = { .fd = self->fd, .page = self->page,
			     .where = variant->where };
	struct stlink_info info = { .size = sizeof(info) };
	__u32 w = 0;

	STALL();
	EXPECT_EQ(0, mem_rd(self->fd2, SRAM_BASE, &w, 4, 4, NULL));
	EXPECT_EQ(0, memcmp(&w, self->p->target.sram, 4));
	/* What isn't a batch goes on on this one, too. */
	EXPECT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_FALSE(s.over);
	LET_GO();
	EXPECT_EQ(variant->where == OPS ? -EINVAL : 0, s.ret);
}

TEST_F(stalled, unplug_does_not_wait)
{
	struct staller s = { .fd = self->fd, .page = self->page,
			     .where = variant->where };
	char name[32];
	uint64_t ns;

	ASSERT_TRUE(client_node(self->p, name, sizeof(name)));
	STALL();
	ns = now_ns();
	probe_unplug(self->p);
	EXPECT_TRUE(client_wait_gone(name, 5000));
	EXPECT_GT(patience(5000000000), now_ns() - ns);
	EXPECT_FALSE(s.over);
	LET_GO();
	/* What was read before counts. */
	EXPECT_EQ(variant->where == OPS ? -EINVAL :
		  variant->where == READ_TO ? 0 : -ENODEV, s.ret);
	EXPECT_EQ(-ENODEV, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
}

TEST_F(stalled, unbind_does_not_wait)
{
	struct staller s = { .fd = self->fd, .page = self->page,
			     .where = variant->where };
	uint64_t ns;

	STALL();
	ns = now_ns();
	EXPECT_TRUE(client_bind(self->p, false));
	EXPECT_GT(patience(5000000000), now_ns() - ns);
	EXPECT_FALSE(s.over);
	LET_GO();
	EXPECT_TRUE(client_bind(self->p, true));
}

static int batch_of_each(int fd, int kind)
{
	struct stlink_dap_op dap = { .port = 0, .reg = 0xfc };
	struct stlink_reg_op reg = { .reg = 0 };
	__u32 w;

	return kind == 0 ? mem_rd(fd, SRAM_BASE, &w, 4, 4, NULL) :
	       kind == 1 ? do_dap(fd, &dap, 1, NULL) :
			   do_reg(fd, &reg, 1, NULL);
}

/* One batch per descriptor: the second finds the first one there. */
TEST_F(stalled, one_batch_per_descriptor)
{
	struct staller s = { .fd = self->fd, .page = self->page,
			     .where = variant->where };
	int kind, status, i;
	uint64_t ns;
	pid_t pid;

	STALL();
	probe_clear_log(self->p);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_RDWR | O_NONBLOCK));
	for (kind = 0; kind < 3; kind++) {
		ns = now_ns();
		EXPECT_EQ(-EAGAIN, batch_of_each(self->fd, kind)) {
			TH_LOG("kind %d", kind);
		}
		EXPECT_GT(patience(1000000000), now_ns() - ns);
	}
	EXPECT_EQ(0, self->p->num_log);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_RDWR));
	/* It waits, and can be killed. */
	for (kind = 0; kind < 3; kind++) {
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid)
			_exit(batch_of_each(self->fd, kind) ? 1 : 0);
		usleep(100000);
		EXPECT_EQ(0, waitpid(pid, &status, WNOHANG)) {
			TH_LOG("kind %d", kind);
		}
		kill(pid, SIGKILL);
		for (i = 0; i < 2000; i++) {
			if (waitpid(pid, &status, WNOHANG) == pid)
				break;
			usleep(1000);
		}
		EXPECT_GT(2000, i);
	}
	EXPECT_EQ(0, self->p->num_log);
	EXPECT_FALSE(s.over);
	LET_GO();
	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE, &kind, 4, 4, NULL));
}

PROBE_TEST_MAIN
