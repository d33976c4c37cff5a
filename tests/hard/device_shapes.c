// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that pretend to be a probe, with descriptors that are wrong: what of
 * them the driver takes has to work, what it leaves leaves nothing behind.
 *
 *	device_shapes table EVERY	every so many of the table, from a random one
 *	device_shapes bytes EVERY	each byte of the descriptors, eight values
 *	device_shapes random NUMBER	several bytes, random strings
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "dice.h"
#include "port.h"
#include "shapes.h"

static const struct twist shape_twist = { .control = shape_control };
static unsigned int taken, left, wrong;

/* What an exchange may come to (linux/stlink.h) */
static bool clean(int ret, bool must_work)
{
	static const int errors[] = {
		0, ENXIO, EREMOTEIO, ETIMEDOUT, EBADMSG, EPROTO, EIO, EOPNOTSUPP,
	};
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (ret == -errors[i])
			return true;
	/* It may look like another one after a reset */
	return ret == -ENODEV && !must_work;
}

static void use(struct probe *p, const char *node, bool must_work)
{
	struct stlink_info info = { .size = sizeof(info) };
	uint8_t buf[700];
	int fd = client_open(p, O_RDWR), ret;

	port_attributes(p, node);
	if (fd < 0)
		fail("open: %s", strerror(-fd));
	if (call(fd, STLINK_IOC_INFO, &info) || info.version_jtag != p->opt.j)
		fail("it doesn't know what it is");
	ret = do_attach(fd, STLINK_ATTACH_NORMAL);
	if (!clean(ret, must_work) || (ret && must_work))
		fail("attach: %s", strerror(-ret));
	if (!ret) {
		ret = mem_rd(fd, SRAM_BASE, buf, sizeof(buf), 0, NULL);
		if (!clean(ret, must_work) || (ret && must_work))
			fail("reading: %s", strerror(-ret));
		if (!ret && memcmp(buf, p->target.sram, sizeof(buf)))
			fail("what was read isn't what is there");
	}
	close(fd);
}

/*
 * Links below /dev that lead to a node of ours, where udev may put them: below
 * /dev/stlink, or by the number alone, as the rules of stlink-tools do.
 */
static void check_links(const char *dir, bool ours)
{
	char path[512], target[512];
	struct dirent *e;
	ssize_t n;
	DIR *d = opendir(dir);

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.' && (!e->d_name[1] ||
		    (e->d_name[1] == '.' && !e->d_name[2])))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_type == DT_DIR && strcmp(path, "/dev/char")) {
			check_links(path, !strncmp(path, "/dev/stlink/by-", 15));
			continue;
		}
		n = e->d_type == DT_LNK ?
		    readlink(path, target, sizeof(target) - 1) : -1;
		if (n <= 0)
			continue;
		target[n] = 0;
		if (strncmp(strrchr(target, '/') ? strrchr(target, '/') + 1 :
			    target, "stlink", 6))
			continue;
		if ((!ours && strncmp(path, "/dev/stlinkv", 12)) ||
		    e->d_name[strspn(e->d_name, "0123456789"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		    "#+.:=@_-")])
			fail("a link %s to %s", path, target);
	}
	if (d)
		closedir(d);
}

static void try_shape(const struct shape *s)
{
	struct probe *p = probe_new(&probe_default);
	char node[32];
	bool is_taken;

	snprintf(trying, sizeof(trying), "%s", s->name);
	if (!p)
		fail("no memory");
	p->twist = &shape_twist;
	p->twist_ctx = (void *)s;
	if (s->high_speed)
		usbip_high_speed(p->usb);
	is_taken = port_plug(p, node, sizeof(node));
	/* All of them are told, before the end */
	if (is_taken ? s->want == LEFT : s->want == TAKEN) {
		printf("# %s: %staken\n", s->name, is_taken ? "" : "not ");
		wrong++;
	}
	if (is_taken) {
		use(p, node, s->want == TAKEN);
		if (s->string == 3) {
			/* Of all that came before, too */
			if (system("udevadm settle --timeout=600"))
				fail("udev is still busy");
			check_links("/dev", false);
		}
	}
	port_unplug(p);
	/* Where it asks is not always where the device answers */
	if (s->want == TAKEN && p->num_violations)
		fail("the driver sent %s", p->violation);
	probe_free(p);
	taken += is_taken;
	left += !is_taken;
	if ((taken + left) % 64 == 0)
		port_honest();
}

