// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target memory that fails: exact counts and addresses, WAIT, parity, broken
 * answers; and that nothing of a failed read reaches the caller.
 */
#include "kselftest_harness.h"
#include "fixture.h"
#include "errnos.h"

#define POISON	0xee
#define BASE	(SRAM_BASE + 0x3f0)

FIXTURE(fault) {
	PROBE_DATA;
};

/* Without and with the address of the fault */
FIXTURE_VARIANT(fault) {
	unsigned int j;
};

FIXTURE_VARIANT_ADD(fault, j14) { .j = 14 };
FIXTURE_VARIANT_ADD(fault, j37) { .j = 37 };

FIXTURE_SETUP(fault)
{
	struct probe_options opt = probe_default;

	opt.j = variant->j;
	PROBE_SETUP(&opt);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
}

FIXTURE_TEARDOWN(fault)
{
	PROBE_TEARDOWN();
}

FIXTURE(latest) {
	PROBE_DATA;
};

FIXTURE_SETUP(latest)
{
	PROBE_SETUP(&probe_default);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
}

FIXTURE_TEARDOWN(latest)
{
	PROBE_TEARDOWN();
}

static bool untouched(const __u8 *p, size_t n)
{
	while (n && *p == POISON) {
		p++;
		n--;
	}
	return !n;
}

/* Read 24 bytes across the 1 KiB mark with a bad byte at each offset. */
TEST_F(fault, read_at_each_position)
{
	struct target *t = &self->p->target;
	struct stlink_mem_op op;
	__u8 buf[32], width;
	__u32 off, exact;

	for (width = 0; width <= 4; width = width ? 2 * width : 1)
		for (off = 0; off < 24; off += width > 1 ? 3 : 1) {
			if (width == 2 && variant->j < 26)
				continue;
			memset(buf, POISON, sizeof(buf));
			memset(t->fault, 0, sizeof(t->fault));
			target_fault(t, BASE + off, BASE + off, 0x11);
			ASSERT_EQ(-EREMOTEIO, mem_rd(self->fd, BASE, buf, 24,
						     width, &op)) {
				TH_LOG("width %u, offset %u", width, off);
			}
			EXPECT_EQ(0x11, op.status);
			/* Any width: a word or a byte at a time, both right */
			exact = off - off % (width ? width : 4);
			EXPECT_LE(exact, op.done) {
				TH_LOG("width %u, offset %u", width, off);
			}
			EXPECT_GE(width ? exact : off, op.done) {
				TH_LOG("width %u, offset %u", width, off);
			}
			EXPECT_EQ(STLINK_MEM_FAULT_ADDR, op.result);
			EXPECT_LE(BASE + exact, op.fault_addr);
			EXPECT_GE(BASE + (width ? exact : off), op.fault_addr);
			EXPECT_EQ(0, memcmp(buf, target_ram(t, BASE),
					    op.done));
			EXPECT_TRUE(untouched(buf + op.done,
					      sizeof(buf) - op.done)) {
				TH_LOG("width %u, offset %u", width, off);
			}
		}
	memset(t->fault, 0, sizeof(t->fault));
	EXPECT_EQ(0, mem_rd(self->fd, BASE, buf, 24, 0, NULL));
}

TEST_F(fault, long_read)
{
	static __u8 buf[8192];
	struct target *t = &self->p->target;
	static const __u32 at[] = { 0, 0x3fc, 0x400, 0x7f4, 0x1ffc };
	struct stlink_mem_op op;
	size_t i;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		memset(buf, POISON, sizeof(buf));
		memset(t->fault, 0, sizeof(t->fault));
		target_fault(t, BIGRAM_BASE + at[i], BIGRAM_BASE + at[i] + 3,
			     0x11);
		EXPECT_EQ(-EREMOTEIO, mem_rd(self->fd, BIGRAM_BASE, buf,
					     sizeof(buf), 4, &op));
		EXPECT_EQ(at[i], op.done);
		EXPECT_EQ(BIGRAM_BASE + at[i], op.fault_addr);
		EXPECT_EQ(STLINK_MEM_FAULT_ADDR, op.result);
		EXPECT_EQ(0, memcmp(buf, t->bigram, op.done));
		EXPECT_TRUE(untouched(buf + op.done, sizeof(buf) - op.done));
	}
}

