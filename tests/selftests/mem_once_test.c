// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses to what changes when it is accessed: a FIFO, and reads that must
 * not be sent twice.
 */
#include "kselftest_harness.h"
#include "fixture.h"
#include "ops.h"

#define FIFO_FIRST	0xf1f00000u
#define FIXED		STLINK_MEM_NO_INCREMENT
#define ONCE		STLINK_MEM_ONCE

static __u32 out[4096], in[4096];

static int one_op(int fd, struct stlink_mem_op *op)
{
	return do_mem(fd, op, 1, NULL);
}

/* Words of the FIFO as they come */
static unsigned int wrong_words(const __u32 *w, unsigned int n)
{
	unsigned int i, wrong = 0;

	for (i = 0; i < n; i++)
		wrong += w[i] != FIFO_FIRST + i;
	return wrong;
}

FIXTURE(fifo) {
	PROBE_DATA;
};

/* Neither command; writes only; both */
FIXTURE_VARIANT(fifo) {
	unsigned int j;
};

FIXTURE_VARIANT_ADD(fifo, j25) { .j = 25 };
FIXTURE_VARIANT_ADD(fifo, j31) { .j = 31 };
FIXTURE_VARIANT_ADD(fifo, j37) { .j = 37 };

FIXTURE_SETUP(fifo)
{
	struct probe_options opt = probe_default;
	unsigned int i;

	opt.j = variant->j;
	PROBE_SETUP(&opt);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	for (i = 0; i < 4096; i++)
		out[i] = 0x1000 + i;
	memset(in, POISON, sizeof(in));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(fifo)
{
	PROBE_TEARDOWN();
}

TEST_F(fifo, write)
{
	struct target *t = &self->p->target;
	struct stlink_mem_op op = wr_op(FIFO_ADDR, out, 240, 4, FIXED);
	unsigned int blocks = variant->j >= 26;

	EXPECT_EQ(0, one_op(self->fd, &op));
	EXPECT_EQ(240, op.done);
	EXPECT_EQ(60, t->fifo_writes);
	EXPECT_EQ(0, memcmp(t->fifo, out, 240));
	EXPECT_EQ(blocks, probe_count(self->p, 0xf2, 0x50));
	EXPECT_EQ(blocks ? 0 : 60, probe_count(self->p, 0xf2, 0x35));
	EXPECT_EQ(blocks ? 2 : 60, self->p->num_log);
	if (!blocks)
		return;
	EXPECT_EQ(240, self->p->log[0].out_len);
	/* 6144 bytes at most */
	probe_clear_log(self->p);
	t->fifo_writes = 0;
	op = wr_op(FIFO_ADDR, out, sizeof(out), 4, FIXED);
	EXPECT_EQ(0, one_op(self->fd, &op));
	EXPECT_EQ(sizeof(out), op.done);
	EXPECT_EQ(4096, t->fifo_writes);
	EXPECT_EQ(3, probe_count(self->p, 0xf2, 0x50));
}

TEST_F(fifo, read)
{
	struct target *t = &self->p->target;
	struct stlink_mem_op op = rd_op(FIFO_ADDR, in, 240, 4, FIXED);
	unsigned int blocks = variant->j >= 32;

	EXPECT_EQ(0, one_op(self->fd, &op));
	EXPECT_EQ(240, op.done);
	EXPECT_EQ(0, wrong_words(in, 60));
	EXPECT_EQ(POISON_WORD, in[60]);
	EXPECT_EQ(FIFO_FIRST + 60, t->fifo_reads);
	EXPECT_EQ(blocks, probe_count(self->p, 0xf2, 0x54));
	EXPECT_EQ(blocks ? 0 : 60, probe_count(self->p, 0xf2, 0x36));
	EXPECT_EQ(blocks ? 2 : 60, self->p->num_log);
	if (!blocks)
		return;
	probe_clear_log(self->p);
	t->fifo_reads = FIFO_FIRST;
	op = rd_op(FIFO_ADDR, in, sizeof(in), 4, FIXED);
	EXPECT_EQ(0, one_op(self->fd, &op));
	EXPECT_EQ(0, wrong_words(in, 4096));
	EXPECT_EQ(3, probe_count(self->p, 0xf2, 0x54));
	EXPECT_EQ(6, self->p->num_log);
}

TEST_F(fifo, wire_format)
{
	struct stlink_mem_op op[] = { wr_op(FIFO_ADDR, out, 8, 4, FIXED),
				      rd_op(FIFO_ADDR, in, 8, 4, FIXED) };
	uint8_t cmd[16] = { 0xf2, 0x50, 0x00, 0x30, 0x01, 0x40, 8, 0 };
	int i;

	EXPECT_EQ(0, do_mem(self->fd, op, 2, NULL));
	EXPECT_EQ(2, self->p->target.fifo_writes);
	EXPECT_EQ(0, wrong_words(in, 2));
	if (variant->j < 32)
		return;
	i = probe_find(self->p, 0, 0xf2, 0x50);
	ASSERT_LE(0, i);
	EXPECT_EQ(0, memcmp(self->p->log[i].cmd, cmd, 16));
	cmd[1] = 0x54;
	i = probe_find(self->p, 0, 0xf2, 0x54);
	ASSERT_LE(0, i);
	EXPECT_EQ(0, memcmp(self->p->log[i].cmd, cmd, 16));
}

/* A block that met a WAIT has moved the FIFO already: never again. */
TEST_F(fifo, blocks_are_not_repeated)
{
	struct target *t = &self->p->target;
	struct stlink_mem_op op;

	if (variant->j < 32)
		return;
	probe_rule(self->p, (struct rule) { 0xf2, 0x50, .skip = 1, .count = 1,
		   .action = RULE_STATUS, .arg = 0x10 });
	op = wr_op(FIFO_ADDR, out, sizeof(out), 4, FIXED);
	EXPECT_EQ(-ETIMEDOUT, one_op(self->fd, &op));
	EXPECT_EQ(0x10, op.status);
	EXPECT_EQ(6144, op.done);
	EXPECT_EQ(2, probe_count(self->p, 0xf2, 0x50));
	EXPECT_EQ(6144 / 4, t->fifo_writes);
	probe_rule(self->p, (struct rule) { 0xf2, 0x54, .skip = 1, .count = 1,
		   .action = RULE_STATUS, .arg = 0x14 });
	op = rd_op(FIFO_ADDR, in, sizeof(in), 4, FIXED);
	EXPECT_EQ(-ETIMEDOUT, one_op(self->fd, &op));
	EXPECT_EQ(0x14, op.status);
	EXPECT_EQ(6144, op.done);
	EXPECT_EQ(2, probe_count(self->p, 0xf2, 0x54));
	EXPECT_EQ(0, wrong_words(in, 6144 / 4));
	EXPECT_TRUE(all_are((__u8 *)in + 6144, POISON, sizeof(in) - 6144));
}

/* Nor is it looked for the word that failed. */
TEST_F(fifo, fault)
{
	struct target *t = &self->p->target;
	struct stlink_mem_op op;

	t->fifo_room = 10;
	op = wr_op(FIFO_ADDR, out, 80, 4, FIXED);
	EXPECT_EQ(-EREMOTEIO, one_op(self->fd, &op));
	EXPECT_EQ(0x11, op.status);
	EXPECT_EQ(variant->j < 26 ? 40 : 0, op.done);
	EXPECT_EQ(10, t->fifo_writes);
	EXPECT_GE(1, probe_count(self->p, 0xf2, 0x50));
	if (op.result & STLINK_MEM_FAULT_ADDR)
		EXPECT_EQ(FIFO_ADDR, op.fault_addr);
	t->fifo_room = 10;
	op = rd_op(FIFO_ADDR, in, 80, 4, FIXED);
	EXPECT_EQ(-EREMOTEIO, one_op(self->fd, &op));
	EXPECT_EQ(0x11, op.status);
	EXPECT_EQ(variant->j < 32 ? 40 : 0, op.done);
	EXPECT_EQ(FIFO_FIRST + 10, t->fifo_reads);
	EXPECT_EQ(0, wrong_words(in, op.done / 4));
	EXPECT_TRUE(all_are((__u8 *)in + op.done, POISON, 80 - op.done));
	EXPECT_GE(1, probe_count(self->p, 0xf2, 0x54));
}

/* With both flags each word is sent alone, and what is done is exact. */
TEST_F(fifo, one_by_one)
{
	struct target *t = &self->p->target;
	struct stlink_mem_op op;
	unsigned int n;

	op = wr_op(FIFO_ADDR, out, 80, 4, FIXED | ONCE);
	EXPECT_EQ(0, one_op(self->fd, &op));
	EXPECT_EQ(20, t->fifo_writes);
	EXPECT_LE(20, self->p->num_log);
	t->fifo_room = 7;
	op = wr_op(FIFO_ADDR, out, 80, 4, FIXED | ONCE);
	EXPECT_EQ(-EREMOTEIO, one_op(self->fd, &op));
	EXPECT_EQ(28, op.done);
	EXPECT_EQ(27, t->fifo_writes);
	t->fifo_room = 7;
	op = rd_op(FIFO_ADDR, in, 80, 4, FIXED | ONCE);
	EXPECT_EQ(-EREMOTEIO, one_op(self->fd, &op));
	EXPECT_EQ(28, op.done);
	EXPECT_EQ(0, wrong_words(in, 7));
	EXPECT_EQ(POISON_WORD, in[7]);
	EXPECT_EQ(FIFO_FIRST + 7, t->fifo_reads);

	/* A WAIT ends it, and nothing is sent again. */
	t->fifo_room = 0xffffffff;
	target_fault(t, FIFO_ADDR, FIFO_ADDR, 0x10);
	probe_clear_log(self->p);
	op = rd_op(FIFO_ADDR, in, 80, 4, FIXED | ONCE);
	EXPECT_EQ(-ETIMEDOUT, one_op(self->fd, &op));
	EXPECT_EQ(0, op.done);
	EXPECT_EQ(0x10, op.status);
	n = self->p->num_log;
	EXPECT_GE(2, n);
	op = wr_op(FIFO_ADDR, out, 80, 4, FIXED | ONCE);
	EXPECT_EQ(-ETIMEDOUT, one_op(self->fd, &op));
	EXPECT_GE(n + 2, self->p->num_log);
}

FIXTURE(latest) {
	PROBE_DATA;
};

FIXTURE_SETUP(latest)
{
	PROBE_SETUP(&probe_default);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	memset(in, POISON, sizeof(in));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(latest)
{
	PROBE_TEARDOWN();
}

TEST_F(latest, read_once_works)
{
	struct stlink_mem_op op[] = {
		rd_op(BIGRAM_BASE, in, 4, 4, ONCE),
		rd_op(BIGRAM_BASE + 8, in + 1, 8, 4, ONCE),
		rd_op(BIGRAM_BASE + 0x11, in + 8, 3, 1, ONCE),
		rd_op(BIGRAM_BASE + 0x22, in + 9, 6, 2, ONCE),
		rd_op(BIGRAM_BASE + 0x31, in + 16, 2051, 0, ONCE),
	};
	const __u8 *ram = self->p->target.bigram;

	EXPECT_EQ(0, do_mem(self->fd, op, 5, NULL));
	EXPECT_EQ(0, memcmp(in, ram, 4));
	EXPECT_EQ(0, memcmp(in + 1, ram + 8, 8));
	EXPECT_EQ(0, memcmp(in + 8, ram + 0x11, 3));
	EXPECT_EQ(0, memcmp(in + 9, ram + 0x22, 6));
	EXPECT_EQ(0, memcmp(in + 16, ram + 0x31, 2051));
}

TEST_F(latest, read_once_and_wait)
{
	struct stlink_mem_op op = rd_op(BIGRAM_BASE, in, 64, 4, ONCE);

	target_fault(&self->p->target, BIGRAM_BASE, BIGRAM_BASE + 0x7ff, 0x10);
	EXPECT_EQ(-ETIMEDOUT, one_op(self->fd, &op));
	EXPECT_EQ(0x10, op.status);
	EXPECT_EQ(0, op.done);
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x07));
	EXPECT_EQ(2, self->p->num_log);
	op = rd_op(BIGRAM_BASE, in, 4, 4, ONCE);
	EXPECT_EQ(-ETIMEDOUT, one_op(self->fd, &op));
	EXPECT_EQ(0x10, op.status);
	EXPECT_GE(4, self->p->num_log);
	EXPECT_TRUE(all_are(in, POISON, sizeof(in)));
}

