// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter and log at a power cut: at every call that changes a file, with
 * everything that file systems are allowed to lose.
 */
#include <errno.h>
#include <sys/mman.h>

#include <json-c/json.h>

#include "auto_test.h"
#include "auto_cut.h"

#include "auto/counter.h"
#include "auto/log.h"

/* in the process whose power goes */
static uint64_t take(const char *path)
{
	uint64_t number = UINT64_MAX;

	return auto_counter_take(path, 1000, &number, NULL) ? UINT64_MAX :
							      number;
}

/* Whatever the cut before has left beside the counter stays there. */
static void counter(void **state)
{
	uint64_t given, number, next = 41;
	enum cut_loss loss;
	struct stl_error err = { 0 };
	bool went = true;
	long at, cuts = 0;

	(void)state;
	put_text("n", "41\n");
	for (loss = 0; loss < CUT_NUM_LOSSES; loss++) {
		for (at = 1, went = true; went; at++) {
			went = cut_run(in_dir("n"), take, at, loss, &given);
			cuts += went;
			assert_true(went || given == next);
			/* the power is back */
			if (auto_counter_take(in_dir("n"), 1000, &number, &err))
				print_error("loss %u at call %ld: %s\n", loss,
					    at, err.message);
			assert_int_equal(err.code, 0);
			if (number != next && number != next + 1)
				print_error("loss %u at call %ld: %lu\n", loss,
					    at, (unsigned long)number);
			assert_in_range(number, next, next + 1);
			/* never the number that somebody has */
			assert_true(given == UINT64_MAX || given < number);
			assert_true(given == UINT64_MAX || given == next);
			next = number + 1;
		}
		/* opens, lock, chown, chmod, write, syncs, rename, closes */
		assert_true(at > 8);
	}
	print_message("# %ld power cuts, next number %lu\n", cuts,
		      (unsigned long)next);
}

#define SOME	"and so on, and so on, and so on, and so on, and so on, and so on, "
#define BLOCK	SOME SOME SOME SOME SOME SOME SOME SOME

static struct auto_record record(const char *number)
{
	return (struct auto_record){
		.time = { 1769884199, 0 },
		.station = "any",
		.usb_path = "1-2.3",
		.image = "/fw/a, \"b\".hex",
		.result = AUTO_FAIL,
		.code = STL_LINK,
		/* several blocks, with a quote in some of them */
		.reason = "the \"cable\", maybe " BLOCK BLOCK "\"" BLOCK,
		.number = number,
	};
}

static enum auto_log_format form;

/* in the process whose power goes */
static uint64_t append(const char *path)
{
	struct auto_record r = record("second");

	return auto_log_append(path, form, &r, NULL) ? UINT64_MAX : 2;
}

/* fields of a line of CSV; quotes are closed within it */
static int csv_fields(const char *line)
{
	bool quoted = false;
	int num = 1;

	for (; *line; line++) {
		if (*line == '"')
			quoted = !quoted;
		num += *line == ',' && !quoted;
	}
	assert_false(quoted);
	return num;
}

/* Every line is whole. Return: how many are of this board. */
static int lines_of(const char *board)
{
	char *text = get("log", NULL), *rest = text, *line;
	struct json_object *o;
	bool first = true;
	int num = 0;

	assert_non_null(text);
	while ((line = strsep(&rest, "\n")) && rest) {
		if (form == AUTO_LOG_JSON) {
			o = json_tokener_parse(line);
			assert_non_null(o);
			assert_int_equal(json_object_object_length(o), 13);
			num += !strcmp(json_object_to_json_string_ext(
				json_object_object_get(o, "serial_number"),
				JSON_C_TO_STRING_PLAIN), board);
			json_object_put(o);
			continue;
		}
		assert_int_equal(csv_fields(line), 13);
		if (first)
			assert_int_equal(strncmp(line, AUTO_LOG_HEADER,
						 strlen(line)), 0);
		else
			assert_int_not_equal(strncmp(line, "time,", 5), 0);
		first = false;
		num += !strcmp(strrchr(line, ',') + 1, board);
	}
	assert_string_equal(line, "");
	free(text);
	return num;
}

static int records(const char *number)
{
	char quoted[32];

	snprintf(quoted, sizeof(quoted), "\"%s\"", number);
	return lines_of(form == AUTO_LOG_JSON ? quoted : number);
}

