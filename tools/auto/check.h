/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stlink watch --check
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_CHECK_H
#define STLINK_AUTO_CHECK_H

#include <stdio.h>

#include "conf.h"

/**
 * auto_conf_print() - what a configuration means, some lines for each station
 * @conf: loaded without errors
 * @out: where to
 */
void auto_conf_print(const struct auto_conf *conf, FILE *out);

/**
 * auto_check() - check a configuration, and say what it means
 * @path: its file
 * @out: receives the warnings, then its meaning; or all that is wrong
 *
 * Needs no probe and changes nothing.
 *
 * Return: STL_OK or STL_FILE.
 */
enum stl_code auto_check(const char *path, FILE *out);

#endif /* STLINK_AUTO_CHECK_H */
