// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions and settings. GDB manual, E.4.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <string.h>

#include "internal.h"

static bool says(const struct gdb_args *a, const char *feature)
{
	return memmem(a->p, gdb_arg_left(a), feature, strlen(feature));
}

static void supported(struct gdb *g, const struct gdb_args *a)
{
	g->swbreak = says(a, "swbreak+");
	g->hwbreak = says(a, "hwbreak+");
	g->tells_why = says(a, "error-message+");
	gdb_printf(&g->answer,
		   "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;qXfer:memory-map:read+;vContSupported+;swbreak+;hwbreak+%s",
		   GDB_PACKET_MAX, g->tells_why ? ";error-message+" : "");
}

/* a part of a text: "m" and more of it, or "l" and the last of it */
static void xfer(struct gdb *g, struct gdb_args *a)
{
	struct gdb_text *x = &g->xml;
	uint32_t off, len, put;

	if (!gdb_arg_range(a, &off, &len)) {
		gdb_bad(g, "qXfer");
		return;
	}
	if (off > x->len)
		off = x->len;
	if (len > x->len - off)
		len = x->len - off;
	if (len > GDB_PACKET_MAX / 2 - 1)
		len = GDB_PACKET_MAX / 2 - 1;
	gdb_put(&g->answer, off + len == x->len ? "l" : "m", 1);
	put = gdb_put_binary(&g->answer, x->data + off, len);
	if (put != len)
		g->answer.data[0] = 'm';
}

static void xfer_begin(struct gdb *g, struct gdb_args *a)
{
	g->xml.len = 0;
	g->xml.full = false;
	if (gdb_arg_word(a, "features:read:target.xml:"))
		gdb_xml_target(&g->xml);
	else if (gdb_arg_word(a, "memory-map:read::"))
		gdb_xml_memory(&g->xml, &g->t->chip);
	else
		return;
	xfer(g, a);
}

/* what LLDB wants to know before it has a program */
static void host_info(struct gdb *g)
{
	static const char triple[] = "thumbv6m-none-eabi";

	gdb_printf(&g->answer, "triple:");
	gdb_put_hex(&g->answer, triple, strlen(triple));
	gdb_printf(&g->answer, ";endian:little;ptrsize:4;");
}

/**
 * gdb_query() - a packet that begins with q
 * @g: client
 * @a: behind that letter
 */
void gdb_query(struct gdb *g, struct gdb_args *a)
{
	bool gone = g->run == GDB_GONE;

	if (gdb_arg_word(a, "Supported"))
		supported(g, a);
	else if (gdb_arg_word(a, "Xfer:"))
		xfer_begin(g, a);
	else if (gdb_arg_word(a, "Rcmd,"))
		gdb_monitor(g, a);
	else if (gdb_arg_word(a, "CRC:"))
		gdb_crc(g, a);
	else if (gdb_arg_word(a, "Attached"))
		gdb_printf(&g->answer, g->spawned ? "0" : "1");
	else if (gdb_arg_word(a, "fThreadInfo"))
		gdb_printf(&g->answer, gone ? "l" : "m1");
	else if (gdb_arg_word(a, "sThreadInfo"))
		gdb_printf(&g->answer, "l");
	else if (gdb_arg_word(a, "HostInfo"))
		host_info(g);
	else if (gdb_arg_word(a, "Symbol"))
		gdb_ok(g);
	else if (gdb_arg_word(a, "C"))
		gdb_printf(&g->answer, gone ? "QC0" : "QC1");
}

/**
 * gdb_set() - a packet that begins with Q
 * @g: client
 * @a: behind that letter
 */
void gdb_set(struct gdb *g, struct gdb_args *a)
{
	if (gdb_arg_word(a, "StartNoAckMode")) {
		gdb_ok(g);
		g->no_ack = true;
	} else if (gdb_arg_word(a, "EnableErrorStrings")) {
		g->lldb_why = true;
		gdb_ok(g);
	}
}