/* As programs do it that look for the end of the memory. */
TEST_F(fault, end_of_the_memory)
{
	struct stlink_mem_op op;
	static __u8 buf[0x200];

	EXPECT_EQ(-EREMOTEIO, mem_rd(self->fd, SRAM_BASE + SRAM_SIZE - 0x100,
				     buf, 0x200, 0, &op));
	EXPECT_EQ(0x100, op.done);
	EXPECT_EQ(SRAM_BASE + SRAM_SIZE, op.fault_addr);
	EXPECT_EQ(0, memcmp(buf, self->p->target.sram + SRAM_SIZE - 0x100,
			    0x100));
	EXPECT_EQ(-EREMOTEIO, mem_wr(self->fd, FLASH_BASE, buf, 4, 4, 0, &op));
	EXPECT_EQ(0, op.done);
}

TEST_F(fault, write_at_each_position)
{
	struct target *t = &self->p->target;
	__u8 buf[24], width, *ram = target_ram(t, BASE);
	struct stlink_mem_op op;
	__u32 off, exact, block;
	size_t i;

	for (width = 0; width <= 4; width = width ? 2 * width : 1)
		for (off = 0; off < 24; off += width > 1 ? 3 : 1) {
			if (width == 2 && variant->j < 26)
				continue;
			for (i = 0; i < 24; i++)
				buf[i] = off * 8 + i + width;
			memset(t->fault, 0, sizeof(t->fault));
			target_fault(t, BASE + off, BASE + off, 0x11);
			ASSERT_EQ(-EREMOTEIO, mem_wr(self->fd, BASE, buf, 24,
						     width, 0, &op));
			EXPECT_EQ(0x11, op.status);
			exact = off - off % (width ? width : 4);
			/* 1 KiB ends at offset 16; bytes go 64 at a time. */
			block = width == 1 || exact < 16 ? 0 : 16;
			EXPECT_LE(block, op.done) {
				TH_LOG("width %u, offset %u", width, off);
			}
			EXPECT_GE(off, op.done);
			EXPECT_EQ(0, memcmp(ram, buf, op.done));
			if (variant->j >= 15)
				EXPECT_EQ(STLINK_MEM_FAULT_ADDR, op.result);
			if (op.result & STLINK_MEM_FAULT_ADDR) {
				EXPECT_LE(BASE + exact, op.fault_addr);
				EXPECT_GE(BASE + off, op.fault_addr);
			}
		}
}

TEST_F(latest, batch_stops)
{
	__u8 a[8], b[8], c[8];
	struct stlink_mem_op op[] = {
		{ .addr = SRAM_BASE, .length = 8, .buf = (uintptr_t)a },
		{ .addr = 0x30000000, .length = 8, .buf = (uintptr_t)b },
		{ .addr = SRAM_BASE, .length = 8, .buf = (uintptr_t)c },
	};
	__u32 done;

	memset(b, POISON, 8);
	memset(c, POISON, 8);
	EXPECT_EQ(-EREMOTEIO, do_mem(self->fd, op, 3, &done));
	EXPECT_EQ(1, done);
	EXPECT_EQ(8, op[0].done);
	EXPECT_EQ(0, op[1].done);
	EXPECT_EQ(0x11, op[1].status);
	EXPECT_EQ(0x30000000, op[1].fault_addr);
	EXPECT_EQ(0, op[2].done);
	EXPECT_EQ(0, op[2].status);
	EXPECT_TRUE(untouched(b, 8) && untouched(c, 8));
	EXPECT_EQ(0, memcmp(a, self->p->target.sram, 8));
}

TEST_F(latest, errno_of_each_status)
{
	struct target *t = &self->p->target;
	const struct errno_of *e;
	struct stlink_mem_op op;
	__u8 buf[16];

	for (e = errnos; e->err; e++) {
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
		target_fault(t, SRAM_BASE, SRAM_BASE + 3, e->status);
		memset(buf, POISON, sizeof(buf));
		EXPECT_EQ(-e->err, mem_rd(self->fd, SRAM_BASE, buf, 16, 4,
					  &op)) {
			TH_LOG("read, status %02x", e->status);
		}
		EXPECT_EQ(e->status, op.status);
		EXPECT_EQ(0, op.done);
		EXPECT_TRUE(untouched(buf, 16));
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
		EXPECT_EQ(-e->err, mem_wr(self->fd, SRAM_BASE, buf, 16, 4, 0,
					  &op)) {
			TH_LOG("write, status %02x", e->status);
		}
		EXPECT_EQ(e->status, op.status);
		EXPECT_EQ(0, op.done);
		memset(t->fault, 0, sizeof(t->fault));
	}
}

