// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that appear under their name only when complete.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

/**
 * struct image_out - a file being written
 * @fd: where to
 * @shown: name for messages
 * @final: name it will get, NULL if it is written in place
 * @temp: name it has until then
 * @buf: bytes not yet written
 * @used: how many
 */
struct image_out {
	int fd;
	char *shown;
	char *final;
	char *temp;
	uint8_t buf[16384];
	size_t used;
};

static int failed(struct image_out *out, int ret, struct image_error *err)
{
	return image_fail(err, ret, "%s: %s", out->shown, strerror(-ret));
}

static int open_stdout(struct image_out *out, struct image_error *err)
{
	if (isatty(STDOUT_FILENO))
		return image_fail(err, -EINVAL,
				  "standard output is a terminal; an image is not written there");
	out->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	return out->fd < 0 ? failed(out, -errno, err) : 0;
}

/* A file system without permissions may say no: files have those of the mount. */
static int change_mode(int fd, mode_t mode)
{
	return fchmod(fd, mode) && errno != EPERM ? -errno : 0;
}

/* Permissions: those of the file that is replaced, else what umask leaves. */
static int set_mode(struct image_out *out, const struct stat *old)
{
	mode_t mask;

	if (old) {
		/* only root may keep a foreign owner; others keep the mode */
		if (fchown(out->fd, old->st_uid, old->st_gid) &&
		    errno != EPERM)
			return -errno;
		return change_mode(out->fd, old->st_mode & 07777);
	}
	mask = umask(0);
	umask(mask);
	return change_mode(out->fd, 0666 & ~mask);
}

static int open_temp(struct image_out *out, const struct stat *old)
{
	const char *slash = strrchr(out->final, '/');
	int dir = slash ? slash - out->final + 1 : 0;
	int ret;

	/* it has eight characters more, and names have 255 at the most */
	if (asprintf(&out->temp, "%.*s.%.*s.XXXXXX", dir, out->final,
		     NAME_MAX - 8, out->final + dir) < 0) {
		out->temp = NULL;
		return -ENOMEM;
	}
	out->fd = mkostemp(out->temp, O_CLOEXEC);
	if (out->fd < 0) {
		ret = -errno;
		free(out->temp);
		out->temp = NULL;
		return ret;
	}
	return set_mode(out, old);
}

static int open_path(struct image_out *out, const char *path)
{
	struct stat st;

	if (stat(path, &st)) {
		if (errno != ENOENT)
			return -errno;
		/* a name, or a link that leads nowhere: that is replaced */
		out->final = strdup(path);
		return out->final ? open_temp(out, NULL) : -ENOMEM;
	}
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode)) {
		/* a pipe or a device has no content to be replaced as one */
		out->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return out->fd < 0 ? -errno : 0;
	}
	/* rename() would replace a write-protected file without asking */
	if (access(path, W_OK))
		return -errno;
	/* through a link the file behind it is replaced, not the link */
	out->final = realpath(path, NULL);
	return out->final ? open_temp(out, &st) : -errno;
}

/**
 * image_out_open() - begin to write a file
 * @path: its name, "-" for standard output unless that is a terminal
 * @out: receives the file; end with image_out_commit() or image_out_abort()
 * @err: receives a message
 *
 * The data goes to a temporary file beside it until image_out_commit().
 *
 * Return: 0, or a negative errno; then there is nothing to end.
 */
int image_out_open(const char *path, struct image_out **out,
		   struct image_error *err)
{
	struct image_out *o = calloc(1, sizeof(*o));
	int ret;

	if (!o)
		return image_fail(err, -ENOMEM, "%s: %s", path,
				  strerror(ENOMEM));
	o->fd = -1;
	o->shown = strdup(strcmp(path, "-") ? path : "standard output");
	if (!o->shown) {
		ret = image_fail(err, -ENOMEM, "%s: %s", path,
				 strerror(ENOMEM));
	} else if (!strcmp(path, "-")) {
		ret = open_stdout(o, err);
	} else {
		ret = open_path(o, path);
		if (ret)
			failed(o, ret, err);
	}
	if (ret) {
		image_out_abort(o);
		return ret;
	}
	*out = o;
	return 0;
}

