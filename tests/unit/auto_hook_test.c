// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands after a board: what they are told, how they end, what is left.
 */
#include <errno.h>
#include <signal.h>

#include "auto_test.h"

#include "auto/hook.h"

static const struct auto_record record = {
	.station = "path 1-2",
	.serial = "066EFF",
	.usb_path = "1-2",
	.device = "/dev/stlink0",
	.part = "STM32F030x4",
	.image = "/srv/it's.hex",
	.crc = 0x1a2b,
	.result = AUTO_FAIL,
	.reason = "the \"board\"\nwas taken off",
	.code = STL_LINK,
	.duration_ms = 1234,
};

static struct stl_error err;
/* nothing comes from it; and something does */
static int quiet[2], told[2];

static int hook(const char *command, unsigned int timeout_s, int stop)
{
	char line[600];

	snprintf(line, sizeof(line), "cd %s && %s", dir, command);
	memset(&err, 0, sizeof(err));
	return auto_hook(line, timeout_s, &record, stop, &err);
}

static int begin(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(0, pipe(quiet));
	assert_int_equal(0, pipe(told));
	assert_int_equal(1, write(told[1], "", 1));
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink(in_dir("out"));
	return rmdir(dir);
}

static void environment(void **state)
{
	static const char expected[] =
		"1234|path 1-2|066EFF|1-2|/dev/stlink0|STM32F030x4|"
		"/srv/it's.hex|00001a2b|fail|the \"board\"\nwas taken off|7||";
	char text[512] = "";
	FILE *f;

	(void)state;
	assert_int_equal(STL_OK, hook(
		"printf '%s|' \"$STLINK_DURATION_MS\" \"$STLINK_STATION\" "
		"\"$STLINK_SERIAL\" \"$STLINK_USB_PATH\" \"$STLINK_DEVICE\" "
		"\"$STLINK_PART\" \"$STLINK_IMAGE\" \"$STLINK_CRC32\" "
		"\"$STLINK_RESULT\" \"$STLINK_REASON\" \"$STLINK_CODE\" "
		"\"$STLINK_SERIAL_NUMBER\" >out", 10, quiet[0]));
	f = fopen(in_dir("out"), "re");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_string_equal(expected, text);
}

static void endings(void **state)
{
	(void)state;
	assert_int_equal(STL_FILE, hook("exit 3", 10, quiet[0]));
	assert_non_null(strstr(err.message, "ended with status 3"));
	assert_int_equal(STL_FILE, hook("kill -KILL $$", 10, quiet[0]));
	assert_non_null(strstr(err.message, "ended by signal 9"));
	/* its input is empty, not ours */
	assert_int_equal(STL_OK, hook("! read line", 10, quiet[0]));
}

/* Nobody of its group is left: the pipe that all of them hold is closed. */
static void nobody_left(const char *command, unsigned int timeout_s, int stop,
			const char *why)
{
	int pair[2];
	char c;

	assert_int_equal(0, pipe(pair));
	assert_int_equal(STL_FILE, hook(command, timeout_s, stop));
	assert_non_null(strstr(err.message, why));
	close(pair[1]);
	assert_int_equal(0, read(pair[0], &c, 1));
	close(pair[0]);
}

static void too_long(void **state)
{
	(void)state;
	nobody_left("sleep 1000 & sleep 1000", 1, quiet[0], "took too long");
}

static void told_to_stop(void **state)
{
	(void)state;
	nobody_left("sleep 1000 & sleep 1000", 3600, told[0],
		    "told to stop");
}

/* Signals that are blocked here aren't there. */
static void signals(void **state)
{
	sigset_t mask, old;

	(void)state;
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, &old);
	assert_int_equal(STL_FILE, hook("kill -TERM $$; sleep 5", 10,
					quiet[0]));
	sigprocmask(SIG_SETMASK, &old, NULL);
	assert_non_null(strstr(err.message, "ended by signal 15"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(environment),
		cmocka_unit_test(endings),
		cmocka_unit_test(too_long),
		cmocka_unit_test(told_to_stop),
		cmocka_unit_test(signals),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
