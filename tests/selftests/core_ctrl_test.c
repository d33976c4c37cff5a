// SPDX-License-Identifier: GPL-2.0-only
/* The core: halt, run, step, reset, catch, wait; and its registers. */
#include "kselftest_harness.h"
#include "fixture.h"

FIXTURE(core) {
	PROBE_DATA;
};

FIXTURE_SETUP(core)
{
	PROBE_SETUP(&probe_default);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(core)
{
	PROBE_TEARDOWN();
}

TEST_F(core, halt_and_run)
{
	struct target *t = &self->p->target;
	struct stlink_core c;

	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, &c));
	EXPECT_EQ(STLINK_CORE_DEBUGEN, c.state);
	EXPECT_EQ(0, c.dfsr);
	EXPECT_EQ(0x00010001, c.dhcsr);
	EXPECT_EQ(ST_OK, c.status);
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, &c));
	EXPECT_TRUE(t->halted);
	EXPECT_EQ(STLINK_CORE_DEBUGEN | STLINK_CORE_HALTED, c.state);
	EXPECT_EQ(DFSR_HALTED, c.dfsr);
	EXPECT_TRUE(c.dhcsr & S_HALT);
	EXPECT_LE(0, probe_find_write(self->p, 0, REG_DHCSR, 0xa05f0003));
	probe_clear_log(self->p);
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RUN, 0, &c));
	EXPECT_FALSE(t->halted);
	EXPECT_EQ(STLINK_CORE_DEBUGEN, c.state);
	EXPECT_EQ(0, t->dfsr);
	EXPECT_LE(0, probe_find_write(self->p, 0, REG_DHCSR, 0xa05f0001));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RUN,
			     STLINK_CORE_F_MASKINTS, NULL));
	EXPECT_EQ(C_DEBUGEN | C_MASKINTS, t->control);
}

TEST_F(core, halt_that_does_not_work)
{
	struct stlink_core c = { .size = sizeof(c), .op = STLINK_CORE_HALT,
				 .timeout_ms = 80 };
	uint64_t ns = now_ns();

	self->p->target.halt_works = false;
	EXPECT_EQ(-ETIMEDOUT, call(self->fd, STLINK_IOC_CORE, &c));
	ns = now_ns() - ns;
	EXPECT_LE(80000000, ns);
	EXPECT_GT(patience(3000000000), ns);
	EXPECT_FALSE(c.state & STLINK_CORE_HALTED);
}

TEST_F(core, step)
{
	struct target *t = &self->p->target;
	struct stlink_core c;
	__u32 pc = t->reg[15];
	int i;

	EXPECT_EQ(-ENODATA, do_core(self->fd, STLINK_CORE_STEP, 0, &c));
	EXPECT_FALSE(t->halted);
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_STEP, 0, &c));
	EXPECT_EQ(pc + 2, t->reg[15]);
	EXPECT_TRUE(c.state & STLINK_CORE_HALTED);
	probe_clear_log(self->p);
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_STEP,
			     STLINK_CORE_F_MASKINTS, &c));
	EXPECT_EQ(pc + 4, t->reg[15]);
	/* C_MASKINTS changes only while C_HALT is written as one (C1.6.3) */
	i = probe_find_write(self->p, 0, REG_DHCSR, 0xa05f000b);
	EXPECT_LE(0, i);
	EXPECT_LT(i, probe_find_write(self->p, 0, REG_DHCSR, 0xa05f000d));
}

TEST_F(core, reset_by_request)
{
	struct target *t = &self->p->target;
	struct stlink_core c;

	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RESET, 0, &c));
	EXPECT_EQ(1, t->resets);
	EXPECT_TRUE(c.state & STLINK_CORE_WAS_RESET);
	EXPECT_FALSE(c.state & STLINK_CORE_HALTED);
	EXPECT_LE(0, probe_find_write(self->p, 0, REG_AIRCR, 0x05fa0004));
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x3c));
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x32));
	/* Once seen, it's gone. */
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, &c));
	EXPECT_FALSE(c.state & STLINK_CORE_WAS_RESET);
}

/* A mask may outlive a reset; who asks for one wants firmware that runs. */
TEST_F(core, reset_without_mask)
{
	struct target *t = &self->p->target;
	bool halt;
	int i, at;

	for (i = 0; i < 2; i++) {
		halt = i;
		ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
		ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RUN,
				     STLINK_CORE_F_MASKINTS, NULL));
		if (halt)
			ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0,
					     NULL));
		EXPECT_TRUE(t->control & C_MASKINTS);
		probe_clear_log(self->p);
		ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RESET, 0, NULL));
		EXPECT_EQ(C_DEBUGEN, t->control);
		EXPECT_FALSE(t->halted);
		/* while it is halted, before the reset */
		at = probe_find_write(self->p, 0, REG_DHCSR, 0xa05f0003);
		EXPECT_LE(0, at);
		EXPECT_LT(at, probe_find_write(self->p, 0, REG_AIRCR,
					       0x05fa0004));
	}
}