static int flush(struct image_out *out)
{
	size_t done = 0;

	while (done < out->used) {
		ssize_t n = write(out->fd, out->buf + done, out->used - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += n;
	}
	out->used = 0;
	return 0;
}

/**
 * image_out_write() - add bytes to the file
 * @out: file
 * @buf: bytes
 * @len: how many
 * @err: receives a message
 *
 * Return: 0, or a negative errno of write(); then image_out_abort() is left
 * to do.
 */
int image_out_write(struct image_out *out, const void *buf, size_t len,
		    struct image_error *err)
{
	const uint8_t *p = buf;
	int ret;

	while (len) {
		size_t n = sizeof(out->buf) - out->used;

		if (n > len)
			n = len;
		memcpy(out->buf + out->used, p, n);
		out->used += n;
		p += n;
		len -= n;
		if (out->used == sizeof(out->buf)) {
			ret = flush(out);
			if (ret)
				return failed(out, ret, err);
		}
	}
	return 0;
}

/*
 * After a power cut the name must lead to the new content or to the old. Who may
 * write to a folder needn't be allowed to open it, and some file systems have nothing
 * to bring to the disk.
 */
static int sync_directory(const char *path)
{
	char *copy = strdup(path);
	int ret = 0;
	int fd;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 ? errno != EACCES : fsync(fd) && errno != EINVAL)
		ret = -errno;
	if (fd >= 0)
		close(fd);
	free(copy);
	return ret;
}

static int finish(struct image_out *out)
{
	int ret = flush(out);
	int fd = out->fd;

	if (ret)
		return ret;
	if (out->final && fsync(fd))
		return -errno;
	out->fd = -1;
	if (close(fd))
		return -errno;
	if (!out->final)
		return 0;
	if (rename(out->temp, out->final))
		return -errno;
	free(out->temp);
	out->temp = NULL;
	return sync_directory(out->final);
}

/**
 * image_out_commit() - complete the file and give it its name
 * @out: file; gone afterwards, also after an error
 * @err: receives a message
 *
 * Return: 0, or a negative errno; then the name is what it was before, or leads to
 * the new content if only its way to the disk is in doubt.
 */
int image_out_commit(struct image_out *out, struct image_error *err)
{
	int ret = finish(out);

	if (ret)
		failed(out, ret, err);
	image_out_abort(out);
	return ret;
}

/**
 * image_out_abort() - forget the file
 * @out: file; gone afterwards; NULL is allowed
 */
void image_out_abort(struct image_out *out)
{
	if (!out)
		return;
	if (out->fd >= 0)
		close(out->fd);
	if (out->temp)
		unlink(out->temp);
	free(out->temp);
	free(out->final);
	free(out->shown);
	free(out);
}

static int write_raw(struct image_out *out, const struct image *img,
		     struct image_error *err)
{
	static const uint8_t erased[256] = { [0 ... 255] = 0xff };
	size_t i;
	int ret;

	for (i = 0; i < img->num; i++) {
		const struct image_segment *s = &img->seg[i];
		uint32_t gap = 0;

		if (i)
			gap = s->addr - s[-1].addr - s[-1].size;
		while (gap) {
			uint32_t n = gap < 256 ? gap : 256;

			ret = image_out_write(out, erased, n, err);
			if (ret)
				return ret;
			gap -= n;
		}
		ret = image_out_write(out, s->data, s->size, err);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * image_write() - write an image in a format
 * @out: file, to be committed by the caller
 * @format: IMAGE_BIN (gaps become 0xff), IMAGE_HEX or IMAGE_SREC
 * @img: image
 * @err: receives a message
 *
 * Return: 0, -EINVAL for a format that can't be written, or the error of
 * image_out_write().
 */
int image_write(struct image_out *out, enum image_format format,
		const struct image *img, struct image_error *err)
{
	switch (format) {
	case IMAGE_BIN:
		return write_raw(out, img, err);
	case IMAGE_HEX:
		return hex_write(out, img, err);
	case IMAGE_SREC:
		return srec_write(out, img, err);
	default:
		return image_fail(err, -EINVAL,
				  "%s: format %s can be read but not written",
				  out->shown, image_format_word(format));
	}
}
