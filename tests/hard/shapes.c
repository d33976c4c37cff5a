// SPDX-License-Identifier: GPL-2.0-only
/* The table of wrong descriptors, and how they are made out of right ones. */
#include <string.h>

#include "shapes.h"

#define BYTE(what, at, value)	{ { what, at, value } }
#define PACKET(ep, size)	{ CONF, (ep) + 4, (size) & 0xff }, \
				{ CONF, (ep) + 5, (size) >> 8 }
/* A string: its length, its type, then units of 16 bits */
#define WIRE(s)			.bytes = s, .len = sizeof(s) - 1
#define SERIAL(name, s)		{ name, TAKEN, .string = 3, WIRE(s) }
#define CUT(type, at, want)	{ "ends after " #at, want, {}, type, at }

static const char another[] =
	"\x09\x04\x01\x00\x02\xff\xff\xff\x00"
	"\x07\x05\x84\x02\x40\x00\x00\x07\x05\x04\x02\x40\x00\x00";
static const char twice[] =
	"\x09\x04\x00\x00\x02\xff\xff\xff\x00"
	"\x07\x05\x81\x02\x40\x00\x00\x07\x05\x02\x02\x40\x00\x00";
static const char alternative[] =
	"\x09\x04\x00\x01\x02\xff\xff\xff\x00"
	"\x07\x05\x81\x02\x08\x00\x00\x07\x05\x02\x02\x08\x00\x00";
static const char taken_away[] =
	"\x09\x04\x01\x00\x02\xff\xff\xff\x00"
	"\x07\x05\x81\x02\x08\x00\x00\x07\x05\x02\x02\x08\x00\x00";
static const char association[] = "\x08\x0b\x00\xff\xff\xff\xff\x00";

#define C8(c)	c "\0" c "\0" c "\0" c "\0" c "\0" c "\0" c "\0" c "\0"
#define C63(c)	C8(c) C8(c) C8(c) C8(c) C8(c) C8(c) C8(c) \
		c "\0" c "\0" c "\0" c "\0" c "\0" c "\0" c "\0"

