// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target memory that works: every width, alignment and length, on firmware
 * of every generation. That the probe's limits are kept is watched by
 * conform.c in all of them.
 */
#include "kselftest_harness.h"
#include "fixture.h"

#define POISON	0xee

FIXTURE(mem) {
	PROBE_DATA;
};

/* With 3B; with 3E; with 16-bit accesses and an AP that must be opened */
FIXTURE_VARIANT(mem) {
	unsigned int j;
};

FIXTURE_VARIANT_ADD(mem, j14) { .j = 14 };
FIXTURE_VARIANT_ADD(mem, j25) { .j = 25 };
FIXTURE_VARIANT_ADD(mem, j37) { .j = 37 };

FIXTURE_SETUP(mem)
{
	struct probe_options opt = probe_default;

	opt.j = variant->j;
	PROBE_SETUP(&opt);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(mem)
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
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(latest)
{
	PROBE_TEARDOWN();
}

static bool all_are(const __u8 *p, __u8 value, size_t n)
{
	while (n && *p == value) {
		p++;
		n--;
	}
	return !n;
}

TEST_F(latest, read_lengths_and_alignments)
{
	static __u8 buf[280][80];
	struct stlink_mem_op op[280];
	size_t i, n = 0;
	__u32 done;

	memset(buf, POISON, sizeof(buf));
	for (i = 0; i < 280; i++)
		op[i] = (struct stlink_mem_op) {
			.addr = SRAM_BASE + 0x3d8 + i % 4, .length = i / 4 + 1,
			.buf = (uintptr_t)buf[i] + 4,
		};
	for (i = 0; i < 280; i += 140) {
		ASSERT_EQ(0, do_mem(self->fd, op + i, 140, &done));
		ASSERT_EQ(140, done);
	}
	for (i = 0; i < 280; i++) {
		n = op[i].length;
		EXPECT_EQ(n, op[i].done);
		EXPECT_EQ(ST_OK, op[i].status);
		EXPECT_EQ(0, op[i].result);
		EXPECT_EQ(0, memcmp(buf[i] + 4, target_ram(&self->p->target,
							   op[i].addr), n)) {
			TH_LOG("%08x, %zu bytes", op[i].addr, n);
		}
		EXPECT_TRUE(all_are(buf[i], POISON, 4));
		EXPECT_TRUE(all_are(buf[i] + 4 + n, POISON, 76 - n));
	}
}

TEST_F(latest, write_lengths_and_alignments)
{
	static __u8 want[0x200];
	struct stlink_mem_op op;
	__u8 data[80], *ram = target_ram(&self->p->target, SRAM_BASE + 0x380);
	size_t len, at, i;

	memcpy(want, ram, sizeof(want));
	for (len = 1; len <= 70; len++) {
		at = 0x40 + len % 4 + (len % 3) * 4;
		for (i = 0; i < len; i++)
			want[at + i] = data[i] = len * 3 + i * 11;
		ASSERT_EQ(0, mem_wr(self->fd, SRAM_BASE + 0x380 + at, data, len,
				    0, 0, &op));
		EXPECT_EQ(len, op.done);
		EXPECT_EQ(0, memcmp(want, ram, sizeof(want))) {
			TH_LOG("offset %zu, %zu bytes", at, len);
		}
	}
}

/* What the driver sends must be of that width and no other. */
static unsigned int other_widths(struct probe *p, int op)
{
	static const int ops[] = { 0x07, 0x08, 0x0c, 0x0d, 0x47, 0x48, 0x50,
				   0x54, 0x35, 0x36 };
	unsigned int i, n = 0;

	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		n += ops[i] == op ? 0 : probe_count(p, 0xf2, ops[i]);
	return n;
}

TEST_F(mem, fixed_widths)
{
	static const int read_op[5] = { 0, 0x0c, 0x47, 0, 0x07 };
	static const int write_op[5] = { 0, 0x0d, 0x48, 0, 0x08 };
	__u8 width, buf[212], *ram;
	__u32 addr = SRAM_BASE + 0x3f4;
	size_t i;

	ram = target_ram(&self->p->target, addr);
	for (width = 1; width <= 4; width *= 2) {
		int want = width == 2 && variant->j < 26 ? -EOPNOTSUPP : 0;

		probe_clear_log(self->p);
		memset(buf, POISON, sizeof(buf));
		EXPECT_EQ(want, mem_rd(self->fd, addr, buf, 208, width, NULL));
		EXPECT_EQ(0, other_widths(self->p, read_op[width]));
		if (want) {
			EXPECT_TRUE(all_are(buf, POISON, sizeof(buf)));
			EXPECT_EQ(0, self->p->num_log);
		} else {
			EXPECT_EQ(0, memcmp(buf, ram, 208));
			EXPECT_TRUE(all_are(buf + 208, POISON, 4));
		}
		for (i = 0; i < sizeof(buf); i++)
			buf[i] = i * 3 + width;
		probe_clear_log(self->p);
		EXPECT_EQ(want, mem_wr(self->fd, addr, buf, 208, width, 0,
				       NULL));
		EXPECT_EQ(0, other_widths(self->p, write_op[width]));
		if (!want)
			EXPECT_EQ(0, memcmp(buf, ram, 208));
	}
}

TEST_F(latest, large)
{
	static __u8 buf[STLINK_MAX_BYTES + 8];
	static const struct { __u32 addr, len; __u8 width; } at[] = {
		{ BIGRAM_BASE, 65536, 0 }, { BIGRAM_BASE, 65536, 4 },
		{ BIGRAM_BASE + 1, 65535, 0 }, { BIGRAM_BASE + 0x3ff, 6146, 0 },
		{ BIGRAM_BASE + 0x400, 6144, 4 },
		{ BIGRAM_BASE + 0x400, 6148, 4 },
		{ BIGRAM_BASE + 0x7fd, 2050, 1 },
	};
	struct target *t = &self->p->target;
	size_t i, k;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		memset(buf, POISON, sizeof(buf));
		ASSERT_EQ(0, mem_rd(self->fd, at[i].addr, buf + 4, at[i].len,
				    at[i].width, NULL));
		EXPECT_EQ(0, memcmp(buf + 4, target_ram(t, at[i].addr),
				    at[i].len)) {
			TH_LOG("read %08x, %u", at[i].addr, at[i].len);
		}
		EXPECT_TRUE(all_are(buf, POISON, 4));
		EXPECT_TRUE(all_are(buf + 4 + at[i].len, POISON, 4));
		for (k = 0; k < at[i].len; k++)
			buf[k] = k * 7 + (k >> 8) + i;
		ASSERT_EQ(0, mem_wr(self->fd, at[i].addr, buf, at[i].len,
				    at[i].width, 0, NULL));
		EXPECT_EQ(0, memcmp(buf, target_ram(t, at[i].addr),
				    at[i].len)) {
			TH_LOG("write %08x, %u", at[i].addr, at[i].len);
		}
	}
}