/* As few round trips as it takes */
TEST_F(core, exchanges)
{
	static const struct { __u32 op, flags; unsigned int num; } c[] = {
		/* DHCSR, DFSR, DHCSR twice; how it halted */
		{ STLINK_CORE_HALT, 0, 5 },
		/* DHCSR, DFSR, DHCSR twice */
		{ STLINK_CORE_RUN, 0, 4 },
		/* DEMCR twice, DHCSR, AIRCR, DHCSR, DEMCR twice; how it halted */
		{ STLINK_CORE_RESET, STLINK_CORE_F_CATCH, 8 },
		/* DEMCR, DHCSR, AIRCR, DHCSR */
		{ STLINK_CORE_RESET, 0, 4 },
	};
	size_t i;

	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		probe_clear_log(self->p);
		ASSERT_EQ(0, do_core(self->fd, c[i].op, c[i].flags, NULL));
		EXPECT_EQ(c[i].num, self->p->num_log) {
			TH_LOG("case %zu", i);
		}
	}
}

TEST_F(core, reset_and_catch)
{
	static const __u32 how[] = { 0, STLINK_CORE_F_SYSRESETREQ,
				     STLINK_CORE_F_NRST };
	struct target *t = &self->p->target;
	struct stlink_core c;
	size_t i;

	for (i = 0; i < 3; i++) {
		t->reg[15] = 0x1234;
		ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RESET,
				     STLINK_CORE_F_CATCH | how[i], &c));
		EXPECT_EQ(i + 1, t->resets);
		EXPECT_TRUE(t->halted);
		EXPECT_EQ(FLASH_BASE + 0x100, t->reg[15]);
		EXPECT_TRUE(c.state & STLINK_CORE_HALTED);
		EXPECT_TRUE(c.state & STLINK_CORE_WAS_RESET);
		EXPECT_TRUE(c.dfsr & DFSR_VCATCH);
		/* The next reset shall not be caught. */
		EXPECT_EQ(0, t->demcr & VC_CORERESET);
		EXPECT_FALSE(t->nrst_low);
		ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RUN, 0, NULL));
	}
}

TEST_F(core, reset_ways)
{
	struct target *t = &self->p->target;
	struct stlink_core c;

	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RESET,
			     STLINK_CORE_F_NRST, &c));
	EXPECT_EQ(1, t->resets);
	EXPECT_EQ(-1, probe_find_write(self->p, 0, REG_AIRCR, 0x05fa0004));
	/* AIRCR doesn't work: the line is tried. */
	t->sysreset_works = false;
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RESET, 0, &c));
	EXPECT_EQ(2, t->resets);
	EXPECT_TRUE(c.state & STLINK_CORE_WAS_RESET);
	EXPECT_EQ(-ETIMEDOUT, do_core(self->fd, STLINK_CORE_RESET,
				      STLINK_CORE_F_SYSRESETREQ, &c));
	EXPECT_EQ(2, t->resets);
	t->nrst_wired = false;
	EXPECT_EQ(-ETIMEDOUT, do_core(self->fd, STLINK_CORE_RESET, 0, &c));
	EXPECT_FALSE(c.state & STLINK_CORE_WAS_RESET);
	t->sysreset_works = true;
	EXPECT_EQ(-ETIMEDOUT, do_core(self->fd, STLINK_CORE_RESET,
				      STLINK_CORE_F_NRST, &c));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RESET, 0, &c));
}

/* The write itself may fail when the reset takes the bus away. */
TEST_F(core, reset_whose_write_fails)
{
	probe_rule(self->p, (struct rule) { 0xf2, 0x35, .by_addr = true,
		   .addr = REG_AIRCR, .action = RULE_SHORT, .arg = 2 });
	self->p->target.nrst_wired = false;
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RESET, 0, NULL));
	/* And the first looks after it may, too. */
	probe_rule(self->p, (struct rule) { 0xf2, 0x36, .by_addr = true,
		   .addr = REG_DHCSR, .skip = 1, .count = 2,
		   .action = RULE_STATUS, .arg = 0x11 });
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RESET, 0, NULL));
	EXPECT_EQ(2, self->p->target.resets);
}

