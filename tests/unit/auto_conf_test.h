/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of configurations share: files to name, and what is said.
 */
#ifndef AUTO_CONF_TEST_H
#define AUTO_CONF_TEST_H

#include "auto_test.h"

#include "auto/conf.h"

/* the same for all tests */
static inline int make_files(void **state)
{
	static uint8_t fw[0x200], bad[0x100], big[20000];
	struct image_segment segs[] = {
		{ 0x08000000, sizeof(fw), fw },
		{ 0x1ffff800, 16, bad },
	};
	struct image img = { .num = 1, .seg = segs };
	static const uint32_t vectors[] = {
		0x20001000, 0x080000c1, 0x080000c1, 0x080000c1
	};
	struct image_error err;
	struct image_out *out;
	int i;

	(void)state;
	for (i = 0; i < 0x100; i++)
		fw[0x100 + i] = i;
	memset(fw + 0x1f0, 0xff, 8);
	memcpy(fw, vectors, sizeof(vectors));
	memcpy(big, vectors, sizeof(vectors));
	put("fw.bin", fw, sizeof(fw));
	put("bad.bin", bad, sizeof(bad));
	put("big.bin", big, sizeof(big));
	put("zero", "", 0);
	put("page.bin", "<!DOCTYPE html>\n", 16);
	for (i = 0; i < 3; i++) {
		static const char *const names[] = {
			"fw.hex", "options.hex", "ram.hex"
		};

		img.num = i == 1 ? 2 : 1;
		if (i == 2)
			segs[0].addr = 0x20000000;
		assert_int_equal(image_out_open(in_dir(names[i]), &out, &err),
				 0);
		assert_int_equal(image_write(out, IMAGE_HEX, &img, &err), 0);
		assert_int_equal(image_out_commit(out, &err), 0);
	}
	put_text("broken.hex", ":00000001FE\n");
	put_text("count", "41\n");
	put_text("count300", "300\n");
	put_text("words", "no number\n");
	put_text("log.csv", AUTO_LOG_HEADER);
	put_text("hook", "#!/bin/sh\n");
	assert_int_equal(chmod(in_dir("hook"), 0755), 0);
	assert_int_equal(mkfifo(in_dir("fifo"), 0644), 0);
	assert_int_equal(mkdir(in_dir("folder"), 0755), 0);
	return 0;
}

static inline int group(void **state)
{
	return make_dir(state) || make_files(state);
}

/* all that is said of a configuration, "DIR" for its folder */
static inline char *said_of(const char *text, size_t len, struct auto_conf *conf)
{
	char *said = NULL, *p;
	size_t size;
	FILE *out = open_memstream(&said, &size);
	enum stl_code code;

	put("c", text, len);
	code = auto_conf_load(in_dir("c"), conf);
	assert_non_null(out);
	auto_problems_print(&conf->problems, "c", out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(code, conf->problems.errors ? STL_FILE : STL_OK);
	while ((p = strstr(said, dir))) {
		memcpy(p, "DIR", 3);
		memmove(p + 3, p + strlen(dir), strlen(p + strlen(dir)) + 1);
	}
	return said;
}

static inline void check_said(const char *text, size_t len, const char *want)
{
	struct auto_conf conf;
	char *said = said_of(text, len, &conf);

	if (strcmp(said, want))
		print_error("of:\n%s\nhave:\n%s\nwant:\n%s\n", text, said,
			    want);
	assert_string_equal(said, want);
	free(said);
	auto_conf_free(&conf);
}

/* nothing is said; to be freed */
static inline struct auto_conf good(const char *text)
{
	struct auto_conf conf;
	char *said = said_of(text, strlen(text), &conf);

	if (*said)
		print_error("of:\n%s\nhave:\n%s\n", text, said);
	assert_string_equal(said, "");
	free(said);
	return conf;
}

#endif
