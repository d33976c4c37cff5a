// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that may end at a bad moment: the probe, the binding, the
 * module, the program.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "ops.h"

/* A call in another thread */
struct caller {
	pthread_t thread;
	int fd;
	int ret;
	__u8 buf[64];
};

static void *read_thread(void *arg)
{
	struct caller *c = arg;

	c->ret = mem_rd(c->fd, SRAM_BASE, c->buf, 64, 4, NULL);
	return NULL;
}

static short poll_events(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 1 ? p.revents : 0;
}

/* Whether a descriptor behaves as one without a device does */
static bool is_dead(int fd)
{
	struct stlink_info info = { .size = sizeof(info) };
	struct stlink_detach d = { .size = sizeof(d) };
	struct stlink_claim c = { .size = sizeof(c) };
	__u8 b;

	return call(fd, STLINK_IOC_INFO, &info) == -ENODEV &&
	       do_attach(fd, STLINK_ATTACH_HOTPLUG) == -ENODEV &&
	       mem_rd(fd, SRAM_BASE, &b, 1, 1, NULL) == -ENODEV &&
	       do_core(fd, STLINK_CORE_STATUS, 0, NULL) == -ENODEV &&
	       call(fd, STLINK_IOC_DETACH, &d) == -ENODEV &&
	       (call(fd, STLINK_IOC_CLAIM, &c) == -ENODEV ||
		(fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
}

TEST_F(probe, unplug_idle)
{
	char name[32];

	close(self->fd);
	self->fd = -1;
	ASSERT_TRUE(client_node(self->p, name, sizeof(name)));
	probe_unplug(self->p);
	EXPECT_TRUE(client_wait_gone(name, 5000));
	ASSERT_EQ(0, client_plug(self->p));
	EXPECT_TRUE(client_wait_node(self->p, name, sizeof(name),
				     NODE_TIMEOUT_MS));
}

TEST_F(probe, unplug_with_open_handles)
{
	char name[32];
	int fd, fd2 = client_open(self->p, O_RDONLY);

	ASSERT_LE(0, fd2);
	ASSERT_TRUE(client_node(self->p, name, sizeof(name)));
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(0, poll_events(self->fd, 0) & (POLLHUP | POLLERR));
	probe_unplug(self->p);
	EXPECT_TRUE(client_wait_gone(name, 5000));
	EXPECT_TRUE(is_dead(self->fd));
	EXPECT_TRUE(is_dead(fd2));
	EXPECT_TRUE(poll_events(self->fd, 1000) & POLLHUP);
	/* The next one isn't confused with it. */
	ASSERT_EQ(0, client_plug(self->p));
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, do_attach(fd, STLINK_ATTACH_NORMAL));
	EXPECT_TRUE(is_dead(self->fd));
	close(fd2);
	close(self->fd);
	EXPECT_EQ(0, do_core(fd, STLINK_CORE_STATUS, 0, NULL));
	self->fd = fd;
}

TEST_F(probe, unplug_in_a_call)
{
	struct caller c = { .fd = self->fd };
	uint64_t ns;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	probe_rule(self->p, (struct rule) { 0xf2, 0x07,
		   .action = RULE_HOLD });
	ASSERT_EQ(0, pthread_create(&c.thread, NULL, read_thread, &c));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x07, 1, 5000));
	ns = now_ns();
	probe_unplug(self->p);
	pthread_join(c.thread, NULL);
	EXPECT_EQ(-ENODEV, c.ret);
	/* It isn't the USB time-out that ended it. */
	EXPECT_GT(patience(2000000000), now_ns() - ns);
	EXPECT_TRUE(poll_events(self->fd, 2000) & POLLHUP);
	EXPECT_TRUE(is_dead(self->fd));
}

