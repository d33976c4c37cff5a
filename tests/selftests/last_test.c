// SPDX-License-Identifier: GPL-2.0-only
/* STLINK_IOC_LAST: how the last exchange of each descriptor ended. */
#include <pthread.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "ops.h"

#define BAD	0x30000000u

static struct stlink_last last(int fd)
{
	struct stlink_last l = { .size = sizeof(l) };

	if (call(fd, STLINK_IOC_LAST, &l))
		l.error = 0xffffffff;
	return l;
}

TEST_F(probe, nothing_yet)
{
	unsigned int before = self->p->num_log;
	struct stlink_last l = last(self->fd);

	EXPECT_EQ(0, l.group);
	EXPECT_EQ(0, l.op);
	EXPECT_EQ(0, l.status);
	EXPECT_EQ(0, l.error);
	EXPECT_EQ(0, l.fault_addr);
	EXPECT_EQ(0, l.result);
	EXPECT_EQ(0, l.resets);
	/* What it took to find out who that is counts. */
	EXPECT_EQ(before, l.exchanges);
	EXPECT_EQ(before, self->p->num_log);
}

TEST_F(probe, success)
{
	struct stlink_voltage v = { .size = sizeof(v) };
	struct stlink_last l;
	__u32 w[4];

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	ASSERT_EQ(0, mem_rd(self->fd, SRAM_BASE, w, 4, 4, NULL));
	l = last(self->fd);
	EXPECT_EQ(0xf2, l.group);
	EXPECT_EQ(0x36, l.op);
	EXPECT_EQ(ST_OK, l.status);
	EXPECT_EQ(0, l.error);
	EXPECT_EQ(0, l.result);
	ASSERT_EQ(0, mem_rd(self->fd, SRAM_BASE, w, 16, 4, NULL));
	l = last(self->fd);
	EXPECT_EQ(0x3e, l.op);
	EXPECT_EQ(ST_OK, l.status);
	/* An answer without a status */
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_VOLTAGE, &v));
	l = last(self->fd);
	EXPECT_EQ(0xf7, l.group);
	EXPECT_EQ(0, l.status);
	EXPECT_EQ(0, l.error);
	/* Exactly as many as the probe has seen */
	EXPECT_EQ(self->p->num_log, l.exchanges);
	EXPECT_EQ(l.exchanges, last(self->fd).exchanges);
}

TEST_F(probe, fault)
{
	struct stlink_last l;
	__u32 w[4];

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(-EREMOTEIO, mem_rd(self->fd, BAD, w, 16, 4, NULL));
	l = last(self->fd);
	EXPECT_EQ(0xf2, l.group);
	EXPECT_EQ(0x11, l.status);
	EXPECT_EQ(EREMOTEIO, l.error);
	EXPECT_EQ(STLINK_LAST_FAULT_ADDR, l.result);
	EXPECT_EQ(BAD, l.fault_addr);
	EXPECT_EQ(self->p->num_log, l.exchanges);
	/* A write, which isn't looked for */
	EXPECT_EQ(-EREMOTEIO, mem_wr(self->fd, BAD + 0x10, w, 16, 4, 0, NULL));
	l = last(self->fd);
	EXPECT_EQ(0x11, l.status);
	EXPECT_EQ(EREMOTEIO, l.error);
	EXPECT_EQ(STLINK_LAST_FAULT_ADDR, l.result);
	EXPECT_EQ(BAD + 0x10, l.fault_addr);
	/* Without a status: from the link */
	probe_rule(self->p, (struct rule) { 0xf2, 0x07, .action = RULE_SHORT,
		   .arg = 3 });
	EXPECT_EQ(-EPROTO, mem_rd(self->fd, SRAM_BASE, w, 16, 4, NULL));
	l = last(self->fd);
	EXPECT_EQ(EPROTO, l.error);
	EXPECT_EQ(0, l.status);
	EXPECT_EQ(0, l.result);
	/* And all is well again. */
	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE, w, 16, 4, NULL));
	l = last(self->fd);
	EXPECT_EQ(ST_OK, l.status);
	EXPECT_EQ(0, l.error);
	EXPECT_EQ(0, l.result);
	EXPECT_EQ(0, l.resets);
}

