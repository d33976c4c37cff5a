/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptors that are wrong, one way or several. */
#ifndef HARD_SHAPES_H
#define HARD_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe.h"

/* Descriptor types (USB 2.0, table 9-5) */
#define DEV	1
#define CONF	2
#define STR	3

/* Where things stand in the configuration of a V2 */
#define ITF	9
#define EP_IN	18
#define EP_OUT	25
#define EP_TRACE 32
#define CONF_LEN 39
#define DEV_LEN	18

/* Right by chance, then not at all, as usbcore is inclined */
enum want { EITHER, TAKEN, LEFT };

#define MAX_EDITS	6

/**
 * struct edit - one byte of a descriptor
 * @type: DEV or CONF, 0 for none
 * @at: which byte
 * @value: what it is instead
 */
struct edit {
	uint8_t type;
	uint16_t at;
	uint8_t value;
};

/**
 * struct shape - one way to be wrong
 * @name: in words
 * @want: whether the driver takes it; what it takes has to work
 * @edit: bytes that are different
 * @cut: descriptor that ends early, 0 for none
 * @cut_at: after so many bytes
 * @string: index of a string that is @bytes, as it is on the wire; or
 *	APPENDED: @bytes stand behind the configuration; or 0 for none
 * @bytes: see there
 * @len: their number; a string of no bytes isn't there
 * @high_speed: as no V2 is
 */
struct shape {
	const char *name;
	enum want want;
	struct edit edit[MAX_EDITS];
	uint8_t cut;
	uint16_t cut_at;
	int string;
	const void *bytes;
	uint16_t len;
	bool high_speed;
};

#define LANGUAGES	256
#define APPENDED	257

extern const struct shape shapes[];
extern const size_t num_shapes;

int shape_control(struct probe *p, const uint8_t setup[8], uint8_t *data,
		  int len);

#endif
