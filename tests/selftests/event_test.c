// SPDX-License-Identifier: GPL-2.0-only
/*
 * STLINK_IOC_EVENTS and poll(): what happens to the target while no program
 * asks, and that the driver looks only when somebody wants to know.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "files.h"
#include "watch.h"

#define ARRIVED	STLINK_EVENT_ARRIVED
#define REMOVED	STLINK_EVENT_REMOVED
#define HALTED	STLINK_EVENT_HALTED
#define LOCKUP	STLINK_EVENT_LOCKUP
#define RESET	STLINK_EVENT_RESET
#define LOST	STLINK_EVENT_LOST
#define ALL	(ARRIVED | REMOVED | HALTED | LOCKUP | RESET | LOST)

/* Interval of most tests, and a time in which several looks fit, ms */
#define TICK	20
#define A_WHILE	300

TEST_F(probe, arguments)
{
	static const struct { __u32 ms; int ret; __u32 used; } t[] = {
		{ 0, 0, 100 }, { 1, -EINVAL, 100 }, { 9, -EINVAL, 100 },
		{ 10, 0, 10 }, { 60000, 0, 60000 }, { 60001, -EINVAL, 60000 },
		{ 0xffffffff, -EINVAL, 60000 },
	};
	struct stlink_events e;
	unsigned int i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		EXPECT_EQ(t[i].ret, watch(self->fd, LOST, t[i].ms)) {
			TH_LOG("%u ms", t[i].ms);
		}
		/* Without SET nothing is set, whatever stands there. */
		e = (struct stlink_events) { .mask = 0xffffffff,
			.interval_ms = 3, .pending = 0xffffffff,
			.state = 0xffffffff };
		EXPECT_EQ(0, do_events(self->fd, &e));
		EXPECT_EQ(LOST, e.mask);
		EXPECT_EQ(t[i].used, e.interval_ms);
		EXPECT_EQ(0, e.pending);
		EXPECT_EQ(0, e.state);
	}
	for (i = 0; i < 32; i++) {
		EXPECT_EQ(i < 6 ? 0 : -EINVAL,
			  watch(self->fd, 1u << i, 60000)) {
			TH_LOG("mask bit %u", i);
		}
	}
	for (i = 1; i < 32; i++) {
		e = (struct stlink_events) { .flags = 1u << i };
		EXPECT_EQ(-EINVAL, do_events(self->fd, &e));
	}
	for (i = 0; i < 64; i++) {
		e = (struct stlink_events) { .reserved = 1ull << i };
		EXPECT_EQ(-EINVAL, do_events(self->fd, &e));
	}
}

TEST_F(probe, arrives_and_leaves)
{
	struct target *t = &self->p->target;

	EXPECT_EQ(0, seen_state(self->fd));
	EXPECT_EQ(0, poll_all(self->fd, 0));
	ASSERT_EQ(0, watch(self->fd, ARRIVED | REMOVED, TICK));
	/* The first look that finds it counts. */
	EXPECT_EQ(ARRIVED, next_events(self->fd));
	EXPECT_EQ(STLINK_SEEN_PRESENT, seen_state(self->fd));
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
	t->present = false;
	/* As long as nobody takes it, poll() says so. */
	EXPECT_TRUE(event_comes(self->fd, SOON_MS));
	EXPECT_EQ(POLLPRI, poll_all(self->fd, 0));
	EXPECT_EQ(REMOVED, take_events(self->fd));
	EXPECT_EQ(0, poll_all(self->fd, 0));
	EXPECT_EQ(STLINK_SEEN_ABSENT, seen_state(self->fd));
	t->present = true;
	EXPECT_EQ(ARRIVED, next_events(self->fd));
	/* Both since the last call */
	t->present = false;
	EXPECT_TRUE(event_comes(self->fd, SOON_MS));
	t->present = true;
	ASSERT_TRUE(looks(self->p, 12));
	EXPECT_EQ(ARRIVED | REMOVED, take_events(self->fd));

	ASSERT_EQ(0, watch(self->fd, 0, 0));
	usleep(A_WHILE * 1000);
	EXPECT_EQ(MODE_MASS, self->p->mode);
	EXPECT_EQ(0, t->writes);
	EXPECT_EQ(0, t->resets);
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x35));
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x3c));
}

