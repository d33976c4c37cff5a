// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record at the end of a backup. It stands behind the end-of-file record
 * of an Intel HEX file, where other programs don't look or, as OpenOCD, take it
 * for a remark: a line of KEY=VALUE words.
 *
 *   # stlink-backup version=1 part=STM32F030x4 dev_id=444 flash_size=16384
 *   flash_crc32=6a17c1e9 options_crc32=8d4f0a8c
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "record.h"

#define MARK	"# stlink-backup "
#define VERSION	1

/**
 * record_make() - the record of a copy
 * @copy: copy
 * @record: out
 */
void record_make(const struct board_copy *copy, struct record *record)
{
	*record = (struct record){
		.dev_id = copy->dev_id,
		.size = copy->size,
		.flash_crc = crc32(0, copy->flash, copy->size),
		.has_options = copy->has_options,
	};
	memcpy(record->part, copy->part, sizeof(record->part));
	if (copy->has_options)
		record->option_crc = crc32(0, copy->options,
					   sizeof(copy->options));
}

/**
 * record_format() - the record as text
 * @record: record
 * @buf: receives it, with newlines
 * @len: RECORD_LEN
 *
 * Return: its length.
 */
int record_format(const struct record *record, char *buf, size_t len)
{
	char options[32] = "";

	if (record->has_options)
		snprintf(options, sizeof(options), " options_crc32=%08x",
			 record->option_crc);
	return snprintf(buf, len,
			"# Flash and option bytes of one chip. \"stlink restore\" checks what follows.\n"
			MARK "version=%d part=%s dev_id=%03x flash_size=%u flash_crc32=%08x%s\n",
			VERSION, record->part, record->dev_id, record->size,
			record->flash_crc, options);
}

/* KEY=VALUE in a line; the value is copied, true if it is there and fits */
static bool value_of(const char *line, const char *key, char *buf, size_t room)
{
	size_t len = strlen(key), n;

	for (; *line; line += strcspn(line, " ")) {
		line += strspn(line, " ");
		if (strncmp(line, key, len) || line[len] != '=')
			continue;
		n = strcspn(line + len + 1, " ");
		if (!n || n >= room)
			return false;
		memcpy(buf, line + len + 1, n);
		buf[n] = '\0';
		return true;
	}
	return false;
}

static bool number_of(const char *line, const char *key, int base,
		      uint32_t *value)
{
	char text[16], *end;
	unsigned long v;

	if (!value_of(line, key, text, sizeof(text)))
		return false;
	v = strtoul(text, &end, base);
	*value = v;
	return !*end && *text != '-' && v <= UINT32_MAX;
}

static bool parse_line(const char *line, struct record *r)
{
	uint32_t dev_id;

	r->has_options = number_of(line, "options_crc32", 16, &r->option_crc);
	if (!value_of(line, "part", r->part, sizeof(r->part)) ||
	    !number_of(line, "dev_id", 16, &dev_id) || dev_id > 0xfff ||
	    !number_of(line, "flash_size", 10, &r->size) ||
	    !r->size || r->size > IMAGE_MAX_BYTES ||
	    !number_of(line, "flash_crc32", 16, &r->flash_crc))
		return false;
	r->dev_id = dev_id;
	return true;
}

/**
 * record_parse() - find the record among the remarks of a file
 * @remarks: lines, or NULL
 * @file: name of the file, for messages
 * @record: out
 * @found: out: there is one
 * @err: STL_FILE: it is damaged, or of a version that isn't known
 *
 * Return: STL_OK, also when there is none; STL_FILE.
 */
enum stl_code record_parse(const char *remarks, const char *file,
			   struct record *record, bool *found,
			   struct stl_error *err)
{
	char line[RECORD_LEN];
	uint32_t version = 0;
	size_t len;

	memset(record, 0, sizeof(*record));
	*found = false;
	while (remarks && *remarks && strncmp(remarks, MARK, strlen(MARK))) {
		remarks += strcspn(remarks, "\n");
		remarks += *remarks == '\n';
	}
	if (!remarks || !*remarks)
		return STL_OK;
	*found = true;
	remarks += strlen(MARK);
	len = strcspn(remarks, "\r\n");
	if (len < sizeof(line)) {
		memcpy(line, remarks, len);
		line[len] = '\0';
		if (number_of(line, "version", 10, &version) &&
		    version > VERSION)
			return stl_fail(err, STL_FILE,
					"%s: backup of version %u; this program knows version %d",
					file, version, VERSION);
		if (version == VERSION && parse_line(line, record))
			return STL_OK;
	}
	return stl_fail(err, STL_FILE,
			"%s: the record at its end is damaged", file);
}

/**
 * record_check() - does a copy hold what its record says?
 * @record: record
 * @copy: copy, as it was read from the file
 * @err: STL_FILE
 *
 * Return: STL_OK or STL_FILE.
 */
enum stl_code record_check(const struct record *record,
			   const struct board_copy *copy,
			   struct stl_error *err)
{
	struct record now;

	record_make(copy, &now);
	if (now.size != record->size)
		stl_fail(err, STL_FILE,
			 "%s has %u bytes of flash, its record says %u",
			 copy->origin, now.size, record->size);
	else if (now.flash_crc != record->flash_crc)
		stl_fail(err, STL_FILE,
			 "%s is damaged: CRC-32 of the flash is %08x, should be %08x",
			 copy->origin, now.flash_crc, record->flash_crc);
	else if (now.has_options != record->has_options)
		stl_fail(err, STL_FILE, "%s is damaged: it has %s option bytes",
			 copy->origin, now.has_options ? "unexpected" : "no");
	else if (now.option_crc != record->option_crc)
		stl_fail(err, STL_FILE,
			 "%s is damaged: CRC-32 of the option bytes is %08x, should be %08x",
			 copy->origin, now.option_crc, record->option_crc);
	else
		return STL_OK;
	return STL_FILE;
}
