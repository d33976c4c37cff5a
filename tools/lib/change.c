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

/**
 * struct course - how far it came, and how far it shall go
 * @erased: pages below this one are erased, if the plan says so
 * @stop: it shall stop: of those pages only the ones are completed that would
 *	lose bytes which aren't the image's
 */
struct course {
	uint32_t erased;
	bool stop;
};

static bool is_due(const struct stl_plan *plan, const struct course *c,
		   uint32_t page)
{
	if (c->stop)
		return page < c->erased && stl_plan_keeps(plan, page);
	return plan->pages[page].touched;
}

/*
 * The next stretch to program: from the first half-word at or after *@off, no
 * longer than @max, not into a page that isn't due (what it shall hold may not
 * be known), to the last half-word to program.
 */
static uint32_t next_stretch(const struct stl_plan *plan,
			     const struct course *c, uint32_t *off,
			     uint32_t max)
{
	uint32_t at = *off, end = 0;

	for (; at < plan->flash_size; at += 2) {
		if (!is_due(plan, c, at / plan->page_size)) {
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
			     const struct stl_plan *plan, struct course *c,
			     struct stl_error *err)
{
	uint32_t i;
	int ret = STL_OK;

	if (plan->mass_erase) {
		if (stl_progress(t, STL_PHASE_ERASE, 0, plan->num_pages))
			return stl_fail_stopped(err, STL_PROGRAM);
		ret = stl_loader_erase(l, t, STL_ALL_PAGES, err);
		c->erased = plan->num_pages;
		return ret;
	}
	for (i = 0; i < plan->num_pages && !ret && !c->stop; i++) {
		c->erased = i;
		if (!plan->pages[i].erase)
			continue;
		c->stop = stl_progress(t, STL_PHASE_ERASE, l->erased,
				       plan->erases);
		if (!c->stop)
			ret = stl_loader_erase(l, t, i, err);
	}
	if (!c->stop)
		c->erased = plan->num_pages;
	return ret;
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
			       const struct stl_plan *plan, struct course *c,
			       struct stl_error *err)
{
	uint32_t off = 0, len, total = 2 * plan->halfwords;
	bool erasing = plan->erases && !c->stop;
	uint8_t buf[STL_LOADER_BUF_MAX];
	int ret = STL_OK;

	while (!ret) {
		len = next_stretch(plan, c, &off, l->buf_size);
		if (!len)
			break;
		/* what comes first goes to the chip while that still erases */
		if (erasing && l->programmed) {
			stl_progress(t, STL_PHASE_ERASE, plan->erases,
				     plan->erases);
			erasing = false;
		}
		if (!c->stop && !erasing &&
		    stl_progress(t, STL_PHASE_PROGRAM, l->programmed, total)) {
			c->stop = true;
			continue;
		}
		fill_buffer(plan, off, len, buf);
		ret = stl_loader_program(l, t, STL_FLASH_BASE + off, buf, len,
					 err);
		off += len;
	}
	if (!ret)
		ret = stl_loader_drain(l, t, err);
	if (!ret && c->stop)
		return stl_fail_stopped(err, STL_PROGRAM);
	if (!ret && erasing)
		stl_progress(t, STL_PHASE_ERASE, plan->erases, plan->erases);
	if (!ret && total)
		stl_progress(t, STL_PHASE_PROGRAM, total, total);
	return ret;
}

int stl_change_loader(struct stl_target *t, struct stl_loader *l,
		      const struct stl_plan *plan, struct stl_error *err)
{
	struct course c = { 0 };
	int ret = erase_with_loader(t, l, plan, &c, err);

	return ret ? ret : program_with_loader(t, l, plan, &c, err);
}

static int erase_direct(struct stl_target *t, const struct stl_plan *plan,
			struct course *c, struct stl_program_result *res,
			struct stl_error *err)
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
		c->erased = i;
		if (!plan->pages[i].erase)
			continue;
		c->stop = stl_progress(t, STL_PHASE_ERASE, res->pages_erased,
				       plan->erases);
		if (c->stop)
			return STL_OK;
		ret = stl_fpec_erase_page(t, i, err);
		if (ret)
			return ret;
		res->pages_erased++;
	}
	c->erased = plan->num_pages;
	if (plan->erases)
		stl_progress(t, STL_PHASE_ERASE, plan->erases, plan->erases);
	return STL_OK;
}

int stl_change_direct(struct stl_target *t, const struct stl_plan *plan,
		      struct stl_program_result *res, struct stl_error *err)
{
	uint32_t off = 0, len, i, total = 2 * plan->halfwords;
	struct course c = { 0 };
	uint8_t erased[2048];
	int ret;

	memset(erased, 0xff, sizeof(erased));
	ret = erase_direct(t, plan, &c, res, err);
	while (!ret) {
		len = next_stretch(plan, &c, &off, plan->page_size);
		if (!len)
			break;
		if (!c.stop && stl_progress(t, STL_PHASE_PROGRAM,
					    res->bytes_programmed, total)) {
			c.stop = true;
			continue;
		}
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
	if (!ret && c.stop)
		return stl_fail_stopped(err, STL_PROGRAM);
	if (!ret && total)
		stl_progress(t, STL_PHASE_PROGRAM, total, total);
	return ret;
}
