// SPDX-License-Identifier: GPL-2.0-only
/*
 * Erasing pages or all of flash, and proving that they are blank.
 */
#include <stdlib.h>
#include <string.h>

#include "fpec.h"
#include "mem.h"
#include "priv.h"
#include "program.h"

static int check_blank(struct stl_target *t, uint32_t addr, uint32_t len,
		       struct stl_error *err)
{
	uint8_t buf[4096];
	uint32_t at, n, i;
	int ret;

	for (at = 0; at < len; at += n) {
		n = len - at < sizeof(buf) ? len - at : sizeof(buf);
		ret = stl_read_quiet(t, addr + at, buf, n, err);
		if (ret)
			return ret;
		for (i = 0; i < n; i++)
			if (buf[i] != 0xff)
				return stl_fail(err, STL_PROGRAM,
						"0x%08x is not blank after erasing (0x%02x)",
						addr + at + i, buf[i]);
	}
	return STL_OK;
}

/* Refuse before the core is touched. */
static int check(struct stl_target *t, uint32_t first, uint32_t count,
		 struct stl_error *err)
{
	uint32_t num = t->chip.flash_size / t->chip.page_size;
	bool *pages;
	int ret;

	ret = stl_require_change(t, err);
	if (ret)
		return ret;
	if (!count || first >= num || count > num - first)
		return stl_fail(err, STL_NO_FIT,
				"pages %u to %u: this %s has pages 0 to %u",
				first, first + count - 1, t->chip.name,
				num - 1);
	pages = calloc(num, sizeof(*pages));
	if (!pages)
		return stl_fail(err, STL_FILE, "out of memory");
	memset(pages + first, true, count * sizeof(*pages));
	ret = stl_check_protection(&t->chip, pages, err);
	free(pages);
	return ret;
}

static int begin(struct stl_target *t, struct stl_error *err)
{
	int ret = stl_reset_halt(t, err);

	return ret ? ret : stl_fpec_unlock(t, err);
}

int stl_erase_all(struct stl_target *t, struct stl_error *err)
{
	uint32_t num = t->chip.flash_size / t->chip.page_size;
	int ret;

	ret = check(t, 0, num, err);
	if (!ret)
		ret = begin(t, err);
	if (ret)
		return ret;
	stl_progress(t, STL_PHASE_ERASE, 0, num);
	ret = stl_fpec_erase_all(t, err);
	stl_fpec_lock(t);
	if (ret)
		return ret;
	stl_progress(t, STL_PHASE_ERASE, num, num);
	return check_blank(t, STL_FLASH_BASE, t->chip.flash_size, err);
}

int stl_erase_pages(struct stl_target *t, uint32_t first, uint32_t count,
		    uint32_t *done, struct stl_error *err)
{
	uint32_t i;
	int ret;

	if (done)
		*done = 0;
	ret = check(t, first, count, err);
	if (!ret)
		ret = begin(t, err);
	if (ret)
		return ret;
	for (i = 0; i < count && !ret; i++) {
		if (stl_progress(t, STL_PHASE_ERASE, i, count))
			ret = stl_fail_stopped(err, STL_PROGRAM);
		else
			ret = stl_fpec_erase_page(t, first + i, err);
		if (!ret && done)
			(*done)++;
	}
	stl_fpec_lock(t);
	if (ret)
		return ret;
	stl_progress(t, STL_PHASE_ERASE, count, count);
	return check_blank(t, STL_FLASH_BASE + first * t->chip.page_size,
			   count * t->chip.page_size, err);
}
