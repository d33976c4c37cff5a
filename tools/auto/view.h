/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stations on a screen, a line each; or in a pipe, a line for each event.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_VIEW_H
#define STLINK_AUTO_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "news.h"

/**
 * struct view_line - a station as it is shown
 * @name: of the probe
 * @news: last that it told
 * @last: last that it told of a board that was done; phase STATION_WAITING if
 *	there was none
 * @passed: boards done so far
 * @skipped: boards that held the image already
 * @failed: boards that failed
 */
struct view_line {
	char name[96];
	struct station_news news;
	struct station_news last;
	unsigned int passed;
	unsigned int skipped;
	unsigned int failed;
};

/** view_init() - is standard output a terminal? */
void view_init(void);

/**
 * view_event() - a station has told something new
 * @line: the station, with @line->news
 *
 * In a pipe this prints a line, unless it is mere progress.
 */
void view_event(const struct view_line *line);

/**
 * view_draw() - draw all stations anew, on a terminal only
 * @lines: stations
 * @num: how many
 */
void view_draw(const struct view_line *lines, size_t num);

#endif /* STLINK_AUTO_VIEW_H */
