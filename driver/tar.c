// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long a block of target memory may be: across which addresses the probe
 * can go with one command.
 *
 * A MEM-AP guarantees that TAR increments only inside of 1 KiB (ADIv5 7.2.3);
 * behind that a Cortex-M0 begins again at the first word. Somebody has to write
 * TAR there. ST told OpenOCD's authors that newer firmware does, and pyOCD and
 * probe-rs rely on it; OpenOCD and stlink-org split their blocks. So it is tried:
 * two words of flash, which doesn't change by itself, on both sides of a boundary
 * are read again at once when the second is known to differ from the one that a
 * wrapping TAR would give. What is found holds for this firmware and this kind of
 * target, since it may be the target's AP that counts further.
 *
 * Writes follow the reads. Nobody has seen the firmware, but in it as in every
 * public host an address is written before the direction matters.
 */
#include <linux/string.h>

#include "stlink.h"

/* Behind this there is RAM, which may change while it is looked at */
#define STLINK_CODE_END		0x20000000

/* Something that changes again and again says nothing: stay with 1 KiB */
#define STLINK_TAR_TRIALS	3

/* 6 KiB take 0.3 s then; nobody should wait much longer for a block to end */
#define STLINK_LONG_KHZ		240

/**
 * stlink_max_block() - most bytes of one command
 * @st: the probe
 *
 * For accesses of 32 bits, and where the address doesn't matter.
 */
u32 stlink_max_block(const struct stlink *st)
{
	return st->clock_khz < STLINK_LONG_KHZ ? STLINK_TAR_BLOCK :
						 STLINK_MAX_BLOCK;
}

/**
 * stlink_max_block_at() - most bytes of one command from an address on
 * @st: the probe
 * @addr: the address
 * @width: bytes of each access: 2 or 4
 */
u32 stlink_max_block_at(const struct stlink *st, u32 addr, u8 width)
{
	if (width == 4 && st->tar == STLINK_TAR_MINDED)
		return stlink_max_block(st);
	return STLINK_TAR_BLOCK - addr % STLINK_TAR_BLOCK;
}

/**
 * stlink_tar_worth_a_trial() - can it be found out here?
 * @st: the probe
 * @addr: address of @data, a multiple of STLINK_TAR_BLOCK
 * @data: two blocks of that length, as they were read one by one; the first word
 *	of the first is what a wrapping TAR gives in place of that of the second
 */
bool stlink_tar_worth_a_trial(const struct stlink *st, u32 addr,
			      const void *data)
{
	/* Before J24 each word had its address written: nothing to be gained */
	return st->tar == STLINK_TAR_UNKNOWN &&
	       stlink_has(st, STLINK_FEAT_DAP) &&
	       st->clock_khz >= STLINK_LONG_KHZ &&
	       addr <= STLINK_CODE_END - 2 * STLINK_TAR_BLOCK &&
	       memcmp(data, data + STLINK_TAR_BLOCK, sizeof(u32));
}

/**
 * stlink_tar_judge() - what a trial has shown
 * @st: the probe
 * @got: STLINK_TAR_TRIAL bytes across the boundary, or NULL where that failed
 * @data: both blocks as they were read one by one
 */
void stlink_tar_judge(struct stlink *st, const void *got, const void *data)
{
	const void *across = data + STLINK_TAR_BLOCK - STLINK_TAR_TRIAL / 2;

	if (got && !memcmp(got, across, STLINK_TAR_TRIAL))
		st->tar = STLINK_TAR_MINDED;
	else if (++st->tar_trials == STLINK_TAR_TRIALS ||
		 (got && !memcmp(got + STLINK_TAR_TRIAL / 2, data,
				 STLINK_TAR_TRIAL / 2)))
		st->tar = STLINK_TAR_WRAPS;
	dev_dbg(&st->dev, "1 KiB boundary: %s\n",
		st->tar == STLINK_TAR_MINDED ? "minded" :
		st->tar == STLINK_TAR_WRAPS ? "not minded" : "not known yet");
}

/**
 * stlink_tar_target() - a target has been identified
 * @st: the probe
 * @dpidr: of what kind it is
 */
void stlink_tar_target(struct stlink *st, u32 dpidr)
{
	if (st->tar_dpidr == dpidr)
		return;
	st->tar_dpidr = dpidr;
	st->tar = STLINK_TAR_UNKNOWN;
	st->tar_trials = 0;
}