const struct shape shapes[] = {
	/* endpoints: how many */
	{ "no endpoint, it says", LEFT, BYTE(CONF, ITF + 4, 0) },
	{ "one endpoint, it says", LEFT, BYTE(CONF, ITF + 4, 1) },
	{ "two endpoints, it says", TAKEN, BYTE(CONF, ITF + 4, 2) },
	{ "four endpoints, it says", TAKEN, BYTE(CONF, ITF + 4, 4) },
	{ "255 endpoints, it says", TAKEN, BYTE(CONF, ITF + 4, 255) },
	/* their direction, type and address */
	{ "no OUT", LEFT, BYTE(CONF, EP_OUT + 2, 0x82) },
	{ "no IN", LEFT, { { CONF, EP_IN + 2, 1 }, { CONF, EP_TRACE + 2, 3 } } },
	{ "OUT is control", LEFT, BYTE(CONF, EP_OUT + 3, 0) },
	{ "OUT is isochronous", LEFT, BYTE(CONF, EP_OUT + 3, 1) },
	{ "OUT is interrupt", LEFT, BYTE(CONF, EP_OUT + 3, 3) },
	{ "IN is interrupt", LEFT, BYTE(CONF, EP_IN + 3, 3) },
	{ "both IN are isochronous", LEFT,
	  { { CONF, EP_IN + 3, 1 }, { CONF, EP_TRACE + 3, 1 } } },
	{ "odd bits in the type", EITHER, BYTE(CONF, EP_IN + 3, 0xfe) },
	{ "OUT at 0", LEFT, BYTE(CONF, EP_OUT + 2, 0) },
	{ "IN at 80", LEFT, BYTE(CONF, EP_IN + 2, 0x80) },
	{ "OUT where nobody listens", LEFT, BYTE(CONF, EP_OUT + 2, 0x0f) },
	{ "IN where nobody speaks", LEFT, { { CONF, EP_IN + 2, 0x8f },
	  { CONF, EP_TRACE + 2, 0x8e } } },
	{ "address with odd bits", EITHER, BYTE(CONF, EP_OUT + 2, 0x72) },
	{ "IN twice, no OUT", LEFT, BYTE(CONF, EP_OUT + 2, 0x81) },
	{ "IN twice", TAKEN, BYTE(CONF, EP_TRACE + 2, 0x81) },
	{ "OUT twice", TAKEN, BYTE(CONF, EP_TRACE + 2, 0x02) },
	{ "all three at 81", LEFT, { { CONF, EP_OUT + 2, 0x81 },
	  { CONF, EP_TRACE + 2, 0x81 } } },
	/* packets */
	{ "packets of 0", LEFT, { PACKET(EP_IN, 0), PACKET(EP_OUT, 0),
	  PACKET(EP_TRACE, 0) } },
	{ "OUT packets of 0", LEFT, { PACKET(EP_OUT, 0) } },
	{ "packets of 1", EITHER, { PACKET(EP_IN, 1), PACKET(EP_OUT, 1) } },
	{ "packets of 8", TAKEN, { PACKET(EP_IN, 8), PACKET(EP_OUT, 8) } },
	{ "packets of 32", TAKEN, { PACKET(EP_IN, 32), PACKET(EP_OUT, 32) } },
	{ "packets of 10", LEFT, { PACKET(EP_IN, 10) } },
	{ "packets of 63", LEFT, { PACKET(EP_IN, 63) } },
	{ "packets of 65", TAKEN, { PACKET(EP_IN, 65), PACKET(EP_OUT, 65) } },
	{ "packets of 512", TAKEN, { PACKET(EP_IN, 512), PACKET(EP_OUT, 512) } },
	{ "packets of 1024", TAKEN, { PACKET(EP_IN, 1024) } },
	{ "packets of ffff", EITHER, { PACKET(EP_IN, 0xffff) } },
	{ "high speed, packets of 64", TAKEN, .high_speed = true },
	{ "high speed, packets of 512", TAKEN, { PACKET(EP_IN, 512),
	  PACKET(EP_OUT, 512), PACKET(EP_TRACE, 512) }, .high_speed = true },
	/* usbcore lets those pass, as some devices have them */
	{ "high speed, packets of 1024", LEFT, { PACKET(EP_IN, 1024),
	  PACKET(EP_OUT, 1024), PACKET(EP_TRACE, 1024) }, .high_speed = true },
	{ "high speed, packets of 0", LEFT, { PACKET(EP_IN, 0),
	  PACKET(EP_OUT, 0), PACKET(EP_TRACE, 0) }, .high_speed = true },
	{ "high speed, packets of 48", LEFT, { PACKET(EP_IN, 48),
	  PACKET(EP_OUT, 48), PACKET(EP_TRACE, 48) }, .high_speed = true },
	/* lengths and types of endpoint descriptors */
	{ "endpoint of length 0", EITHER, BYTE(CONF, EP_IN, 0) },
	{ "endpoint of length 1", EITHER, BYTE(CONF, EP_IN, 1) },
	{ "endpoint of length 6", EITHER, BYTE(CONF, EP_IN, 6) },
	{ "endpoint of length 9", EITHER, BYTE(CONF, EP_IN, 9) },
	{ "endpoint of length 255", EITHER, BYTE(CONF, EP_IN, 255) },
	{ "last endpoint of length 255", EITHER, BYTE(CONF, EP_TRACE, 255) },
	{ "endpoint is an interface", EITHER, BYTE(CONF, EP_OUT + 1, 4) },
	{ "endpoint is nothing known", LEFT, BYTE(CONF, EP_OUT + 1, 0x77) },
	/* interface */
	{ "interface of length 0", EITHER, BYTE(CONF, ITF, 0) },
	{ "interface of length 8", EITHER, BYTE(CONF, ITF, 8) },
	{ "interface of length 255", EITHER, BYTE(CONF, ITF, 255) },
	{ "interface is an endpoint", LEFT, BYTE(CONF, ITF + 1, 5) },
	{ "interface 1", LEFT, BYTE(CONF, ITF + 2, 1) },
	{ "interface 255", LEFT, BYTE(CONF, ITF + 2, 255) },
	{ "alternate setting 1 alone", EITHER, BYTE(CONF, ITF + 3, 1) },
	{ "alternate setting 255 alone", EITHER, BYTE(CONF, ITF + 3, 255) },
	{ "class HID", LEFT, BYTE(CONF, ITF + 5, 3) },
	{ "class 0", LEFT, BYTE(CONF, ITF + 5, 0) },
	{ "no such name of the interface", TAKEN, BYTE(CONF, ITF + 8, 255) },
	{ "another interface like it", TAKEN, .string = APPENDED, WIRE(another) },
	{ "the same interface again", EITHER, .string = APPENDED, WIRE(twice) },
	{ "an alternate setting", TAKEN, .string = APPENDED, WIRE(alternative) },
	{ "another interface with the same endpoints", TAKEN,
	  .string = APPENDED, WIRE(taken_away) },
	{ "association of 255", EITHER, .string = APPENDED, WIRE(association) },
	/* configuration */
	{ "configuration of length 0", EITHER, BYTE(CONF, 0, 0) },
	{ "configuration of length 255", EITHER, BYTE(CONF, 0, 255) },
	{ "configuration is a device", EITHER, BYTE(CONF, 1, 1) },
	{ "total of 0", EITHER, { { CONF, 2, 0 } } },
	{ "total of 9", EITHER, { { CONF, 2, 9 } } },
	{ "total of 38", EITHER, { { CONF, 2, 38 } } },
	{ "total of 40", EITHER, { { CONF, 2, 40 } } },
	{ "total of ffff", EITHER, { { CONF, 2, 255 }, { CONF, 3, 255 } } },
	{ "no interface, it says", EITHER, BYTE(CONF, 4, 0) },
	{ "two interfaces, it says", EITHER, BYTE(CONF, 4, 2) },
	{ "255 interfaces, it says", EITHER, BYTE(CONF, 4, 255) },
	{ "configuration 0", EITHER, BYTE(CONF, 5, 0) },
	{ "configuration 255", EITHER, BYTE(CONF, 5, 255) },
	{ "attributes 0", EITHER, BYTE(CONF, 7, 0) },
	{ "attributes ff", EITHER, BYTE(CONF, 7, 255) },
	{ "510 mA", LEFT, BYTE(CONF, 8, 255) },
	CUT(CONF, 0, LEFT), CUT(CONF, 8, LEFT), CUT(CONF, 9, LEFT),
	CUT(CONF, 17, LEFT), CUT(CONF, 20, LEFT), CUT(CONF, 31, EITHER),
	CUT(CONF, 38, EITHER),
	/* device */
	{ "device of length 0", EITHER, BYTE(DEV, 0, 0) },
	{ "device of length 255", EITHER, BYTE(DEV, 0, 255) },
	{ "device is a string", EITHER, BYTE(DEV, 1, 3) },
	{ "USB 0.0", EITHER, { { DEV, 2, 0 }, { DEV, 3, 0 } } },
	{ "USB 3.0", EITHER, { { DEV, 3, 3 } } },
	{ "USB ff.ff", EITHER, { { DEV, 2, 255 }, { DEV, 3, 255 } } },
	{ "it is a hub", EITHER, BYTE(DEV, 4, 9) },
	{ "packets of 0 at endpoint 0", EITHER, BYTE(DEV, 7, 0) },
	{ "packets of 7 at endpoint 0", EITHER, BYTE(DEV, 7, 7) },
	{ "packets of 8 at endpoint 0", TAKEN, BYTE(DEV, 7, 8) },
	{ "packets of 255 at endpoint 0", EITHER, BYTE(DEV, 7, 255) },
	{ "release 0", TAKEN, { { DEV, 12, 0 }, { DEV, 13, 0 } } },
	{ "release ff.ff", TAKEN, { { DEV, 12, 255 }, { DEV, 13, 255 } } },
	{ "no names", TAKEN, { { DEV, 14, 0 }, { DEV, 15, 0 },
	  { DEV, 16, 0 } } },
	{ "no such names", TAKEN, { { DEV, 14, 200 }, { DEV, 15, 201 },
	  { DEV, 16, 202 } } },
	{ "all names the same", TAKEN, { { DEV, 14, 2 }, { DEV, 15, 2 },
	  { DEV, 16, 2 } } },
	{ "no configuration, it says", LEFT, BYTE(DEV, 17, 0) },
	{ "two configurations, it says", TAKEN, BYTE(DEV, 17, 2) },
	{ "255 configurations, it says", EITHER, BYTE(DEV, 17, 255) },
	CUT(DEV, 0, LEFT), CUT(DEV, 1, LEFT), CUT(DEV, 7, LEFT),
	CUT(DEV, 8, LEFT), CUT(DEV, 17, LEFT),
	/* languages */
	{ "no languages", TAKEN, .string = LANGUAGES, .len = 0 },
	{ "an empty list of languages", TAKEN, .string = LANGUAGES,
	  WIRE("\x02\x03") },
	{ "half a language", TAKEN, .string = LANGUAGES, WIRE("\x03\x03\x09") },
	{ "language 0", TAKEN, .string = LANGUAGES, WIRE("\x04\x03\0\0") },
	{ "language ffff", TAKEN, .string = LANGUAGES, WIRE("\x04\x03\xff\xff") },
	{ "languages of length 0", TAKEN, .string = LANGUAGES,
	  WIRE("\0\x03\x09\x04") },
	/* serial numbers */
	{ "no serial number after all", TAKEN, .string = 3, .len = 0 },
	SERIAL("serial of one byte", "\x01"),
	SERIAL("serial of length 0", "\0\x03" "1\0" "2\0"),
	SERIAL("serial of length 1", "\x01\x03" "1\0" "2\0"),
	SERIAL("empty serial", "\x02\x03"),
	SERIAL("serial of half a unit", "\x03\x03" "1"),
	SERIAL("serial longer than it is", "\xfe\x03" "1\0" "2\0"),
	SERIAL("serial shorter than it is", "\x04\x03" "1\0" "2\0" "3\0"),
	SERIAL("serial of another type", "\x06\x04" "1\0" "2\0"),
	SERIAL("serial of NULs", "\x1a\x03" C8("\0") "\0\0\0\0\0\0\0\0"),
	SERIAL("NUL in the serial", "\x0c\x03" "A\0" "B\0" "\0\0" "C\0" "D\0"),
	SERIAL("lone surrogates", "\x0c\x03" "\0\xd8" "A\0" "\0\xdc" "\0\xdc"
	       "\xff\xdb"),
	SERIAL("a surrogate at the end", "\x06\x03" "A\0" "\x3d\xd8"),
	SERIAL("not ASCII", "\x0c\x03" "\xe4\0" "\x7f\0" "\xff\xff" "\xac\x20"
	       "\x80\0"),
	SERIAL("a newline", "\x0a\x03" "A\0" "\n\0" "\r\0" "B\0"),
	SERIAL("a way out", "\x14\x03" ".\0" ".\0" "/\0" ".\0" ".\0" "/\0"
	       "s\0" "d\0" "a\0"),
	SERIAL("two dots", "\x06\x03" ".\0" ".\0"),
	SERIAL("a slash", "\x04\x03" "/\0"),
	SERIAL("for a shell", "\x12\x03" "$\0" "(\0" "i\0" "d\0" ")\0" "`\0"
	       "\"\0" "'\0"),
	SERIAL("for printf", "\x0c\x03" "%\0" "s\0" "%\0" "n\0" "%\0"),
	SERIAL("for udev", "\x10\x03" "%\0" "k\0" "$\0" "k\0" " \0" "*\0" "\\\0"),
	SERIAL("63 characters", "\x80\x03" C63("A")),
	SERIAL("64 characters", "\x82\x03" C63("A") "B\0"),
	SERIAL("126 characters", "\xfe\x03" C63("A") C63("B")),
	SERIAL("255 bytes", "\xff\x03" C63("A") C63("B") "C"),
	SERIAL("12 bytes with the upper one set", "\x1a\x03" C8("\x01")
	       "\x01\x01\x01\0\x01\0\x01\0"),
};

