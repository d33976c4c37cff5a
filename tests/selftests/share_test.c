// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nobody keeps others waiting for long: what becomes of the longest calls that
 * there are when somebody else wants the probe.
 */
#include <pthread.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "ioctl.h"
#include "ops.h"

/* Twice STLINK_MAX_HOLD_MS at worst; the machine may be slow */
#define SOON_NS		20000000000
/* What takes this long was not cut short */
#define HOLD_NS		(STLINK_MAX_HOLD_MS * 1000000ULL)

static __u8 big[STLINK_MAX_BYTES];

/* What keeps the probe busy */
enum job { POLL, DAP_POLL, ONE_BY_ONE, HALT, WAIT };

struct holder {
	pthread_t thread;
	int fd;
	enum job job;
	__u32 ms;
	int ret;
	__u32 num_done;
	struct stlink_mem_op op[2];
	struct stlink_core core;
	uint64_t ns;
	bool over;
};

struct claimer {
	int fd;
	pid_t tid;
	int ret;
};

/* Two programs with a session, one of them with a long call under way */
FIXTURE(share) {
	PROBE_DATA;
	int fd2;
	struct holder h;
};

FIXTURE_SETUP(share)
{
	PROBE_SETUP(&probe_default);
	self->fd2 = client_open(self->p, O_RDWR);
	ASSERT_LE(0, self->fd2);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	self->h = (struct holder) { .fd = self->fd };
}

FIXTURE_TEARDOWN(share)
{
	if (self->fd2 >= 0)
		close(self->fd2);
	PROBE_TEARDOWN();
}

static int hold_by(struct holder *h)
{
	struct stlink_dap_op dap = { .op = STLINK_OP_POLL, .port = STLINK_DAP_DP,
		.mask = ~0u, .value = 0x12345678, .timeout_ms = h->ms };

	switch (h->job) {
	case POLL:
		h->op[0] = (struct stlink_mem_op) { .op = STLINK_OP_POLL,
			.addr = SRAM_BASE, .length = 4, .mask = ~0u,
			.value = 0x12345678, .timeout_ms = h->ms };
		return do_mem(h->fd, h->op, 1, &h->num_done);
	case DAP_POLL:
		return do_dap(h->fd, &dap, 1, &h->num_done);
	case ONE_BY_ONE:
		h->op[0] = word_op(SRAM_BASE, (__u32 *)big);
		h->op[1] = rd_op(SRAM_BASE, big, sizeof(big) - 4, 1,
				 STLINK_MEM_NO_INCREMENT | STLINK_MEM_ONCE);
		return do_mem(h->fd, h->op, 2, &h->num_done);
	case HALT:
	case WAIT:
		h->core.op = h->job == HALT ? STLINK_CORE_HALT :
					      STLINK_CORE_WAIT;
		h->core.timeout_ms = h->ms;
		return stl_ioc_core(h->fd, &h->core);
	}
	return -EINVAL;
}

static void *hold(void *arg)
{
	struct holder *h = arg;
	uint64_t start = now_ns();

	h->ret = hold_by(h);
	h->ns = now_ns() - start;
	__atomic_store_n(&h->over, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool is_over(struct holder *h)
{
	return __atomic_load_n(&h->over, __ATOMIC_ACQUIRE);
}

#define HOLD(what, how_long) do {					\
	unsigned int n_ = self->p->num_log;				\
	self->h.job = what;						\
	self->h.ms = how_long;						\
	ASSERT_EQ(0, pthread_create(&self->h.thread, NULL, hold, &self->h)); \
	while (*(volatile unsigned int *)&self->p->num_log < n_ + 4)	\
		usleep(1000);						\
} while (0)

/* What the other program asks for is answered before long. */
#define EXPECT_SOON(ret, call) do {					\
	uint64_t ns_ = now_ns();					\
	EXPECT_EQ(ret, call);						\
	EXPECT_GT(SOON_NS, now_ns() - ns_);				\
} while (0)

TEST_F_TIMEOUT(share, poll, 120)
{
	struct stlink_voltage v = { 0 };

	HOLD(POLL, STLINK_MAX_TIMEOUT_MS);
	EXPECT_SOON(0, stl_ioc_voltage(self->fd2, &v));
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-EINTR, self->h.ret);
	EXPECT_EQ(0, self->h.num_done);
	EXPECT_LE(HOLD_NS, self->h.ns);
}

TEST_F_TIMEOUT(share, dap_poll, 120)
{
	HOLD(DAP_POLL, STLINK_MAX_TIMEOUT_MS);
	EXPECT_SOON(0, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-EINTR, self->h.ret);
	EXPECT_EQ(0, self->h.num_done);
}

/* As many exchanges as a batch can have: the count says how far it came. */
TEST_F_TIMEOUT(share, one_by_one, 120)
{
	memset(big, POISON, sizeof(big));
	memset(target_ram(&self->p->target, SRAM_BASE), 0x11, 4);
	/* Not so many that the log is full */
	probe_rule(self->p, (struct rule) { .group = 0xf2, .op = 0x3e,
		.count = FOREVER, .action = RULE_DELAY, .arg = 1 });
	HOLD(ONE_BY_ONE, 0);
	EXPECT_SOON(0, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-EINTR, self->h.ret);
	EXPECT_EQ(1, self->h.num_done);
	EXPECT_LT(0, self->h.op[1].done);
	EXPECT_GT(sizeof(big) - 4, self->h.op[1].done);
	EXPECT_TRUE(all_are(big, 0x11, self->h.op[1].done));
	EXPECT_TRUE(all_are(big + self->h.op[1].done, POISON,
			    sizeof(big) - 4 - self->h.op[1].done));
}

