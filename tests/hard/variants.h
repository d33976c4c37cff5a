/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every ioctl in every way that its structure lets one ask for something, made
 * from the header; one operation a batch.
 */
#ifndef HARD_VARIANTS_H
#define HARD_VARIANTS_H

#include <stddef.h>

#include "abi.h"

/* Longer than any structure, so that there is something behind it */
#define VARIANT_ROOM	256

/**
 * struct variant - one of them
 * @io: the ioctl
 * @arg: its argument
 * @op: its operation
 * @data: the operation's data, 4 bytes of them
 */
struct variant {
	const struct abi_ioctl *io;
	_Alignas(8) uint8_t arg[VARIANT_ROOM];
	_Alignas(8) uint8_t op[VARIANT_ROOM];
	_Alignas(8) uint8_t data[VARIANT_ROOM];
};

unsigned int variants(void (*call)(struct variant *v, void *ctx), void *ctx);

#endif
