// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers, clocks, pages and parts as they are typed, against other ways to
 * understand them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "auto/part.h"
#include "cmd/cmd.h"
#include "fuzz.h"
#include "pages.h"

/* digits of a base; the value no larger than 2^40 */
static const char *digits(const char *p, unsigned int base, uint64_t *value)
{
	static const char all[] = "0123456789abcdef";
	const char *at;

	for (*value = 0; *p; p++) {
		at = memchr(all, tolower((unsigned char)*p), base);
		if (!at)
			break;
		if (*value < 1ULL << 40)
			*value = *value * base + (at - all);
	}
	return p;
}

static uint64_t scale_of(const char *suffix)
{
	if (!*suffix)
		return 1;
	if (!strcmp(suffix, "K") || !strcmp(suffix, "k") ||
	    !strcmp(suffix, "KiB"))
		return 1 << 10;
	if (!strcmp(suffix, "M") || !strcmp(suffix, "m") ||
	    !strcmp(suffix, "MiB"))
		return 1 << 20;
	return 0;
}

static void u32(const char *text)
{
	bool hex = !strncasecmp(text, "0x", 2);
	const char *from = text + (hex ? 2 : 0), *end;
	uint32_t value = 0x5a5a5a5a;
	uint64_t want, scale;
	bool good;

	end = digits(from, hex ? 16 : 10, &want);
	scale = scale_of(end);
	good = end > from && scale && want <= UINT32_MAX &&
	       want * scale <= UINT32_MAX;
	fuzz_check(parse_u32(text, &value) == good);
	fuzz_check(value == (good ? want * scale : 0x5a5a5a5a));
}

/* as a fraction of whole kHz, with 18 places at the most */
static void khz(const char *text)
{
	uint64_t whole, part = 0, unit_hz, hz;
	const char *p = digits(text, 10, &whole);
	uint32_t value = 0;
	int places = 0;
	bool good;

	good = p > text;
	if (*p == '.') {
		good = good && isdigit((unsigned char)p[1]);
		for (p++; isdigit((unsigned char)*p); p++) {
			if (places < 6) {
				part = part * 10 + (*p - '0');
				places++;
			}
		}
	}
	for (; places < 6; places++)
		part *= 10;
	if (!*p || !strcasecmp(p, "k") || !strcasecmp(p, "khz"))
		unit_hz = 1000;
	else if (!strcasecmp(p, "m") || !strcasecmp(p, "mhz"))
		unit_hz = 1000000;
	else if (!strcasecmp(p, "hz"))
		unit_hz = 1;
	else
		unit_hz = 0;
	if (whole >= 1000000000)
		good = false;
	hz = good ? whole * unit_hz + part * unit_hz / 1000000 : 0;
	good = good && unit_hz && hz >= 1000 && hz / 1000 <= 100000;
	fuzz_check(parse_khz(text, &value) == good);
	fuzz_check(!good || value == hz / 1000);
}

static void page_range(const char *text)
{
	uint32_t first, last, a, b;
	char *copy = strdup(text);
	char *dash = strchr(copy, '-');

	if (parse_pages(text, &first, &last)) {
		fuzz_check(first <= last);
		if (dash)
			*dash = '\0';
		fuzz_check(parse_u32(copy, &a) && a == first);
		fuzz_check(parse_u32(dash ? dash + 1 : copy, &b) && b == last);
	}
	free(copy);
}

static void page_set(const char *text, uint32_t num)
{
	/* one more, which nobody may touch */
	bool set[STL_PAGES_MAX + 1] = { false }, again[STL_PAGES_MAX] = { false };
	char buf[2048], small[8];
	uint32_t i;

	if (!stl_pages_parse(text, num, set))
		return;
	for (i = num; i <= STL_PAGES_MAX; i++)
		fuzz_check(!set[i]);
	stl_pages_text(set, num, ",", buf, sizeof(buf));
	stl_pages_text(set, num, ", ", small, sizeof(small));
	fuzz_check(strlen(small) < sizeof(small));
	fuzz_plain(buf);
	fuzz_check(stl_pages_parse(buf, num, again));
	fuzz_check(!memcmp(set, again, num * sizeof(*set)));
}

static void part(const char *text)
{
	struct stl_chip chip, again;

	if (!auto_part_find(text, &chip))
		return;
	fuzz_check(chip.part && chip.flash_size && chip.page_size);
	fuzz_check(chip.flash_size <= 256 << 10);
	fuzz_check(auto_part_find(chip.name, &again));
	fuzz_check(auto_part_same(&chip, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	u32(text);
	khz(text);
	page_range(text);
	page_set(text, 16);
	page_set(text, STL_PAGES_MAX);
	part(text);
	free(text);
	return 0;
}