TEST_F(probe, unplug_wakes_poll)
{
	pid_t pid = fork();
	int status;

	ASSERT_LE(0, pid);
	if (!pid)
		_exit(poll_events(self->fd, 10000) & POLLHUP ? 0 : 1);
	usleep(100000);
	probe_unplug(self->p);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/* A session cut off after each of its first exchanges */
TEST_F_TIMEOUT(probe, unplug_at_each_exchange, 300)
{
	unsigned int k, cut = 0;
	__u8 buf[64];
	int ret;

	for (k = 0; k < 24; k += 1 + k / 6) {
		probe_rule(self->p, (struct rule) { ANY, ANY, .skip = k,
			   .action = RULE_UNPLUG });
		ret = do_attach(self->fd, STLINK_ATTACH_NORMAL);
		if (!ret)
			ret = do_core(self->fd, STLINK_CORE_HALT, 0, NULL);
		if (!ret)
			ret = mem_rd(self->fd, SRAM_BASE, buf, 64, 0, NULL);
		if (!ret)
			ret = do_detach(self->fd);
		/* EIO: noticed before usbcore knew; detaching never fails */
		EXPECT_TRUE(ret == -ENODEV || ret == -EIO || !ret) {
			TH_LOG("exchange %u: %d", k, ret);
		}
		cut += !!ret;
		EXPECT_TRUE(!ret || poll_events(self->fd, 3000) & POLLHUP);
		EXPECT_TRUE(!ret || is_dead(self->fd));
		close(self->fd);
		probe_unplug(self->p);
		probe_clear_rules(self->p);
		ASSERT_EQ(0, client_plug(self->p));
		self->fd = client_open(self->p, O_RDWR);
		ASSERT_LE(0, self->fd);
	}
	EXPECT_LE(6, cut);
	EXPECT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
}

/*
 * While the driver looks at the probe for the first time. That is done by the
 * hub's worker, and vhci-hcd, unlike a host controller, keeps a transfer to a
 * device that is gone until the worker cancels it: hence the long wait.
 */
TEST_F_TIMEOUT(probe, unplug_while_probing, 300)
{
	char name[32];

	close(self->fd);
	self->fd = -1;
	probe_unplug(self->p);
	ASSERT_TRUE(client_wait_forgotten(5000));
	probe_rule(self->p, (struct rule) { 0xf5, ANY,
		   .action = RULE_UNPLUG });
	ASSERT_EQ(0, client_plug(self->p));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf5, ANY, 1,
				       NODE_TIMEOUT_MS));
	probe_unplug(self->p);
	probe_clear_rules(self->p);
	ASSERT_TRUE(client_wait_forgotten(30000));
	ASSERT_EQ(0, client_plug(self->p));
	EXPECT_TRUE(client_wait_node(self->p, name, sizeof(name),
				     NODE_TIMEOUT_MS));
}

TEST_F(probe, open_after_unplug)
{
	char name[32], path[64];
	int node, fd;

	ASSERT_TRUE(client_node(self->p, name, sizeof(name)));
	snprintf(path, sizeof(path), "/dev/%s", name);
	node = open(path, O_PATH | O_CLOEXEC);
	ASSERT_LE(0, node);
	probe_unplug(self->p);
	ASSERT_TRUE(client_wait_gone(name, 5000));
	EXPECT_EQ(-1, open(path, O_RDWR));
	EXPECT_EQ(ENOENT, errno);
	/* Through the node that was looked up before */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", node);
	fd = open(path, O_RDWR);
	EXPECT_EQ(-1, fd);
	EXPECT_TRUE(errno == ENODEV || errno == ENXIO);
	close(node);
}

TEST_F(probe, unbind_and_bind)
{
	struct caller c = { .fd = self->fd };
	int fd, i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
		ASSERT_TRUE(client_bind(self->p, false));
		EXPECT_TRUE(is_dead(self->fd));
		EXPECT_TRUE(poll_events(self->fd, 1000) & POLLHUP);
		ASSERT_TRUE(client_bind(self->p, true));
		fd = client_open(self->p, O_RDWR);
		ASSERT_LE(0, fd);
		EXPECT_TRUE(is_dead(self->fd));
		close(self->fd);
		self->fd = fd;
	}
	/* In a call: it ends at once, not with the USB time-out. */
	c.fd = self->fd;
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	probe_rule(self->p, (struct rule) { 0xf2, 0x07,
		   .action = RULE_HOLD });
	ASSERT_EQ(0, pthread_create(&c.thread, NULL, read_thread, &c));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x07, 1, 5000));
	EXPECT_TRUE(client_bind(self->p, false));
	pthread_join(c.thread, NULL);
	EXPECT_EQ(-ENODEV, c.ret);
	EXPECT_TRUE(client_bind(self->p, true));
}

TEST_F(probe, usb_reset_by_another_program)
{
	struct stlink_info before = { .size = sizeof(before) };
	struct stlink_info info = { .size = sizeof(info) };
	__u8 b;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &before));
	ASSERT_EQ(0, client_usb_reset(self->p));
	EXPECT_LE(2, self->p->resets);
	EXPECT_EQ(-ENOTCONN, mem_rd(self->fd, SRAM_BASE, &b, 1, 1, NULL));
	EXPECT_EQ(-ENOTCONN, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	ASSERT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	EXPECT_EQ(0, info.state & STLINK_STATE_ATTACHED);
	EXPECT_NE(before.generation, info.generation);
	EXPECT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE, &b, 1, 1, NULL));
	EXPECT_EQ(self->p->target.sram[0], b);
}

