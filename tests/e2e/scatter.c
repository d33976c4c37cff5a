// SPDX-License-Identifier: GPL-2.0-only
/*
 * 64 scattered words of flash, one by one and in one batch; scattered writes to
 * SRAM; a batch with a word in a hole. Prints the exchanges that each took.
 *
 *	scatter /dev/stlink0
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/stlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define WORDS	64
#define FLASH	0x08000000u
#define SRAM	0x20000800u
#define HOLE	0x60000000u
#define STRIDE	236u

static int fd;

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned long long exchanges(void)
{
	struct stlink_last last = { .size = sizeof(last) };

	if (ioctl(fd, STLINK_IOC_LAST, &last) < 0)
		die("LAST");
	return last.exchanges;
}

static int batch(struct stlink_mem_op *ops, uint32_t num, uint32_t *done)
{
	struct stlink_mem_xfer xfer = {
		.size = sizeof(xfer),
		.num_ops = num,
		.ops = (uintptr_t)ops,
	};
	int ret = ioctl(fd, STLINK_IOC_MEM, &xfer) < 0 ? errno : 0;

	*done = xfer.num_done;
	return ret;
}

static void fill(struct stlink_mem_op *ops, uint32_t *words, uint32_t base,
		 uint32_t stride, int op, int flags)
{
	int i;

	for (i = 0; i < WORDS; i++)
		ops[i] = (struct stlink_mem_op) {
			.op = op,
			.width = 4,
			.flags = flags,
			.addr = base + i * stride,
			.length = 4,
			.buf = (uintptr_t)&words[i],
		};
}

static unsigned long long report(const char *what, unsigned long long before)
{
	unsigned long long now = exchanges();

	printf("%s %llu\n", what, now - before);
	return now;
}

int main(int argc, char **argv)
{
	struct stlink_attach attach = {
		.size = sizeof(attach),
		.mode = STLINK_ATTACH_NORMAL,
	};
	static uint32_t single[WORDS], together[WORDS], back[WORDS];
	struct stlink_mem_op ops[WORDS];
	unsigned long long n;
	uint32_t done;
	int i;

	fd = open(argc > 1 ? argv[1] : "/dev/stlink0", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, STLINK_IOC_ATTACH, &attach) < 0)
		die("attach");

	fill(ops, single, FLASH, STRIDE, STLINK_OP_READ, 0);
	n = exchanges();
	for (i = 0; i < WORDS; i++)
		if (batch(&ops[i], 1, &done))
			die("read");
	n = report("one-by-one", n);

	/* Twice: the first time of a session is not like the others */
	for (i = 0; i < 2; i++) {
		memset(together, 0, sizeof(together));
		fill(ops, together, FLASH, STRIDE, STLINK_OP_READ, 0);
		if (batch(ops, WORDS, &done) || done != WORDS)
			die("batch of reads");
		if (memcmp(single, together, sizeof(single))) {
			fprintf(stderr, "a batch reads something else\n");
			return 1;
		}
		n = report(i ? "together" : "first-time", n);
	}

	for (i = 0; i < WORDS; i++)
		together[i] = 0x01234567u * (i + 1);
	fill(ops, together, SRAM, 16, STLINK_OP_WRITE, STLINK_MEM_TOGETHER);
	if (batch(ops, WORDS, &done) || done != WORDS)
		die("batch of writes");
	n = report("writes", n);
	fill(ops, back, SRAM, 16, STLINK_OP_READ, 0);
	if (batch(ops, WORDS, &done) || memcmp(back, together, sizeof(back))) {
		fprintf(stderr, "what was written isn't there\n");
		return 1;
	}

	/* A hole in the middle: those before it are there, and it is told */
	memset(back, 0, sizeof(back));
	fill(ops, back, FLASH, STRIDE, STLINK_OP_READ, 0);
	ops[40].addr = HOLE;
	i = batch(ops, WORDS, &done);
	if (i != EREMOTEIO || done != 40 || ops[40].fault_addr != HOLE ||
	    !(ops[40].result & STLINK_MEM_FAULT_ADDR) ||
	    memcmp(back, single, 40 * 4) || back[41]) {
		fprintf(stderr, "hole: errno %d, %u done, fault at %08x\n", i,
			done, ops[40].fault_addr);
		return 1;
	}
	n = exchanges();
	fill(ops, back, FLASH, STRIDE, STLINK_OP_READ, 0);
	if (batch(ops, WORDS, &done) || memcmp(back, single, sizeof(back)))
		die("after the hole");
	report("after-hole", n);
	return 0;
}
