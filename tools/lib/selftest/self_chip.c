// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions about the chip that cost it nothing: it is read while it goes on.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdio.h>

#include "ioctl.h"
#include "stm32f0.h"
#include "self_priv.h"

#define M0_DPIDR	0x0bb11477u
#define M0_CPUID	0x410cc200u

/* ADIv5: registers of the debug port and of a MEM-AP */
#define DP_CTRL_STAT	0x04
#define DP_POWERED	0xf0000000u
#define AP_CFG		0xf4
#define AP_BASE		0xf8
#define AP_IDR		0xfc

#define DWT_CTRL	0xe0001000u
#define BP_CTRL		0xe0002000u
#define OPTION_USER	0x1ffff802u
#define OBR_UNNAMED	0x00008800u	/* bits 11 and 15 */

bool stl_self_identity(struct stl_self *s, struct stl_self_answer *a)
{
	const struct stl_target *t = s->t;

	stl_self_raw(a, "DPIDR %08x, CPUID %08x, IDCODE %08x", t->dpidr,
		     t->cpuid, t->chip.idcode);
	if (!t->cpuid)
		return stl_self_open(a, "the core sleeps, with its bus off");
	if (t->dpidr != M0_DPIDR || t->cpuid != M0_CPUID)
		return stl_self_differs(a, "--chip clone",
					"another core: CPUID %08x", t->cpuid);
	return stl_self_same(a, "Cortex-M0 r0p0");
}

bool stl_self_ap_registers(struct stl_self *s, struct stl_self_answer *a)
{
	struct stlink_dap_op ops[] = {
		{ .port = STLINK_DAP_DP, .reg = DP_CTRL_STAT },
		{ .port = 0, .reg = AP_IDR },
		{ .port = 0, .reg = AP_BASE },
		{ .port = 0, .reg = AP_CFG },
	};
	struct stlink_dap_xfer xfer = {
		.num_ops = 4,
		.ops = (uintptr_t)ops,
	};
	int ret;

	if (!(s->t->info.features & STLINK_FEAT_DAP))
		return stl_self_open(a, "this firmware can't read them (J24)");
	ret = stl_ioc_dap(s->t->fd, &xfer);
	if (ret)
		return stl_self_failed(s, a, ret, ops[xfer.num_done % 4].status,
				       "reading the debug port");
	stl_self_raw(a, "CTRL/STAT %08x, IDR %08x, BASE %08x, CFG %08x",
		     ops[0].value, ops[1].value, ops[2].value, ops[3].value);
	if ((ops[0].value & DP_POWERED) != DP_POWERED)
		return stl_self_differs(a, "", "debug power is not on: CTRL/STAT %08x",
					ops[0].value);
	if (ops[1].value != 0x04770021 || ops[2].value != 0xe00ff003 ||
	    ops[3].value)
		return stl_self_differs(a, "", "IDR %08x, BASE %08x, CFG %08x",
					ops[1].value, ops[2].value,
					ops[3].value);
	return stl_self_same(a, "IDR 04770021, BASE e00ff003, CFG 0");
}

bool stl_self_rom_table(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t pidr[8];
	int ret = stl_mem_read(s->t->fd, 0xe00fffd0, pidr, sizeof(pidr), 4,
			       NULL);
	unsigned int maker, part;

	if (stl_self_refused(ret))
		return stl_self_differs(a, "", "there is none");
	if (ret)
		return stl_self_trouble(a, ret, "reading the ROM table");
	/* CoreSight: PIDR4 comes first, PIDR0 to 3 follow those that are 0 */
	maker = (pidr[0] & 0xf) << 7 | (pidr[6] & 7) << 4 |
		(pidr[5] >> 4 & 0xf);
	part = (pidr[5] & 0xf) << 8 | (pidr[4] & 0xff);
	stl_self_raw(a, "PIDR4 %02x, PIDR0-2 %02x %02x %02x", pidr[0], pidr[4],
		     pidr[5], pidr[6]);
	if (maker != 0x20)
		return stl_self_differs(a, "", "maker %03x, part %03x", maker,
					part);
	return stl_self_same(a, "maker 020 (ST), part %03x", part);
}

