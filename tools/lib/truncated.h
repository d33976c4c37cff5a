/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is an image whole? A copy that was cut off ends where its vectors and code
 * go on referring beyond.
 */
#ifndef STL_TRUNCATED_H
#define STL_TRUNCATED_H

#include "plan.h"
#include "thumb.h"

/** STL_TRUNCATED_REFS - most references that are kept as evidence */
#define STL_TRUNCATED_REFS	4

/**
 * struct stl_truncated - how whole an image is
 * @found: it looks truncated
 * @weak: only constants point beyond its end, no vector and no code
 * @end: first address without content
 * @refs: what refers beyond, @num_refs of @total
 * @num_refs: entries of @refs in use
 * @total: references beyond the end
 * @beyond_part: calls, branches and vectors that point beyond the flash of
 *	this chip: built for a bigger one
 * @part_ref: the first of those
 */
struct stl_truncated {
	bool found;
	bool weak;
	uint32_t end;
	struct stl_ref refs[STL_TRUNCATED_REFS];
	unsigned int num_refs;
	unsigned int total;
	unsigned int beyond_part;
	struct stl_ref part_ref;
};

/**
 * stl_truncated_check() - look at the start of flash
 * @t: out
 * @chip: identified chip
 * @data: content from STL_FLASH_BASE on, FF where it is blank
 * @size: bytes, up to the flash size; nothing is known of what is behind
 *
 * Return: 0, or -ENOMEM.
 */
int stl_truncated_check(struct stl_truncated *t, const struct stl_chip *chip,
			const uint8_t *data, uint32_t size);

/**
 * stl_truncated_image() - the same for an image before it is programmed
 * @t: out; nothing is found in an image without a vector table
 * @chip: identified chip
 * @segs: image
 * @num: segments
 *
 * Return: 0, or -ENOMEM.
 */
int stl_truncated_image(struct stl_truncated *t, const struct stl_chip *chip,
			const struct stl_segment *segs, size_t num);

/**
 * stl_ref_text() - a reference in words, "0x080000d4 calls 0x08003104"
 * @ref: the reference
 * @buf: receives it
 * @len: its size
 */
void stl_ref_text(const struct stl_ref *ref, char *buf, size_t len);

/**
 * stl_truncated_text() - one sentence, without full stop
 * @t: with @found set
 * @what: what looks truncated, e.g. the name of a file
 * @chip: identified chip
 * @buf: receives it
 * @len: its size
 */
void stl_truncated_text(const struct stl_truncated *t, const char *what,
			const struct stl_chip *chip, char *buf, size_t len);

#endif
