// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power cuts. The linker puts these functions before the C library's.
 *
 * The disk has, of each file of the folder, what it had at the last fsync() of
 * that file; and of the folder, the names that it had at the last fsync() of
 * the folder. That is more than file systems lose as a rule, and what POSIX
 * allows them to.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "auto_test.h"
#include "auto_cut.h"

#define FILES	4
#define ROOM	131072
#define NAME_LEN 64

/* a file as the disk has it */
struct stored {
	ino_t inode;
	size_t len;
	char data[ROOM];
};

/* a name as the disk has it */
struct name {
	char name[NAME_LEN];
	ino_t inode;
};

/* shared with the child, which doesn't live to tell */
static struct {
	long calls;
	long at;
	int fault;		/* enum cut_fault, -1: the power goes */
	uint64_t value;
	struct stored stored[FILES];
	struct name name[FILES];
} *cut;

static bool armed;

int __real_open(const char *path, int flags, ...);
int __real_openat(int at, const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *buf, size_t len);
int __real_close(int fd);

static struct stored *stored_of(ino_t inode)
{
	size_t i;

	for (i = 0; i < FILES; i++) {
		if (cut->stored[i].inode == inode || !cut->stored[i].inode) {
			cut->stored[i].inode = inode;
			return &cut->stored[i];
		}
	}
	abort();
}

static bool is_folder(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* a file's content reached the disk */
static void store(int fd, ino_t inode)
{
	struct stored *s = stored_of(inode);
	char link[32];
	ssize_t n;
	int again;

	/* it may be open for writing only */
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	again = __real_open(link, O_RDONLY);
	n = again < 0 ? -1 : pread(again, s->data, ROOM, 0);
	if (n < 0)
		abort();
	s->len = n;
	__real_close(again);
}

/* the folder's names reached the disk */
static void store_names(const char *path)
{
	struct dirent *e;
	DIR *d = opendir(path);
	size_t i = 0;

	if (!d)
		abort();
	memset(cut->name, 0, sizeof(cut->name));
	while ((e = readdir(d))) {
		if (is_folder(e->d_name))
			continue;
		if (i == FILES || strlen(e->d_name) >= NAME_LEN)
			abort();
		strcpy(cut->name[i].name, e->d_name);
		cut->name[i++].inode = e->d_ino;
	}
	closedir(d);
}

/* Return: true where it happens now. */
static bool goes(void)
{
	return armed && ++cut->calls == cut->at;
}

/* Return: errno that the call is to fail with, or 0. Where the power goes: never. */
static int point(void)
{
	static const int errnums[] = {
		[CUT_ENOSPC] = ENOSPC, [CUT_EIO] = EIO, [CUT_EDQUOT] = EDQUOT,
		[CUT_EROFS] = EROFS, [CUT_EINTR] = EINTR, [CUT_EPERM] = EPERM, [CUT_SHORT] = 0,
	};

	if (!goes())
		return 0;
	if (cut->fault < 0)
		raise(SIGKILL);
	errno = errnums[cut->fault];
	return errno;
}

static void synced(int fd)
{
	char link[32], path[256];
	struct stat st;
	ssize_t n;

	if (!armed)
		return;
	if (fstat(fd, &st))
		abort();
	if (S_ISREG(st.st_mode)) {
		store(fd, st.st_ino);
		return;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		abort();
	path[n] = '\0';
	armed = false;
	store_names(path);
	armed = true;
}

int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return point() ? -1 : __real_open(path, flags, mode);
}

int __wrap_openat(int at, const char *path, int flags, ...);
int __wrap_openat(int at, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return point() ? -1 : __real_openat(at, path, flags, mode);
}

ssize_t __wrap_write(int fd, const void *buf, size_t len);
ssize_t __wrap_write(int fd, const void *buf, size_t len)
{
	ssize_t half;

	if (!armed || cut->calls + 1 != cut->at ||
	    (cut->fault >= 0 && cut->fault != CUT_SHORT))
		return point() ? -1 : __real_write(fd, buf, len);
	cut->calls++;
	half = __real_write(fd, buf, len / 2);
	if (half < 0)
		abort();
	if (cut->fault < 0)
		raise(SIGKILL);
	return half;
}

int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	if (point())
		return -1;
	/* this disk is a model of one, and doesn't keep anybody waiting */
	synced(fd);
	return 0;
}

int __wrap_fdatasync(int fd);
int __wrap_fdatasync(int fd)
{
	return __wrap_fsync(fd);
}

/* the descriptor is gone whatever it says */
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	int errnum = point();
	int ret = __real_close(fd);

	if (!errnum)
		return ret;
	errno = errnum;
	return -1;
}

/* those that are only made or not */
#define POINT(type, name, params, args)			\
	type __real_##name params;			\
	type __wrap_##name params;			\
	type __wrap_##name params			\
	{						\
		return point() ? -1 : __real_##name args;	\
	}

POINT(int, ftruncate, (int fd, off_t len), (fd, len))
POINT(int, mkostemp, (char *name, int flags), (name, flags))
POINT(int, rename, (const char *from, const char *to), (from, to))
POINT(int, renameat, (int a, const char *from, int b, const char *to),
      (a, from, b, to))
POINT(int, fchmod, (int fd, mode_t mode), (fd, mode))
POINT(int, fchown, (int fd, uid_t uid, gid_t gid), (fd, uid, gid))
POINT(int, flock, (int fd, int how), (fd, how))