bool stl_self_units(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t dwt, bp;
	int ret = stl_mem_read32(s->t->fd, DWT_CTRL, &dwt);

	if (!ret)
		ret = stl_mem_read32(s->t->fd, BP_CTRL, &bp);
	if (ret)
		return stl_self_trouble(a, ret, "reading the debug units");
	stl_self_raw(a, "DWT_CTRL %08x, BP_CTRL %08x", dwt, bp);
	if (dwt >> 28 != 2 || (bp >> 4 & 0xf) != 4)
		return stl_self_differs(a, "", "%u watchpoints, %u breakpoints",
					dwt >> 28, bp >> 4 & 0xf);
	return stl_self_same(a, "2 watchpoints, 4 breakpoints");
}

/* One word: its value, or how it was refused */
static int peek(struct stl_self *s, uint32_t addr, uint32_t *value,
		struct stl_self_answer *a)
{
	struct stlink_mem_op op;
	int ret = stl_self_once(s, &op, STLINK_OP_READ, addr, value, 4, 4);

	if (ret)
		stl_self_raw(a, "%08x: status %02x", addr, op.status);
	else
		stl_self_raw(a, "%08x: %08x", addr, *value);
	return ret;
}

bool stl_self_hole(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t value;
	int ret = peek(s, STL_SELF_HOLE, &value, a);

	if (stl_self_refused(ret))
		return stl_self_same(a, "refused");
	if (ret)
		return stl_self_trouble(a, ret, "reading where nothing is");
	return stl_self_differs(a, "--chip clone", "it reads %08x", value);
}

bool stl_self_upper_half(struct stl_self *s, struct stl_self_answer *a)
{
	const struct stl_chip *c = &s->t->chip;
	uint32_t value;
	int ret;

	if (c->dev_id != 0x444 || c->flash_size != 16 * 1024)
		return stl_self_open(a, "for the STM32F030x4 only");
	if (c->rdp_level)
		return stl_self_open(a, "flash is read-protected");
	ret = peek(s, STL_FLASH_BASE + 16 * 1024, &value, a);
	if (stl_self_refused(ret))
		return stl_self_same(a, "refused");
	if (ret)
		return stl_self_trouble(a, ret, "reading behind flash");
	if (value == 0xffffffff)
		return stl_self_differs(a, "--chip x4-upper-half=1",
					"it reads FF; it may be flash too (--chip x4-upper-half=2)");
	/* what a clone has in every hole */
	if (!value)
		return stl_self_differs(a, "--chip clone", "it reads 0");
	return stl_self_differs(a, "--chip x4-upper-half=2",
				"it holds something");
}

bool stl_self_above_options(struct stl_self *s, struct stl_self_answer *a)
{
	bool large = s->t->chip.dev_id == 0x442;
	uint32_t value;
	int ret = peek(s, 0x1ffffc00, &value, a);

	if (ret && !stl_self_refused(ret))
		return stl_self_trouble(a, ret, "reading above the option bytes");
	if (!ret && !value)
		return stl_self_differs(a, "--chip clone", "it reads 0");
	if (large == !ret)
		return stl_self_same(a, "%s", ret ? "refused" : "it reads FF");
	return stl_self_differs(a, "", "%s", ret ? "refused" : "it can be read");
}

bool stl_self_obr(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t obr = s->t->chip.obr;
	uint8_t user;
	int ret = stl_mem_read(s->t->fd, OPTION_USER, &user, 1, 1, NULL);

	if (ret)
		return stl_self_trouble(a, ret, "reading the option bytes");
	stl_self_raw(a, "OBR %08x, stored USER %02x", obr, user);
	if ((user & 0x88) != 0x88)
		return stl_self_open(a, "those bits are 0 in the option bytes");
	if ((obr & OBR_UNNAMED) == OBR_UNNAMED)
		return stl_self_same(a, "they read 1");
	return stl_self_differs(a, obr & OBR_UNNAMED ? "" :
				"--chip obr-reserved-zero",
				"they read %u and %u", obr >> 11 & 1,
				obr >> 15 & 1);
}

bool stl_self_size_register(struct stl_self *s, struct stl_self_answer *a)
{
	uint32_t size;
	int ret = stl_mem_read32(s->t->fd, SIGNATURE_SIZE, &size);

	if (ret)
		return stl_self_trouble(a, ret, "reading the size register");
	stl_self_raw(a, "%08x", size);
	if (size >> 16 == 0xffff)
		return stl_self_same(a, "FFFF");
	return stl_self_differs(a, "", "%04x", size >> 16);
}

/* The number itself is nobody's business. */
bool stl_self_uid(struct stl_self *s, struct stl_self_answer *a)
{
	if (s->t->chip.flags & STL_CHIP_NO_UID)
		return stl_self_differs(a, "", "there is none");
	return stl_self_same(a, "there is one");
}
