// SPDX-License-Identifier: GPL-2.0-only
/* See fault.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"

#define DEBUGFS	"/sys/kernel/debug/"

static int kmsg = -1, probability = -1;

static void die(const char *what)
{
	fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
	exit(2);
}

int bad(const char *format, ...)
{
	va_list args;

	fputs("  ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return 1;
}

static void knob(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), DEBUGFS "%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		die(path);
	close(fd);
}

/**
 * fault_setup() - all allocations count, also those that could wait
 * @stacks: the log shall tell where
 */
void fault_setup(bool stacks)
{
	static const char * const kinds[] = { "failslab", "fail_page_alloc",
					      "fail_usercopy" };
	char name[64];
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		snprintf(name, sizeof(name), "%s/verbose", kinds[i]);
		knob(name, stacks ? "2" : "1");
	}
	knob("failslab/task-filter", "Y");
	knob("failslab/times", "1000000");
	knob("failslab/ignore-gfp-wait", "N");
	knob("fail_page_alloc/ignore-gfp-wait", "N");
	knob("fail_page_alloc/min-order", "0");
	/* To be written to when nothing can be opened */
	probability = open(DEBUGFS "failslab/probability", O_WRONLY | O_CLOEXEC);
	if (probability < 0)
		die("failslab/probability");
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0)
		die("/dev/kmsg");
}

/* Of this thread, which a child of it is not any more */
static int own_nth(void)
{
	static int fd = -1;
	static pid_t owner;

	if (owner != getpid()) {
		fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
		if (fd < 0)
			die("/proc/thread-self/fail-nth");
		owner = getpid();
	}
	return fd;
}

/** fault_arm_here() - the @n-th from now on in this thread fails */
void fault_arm_here(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(own_nth(), text, len, 0) != len)
		die("fail-nth");
}

/** fault_disarm_here() - did it fail? */
bool fault_disarm_here(void)
{
	char text[16] = "";
	/* Reading this copies, too; so does writing, at worst twice */
	bool over = pread(own_nth(), text, sizeof(text) - 1, 0) > 0 &&
		    !strtoul(text, NULL, 10);

	if (pwrite(own_nth(), "0", 1, 0) != 1)
		fault_arm_here(0);
	return over;
}

/**
 * fault_dry_here() - no more slab memory for this thread
 * @bytes: after that much
 *
 * It is a thread's property to fail at all, which its children inherit.
 */
void fault_dry_here(unsigned int bytes)
{
	char text[16];
	int fd = open("/proc/thread-self/make-it-fail", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1", 1) != 1)
		die("make-it-fail");
	close(fd);
	snprintf(text, sizeof(text), "%u", bytes);
	knob("failslab/space", text);
	if (write(probability, "100", 3) != 3)
		die("failslab/probability");
}

/** fault_dry_over() - there is memory again */
void fault_dry_over(void)
{
	if (write(probability, "0", 1) != 1)
		die("failslab/probability");
}

/** fault_forget() - what the log has up to here is not of interest */
void fault_forget(void)
{
	if (lseek(kmsg, 0, SEEK_END) < 0)
		die("/dev/kmsg");
}

/* Functions between the one who asked and the failure */
static bool is_allocator(const char *name)
{
	static const char * const names[] = {
		"dump_stack", "should_fail", "__should_fail", "fail_dump",
		"kmem_cache_", "__kmem_cache_", "kmalloc", "__kmalloc",
		"slab_", "__slab_", "___slab_", "allocate_slab", "alloc_pages",
		"__alloc_pages", "prepare_alloc_pages", "_copy_", "copy_page_",
		"__get_free_page", "get_zeroed_page", "new_slab", "kvmalloc",
		"create_object", "kmemleak_", "show_stack", "kasan_", "__kasan_",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(name, names[i], strlen(names[i])))
			return true;
	return false;
}

/* A line of a stack: " function+0x12/0x34 [module]" */
static void note_frame(struct fault *f, const char *text)
{
	bool ours = strstr(text, "[stlink]");
	unsigned int offset;
	char name[64];

	if (f->ours || sscanf(text, " %63[A-Za-z0-9_.]+0x%x", name, &offset) != 2 ||
	    is_allocator(name))
		return;
	if (!f->where[0] || ours)
		snprintf(f->where, sizeof(f->where), "%s", name);
	f->ours = ours;
}

/** fault_seen() - what the log has of it since fault_forget() */
struct fault fault_seen(void)
{
	struct fault f = { .kind = FAULT_NONE };
	char line[8192], *text;
	ssize_t n;

	while ((n = read(kmsg, line, sizeof(line) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		line[n] = 0;
		text = strchr(line, ';');
		if (!text)
			continue;
		text++;
		f.times += !!strstr(text, "FAULT_INJECTION:");
		if (strstr(text, "name failslab"))
			f.kind = FAULT_SLAB;
		else if (strstr(text, "name fail_page_alloc"))
			f.kind = FAULT_PAGE;
		else if (strstr(text, "name fail_usercopy"))
			f.kind = FAULT_COPY;
		else if (f.kind != FAULT_NONE)
			note_frame(&f, text);
	}
	return f;
}
