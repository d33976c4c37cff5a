// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the format, loading, and writing so that no part of a file is ever
 * seen under its name.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/check.h"

static const struct {
	const char *name;
	const char *content;
	enum image_format want;
} formats[] = {
	{ "a.bin", ":0100100004EB\n:00000001FF\n", IMAGE_HEX },
	{ "a.hex", ":0100100004EB\r\n", IMAGE_HEX },
	{ "a", "\r\n\n:0100100004eb", IMAGE_HEX },
	{ "a.hex", "S1040010AA41\n", IMAGE_SREC },
	{ "a", "S1040010AA41", IMAGE_SREC },
	{ "a.bin", "\177ELF", IMAGE_ELF },
	{ "a", "\177EL", IMAGE_BIN },
	/* damaged: the name decides, and the reader then says what is wrong */
	{ "a.hex", ":01", IMAGE_HEX },
	{ "a.HEX", "hello", IMAGE_HEX },
	{ "dir.x/a.s19", "hello", IMAGE_SREC },
	{ "a.mot", "\1\2\3", IMAGE_SREC },
	{ "a.elf", "hello", IMAGE_ELF },
	{ "a.bin", "hello", IMAGE_BIN },
	{ "a.dat", "hello", IMAGE_BIN },
	{ "dir.hex/a", "hello", IMAGE_BIN },
	/* a colon alone makes no HEX file */
	{ "a.bin", ":abc", IMAGE_BIN },
	{ "a.bin", ": 0100100004EB\n", IMAGE_BIN },
	{ "a.bin", "Software version 3\n", IMAGE_BIN },
};

static void detect(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		enum image_format have =
			image_detect(formats[i].name,
				     (const uint8_t *)formats[i].content,
				     strlen(formats[i].content));

		if (have != formats[i].want)
			print_error("%s with \"%s\" is %s\n", formats[i].name,
				    formats[i].content,
				    image_format_word(have));
		assert_int_equal(have, formats[i].want);
	}
}

static char dir[] = "/tmp/stlink-image-XXXXXX";
static uint8_t pattern[70000];
static struct image_segment segments[] = {
	{ 0x0800fff8, 16, pattern },
	{ 0x08010100, sizeof(pattern), pattern },
};
static struct image two = { .num = 2, .seg = segments };

