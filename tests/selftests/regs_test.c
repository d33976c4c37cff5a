// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core registers: several reads in a row cost one exchange, and what was
 * fetched at once is never older than a write before it.
 */
#include "kselftest_harness.h"
#include "fixture.h"

#define ALL	20

static const __u16 every[ALL] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
	STLINK_REG_SP, STLINK_REG_LR, STLINK_REG_PC, STLINK_REG_XPSR,
	STLINK_REG_MSP, STLINK_REG_PSP, STLINK_REG_CONTROL };

/* A session, the core halted, every register with a value of its own */
FIXTURE(regs) {
	PROBE_DATA;
	struct target *t;
	struct stlink_reg_op op[ALL];
};

FIXTURE_SETUP(regs)
{
	unsigned int i;

	PROBE_SETUP(&probe_default);
	self->t = &self->p->target;
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	for (i = 0; i < ALL; i++)
		self->t->reg[every[i]] = 0xa0b00000 + 0x101 * i;
	probe_clear_log(self->p);
}

FIXTURE_TEARDOWN(regs)
{
	PROBE_TEARDOWN();
}

static void ask(struct stlink_reg_op *op, const __u16 *reg, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		op[i] = (struct stlink_reg_op) { .reg = reg[i],
						 .value = 0xeeeeeeee };
}

static unsigned int wrong(const struct target *t,
			  const struct stlink_reg_op *op, unsigned int n)
{
	unsigned int i, k = 0;

	for (i = 0; i < n; i++)
		k += op[i].value != t->reg[op[i].reg] ||
		     op[i].status != ST_OK;
	return k;
}

TEST_F(regs, all_of_them)
{
	__u32 done;

	ask(self->op, every, ALL);
	EXPECT_EQ(0, do_reg(self->fd, self->op, ALL, &done));
	EXPECT_EQ(ALL, done);
	EXPECT_EQ(0, wrong(self->t, self->op, ALL));
	/* Is it halted; all at once; CONTROL, which isn't among them */
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x36));
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x3a));
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x33));
	EXPECT_EQ(3, self->p->num_log);
}

TEST_F(regs, four_are_several)
{
	const __u16 some[] = { 15, 3, STLINK_REG_PSP, 13 };

	ask(self->op, some, 3);
	EXPECT_EQ(0, do_reg(self->fd, self->op, 3, NULL));
	EXPECT_EQ(0, wrong(self->t, self->op, 3));
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x3a));
	EXPECT_EQ(3, probe_count(self->p, 0xf2, 0x33));
	probe_clear_log(self->p);
	ask(self->op, some, 4);
	EXPECT_EQ(0, do_reg(self->fd, self->op, 4, NULL));
	EXPECT_EQ(0, wrong(self->t, self->op, 4));
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x3a));
	EXPECT_EQ(2, self->p->num_log);
	/* In any order, and one of them several times */
	self->op[3].reg = 15;
	EXPECT_EQ(0, do_reg(self->fd, self->op, 4, NULL));
	EXPECT_EQ(0, wrong(self->t, self->op, 4));
}

TEST_F(regs, nothing_is_kept)
{
	ask(self->op, every, 8);
	EXPECT_EQ(0, do_reg(self->fd, self->op, 8, NULL));
	self->t->reg[2] = 0x99;
	EXPECT_EQ(0, do_reg(self->fd, self->op, 8, NULL));
	EXPECT_EQ(0x99, self->op[2].value);
	EXPECT_EQ(2, probe_count(self->p, 0xf2, 0x3a));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STEP, 0, NULL));
	ask(self->op, every + 8, 8);
	EXPECT_EQ(0, do_reg(self->fd, self->op, 8, NULL));
	EXPECT_EQ(0, wrong(self->t, self->op, 8));
}

TEST_F(regs, write_in_between)
{
	ask(self->op, every, ALL);
	self->op[5] = (struct stlink_reg_op) { .op = STLINK_OP_WRITE,
					       .reg = 7, .value = 0x1234567 };
	self->op[12] = (struct stlink_reg_op) { .op = STLINK_OP_WRITE,
		.reg = STLINK_REG_PSP, .value = 0x20000100 };
	EXPECT_EQ(0, do_reg(self->fd, self->op, ALL, NULL));
	EXPECT_EQ(0, wrong(self->t, self->op, ALL));
	EXPECT_EQ(0x1234567, self->op[7].value);
	EXPECT_EQ(0x20000100, self->op[18].value);
	EXPECT_EQ(3, probe_count(self->p, 0xf2, 0x3a));
	EXPECT_EQ(2, probe_count(self->p, 0xf2, 0x34));
	EXPECT_EQ(1, probe_count(self->p, 0xf2, 0x36));
	EXPECT_EQ(7, self->p->num_log);
}

TEST_F(regs, firmware_without_it)
{
	struct rule *r = probe_rule(self->p, (struct rule) { 0xf2, 0x3a,
		.count = FOREVER, .action = RULE_STATUS, .arg = 0x42 });
	int i;

	for (i = 0; i < 2; i++) {
		ask(self->op, every, ALL);
		EXPECT_EQ(0, do_reg(self->fd, self->op, ALL, NULL));
		EXPECT_EQ(0, wrong(self->t, self->op, ALL));
		EXPECT_LE(1, r->hits);
	}
	EXPECT_EQ(2 * ALL, probe_count(self->p, 0xf2, 0x33));
	EXPECT_EQ(1, self->p->resets);
}