TEST_F(probe, nothing_there)
{
	self->p->target.present = false;
	ASSERT_EQ(0, watch(self->fd, ALL, TICK));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x30, 4, SOON_MS));
	/* It didn't leave: it was never seen. */
	EXPECT_EQ(0, take_events(self->fd));
	EXPECT_EQ(STLINK_SEEN_ABSENT, seen_state(self->fd));
}

FIXTURE(session) {
	PROBE_DATA;
	struct target *t;
};

FIXTURE_SETUP(session)
{
	PROBE_SETUP(&probe_default);
	self->t = &self->p->target;
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	ASSERT_EQ(0, watch(self->fd, HALTED | LOCKUP | RESET | REMOVED | LOST,
			   TICK));
	ASSERT_TRUE(looks(self->p, 3));
	EXPECT_EQ(0, take_events(self->fd));
	EXPECT_EQ(STLINK_SEEN_PRESENT, seen_state(self->fd));
}

FIXTURE_TEARDOWN(session)
{
	PROBE_TEARDOWN();
}

TEST_F(session, halted)
{
	unsigned int writes;

	self->t->halt_after = 3;
	EXPECT_EQ(HALTED, next_events(self->fd));
	EXPECT_EQ(STLINK_SEEN_PRESENT | STLINK_SEEN_HALTED,
		  seen_state(self->fd));
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RUN, 0, NULL));
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
	writes = self->t->writes;
	self->t->halt_after = 1;
	EXPECT_EQ(HALTED, next_events(self->fd));
	EXPECT_EQ(writes, self->t->writes);
	/* It hits the next breakpoint before anybody looked. */
	self->t->halt_after = 1;
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RUN, 0, NULL));
	EXPECT_EQ(HALTED, next_events(self->fd));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STEP, 0, NULL));
	EXPECT_EQ(HALTED, next_events(self->fd));
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
}

TEST_F(session, locked_up)
{
	self->t->locked_up = true;
	EXPECT_EQ(LOCKUP, next_events(self->fd));
	EXPECT_EQ(STLINK_SEEN_PRESENT | STLINK_SEEN_LOCKUP,
		  seen_state(self->fd));
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
}

TEST_F(session, reset)
{
	struct stlink_core c;

	self->t->was_reset = true;
	EXPECT_EQ(RESET, next_events(self->fd));
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
	/* The bit clears when read: whoever asks later must hear of it, too. */
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, &c));
	EXPECT_TRUE(c.state & STLINK_CORE_WAS_RESET);
}

/* A program that polls the core doesn't take the event away. */
TEST_F(session, reset_seen_by_a_call)
{
	ASSERT_EQ(0, watch(self->fd, RESET, 400));
	usleep(50000);
	self->t->was_reset = true;
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	EXPECT_FALSE(self->t->was_reset);
	EXPECT_EQ(RESET, next_events(self->fd));
}

/*
 * The look that a call begins may be over before the call is, where the program
 * gets little of its processor. It is told by poll() all the same: few programs
 * look at what the call answers.
 */