static const char *in_dir(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int make_dir(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = i * 7 + (i >> 8);
	signal(SIGXFSZ, SIG_IGN);
	return mkdtemp(dir) ? 0 : -1;
}

/* everything in the directory, which is to hold @num files at the end */
static int files(bool remove_them)
{
	struct dirent *e;
	DIR *d = opendir(dir);
	int num = 0;

	assert_non_null(d);
	while ((e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		num++;
		if (remove_them)
			unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
	return num;
}

static int clean(void **state)
{
	(void)state;
	files(true);
	return 0;
}

static int remove_dir(void **state)
{
	clean(state);
	return rmdir(dir);
}

static int save(const char *path, enum image_format format,
		const struct image *img, struct image_error *err)
{
	struct image_out *out;
	int ret = image_out_open(path, &out, err);

	if (ret)
		return ret;
	ret = image_write(out, format, img, err);
	if (ret)
		image_out_abort(out);
	return ret ? ret : image_out_commit(out, err);
}

static void put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void check_content(const char *path, const char *want)
{
	char have[64] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_true(fread(have, 1, sizeof(have) - 1, f) > 0);
	fclose(f);
	assert_string_equal(have, want);
}

static void round_trip(void **state)
{
	static const enum image_format f[] = { IMAGE_HEX, IMAGE_SREC };
	struct image_error err;
	struct image img;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(save(in_dir("a"), f[i], &two, &err), 0);
		assert_int_equal(image_load(in_dir("a"), IMAGE_AUTO, 0, &img,
					    &err), 0);
		assert_int_equal(img.format, f[i]);
		check_same(&img, &two);
		image_free(&img);
		assert_int_equal(files(false), 1);
	}
}

static void round_trip_raw(void **state)
{
	struct image_error err;
	struct image img;
	size_t i;

	(void)state;
	assert_int_equal(save(in_dir("a.bin"), IMAGE_BIN, &two, &err), 0);
	assert_int_equal(image_load(in_dir("a.bin"), IMAGE_AUTO, 0x0800fff8,
				    &img, &err), 0);
	assert_int_equal(img.num, 1);
	assert_int_equal(img.seg[0].addr, 0x0800fff8);
	assert_int_equal(img.seg[0].size, 0x108 + sizeof(pattern));
	assert_memory_equal(img.seg[0].data, pattern, 16);
	for (i = 16; i < 0x108; i++)
		assert_int_equal(img.seg[0].data[i], 0xff);
	assert_memory_equal(img.seg[0].data + 0x108, pattern, sizeof(pattern));
	image_free(&img);
	assert_int_equal(save(in_dir("b"), IMAGE_ELF, &two, &err), -EINVAL);
	assert_int_equal(files(false), 1);
}

static void not_before_commit(void **state)
{
	struct image_error err;
	struct image_out *out;

	(void)state;
	assert_int_equal(image_out_open(in_dir("a"), &out, &err), 0);
	assert_int_equal(image_write(out, IMAGE_BIN, &two, &err), 0);
	assert_int_equal(access(in_dir("a"), F_OK), -1);
	image_out_abort(out);
	assert_int_equal(files(false), 0);
}

static void full_disk(void **state)
{
	struct rlimit old, small = { 0 };
	struct image_error err;
	int ret;

	(void)state;
	put(in_dir("old"), "untouched", 0644);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 20000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	ret = save(in_dir("new"), IMAGE_BIN, &two, &err);
	if (!ret)
		ret = -1000;
	else
		ret = save(in_dir("old"), IMAGE_HEX, &two, &err);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(ret, -EFBIG);
	assert_non_null(strstr(err.text, "/old: File too large"));
	assert_int_equal(access(in_dir("new"), F_OK), -1);
	check_content(in_dir("old"), "untouched");
	assert_int_equal(files(false), 1);
}

static void devices(void **state)
{
	struct image_error err;
	struct stat st;

	(void)state;
	assert_int_equal(save("/dev/full", IMAGE_BIN, &two, &err), -ENOSPC);
	assert_string_equal(err.text, "/dev/full: No space left on device");
	assert_int_equal(save("/dev/null", IMAGE_BIN, &two, &err), 0);
	/* written to, not replaced */
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void permissions(void **state)
{
	struct image_error err;
	struct stat st;
	mode_t mask = umask(027);

	(void)state;
	assert_int_equal(save(in_dir("new"), IMAGE_BIN, &two, &err), 0);
	umask(mask);
	assert_int_equal(stat(in_dir("new"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	put(in_dir("old"), "x", 0604);
	assert_int_equal(save(in_dir("old"), IMAGE_BIN, &two, &err), 0);
	assert_int_equal(stat(in_dir("old"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0604);
	assert_int_equal(st.st_size, 0x108 + sizeof(pattern));
}

static void write_protected(void **state)
{
	struct image_error err;

	(void)state;
	if (!geteuid()) {
		/* root may write to everything: be nobody for a moment */
		assert_int_equal(chmod(dir, 0777), 0);
		put(in_dir("old"), "untouched", 0444);
		assert_int_equal(setresuid(65534, 65534, 0), 0);
		assert_int_equal(save(in_dir("old"), IMAGE_BIN, &two, &err),
				 -EACCES);
		assert_int_equal(setresuid(0, 0, 0), 0);
	} else {
		put(in_dir("old"), "untouched", 0444);
		assert_int_equal(save(in_dir("old"), IMAGE_BIN, &two, &err),
				 -EACCES);
	}
	check_content(in_dir("old"), "untouched");
	assert_int_equal(files(false), 1);
}

static void through_a_link(void **state)
{
	struct image_error err;
	struct stat st;

	(void)state;
	put(in_dir("real"), "x", 0644);
	assert_int_equal(symlink("real", in_dir("link")), 0);
	assert_int_equal(save(in_dir("link"), IMAGE_BIN, &two, &err), 0);
	assert_int_equal(lstat(in_dir("link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(in_dir("real"), &st), 0);
	assert_int_equal(st.st_size, 0x108 + sizeof(pattern));
	assert_int_equal(files(false), 2);
}

static void long_names(void **state)
{
	char name[260], path[600];
	struct image_error err;

	(void)state;
	memset(name, 'x', sizeof(name));
	name[255] = '\0';
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(save(path, IMAGE_BIN, &two, &err), 0);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(files(false), 1);
	name[255] = 'x';
	name[256] = '\0';
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(save(path, IMAGE_BIN, &two, &err), -ENAMETOOLONG);
	assert_int_equal(files(false), 1);
}

static void bad_paths(void **state)
{
	struct image_error err;
	struct image img;

	(void)state;
	assert_int_equal(save(dir, IMAGE_BIN, &two, &err), -EISDIR);
	assert_int_equal(save("/no/such/dir/a", IMAGE_BIN, &two, &err),
			 -ENOENT);
	assert_string_equal(err.text,
			    "/no/such/dir/a: No such file or directory");
	assert_int_equal(image_load(dir, IMAGE_AUTO, 0, &img, &err), -EISDIR);
	assert_int_equal(image_load(in_dir("none"), IMAGE_AUTO, 0, &img, &err),
			 -ENOENT);
	put(in_dir("empty"), "", 0644);
	assert_int_equal(image_load(in_dir("empty"), IMAGE_AUTO, 0, &img,
				    &err), -ENODATA);
	assert_non_null(strstr(err.text, "empty: file is empty"));
}

static void huge_file(void **state)
{
	struct image_error err;
	struct image img;

	(void)state;
	put(in_dir("a.bin"), "x", 0644);
	assert_int_equal(truncate(in_dir("a.bin"), IMAGE_MAX_BYTES), 0);
	assert_int_equal(image_load(in_dir("a.bin"), IMAGE_AUTO, 0, &img,
				    &err), 0);
	assert_int_equal(image_bytes(&img), IMAGE_MAX_BYTES);
	image_free(&img);
	assert_int_equal(truncate(in_dir("a.bin"), IMAGE_MAX_BYTES + 1), 0);
	assert_int_equal(image_load(in_dir("a.bin"), IMAGE_AUTO, 0, &img,
				    &err), -EFBIG);
	assert_non_null(strstr(err.text, "larger than 16 MiB"));
}

static void raw_wrap(void **state)
{
	struct image_error err;
	struct image img;

	(void)state;
	assert_int_equal(image_parse("a", pattern, 16, IMAGE_BIN, 0xfffffff0,
				     &img, &err), 0);
	image_free(&img);
	assert_int_equal(image_parse("a", pattern, 17, IMAGE_BIN, 0xfffffff0,
				     &img, &err), -EBADMSG);
}

static void extract(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct image_error err;
	struct image img;
	struct image part;

	(void)state;
	assert_int_equal(image_parse("a", bytes, 8, IMAGE_BIN, 0x1000, &img,
				     &err), 0);
	assert_int_equal(image_extract(&img, 0x1002, 3, &part), 0);
	check_segments(&img, "00001000:0102 00001005:060708", "rest");
	check_segments(&part, "00001002:030405", "part");
	image_free(&part);
	assert_int_equal(image_extract(&img, 0x2000, 16, &part), 0);
	assert_int_equal(part.num, 0);
	image_free(&part);
	assert_int_equal(image_extract(&img, 0, UINT32_MAX, &part), 0);
	assert_int_equal(img.num, 0);
	assert_int_equal(part.num, 2);
	image_free(&part);
	image_free(&img);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(detect),
		cmocka_unit_test_teardown(round_trip, clean),
		cmocka_unit_test_teardown(round_trip_raw, clean),
		cmocka_unit_test_teardown(not_before_commit, clean),
		cmocka_unit_test_teardown(full_disk, clean),
		cmocka_unit_test(devices),
		cmocka_unit_test_teardown(permissions, clean),
		cmocka_unit_test_teardown(write_protected, clean),
		cmocka_unit_test_teardown(through_a_link, clean),
		cmocka_unit_test_teardown(long_names, clean),
		cmocka_unit_test_teardown(bad_paths, clean),
		cmocka_unit_test_teardown(huge_file, clean),
		cmocka_unit_test(raw_wrap),
		cmocka_unit_test(extract),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
