// SPDX-License-Identifier: GPL-2.0-only
/*
 * From plug to node: the modes a probe may be found in, its version and
 * serial number.
 */
#include "kselftest_harness.h"
#include "plug.h"

TEST_F(plug, sequence)
{
	PLUG();
	EXPECT_NODE();
	EXPECT_LE(0, probe_find(self->p, 0, 0xf1, ANY));
	EXPECT_LE(0, probe_find(self->p, 0, 0xf5, ANY));
	/* It was idle: nothing to leave, and nothing to do with the target. */
	EXPECT_EQ(0, probe_count(self->p, 0xf3, ANY));
	EXPECT_EQ(0, probe_count(self->p, 0xf4, ANY));
	EXPECT_EQ(0, probe_count(self->p, 0xf2, 0x30));
	EXPECT_EQ(0, self->p->target.writes);
	EXPECT_TRUE(client_attribute(self->name, "firmware", self->text,
				     sizeof(self->text)));
	EXPECT_STREQ("V2J37S7", self->text);
	EXPECT_TRUE(client_attribute(self->name, "serial", self->text,
				     sizeof(self->text)));
	EXPECT_STREQ(probe_default.serial, self->text);
	/* The interface isn't claimed twice: no reset was needed. */
	EXPECT_EQ(1, self->p->resets);
}

TEST_F(plug, firmware_of_a_v21)
{
	struct stlink_info info = { .size = sizeof(info) };
	int fd;

	self->opt.pid = 0x374b;
	self->opt.j = 33;
	self->opt.s = 25;
	PLUG();
	EXPECT_NODE();
	EXPECT_TRUE(client_attribute(self->name, "firmware", self->text,
				     sizeof(self->text)));
	EXPECT_STREQ("V2J33M25", self->text);
	fd = client_open(self->p, O_RDONLY);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, call(fd, STLINK_IOC_INFO, &info));
	EXPECT_EQ(0x374b, info.pid);
	EXPECT_EQ(0, info.version_swim);
	EXPECT_EQ(25, info.version_msd);
	close(fd);
}

TEST_F(plug, version_without_debug)
{
	self->opt.j = 0;
	PLUG();
	EXPECT_NO_NODE();
}

TEST_F(plug, version_garbage)
{
	static const uint8_t wrong[][8] = {
		{ 0x29, 0x47, 0x84, 0x04, 0x48, 0x37 },	/* vendor */
		{ 0x39, 0x47, 0x83, 0x04, 0x48, 0x37 },	/* V3 */
		{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	};
	size_t i;

	for (i = 0; i < 3; i++) {
		self->p = probe_new(&self->opt);
		ASSERT_NE(NULL, self->p);
		probe_rule(self->p, (struct rule) { 0xf1, ANY, .count = FOREVER,
			   .action = RULE_REPLACE, .arg = 6,
			   .data = wrong[i] });
		ASSERT_EQ(0, client_plug(self->p));
		EXPECT_NO_NODE();
		probe_free(self->p);
		self->p = NULL;
	}
}

TEST_F(plug, version_short)
{
	self->p = probe_new(&self->opt);
	ASSERT_NE(NULL, self->p);
	probe_rule(self->p, (struct rule) { 0xf1, ANY, .count = FOREVER,
		   .action = RULE_SHORT, .arg = 4 });
	ASSERT_EQ(0, client_plug(self->p));
	EXPECT_NO_NODE();
}

FIXTURE(mode) {
	struct probe *p;
	struct probe_options opt;
	char name[32];
};

FIXTURE_VARIANT(mode) {
	enum probe_mode mode;
	int group;
	int op;
};

FIXTURE_VARIANT_ADD(mode, dfu) { MODE_DFU, 0xf3, 0x07 };
FIXTURE_VARIANT_ADD(mode, debug) { MODE_DEBUG, 0xf2, 0x21 };
FIXTURE_VARIANT_ADD(mode, swim) { MODE_SWIM, 0xf4, 0x01 };
FIXTURE_VARIANT_ADD(mode, bootloader) { MODE_BOOTLOADER, 0xf3, 0x07 };

FIXTURE_SETUP(mode)
{
	self->opt = probe_default;
	self->opt.mode = variant->mode;
	PLUG();
}

FIXTURE_TEARDOWN(mode)
{
	EXPECT_CONFORMING(self->p);
	probe_free(self->p);
}

TEST_F(mode, left_over)
{
	int fd, leave;

	EXPECT_NODE();
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, do_attach(fd, STLINK_ATTACH_NORMAL));
	leave = probe_find(self->p, 0, variant->group, variant->op);
	EXPECT_LE(0, leave);
	EXPECT_LT(leave, probe_find(self->p, 0, 0xf2, 0x30));
	/* One that stays in mode 4 is used as it is, and not asked again. */
	EXPECT_EQ(0, do_detach(fd));
	EXPECT_EQ(0, do_attach(fd, STLINK_ATTACH_NORMAL));
	if (variant->mode == MODE_BOOTLOADER)
		EXPECT_EQ(1, probe_count(self->p, 0xf3, ANY));
	close(fd);
}

