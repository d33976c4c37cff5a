// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are read from a chip: at a power cut, at a kill and at a failure of every
 * call the name has the old content or the new one, and no other file stays.
 */
#include <errno.h>

#include "auto_test.h"
#include "auto_cut.h"

#include "image/image.h"

#define SIZE	(16 << 10)
#define OLD	"what was there before\n"

static uint8_t flash[SIZE];
static enum image_format form;
static int failed;

/* in the process whose power goes */
static uint64_t save(const char *path)
{
	struct image_segment seg = { 0x08000000, SIZE, flash };
	struct image img = { .num = 1, .seg = &seg };
	struct image_error err = { .text = "" };
	struct image_out *out;

	failed = image_out_open(path, &out, &err);
	if (failed)
		return UINT64_MAX;
	failed = image_write(out, form, &img, &err);
	if (failed)
		image_out_abort(out);
	else
		failed = image_out_commit(out, &err);
	if (failed)
		assert_non_null(strstr(err.text, strerror(-failed)));
	return failed ? UINT64_MAX : 1;
}

enum found { NOTHING, FORMER, WHOLE };

/* What the name leads to; anything else is a part. */
static enum found look(void)
{
	struct image_error err;
	enum found found = WHOLE;
	struct image img;
	size_t len;
	char *text = get("f", &len);

	if (!text)
		return NOTHING;
	if (len == strlen(OLD) && !memcmp(text, OLD, len)) {
		found = FORMER;
	} else {
		assert_int_equal(image_parse("f", (uint8_t *)text, len, form,
					     0x08000000, &img, &err), 0);
		assert_int_equal(img.num, 1);
		assert_int_equal(img.seg[0].size, SIZE);
		assert_memory_equal(img.seg[0].data, flash, SIZE);
		image_free(&img);
	}
	free(text);
	return found;
}

/* files in the folder that aren't "f" */
static int others(void)
{
	struct dirent *e;
	DIR *d = opendir(dir);
	int num = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		num += strcmp(e->d_name, ".") && strcmp(e->d_name, "..") &&
		       strcmp(e->d_name, "f");
	closedir(d);
	return num;
}

static enum found start(bool with_old)
{
	clean();
	if (with_old)
		put_text("f", OLD);
	return with_old ? FORMER : NOTHING;
}

static void power(void **state)
{
	enum cut_loss loss;
	enum found before, after;
	uint64_t done;
	long at, cuts = 0;
	int with_old;
	bool went;

	(void)state;
	for (form = IMAGE_BIN; form <= IMAGE_SREC; form++) {
		for (with_old = 0; with_old < 2; with_old++) {
			for (loss = 0; loss < CUT_NUM_LOSSES; loss++) {
				for (at = 1, went = true; went; at++) {
					before = start(with_old);
					went = cut_run(in_dir("f"), save, at,
						       loss, &done);
					cuts += went;
					after = look();
					assert_true(after == before ||
						    after == WHOLE);
					/* it was said that it is there */
					if (done == 1)
						assert_int_equal(after, WHOLE);
					assert_true(others() <= went);
					/* what was left is in nobody's way */
					assert_int_equal(save(in_dir("f")), 1);
					assert_int_equal(look(), WHOLE);
				}
				/* open, modes, writes, syncs, rename, closes */
				assert_true(at > 7);
			}
		}
	}
	print_message("# %ld power cuts\n", cuts);
}

static void failures(void **state)
{
	enum cut_fault fault;
	enum found before, after;
	uint64_t done;
	long at, num = 0;
	int with_old;
	bool went;

	(void)state;
	for (form = IMAGE_BIN; form <= IMAGE_SREC; form++) {
		for (with_old = 0; with_old < 2; with_old++) {
			for (fault = 0; fault < CUT_NUM_FAULTS; fault++) {
				for (at = 1, went = true; went; at++) {
					before = start(with_old);
					went = cut_fail(in_dir("f"), save, at,
							fault, &done);
					num += went;
					after = look();
					if (done == 1)
						assert_int_equal(after, WHOLE);
					else
						assert_true(after == before ||
							    after == WHOLE);
					assert_int_equal(others(), 0);
					/* a write may be cut short */
					if (!went || fault == CUT_SHORT)
						assert_int_equal(done, 1);
				}
			}
		}
	}
	print_message("# %ld failures\n", num);
}

/* nothing that fails goes unheard, but closing the folder at the end */
static void never_said_in_vain(void **state)
{
	uint64_t done;
	long at, lost = 0;
	bool went = true;

	(void)state;
	form = IMAGE_BIN;
	for (at = 1; went; at++) {
		start(true);
		went = cut_fail(in_dir("f"), save, at, CUT_EIO, &done);
		lost += went && done == 1;
	}
	assert_true(lost <= 1);
}

/* as on a FAT file system, which has neither owners nor permissions */
static void not_permitted(void **state)
{
	int with_old, unheard;
	uint64_t done;
	bool went;
	long at;

	(void)state;
	for (with_old = 0; with_old < 2; with_old++) {
		for (at = 1, unheard = 0, went = true; went; at++) {
			start(with_old);
			went = cut_fail(in_dir("f"), save, at, CUT_EPERM,
					&done);
			unheard += went && done == 1;
		}
		/* owner, if there is one to be kept, mode; closing the folder */
		assert_int_equal(unheard, with_old + 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(power, clean_up),
		cmocka_unit_test_teardown(failures, clean_up),
		cmocka_unit_test_teardown(never_said_in_vain, clean_up),
		cmocka_unit_test_teardown(not_permitted, clean_up),
	};
	size_t i;

	for (i = 0; i < SIZE; i++)
		flash[i] = i * 7 + (i >> 8);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
