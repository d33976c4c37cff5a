// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: the ways to attach and what each may send, detach, the clock,
 * the voltage, nRST.
 */
#include "kselftest_harness.h"
#include "fixture.h"

static int attach(int fd, __u32 mode, __u32 khz, struct stlink_attach *a)
{
	*a = (struct stlink_attach) { .size = sizeof(*a), .mode = mode,
				      .clock_khz = khz };
	return call(fd, STLINK_IOC_ATTACH, a);
}

TEST_F(probe, hotplug_writes_nothing)
{
	struct target *t = &self->p->target;
	struct stlink_attach a;
	int enter, init, id;

	probe_clear_log(self->p);
	ASSERT_EQ(0, attach(self->fd, STLINK_ATTACH_HOTPLUG, 0, &a));
	EXPECT_EQ(DPIDR_M0, a.dpidr);
	EXPECT_EQ(CPUID_M0, a.cpuid);
	EXPECT_EQ(1800, a.clock_khz);
	EXPECT_EQ(ST_OK, a.status);
	EXPECT_EQ(0, a.result);
	EXPECT_EQ(0, t->writes);
	EXPECT_EQ(0, t->resets);
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x35));
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x3c));
	/* Clock before ENTER, then the AP, then the identification */
	enter = probe_find(self->p, 0, 0xf2, 0x30);
	init = probe_find(self->p, 0, 0xf2, 0x4b);
	id = probe_find(self->p, 0, 0xf2, 0x31);
	EXPECT_LE(0, probe_find(self->p, 0, 0xf2, 0x43));
	EXPECT_LT(probe_find(self->p, 0, 0xf2, 0x43), enter);
	EXPECT_LT(enter, init);
	EXPECT_LT(init, id);
	EXPECT_EQ(1, self->p->divisor);

	/* A halted core stays halted, too. */
	EXPECT_EQ(0, do_detach(self->fd));
	t->control = C_DEBUGEN | C_HALT;
	t->halted = true;
	ASSERT_EQ(0, attach(self->fd, STLINK_ATTACH_HOTPLUG, 0, &a));
	EXPECT_EQ(STLINK_ATTACHED_HALTED, a.result);
	EXPECT_TRUE(t->halted);
}

TEST_F(probe, normal_keeps_it_running)
{
	struct target *t = &self->p->target;
	struct stlink_attach a;

	ASSERT_EQ(0, attach(self->fd, STLINK_ATTACH_NORMAL, 0, &a));
	EXPECT_EQ(0, a.result);
	EXPECT_EQ(C_DEBUGEN, t->control);
	EXPECT_FALSE(t->halted);
	EXPECT_EQ(0, t->resets);
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	ASSERT_EQ(0, attach(self->fd, STLINK_ATTACH_NORMAL, 0, &a));
	EXPECT_EQ(STLINK_ATTACHED_HALTED, a.result);
	EXPECT_TRUE(t->halted);
}

/* Each is a round trip; what is known is not asked for again */
TEST_F(probe, exchanges)
{
	static const struct { __u32 mode; unsigned int attach, detach; } c[] = {
		/* Clock, ENTER, AP, DPIDR, CPUID, DHCSR; AP, EXIT */
		{ STLINK_ATTACH_HOTPLUG, 6, 2 },
		/* And C_DEBUGEN; DHCSR, four units, DHCSR twice, AP, EXIT */
		{ STLINK_ATTACH_NORMAL, 7, 9 },
	};
	size_t i;

	for (i = 0; i < 2; i++) {
		probe_clear_log(self->p);
		ASSERT_EQ(0, do_attach(self->fd, c[i].mode));
		EXPECT_EQ(c[i].attach, self->p->num_log);
		probe_clear_log(self->p);
		ASSERT_EQ(0, do_detach(self->fd));
		EXPECT_EQ(c[i].detach, self->p->num_log);
	}
}

TEST_F(probe, normal_catches_a_sleeper)
{
	struct stlink_attach a;

	self->p->target.sleeps = 3;
	EXPECT_EQ(0, attach(self->fd, STLINK_ATTACH_NORMAL, 0, &a));
	EXPECT_EQ(0, self->p->target.sleeps);
	EXPECT_EQ(CPUID_M0, a.cpuid);
}

/* Of the time for it hardly any is left where answers take long. */
static int take_long(struct probe *p, const uint8_t *cmd, uint8_t *r, int len,
		     uint64_t *due_ns)
{
	(void)p;
	(void)r;
	if (cmd[0] == 0xf2 && (cmd[1] == 0x30 || cmd[1] == 0x36))
		*due_ns = now_ns() + 60000000;
	return len;
}

