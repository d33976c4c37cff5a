// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of boards: their lines, the file, the journal.
 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <json-c/json.h>

#include "auto_test.h"

#include "auto/log.h"

#define HEADER	AUTO_LOG_HEADER
#define LINE	"2026-01-31T23:59:59.007+05:30,path 1-2.3,0123AB,1-2.3,/dev/stlink0,STM32F030x4,/fw/a.hex,0badf00d,pass,,0,1234,000042\n"

static struct auto_record record(void)
{
	return (struct auto_record){
		.time = { 1769884199, 7999999 },
		.station = "path 1-2.3",
		.serial = "0123AB",
		.usb_path = "1-2.3",
		.device = "/dev/stlink0",
		.part = "STM32F030x4",
		.image = "/fw/a.hex",
		.crc = 0x0badf00d,
		.result = AUTO_PASS,
		.duration_ms = 1234,
		.number = "000042",
	};
}

static void append(enum auto_log_format format, const struct auto_record *r)
{
	struct stl_error err = { 0 };

	if (auto_log_append(in_dir("log"), format, r, &err))
		print_error("%s\n", err.message);
	assert_int_equal(err.code, 0);
}

static void refused(const char *name, enum auto_log_format format,
		    const char *want)
{
	struct auto_record r = record();
	struct stl_error err = { 0 };
	char *before = get(name, NULL);

	assert_int_equal(auto_log_append(in_dir(name), format, &r, &err),
			 STL_FILE);
	if (!strstr(err.message, want))
		print_error("have: %s\nwant: %s\n", err.message, want);
	assert_non_null(strstr(err.message, want));
	if (before)
		check_file(name, before);
	free(before);
}

static void time_text(void **state)
{
	char text[AUTO_TIME_LEN];
	struct timespec ts = { 1769884199, 999999999 };

	(void)state;
	auto_time_text(&ts, text);
	assert_string_equal(text, "2026-01-31T23:59:59.999+05:30");
	setenv("TZ", "TST+03:30", 1);
	tzset();
	auto_time_text(&ts, text);
	assert_string_equal(text, "2026-01-31T14:59:59.999-03:30");
	setenv("TZ", "UTC0", 1);
	tzset();
	auto_time_text(&ts, text);
	assert_string_equal(text, "2026-01-31T18:29:59.999+00:00");
	setenv("TZ", "TST-05:30", 1);
	tzset();
}

static void check_line(enum auto_log_format format,
		       const struct auto_record *r, const char *want)
{
	char *line = auto_log_line(format, r);

	assert_non_null(line);
	assert_string_equal(line, want);
	free(line);
}

static void csv_quotes(void **state)
{
	struct auto_record r = record();

	(void)state;
	check_line(AUTO_LOG_CSV, &r, LINE);
	r.image = "/fw/a, b.hex";
	r.station = NULL;
	r.serial = "";
	r.part = "\"";
	r.result = AUTO_FAIL;
	r.code = STL_MISMATCH;
	r.reason = "at 0x1: \"a\"\nnot\r\n\tb\1";
	r.number = NULL;
	check_line(AUTO_LOG_CSV, &r,
		   "2026-01-31T23:59:59.007+05:30,,,1-2.3,/dev/stlink0,\"\"\"\",\"/fw/a, b.hex\",0badf00d,fail,\"at 0x1: \"\"a\"\" not   b \",9,1234,\n");
}

static void json_lines(void **state)
{
	struct auto_record r = record();

	(void)state;
	check_line(AUTO_LOG_JSON, &r,
		   "{\"time\":\"2026-01-31T23:59:59.007+05:30\",\"station\":\"path 1-2.3\",\"serial\":\"0123AB\",\"usb_path\":\"1-2.3\",\"device\":\"/dev/stlink0\",\"part\":\"STM32F030x4\",\"image\":\"/fw/a.hex\",\"crc32\":\"0badf00d\",\"result\":\"pass\",\"reason\":null,\"code\":0,\"duration_ms\":1234,\"serial_number\":\"000042\"}\n");
	r = (struct auto_record){
		.time = r.time, .result = AUTO_SKIPPED,
		.serial = "a\377\"b", .reason = "x\ny", .duration_ms = 4294967295
	};
	check_line(AUTO_LOG_JSON, &r,
		   "{\"time\":\"2026-01-31T23:59:59.007+05:30\",\"station\":null,\"serial\":\"a?\\\"b\",\"usb_path\":null,\"device\":null,\"part\":null,\"image\":null,\"crc32\":\"00000000\",\"result\":\"skipped\",\"reason\":\"x y\",\"code\":0,\"duration_ms\":4294967295,\"serial_number\":null}\n");
}