TEST_F(latest, end_of_the_address_space)
{
	__u8 buf[16], width;
	__u32 len;

	for (width = 0; width <= 4; width += 4)
		for (len = 4; len <= 16; len += 4) {
			memset(self->p->target.top, len, TOP_SIZE);
			EXPECT_EQ(0, mem_rd(self->fd, -len, buf, len, width,
					    NULL));
			EXPECT_TRUE(all_are(buf, len, len));
		}
	EXPECT_EQ(0, mem_rd(self->fd, 0xffffffff, buf, 1, 1, NULL));
	probe_clear_log(self->p);
	EXPECT_EQ(-EINVAL, mem_rd(self->fd, 0xffffffff, buf, 2, 1, NULL));
	EXPECT_EQ(-EINVAL, mem_rd(self->fd, 0xfffffffc, buf, 8, 4, NULL));
	EXPECT_EQ(-EINVAL, mem_rd(self->fd, 0xfffffff8, buf, 9, 0, NULL));
	EXPECT_EQ(0, self->p->num_log);
}

TEST_F(mem, no_increment)
{
	struct target *t = &self->p->target;
	__u32 out[20], in[20], i;
	struct stlink_mem_op op = {
		.op = STLINK_OP_WRITE, .width = 4, .addr = FIFO_ADDR,
		.flags = STLINK_MEM_NO_INCREMENT, .length = sizeof(out),
		.buf = (uintptr_t)out,
	};
	__u8 bytes[5] = { 1, 2, 3, 4, 5 };

	for (i = 0; i < 20; i++)
		out[i] = 0x1000 + i;
	EXPECT_EQ(0, do_mem(self->fd, &op, 1, NULL));
	EXPECT_EQ(sizeof(out), op.done);
	EXPECT_EQ(20, t->fifo_writes);
	EXPECT_EQ(0, memcmp(t->fifo, out, sizeof(out)));

	op = (struct stlink_mem_op) { .width = 4, .addr = FIFO_ADDR,
		.flags = STLINK_MEM_NO_INCREMENT, .length = sizeof(in),
		.buf = (uintptr_t)in };
	EXPECT_EQ(0, do_mem(self->fd, &op, 1, NULL));
	for (i = 0; i < 20; i++)
		EXPECT_EQ(0xf1f00000 + i, in[i]);
	EXPECT_EQ(0xf1f00000 + 20, t->fifo_reads);

	t->fifo_writes = 0;
	op = (struct stlink_mem_op) { .op = STLINK_OP_WRITE, .width = 1,
		.addr = FIFO_ADDR, .flags = STLINK_MEM_NO_INCREMENT,
		.length = sizeof(bytes), .buf = (uintptr_t)bytes };
	EXPECT_EQ(0, do_mem(self->fd, &op, 1, NULL));
	EXPECT_EQ(5, t->fifo_writes);
	for (i = 0; i < 5; i++)
		EXPECT_EQ(bytes[i], t->fifo[i]);
	op = (struct stlink_mem_op) { .op = STLINK_OP_WRITE, .width = 2,
		.addr = FIFO_ADDR, .flags = STLINK_MEM_NO_INCREMENT,
		.length = 4, .buf = (uintptr_t)bytes };
	EXPECT_EQ(variant->j < 26 ? -EOPNOTSUPP : 0,
		  do_mem(self->fd, &op, 1, NULL));
	if (variant->j >= 26)
		EXPECT_EQ(7, t->fifo_writes);
}

