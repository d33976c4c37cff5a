// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions about the probe that cost the target nothing. What a transfer is made
 * of is seen by the number of exchanges that it took.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ioctl.h"
#include "stm32f0.h"
#include "sysfs.h"
#include "self_priv.h"

#define USB_DEVICES	"/sys/bus/usb/devices"
#define DEVICE_LEN	18u

/* Another program's exchanges are counted too: the fewest of some tries count */
#define TRIES		3

/*
 * Interfaces and endpoints in the order in which the descriptors have them:
 * "0: 81 02 83; 1: ..."
 */
static void outline(const uint8_t *d, size_t len, char *buf, size_t size)
{
	size_t i, used = 0;

	*buf = '\0';
	for (i = DEVICE_LEN; i + 2 < len && d[i] >= 3; i += d[i]) {
		if (used + 16 > size)
			return;
		if (d[i + 1] == 4)
			used += snprintf(buf + used, size - used, "%s%u:",
					 used ? "; " : "", d[i + 2]);
		else if (d[i + 1] == 5)
			used += snprintf(buf + used, size - used, " %02x",
					 d[i + 2]);
	}
}

/* As tests/sim/usb/descriptors.c has them, which takes them from two dumps. */
static const struct {
	uint16_t pid;
	const char *outline;
} outlines[] = {
	{ 0x3748, "0: 81 02 83" },
	{ 0x374b, "0: 01 81 82; 1: 03 83; 2: 84; 3: 05 85" },
	{ 0x3752, "0: 01 81 82; 1: 84; 2: 05 85" },
};

bool stl_self_descriptors(struct stl_self *s, struct stl_self_answer *a)
{
	const struct stl_probe *p = &s->t->probe;
	uint8_t d[512];
	char path[160], is[120];
	ssize_t len = -1;
	size_t i;
	int fd;

	snprintf(path, sizeof(path), "%s/%s/descriptors", USB_DEVICES,
		 p->usb_path);
	fd = *p->usb_path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0) {
		len = read(fd, d, sizeof(d));
		close(fd);
	}
	if (len < (ssize_t)DEVICE_LEN + 9)
		return stl_self_open(a, "they can't be read");
	outline(d, len, is, sizeof(is));
	stl_self_raw(a, "bcdDevice %x.%02x, %zd bytes, %u x 2 mA", d[13], d[12],
		     len - DEVICE_LEN, d[DEVICE_LEN + 8]);
	for (i = 0; i < sizeof(outlines) / sizeof(outlines[0]); i++) {
		if (outlines[i].pid != p->pid)
			continue;
		if (strcmp(outlines[i].outline, is))
			return stl_self_differs(a, "", "%s", is);
		return stl_self_same(a, "%s", is);
	}
	return stl_self_differs(a, "", "USB product %04x, %s", p->pid, is);
}

bool stl_self_serial(struct stl_self *s, struct stl_self_answer *a)
{
	const struct stl_probe *p = &s->t->probe;
	const char *digits = "0123456789ABCDEF";
	char dir[160], text[256] = "";
	size_t len;

	snprintf(dir, sizeof(dir), "%s/%s", USB_DEVICES, p->usb_path);
	stl_sysfs_text(dir, "serial", text, sizeof(text));
	len = strlen(text);
	if (!*p->serial)
		return stl_self_differs(a, "--serial none", "none");
	if (strlen(p->serial) == 24 && strspn(p->serial, digits) == 24) {
		if (len == 24 && strspn(text, digits) == 24)
			return stl_self_same(a, "24 digits");
		return stl_self_differs(a, "--serial raw:HEX24",
					"12 raw bytes");
	}
	return stl_self_differs(a, "--serial TEXT", "%zu characters",
				strlen(p->serial));
}

bool stl_self_voltage(struct stl_self *s, struct stl_self_answer *a)
{
	struct stlink_voltage v = { 0 };
	int ret;

	if (!(s->t->info.features & STLINK_FEAT_VOLTAGE))
		return stl_self_open(a, "this firmware can't measure");
	ret = stl_ioc_voltage(s->t->fd, &v);
	if (ret == -ENODEV || ret == -EBUSY)
		return stl_self_failed(s, a, ret, 0, "asking for the voltage");
	if (ret)
		return stl_self_differs(a, "--voltage none", "no answer: %s",
					strerror(-ret));
	stl_self_raw(a, "a0 %u, a1 %u", v.adc_ref, v.adc_target);
	if (!v.adc_ref || !v.adc_target) {
		char model[48];

		snprintf(model, sizeof(model), "--voltage a0=%u,a1=%u",
			 v.adc_ref & 0xfff, v.adc_target & 0xfff);
		return stl_self_differs(a, model, "a reading of %s is 0",
					v.adc_ref ? "the target" :
						    "the reference");
	}
	return stl_self_same(a, "%u mV", v.millivolts);
}

bool stl_self_no_such_ap(struct stl_self *s, struct stl_self_answer *a)
{
	struct stlink_dap_op op = { .op = STLINK_OP_READ, .port = 1 };
	struct stlink_dap_xfer xfer = {
		.num_ops = 1,
		.ops = (uintptr_t)&op,
	};
	int ret;

	if (!(s->t->info.features & STLINK_FEAT_AP_INIT))
		return stl_self_open(a, "this firmware opens no access port");
	ret = stl_ioc_dap(s->t->fd, &xfer);
	if (ret && !op.status)
		return stl_self_failed(s, a, ret, 0, "reading of AP 1");
	stl_self_raw(a, "f2 4b 01: status %02x", op.status);
	if (op.status == 0x1d)
		return stl_self_same(a, "status 1d");
	return stl_self_differs(a, "", "status %02x", op.status);
}

