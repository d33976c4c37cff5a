// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several programs on one probe: sessions that are shared, batches that are
 * not interleaved, claims, O_NONBLOCK, signals.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "ioctl.h"

/* Few: others wait for their end, and that isn't to take STLINK_MAX_HOLD_MS */
#define BATCH	12
#define ROUNDS	24

FIXTURE(two) {
	PROBE_DATA;
	int fd2;
};

FIXTURE_SETUP(two)
{
	PROBE_SETUP(&probe_default);
	self->fd2 = client_open(self->p, O_RDWR);
	ASSERT_LE(0, self->fd2);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
}

FIXTURE_TEARDOWN(two)
{
	close(self->fd2);
	PROBE_TEARDOWN();
}

struct batcher {
	pthread_t thread;
	int fd;
	__u32 addr;
	struct target *target;
	int wrong;
	int cut;
};

static void *batch_thread(void *arg)
{
	struct batcher *b = arg;
	struct stlink_mem_op op[BATCH];
	__u8 buf[BATCH][16];
	int i, k, ret;

	for (i = 0; i < ROUNDS; i++) {
		for (k = 0; k < BATCH; k++)
			op[k] = (struct stlink_mem_op) {
				.addr = b->addr + 16 * k, .width = 4,
				.length = 16, .buf = (uintptr_t)buf[k] };
		memset(buf, 0, sizeof(buf));
		ret = do_mem(b->fd, op, BATCH, NULL);
		if (ret == -EINTR) {
			b->cut++;
			continue;
		}
		b->wrong += !!ret;
		b->wrong += !!memcmp(buf, target_ram(b->target, b->addr),
				     sizeof(buf));
	}
	return NULL;
}

TEST_F_TIMEOUT(two, batches_are_not_interleaved, 120)
{
	struct batcher b[2] = {
		{ .fd = self->fd, .addr = SRAM_BASE },
		{ .fd = self->fd2, .addr = SRAM_BASE + 0x800 },
	};
	unsigned int i, run = 0, side, last = 2, cut = 0, broken = 0;

	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	probe_clear_log(self->p);
	for (i = 0; i < 2; i++) {
		b[i].target = &self->p->target;
		ASSERT_EQ(0, pthread_create(&b[i].thread, NULL, batch_thread,
					    &b[i]));
	}
	for (i = 0; i < 2; i++) {
		pthread_join(b[i].thread, NULL);
		EXPECT_EQ(0, b[i].wrong);
		cut += b[i].cut;
	}
	/* Of a machine that is very slow: the rest has something to tell */
	EXPECT_GT(ROUNDS, cut);
	EXPECT_TRUE(cut || probe_count(self->p, 0xf2, 0x07) ==
		    2 * BATCH * ROUNDS);
	for (i = 0; i < self->p->num_log; i++) {
		if (self->p->log[i].cmd[1] != 0x07)
			continue;
		side = get32(self->p->log[i].cmd + 2) >= SRAM_BASE + 0x800;
		if (side != last) {
			broken += run % BATCH != 0;
			run = 0;
		}
		last = side;
		run++;
	}
	EXPECT_GE(cut, broken);
}

