// SPDX-License-Identifier: GPL-2.0-only
/* Which devices the driver takes: by product, class and endpoints. */
#include <stdio.h>

#include "kselftest_harness.h"
#include "plug.h"

FIXTURE(shape) {
	struct probe *p;
	struct probe_options opt;
	char name[32];
};

FIXTURE_VARIANT(shape) {
	enum usb_shape shape;
	uint16_t pid;
	bool taken;
};

FIXTURE_VARIANT_ADD(shape, swapped) { SHAPE_SWAPPED, 0x3748, true };
FIXTURE_VARIANT_ADD(shape, v21) { SHAPE_NORMAL, 0x374b, true };
FIXTURE_VARIANT_ADD(shape, v21_no_msd) { SHAPE_NORMAL, 0x3752, true };
FIXTURE_VARIANT_ADD(shape, no_endpoints) { SHAPE_NO_ENDPOINTS, 0x3748 };
FIXTURE_VARIANT_ADD(shape, no_in) { SHAPE_NO_IN, 0x3748 };
FIXTURE_VARIANT_ADD(shape, no_out) { SHAPE_NO_OUT, 0x3748 };
FIXTURE_VARIANT_ADD(shape, interrupt) { SHAPE_INTERRUPT, 0x3748 };
FIXTURE_VARIANT_ADD(shape, wrong_class) { SHAPE_WRONG_CLASS, 0x3748 };
FIXTURE_VARIANT_ADD(shape, v1) { SHAPE_NORMAL, 0x3744 };
FIXTURE_VARIANT_ADD(shape, v3_loader) { SHAPE_NORMAL, 0x374d };
FIXTURE_VARIANT_ADD(shape, v3e) { SHAPE_NORMAL, 0x374e };
FIXTURE_VARIANT_ADD(shape, v3) { SHAPE_NORMAL, 0x374f };
FIXTURE_VARIANT_ADD(shape, v3_two_ports) { SHAPE_NORMAL, 0x3753 };
FIXTURE_VARIANT_ADD(shape, v3_no_msd) { SHAPE_NORMAL, 0x3754 };
FIXTURE_VARIANT_ADD(shape, stranger) { SHAPE_NORMAL, 0x3742 };

FIXTURE_SETUP(shape)
{
	self->opt = probe_default;
	self->opt.pid = variant->pid;
	self->opt.shape = variant->shape;
	if (variant->pid != 0x3748)
		self->opt.s = 0;
	PLUG();
}

FIXTURE_TEARDOWN(shape)
{
	EXPECT_CONFORMING(self->p);
	probe_free(self->p);
}

static bool bound_to_stlink(struct probe *p, unsigned int interface)
{
	char busid[32], path[128], link[300];
	ssize_t n;

	if (!usbip_busid(p->usb, busid, sizeof(busid)))
		return false;
	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%s:1.%u/driver",
		 busid, interface);
	n = readlink(path, link, sizeof(link) - 1);
	if (n <= 0)
		return false;
	link[n] = 0;
	return strstr(link, "/stlink");
}

TEST_F(shape, taken_or_left)
{
	unsigned int i;
	int fd;

	if (!variant->taken) {
		EXPECT_NO_NODE();
		EXPECT_EQ(0, self->p->num_log);
		return;
	}
	EXPECT_NODE();
	EXPECT_TRUE(bound_to_stlink(self->p, 0));
	for (i = 1; i < 4; i++)
		EXPECT_FALSE(bound_to_stlink(self->p, i));
	fd = client_open(self->p, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, do_attach(fd, STLINK_ATTACH_NORMAL));
	close(fd);
}

/* A refusal says why, once. */
TEST_F(plug, refusal_is_logged)
{
	unsigned int seen = 0;
	char line[512];
	FILE *f;

	ASSERT_TRUE(client_write_file("/dev/kmsg", "stlink-selftest mark\n"));
	self->opt.pid = 0x374f;
	PLUG();
	EXPECT_NO_NODE();
	f = popen("dmesg | sed '1,/stlink-selftest mark/d'", "re");
	ASSERT_NE(NULL, f);
	while (fgets(line, sizeof(line), f))
		seen += strstr(line, "stlink ") && strstr(line, ":1.0:");
	pclose(f);
	EXPECT_EQ(1, seen);
}

TEST_F(plug, several_at_once)
{
	struct probe *p[4];
	char name[4][32];
	__u32 word;
	int i, k, fd;

	for (i = 0; i < 4; i++) {
		p[i] = probe_new(&self->opt);
		ASSERT_NE(NULL, p[i]);
		memset(p[i]->target.sram, 0x10 + i, 4);
		ASSERT_EQ(0, probe_plug(p[i]));
	}
	for (i = 0; i < 4; i++) {
		EXPECT_TRUE(client_wait_node(p[i], name[i], 32,
					     NODE_TIMEOUT_MS));
		for (k = 0; k < i; k++)
			EXPECT_STRNE(name[k], name[i]);
		fd = client_open(p[i], O_RDWR);
		ASSERT_LE(0, fd);
		EXPECT_EQ(0, do_attach(fd, STLINK_ATTACH_NORMAL));
		EXPECT_EQ(0, mem_rd(fd, SRAM_BASE, &word, 4, 4, NULL));
		EXPECT_EQ(0x01010101 * (0x10 + i), word);
		close(fd);
	}
	for (i = 0; i < 4; i++) {
		EXPECT_CONFORMING(p[i]);
		probe_free(p[i]);
		EXPECT_TRUE(client_wait_gone(name[i], NODE_TIMEOUT_MS));
	}
}

PROBE_TEST_MAIN
