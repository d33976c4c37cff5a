// SPDX-License-Identifier: GPL-2.0-only
/*
 * Motorola S-records.
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_image("f.srec", IMAGE_SREC, data, size);
	return 0;
}
