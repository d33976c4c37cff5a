// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counter of serial numbers: several at once, wrong contents, no room.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "auto_test.h"

#include "auto/counter.h"

static uint64_t take(const char *name, uint64_t last)
{
	struct stl_error err = { 0 };
	uint64_t number = UINT64_MAX;

	if (auto_counter_take(in_dir(name), last, &number, &err))
		print_error("%s\n", err.message);
	assert_int_equal(err.code, 0);
	return number;
}

/* refused, with this message, and the file is what it was */
static void refused(const char *name, uint64_t last, const char *want)
{
	struct stl_error err = { 0 };
	char *before = get(name, NULL);
	uint64_t number = UINT64_MAX;

	assert_int_equal(auto_counter_take(in_dir(name), last, &number, &err),
			 STL_FILE);
	if (!strstr(err.message, want))
		print_error("have: %s\nwant: %s\n", err.message, want);
	assert_non_null(strstr(err.message, want));
	assert_true(number == UINT64_MAX);
	if (before)
		check_file(name, before);
	free(before);
}

static void counts(void **state)
{
	uint64_t next;

	(void)state;
	put_text("n", "41\n");
	assert_int_equal(auto_counter_read(in_dir("n"), &next, NULL), 0);
	assert_int_equal(next, 41);
	assert_int_equal(take("n", 100), 41);
	assert_int_equal(take("n", 100), 42);
	check_file("n", "43\n");
	/* what a person may write */
	put_text("n", "007");
	assert_int_equal(take("n", 100), 7);
	put_text("n", "9 \r\n\n");
	assert_int_equal(take("n", 100), 9);
	check_file("n", "10\n");
	assert_int_equal(clean(), 1);
}

