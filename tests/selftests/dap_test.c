// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debug Port and Access Port registers: batches, status of each operation,
 * the errno of each status, WAIT, polling, and what the driver must refuse.
 */
#include "kselftest_harness.h"
#include "fixture.h"
#include "errnos.h"

#define AP_CSW	0x00
#define AP_TAR	0x04
#define AP_DRW	0x0c
#define AP_IDR	0xfc

static struct stlink_dap_op rd(__u16 port, __u16 reg)
{
	return (struct stlink_dap_op) { .op = STLINK_OP_READ, .port = port,
					.reg = reg, .status = 0x5555 };
}

static struct stlink_dap_op wr(__u16 port, __u16 reg, __u32 value)
{
	return (struct stlink_dap_op) { .op = STLINK_OP_WRITE, .port = port,
					.reg = reg, .value = value };
}

TEST_F(probe, read_and_write)
{
	struct stlink_dap_op op[] = {
		rd(STLINK_DAP_DP, 0), rd(0, AP_IDR),
		wr(0, AP_TAR, SRAM_BASE + 0x10), rd(0, AP_DRW),
		wr(0, AP_DRW, 0xcafe1234), rd(0, AP_TAR), rd(0, 0xf8),
	};
	__u32 done, before;
	size_t i;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	memcpy(&before, self->p->target.sram + 0x10, 4);
	ASSERT_EQ(0, do_dap(self->fd, op, 7, &done));
	EXPECT_EQ(7, done);
	EXPECT_EQ(DPIDR_M0, op[0].value);
	EXPECT_EQ(0x04770021, op[1].value);
	EXPECT_EQ(before, op[3].value);
	EXPECT_EQ(SRAM_BASE + 0x10, op[5].value);
	EXPECT_EQ(0xe00ff003, op[6].value);
	for (i = 0; i < 7; i++)
		EXPECT_EQ(ST_OK, op[i].status);
	memcpy(&before, self->p->target.sram + 0x10, 4);
	EXPECT_EQ(0xcafe1234, before);
}

TEST_F(probe, wire_format)
{
	struct stlink_dap_op op[] = { rd(STLINK_DAP_DP, 0x4),
				      wr(0, AP_TAR, 0x11223344) };
	const uint8_t read_dp[16] = { 0xf2, 0x45, 0xff, 0xff, 4 };
	const uint8_t write_ap[16] = { 0xf2, 0x46, 0, 0, 4, 0,
				       0x44, 0x33, 0x22, 0x11 };
	int i;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
	ASSERT_EQ(0, do_dap(self->fd, op, 2, NULL));
	i = probe_find(self->p, 0, 0xf2, 0x45);
	ASSERT_LE(0, i);
	EXPECT_EQ(0, memcmp(self->p->log[i].cmd, read_dp, 16));
	i = probe_find(self->p, 0, 0xf2, 0x46);
	ASSERT_LE(0, i);
	EXPECT_EQ(0, memcmp(self->p->log[i].cmd, write_ap, 16));
}

TEST_F(probe, whole_batch)
{
	struct stlink_dap_op op[STLINK_MAX_OPS];
	__u32 done;
	size_t i;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	for (i = 0; i < STLINK_MAX_OPS; i++)
		op[i] = rd(0, i % 2 ? AP_IDR : 0xf8);
	probe_clear_log(self->p);
	ASSERT_EQ(0, do_dap(self->fd, op, STLINK_MAX_OPS, &done));
	EXPECT_EQ(STLINK_MAX_OPS, done);
	EXPECT_EQ(STLINK_MAX_OPS, probe_count(self->p, 0xf2, 0x45));
	for (i = 0; i < STLINK_MAX_OPS; i++)
		EXPECT_EQ(i % 2 ? 0x04770021 : 0xe00ff003, op[i].value);
}

TEST_F(probe, failure_in_the_middle)
{
	struct stlink_dap_op op[5];
	__u32 done;
	size_t i;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	for (i = 0; i < 5; i++)
		op[i] = rd(0, AP_IDR);
	probe_rule(self->p, (struct rule) { 0xf2, 0x45, .skip = 2,
		   .count = FOREVER, .action = RULE_STATUS, .arg = 0x11 });
	EXPECT_EQ(-EREMOTEIO, do_dap(self->fd, op, 5, &done));
	EXPECT_EQ(2, done);
	EXPECT_EQ(ST_OK, op[1].status);
	EXPECT_EQ(0x04770021, op[1].value);
	EXPECT_EQ(0x11, op[2].status);
	EXPECT_EQ(0, op[3].status);
	EXPECT_EQ(0, op[4].status);
	/* The session goes on. */
	probe_clear_rules(self->p);
	EXPECT_EQ(0, do_dap(self->fd, op, 1, NULL));
}

