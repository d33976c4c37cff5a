// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scattered words that travel together (RW_MISC): how many exchanges they
 * cost, that order and values are those of one access after the other, and
 * what the caller hears when one of them fails, whatever the firmware does
 * with those behind it.
 */
#include <signal.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "ops.h"

#define MAX	STLINK_MAX_OPS

static __u32 value_at(struct probe *p, __u32 addr)
{
	__u32 v;

	memcpy(&v, target_ram(&p->target, addr), 4);
	return v;
}

static struct stlink_mem_op ops[MAX];
static __u32 words[MAX];

/* How many of the first @n words are not what the chip has there */
static unsigned int wrong_words(struct probe *p, unsigned int n)
{
	unsigned int i, wrong = 0;

	for (i = 0; i < n; i++)
		wrong += words[i] != value_at(p, scattered(i)) ||
			 ops[i].done != 4 || ops[i].status != ST_OK ||
			 ops[i].result;
	return wrong;
}

static int read_words(int fd, unsigned int n)
{
	scatter(ops, words, n);
	return do_mem(fd, ops, n, NULL);
}

static unsigned int exchanges(struct probe *p)
{
	return probe_count(p, 0xf2, 0x51);
}

/* A session in which the access port has been selected already */
FIXTURE(misc) {
	PROBE_DATA;
};

FIXTURE_SETUP(misc)
{
	PROBE_SETUP(&probe_default);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	ASSERT_EQ(0, read_words(self->fd, 3));
	ASSERT_EQ(1, exchanges(self->p));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(misc)
{
	PROBE_TEARDOWN();
}

TEST_F(probe, how_many_exchanges)
{
	const struct misc *m = &self->p->misc;
	unsigned int i, others = 0;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
	EXPECT_EQ(0, read_words(self->fd, 64));
	EXPECT_EQ(0, wrong_words(self->p, 64));
	/* One item selects the access port: a word is left over. */
	EXPECT_EQ(1, exchanges(self->p));
	EXPECT_EQ(3, self->p->num_log);
	EXPECT_EQ(64, m->num);
	EXPECT_EQ(MISC_SELECT_AP, m->op[0]);

	probe_clear_log(self->p);
	EXPECT_EQ(0, read_words(self->fd, 64));
	EXPECT_EQ(0, wrong_words(self->p, 64));
	EXPECT_EQ(1, exchanges(self->p));
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x52));
	EXPECT_EQ(2, self->p->num_log);
	EXPECT_EQ(64, m->num);
	for (i = 0; i < 64; i++)
		others += m->op[i] != MISC_READ || m->arg[i] != scattered(i);
	EXPECT_EQ(0, others);
	probe_clear_log(self->p);
	EXPECT_EQ(0, read_words(self->fd, MAX));
	EXPECT_EQ(0, wrong_words(self->p, MAX));
	EXPECT_EQ(8, self->p->num_log);

	/* Another session: who knows what happened to the access port */
	EXPECT_EQ(0, do_detach(self->fd));
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(0, read_words(self->fd, 10));
	EXPECT_EQ(MISC_SELECT_AP, m->op[0]);
	EXPECT_EQ(0, self->p->target.writes);
}

TEST_F(misc, from_three_on)
{
	unsigned int n;

	for (n = 1; n <= 5; n++) {
		probe_clear_log(self->p);
		EXPECT_EQ(0, read_words(self->fd, n));
		EXPECT_EQ(0, wrong_words(self->p, n));
		EXPECT_EQ(n >= 3, exchanges(self->p));
		EXPECT_EQ(n >= 3 ? 2 : n, self->p->num_log);
	}
}

