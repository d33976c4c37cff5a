// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a module file says about itself: the texts of its section .modinfo, and
 * the mark of a signature at its end. All that is looked for stands nowhere else
 * in such a file, so that no ELF needs to be understood.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "module.h"

/* include/linux/module_signature.h has it */
static const char mark[] = "~Module signature appended~\n";

/* @key begins with the zero that ends the text before it */
static void take(const char *data, size_t size, const char *key, size_t key_len,
		 char *buf, size_t len)
{
	const char *at = memmem(data, size, key, key_len);
	size_t left;

	buf[0] = '\0';
	if (!at)
		return;
	at += key_len;
	left = data + size - at;
	snprintf(buf, len, "%.*s", (int)strnlen(at, left), at);
}

#define TAKE(key, to) \
	take(data, size, "\0" key, sizeof(key), to, sizeof(to))

void stl_module_info(const char *path, struct stl_module *m)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *data = MAP_FAILED;
	struct stat st;
	size_t size = 0;

	if (fd < 0)
		return;
	if (!fstat(fd, &st) && st.st_size > 0) {
		size = st.st_size;
		data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	close(fd);
	if (data == MAP_FAILED)
		return;
	m->known = size > 4 && !memcmp(data, "\177ELF", 4);
	if (m->known) {
		TAKE("version=", m->file_version);
		TAKE("srcversion=", m->file_srcversion);
		TAKE("vermagic=", m->vermagic);
		m->has_signature = size > sizeof(mark) &&
			!memcmp(data + size - strlen(mark), mark, strlen(mark));
	}
	munmap((void *)data, size);
}
