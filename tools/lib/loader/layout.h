/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the code in SRAM keeps its things; for loader.S and loader.c, and
 * for option.S and option_write.c.
 *
 * The smallest part has 4 KiB: code below 0x200, loader.S with what it reports
 * and its slots right behind it, so that all go there at once; two buffers from
 * 0x400, stack at the top (the code uses none; an exception would).
 */
#ifndef STL_LOADER_LAYOUT_H
#define STL_LOADER_LAYOUT_H

#define LOADER_BASE		0x20000000
#define LOADER_CODE_MAX		0x200
#define OPTION_CTRL		0x20000200
#define LOADER_REPORT		0x20000160
#define LOADER_SLOTS		0x20000180
#define LOADER_END		0x200001c0
#define LOADER_BUF		0x20000400
#define LOADER_STACK		0x100

/* LOADER_REPORT when it stops, 32-bit words */
#define REPORT_RESULT		0	/* LOADER_* */
#define REPORT_SR		4	/* FLASH_SR as seen last */
#define REPORT_WHERE		8	/* address that it was about */
#define REPORT_SIZE		12

/*
 * The two slots of loader.S, 32-bit words. The host fills one in when its
 * operation is 0, which it writes last; the loader makes that 0 again when it
 * is done, or LOADER_* << 8 when it has stopped. Strictly in turn.
 */
#define SLOT_STRIDE		0x20
#define SLOT_SRC		0	/* program: from; CRC: where results go */
#define SLOT_DST		4	/* address in flash; CRC: of the first block */
#define SLOT_COUNT		8	/* program: half-words; CRC: blocks */
#define SLOT_SIZE		12	/* erase: PER or MER; CRC: bytes of a block */
#define SLOT_OP			16
#define SLOT_WORDS		5

/* SLOT_OP */
#define OP_PROGRAM		1
#define OP_ERASE		2
#define OP_CRC			3
#define OP_STOP			4

/* REPORT_RESULT, OPT_RESULT */
#define LOADER_RUNNING		0
#define LOADER_DONE		1
#define LOADER_LOCKED		2	/* CR doesn't take what is written */
#define LOADER_FLAGS		3	/* PGERR or WRPRTERR, or EOP missing */
#define LOADER_BUSY		5	/* BSY never went away */

/* OPTION_CTRL of option.S */
#define OPT_VALUES		0	/* the eight option bytes */
#define OPT_RESULT		8	/* LOADER_*: of the first step that failed */
#define OPT_SR			12	/* FLASH_SR after it */
#define OPT_STEP		16	/* 0 erase, 1 RDP ... 8 WRP3, 9 the end */
#define OPT_SIZE		20

#endif