TEST_F(misc, what_travels)
{
	static const struct { __u32 addr, len; __u8 width; __u16 flags;
			      bool travels; } c[] = {
		{ SRAM_BASE + 8, 4, 4, 0, true },
		{ SRAM_BASE + 8, 4, 0, 0, true },
		{ SRAM_BASE + 6, 4, 0, 0, false },
		{ SRAM_BASE + 8, 4, 1, 0, false },
		{ SRAM_BASE + 8, 4, 2, 0, false },
		{ SRAM_BASE + 8, 8, 4, 0, false },
		{ SRAM_BASE + 8, 4, 4, STLINK_MEM_ONCE, false },
		{ SRAM_BASE + 8, 4, 4, STLINK_MEM_NO_INCREMENT, false },
	};
	__u32 buf[8][2];
	size_t i, k;

	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		memset(buf, POISON, sizeof(buf));
		for (k = 0; k < 8; k++)
			ops[k] = rd_op(c[i].addr, buf[k], c[i].len, c[i].width,
				       c[i].flags);
		probe_clear_log(self->p);
		EXPECT_EQ(0, do_mem(self->fd, ops, 8, NULL));
		EXPECT_EQ(c[i].travels, exchanges(self->p)) {
			TH_LOG("case %zu", i);
		}
		for (k = 0; k < 8; k++)
			EXPECT_EQ(0, memcmp(buf[k], target_ram(
				&self->p->target, c[i].addr), c[i].len));
	}
	/* Plain writes never do. */
	for (k = 0; k < 8; k++)
		ops[k] = wr_op(SRAM_BASE, buf[0], 4, 4, 0);
	probe_clear_log(self->p);
	EXPECT_EQ(0, do_mem(self->fd, ops, 8, NULL));
	EXPECT_EQ(0, exchanges(self->p));
	EXPECT_EQ(8, self->p->target.writes);
}

TEST_F(misc, writes)
{
	struct target *t = &self->p->target;
	unsigned int i;

	for (i = 0; i < 32; i++) {
		words[i] = 0x5a000000 + i;
		ops[i] = together_op(scattered(i), &words[i]);
	}
	ops[31].width = 0;
	EXPECT_EQ(0, do_mem(self->fd, ops, 32, NULL));
	/* Two items each */
	EXPECT_EQ(2, self->p->num_log);
	EXPECT_EQ(64, self->p->misc.num);
	EXPECT_EQ(32, t->writes);
	EXPECT_EQ(0, wrong_words(self->p, 32));

	/* To one address: in their order, and none twice */
	for (i = 0; i < 60; i++)
		ops[i] = together_op(FIFO_ADDR, &words[i]);
	for (i = 32; i < 60; i++)
		words[i] = 0xa5000000 + i;
	probe_clear_log(self->p);
	EXPECT_EQ(0, do_mem(self->fd, ops, 60, NULL));
	EXPECT_EQ(4, self->p->num_log);
	EXPECT_EQ(60, t->fifo_writes);
	EXPECT_EQ(0, memcmp(t->fifo, words, 60 * 4));
}

TEST_F(misc, reads_and_writes_in_order)
{
	struct target *t = &self->p->target;
	static const __u32 out[4] = { 11, 22, 33, 44 };
	__u32 in[6];
	unsigned int i, n = 0;

	memset(in, POISON, sizeof(in));
	for (i = 0; i < 4; i++) {
		ops[n++] = together_op(SRAM_BASE + 0x20, &out[i]);
		ops[n++] = word_op(SRAM_BASE + 0x20, &in[i]);
	}
	ops[n++] = word_op(FIFO_ADDR, &in[4]);
	ops[n++] = word_op(FIFO_ADDR, &in[5]);
	EXPECT_EQ(0, do_mem(self->fd, ops, n, NULL));
	EXPECT_EQ(2, self->p->num_log);
	EXPECT_EQ(0, memcmp(in, out, sizeof(out)));
	EXPECT_EQ(0xf1f00000, in[4]);
	EXPECT_EQ(0xf1f00001, in[5]);
	EXPECT_EQ(4, t->writes);
}

