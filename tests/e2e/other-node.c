// SPDX-License-Identifier: GPL-2.0-only
/*
 * To be preloaded: the node that NODE_MEANT names is another one, NODE_INSTEAD, the
 * first NODE_TIMES times it is opened: a number that was given out again.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *which(const char *path)
{
	static int times;
	const char *meant = getenv("NODE_MEANT");

	return meant && !strcmp(path, meant) &&
	       times++ < atoi(getenv("NODE_TIMES")) ? getenv("NODE_INSTEAD") :
						      path;
}

#define OPEN(name)							\
int name(const char *path, int flags, ...)				\
{									\
	int (*real)(const char *, int, mode_t) =			\
		(int (*)(const char *, int, mode_t))dlsym(RTLD_NEXT, #name); \
	va_list args;							\
	mode_t mode;							\
									\
	va_start(args, flags);						\
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0; \
	va_end(args);							\
	return real(which(path), flags, mode);				\
}

OPEN(open)
OPEN(open64)