/*
 * The driver may have a transfer under way when the probe leaves; vhci-hcd,
 * unlike a host controller, keeps it until the time-out: hence the long wait.
 */
TEST_F_TIMEOUT(plug, dfu_with_a_new_handle, 300)
{
	self->opt.mode = MODE_DFU;
	self->opt.reenumerate = true;
	PLUG();
	ASSERT_TRUE(probe_wait_command(self->p, 0xf3, 0x07, 1,
				       NODE_TIMEOUT_MS));
	usleep(300000);
	EXPECT_TRUE(self->p->replug_wanted);
	probe_unplug(self->p);
	ASSERT_TRUE(client_wait_forgotten(30000));
	self->p->opt.mode = MODE_MASS;
	ASSERT_EQ(0, client_plug(self->p));
	EXPECT_NODE();
	EXPECT_EQ(0, probe_count(self->p, 0xf3, ANY));
}

/*
 * One that takes its time: the hub waits for the driver, and whoever wants to know
 * of the device waits for the hub.
 */
TEST_F_TIMEOUT(plug, slow_in_the_bootloader, 60)
{
	uint64_t start;

	self->opt.mode = MODE_DFU;
	self->p = probe_new(&self->opt);
	ASSERT_NE(NULL, self->p);
	probe_rule(self->p, (struct rule) { 0xf3, ANY, .count = FOREVER,
		   .action = RULE_SILENT });
	probe_rule(self->p, (struct rule) { 0xf5, ANY, .count = FOREVER,
		   .action = RULE_DELAY, .arg = 1500 });
	ASSERT_EQ(0, client_plug(self->p));
	ASSERT_TRUE(probe_wait_command(self->p, 0xf5, ANY, 1,
				       NODE_TIMEOUT_MS));
	/* Two times over, with a reset in between; it was a minute */
	start = now_ns();
	client_wait_decided();
	EXPECT_GT(30000000000, now_ns() - start);
	EXPECT_FALSE(client_node(self->p, self->name, sizeof(self->name)));
	EXPECT_GE(8, probe_count(self->p, 0xf5, ANY));
}

FIXTURE(serial) {
	struct probe *p;
	struct probe_options opt;
	char name[32];
	char text[128];
};

FIXTURE_VARIANT(serial) {
	const char *text;
	uint8_t raw[12];
	bool is_raw;
	const char *want;
};

