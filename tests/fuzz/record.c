// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record at the end of a backup.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/record.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct stl_error err = { 0 };
	struct record r, again;
	char out[RECORD_LEN];
	bool found;
	int len;

	if (record_parse(text, "f.hex", &r, &found, &err)) {
		fuzz_check(found && err.code == STL_FILE);
		fuzz_plain(err.message);
		fuzz_check(!strncmp(err.message, "f.hex: ", 7));
	} else if (found) {
		fuzz_check(r.size && r.size <= IMAGE_MAX_BYTES);
		fuzz_check(memchr(r.part, '\0', sizeof(r.part)) && *r.part);
		len = record_format(&r, out, sizeof(out));
		fuzz_check(len > 0 && len < RECORD_LEN);
		fuzz_check(!record_parse(out, "f.hex", &again, &found, &err));
		fuzz_check(found && !strcmp(again.part, r.part));
		fuzz_check(again.dev_id == r.dev_id && again.size == r.size);
		fuzz_check(again.flash_crc == r.flash_crc);
		fuzz_check(again.has_options == r.has_options);
		fuzz_check(again.option_crc == r.option_crc || !r.has_options);
	}
	free(text);
	return 0;
}