const size_t num_shapes = sizeof(shapes) / sizeof(shapes[0]);

static int make_string(const struct shape *s, uint8_t *data)
{
	if (!s->len)
		return -1;
	memcpy(data, s->bytes, s->len);
	return s->len;
}

static int append(const struct shape *s, uint8_t *data, int len)
{
	memcpy(data + len, s->bytes, s->len);
	len += s->len;
	data[2] = len;
	data[3] = len >> 8;
	if (s->bytes == another || s->bytes == taken_away)
		data[4]++;
	return len;
}

/**
 * shape_control() - struct twist: descriptors as the shape in twist_ctx has them
 * @p: probe
 * @setup: request
 * @data: right answer, in and out
 * @len: its length, -1 to stall
 */
int shape_control(struct probe *p, const uint8_t setup[8], uint8_t *data,
		  int len)
{
	const struct shape *s = p->twist_ctx;
	const struct edit *e;

	if (setup[0] != 0x80 || setup[1] != 6)
		return len;
	if (setup[3] == STR && s->string &&
	    setup[2] == (s->string == LANGUAGES ? 0 : s->string))
		return make_string(s, data);
	if (len < 0)
		return len;
	if (setup[3] == CONF && s->string == APPENDED)
		len = append(s, data, len);
	for (e = s->edit; e < s->edit + MAX_EDITS && e->type; e++)
		if (setup[3] == e->type && e->at < len)
			data[e->at] = e->value;
	return s->cut == setup[3] && s->cut_at < len ? s->cut_at : len;
}
