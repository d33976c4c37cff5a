// SPDX-License-Identifier: GPL-2.0-only
/*
 * Motorola S-records: what is read, what is refused and with which words.
 */
#include "image/check.h"

static const struct {
	const char *what;
	const char *text;
	const char *want;	/* segments, or NULL: refused */
	const char *error;	/* part of the message */
} cases[] = {
	{ "S1 and S9", "S107001001020304DE\nS9030000FC\n",
	  "00000010:01020304", NULL },
	{ "S2 and S8", "S2060800100102DE\nS804000000FB\n",
	  "00080010:0102", NULL },
	{ "S3 and S7", "S30708000010AABB7B\nS70508000101F0\n",
	  "08000010:aabb", NULL },
	{ "lower-case s", "s00600004844521B\r\ns1040010AA41\r\ns9030000FC\r\n",
	  "00000010:aa", NULL },
	{ "other letter", "S00600004844521B\r\nT1040010AA41\n", NULL,
	  "x.srec:2: record doesn't begin with 'S'" },
	{ "CR only, control Z", "S1040010AA41\rS9030000FC\r\032",
	  "00000010:aa", NULL },
	{ "remarks", "# one\nS1040010AA41\n; two\nS9030000FC\n# three\n",
	  "00000010:aa", NULL },
	{ "a right count in place of the termination",
	  "S1040010AA41\nS5030001FB\n", "00000010:aa", NULL },
	{ "a right count, and more", "S1040010AA41\nS5030001FB\nS1040011AA40\n",
	  NULL, "x.srec:3: file ends without a termination record" },
	{ "header and count, CR LF, lower case digits",
	  "S00600004844521b\r\nS30708000010aabb7b\r\nS5030001fb\r\nS70508000101f0\r\n\r\n",
	  "08000010:aabb", NULL },
	{ "S6", "S1040010AA41\nS604000001FA\nS9030000FC\n", "00000010:aa",
	  NULL },
	{ "out of order", "S1040012AA3F\nS1040010BB30\nS9030000FC\n",
	  "00000010:bb 00000012:aa", NULL },
	{ "last byte of 16 bits", "S104FFFFAA53\nS9030000FC\n", "0000ffff:aa",
	  NULL },

	{ "bad checksum", "S107001001020304DF\nS9030000FC\n", NULL,
	  "x.srec:1: checksum is DF, should be DE" },
	{ "short", "S1070010010203E2\nS9030000FC\n", NULL,
	  "x.srec:1: record too short: it announces 7 bytes and has 6" },
	{ "long", "S10700100102030405D9\nS9030000FC\n", NULL,
	  "x.srec:1: record too long: it announces 7 bytes and has 8" },
	{ "too short for its address", "S3030000FC\nS9030000FC\n", NULL,
	  "x.srec:1: record too short for an S3" },
	{ "nothing behind the type", "S1\n", NULL, ":1: record too short" },
	{ "bad digit", "S10700100102030xDE\nS9030000FC\n", NULL,
	  "x.srec:1: 'x' in column 16" },
	{ "S4", "S4030000FC\n", NULL, "x.srec:1: unknown record type S4" },
	{ "no digit", "SX030000FC\n", NULL, "unknown record type SX" },
	{ "escape", "S\033\n", NULL, "x.srec:1: unknown record type S?" },
	{ "one letter", "S\n", NULL, "unknown record type S" },
	{ "wrong count", "S1040010AA41\nS5030002FA\nS9030000FC\n", NULL,
	  "x.srec:2: S5 counts 2 data records, there are 1" },
	{ "count with data", "S1040010AA41\nS504000100FA\n", NULL,
	  ":2: record too long: an S5 has no data" },
	{ "termination with data", "S1040010AA41\nS904000000FB\n", NULL,
	  ":2: record too long: an S9 has no data" },
	{ "cut", "S1040010AA41\n", NULL,
	  "x.srec:1: file ends without a termination record" },
	{ "text after the end", "S9030000FC\nS1040010AA41\n", NULL,
	  "x.srec:2: text after the termination record" },
	{ "no data", "S00600004844521B\nS9030000FC\n", NULL,
	  "x.srec: has no data" },
	{ "overlap", "S107001001020304DE\nS1040013AA3E\nS9030000FC\n", NULL,
	  "x.srec:2: data for 0x00000013 was given in line 1 already" },
	{ "wrap of 16 bits", "S105FFFFAABB97\nS9030000FC\n", NULL,
	  "x.srec:1: data goes beyond the end of the 16-bit" },
	{ "wrap of 32 bits", "S307FFFFFFFFAABB97\nS9030000FC\n", NULL,
	  "x.srec:1: data goes beyond address 0xffffffff" },
};

static void read_cases(void **state)
{
	struct image_error err;
	struct image img;
	size_t i;
	int ret;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ret = image_parse("x.srec", (const uint8_t *)cases[i].text,
				  strlen(cases[i].text), IMAGE_SREC, 0, &img,
				  &err);
		if (!cases[i].want) {
			check_error(&err, ret, cases[i].error, cases[i].what);
			continue;
		}
		if (ret)
			print_error("%s: %s\n", cases[i].what, err.text);
		assert_int_equal(ret, 0);
		check_segments(&img, cases[i].want, cases[i].what);
		image_free(&img);
	}
}

static void entry_point(void **state)
{
	static const char text[] = "S30708000010AABB7B\nS70508000101F0\n";
	struct image_error err;
	struct image img;

	(void)state;
	assert_int_equal(image_parse("x", (const uint8_t *)text,
				     sizeof(text) - 1, IMAGE_AUTO, 0, &img,
				     &err), 0);
	assert_int_equal(img.format, IMAGE_SREC);
	assert_true(img.has_entry);
	assert_int_equal(img.entry, 0x08000101);
	image_free(&img);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_cases),
		cmocka_unit_test(entry_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
