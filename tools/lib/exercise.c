// SPDX-License-Identifier: GPL-2.0-only
/*
 * A short exercise that leaves the target as it is.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "exercise.h"
#include "ioctl.h"
#include "pace.h"
#include "stm32f0.h"
#include "xfer.h"

#define LOOKS		31
#define LONGEST		4096u

/* None of them changes by being read but DHCSR, whose sticky bits the driver keeps */
static const struct {
	const char *name;
	uint32_t addr;
} words[STL_EXERCISE_WORDS] = {
	{ "CPUID", SCB_CPUID }, { "ICSR", SCB_ICSR }, { "DFSR", 0xe000ed30 },
	{ "DEMCR", SCB_DEMCR }, { "PCSR", DWT_PCSR }, { "RCC_CR", RCC_CR },
	{ "RCC_CFGR", 0x40021004 }, { "RCC_CSR", RCC_CSR },
	{ "FLASH_ACR", 0x40022000 }, { "FLASH_SR", FLASH_SR },
	{ "FLASH_CR", FLASH_CR }, { "DBGMCU_CR", 0x40015804 },
};

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void time_exchange(struct stl_target *t, struct stl_exercise *x)
{
	uint32_t us[LOOKS], value;
	uint64_t begin;
	int i;

	for (i = 0; i < LOOKS; i++) {
		begin = stl_now_us();
		if (stl_mem_read32(t->fd, SCB_CPUID, &value))
			return;
		us[i] = stl_now_us() - begin;
	}
	qsort(us, LOOKS, sizeof(us[0]), compare);
	x->exchange_us[0] = us[0];
	x->exchange_us[1] = us[LOOKS / 2];
	x->exchange_us[2] = us[LOOKS - 1];
}

static void read_part(struct stl_target *t, struct stl_exercise *x,
		      unsigned int i, const char *name, uint32_t addr,
		      uint32_t len)
{
	uint8_t buf[LONGEST];
	struct stl_fault fault = { 0 };
	uint64_t begin, took;
	unsigned int k;

	x->part[i].name = name;
	x->part[i].addr = addr;
	x->part[i].len = len;
	for (k = 0; k < 2 && !x->part[i].ret; k++) {
		begin = stl_now_us();
		x->part[i].ret = stl_mem_read(t->fd, addr, buf, len, 0, &fault);
		took = stl_now_us() - begin;
		if (x->part[i].ret) {
			x->part[i].status = fault.status;
			return;
		}
		x->part[i].crc[k] = crc32(0, buf, len);
		if (len >= x->read_bytes) {
			x->read_bytes = len;
			x->read_us = took;
		}
	}
}

void stl_exercise(struct stl_target *t, struct stl_exercise *x)
{
	const struct stl_chip *c = &t->chip;
	uint32_t flash = c->flash_size < LONGEST ? c->flash_size : LONGEST;
	unsigned int i;

	memset(x, 0, sizeof(*x));
	for (i = 0; i < STL_EXERCISE_WORDS; i++) {
		x->word[i].name = words[i].name;
		x->word[i].addr = words[i].addr;
		x->word[i].ret = stl_mem_read32(t->fd, words[i].addr,
						&x->word[i].value);
	}
	read_part(t, x, 0, "start of flash", STL_FLASH_BASE, flash);
	read_part(t, x, 1, "end of flash",
		  STL_FLASH_BASE + c->flash_size - c->page_size, c->page_size);
	read_part(t, x, 2, "system memory", c->part->sysmem_base, 1024);
	time_exchange(t, x);
}

int stl_last(int fd, struct stlink_last *last)
{
	memset(last, 0, sizeof(*last));
	return stl_ioc_last(fd, last);
}
