// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file that keeps the next serial number. Not by image_out_open(): a
 * temporary name of its own would stay behind after every power cut, and the
 * folder must be known to be on the disk before the number is used.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counter.h"

/* 20 digits and a line end, and a byte to see that there are more */
#define CONTENT_LEN	22

/**
 * struct counter - a counter file, with its folder
 * @shown: its name for messages
 * @dir: folder, locked
 * @name: name in there, behind any links
 * @temp: name of the next version
 * @stat: owner and permissions
 */
struct counter {
	const char *shown;
	int dir;
	char name[256];
	char temp[256];
	struct stat stat;
};

static int fail(const char *shown, const char *what, int errnum,
		struct stl_error *err)
{
	stl_fail(err, STL_FILE, "serial number file %s: %s: %s", shown, what,
		 strerror(errnum));
	if (err)
		err->errnum = errnum;
	return STL_FILE;
}

/* The folder's lock goes with the file's name: all links lead to the same. */
static int open_folder(struct counter *c, const char *path,
		       struct stl_error *err)
{
	char *real = realpath(path, NULL);
	int errnum = errno;
	char *slash;

	if (!real) {
		fail(path, "opening it", errnum, err);
		if (errnum == ENOENT)
			stl_hint(err, "begin with the first number: echo 1 >%s",
				 path);
		return STL_FILE;
	}
	slash = strrchr(real, '/');
	*slash = '\0';
	c->dir = -1;
	errno = ENAMETOOLONG;
	if (snprintf(c->temp, sizeof(c->temp), "%s.new", slash + 1) <
	    (int)sizeof(c->temp)) {
		strcpy(c->name, slash + 1);
		c->dir = open(*real ? real : "/",
			      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	errnum = errno;
	free(real);
	return c->dir < 0 ? fail(path, "opening its folder", errnum, err) :
			    STL_OK;
}

static int parse(const char *shown, char *text, size_t len, uint64_t *next,
		 struct stl_error *err)
{
	size_t digits = strspn(text, "0123456789");
	size_t i;

	errno = 0;
	*next = strtoull(text, NULL, 10);
	if (digits && digits == strcspn(text, " \t\r\n") && !errno &&
	    strspn(text + digits, " \t\r\n") == len - digits &&
	    len < CONTENT_LEN)
		return STL_OK;
	for (i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~')
			text[i] = i == len - 1 && text[i] == '\n' ? '\0' : '?';
	}
	stl_fail(err, STL_FILE,
		 len ? "serial number file %s holds '%s%s', not a number" :
		 "serial number file %s is empty", shown, text,
		 len < CONTENT_LEN ? "" : "...");
	stl_hint(err,
		 "find out which number was given last and write the next one into it: echo N >%s",
		 shown);
	return STL_FILE;
}

/* Opened for writing, too: what is write-protected is not to be replaced. */
static int read_content(struct counter *c, int flags, uint64_t *next,
			struct stl_error *err)
{
	char text[CONTENT_LEN + 1];
	size_t len = 0;
	ssize_t n = 1;
	int fd;

	fd = openat(c->dir, c->name, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fail(c->shown, "opening it", errno, err);
	if (fstat(fd, &c->stat) || !S_ISREG(c->stat.st_mode)) {
		close(fd);
		return stl_fail(err, STL_FILE,
				"serial number file %s is not a file", c->shown);
	}
	while (n && len < CONTENT_LEN) {
		n = read(fd, text + len, CONTENT_LEN - len);
		if (n < 0)
			break;
		len += n;
	}
	if (n < 0) {
		n = errno;
		close(fd);
		return fail(c->shown, "reading it", n, err);
	}
	close(fd);
	text[len] = '\0';
	return parse(c->shown, text, len, next, err);
}

/* What is on the disk under the new name before it takes the old one's place */
static int write_temp(struct counter *c, uint64_t next)
{
	char text[CONTENT_LEN];
	int len = snprintf(text, sizeof(text), "%" PRIu64 "\n", next);
	int errnum = 0;
	ssize_t n;
	int fd;

	fd = openat(c->dir, c->temp,
		    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	if (fd < 0)
		return errno;
	/* only root may keep a foreign owner; others keep the mode */
	if ((fchown(fd, c->stat.st_uid, c->stat.st_gid) && errno != EPERM) ||
	    fchmod(fd, c->stat.st_mode & 07777))
		errnum = errno;
	if (!errnum) {
		n = write(fd, text, len);
		if (n != len)
			errnum = n < 0 ? errno : ENOSPC;
		else if (fsync(fd))
			errnum = errno;
	}
	if (close(fd) && !errnum)
		errnum = errno;
	return errnum;
}

static int replace(struct counter *c, uint64_t next, struct stl_error *err)
{
	int errnum = write_temp(c, next);

	if (!errnum && renameat(c->dir, c->temp, c->dir, c->name))
		errnum = errno;
	if (errnum) {
		unlinkat(c->dir, c->temp, 0);
		fail(c->shown, "writing the next number", errnum, err);
		stl_hint(err, errnum == ENOSPC || errnum == EDQUOT ?
			 "make room on the disk; the file is as it was" :
			 "its folder must be writable; the file is as it was");
		return STL_FILE;
	}
	/* only now will a power cut not bring back the old one */
	if (fsync(c->dir))
		return fail(c->shown, "bringing its folder to the disk", errno,
			    err);
	return STL_OK;
}

static int take_locked(struct counter *c, uint64_t last, uint64_t *number,
		       struct stl_error *err)
{
	uint64_t next;
	int ret;

	ret = read_content(c, O_RDWR, &next, err);
	if (ret)
		return ret;
	if (next > last || next == UINT64_MAX) {
		stl_fail(err, STL_FILE,
			 "serial number file %s: the next number, %" PRIu64 ", is above the last one that fits, %" PRIu64,
			 c->shown, next, last);
		stl_hint(err, "make serial-width larger, or use another range of numbers");
		return STL_FILE;
	}
	ret = replace(c, next + 1, err);
	if (!ret)
		*number = next;
	return ret;
}

int auto_counter_take(const char *path, uint64_t last, uint64_t *number,
		      struct stl_error *err)
{
	struct counter c = { .shown = path };
	int ret;

	ret = open_folder(&c, path, err);
	if (ret)
		return ret;
	do
		ret = flock(c.dir, LOCK_EX);
	while (ret && errno == EINTR);
	if (ret)
		ret = fail(path, "locking its folder", errno, err);
	else
		ret = take_locked(&c, last, number, err);
	close(c.dir);
	return ret;
}

int auto_counter_read(const char *path, uint64_t *next, struct stl_error *err)
{
	struct counter c = { .shown = path };
	int ret;

	ret = open_folder(&c, path, err);
	if (ret)
		return ret;
	ret = read_content(&c, O_RDONLY, next, err);
	close(c.dir);
	return ret;
}
