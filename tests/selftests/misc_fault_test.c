// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scattered words of which one fails. Whether the firmware goes on with the
 * words behind it is not known: the caller must not be able to tell.
 */
#include "kselftest_harness.h"
#include "fixture.h"
#include "ops.h"

#define N	20

static struct stlink_mem_op ops[STLINK_MAX_OPS];
static __u32 words[STLINK_MAX_OPS];

FIXTURE(after) {
	PROBE_DATA;
};

FIXTURE_VARIANT(after) {
	bool go_on;
};

FIXTURE_VARIANT_ADD(after, stop) { false };
FIXTURE_VARIANT_ADD(after, go_on) { true };

FIXTURE_SETUP(after)
{
	PROBE_SETUP(&probe_default);
	self->p->misc.go_on = variant->go_on;
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	/* The first exchange of a session is special: not in these tests. */
	scatter(ops, words, 3);
	ASSERT_EQ(0, do_mem(self->fd, ops, 3, NULL));
	ASSERT_EQ(1, probe_count(self->p, 0xf2, 0x51));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(after)
{
	PROBE_TEARDOWN();
}

/* Words that read what the chip has, and nothing behind them */
static bool delivered(struct probe *p, unsigned int good, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < good; i++)
		if (memcmp(&words[i], target_ram(&p->target, scattered(i)), 4) ||
		    ops[i].done != 4 || ops[i].status != ST_OK)
			return false;
	for (i = good; i < n; i++)
		if (words[i] != POISON_WORD || ops[i].done)
			return false;
	for (i = good + 1; i < n; i++)
		if (ops[i].status || ops[i].result)
			return false;
	return true;
}

TEST_F(after, fault_at_each_place)
{
	static const unsigned int at[] = { 0, 1, 2, 9, 31, 62, 63, 64, 65, 99 };
	struct target *t = &self->p->target;
	unsigned int k, i;
	__u32 done;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		k = at[i];
		memset(t->fault, 0, sizeof(t->fault));
		target_fault(t, scattered(k), scattered(k) + 3, 0x11);
		scatter(ops, words, 100);
		EXPECT_EQ(-EREMOTEIO, do_mem(self->fd, ops, 100, &done)) {
			TH_LOG("word %u", k);
		}
		EXPECT_EQ(k, done);
		EXPECT_EQ(0x11, ops[k].status);
		EXPECT_EQ(STLINK_MEM_FAULT_ADDR, ops[k].result);
		EXPECT_EQ(scattered(k), ops[k].fault_addr);
		EXPECT_TRUE(delivered(self->p, k, 100)) {
			TH_LOG("word %u", k);
		}
	}
	EXPECT_LE(1, probe_count(self->p, 0xf2, 0x51));
	/* And it goes on. */
	memset(t->fault, 0, sizeof(t->fault));
	scatter(ops, words, 100);
	EXPECT_EQ(0, do_mem(self->fd, ops, 100, &done));
	EXPECT_TRUE(delivered(self->p, 100, 100));
	EXPECT_EQ(0, t->writes);
}

TEST_F(after, two_faults)
{
	struct target *t = &self->p->target;
	__u32 done;

	target_fault(t, scattered(7), scattered(7) + 3, 0x11);
	target_fault(t, scattered(5), scattered(5) + 3, 0x15);
	scatter(ops, words, N);
	EXPECT_EQ(-EREMOTEIO, do_mem(self->fd, ops, N, &done));
	EXPECT_EQ(5, done);
	EXPECT_EQ(0x15, ops[5].status);
	EXPECT_EQ(scattered(5), ops[5].fault_addr);
	EXPECT_TRUE(delivered(self->p, 5, N));
}

/* A target that is slow, or asleep, for a moment: nobody hears of it. */
TEST_F(after, wait_then_ok)
{
	struct target *t = &self->p->target;
	static const uint8_t status[] = { 0x10, 0x14 };
	unsigned int k, i;
	__u32 done;

	for (i = 0; i < 2; i++)
		for (k = 0; k < N; k += 6) {
			memset(t->fault, 0, sizeof(t->fault));
			target_fault(t, scattered(k), scattered(k) + 3,
				     status[i])->times = 3;
			scatter(ops, words, N);
			EXPECT_EQ(0, do_mem(self->fd, ops, N, &done)) {
				TH_LOG("word %u", k);
			}
			EXPECT_EQ(N, done);
			EXPECT_TRUE(delivered(self->p, N, N));
			EXPECT_EQ(0, t->fault[0].status);
		}
	EXPECT_LE(8, probe_count(self->p, 0xf2, 0x51));
}