TEST_F(mem, status_command_of_the_firmware)
{
	__u8 buf[8];

	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE, buf, 8, 4, NULL));
	EXPECT_EQ(0, mem_wr(self->fd, SRAM_BASE, buf, 8, 4, 0, NULL));
	EXPECT_EQ(variant->j < 15 ? 2 : 0, probe_count(self->p, 0xf2, 0x3b));
	EXPECT_EQ(variant->j < 15 ? 0 : 2, probe_count(self->p, 0xf2, 0x3e));
}

TEST_F(probe, batch)
{
	__u8 out[64], in[64];
	struct stlink_mem_op op[] = {
		{ .op = STLINK_OP_WRITE, .addr = SRAM_BASE + 0x81,
		  .length = 63, .buf = (uintptr_t)out },
		{ .op = STLINK_OP_POLL, .addr = BUSY_ADDR, .length = 4,
		  .width = 4, .mask = 0x100, .value = 0x100,
		  .timeout_ms = 5000 },
		{ .addr = SRAM_BASE + 0x80, .length = 64,
		  .buf = (uintptr_t)in },
		{ .op = STLINK_OP_POLL, .addr = SRAM_BASE, .length = 4,
		  .width = 4, .mask = 0xffffffff, .value = 0x12345678,
		  .timeout_ms = 60 },
		{ .addr = SRAM_BASE, .length = 1, .buf = (uintptr_t)in },
	};
	__u32 done, i, word;
	uint64_t ns;

	for (i = 0; i < 64; i++)
		out[i] = i * 5 + 3;
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	self->p->target.poll_after = 5;
	ns = now_ns();
	EXPECT_EQ(-ETIMEDOUT, do_mem(self->fd, op, 5, &done));
	ns = now_ns() - ns;
	EXPECT_EQ(3, done);
	EXPECT_EQ(0x100, op[1].value & 0x101);
	EXPECT_EQ(0, memcmp(in + 1, out, 63));
	EXPECT_EQ(self->p->target.sram[0x80], in[0]);
	memcpy(&word, self->p->target.sram, 4);
	EXPECT_EQ(word, op[3].value);
	EXPECT_EQ(0, op[3].status);
	EXPECT_EQ(0, op[4].status);
	EXPECT_LE(60000000, ns);
	EXPECT_GT(patience(4000000000), ns);
}

