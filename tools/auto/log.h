/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One record for each board: to the journal, and to a file.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_LOG_H
#define STLINK_AUTO_LOG_H

#include <stdint.h>
#include <time.h>

#include "error.h"

/** enum auto_result - what became of a board */
enum auto_result {
	AUTO_PASS,
	AUTO_FAIL,
	AUTO_SKIPPED,	/* it held the image already */
};

/** enum auto_log_format - form of a log file */
enum auto_log_format {
	AUTO_LOG_CSV,	/* RFC 4180, but lines end as everywhere on this system */
	AUTO_LOG_JSON,	/* one object a line */
};

/**
 * struct auto_record - a board that was dealt with
 * @time: when, CLOCK_REALTIME; written in local time
 * @station: rule that was followed: "any", "serial X" or "path 1-2.3"
 * @serial: serial number of the probe
 * @usb_path: where it is plugged in
 * @device: its node
 * @part: name of the chip
 * @image: file
 * @crc: auto_image_crc()
 * @result: enum auto_result
 * @reason: why it failed or was skipped
 * @code: enum stl_code
 * @duration_ms: from the arrival of the board until now, milliseconds
 * @number: serial number injected, see auto_serial_text()
 *
 * Texts that aren't known or don't apply are "" or NULL.
 */
struct auto_record {
	struct timespec time;
	const char *station;
	const char *serial;
	const char *usb_path;
	const char *device;
	const char *part;
	const char *image;
	uint32_t crc;
	enum auto_result result;
	const char *reason;
	enum stl_code code;
	uint32_t duration_ms;
	const char *number;
};

/** auto_result_word() - "pass", "fail" or "skipped" */
const char *auto_result_word(enum auto_result result);

/** AUTO_TIME_LEN - room for auto_time_text() */
#define AUTO_TIME_LEN	64

/** auto_time_text() - "2026-01-31T23:59:59.123+01:00", in local time */
void auto_time_text(const struct timespec *ts, char buf[AUTO_TIME_LEN]);

/* Fields of a record, in this order in a CSV file. */
#define AUTO_LOG_HEADER \
	"time,station,serial,usb_path,device,part,image,crc32,result,reason,code,duration_ms,serial_number\n"

/**
 * auto_log_line() - a record as a line of a file
 * @format: form
 * @r: record
 *
 * Control characters become blanks: a line is a record.
 *
 * Return: line with its end, to be freed; NULL without memory.
 */
char *auto_log_line(enum auto_log_format format, const struct auto_record *r);

/**
 * auto_log_torn() - a record for a line that a power cut left unfinished
 * @format: form
 * @text: what there is of it
 * @len: bytes
 *
 * Its result is "torn" and its reason @text; all else is empty.
 *
 * Return: as auto_log_line().
 */
char *auto_log_torn(enum auto_log_format format, const char *text, size_t len);

/**
 * auto_log_check() - can a record be added to this file?
 * @path: log file; needn't exist, but its folder must
 * @format: form
 * @err: STL_FILE: no folder; not a file; begins unlike a log of this form
 *
 * Changes nothing, and doesn't ask for permissions: who checks a configuration
 * may be somebody else than who will use it.
 */
int auto_log_check(const char *path, enum auto_log_format format,
		   struct stl_error *err);

/**
 * auto_log_append() - add a record to a file
 * @path: log file; made if there is none, a CSV file with a header
 * @format: form
 * @r: record
 * @err: STL_FILE: as auto_log_check(), or it can't be written (disk full);
 *	then the file has no part of the record
 *
 * The record is on the disk when this returns. Any number of threads and
 * programs may add to a file: flock() on it keeps them apart. It is opened
 * each time, so that it can be moved away at any time.
 *
 * A last line without end, as a power cut may leave it, or zeros in what was
 * written last, are first replaced by what auto_log_torn() makes of them: otherwise the rest of a CSV file could
 * belong to a quote that was never closed.
 */
int auto_log_append(const char *path, enum auto_log_format format,
		    const struct auto_record *r, struct stl_error *err);

/* MESSAGE_ID of the records in the journal */
#define AUTO_MESSAGE_ID	"dd05da295a0c4d49812eef4b9732c9f1"

/**
 * auto_log_journal() - add a record to the journal
 * @r: record
 *
 * Fields: MESSAGE, MESSAGE_ID, PRIORITY (3 for a failure, else 6), and
 * STLINK_STATION, _SERIAL, _USB_PATH, _DEVICE, _PART, _IMAGE, _CRC32, _RESULT,
 * _REASON, _CODE, _DURATION_MS, _SERIAL_NUMBER, those that are known. Does
 * nothing where there is no journal.
 *
 * Return: 0, or a negative errno.
 */
int auto_log_journal(const struct auto_record *r);

#endif /* STLINK_AUTO_LOG_H */
