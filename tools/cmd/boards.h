/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Boards that stations have done, as the tool answers with them.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_CMD_BOARDS_H
#define STLINK_CMD_BOARDS_H

#include "auto/watch.h"
#include "cmd.h"

/**
 * struct boards - what was done
 * @ctx: context
 * @all: JSON array of all boards, or NULL: a line of JSON for each at once
 * @first: the first board that failed; code is STL_OK if there is none
 */
struct boards {
	struct context *ctx;
	struct json_object *all;
	struct stl_error first;
};

/** boards_done() - for &struct watch_options.done; its context is struct boards */
void boards_done(void *ctx, const struct stl_probe *probe,
		 const struct station_news *news);

/**
 * boards_summary() - say how many passed, and fail if one didn't
 * @b: boards
 * @counts: how many
 *
 * Where a signal was in the way of a board the program ends as it does by that.
 *
 * Return: code of the first failure, or STL_OK.
 */
enum stl_code boards_summary(struct boards *b,
			     const struct watch_counts *counts);

#endif /* STLINK_CMD_BOARDS_H */
