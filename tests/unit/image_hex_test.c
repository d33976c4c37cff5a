// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intel HEX: what is read, what is refused and with which words.
 */
#include <errno.h>

#include "image/check.h"

struct text_case {
	const char *what;
	const char *text;
	const char *want;	/* segments, or NULL: refused */
	const char *error;	/* part of the message */
};

#define EOF_REC ":00000001FF\n"

static const struct text_case cases[] = {
	{ "one record", ":0400100001020304E2\n" EOF_REC,
	  "00000010:01020304", NULL },
	{ "CR LF, lower case, no newline at the end",
	  ":04001000aabbccddde\r\n:00000001ff", "00000010:aabbccdd", NULL },
	{ "blank lines at the end", ":0400100001020304E2\n" EOF_REC "\r\n\n \n",
	  "00000010:01020304", NULL },
	{ "linear base", ":020000040800F2\n:0400100001020304E2\n" EOF_REC,
	  "08000010:01020304", NULL },
	{ "segment base", ":020000021000EC\n:0400100001020304E2\n" EOF_REC,
	  "00010010:01020304", NULL },
	{ "linear after segment base",
	  ":020000021000EC\n:020000040800F2\n:0400100001020304E2\n" EOF_REC,
	  "08000010:01020304", NULL },
	{ "out of order, with a gap",
	  ":0100200005DA\n:0100100004EB\n" EOF_REC,
	  "00000010:04 00000020:05", NULL },
	{ "touching records become one, whatever the order",
	  ":0100110005E9\n:0100100004EB\n" EOF_REC, "00000010:0405", NULL },
	{ "record across 64 KiB in linear mode",
	  ":020000040800F2\n:04FFFE0001020304F5\n" EOF_REC,
	  "0800fffe:01020304", NULL },
	{ "last byte of the address space",
	  ":02000004FFFFFC\n:01FFFF0055AC\n" EOF_REC, "ffffffff:55", NULL },
	{ "blank in a record", ":0100 100004EB\n" EOF_REC, NULL,
	  "x.hex:1: character 0x20 in column 6" },
	{ "start addresses",
	  ":0400000300003800C1\n:0400000508000101ED\n:0100100004EB\n" EOF_REC,
	  "00000010:04", NULL },
	{ "empty data record and a byte", ":0000100000F0\n:0100100004EB\n" EOF_REC, NULL,
	  ":1: record too long" },
	{ "empty data record", ":00001000F0\n:0100100004EB\n" EOF_REC,
	  "00000010:04", NULL },
	{ "option bytes",
	  ":020000041FFFDC\n:04F80000AA55FF0006\n" EOF_REC,
	  "1ffff800:aa55ff00", NULL },

	{ "bad checksum", ":0400100001020304E3\n" EOF_REC, NULL,
	  "x.hex:1: checksum is E3, should be E2" },
	{ "bad checksum further down",
	  ":0400100001020304E2\n\n:0400200001020304E2\n" EOF_REC, NULL,
	  "x.hex:3: checksum is E2, should be D2" },
	{ "bad digit", ":04001000010203G4E2\n" EOF_REC, NULL,
	  "x.hex:1: 'G' in column 16" },
	{ "control character", ":0400100001020304\001E2\n" EOF_REC, NULL,
	  "x.hex:1: character 0x01 in column 18" },
	{ "odd digits", ":0400100001020304E\n" EOF_REC, NULL,
	  "x.hex:1: odd number of digits" },
	{ "cut record", ":0400100001020\n", NULL, ":1: odd number" },
	{ "short record", ":04001000010203E6\n" EOF_REC, NULL,
	  "x.hex:1: record too short: it announces 4 data bytes and has 3" },
	{ "long record", ":040010000102030405DD\n" EOF_REC, NULL,
	  "x.hex:1: record too long: it announces 4 data bytes and has 5" },
	{ "very short record", ":0000\n" EOF_REC, NULL,
	  "x.hex:1: record too short: 2 bytes" },
	{ "only a colon", ":\n" EOF_REC, NULL, ":1: record too short" },
	{ "no colon", ":0100100004EB\n0100110004EA\n" EOF_REC, NULL,
	  "x.hex:2: record doesn't begin with ':'" },
	{ "unknown type", ":0100000604F5\n" EOF_REC, NULL,
	  "x.hex:1: unknown record type 06" },
	{ "base of the wrong length", ":0100000408F3\n" EOF_REC, NULL,
	  "x.hex:1: record type 04 with 1 data bytes, must have 2" },
	{ "end with data", ":0100000100FE\n", NULL, "record type 01 with 1" },
	{ "no end", ":0400100001020304E2\n", NULL,
	  "x.hex:1: file ends without an end-of-file record" },
	{ "text after the end", EOF_REC ":0100100004EB\n", NULL,
	  "x.hex:2: text after the end-of-file record" },
	{ "remarks after the end", ":0100100004EB\n" EOF_REC "# one\n\r\n;two",
	  "00000010:04", NULL },
	{ "remarks", "; one\n:0100100004EB\n# two\n" EOF_REC, "00000010:04",
	  NULL },
	{ "other text", "// one\n:0100100004EB\n" EOF_REC, NULL,
	  "x.hex:1: record doesn't begin with ':'" },
	{ "CR only", ":0400100001020304E2\r\r:00000001FF\r",
	  "00000010:01020304", NULL },
	{ "CR only: lines are counted", ":0400100001020304E2\r\r:0G\r", NULL,
	  "x.hex:3: 'G' in column 3" },
	{ "CR CR LF", ":0400100001020304E2\r\r\n:00000001FF\r\r\n",
	  "00000010:01020304", NULL },
	{ "control Z at the end", ":0400100001020304E2\n" EOF_REC "\032\032",
	  "00000010:01020304", NULL },
	{ "control Z elsewhere", ":0400100001020304E2\n\032\n" EOF_REC, NULL,
	  "x.hex:2: record doesn't begin with ':'" },
	{ "only control Z", "\032", NULL, "x.hex:1: file ends without" },
	{ "only a mark", "\xef\xbb\xbf", NULL, "x.hex:1: file ends without" },
	{ "mark of UTF-8", "\xef\xbb\xbf:0400100001020304E2\n" EOF_REC,
	  "00000010:01020304", NULL },
	{ "record behind a remark", EOF_REC "; one\n:0100100004EB\n", NULL,
	  "x.hex:3: text after the end-of-file record" },
	{ "two ends", ":0100100004EB\n" EOF_REC EOF_REC, NULL,
	  "x.hex:3: text after" },
	{ "nothing in it", EOF_REC, NULL, "x.hex: has no data" },
	{ "overlap", ":0400100001020304E2\n:0100130009E3\n" EOF_REC, NULL,
	  "x.hex:2: data for 0x00000013 was given in line 1 already" },
	{ "the same twice", ":0100100004EB\n:0100100004EB\n" EOF_REC,
	  "00000010:04", NULL },
	{ "the same twice, and more", ":0400100001020304E2\n:02001100020" "3E8\n"
	  ":0400120003040506D8\n" EOF_REC, "00000010:010203040506", NULL },
	{ "inside of another, with a difference",
	  ":0400100001020304E2\n:0200110002" "FFEC\n" EOF_REC, NULL,
	  "x.hex:2: data for 0x00000012 was given in line 1 already, and differs" },
	{ "overlap that is found only when sorted",
	  ":0100130009E3\n:0100200005DA\n:0400100001020304E2\n" EOF_REC, NULL,
	  "x.hex:3: data for 0x00000013 was given in line 1 already" },
	{ "wrap of the address space",
	  ":02000004FFFFFC\n:02FFFF00555556\n" EOF_REC, NULL,
	  "x.hex:2: data goes beyond address 0xffffffff, from 0xffffffff" },
	{ "wrap of a segment",
	  ":020000021000EC\n:02FFFF00555556\n" EOF_REC, NULL,
	  "x.hex:2: record wraps around" },
};