/* what tidies up doesn't fail as well */
#define TIDIES(name, params, args)			\
	int __real_##name params;			\
	int __wrap_##name params;			\
	int __wrap_##name params			\
	{						\
		if (!armed || cut->fault < 0)		\
			point();			\
		return __real_##name args;		\
	}

TIDIES(unlink, (const char *path), (path))
TIDIES(unlinkat, (int at, const char *path, int flags), (at, path, flags))

/* Of the blocks that changed those that the bits of @which say. */
static void tear(char *data, size_t len, const struct stored *s,
		 unsigned int which)
{
	unsigned int changed = 0;
	size_t at, end, i;

	for (at = 0; at < len; at = end) {
		end = at + CUT_BLOCK < len ? at + CUT_BLOCK : len;
		if (end <= s->len && !memcmp(data + at, s->data + at, end - at))
			continue;
		if (which >> changed++ % 4 & 1)
			continue;
		for (i = at; i < end; i++)
			data[i] = i < s->len ? s->data[i] : 0;
	}
}

/* What a file has after all, whose content didn't wholly reach the disk. */
static size_t spoil(char *data, size_t len, const struct stored *s,
		    enum cut_loss loss)
{
	size_t same = 0;

	while (same < len && same < s->len && data[same] == s->data[same])
		same++;
	switch (loss) {
	case CUT_LOSES_ALL:
		memcpy(data, s->data, s->len);
		return s->len;
	case CUT_LOSES_DATA:
		return same;
	case CUT_LEAVES_ZEROS:
		memset(data + same, 0, len - same);
		return len;
	case CUT_LEAVES_HALF:
		return same + (len - same) / 2;
	case CUT_LOSES_NOTHING:
	case CUT_LOSES_NAMES:
		return len;
	default:
		tear(data, len, s, loss - CUT_TEARS);
		return len;
	}
}

/* what is found when the power is back */
static struct {
	char name[NAME_LEN];
	char data[ROOM];
	size_t len;
} files[FILES];

/* Content of a file of the folder by its inode; false if it has no name there. */
static bool now_in(ino_t inode, char *buf, size_t *len)
{
	struct dirent *e;
	char *data = NULL;
	DIR *d = opendir(dir);

	assert_non_null(d);
	while (!data && (e = readdir(d))) {
		if (e->d_ino == inode && !is_folder(e->d_name))
			data = get(e->d_name, len);
	}
	closedir(d);
	if (data)
		memcpy(buf, data, *len);
	free(data);
	return data;
}

/* The folder, as it is found then. */
static void lose(enum cut_loss loss)
{
	struct dirent *e;
	struct stat st;
	size_t i, num = 0;
	char *data;
	DIR *d;

	memset(files, 0, sizeof(files));
	if (loss == CUT_LOSES_ALL || loss == CUT_LOSES_NAMES) {
		for (; num < FILES && *cut->name[num].name; num++) {
			struct stored *s = stored_of(cut->name[num].inode);

			strcpy(files[num].name, cut->name[num].name);
			if (loss == CUT_LOSES_ALL ||
			    !now_in(s->inode, files[num].data, &files[num].len))
				files[num].len = spoil(files[num].data, 0, s,
						       CUT_LOSES_ALL);
		}
	} else {
		d = opendir(dir);
		assert_non_null(d);
		while ((e = readdir(d))) {
			if (is_folder(e->d_name))
				continue;
			assert_true(num < FILES);
			strcpy(files[num].name, e->d_name);
			data = get(e->d_name, &files[num].len);
			assert_int_equal(stat(in_dir(e->d_name), &st), 0);
			files[num].len = spoil(data, files[num].len,
					       stored_of(st.st_ino), loss);
			memcpy(files[num].data, data, files[num].len);
			free(data);
			num++;
		}
		closedir(d);
	}
	clean();
	for (i = 0; i < num; i++)
		put(files[i].name, files[i].data, files[i].len);
}

/* All that is there before is on the disk. */
static void settle(void)
{
	struct dirent *e;
	struct stat st;
	DIR *d = opendir(dir);
	int fd;

	assert_non_null(d);
	memset(cut, 0, sizeof(*cut));
	store_names(dir);
	while ((e = readdir(d))) {
		if (is_folder(e->d_name))
			continue;
		fd = __real_open(in_dir(e->d_name), O_RDONLY);
		assert_true(fd >= 0);
		assert_int_equal(fstat(fd, &st), 0);
		store(fd, st.st_ino);
		__real_close(fd);
	}
	closedir(d);
}

static void begin(const char *path, long at, int fault)
{
	if (!cut)
		cut = mmap(NULL, sizeof(*cut), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(cut, MAP_FAILED);
	/* this file's own name of the folder; all are of the same length */
	memcpy(dir, path, sizeof(dir) - 1);
	settle();
	cut->at = at;
	cut->fault = fault;
	cut->value = UINT64_MAX;
}

bool cut_fail(const char *path, uint64_t (*job)(const char *path), long at,
	      enum cut_fault fault, uint64_t *value)
{
	begin(path, at, fault);
	armed = true;
	*value = job(path);
	armed = false;
	return cut->calls >= at;
}

bool cut_run(const char *path, uint64_t (*job)(const char *path), long at,
	     enum cut_loss loss, uint64_t *value)
{
	int status;
	pid_t pid;

	begin(path, at, -1);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		armed = true;
		cut->value = job(path);
		/* the power goes some time, with the job long done */
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	*value = cut->value;
	if (!WIFSIGNALED(status))
		assert_int_equal(status, 0);
	else
		assert_int_equal(WTERMSIG(status), SIGKILL);
	lose(loss);
	return WIFSIGNALED(status);
}