/* A probe that doesn't answer just then gets a USB reset, and another chance. */
TEST_F(probe, unbind_from_a_silent_probe)
{
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
	probe_rule(self->p, (struct rule) { ANY, ANY,
		   .action = RULE_SILENT });
	EXPECT_TRUE(client_bind(self->p, false));
	EXPECT_FALSE(self->p->target.halted);
	EXPECT_EQ(MODE_MASS, self->p->mode);
	ASSERT_TRUE(client_bind(self->p, true));
}

static void expect_left_alone(struct __test_metadata *_metadata,
			      struct probe *p)
{
	uint64_t end = now_ns() + 25000000000;

	while (p->mode != MODE_MASS && now_ns() < end)
		usleep(10000);
	EXPECT_EQ(MODE_MASS, p->mode);
	EXPECT_FALSE(p->target.halted);
	EXPECT_EQ(0, p->target.control);
	EXPECT_EQ(0, p->target.bpu_ctrl);
	EXPECT_FALSE(p->target.nrst_low);
}

/* What a program does before it dies: the worst it may leave behind */
static int make_a_mess(struct probe *p, int *fd)
{
	int ret;

	*fd = client_open(p, O_RDWR);
	ret = *fd < 0 ? *fd : do_attach(*fd, STLINK_ATTACH_NORMAL);
	if (!ret)
		ret = do_core(*fd, STLINK_CORE_HALT, 0, NULL);
	if (!ret)
		ret = do_nrst(*fd, STLINK_NRST_ASSERT);
	p->target.bpu_ctrl = 1;
	return ret;
}

TEST_F(probe, last_close)
{
	int fd, fd2;

	ASSERT_EQ(0, make_a_mess(self->p, &fd));
	fd2 = dup(fd);
	close(fd);
	EXPECT_TRUE(self->p->target.nrst_low);
	EXPECT_EQ(MODE_DEBUG, self->p->mode);
	close(fd2);
	EXPECT_EQ(MODE_MASS, self->p->mode);
	expect_left_alone(_metadata, self->p);
	EXPECT_EQ(0x21, self->p->log[self->p->num_log - 1].cmd[1]);
}

/* A reset took the session away; who closes afterwards still cleans up. */
TEST_F(probe, close_after_usb_reset)
{
	int fd;

	ASSERT_EQ(0, make_a_mess(self->p, &fd));
	ASSERT_EQ(0, client_usb_reset(self->p));
	EXPECT_TRUE(self->p->target.nrst_low);
	close(fd);
	expect_left_alone(_metadata, self->p);
}

/* The same where the reset took the probe out of debug mode as well */
TEST_F(probe, close_after_usb_reset_to_another_mode)
{
	int fd;

	ASSERT_EQ(0, make_a_mess(self->p, &fd));
	ASSERT_EQ(0, client_usb_reset(self->p));
	self->p->mode = MODE_MASS;
	self->p->ap_open = false;
	close(fd);
	expect_left_alone(_metadata, self->p);
	/* A target that is no longer there is none to let run. */
	ASSERT_EQ(0, make_a_mess(self->p, &fd));
	ASSERT_EQ(0, client_usb_reset(self->p));
	self->p->mode = MODE_MASS;
	self->p->target.present = false;
	close(fd);
	EXPECT_EQ(MODE_MASS, self->p->mode);
	EXPECT_FALSE(self->p->target.nrst_low);
	EXPECT_EQ(-ENXIO, do_attach(self->fd, STLINK_ATTACH_NORMAL));
}

TEST_F(probe, killed_idle)
{
	int status, fd, pipefd[2];
	char c = 1;
	pid_t pid;

	ASSERT_EQ(0, pipe(pipefd));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		c = make_a_mess(self->p, &fd) ? 1 : 0;
		if (write(pipefd[1], &c, 1) == 1)
			pause();
		_exit(1);
	}
	ASSERT_EQ(1, read(pipefd[0], &c, 1));
	EXPECT_EQ(0, c);
	self->p->target.bpu_ctrl = 1;
	EXPECT_TRUE(self->p->target.nrst_low);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	expect_left_alone(_metadata, self->p);
}

/* Killed while attaching, with nRST low: no session yet, but a mess. */
TEST_F(probe, killed_while_attaching)
{
	int status, fd;
	pid_t pid;

	probe_rule(self->p, (struct rule) { 0xf2, 0x30,
		   .action = RULE_SILENT });
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		fd = client_open(self->p, O_RDWR);
		do_attach(fd, STLINK_ATTACH_UNDER_RESET);
		_exit(1);
	}
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, 0x30, 1, 5000));
	EXPECT_TRUE(self->p->target.nrst_low);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	expect_left_alone(_metadata, self->p);
}

