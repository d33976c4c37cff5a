/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine made of a few files below a folder, for the checks of tools/lib/host.
 */
#ifndef LIB_HOST_TEST_H
#define LIB_HOST_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "host/check.h"

#define RELEASE	"6.1.0-40-amd64"

static char root[64];
static struct stl_host host;
static struct stl_checks checks;

static inline void run(const char *fmt, ...)
{
	char command[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	assert_int_equal(system(command), 0);
}

/* A file of that content, with the folders it needs */
static inline void put_bytes(const char *path, const void *data, size_t len)
{
	char file[256];
	FILE *f;

	snprintf(file, sizeof(file), "%s%s", root, path);
	run("mkdir -p $(dirname %s)", file);
	f = fopen(file, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static inline void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static inline void drop(const char *path)
{
	run("rm -rf %s%s", root, path);
}

/* A fresh machine with a user "ann", number 1000, who has no groups but her own */
static inline int new_host(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/lib_host_test.XXXXXX");
	if (!mkdtemp(root))
		return -1;
	memset(&host, 0, sizeof(host));
	host.root = root;
	host.uid = 1000;
	host.groups[0] = 1000;
	host.num_groups = 1;
	strcpy(host.user, "ann");
	strcpy(host.release, RELEASE);
	put("/etc/passwd", "root:x:0:0::/root:/bin/sh\n"
	    "ann:x:1000:1000::/home/ann:/bin/sh\n");
	put("/etc/group", "root:x:0:\nplugdev:x:46:bob\nann:x:1000:\n");
	return 0;
}

static inline int end_host(void **state)
{
	(void)state;
	stl_checks_free(&checks);
	drop("");
	return 0;
}

/* The only finding of a check, which is forgotten by the next call */
static inline const struct stl_check *only(void)
{
	static struct stl_check last;

	assert_int_equal(checks.num, 1);
	last = checks.list[0];
	stl_checks_free(&checks);
	return &last;
}

static inline void is(const struct stl_check *k, enum stl_verdict verdict,
		      enum stl_code code, const char *text, const char *todo)
{
	if (k->verdict != verdict || k->code != code ||
	    !strstr(k->text, text) || !strstr(k->todo, todo))
		print_error("verdict %d, code %d: %s\n-> %s\n", k->verdict,
			    k->code, k->text, k->todo);
	assert_int_equal(k->verdict, verdict);
	assert_int_equal(k->code, code);
	assert_non_null(strstr(k->text, text));
	assert_non_null(strstr(k->todo, todo));
}

#endif