TEST_F(two, join_and_leave)
{
	struct stlink_attach a = { .size = sizeof(a) };
	struct stlink_info info = { .size = sizeof(info) };
	__u32 first;

	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	first = info.generation;
	info = (struct stlink_info) { .size = sizeof(info) };
	ASSERT_EQ(0, call(self->fd2, STLINK_IOC_INFO, &info));
	EXPECT_EQ(STLINK_STATE_SESSION, info.state);
	EXPECT_EQ(-ENOTCONN, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	ASSERT_EQ(0, call(self->fd2, STLINK_IOC_ATTACH, &a));
	EXPECT_EQ(STLINK_ATTACHED_JOINED | STLINK_ATTACHED_HALTED, a.result);
	EXPECT_EQ(first, a.generation);
	EXPECT_EQ(DPIDR_M0, a.dpidr);
	/* The first goes, the second keeps the target. */
	probe_clear_log(self->p);
	EXPECT_EQ(0, do_detach(self->fd));
	EXPECT_EQ(0, self->p->num_log);
	EXPECT_EQ(-ENOTCONN, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_EQ(0, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_TRUE(self->p->target.halted);
	EXPECT_EQ(0, do_detach(self->fd2));
	EXPECT_FALSE(self->p->target.halted);
	EXPECT_EQ(MODE_MASS, self->p->mode);
}

/* The clock of a session that others joined: only slower, and not by those
 * who may only look.
 */
TEST_F(two, clock_of_a_shared_session)
{
	struct stlink_attach a = { .size = sizeof(a), .clock_khz = 4000 };
	int fd = client_open(self->p, O_RDONLY);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, call(self->fd2, STLINK_IOC_ATTACH, &a));
	EXPECT_EQ(1800, a.clock_khz);
	a = (struct stlink_attach) { .size = sizeof(a), .clock_khz = 950 };
	EXPECT_EQ(-EPERM, call(fd, STLINK_IOC_ATTACH, &a));
	EXPECT_EQ(1, self->p->divisor);
	a = (struct stlink_attach) { .size = sizeof(a), .clock_khz = 1800 };
	EXPECT_EQ(0, call(fd, STLINK_IOC_ATTACH, &a));
	EXPECT_EQ(0, do_detach(self->fd2));
	a = (struct stlink_attach) { .size = sizeof(a), .clock_khz = 950 };
	EXPECT_EQ(0, call(self->fd2, STLINK_IOC_ATTACH, &a));
	EXPECT_EQ(950, a.clock_khz);
	EXPECT_EQ(3, self->p->divisor);
	/* Joining without a wish leaves it so. */
	EXPECT_EQ(0, do_detach(self->fd2));
	a = (struct stlink_attach) { .size = sizeof(a) };
	EXPECT_EQ(0, call(self->fd2, STLINK_IOC_ATTACH, &a));
	EXPECT_EQ(950, a.clock_khz);
	close(fd);
}

TEST_F(two, claim)
{
	struct stlink_claim c = { .size = sizeof(c) };
	struct stlink_info info = { .size = sizeof(info) };
	struct stlink_voltage v = { .size = sizeof(v) };
	struct stlink_events events = { 0 };
	struct stlink_last last = { 0 };

	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_CLAIM, &c));
	EXPECT_EQ(getpid(), c.holder_pid);
	c = (struct stlink_claim) { .size = sizeof(c) };
	EXPECT_EQ(0, call(self->fd, STLINK_IOC_CLAIM, &c));
	c = (struct stlink_claim) { .size = sizeof(c) };
	probe_clear_log(self->p);
	EXPECT_EQ(-EBUSY, call(self->fd2, STLINK_IOC_CLAIM, &c));
	EXPECT_EQ(getpid(), c.holder_pid);
	EXPECT_EQ(-EBUSY, do_attach(self->fd2, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(-EBUSY, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_EQ(-EBUSY, call(self->fd2, STLINK_IOC_VOLTAGE, &v));
	EXPECT_EQ(-EBUSY, do_detach(self->fd2));
	EXPECT_EQ(0, self->p->num_log);
	EXPECT_EQ(0, stl_ioc_last(self->fd2, &last));
	EXPECT_EQ(0, stl_ioc_events(self->fd2, &events));
	EXPECT_EQ(0, call(self->fd2, STLINK_IOC_INFO, &info));
	EXPECT_EQ(STLINK_STATE_CLAIMED, info.state &
		  (STLINK_STATE_CLAIMED | STLINK_STATE_CLAIM_MINE));
	EXPECT_EQ(getpid(), info.claim_pid);
	info = (struct stlink_info) { .size = sizeof(info) };
	EXPECT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	EXPECT_EQ(STLINK_STATE_CLAIMED | STLINK_STATE_CLAIM_MINE, info.state &
		  (STLINK_STATE_CLAIMED | STLINK_STATE_CLAIM_MINE));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_EQ(0, ioctl(self->fd2, STLINK_IOC_RELEASE) && errno != EBUSY);
	EXPECT_EQ(-EBUSY, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_EQ(0, ioctl(self->fd, STLINK_IOC_RELEASE));
	EXPECT_EQ(0, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
}

TEST_F(two, claim_of_a_process_that_dies)
{
	struct stlink_claim c = { .size = sizeof(c) };
	int status, pipefd[2];
	char ready = 1;
	pid_t pid;

	ASSERT_EQ(0, pipe(pipefd));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		int fd = client_open(self->p, O_RDWR);

		ready = call(fd, STLINK_IOC_CLAIM, &c) ? 1 : 0;
		if (write(pipefd[1], &ready, 1) == 1)
			pause();
		_exit(1);
	}
	ASSERT_EQ(1, read(pipefd[0], &ready, 1));
	ASSERT_EQ(0, ready);
	EXPECT_EQ(-EBUSY, call(self->fd, STLINK_IOC_CLAIM, &c));
	EXPECT_EQ(pid, c.holder_pid);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	c = (struct stlink_claim) { .size = sizeof(c) };
	EXPECT_EQ(0, call(self->fd, STLINK_IOC_CLAIM, &c));
}

/* nRST belongs to whoever asserted it: with him it is let go. */
TEST_F(two, reset_line_of_one_that_leaves)
{
	struct stlink_info info = { .size = sizeof(info) };
	struct target *t = &self->p->target;
	int status, pipefd[2], i;
	char ready = 1;
	pid_t pid;

	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	/* The other one's leaving is nothing to it. */
	EXPECT_EQ(0, do_nrst(self->fd, STLINK_NRST_ASSERT));
	probe_clear_log(self->p);
	EXPECT_EQ(0, do_detach(self->fd2));
	EXPECT_EQ(0, self->p->num_log);
	EXPECT_TRUE(t->nrst_low);
	EXPECT_EQ(0, do_nrst(self->fd, STLINK_NRST_RELEASE));
	/* Its own is: by detaching, by closing, by being killed. */
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
		EXPECT_EQ(0, do_nrst(self->fd2, STLINK_NRST_ASSERT));
		EXPECT_TRUE(t->nrst_low);
		probe_clear_log(self->p);
		if (i) {
			close(self->fd2);
			self->fd2 = client_open(self->p, O_RDWR);
			ASSERT_LE(0, self->fd2);
		} else {
			EXPECT_EQ(0, do_detach(self->fd2));
		}
		EXPECT_FALSE(t->nrst_low);
		/* And nothing else */
		EXPECT_EQ(1, self->p->num_log);
		ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
		EXPECT_EQ(0, info.state & STLINK_STATE_NRST_LOW);
	}
	ASSERT_EQ(0, pipe(pipefd));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		int fd = client_open(self->p, O_RDWR);

		ready = do_attach(fd, STLINK_ATTACH_NORMAL) ||
			do_nrst(fd, STLINK_NRST_ASSERT);
		if (write(pipefd[1], &ready, 1) == 1)
			pause();
		_exit(1);
	}
	ASSERT_EQ(1, read(pipefd[0], &ready, 1));
	EXPECT_EQ(0, ready);
	EXPECT_TRUE(t->nrst_low);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_FALSE(t->nrst_low);
	EXPECT_EQ(MODE_DEBUG, self->p->mode);
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	/* Taken over: it is the later one's then. */
	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(0, do_nrst(self->fd, STLINK_NRST_ASSERT));
	EXPECT_EQ(0, do_nrst(self->fd2, STLINK_NRST_RELEASE));
	EXPECT_FALSE(t->nrst_low);
	probe_clear_log(self->p);
	EXPECT_EQ(0, do_detach(self->fd));
	EXPECT_EQ(0, self->p->num_log);
}

/* Where the pulse could not be ended, the next one in ends it. */
TEST_F(two, reset_line_that_could_not_be_released)
{
	struct target *t = &self->p->target;

	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	probe_rule(self->p, (struct rule) { 0xf2, 0x3c, .skip = 1,
		   .action = RULE_SILENT });
	EXPECT_NE(0, do_core(self->fd2, STLINK_CORE_RESET, STLINK_CORE_F_NRST,
			     NULL));
	EXPECT_TRUE(t->nrst_low);
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_FALSE(t->nrst_low);
	EXPECT_EQ(MODE_DEBUG, self->p->mode);
}

/* Two words: a single one is read in another way. */
struct reader {
	pthread_t thread;
	int fd;
	int ret;
	__u32 word[2];
};

static void *word_thread(void *arg)
{
	struct reader *r = arg;

	r->ret = mem_rd(r->fd, SRAM_BASE, r->word, 8, 4, NULL);
	return NULL;
}

TEST_F(two, nonblock)
{
	struct reader r = { .fd = self->fd };
	struct stlink_info info = { .size = sizeof(info) };
	__u32 word, want;

	memcpy(&want, self->p->target.sram, 4);
	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, fcntl(self->fd2, F_SETFL, O_RDWR | O_NONBLOCK));
	EXPECT_EQ(0, mem_rd(self->fd2, SRAM_BASE, &word, 4, 4, NULL));
	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x07,
		   .action = RULE_HOLD });
	ASSERT_EQ(0, pthread_create(&r.thread, NULL, word_thread, &r));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x07, 1, 5000));
	EXPECT_EQ(-EAGAIN, mem_rd(self->fd2, SRAM_BASE, &word, 4, 4, NULL));
	EXPECT_EQ(-EAGAIN, do_core(self->fd2, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_EQ(-EAGAIN, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(-1, ioctl(self->fd2, STLINK_IOC_RELEASE));
	EXPECT_EQ(EAGAIN, errno);
	/* Needs no probe */
	EXPECT_EQ(0, call(self->fd2, STLINK_IOC_INFO, &info));
	probe_release(self->p);
	pthread_join(r.thread, NULL);
	EXPECT_EQ(0, r.ret);
	EXPECT_EQ(want, r.word[0]);
	EXPECT_EQ(0, mem_rd(self->fd2, SRAM_BASE, &word, 4, 4, NULL));
	EXPECT_EQ(want, word);
}

/* The same descriptor, by another thread: it doesn't wait either. */
TEST_F(two, nonblock_on_one_descriptor)
{
	struct reader r = { .fd = self->fd };
	struct stlink_dap_op dap = { .port = 0, .reg = 0xfc };
	struct stlink_reg_op reg = { .reg = 0 };
	__u32 word;
	uint64_t ns;

	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x07,
		   .action = RULE_HOLD });
	ASSERT_EQ(0, pthread_create(&r.thread, NULL, word_thread, &r));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x07, 1, 5000));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_RDWR | O_NONBLOCK));
	ns = now_ns();
	EXPECT_EQ(-EAGAIN, mem_rd(self->fd, SRAM_BASE, &word, 4, 4, NULL));
	EXPECT_EQ(-EAGAIN, do_dap(self->fd, &dap, 1, NULL));
	EXPECT_EQ(-EAGAIN, do_reg(self->fd, &reg, 1, NULL));
	EXPECT_GT(patience(1000000000), now_ns() - ns);
	probe_release(self->p);
	pthread_join(r.thread, NULL);
	EXPECT_EQ(0, r.ret);
	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE, &word, 4, 4, NULL));
	EXPECT_EQ(r.word[0], word);
}