TEST_F_TIMEOUT(share, halt, 120)
{
	self->p->target.halt_works = false;
	HOLD(HALT, STLINK_MAX_TIMEOUT_MS);
	EXPECT_SOON(0, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-EINTR, self->h.ret);
}

/* Only waiting: others come and go, it is told nothing. */
TEST_F_TIMEOUT(share, wait, 120)
{
	struct stlink_core c = { 0 };
	int i;

	HOLD(WAIT, STLINK_MAX_TIMEOUT_MS);
	for (i = 0; i < 3; i++) {
		EXPECT_SOON(0, do_core(self->fd2, STLINK_CORE_STATUS, 0, &c));
		EXPECT_EQ(0, c.state & STLINK_CORE_HALTED);
	}
	EXPECT_FALSE(is_over(&self->h));
	EXPECT_SOON(0, do_core(self->fd2, STLINK_CORE_HALT, 0, NULL));
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(0, self->h.ret);
	EXPECT_NE(0, self->h.core.state & STLINK_CORE_HALTED);
	EXPECT_EQ(STLINK_MAX_TIMEOUT_MS, self->h.core.timeout_ms);
}

/* Its time is over when it would have been; a reset that it saw is told. */
TEST_F_TIMEOUT(share, end_of_a_wait, 120)
{
	HOLD(WAIT, 2 * STLINK_MAX_HOLD_MS);
	usbip_lock(self->p->usb);
	self->p->target.was_reset = true;
	usbip_unlock(self->p->usb);
	while (!is_over(&self->h)) {
		EXPECT_EQ(0, mem_rd(self->fd2, SRAM_BASE, big, 4, 4, NULL));
		usleep(1000);
	}
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-ETIMEDOUT, self->h.ret);
	EXPECT_LE(2 * HOLD_NS, self->h.ns);
	EXPECT_GT(2 * HOLD_NS + SOON_NS, self->h.ns);
	EXPECT_NE(0, self->h.core.state & STLINK_CORE_WAS_RESET);
}

/* With nobody waiting there is no hurry. */
TEST_F(share, alone)
{
	HOLD(POLL, STLINK_MAX_HOLD_MS + 1000);
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-ETIMEDOUT, self->h.ret);
	EXPECT_LE(HOLD_NS + 1000000000, self->h.ns);
}

/* O_NONBLOCK doesn't wait, so it doesn't disturb. */
TEST_F(share, nonblock)
{
	ASSERT_EQ(0, fcntl(self->fd2, F_SETFL, O_RDWR | O_NONBLOCK));
	HOLD(POLL, STLINK_MAX_HOLD_MS + 1000);
	while (!is_over(&self->h)) {
		do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL);
		usleep(20000);
	}
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-ETIMEDOUT, self->h.ret);
}

TEST_F(share, claimed)
{
	struct stlink_claim c = { 0 };

	ASSERT_EQ(0, stl_ioc_claim(self->fd, &c));
	HOLD(POLL, STLINK_MAX_HOLD_MS + 1000);
	/* The claim outlives the call */
	while (!is_over(&self->h)) {
		EXPECT_SOON(-EBUSY, do_core(self->fd2, STLINK_CORE_STATUS, 0,
					    NULL));
		usleep(20000);
	}
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-ETIMEDOUT, self->h.ret);
}

static void *claim(void *arg)
{
	struct claimer *cl = arg;
	struct stlink_claim c = { 0 };

	__atomic_store_n(&cl->tid, gettid(), __ATOMIC_RELEASE);
	cl->ret = stl_ioc_claim(cl->fd, &c);
	return NULL;
}

/* Is a thread of this process asleep? */
static bool sleeps(pid_t tid)
{
	char path[64], state = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(f);
	return state == 'S';
}

/* It was nobody's when the other program began to wait. */
TEST_F_TIMEOUT(share, claimed_while_waiting, 120)
{
	struct claimer cl = { .fd = self->fd };
	pthread_t thread;

	HOLD(POLL, STLINK_MAX_TIMEOUT_MS);
	ASSERT_EQ(0, pthread_create(&thread, NULL, claim, &cl));
	while (!__atomic_load_n(&cl.tid, __ATOMIC_ACQUIRE) || !sleeps(cl.tid))
		usleep(1000);
	EXPECT_EQ(-EBUSY, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
	pthread_join(thread, NULL);
	EXPECT_EQ(0, cl.ret);
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-EINTR, self->h.ret);
}

/* Nor does the end of another program take as long as a claimed call. */
TEST_F_TIMEOUT(share, close, 120)
{
	struct stlink_claim c = { 0 };

	ASSERT_EQ(0, stl_ioc_claim(self->fd, &c));
	HOLD(POLL, STLINK_MAX_TIMEOUT_MS);
	EXPECT_SOON(0, close(self->fd2));
	self->fd2 = -1;
	pthread_join(self->h.thread, NULL);
	EXPECT_EQ(-EINTR, self->h.ret);
}

PROBE_TEST_MAIN
