/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the code in SRAM keeps its things; for loader.S and loader.c, and
 * for option.S and option_write.c.
 *
 * The smallest part has 4 KiB: code below 0x200, control block, buffer from
 * 0x400, stack at the top (the code uses none; an exception would).
 */
#ifndef STL_LOADER_LAYOUT_H
#define STL_LOADER_LAYOUT_H

#define LOADER_BASE		0x20000000
#define LOADER_CODE_MAX		0x200
#define LOADER_CTRL		0x20000200
#define LOADER_BUF		0x20000400
#define LOADER_STACK		0x100

/* control block of loader.S, 32-bit words */
#define CTRL_SRC		0	/* next half-word to take */
#define CTRL_DST		4	/* where in flash it goes */
#define CTRL_COUNT		8	/* half-words left, this one included */
#define CTRL_RESULT		12	/* LOADER_* */
#define CTRL_SR			16	/* FLASH_SR as seen last */
#define CTRL_FOUND		20	/* LOADER_MISMATCH: what was read back */
#define CTRL_SIZE		24

/* CTRL_RESULT */
#define LOADER_RUNNING		0
#define LOADER_DONE		1
#define LOADER_LOCKED		2	/* CR.PG could not be set */
#define LOADER_FLAGS		3	/* PGERR or WRPRTERR, or EOP missing */
#define LOADER_MISMATCH		4	/* reads back something else */
#define LOADER_BUSY		5	/* BSY never went away */

/* control block of option.S */
#define OPT_VALUES		0	/* the eight option bytes */
#define OPT_RESULT		8	/* LOADER_*: of the first step that failed */
#define OPT_SR			12	/* FLASH_SR after it */
#define OPT_STEP		16	/* 0 erase, 1 RDP ... 8 WRP3, 9 the end */
#define OPT_SIZE		20

#endif