static void keeps_mode(void **state)
{
	struct stat st;

	(void)state;
	put_text("n", "1\n");
	assert_int_equal(chmod(in_dir("n"), 0640), 0);
	take("n", 100);
	assert_int_equal(stat(in_dir("n"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void through_link(void **state)
{
	struct stat st;

	(void)state;
	put_text("n", "1\n");
	assert_int_equal(symlink("n", in_dir("link")), 0);
	assert_int_equal(take("link", 100), 1);
	assert_int_equal(take("n", 100), 2);
	assert_int_equal(lstat(in_dir("link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void used_up(void **state)
{
	(void)state;
	put_text("n", "254\n");
	assert_int_equal(take("n", 255), 254);
	assert_int_equal(take("n", 255), 255);
	refused("n", 255, "the next number, 256, is above the last one that fits, 255");
	put_text("n", "18446744073709551614\n");
	assert_true(take("n", UINT64_MAX - 1) == UINT64_MAX - 1);
	refused("n", UINT64_MAX - 1, "is above the last one");
	refused("n", UINT64_MAX, "is above the last one");
}

static void garbage(void **state)
{
	static const struct {
		const char *content;
		size_t len;
		const char *want;
	} wrong[] = {
		{ "", 0, "is empty" },
		{ "\n", 1, "holds '', not a number" },
		{ "abc\n", 4, "holds 'abc', not a number" },
		{ "-1\n", 3, "holds '-1', not a number" },
		{ " 1\n", 3, "not a number" },
		{ "0x10\n", 5, "not a number" },
		{ "1 2\n", 4, "not a number" },
		{ "1\n2\n", 4, "holds '1?2', not a number" },
		{ "12\0003\n", 5, "not a number" },
		{ "\0\0\0\n", 4, "not a number" },
		{ "18446744073709551616\n", 21, "not a number" },
		{ "99999999999999999999999999999\n", 30,
		  "holds '9999999999999999999999...', not a number" },
	};
	struct stl_error err;
	uint64_t next;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		put("n", wrong[i].content, wrong[i].len);
		refused("n", 100, wrong[i].want);
	}
	assert_int_equal(clean(), 1);
	refused("n", 100, "opening it: No such file or directory");
	refused("none/n", 100, "opening it: No such file or directory");
	assert_int_equal(mkdir(in_dir("d"), 0755), 0);
	refused("d", 100, "opening it: Is a directory");
	assert_int_equal(mkfifo(in_dir("f"), 0644), 0);
	assert_int_equal(auto_counter_read(in_dir("f"), &next, &err), STL_FILE);
	assert_non_null(strstr(err.message, "is not a file"));
}

/* in a process of its own, as what it does to itself can't be undone */
static void in_child(void (*run)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		struct stl_error err = { 0 };
		uint64_t number;
		int ret;

		run();
		ret = auto_counter_take(in_dir("n"), 1000, &number, &err);
		fprintf(stderr, "# %s\n", err.message);
		_exit(!(ret == STL_FILE && err.errnum && *err.hint));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	check_file("n", "123\n");
	assert_int_equal(take("n", 1000), 123);
	assert_int_equal(clean(), 1);
}

static void limit(rlim_t bytes)
{
	struct rlimit l = { bytes, bytes };

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &l))
		_exit(2);
}

static void no_byte(void)
{
	limit(0);
}

static void two_bytes(void)
{
	limit(2);
}

static void disk_full(void **state)
{
	(void)state;
	put_text("n", "123\n");
	in_child(no_byte);
	put_text("n", "123\n");
	in_child(two_bytes);
}

/* root may write everywhere */
static void become_nobody(void)
{
	if (!getuid() && setuid(65534))
		_exit(3);
}

static void read_only_folder(void **state)
{
	(void)state;
	put_text("n", "123\n");
	assert_int_equal(chmod(in_dir("n"), 0666), 0);
	assert_int_equal(chmod(dir, 0555), 0);
	in_child(become_nobody);
	assert_int_equal(chmod(dir, 0755), 0);
}

/* what was left by a power cut, whatever it is, is not in the way */
static void left_over(void **state)
{
	(void)state;
	put_text("n", "5\n");
	put_text("n.new", "much longer than a number is");
	assert_int_equal(take("n", 100), 5);
	check_file("n", "6\n");
	assert_int_equal(clean(), 1);
}

#define TAKERS	4
#define EACH	200

static void several_at_once(void **state)
{
	uint64_t (*got)[EACH] = mmap(NULL, TAKERS * sizeof(*got),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool seen[TAKERS * EACH] = { false };
	int i, j, status;

	(void)state;
	assert_ptr_not_equal(got, MAP_FAILED);
	put_text("n", "1000\n");
	for (i = 0; i < TAKERS; i++) {
		if (fork())
			continue;
		for (j = 0; j < EACH; j++) {
			if (auto_counter_take(in_dir("n"), 10000, &got[i][j],
					      NULL))
				_exit(1);
		}
		_exit(0);
	}
	for (i = 0; i < TAKERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	for (i = 0; i < TAKERS; i++) {
		for (j = 0; j < EACH; j++) {
			assert_in_range(got[i][j], 1000,
					1000 + TAKERS * EACH - 1);
			assert_false(seen[got[i][j] - 1000]);
			seen[got[i][j] - 1000] = true;
			assert_true(!j || got[i][j] > got[i][j - 1]);
		}
	}
	check_file("n", "1800\n");
	munmap(got, TAKERS * sizeof(*got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(counts, clean_up),
		cmocka_unit_test_teardown(keeps_mode, clean_up),
		cmocka_unit_test_teardown(through_link, clean_up),
		cmocka_unit_test_teardown(used_up, clean_up),
		cmocka_unit_test_teardown(garbage, clean_up),
		cmocka_unit_test_teardown(disk_full, clean_up),
		cmocka_unit_test_teardown(read_only_folder, clean_up),
		cmocka_unit_test_teardown(left_over, clean_up),
		cmocka_unit_test_teardown(several_at_once, clean_up),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
