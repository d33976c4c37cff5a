/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lets allocations fail that are made beneath one call in the module, or beneath
 * any, in whatever thread: by the kernel's filter on stacks.
 */
#ifndef HARD_FAULT_FILTER_H
#define HARD_FAULT_FILTER_H

#include <stdbool.h>

bool filter_find(void);
unsigned long filter_address(const char *name);
void filter_all(void);
void filter_first_at(unsigned long address);
void filter_off(void);

#endif
