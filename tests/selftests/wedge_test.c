// SPDX-License-Identifier: GPL-2.0-only
/*
 * A probe that is out of order: how long the driver bears with it, what it
 * does about it, how often, and that all is well when the probe is.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "files.h"
#include "watch.h"

#define TIMEOUT	"/sys/module/stlink/parameters/timeout_ms"

/*
 * How long the driver waits for a probe that is out of order; one that isn't may
 * need more than that on a machine with much to do.
 */
#define SHORT	"1000"
#define USUAL	"5000"

FIXTURE(wedged) {
	PROBE_DATA;
	int fd2;
};

FIXTURE_VARIANT(wedged) {
	enum rule_action action;
	unsigned int arg;
};

FIXTURE_VARIANT_ADD(wedged, silent) { RULE_SILENT, 0 };
FIXTURE_VARIANT_ADD(wedged, stalls) { RULE_STALL, 0 };
FIXTURE_VARIANT_ADD(wedged, babbles) { RULE_LONG, 700 };
FIXTURE_VARIANT_ADD(wedged, empty) { RULE_SHORT, 0 };

FIXTURE_SETUP(wedged)
{
	PROBE_SETUP(&probe_default);
	self->fd2 = client_open(self->p, O_RDWR);
	ASSERT_LE(0, self->fd2);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, watch(self->fd, STLINK_EVENT_LOST, 0));
	ASSERT_EQ(0, watch(self->fd2, STLINK_EVENT_LOST, 0));
	ASSERT_EQ(0, file_write(TIMEOUT, SHORT));
}

FIXTURE_TEARDOWN(wedged)
{
	self->p->overflows = 0;
	close(self->fd2);
	PROBE_TEARDOWN();
	file_write(TIMEOUT, USUAL);
}

static int read_word(int fd, struct probe *p)
{
	__u32 w = 0;
	int ret = mem_rd(fd, SRAM_BASE + 8, &w, 4, 4, NULL);

	return ret ? ret : memcmp(&w, p->target.sram + 8, 4) ? 1 : 0;
}

/* No answer to anything is right any more. */
TEST_F(wedged, for_good)
{
	unsigned int resets = self->p->resets, i;
	uint64_t start, ns, reset_at = 0;
	int ret;

	probe_rule(self->p, (struct rule) { ANY, ANY, .count = FOREVER,
		   .action = variant->action, .arg = variant->arg });
	for (i = 0; i < 4; i++) {
		start = now_ns();
		ret = read_word(i % 2 ? self->fd2 : self->fd, self->p);
		ns = now_ns() - start;
		EXPECT_TRUE(ret == -ETIMEDOUT || ret == -EIO ||
			    ret == -EPROTO || ret == -ENOTCONN) {
			TH_LOG("call %u: %d", i, ret);
		}
		EXPECT_GT(patience(6000000000), ns) {
			TH_LOG("call %u took %llu ms", i,
			       (unsigned long long)ns / 1000000);
		}
		if (!reset_at && self->p->resets > resets)
			reset_at = start;
		/* Moments after a reset that didn't help: no other one */
		if (reset_at && now_ns() - reset_at < 4500000000)
			EXPECT_EQ(resets + 1, self->p->resets);
	}
	EXPECT_LE(resets + 1, self->p->resets);
	/* Both sessions were lost, and each is told once. */
	EXPECT_EQ(STLINK_EVENT_LOST, take_events(self->fd));
	EXPECT_EQ(STLINK_EVENT_LOST, take_events(self->fd2));
	EXPECT_EQ(0, take_events(self->fd));

	/* Somebody pulled the cable of the target and put it right. */
	probe_clear_rules(self->p);
	file_write(TIMEOUT, USUAL);
	start = now_ns();
	do {
		ret = do_attach(self->fd, STLINK_ATTACH_NORMAL);
		if (ret)
			usleep(100000);
	} while (ret && now_ns() - start < 12000000000);
	EXPECT_EQ(0, ret);
	EXPECT_EQ(-ENOTCONN, read_word(self->fd2, self->p));
	EXPECT_EQ(0, read_word(self->fd, self->p));
	EXPECT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(0, read_word(self->fd2, self->p));
	EXPECT_GE(resets + 2, self->p->resets);
}

