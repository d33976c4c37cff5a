// SPDX-License-Identifier: GPL-2.0-only
/*
 * The terminal view of "stlink watch".
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "view.h"

#define BAR		20
#define MAX_WIDTH	768

static struct {
	bool terminal;
	size_t lines;	/* drawn last, above the cursor */
} screen;

static const struct {
	const char *word;
	const char *colour;
} phases[] = {
	[STATION_WAITING] = { "waiting", "" },
	[STATION_WORKING] = { "working", "" },
	[STATION_PASS] = { "PASS", "\033[1;32m" },
	[STATION_SKIPPED] = { "PASS", "\033[1;32m" },
	[STATION_FAIL] = { "FAIL", "\033[1;31m" },
	[STATION_GONE] = { "gone", "\033[2m" },
};

static const char * const works[] = {
	[STL_PHASE_READ] = "reading",
	[STL_PHASE_ERASE] = "erasing",
	[STL_PHASE_PROGRAM] = "programming",
	[STL_PHASE_VERIFY] = "verifying",
};

void view_init(void)
{
	screen.terminal = isatty(STDOUT_FILENO);
	screen.lines = 0;
	if (!screen.terminal)
		setvbuf(stdout, NULL, _IOLBF, 0);
}

/* What comes after the word: part, serial number, time, reason. */
static void details(const struct station_news *n, char buf[MAX_WIDTH])
{
	char number[40] = "", took[24] = "";

	if (*n->number)
		snprintf(number, sizeof(number), ", serial number %s",
			 n->number);
	if (n->duration_ms)
		snprintf(took, sizeof(took), "%s%u.%02u s",
			 *n->part ? ", " : "", n->duration_ms / 1000,
			 n->duration_ms % 1000 / 10);
	snprintf(buf, MAX_WIDTH, "%s%s%s%s%s", n->part, number, took,
		 *n->text && (*n->part || *took) ? ": " : "", n->text);
}

void view_event(const struct view_line *line)
{
	const struct station_news *n = &line->news;
	char text[MAX_WIDTH], now[32];
	time_t t = time(NULL);
	struct tm tm;

	if (screen.terminal || n->total)
		return;
	details(n, text);
	localtime_r(&t, &tm);
	strftime(now, sizeof(now), "%F %T", &tm);
	printf("%s %s: %s%s%s\n", now, line->name, phases[n->phase].word,
	       *text ? " " : "", text);
}

static void bar(const struct station_news *n, char buf[MAX_WIDTH])
{
	int filled = (uint64_t)n->done * BAR / n->total;

	snprintf(buf, MAX_WIDTH, "%-11s [%.*s%*s] %3u%%", works[n->work],
		 filled, "####################", BAR - filled, "",
		 (unsigned int)((uint64_t)n->done * 100 / n->total));
}

/* A station that waits shows how the last board went, too. */
static void waiting(const struct view_line *line, char buf[MAX_WIDTH])
{
	char last[MAX_WIDTH];

	if (*line->news.text || line->last.phase == STATION_WAITING) {
		details(&line->news, buf);
		return;
	}
	details(&line->last, last);
	snprintf(buf, MAX_WIDTH, "(last: %s %.700s)",
		 phases[line->last.phase].word, last);
}

/* Cut to the width of the terminal: a wrapped line can't be drawn over. */
static void draw(const struct view_line *line, int width)
{
	const struct station_news *n = &line->news;
	const char *colour = phases[n->phase].colour;
	char text[MAX_WIDTH], head[80];
	int left;

	if (n->phase == STATION_WORKING && n->total)
		bar(n, text);
	else if (n->phase == STATION_WAITING)
		waiting(line, text);
	else
		details(n, text);
	left = snprintf(head, sizeof(head), "%-24.24s %4u ok %3u failed  ",
			line->name, line->passed + line->skipped,
			line->failed);
	left = width - left - 9;
	printf("\r\033[K%.*s%s%-7s%s %.*s\n", width > 9 ? width - 9 : 0, head,
	       colour, phases[n->phase].word, *colour ? "\033[0m" : "",
	       left > 0 ? left : 0, text);
}

void view_draw(const struct view_line *lines, size_t num)
{
	struct winsize size;
	size_t i;

	if (!screen.terminal)
		return;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		size.ws_col = 80;
	if (screen.lines)
		printf("\033[%zuA", screen.lines);
	for (i = 0; i < num; i++)
		draw(&lines[i], size.ws_col);
	if (!num)
		printf("\r\033[K" "no probe is plugged in\n");
	/* stations that have gone since */
	printf("\033[J");
	screen.lines = num ? num : 1;
	fflush(stdout);
}