TEST_F_TIMEOUT(session, looked_at_before_the_call_ends, 120)
{
	uint64_t until = UINT64_MAX;
	pthread_t thread;
	cpu_set_t cpus;
	unsigned int i;

	ASSERT_EQ(0, watch(self->fd, RESET, 60000));
	ASSERT_TRUE(quiet(self->p, A_WHILE));
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(cpus), &cpus));
	ASSERT_EQ(0, pthread_create(&thread, NULL, client_hog, &until));
	ASSERT_EQ(0, setpriority(PRIO_PROCESS, gettid(), 19));
	for (i = 0; i < 20; i++) {
		self->t->was_reset = true;
		EXPECT_EQ(0, watch(self->fd, RESET, 60000));
		if (!event_comes(self->fd, SOON_MS))
			break;
		EXPECT_EQ(RESET, take_events(self->fd));
	}
	EXPECT_EQ(20, i);
	__atomic_store_n(&until, 0, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

TEST_F(session, removed)
{
	self->t->present = false;
	EXPECT_EQ(REMOVED, next_events(self->fd));
	EXPECT_EQ(STLINK_SEEN_ABSENT, seen_state(self->fd));
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
	self->t->present = true;
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_TRUE(looks(self->p, 3));
	EXPECT_EQ(STLINK_SEEN_PRESENT, seen_state(self->fd));
}

/* A target that is busy is still there. */
TEST_F(session, busy_is_not_removed)
{
	probe_rule(self->p, (struct rule) { 0xf2, 0x36, .count = 2,
		   .action = RULE_STATUS, .arg = 0x10 });
	ASSERT_TRUE(looks(self->p, 6));
	EXPECT_EQ(0, take_events(self->fd));
	EXPECT_EQ(STLINK_SEEN_PRESENT, seen_state(self->fd));
}

TEST_F(session, lost)
{
	int fd = client_open(self->p, O_RDONLY);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, watch(self->fd, LOST, 0));
	ASSERT_EQ(0, watch(fd, LOST, 0));
	/* For that nobody need look. */
	usleep(50000);
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	ASSERT_EQ(0, client_usb_reset(self->p));
	EXPECT_EQ(LOST, next_events(self->fd));
	EXPECT_EQ(0, take_events(self->fd));
	/* That one had no session. */
	EXPECT_FALSE(event_comes(fd, A_WHILE));
	EXPECT_EQ(-ENOTCONN, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	/* Only once, also when it comes again later */
	ASSERT_EQ(0, client_usb_reset(self->p));
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, client_usb_reset(self->p));
	EXPECT_EQ(LOST, next_events(self->fd));
	close(fd);
}

/* What it takes to debug goes on as if nobody looked. */
TEST_F(session, calls_go_on)
{
	__u8 buf[64];
	int i;

	ASSERT_EQ(0, watch(self->fd, HALTED, 10));
	for (i = 0; i < 60; i++) {
		memset(buf, 0, sizeof(buf));
		EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE + 4 * i, buf, 64, 4,
				    NULL));
		EXPECT_EQ(0, memcmp(buf, self->t->sram + 4 * i, 64));
		usleep(3000);
	}
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_RUN, 0, NULL));
	EXPECT_FALSE(self->t->halted);
	EXPECT_EQ(1, self->p->resets);
}

FIXTURE(two) {
	PROBE_DATA;
	int fd2;
};

FIXTURE_SETUP(two)
{
	PROBE_SETUP(&probe_default);
	self->fd2 = client_open(self->p, O_RDWR);
	ASSERT_LE(0, self->fd2);
}

FIXTURE_TEARDOWN(two)
{
	if (self->fd2 >= 0)
		close(self->fd2);
	PROBE_TEARDOWN();
}

TEST_F(two, each_hears_what_it_asked_for)
{
	ASSERT_EQ(0, watch(self->fd, ARRIVED, TICK));
	ASSERT_EQ(0, watch(self->fd2, REMOVED, 2 * TICK));
	EXPECT_EQ(ARRIVED, next_events(self->fd));
	EXPECT_FALSE(event_comes(self->fd2, A_WHILE));
	self->p->target.present = false;
	EXPECT_EQ(REMOVED, next_events(self->fd2));
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
	self->p->target.present = true;
	EXPECT_EQ(ARRIVED, next_events(self->fd));
	EXPECT_EQ(0, take_events(self->fd2));
	/* What one takes, the other still has. */
	ASSERT_EQ(0, watch(self->fd2, ARRIVED | REMOVED, TICK));
	ASSERT_EQ(0, watch(self->fd, ARRIVED | REMOVED, TICK));
	ASSERT_TRUE(looks(self->p, 12));
	take_events(self->fd);
	take_events(self->fd2);
	self->p->target.present = false;
	EXPECT_EQ(REMOVED, next_events(self->fd));
	EXPECT_EQ(REMOVED, next_events(self->fd2));
}

