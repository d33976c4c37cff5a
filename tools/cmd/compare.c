// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink compare
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pages.h"

#define PER_LINE	32

/* background of a page in the picture */
static const char * const colours[] = {
	[PAGE_BLANK] = "\033[100m",
	[PAGE_SAME] = "\033[42m",
	[PAGE_DIFFERENT] = "\033[41m",
	[PAGE_OTHER] = "\033[43m",
};

static bool want_colour(void)
{
	const char *term = getenv("TERM");

	return !getenv("NO_COLOR") && term && strcmp(term, "dumb");
}

static void print_picture(const struct pages *p)
{
	bool colour = want_colour();
	uint32_t i;

	for (i = 0; i < p->num; i++) {
		const struct page *page = &p->page[i];

		if (!(i % PER_LINE))
			printf("%s0x%08x  ", i ? "\n" : "",
			       STL_FLASH_BASE + i * p->size);
		if (colour)
			fputs(colours[page->state], stdout);
		putchar(page_letter(page));
		if (colour)
			fputs("\033[0m", stdout);
	}
	printf("\n%u bytes a page: . blank  s same  d different  o not in the image; capitals (B S D O): write-protected\n",
	       p->size);
}

/* Pages next to each other that are alike are one line. */
static void print_lines(const struct pages *p, bool all)
{
	uint32_t first, n;

	for (first = 0; first < p->num; first += n) {
		const struct page *page = &p->page[first];
		uint32_t bytes = page->differences;

		for (n = 1; first + n < p->num &&
		     page[n].state == page->state &&
		     page[n].locked == page->locked; n++)
			bytes += page[n].differences;
		if (!all && page->state != PAGE_DIFFERENT)
			continue;
		printf("0x%08x-0x%08x  pages %u-%u  %s%s",
		       STL_FLASH_BASE + first * p->size,
		       STL_FLASH_BASE + (first + n) * p->size - 1, first,
		       first + n - 1, page_word(page->state),
		       page->locked ? ", write-protected" : "");
		if (bytes)
			printf(", %u bytes", bytes);
		putchar('\n');
	}
}

static void result_json(struct context *ctx, const struct pages *p)
{
	struct json_object *array = json_object_new_array();
	struct json_object *o;
	uint32_t i;

	add_string(ctx->out, "file", ctx->argv[0]);
	add_int(ctx->out, "bytes", p->bytes);
	add_int(ctx->out, "differences", p->differences);
	add_int(ctx->out, "pages_different", p->different);
	add_int(ctx->out, "page_size", p->size);
	for (i = 0; i < p->num; i++) {
		o = json_object_new_object();
		add_int(o, "page", i);
		add_hex(o, "addr", STL_FLASH_BASE + i * p->size, 8);
		add_string(o, "status", page_word(p->page[i].state));
		add_bool(o, "write_protected", p->page[i].locked);
		add_int(o, "differences", p->page[i].differences);
		json_object_array_add(array, o);
	}
	json_object_object_add(ctx->out, "pages", array);
}

static enum stl_code tell(struct context *ctx, const struct pages *p)
{
	bool picture = isatty(STDOUT_FILENO);

	result_json(ctx, p);
	if (!ctx->json) {
		progress_clear();
		if (picture)
			print_picture(p);
		print_lines(p, !picture);
	}
	if (!p->differences)
		return STL_OK;
	return stl_fail(&ctx->err, STL_MISMATCH,
			"%u of %u pages differ, %u bytes, the first at 0x%08x: is 0x%02x, should be 0x%02x",
			p->different, p->num, p->differences, p->addr,
			p->found, p->expected);
}

static enum stl_code compare(struct context *ctx,
			     const struct stl_segment *segs, size_t num)
{
	const struct stl_chip *c = &ctx->target.chip;
	struct pages p = { 0 };
	enum stl_code code;
	uint8_t *flash;

	code = stl_check_read(&ctx->target, STL_FLASH_BASE, c->flash_size,
			      &ctx->err);
	if (!code)
		code = stl_plan_check(c, segs, num, &ctx->err);
	if (code)
		return code;
	flash = malloc(c->flash_size);
	if (!flash)
		return stl_fail(&ctx->err, STL_FILE, "%s", strerror(ENOMEM));
	code = stl_read(&ctx->target, STL_FLASH_BASE, flash, c->flash_size, 0,
			NULL, &ctx->err);
	if (!code && !pages_compare(&p, c, flash, segs, num))
		code = stl_fail(&ctx->err, STL_FILE, "%s", strerror(ENOMEM));
	if (!code)
		code = tell(ctx, &p);
	free(p.page);
	free(flash);
	return code;
}

/**
 * cmd_compare() - which pages differ from an image
 * @ctx: context; operands FILE [ADDR]
 *
 * A picture of the flash on a terminal, lines elsewhere.
 *
 * Return: STL_OK, STL_MISMATCH, or why it can't be said.
 */
enum stl_code cmd_compare(struct context *ctx)
{
	struct stl_segment *segs;
	struct image img;
	enum stl_code code;
	size_t num;

	code = firmware_load(ctx, &img, &segs, &num);
	if (code)
		return code;
	code = session_open(ctx, STL_LOOK);
	if (!code) {
		code = compare(ctx, segs, num);
		code = session_close(ctx, code, STL_LEAVE_AS_FOUND);
	}
	if (!code)
		say(ctx, "no difference: the flash has what %s says",
		    firmware_name(ctx));
	free(segs);
	image_free(&img);
	return code;
}
