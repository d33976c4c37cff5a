// SPDX-License-Identifier: GPL-2.0-only
/*
 * A log file in which every line is whole, whatever happens to power and disk.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

/* no line is longer: file names have 4 KiB, reasons 2 KiB, doubled by quotes */
#define LINE_MAX_LEN	(64 << 10)

/**
 * struct tail - end of a log file
 * @size: bytes of the file that are whole lines
 * @rest: what follows, to be freed, or NULL
 * @len: bytes of it
 */
struct tail {
	off_t size;
	char *rest;
	size_t len;
};

static int fail(const char *path, const char *what, int errnum,
		struct stl_error *err)
{
	stl_fail(err, STL_FILE, "log %s: %s: %s", path, what, strerror(errnum));
	if (err)
		err->errnum = errnum;
	return STL_FILE;
}

static int fail_foreign(const char *path, enum auto_log_format format,
			struct stl_error *err)
{
	stl_fail(err, STL_FILE, "log %s is there and is no %s log of stlink",
		 path, format == AUTO_LOG_JSON ? "json" : "csv");
	stl_hint(err, "move it away, or choose another file or log-format");
	return STL_FILE;
}

/*
 * Where the whole lines end. What didn't reach the disk may be zeros, also before
 * what did; one write() is two lines at the most.
 */
static const char *end_of_lines(const char *text, size_t len)
{
	const char *last = memrchr(text, '\n', len);
	const char *from = last, *zero;
	int i;

	for (i = 0; from && i < 2; i++)
		from = memrchr(text, '\n', from - text);
	from = from ? from + 1 : text;
	zero = memchr(from, '\0', text + len - from);
	return zero ? memrchr(text, '\n', zero - text) : last;
}

static int find_tail(int fd, const char *path, enum auto_log_format format,
		     struct tail *t, struct stl_error *err)
{
	struct stat st;
	off_t from;
	const char *end;
	ssize_t n;

	if (fstat(fd, &st))
		return fail(path, "asking for its size", errno, err);
	if (!S_ISREG(st.st_mode))
		return stl_fail(err, STL_FILE, "log %s is not a file", path);
	from = st.st_size > LINE_MAX_LEN ? st.st_size - LINE_MAX_LEN : 0;
	t->rest = malloc(LINE_MAX_LEN);
	if (!t->rest)
		return fail(path, "reading it", ENOMEM, err);
	n = pread(fd, t->rest, st.st_size - from, from);
	if (n != st.st_size - from)
		return fail(path, "reading it", n < 0 ? errno : EIO, err);
	end = end_of_lines(t->rest, n);
	if (!end && from)
		return fail_foreign(path, format, err);
	t->len = end ? t->rest + n - (end + 1) : n;
	t->size = st.st_size - t->len;
	memmove(t->rest, t->rest + n - t->len, t->len);
	return STL_OK;
}

/* Neither a firmware image nor a counter becomes a log by a typing error. */
static bool begins_like(int fd, enum auto_log_format format,
			const struct tail *t)
{
	const char *want = format == AUTO_LOG_JSON ? "{\"time\":" :
						     AUTO_LOG_HEADER;
	char head[sizeof(AUTO_LOG_HEADER)];
	size_t len = strlen(want), i;

	if (t->size)
		return pread(fd, head, len, 0) == (ssize_t)len &&
		       !memcmp(head, want, len);
	/* a first line that was torn: any of it may be zeros, the rest is text */
	for (i = 0; i < t->len; i++) {
		unsigned char c = t->rest[i];

		if (c && (i < len ? c != (unsigned char)want[i] :
				    (c < ' ' && c != '\n') || c == 0x7f))
			return false;
	}
	return true;
}

static int look(int fd, const char *path, enum auto_log_format format,
		struct tail *t, struct stl_error *err)
{
	int ret = find_tail(fd, path, format, t, err);

	if (!ret && !begins_like(fd, format, t))
		ret = fail_foreign(path, format, err);
	return ret;
}

