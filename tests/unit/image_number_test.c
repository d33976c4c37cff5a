// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers of the command line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cmd/cmd.h"

static const struct {
	const char *text;
	bool ok;
	uint32_t value;
} numbers[] = {
	{ "0", true, 0 }, { "42", true, 42 }, { "010", true, 10 },
	{ "0x10", true, 16 }, { "0X1f", true, 31 },
	{ "0xFFFFFFFF", true, UINT32_MAX }, { "4294967295", true, UINT32_MAX },
	{ "16K", true, 16384 }, { "16k", true, 16384 },
	{ "4KiB", true, 4096 }, { "1M", true, 1048576 },
	{ "2MiB", true, 2097152 }, { "0x4K", true, 4096 },
	{ "4095M", true, 4095u << 20 },

	{ "", false, 0 }, { " 1", false, 0 }, { "1 ", false, 0 },
	{ "-1", false, 0 }, { "+1", false, 0 }, { "0x", false, 0 },
	{ "0x-1", false, 0 }, { "0x 1", false, 0 }, { "0x0x1", false, 0 },
	{ "x1", false, 0 }, { "1x", false, 0 }, { "12a", false, 0 },
	{ "1.5K", false, 0 }, { "1KB", false, 0 }, { "1G", false, 0 },
	{ "K", false, 0 }, { "0xg", false, 0 }, { "4294967296", false, 0 },
	{ "0x100000000", false, 0 }, { "4096M", false, 0 },
	{ "4194304K", false, 0 }, { "99999999999999999999", false, 0 },
	{ "18446744073709551617", false, 0 },
};

static void check_numbers(void **state)
{
	uint32_t v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		bool ok = parse_u32(numbers[i].text, &v);

		if (ok != numbers[i].ok)
			print_error("'%s' was %s\n", numbers[i].text,
				    ok ? "accepted" : "refused");
		assert_int_equal(ok, numbers[i].ok);
		if (ok)
			assert_int_equal(v, numbers[i].value);
	}
}

static const struct {
	const char *text;
	bool ok;
	uint32_t khz;
} clocks[] = {
	{ "1800", true, 1800 }, { "1800k", true, 1800 },
	{ "1800kHz", true, 1800 }, { "950KHZ", true, 950 },
	{ "4M", true, 4000 }, { "4MHz", true, 4000 }, { "1.8M", true, 1800 },
	{ "1.25m", true, 1250 }, { "0.5M", true, 500 },
	{ "1800000Hz", true, 1800 }, { "1800999Hz", true, 1800 },
	{ "1.9999999999999M", true, 1999 }, { "5", true, 5 },

	{ "", false, 0 }, { "k", false, 0 }, { "-4M", false, 0 },
	{ "4 M", false, 0 }, { "4MB", false, 0 }, { "1.", false, 0 },
	{ "1.M", false, 0 }, { ".5M", false, 0 }, { "1.2.3M", false, 0 },
	{ "0", false, 0 }, { "999Hz", false, 0 }, { "4000000", false, 0 },
	{ "99999999999999999999M", false, 0 }, { "0x10", false, 0 },
};

static void check_clocks(void **state)
{
	uint32_t v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		bool ok = parse_khz(clocks[i].text, &v);

		if (ok != clocks[i].ok)
			print_error("'%s' was %s\n", clocks[i].text,
				    ok ? "accepted" : "refused");
		assert_int_equal(ok, clocks[i].ok);
		if (ok)
			assert_int_equal(v, clocks[i].khz);
	}
}

static void check_pages(void **state)
{
	static const char * const bad[] = {
		"", "-", "1-", "-1", "3-2", "1-2-3", "a", "1-b", "1--2",
		"99999999999999999-4",
	};
	uint32_t a, b;
	size_t i;

	(void)state;
	assert_true(parse_pages("7", &a, &b));
	assert_int_equal(a, 7);
	assert_int_equal(b, 7);
	assert_true(parse_pages("0x2-15", &a, &b));
	assert_int_equal(a, 2);
	assert_int_equal(b, 15);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (parse_pages(bad[i], &a, &b))
			print_error("'%s' was accepted\n", bad[i]);
		assert_false(parse_pages(bad[i], &a, &b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_numbers),
		cmocka_unit_test(check_clocks),
		cmocka_unit_test(check_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
