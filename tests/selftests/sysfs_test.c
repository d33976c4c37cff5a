// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of the class device, the watch that the kernel keeps by itself
 * (target_poll_ms), and the voltage as hwmon has it.
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "plug.h"
#include "files.h"
#include "watch.h"

#define TICK	"20"
#define A_WHILE	300

/* Value of an attribute, or the errno instead */
#define EXPECT_ATTR(want, attribute) do {				\
	int ret_ = class_read(self->name, attribute, self->text,	\
			      sizeof(self->text));			\
	EXPECT_EQ(0, ret_);						\
	EXPECT_STREQ(want, self->text) {				\
		TH_LOG("%s", attribute);				\
	}								\
} while (0)

FIXTURE(attributes) {
	struct probe *p;
	struct probe_options opt;
	char name[32];
	char text[128];
};

FIXTURE_VARIANT(attributes) {
	unsigned int j;
	const char *features;
};

FIXTURE_VARIANT_ADD(attributes, j12) { 12, "" };
FIXTURE_VARIANT_ADD(attributes, j13) { 13, "voltage" };
FIXTURE_VARIANT_ADD(attributes, j22) { 22, "voltage fault_addr clock" };
FIXTURE_VARIANT_ADD(attributes, j28) {
	28, "voltage fault_addr clock dap mem16 ap_init"
};
FIXTURE_VARIANT_ADD(attributes, j37) {
	37, "voltage fault_addr clock dap mem16 ap_init dp_bank rw_misc"
};

FIXTURE_SETUP(attributes)
{
	self->opt = probe_default;
	self->opt.j = variant->j;
	PLUG();
	EXPECT_NODE();
}

FIXTURE_TEARDOWN(attributes)
{
	EXPECT_CONFORMING(self->p);
	probe_free(self->p);
}

TEST_F(attributes, of_the_firmware)
{
	char dir[300];

	snprintf(dir, sizeof(dir), "V2J%uS7", variant->j);
	EXPECT_ATTR(dir, "firmware");
	EXPECT_ATTR(probe_default.serial, "serial");
	EXPECT_ATTR(variant->features, "features");
	EXPECT_EQ(variant->j >= 13, hwmon_dir(self->p, dir, sizeof(dir),
					      variant->j < 13 ? 100 : SOON_MS));
	EXPECT_EQ(variant->j >= 13 ? 0 : -ENOENT,
		  class_read(self->name, "target_voltage_mv", self->text,
			     sizeof(self->text)));
}

TEST_F(plug, state)
{
	struct stlink_claim c = { .size = sizeof(c) };
	unsigned int before;
	int fd;

	PLUG();
	EXPECT_NODE();
	before = self->p->num_log;
	EXPECT_ATTR("idle", "mode");
	EXPECT_ATTR("0", "clock_khz");
	EXPECT_ATTR("unknown", "target");
	EXPECT_ATTR("0", "target_poll_ms");
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(before, self->p->num_log);
	ASSERT_EQ(0, do_attach(fd, STLINK_ATTACH_NORMAL));
	before = self->p->num_log;
	EXPECT_ATTR("debug", "mode");
	EXPECT_ATTR("1800", "clock_khz");
	EXPECT_EQ(before, self->p->num_log);
	EXPECT_EQ(0, do_detach(fd));
	EXPECT_ATTR("idle", "mode");
	/* Nobody knows what a reset by somebody else has done. */
	ASSERT_EQ(0, client_usb_reset(self->p));
	EXPECT_ATTR("unknown", "mode");
	EXPECT_ATTR("0", "clock_khz");
	ASSERT_EQ(0, call(fd, STLINK_IOC_CLAIM, &c));
	EXPECT_ATTR("idle", "mode");
	close(fd);
}

