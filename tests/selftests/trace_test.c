// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints of the group "stlink". Records are counted by filters on their
 * fields, so that the text they are printed as is nobody's ABI.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "fixture.h"
#include "files.h"
#include "ops.h"

#define TRACING	"/sys/kernel/tracing/"

FIXTURE(trace) {
	PROBE_DATA;
	char dir[64];
};

static char dir[64];

static int set(const char *file, const char *text)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return file_write(path, text);
}

FIXTURE_SETUP(trace)
{
	/* An instance of our own: others may be tracing, too. */
	snprintf(dir, sizeof(dir), TRACING "instances/stlink.%d", getpid());
	if (access(TRACING "instances", W_OK) &&
	    system("mount -t tracefs tracefs " TRACING " 2>/dev/null"))
		SKIP(return, "no tracefs");
	ASSERT_EQ(0, mkdir(dir, 0700));
	/*
	 * Once for all counts of a test: enabling rewrites code of the running
	 * kernel, which emulated processors don't always survive.
	 */
	EXPECT_EQ(0, set("tracing_on", "0"));
	EXPECT_EQ(0, set("events/stlink/enable", "1"));
	PROBE_SETUP(&probe_default);
	ASSERT_EQ(0, do_attach(self->fd, STLINK_ATTACH_NORMAL));
	ASSERT_EQ(0, do_core(self->fd, STLINK_CORE_HALT, 0, NULL));
}

FIXTURE_TEARDOWN(trace)
{
	set("events/stlink/enable", "0");
	rmdir(dir);
	PROBE_TEARDOWN();
}

/* Begin to count records of one event that match a filter */
static int count_from_here(const char *event, const char *filter)
{
	char file[100];
	int ret;

	set("tracing_on", "0");
	snprintf(file, sizeof(file), "events/stlink/%s/filter", event);
	ret = set(file, filter);
	if (ret)
		return ret;
	set("trace", "");
	return set("tracing_on", "1");
}

static unsigned int counted(const char *event)
{
	char path[100], line[512], word[48];
	unsigned int n = 0;
	FILE *f;

	set("tracing_on", "0");
	snprintf(path, sizeof(path), "%s/trace", dir);
	snprintf(word, sizeof(word), " %s:", event);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		n += line[0] != '#' && strstr(line, word);
	if (f)
		fclose(f);
	return n;
}

#define COUNT(event, filter, job) ({					\
	EXPECT_EQ(0, count_from_here(event, filter)) {			\
		TH_LOG("%s: %s", event, filter);			\
	}								\
	job;								\
	counted(event); })

static bool has_field(const char *event, const char *field)
{
	char path[120], text[4096], word[48];

	snprintf(path, sizeof(path), "%s/events/stlink/%s/format", dir, event);
	if (file_read(path, text, sizeof(text)))
		return false;
	snprintf(word, sizeof(word), " %s;", field);
	return strstr(text, word);
}

TEST_F(trace, fields)
{
	static const char * const want[] = {
		"exchange", "id", "cmd[10]", "in", "len", "actual",
		"duration_us", "status", "ret", "",
		"mem", "id", "op", "width", "flags", "addr", "length", "done",
		"duration_us", "status", "ret", "",
		"dap", "id", "op", "port", "reg", "value", "",
		"reg", "id", "op", "reg", "value", "",
		"core", "id", "op", "flags", "dhcsr", "",
	};
	char event[32];
	size_t i = 0;

	while (i < sizeof(want) / sizeof(want[0])) {
		snprintf(event, sizeof(event), "stlink_%s", want[i]);
		for (i++; want[i][0]; i++)
			EXPECT_TRUE(has_field(event, want[i])) {
				TH_LOG("%s has no %s", event, want[i]);
			}
		i++;
	}
}

/* A job with a bit of everything; returns the exchanges that it took */
static unsigned int job(int fd, struct probe *p)
{
	struct stlink_reg_op reg = { .reg = 3 };
	struct stlink_dap_op dap[2] = { { .port = STLINK_DAP_DP },
					{ .port = 0, .reg = 0xfc } };
	struct stlink_mem_op mem[5];
	static __u32 words[5];

	scatter(mem, words, 5);
	probe_clear_log(p);
	do_mem(fd, mem, 5, NULL);
	mem_rd(fd, SRAM_BASE, words, 16, 4, NULL);
	do_dap(fd, dap, 2, NULL);
	do_reg(fd, &reg, 1, NULL);
	do_core(fd, STLINK_CORE_STEP, 0, NULL);
	return p->num_log;
}

