// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bad input within a batch, for memory, DAP and core registers: operations,
 * their number, the pointer to them and those to the data. Nothing may be
 * sent, and not one byte written that isn't an out member.
 */
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "ops.h"

#define RED	0x5a

static __u8 data[4096];

/* The three calls: all have the same head */
static const struct batch {
	const char *name;
	unsigned int nr;
	size_t size;
} batches[] = {
	{ "MEM", STLINK_IOC_MEM, sizeof(struct stlink_mem_op) },
	{ "DAP", STLINK_IOC_DAP, sizeof(struct stlink_dap_op) },
	{ "REG", STLINK_IOC_REG, sizeof(struct stlink_reg_op) },
};

#define NUM_BATCHES	3

/* A valid read of each kind, written to @op */
static void good_op(const struct batch *b, void *op)
{
	if (b->nr == STLINK_IOC_MEM)
		*(struct stlink_mem_op *)op = rd_op(SRAM_BASE, data, 4, 4, 0);
	else if (b->nr == STLINK_IOC_DAP)
		*(struct stlink_dap_op *)op = (struct stlink_dap_op) {
			.port = 0, .reg = 0xfc };
	else
		*(struct stlink_reg_op *)op = (struct stlink_reg_op) {
			.reg = 3 };
}

static int batch(int fd, const struct batch *b, __u64 ops, __u32 n,
		 __u32 *done)
{
	struct stlink_mem_xfer x = { .size = sizeof(x), .num_ops = n,
				     .num_done = 0x7777, .ops = ops };
	int ret = call(fd, b->nr, &x);

	if (done)
		*done = x.num_done;
	return ret;
}

FIXTURE(ready) {
	PROBE_DATA;
	long page;
	char *area;
};

