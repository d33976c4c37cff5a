/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parts by the names that are printed on them, before there is a chip.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_PART_H
#define STLINK_AUTO_PART_H

#include "chip.h"

/**
 * auto_part_find() - what a chip of this name will turn out to be
 * @name: "STM32F030F4P6", "STM32F030F4", "STM32F030x4", all of them without
 *	"STM32", too; letters in either case. Package and pins don't matter,
 *	the letter or digit of the flash size does
 * @chip: out: die, sizes, name and siblings, no protection
 *
 * Return: false if there is no such part, or it isn't in the table.
 */
bool auto_part_find(const char *name, struct stl_chip *chip);

/**
 * auto_part_biggest() - the part of the family with the most flash
 * @chip: out: as auto_part_find()
 *
 * What doesn't fit there doesn't fit anywhere.
 */
void auto_part_biggest(struct stl_chip *chip);

/**
 * auto_part_nth() - the biggest part with each die
 * @n: from 0
 * @chip: out: as auto_part_find()
 *
 * Return: false beyond the last one.
 */
bool auto_part_nth(size_t n, struct stl_chip *chip);

/**
 * auto_part_same() - is this the part that was expected?
 * @want: from auto_part_find()
 * @found: identified chip
 *
 * Parts that share die and flash size can't be told apart. A chip whose flash
 * size had to be guessed is not the expected one: nothing shows that it is.
 */
bool auto_part_same(const struct stl_chip *want, const struct stl_chip *found);

#endif /* STLINK_AUTO_PART_H */
