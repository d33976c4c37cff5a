/* SPDX-License-Identifier: GPL-2.0-only */
/* The interface as linux/stlink.h describes it, as tables (abi.awk). */
#ifndef HARD_ABI_H
#define HARD_ABI_H

#include <stdbool.h>
#include <stdint.h>

/** struct abi_field - a member; @out: it only tells the program something */
struct abi_field {
	const char *name;
	unsigned int offset;
	unsigned int size;
	bool out;
};

/** struct abi_struct - a structure that is passed */
struct abi_struct {
	const char *name;
	unsigned int size;
	const struct abi_field *fields;
	unsigned int num;
};

/** struct abi_ioctl - @arg, @op: its argument and the operations, or NULL */
struct abi_ioctl {
	const char *name;
	unsigned long nr;
	const struct abi_struct *arg;
	const struct abi_struct *op;
};

/** struct abi_value - a constant or an errno */
struct abi_value {
	const char *name;
	uint64_t value;
};

/* The last one has no name. */
extern const struct abi_ioctl abi_ioctls[];
extern const struct abi_value abi_errnos[];
extern const struct abi_value abi_values[];
extern const unsigned int abi_num_ioctls;
extern const unsigned int abi_num_values;

#endif