/* Who only asked something is let go although another call goes on and on. */
TEST_F(two, closing_does_not_wait)
{
	struct stlink_info info = { .size = sizeof(info) };
	struct reader r = { .fd = self->fd };
	int fd;

	probe_rule(self->p, (struct rule) { 0xf2, 0x07,
		   .action = RULE_HOLD });
	ASSERT_EQ(0, pthread_create(&r.thread, NULL, word_thread, &r));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x07, 1, 5000));
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, call(fd, STLINK_IOC_INFO, &info));
	close(fd);
	/* Nobody but us lets the other one go. */
	probe_release(self->p);
	pthread_join(r.thread, NULL);
	EXPECT_EQ(0, r.ret);
}

static volatile sig_atomic_t signals;

static void on_signal(int signo)
{
	signals++;
}

static void catch_signals(int flags)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(SIGINT, &sa, NULL);
}

/* In a child: a batch with a signal in its middle */
static int interrupted_batch(int fd)
{
	struct stlink_mem_op op[STLINK_MAX_OPS];
	static __u32 word[STLINK_MAX_OPS][2];
	__u32 done, i;
	int ret;

	catch_signals(0);
	for (i = 0; i < STLINK_MAX_OPS; i++) {
		word[i][0] = 0xeeeeeeee;
		op[i] = (struct stlink_mem_op) { .addr = SRAM_BASE + 8 * i,
			.width = 4, .length = 8, .buf = (uintptr_t)word[i] };
	}
	ret = do_mem(fd, op, STLINK_MAX_OPS, &done);
	if (ret != -EINTR || !signals)
		return 1;
	if (!done || done >= STLINK_MAX_OPS)
		return 2;
	/* What counts as done is there, the rest isn't. */
	for (i = 0; i < STLINK_MAX_OPS; i++)
		if ((word[i][0] != 0xeeeeeeee) != (i < done))
			return 3;
	return op[done].done ? 4 : 0;
}

