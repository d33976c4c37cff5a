// SPDX-License-Identifier: GPL-2.0-only
/*
 * words /dev/stlinkN - 64 scattered words of flash, one by one and in one batch,
 * at 4 MHz: exchanges and microseconds, as a JSON object. tests/e2e/scatter.c tests
 * that they are the right ones in all cases.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/stlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#define WORDS	64
#define FLASH	0x08000000u
#define STRIDE	236u

static int fd;

static void die(const char *what)
{
	fprintf(stderr, "words: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned long long exchanges(void)
{
	struct stlink_last last = { .size = sizeof(last) };

	if (ioctl(fd, STLINK_IOC_LAST, &last) < 0)
		die("LAST");
	return last.exchanges;
}

static long long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

/* reads them all, @together of them with each call */
static void read_words(uint32_t *words, uint32_t together)
{
	struct stlink_mem_op ops[WORDS];
	struct stlink_mem_xfer xfer = {
		.size = sizeof(xfer),
		.num_ops = together,
	};
	uint32_t i;

	for (i = 0; i < WORDS; i++)
		ops[i] = (struct stlink_mem_op) {
			.op = STLINK_OP_READ,
			.width = 4,
			.addr = FLASH + i * STRIDE,
			.length = 4,
			.buf = (uintptr_t)&words[i],
		};
	for (i = 0; i < WORDS; i += together) {
		xfer.ops = (uintptr_t)&ops[i];
		if (ioctl(fd, STLINK_IOC_MEM, &xfer) < 0)
			die("MEM");
	}
}

static void report(const char *name, uint32_t *words, uint32_t together)
{
	unsigned long long n = exchanges();
	long long start = now_us();

	read_words(words, together);
	start = now_us() - start;
	printf("\"%s_us\":%lld,\"%s_exchanges\":%llu", name, start, name,
	       exchanges() - n);
}

int main(int argc, char **argv)
{
	struct stlink_attach attach = {
		.size = sizeof(attach),
		.mode = STLINK_ATTACH_HOTPLUG,
		.clock_khz = 4000,
	};
	uint32_t single[WORDS], together[WORDS];

	fd = open(argc > 1 ? argv[1] : "/dev/stlink0", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, STLINK_IOC_ATTACH, &attach) < 0)
		die("attach");
	/* The first time of a session is not like the others. */
	read_words(together, WORDS);
	printf("{\"kind\":\"words\",");
	report("single", single, 1);
	printf(",");
	report("together", together, WORDS);
	printf("}\n");
	if (memcmp(single, together, sizeof(single))) {
		fprintf(stderr, "words: a batch reads something else\n");
		return 1;
	}
	return 0;
}