/* no file; a record; a record and a half */
enum { NOTHING, ONE, HALF, NUM_STARTS };

static void start(int with)
{
	struct auto_record r = record("first");
	char *text;
	size_t len = 0;

	clean();
	if (with == NOTHING)
		return;
	assert_int_equal(auto_log_append(in_dir("log"), form, &r, NULL), 0);
	if (with == ONE)
		return;
	assert_int_equal(auto_log_append(in_dir("log"), form, &r, NULL), 0);
	text = get("log", &len);
	put("log", text, len - 40);
	free(text);
}

static long cut_log(int with, enum cut_loss loss)
{
	struct auto_record third = record("third");
	struct stl_error err = { 0 };
	bool went = true;
	uint64_t done;
	long at;

	for (at = 1; went; at++) {
		start(with);
		went = cut_run(in_dir("log"), append, at, loss, &done);
		assert_true(went || done == 2);
		/* the power is back */
		if (auto_log_append(in_dir("log"), form, &third, &err))
			print_error("start %d, loss %u at call %ld: %s\n", with,
				    loss, at, err.message);
		assert_int_equal(err.code, 0);
		assert_int_equal(records("first"), with != NOTHING);
		assert_int_equal(records("third"), 1);
		/* what was reported as written is there */
		if (done == 2)
			assert_int_equal(records("second"), 1);
		else
			assert_in_range(records("second"), 0, 1);
	}
	return at - 2;
}

static void log_file(void **state)
{
	enum cut_loss loss;
	long cuts = 0;
	int with;

	(void)state;
	for (form = AUTO_LOG_CSV; form <= AUTO_LOG_JSON; form++) {
		for (with = 0; with < NUM_STARTS; with++) {
			for (loss = 0; loss < CUT_NUM_LOSSES; loss++)
				cuts += cut_log(with, loss);
		}
	}
	assert_true(cuts > 2 * NUM_STARTS * CUT_NUM_LOSSES * 3);
	print_message("# %ld power cuts\n", cuts);
}

/* Every call fails in every way: no number twice, none lost but to a sync. */
static void counter_fails(void **state)
{
	uint64_t given, number, next = 41;
	enum cut_fault fault;
	bool went = true;
	long at, num = 0;
	char text[32];

	(void)state;
	put_text("n", "41\n");
	for (fault = 0; fault < CUT_NUM_FAULTS; fault++) {
		for (at = 1, went = true; went; at++) {
			went = cut_fail(in_dir("n"), take, at, fault, &given);
			num += went;
			assert_true(went || given == next);
			assert_true(given == UINT64_MAX || given == next);
			assert_int_equal(auto_counter_read(in_dir("n"), &number,
							   NULL), 0);
			/* a number that was given is gone */
			assert_in_range(number, next + (given == next),
					next + 1);
			next = number;
			snprintf(text, sizeof(text), "%lu\n",
				 (unsigned long)next);
			check_file("n", text);
			assert_int_equal(clean(), 1);
			put_text("n", text);
		}
	}
	print_message("# %ld failures\n", num);
}

static void log_fails(void **state)
{
	enum cut_fault fault;
	long at, num = 0;
	uint64_t done;
	bool went;
	int with;

	(void)state;
	for (form = AUTO_LOG_CSV; form <= AUTO_LOG_JSON; form++) {
		for (with = 0; with < NUM_STARTS; with++) {
			for (fault = 0; fault < CUT_NUM_FAULTS; fault++) {
				for (at = 1, went = true; went; at++) {
					struct auto_record r = record("third");

					start(with);
					went = cut_fail(in_dir("log"), append,
							at, fault, &done);
					num += went;
					assert_true(went || done == 2);
					assert_int_equal(auto_log_append(
						in_dir("log"), form, &r, NULL),
						0);
					assert_int_equal(records("first"),
							 with != NOTHING);
					assert_int_equal(records("third"), 1);
					/* closing fails with the record written */
					assert_in_range(records("second"),
							done == 2, 1);
				}
			}
		}
	}
	print_message("# %ld failures\n", num);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(counter, clean_up),
		cmocka_unit_test_teardown(log_file, clean_up),
		cmocka_unit_test_teardown(counter_fails, clean_up),
		cmocka_unit_test_teardown(log_fails, clean_up),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
