// SPDX-License-Identifier: GPL-2.0-only
/*
 * measure FILE COMMAND... - what a command costs the machine it runs on.
 *
 * What the command says goes to FILE. Prints exit status, time by the clock, time
 * of the processor (user and system) and the greatest resident memory, as members
 * of a JSON object. A killed command has status 128 and its signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static void die(const char *what, int err)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(err));
	exit(125);
}

static long long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

static long long us(struct timeval t)
{
	return t.tv_sec * 1000000ll + t.tv_usec;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t files;
	struct rusage usage;
	long long start;
	int status, err;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: measure FILE COMMAND...\n");
		return 125;
	}
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 1, argv[1],
					 O_WRONLY | O_CREAT | O_TRUNC, 0666);
	posix_spawn_file_actions_adddup2(&files, 1, 2);
	start = now_us();
	err = posix_spawnp(&pid, argv[2], &files, NULL, argv + 2, environ);
	if (err)
		die(argv[2], err);
	if (wait4(pid, &status, 0, &usage) < 0)
		die("wait4", errno);
	printf("\"status\":%d,\"wall_us\":%lld,\"cpu_us\":%lld,\"rss_kib\":%ld\n",
	       WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status),
	       now_us() - start, us(usage.ru_utime) + us(usage.ru_stime),
	       usage.ru_maxrss);
	return 0;
}
