// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a range can be read, and if not, which part of it can.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "plan.h"
#include "priv.h"
#include "xfer.h"

int stl_check_rdp_read(const struct stl_target *t, uint32_t addr, uint32_t len,
		       struct stl_error *err)
{
	const struct stl_chip *c = &t->chip;

	if (!len || (uint64_t)addr + len <= STL_FLASH_BASE ||
	    addr >= STL_FLASH_BASE + c->flash_size)
		return STL_OK;
	return stl_check_readable(c, err);
}

/* "0x00000000-0x00003fff, 0x08000000-0x08003fff": what of the range is there */
static void list_readable(const struct stl_region *map, size_t num,
			  uint32_t addr, uint32_t last, char *buf, size_t len)
{
	size_t used = 0, i;

	buf[0] = '\0';
	for (i = 0; i < num && used < len; i++) {
		uint32_t from = map[i].first > addr ? map[i].first : addr;
		uint32_t to = map[i].last < last ? map[i].last : last;

		if (from > to)
			continue;
		used += snprintf(buf + used, len - used, "%s0x%08x-0x%08x",
				 used ? ", " : "", from, to);
	}
}

static void hint_map(const struct stl_chip *chip, uint32_t addr, uint32_t last,
		     struct stl_error *err)
{
	struct stl_region map[STL_MAX_REGIONS];
	size_t num = stl_chip_regions(chip, map), i;
	char text[256];

	list_readable(map, num, addr, last, text, sizeof(text));
	stl_hint(err, "can be read in this range: %s",
		 *text ? text : "nothing");
	stl_hint(err, "memory of this %s:", chip->name);
	for (i = 0; i < num; i++)
		stl_hint(err, "  0x%08x-0x%08x  %s", map[i].first, map[i].last,
			 map[i].name);
}

int stl_check_read(struct stl_target *t, uint32_t addr, uint32_t len,
		   struct stl_error *err)
{
	const struct stl_chip *chip = &t->chip;
	uint32_t last = addr + (len - 1), hole, word;
	struct stl_fault fault = { 0 };
	int ret;

	ret = stl_check_rdp_read(t, addr, len, err);
	if (ret || !stl_chip_hole(chip, addr, len, &hole))
		return ret;
	ret = stl_mem_read(t->fd, hole & ~3u, &word, sizeof(word), 4, &fault);
	if (ret && ret != -EREMOTEIO)
		return stl_fail_errno(err, ret, fault.status,
				      "reading 0x%08x", hole);
	if (!ret) {
		stl_note(t, STL_NOTE_WARNING,
			 "a %s has nothing at 0x%08x, yet something answers there; what is read may mean nothing",
			 chip->name, hole);
		return STL_OK;
	}
	stl_fail(err, STL_LINK,
		 "0x%08x to 0x%08x can't be read: there is nothing at 0x%08x",
		 addr, last, hole);
	if (err)
		err->errnum = -ret;
	hint_map(chip, addr, last, err);
	return STL_LINK;
}