static void read_cases(void **state)
{
	struct image_error err;
	struct image img;
	size_t i;
	int ret;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct text_case *c = &cases[i];

		ret = image_parse("x.hex", (const uint8_t *)c->text,
				  strlen(c->text), IMAGE_HEX, 0, &img, &err);
		if (!c->want) {
			check_error(&err, ret, c->error, c->what);
			continue;
		}
		if (ret)
			print_error("%s: %s\n", c->what, err.text);
		assert_int_equal(ret, 0);
		check_segments(&img, c->want, c->what);
		image_free(&img);
	}
}

static void longest_record(void **state)
{
	char text[1100];
	struct image_error err;
	struct image img;
	uint8_t sum = 255;
	int at;
	int i;

	(void)state;
	at = sprintf(text, ":FF000000");
	for (i = 0; i < 255; i++) {
		at += sprintf(text + at, "%02X", i);
		sum += i;
	}
	at += sprintf(text + at, "%02X\n", (uint8_t)-sum);
	sprintf(text + at, EOF_REC);
	assert_int_equal(image_parse("x", (uint8_t *)text, strlen(text),
				     IMAGE_AUTO, 0, &img, &err), 0);
	assert_int_equal(img.format, IMAGE_HEX);
	assert_int_equal(img.num, 1);
	assert_int_equal(img.seg[0].size, 255);
	assert_int_equal(img.seg[0].data[254], 254);
	image_free(&img);
	/* one byte more than any record can have */
	memmove(text + at - 1 + 2, text + at - 1, strlen(text + at - 1) + 1);
	memcpy(text + at - 1, "00", 2);
	assert_int_not_equal(image_parse("x", (uint8_t *)text, strlen(text),
					 IMAGE_AUTO, 0, &img, &err), 0);
	assert_non_null(strstr(err.text, "x:1: record too long"));
}

static void entry_point(void **state)
{
	static const char text[] =
		":0400000508000101ED\n:0100100004EB\n" EOF_REC;
	struct image_error err;
	struct image img;

	(void)state;
	assert_int_equal(image_parse("x", (const uint8_t *)text,
				     sizeof(text) - 1, IMAGE_AUTO, 0, &img,
				     &err), 0);
	assert_true(img.has_entry);
	assert_int_equal(img.entry, 0x08000101);
	image_free(&img);
}

static void remarks(void **state)
{
	static const char text[] =
		":020010000405E5\n" EOF_REC "\n; one\r\n;two";
	static const char bare[] = EOF_REC "; one\n";
	struct image_error err;
	struct image img, cut;

	(void)state;
	assert_int_equal(image_parse("x", (const uint8_t *)bare,
				     sizeof(bare) - 1, IMAGE_HEX, 0, &img,
				     &err), -ENODATA);
	assert_null(img.remarks);
	assert_int_equal(image_parse("x", (const uint8_t *)text,
				     sizeof(text) - 1, IMAGE_HEX, 0, &img,
				     &err), 0);
	assert_string_equal(img.remarks, "; one\r\n;two");
	/* they outlive a cut */
	assert_int_equal(image_extract(&img, 0x11, 1, &cut), 0);
	assert_null(cut.remarks);
	assert_string_equal(img.remarks, "; one\r\n;two");
	image_free(&cut);
	image_free(&img);
	assert_null(img.remarks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_cases),
		cmocka_unit_test(longest_record),
		cmocka_unit_test(entry_point),
		cmocka_unit_test(remarks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
