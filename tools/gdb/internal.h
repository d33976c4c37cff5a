/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the GDB server share.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef GDB_INTERNAL_H
#define GDB_INTERNAL_H

#include "gdb.h"
#include "packet.h"

/** GDB_MAX_SOFT - breakpoints in SRAM at the same time */
#define GDB_MAX_SOFT	64
/** GDB_MAX_REFUSED - clients at a time that hear that the place is taken */
#define GDB_MAX_REFUSED	4
/** GDB_LATER - bytes of messages that wait for a chance to be shown */
#define GDB_LATER	4096

/* signals as GDB numbers them */
#define GDB_SIGNAL_INT	2
#define GDB_SIGNAL_TRAP	5
#define GDB_SIGNAL_KILL	9
#define GDB_SIGNAL_SEGV	11

/** enum gdb_run - what the client believes that the core does */
enum gdb_run {
	GDB_HALTED,
	GDB_RUNNING,		/* it waits for a stop */
	GDB_RANGE,		/* the same, while we step through a range */
	GDB_GONE,		/* after kill or detach, with the client still there */
};

/**
 * struct gdb_soft - a BKPT in SRAM
 * @addr: where
 * @was: the half-word that it replaces
 */
struct gdb_soft {
	uint32_t addr;
	uint8_t was[2];
};

/**
 * struct gdb - a client
 * @t: its target
 * @opts: of gdb_serve()
 * @err: why it ended with GDB_FAILED
 * @end: how it ended
 * @parser: what comes in
 * @answer: what goes out
 * @answered: the packet that is being carried out has its answer
 * @frame: the last packet that went out, for a client that missed it
 * @frame_len: its bytes
 * @no_ack: acknowledgements are off
 * @extended: extended-remote
 * @tells_why: the client shows the text of any error (error-message+)
 * @lldb_why: and so does this kind of client (QEnableErrorStrings)
 * @swbreak: the client wants to hear of kinds of breakpoints
 * @hwbreak: likewise
 * @spawned: by the client's "run"
 * @run: enum gdb_run
 * @parted: for GDB_GONE: how that came
 * @console: a packet for its console may be sent now
 * @interrupted: the halt that comes was asked for by Ctrl-C
 * @loose: it runs by "monitor run", while the client thinks that it stands
 * @no_catch: a HardFault is no reason to stop
 * @unmasked: step with interrupts
 * @range_start: of the range that is stepped through
 * @range_end: and its end
 * @at_bkpt: the core stands at a BKPT of the firmware, to be passed over
 * @bkpt_pc: where
 * @traps: hardware breakpoints and watchpoints
 * @soft: breakpoints in SRAM
 * @num_soft: how many
 * @image: content of flash as the client wants it, while it loads, or NULL
 * @touched: for each byte of it, whether it said so
 * @signal: of the last stop
 * @extra: of the last stop, for the answer
 * @later: messages that could not be shown yet
 * @refused: clients to be told that the place is taken, -1 for none
 * @xml: target description or memory map that is being sent
 */
struct gdb {
	struct stl_target *t;
	const struct gdb_options *opts;
	struct stl_error *err;
	enum gdb_end end;
	struct gdb_parser parser;
	struct gdb_text answer;
	bool answered;
	char frame[GDB_FRAME_MAX];
	size_t frame_len;
	bool no_ack;
	bool extended;
	bool tells_why;
	bool lldb_why;
	bool swbreak;
	bool hwbreak;
	bool spawned;
	enum gdb_run run;
	enum gdb_end parted;
	bool console;
	bool interrupted;
	bool loose;
	bool no_catch;
	bool unmasked;
	uint32_t range_start;
	uint32_t range_end;
	bool at_bkpt;
	uint32_t bkpt_pc;
	struct stl_traps traps;
	struct gdb_soft soft[GDB_MAX_SOFT];
	unsigned int num_soft;
	uint8_t *image;
	uint8_t *touched;
	unsigned int signal;
	char extra[64];
	char later[GDB_LATER];
	int refused[GDB_MAX_REFUSED];
	struct gdb_text xml;
};

