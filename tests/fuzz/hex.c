// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intel HEX.
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_image("f.hex", IMAGE_HEX, data, size);
	return 0;
}
