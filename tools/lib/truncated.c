// SPDX-License-Identifier: GPL-2.0-only
/*
 * Truncated copies. Proof is a vector, a call, a branch or a constant's place
 * that lies where nothing is. A pointer alone proves little: bootloaders have
 * them to an application that isn't there yet, and others to pages that will
 * hold settings. So those count only for an image that ends at a round size,
 * as if cut off.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "truncated.h"

/* What ST-LINK Utility shows, and saves, unless told a size */
#define UTILITY_DEFAULT	0x400u
#define ROUND		0x400u
/* Bytes of FF around an address that make it blank rather than a constant */
#define BLANK_RUN	16u
/* Flash of the biggest part of the family, bytes */
#define MAX_FLASH	(256u * 1024)
/* Pointers to data beyond the end that make an accident unlikely */
#define MANY_POINTERS	3
/* Vectors that are kept as evidence */
#define MOST_VECTORS	2

struct check {
	struct stl_truncated *t;
	const struct stl_chip *chip;
	const uint8_t *data;
	uint32_t size;
	uint32_t last;		/* end of what isn't FF */
	struct stl_ref weak[STL_TRUNCATED_REFS];
	unsigned int pointers, code_pointers;
};

/* All FF from @off on for @len bytes; what is not known counts as FF. */
static bool blank(const struct check *c, uint32_t off, uint32_t len)
{
	for (; len && off < c->size; len--, off++)
		if (c->data[off] != 0xff)
			return false;
	return true;
}

static bool missing(const struct check *c, const struct stl_ref *ref)
{
	uint32_t off = ref->to - STL_FLASH_BASE;

	switch (ref->kind) {
	case STL_REF_SLOT:
		/* a constant may be FFFFFFFF, and the last of the image */
		return off >= BLANK_RUN &&
		       blank(c, off - BLANK_RUN, 2 * BLANK_RUN);
	case STL_REF_FALL:
		/* a function that doesn't return may be the last thing */
		return off % ROUND == 0 && blank(c, off, BLANK_RUN);
	default:
		return blank(c, off, BLANK_RUN);
	}
}

/* End of the content before an address that has none. */
static uint32_t end_before(const struct check *c, uint32_t addr)
{
	uint32_t off = addr - STL_FLASH_BASE;

	if (off > c->size)
		off = c->size;
	while (off && c->data[off - 1] == 0xff)
		off--;
	return STL_FLASH_BASE + off;
}

static void add_weak(struct check *c, const struct stl_ref *ref)
{
	uint32_t off = ref->to - STL_FLASH_BASE;
	unsigned int i;

	/* round addresses: settings, the application of a bootloader */
	if (off >= c->chip->flash_size || off <= c->last || off % 256 <= 4 ||
	    !blank(c, off & ~1u, BLANK_RUN))
		return;
	for (i = 0; i < c->pointers && i < STL_TRUNCATED_REFS; i++)
		if (c->weak[i].to == ref->to)
			return;
	if (c->pointers < STL_TRUNCATED_REFS)
		c->weak[c->pointers] = *ref;
	c->pointers++;
	c->code_pointers += off & 1;
}

static void on_ref(void *ctx, const struct stl_ref *ref)
{
	uint32_t off = ref->to - STL_FLASH_BASE;
	struct check *c = ctx;
	struct stl_truncated *t = c->t;

	if (ref->kind == STL_REF_VALUE) {
		add_weak(c, ref);
		return;
	}
	if (off >= MAX_FLASH)
		return;
	if (off >= c->chip->flash_size) {
		if (ref->kind == STL_REF_SLOT || ref->kind == STL_REF_FALL)
			return;
		if (!t->beyond_part++)
			t->part_ref = *ref;
		return;
	}
	if (!missing(c, ref))
		return;
	if (!t->total++)
		t->end = end_before(c, ref->to);
	/* leave room for what the code says */
	if (ref->kind == STL_REF_VECTOR && t->num_refs >= MOST_VECTORS)
		return;
	if (t->num_refs < STL_TRUNCATED_REFS)
		t->refs[t->num_refs++] = *ref;
}

/* Cut off in the middle of something, not padded up to a round size. */
static bool cut_at_round_size(const struct check *c)
{
	const uint8_t *end = c->data + c->last;

	return c->last && c->last % ROUND == 0 &&
	       c->last < c->chip->flash_size &&
	       (end[-1] || end[-2] || end[-3] || end[-4]);
}

