// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF executables.
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_image("f.elf", IMAGE_ELF, data, size);
	return 0;
}