TEST_F(plug, voltage)
{
	struct stlink_claim c = { .size = sizeof(c) };
	char path[2][100], dir[64];
	int fd, i;

	PLUG();
	EXPECT_NODE();
	ASSERT_TRUE(hwmon_dir(self->p, dir, sizeof(dir), SOON_MS));
	snprintf(path[0], sizeof(path[0]), "/sys/class/stlink/%s/"
		 "target_voltage_mv", self->name);
	snprintf(path[1], sizeof(path[1]), "%s/name", dir);
	EXPECT_EQ(0, file_read(path[1], self->text, sizeof(self->text)));
	EXPECT_STREQ("stlink", self->text);
	snprintf(path[1], sizeof(path[1]), "%s/in0_label", dir);
	EXPECT_EQ(0, file_read(path[1], self->text, sizeof(self->text)));
	EXPECT_STREQ("target", self->text);
	snprintf(path[1], sizeof(path[1]), "%s/in0_input", dir);
	for (i = 0; i < 2; i++) {
		unsigned int before = probe_count(self->p, 0xf7, ANY);

		self->p->adc[0] = 1500;
		self->p->adc[1] = 2000 + 100 * i;
		EXPECT_EQ(0, file_read(path[i], self->text,
				       sizeof(self->text)));
		EXPECT_STREQ(i ? "3360" : "3200", self->text);
		EXPECT_EQ(before + 1, probe_count(self->p, 0xf7, ANY));
		self->p->adc[0] = 0;
		EXPECT_EQ(-ENODATA, file_read(path[i], self->text,
					      sizeof(self->text)));
		/* While a program has it, and while it has it for itself */
		self->p->adc[0] = 1500;
		fd = client_open(self->p, O_RDWR);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, do_attach(fd, STLINK_ATTACH_NORMAL));
		EXPECT_EQ(0, file_read(path[i], self->text,
				       sizeof(self->text)));
		c = (struct stlink_claim) { .size = sizeof(c) };
		ASSERT_EQ(0, call(fd, STLINK_IOC_CLAIM, &c));
		before = self->p->num_log;
		EXPECT_EQ(-EBUSY, file_read(path[i], self->text,
					    sizeof(self->text)));
		EXPECT_EQ(before, self->p->num_log);
		close(fd);
	}
	probe_unplug(self->p);
	EXPECT_TRUE(client_wait_gone(self->name, 5000));
	EXPECT_NE(0, access(dir, F_OK));
}

struct file_reader {
	pthread_t thread;
	char path[100];
	int ret;
};

static void *file_thread(void *arg)
{
	struct file_reader *r = arg;
	char text[32];

	r->ret = file_read(r->path, text, sizeof(text));
	return NULL;
}

/* Pulled out while the answer is still to come: the reader isn't stuck. */
TEST_F(plug, unplug_while_reading)
{
	struct file_reader r[2] = { { .ret = 1 }, { .ret = 1 } };
	char dir[64];
	uint64_t ns;
	int i;

	PLUG();
	EXPECT_NODE();
	ASSERT_TRUE(hwmon_dir(self->p, dir, sizeof(dir), SOON_MS));
	snprintf(r[0].path, sizeof(r[0].path), "%s/in0_input", dir);
	snprintf(r[1].path, sizeof(r[1].path), "/sys/class/stlink/%s/"
		 "target_voltage_mv", self->name);
	probe_rule(self->p, (struct rule) { 0xf7, ANY, .count = FOREVER,
		   .action = RULE_HOLD });
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&r[i].thread, NULL, file_thread,
					    &r[i]));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf7, ANY, 1, 5000));
	usleep(50000);
	ns = now_ns();
	probe_unplug(self->p);
	for (i = 0; i < 2; i++) {
		pthread_join(r[i].thread, NULL);
		EXPECT_GT(0, r[i].ret);
	}
	EXPECT_TRUE(client_wait_gone(self->name, 5000));
	EXPECT_GT(patience(5000000000), now_ns() - ns);
}

TEST_F(plug, poll_interval)
{
	static const struct { const char *text; int ret; } t[] = {
		{ "10", 0 }, { "60000", 0 }, { "1000\n", 0 }, { "9", -EINVAL },
		{ "1", -EINVAL }, { "60001", -EINVAL }, { "-1", -EINVAL },
		{ "x", -EINVAL }, { "4294967306", -EINVAL }, { "0", 0 },
	};
	size_t i;
	int ret;

	PLUG();
	EXPECT_NODE();
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ret = class_write(self->name, "target_poll_ms", t[i].text);
		/* Too large for any number may be told so. */
		EXPECT_TRUE(ret == t[i].ret || (t[i].ret && ret == -ERANGE)) {
			TH_LOG("%s: %d", t[i].text, ret);
		}
		EXPECT_ATTR(i < 1 ? "10" : i < 2 ? "60000" :
			    i == 9 ? "0" : "1000", "target_poll_ms");
	}
}

#define EXPECT_UEVENT(want) do {					\
	self->text[0] = 0;						\
	EXPECT_TRUE(uevents_next(nl, self->name, self->text,		\
				 sizeof(self->text), SOON_MS));		\
	EXPECT_STREQ(want, self->text);					\
} while (0)

#define EXPECT_NO_UEVENT() do {						\
	self->text[0] = 0;						\
	EXPECT_FALSE(uevents_next(nl, self->name, self->text,		\
				  sizeof(self->text), A_WHILE)) {	\
		TH_LOG("%s", self->text);				\
	}								\
} while (0)