static void header_once(void **state)
{
	struct auto_record r = record();

	(void)state;
	append(AUTO_LOG_CSV, &r);
	check_file("log", HEADER LINE);
	append(AUTO_LOG_CSV, &r);
	check_file("log", HEADER LINE LINE);
	/* moved away: begins anew */
	assert_int_equal(rename(in_dir("log"), in_dir("log.1")), 0);
	append(AUTO_LOG_CSV, &r);
	check_file("log", HEADER LINE);
	clean();
	put("log", "", 0);
	append(AUTO_LOG_CSV, &r);
	check_file("log", HEADER LINE);
}

/* what there is, and what it becomes in front of LINE */
static void torn_csv(void **state)
{
	static const struct {
		const char *before;
		size_t len;
		const char *after;
	} cases[] = {
#define CASE(before, after) { before, sizeof(before) - 1, after }
		CASE(HEADER LINE "2026-01-31T23:5",
		     HEADER LINE ",,,,,,,,torn,2026-01-31T23:5,,,\n"),
		/* within a quote */
		CASE(HEADER "2026,any,,,,\"a \"\"b",
		     HEADER ",,,,,,,,torn,\"2026,any,,,,\"\"a \"\"\"\"b\",,,\n"),
		/* zeros: the size reached the disk, the data didn't */
		CASE(HEADER LINE "2026\0\0\0\0\0\0",
		     HEADER LINE ",,,,,,,,torn,2026,,,\n"),
		CASE(HEADER LINE "\0\0\0\0",
		     HEADER LINE ",,,,,,,,torn,,,,\n"),
		/* the other way round: the end did, what comes before didn't */
		CASE(HEADER LINE "20\0\0\0\0\0\0,\"/fw/a\n",
		     HEADER LINE ",,,,,,,,torn,\"20,\"\"/fw/a \",,,\n"),
		CASE(HEADER LINE "20\0\0\0,\nend\n",
		     HEADER LINE ",,,,,,,,torn,\"20, end \",,,\n"),
		/* the header itself */
		CASE("time,station,", HEADER),
		CASE("t", HEADER),
		CASE("\0\0\0\0\0\0\0\0\0", HEADER),
		CASE("time\0\0\0\0\0\0\0\0\0" "serial,usb_path,device,part,image,crc32,result,reason,code,duration_ms,serial_number\n" LINE,
		     HEADER),
	};
	struct auto_record r = record();
	char want[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put("log", cases[i].before, cases[i].len);
		append(AUTO_LOG_CSV, &r);
		snprintf(want, sizeof(want), "%s%s", cases[i].after, LINE);
		check_file("log", want);
	}
}

static void torn_json(void **state)
{
	struct auto_record r = record();
	struct json_object *o;
	char *line = auto_log_line(AUTO_LOG_JSON, &r);
	char *text, *end;
	size_t cut;

	(void)state;
	assert_non_null(line);
	for (cut = 1; cut < strlen(line); cut++) {
		put("log", line, cut);
		append(AUTO_LOG_JSON, &r);
		text = get("log", NULL);
		end = strchr(text, '\n');
		assert_non_null(end);
		assert_string_equal(end + 1, line);
		end[1] = '\0';
		o = json_tokener_parse(text);
		assert_non_null(o);
		assert_string_equal(json_object_get_string(
			json_object_object_get(o, "result")), "torn");
		assert_int_equal(strlen(json_object_get_string(
			json_object_object_get(o, "reason"))), cut);
		json_object_put(o);
		free(text);
	}
	free(line);
}