/* Who has a session or a claim isn't disturbed by others' curiosity. */
TEST_F(two, not_while_another_is_at_work)
{
	struct stlink_claim c = { .size = sizeof(c) };

	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, watch(self->fd, ALL, TICK));
	usleep(2 * TICK * 1000);
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	EXPECT_EQ(0, do_detach(self->fd2));
	EXPECT_TRUE(looks(self->p, 3));
	EXPECT_EQ(STLINK_SEEN_PRESENT, seen_state(self->fd));
	ASSERT_EQ(0, call(self->fd2, STLINK_IOC_CLAIM, &c));
	usleep(2 * TICK * 1000);
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	self->p->target.present = false;
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
	close(self->fd2);
	self->fd2 = -1;
	EXPECT_EQ(REMOVED, next_events(self->fd));
	/* With a session of its own, and somebody else's claim */
	self->p->target.present = true;
	self->fd2 = client_open(self->p, O_RDWR);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	EXPECT_TRUE(looks(self->p, 3));
	c = (struct stlink_claim) { .size = sizeof(c) };
	ASSERT_EQ(0, call(self->fd2, STLINK_IOC_CLAIM, &c));
	usleep(2 * TICK * 1000);
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	/* Its own claim is no reason not to look. */
	close(self->fd2);
	self->fd2 = -1;
	c = (struct stlink_claim) { .size = sizeof(c) };
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_CLAIM, &c));
	EXPECT_TRUE(looks(self->p, 3));
}

/* What only the other one's session finds out is told as well. */
TEST_F(two, found_out_by_another)
{
	ASSERT_EQ(0, watch(self->fd, ARRIVED | REMOVED, TICK));
	EXPECT_EQ(ARRIVED, next_events(self->fd));
	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	self->p->target.present = false;
	EXPECT_FALSE(event_comes(self->fd, A_WHILE));
	EXPECT_EQ(0, do_detach(self->fd2));
	EXPECT_EQ(REMOVED, next_events(self->fd));
	EXPECT_EQ(STLINK_SEEN_ABSENT, seen_state(self->fd));
	/* And before the next look */
	ASSERT_EQ(0, watch(self->fd, ARRIVED | REMOVED, 60000));
	ASSERT_TRUE(looks(self->p, 1));
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	EXPECT_EQ(0, take_events(self->fd));
	self->p->target.present = true;
	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(ARRIVED, next_events(self->fd));
	EXPECT_EQ(STLINK_SEEN_PRESENT, seen_state(self->fd));
}

/* No watcher, no traffic. */
TEST_F(two, only_while_somebody_watches)
{
	unsigned int n;

	EXPECT_TRUE(quiet(self->p, 1000));
	/* The time between two looks is what was asked for. */
	ASSERT_EQ(0, watch(self->fd, ARRIVED, 200));
	probe_clear_log(self->p);
	usleep(1100000);
	n = probe_count(self->p, 0xf2, 0x30);
	EXPECT_LE(2, n);
	EXPECT_GE(6, n);
	ASSERT_EQ(0, watch(self->fd, 0, 0));
	usleep(A_WHILE * 1000);
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	/* A descriptor that is closed doesn't watch. */
	ASSERT_EQ(0, watch(self->fd2, ARRIVED, TICK));
	EXPECT_TRUE(looks(self->p, 3));
	close(self->fd2);
	self->fd2 = -1;
	usleep(2 * TICK * 1000);
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	EXPECT_EQ(MODE_MASS, self->p->mode);
	/* In a session: nor one that only wants what needs no looking */
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	EXPECT_TRUE(quiet(self->p, A_WHILE));
}

