/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What flash holds now, for a plan: by reading it, or by the CRC of its pages.
 */
#ifndef STL_SCAN_H
#define STL_SCAN_H

#include "loader.h"
#include "plan.h"
#include "target.h"

/**
 * stl_scan_read() - read what the plan has to know
 * @t: identified target, running or not
 * @plan: begun
 * @err: as stl_read(), or stopped
 *
 * Pages that the image doesn't touch are looked at only where a mass erase
 * could be right.
 */
int stl_scan_read(struct stl_target *t, struct stl_plan *plan,
		  struct stl_error *err);

/**
 * stl_scan_crc() - sum pages up on the target, read what that doesn't tell
 * @t: target
 * @l: begun; stl_loader_crc_works()
 * @plan: begun
 * @err: as stl_loader_crc() and stl_read()
 *
 * A page with the CRC of what the image wants there is taken to be the same.
 */
int stl_scan_crc(struct stl_target *t, struct stl_loader *l,
		 struct stl_plan *plan, struct stl_error *err);

/** stl_fail_kept() - two looks at a page that is to be kept don't agree */
int stl_fail_kept(struct stl_error *err, uint32_t page);

/**
 * stl_page_crc() - CRC-32 of a page as it shall be
 * @plan: with @want valid there
 * @page: number
 */
uint32_t stl_page_crc(const struct stl_plan *plan, uint32_t page);

#endif