int stl_self_count(struct stl_self *s, const struct stlink_mem_op *ops,
		   size_t num, uint64_t *took)
{
	struct stlink_mem_op copy[STLINK_MAX_OPS];
	uint64_t before, after;
	int i, ret;

	*took = UINT64_MAX;
	for (i = 0; i < TRIES; i++) {
		memcpy(copy, ops, num * sizeof(*ops));
		ret = stl_self_exchanges(s, &before);
		if (!ret)
			ret = stl_mem_ops(s->t->fd, copy, num, NULL);
		if (!ret)
			ret = stl_self_exchanges(s, &after);
		if (ret)
			return ret;
		if (after - before < *took)
			*took = after - before;
	}
	return 0;
}

/*
 * 64 words fill an exchange; one that has to name the access port first has no room
 * for the last of them.
 */
bool stl_self_rw_misc(struct stl_self *s, struct stl_self_answer *a)
{
	const struct stl_part *part = s->t->chip.part;
	struct stlink_mem_op ops[64];
	uint32_t words[64];
	uint64_t took;
	size_t i;
	int ret;

	if (!(s->t->info.features & STLINK_FEAT_RW_MISC))
		return stl_self_open(a, "this firmware is too old for it (J32)");
	for (i = 0; i < 64; i++)
		ops[i] = stl_word_op(STLINK_OP_READ, part->sysmem_base + 12 * i,
				     &words[i]);
	/* the first time of a session is not like the others */
	ret = stl_mem_ops(s->t->fd, ops, 64, NULL);
	if (!ret)
		ret = stl_self_count(s, ops, 64, &took);
	if (ret)
		return stl_self_trouble(a, ret, "reading scattered words");
	stl_self_raw(a, "64 words: %llu exchanges", (unsigned long long)took);
	if (took >= 64)
		return stl_self_differs(a, "--rw-misc none",
					"they don't travel together");
	if (took > 2)
		return stl_self_differs(a, "--rw-misc need-ap",
					"the access port is named each time");
	return stl_self_same(a, "64 in one pair of exchanges");
}

/*
 * The driver finds it out by itself, from flash that differs; system memory always
 * does. Then a block isn't cut there any more.
 */
bool stl_self_tar(struct stl_self *s, struct stl_self_answer *a)
{
	const uint32_t len = 3 * 1024;
	const struct stl_part *part = s->t->chip.part;
	uint8_t buf[3 * 1024];
	struct stlink_mem_op op = {
		.op = STLINK_OP_READ,
		.width = 4,
		.addr = part->sysmem_base,
		.length = len,
		.buf = (uintptr_t)buf,
	};
	uint64_t took;
	int i, ret = 0;

	if (!(s->t->info.features & STLINK_FEAT_DAP))
		return stl_self_open(a, "firmware before J24 writes TAR for each word");
	if (s->t->clock_khz < 240)
		return stl_self_open(a, "not at a clock this low");
	for (i = 0; i < TRIES && !ret; i++)
		ret = stl_mem_read(s->t->fd, op.addr, buf, len, 4, NULL);
	if (!ret && !memcmp(buf, buf + 1024, 4))
		return stl_self_open(a, "the words to tell it by are the same here");
	if (!ret)
		ret = stl_self_count(s, &op, 1, &took);
	if (ret)
		return stl_self_trouble(a, ret, "reading system memory");
	stl_self_raw(a, "3 KiB: %llu exchanges", (unsigned long long)took);
	if (took > 2)
		return stl_self_differs(a, "--tar wraps",
					"a block begins again behind 1 KiB");
	return stl_self_same(a, "a block goes across 1 KiB");
}

bool stl_self_fault_address(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t end = STL_SRAM_BASE + s->t->chip.sram_size;
	struct stlink_mem_op op;
	uint32_t words[16];
	int ret;

	if (!(s->t->info.features & STLINK_FEAT_FAULT_ADDR))
		return stl_self_open(a, "this firmware doesn't tell it (J15)");
	/* with parity on, SRAM that was never written must not be read */
	if (!(s->t->chip.obr & 1u << 14))
		return stl_self_open(a, "SRAM has its parity checked");
	ret = stl_self_once(s, &op, STLINK_OP_READ, end - 32, words,
			    sizeof(words), 4);
	if (!ret)
		return stl_self_open(a, "nothing refuses a read behind SRAM");
	if (!stl_self_refused(ret))
		return stl_self_trouble(a, ret, "reading across the end of SRAM");
	stl_self_raw(a, "64 bytes from %08x: status %02x", end - 32, op.status);
	if (!(op.result & STLINK_MEM_FAULT_ADDR))
		return stl_self_differs(a, "", "an address outside of the block, or none");
	stl_self_raw(a, ", address %08x", op.fault_addr);
	if (op.fault_addr != end || op.status != STL_STATUS_AP_FAULT)
		return stl_self_differs(a, "", "status %02x at %+d bytes from it",
					op.status, (int)(op.fault_addr - end));
	return stl_self_same(a, "status 11 at the first address that fails");
}
