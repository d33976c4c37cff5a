// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programming an image: look, plan, refuse or change, prove, start.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "change.h"
#include "direct.h"
#include "fpec.h"
#include "ioctl.h"
#include "loader.h"
#include "mem.h"
#include "option.h"
#include "pages.h"
#include "priv.h"
#include "program.h"
#include "scan.h"
#include "stm32f0.h"
#include "xfer.h"

/**
 * struct job - one run of stl_program()
 * @t: target
 * @opts: options
 * @plan: what to do
 * @loader: valid while @loading
 * @loading: the loader is in SRAM and runs
 * @crc: and the chip's CRC unit can be relied on
 * @res: what was done
 * @virgin: the word at the start of flash was blank when the chip came up
 */
struct job {
	struct stl_target *t;
	const struct stl_program_options *opts;
	struct stl_plan plan;
	struct stl_loader loader;
	bool loading;
	bool crc;
	struct stl_program_result *res;
	bool virgin;
};

/* Next stretch of touched pages from @page on; false when there is none. */
static bool next_run(const struct stl_plan *plan, uint32_t *page,
		     uint32_t *count)
{
	while (*page < plan->num_pages && !plan->pages[*page].touched)
		(*page)++;
	*count = 0;
	while (*page + *count < plan->num_pages &&
	       plan->pages[*page + *count].touched)
		(*count)++;
	return *count;
}

/* Looks without disturbing, so that it can still refuse. */
static int look(struct job *job, struct stl_error *err)
{
	int ret = stl_scan_read(job->t, &job->plan, err);

	return ret ? ret : stl_plan_finish(&job->plan, &job->t->chip, err);
}

static int read_kept(struct job *job, uint32_t page, uint8_t *data,
		     struct stl_error *err)
{
	uint32_t size = job->plan.page_size;

	return stl_read_quiet(job->t, STL_FLASH_BASE + page * size, data, size,
			      err);
}

/*
 * What is kept beside the image is written back as it was read, so it is read
 * twice; the first time may have been while the old firmware ran, which may have
 * written to flash since.
 */
static int refresh(struct job *job, struct stl_error *err)
{
	struct stl_plan *plan = &job->plan;
	uint8_t page[2048], again[2048];
	uint32_t i;
	int ret;

	for (i = 0; i < plan->num_pages; i++) {
		if (!stl_plan_keeps(plan, i))
			continue;
		ret = read_kept(job, i, page, err);
		if (!ret && memcmp(page, plan->have + i * plan->page_size,
				   plan->page_size)) {
			ret = read_kept(job, i, again, err);
			if (!ret && memcmp(page, again, plan->page_size))
				ret = stl_fail_kept(err, i);
		}
		if (ret)
			return ret;
		stl_plan_refresh(plan, i, page);
	}
	return STL_OK;
}

/* Ends the loader, and takes over what it has done. */
static int stop_loader(struct job *job, bool failed, struct stl_error *err)
{
	struct stl_loader *l = &job->loader;
	int ret;

	if (!job->loading)
		return STL_OK;
	job->loading = false;
	ret = stl_loader_end(l, job->t, failed, err);
	job->res->mass_erased = job->plan.mass_erase && l->erased;
	job->res->pages_erased = job->res->mass_erased ? job->plan.num_pages :
							 l->erased;
	job->res->bytes_programmed = l->programmed;
	return ret;
}

/* A chip as after reset once more: what ran on it failed. */
static int afresh(struct job *job, struct stl_error *err)
{
	int ret;

	stl_loader_end(&job->loader, job->t, true, NULL);
	job->loading = false;
	ret = stl_reset_halt(job->t, err);
	return ret ? ret : stl_fpec_unlock(job->t, err);
}

static int start_loader(struct job *job, bool crc, struct stl_error *err)
{
	struct stl_loader *l = &job->loader;
	int ret = stl_loader_begin(l, job->t, crc, err);

	job->loading = !ret;
	return ret ? ret : stl_loader_crc_works(l, job->t, &job->crc, err);
}

/*
 * By the loader; by one that leaves the CRC unit alone, if that is what it can't
 * do; or without it where that is possible.
 */