TEST_F(latest, read_once_and_fault)
{
	struct stlink_mem_op op = rd_op(BIGRAM_BASE, in, 64, 4, ONCE);
	struct target *t = &self->p->target;

	target_fault(t, BIGRAM_BASE + 0x20, BIGRAM_BASE + 0x23, 0x11);
	EXPECT_EQ(-EREMOTEIO, one_op(self->fd, &op));
	EXPECT_EQ(0x11, op.status);
	EXPECT_EQ(0, op.done);
	EXPECT_TRUE(all_are(in, POISON, sizeof(in)));
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x07));
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x36));
	/* The block before it counts. */
	memset(t->fault, 0, sizeof(t->fault));
	target_fault(t, BIGRAM_BASE + 0x500, BIGRAM_BASE + 0x503, 0x11);
	op = rd_op(BIGRAM_BASE, in, 0x800, 4, ONCE);
	EXPECT_EQ(-EREMOTEIO, one_op(self->fd, &op));
	EXPECT_EQ(0x400, op.done);
	EXPECT_EQ(0, memcmp(in, t->bigram, 0x400));
	EXPECT_TRUE(all_are(in + 0x100, POISON, 0x400));
	/* An error that would not come again isn't tried again either. */
	memset(t->fault, 0, sizeof(t->fault));
	target_fault(t, BIGRAM_BASE, BIGRAM_BASE + 3, 0x11)->times = 1;
	op = rd_op(BIGRAM_BASE, in, 4, 4, ONCE);
	EXPECT_EQ(-EREMOTEIO, one_op(self->fd, &op));
	EXPECT_EQ(0, op.done);
	/* The link is as good as before. */
	EXPECT_EQ(0, one_op(self->fd, &op));
	EXPECT_EQ(0, memcmp(in, t->bigram, 4));
}

