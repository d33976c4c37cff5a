/* SPDX-License-Identifier: GPL-2.0-only */
/* stlink-sim: one probe, one board, their sockets and their clock. */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "chip/chip.h"
#include "probe/probe.h"
#include "usb/device.h"
#include "usb/redir.h"

/** struct sim_options - the command line */
struct sim_options {
	const char *usb_path;
	const char *control_path;
	const char *flash_file;
	const char *log_file;
	char part[16];
	bool log;
	bool save;
	bool board_off;
	bool unplugged;
	bool boot0;
	bool fast;
	bool no_serial;
	struct probe_options probe;
	struct usb_options usb;
	struct chip_options chip;
	uint8_t uid[12];
};

/** enum board_fault_kind - what becomes of the board */
enum board_fault_kind {
	BOARD_SOUND,
	BOARD_POWER_OFF,
	BOARD_NRST_HELD,
	BOARD_SWD_DEAD,
};

/**
 * struct board_fault - a fault that begins, and may end, by itself
 * @kind: which; BOARD_SOUND for none
 * @on_wire: counted in SWD transfers, not in bulk transfers
 * @left: of them until it begins, then until it ends; 0 for never
 * @lasts: how many of them it lasts, 0 for ever
 * @begun: it began
 * @over: and ended
 */
struct board_fault {
	enum board_fault_kind kind;
	bool on_wire;
	uint64_t left, lasts;
	bool begun, over;
};

#define FAULT_NOTES	4096	/* bulk transfers that are remembered */

/**
 * struct sim_fault - what goes wrong with one bulk transfer
 * @at: transfers until then, 0: none, or it has been
 * @fired: it has been, since it was armed
 * @what: line of the table in fault.c
 * @arg: of it
 * @num: transfers since "transfers reset"
 * @notes: direction, and first two bytes of the command, of each of them
 */
struct sim_fault {
	uint64_t at;
	bool fired;
	unsigned int what;
	uint32_t arg;
	size_t num;
	struct {
		char way;	/* c command, o or i data */
		uint8_t cmd[2];
	} notes[FAULT_NOTES];
};

/**
 * struct sim - the whole
 * @off_at: when the probe drops off the bus by itself, UINT64_MAX for never
 * @on_at: when it comes back
 * @restart: and then it has forgotten everything
 * @vanishing: it is about to, and hears nothing any more
 * @unplug_at: bulk transfers until it is pulled out, 0 for never
 * @power_off_at: bulk transfers until the board loses its supply, 0 for never
 * @fault: of the probe or its cable
 * @board_fault: of the board
 * @chip_base: counters of the chip when they were last reset
 */
struct sim {
	struct sim_options opt;
	struct chip *chip;
	struct probe *probe;
	struct usb_device *usb;
	struct redir *redir;
	FILE *log;
	bool plugged;
	uint64_t off_at, on_at;
	bool restart, vanishing;
	struct sim_fault fault;
	uint64_t unplug_at;
	uint64_t power_off_at;
	struct board_fault board_fault;
	struct chip_counters chip_base;
};

/* fault.c */
/** fault_transfer() - hook of the USB device: a bulk transfer was submitted */
void fault_transfer(void *ctx, struct usb_urb *urb);
/** fault_gone() - hook of the USB device: the probe vanishes */
void fault_gone(void *ctx, uint64_t t_ns);
/** fault_arm() - "inject at K KIND [ARG]"; Return: false for wrong words */
bool fault_arm(struct sim *sim, int argc, char **argv);
/** fault_report() - "transfers" */
void fault_report(struct sim *sim, FILE *out);

/* options.c */
/** options_parse() - Return: true; false: exit with *@status */
bool options_parse(struct sim_options *o, int argc, char **argv, int *status);
bool options_voltage(const char *text, struct probe_options *p);
bool options_chip(const char *text, struct chip_options *c);
bool options_part(const char *text, char part[16]);

/* board.c */
/** sim_now() - nanoseconds since the program started */
uint64_t sim_now(void);
/** sim_sync() - bring the chip up to now (or leave it ahead of now) */
void sim_sync(struct sim *sim);
bool sim_start(struct sim *sim);
void sim_stop(struct sim *sim);
void sim_plug(struct sim *sim, bool plugged);
/** sim_vanish() - the probe drops off the bus at @t_ns; for good, or restarts */
void sim_vanish(struct sim *sim, uint64_t t_ns, bool restart);
/** sim_swap() - take the board off and put on a new one of @part */
bool sim_swap(struct sim *sim, const char *part, const char *flash_file,
	      const char **error);
void sim_reset_button(struct sim *sim);
/** sim_load() - file into memory; *@error says what went wrong */
bool sim_load(struct sim *sim, const char *file, uint32_t addr,
	      const char **error);
bool sim_save(struct sim *sim, const char *file, const char **error);
/** sim_timers() - do what is due; Return: when to come again */
uint64_t sim_timers(struct sim *sim);

/* boardfault.c */
/** board_fault_step() - the next transfer, on the @wire or by USB, begins */
void board_fault_step(struct sim *sim, bool wire);
void command_board_fault(struct sim *sim, int argc, char **argv, FILE *out);

/* control.c */
struct control;
#define CONTROL_FDS	9	/* listener and eight clients */
struct control *control_new(const char *path, struct sim *sim);
void control_free(struct control *c);
void control_poll(const struct control *c, struct pollfd fds[CONTROL_FDS]);
void control_handle(struct control *c, const struct pollfd fds[CONTROL_FDS]);

/* commands.c, inject.c, report.c: one line in, one JSON object out */
void command_run(struct sim *sim, char *line, FILE *out);
void command_error(FILE *out, const char *text);
void command_ok(FILE *out);
bool command_number(const char *text, uint64_t max, uint64_t *value);
void command_inject(struct sim *sim, int argc, char **argv, FILE *out);
void command_chip_fault(struct sim *sim, int argc, char **argv, FILE *out);
void report_state(struct sim *sim, FILE *out);
void report_counters(struct sim *sim, FILE *out);
void report_options(struct sim *sim, FILE *out);
void report_string(FILE *out, const char *text);

#endif
