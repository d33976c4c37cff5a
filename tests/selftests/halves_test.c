// SPDX-License-Identifier: GPL-2.0-only
/*
 * What belongs together and is cut apart: a command and its data, data and the
 * question how they fared. The probe waits for the second half and takes whatever
 * comes for it. The fixture fails on data and commands that are none.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "ops.h"

/* A program in another thread */
struct caller {
	pthread_t thread;
	int fd;
	int ret;
	bool scattered;
	__u8 buf[64];
};

static void *nice_reader(void *arg)
{
	struct stlink_mem_op words[9];
	struct caller *c = arg;
	__u32 values[9];

	c->ret = setpriority(PRIO_PROCESS, gettid(), 19) ? -errno : 0;
	while (!c->ret && !c->scattered)
		c->ret = mem_rd(c->fd, SRAM_BASE, c->buf, 64, 4, NULL);
	while (!c->ret) {
		scatter(words, values, 9);
		c->ret = do_mem(c->fd, words, 9, NULL);
	}
	return NULL;
}

/*
 * A block's data has come, or words are asked for, and before the reader has the
 * processor for the command that must follow, all is to end. What lets the target
 * run comes behind it then.
 */
TEST_F_TIMEOUT(probe, unbind_between_two_halves, 300)
{
	struct caller c = { .fd = -1 };
	pthread_attr_t attr;
	pthread_t thread;
	uint64_t end;
	cpu_set_t cpus;
	int i;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	ASSERT_EQ(0, pthread_attr_init(&attr));
	ASSERT_EQ(0, pthread_attr_setaffinity_np(&attr, sizeof(cpus), &cpus));
	for (i = 0; i < 20; i++) {
		c.fd = self->fd;
		c.scattered = i % 2;
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
		probe_clear_log(self->p);
		__atomic_store_n(&end, UINT64_MAX, __ATOMIC_RELAXED);
		ASSERT_EQ(0, pthread_create(&thread, &attr, client_hog, &end));
		ASSERT_EQ(0, pthread_create(&c.thread, &attr, nice_reader,
					    &c));
		EXPECT_TRUE(probe_wait_command(self->p, 0xf2,
					       c.scattered ? 0x51 : 0x07, 1,
					       patience(60000)));
		/* Long enough for the unbinding to begin */
		__atomic_store_n(&end, now_ns() + 50000000, __ATOMIC_RELAXED);
		EXPECT_TRUE(client_bind(self->p, false));
		pthread_join(c.thread, NULL);
		pthread_join(thread, NULL);
		EXPECT_EQ(-ENODEV, c.ret);
		EXPECT_FALSE(self->p->target.halted);
		close(self->fd);
		ASSERT_TRUE(client_bind(self->p, true));
		self->fd = client_open(self->p, O_RDWR);
		ASSERT_LE(0, self->fd);
	}
	pthread_attr_destroy(&attr);
}

/* The probe is slow to take one command; meanwhile all comes to an end */
struct slow {
	unsigned int ms;
	__u8 op;
	bool seen;
};

static bool take_slowly(struct probe *p, const uint8_t *cmd)
{
	struct slow *slow = p->twist_ctx;

	if (cmd[0] == 0xf2 && cmd[1] == slow->op) {
		slow->op = 0;
		__atomic_store_n(&slow->seen, true, __ATOMIC_RELEASE);
		usleep(slow->ms * 1000);
	}
	return true;
}

static bool taken(struct slow *slow)
{
	uint64_t end = now_ns() + patience(15000000000);

	while (!__atomic_load_n(&slow->seen, __ATOMIC_ACQUIRE))
		if (now_ns() > end)
			return false;
		else
			usleep(1000);
	return true;
}

/* What writes to the target, or asks for scattered words */
FIXTURE(data) {
	PROBE_DATA;
};

FIXTURE_VARIANT(data) {
	__u8 op;
	__u8 width;
	__u8 len;
};

