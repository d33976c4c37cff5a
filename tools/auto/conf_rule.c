// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a station make sense as a whole? Loads its image, too.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf_priv.h"
#include "counter.h"
#include "inject.h"
#include "option.h"
#include "plan.h"
#include "segments.h"
#include "truncated.h"
#include "vectors.h"

/* 16 exceptions and 32 interrupts of a Cortex-M0, a word each */
#define VECTORS_SIZE	192u

static unsigned int line_of(const struct conf_build *b, int key)
{
	return b->value[key]->line;
}

/* A sentence of the library, in the line of a key. */
static void tell(struct conf_build *b, int key, const struct stl_error *err)
{
	auto_error(b->problems, line_of(b, key), "%s: %s%s%.*s",
		   conf_key_name(key), err->message, *err->hint ? "; " : "",
		   (int)strcspn(err->hint, "\n"), err->hint);
}

/* Own keys that need another one. What is inherited may be for others. */
static void need(struct conf_build *b, int key, int other)
{
	if (b->value[key] && b->own[key] && !b->value[other])
		auto_error(b->problems, line_of(b, key),
			   "%s has no effect without %s", conf_key_name(key),
			   conf_key_name(other));
}

static void drop_options(struct conf_build *b)
{
	struct auto_rule *rule = b->rule;
	struct image options;

	if (image_extract(&rule->content, STL_OPTION_BASE, STL_OPTION_SIZE,
			  &options)) {
		auto_error(b->problems, line_of(b, KEY_IMAGE), "out of memory");
		return;
	}
	if (options.num)
		auto_warning(b->problems, line_of(b, KEY_IMAGE),
			     "image: %s has %zu option bytes at 0x%08x; they are left out, the key options sets such",
			     rule->image, image_bytes(&options),
			     options.seg[0].addr);
	image_free(&options);
}

/* Half a firmware would be found on each board only when it is programmed. */
static void check_whole(struct conf_build *b, const struct stl_segment *segs)
{
	const struct auto_rule *rule = b->rule;
	struct stl_truncated t;
	char text[400];

	if (stl_truncated_image(&t, &rule->part, segs, rule->content.num) ||
	    !t.found)
		return;
	stl_truncated_text(&t, rule->image, &rule->part, text, sizeof(text));
	auto_warning(b->problems, line_of(b, KEY_IMAGE), "image: %s", text);
}

static void check_content(struct conf_build *b)
{
	struct auto_rule *rule = b->rule;
	struct stl_vectors v = { 0 };
	struct stl_segment *segs;
	struct stl_error err;
	size_t i;

	segs = auto_segments(&rule->content);
	if (!segs) {
		auto_error(b->problems, line_of(b, KEY_IMAGE), "out of memory");
		return;
	}
	if (stl_plan_check(&rule->part, segs, rule->content.num, &err)) {
		auto_error(b->problems, line_of(b, KEY_IMAGE), "image: %s: %s",
			   rule->image, err.message);
	} else {
		stl_vectors_check(&v, &rule->part, segs, rule->content.num);
		for (i = 0; i < v.num; i++)
			auto_warning(b->problems, line_of(b, KEY_IMAGE),
				     "image: %s: %s", rule->image, v.text[i]);
		check_whole(b, segs);
	}
	free(segs);
}

static void check_image(struct conf_build *b)
{
	struct auto_rule *rule = b->rule;
	struct image_error why;
	struct stat st;

	if (!b->value[KEY_IMAGE]) {
		auto_error(b->problems, rule->line,
			   "station [%s] has no image: give it one, or [default]",
			   rule->title);
		return;
	}
	if (!rule->image)
		return;
	/* a pipe would make everything wait */
	if (!stat(rule->image, &st) && !S_ISREG(st.st_mode)) {
		auto_error(b->problems, line_of(b, KEY_IMAGE),
			   "image: %s is not a file", rule->image);
		return;
	}
	if (image_load(rule->image, rule->format, rule->address,
		       &rule->content, &why)) {
		auto_error(b->problems, line_of(b, KEY_IMAGE), "image: %s",
			   why.text);
		return;
	}
	if (!b->value[KEY_ADDRESS] && rule->format == IMAGE_AUTO &&
	    image_check_raw(rule->image, &rule->content, &why)) {
		auto_error(b->problems, line_of(b, KEY_IMAGE), "image: %s",
			   why.text);
		return;
	}
	if (b->value[KEY_ADDRESS] && !b->bad[KEY_FORMAT] &&
	    rule->content.format != IMAGE_BIN)
		auto_error(b->problems, line_of(b, KEY_ADDRESS),
			   "address: %s is a file of format %s and says itself where its data goes; leave the address out",
			   rule->image,
			   image_format_word(rule->content.format));
	drop_options(b);
	check_content(b);
	rule->crc = auto_image_crc(&rule->content);
}

