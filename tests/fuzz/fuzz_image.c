// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold of every image, and of every refusal of one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

/* with more between the first byte and the last it isn't written as raw */
#define MAX_RAW	(1u << 20)

static void in_order(const struct image *img)
{
	uint64_t end = 0;
	size_t i;

	fuzz_check(img->num > 0);
	fuzz_check(image_bytes(img) <= IMAGE_MAX_BYTES);
	for (i = 0; i < img->num; i++) {
		const struct image_segment *s = &img->seg[i];
		volatile uint8_t byte;

		fuzz_check(s->size > 0 && s->data);
		/* what touches would be one segment */
		fuzz_check(!i || s->addr > end);
		end = (uint64_t)s->addr + s->size;
		fuzz_check(end <= 1ULL << 32);
		/* the memory is there */
		byte = s->data[0];
		byte = s->data[s->size - 1];
		(void)byte;
	}
}

/* "NAME: reason", in text "NAME:LINE: reason" of a line that there is */
static void refused(const char *name, bool lines, const uint8_t *data,
		    size_t size, const struct image_error *err)
{
	/* without LF a line ends with CR */
	const int end_of_line = size && memchr(data, '\n', size) ? '\n' : '\r';
	const char *rest = err->text + strlen(name);
	unsigned long line, last = 1;
	char *end;
	size_t i;

	fuzz_check(strlen(err->text) < sizeof(err->text) - 1);
	fuzz_check(strlen(err->hint) < sizeof(err->hint) - 1);
	fuzz_plain(err->text);
	if (*err->hint)
		fuzz_plain(err->hint);
	fuzz_check(!strncmp(err->text, name, strlen(name)));
	fuzz_check(rest[0] == ':');
	/* of the file as a whole: empty, or nothing in it */
	if (!lines || rest[1] == ' ') {
		fuzz_check(rest[1] == ' ' && rest[2]);
		return;
	}
	for (i = 0; i < size; i++)
		last += data[i] == end_of_line;
	line = strtoul(rest + 1, &end, 10);
	fuzz_check(line >= 1 && line <= last);
	fuzz_check(end[0] == ':' && end[1] == ' ' && end[2]);
}

static void same(const struct image *a, const struct image *b)
{
	size_t i;

	fuzz_check(a->num == b->num);
	for (i = 0; i < a->num; i++) {
		fuzz_check(a->seg[i].addr == b->seg[i].addr);
		fuzz_check(a->seg[i].size == b->seg[i].size);
		fuzz_check(!memcmp(a->seg[i].data, b->seg[i].data,
				   a->seg[i].size));
	}
}

/* Standard output, which libFuzzer has no use for, is a file in memory. */
static int output(void)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("image", MFD_CLOEXEC);
		fuzz_check(fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
	}
	fuzz_check(!ftruncate(fd, 0) && !lseek(fd, 0, SEEK_SET));
	return fd;
}

static void again(const struct image *img, enum image_format format)
{
	struct image_error err;
	struct image_out *out;
	struct image back;
	uint8_t *text;
	off_t size;
	int fd = output();

	fuzz_check(!image_out_open("-", &out, &err));
	fuzz_check(!image_write(out, format, img, &err));
	fuzz_check(!image_out_commit(out, &err));
	size = lseek(fd, 0, SEEK_END);
	text = malloc(size);
	fuzz_check(text && pread(fd, text, size, 0) == size);
	/* what was written is recognised, but raw */
	fuzz_check(!image_parse("again", text, size, format == IMAGE_BIN ?
				IMAGE_BIN : IMAGE_AUTO, img->seg[0].addr,
				&back, &err));
	fuzz_check(back.format == format);
	if (format != IMAGE_BIN) {
		same(img, &back);
	} else {
		fuzz_check(back.num == 1);
		fuzz_check(!memcmp(back.seg[0].data, img->seg[0].data,
				   img->seg[0].size));
		fuzz_check(back.seg[0].addr + (back.seg[0].size - 1) ==
			   img->seg[img->num - 1].addr +
			   (img->seg[img->num - 1].size - 1));
	}
	image_free(&back);
	free(text);
}

/* taking a range out leaves all the rest */
static void cut(struct image *img)
{
	size_t before = image_bytes(img);
	uint32_t from = img->seg[0].addr + img->seg[0].size / 2;
	struct image part;

	fuzz_check(!image_extract(img, from, 16, &part));
	fuzz_check(part.num >= 1 && part.seg[0].addr == from);
	fuzz_check(image_bytes(img) + image_bytes(&part) == before);
	if (img->num)
		in_order(img);
	image_free(&part);
}

/* a file that is something else is named, in words that can be printed */
static void fuzz_foreign(const char *name, const uint8_t *data, size_t size)
{
	struct image_segment seg = { 0x08000000, size, (uint8_t *)data };
	struct image img = { .format = IMAGE_BIN, .num = 1, .seg = &seg };
	struct image_error err;

	if (size && image_check_raw(name, &img, &err)) {
		refused(name, false, data, size, &err);
		fuzz_check(*err.hint);
	}
}

void fuzz_image(const char *name, enum image_format format,
		const uint8_t *data, size_t size)
{
	const struct image_segment *last;
	struct image_error err = { .text = "" };
	struct image img;

	fuzz_foreign(name, data, size);
	if (image_parse(name, data, size, format, 0x08000000, &img, &err)) {
		fuzz_check(!img.num && !img.seg && !img.remarks);
		fuzz_check(!size || img.format != IMAGE_AUTO);
		refused(name, img.format == IMAGE_HEX ||
			img.format == IMAGE_SREC, data, size, &err);
		return;
	}
	fuzz_check(format == IMAGE_AUTO || img.format == format);
	in_order(&img);
	again(&img, IMAGE_HEX);
	again(&img, IMAGE_SREC);
	last = &img.seg[img.num - 1];
	if ((uint64_t)last->addr + last->size - img.seg[0].addr <= MAX_RAW)
		again(&img, IMAGE_BIN);
	cut(&img);
	image_free(&img);
}
