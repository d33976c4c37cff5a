// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parts by name. The table is the library's, which goes from numbers to names.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "part.h"

/* "P6", "T6TR": package, temperature, packing */
#define SUFFIX_LEN	5

static void make(const struct stl_part *part, uint32_t size,
		 struct stl_chip *chip)
{
	*chip = (struct stl_chip){
		.part = part,
		.dev_id = part->dev_id,
		.wrpr = 0xffffffff,
	};
	stl_chip_set_size(chip, size / 1024);
}

/*
 * "F030" and the character of the flash size, from anything that is printed on
 * a part: [STM32]Fnnn, pins, flash size, [package ...].
 */
static bool split(const char *name, char line[5], char *size)
{
	size_t i;

	if (!strncasecmp(name, "STM32", 5))
		name += 5;
	if (toupper((unsigned char)name[0]) != 'F')
		return false;
	line[0] = 'F';
	for (i = 1; i < 4; i++) {
		if (!isdigit((unsigned char)name[i]))
			return false;
		line[i] = name[i];
	}
	line[4] = '\0';
	if (!isalpha((unsigned char)name[4]) ||
	    !isalnum((unsigned char)name[5]))
		return false;
	*size = toupper((unsigned char)name[5]);
	name += 6;
	for (i = 0; isalnum((unsigned char)name[i]); i++)
		;
	return !name[i] && i <= SUFFIX_LEN;
}

bool auto_part_find(const char *name, struct stl_chip *chip)
{
	const struct stl_part *part;
	char line[5], size;
	uint32_t flash;
	size_t n;

	if (!split(name, line, &size))
		return false;
	for (n = 0; (part = stl_part_nth(n)); n++) {
		for (flash = part->min_flash; flash <= part->max_flash;
		     flash *= 2) {
			make(part, flash, chip);
			if (chip->name[strlen(chip->name) - 1] == size &&
			    (strstr(chip->name, line) ||
			     strstr(chip->siblings, line)))
				return true;
		}
	}
	return false;
}

bool auto_part_nth(size_t n, struct stl_chip *chip)
{
	const struct stl_part *part = stl_part_nth(n);

	if (part)
		make(part, part->max_flash, chip);
	return part;
}

void auto_part_biggest(struct stl_chip *chip)
{
	struct stl_chip other;
	size_t n;

	auto_part_nth(0, chip);
	for (n = 1; auto_part_nth(n, &other); n++) {
		if (other.flash_size > chip->flash_size)
			*chip = other;
	}
}

bool auto_part_same(const struct stl_chip *want, const struct stl_chip *found)
{
	return found->dev_id == want->dev_id &&
	       found->flash_size == want->flash_size &&
	       !(found->flags & STL_CHIP_SIZE_GUESSED);
}