TEST_F(plug, target_comes_and_goes)
{
	struct target *t;
	int nl = uevents_open(), fd;

	ASSERT_LE(0, nl);
	PLUG();
	t = &self->p->target;
	EXPECT_NODE();
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	ASSERT_EQ(0, class_write(self->name, "target_poll_ms", TICK));
	EXPECT_UEVENT("present");
	EXPECT_ATTR("present", "target");
	EXPECT_NO_UEVENT();
	/* A single failure to answer is nothing. */
	usbip_lock(self->p->usb);
	t->sleeps = 1;
	usbip_unlock(self->p->usb);
	EXPECT_TRUE(looks(self->p, 4));
	EXPECT_NO_UEVENT();
	EXPECT_EQ(0, t->sleeps);
	t->present = false;
	EXPECT_UEVENT("absent");
	EXPECT_ATTR("absent", "target");
	EXPECT_NO_UEVENT();
	t->present = true;
	EXPECT_UEVENT("present");
	/* Whoever has the node open wants to be left alone. */
	fd = client_open(self->p, O_RDONLY);
	ASSERT_LE(0, fd);
	usleep(50000);
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	t->present = false;
	EXPECT_NO_UEVENT();
	close(fd);
	EXPECT_UEVENT("absent");
	ASSERT_EQ(0, class_write(self->name, "target_poll_ms", "0"));
	usleep(50000);
	EXPECT_TRUE(quiet(self->p, A_WHILE));
	EXPECT_EQ(MODE_MASS, self->p->mode);
	EXPECT_EQ(0, t->writes);
	EXPECT_EQ(0, t->resets);
	close(nl);
}

TEST_F(plug, absent_from_the_beginning)
{
	int nl = uevents_open();

	ASSERT_LE(0, nl);
	self->p = probe_new(&self->opt);
	ASSERT_NE(NULL, self->p);
	self->p->target.present = false;
	ASSERT_EQ(0, client_plug(self->p));
	EXPECT_NODE();
	ASSERT_EQ(0, class_write(self->name, "target_poll_ms", TICK));
	EXPECT_UEVENT("absent");
	EXPECT_ATTR("absent", "target");
	self->p->target.present = true;
	EXPECT_UEVENT("present");
	/* A USB reset doesn't confuse it. */
	ASSERT_EQ(0, client_usb_reset(self->p));
	EXPECT_NO_UEVENT();
	self->p->target.present = false;
	EXPECT_UEVENT("absent");
	close(nl);
}

/* Saving power by suspending the probe, or not: the same is seen. */
TEST_F(plug, with_autosuspend)
{
	int nl = uevents_open(), fd;

	ASSERT_LE(0, nl);
	PLUG();
	EXPECT_NODE();
	ASSERT_EQ(0, usb_attribute_write(self->p, "power/autosuspend_delay_ms",
					 "0"));
	ASSERT_EQ(0, usb_attribute_write(self->p, "power/control", "auto"));
	usleep(A_WHILE * 1000);
	ASSERT_EQ(0, class_write(self->name, "target_poll_ms", "50"));
	EXPECT_UEVENT("present");
	self->p->target.present = false;
	EXPECT_UEVENT("absent");
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-ENXIO, do_attach(fd, STLINK_ATTACH_HOTPLUG));
	close(fd);
	self->p->target.present = true;
	EXPECT_UEVENT("present");
	ASSERT_EQ(0, usb_attribute_write(self->p, "power/control", "on"));
	self->p->target.present = false;
	EXPECT_UEVENT("absent");
	close(nl);
}

static bool falls_asleep(struct probe *p)
{
	uint64_t end = now_ns() + SOON_MS * 1000000ULL;
	char text[32] = "";

	while (strcmp(text, "suspended") && now_ns() < end) {
		usleep(20000);
		if (usb_attribute_read(p, "power/runtime_status", text,
				       sizeof(text)))
			return false;
	}
	return !strcmp(text, "suspended");
}

/* Who was refused doesn't keep the probe awake. */
TEST_F(plug, asleep_after_a_refusal)
{
	struct stlink_claim c = { .size = sizeof(c) };
	int fd;

	PLUG();
	EXPECT_NODE();
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, call(fd, STLINK_IOC_CLAIM, &c));
	EXPECT_EQ(-EBUSY, class_read(self->name, "target_voltage_mv",
				     self->text, sizeof(self->text)));
	close(fd);
	ASSERT_EQ(0, usb_attribute_write(self->p, "power/autosuspend_delay_ms",
					 "0"));
	ASSERT_EQ(0, usb_attribute_write(self->p, "power/control", "auto"));
	EXPECT_TRUE(falls_asleep(self->p));
}