TEST_F(probe, normal_catches_a_sleeper_slowly)
{
	static const struct twist twist = { .answer = take_long };
	struct stlink_attach a;
	struct rule *asleep;

	self->p->target.sleeps = 3;
	asleep = probe_rule(self->p, (struct rule) {
		.group = 0xf2, .op = 0x36, .count = 3, .action = RULE_STATUS,
		.arg = 0x11 });
	self->p->twist = &twist;
	EXPECT_EQ(0, attach(self->fd, STLINK_ATTACH_NORMAL, 0, &a));
	self->p->twist = NULL;
	EXPECT_EQ(0, self->p->target.sleeps);
	EXPECT_EQ(3, asleep->hits);
}

TEST_F(probe, under_reset)
{
	struct target *t = &self->p->target;
	struct stlink_attach a;
	int first, enter, second, release, i;

	probe_clear_log(self->p);
	ASSERT_EQ(0, attach(self->fd, STLINK_ATTACH_UNDER_RESET, 0, &a));
	EXPECT_EQ(STLINK_ATTACHED_NRST_OK | STLINK_ATTACHED_HALTED, a.result);
	EXPECT_EQ(1, t->resets);
	EXPECT_TRUE(t->halted);
	EXPECT_EQ(FLASH_BASE + 0x100, t->reg[15]);
	EXPECT_FALSE(t->nrst_low);
	EXPECT_EQ(0, t->demcr & VC_CORERESET);
	/* Low, ENTER, low again, catch the vector, high */
	first = probe_find(self->p, 0, 0xf2, 0x3c);
	enter = probe_find(self->p, 0, 0xf2, 0x30);
	ASSERT_LE(0, first);
	EXPECT_LT(first, enter);
	EXPECT_EQ(0, self->p->log[first].cmd[2]);
	second = probe_find(self->p, enter, 0xf2, 0x3c);
	ASSERT_LE(0, second);
	EXPECT_EQ(0, self->p->log[second].cmd[2]);
	i = probe_find_write(self->p, second, REG_DEMCR, VC_CORERESET);
	if (i < 0)
		i = probe_find_write(self->p, second, REG_DEMCR,
				     VC_CORERESET | DWTENA);
	release = probe_find(self->p, second + 1, 0xf2, 0x3c);
	ASSERT_LE(0, release);
	EXPECT_EQ(1, self->p->log[release].cmd[2]);
	EXPECT_LT(second, i);
	EXPECT_LT(i, release);
}

TEST_F(probe, under_reset_with_dead_line)
{
	struct target *t = &self->p->target;
	struct stlink_attach a;

	t->nrst_wired = false;
	ASSERT_EQ(0, attach(self->fd, STLINK_ATTACH_UNDER_RESET, 0, &a));
	EXPECT_EQ(STLINK_ATTACHED_NRST_DEAD | STLINK_ATTACHED_HALTED,
		  a.result);
	EXPECT_EQ(1, t->resets);
	EXPECT_TRUE(t->halted);
	EXPECT_EQ(FLASH_BASE + 0x100, t->reg[15]);
	EXPECT_EQ(0, t->demcr & VC_CORERESET);
	EXPECT_LE(0, probe_find_write(self->p, 0, REG_AIRCR, 0x05fa0004));
}