/* Everything that there is, from a counter that tells the order */
TEST_F(misc, mixed_batch)
{
	struct target *t = &self->p->target;
	const __u32 ones[2] = { 0x11111111, 0x22222222 };
	__u32 w[12], block[4], back[2];
	__u8 byte;
	unsigned int i, n = 0;

	t->poll_after = 3;
	memset(w, POISON, sizeof(w));
	for (i = 0; i < 4; i++)
		ops[n++] = word_op(FIFO_ADDR, &w[i]);
	ops[n++] = rd_op(BIGRAM_BASE, block, 16, 4, 0);
	ops[n++] = rd_op(FIFO_ADDR, &w[4], 4, 4, STLINK_MEM_ONCE);
	for (i = 5; i < 8; i++)
		ops[n++] = word_op(FIFO_ADDR, &w[i]);
	ops[n++] = (struct stlink_mem_op) { .op = STLINK_OP_POLL, .width = 4,
		.addr = BUSY_ADDR, .length = 4, .mask = 0x100, .value = 0x100,
		.timeout_ms = 5000 };
	ops[n++] = rd_op(SRAM_BASE + 3, &byte, 1, 1, 0);
	ops[n++] = wr_op(SRAM_BASE, ones, 4, 4, 0);
	ops[n++] = word_op(SRAM_BASE, &back[0]);
	ops[n++] = together_op(SRAM_BASE, ones + 1);
	ops[n++] = word_op(SRAM_BASE, &back[1]);
	for (i = 8; i < 11; i++)
		ops[n++] = word_op(FIFO_ADDR, &w[i]);
	ops[n++] = rd_op(FIFO_ADDR, &w[11], 4, 4, STLINK_MEM_NO_INCREMENT);
	byte = 0;
	EXPECT_EQ(0, do_mem(self->fd, ops, n, &i));
	EXPECT_EQ(n, i);
	EXPECT_EQ(3, exchanges(self->p));
	for (i = 0; i < 12; i++)
		EXPECT_EQ(0xf1f00000 + i, w[i]);
	EXPECT_EQ(0, memcmp(block, t->bigram, 16));
	EXPECT_EQ(0x40 + 9, byte);
	EXPECT_EQ(ones[0], back[0]);
	EXPECT_EQ(ones[1], back[1]);
	EXPECT_EQ(0x100, ops[9].value);
	for (i = 0; i < n; i++)
		EXPECT_EQ(ST_OK, ops[i].status);
}

TEST_F(misc, read_only_descriptor)
{
	int fd = client_open(self->p, O_RDONLY);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, do_attach(fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(0, read_words(fd, 20));
	EXPECT_EQ(0, wrong_words(self->p, 20));
	EXPECT_LE(1, exchanges(self->p));
	probe_clear_log(self->p);
	ops[19] = together_op(SRAM_BASE, &words[0]);
	EXPECT_EQ(-EPERM, do_mem(fd, ops, 20, NULL));
	EXPECT_EQ(0, self->p->num_log);
	close(fd);
}

/* In a child: words with a signal in their middle */
static volatile sig_atomic_t signals;

static void on_signal(int signo)
{
	signals++;
}

static int interrupted(int fd)
{
	struct sigaction sa = { .sa_handler = on_signal };
	__u32 done, i;

	sigaction(SIGINT, &sa, NULL);
	scatter(ops, words, MAX);
	if (do_mem(fd, ops, MAX, &done) != -EINTR || !signals)
		return 1;
	if (!done || done >= MAX)
		return 2;
	for (i = 0; i < MAX; i++)
		if ((words[i] != POISON_WORD) != (i < done) ||
		    ops[i].done != (i < done ? 4 : 0))
			return 3;
	return 0;
}

TEST_F(misc, signal)
{
	int status;
	pid_t pid;

	probe_rule(self->p, (struct rule) { 0xf2, 0x52, .count = FOREVER,
		   .action = RULE_DELAY, .arg = 100 });
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(interrupted(self->fd));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x52, 2, 5000));
	kill(pid, SIGINT);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, probe_count(self->p, 0xf1, ANY));
}

/* An answer of the wrong length: nothing of it reaches the caller. */
TEST_F(misc, broken_answers)
{
	static const struct { enum rule_action action; unsigned int arg; }
		c[] = { { RULE_SHORT, 0 }, { RULE_SHORT, 3 },
			{ RULE_SHORT, 76 }, { RULE_LONG, 4 },
			{ RULE_LONG, 200 } };
	size_t i;
	int ret;

	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		probe_rule(self->p, (struct rule) { 0xf2, 0x52,
			   .action = c[i].action, .arg = c[i].arg });
		ret = read_words(self->fd, 10);
		/* Reading again in another way would be right as well. */
		EXPECT_TRUE(ret == -EPROTO ||
			    (!ret && !wrong_words(self->p, 10))) {
			TH_LOG("case %zu: %d", i, ret);
		}
		if (ret)
			EXPECT_TRUE(all_are(words, POISON, 40));
		self->p->overflows = 0;
		probe_clear_rules(self->p);
		ret = read_words(self->fd, 10);
		if (ret == -ENOTCONN) {
			ASSERT_EQ(0, do_attach(self->fd,
					       STLINK_ATTACH_HOTPLUG));
			ret = read_words(self->fd, 10);
		}
		EXPECT_EQ(0, ret);
		EXPECT_EQ(0, wrong_words(self->p, 10));
	}
}

FIXTURE(j31) {
	PROBE_DATA;
};