FIXTURE_VARIANT_ADD(serial, good) {
	.text = "066DFF535550755187191037", .want = "066DFF535550755187191037"
};
FIXTURE_VARIANT_ADD(serial, clone) {
	.text = "000000000001", .want = "000000000001"
};
FIXTURE_VARIANT_ADD(serial, raw) {
	.raw = { 0x55, 0xff, 0x6c, 0x06, 0x50, 0x77, 0x80, 0x57, 0x12, 0x18,
		 0xe9, 0x67 },
	.is_raw = true, .want = "55FF6C06507780571218E967"
};
FIXTURE_VARIANT_ADD(serial, raw_ascii) {
	.raw = "STLINK?-+*/%", .is_raw = true,
	.want = "53544C494E4B3F2D2B2A2F25"
};
FIXTURE_VARIANT_ADD(serial, raw_zero) {
	.raw = { 0x55, 0xff, 0x6c, 0x00, 0x50, 0x77, 0x80, 0x57, 0x12, 0x18,
		 0xe9, 0x67 },
	.is_raw = true, .want = "55FF6C00507780571218E967"
};
FIXTURE_VARIANT_ADD(serial, none) { .want = "" };
FIXTURE_VARIANT_ADD(serial, hostile) { .text = "a/../%n$(x)`\n\"b" };
FIXTURE_VARIANT_ADD(serial, too_long) {
	.text = "0123456789012345678901234567890123456789012345678901234567"
		"890123456789012345678901234567890123456789"
};

FIXTURE_SETUP(serial)
{
	self->opt = probe_default;
	self->opt.serial = variant->text;
	self->opt.serial_raw = variant->is_raw ? variant->raw : NULL;
	PLUG();
}

FIXTURE_TEARDOWN(serial)
{
	EXPECT_CONFORMING(self->p);
	probe_free(self->p);
}

TEST_F(serial, normalised)
{
	struct stlink_info info = { .size = sizeof(info) };
	size_t i;
	int fd;

	EXPECT_NODE();
	fd = client_open(self->p, O_RDONLY);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, call(fd, STLINK_IOC_INFO, &info));
	ASSERT_NE(NULL, memchr(info.serial, 0, sizeof(info.serial)));
	if (variant->want)
		EXPECT_STREQ(variant->want, (char *)info.serial);
	/* One clean line, whatever the probe says */
	for (i = 0; info.serial[i]; i++)
		EXPECT_TRUE(info.serial[i] > ' ' && info.serial[i] < 0x7f);
	EXPECT_TRUE(client_attribute(self->name, "serial", self->text,
				     sizeof(self->text)));
	EXPECT_STREQ((char *)info.serial, self->text);
	close(fd);
}

/* A probe that stopped answering, or never did, gets a reset and a second
 * chance; a stale answer in its queue is no reason to give up.
 */
TEST_F(plug, second_chance)
{
	static const uint8_t stale[8] = { 0x80, 0, 0, 0, 1, 2, 3, 4 };

	self->p = probe_new(&self->opt);
	ASSERT_NE(NULL, self->p);
	probe_rule(self->p, (struct rule) { 0xf1, ANY, .action = RULE_REPLACE,
		   .arg = 8, .data = stale });
	ASSERT_EQ(0, client_plug(self->p));
	EXPECT_NODE();
}

/* What counts is the firmware that answers in the end. */
TEST_F(plug, another_version_after_the_reset)
{
	static const uint8_t j1[6] = { 0x20, 0x47, 0x83, 0x04, 0x48, 0x37 };

	self->p = probe_new(&self->opt);
	ASSERT_NE(NULL, self->p);
	probe_rule(self->p, (struct rule) { 0xf1, ANY, .skip = 1,
		   .count = FOREVER, .action = RULE_REPLACE, .arg = 6,
		   .data = j1 });
	probe_rule(self->p, (struct rule) { 0xf5, ANY, .action = RULE_STALL });
	ASSERT_EQ(0, client_plug(self->p));
	EXPECT_NODE();
	EXPECT_EQ(2, self->p->resets);
	EXPECT_TRUE(client_attribute(self->name, "firmware", self->text,
				     sizeof(self->text)));
	EXPECT_STREQ("V2J1S7", self->text);
	EXPECT_TRUE(client_attribute(self->name, "features", self->text,
				     sizeof(self->text)));
	EXPECT_STREQ("", self->text);
}

PROBE_TEST_MAIN
