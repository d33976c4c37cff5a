// SPDX-License-Identifier: GPL-2.0-only
/*
 * Erasing and programming as a plan says.
 */
#include <string.h>

#include "change.h"
#include "direct.h"
#include "fpec.h"
#include "priv.h"
#include "stm32f0.h"

/*
 * The next stretch to program: from the first half-word at or after *@off, no
 * longer than @max, not into a page that the image doesn't touch (what it shall
 * hold isn't known), to the last half-word to program.
 */
static uint32_t next_stretch(const struct stl_plan *plan, uint32_t *off,
			     uint32_t max)
{
	uint32_t at = *off, end = 0;

	for (; at < plan->flash_size; at += 2) {
		if (!plan->pages[at / plan->page_size].touched) {
			if (end)
				break;
			continue;
		}
		if (end && at - *off >= max)
			break;
		if (!stl_plan_differs(plan, at))
			continue;
		if (!end)
			*off = at;
		end = at + 2;
	}
	return end ? end - *off : 0;
}

static int erase_with_loader(struct stl_target *t, struct stl_loader *l,
			     const struct stl_plan *plan,
			     struct stl_error *err)
{
	uint32_t i;
	int ret;

	if (plan->mass_erase) {
		if (stl_progress(t, STL_PHASE_ERASE, 0, plan->num_pages))
			return stl_fail_stopped(err, STL_PROGRAM);
		return stl_loader_erase(l, t, STL_ALL_PAGES, err);
	}
	for (i = 0; i < plan->num_pages; i++) {
		if (!plan->pages[i].erase)
			continue;
		if (stl_progress(t, STL_PHASE_ERASE, l->erased, plan->erases))
			return stl_fail_stopped(err, STL_PROGRAM);
		ret = stl_loader_erase(l, t, i, err);
		if (ret)
			return ret;
	}
	return STL_OK;
}

/* The loader passes over FFFF: what flash holds already is made that. */
static void fill_buffer(const struct stl_plan *plan, uint32_t off,
			uint32_t len, uint8_t *buf)
{
	uint32_t i;

	memcpy(buf, plan->want + off, len);
	for (i = 0; i < len; i += 2)
		if (!stl_plan_differs(plan, off + i))
			memset(buf + i, 0xff, 2);
}

static int program_with_loader(struct stl_target *t, struct stl_loader *l,
			       const struct stl_plan *plan,
			       struct stl_error *err)
{
	uint32_t off = 0, len, total = 2 * plan->halfwords;
	bool erasing = plan->erases;
	uint8_t buf[STL_LOADER_BUF_MAX];
	int ret = STL_OK;

	while (!ret) {
		len = next_stretch(plan, &off, l->buf_size);
		if (!len)
			break;
		/* what comes first goes to the chip while that still erases */
		if (erasing && l->programmed) {
			stl_progress(t, STL_PHASE_ERASE, plan->erases,
				     plan->erases);
			erasing = false;
		}
		if (!erasing && stl_progress(t, STL_PHASE_PROGRAM,
					     l->programmed, total))
			return stl_fail_stopped(err, STL_PROGRAM);
		fill_buffer(plan, off, len, buf);
		ret = stl_loader_program(l, t, STL_FLASH_BASE + off, buf, len,
					 err);
		off += len;
	}
	if (!ret)
		ret = stl_loader_drain(l, t, err);
	if (!ret && erasing)
		stl_progress(t, STL_PHASE_ERASE, plan->erases, plan->erases);
	if (!ret && total)
		stl_progress(t, STL_PHASE_PROGRAM, total, total);
	return ret;
}

int stl_change_loader(struct stl_target *t, struct stl_loader *l,
		      const struct stl_plan *plan, struct stl_error *err)
{
	int ret = erase_with_loader(t, l, plan, err);

	return ret ? ret : program_with_loader(t, l, plan, err);
}

static int erase_direct(struct stl_target *t, const struct stl_plan *plan,
			struct stl_program_result *res, struct stl_error *err)
{
	uint32_t i;
	int ret;

	if (plan->mass_erase) {
		if (stl_progress(t, STL_PHASE_ERASE, 0, plan->num_pages))
			return stl_fail_stopped(err, STL_PROGRAM);
		ret = stl_fpec_erase_all(t, err);
		if (ret)
			return ret;
		res->mass_erased = true;
		res->pages_erased = plan->num_pages;
	}
	for (i = 0; i < plan->num_pages && !plan->mass_erase; i++) {
		if (!plan->pages[i].erase)
			continue;
		if (stl_progress(t, STL_PHASE_ERASE, res->pages_erased,
				 plan->erases))
			return stl_fail_stopped(err, STL_PROGRAM);
		ret = stl_fpec_erase_page(t, i, err);
		if (ret)
			return ret;
		res->pages_erased++;
	}
	if (plan->erases)
		stl_progress(t, STL_PHASE_ERASE, plan->erases, plan->erases);
	return STL_OK;
}

int stl_change_direct(struct stl_target *t, const struct stl_plan *plan,
		      struct stl_program_result *res, struct stl_error *err)
{
	uint32_t off = 0, len, i, total = 2 * plan->halfwords;
	uint8_t erased[2048];
	int ret;

	memset(erased, 0xff, sizeof(erased));
	ret = erase_direct(t, plan, res, err);
	while (!ret) {
		len = next_stretch(plan, &off, plan->page_size);
		if (!len)
			break;
		if (stl_progress(t, STL_PHASE_PROGRAM, res->bytes_programmed,
				 total))
			return stl_fail_stopped(err, STL_PROGRAM);
		/* no page boundary within: one page may be erased, the next not */
		if (len > plan->page_size - off % plan->page_size)
			len = plan->page_size - off % plan->page_size;
		ret = stl_direct_run(t, STL_FLASH_BASE + off,
				     plan->pages[off / plan->page_size].erase ?
				     erased : plan->have + off,
				     plan->want + off, len, err);
		for (i = 0; !ret && i < len; i += 2)
			res->bytes_programmed +=
				2 * stl_plan_differs(plan, off + i);
		off += len;
	}
	if (!ret && total)
		stl_progress(t, STL_PHASE_PROGRAM, total, total);
	return ret;
}