/* Whether the target has taken the reset is known, whatever became of it then. */
TEST_F(core, reset_taken)
{
	static const struct { unsigned int status; bool taken; } c[] = {
		{ 0x80, true }, { 0x11, true }, { 0x16, true }, { 0x10, false },
		{ 0x14, false },
	};
	struct stlink_core core;
	size_t i;
	int ret;

	for (i = 0; i < sizeof(c) / sizeof(*c); i++) {
		probe_rule(self->p, (struct rule) { 0xf2, 0x35,
			   .by_addr = true, .addr = REG_AIRCR, .count = FOREVER,
			   .action = RULE_STATUS, .arg = c[i].status });
		/* And nothing is seen of it */
		probe_rule(self->p, (struct rule) { 0xf2, 0x36,
			   .by_addr = true, .addr = REG_DHCSR, .skip = 1,
			   .count = FOREVER, .action = RULE_STATUS,
			   .arg = 0x11 });
		ret = do_core(self->fd, STLINK_CORE_RESET,
			      STLINK_CORE_F_SYSRESETREQ, &core);
		EXPECT_EQ(-EREMOTEIO, ret);
		EXPECT_EQ(c[i].taken, !!(core.state & STLINK_CORE_RESET_TAKEN)) {
			TH_LOG("status %02x", c[i].status);
		}
		probe_clear_rules(self->p);
		EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, &core));
		EXPECT_FALSE(core.state & STLINK_CORE_RESET_TAKEN);
	}
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RESET, 0, &core));
	EXPECT_TRUE(core.state & STLINK_CORE_RESET_TAKEN);
	/* One that attaching did is none of a later call. */
	self->p->target.nrst_wired = false;
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_UNDER_RESET));
	EXPECT_LE(0, probe_find_write(self->p, 0, REG_AIRCR, 0x05fa0004));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, &core));
	EXPECT_FALSE(core.state & STLINK_CORE_RESET_TAKEN);
}

/* What went wrong is told, not that nothing more can be done then. */
TEST_F(core, reset_with_a_broken_answer)
{
	struct stlink_core c;

	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x35,
		   .action = RULE_SHORT, .arg = 1 });
	EXPECT_EQ(-EPROTO, do_core(self->fd, STLINK_CORE_RESET, 0, &c));
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x3c));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RESET, 0, &c));

	/* Where the core doesn't answer the line is tried all the same. */
	probe_rule(self->p, (struct rule) { 0xf2, 0x36, .by_addr = true,
		   .addr = REG_DHCSR, .action = RULE_SHORT, .arg = 1 });
	EXPECT_EQ(-EPROTO, do_core(self->fd, STLINK_CORE_RESET,
				   STLINK_CORE_F_NRST, &c));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RESET,
			     STLINK_CORE_F_NRST, &c));
}

TEST_F(core, wait)
{
	struct stlink_core c = { .size = sizeof(c), .op = STLINK_CORE_WAIT,
				 .timeout_ms = 100 };
	struct target *t = &self->p->target;
	uint64_t ns = now_ns();

	EXPECT_EQ(-ETIMEDOUT, call(self->fd, STLINK_IOC_CORE, &c));
	EXPECT_LE(100000000, now_ns() - ns);
	t->halt_after = 5;
	c = (struct stlink_core) { .size = sizeof(c), .op = STLINK_CORE_WAIT,
				   .timeout_ms = 10000 };
	EXPECT_EQ(0, call(self->fd, STLINK_IOC_CORE, &c));
	EXPECT_TRUE(c.state & STLINK_CORE_HALTED);
	EXPECT_EQ(DFSR_BKPT, c.dfsr);
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_RUN, 0, NULL));
	t->locked_up = true;
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_WAIT, 0, &c));
	EXPECT_TRUE(c.state & STLINK_CORE_LOCKUP);
	EXPECT_FALSE(c.state & STLINK_CORE_HALTED);
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, &c));
	EXPECT_EQ(STLINK_CORE_HALTED | STLINK_CORE_DEBUGEN, c.state);
}

TEST_F(core, sleeping)
{
	struct stlink_core c;

	self->p->target.asleep = true;
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, &c));
	EXPECT_EQ(STLINK_CORE_DEBUGEN | STLINK_CORE_SLEEPING, c.state);
}

TEST_F(core, reset_seen_by_another_call)
{
	struct target *t = &self->p->target;
	struct stlink_core c;
	__u32 v;

	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	t->was_reset = true;
	/* This looks at DHCSR and so clears the bit in the target. */
	EXPECT_EQ(0, reg_rd(self->fd, 0, &v));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, &c));
	EXPECT_TRUE(c.state & STLINK_CORE_WAS_RESET);
}

