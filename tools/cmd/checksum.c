// SPDX-License-Identifier: GPL-2.0-only
/*
 * stlink checksum
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "cmd.h"

/**
 * cmd_checksum() - CRC-32 of a range, as zlib, gzip and "crc32" have it
 * @ctx: context; operands [ADDR SIZE]
 *
 * Return: STL_OK, or why not.
 */
enum stl_code cmd_checksum(struct context *ctx)
{
	enum stl_code code;
	uint32_t addr;
	uint32_t size;
	uint32_t crc;
	uint8_t *buf;

	code = range_read(ctx, 0, &addr, &size, &buf);
	if (code)
		return code;
	crc = crc32(0, buf, size);
	free(buf);
	add_hex(ctx->out, "crc32", crc, 8);
	if (!ctx->json)
		printf("crc32 0x%08x  0x%08x 0x%x\n", crc, addr, size);
	return STL_OK;
}
