// SPDX-License-Identifier: GPL-2.0-only
/*
 * The progress line, and signals that ask to stop.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"

#define BAR		30
#define INTERVAL_MS	100

static struct {
	bool wanted;
	bool shown;
	int64_t next_ms;
} line;

static volatile sig_atomic_t caught;

static const struct {
	const char *word;
	const char *unit;
} phases[] = {
	[STL_PHASE_READ] = { "Reading", "bytes" },
	[STL_PHASE_ERASE] = { "Erasing", "pages" },
	[STL_PHASE_PROGRAM] = { "Programming", "bytes" },
	[STL_PHASE_VERIFY] = { "Verifying", "bytes" },
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/**
 * progress_init() - decide whether there is a progress line
 * @wanted: unless --quiet; it also needs a terminal
 */
void progress_init(bool wanted)
{
	line.wanted = wanted && isatty(STDERR_FILENO);
}

/**
 * progress_clear() - take the progress line away before something is printed
 */
void progress_clear(void)
{
	if (line.shown)
		fputs("\r\033[K", stderr);
	line.shown = false;
}

/**
 * progress_show() - callback of the library
 * @ctx: not used
 * @phase: what is being done
 * @done: so far
 * @total: of it
 *
 * Return: non-zero to ask the library to stop at the next safe point.
 */
int progress_show(void *ctx, enum stl_phase phase, uint32_t done,
		  uint32_t total)
{
	int filled = total ? (uint64_t)done * BAR / total : BAR;
	int64_t now;

	(void)ctx;
	if (!line.wanted)
		return caught;
	now = now_ms();
	if (done == total) {
		progress_clear();
	} else if (!done || now >= line.next_ms) {
		fprintf(stderr, "\r%-11s [%.*s%*s] %3u%% %u of %u %s\033[K",
			phases[phase].word, filled,
			"##############################", BAR - filled, "",
			(unsigned int)((uint64_t)done * 100 / total), done,
			total, phases[phase].unit);
		fflush(stderr);
		line.shown = true;
		line.next_ms = now + INTERVAL_MS;
	}
	return caught;
}

static void on_signal(int sig)
{
	caught = sig;
}

/**
 * signals_catch() - from now on signals stop the work at a safe point
 *
 * The second one ends the program as usual; the driver then cleans up. One that is
 * ignored, as with nohup, stays so.
 */
void signals_catch(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction old, sa = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESTART | SA_RESETHAND,
	};
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
	}
}

/**
 * signal_taken() - a signal that asked to stop came in another way
 * @sig: its number
 */
void signal_taken(int sig)
{
	caught = sig;
}

/**
 * signal_caught() - was the program asked to stop?
 *
 * Return: number of the signal, or 0.
 */
int signal_caught(void)
{
	return caught;
}