/* Once only: one reset at the most, and the next call or the one behind it */
TEST_F(wedged, for_a_moment)
{
	unsigned int resets = self->p->resets;
	int ret;

	probe_rule(self->p, (struct rule) { 0xf2, 0x36,
		   .action = variant->action, .arg = variant->arg });
	ret = read_word(self->fd, self->p);
	EXPECT_EQ(variant->action == RULE_SILENT ? -ETIMEDOUT :
		  variant->action == RULE_STALL ? -EIO : -EPROTO, ret);
	file_write(TIMEOUT, USUAL);
	ret = read_word(self->fd2, self->p);
	if (ret == -ENOTCONN) {
		EXPECT_EQ(resets + 1, self->p->resets);
		EXPECT_EQ(-ENOTCONN, read_word(self->fd, self->p));
		ASSERT_EQ(0, do_attach(self->fd2, STLINK_ATTACH_NORMAL));
		ret = read_word(self->fd2, self->p);
	}
	EXPECT_EQ(0, ret);
	EXPECT_GE(resets + 1, self->p->resets);
}

/* No answer to anything from here on, and a call has come to know it. */
static bool fall_silent(struct probe *p, int fd)
{
	if (do_attach(fd, STLINK_ATTACH_NORMAL) || file_write(TIMEOUT, "500"))
		return false;
	probe_rule(p, (struct rule) { ANY, ANY, .count = FOREVER,
		   .action = RULE_SILENT });
	return read_word(fd, p) < 0;
}

static void *attach_thread(void *arg)
{
	int *fd = arg;

	*fd = do_attach(*fd, STLINK_ATTACH_NORMAL);
	return NULL;
}

/*
 * A call finds that only a reset helps, and that the driver has tried one moments
 * ago; while it found out, another program has reset the probe. That helps as well.
 */
TEST_F_TIMEOUT(probe, reset_by_somebody_else_helps, 55)
{
	int ret = self->fd;
	pthread_t thread;

	ASSERT_TRUE(fall_silent(self->p, self->fd));
	EXPECT_GT(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	probe_clear_log(self->p);
	ASSERT_EQ(0, pthread_create(&thread, NULL, attach_thread, &ret));
	/* It holds the probe until two pings were in vain. */
	EXPECT_TRUE(probe_wait_command(self->p, ANY, ANY, 1, SOON_MS));
	EXPECT_EQ(0, client_usb_reset(self->p));
	probe_clear_rules(self->p);
	pthread_join(thread, NULL);
	EXPECT_EQ(0, ret);
	file_write(TIMEOUT, USUAL);
}

/* A reset that doesn't come to an end until the test says so */
struct slow {
	bool began;
	bool go_on;
};

static int slow_control(struct probe *p, const uint8_t setup[8], uint8_t *data,
			int len)
{
	struct slow *s = p->twist_ctx;

	(void)setup;
	(void)data;
	__atomic_store_n(&s->began, true, __ATOMIC_RELAXED);
	comes_true(&s->go_on, true, SOON_MS);
	return len;
}

static void *reset_thread(void *probe)
{
	client_usb_reset(probe);
	return NULL;
}

/*
 * A call waits for a reset that another program asked for, of a probe that is in no
 * hurry: whoever is killed has no need to.
 */
TEST_F_TIMEOUT(probe, killed_in_a_reset_of_others, 55)
{
	static const struct twist twist = { .control = slow_control };
	struct slow slow = { 0 };
	pthread_t thread;
	int i, status = 0;
	pid_t child;

	ASSERT_TRUE(fall_silent(self->p, self->fd));
	probe_clear_log(self->p);
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(-do_attach(self->fd, STLINK_ATTACH_NORMAL));
	/* It will let go of the probe, and find that it can't reset it. */
	EXPECT_TRUE(probe_wait_command(self->p, ANY, ANY, 1, SOON_MS));
	self->p->twist_ctx = &slow;
	self->p->twist = &twist;
	ASSERT_EQ(0, pthread_create(&thread, NULL, reset_thread, self->p));
	EXPECT_TRUE(comes_true(&slow.began, true, SOON_MS));
	usleep(2000000);
	kill(child, SIGKILL);
	for (i = 0; i < 100 && waitpid(child, &status, WNOHANG) == 0; i++)
		usleep(20000);
	EXPECT_GT(100, i);
	__atomic_store_n(&slow.go_on, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	if (i == 100)
		waitpid(child, &status, 0);
	EXPECT_TRUE(WIFSIGNALED(status));
	self->p->twist = NULL;
	probe_clear_rules(self->p);
	file_write(TIMEOUT, USUAL);
	EXPECT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
}

/* A watcher doesn't reset a probe again and again. */
TEST_F(probe, looking_is_no_reason_to_reset)
{
	unsigned int resets = self->p->resets;

	probe_rule(self->p, (struct rule) { 0xf2, 0x30, .count = FOREVER,
		   .action = RULE_STALL });
	ASSERT_EQ(0, watch(self->fd, STLINK_EVENT_ARRIVED, 10));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x30, 1, SOON_MS));
	usleep(2500000);
	EXPECT_GE(resets + 1, self->p->resets);
	EXPECT_EQ(0, take_events(self->fd));
	probe_clear_rules(self->p);
	ASSERT_EQ(0, watch(self->fd, 0, 0));
}

