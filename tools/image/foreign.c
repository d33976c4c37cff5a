// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are something else: what a person takes by mistake.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "internal.h"

static const char unpack[] = "unpack it, and take the firmware that is in it";
static const char made_from[] = "take the .elf, .hex or .bin it was made from";
static const char download[] =
	"a browser shows a page about the file; take its \"raw\" or \"download\" link";

#define MAGIC(text)	text, sizeof(text) - 1

/*
 * From the documentation of each format. None begins like a vector table: the
 * stack pointer there is in SRAM (0x2000xxxx, so the fourth byte is 0x20) and a
 * multiple of four.
 */
static const struct {
	const char *magic;
	size_t len;
	const char *what;
	const char *hint;
} foreign[] = {
	{ MAGIC("UF2\n\x57\x51\x5d\x9e"),
	  "a UF2 file, for boot loaders that look like a USB drive", made_from },
	{ MAGIC("DfuSe\1"), "a DfuSe file, for ST's boot loader by USB",
	  "take the .elf, .hex or .bin it was made from, or \"dfuse-pack.py --dump\"" },
	{ MAGIC("PK\3\4"), "a ZIP archive", unpack },
	{ MAGIC("\x1f\x8b\x08"), "packed with gzip", unpack },
	{ MAGIC("\xfd" "7zXZ\0"), "packed with xz", unpack },
	{ MAGIC("BZh"), "packed with bzip2", unpack },
	{ MAGIC("\x28\xb5\x2f\xfd"), "packed with zstd", unpack },
	{ MAGIC("7z\xbc\xaf\x27\x1c"), "a 7z archive", unpack },
	{ MAGIC("Rar!\x1a\7"), "a RAR archive", unpack },
	{ MAGIC("!<arch>\n"), "a library of object files",
	  "take the file that the linker made of it" },
	{ MAGIC("version https://git-lfs."), "a pointer of Git LFS, not the file",
	  "\"git lfs pull\" fetches the file" },
	{ MAGIC("<!doctype html"), "a web page", download },
	{ MAGIC("<html"), "a web page", download },
	{ MAGIC("%PDF-"), "a PDF document", made_from },
	{ MAGIC("\x89PNG"), "a picture", made_from },
};

static bool begins(const uint8_t *buf, size_t len, const char *magic,
		   size_t magic_len)
{
	if (len < magic_len)
		return false;
	/* web pages are written in both cases */
	return *magic == '<' ?
		!strncasecmp((const char *)buf, magic, magic_len) :
		!memcmp(buf, magic, magic_len);
}

static int refuse(const char *name, const char *what, const char *hint,
		  struct image_error *err)
{
	image_fail(err, -EBADMSG, "%s: is %s", name, what);
	return image_hint(err, -EBADMSG, "%s", hint);
}

/* dfu-suffix(1) puts 16 bytes behind a raw file */
static bool has_dfu_suffix(const uint8_t *buf, size_t len)
{
	return len > 16 && !memcmp(buf + len - 8, "UFD", 3) &&
	       buf[len - 5] == 16;
}

/* esptool's image: magic, segments, mode of the flash chip, entry at 0x4xxxxxxx */
static bool is_esp(const uint8_t *buf, size_t len)
{
	return len >= 8 && buf[0] == 0xe9 && buf[1] >= 1 && buf[1] <= 16 &&
	       buf[2] <= 5 && buf[7] >> 4 == 4;
}

/* a mark, then characters of which one byte is 0 */
static bool is_utf16(const uint8_t *buf, size_t len)
{
	bool big;

	if (len < 8 || buf[0] + buf[1] != 0xff + 0xfe || buf[0] < 0xfe)
		return false;
	big = buf[0] == 0xfe;
	return !buf[3 - big] && !buf[5 - big] && !buf[7 - big];
}

