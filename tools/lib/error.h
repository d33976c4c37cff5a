/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What went wrong, in a form that a command can print and exit with.
 */
#ifndef STL_ERROR_H
#define STL_ERROR_H

#include <stdint.h>

/** enum stl_code - classes of failure; they are the tool's exit codes too */
enum stl_code {
	STL_OK = 0,
	STL_USAGE = 1,		/* the caller asked for something impossible */
	STL_NO_PROBE = 2,
	STL_PROBE_BUSY = 3,
	STL_NO_PERMISSION = 4,
	STL_NO_TARGET = 5,	/* no answer on SWD, or no voltage */
	STL_PROTECTED = 6,	/* RDP or WRP */
	STL_LINK = 7,		/* read or link error */
	STL_PROGRAM = 8,	/* erase or program failed */
	STL_MISMATCH = 9,	/* verify found a difference */
	STL_FILE = 10,
	STL_NO_FIT = 11,	/* image outside of flash or too big */
};

/**
 * struct stl_error - a failure
 * @code: class; every function that takes a struct stl_error returns it too
 * @errnum: errno of the ioctl behind it (positive), or 0
 * @status: status byte of the probe with that, STL_SILENT, or 0
 * @message: one sentence without full stop or newline
 * @hint: what to do about it, or "". May hold several lines
 *
 * Functions fill it on failure only. A NULL pointer is allowed everywhere.
 */
struct stl_error {
	enum stl_code code;
	int errnum;
	uint32_t status;
	char message[512];
	char hint[1024];
};

/* what to do about a target that doesn't answer, as long as no more is known */
#define STL_HINT_NO_ANSWER	"check power, wiring and that nothing holds nRST low"

/**
 * stl_fail() - fill an error
 * @err: to fill, or NULL
 * @code: class
 * @fmt: message
 *
 * Clears the hint and @errnum. Control characters, from the name of a file or
 * from what it holds, become '?'. Return: @code.
 */
int stl_fail(struct stl_error *err, enum stl_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** stl_printable() - control characters of a line become '?' */
void stl_printable(char *text);

/** stl_hint() - append a line to the hint of @err (may be NULL) */
void stl_hint(struct stl_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** STL_SILENT - for a status byte: the probe itself gave no answer */
#define STL_SILENT	0x100u

/**
 * stl_fail_errno() - fill an error from what an ioctl answered
 * @err: to fill, or NULL
 * @ret: negative errno
 * @status: status byte of the probe, STL_SILENT, or 0 if not known
 * @fmt: what was being done, e.g. "reading 0x20000000"
 *
 * Return: the code that fits.
 */
int stl_fail_errno(struct stl_error *err, int ret, uint32_t status,
		   const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** stl_status_text() - name of a status byte of the probe, for messages */
const char *stl_status_text(uint32_t status);

#endif
