/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Some reads that show whether a target can be read, and how fast. Nothing is
 * written, the core isn't halted.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STL_EXERCISE_H
#define STL_EXERCISE_H

#include "target.h"

#define STL_EXERCISE_WORDS	12
#define STL_EXERCISE_PARTS	3

/**
 * struct stl_exercise - what was read
 * @word: registers: name, address, value; ret is 0 or negative errno
 * @part: ranges of memory, read twice: sums of what came
 * @exchange_us: time of a word: least, middle, most; 0 if that failed
 * @read_bytes: bytes of the longest read, 0 if that failed
 * @read_us: time of it
 */
struct stl_exercise {
	struct {
		const char *name;
		uint32_t addr;
		uint32_t value;
		int ret;
	} word[STL_EXERCISE_WORDS];
	struct {
		const char *name;
		uint32_t addr;
		uint32_t len;
		uint32_t crc[2];
		int ret;
		uint32_t status;
	} part[STL_EXERCISE_PARTS];
	uint32_t exchange_us[3];
	uint32_t read_bytes;
	uint32_t read_us;
};

/** stl_exercise() - do it; @t is identified */
void stl_exercise(struct stl_target *t, struct stl_exercise *x);

/**
 * stl_last() - how the last exchange of a descriptor ended
 * @fd: probe
 * @last: out
 *
 * Return: 0 or negative errno.
 */
int stl_last(int fd, struct stlink_last *last);

#endif
