// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks across 1 KiB: only on a probe that was seen to do them right, and
 * right data on any. What must not be tried is watched by conform.c.
 */
#include "kselftest_harness.h"
#include "fixture.h"
#include "ops.h"

/* Exchanges of a block: itself, and how it ended */
#define BLOCK	2

static __u8 buf[STLINK_MAX_BYTES];

FIXTURE(block) {
	PROBE_DATA;
};

FIXTURE_VARIANT(block) {
	unsigned int j;
	bool wraps;
	bool longer;
};

FIXTURE_VARIANT_ADD(block, j23) { .j = 23 };
FIXTURE_VARIANT_ADD(block, j24) { .j = 24, .longer = true };
FIXTURE_VARIANT_ADD(block, j24_wraps) { .j = 24, .wraps = true };
FIXTURE_VARIANT_ADD(block, j37) { .j = 37, .longer = true };
FIXTURE_VARIANT_ADD(block, j37_wraps) { .j = 37, .wraps = true };

FIXTURE_SETUP(block)
{
	struct probe_options opt = probe_default;

	opt.j = variant->j;
	opt.tar_wraps = variant->wraps;
	PROBE_SETUP(&opt);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(block)
{
	PROBE_TEARDOWN();
}

/* Exchanges of a read of @len bytes at @addr, which must bring what is there */
static int cost(struct probe *p, int fd, __u32 addr, __u32 len)
{
	int ret;

	memset(buf, POISON, sizeof(buf));
	probe_clear_log(p);
	ret = mem_rd(fd, addr, buf, len, 4, NULL);
	if (ret)
		return ret;
	return memcmp(buf, target_ram(&p->target, addr), len) ? -EILSEQ :
								 p->num_log;
}

/* The first read finds out, the others know */
TEST_F(block, read)
{
	bool try = variant->longer || variant->wraps;
	int i;

	/* 2 KiB, 2 KiB again at once, and then 14 KiB: 6 + 6 + 2 */
	EXPECT_EQ(variant->longer ? (2 + 1 + 3) * BLOCK :
		  (16 + try) * BLOCK,
		  cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(variant->longer ? 3 * BLOCK : 16 * BLOCK,
			  cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	/* A single word costs one */
	EXPECT_EQ(variant->longer ? BLOCK : 1 + BLOCK + 1,
		  cost(self->p, self->fd, SRAM_BASE + 0x3fc, 0x408));
	EXPECT_EQ(variant->longer ? 11 * BLOCK : 64 * BLOCK,
		  cost(self->p, self->fd, BIGRAM_BASE, 65536));
	/* Also in the next session */
	ASSERT_EQ(0, do_detach(self->fd));
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(variant->longer ? 3 * BLOCK : 16 * BLOCK,
		  cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
}

TEST_F(block, write)
{
	struct target *t = &self->p->target;
	size_t i;
	int k;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < SRAM_SIZE; i++)
			buf[i] = i * 7 + (i >> 8) + k;
		probe_clear_log(self->p);
		ASSERT_EQ(0, mem_wr(self->fd, SRAM_BASE, buf, SRAM_SIZE, 4, 0,
				    NULL));
		EXPECT_EQ(0, memcmp(buf, t->sram, SRAM_SIZE));
		/* Reading has to show first that it works */
		EXPECT_EQ(k && variant->longer ? BLOCK : 4 * BLOCK,
			  self->p->num_log);
		EXPECT_LT(0, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	}
}

FIXTURE(doubt) {
	PROBE_DATA;
};

/* Whatever it does, nothing tells */
FIXTURE_VARIANT(doubt) {
	bool wraps;
};

FIXTURE_VARIANT_ADD(doubt, minded) { };
FIXTURE_VARIANT_ADD(doubt, wraps) { .wraps = true };

FIXTURE_SETUP(doubt)
{
	struct probe_options opt = probe_default;

	opt.tar_wraps = variant->wraps;
	PROBE_SETUP(&opt);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(doubt)
{
	PROBE_TEARDOWN();
}

/* Blank flash: no trial, until there is something in it */
TEST_F(doubt, blank)
{
	struct target *t = &self->p->target;
	int i;

	memset(t->flash, 0xff, FLASH_SIZE);
	for (i = 0; i < 2; i++)
		EXPECT_EQ(16 * BLOCK, cost(self->p, self->fd, FLASH_BASE,
					   FLASH_SIZE));
	EXPECT_EQ(0, self->p->crossings);
	t->flash[0x2c03] = 0xfe;
	EXPECT_LT(0, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	EXPECT_EQ(variant->wraps ? 1 : 2, self->p->crossings);
	EXPECT_EQ(variant->wraps ? 16 * BLOCK : 3 * BLOCK,
		  cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
}

/* SRAM may change; a FIFO or ONCE must not be read again; slow blocks are long */
TEST_F(doubt, not_there)
{
	struct stlink_mem_op op = rd_op(FLASH_BASE, buf, FLASH_SIZE, 4,
					STLINK_MEM_ONCE);
	struct stlink_clock c = { .size = sizeof(c), .khz = 125 };

	EXPECT_EQ(4 * BLOCK, cost(self->p, self->fd, SRAM_BASE, SRAM_SIZE));
	EXPECT_EQ(64 * BLOCK, cost(self->p, self->fd, BIGRAM_BASE, 65536));
	EXPECT_EQ(0, mem_rd(self->fd, FLASH_BASE, buf, FLASH_SIZE, 2, NULL));
	EXPECT_EQ(0, do_mem(self->fd, &op, 1, NULL));
	EXPECT_EQ(2 * BLOCK, cost(self->p, self->fd, FLASH_BASE + 4, 2044));
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_CLOCK, &c));
	EXPECT_EQ(16 * BLOCK, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	EXPECT_EQ(0, self->p->crossings);
}

/* Blocks that were long are short at a slow clock: nobody waits seconds */
TEST_F(doubt, clock)
{
	struct stlink_clock c = { .size = sizeof(c), .khz = 125 };
	struct stlink_mem_op op = rd_op(FIFO_ADDR, buf, 6144, 4,
					STLINK_MEM_NO_INCREMENT);

	EXPECT_LT(0, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_CLOCK, &c));
	EXPECT_EQ(16 * BLOCK, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	probe_clear_log(self->p);
	EXPECT_EQ(0, do_mem(self->fd, &op, 1, NULL));
	EXPECT_EQ(6 * BLOCK, self->p->num_log);
	c.khz = 240;
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_CLOCK, &c));
	EXPECT_EQ(variant->wraps ? 16 * BLOCK : 3 * BLOCK,
		  cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
}

/* A target of another kind may count otherwise */
TEST_F(doubt, another_target)
{
	EXPECT_LT(0, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	ASSERT_EQ(0, do_detach(self->fd));
	self->p->target.dpidr = 0x2ba01477;
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	self->p->crossings = 0;
	EXPECT_EQ(4 * BLOCK, cost(self->p, self->fd, SRAM_BASE, SRAM_SIZE));
	EXPECT_LT(0, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	EXPECT_EQ(variant->wraps ? 1 : 4, self->p->crossings);
}

/* A trial that fails by itself is not the reader's trouble */
TEST_F(doubt, trial_fails)
{
	struct stlink_last l = { .size = sizeof(l) };
	static const uint8_t status[] = { ST_AP_WAIT, ST_AP_FAULT };
	struct rule *r;
	size_t i;

	for (i = 0; i < 2; i++) {
		probe_clear_rules(self->p);
		/* The third block is the trial */
		r = probe_rule(self->p, (struct rule) { 0xf2, 0x07, .skip = 2,
			       .count = 1, .action = RULE_STATUS,
			       .arg = status[i] });
		EXPECT_LT(0, cost(self->p, self->fd, FLASH_BASE, 2048));
		EXPECT_EQ(1, r->hits);
		ASSERT_EQ(0, call(self->fd, STLINK_IOC_LAST, &l));
		EXPECT_EQ(0, l.error);
		EXPECT_EQ(ST_OK, l.status);
	}
	probe_clear_rules(self->p);
	EXPECT_LT(0, cost(self->p, self->fd, FLASH_BASE, 2048));
	EXPECT_EQ(variant->wraps ? 16 * BLOCK : 3 * BLOCK,
		  cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
}

/*
 * A word that is different each time: neither proof, so no verdict from one
 * look; but not tried for ever either.
 */
static void changes(struct target *t, uint32_t addr)
{
	if (addr == FLASH_BASE + 0x400)
		t->flash[0x400]++;
}

TEST_F(doubt, something_changes)
{
	struct target *t = &self->p->target;
	int i;

	t->on_read = changes;
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, mem_rd(self->fd, FLASH_BASE, buf, 2048, 4, NULL));
	t->on_read = NULL;
	EXPECT_EQ(variant->wraps ? 1 : 3, self->p->crossings);
	EXPECT_EQ(16 * BLOCK, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
}

TEST_F(doubt, something_changed_once)
{
	struct target *t = &self->p->target;

	t->on_read = changes;
	ASSERT_EQ(0, mem_rd(self->fd, FLASH_BASE, buf, 2048, 4, NULL));
	t->on_read = NULL;
	EXPECT_LT(0, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
	EXPECT_EQ(variant->wraps ? 16 * BLOCK : 3 * BLOCK,
		  cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
}

FIXTURE(proved) {
	PROBE_DATA;
};

FIXTURE_SETUP(proved)
{
	PROBE_SETUP(&probe_default);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	ASSERT_LT(0, cost(self->p, self->fd, FLASH_BASE, FLASH_SIZE));
}

FIXTURE_TEARDOWN(proved)
{
	PROBE_TEARDOWN();
}

/* In a long block as well the first bad word is found, and all before it read */
TEST_F(proved, faults)
{
	static const __u32 at[] = { 0, 4, 0x3fc, 0x400, 0x17fc, 0x1800, 0x1ffc };
	struct target *t = &self->p->target;
	struct stlink_mem_op op;
	size_t i;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		memset(buf, POISON, sizeof(buf));
		memset(t->fault, 0, sizeof(t->fault));
		target_fault(t, BIGRAM_BASE + at[i], BIGRAM_BASE + at[i] + 3,
			     ST_AP_FAULT);
		EXPECT_EQ(-EREMOTEIO, mem_rd(self->fd, BIGRAM_BASE, buf, 8192,
					     4, &op));
		EXPECT_EQ(at[i], op.done);
		EXPECT_EQ(BIGRAM_BASE + at[i], op.fault_addr);
		EXPECT_EQ(0, memcmp(buf, t->bigram, op.done));
		EXPECT_TRUE(all_are(buf + op.done, POISON,
				    sizeof(buf) - op.done));
		EXPECT_EQ(-EREMOTEIO, mem_wr(self->fd, BIGRAM_BASE, t->bigram,
					     8192, 4, 0, &op));
		EXPECT_EQ(at[i] < 6144 ? 0 : 6144, op.done);
		EXPECT_EQ(BIGRAM_BASE + at[i], op.fault_addr);
	}
}

PROBE_TEST_MAIN
