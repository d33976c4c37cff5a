/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file that keeps the next serial number.
 *
 * One line: a decimal number. It isn't made by this program, so that a lost or
 * misspelt file never begins to count anew: "echo 1 >FILE" is how it starts.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_COUNTER_H
#define STLINK_AUTO_COUNTER_H

#include <stdint.h>

#include "error.h"

/**
 * auto_counter_read() - the next number, without taking it
 * @path: counter file
 * @next: out: number
 * @err: STL_FILE: no such file, or there is something else in it
 */
int auto_counter_read(const char *path, uint64_t *next, struct stl_error *err);

/**
 * auto_counter_take() - take the next number
 * @path: counter file
 * @last: largest number that may be given, see auto_serial_last()
 * @number: out: a number that nobody was given before and nobody will be
 * @err: STL_FILE: as above; numbers used up; the file or its folder can't be
 *	written
 *
 * When this returns the disk has the number after @number, so that neither a
 * killed program nor a power cut makes it come again; what can happen is that
 * a number is never given (the power went in here, or later with the board not
 * yet done). After a failure no number is given; the file has the old content,
 * or the new one if only its way to the disk is in doubt.
 *
 * Any number of threads and programs may share a file: a lock (flock) on the
 * folder, so that no other file is needed, keeps them apart. Waits for it.
 *
 * "FILE.new" beside it belongs to this function.
 */
int auto_counter_take(const char *path, uint64_t last, uint64_t *number,
		      struct stl_error *err);

#endif /* STLINK_AUTO_COUNTER_H */
