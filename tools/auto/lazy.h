/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Libraries that are loaded when they are first used.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_LAZY_H
#define STLINK_AUTO_LAZY_H

/** lazy_load() - load them now, for all processes that are started later */
void lazy_load(void);

#endif