TEST_F(latest, wait_then_ok)
{
	struct stlink_mem_op op;
	__u8 buf[64];

	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x07, .count = 3,
		   .action = RULE_STATUS, .arg = 0x10 });
	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE, buf, 64, 4, &op));
	EXPECT_EQ(ST_OK, op.status);
	EXPECT_EQ(64, op.done);
	EXPECT_EQ(0, memcmp(buf, self->p->target.sram, 64));
	/* The whole command again, not just the status query */
	EXPECT_EQ(4, probe_count(self->p, 0xf2, 0x07));
	probe_rule(self->p, (struct rule) { 0xf2, 0x08, .count = 2,
		   .action = RULE_STATUS, .arg = 0x14 });
	memset(buf, 0x77, sizeof(buf));
	EXPECT_EQ(0, mem_wr(self->fd, SRAM_BASE, buf, 64, 4, 0, &op));
	EXPECT_EQ(0, memcmp(buf, self->p->target.sram, 64));
	EXPECT_EQ(3, probe_count(self->p, 0xf2, 0x08));
}

TEST_F(latest, wait_for_ever)
{
	struct stlink_mem_op op;
	__u8 buf[64];
	uint64_t ns;

	memset(buf, POISON, sizeof(buf));
	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x07, .count = FOREVER,
		   .action = RULE_STATUS, .arg = 0x10 });
	ns = now_ns();
	EXPECT_EQ(-ETIMEDOUT, mem_rd(self->fd, SRAM_BASE, buf, 64, 4, &op));
	ns = now_ns() - ns;
	EXPECT_EQ(0x10, op.status);
	EXPECT_EQ(0, op.done);
	EXPECT_EQ(9, probe_count(self->p, 0xf2, 0x07));
	EXPECT_LE(255000000, ns);
	EXPECT_TRUE(untouched(buf, 64));
	probe_clear_rules(self->p);
	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE, buf, 64, 4, &op));
}

TEST_F(latest, write_once)
{
	struct stlink_mem_op op;
	__u8 buf[64] = "";

	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x08, .count = FOREVER,
		   .action = RULE_STATUS, .arg = 0x10 });
	EXPECT_EQ(-ETIMEDOUT, mem_wr(self->fd, SRAM_BASE, buf, 64, 4,
				     STLINK_MEM_ONCE, &op));
	EXPECT_EQ(0x10, op.status);
	EXPECT_EQ(0, op.done);
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x08));
}

/* The call after a broken exchange: right data, if need be after attaching
 * again where the probe had to be reset.
 */
static int recovered(int fd, struct probe *p)
{
	__u8 buf[64];
	int ret;

	memset(buf, POISON, sizeof(buf));
	ret = mem_rd(fd, SRAM_BASE + 0x100, buf, 64, 4, NULL);
	if (ret == -ENOTCONN) {
		ret = do_attach(fd, STLINK_ATTACH_HOTPLUG);
		if (!ret)
			ret = mem_rd(fd, SRAM_BASE + 0x100, buf, 64, 4, NULL);
	}
	if (ret)
		return ret;
	return memcmp(buf, p->target.sram + 0x100, 64) ? 1 : 0;
}

TEST_F(latest, broken_answers)
{
	static const struct { int op; enum rule_action action;
			      unsigned int arg; __u32 len; } c[] = {
		{ 0x07, RULE_SHORT, 0, 64 }, { 0x07, RULE_SHORT, 10, 64 },
		{ 0x07, RULE_SHORT, 60, 64 }, { 0x07, RULE_SHORT, 64, 128 },
		{ 0x07, RULE_SHORT, 40, 60 }, { 0x07, RULE_LONG, 4, 40 },
		{ 0x07, RULE_LONG, 30, 60 }, { 0x07, RULE_LONG, 64, 40 },
		{ 0x0c, RULE_SHORT, 1, 8 }, { 0x0c, RULE_LONG, 1, 8 },
	};
	struct stlink_mem_op op;
	__u8 buf[128];
	size_t i;
	int ret;

	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		memset(buf, POISON, sizeof(buf));
		probe_rule(self->p, (struct rule) { 0xf2, c[i].op,
			   .action = c[i].action, .arg = c[i].arg });
		ret = mem_rd(self->fd, SRAM_BASE, buf, c[i].len,
			     c[i].op == 0x0c ? 1 : 4, &op);
		/* A full packet too few can only be seen as silence. */
		EXPECT_EQ(c[i].arg == 64 && c[i].action == RULE_SHORT ?
			  -ETIMEDOUT : -EPROTO, ret) {
			TH_LOG("case %zu", i);
		}
		EXPECT_EQ(0, op.done);
		EXPECT_TRUE(untouched(buf, sizeof(buf)));
		probe_clear_rules(self->p);
		self->p->overflows = 0;
		EXPECT_EQ(0, recovered(self->fd, self->p)) {
			TH_LOG("case %zu", i);
		}
	}
}

/* What is more than was asked for waits in the probe and must not be taken for
 * the status; nor the status, then, for that of the next command.
 */