TEST_F(trace, exchanges)
{
	unsigned int n = 0, m = 0;
	char filter[64];

	/* The first one is special: it selects the access port. */
	job(self->fd, self->p);
	m = COUNT("stlink_exchange", "0", n = job(self->fd, self->p));
	EXPECT_EQ(n, m) {
		TH_LOG("%u records, %u exchanges", m, n);
	}
	EXPECT_LT(8, n);
	/* By whom */
	snprintf(filter, sizeof(filter), "common_pid == %d", getpid());
	EXPECT_EQ(n, COUNT("stlink_exchange", filter,
			   n = job(self->fd, self->p)));
	/* In which direction, and how they ended */
	EXPECT_EQ(0, COUNT("stlink_exchange", "ret != 0",
			   job(self->fd, self->p)));
	EXPECT_EQ(1, COUNT("stlink_exchange", "in == 0 && len > 16",
			   job(self->fd, self->p)));
	EXPECT_EQ(0, COUNT("stlink_exchange", "in != 0 && actual > 512",
			   job(self->fd, self->p)));
	EXPECT_LT(3, COUNT("stlink_exchange", "status == 128",
			   job(self->fd, self->p)));
	EXPECT_EQ(0, COUNT("stlink_exchange", "duration_us > 30000000",
			   job(self->fd, self->p)));
}

TEST_F(trace, operations)
{
	char filter[64];

	snprintf(filter, sizeof(filter), "common_pid == %d", getpid());
	EXPECT_EQ(6, COUNT("stlink_mem", filter, job(self->fd, self->p)));
	EXPECT_EQ(2, COUNT("stlink_dap", filter, job(self->fd, self->p)));
	EXPECT_EQ(1, COUNT("stlink_reg", filter, job(self->fd, self->p)));
	EXPECT_EQ(1, COUNT("stlink_core", filter, job(self->fd, self->p)));
	EXPECT_EQ(1, COUNT("stlink_mem", "addr == 0x20000000 && width == 4 && "
			   "length == 16 && done == 16 && status == 128 && "
			   "ret == 0", job(self->fd, self->p)));
	EXPECT_EQ(5, COUNT("stlink_mem", "addr >= 0x60000000 && done == 4 && "
			   "status == 128", job(self->fd, self->p)));
	EXPECT_EQ(1, COUNT("stlink_dap", "port == 0xffff && reg == 0 && "
			   "value == 0x0bb11477", job(self->fd, self->p)));
	EXPECT_EQ(1, COUNT("stlink_reg", "reg == 3 && value == 0x03030303",
			   job(self->fd, self->p)));
	EXPECT_EQ(1, COUNT("stlink_core", "op == 3 && dhcsr & 0x20000",
			   job(self->fd, self->p)));
}

static void fail(int fd)
{
	struct stlink_mem_op op[] = {
		word_op(SRAM_BASE, (__u32[1]) { 0 }),
		rd_op(0x30000000, (__u32[4]) { 0 }, 16, 4, 0),
	};

	do_mem(fd, op, 2, NULL);
}

TEST_F(trace, fault)
{
	EXPECT_EQ(1, COUNT("stlink_mem", "status == 0x11 && ret == -121 && "
			   "addr == 0x30000000 && done == 0",
			   fail(self->fd)));
	EXPECT_LE(1, COUNT("stlink_exchange", "status == 0x11",
			   fail(self->fd)));
}

static void *silent_thread(void *arg)
{
	struct probe *p = arg;

	probe_wait_command(p, 0xf2, 0x36, 1, 5000);
	usleep(150000);
	probe_release(p);
	return NULL;
}

/* How long it took: that is what the records are for. */
TEST_F(trace, duration)
{
	pthread_t thread;
	__u32 w;

	probe_clear_log(self->p);
	probe_rule(self->p, (struct rule) { 0xf2, 0x36, .action = RULE_HOLD });
	ASSERT_EQ(0, pthread_create(&thread, NULL, silent_thread, self->p));
	EXPECT_EQ(1, COUNT("stlink_exchange", "duration_us >= 100000",
			   mem_rd(self->fd, SRAM_BASE, &w, 4, 4, NULL)));
	pthread_join(thread, NULL);
	/* One that failed is on record, too. */
	probe_rule(self->p, (struct rule) { 0xf2, 0x36, .action = RULE_SHORT,
		   .arg = 1 });
	EXPECT_EQ(1, COUNT("stlink_exchange", "ret < 0",
			   mem_rd(self->fd, SRAM_BASE, &w, 4, 4, NULL)));
}

PROBE_TEST_MAIN