TEST_F(probe, no_target)
{
	struct stlink_info info = { .size = sizeof(info) };
	struct stlink_attach a;
	__u32 mode;

	self->p->target.present = false;
	for (mode = 0; mode <= STLINK_ATTACH_UNDER_RESET; mode++) {
		EXPECT_EQ(-ENXIO, attach(self->fd, mode, 0, &a));
		EXPECT_EQ(0x09, a.status);
		EXPECT_EQ(0, a.dpidr);
		EXPECT_FALSE(self->p->target.nrst_low);
	}
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	EXPECT_EQ(0, info.state);
	self->p->target.present = true;
	EXPECT_EQ(0, attach(self->fd, STLINK_ATTACH_HOTPLUG, 0, &a));
	/* The target loses its power during the session. */
	self->p->target.present = false;
	EXPECT_EQ(-ENXIO, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	self->p->target.present = true;
	EXPECT_EQ(0, attach(self->fd, STLINK_ATTACH_HOTPLUG, 0, &a));
}

TEST_F(probe, bad_attach)
{
	struct stlink_attach a;

	probe_clear_log(self->p);
	EXPECT_EQ(-EINVAL, attach(self->fd, 3, 0, &a));
	EXPECT_EQ(-EINVAL, attach(self->fd, 0xffffffff, 0, &a));
	EXPECT_EQ(-EINVAL, attach(self->fd, STLINK_ATTACH_HOTPLUG, 4, &a));
	EXPECT_EQ(0, self->p->num_log);
}

TEST_F(probe, detach_leaves_it_running)
{
	struct target *t = &self->p->target;
	int run, off, close_ap, leave;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	/* As a debugger leaves them */
	t->bpu_ctrl = 1;
	t->bpu[1] = 0x40000101;
	t->demcr = VC_CORERESET | DWTENA;
	t->dwt[2] = 5;
	probe_clear_log(self->p);
	EXPECT_EQ(0, do_detach(self->fd));
	EXPECT_FALSE(t->halted);
	EXPECT_EQ(0, t->control);
	EXPECT_EQ(0, t->bpu_ctrl);
	EXPECT_EQ(0, t->dwt[2]);
	EXPECT_EQ(0, t->demcr & VC_CORERESET);
	EXPECT_EQ(MODE_MASS, self->p->mode);
	run = probe_find_write(self->p, 0, REG_DHCSR, 0xa05f0001);
	off = probe_find_write(self->p, 0, REG_DHCSR, 0xa05f0000);
	close_ap = probe_find(self->p, 0, 0xf2, 0x4c);
	leave = probe_find(self->p, 0, 0xf2, 0x21);
	EXPECT_LE(0, run);
	EXPECT_LT(run, off);
	EXPECT_LT(off, close_ap);
	EXPECT_LT(close_ap, leave);
	EXPECT_EQ(self->p->num_log, leave + 1);
	EXPECT_EQ(-ENOTCONN, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_EQ(0, do_detach(self->fd));
}

TEST_F(probe, detach_keep_halted)
{
	struct stlink_detach d = { .size = sizeof(d),
				   .flags = STLINK_DETACH_KEEP_HALTED };

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	EXPECT_EQ(0, call(self->fd, STLINK_IOC_DETACH, &d));
	EXPECT_TRUE(self->p->target.halted);
	EXPECT_EQ(MODE_MASS, self->p->mode);
	close(self->fd);
	self->fd = -1;
	EXPECT_TRUE(self->p->target.halted);
}

/* OpenOCD's table: never above what was asked */
TEST_F(probe, clock)
{
	static const struct { __u32 khz; __u16 div; } table[] = {
		{ 4000, 0 }, { 1800, 1 }, { 1200, 2 }, { 950, 3 }, { 480, 7 },
		{ 240, 15 }, { 125, 31 }, { 100, 40 }, { 50, 79 }, { 25, 158 },
		{ 15, 265 }, { 5, 798 },
	};
	const __u32 n = sizeof(table) / sizeof(table[0]);
	struct stlink_clock c = { .size = sizeof(c) };
	struct stlink_attach a;
	__u32 i, khz;

	ASSERT_EQ(0, attach(self->fd, STLINK_ATTACH_HOTPLUG, 1000, &a));
	EXPECT_EQ(950, a.clock_khz);
	EXPECT_EQ(3, self->p->divisor);
	probe_clear_log(self->p);
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_CLOCK, &c));
	EXPECT_EQ(0, self->p->num_log);
	EXPECT_EQ(950, c.khz);
	ASSERT_EQ(n, c.num_steps);
	for (i = 0; i < STLINK_MAX_CLOCK_STEPS; i++)
		EXPECT_EQ(i < n ? table[i].khz : 0, c.steps_khz[i]);
	for (i = 0; i < n; i++)
		for (khz = table[i].khz; khz <= table[i].khz + 1; khz++) {
			c = (struct stlink_clock) { .size = sizeof(c),
						    .khz = khz };
			EXPECT_EQ(0, call(self->fd, STLINK_IOC_CLOCK, &c));
			EXPECT_EQ(table[i].khz, c.khz);
			EXPECT_EQ(table[i].div, self->p->divisor);
		}
	c = (struct stlink_clock) { .size = sizeof(c), .khz = 0xffffffff };
	EXPECT_EQ(0, call(self->fd, STLINK_IOC_CLOCK, &c));
	EXPECT_EQ(4000, c.khz);
	c = (struct stlink_clock) { .size = sizeof(c), .khz = 4 };
	EXPECT_EQ(-EINVAL, call(self->fd, STLINK_IOC_CLOCK, &c));
	EXPECT_EQ(0, self->p->divisor);
	/* The session survives it. */
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
}

