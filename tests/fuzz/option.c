// SPDX-License-Identifier: GPL-2.0-only
/*
 * Option bytes: what "stlink option set" is given, one NAME=VALUE a line, and
 * what a chip may have stored. The first byte chooses the chip, the next 16 are
 * stored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "option_field.h"

static void choose(uint8_t which, struct stl_chip *chip)
{
	const struct stl_part *part;
	size_t num = 0;
	uint32_t kib;

	while (stl_part_nth(num))
		num++;
	part = stl_part_nth(which % num);
	memset(chip, 0, sizeof(*chip));
	chip->part = part;
	chip->dev_id = part->dev_id;
	/* also sizes that can't be */
	kib = which / num * 8;
	stl_chip_set_size(chip, kib);
	fuzz_check(chip->flash_size >= chip->page_size && chip->page_size);
}

/* Whatever is stored has words, and the values are such as can be set. */
static void shown(const struct stl_chip *chip, const struct stl_option_bytes *b)
{
	char value[STL_FIELD_TEXT], meaning[STL_FIELD_TEXT];
	struct stl_option_bytes same = *b;
	char text[STL_FIELD_TEXT + 32];
	struct stl_error err;
	size_t i;

	for (i = 0; stl_option_field(chip, i); i++) {
		memset(value, 1, sizeof(value));
		memset(meaning, 1, sizeof(meaning));
		stl_option_value(chip, b, i, value);
		stl_option_meaning(chip, b, i, meaning);
		fuzz_check(memchr(value, '\0', sizeof(value)));
		fuzz_check(memchr(meaning, '\0', sizeof(meaning)));
		fuzz_plain(value);
		if (*meaning)
			fuzz_plain(meaning);
		snprintf(text, sizeof(text), "%s=%s",
			 stl_option_field(chip, i), value);
		if (stl_rdp_byte_level(b->rdp) == 2 && !strncmp(text, "RDP", 3))
			continue;
		fuzz_check(!stl_option_set(chip, &same, text, &err));
		/* the same words again */
		stl_option_value(chip, &same, i, meaning);
		fuzz_check(!strcmp(value, meaning));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stl_option_bytes b, before;
	uint8_t raw[STL_OPTION_SIZE];
	char *text, *rest, *line;
	struct stl_error err;
	struct stl_chip chip;

	if (size < 1 + STL_OPTION_SIZE)
		return 0;
	choose(data[0], &chip);
	stl_option_unpack(&b, data + 1);
	shown(&chip, &b);
	rest = text = fuzz_text(data + 1 + STL_OPTION_SIZE,
				size - 1 - STL_OPTION_SIZE);
	while ((line = strsep(&rest, "\n"))) {
		before = b;
		memset(&err, 0, sizeof(err));
		if (stl_option_set(&chip, &b, line, &err)) {
			fuzz_plain(err.message);
			fuzz_check(!memcmp(&before, &b, sizeof(b)));
			continue;
		}
		/* nothing that is typed here locks a chip for ever */
		fuzz_check(b.rdp == before.rdp || b.rdp != STL_RDP_LEVEL_2);
		stl_option_pack(&b, raw);
		fuzz_check(stl_option_unpack(&before, raw));
		fuzz_check(!memcmp(&before, &b, sizeof(b)));
		shown(&chip, &b);
	}
	free(text);
	return 0;
}
