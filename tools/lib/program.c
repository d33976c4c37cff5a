// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programming an image: look, plan, refuse or change, prove, start.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fpec.h"
#include "ioctl.h"
#include "loader.h"
#include "mem.h"
#include "priv.h"
#include "program.h"
#include "stm32f0.h"
#include "xfer.h"

/**
 * struct job - one run of stl_program()
 * @t: target
 * @opts: options
 * @plan: what to do
 * @res: what was done
 * @virgin: the word at the start of flash was blank when the chip came up
 */
struct job {
	struct stl_target *t;
	const struct stl_program_options *opts;
	struct stl_plan plan;
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

static int read_touched(struct job *job, struct stl_error *err)
{
	struct stl_plan *plan = &job->plan;
	uint32_t total = plan->touched * plan->page_size;
	uint32_t size = plan->page_size, page, count, i, done = 0;
	int ret;

	for (page = 0; next_run(plan, &page, &count); page += count) {
		for (i = page; i < page + count; i++, done += size) {
			if (stl_progress(job->t, STL_PHASE_READ, done, total))
				return stl_fail_stopped(err, STL_PROGRAM);
			ret = stl_read_quiet(job->t, STL_FLASH_BASE + i * size,
					     plan->have + i * size, size, err);
			if (ret)
				return ret;
		}
	}
	stl_progress(job->t, STL_PHASE_READ, total, total);
	return STL_OK;
}

static int prepare_plan(struct job *job, const struct stl_segment *segs,
			size_t num, struct stl_error *err)
{
	struct stl_target *t = job->t;
	bool all[256];
	uint32_t word;
	int ret;

	ret = stl_plan_begin(&job->plan, &t->chip, segs, num, err);
	if (ret)
		return ret;
	job->res->image_bytes = job->plan.image_bytes;
	job->res->pages_touched = job->plan.touched;
	ret = stl_read_quiet(t, STL_FLASH_BASE, &word, 4, err);
	if (ret)
		return ret;
	job->virgin = t->chip.part->empty_check && word == 0xffffffff;
	if (job->opts->erase_all) {
		memset(all, true, sizeof(all));
		ret = stl_check_protection(&t->chip, all, err);
		memset(job->plan.have, 0xff, job->plan.flash_size);
	} else {
		ret = read_touched(job, err);
	}
	if (ret)
		return ret;
	return stl_plan_finish(&job->plan, &t->chip, err);
}

/*
 * What is kept beside the image was read while the old firmware ran, and that
 * may have written to flash since. Now that it has stopped, read it again.
 */
static int refresh(struct job *job, struct stl_error *err)
{
	struct stl_plan *plan = &job->plan;
	uint8_t page[2048];
	uint32_t i;
	int ret;

	if (job->opts->erase_all)
		return STL_OK;
	for (i = 0; i < plan->num_pages; i++) {
		if (!stl_plan_keeps(plan, i))
			continue;
		ret = stl_read_quiet(job->t,
				     STL_FLASH_BASE + i * plan->page_size,
				     page, plan->page_size, err);
		if (ret)
			return ret;
		stl_plan_refresh(plan, i, page);
	}
	return STL_OK;
}

static int erase(struct job *job, struct stl_error *err)
{
	struct stl_plan *plan = &job->plan;
	uint32_t page, done = 0;
	int ret;

	if (job->opts->erase_all || plan->mass_erase) {
		stl_progress(job->t, STL_PHASE_ERASE, 0, plan->num_pages);
		ret = stl_fpec_erase_all(job->t, err);
		if (ret)
			return ret;
		job->res->mass_erased = true;
		job->res->pages_erased = plan->num_pages;
		stl_progress(job->t, STL_PHASE_ERASE, plan->num_pages,
			     plan->num_pages);
		return STL_OK;
	}
	for (page = 0; page < plan->num_pages; page++) {
		if (!plan->pages[page].erase)
			continue;
		if (stl_progress(job->t, STL_PHASE_ERASE, done, plan->erases))
			return stl_fail_stopped(err, STL_PROGRAM);
		ret = stl_fpec_erase_page(job->t, page, err);
		if (ret)
			return ret;
		job->res->pages_erased = ++done;
	}
	if (done)
		stl_progress(job->t, STL_PHASE_ERASE, done, done);
	return STL_OK;
}

static bool differs(const struct stl_plan *plan, uint32_t off)
{
	return plan->have[off] != plan->want[off] ||
	       plan->have[off + 1] != plan->want[off + 1];
}

/*
 * The next stretch for the loader: from the first half-word to program at or
 * after *@off, no longer than @max, not into a page that the image doesn't
 * touch (what it shall hold isn't known), to the last half-word to program.
 */
static uint32_t next_stretch(const struct stl_plan *plan, uint32_t *off,
			     uint32_t max, uint32_t *half_words)
{
	uint32_t at = *off, end = 0;

	*half_words = 0;
	for (; at < plan->flash_size; at += 2) {
		if (!plan->pages[at / plan->page_size].touched) {
			if (end)
				break;
			continue;
		}
		if (end && at - *off >= max)
			break;
		if (!differs(plan, at))
			continue;
		if (!end)
			*off = at;
		end = at + 2;
		(*half_words)++;
	}
	return end ? end - *off : 0;
}

static int program(struct job *job, struct stl_error *err)
{
	struct stl_plan *plan = &job->plan;
	uint32_t off = 0, len, n, done = 0;
	struct stl_loader loader;
	int ret;

	if (!plan->halfwords)
		return STL_OK;
	ret = stl_loader_begin(&loader, job->t, err);
	while (!ret) {
		len = next_stretch(plan, &off, loader.buf_size, &n);
		if (!len)
			break;
		if (stl_progress(job->t, STL_PHASE_PROGRAM, 2 * done,
				 2 * plan->halfwords)) {
			ret = stl_fail_stopped(err, STL_PROGRAM);
			break;
		}
		ret = stl_loader_run(&loader, job->t, STL_FLASH_BASE + off,
				     plan->want + off, len, err);
		if (ret)
			break;
		off += len;
		done += n;
		job->res->bytes_programmed = 2 * done;
	}
	stl_loader_end(&loader, job->t);
	if (!ret)
		stl_progress(job->t, STL_PHASE_PROGRAM, 2 * done, 2 * done);
	return ret;
}

/* Whole pages, so that what was kept beside the image is proved as well. */
static int read_back(struct job *job, struct stl_error *err)
{
	struct stl_plan *plan = &job->plan;
	struct stl_segment segs[128];
	uint32_t page, count;
	size_t n = 0;
	int ret;

	for (page = 0; next_run(plan, &page, &count); page += count) {
		segs[n].addr = STL_FLASH_BASE + page * plan->page_size;
		segs[n].len = count * plan->page_size;
		segs[n++].data = plan->want + page * plan->page_size;
	}
	ret = stl_verify(job->t, segs, n, NULL, err);
	job->res->verified = !ret;
	return ret;
}

static int change(struct job *job, struct stl_error *err)
{
	struct stl_target *t = job->t;
	int ret;

	ret = stl_reset_halt(t, err);
	if (!ret)
		ret = refresh(job, err);
	if (!ret)
		ret = stl_fpec_unlock(t, err);
	if (!ret)
		ret = erase(job, err);
	if (!ret)
		ret = program(job, err);
	stl_fpec_lock(t);
	if (!ret && !job->opts->no_verify)
		ret = read_back(job, err);
	/* Whatever is in flash now, it shall not meet half a chip state. */
	if (ret)
		stl_core(t->fd, STLINK_CORE_RESET, STLINK_CORE_F_CATCH, 0,
			 NULL);
	return ret;
}

/*
 * These parts decide at option loading, not at reset, whether flash is empty
 * and the boot loader runs instead (RM0360 2.5).
 */
static void reload_options(struct job *job)
{
	struct stl_target *t = job->t;

	stl_note(t, STL_NOTE_INFO,
		 "the chip was blank: reloading its option bytes, else the boot loader would start");
	stl_option_launch(t);
	job->res->reloaded = true;
}

/* Is the first word, which the empty check looks at, blank no longer? */
static bool starts_now(const struct stl_plan *plan)
{
	static const uint8_t blank[4] = { 0xff, 0xff, 0xff, 0xff };

	return plan->pages[0].touched && memcmp(plan->want, blank, 4);
}

/* Firmware may well turn the debug pins into something else. */
static bool out_of_reach(enum stl_code code, const struct stl_error *err)
{
	return code == STL_NO_TARGET ||
	       (code == STL_LINK && (err->errnum == ETIMEDOUT ||
				     err->errnum == EREMOTEIO ||
				     err->errnum == EBADMSG ||
				     err->errnum == ENOTCONN));
}

int stl_start(struct stl_target *t, struct stl_core_state *state,
	      struct stl_error *err)
{
	struct stl_error failure = { 0 };
	int ret;

	stl_unfreeze(t);
	ret = stl_core_reset(t, false, state, &failure);
	if (ret && out_of_reach(ret, &failure)) {
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
	stl_unfreeze(job->t);
	if (job->virgin && starts_now(&job->plan))
		reload_options(job);
	if (job->opts->no_run)
		return stl_reset_halt(job->t, err);
	return stl_start(job->t, &job->res->state, err);
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
	int ret;

	memset(job.res, 0, sizeof(*job.res));
	ret = stl_require_change(t, err);
	if (!ret)
		ret = prepare_plan(&job, segs, num, err);
	if (ret)
		goto out;
	if (job.plan.erases || job.plan.programs || job.opts->erase_all) {
		ret = change(&job, err);
	} else {
		stl_note(t, STL_NOTE_INFO, "flash holds this image already");
		job.res->verified = true;
	}
	if (!ret)
		ret = start(&job, err);
out:
	stl_plan_free(&job.plan);
	return ret;
}
