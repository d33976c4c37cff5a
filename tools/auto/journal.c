// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records in the journal.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
/* where in this source the call is tells nobody anything */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "log.h"

#define MAX_FIELDS	16

struct fields {
	struct iovec iov[MAX_FIELDS];
	int num;
	bool failed;
};

static void add(struct fields *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct fields *f, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0) {
		f->failed = true;
		return;
	}
	f->iov[f->num++] = (struct iovec){ .iov_base = text, .iov_len = len };
}

static void add_known(struct fields *f, const char *name, const char *value)
{
	if (value && *value)
		add(f, "STLINK_%s=%s", name, value);
}

static const char *or(const char *text, const char *otherwise)
{
	return text && *text ? text : otherwise;
}

static void add_message(struct fields *f, const struct auto_record *r)
{
	bool number = r->number && *r->number;
	bool reason = r->reason && *r->reason;

	add(f, "MESSAGE=%s: %s: %s, %s (CRC-32 %08" PRIx32 "), %" PRIu32 " ms%s%s%s%s",
	    or(r->usb_path, or(r->device, "probe")),
	    auto_result_word(r->result), or(r->part, "unknown part"),
	    or(r->image, "no image"), r->crc, r->duration_ms,
	    number ? ", serial number " : "", number ? r->number : "",
	    reason ? ": " : "", reason ? r->reason : "");
}

int auto_log_journal(const struct auto_record *r)
{
	struct fields f = { .num = 0 };
	int i, ret = -ENOMEM;

	add_message(&f, r);
	add(&f, "MESSAGE_ID=%s", AUTO_MESSAGE_ID);
	add(&f, "PRIORITY=%d", r->result == AUTO_FAIL ? 3 : 6);
	add_known(&f, "STATION", r->station);
	add_known(&f, "SERIAL", r->serial);
	add_known(&f, "USB_PATH", r->usb_path);
	add_known(&f, "DEVICE", r->device);
	add_known(&f, "PART", r->part);
	add_known(&f, "IMAGE", r->image);
	add(&f, "STLINK_CRC32=%08" PRIx32, r->crc);
	add_known(&f, "RESULT", auto_result_word(r->result));
	add_known(&f, "REASON", r->reason);
	add(&f, "STLINK_CODE=%u", r->code);
	add(&f, "STLINK_DURATION_MS=%" PRIu32, r->duration_ms);
	add_known(&f, "SERIAL_NUMBER", r->number);
	if (!f.failed)
		ret = sd_journal_sendv(f.iov, f.num);
	for (i = 0; i < f.num; i++)
		free(f.iov[i].iov_base);
	return ret;
}