TEST_F(latest, refused)
{
	const struct stlink_mem_op bad[] = {
		{ .op = STLINK_OP_POLL, .width = 4, .flags = ONCE,
		  .addr = SRAM_BASE, .length = 4 },
		{ .op = STLINK_OP_POLL, .width = 4, .flags = FIXED,
		  .addr = SRAM_BASE, .length = 4 },
		rd_op(SRAM_BASE, in, 4, 0, FIXED),
		rd_op(SRAM_BASE, in, 4, 0, FIXED | ONCE),
		rd_op(SRAM_BASE, in, 4, 4, STLINK_MEM_TOGETHER),
		wr_op(SRAM_BASE, in, 8, 4, STLINK_MEM_TOGETHER),
		wr_op(SRAM_BASE, in, 8, 0, STLINK_MEM_TOGETHER),
		wr_op(SRAM_BASE, in, 4, 1, STLINK_MEM_TOGETHER),
		wr_op(SRAM_BASE, in, 4, 2, STLINK_MEM_TOGETHER),
		wr_op(SRAM_BASE, in, 2, 2, STLINK_MEM_TOGETHER),
		wr_op(SRAM_BASE + 2, in, 4, 0, STLINK_MEM_TOGETHER),
		{ .op = STLINK_OP_POLL, .width = 4,
		  .flags = STLINK_MEM_TOGETHER, .addr = SRAM_BASE,
		  .length = 4 },
	};
	struct stlink_mem_op op[2];
	__u32 done;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		op[0] = rd_op(SRAM_BASE, in, 4, 4, 0);
		op[1] = bad[i];
		EXPECT_EQ(-EINVAL, do_mem(self->fd, op, 2, &done)) {
			TH_LOG("case %zu", i);
		}
		EXPECT_EQ(0, done);
	}
	EXPECT_EQ(0, self->p->num_log);
}

PROBE_TEST_MAIN