/* Of attaching, which is what one most wants to know about */
TEST_F(probe, no_target)
{
	struct stlink_last l;

	self->p->target.present = false;
	EXPECT_EQ(-ENXIO, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	l = last(self->fd);
	EXPECT_EQ(0x09, l.status);
	EXPECT_EQ(ENXIO, l.error);
}

TEST_F(probe, per_descriptor)
{
	int fd = client_open(self->p, O_RDONLY), fd2;
	struct stlink_last l;
	__u32 w;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	ASSERT_EQ(0, do_attach(fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE, &w, 4, 4, NULL));
	EXPECT_EQ(-EREMOTEIO, mem_rd(fd, BAD, &w, 4, 4, NULL));
	l = last(self->fd);
	EXPECT_EQ(0x36, l.op);
	EXPECT_EQ(ST_OK, l.status);
	EXPECT_EQ(0, l.error);
	EXPECT_EQ(self->p->num_log, l.exchanges);
	l = last(fd);
	EXPECT_EQ(0x11, l.status);
	EXPECT_EQ(EREMOTEIO, l.error);
	fd2 = client_open(self->p, O_RDONLY);
	ASSERT_LE(0, fd2);
	l = last(fd2);
	EXPECT_EQ(0, l.group);
	EXPECT_EQ(0, l.error);
	EXPECT_EQ(self->p->num_log, l.exchanges);
	/* A call that sent nothing doesn't change it. */
	EXPECT_EQ(-EINVAL, mem_rd(fd, 2, &w, 4, 4, NULL));
	EXPECT_EQ(EREMOTEIO, last(fd).error);
	close(fd);
	close(fd2);
}

/* What the driver does on its own account: leaving what was left behind */
TEST_F(probe, resets)
{
	struct stlink_last l;
	__u32 w;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	EXPECT_EQ(-EREMOTEIO, mem_rd(self->fd, BAD, &w, 4, 4, NULL));
	ASSERT_EQ(0, client_usb_reset(self->p));
	l = last(self->fd);
	EXPECT_EQ(1, l.resets);
	EXPECT_EQ(0x11, l.status);
	EXPECT_EQ(EREMOTEIO, l.error);
	ASSERT_EQ(0, client_usb_reset(self->p));
	EXPECT_EQ(2, last(self->fd).resets);
	/* By the driver */
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_rule(self->p, (struct rule) { 0xf2, 0x36,
		   .action = RULE_STALL });
	EXPECT_EQ(-EIO, mem_rd(self->fd, SRAM_BASE, &w, 4, 4, NULL));
	EXPECT_EQ(EIO, last(self->fd).error);
	EXPECT_EQ(-ENOTCONN, mem_rd(self->fd, SRAM_BASE, &w, 4, 4, NULL));
	EXPECT_EQ(3, last(self->fd).resets);
	EXPECT_EQ(self->p->num_log, last(self->fd).exchanges);
}

static void *hold_thread(void *arg)
{
	__u32 w[2];

	mem_rd(*(int *)arg, SRAM_BASE, w, 8, 4, NULL);
	return NULL;
}

TEST_F(probe, needs_no_probe)
{
	struct stlink_last l = { .size = sizeof(l) };
	pthread_t thread;
	uint64_t ns;
	int fd;

	fd = client_open(self->p, O_RDONLY | O_NONBLOCK);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_HOTPLUG));
	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x07, .action = RULE_HOLD });
	ASSERT_EQ(0, pthread_create(&thread, NULL, hold_thread, &self->fd));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x07, 1, 5000));
	ns = now_ns();
	EXPECT_EQ(0, call(fd, STLINK_IOC_LAST, &l));
	EXPECT_GT(patience(1000000000), now_ns() - ns);
	probe_release(self->p);
	pthread_join(thread, NULL);
	probe_unplug(self->p);
	usleep(500000);
	EXPECT_EQ(-ENODEV, call(fd, STLINK_IOC_LAST, &l));
	close(fd);
}

PROBE_TEST_MAIN
