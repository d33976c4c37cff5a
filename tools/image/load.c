// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading an image: read the file, find its format, hand it to a reader.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "internal.h"

static const struct {
	const char *word;
	enum image_format format;
} suffixes[] = {
	{ "bin", IMAGE_BIN },	{ "img", IMAGE_BIN },
	{ "hex", IMAGE_HEX },	{ "ihex", IMAGE_HEX },	{ "ihx", IMAGE_HEX },
	{ "srec", IMAGE_SREC },	{ "s19", IMAGE_SREC },	{ "s28", IMAGE_SREC },
	{ "s37", IMAGE_SREC },	{ "mot", IMAGE_SREC },
	{ "elf", IMAGE_ELF },	{ "axf", IMAGE_ELF },	{ "out", IMAGE_ELF },
};

static const char * const words[] = {
	[IMAGE_AUTO] = "auto",
	[IMAGE_BIN] = "bin",
	[IMAGE_HEX] = "hex",
	[IMAGE_SREC] = "srec",
	[IMAGE_ELF] = "elf",
};

/**
 * image_format_by_word() - format from the word after --format
 * @word: bin, hex, srec or elf; or binary and ihex, as st-flash has them
 *
 * Return: the format, IMAGE_AUTO if there is no such.
 */
enum image_format image_format_by_word(const char *word)
{
	size_t i;

	if (!strcmp(word, "binary"))
		return IMAGE_BIN;
	if (!strcmp(word, "ihex"))
		return IMAGE_HEX;
	for (i = IMAGE_BIN; i <= IMAGE_ELF; i++) {
		if (!strcmp(word, words[i]))
			return i;
	}
	return IMAGE_AUTO;
}

/**
 * image_format_word() - the word for a format
 * @format: a format
 *
 * Return: what image_format_by_word() understands.
 */
const char *image_format_word(enum image_format format)
{
	return words[format];
}

/**
 * image_format_by_name() - format from the suffix of a file name
 * @path: file name; upper and lower case are the same
 *
 * Return: the format, IMAGE_AUTO if the suffix says nothing.
 */
enum image_format image_format_by_name(const char *path)
{
	const char *base = strrchr(path, '/');
	const char *dot = strrchr(base ? base : path, '.');
	size_t i;

	for (i = 0; dot && i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		if (!strcasecmp(dot + 1, suffixes[i].word))
			return suffixes[i].format;
	}
	return IMAGE_AUTO;
}

/* a line of a text format: a mark and nothing but digits after it */
static bool is_record(const struct text *t)
{
	size_t i;

	for (i = 1; i < t->len; i++) {
		if (!isxdigit((unsigned char)t->line[i]))
			return false;
	}
	return t->len >= 1 + 8;
}

/**
 * image_detect() - find the format of a file
 * @name: its name
 * @buf: its content
 * @len: bytes of it
 *
 * Content decides first, so that a HEX file that is called firmware.bin isn't
 * programmed as text; where it says nothing, the name does, so that a damaged
 * HEX file is refused as such; the rest is raw.
 *
 * Return: the format, never IMAGE_AUTO.
 */
enum image_format image_detect(const char *name, const uint8_t *buf,
			       size_t len)
{
	struct text t = { .name = name };
	enum image_format format;
	bool more;

	if (len >= 4 && !memcmp(buf, "\177ELF", 4))
		return IMAGE_ELF;
	text_begin(&t, buf, len);
	do
		more = text_next(&t);
	while (more && text_remark(&t));
	if (more && t.line[0] == ':' && is_record(&t))
		return IMAGE_HEX;
	if (more && (t.line[0] == 'S' || t.line[0] == 's') && is_record(&t))
		return IMAGE_SREC;
	format = image_format_by_name(name);
	return format == IMAGE_AUTO ? IMAGE_BIN : format;
}

/**
 * image_parse() - make an image from the content of a file
 * @name: file name, for messages and as a hint at the format
 * @buf: content
 * @len: bytes of it
 * @format: format, or IMAGE_AUTO
 * @base: target address of a raw file
 * @img: receives the image; free with image_free()
 * @err: receives a message
 *
 * Return: 0; -EBADMSG: the file is wrong; -ENODATA: there is nothing in it;
 * -EFBIG: too large; -ENOMEM.
 */
