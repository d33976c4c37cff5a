// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys of the configuration, with the words that they take.
 */
#include "auto/conf_key.c"

#include <stdio.h>

#include "facts.h"

void tell_keys(void)
{
	const struct word *w;
	int key;

	for (key = 0; key < NUM_KEYS; key++) {
		printf("key %s", keys[key].name);
		for (w = keys[key].words; w && w->text; w++)
			printf(" %s", w->text);
		printf("\n");
	}
}