/* What lasts is not looked at all the time, and what comes is seen soon */
TEST_F(probe, pace_of_a_poll)
{
	struct stlink_mem_op op = { .op = STLINK_OP_POLL, .addr = SRAM_BASE,
		.length = 4, .width = 4, .mask = 0xffffffff,
		.value = 0x12345678, .timeout_ms = patience(1000) };

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
	EXPECT_EQ(-ETIMEDOUT, do_mem(self->fd, &op, 1, NULL));
	EXPECT_LT(6, self->p->num_log);
	EXPECT_GT(patience(330), self->p->num_log);
}

TEST_F(probe, refused)
{
	static __u8 buf[STLINK_MAX_BYTES];
	const __u64 b = (uintptr_t)buf;
	const __u32 a = SRAM_BASE;
	struct stlink_mem_op bad[] = {
		{ .op = 3, .addr = a, .length = 4, .buf = b },
		{ .width = 3, .addr = a, .length = 3, .buf = b },
		{ .width = 8, .addr = a, .length = 8, .buf = b },
		{ .flags = 4, .addr = a, .length = 4, .buf = b },
		{ .flags = 0x8000, .addr = a, .length = 4, .buf = b },
		{ .flags = STLINK_MEM_NO_INCREMENT, .addr = a, .length = 4,
		  .buf = b },
		{ .width = 4, .addr = a + 2, .length = 4, .buf = b },
		{ .width = 4, .addr = a, .length = 6, .buf = b },
		{ .width = 2, .addr = a + 1, .length = 2, .buf = b },
		{ .width = 2, .addr = a, .length = 3, .buf = b },
		{ .addr = a, .length = 0, .buf = b },
		{ .addr = a, .length = 4, .buf = b, .mask = 1 },
		{ .addr = a, .length = 4, .buf = b, .timeout_ms = 1 },
		{ .op = STLINK_OP_POLL, .width = 4, .addr = a, .length = 8 },
		{ .op = STLINK_OP_POLL, .width = 4, .addr = a + 1,
		  .length = 4 },
		{ .op = STLINK_OP_POLL, .width = 4, .addr = a, .length = 4,
		  .buf = b },
		{ .op = STLINK_OP_POLL, .width = 4, .addr = a, .length = 4,
		  .timeout_ms = STLINK_MAX_TIMEOUT_MS + 1 },
	};
	struct stlink_mem_op op[2], good = { .addr = a, .length = 4, .buf = b };
	__u32 done;
	size_t i;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
	memset(buf, POISON, sizeof(buf));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		op[0] = good;
		op[1] = bad[i];
		EXPECT_EQ(-EINVAL, do_mem(self->fd, op, 2, &done)) {
			TH_LOG("case %zu", i);
		}
		EXPECT_EQ(0, done);
	}
	EXPECT_EQ(-EINVAL, do_mem(self->fd, op, 0, NULL));
	EXPECT_EQ(-EMSGSIZE, do_mem(self->fd, op, STLINK_MAX_OPS + 1, NULL));
	EXPECT_EQ(-EMSGSIZE, do_mem(self->fd, op, 0x80000001, NULL));
	EXPECT_EQ(-EMSGSIZE, mem_rd(self->fd, BIGRAM_BASE, buf,
				    STLINK_MAX_BYTES + 1, 1, NULL));
	EXPECT_EQ(-EMSGSIZE, mem_rd(self->fd, 0, buf, 0xfffffffc, 4, NULL));
	op[0] = op[1] = good;
	op[0].length = op[1].length = STLINK_MAX_BYTES / 2 + 4;
	EXPECT_EQ(-EMSGSIZE, do_mem(self->fd, op, 2, NULL));
	/* Together zero, in 32 bits */
	op[0].addr = op[1].addr = 0;
	op[0].length = op[1].length = 0x80000000;
	EXPECT_EQ(-EMSGSIZE, do_mem(self->fd, op, 2, NULL));
	EXPECT_EQ(-EFAULT, do_mem(self->fd, NULL, 1, NULL));
	EXPECT_EQ(-EFAULT, mem_wr(self->fd, a, NULL, 4, 0, 0, NULL));
	EXPECT_EQ(0, self->p->num_log);
	EXPECT_EQ(-EFAULT, mem_rd(self->fd, a, NULL, 4, 0, NULL));
	EXPECT_TRUE(all_are(buf, POISON, sizeof(buf)));
	EXPECT_EQ(0, self->p->target.writes);
}

PROBE_TEST_MAIN