static int choose_way(struct job *job, struct stl_error *err)
{
	struct stl_error first = { 0 };
	struct stl_target *t = job->t;
	int ret;

	job->res->direct = job->opts->no_loader;
	if (job->opts->no_loader)
		return STL_OK;
	ret = start_loader(job, true, &first);
	if (ret == STL_PROGRAM && job->loading) {
		ret = afresh(job, &first);
		if (!ret)
			ret = start_loader(job, false, &first);
	}
	if (!ret && !job->crc)
		stl_note(t, STL_NOTE_WARNING,
			 "the chip's CRC unit isn't that of an STM32F0: reading instead");
	if (ret == STL_PROGRAM && stl_direct_possible(t)) {
		stl_note(t, STL_NOTE_WARNING,
			 "%s; going on without code on the target",
			 first.message);
		ret = job->loading ? afresh(job, &first) : STL_OK;
		job->res->direct = true;
	}
	if (ret && err)
		*err = first;
	return ret;
}

/* Whole pages, so that what was kept beside the image is proved as well. */
static int read_back(struct job *job, struct stl_error *err)
{
	struct stl_plan *plan = &job->plan;
	struct stl_segment segs[STL_PAGES_MAX / 2];
	uint32_t page, count;
	size_t n = 0;

	for (page = 0; next_run(plan, &page, &count); page += count) {
		segs[n].addr = STL_FLASH_BASE + page * plan->page_size;
		segs[n].len = count * plan->page_size;
		segs[n++].data = plan->want + page * plan->page_size;
	}
	return stl_verify(job->t, segs, n, NULL, err);
}

/* What the core reads, summed up by the chip itself. */
static int check_crc(struct job *job, bool *right, struct stl_error *err)
{
	struct stl_plan *plan = &job->plan;
	uint32_t crc[STL_PAGES_MAX], page, count, i, done = 0;
	uint32_t size = plan->page_size, total = plan->touched * size;
	int ret;

	*right = true;
	for (page = 0; next_run(plan, &page, &count); page += count) {
		if (stl_progress(job->t, STL_PHASE_VERIFY, done, total))
			return stl_fail_stopped(err, STL_PROGRAM);
		ret = stl_loader_crc(&job->loader, job->t,
				     STL_FLASH_BASE + page * size, size, count,
				     crc, err);
		if (ret)
			return ret;
		for (i = 0; i < count; i++)
			*right &= crc[i] == stl_page_crc(plan, page + i);
		done += count * size;
	}
	stl_progress(job->t, STL_PHASE_VERIFY, total, total);
	return STL_OK;
}

static int verify(struct job *job, struct stl_error *err)
{
	bool by_crc = job->loading && job->crc && !job->opts->verify_read;
	bool right = false;
	int ret = STL_OK;

	if (job->opts->no_verify)
		return stop_loader(job, false, err);
	if (by_crc)
		ret = check_crc(job, &right, err);
	if (!ret)
		ret = stop_loader(job, false, err);
	if (ret)
		return ret;
	if (!right)
		ret = read_back(job, err);
	if (!ret && by_crc && !right) {
		ret = stl_fail(err, STL_MISMATCH,
			       "the CRC of what the core reads isn't that of the image, although the debugger reads the right thing");
		stl_hint(err,
			 "flash that is read at its limit: is the supply stable? --verify=read trusts the debugger");
	}
	job->res->verified = !ret;
	return ret;
}

/* What is in flash, if that isn't known yet. */
static int scan(struct job *job, bool looked, struct stl_error *err)
{
	bool crc = job->loading && job->crc;
	int ret = STL_OK;

	/* Firmware may have written beside the image since: no more mass erase then */
	if (job->plan.mass_erase)
		looked = false;
	if (!looked && crc)
		ret = stl_scan_crc(job->t, &job->loader, &job->plan, err);
	else if (!looked)
		ret = stl_scan_read(job->t, &job->plan, err);
	if (!ret && !looked)
		ret = stl_plan_finish(&job->plan, &job->t->chip, err);
	return ret || (crc && !looked) ? ret : refresh(job, err);
}

static bool needs_change(const struct job *job)
{
	return job->plan.erases || job->plan.programs;
}

static void same_already(struct job *job)
{
	stl_note(job->t, STL_NOTE_INFO, "flash holds this image already");
	job->res->verified = true;
}

static int change(struct job *job, bool looked, struct stl_error *err)
{
	struct stl_plan *plan = &job->plan;
	char text[STL_PLAN_TEXT];
	int ret;

	ret = choose_way(job, err);
	if (!ret)
		ret = scan(job, looked, err);
	if (ret)
		return ret;
	job->res->flash_us = stl_plan_us(plan);
	stl_plan_text(plan, text, sizeof(text));
	stl_note(job->t, STL_NOTE_DETAIL, "plan: %s", text);
	if (!needs_change(job)) {
		same_already(job);
		return stop_loader(job, false, err);
	}
	job->res->begun = true;
	if (job->loading)
		ret = stl_change_loader(job->t, &job->loader, plan, err);
	else
		ret = stl_change_direct(job->t, plan, job->res, err);
	return ret ? ret : verify(job, err);
}