static void judge(struct check *c)
{
	struct stl_truncated *t = c->t;

	t->found = t->total;
	if (t->found || !cut_at_round_size(c) ||
	    (!c->code_pointers && c->pointers < MANY_POINTERS))
		return;
	t->found = true;
	t->weak = true;
	t->end = STL_FLASH_BASE + c->last;
	t->total = c->pointers;
	t->num_refs = c->pointers < STL_TRUNCATED_REFS ? c->pointers :
							 STL_TRUNCATED_REFS;
	memcpy(t->refs, c->weak, sizeof(t->refs));
}

int stl_truncated_check(struct stl_truncated *t, const struct stl_chip *chip,
			const uint8_t *data, uint32_t size)
{
	struct stl_thumb_image code = { STL_FLASH_BASE, data, size };
	struct check c = {
		.t = t, .chip = chip, .data = data, .size = size,
	};
	int ret;

	memset(t, 0, sizeof(*t));
	c.last = end_before(&c, STL_FLASH_BASE + size) - STL_FLASH_BASE;
	ret = stl_thumb_walk(&code, on_ref, &c);
	if (!ret)
		judge(&c);
	return ret;
}

int stl_truncated_image(struct stl_truncated *t, const struct stl_chip *chip,
			const struct stl_segment *segs, size_t num)
{
	uint32_t size = 0, i;
	uint8_t *data;
	bool start = false;
	size_t s;
	int ret;

	memset(t, 0, sizeof(*t));
	data = malloc(chip->flash_size);
	if (!data)
		return -ENOMEM;
	memset(data, 0xff, chip->flash_size);
	for (s = 0; s < num; s++) {
		uint32_t off = segs[s].addr - STL_FLASH_BASE;

		if (!segs[s].len)
			continue;
		start |= segs[s].addr == STL_FLASH_BASE && segs[s].len >= 8;
		for (i = 0; i < segs[s].len; i++) {
			if (off + i >= chip->flash_size)
				continue;
			data[off + i] = segs[s].data[i];
			if (off + i >= size)
				size = off + i + 1;
		}
	}
	ret = start ? stl_truncated_check(t, chip, data, size) : 0;
	free(data);
	return ret;
}

void stl_ref_text(const struct stl_ref *ref, char *buf, size_t len)
{
	static const char *const verbs[] = {
		[STL_REF_CALL] = "calls",
		[STL_REF_BRANCH] = "branches to",
		[STL_REF_FALL] = "goes on at",
		[STL_REF_SLOT] = "loads a constant from",
		[STL_REF_VALUE] = "holds the address",
	};
	static const char *const names[16] = {
		[1] = "reset", [2] = "NMI", [3] = "HardFault",
		[11] = "SVCall", [14] = "PendSV", [15] = "SysTick",
	};
	unsigned int n = (ref->from - STL_FLASH_BASE) / 4;

	if (ref->kind != STL_REF_VECTOR)
		snprintf(buf, len, "0x%08x %s 0x%08x", ref->from,
			 verbs[ref->kind], ref->to);
	else if (n < 16 && names[n])
		snprintf(buf, len, "the %s vector points to 0x%08x", names[n],
			 ref->to);
	else
		snprintf(buf, len, "the vector of interrupt %u points to 0x%08x",
			 n - 16, ref->to);
}

void stl_truncated_text(const struct stl_truncated *t, const char *what,
			const struct stl_chip *chip, char *buf, size_t len)
{
	uint32_t size = t->end - STL_FLASH_BASE;
	char ref[80], round[100] = "";

	stl_ref_text(&t->refs[0], ref, sizeof(ref));
	/* a copy that happens to end in FF is as long all the same */
	if (size % ROUND > ROUND - 4)
		size += ROUND - size % ROUND;
	if (size == UTILITY_DEFAULT)
		snprintf(round, sizeof(round),
			 "; 0x400 bytes is the default view of ST-LINK Utility");
	else if (size && size % chip->page_size == 0)
		snprintf(round, sizeof(round), "; that is exactly %u pages",
			 size / chip->page_size);
	snprintf(buf, len,
		 "%s looks like a truncated copy: it ends at 0x%08x after 0x%x bytes, but %s%s",
		 what, STL_FLASH_BASE + size, size, ref, round);
}