/*
 * With USB/IP the network may be away: no answer, not even to the wish to have a
 * transfer back. Nobody waits for it for ever.
 */
TEST_F(probe, out_of_reach)
{
	unsigned int resets = self->p->resets, i;
	uint64_t start;
	int ret;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, file_write(TIMEOUT, SHORT));
	usbip_lock(self->p->usb);
	start = now_ns();
	EXPECT_EQ(-ETIMEDOUT, read_word(self->fd, self->p));
	EXPECT_GT(patience(6000000000), now_ns() - start);
	start = now_ns();
	for (i = 0; i < 3; i++)
		EXPECT_EQ(-EIO, read_word(self->fd, self->p));
	EXPECT_GT(patience(500000000), now_ns() - start);
	usbip_unlock(self->p->usb);
	file_write(TIMEOUT, USUAL);

	start = now_ns();
	do {
		ret = read_word(self->fd, self->p);
		usleep(10000);
	} while (ret && now_ns() - start < 5000000000);
	EXPECT_EQ(0, ret);
	EXPECT_EQ(resets, self->p->resets);
}

/* Out of reach for good: closing doesn't wait, unplugging ends it */
TEST_F(probe, out_of_reach_for_good)
{
	uint64_t start;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, file_write(TIMEOUT, SHORT));
	usbip_lock(self->p->usb);
	EXPECT_EQ(-ETIMEDOUT, read_word(self->fd, self->p));
	start = now_ns();
	close(self->fd);
	self->fd = -1;
	EXPECT_GT(patience(2000000000), now_ns() - start);
	usbip_vanish(self->p->usb);
	usbip_unlock(self->p->usb);
	file_write(TIMEOUT, USUAL);
}

/* All 256 access ports opened, and a probe that takes its time to close them */
TEST_F_TIMEOUT(probe, slow_to_close, 120)
{
	static const uint8_t ok[8] = { 0x80 };
	struct stlink_dap_op ops[STLINK_MAX_OPS] = {};
	uint64_t start;
	__u32 i;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_rule(self->p, (struct rule) { 0xf2, 0x4b, .count = FOREVER,
		   .action = RULE_REPLACE, .arg = 2, .data = ok });
	probe_rule(self->p, (struct rule) { 0xf2, 0x45, .count = FOREVER,
		   .action = RULE_REPLACE, .arg = 8, .data = ok });
	for (i = 0; i < STLINK_MAX_OPS; i++)
		ops[i].port = i;
	ASSERT_EQ(0, do_dap(self->fd, ops, STLINK_MAX_OPS, NULL));
	probe_rule(self->p, (struct rule) { 0xf2, 0x4c, .count = FOREVER,
		   .action = RULE_DELAY, .arg = 300 });
	start = now_ns();
	close(self->fd);
	self->fd = -1;
	/* It was more than a minute */
	EXPECT_GT(30000000000, now_ns() - start);
	EXPECT_LE(0, probe_find(self->p, 0, 0xf2, 0x4c));
	EXPECT_EQ(MODE_MASS, self->p->mode);
}

/* In the loader and silent: that is trouble, but it has not been unplugged. */
TEST_F(probe, silent_in_the_loader)
{
	ASSERT_EQ(0, file_write(TIMEOUT, "1000"));
	ASSERT_EQ(0, client_usb_reset(self->p));
	usbip_lock(self->p->usb);
	self->p->mode = MODE_DFU;
	usbip_unlock(self->p->usb);
	probe_rule(self->p, (struct rule) { 0xf3, ANY, .count = FOREVER,
		   .action = RULE_SILENT });
	probe_rule(self->p, (struct rule) { 0xf5, ANY, .skip = 2, .count = 1,
		   .action = RULE_SILENT });
	EXPECT_NE(-ENODEV, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_LE(0, probe_find(self->p, 0, 0xf3, 0x07));
	probe_clear_rules(self->p);
	EXPECT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	file_write(TIMEOUT, USUAL);
}

PROBE_TEST_MAIN
