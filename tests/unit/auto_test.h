/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of automatic programming share: a folder with files.
 */
#ifndef AUTO_TEST_H
#define AUTO_TEST_H

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/stlink-auto-XXXXXX";

static inline const char *in_dir(const char *name)
{
	static char path[4][512];
	static int n;

	n = (n + 1) % 4;
	assert_true(strlen(name) < sizeof(path[n]) - sizeof(dir));
	sprintf(path[n], "%s/%s", dir, name);
	return path[n];
}

static inline void put(const char *name, const void *content, size_t len)
{
	FILE *f = fopen(in_dir(name), "we");

	assert_non_null(f);
	assert_int_equal(fwrite(content, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static inline void put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

/* content, with a zero at the end; NULL if there is no such file */
static inline char *get(const char *name, size_t *len)
{
	FILE *f = fopen(in_dir(name), "re");
	char *buf;
	size_t n;

	if (!f)
		return NULL;
	buf = calloc(1, 1 << 20);
	assert_non_null(buf);
	n = fread(buf, 1, (1 << 20) - 1, f);
	fclose(f);
	if (len)
		*len = n;
	return buf;
}

static inline void check_file(const char *name, const char *want)
{
	char *have = get(name, NULL);

	assert_non_null(have);
	assert_string_equal(have, want);
	free(have);
}

/* everything in the folder goes; Return: how many that were */
static inline int clean(void)
{
	struct dirent *e;
	DIR *d = opendir(dir);
	int num = 0;

	assert_non_null(d);
	while ((e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (unlinkat(dirfd(d), e->d_name, 0))
			unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
		num++;
	}
	closedir(d);
	return num;
}

static inline int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) && !chmod(dir, 0755) ? 0 : -1;
}

static inline int clean_up(void **state)
{
	(void)state;
	clean();
	return 0;
}

static inline int remove_dir(void **state)
{
	(void)state;
	clean();
	return rmdir(dir);
}

#endif
