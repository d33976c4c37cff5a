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

/* What there is to be known of a chip of the family, in order of importance */
enum piece { SIZE, OBR, UID, PIDR4, PIDR0, PIECES };
static const struct {
	uint32_t addr;
	unsigned int words;
} pieces[PIECES] = {
	[SIZE] = { SIGNATURE_SIZE, 1 },
	[OBR] = { FLASH_OBR, 2 },
	[UID] = { SIGNATURE_UID, 3 },
	[PIDR4] = { ROM_TABLE_PIDR4, 1 },
	[PIDR0] = { ROM_TABLE_PIDR0, 4 },
};
#define MAX_WORDS	4	/* of a piece */

/**
 * struct facts - the answers
 * @words: of each piece
 * @ret: 0, or negative errno: it isn't known
 * @status: of the probe, with that
 */
struct facts {
	uint32_t words[PIECES][MAX_WORDS];
	int ret[PIECES];
	uint32_t status[PIECES];
};

/*
 * All in one call. Where the firmware takes scattered words together, single ones
 * are what it takes. A batch ends at what can't be read; go on behind that piece.
 */
static void read_facts(struct stl_target *t, struct facts *f)
{
	bool single = t->info.features & STLINK_FEAT_RW_MISC;
	struct stlink_mem_op ops[PIECES * MAX_WORDS];
	enum piece of[PIECES * MAX_WORDS], p;
	size_t num = 0, at, done;
	unsigned int i, step;
	int ret;

	memset(f, 0, sizeof(*f));
	for (p = 0; p < PIECES; p++) {
		step = single ? 1 : pieces[p].words;
		for (i = 0; i < pieces[p].words; i += step) {
			of[num] = p;
			ops[num++] = (struct stlink_mem_op){
				.op = STLINK_OP_READ,
				.width = 4,
				.addr = pieces[p].addr + 4 * i,
				.length = 4 * step,
				.buf = (uintptr_t)&f->words[p][i],
			};
		}
	}
	for (at = 0; at < num;) {
		ret = stl_mem_ops(t->fd, ops + at, num - at, &done);
		if (!ret)
			break;
		at += done;
		p = of[at];
		f->ret[p] = ret;
		f->status[p] = stl_failed_status();
		while (at < num && of[at] == p)
			at++;
	}
}

/* The ROM table names the maker; clones copy DEV_ID but seldom this. */
static void check_maker(struct stl_target *t, const struct facts *f)
{
	const uint32_t *pidr = f->words[PIDR0];
	unsigned int maker;

	if (f->ret[PIDR4] || f->ret[PIDR0])
		return;
	if (!(pidr[0] | pidr[1] | pidr[2]))
		return;		/* nothing there to compare */
	maker = (f->words[PIDR4][0] & 0xf) << 7 | (pidr[2] & 7) << 4 | (pidr[1] >> 4 & 0xf);
	if (maker == JEP106_ST)
		return;
	t->chip.flags |= STL_CHIP_NOT_ST;
	stl_note(t, STL_NOTE_WARNING,
		 "ROM table names maker %03x, not ST: a clone; everything is verified by reading back",
		 maker);
}

/* Level 1 that nobody may have asked for */
static void check_rdp(struct stl_target *t)
{
	uint16_t rdp;

	if (t->chip.rdp_level == 1 &&
	    !stl_mem_read(t->fd, STL_OPTION_BASE, &rdp, sizeof(rdp), 2, NULL) &&
	    ((rdp ^ rdp >> 8) & 0xff) != 0xff)
		t->chip.flags |= STL_CHIP_RDP_LOST;
}

static void take_uid(struct stl_chip *chip, const struct facts *f)
{
	const uint32_t *uid = f->words[UID];

	if (!f->ret[UID])
		memcpy(chip->uid, uid, sizeof(chip->uid));
	if (f->ret[UID] || (uid[0] == uid[1] && uid[1] == uid[2]))
		chip->flags |= STL_CHIP_NO_UID;
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
	/* nothing of the family answers with that little: it is the measuring */
	if (t->voltage_mv && t->voltage_mv < STL_NO_SUPPLY_MV)
		stl_note(t, STL_NOTE_INFO,
			 "the probe measures a supply of %u mV, but the chip answers: VTref isn't wired to the board's supply, or this probe (a clone) can't measure; that harms nothing",
			 t->voltage_mv);
	else if (t->voltage_mv && t->voltage_mv < STL_MIN_SUPPLY_MV)
		stl_note(t, STL_NOTE_WARNING,
			 "the target's supply is measured as %u mV; it needs %u mV at least",
			 t->voltage_mv, STL_MIN_SUPPLY_MV);
}

int stl_target_identify(struct stl_target *t, struct stl_error *err)
{
	struct stl_chip *chip = &t->chip;
	uint32_t idcode = 0;
	struct facts f;
	int ret;

	memset(chip, 0, sizeof(*chip));
	ret = stl_mem_read32(t->fd, DBGMCU_IDCODE, &idcode);
	if (ret == -EREMOTEIO)
		return fail_unknown(t, 0, err);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "reading DBGMCU_IDCODE");
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
	read_facts(t, &f);
	if (f.ret[SIZE] && f.ret[SIZE] != -EREMOTEIO)
		return stl_fail_errno(err, f.ret[SIZE], f.status[SIZE],
				      "reading the flash size register");
	stl_chip_set_size(chip, f.ret[SIZE] ? 0 : f.words[SIZE][0]);
	if (f.ret[OBR])
		return stl_fail_errno(err, f.ret[OBR], f.status[OBR],
				      "reading FLASH_OBR");
	chip->obr = f.words[OBR][0];
	chip->wrpr = f.words[OBR][1];
	chip->rdp_level = stl_rdp_level(chip->obr);
	take_uid(chip, &f);
	check_rdp(t);
	warn(t);
	check_maker(t, &f);
	/* Caught at its reset vector, and a watchdog may be running. */
	if (t->purpose == STL_CHANGE && t->result & STLINK_ATTACHED_HALTED)
		return stl_freeze_watchdogs(t, err);
	return STL_OK;
}