TEST_F(two, signal_in_a_batch)
{
	int status;
	pid_t pid;

	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x07, .count = FOREVER,
		   .action = RULE_DELAY, .arg = 20 });
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(interrupted_batch(self->fd));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x07, 5, 5000));
	kill(pid, SIGINT);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_GT(STLINK_MAX_OPS, probe_count(self->p, 0xf2, 0x07));
	/* No exchange was torn apart: nothing to put right. */
	EXPECT_EQ(1, self->p->resets);
	EXPECT_EQ(0, probe_count(self->p, 0xf1, ANY));
}

/* Waiting for another caller, a signal is not seen: the call starts again. */
TEST_F(two, signal_before_the_first_operation)
{
	struct reader r = { .fd = self->fd };
	int status;
	__u32 word;
	pid_t pid;

	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x07,
		   .action = RULE_HOLD });
	ASSERT_EQ(0, pthread_create(&r.thread, NULL, word_thread, &r));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x07, 1, 5000));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		catch_signals(SA_RESTART);
		if (mem_rd(self->fd2, SRAM_BASE, &word, 4, 4, NULL))
			_exit(1);
		_exit(signals ? 0 : 2);
	}
	usleep(300000);
	kill(pid, SIGINT);
	usleep(100000);
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	probe_release(self->p);
	pthread_join(r.thread, NULL);
	EXPECT_EQ(0, r.ret);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/* Waiting for another caller can be ended by SIGKILL. */
TEST_F(two, killed_while_waiting)
{
	struct reader r = { .fd = self->fd };
	int status;
	__u32 word;
	pid_t pid;

	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x07,
		   .action = RULE_HOLD });
	ASSERT_EQ(0, pthread_create(&r.thread, NULL, word_thread, &r));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x07, 1, 5000));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(mem_rd(self->fd2, SRAM_BASE, &word, 4, 4, NULL));
	usleep(200000);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	/* The one that holds the probe isn't hurt. */
	probe_release(self->p);
	pthread_join(r.thread, NULL);
	EXPECT_EQ(0, r.ret);
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x07));
	EXPECT_EQ(0, probe_count(self->p, 0xf1, ANY));
}

PROBE_TEST_MAIN