/* Every call is possible; three pages of which the middle one is forbidden */
FIXTURE_SETUP(ready)
{
	PROBE_SETUP(&probe_default);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	self->page = sysconf(_SC_PAGESIZE);
	self->area = mmap(NULL, 3 * self->page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->area);
	ASSERT_EQ(0, mprotect(self->area + self->page, self->page, PROT_NONE));
	memset(data, RED, sizeof(data));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(ready)
{
	munmap(self->area, 3 * self->page);
	PROBE_TEARDOWN();
}

/* A bad operation, behind a good one */
static int try_mem(int fd, struct stlink_mem_op bad)
{
	struct stlink_mem_op op[2] = { rd_op(SRAM_BASE, data, 4, 4, 0), bad };
	__u32 done;
	int ret = do_mem(fd, op, 2, &done);

	return done ? 1 : ret;
}

static int try_dap(int fd, struct stlink_dap_op bad)
{
	struct stlink_dap_op op[2] = { { .port = 0, .reg = 0xfc }, bad };
	__u32 done;
	int ret = do_dap(fd, op, 2, &done);

	return done ? 1 : ret;
}

static int try_reg(int fd, struct stlink_reg_op bad)
{
	struct stlink_reg_op op[2] = { { .reg = 1 }, bad };
	__u32 done;
	int ret = do_reg(fd, op, 2, &done);

	return done ? 1 : ret;
}

TEST_F(ready, reserved_and_flags)
{
	struct stlink_mem_op mem;
	struct stlink_dap_op dap;
	struct stlink_reg_op reg;
	unsigned int bit, op;

	for (op = STLINK_OP_READ; op <= STLINK_OP_POLL; op++)
		for (bit = 3; bit < 16; bit++) {
			mem = rd_op(SRAM_BASE, data, 4, 4, 1u << bit);
			mem.op = op;
			mem.buf = op == STLINK_OP_POLL ? 0 : mem.buf;
			EXPECT_EQ(-EINVAL, try_mem(self->fd, mem)) {
				TH_LOG("op %u, flag bit %u", op, bit);
			}
		}
	for (bit = 0; bit < 32; bit++) {
		dap = (struct stlink_dap_op) { .reg = 0xfc,
					       .reserved1 = 1u << bit };
		EXPECT_EQ(-EINVAL, try_dap(self->fd, dap));
		reg = (struct stlink_reg_op) { .reserved1 = 1u << bit };
		EXPECT_EQ(-EINVAL, try_reg(self->fd, reg));
	}
	for (bit = 0; bit < 8; bit++) {
		dap = (struct stlink_dap_op) { .reg = 0xfc,
					       .reserved0 = 1u << bit };
		EXPECT_EQ(-EINVAL, try_dap(self->fd, dap));
		reg = (struct stlink_reg_op) { .reserved0 = 1u << bit };
		EXPECT_EQ(-EINVAL, try_reg(self->fd, reg));
	}
	EXPECT_EQ(0, self->p->num_log);
	EXPECT_TRUE(all_are(data, RED, sizeof(data)));
}

TEST_F(ready, unknown_operations)
{
	unsigned int op;

	for (op = 2; op < 256; op++) {
		struct stlink_mem_op mem = rd_op(SRAM_BASE, data, 4, 4, 0);

		mem.op = op;
		if (op > 2)
			EXPECT_EQ(-EINVAL, try_mem(self->fd, mem));
		if (op > 2)
			EXPECT_EQ(-EINVAL, try_dap(self->fd,
				(struct stlink_dap_op) { .op = op,
							 .reg = 0xfc }));
		EXPECT_EQ(-EINVAL, try_reg(self->fd,
			  (struct stlink_reg_op) { .op = op })) {
			TH_LOG("op %u", op);
		}
	}
	EXPECT_EQ(0, self->p->num_log);
}

TEST_F(ready, widths_and_alignment)
{
	unsigned int width, off, op;
	struct stlink_mem_op mem;

	for (op = STLINK_OP_READ; op <= STLINK_OP_WRITE; op++)
		for (width = 1; width < 256; width++) {
			mem = rd_op(0, data, width, width, 0);
			mem.op = op;
			if (width != 1 && width != 2 && width != 4)
				EXPECT_EQ(-EINVAL, try_mem(self->fd, mem)) {
					TH_LOG("width %u", width);
				}
		}
	for (op = STLINK_OP_READ; op <= STLINK_OP_WRITE; op++)
		for (width = 2; width <= 4; width += 2)
			for (off = 1; off < width; off++) {
				mem = rd_op(SRAM_BASE + off, data, 4, width,
					    0);
				mem.op = op;
				EXPECT_EQ(-EINVAL, try_mem(self->fd, mem));
				mem.addr = SRAM_BASE;
				mem.length = 4 + off;
				EXPECT_EQ(-EINVAL, try_mem(self->fd, mem));
				mem.length = off;
				EXPECT_EQ(-EINVAL, try_mem(self->fd, mem));
			}
	for (width = 1; width < 256; width++) {
		mem = (struct stlink_mem_op) { .op = STLINK_OP_POLL,
			.width = width, .addr = SRAM_BASE, .length = 4 };
		if (width != 4)
			EXPECT_EQ(-EINVAL, try_mem(self->fd, mem)) {
				TH_LOG("poll, width %u", width);
			}
	}
	for (off = 0; off < 256; off++) {
		struct stlink_dap_op dap = { .reg = off };

		if (off % 4)
			EXPECT_EQ(-EINVAL, try_dap(self->fd, dap));
		dap.port = STLINK_DAP_DP;
		if (off % 4)
			EXPECT_EQ(-EINVAL, try_dap(self->fd, dap));
	}
	for (off = 0x100; off < 0xfffe; off += 0x123) {
		EXPECT_EQ(-EINVAL, try_dap(self->fd, (struct stlink_dap_op) {
					   .port = off, .reg = 0xfc }));
		EXPECT_EQ(-EINVAL, try_dap(self->fd, (struct stlink_dap_op) {
					   .reg = off }));
		EXPECT_EQ(-EINVAL, try_reg(self->fd, (struct stlink_reg_op) {
					   .reg = off }));
	}
	EXPECT_EQ(0, self->p->num_log);
	EXPECT_TRUE(all_are(data, RED, sizeof(data)));
}

TEST_F(ready, how_many)
{
	static __u8 many[(STLINK_MAX_OPS + 2) * sizeof(struct stlink_mem_op)];
	static const struct { __u32 n; int ret; } c[] = {
		{ 0, -EINVAL }, { 1, 0 }, { STLINK_MAX_OPS, 0 },
		{ STLINK_MAX_OPS + 1, -EMSGSIZE }, { 0x80000000, -EMSGSIZE },
		{ 0xffffffff, -EMSGSIZE }, { 0x05555556, -EMSGSIZE },
		{ 0x10000001, -EMSGSIZE }, { 0x20000002, -EMSGSIZE },
	};
	const struct batch *b;
	unsigned int i, k;
	__u32 done;

	for (b = batches; b < batches + NUM_BATCHES; b++)
		for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
			memset(many, RED, sizeof(many));
			for (k = 0; k <= STLINK_MAX_OPS; k++)
				good_op(b, many + k * b->size);
			probe_clear_log(self->p);
			EXPECT_EQ(c[i].ret, batch(self->fd, b,
						  (uintptr_t)many, c[i].n,
						  &done)) {
				TH_LOG("%s, %x operations", b->name, c[i].n);
			}
			EXPECT_EQ(c[i].ret ? 0 : c[i].n, done);
			if (c[i].ret)
				EXPECT_EQ(0, self->p->num_log);
			k = (STLINK_MAX_OPS + 1) * b->size;
			EXPECT_TRUE(all_are(many + k, RED, b->size));
		}
}

