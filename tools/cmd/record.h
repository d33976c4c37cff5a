/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record at the end of a backup, which says what the file should hold.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_RECORD_H
#define STLINK_RECORD_H

#include "copy.h"

/** RECORD_LEN - room for a record, with its terminating zero */
#define RECORD_LEN	512

/**
 * struct record - a backup in short
 * @part: name of the part
 * @dev_id: DEV_ID of it
 * @size: bytes of flash
 * @flash_crc: CRC-32 (that of zlib) of all of it
 * @has_options: @option_crc is known
 * @option_crc: CRC-32 of the option bytes as stored
 */
struct record {
	char part[24];
	uint16_t dev_id;
	uint32_t size;
	uint32_t flash_crc;
	bool has_options;
	uint32_t option_crc;
};

void record_make(const struct board_copy *copy, struct record *record);
int record_format(const struct record *record, char *buf, size_t len);
enum stl_code record_parse(const char *remarks, const char *file,
			   struct record *record, bool *found,
			   struct stl_error *err);
enum stl_code record_check(const struct record *record,
			   const struct board_copy *copy,
			   struct stl_error *err);

#endif /* STLINK_RECORD_H */
