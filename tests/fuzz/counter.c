// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file with the next serial number: the first byte says how long numbers may
 * be, the rest is its content.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auto/counter.h"
#include "fuzz.h"

/* A number, and nothing but blanks behind it. */
static bool is_number(const char *text, size_t size)
{
	size_t len = strspn(text, "0123456789");
	size_t zeros = strspn(text, "0");

	if (!len || strlen(text) != size || size >= 22 ||
	    len + strspn(text + len, " \t\r\n") != size)
		return false;
	return len - zeros < 20 ||
	       (len - zeros == 20 &&
		strncmp(text + zeros, "18446744073709551615", 20) <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t next = 0, number = 0, last;
	struct stl_error err = { 0 };
	char *text, *after, want[32];
	size_t len;
	bool good;

	if (!size)
		return 0;
	last = data[0] < 64 ? (1ULL << data[0]) - 1 : UINT64_MAX - 1;
	text = fuzz_text(data + 1, size - 1);
	good = is_number(text, size - 1);
	fuzz_put("n", data + 1, size - 1);
	fuzz_check(!auto_counter_read(fuzz_path("n"), &next, &err) == good);
	if (good)
		fuzz_check(next == strtoull(text, NULL, 10));
	else
		fuzz_plain(err.message);
	memset(&err, 0, sizeof(err));
	if (auto_counter_take(fuzz_path("n"), last, &number, &err)) {
		fuzz_plain(err.message);
		fuzz_check(!good || next > last || next == UINT64_MAX);
		after = fuzz_get("n", &len);
		fuzz_check(len == size - 1 && !memcmp(after, data + 1, len));
	} else {
		fuzz_check(good && number == next && next <= last);
		snprintf(want, sizeof(want), "%" PRIu64 "\n", next + 1);
		after = fuzz_get("n", NULL);
		fuzz_check(!strcmp(after, want));
	}
	free(after);
	free(text);
	return 0;
}