static void foreign_files(void **state)
{
	static char big[70000];

	(void)state;
	put_text("log", "41\n");
	refused("log", AUTO_LOG_CSV, "is there and is no csv log of stlink");
	refused("log", AUTO_LOG_JSON, "is there and is no json log of stlink");
	put_text("log", "41");
	refused("log", AUTO_LOG_CSV, "is no csv log");
	put_text("log", HEADER);
	refused("log", AUTO_LOG_JSON, "is no json log");
	/* a firmware, which may well begin with a zero */
	put("log", "\0\020\0\040\301\0\0\010", 8);
	refused("log", AUTO_LOG_CSV, "is no csv log");
	refused("log", AUTO_LOG_JSON, "is no json log");
	big[199] = 1;
	put("log", big, 200);
	refused("log", AUTO_LOG_CSV, "is no csv log");
	refused("log", AUTO_LOG_JSON, "is no json log");
	memset(big, 'a', sizeof(big));
	put("log", big, sizeof(big));
	refused("log", AUTO_LOG_CSV, "is no csv log");
	refused("none/log", AUTO_LOG_CSV, "opening it: No such file");
	assert_int_equal(mkdir(in_dir("d"), 0755), 0);
	refused("d", AUTO_LOG_CSV, "opening it: Is a directory");
}

static void checks(void **state)
{
	struct stl_error err;

	(void)state;
	assert_int_equal(auto_log_check(in_dir("log"), AUTO_LOG_CSV, &err), 0);
	assert_null(get("log", NULL));
	put_text("log", HEADER);
	assert_int_equal(auto_log_check(in_dir("log"), AUTO_LOG_CSV, &err), 0);
	assert_int_equal(auto_log_check(in_dir("log"), AUTO_LOG_JSON, &err),
			 STL_FILE);
	assert_int_equal(auto_log_check(in_dir("none/log"), AUTO_LOG_CSV, &err),
			 STL_FILE);
	assert_non_null(strstr(err.message, "its folder: No such file"));
	assert_int_equal(auto_log_check(in_dir("log/log"), AUTO_LOG_CSV, &err),
			 STL_FILE);
	assert_int_equal(mkfifo(in_dir("f"), 0644), 0);
	assert_int_equal(auto_log_check(in_dir("f"), AUTO_LOG_CSV, &err),
			 STL_FILE);
	assert_non_null(strstr(err.message, "is not a file"));
}

/* the disk is full at every size that the file could have on the way */
static void disk_full(void **state)
{
	struct auto_record r = record();
	size_t had = strlen(HEADER LINE), room;
	int status;

	(void)state;
	for (room = 0; room < strlen(LINE); room++) {
		put_text("log", HEADER LINE);
		if (!fork()) {
			struct rlimit l = { had + room, had + room };
			struct stl_error err = { 0 };
			int ret;

			signal(SIGXFSZ, SIG_IGN);
			setrlimit(RLIMIT_FSIZE, &l);
			ret = auto_log_append(in_dir("log"), AUTO_LOG_CSV, &r,
					      &err);
			_exit(!(ret == STL_FILE && err.errnum && *err.hint));
		}
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
		check_file("log", HEADER LINE);
	}
	/* and once there is room again */
	append(AUTO_LOG_CSV, &r);
	check_file("log", HEADER LINE LINE);
}

#define WRITERS	4
#define EACH	50

