// SPDX-License-Identifier: GPL-2.0-only
/*
 * Direct use of /dev/stlinkN in C, without any library:
 *
 *	cc -o stlink-example stlink-example.c
 *	./stlink-example flash.bin [/dev/stlink1]
 *
 * Prints the CPUID, dumps the whole flash of an STM32F030 into a file, toggles
 * its pin PA4, and leaves the firmware running. linux/stlink.h says what each
 * ioctl does and what each errno means.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/stlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ST RM0360 and ARM DDI 0432 */
#define CPUID		0xe000ed00
#define FLASH		0x08000000
#define FLASH_SIZE	0x1ffff7cc	/* half-word, KiB */
#define RCC_AHBENR	0x40021014
#define RCC_IOPAEN	(1u << 17)
#define GPIOA_MODER	0x48000000
#define MODER_PIN4	(3u << 8)
#define MODER_PIN4_OUT	(1u << 8)
#define GPIOA_ODR	0x48000014
#define GPIOA_BSRR	0x48000018
#define PIN4		(1u << 4)

#define CHUNK		4096u

static int fd = -1;

/* Reads or writes target memory. Tells what failed, where and why. */
static int memory(int op, uint32_t addr, void *buf, uint32_t len)
{
	struct stlink_mem_op mem = {
		.op = op,
		.width = 4,
		.addr = addr,
		.length = len,
		.buf = (uintptr_t)buf,
	};
	struct stlink_mem_xfer xfer = {
		.size = sizeof(xfer),
		.num_ops = 1,
		.ops = (uintptr_t)&mem,
	};

	if (!ioctl(fd, STLINK_IOC_MEM, &xfer))
		return 0;
	fprintf(stderr, "stlink-example: %s 0x%08x: %s (probe status %02x)\n",
		op == STLINK_OP_READ ? "reading" : "writing",
		mem.result & STLINK_MEM_FAULT_ADDR ? mem.fault_addr :
		addr + mem.done, strerror(errno), mem.status);
	return -1;
}

static int get(uint32_t addr, uint32_t *value)
{
	return memory(STLINK_OP_READ, addr, value, sizeof(*value));
}

static int put(uint32_t addr, uint32_t value)
{
	return memory(STLINK_OP_WRITE, addr, &value, sizeof(value));
}

static int core(int op)
{
	struct stlink_core arg = { .size = sizeof(arg), .op = op };

	if (!ioctl(fd, STLINK_IOC_CORE, &arg))
		return 0;
	fprintf(stderr, "stlink-example: %s the core: %s (probe status %02x)\n",
		op == STLINK_CORE_HALT ? "halting" : "starting",
		strerror(errno), arg.status);
	return -1;
}

/* The session ends by close() in any case; then the core runs. */
static int attach(const char *node)
{
	struct stlink_attach arg = {
		.size = sizeof(arg),
		.mode = STLINK_ATTACH_NORMAL,
	};

	fd = open(node, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "stlink-example: %s: %s\n", node,
			strerror(errno));
		return -1;
	}
	if (!ioctl(fd, STLINK_IOC_ATTACH, &arg))
		return 0;
	fprintf(stderr,
		"stlink-example: attaching to the target of %s: %s (probe status %02x)\n",
		node, strerror(errno), arg.status);
	return -1;
}

static int copy_flash(FILE *out, const char *name, uint32_t size)
{
	static uint8_t buf[CHUNK];
	uint32_t done;

	/* any length up to STLINK_MAX_BYTES would do */
	for (done = 0; done < size; done += CHUNK) {
		if (memory(STLINK_OP_READ, FLASH + done, buf, CHUNK))
			return -1;
		if (fwrite(buf, 1, CHUNK, out) != CHUNK)
			break;
	}
	if (done >= size && !fflush(out))
		return 0;
	fprintf(stderr, "stlink-example: writing %s: %s\n", name,
		strerror(errno));
	return -1;
}

/* The file gets its name when all of it is there. */
static int dump(const char *file)
{
	uint32_t kib;
	char *part;
	FILE *out;
	int ret;

	/* 32 bits: firmware of the probe before V2J26 can't read 16 */
	if (get(FLASH_SIZE, &kib))
		return -1;
	kib &= 0xffff;
	if (!kib || kib % (CHUNK / 1024) || kib > 1024) {
		fprintf(stderr,
			"stlink-example: flash size register 0x%08x: %u KiB can't be\n",
			FLASH_SIZE, kib);
		return -1;
	}
	part = malloc(strlen(file) + sizeof(".part"));
	if (!part)
		return -1;
	sprintf(part, "%s.part", file);
	out = fopen(part, "wb");
	if (!out) {
		fprintf(stderr, "stlink-example: %s: %s\n", part,
			strerror(errno));
		free(part);
		return -1;
	}
	ret = copy_flash(out, part, kib * 1024);
	if (fclose(out) && !ret) {
		fprintf(stderr, "stlink-example: writing %s: %s\n", part,
			strerror(errno));
		ret = -1;
	}
	if (!ret && rename(part, file)) {
		fprintf(stderr, "stlink-example: %s: %s\n", file,
			strerror(errno));
		ret = -1;
	}
	if (ret)
		unlink(part);
	else
		printf("%u KiB of flash are in %s\n", kib, file);
	free(part);
	return ret;
}

/* Drives PA4 and reads its output latch. */
static int drive(int level, uint32_t *odr)
{
	return put(GPIOA_BSRR, level ? PIN4 : PIN4 << 16) ||
	       get(GPIOA_ODR, odr);
}

/* The core is halted meanwhile, since firmware may use the pin itself. */
static int toggle(void)
{
	uint32_t ahbenr, moder, before, high, low;
	int ret;

	if (core(STLINK_CORE_HALT) || get(RCC_AHBENR, &ahbenr) ||
	    put(RCC_AHBENR, ahbenr | RCC_IOPAEN))
		return -1;
	ret = get(GPIOA_MODER, &moder) || get(GPIOA_ODR, &before);
	if (!ret) {
		ret = put(GPIOA_MODER, (moder & ~MODER_PIN4) | MODER_PIN4_OUT) ||
		      drive(1, &high) || drive(0, &low);
		/* also after a failure: as it was, as far as that goes */
		ret |= put(GPIOA_BSRR, before & PIN4 ? PIN4 : PIN4 << 16);
		ret |= put(GPIOA_MODER, moder);
	}
	ret |= put(RCC_AHBENR, ahbenr);
	ret |= core(STLINK_CORE_RUN);
	if (ret)
		return -1;
	printf("PA4 set: %d, PA4 reset: %d\n", !!(high & PIN4), !!(low & PIN4));
	if (high & PIN4 && !(low & PIN4))
		return 0;
	fprintf(stderr, "stlink-example: PA4 doesn't follow GPIOA_BSRR\n");
	return -1;
}

int main(int argc, char **argv)
{
	uint32_t cpuid;
	int failed;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: stlink-example FILE [NODE]\n");
		return 1;
	}
	failed = attach(argc > 2 ? argv[2] : "/dev/stlink0") ||
		 get(CPUID, &cpuid);
	if (!failed) {
		printf("CPUID 0x%08x\n", cpuid);
		failed = dump(argv[1]) || toggle();
	}
	if (fd >= 0)
		close(fd);
	return failed ? 1 : 0;
}
