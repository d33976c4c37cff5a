/* SPDX-License-Identifier: GPL-2.0-only */
/* A program that must end by itself within a limit. */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>

#define CHILD_TEXT	4096

/**
 * struct child - how it ended
 * @status: exit status, 128 and more: the signal that ended it
 * @late: it did not end, and was killed; @where says what it was about
 * @seconds: how long it took
 * @text: what it wrote to standard error, cut off at the end
 */
struct child {
	int status;
	bool late;
	double seconds;
	char where[CHILD_TEXT];
	char text[CHILD_TEXT];
};

/** child_run() - runs @argv; standard output is thrown away */
void child_run(struct child *c, char *const argv[], unsigned int limit_s);

double now_s(void);

#endif
