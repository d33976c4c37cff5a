// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: m, M, X, qCRC.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include "internal.h"

/*
 * Registers of the chip want the width that the client asks for by the length;
 * memory takes anything.
 */
static unsigned int width_for(const struct gdb *g, uint32_t addr, uint32_t len)
{
	if (len == 1)
		return 1;
	if (len == 2 && !(addr & 1) && g->t->info.features & STLINK_FEAT_MEM16)
		return 2;
	return !(addr & 3) && !(len & 3) ? 4 : 0;
}

/** gdb_read_memory() - m; less than was asked for where the rest can't be read */
void gdb_read_memory(struct gdb *g, struct gdb_args *a)
{
	static uint8_t buf[GDB_PACKET_MAX / 2];
	uint32_t addr, len, done = 0;
	struct stl_error err = { 0 };
	int ret;

	if (!gdb_arg_range(a, &addr, &len)) {
		gdb_bad(g, "m");
		return;
	}
	if (len > sizeof(buf))
		len = sizeof(buf);
	ret = stl_read(g->t, addr, buf, len, width_for(g, addr, len), &done,
		       &err);
	if (ret && (!done || gdb_over(g, &err))) {
		gdb_fail(g, &err, true);
		return;
	}
	gdb_soft_hide(g, addr, buf, done);
	gdb_put_hex(&g->answer, buf, done);
}

/** gdb_write_memory() - M (hexadecimal digits) or X (@binary) */
void gdb_write_memory(struct gdb *g, struct gdb_args *a, bool binary)
{
	static uint8_t buf[GDB_PACKET_MAX];
	struct stl_error err = { 0 };
	uint32_t addr, len, i;
	bool good;

	good = gdb_arg_range(a, &addr, &len) && gdb_arg_word(a, ":") &&
	       len <= sizeof(buf);
	if (good && !binary)
		good = gdb_arg_bytes(a, buf, len);
	else if (good)
		good = gdb_arg_left(a) == len;
	if (!good) {
		gdb_bad(g, binary ? "X" : "M");
		return;
	}
	for (i = 0; binary && i < len; i++)
		buf[i] = a->p[i];
	gdb_soft_keep(g, addr, buf, len);
	/* nothing is how a client asks whether there is this packet */
	if (len && stl_write(g->t, addr, buf, len, width_for(g, addr, len),
			     &err))
		gdb_fail(g, &err, true);
	else
		gdb_ok(g);
}

/* that of "compare-sections": highest bit first, nothing inverted at the end */
static uint32_t crc_more(uint32_t crc, const uint8_t *p, uint32_t len)
{
	int bit;

	while (len--) {
		crc ^= (uint32_t)*p++ << 24;
		for (bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31 ? 0x04c11db7 : 0);
	}
	return crc;
}

/** gdb_crc() - qCRC: checksum of a range */
void gdb_crc(struct gdb *g, struct gdb_args *a)
{
	uint32_t addr, len, n, crc = 0xffffffff;
	struct stl_error err = { 0 };
	uint8_t buf[4096];

	if (!gdb_arg_range(a, &addr, &len)) {
		gdb_bad(g, "qCRC");
		return;
	}
	/* or it would not end for hours */
	if (len > 0x100000 || len > UINT32_MAX - addr) {
		gdb_bad(g, "qCRC of such a range");
		return;
	}
	for (; len; addr += n, len -= n) {
		n = len < sizeof(buf) ? len : sizeof(buf);
		if (stl_read(g->t, addr, buf, n, 0, NULL, &err)) {
			gdb_fail(g, &err, true);
			return;
		}
		gdb_soft_hide(g, addr, buf, n);
		crc = crc_more(crc, buf, n);
	}
	gdb_printf(&g->answer, "C%x", crc);
}
