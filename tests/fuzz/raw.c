// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw files.
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_image("f.raw", IMAGE_BIN, data, size);
	return 0;
}