static int change_halted(struct job *job, bool looked, struct stl_error *err)
{
	struct stl_target *t = job->t;
	struct stl_error late;
	int ret;

	ret = stl_reset_halt(t, err);
	if (!ret)
		ret = stl_fpec_unlock(t, err);
	if (!ret)
		ret = change(job, looked, err);
	if (!ret)
		return STL_OK;
	/* stopped on request, it can end what it has begun */
	stop_loader(job, !err || err->errnum != EINTR, &late);
	stl_fpec_lock(t);
	/* Whatever is in flash now, it shall not meet half a chip state. */
	stl_core(t->fd, STLINK_CORE_RESET, STLINK_CORE_F_CATCH, 0, NULL);
	return ret;
}

/*
 * These parts decide at option loading, not at reset, whether flash is empty
 * and the boot loader runs instead (RM0360 2.5).
 */
static int reload_options(struct job *job, struct stl_error *err)
{
	struct stl_target *t = job->t;
	struct stl_options o;
	int ret;

	ret = stl_options_read(t, &o, err);
	if (ret)
		return ret;
	/* that would be for ever; the boot loader isn't */
	if (stl_level_2_waits(&o)) {
		stl_note(t, STL_NOTE_WARNING,
			 "the chip was blank, and its boot loader starts until its option bytes are reloaded, which is not done: they would lock it for ever (read protection level 2 is stored). The next power-on does; stlink option set RDP=0 takes it back before");
		return STL_OK;
	}
	stl_note(t, STL_NOTE_INFO,
		 job->virgin ?
		 "the chip was blank: reloading its option bytes, else the boot loader would start" :
		 "the chip starts its boot loader, as if it were blank: reloading its option bytes");
	stl_option_launch(t);
	job->res->reloaded = true;
	return STL_OK;
}

/*
 * Is the first word, which the empty check looks at, blank no longer? That an earlier
 * run may have found it blank, and have been stopped, shows by what is at address 0:
 * the boot loader, although flash begins with something.
 */
static bool starts_now(const struct job *job)
{
	static const uint8_t blank[4] = { 0xff, 0xff, 0xff, 0xff };
	const struct stl_plan *plan = &job->plan;
	uint32_t zero[8], rom[8], first;
	int fd = job->t->fd;

	if (job->virgin)
		return plan->pages[0].touched && memcmp(plan->want, blank, 4);
	if (!job->t->chip.part->empty_check ||
	    stl_mem_read(fd, 0, zero, sizeof(zero), 4, NULL) ||
	    stl_mem_read(fd, job->t->chip.part->sysmem_base, rom, sizeof(rom),
			 4, NULL) ||
	    stl_mem_read32(fd, STL_FLASH_BASE, &first))
		return false;
	return first != 0xffffffff && !memcmp(zero, rom, sizeof(zero));
}

/*
 * Firmware may well turn the debug pins into something else. Not to be mistaken
 * for trouble of the probe, of which nothing can follow for the chip: it may not
 * even have been reset. Nor does it explain why a chip would not take the reset.
 */
static bool out_of_reach(enum stl_code code, const struct stl_error *err)
{
	return code == STL_NO_TARGET ||
	       (code == STL_LINK && err->status != STL_SILENT &&
		(err->errnum == ETIMEDOUT || err->errnum == EREMOTEIO ||
		 err->errnum == EBADMSG));
}

int stl_start(struct stl_target *t, unsigned int settle_ms,
	      struct stl_core_state *state, struct stl_error *err)
{
	struct stl_error failure = { 0 };
	uint32_t taken;
	int ret;

	stl_unfreeze(t);
	ret = stl_core_reset(t, false, settle_ms, state, &failure);
	taken = state->bits & STLINK_CORE_RESET_TAKEN;
	/* It may have been the reset itself that failed, by what passes. */
	if (ret && out_of_reach(ret, &failure)) {
		ret = stl_core_reset(t, false, settle_ms, state, &failure);
		taken |= state->bits & STLINK_CORE_RESET_TAKEN;
	}
	if (ret && taken && out_of_reach(ret, &failure)) {
		stl_note(t, STL_NOTE_WARNING,
			 "the new firmware can't be looked at: %s",
			 failure.message);
		memset(state, 0, sizeof(*state));
		state->name = "unknown";
		snprintf(state->why, sizeof(state->why),
			 "it does not answer on SWD; the firmware may use the pins otherwise or sleep");
		return STL_OK;
	}
	if (ret && err)
		*err = failure;
	return ret;
}