TEST_F(regs, trouble)
{
	static const struct { enum rule_action action; unsigned int arg, count;
			      int err; } c[] = {
		{ RULE_STATUS, 0x10, 3, 0 },
		{ RULE_STATUS, 0x15, FOREVER, EREMOTEIO },
		{ RULE_STATUS, 0x13, FOREVER, EBADMSG },
		{ RULE_SHORT, 80, FOREVER, EPROTO },
		{ RULE_LONG, 8, FOREVER, EPROTO },
	};
	__u32 done;
	size_t i;
	int ret;

	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		probe_clear_rules(self->p);
		probe_rule(self->p, (struct rule) { 0xf2, 0x3a,
			   .count = c[i].count, .action = c[i].action,
			   .arg = c[i].arg });
		ask(self->op, every, 8);
		ret = do_reg(self->fd, self->op, 8, &done);
		/* To ask for each instead is right as well. */
		EXPECT_TRUE(!ret || (c[i].err && ret == -c[i].err)) {
			TH_LOG("case %zu: %d", i, ret);
		}
		EXPECT_EQ(ret ? 0 : 8, done);
		if (!ret)
			EXPECT_EQ(0, wrong(self->t, self->op, 8));
		probe_clear_rules(self->p);
		self->p->overflows = 0;
		ask(self->op, every, 8);
		EXPECT_EQ(0, do_reg(self->fd, self->op, 8, NULL));
		EXPECT_EQ(0, wrong(self->t, self->op, 8));
	}
}

/*
 * A DP whose sticky error nobody clears: as long as it is set all accesses fail, and
 * have no effect.
 */
struct sticky {
	struct rule *rule[4];
	unsigned int cleared;
};

static int keep_error(struct probe *p, const uint8_t *cmd, uint8_t *r, int len,
		      uint64_t *due_ns)
{
	struct sticky *s = p->twist_ctx;
	size_t i;

	(void)due_ns;
	if (cmd[0] != 0xf2)
		return len;
	if (cmd[1] == 0x46 && get16(cmd + 2) == 0xffff && !get16(cmd + 4) &&
	    get32(cmd + 6) & 4) {
		s->cleared++;
		for (i = 0; i < 4; i++)
			s->rule[i]->count = 0;
	} else if (len > 0 && r[0] == ST_AP_FAULT) {
		for (i = 0; i < 4; i++)
			s->rule[i]->count = FOREVER;
	}
	return len;
}

static void make_sticky(struct probe *p, struct sticky *s)
{
	static const struct twist twist = { .answer = keep_error };
	static const uint8_t ops[4] = { 0x33, 0x35, 0x36, 0x3a };
	size_t i;

	for (i = 0; i < 4; i++) {
		s->rule[i] = probe_rule(p, (struct rule) { 0xf2, ops[i],
			.action = RULE_STATUS, .arg = ST_AP_FAULT });
		s->rule[i]->count = 0;
	}
	p->twist_ctx = s;
	p->twist = &twist;
}

TEST_F(regs, error_that_stays)
{
	struct sticky s = {};

	make_sticky(self->p, &s);
	s.rule[3]->count = 1;
	ask(self->op, every, 8);
	EXPECT_EQ(0, do_reg(self->fd, self->op, 8, NULL));
	EXPECT_EQ(0, wrong(self->t, self->op, 8));
	EXPECT_LE(1, s.cleared);
	/* One that fails doesn't fail the next call. */
	s.rule[0]->count = 1;
	ask(self->op, every, 1);
	EXPECT_EQ(-EREMOTEIO, do_reg(self->fd, self->op, 1, NULL));
	EXPECT_EQ(ST_AP_FAULT, self->op[0].status);
	EXPECT_EQ(0, do_reg(self->fd, self->op, 1, NULL));
	EXPECT_EQ(0, wrong(self->t, self->op, 1));
	self->p->twist = NULL;
}

/* Nor does it keep the core halted when the session ends. */
TEST_F(regs, error_that_stays_at_the_end)
{
	static const uint32_t regs[] = { REG_BPU_CTRL, REG_DWT_COMP + 8,
					 REG_DEMCR, REG_DHCSR };
	struct sticky s = {};
	size_t i;

	make_sticky(self->p, &s);
	for (i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		probe_rule(self->p, (struct rule) { 0xf2, 0x35, .by_addr = true,
			   .addr = regs[i], .action = RULE_STATUS,
			   .arg = ST_AP_FAULT });
		EXPECT_EQ(0, do_detach(self->fd));
		EXPECT_FALSE(self->t->halted) {
			TH_LOG("0x%08x", regs[i]);
		}
		EXPECT_EQ(0, self->t->control);
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
		ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	}
	self->p->twist = NULL;
}

TEST_F(regs, of_a_running_core)
{
	__u32 done;

	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RUN, 0, NULL));
	probe_clear_log(self->p);
	ask(self->op, every, ALL);
	EXPECT_EQ(-ENODATA, do_reg(self->fd, self->op, ALL, &done));
	EXPECT_EQ(0, done);
	EXPECT_EQ(1, self->p->num_log);
}

PROBE_TEST_MAIN