static void several_at_once(void **state)
{
	char *text, *line, *rest, want[512], number[32], reason[3000];
	int next[WRITERS] = { 0 };
	int i, j, status, lines = 0;

	(void)state;
	memset(reason, 'x', sizeof(reason) - 1);
	reason[sizeof(reason) - 1] = '\0';
	for (i = 0; i < WRITERS; i++) {
		if (fork())
			continue;
		for (j = 0; j < EACH; j++) {
			struct auto_record r = record();

			snprintf(number, sizeof(number), "%d:%d", i, j);
			r.number = number;
			r.reason = reason;
			if (auto_log_append(in_dir("log"), AUTO_LOG_CSV, &r,
					    NULL))
				_exit(1);
		}
		_exit(0);
	}
	for (i = 0; i < WRITERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	rest = text = get("log", NULL);
	assert_memory_equal(rest, HEADER, strlen(HEADER));
	rest += strlen(HEADER);
	while ((line = strsep(&rest, "\n")) && rest) {
		lines++;
		assert_int_equal(sscanf(strrchr(line, ',') + 1, "%d:%d", &i,
					&j), 2);
		/* each writer's are in order, and all of each line is there */
		assert_in_range(i, 0, WRITERS - 1);
		assert_int_equal(j, next[i]++);
		snprintf(want, sizeof(want), "%.*s",
			 (int)(strstr(LINE, "pass,") + 5 - LINE), LINE);
		assert_memory_equal(line, want, strlen(want));
		assert_memory_equal(line + strlen(want), reason,
				    strlen(reason));
	}
	assert_int_equal(lines, WRITERS * EACH);
	free(text);
}

/* the journal: taken from libsystemd by the linker */
static char sent[4096];

int __wrap_sd_journal_sendv(const struct iovec *iov, int n);
int __wrap_sd_journal_sendv(const struct iovec *iov, int n)
{
	int i, at = 0;

	for (i = 0; i < n; i++)
		at += sprintf(sent + at, "%.*s\n", (int)iov[i].iov_len,
			      (const char *)iov[i].iov_base);
	return 0;
}

static void journal(void **state)
{
	struct auto_record r = record();

	(void)state;
	assert_int_equal(auto_log_journal(&r), 0);
	assert_string_equal(sent,
		"MESSAGE=1-2.3: pass: STM32F030x4, /fw/a.hex (CRC-32 0badf00d), 1234 ms, serial number 000042\n"
		"MESSAGE_ID=" AUTO_MESSAGE_ID "\n"
		"PRIORITY=6\n"
		"STLINK_STATION=path 1-2.3\n"
		"STLINK_SERIAL=0123AB\n"
		"STLINK_USB_PATH=1-2.3\n"
		"STLINK_DEVICE=/dev/stlink0\n"
		"STLINK_PART=STM32F030x4\n"
		"STLINK_IMAGE=/fw/a.hex\n"
		"STLINK_CRC32=0badf00d\n"
		"STLINK_RESULT=pass\n"
		"STLINK_CODE=0\n"
		"STLINK_DURATION_MS=1234\n"
		"STLINK_SERIAL_NUMBER=000042\n");
	r = (struct auto_record){
		.result = AUTO_FAIL, .code = STL_NO_TARGET,
		.device = "/dev/stlink1", .reason = "no answer, 100% of it"
	};
	assert_int_equal(auto_log_journal(&r), 0);
	assert_string_equal(sent,
		"MESSAGE=/dev/stlink1: fail: unknown part, no image (CRC-32 00000000), 0 ms: no answer, 100% of it\n"
		"MESSAGE_ID=" AUTO_MESSAGE_ID "\n"
		"PRIORITY=3\n"
		"STLINK_DEVICE=/dev/stlink1\n"
		"STLINK_CRC32=00000000\n"
		"STLINK_RESULT=fail\n"
		"STLINK_REASON=no answer, 100% of it\n"
		"STLINK_CODE=5\n"
		"STLINK_DURATION_MS=0\n");
}

/* the library itself: with a journal or without one, nothing bad happens */
int __real_sd_journal_sendv(const struct iovec *iov, int n);

static void no_journal(void **state)
{
	struct iovec iov = { "MESSAGE=test of stlink", 22 };

	(void)state;
	assert_int_equal(__real_sd_journal_sendv(&iov, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_text),
		cmocka_unit_test(csv_quotes),
		cmocka_unit_test(json_lines),
		cmocka_unit_test_teardown(header_once, clean_up),
		cmocka_unit_test_teardown(torn_csv, clean_up),
		cmocka_unit_test_teardown(torn_json, clean_up),
		cmocka_unit_test_teardown(foreign_files, clean_up),
		cmocka_unit_test_teardown(checks, clean_up),
		cmocka_unit_test_teardown(disk_full, clean_up),
		cmocka_unit_test_teardown(several_at_once, clean_up),
		cmocka_unit_test(journal),
		cmocka_unit_test(no_journal),
	};

	setenv("TZ", "TST-05:30", 1);
	tzset();
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
