// SPDX-License-Identifier: GPL-2.0-only
/*
 * Damaged files: whatever is changed, a reader answers, and what it accepts
 * is in order. The seed is fixed and printed; STLINK_SEED sets another.
 */
#include "image/check.h"

#define ROUNDS 20000

static uint64_t rng;

/* xorshift64*, Vigna 2016 */
static uint32_t rnd(uint32_t below)
{
	rng ^= rng >> 12;
	rng ^= rng << 25;
	rng ^= rng >> 27;
	return (uint32_t)((rng * 0x2545f4914f6cdd1dULL) >> 32) % below;
}

static void check_order(const struct image *img)
{
	uint64_t end = 0;
	size_t i;

	assert_true(img->num > 0);
	for (i = 0; i < img->num; i++) {
		assert_true(img->seg[i].size > 0);
		/* touching segments would have been joined */
		assert_true(!i || img->seg[i].addr > end);
		end = (uint64_t)img->seg[i].addr + img->seg[i].size;
		assert_true(end <= 1ULL << 32);
	}
}

static size_t damage(uint8_t *buf, size_t len)
{
	static const char likely[] = "0123456789ABCDEFabcdef:S\r\n \t";
	uint32_t n = 1 + rnd(4);

	while (n-- && len > 1) {
		size_t at = rnd(len);

		switch (rnd(5)) {
		case 0:
			buf[at] = rnd(256);
			break;
		case 1:
			buf[at] = likely[rnd(sizeof(likely) - 1)];
			break;
		case 2:
			buf[at] ^= 1 << rnd(8);
			break;
		case 3:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len--;
			break;
		default:
			len = at + 1;
			break;
		}
	}
	return len;
}

static void run(const char *name)
{
	static uint8_t good[1 << 17];
	unsigned int accepted = 0;
	struct image_error err;
	struct image img;
	FILE *f = fopen(name, "rb");
	size_t len;
	int i;

	assert_non_null(f);
	len = fread(good, 1, sizeof(good), f);
	fclose(f);
	assert_true(len > 100 && len < sizeof(good));
	for (i = 0; i < ROUNDS; i++) {
		/* of exact size, so that a sanitizer sees a step beyond */
		uint8_t *whole = malloc(len);
		uint8_t *buf;
		size_t n;

		assert_non_null(whole);
		memcpy(whole, good, len);
		n = damage(whole, len);
		buf = malloc(n);
		assert_non_null(buf);
		memcpy(buf, whole, n);
		free(whole);
		if (!image_parse(name, buf, n, IMAGE_AUTO, 0x08000000, &img,
				 &err)) {
			check_order(&img);
			image_free(&img);
			accepted++;
		} else {
			assert_true(strlen(err.text) > strlen(name));
			assert_int_equal(img.num, 0);
		}
		free(buf);
	}
	print_message("# %s: %u of %d accepted\n", name, accepted, ROUNDS);
}

static void damaged_hex(void **state)
{
	(void)state;
	run(FIXTURES "/sparse.hex");
}

static void damaged_srec(void **state)
{
	(void)state;
	run(FIXTURES "/sparse.srec");
}

static void damaged_elf(void **state)
{
	(void)state;
	run(FIXTURES "/sparse.elf");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_hex),
		cmocka_unit_test(damaged_srec),
		cmocka_unit_test(damaged_elf),
	};
	const char *seed = getenv("STLINK_SEED");

	rng = seed ? strtoull(seed, NULL, 0) : 0x5f30;
	if (!rng)
		rng = 1;
	printf("# seed 0x%llx\n", (unsigned long long)rng);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
