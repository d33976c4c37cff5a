// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals that ask a verb to stop.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "cmd/cmd.h"

/* in a process of its own. Return: what was caught */
static int after(int ignored, int sent)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		if (ignored)
			signal(ignored, SIG_IGN);
		signals_catch();
		raise(sent);
		_exit(progress_show(NULL, STL_PHASE_READ, 0, 1) |
		      signal_caught());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void caught(void **state)
{
	(void)state;
	assert_int_equal(after(0, SIGINT), SIGINT);
	assert_int_equal(after(0, SIGTERM), SIGTERM);
	assert_int_equal(after(0, SIGHUP), SIGHUP);
}

/* nohup; what a script has in the background */
static void ignored(void **state)
{
	(void)state;
	assert_int_equal(after(SIGHUP, SIGHUP), 0);
	assert_int_equal(after(SIGHUP, SIGTERM), SIGTERM);
	assert_int_equal(after(SIGINT, SIGINT), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(caught),
		cmocka_unit_test(ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