/* a program for DOS that says it is none: offset 0x3c leads to the real header */
static bool is_windows(const uint8_t *buf, size_t len)
{
	uint32_t at;

	if (len < 0x40 || memcmp(buf, "MZ", 2))
		return false;
	at = buf[0x3c] | buf[0x3d] << 8 | buf[0x3e] << 16 |
	     (uint32_t)buf[0x3f] << 24;
	return at <= len - 4 && !memcmp(buf + at, "PE\0\0", 4);
}

/* text with numbers, which objcopy and other tools can turn into HEX */
static const char *other_hex(const uint8_t *buf, size_t len)
{
	if (len >= 6 && buf[0] == '%' && isxdigit(buf[1]) && isxdigit(buf[2]) &&
	    isxdigit(buf[3]) && isxdigit(buf[4]) && isxdigit(buf[5]))
		return "Tektronix hex";
	if (len >= 4 && buf[0] == '@' && isxdigit(buf[1]) && isxdigit(buf[2]) &&
	    isxdigit(buf[3]))
		return "a hex file of TI or for Verilog";
	return NULL;
}

static bool is_text(const uint8_t *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (buf[i] < ' ' ? !isspace(buf[i]) : buf[i] == 0x7f)
			return false;
	}
	/* an erased flash isn't text in any character set */
	return len && memchr(buf, '\n', len) && !memchr(buf, 0xff, len);
}

/**
 * foreign_refuse() - say what a file is that is no firmware
 * @name: its name
 * @buf: its content
 * @len: bytes of it
 * @err: receives the message, if it is known what it is; else stays
 *
 * Return: -EBADMSG, or 0: it isn't known.
 */
int foreign_refuse(const char *name, const uint8_t *buf, size_t len,
		   struct image_error *err)
{
	const char *what;
	size_t i;

	for (i = 0; i < sizeof(foreign) / sizeof(*foreign); i++) {
		if (begins(buf, len, foreign[i].magic, foreign[i].len))
			return refuse(name, foreign[i].what, foreign[i].hint,
				      err);
	}
	if (len > 262 && !memcmp(buf + 257, "ustar", 5))
		return refuse(name, "a tar archive", unpack, err);
	if (is_utf16(buf, len))
		return refuse(name, "text in UTF-16",
			      "PowerShell makes such of a program's output after '>'; let the program write the file itself",
			      err);
	if (is_windows(buf, len))
		return refuse(name, "a program for Windows",
			      "if it brings the firmware, take the file that it unpacks",
			      err);
	if (is_esp(buf, len))
		return refuse(name, "a firmware for Espressif's chips",
			      "it is another board's", err);
	if (has_dfu_suffix(buf, len))
		return refuse(name, "a DFU file, raw bytes with a suffix",
			      "take the .elf, .hex or .bin it was made from, or \"dfu-suffix --delete\" on a copy",
			      err);
	what = other_hex(buf, len);
	if (what)
		return refuse(name, what,
			      "write Intel HEX instead: objcopy -O ihex, or srec_cat",
			      err);
	return 0;
}

/**
 * image_check_raw() - is a raw file perhaps none?
 * @name: its name
 * @img: what image_load() made of it
 * @err: receives a message
 *
 * For files that nobody said to be raw, and that go to the beginning of flash;
 * what is programmed elsewhere is data, which may look like anything.
 *
 * Return: 0, or -EBADMSG.
 */
int image_check_raw(const char *name, const struct image *img,
		    struct image_error *err)
{
	const struct image_segment *s = img->seg;
	int ret;

	if (img->format != IMAGE_BIN || img->num != 1)
		return 0;
	ret = foreign_refuse(name, s->data, s->size, err);
	if (!ret && image_format_by_name(name) == IMAGE_AUTO &&
	    is_text(s->data, s->size))
		ret = refuse(name, "text, not a firmware",
			     "firmware is in a .elf, .hex, .srec or .bin file; \"program --format bin\" programs the text itself",
			     err);
	return ret;
}