/* The image has room for the number, or something that it would destroy? */
static void check_overlap(struct conf_build *b)
{
	const struct auto_rule *rule = b->rule;
	const struct auto_serial *s = &rule->serial;
	unsigned int line = line_of(b, KEY_SERIAL_ADDRESS);
	const struct image_segment *seg;
	int filler = -1;
	uint32_t at;
	size_t i;

	for (i = 0; i < rule->content.num; i++) {
		seg = &rule->content.seg[i];
		for (at = s->addr; at < s->addr + s->width; at++) {
			if (at < seg->addr || at - seg->addr >= seg->size)
				continue;
			if (at < STL_FLASH_BASE + VECTORS_SIZE) {
				auto_error(b->problems, line,
					   "serial-address: 0x%08x is in the vector table of the image (0x%08x to 0x%08x)",
					   at, STL_FLASH_BASE,
					   STL_FLASH_BASE + VECTORS_SIZE - 1);
				return;
			}
			if (filler < 0)
				filler = seg->data[at - seg->addr];
			if (filler == seg->data[at - seg->addr])
				continue;
			auto_warning(b->problems, line,
				     "serial-address: %u bytes at 0x%08x replace what looks like code or data of the image, not room left for a number",
				     s->width, s->addr);
			return;
		}
	}
}

/* The counter must be there, and its next number must fit. */
static void check_counter(struct conf_build *b)
{
	const struct auto_serial *s = &b->rule->serial;
	struct stl_error err;
	uint64_t next;

	if (!s->file)
		return;
	if (auto_counter_read(s->file, &next, &err))
		tell(b, KEY_SERIAL_FILE, &err);
	else if (!b->bad[KEY_SERIAL_WIDTH] && next > auto_serial_last(s))
		auto_error(b->problems, line_of(b, KEY_SERIAL_FILE),
			   "serial-file: the next number in %s, %" PRIu64 ", does not fit in %u bytes, up to %" PRIu64,
			   s->file, next, s->width, auto_serial_last(s));
}

static void check_serial(struct conf_build *b)
{
	struct auto_serial *s = &b->rule->serial;
	unsigned int max = auto_serial_max_width(s->format);
	uint32_t page, count;
	struct stl_error err;

	need(b, KEY_SERIAL_WIDTH, KEY_SERIAL_ADDRESS);
	need(b, KEY_SERIAL_FORMAT, KEY_SERIAL_ADDRESS);
	need(b, KEY_SERIAL_FILE, KEY_SERIAL_ADDRESS);
	if (!b->value[KEY_SERIAL_ADDRESS])
		return;
	b->rule->inject = true;
	if (!b->value[KEY_SERIAL_FILE])
		auto_error(b->problems, line_of(b, KEY_SERIAL_ADDRESS),
			   "serial-address needs serial-file, which keeps the next number");
	if (!b->value[KEY_SERIAL_WIDTH]) {
		auto_error(b->problems, line_of(b, KEY_SERIAL_ADDRESS),
			   "serial-address needs serial-width, the bytes of the number");
		b->bad[KEY_SERIAL_WIDTH] = true;
	} else if (!b->bad[KEY_SERIAL_WIDTH] && !b->bad[KEY_SERIAL_FORMAT] &&
		   s->width > max) {
		auto_error(b->problems, line_of(b, KEY_SERIAL_WIDTH),
			   "serial-width: a number of this serial-format has 1 to %u bytes, not %u",
			   max, s->width);
		b->bad[KEY_SERIAL_WIDTH] = true;
	}
	if (b->value[KEY_SERIAL_FILE])
		check_counter(b);
	if (b->bad[KEY_SERIAL_ADDRESS] || b->bad[KEY_SERIAL_WIDTH])
		return;
	if (stl_range_pages(&b->rule->part, s->addr, s->width, &page, &count,
			    &err))
		tell(b, KEY_SERIAL_ADDRESS, &err);
	else
		check_overlap(b);
}

static void check_log(struct conf_build *b)
{
	struct stl_error err;

	need(b, KEY_LOG_FORMAT, KEY_LOG);
	if (b->rule->log && !b->bad[KEY_LOG_FORMAT] &&
	    auto_log_check(b->rule->log, b->rule->log_format, &err))
		tell(b, KEY_LOG, &err);
}

/**
 * conf_rule_check() - check a station as a whole, load its image
 * @b: station, with all its keys set
 */
void conf_rule_check(struct conf_build *b)
{
	check_image(b);
	conf_options_check(b);
	check_serial(b);
	check_log(b);
	if (b->own[KEY_HOOK_TIMEOUT] && b->value[KEY_HOOK_TIMEOUT] &&
	    !b->value[KEY_ON_SUCCESS] && !b->value[KEY_ON_FAILURE])
		auto_error(b->problems, line_of(b, KEY_HOOK_TIMEOUT),
			   "hook-timeout has no effect without on-success or on-failure");
}