FIXTURE_SETUP(j31)
{
	struct probe_options opt = probe_default;

	opt.j = 31;
	PROBE_SETUP(&opt);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(j31)
{
	PROBE_TEARDOWN();
}

TEST_F(j31, word_by_word)
{
	unsigned int i;

	EXPECT_EQ(0, read_words(self->fd, 64));
	EXPECT_EQ(0, wrong_words(self->p, 64));
	EXPECT_EQ(64, probe_count(self->p, 0xf2, 0x36));
	EXPECT_EQ(64, self->p->num_log);
	probe_clear_log(self->p);
	for (i = 0; i < 8; i++) {
		words[i] = i;
		ops[i] = together_op(scattered(i), &words[i]);
	}
	EXPECT_EQ(0, do_mem(self->fd, ops, 8, NULL));
	EXPECT_EQ(0, wrong_words(self->p, 8));
	EXPECT_EQ(8, self->p->num_log);
}

/* Which access port is used where none was selected */
FIXTURE(ap) {
	PROBE_DATA;
};

FIXTURE_VARIANT(ap) {
	enum misc_ap rule;
	uint32_t before;
	bool garbage;
};

FIXTURE_VARIANT_ADD(ap, default_0) { MISC_AP_DEFAULT, 2, false };
FIXTURE_VARIANT_ADD(ap, keep) { MISC_AP_KEEP, 2, false };
FIXTURE_VARIANT_ADD(ap, keep_garbage) { MISC_AP_KEEP, 2, true };
FIXTURE_VARIANT_ADD(ap, required) { MISC_AP_REQUIRED, 0, false };

FIXTURE_SETUP(ap)
{
	PROBE_SETUP(&probe_default);
	self->p->misc.ap_rule = variant->rule;
	self->p->misc.ap = variant->before;
	self->p->misc.garbage = variant->garbage;
}

FIXTURE_TEARDOWN(ap)
{
	PROBE_TEARDOWN();
}

TEST_F(ap, is_never_another)
{
	unsigned int session, batch;

	for (session = 0; session < 2; session++) {
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
		for (batch = 0; batch < 3; batch++) {
			probe_clear_log(self->p);
			EXPECT_EQ(0, read_words(self->fd, 20));
			EXPECT_EQ(0, wrong_words(self->p, 20));
			/* Found out once what it takes, no more is wasted. */
			if (batch == 2)
				EXPECT_EQ(1, exchanges(self->p));
		}
		EXPECT_EQ(0, do_detach(self->fd));
		/* Another program used another access port. */
		self->p->misc.ap = variant->before;
	}
	EXPECT_EQ(0, self->p->target.writes);
}

/* Firmware of the right version that doesn't know the command */
FIXTURE(lack) {
	PROBE_DATA;
};

FIXTURE_VARIANT(lack) {
	enum misc_lack lack;
};

FIXTURE_VARIANT_ADD(lack, unknown) { MISC_UNKNOWN };
FIXTURE_VARIANT_ADD(lack, silent) { MISC_SILENT };

FIXTURE_SETUP(lack)
{
	PROBE_SETUP(&probe_default);
	self->p->misc.lack = variant->lack;
}

FIXTURE_TEARDOWN(lack)
{
	PROBE_TEARDOWN();
}

TEST_F(lack, tried_once)
{
	unsigned int resets = self->p->resets;
	__u32 n;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(0, read_words(self->fd, 20));
	EXPECT_EQ(0, wrong_words(self->p, 20));
	EXPECT_EQ(1, exchanges(self->p));
	if (variant->lack == MISC_UNKNOWN)
		EXPECT_EQ(resets, self->p->resets);
	for (n = 0; n < 2; n++) {
		EXPECT_EQ(0, do_detach(self->fd));
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
		probe_clear_log(self->p);
		EXPECT_EQ(0, read_words(self->fd, 20));
		EXPECT_EQ(0, wrong_words(self->p, 20));
		EXPECT_EQ(20, self->p->num_log);
	}
	for (n = 0; n < 3; n++) {
		words[n] = ~n;
		ops[n] = together_op(scattered(n), &words[n]);
	}
	EXPECT_EQ(0, do_mem(self->fd, ops, 3, NULL));
	EXPECT_EQ(0, wrong_words(self->p, 3));
	EXPECT_EQ(3, self->p->target.writes);
	EXPECT_EQ(0, exchanges(self->p));
}

PROBE_TEST_MAIN