TEST_F(ready, pointer_to_the_operations)
{
	char *end = self->area + self->page, *ro = end + self->page;
	const struct batch *b;
	__u32 done, k;
	size_t i;

	for (b = batches; b < batches + NUM_BATCHES; b++) {
		const __u64 wild[] = { 0, 1, (uintptr_t)end, (uintptr_t)-8L,
			0x8000000000000000, 0xffff888000000000,
			0x00007ffffffff000, 0x100000000000000 };

		probe_clear_log(self->p);
		for (i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
			EXPECT_EQ(-EFAULT, batch(self->fd, b, wild[i], 1,
						 &done)) {
				TH_LOG("%s, %llx", b->name,
				       (unsigned long long)wild[i]);
			}
			EXPECT_EQ(0, done);
		}
		/* The array runs over the end of what is mapped. */
		for (k = 1; k < 8 * b->size; k += 7) {
			char *at = end - k;

			memset(self->area, RED, self->page);
			for (i = 0; (i + 1) * b->size <= k; i++)
				good_op(b, at + i * b->size);
			EXPECT_EQ(-EFAULT, batch(self->fd, b, (uintptr_t)at, 8,
						 &done)) {
				TH_LOG("%s cut after %u", b->name, k);
			}
			EXPECT_EQ(0, done);
			EXPECT_TRUE(all_are(self->area, RED, self->page - k));
		}
		EXPECT_EQ(0, self->p->num_log);
		/* Ends exactly there: */
		for (i = 0; i < 8; i++)
			good_op(b, end - (8 - i) * b->size);
		EXPECT_EQ(0, batch(self->fd, b, (uintptr_t)end - 8 * b->size,
				   8, &done));
		EXPECT_EQ(8, done);
		/* Not aligned: programs for x86 may do that. */
		for (i = 0; i < 8; i++)
			good_op(b, end - (8 - i) * b->size - 1);
		EXPECT_EQ(0, batch(self->fd, b, (uintptr_t)end - 8 * b->size -
				   1, 8, &done));
		/* Can be read, but not written back to. */
		for (i = 0; i < 8; i++)
			good_op(b, ro + i * b->size);
		ASSERT_EQ(0, mprotect(ro, self->page, PROT_READ));
		EXPECT_EQ(-EFAULT, batch(self->fd, b, (uintptr_t)ro, 8, NULL));
		ASSERT_EQ(0, mprotect(ro, self->page, PROT_READ | PROT_WRITE));
	}
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
}

