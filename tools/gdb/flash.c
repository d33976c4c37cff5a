// SPDX-License-Identifier: GPL-2.0-only
/*
 * "load": vFlashErase, vFlashWrite, vFlashDone. What the client wants is
 * collected; the planner then finds out what differs from what is there.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Room for the image, or why not. The range must lie in flash. */
static bool prepare(struct gdb *g, uint32_t addr, uint32_t len)
{
	const struct stl_chip *chip = &g->t->chip;
	struct stl_error err = { 0 };

	if (addr < STL_FLASH_BASE || addr - STL_FLASH_BASE > chip->flash_size ||
	    len > chip->flash_size - (addr - STL_FLASH_BASE)) {
		stl_fail(&err, STL_NO_FIT,
			 "0x%08x and %u bytes is outside of flash, which ends at 0x%08x",
			 addr, len, STL_FLASH_BASE + chip->flash_size - 1);
		gdb_fail(g, &err, false);
		return false;
	}
	if (!g->image) {
		g->image = calloc(1, chip->flash_size);
		g->touched = calloc(1, chip->flash_size);
	}
	if (!g->image || !g->touched) {
		gdb_flash_forget(g);
		stl_fail(&err, STL_FILE, "out of memory");
		gdb_fail(g, &err, false);
		return false;
	}
	return true;
}

/** gdb_flash_forget() - what was collected is of no use */
void gdb_flash_forget(struct gdb *g)
{
	free(g->image);
	free(g->touched);
	g->image = NULL;
	g->touched = NULL;
}

/** gdb_flash_erase() - ADDR,LENGTH: whole pages, by the memory map */
void gdb_flash_erase(struct gdb *g, struct gdb_args *a)
{
	uint32_t addr, len;

	if (!gdb_arg_range(a, &addr, &len)) {
		gdb_bad(g, "vFlashErase");
		return;
	}
	if (!prepare(g, addr, len))
		return;
	memset(g->image + (addr - STL_FLASH_BASE), 0xff, len);
	memset(g->touched + (addr - STL_FLASH_BASE), 1, len);
	gdb_ok(g);
}

/** gdb_flash_write() - ADDR:BYTES */
void gdb_flash_write(struct gdb *g, struct gdb_args *a)
{
	uint32_t addr, len;

	if (!gdb_arg_hex(a, &addr) || !gdb_arg_word(a, ":")) {
		gdb_bad(g, "vFlashWrite");
		return;
	}
	len = gdb_arg_left(a);
	if (!prepare(g, addr, len))
		return;
	memcpy(g->image + (addr - STL_FLASH_BASE), a->p, len);
	memset(g->touched + (addr - STL_FLASH_BASE), 1, len);
	gdb_ok(g);
}

static size_t collect(const struct gdb *g, struct stl_segment *segs)
{
	uint32_t size = g->t->chip.flash_size, at = 0, start;
	size_t num = 0;

	while (at < size) {
		if (!g->touched[at]) {
			at++;
			continue;
		}
		for (start = at; at < size && g->touched[at]; at++)
			;
		if (segs)
			segs[num] = (struct stl_segment){
				.addr = STL_FLASH_BASE + start,
				.len = at - start,
				.data = g->image + start,
			};
		num++;
	}
	return num;
}

static void say_result(struct gdb *g, const struct stl_program_result *res)
{
	gdb_tell(g, false, "%u bytes: %u of %u page%s erased, %u bytes programmed%s",
		 res->image_bytes, res->pages_erased, res->pages_touched,
		 res->pages_touched == 1 ? "" : "s", res->bytes_programmed,
		 res->verified ? ", verified" : "");
}

static int program(struct gdb *g, const struct stl_segment *segs, size_t num,
		   struct stl_error *err)
{
	static const struct stl_program_options opts = { .no_run = true };
	struct stl_program_result res;
	struct stl_error late = { 0 };
	uint32_t events;
	int ret;

	/* code in SRAM does the work: nothing of ours may stop it */
	ret = gdb_soft_clear_all(g, err);
	if (!ret)
		ret = stl_traps_pause(g->t, &g->traps, true, err);
	if (!ret)
		ret = stl_target_claim(g->t, err);
	if (ret)
		return ret;
	ret = stl_program(g->t, segs, num, &opts, &res, err);
	stl_target_release(g->t);
	if (!ret)
		say_result(g, &res);
	if (stl_traps_pause(g->t, &g->traps, false, &late) && !ret) {
		*err = late;
		ret = late.code;
	}
	/* its resets and halts were ours */
	stl_control_events(g->t, &events, NULL);
	g->at_bkpt = false;
	g->loose = false;
	return ret;
}

/** gdb_flash_done() - now make flash hold it */
void gdb_flash_done(struct gdb *g)
{
	struct stl_error err = { 0 };
	struct stl_segment *segs;
	size_t num;
	int ret;

	if (!g->image) {
		gdb_ok(g);
		return;
	}
	num = collect(g, NULL);
	segs = calloc(num + 1, sizeof(*segs));
	if (segs && num) {
		collect(g, segs);
		ret = program(g, segs, num, &err);
	} else {
		ret = segs ? STL_OK : stl_fail(&err, STL_FILE, "out of memory");
	}
	free(segs);
	gdb_flash_forget(g);
	if (ret)
		gdb_fail(g, &err, false);
	else
		gdb_ok(g);
}
