/* SPDX-License-Identifier: GPL-2.0-only */
/* A probe with a board, spoken to in hexadecimal. */
#ifndef PROBE_TEST_H
#define PROBE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chip/chip.h"
#include "probe/probe.h"

#define SRAM	0x20000000u
#define FLASH	0x08000000u
#define NOTHING	((const char *)NULL)
#define STALL	"stall"

static struct chip *chip;
static struct probe *probe;
static struct probe_options opt;
static uint8_t answer[65536];
static size_t answer_len;
static unsigned int answers, stalls, reenumerations;
static uint64_t now, answer_ready;

static void on_answer(void *ctx, const uint8_t *data, size_t len, uint64_t t)
{
	(void)ctx;
	assert_true(len <= sizeof(answer));
	memcpy(answer, data, len);
	answer_len = len;
	answer_ready = t;
	answers++;
}

static void on_stall(void *ctx, uint64_t t)
{
	(void)ctx;
	answer_ready = t;
	stalls++;
}

static void on_reenumerate(void *ctx, uint64_t off, uint64_t on)
{
	(void)ctx;
	assert_true(on > off);
	reenumerations++;
}

/* a board with an endless loop in flash, and a probe of that firmware */
static void start(const char *firmware)
{
	/* SP 20001000, reset vector 08000009; b . */
	static const uint8_t loop[] = {
		0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xfe, 0xe7,
	};
	const struct chip_options c = { .part = "F030F4", .fast = opt.fast };
	const struct probe_sink sink = {
		.answer = on_answer, .stall = on_stall,
		.reenumerate = on_reenumerate,
	};

	assert_true(probe_version_parse(firmware, &opt.version));
	chip = chip_new(&c);
	assert_non_null(chip);
	assert_true(chip_poke(chip, FLASH, loop, sizeof(loop)));
	chip_power(chip, true);
	now = 1000000;
	chip_run_until(chip, now);
	probe = probe_new(&opt, &sink, chip);
	assert_non_null(probe);
	answers = 0;
	stalls = 0;
	reenumerations = 0;
}

static int set_up(void **state)
{
	(void)state;
	memset(&opt, 0, sizeof(opt));
	opt.pid = 0x3748;
	opt.nrst_wired = true;
	opt.a0 = 1500;
	opt.a1 = 2062;
	chip = NULL;
	probe = NULL;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (probe)
		probe_free(probe);
	if (chip)
		chip_free(chip);
	chip = NULL;
	probe = NULL;
	return 0;
}

static size_t from_hex(const char *text, uint8_t *out)
{
	size_t n = 0;
	char *end;

	while (*text) {
		out[n++] = strtoul(text, &end, 16);
		assert_ptr_not_equal(end, text);
		for (text = end; *text == ' '; text++)
			;
	}
	return n;
}

/* a transfer, cut into packets, when the probe is ready for it */
static void send(const uint8_t *data, size_t len)
{
	size_t i, n;

	if (now < probe_busy_until(probe))
		now = probe_busy_until(probe);
	for (i = 0; i < len; i += n) {
		n = len - i < 64 ? len - i : 64;
		probe_out(probe, data + i, n, now);
	}
}

/* a command block, without looking at what comes back */
static void command(const char *text)
{
	uint8_t cmd[16] = { 0 };

	answers = 0;
	stalls = 0;
	answer_len = 0;
	assert_true(from_hex(text, cmd) <= sizeof(cmd));
	send(cmd, sizeof(cmd));
}

/* a command block and its answer; ".." is any byte */
static void xchg_at(const char *text, const char *want, const char *file,
		    int line)
{
	size_t n = 0;

	command(text);
	if (!want) {
		if (answers || stalls)
			_fail(file, line);
		return;
	}
	if (!strcmp(want, STALL)) {
		if (answers || stalls != 1)
			_fail(file, line);
		return;
	}
	if (answers != 1)
		print_error("%s: %u answers\n", text, answers);
	_assert_int_equal(answers, 1, file, line);
	while (*want) {
		if (n < answer_len && strncmp(want, "..", 2) &&
		    answer[n] != strtoul(want, NULL, 16)) {
			print_error("%s: byte %zu is %02x, not %.2s\n", text, n,
				    answer[n], want);
			_fail(file, line);
		}
		n++;
		for (want += 2; *want == ' '; want++)
			;
	}
	_assert_int_equal(answer_len, n, file, line);
}

#define xchg(text, want) xchg_at(text, want, __FILE__, __LINE__)

static __attribute__((unused)) void data_out(const char *text)
{
	uint8_t data[256];
	size_t n = from_hex(text, data);

	send(data, n);
}

static __attribute__((unused)) uint32_t word_at(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* a memory command: F2 @op, address, length, AP 0 */
static __attribute__((unused)) void mem(uint8_t op, uint32_t addr, unsigned int len)
{
	uint8_t cmd[16] = { 0xf2, op, addr, addr >> 8, addr >> 16, addr >> 24,
			    len, len >> 8 };

	answers = 0;
	stalls = 0;
	answer_len = 0;
	send(cmd, sizeof(cmd));
}

/* into a session, from the boot loader, as hosts do */
static __attribute__((unused)) void attach(void)
{
	command("F3 07");
	xchg("F2 30 A3", "80 00");
	if (opt.version.j >= 28)
		xchg("F2 4B 00", "80 00");
}

static __attribute__((unused)) void halt(void)
{
	xchg("F2 35 F0 ED 00 E0 03 00 5F A0", "80 00");
}

#define probe_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
