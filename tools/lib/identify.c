// SPDX-License-Identifier: GPL-2.0-only
/*
 * What chip is it? Reads only, none of it in flash, so that it works at read
 * protection level 1 as well.
 */
#include <errno.h>
#include <string.h>

#include "option.h"
#include "priv.h"
#include "stm32f0.h"
#include "xfer.h"

#define CPUID_PART(id)	((id) >> 4 & 0xfff)
#define PART_M0		0xc20
#define PART_M3		0xc23
#define PART_M4		0xc24
#define DPIDR_M0	0x0bb11477u

/* ID registers of others, for the message (OpenOCD, Black Magic Probe). */
#define F1_IDCODE	0xe0042000u
#define MM32_IDCODE	0x40013400u

#define ROM_TABLE_PIDR4	0xe00fffd0u
#define ROM_TABLE_PIDR0	0xe00fffe0u
#define JEP106_ST	0x020

static const char *core_name(uint32_t cpuid)
{
	switch (CPUID_PART(cpuid)) {
	case 0xc20:
		return "Cortex-M0";
	case 0xc60:
		return "Cortex-M0+";
	case 0xc23:
		return "Cortex-M3";
	case 0xc24:
		return "Cortex-M4";
	case 0xd20:
		return "Cortex-M23";
	default:
		return "unknown core";
	}
}

static int fail_unknown(struct stl_target *t, uint32_t idcode,
			struct stl_error *err)
{
	uint32_t other = 0;

	stl_fail(err, STL_NO_TARGET,
		 "this is not an STM32F030 or one of its relatives: DBGMCU_IDCODE 0x%08x, DPIDR 0x%08x, CPUID 0x%08x (%s)",
		 idcode, t->dpidr, t->cpuid, core_name(t->cpuid));
	if (CPUID_PART(t->cpuid) != PART_M0) {
		if (!stl_mem_read32(t->fd, F1_IDCODE, &other) && other)
			stl_hint(err,
				 "ID 0x%08x at 0x%08x: an STM32F1/F3/F4 or a GD32",
				 other, F1_IDCODE);
		else if ((idcode & 0xfff) == 0x410)
			stl_hint(err, "DEV_ID 410 here: a GD32E23x");
	} else if (!idcode || idcode == 0xffffffff) {
		if (!stl_mem_read32(t->fd, MM32_IDCODE, &other) && other)
			stl_hint(err, "ID 0x%08x at 0x%08x: an MM32", other,
				 MM32_IDCODE);
	} else {
		stl_hint(err, "DEV_ID %03x is not known", idcode & 0xfff);
	}
	return STL_NO_TARGET;
}

/* The ROM table names the maker; clones copy DEV_ID but seldom this. */
static void check_maker(struct stl_target *t)
{
	uint32_t p4, pidr[4];
	unsigned int maker;

	if (stl_mem_read32(t->fd, ROM_TABLE_PIDR4, &p4) ||
	    stl_mem_read(t->fd, ROM_TABLE_PIDR0, pidr, sizeof(pidr), 4, NULL))
		return;
	if (!(pidr[0] | pidr[1] | pidr[2]))
		return;		/* nothing there to compare */
	maker = (p4 & 0xf) << 7 | (pidr[2] & 7) << 4 | (pidr[1] >> 4 & 0xf);
	if (maker == JEP106_ST)
		return;
	t->chip.flags |= STL_CHIP_NOT_ST;
	stl_note(t, STL_NOTE_WARNING,
		 "ROM table names maker %03x, not ST: a clone; everything is verified by reading back",
		 maker);
}

static void read_uid(struct stl_target *t)
{
	uint32_t *uid = t->chip.uid;

	if (stl_mem_read(t->fd, SIGNATURE_UID, uid, sizeof(t->chip.uid), 4,
			 NULL)) {
		memset(uid, 0, sizeof(t->chip.uid));
		t->chip.flags |= STL_CHIP_NO_UID;
	} else if (uid[0] == uid[1] && uid[1] == uid[2]) {
		t->chip.flags |= STL_CHIP_NO_UID;
	}
}

static void warn(struct stl_target *t)
{
	struct stl_chip *chip = &t->chip;

	if (CPUID_PART(t->cpuid) != PART_M0 || t->dpidr != DPIDR_M0) {
		chip->flags |= STL_CHIP_NOT_M0;
		stl_note(t, STL_NOTE_WARNING,
			 "DEV_ID says %s, but this is a %s with DPIDR 0x%08x: a clone",
			 chip->name, core_name(t->cpuid), t->dpidr);
	}
	if (chip->flags & STL_CHIP_SIZE_GUESSED)
		stl_note(t, STL_NOTE_WARNING,
			 "the flash size register makes no sense; taking the smallest part with this DEV_ID (%u KiB)",
			 chip->flash_size / 1024);
	if (t->voltage_mv && t->voltage_mv < STL_MIN_SUPPLY_MV)
		stl_note(t, STL_NOTE_WARNING,
			 "the target's supply is measured as %u mV; it needs %u mV at least",
			 t->voltage_mv, STL_MIN_SUPPLY_MV);
}

int stl_target_identify(struct stl_target *t, struct stl_error *err)
{
	struct stl_chip *chip = &t->chip;
	uint32_t idcode = 0, size = 0, regs[2];
	int ret;

	memset(chip, 0, sizeof(*chip));
	ret = stl_mem_read32(t->fd, DBGMCU_IDCODE, &idcode);
	if (ret == -EREMOTEIO)
		return fail_unknown(t, 0, err);
	if (ret)
		return stl_fail_errno(err, ret, 0, "reading DBGMCU_IDCODE");
	chip->part = stl_part_find(idcode & 0xfff);
	/* M3 and M4 have other things at this address. */
	if (!chip->part || CPUID_PART(t->cpuid) == PART_M3 ||
	    CPUID_PART(t->cpuid) == PART_M4)
		return fail_unknown(t, idcode, err);
	chip->idcode = idcode;
	chip->dev_id = idcode & 0xfff;
	chip->rev_id = idcode >> 16;
	chip->dpidr = t->dpidr;
	chip->cpuid = t->cpuid;
	ret = stl_mem_read32(t->fd, SIGNATURE_SIZE, &size);
	if (ret && ret != -EREMOTEIO)
		return stl_fail_errno(err, ret, 0,
				      "reading the flash size register");
	stl_chip_set_size(chip, ret ? 0 : size);
	ret = stl_mem_read(t->fd, FLASH_OBR, regs, sizeof(regs), 4, NULL);
	if (ret)
		return stl_fail_errno(err, ret, 0, "reading FLASH_OBR");
	chip->obr = regs[0];
	chip->wrpr = regs[1];
	chip->rdp_level = stl_rdp_level(chip->obr);
	read_uid(t);
	warn(t);
	check_maker(t);
	/* Caught at its reset vector, and a watchdog may be running. */
	if (t->purpose == STL_CHANGE && t->result & STLINK_ATTACHED_HALTED)
		return stl_freeze_watchdogs(t, err);
	return STL_OK;
}