/* Nor does who had it open, or looked at it, when the driver was unbound. */
TEST_F(plug, asleep_after_an_unbinding)
{
	int fd, i;

	PLUG();
	EXPECT_NODE();
	ASSERT_EQ(0, usb_attribute_write(self->p, "power/autosuspend_delay_ms",
					 "0"));
	ASSERT_EQ(0, usb_attribute_write(self->p, "power/control", "auto"));
	for (i = 0; i < 2; i++) {
		EXPECT_NODE();
		fd = client_open(self->p, O_RDWR);
		ASSERT_LE(0, fd);
		if (i) {
			ASSERT_EQ(0, class_write(self->name, "target_poll_ms",
						 "50"));
			close(fd);
		}
		EXPECT_TRUE(client_bind(self->p, false));
		EXPECT_TRUE(client_bind(self->p, true));
		if (!i)
			close(fd);
		EXPECT_TRUE(falls_asleep(self->p));
	}
}

/* An attach that doesn't get that far says nothing of whether there is a target. */
TEST_F(plug, failed_attach_while_polling)
{
	int nl = uevents_open(), fd;

	ASSERT_LE(0, nl);
	PLUG();
	EXPECT_NODE();
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	/* As long as it is open nobody looks. */
	ASSERT_EQ(0, class_write(self->name, "target_poll_ms", "50"));
	close(fd);
	EXPECT_UEVENT("present");
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	probe_rule(self->p, (struct rule) { 0xf2, 0x30, .count = FOREVER,
		   .action = RULE_STATUS, .arg = 0x06 });
	EXPECT_NE(0, do_attach(fd, STLINK_ATTACH_NORMAL));
	probe_clear_rules(self->p);
	close(fd);
	EXPECT_NO_UEVENT();
	close(nl);
}

/* The end of it all while the kernel is looking */
TEST_F(plug, unplug_and_unbind_while_polling)
{
	int i;

	PLUG();
	for (i = 0; i < 3; i++) {
		EXPECT_NODE();
		ASSERT_EQ(0, class_write(self->name, "target_poll_ms", "10"));
		EXPECT_TRUE(looks(self->p, 3));
		if (i == 1) {
			EXPECT_TRUE(client_bind(self->p, false));
			EXPECT_TRUE(client_wait_gone(self->name, 1000));
			EXPECT_TRUE(quiet(self->p, 100));
			EXPECT_TRUE(client_bind(self->p, true));
			continue;
		}
		/* In the middle of a look */
		probe_rule(self->p, (struct rule) { 0xf2, 0x30,
			   .action = RULE_HOLD });
		usleep(50000);
		probe_unplug(self->p);
		EXPECT_TRUE(client_wait_gone(self->name, 5000));
		probe_clear_rules(self->p);
		ASSERT_EQ(0, client_plug(self->p));
	}
}

/* Wherever in a look: the probe is idle afterwards, not in debug mode. */
TEST_F(plug, unbind_in_a_look)
{
	unsigned int i;

	PLUG();
	for (i = 0; i < 12; i++) {
		EXPECT_NODE();
		probe_clear_rules(self->p);
		probe_rule(self->p, (struct rule) { 0xf2, i % 2 ? 0x30 : 0x31,
			   .count = FOREVER, .action = RULE_DELAY,
			   .arg = 12 });
		probe_clear_log(self->p);
		ASSERT_EQ(0, class_write(self->name, "target_poll_ms", "10"));
		ASSERT_TRUE(probe_wait_command(self->p, 0xf2,
					       i % 2 ? 0x30 : 0x31, 1,
					       SOON_MS));
		usleep(i * 1500);
		EXPECT_TRUE(client_bind(self->p, false));
		EXPECT_EQ(MODE_MASS, self->p->mode) {
			TH_LOG("after %u us", i * 1500);
		}
		EXPECT_TRUE(client_bind(self->p, true));
	}
}

/* Last in this program: where it fails, the driver may not be there again. */
TEST_F(plug, module)
{
	PLUG();
	EXPECT_NODE();
	ASSERT_EQ(0, class_write(self->name, "target_poll_ms", "10"));
	EXPECT_TRUE(looks(self->p, 3));
	ASSERT_EQ(0, syscall(SYS_delete_module, "stlink", O_NONBLOCK)) {
		TH_LOG("%s", strerror(errno));
	}
	EXPECT_TRUE(client_wait_gone(self->name, 1000));
	EXPECT_EQ(MODE_MASS, self->p->mode);
	ASSERT_EQ(0, system("modprobe stlink"));
	EXPECT_NODE();
}

PROBE_TEST_MAIN