TEST_F(probe, voltage)
{
	static const struct { uint32_t ref, target, mv; } v[] = {
		{ 1500, 2062, 3299 }, { 0x5ed, 0x8ca, 3559 },
		{ 0, 2062, 0 }, { 0, 0, 0 }, { 1500, 0, 0 },
	};
	struct stlink_voltage m = { .size = sizeof(m) };
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		self->p->adc[0] = v[i].ref;
		self->p->adc[1] = v[i].target;
		m = (struct stlink_voltage) { .size = sizeof(m) };
		ASSERT_EQ(0, call(self->fd, STLINK_IOC_VOLTAGE, &m));
		/* Either way of rounding */
		EXPECT_LE(v[i].mv, m.millivolts);
		EXPECT_GE(v[i].mv + 1, m.millivolts);
		EXPECT_EQ(v[i].ref, m.adc_ref);
		EXPECT_EQ(v[i].target, m.adc_target);
	}
	m = (struct stlink_voltage) { .size = sizeof(m) };
	probe_rule(self->p, (struct rule) { 0xf7, ANY, .action = RULE_SHORT,
		   .arg = 5 });
	EXPECT_EQ(-EPROTO, call(self->fd, STLINK_IOC_VOLTAGE, &m));
}

TEST_F(probe, reset_line)
{
	struct stlink_nrst n = { .size = sizeof(n),
				 .action = STLINK_NRST_PULSE };
	struct stlink_info info = { .size = sizeof(info) };
	struct target *t = &self->p->target;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(0, do_nrst(self->fd, STLINK_NRST_ASSERT));
	EXPECT_TRUE(t->nrst_low);
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	EXPECT_TRUE(info.state & STLINK_STATE_NRST_LOW);
	EXPECT_EQ(0, do_nrst(self->fd, STLINK_NRST_RELEASE));
	EXPECT_FALSE(t->nrst_low);
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	EXPECT_FALSE(info.state & STLINK_STATE_NRST_LOW);
	EXPECT_EQ(1, t->resets);
	EXPECT_EQ(0, call(self->fd, STLINK_IOC_NRST, &n));
	EXPECT_EQ(ST_OK, n.status);
	EXPECT_FALSE(t->nrst_low);
	EXPECT_EQ(2, t->resets);
	probe_clear_log(self->p);
	n = (struct stlink_nrst) { .size = sizeof(n),
				   .action = STLINK_NRST_PULSE,
				   .duration_us = 1000001 };
	EXPECT_EQ(-EINVAL, call(self->fd, STLINK_IOC_NRST, &n));
	n.duration_us = 1;
	n.action = STLINK_NRST_ASSERT;
	EXPECT_EQ(-EINVAL, call(self->fd, STLINK_IOC_NRST, &n));
	EXPECT_EQ(-EINVAL, do_nrst(self->fd, 3));
	EXPECT_EQ(0, self->p->num_log);
	/* It doesn't outlive the session. */
	EXPECT_EQ(0, do_nrst(self->fd, STLINK_NRST_ASSERT));
	EXPECT_EQ(0, do_detach(self->fd));
	EXPECT_FALSE(t->nrst_low);
}

FIXTURE(old) {
	PROBE_DATA;
};

FIXTURE_SETUP(old)
{
	struct probe_options opt = probe_default;

	opt.j = 12;
	PROBE_SETUP(&opt);
}

FIXTURE_TEARDOWN(old)
{
	PROBE_TEARDOWN();
}

TEST_F(old, gates)
{
	struct stlink_voltage v = { .size = sizeof(v) };
	struct stlink_clock c = { .size = sizeof(c) };
	struct stlink_info info = { .size = sizeof(info) };
	struct stlink_attach a;

	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	EXPECT_EQ(0, info.features);
	EXPECT_EQ(-EOPNOTSUPP, call(self->fd, STLINK_IOC_VOLTAGE, &v));
	EXPECT_EQ(-EOPNOTSUPP, attach(self->fd, STLINK_ATTACH_NORMAL, 1799,
				      &a));
	EXPECT_EQ(0, attach(self->fd, STLINK_ATTACH_NORMAL, 2000, &a));
	EXPECT_EQ(1800, a.clock_khz);
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_CLOCK, &c));
	EXPECT_EQ(1800, c.khz);
	EXPECT_EQ(1, c.num_steps);
	c = (struct stlink_clock) { .size = sizeof(c), .khz = 1000 };
	EXPECT_EQ(-EOPNOTSUPP, call(self->fd, STLINK_IOC_CLOCK, &c));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
}

PROBE_TEST_MAIN