/* Killed during a pulse of nRST, while somebody else's session goes on. */
TEST_F(probe, killed_in_a_pulse)
{
	struct stlink_nrst pulse = {
		.size = sizeof(pulse),
		.action = STLINK_NRST_PULSE,
		.duration_us = 1000000,
	};
	struct stlink_info info = { .size = sizeof(info) };
	uint64_t end;
	int status, fd;
	pid_t pid;

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		fd = client_open(self->p, O_RDWR);
		if (!do_attach(fd, STLINK_ATTACH_NORMAL))
			call(fd, STLINK_IOC_NRST, &pulse);
		pause();
		_exit(1);
	}
	end = now_ns() + 5000000000;
	while (!self->p->target.nrst_low && now_ns() < end)
		usleep(1000);
	EXPECT_TRUE(self->p->target.nrst_low);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_FALSE(self->p->target.nrst_low);
	EXPECT_EQ(0, call(self->fd, STLINK_IOC_INFO, &info));
	EXPECT_EQ(0, info.state & STLINK_STATE_NRST_LOW);
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
}

/* Killed while the probe owes an answer, which comes late or never */
FIXTURE(killed) {
	PROBE_DATA;
};

FIXTURE_VARIANT(killed) {
	bool late;
	int op;
};

FIXTURE_VARIANT_ADD(killed, late_data) { true, 0x07 };
FIXTURE_VARIANT_ADD(killed, late_register) { true, 0x36 };
FIXTURE_VARIANT_ADD(killed, late_status) { true, 0x3e };
FIXTURE_VARIANT_ADD(killed, late_words) { true, 0x52 };
FIXTURE_VARIANT_ADD(killed, no_answer) { false, 0x07 };

FIXTURE_SETUP(killed)
{
	PROBE_SETUP(&probe_default);
}

FIXTURE_TEARDOWN(killed)
{
	PROBE_TEARDOWN();
}

TEST_F_TIMEOUT(killed, in_an_exchange, 300)
{
	struct stlink_mem_op words[9];
	__u8 buf[64], ready;
	__u32 values[9];
	int status, fd, sv[2];
	uint64_t ns;
	pid_t pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		fd = client_open(self->p, O_RDWR);
		ready = do_attach(fd, STLINK_ATTACH_NORMAL) ||
			do_core(fd, STLINK_CORE_HALT, 0, NULL);
		if (write(sv[1], &ready, 1) != 1 ||
		    read(sv[1], &ready, 1) != 1)
			_exit(1);
		scatter(words, values, 9);
		if (variant->op == 0x36)
			do_core(fd, STLINK_CORE_STATUS, 0, NULL);
		else if (variant->op == 0x52)
			do_mem(fd, words, 9, NULL);
		else
			mem_rd(fd, SRAM_BASE, buf, 64, 4, NULL);
		_exit(2);
	}
	ASSERT_EQ(1, read(sv[0], &ready, 1));
	ASSERT_EQ(0, ready);
	ASSERT_TRUE(self->p->target.halted);
	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, variant->op,
		   .action = variant->late ? RULE_HOLD : RULE_SILENT });
	ASSERT_EQ(1, write(sv[0], &ready, 1));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf2, variant->op, 1, 5000));
	usleep(20000);
	kill(pid, SIGKILL);
	if (variant->late) {
		usleep(20000);
		probe_release(self->p);
	}
	ns = now_ns();
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_GT(patience(20000000000), now_ns() - ns);
	expect_left_alone(_metadata, self->p);
	/* The next caller gets what it asks for, not the old answer. */
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(0, mem_rd(self->fd, SRAM_BASE + 0x200, buf, 64, 4, NULL));
	EXPECT_EQ(0, memcmp(buf, self->p->target.sram + 0x200, 64));
}

/* Last in this program: where it fails, the driver may not be there again. */
TEST_F(probe, module)
{
	char name[32];

	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	EXPECT_EQ(-1, syscall(SYS_delete_module, "stlink", O_NONBLOCK));
	EXPECT_TRUE(errno == EBUSY || errno == EWOULDBLOCK);
	EXPECT_EQ(0, do_core(self->fd, STLINK_CORE_STATUS, 0, NULL));
	close(self->fd);
	self->fd = -1;
	ASSERT_TRUE(client_node(self->p, name, sizeof(name)));
	ASSERT_EQ(0, syscall(SYS_delete_module, "stlink", O_NONBLOCK)) {
		TH_LOG("%s", strerror(errno));
	}
	EXPECT_TRUE(client_wait_gone(name, 1000));
	ASSERT_EQ(0, system("modprobe stlink"));
	self->fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
}

PROBE_TEST_MAIN
