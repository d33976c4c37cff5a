// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records as lines of CSV or JSON.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "log.h"

/* fields of AUTO_LOG_HEADER */
enum { TIME, STATION, SERIAL, USB_PATH, DEVICE, PART, IMAGE, CRC, RESULT,
       REASON, CODE, DURATION, NUMBER, NUM_FIELDS };

static const char * const names[NUM_FIELDS] = {
	"time", "station", "serial", "usb_path", "device", "part", "image",
	"crc32", "result", "reason", "code", "duration_ms", "serial_number"
};

const char *auto_result_word(enum auto_result result)
{
	static const char * const words[] = {
		[AUTO_PASS] = "pass",
		[AUTO_FAIL] = "fail",
		[AUTO_SKIPPED] = "skipped",
	};

	return words[result];
}

void auto_time_text(const struct timespec *ts, char buf[AUTO_TIME_LEN])
{
	char date[24], zone[8];
	struct tm tm;

	localtime_r(&ts->tv_sec, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	/* strftime() has no colon between hours and minutes */
	snprintf(buf, AUTO_TIME_LEN, "%s.%03ld%.3s:%s", date,
		 ts->tv_nsec / 1000000, zone, zone + 3);
}

/* A copy in which control characters are blanks. */
static char *printable(const char *text, size_t len)
{
	char *copy = strndup(text, len);
	char *p;

	for (p = copy; p && *p; p++) {
		if ((unsigned char)*p < ' ' || *p == '\177')
			*p = ' ';
	}
	return copy;
}

/* RFC 4180: quotes around what has one or a comma; quotes doubled */
static void csv_field(FILE *to, const char *text)
{
	const char *p;

	if (!text[strcspn(text, "\",")]) {
		fputs(text, to);
		return;
	}
	fputc('"', to);
	for (p = text; *p; p++) {
		if (*p == '"')
			fputc('"', to);
		fputc(*p, to);
	}
	fputc('"', to);
}

static char *csv_line(char * const field[])
{
	char *line = NULL;
	size_t len;
	FILE *to = open_memstream(&line, &len);
	bool bad;
	int i;

	if (!to)
		return NULL;
	for (i = 0; i < NUM_FIELDS; i++) {
		if (i)
			fputc(',', to);
		if (field[i])
			csv_field(to, field[i]);
	}
	fputc('\n', to);
	bad = ferror(to);
	if (!fclose(to) && !bad)
		return line;
	free(line);
	return NULL;
}

static char *json_line(char * const field[])
{
	struct json_object *o = json_object_new_object();
	char *line = NULL;
	int i;

	for (i = 0; i < NUM_FIELDS; i++) {
		if (field[i] && (i == CODE || i == DURATION))
			add_int(o, names[i], strtoll(field[i], NULL, 10));
		else
			add_string(o, names[i], field[i]);
	}
	if (asprintf(&line, "%s\n", json_object_to_json_string_ext(o,
			JSON_C_TO_STRING_PLAIN |
			JSON_C_TO_STRING_NOSLASHESCAPE)) < 0)
		line = NULL;
	json_object_put(o);
	return line;
}

/* @text: those of NUM_FIELDS that there are */
static char *make_line(enum auto_log_format format,
		       const char * const text[NUM_FIELDS])
{
	char *field[NUM_FIELDS] = { NULL };
	char *line = NULL;
	bool good = true;
	int i;

	for (i = 0; i < NUM_FIELDS; i++) {
		if (!text[i] || !*text[i])
			continue;
		field[i] = printable(text[i], strlen(text[i]));
		good = good && field[i];
	}
	if (good)
		line = format == AUTO_LOG_JSON ? json_line(field) :
						 csv_line(field);
	for (i = 0; i < NUM_FIELDS; i++)
		free(field[i]);
	return line;
}

char *auto_log_line(enum auto_log_format format, const struct auto_record *r)
{
	char when[AUTO_TIME_LEN], crc[12], code[12], duration[12];
	const char *text[NUM_FIELDS] = {
		[TIME] = when,
		[STATION] = r->station,
		[SERIAL] = r->serial,
		[USB_PATH] = r->usb_path,
		[DEVICE] = r->device,
		[PART] = r->part,
		[IMAGE] = r->image,
		[CRC] = crc,
		[RESULT] = auto_result_word(r->result),
		[REASON] = r->reason,
		[CODE] = code,
		[DURATION] = duration,
		[NUMBER] = r->number,
	};

	auto_time_text(&r->time, when);
	snprintf(crc, sizeof(crc), "%08" PRIx32, r->crc);
	snprintf(code, sizeof(code), "%u", r->code);
	snprintf(duration, sizeof(duration), "%" PRIu32, r->duration_ms);
	return make_line(format, text);
}

char *auto_log_torn(enum auto_log_format format, const char *rest, size_t len)
{
	char *copy = malloc(len + 1);
	const char *text[NUM_FIELDS] = {
		[RESULT] = "torn",
		[REASON] = copy,
	};
	char *line;
	size_t i, n = 0;

	if (!copy)
		return NULL;
	/* a file system may leave zeros where data didn't reach the disk */
	for (i = 0; i < len; i++) {
		if (rest[i])
			copy[n++] = rest[i];
	}
	copy[n] = '\0';
	line = make_line(format, text);
	free(copy);
	return line;
}