TEST_F(probe, errno_of_each_status)
{
	const struct errno_of *e;
	struct stlink_dap_op op;
	__u32 done;

	for (e = errnos; e->err; e++) {
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
		probe_rule(self->p, (struct rule) { 0xf2, 0x45,
			   .count = FOREVER, .action = RULE_STATUS,
			   .arg = e->status });
		op = rd(0, AP_IDR);
		EXPECT_EQ(-e->err, do_dap(self->fd, &op, 1, &done)) {
			TH_LOG("read, status %02x", e->status);
		}
		EXPECT_EQ(e->status, op.status);
		EXPECT_EQ(0, done);
		probe_clear_rules(self->p);
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
		probe_rule(self->p, (struct rule) { 0xf2, 0x46, .by_addr = true,
			   .addr = 0x00040000, .count = FOREVER,
			   .action = RULE_STATUS, .arg = e->status });
		op = wr(0, AP_TAR, 0);
		EXPECT_EQ(-e->err, do_dap(self->fd, &op, 1, &done)) {
			TH_LOG("write, status %02x", e->status);
		}
		EXPECT_EQ(e->status, op.status);
		EXPECT_EQ(0, done);
		probe_clear_rules(self->p);
	}
}

TEST_F(probe, wait_then_ok)
{
	struct stlink_dap_op op = rd(0, AP_IDR);
	uint8_t status;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	for (status = 0x10; status <= 0x14; status += 4) {
		probe_clear_log(self->p);
		probe_rule(self->p, (struct rule) { 0xf2, 0x45, .count = 3,
			   .action = RULE_STATUS, .arg = status });
		EXPECT_EQ(0, do_dap(self->fd, &op, 1, NULL));
		EXPECT_EQ(0x04770021, op.value);
		EXPECT_EQ(ST_OK, op.status);
		EXPECT_EQ(4, probe_count(self->p, 0xf2, 0x45));
		probe_clear_rules(self->p);
	}
}

TEST_F(probe, wait_for_ever)
{
	struct stlink_dap_op op = rd(0, AP_IDR);
	uint64_t start;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_rule(self->p, (struct rule) { 0xf2, 0x45, .count = FOREVER,
		   .action = RULE_STATUS, .arg = 0x10 });
	probe_clear_log(self->p);
	start = now_ns();
	EXPECT_EQ(-ETIMEDOUT, do_dap(self->fd, &op, 1, NULL));
	/* 1, 2, 4 ... 128 ms: eight repetitions */
	EXPECT_EQ(9, probe_count(self->p, 0xf2, 0x45));
	EXPECT_LE(255000000, now_ns() - start);
	EXPECT_EQ(0x10, op.status);
	probe_clear_rules(self->p);
	EXPECT_EQ(0, do_dap(self->fd, &op, 1, NULL));
}

/* Not counting what the driver reads on its own account, such as RDBUFF */
static unsigned int reads_of(struct probe *p, __u16 port, __u16 reg)
{
	unsigned int i, n = 0;

	for (i = 0; i < p->num_log; i++)
		n += p->log[i].cmd[1] == 0x45 &&
		     get16(p->log[i].cmd + 2) == port &&
		     get16(p->log[i].cmd + 4) == reg;
	return n;
}

TEST_F(probe, poll)
{
	struct stlink_dap_op op[] = {
		wr(0, AP_TAR, BUSY_ADDR),
		{ .op = STLINK_OP_POLL, .port = 0, .reg = AP_DRW,
		  .value = 0x100, .mask = 0x101, .timeout_ms = 5000 },
		rd(0, AP_IDR),
	};
	__u32 done;
	uint64_t ns;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	self->p->target.poll_after = 4;
	probe_clear_log(self->p);
	EXPECT_EQ(0, do_dap(self->fd, op, 3, &done));
	EXPECT_EQ(3, done);
	EXPECT_EQ(0x100, op[1].value);
	EXPECT_EQ(5, reads_of(self->p, 0, AP_DRW));

	/* Never matches: the last value read comes back, status is zero. */
	op[1].value = 0x2;
	op[1].mask = 0x2;
	op[1].timeout_ms = 100;
	ns = now_ns();
	EXPECT_EQ(-ETIMEDOUT, do_dap(self->fd, op, 3, &done));
	ns = now_ns() - ns;
	EXPECT_EQ(1, done);
	EXPECT_EQ(0x100, op[1].value);
	EXPECT_EQ(0, op[1].status);
	EXPECT_LE(100000000, ns);
	EXPECT_GT(patience(3000000000), ns);
}

