/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a station tells the one who started it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_NEWS_H
#define STLINK_AUTO_NEWS_H

#include <stdint.h>

#include "error.h"
#include "serial.h"
#include "target.h"

/** enum station_phase - what a station is doing */
enum station_phase {
	STATION_WAITING,	/* for a board */
	STATION_WORKING,	/* on one */
	STATION_PASS,		/* it is done, and waits to be taken off */
	STATION_SKIPPED,	/* it held the image already, and waits likewise */
	STATION_FAIL,		/* it isn't, and waits likewise */
	STATION_GONE,		/* the probe is gone, or can't be used */
};

/**
 * struct station_news - one message; fits a datagram
 * @phase: enum station_phase
 * @work: enum stl_phase, while STATION_WORKING and @total isn't 0
 * @done: of @total
 * @total: 0 when there is nothing to count
 * @code: enum stl_code of a failure, or why the station ends
 * @duration_ms: from the board's arrival, in PASS, SKIPPED and FAIL
 * @part: part found, or ""
 * @number: serial number injected, or ""
 * @text: why, or what is odd; or ""
 */
struct station_news {
	enum station_phase phase;
	enum stl_phase work;
	uint32_t done;
	uint32_t total;
	enum stl_code code;
	uint32_t duration_ms;
	char part[24];
	char number[AUTO_SERIAL_MAX + 1];
	char text[sizeof(((struct stl_error *)0)->message)];
};

#endif /* STLINK_AUTO_NEWS_H */
