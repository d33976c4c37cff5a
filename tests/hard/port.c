// SPDX-License-Identifier: GPL-2.0-only
/* Plugging in, and making sure that nothing is left. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "files.h"
#include "port.h"

char trying[200] = "the beginning";

void port_fail_at(const char *file, int line)
{
	const char *name = strrchr(file, '/');

	printf("# %s:%d, %s: ", name ? name + 1 : file, line, trying);
}

void port_fail(void)
{
	printf("\n");
	fflush(stdout);
	/* Not exit(): what is open may have to wait for a dead device */
	_exit(1);
}

/** ms_since() - milliseconds since a time of now_ns() */
unsigned int ms_since(uint64_t start_ns)
{
	return (now_ns() - start_ns) / 1000000;
}

/** port_begin() - bus and driver are there */
void port_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	client_preconditions();
}

/* Nothing was said to the device yet: the worker may not have begun */
static bool spoken_to(struct probe *p)
{
	unsigned int n;

	usbip_lock(p->usb);
	n = p->controls;
	usbip_unlock(p->usb);
	return n;
}

/**
 * port_plug() - plug a device in and wait until all is decided
 * @p: device
 * @node: out: such as "stlink0"
 * @len: size of that
 *
 * Return: whether the driver took it.
 */
bool port_plug(struct probe *p, char *node, size_t len)
{
	uint64_t start = now_ns();

	if (client_plug(p))
		fail("can't be plugged in");
	while (!spoken_to(p)) {
		if (ms_since(start) > LONGEST_MS)
			fail("usbcore doesn't look at it");
		usleep(2000);
	}
	client_wait_decided();
	if (ms_since(start) > LONGEST_MS)
		fail("the bus was held for %u ms", ms_since(start));
	return client_node(p, node, len);
}

static void nothing_at(const char *pattern)
{
	glob_t g;

	if (!glob(pattern, 0, NULL, &g))
		fail("%s is left", g.gl_pathv[0]);
	globfree(&g);
}

/** port_clean() - the driver holds nothing */
void port_clean(void)
{
	static const char * const patterns[] = {
		"/sys/class/stlink/*", "/dev/stlink[0-9]*",
		"/sys/bus/usb/drivers/stlink/*:*",
		"/sys/devices/platform/vhci_hcd.0/usb*/*/*/hwmon",
	};
	size_t i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		nothing_at(patterns[i]);
}

/**
 * port_unplug() - pull a device out; nothing of it is left
 * @p: device
 */
void port_unplug(struct probe *p)
{
	uint64_t start = now_ns();

	probe_unplug(p);
	/* What never got a name can't be seen going */
	usleep(50000);
	if (!client_wait_forgotten(LONGEST_MS))
		fail("still there %u ms after unplugging", ms_since(start));
	client_wait_decided();
	port_clean();
}

/** port_honest() - after all that, a good probe works as ever */
void port_honest(void)
{
	struct probe *p = probe_new(&probe_default);
	struct stlink_reg_op r[6] = {};
	uint8_t out[2048], in[2048];
	char node[32], text[64];
	unsigned int i;
	int fd;

	snprintf(trying, sizeof(trying), "an honest probe");
	if (!p || !port_plug(p, node, sizeof(node)))
		fail("not taken");
	fd = client_open(p, O_RDWR);
	if (fd < 0 || do_attach(fd, STLINK_ATTACH_NORMAL) ||
	    do_core(fd, STLINK_CORE_HALT, 0, NULL))
		fail("no session");
	for (i = 0; i < sizeof(out); i++)
		out[i] = i * 7 ^ i >> 8;
	if (mem_wr(fd, SRAM_BASE + 1, out, sizeof(out), 0, 0, NULL) ||
	    mem_rd(fd, SRAM_BASE + 1, in, sizeof(in), 0, NULL) ||
	    memcmp(in, out, sizeof(in)) ||
	    memcmp(p->target.sram + 1, out, sizeof(out)))
		fail("memory is not what was written");
	for (i = 0; i < 6; i++)
		r[i].reg = 10 + i;
	if (do_reg(fd, r, 6, NULL) || r[5].value != p->target.reg[15])
		fail("registers are not those of the chip");
	if (class_read(node, "target_voltage_mv", text, sizeof(text)) ||
	    strcmp(text, "3299"))
		fail("the voltage is \"%s\"", text);
	close(fd);
	if (p->num_violations)
		fail("%s", p->violation);
	port_unplug(p);
	probe_free(p);
}

/* A line of what can be printed, and no more */
static void sound(const char *what, const char *text)
{
	const char *c;

	for (c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			fail("%s has byte %02x", what, (unsigned char)*c);
}

/**
 * port_attributes() - all that can be read in sysfs reads well
 * @p: device
 * @node: its node
 */
void port_attributes(struct probe *p, const char *node)
{
	static const char * const names[] = {
		"serial", "firmware", "features", "mode", "clock_khz",
		"target", "target_poll_ms", "uevent", "dev",
	};
	char text[4096], dir[300], path[400];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (class_read(node, names[i], text, sizeof(text)))
			fail("%s can't be read", names[i]);
		if (strcmp(names[i], "uevent"))
			sound(names[i], text);
	}
	if (class_read(node, "serial", text, sizeof(text)) ||
	    strlen(text) >= STLINK_SERIAL_LEN || strchr(text, ' '))
		fail("serial number \"%s\"", text);
	if (!hwmon_dir(p, dir, sizeof(dir), 0))
		return;
	snprintf(path, sizeof(path), "%s/in0_label", dir);
	if (file_read(path, text, sizeof(text)))
		fail("no label of the sensor");
}
