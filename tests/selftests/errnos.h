/* SPDX-License-Identifier: GPL-2.0-only */
/* The errno of each status byte, from the table in linux/stlink.h. */
#ifndef SELFTESTS_ERRNOS_H
#define SELFTESTS_ERRNOS_H

#include <errno.h>
#include <stdint.h>

static const struct errno_of {
	uint8_t status;
	int err;
} errnos[] = {
	{ 0x04, ENXIO }, { 0x05, ENXIO }, { 0x09, ENXIO }, { 0x0b, ENXIO },
	{ 0x12, ENXIO }, { 0x16, ENXIO }, { 0x1d, ENXIO }, { 0x29, ENXIO },
	{ 0x01, EREMOTEIO }, { 0x0c, EREMOTEIO }, { 0x0d, EREMOTEIO },
	{ 0x11, EREMOTEIO }, { 0x15, EREMOTEIO }, { 0x18, EREMOTEIO },
	{ 0x19, EREMOTEIO }, { 0x1a, EREMOTEIO }, { 0x81, EREMOTEIO },
	{ 0x07, ETIMEDOUT }, { 0x10, ETIMEDOUT }, { 0x14, ETIMEDOUT },
	{ 0x13, EBADMSG }, { 0x17, EBADMSG },
	{ 0x20, EOPNOTSUPP }, { 0x41, EOPNOTSUPP }, { 0x42, EOPNOTSUPP },
	{ 0x02, EIO }, { 0x03, EIO }, { 0x06, EIO }, { 0x08, EIO },
	{ 0x0a, EIO }, { 0x0e, EIO },
	{ 0x77, EPROTO }, { 0xfe, EPROTO },
	{ 0, 0 }
};

#endif