int auto_log_check(const char *path, enum auto_log_format format,
		   struct stl_error *err)
{
	struct tail t = { 0 };
	char *copy;
	int ret;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0) {
		ret = look(fd, path, format, &t, err);
		free(t.rest);
		close(fd);
		return ret;
	}
	if (errno == EACCES)
		return STL_OK;
	if (errno != ENOENT)
		return fail(path, "opening it", errno, err);
	copy = strdup(path);
	if (!copy)
		return fail(path, "opening it", ENOMEM, err);
	ret = STL_OK;
	if (access(dirname(copy), F_OK)) {
		ret = fail(path, "its folder", errno, err);
		stl_hint(err, "make the folder");
	}
	free(copy);
	return ret;
}

/*
 * The name of a new file has to reach the disk, too. Who made it may have died
 * before that, so it is done each time; it costs nothing when there is no need.
 */
static int sync_folder(const char *path)
{
	char *copy = strdup(path);
	int errnum = 0;
	int fd;

	if (!copy)
		return ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd))
		errnum = errno;
	if (fd >= 0)
		close(fd);
	free(copy);
	return errnum;
}

/* All that is to be added, so that one write() does it. */
static char *compose(enum auto_log_format format, const struct tail *t,
		     const struct auto_record *r)
{
	bool empty = !t->size;
	char *line = auto_log_line(format, r);
	char *torn = NULL;
	char *all = NULL;
	bool good = line;

	/* where the header itself was torn there is no record to tell of */
	if (t->len && !(empty && format == AUTO_LOG_CSV)) {
		torn = auto_log_torn(format, t->rest, t->len);
		good = good && torn;
	}
	if (good && asprintf(&all, "%s%s%s",
			     empty && format == AUTO_LOG_CSV ?
			     AUTO_LOG_HEADER : "", torn ? torn : "", line) < 0)
		all = NULL;
	free(line);
	free(torn);
	return all;
}

static int add(int fd, const char *path, const struct tail *t,
	       const char *text, struct stl_error *err)
{
	size_t len = strlen(text);
	int errnum = 0;
	ssize_t n;

	if (t->len && ftruncate(fd, t->size))
		return fail(path, "removing its unfinished last line", errno,
			    err);
	n = write(fd, text, len);
	if (n != (ssize_t)len)
		errnum = n < 0 ? errno : ENOSPC;
	else if (fdatasync(fd))
		errnum = errno;
	if (!errnum)
		errnum = sync_folder(path);
	if (!errnum)
		return STL_OK;
	/* failing again would only leave what the next record cleans up */
	if (ftruncate(fd, t->size))
		fail(path, "writing a record, and removing half of it", errnum,
		     err);
	else
		fail(path, "writing a record", errnum, err);
	if (errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG)
		stl_hint(err, "make room on the disk");
	return STL_FILE;
}

static int append_locked(int fd, const char *path, enum auto_log_format format,
			 const struct auto_record *r, struct stl_error *err)
{
	struct tail t = { 0 };
	char *text;
	int ret;

	ret = look(fd, path, format, &t, err);
	if (!ret) {
		text = compose(format, &t, r);
		ret = text ? add(fd, path, &t, text, err) :
			     fail(path, "writing a record", ENOMEM, err);
		free(text);
	}
	free(t.rest);
	return ret;
}

int auto_log_append(const char *path, enum auto_log_format format,
		    const struct auto_record *r, struct stl_error *err)
{
	int fd, ret;

	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK |
		  O_NOCTTY, 0666);
	if (fd < 0)
		return fail(path, "opening it", errno, err);
	do
		ret = flock(fd, LOCK_EX);
	while (ret && errno == EINTR);
	ret = ret ? fail(path, "locking it", errno, err) :
		    append_locked(fd, path, format, r, err);
	/* only now is an error of a network file system known */
	if (close(fd) && !ret)
		ret = fail(path, "closing it", errno, err);
	return ret;
}