int image_parse(const char *name, const uint8_t *buf, size_t len,
		enum image_format format, uint32_t base, struct image *img,
		struct image_error *err)
{
	struct text t = { .name = name, .err = err };
	struct collect c = { .name = name, .err = err };
	int ret;

	*img = (struct image){ 0 };
	if (!len)
		return image_fail(err, -ENODATA, "%s: file is empty", name);
	if (len > IMAGE_MAX_BYTES)
		return image_fail(err, -EFBIG, "%s: file is larger than %u MiB",
				  name, IMAGE_MAX_BYTES >> 20);
	if (format == IMAGE_AUTO)
		format = image_detect(name, buf, len);
	c.by_line = format == IMAGE_HEX || format == IMAGE_SREC;
	text_begin(&t, buf, len);
	switch (format) {
	case IMAGE_HEX:
		ret = hex_read(&t, &c, img);
		break;
	case IMAGE_SREC:
		ret = srec_read(&t, &c, img);
		break;
	case IMAGE_ELF:
		ret = elf_read(buf, len, &c, img);
		break;
	default:
		if (len - 1 > UINT32_MAX - base)
			ret = image_fail(err, -EBADMSG,
					 "%s: from 0x%08x it goes beyond address 0xffffffff",
					 name, base);
		else
			ret = collect_add(&c, 0, base, buf, len);
		break;
	}
	if (!ret)
		ret = collect_finish(&c, img);
	/* what it really is says more than what is wrong in it as HEX or ELF */
	if (ret == -EBADMSG && format != IMAGE_BIN)
		foreign_refuse(name, buf, len, err);
	if (ret)
		image_free(img);
	img->format = format;
	collect_free(&c);
	return ret;
}

static int read_all(int fd, const char *name, uint8_t **buf, size_t *len,
		    struct image_error *err)
{
	size_t room = 64 << 10;
	uint8_t *p = NULL;
	ssize_t n = 1;

	*len = 0;
	while (n) {
		if (!p || *len == room) {
			void *q;

			room *= p ? 2 : 1;
			q = realloc(p, room);
			if (!q)
				break;
			p = q;
		}
		n = read(fd, p + *len, room - *len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		*len += n;
		if (*len > IMAGE_MAX_BYTES) {
			errno = EFBIG;
			n = -1;
			break;
		}
	}
	if (!n) {
		*buf = p;
		return 0;
	}
	n = n > 0 ? -ENOMEM : -errno;
	free(p);
	if (n == -EFBIG)
		return image_fail(err, n, "%s: file is larger than %u MiB",
				  name, IMAGE_MAX_BYTES >> 20);
	return image_fail(err, n, "%s: %s", name, strerror(-n));
}

/**
 * image_load() - read an image file
 * @path: file name, "-" for standard input unless that is a terminal
 * @format: format, or IMAGE_AUTO
 * @base: target address of a raw file
 * @img: receives the image; free with image_free()
 * @err: receives a message
 *
 * Return: 0, a negative errno of open() or read(), or as image_parse().
 */
int image_load(const char *path, enum image_format format, uint32_t base,
	       struct image *img, struct image_error *err)
{
	bool from_stdin = !strcmp(path, "-");
	const char *name = from_stdin ? "standard input" : path;
	uint8_t *buf = NULL;
	size_t len;
	int fd;
	int ret;

	*img = (struct image){ 0 };
	if (from_stdin && isatty(STDIN_FILENO))
		return image_fail(err, -EINVAL,
				  "%s: an image can't be typed at a terminal",
				  name);
	fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		return image_fail(err, ret, "%s: %s", path, strerror(-ret));
	}
	ret = read_all(fd, name, &buf, &len, err);
	if (!from_stdin)
		close(fd);
	if (!ret)
		ret = image_parse(name, buf, len, format, base, img, err);
	free(buf);
	return ret;
}
