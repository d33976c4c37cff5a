// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the format, by content and by name. The name is the first line of the
 * input.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t len = end ? (size_t)(end - data) : 0;
	enum image_format format, by_name;
	uint8_t *content;
	char *name;

	if (!end || len > 64)
		return 0;
	name = fuzz_text(data, len);
	size -= len + 1;
	/* of exact size, so that a step beyond is seen */
	content = malloc(size ? size : 1);
	fuzz_check(content);
	memcpy(content, end + 1, size);
	format = image_detect(name, content, size);
	by_name = image_format_by_name(name);
	fuzz_check(format != IMAGE_AUTO);
	fuzz_check(image_format_by_word(image_format_word(format)) == format);
	/* where the content says nothing the name does */
	if (size < 4)
		fuzz_check(format == (by_name == IMAGE_AUTO ? IMAGE_BIN :
							      by_name));
	if (size >= 4 && !memcmp(content, "\177ELF", 4))
		fuzz_check(format == IMAGE_ELF);
	fuzz_image("f", IMAGE_AUTO, content, size);
	free(content);
	free(name);
	return 0;
}