TEST_F(ready, pointers_to_the_data)
{
	char *end = self->area + self->page, *ro = end + self->page;
	const __u64 wild[] = { 0, (uintptr_t)end, (uintptr_t)end - 1,
		(uintptr_t)end - 63, (uintptr_t)-8L, 0xffff888000000000,
		0x8000000000000000 };
	unsigned int writes = self->p->target.writes;
	struct stlink_mem_op op[3];
	__u8 a[64], c[64];
	__u32 done;
	size_t i;

	for (i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		/* What is to be written is fetched first: nothing is sent. */
		op[0] = rd_op(SRAM_BASE, a, 64, 4, 0);
		op[1] = wr_op(SRAM_BASE, NULL, 64, 4, 0);
		op[1].buf = wild[i];
		op[2] = op[0];
		EXPECT_EQ(-EFAULT, do_mem(self->fd, op, 3, &done)) {
			TH_LOG("write from %llx", (unsigned long long)wild[i]);
		}
		EXPECT_EQ(0, done);
		EXPECT_EQ(0, self->p->num_log);
	}
	for (i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		memset(self->area, RED, self->page);
		memset(c, RED, sizeof(c));
		op[0] = rd_op(SRAM_BASE, a, 64, 4, 0);
		op[1] = rd_op(SRAM_BASE, NULL, 64, 4, 0);
		op[1].buf = wild[i];
		op[2] = rd_op(SRAM_BASE, c + 16, 32, 4, 0);
		EXPECT_EQ(-EFAULT, do_mem(self->fd, op, 3, &done)) {
			TH_LOG("read to %llx", (unsigned long long)wild[i]);
		}
		EXPECT_TRUE(all_are(self->area, RED, self->page - 63));
		EXPECT_TRUE(all_are(c, RED, 16));
		EXPECT_TRUE(all_are(c + 48, RED, 16));
	}
	/* Memory that may only be read, or only written */
	memset(ro, 0x11, self->page);
	ASSERT_EQ(0, mprotect(ro, self->page, PROT_READ));
	EXPECT_EQ(-EFAULT, mem_rd(self->fd, SRAM_BASE, ro, 64, 4, NULL));
	EXPECT_TRUE(all_are(ro, 0x11, self->page));
	EXPECT_EQ(writes, self->p->target.writes);
	EXPECT_EQ(0, mem_wr(self->fd, SRAM_BASE, ro, 64, 4, 0, NULL));
	EXPECT_TRUE(all_are(self->p->target.sram, 0x11, 64));
	ASSERT_EQ(0, mprotect(ro, self->page, PROT_WRITE));
	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE + 64, ro, 64, 4, NULL));
	ASSERT_EQ(0, mprotect(ro, self->page, PROT_READ | PROT_WRITE));
	EXPECT_EQ(0, memcmp(ro, self->p->target.sram + 64, 64));
}

