/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets share. A target has LLVMFuzzerTestOneInput(), gives the
 * input to the tool's own code and says with fuzz_check() what must hold.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ends the program, which libFuzzer takes for a crash, unless it is true */
#define fuzz_check(true_thing)						\
	((true_thing) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #true_thing))

void fuzz_fail(const char *file, int line, const char *what)
	__attribute__((noreturn));

/** fuzz_text() - the input as a C string, of exact size; to be freed */
char *fuzz_text(const uint8_t *data, size_t size);

/** fuzz_plain() - a message can be shown: it has no control characters */
void fuzz_plain(const char *message);

/** fuzz_path() - a name in a folder that is there for this process alone */
const char *fuzz_path(const char *name);

/** fuzz_put() - makes a file in that folder, or replaces its content */
void fuzz_put(const char *name, const void *content, size_t size);

/** fuzz_get() - content of a file there, with a zero behind; to be freed */
char *fuzz_get(const char *name, size_t *size);

/**
 * fuzz_image() - gives the input to a reader of images
 * @name: what it is called
 * @format: format, or IMAGE_AUTO
 * @data: input
 * @size: bytes of it
 *
 * What is accepted is in order, and the same after it was written in each format
 * and read again; what isn't has a message that names the file and, in text, the
 * line.
 */
void fuzz_image(const char *name, enum image_format format,
		const uint8_t *data, size_t size);

#endif