TEST_F(probe, refused)
{
	struct stlink_dap_op bad[] = {
		wr(STLINK_DAP_DP, 0x8, 0),		/* SELECT */
		wr(STLINK_DAP_DP, 0x4, 0x50000001),	/* ORUNDETECT */
		rd(STLINK_DAP_DP, 0x2), rd(STLINK_DAP_DP, 0x100),
		rd(0, 0x3), rd(0, 0x100),
		{ .op = 3, .port = 0, .reg = AP_IDR },
		{ .port = 0, .reg = AP_IDR, .reserved0 = 1 },
		{ .port = 0, .reg = AP_IDR, .reserved1 = 1 },
		{ .port = 0, .reg = AP_IDR, .mask = 1 },
		{ .port = 0, .reg = AP_IDR, .timeout_ms = 1 },
		{ .op = STLINK_OP_POLL, .port = 0, .reg = AP_IDR, .mask = 1,
		  .timeout_ms = STLINK_MAX_TIMEOUT_MS + 1 },
	};
	struct stlink_dap_op op[2];
	struct stlink_dap_xfer x = { .size = sizeof(x) };
	__u32 done;
	size_t i;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		/* Behind a good one: nothing at all may be sent. */
		op[0] = rd(0, AP_IDR);
		op[1] = bad[i];
		EXPECT_EQ(-EINVAL, do_dap(self->fd, op, 2, &done)) {
			TH_LOG("case %zu", i);
		}
		EXPECT_EQ(0, done);
	}
	EXPECT_EQ(-EINVAL, do_dap(self->fd, op, 0, NULL));
	EXPECT_EQ(-EMSGSIZE, do_dap(self->fd, op, STLINK_MAX_OPS + 1, NULL));
	EXPECT_EQ(-EMSGSIZE, do_dap(self->fd, op, 0xffffffff, NULL));
	EXPECT_EQ(-EFAULT, do_dap(self->fd, NULL, 1, NULL));
	x.num_ops = 1;
	x.ops = 0xffffffffffffff00;
	EXPECT_EQ(-EFAULT, call(self->fd, STLINK_IOC_DAP, &x));
	EXPECT_EQ(0, self->p->num_log);
}

FIXTURE(gate) {
	PROBE_DATA;
};

FIXTURE_VARIANT(gate) {
	unsigned int j;
};

FIXTURE_VARIANT_ADD(gate, j23) { .j = 23 };
FIXTURE_VARIANT_ADD(gate, j24) { .j = 24 };
FIXTURE_VARIANT_ADD(gate, j28) { .j = 28 };
FIXTURE_VARIANT_ADD(gate, j31) { .j = 31 };
FIXTURE_VARIANT_ADD(gate, j32) { .j = 32 };

FIXTURE_SETUP(gate)
{
	struct probe_options opt = probe_default;

	opt.j = variant->j;
	PROBE_SETUP(&opt);
}

FIXTURE_TEARDOWN(gate)
{
	PROBE_TEARDOWN();
}

TEST_F(gate, by_firmware)
{
	struct stlink_info info = { .size = sizeof(info) };
	struct stlink_dap_op op = rd(STLINK_DAP_DP, 0);
	int want = variant->j < 24 ? -EOPNOTSUPP : 0;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(variant->j >= 28, probe_count(self->p, 0xf2, 0x4b) > 0);
	probe_clear_log(self->p);
	EXPECT_EQ(want, do_dap(self->fd, &op, 1, NULL));
	EXPECT_EQ(want ? 0 : DPIDR_M0, op.value);
	op = rd(STLINK_DAP_DP, 0x14);
	want = variant->j < 32 ? -EOPNOTSUPP : 0;
	EXPECT_EQ(want, do_dap(self->fd, &op, 1, NULL));
	EXPECT_EQ(want ? 0 : 0x40, op.value);
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	EXPECT_EQ(variant->j >= 24, !!(info.features & STLINK_FEAT_DAP));
	EXPECT_EQ(variant->j >= 32, !!(info.features & STLINK_FEAT_DP_BANK));
	EXPECT_EQ(variant->j >= 28, !!(info.features & STLINK_FEAT_AP_INIT));
	EXPECT_EQ(0, do_detach(self->fd));
}

PROBE_TEST_MAIN