/* Of an operation only the out members change, and nothing around it. */
TEST_F(ready, red_zones)
{
	__u8 area[16 + 4 * sizeof(struct stlink_mem_op) + 16];
	struct stlink_mem_op before[4], *op = (void *)(area + 16);
	struct stlink_dap_op dap[2] = { { .port = 0, .reg = 0xfc },
		{ .op = STLINK_OP_POLL, .port = STLINK_DAP_DP } }, dap_was[2];
	struct stlink_reg_op reg = { .op = STLINK_OP_WRITE, .reg = 4,
				     .value = 77 };
	__u8 buf[2][96];
	size_t i;

	memset(area, RED, sizeof(area));
	memset(buf, RED, sizeof(buf));
	op[0] = rd_op(SRAM_BASE, buf[0] + 16, 61, 0, 0);
	op[1] = wr_op(SRAM_BASE + 0x80, buf[1] + 16, 33, 1, 0);
	op[2] = (struct stlink_mem_op) { .op = STLINK_OP_POLL, .width = 4,
		.addr = SRAM_BASE, .length = 4, .timeout_ms = 5 };
	op[3] = rd_op(0x30000000, buf[1] + 16, 33, 1, STLINK_MEM_ONCE);
	memcpy(before, op, sizeof(before));
	EXPECT_EQ(-EREMOTEIO, do_mem(self->fd, op, 4, NULL));
	EXPECT_TRUE(all_are(area, RED, 16));
	EXPECT_TRUE(all_are(area + sizeof(area) - 16, RED, 16));
	for (i = 0; i < 4; i++) {
		before[i].done = op[i].done;
		before[i].status = op[i].status;
		before[i].fault_addr = op[i].fault_addr;
		before[i].result = op[i].result;
		if (i == 2)
			before[i].value = op[i].value;
		EXPECT_EQ(0, memcmp(&before[i], &op[i], sizeof(op[i]))) {
			TH_LOG("operation %zu", i);
		}
	}
	EXPECT_TRUE(all_are(buf[0], RED, 16));
	EXPECT_TRUE(all_are(buf[0] + 77, RED, 96 - 77));
	EXPECT_TRUE(all_are(buf[1], RED, 96));
	memcpy(dap_was, dap, sizeof(dap));
	EXPECT_EQ(0, do_dap(self->fd, dap, 2, NULL));
	for (i = 0; i < 2; i++) {
		dap_was[i].value = dap[i].value;
		dap_was[i].status = dap[i].status;
	}
	EXPECT_EQ(0, memcmp(dap_was, dap, sizeof(dap)));
	EXPECT_EQ(0, do_reg(self->fd, &reg, 1, NULL));
	EXPECT_EQ(77, reg.value);
	EXPECT_EQ(4, reg.reg);
	EXPECT_EQ(STLINK_OP_WRITE, reg.op);
}

#ifdef __x86_64__
static int call32(int fd, unsigned long nr, void *arg)
{
	long ret;

	asm volatile("int $0x80" : "=a" (ret)
		     : "a" (54L), "b" ((long)fd), "c" (nr), "d" (arg)
		     : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

/* As a 32-bit program does it: pointers are 64 bits wide there, too. */
TEST_F(ready, from_32_bit)
{
	struct low {
		struct stlink_mem_xfer x;
		struct stlink_mem_op op[3];
		__u32 word[3];
		__u8 red[8];
	} *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	ASSERT_NE(MAP_FAILED, low);
	memset(low->red, RED, 8);
	low->word[0] = 0x1234567;
	low->op[0] = wr_op(SRAM_BASE, &low->word[0], 4, 4,
			   STLINK_MEM_TOGETHER);
	low->op[1] = word_op(SRAM_BASE, &low->word[1]);
	low->op[2] = rd_op(SRAM_BASE, &low->word[2], 4, 1, STLINK_MEM_ONCE);
	low->x = (struct stlink_mem_xfer) { .size = sizeof(low->x),
		.num_ops = 3, .ops = (uintptr_t)low->op };
	EXPECT_EQ(0, call32(self->fd, STLINK_IOC_MEM, &low->x));
	EXPECT_EQ(3, low->x.num_done);
	EXPECT_EQ(0x1234567, low->word[1]);
	EXPECT_EQ(0x1234567, low->word[2]);
	/* Bits that a 32-bit pointer doesn't have */
	low->x.num_done = 0;
	low->x.ops |= 1ull << 32;
	EXPECT_EQ(-EFAULT, call32(self->fd, STLINK_IOC_MEM, &low->x));
	low->x.ops = (uintptr_t)low->op;
	low->op[1].buf |= 1ull << 32;
	EXPECT_EQ(-EFAULT, call32(self->fd, STLINK_IOC_MEM, &low->x));
	low->op[1].width = 5;
	EXPECT_EQ(-EINVAL, call32(self->fd, STLINK_IOC_MEM, &low->x));
	EXPECT_TRUE(all_are(low->red, RED, 8));
	munmap(low, 4096);
}
#endif

PROBE_TEST_MAIN