static void try_table(struct dice *d, unsigned int every)
{
	size_t i;

	for (i = below(d, every); i < num_shapes; i += every)
		try_shape(&shapes[i]);
}

static void try_byte(uint8_t type, unsigned int at, uint8_t value)
{
	struct shape s = { .edit = { { type, at, value } } };
	char name[64];

	snprintf(name, sizeof(name), "byte %u of the %s is %02x", at,
		 type == DEV ? "device" : "configuration", value);
	s.name = name;
	try_shape(&s);
}

static void try_bytes(struct dice *d, unsigned int every)
{
	static const uint8_t values[] = { 0, 1, 2, 3, 5, 0x7f, 0x80, 0xff };
	unsigned int n = 8 * (DEV_LEN + CONF_LEN), i, at;

	for (i = below(d, every); i < n; i += every) {
		at = i / 8;
		try_byte(at < DEV_LEN ? DEV : CONF,
			 at < DEV_LEN ? at : at - DEV_LEN, values[i % 8]);
	}
	for (i = below(d, every); i < DEV_LEN + CONF_LEN; i += every) {
		struct shape s = { .name = "ends early",
			.cut = i < DEV_LEN ? DEV : CONF,
			.cut_at = i < DEV_LEN ? i : i - DEV_LEN };

		try_shape(&s);
	}
}

/* One in two is still a probe by its vendor and product */
static void try_random(struct dice *d, unsigned int n)
{
	static char name[64];
	static uint8_t bytes[255];
	unsigned int i, k;

	for (i = 0; i < n; i++) {
		struct shape s = { .name = name };

		snprintf(name, sizeof(name), "random number %u", i);
		for (k = 0; k < 1 + below(d, MAX_EDITS - 1); k++) {
			s.edit[k].type = one_in(d, 3) ? DEV : CONF;
			s.edit[k].at = below(d, s.edit[k].type == DEV ? DEV_LEN :
					     CONF_LEN);
			if (s.edit[k].type == DEV && s.edit[k].at >= 8 &&
			    s.edit[k].at < 12)
				s.edit[k].at = 4 + below(d, 4);
			s.edit[k].value = one_in(d, 2) ? roll(d) :
					  below(d, 10);
		}
		if (one_in(d, 2)) {
			s.string = one_in(d, 3) ? 1 + below(d, 4) : 3;
			s.bytes = bytes;
			s.len = below(d, sizeof(bytes) + 1);
			for (k = 0; k < s.len; k++)
				bytes[k] = roll(d);
			if (!one_in(d, 4)) {
				bytes[0] = s.len;
				bytes[1] = STR;
			}
		}
		s.high_speed = one_in(d, 8);
		try_shape(&s);
	}
}

int main(int argc, char **argv)
{
	unsigned int n = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	const char *what = argc > 1 ? argv[1] : "table";
	uint64_t start = now_ns();
	struct dice d;

	port_begin();
	dice_seed(&d, seed_of_run());
	if (!strcmp(what, "table"))
		try_table(&d, n);
	else if (!strcmp(what, "bytes"))
		try_bytes(&d, n);
	else
		try_random(&d, n);
	port_honest();
	printf("# %s: %u devices, %u taken, %u left, %u s\n", what, taken + left,
	       taken, left, ms_since(start) / 1000);
	return wrong ? 1 : 0;
}