FIXTURE_VARIANT_ADD(data, bytes) {
	.op = 0x0d, .width = 1, .len = 64
};
FIXTURE_VARIANT_ADD(data, words) {
	.op = 0x08, .width = 4, .len = 64
};
FIXTURE_VARIANT_ADD(data, two_words) {
	.op = 0x08, .width = 4, .len = 8
};
FIXTURE_VARIANT_ADD(data, halfword) {
	.op = 0x48, .width = 2, .len = 2
};
FIXTURE_VARIANT_ADD(data, scattered) { .op = 0x51 };

FIXTURE_SETUP(data)
{
	PROBE_SETUP(&probe_default);
}

FIXTURE_TEARDOWN(data)
{
	PROBE_TEARDOWN();
}

static int ask(int fd, __u8 width, __u8 len)
{
	static const __u8 buf[64] = "as they were sent";
	struct stlink_mem_op words[9];
	__u32 values[9];

	if (width)
		return mem_wr(fd, SRAM_BASE, buf, len, width, 0, NULL);
	scatter(words, values, 9);
	return do_mem(fd, words, 9, NULL);
}

struct asker {
	int fd;
	__u8 width;
	__u8 len;
	int ret;
};

static void *ask_thread(void *arg)
{
	struct asker *a = arg;

	a->ret = ask(a->fd, a->width, a->len);
	return NULL;
}

/* It ends as if nothing had been under way. */
static void unbind_in_it(struct __test_metadata *_metadata,
			 const FIXTURE_DATA(data) *self,
			 const FIXTURE_VARIANT(data) *variant,
			 const struct twist *twist)
{
	struct asker a = {
		.fd = self->fd, .width = variant->width, .len = variant->len,
	};
	/* Shorter than disconnect waits for a write */
	struct slow slow = { .op = variant->op, .ms = 300 };
	unsigned int resets = self->p->resets;
	pthread_t thread;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	self->p->twist_ctx = &slow;
	self->p->twist = twist;
	ASSERT_EQ(0, pthread_create(&thread, NULL, ask_thread, &a));
	EXPECT_TRUE(taken(&slow));
	EXPECT_TRUE(client_bind(self->p, false));
	pthread_join(thread, NULL);
	/* It may have come to its own end before disconnect ended everything. */
	EXPECT_TRUE(!a.ret || a.ret == -ENODEV) {
		TH_LOG("%d", a.ret);
	}
	EXPECT_EQ(0, self->p->pending_len);
	EXPECT_FALSE(self->p->target.halted);
	EXPECT_EQ(MODE_MASS, self->p->mode);
	/* And nothing had to be put right by it */
	EXPECT_EQ(resets, self->p->resets);
	self->p->twist = NULL;
	ASSERT_TRUE(client_bind(self->p, true));
}

TEST_F(data, unbind_before_them)
{
	static const struct twist twist = { .command = take_slowly };

	unbind_in_it(_metadata, self, variant, &twist);
}

/*
 * The controller is slow, and would take the command back that the probe has taken
 * long since. Nobody could tell then what the probe waits for.
 */
static int be_through_late(struct probe *p, const uint8_t *cmd)
{
	struct slow *slow = p->twist_ctx;

	if (cmd[0] != 0xf2 || cmd[1] != slow->op)
		return 0;
	slow->op = 0;
	__atomic_store_n(&slow->seen, true, __ATOMIC_RELEASE);
	return slow->ms;
}

TEST_F(data, unbind_before_the_command_is_through)
{
	static const struct twist twist = { .late = be_through_late };

	unbind_in_it(_metadata, self, variant, &twist);
}