TEST_F(latest, answer_continues)
{
	static const unsigned int more[] = { 64, 2, 12 };
	__u8 buf[64];
	size_t i;
	int ret;

	for (i = 0; i < 3; i++) {
		memset(buf, POISON, sizeof(buf));
		probe_rule(self->p, (struct rule) { 0xf2, 0x07,
			   .action = RULE_LONG, .arg = more[i] });
		ret = mem_rd(self->fd, SRAM_BASE, buf, 64, 4, NULL);
		EXPECT_EQ(-EPROTO, ret);
		EXPECT_TRUE(untouched(buf, 64));
		self->p->overflows = 0;
		EXPECT_EQ(0, recovered(self->fd, self->p)) {
			TH_LOG("%u bytes", more[i]);
		}
	}
}

TEST_F(fault, broken_status)
{
	const int query = variant->j < 15 ? 0x3b : 0x3e;
	static const unsigned int len[] = { 0, 1 };
	__u8 buf[64];
	size_t i;

	for (i = 0; i < 2; i++) {
		memset(buf, POISON, sizeof(buf));
		probe_rule(self->p, (struct rule) { 0xf2, query,
			   .action = RULE_SHORT, .arg = len[i] });
		EXPECT_EQ(-EPROTO, mem_rd(self->fd, SRAM_BASE, buf, 64, 4,
					  NULL));
		EXPECT_TRUE(untouched(buf, 64));
		probe_clear_rules(self->p);
		EXPECT_EQ(0, recovered(self->fd, self->p));
	}
}

TEST_F(probe, stall)
{
	__u8 buf[64];

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	memset(buf, POISON, sizeof(buf));
	probe_rule(self->p, (struct rule) { 0xf2, 0x07,
		   .action = RULE_STALL });
	EXPECT_EQ(-EIO, mem_rd(self->fd, SRAM_BASE, buf, 64, 4, NULL));
	EXPECT_TRUE(untouched(buf, 64));
	EXPECT_EQ(0, recovered(self->fd, self->p));
	/* Not by clearing the halt: that loses the toggle. */
	EXPECT_EQ(0, self->p->clear_halts);
	EXPECT_LE(2, self->p->resets);
}

static bool lose_once(struct probe *p, const uint8_t *cmd)
{
	unsigned int *op = p->twist_ctx;

	if (cmd[0] != 0xf2 || cmd[1] != *op)
		return true;
	*op = 0;
	return false;
}

/*
 * A command that doesn't come through takes its data with it: to the probe they
 * would be a command. The fixture fails on one that is none.
 */
TEST_F(probe, command_lost)
{
	static const struct twist twist = { .command = lose_once };
	struct stlink_mem_op ops[4];
	__u32 words[4] = { 1, 2, 3, 4 };
	__u8 buf[64] = { 0xf3, 0x07 };
	unsigned int op = 0x08, i;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	self->p->twist_ctx = &op;
	self->p->twist = &twist;
	EXPECT_EQ(-EIO, mem_wr(self->fd, SRAM_BASE, buf, sizeof(buf), 4, 0,
			       NULL));
	EXPECT_EQ(0, op);
	EXPECT_EQ(0, recovered(self->fd, self->p));
	/* The driver resets a probe not more often than that. */
	sleep(6);
	op = 0x51;
	for (i = 0; i < 4; i++)
		ops[i] = (struct stlink_mem_op) { .op = STLINK_OP_WRITE,
			.addr = SRAM_BASE + 8 * i, .width = 4, .length = 4,
			.flags = STLINK_MEM_TOGETHER,
			.buf = (uintptr_t)&words[i] };
	/* A probe that may not know this one is asked in another way. */
	EXPECT_EQ(0, do_mem(self->fd, ops, 4, NULL));
	EXPECT_EQ(0, op);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(words[i], get32(self->p->target.sram + 8 * i));
	self->p->twist = NULL;
	EXPECT_EQ(0, recovered(self->fd, self->p));
}

TEST_F(probe, silence)
{
	struct stlink_mem_op op;
	uint64_t ns;
	__u8 buf[64];

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	memset(buf, POISON, sizeof(buf));
	probe_rule(self->p, (struct rule) { 0xf2, 0x07,
		   .action = RULE_SILENT });
	ns = now_ns();
	EXPECT_EQ(-ETIMEDOUT, mem_rd(self->fd, SRAM_BASE, buf, 64, 4, &op));
	ns = now_ns() - ns;
	EXPECT_EQ(0, op.status);
	EXPECT_EQ(0, op.done);
	EXPECT_TRUE(untouched(buf, 64));
	EXPECT_LE(3000000000, ns);
	EXPECT_GT(patience(15000000000), ns);
	EXPECT_EQ(0, recovered(self->fd, self->p));
}

PROBE_TEST_MAIN
