/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking for events, and seeing whether the driver talks to the probe. */
#ifndef SELFTESTS_WATCH_H
#define SELFTESTS_WATCH_H

#include <linux/stlink.h>
#include <stdbool.h>

#include "probe.h"

/* Longest time for anything that comes by itself, ms */
#define SOON_MS		15000

int watch(int fd, __u32 mask, __u32 interval_ms);
int do_events(int fd, struct stlink_events *e);
__u32 take_events(int fd);
__u32 seen_state(int fd);
short poll_all(int fd, unsigned int ms);
bool event_comes(int fd, unsigned int ms);
__u32 next_events(int fd);
bool quiet(struct probe *p, unsigned int ms);
bool looks(struct probe *p, unsigned int n);
bool comes_true(const volatile bool *what, bool value, unsigned int ms);

#endif
