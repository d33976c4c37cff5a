/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One board: from a probe that has one to a result.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_BOARD_H
#define STLINK_AUTO_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"
#include "log.h"
#include "target.h"

/**
 * struct board - what became of a board
 * @result: enum auto_result
 * @err: why it failed; @err.code is STL_OK otherwise. STL_PROBE_BUSY: another
 *	program has the probe, and the board was not touched
 * @remark: why it was skipped, or what is odd about one that passed; or ""
 * @part: name of the chip, "" if that was not found out
 * @touched: something was or may have been changed
 * @has_number: a serial number was taken for it
 * @number: which
 */
struct board {
	enum auto_result result;
	struct stl_error err;
	char remark[256];
	char part[24];
	bool touched;
	bool has_number;
	uint64_t number;
};

/**
 * board_do() - do with the board on a probe what a rule says
 * @fd: open probe (O_RDWR) without a session
 * @probe: which one
 * @rule: what to do
 * @cb: @cb->note is not used; @cb->progress may stop it at the next safe point
 * @b: out
 *
 * Attaches, refuses a board that is not the right one, is protected or can't take
 * the image or the option bytes, skips one that is done, programs, proves, lets it
 * run and looks at that, then writes the option bytes. Detaches in any case.
 */
void board_do(int fd, const struct stl_probe *probe,
	      const struct auto_rule *rule, const struct stl_callbacks *cb,
	      struct board *b);

#endif /* STLINK_AUTO_BOARD_H */