TEST_F(core, bad_arguments)
{
	static const struct { __u32 op, flags, ms; } bad[] = {
		{ 6, 0, 0 }, { 0xffffffff, 0, 0 },
		{ STLINK_CORE_STATUS, STLINK_CORE_F_CATCH, 0 },
		{ STLINK_CORE_HALT, STLINK_CORE_F_MASKINTS, 0 },
		{ STLINK_CORE_RUN, STLINK_CORE_F_CATCH, 0 },
		{ STLINK_CORE_STEP, STLINK_CORE_F_NRST, 0 },
		{ STLINK_CORE_RESET, STLINK_CORE_F_MASKINTS, 0 },
		{ STLINK_CORE_WAIT, STLINK_CORE_F_SYSRESETREQ, 0 },
		{ STLINK_CORE_WAIT, 0, STLINK_MAX_TIMEOUT_MS + 1 },
	};
	struct stlink_core c;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		c = (struct stlink_core) { .size = sizeof(c),
			.op = bad[i].op, .flags = bad[i].flags,
			.timeout_ms = bad[i].ms };
		EXPECT_EQ(-EINVAL, call(self->fd, STLINK_IOC_CORE, &c)) {
			TH_LOG("case %zu", i);
		}
	}
	EXPECT_EQ(0, self->p->num_log);
}

TEST_F(core, registers)
{
	static const __u16 regs[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		STLINK_REG_SP, STLINK_REG_LR, STLINK_REG_PC, STLINK_REG_XPSR,
		STLINK_REG_MSP, STLINK_REG_PSP, STLINK_REG_CONTROL };
	const __u32 n = sizeof(regs) / sizeof(regs[0]);
	struct stlink_reg_op op[sizeof(regs) / sizeof(regs[0])];
	struct target *t = &self->p->target;
	__u32 i, done;

	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	for (i = 0; i < n; i++)
		op[i] = (struct stlink_reg_op) { .reg = regs[i] };
	ASSERT_EQ(0, do_reg(self->fd, op, n, &done));
	EXPECT_EQ(n, done);
	for (i = 0; i < n; i++) {
		EXPECT_EQ(t->reg[regs[i]], op[i].value);
		EXPECT_EQ(ST_OK, op[i].status);
		op[i] = (struct stlink_reg_op) { .op = STLINK_OP_WRITE,
			.reg = regs[i], .value = 0x11223300 + i };
	}
	ASSERT_EQ(0, do_reg(self->fd, op, n, &done));
	EXPECT_EQ(n, done);
	for (i = 0; i < n; i++)
		EXPECT_EQ(0x11223300 + i, t->reg[regs[i]]);
}

TEST_F(core, registers_of_a_running_core)
{
	struct stlink_reg_op op = { .reg = 3 };
	__u32 done = 7;

	EXPECT_EQ(-ENODATA, do_reg(self->fd, &op, 1, &done));
	EXPECT_EQ(0, done);
	EXPECT_EQ(0, op.value);
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x33));
	op.op = STLINK_OP_WRITE;
	EXPECT_EQ(-ENODATA, do_reg(self->fd, &op, 1, &done));
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x34));
}

TEST_F(core, bad_registers)
{
	static const struct stlink_reg_op bad[] = {
		{ .reg = 19 }, { .reg = 21 }, { .reg = 0x21 }, { .reg = 256 },
		{ .op = 2 }, { .op = 3 }, { .reserved0 = 1 },
		{ .reserved1 = 1 },
	};
	struct stlink_reg_op op[2];
	__u32 done;
	size_t i;

	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	probe_clear_log(self->p);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(op, 0, sizeof(op));
		op[1] = bad[i];
		EXPECT_EQ(-EINVAL, do_reg(self->fd, op, 2, &done)) {
			TH_LOG("case %zu", i);
		}
	}
	EXPECT_EQ(-EINVAL, do_reg(self->fd, op, 0, NULL));
	EXPECT_EQ(-EMSGSIZE, do_reg(self->fd, op, STLINK_MAX_OPS + 1, NULL));
	EXPECT_EQ(-EFAULT, do_reg(self->fd, NULL, 1, NULL));
	EXPECT_EQ(0, self->p->num_log);
}

TEST_F(core, register_fails_in_a_batch)
{
	struct stlink_reg_op op[3] = { { .reg = 0 }, { .reg = 1 },
				       { .reg = 2 } };
	__u32 done;

	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	probe_rule(self->p, (struct rule) { 0xf2, 0x33, .skip = 1,
		   .count = FOREVER, .action = RULE_STATUS, .arg = 0x15 });
	EXPECT_EQ(-EREMOTEIO, do_reg(self->fd, op, 3, &done));
	EXPECT_EQ(1, done);
	EXPECT_EQ(0x15, op[1].status);
	EXPECT_EQ(0, op[2].status);
	probe_clear_rules(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x33, .count = 2,
		   .action = RULE_STATUS, .arg = 0x10 });
	EXPECT_EQ(0, do_reg(self->fd, op, 3, &done));
	EXPECT_EQ(3, done);
}

PROBE_TEST_MAIN
