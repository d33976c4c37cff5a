// SPDX-License-Identifier: GPL-2.0-only
/*
 * kill_at CALL SIGNAL MICROSECONDS COMMAND...: the command gets the signal at its
 * CALL-th system call, counted from its first instruction on: before the call is
 * carried out, or so many microseconds later. CALL 0: never.
 *
 * Prints "CALLS NUMBER END": system calls that there were, number of the one at
 * which the signal came (-1: none), and "exited N" or "killed N". A moment named by
 * system calls comes again when it is asked for again; one named by time doesn't.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

static void die(const char *what)
{
	fprintf(stderr, "kill_at: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void command(char **argv)
{
	/* scripts ignore these in what they have in the background */
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		die("tracing");
	raise(SIGSTOP);
	execvp(argv[0], argv);
	die(argv[0]);
}

static int number_of_call(pid_t pid)
{
	struct ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info),
		   &info) < 0 || info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return -1;
	return info.entry.nr;
}

int main(int argc, char **argv)
{
	long at, delay, calls = 0;
	int sig, status, pass = 0, number = -1;
	bool begun = false;
	pid_t pid;

	if (argc < 5) {
		fprintf(stderr, "usage: kill_at CALL SIGNAL MICROSECONDS COMMAND...\n");
		return 125;
	}
	at = strtol(argv[1], NULL, 10);
	sig = atoi(argv[2]);
	delay = strtol(argv[3], NULL, 10);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		command(argv + 4);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		die("waiting for the beginning");
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC |
			    PTRACE_O_EXITKILL)))
		die("tracing");
	for (;;) {
		/* without stops it is as fast as ever */
		if (ptrace(at && calls >= at ? PTRACE_CONT : PTRACE_SYSCALL,
			   pid, NULL, (void *)(long)pass) && errno != ESRCH)
			die("going on");
		pass = 0;
		if (at && calls == at) {
			if (delay)
				usleep(delay);
			kill(pid, sig);
			calls++;
		}
		if (waitpid(pid, &status, 0) != pid)
			die("waiting");
		if (!WIFSTOPPED(status))
			break;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
			begun = true;
		} else if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			pass = WSTOPSIG(status);
		} else if (begun && number_of_call(pid) >= 0 &&
			   ++calls == at) {
			number = number_of_call(pid);
			/* before it: nobody has seen the call then */
			if (!delay) {
				kill(pid, sig);
				calls++;
			}
		}
	}
	if (WIFSIGNALED(status))
		printf("%ld %d killed %d\n", calls, number, WTERMSIG(status));
	else
		printf("%ld %d exited %d\n", calls, number,
		       WEXITSTATUS(status));
	return 0;
}