static int start(struct job *job, struct stl_error *err)
{
	int ret = STL_OK;

	stl_unfreeze(job->t);
	if (starts_now(job))
		ret = reload_options(job, err);
	if (ret)
		return ret;
	if (job->opts->no_run)
		ret = stl_reset_halt(job->t, err);
	else
		ret = stl_start(job->t, job->opts->settle_ms,
				&job->res->state, err);
	/* a reset does that */
	if (ret)
		stl_fpec_lock(job->t);
	return ret;
}

static int prepare(struct job *job, const struct stl_segment *segs,
		   size_t num, struct stl_error *err)
{
	struct stl_target *t = job->t;
	uint32_t word = 0;
	int ret;

	ret = stl_plan_begin(&job->plan, &t->chip, segs, num, err);
	if (ret)
		return ret;
	job->plan.full = job->opts->full;
	job->res->image_bytes = job->plan.image_bytes;
	job->res->pages_touched = job->plan.touched;
	if (job->opts->no_loader && !stl_direct_possible(t)) {
		stl_fail(err, STL_USAGE,
			 "programming without code on the target needs 16-bit access to memory, which this probe's firmware hasn't");
		stl_hint(err, "V2J26 or later has it; leave --no-loader out");
		return STL_USAGE;
	}
	if (!t->chip.part->empty_check)
		return STL_OK;
	ret = stl_read_quiet(t, STL_FLASH_BASE, &word, 4, err);
	job->virgin = word == 0xffffffff;
	return ret;
}

/* Does flash hold anything beside the image that went with its pages? */
static bool keeps_any(const struct stl_plan *plan)
{
	uint32_t i;

	for (i = 0; i < plan->num_pages; i++)
		if (stl_plan_keeps(plan, i))
			return true;
	return false;
}

/* What has become of the flash, where the failure itself doesn't tell. */
static void explain_flash(const struct job *job, struct stl_error *err)
{
	if (!err || !job->res->begun || err->errnum == EINTR ||
	    err->code == STL_MISMATCH)
		return;
	if (job->res->verified)
		stl_hint(err,
			 "flash holds the image and was verified; %s the board to start it",
			 job->virgin ? "power-cycle" : "reset");
	else if (keeps_any(&job->plan))
		stl_hint(err,
			 "flash may hold a part of the image by now, and what its pages hold beside the image may be lost: program it again, and what was there");
	else
		stl_hint(err,
			 "flash may hold a part of the image by now: program it again before the board is used");
}

int stl_program_plan(struct stl_target *t, const struct stl_segment *segs,
		     size_t num, bool full, struct stl_plan *plan,
		     struct stl_error *err)
{
	int ret;

	ret = stl_plan_begin(plan, &t->chip, segs, num, err);
	plan->full = full;
	if (!ret)
		ret = stl_scan_read(t, plan, err);
	return ret ? ret : stl_plan_finish(plan, &t->chip, err);
}

int stl_program(struct stl_target *t, const struct stl_segment *segs,
		size_t num, const struct stl_program_options *opts,
		struct stl_program_result *result, struct stl_error *err)
{
	static const struct stl_program_options usual;
	struct stl_program_result dummy;
	struct job job = {
		.t = t,
		.opts = opts ? opts : &usual,
		.res = result ? result : &dummy,
	};
	bool look_first;
	int ret;

	memset(job.res, 0, sizeof(*job.res));
	ret = stl_require_change(t, err);
	if (!ret)
		ret = prepare(&job, segs, num, err);
	/* What write protection may forbid is found out before a reset. */
	look_first = job.opts->no_loader || stl_any_write_protected(&t->chip);
	if (!ret && look_first)
		ret = look(&job, err);
	if (!ret && look_first && !needs_change(&job))
		same_already(&job);
	else if (!ret)
		ret = change_halted(&job, look_first, err);
	if (!ret)
		ret = start(&job, err);
	if (ret)
		explain_flash(&job, err);
	stl_plan_free(&job.plan);
	return ret;
}