/* The probe goes while it is watched: idle, and in the middle of a look. */
FIXTURE(the_end) {
	PROBE_DATA;
};

FIXTURE_VARIANT(the_end) {
	bool unbind;
	bool session;
	int held;
};

FIXTURE_VARIANT_ADD(the_end, unplugged) { false, false, 0 };
FIXTURE_VARIANT_ADD(the_end, unplugged_in_a_look) { false, false, 0x30 };
FIXTURE_VARIANT_ADD(the_end, unplugged_in_a_session) { false, true, 0x36 };
FIXTURE_VARIANT_ADD(the_end, unbound) { true, false, 0 };
FIXTURE_VARIANT_ADD(the_end, unbound_in_a_session) { true, true, 0 };

FIXTURE_SETUP(the_end)
{
	PROBE_SETUP(&probe_default);
}

FIXTURE_TEARDOWN(the_end)
{
	PROBE_TEARDOWN();
}

TEST_F(the_end, hangs_up)
{
	struct rule *look;
	char name[32];
	uint64_t ns;

	if (variant->session)
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, watch(self->fd, REMOVED | HALTED, 10));
	ASSERT_TRUE(client_node(self->p, name, sizeof(name)));
	ASSERT_TRUE(looks(self->p, 3));
	if (variant->held) {
		look = probe_rule(self->p, (struct rule) { 0xf2, variant->held,
				  .action = RULE_HOLD });
		ns = now_ns();
		while (!look->hits && now_ns() - ns < 2000000000)
			usleep(1000);
		EXPECT_EQ(1, look->hits);
	}
	ns = now_ns();
	if (variant->unbind) {
		EXPECT_TRUE(client_bind(self->p, false));
	} else {
		probe_unplug(self->p);
	}
	EXPECT_TRUE(poll_all(self->fd, SOON_MS) & POLLHUP);
	EXPECT_TRUE(client_wait_gone(name, 3000));
	EXPECT_GT(patience(3000000000), now_ns() - ns);
	EXPECT_EQ(~0u, take_events(self->fd));
	EXPECT_EQ(-ENODEV, watch(self->fd, REMOVED, 10));
	EXPECT_TRUE(quiet(self->p, 100));
	if (variant->unbind) {
		EXPECT_EQ(MODE_MASS, self->p->mode);
		EXPECT_TRUE(client_bind(self->p, true));
	}
}

/*
 * A watcher that has gone leaves one look behind, which comes when the probe may
 * be asleep. It isn't asked anything then, although something is to be put right
 * that the suspend could not.
 */
TEST_F_TIMEOUT(probe, asleep_it_is_left_alone, 55)
{
	struct stlink_last l = { .size = sizeof(l) };

	ASSERT_EQ(0, usb_attribute_write(self->p, "power/autosuspend_delay_ms",
					 "0"));
	ASSERT_EQ(0, usb_attribute_write(self->p, "power/control", "auto"));
	ASSERT_EQ(0, watch(self->fd, ARRIVED, 8000));
	EXPECT_EQ(ARRIVED, next_events(self->fd));
	ASSERT_EQ(0, client_usb_reset(self->p));
	probe_rule(self->p, (struct rule) { ANY, ANY, .count = FOREVER,
		   .action = RULE_SILENT });
	close(self->fd);
	usleep(12000000);
	probe_clear_rules(self->p);
	self->fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_LAST, &l));
	/* What the driver counted has arrived. */
	EXPECT_EQ(self->p->num_log, l.exchanges);
	EXPECT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
}

PROBE_TEST_MAIN