TEST_F(data, killed_before_them)
{
	static const struct twist twist = { .command = take_slowly };
	/* Longer than the driver waits for a transfer taken back */
	struct slow slow = { .op = variant->op, .ms = 1400 };
	unsigned int resets = self->p->resets;
	int status, fd;
	pid_t pid;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	self->p->twist_ctx = &slow;
	self->p->twist = &twist;
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		fd = client_open(self->p, O_RDWR);
		if (!do_attach(fd, STLINK_ATTACH_NORMAL))
			ask(fd, variant->width, variant->len);
		_exit(1);
	}
	EXPECT_TRUE(taken(&slow));
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	/* And all goes on with the session that there is */
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_EQ(0, self->p->pending_len);
	EXPECT_EQ(resets, self->p->resets);
	self->p->twist = NULL;
}

/* What the probe has or hasn't got, and the host hears of a bus error alone */
struct loss {
	__u8 op;
	bool happened;
};

static bool lose_data(struct probe *p)
{
	struct loss *loss = p->twist_ctx;

	if (loss->happened)
		return true;
	loss->happened = true;
	return false;
}

static bool lose_acknowledgement(struct probe *p, const uint8_t *cmd)
{
	struct loss *loss = p->twist_ctx;

	if (loss->happened || cmd[0] != 0xf2 || cmd[1] != loss->op)
		return true;
	loss->happened = true;
	return false;
}

/*
 * It is left waiting for data. A ping would be written to the target: F1 80 into
 * FLASH_CR, say.
 */
static void expect_reset(struct __test_metadata *_metadata,
			 const FIXTURE_DATA(data) *self,
			 const FIXTURE_VARIANT(data) *variant,
			 const struct twist *twist)
{
	struct loss loss = { .op = variant->op };
	unsigned int resets;
	__u8 before[64];

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	resets = self->p->resets;
	memcpy(before, self->p->target.sram, 64);
	self->p->twist_ctx = &loss;
	self->p->twist = twist;
	EXPECT_EQ(-EIO, ask(self->fd, variant->width, variant->len));
	EXPECT_TRUE(loss.happened);
	self->p->twist = NULL;
	EXPECT_EQ(-ENOTCONN, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(resets + 1, self->p->resets);
	EXPECT_EQ(0, ask(self->fd, 0, 0));
	EXPECT_EQ(0, memcmp(before, self->p->target.sram, 64));
}

TEST_F(data, lost)
{
	static const struct twist twist = { .data = lose_data };

	expect_reset(_metadata, self, variant, &twist);
}

/*
 * A probe is reset every five seconds at most; but not at the price of a core that
 * stays halted when the last program has gone.
 */
TEST_F(data, lost_again_then_closed)
{
	static const struct twist twist = { .data = lose_data };
	struct loss loss;
	int i;

	self->p->twist_ctx = &loss;
	self->p->twist = &twist;
	for (i = 0; i < 2; i++) {
		loss.happened = false;
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
		ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
		EXPECT_EQ(-EIO, ask(self->fd, variant->width, variant->len));
		close(self->fd);
		EXPECT_TRUE(loss.happened);
		EXPECT_FALSE(self->p->target.halted);
		EXPECT_EQ(MODE_MASS, self->p->mode);
		self->fd = client_open(self->p, O_RDWR);
		ASSERT_LE(0, self->fd);
	}
	self->p->twist = NULL;
}

/* Then the probe must not wait for data when another driver comes. */
TEST_F(data, lost_then_unbound)
{
	static const struct twist twist = { .data = lose_data };
	struct loss loss = {};

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	self->p->twist_ctx = &loss;
	self->p->twist = &twist;
	EXPECT_EQ(-EIO, ask(self->fd, variant->width, variant->len));
	EXPECT_TRUE(loss.happened);
	self->p->twist = NULL;
	EXPECT_TRUE(client_bind(self->p, false));
	EXPECT_EQ(0, self->p->pending_len);
	EXPECT_FALSE(self->p->target.halted);
	EXPECT_EQ(MODE_MASS, self->p->mode);
	ASSERT_TRUE(client_bind(self->p, true));
}

TEST_F(data, command_unacknowledged)
{
	static const struct twist twist = { .taken = lose_acknowledgement };

	expect_reset(_metadata, self, variant, &twist);
}

PROBE_TEST_MAIN