TEST_F(after, wait_for_ever)
{
	struct target *t = &self->p->target;
	uint64_t ns = now_ns();
	__u32 done;

	target_fault(t, scattered(8), scattered(8) + 3, 0x10);
	scatter(ops, words, N);
	EXPECT_EQ(-ETIMEDOUT, do_mem(self->fd, ops, N, &done));
	ns = now_ns() - ns;
	EXPECT_EQ(8, done);
	EXPECT_EQ(0x10, ops[8].status);
	EXPECT_TRUE(delivered(self->p, 8, N));
	EXPECT_LE(255000000, ns);
	EXPECT_GT(patience(3000000000), ns);
}

TEST_F(after, other_errors)
{
	static const struct { uint8_t status; int err; } c[] = {
		{ 0x13, EBADMSG }, { 0x12, ENXIO }, { 0x18, EREMOTEIO },
		{ 0x02, EIO }, { 0x77, EPROTO },
	};
	struct target *t = &self->p->target;
	__u32 done;
	size_t i;

	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		memset(t->fault, 0, sizeof(t->fault));
		target_fault(t, scattered(4), scattered(4) + 3, c[i].status);
		scatter(ops, words, N);
		EXPECT_EQ(-c[i].err, do_mem(self->fd, ops, N, &done)) {
			TH_LOG("status %02x", c[i].status);
		}
		EXPECT_EQ(4, done);
		EXPECT_EQ(c[i].status, ops[4].status);
		EXPECT_TRUE(delivered(self->p, 4, N));
	}
}

/* What stands behind a read that fails and was not said to be harmless */
TEST_F(after, plain_writes_are_not_sent)
{
	struct target *t = &self->p->target;
	__u32 done, value = 0x12345678, i;

	target_fault(t, scattered(4), scattered(4) + 3, 0x11);
	scatter(ops, words, N);
	for (i = 6; i < N; i++)
		ops[i] = wr_op(FIFO_ADDR, &value, 4, 4, 0);
	EXPECT_EQ(-EREMOTEIO, do_mem(self->fd, ops, N, &done));
	EXPECT_EQ(4, done);
	EXPECT_TRUE(delivered(self->p, 4, 6));
	EXPECT_EQ(0, t->writes);
}

/* Those that were said to be may be carried out, but don't count. */
TEST_F(after, writes_together)
{
	struct target *t = &self->p->target;
	__u32 done, i;

	target_fault(t, scattered(4), scattered(4) + 3, 0x11);
	for (i = 0; i < N; i++) {
		words[i] = 0x77000000 + i;
		ops[i] = together_op(scattered(i), &words[i]);
	}
	EXPECT_EQ(-EREMOTEIO, do_mem(self->fd, ops, N, &done));
	EXPECT_EQ(4, done);
	EXPECT_EQ(0x11, ops[4].status);
	EXPECT_EQ(scattered(4), ops[4].fault_addr);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, memcmp(&words[i], target_ram(t, scattered(i)), 4));
	for (i = 0; i < N; i++)
		EXPECT_EQ(i < 4 ? 4 : 0, ops[i].done);
	for (i = 5; i < N; i++)
		EXPECT_EQ(0, ops[i].status);

	/* WAIT: all of them in the end */
	memset(t->fault, 0, sizeof(t->fault));
	target_fault(t, scattered(4), scattered(4) + 3, 0x10)->times = 2;
	EXPECT_EQ(0, do_mem(self->fd, ops, N, &done));
	for (i = 0; i < N; i++)
		EXPECT_EQ(0, memcmp(&words[i], target_ram(t, scattered(i)), 4));
}

TEST_F(after, target_goes_away)
{
	__u32 done;

	self->p->target.present = false;
	scatter(ops, words, N);
	EXPECT_EQ(-ENXIO, do_mem(self->fd, ops, N, &done));
	EXPECT_EQ(0, done);
	EXPECT_EQ(0x16, ops[0].status);
	EXPECT_TRUE(delivered(self->p, 0, N));
}

/* The fault is in the first exchange of a session, behind the selection. */
TEST_F(after, fault_in_the_first_exchange)
{
	struct target *t = &self->p->target;
	unsigned int k;
	__u32 done;

	for (k = 0; k < 64; k += 21) {
		EXPECT_EQ(0, do_detach(self->fd));
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
		memset(t->fault, 0, sizeof(t->fault));
		target_fault(t, scattered(k), scattered(k) + 3, 0x11);
		scatter(ops, words, 64);
		EXPECT_EQ(-EREMOTEIO, do_mem(self->fd, ops, 64, &done));
		EXPECT_EQ(k, done);
		EXPECT_EQ(0x11, ops[k].status);
		EXPECT_TRUE(delivered(self->p, k, 64));
	}
}

PROBE_TEST_MAIN