/* link.c */
/** gdb_answer() - send what is in @g->answer, as a packet */
void gdb_answer(struct gdb *g);
/** gdb_begin() - an empty answer, which means "not known" to the client */
void gdb_begin(struct gdb *g);
/** gdb_ack() - acknowledge, or ask for it once more */
void gdb_ack(struct gdb *g, bool good);
/** gdb_again() - the client has missed the last packet */
void gdb_again(struct gdb *g);

/* tell.c */
/**
 * gdb_tell() - a line for the person at the client
 *
 * On its console where that is allowed now, else by the program that serves, and
 * on the console at the next chance.
 */
void gdb_tell(struct gdb *g, bool warning, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/** gdb_console() - text for the client's console, now; needs @g->console */
void gdb_console(struct gdb *g, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** gdb_console_open() - from now on there may be such packets */
void gdb_console_open(struct gdb *g);
/** gdb_tell_error() - gdb_tell() of an error and its hint */
void gdb_tell_error(struct gdb *g, const struct stl_error *err);
/**
 * gdb_fail() - the answer is that it failed, and why
 * @g: client
 * @err: why; the client is told in its own way, the person too
 * @plain: this client may only be told a number for this packet
 */
void gdb_fail(struct gdb *g, const struct stl_error *err, bool plain);
/** gdb_ok() - the answer is OK */
void gdb_ok(struct gdb *g);
/** gdb_bad() - the answer: this packet makes no sense */
void gdb_bad(struct gdb *g, const char *what);
/** gdb_over() - after a failure: does it end the session? Then it does */
bool gdb_over(struct gdb *g, const struct stl_error *err);

/* dispatch.c */
void gdb_packet(struct gdb *g);
/* query.c */
void gdb_query(struct gdb *g, struct gdb_args *a);
void gdb_set(struct gdb *g, struct gdb_args *a);
/* xml.c */
void gdb_xml_target(struct gdb_text *x);
void gdb_xml_memory(struct gdb_text *x, const struct stl_chip *chip);
/* regs.c */
void gdb_read_regs(struct gdb *g);
void gdb_write_regs(struct gdb *g, struct gdb_args *a);
void gdb_read_reg(struct gdb *g, struct gdb_args *a);
void gdb_write_reg(struct gdb *g, struct gdb_args *a);
int gdb_set_pc(struct gdb *g, uint32_t pc, struct stl_error *err);
/* memory.c */
void gdb_read_memory(struct gdb *g, struct gdb_args *a);
void gdb_write_memory(struct gdb *g, struct gdb_args *a, bool binary);
void gdb_crc(struct gdb *g, struct gdb_args *a);
/* breaks.c */
void gdb_breakpoint(struct gdb *g, struct gdb_args *a, bool set);
bool gdb_soft_at(const struct gdb *g, uint32_t addr);
void gdb_soft_hide(const struct gdb *g, uint32_t addr, uint8_t *buf,
		   uint32_t len);
void gdb_soft_keep(struct gdb *g, uint32_t addr, uint8_t *buf, uint32_t len);
int gdb_soft_clear_all(struct gdb *g, struct stl_error *err);
/* flash.c */
void gdb_flash_erase(struct gdb *g, struct gdb_args *a);
void gdb_flash_write(struct gdb *g, struct gdb_args *a);
void gdb_flash_done(struct gdb *g);
void gdb_flash_forget(struct gdb *g);
/* monitor.c */
void gdb_monitor(struct gdb *g, struct gdb_args *a);
/* run.c */
void gdb_resume(struct gdb *g, char action, uint32_t start, uint32_t end);
void gdb_interrupt(struct gdb *g);
void gdb_range_step(struct gdb *g);
void gdb_core_event(struct gdb *g, uint32_t events);
void gdb_core_lost(struct gdb *g, const struct stl_error *err);
/* stop.c */
void gdb_look_why(struct gdb *g, const struct stlink_core *core);
void gdb_stop_reply(struct gdb *g);
int gdb_read_pc(struct gdb *g, uint32_t *pc);
bool gdb_step_is_all(const struct stlink_core *core);
/* life.c */
int gdb_halt_all(struct gdb *g, struct stl_error *err);
int gdb_reset_halt(struct gdb *g, struct stl_error *err);
int gdb_let_go(struct gdb *g, struct stl_error *err);
void gdb_attach(struct gdb *g);
void gdb_run_again(struct gdb *g);
void gdb_detach(struct gdb *g);
void gdb_kill(struct gdb *g, bool answer);

#endif
