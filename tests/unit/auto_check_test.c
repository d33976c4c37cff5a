// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink watch --check: what is printed.
 */
#include <errno.h>

#include "auto_test.h"

#include "auto/check.h"

static void check_printed(const char *conf, enum stl_code code,
			  const char *want)
{
	char *text = NULL, *p;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	put_text("c", conf);
	assert_non_null(out);
	assert_int_equal(auto_check(in_dir("c"), out), code);
	assert_int_equal(fclose(out), 0);
	while ((p = strstr(text, dir))) {
		memcpy(p, "DIR", 3);
		memmove(p + 3, p + strlen(dir), strlen(p + strlen(dir)) + 1);
	}
	assert_string_equal(text, want);
	free(text);
}

static void says_what_it_means(void **state)
{
	static const uint32_t fw[64] = {
		0x20001000, 0x080000c1, 0x080000c1, 0x080000c1
	};

	(void)state;
	put("fw.bin", fw, sizeof(fw));
	put_text("count", "41\n");
	check_printed("[any]\nimage = fw.bin\n"
		      "[path 1-2]\nimage = fw.bin\npart = F030F4\nclock = 1M\n"
		      "mode = normal\ntrigger = target\ndebounce = 10\n"
		      "options = WDG_SW=0 WRP=all\nprotect = level1\n"
		      "verify = read\nalready = program\n"
		      "serial-address = 0x08003ffa\nserial-width = 6\n"
		      "serial-format = decimal\nserial-file = count\n"
		      "on-success = beep\non-failure = beep beep\nlog = log\n",
		      STL_OK,
		      "DIR/c: good, 2 stations\n"
		      "[any] (line 1)\n"
		      "  image       DIR/fw.bin, 256 bytes at 0x08000000, CRC-32 40c14f90\n"
		      "  part        any\n"
		      "  begins when a probe is plugged in or a board arrives, after 300 ms\n"
		      "  attach      mode auto, usual clock\n"
		      "  verify      by the chip's CRC unit\n"
		      "  already     skip a board that holds the image\n"
		      "  options     left as they are\n"
		      "  protect     no\n"
		      "  serial      none\n"
		      "[path 1-2] (line 3)\n"
		      "  image       DIR/fw.bin, 256 bytes at 0x08000000, CRC-32 40c14f90\n"
		      "  part        F030F4, or another that is the same inside (DEV_ID 444, 16 KiB flash)\n"
		      "  begins when a board arrives, after 10 ms\n"
		      "  attach      mode normal, at most 1000 kHz\n"
		      "  verify      read back\n"
		      "  already     program a board that holds the image all the same\n"
		      "  options     WDG_SW=0 WRP=all\n"
		      "  protect     level 1\n"
		      "  serial      6 bytes at 0x08003ffa from DIR/count, next 000041, last 999999\n"
		      "  on-success  beep\n"
		      "  on-failure  beep beep\n"
		      "  timeout     10 s\n"
		      "  log         DIR/log, csv\n");
}

static void says_all_that_is_wrong(void **state)
{
	(void)state;
	check_printed("[any]\nimage = none\nclock = x\n", STL_FILE,
		      "DIR/c:2: image: DIR/none: No such file or directory\n"
		      "DIR/c:3: clock takes a frequency such as 1800k or 4M, not 'x'\n");
}

static void warns_and_goes_on(void **state)
{
	static const uint32_t fw[] = {
		0x10000000, 0x08000011, 0x08000011, 0x08000011, 0
	};

	(void)state;
	put("fw.bin", fw, sizeof(fw));
	check_printed("[any]\nimage = fw.bin\n", STL_OK,
		      "DIR/c:2: warning: image: DIR/fw.bin: initial SP 0x10000000 is not in SRAM\n"
		      "DIR/c: good, 1 station\n"
		      "[any] (line 1)\n"
		      "  image       DIR/fw.bin, 20 bytes at 0x08000000, CRC-32 a6cc076d\n"
		      "  part        any\n"
		      "  begins when a probe is plugged in or a board arrives, after 300 ms\n"
		      "  attach      mode auto, usual clock\n"
		      "  verify      by the chip's CRC unit\n"
		      "  already     skip a board that holds the image\n"
		      "  options     left as they are\n"
		      "  protect     no\n"
		      "  serial      none\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(says_what_it_means, clean_up),
		cmocka_unit_test_teardown(says_all_that_is_wrong, clean_up),
		cmocka_unit_test_teardown(warns_and_goes_on, clean_up),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
