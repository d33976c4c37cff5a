// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the fuzz targets share: checks, text, files.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

void fuzz_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	fuzz_check(text);
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

void fuzz_plain(const char *message)
{
	const unsigned char *p;

	fuzz_check(*message);
	for (p = (const unsigned char *)message; *p; p++) {
		if (*p < ' ' || *p == 0x7f)
			fprintf(stderr, "message: %s\n", message);
		fuzz_check(*p >= ' ' && *p != 0x7f);
	}
}

/* FUZZ_FOLDER is emptied by who set it; a crash leaves the files, to be seen */
static const char *folder(void)
{
	const char *above = getenv("FUZZ_FOLDER");
	static char path[256];

	if (*path)
		return path;
	snprintf(path, sizeof(path), "%s/stlink-fuzz-XXXXXX",
		 above ? above : "/tmp");
	fuzz_check(mkdtemp(path));
	return path;
}

const char *fuzz_path(const char *name)
{
	static char path[4][512];
	static int n;

	n = (n + 1) % 4;
	snprintf(path[n], sizeof(path[n]), "%s/%s", folder(), name);
	return path[n];
}

void fuzz_put(const char *name, const void *content, size_t size)
{
	int fd = open(fuzz_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0644);

	fuzz_check(fd >= 0);
	fuzz_check(write(fd, content, size) == (ssize_t)size);
	close(fd);
}

char *fuzz_get(const char *name, size_t *size)
{
	int fd = open(fuzz_path(name), O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;

	fuzz_check(fd >= 0 && !fstat(fd, &st));
	text = malloc(st.st_size + 1);
	fuzz_check(text);
	fuzz_check(read(fd, text, st.st_size) == st.st_size);
	text[st.st_size] = '\0';
	if (size)
		*size = st.st_size;
	close(fd);
	return text;
}
