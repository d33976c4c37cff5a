/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command that a rule has for boards that passed or failed.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_HOOK_H
#define STLINK_AUTO_HOOK_H

#include "log.h"

/**
 * auto_hook() - run a command with a shell, and wait for it
 * @command: for /bin/sh -c
 * @timeout_s: seconds it may take; then it and what it started are killed
 * @r: record; in its environment as STLINK_RESULT, STLINK_REASON, STLINK_SERIAL
 *	and so on, named as the columns of a log file
 * @stop: descriptor; once it can be read the command is killed
 * @err: STL_FILE: it can't be started, ended with a status other than 0, by a
 *	signal, or took too long
 *
 * Its standard input is empty. For a process without threads, in which
 * SIGCHLD may be blocked.
 */
int auto_hook(const char *command, unsigned int timeout_s,
	      const struct auto_record *r, int stop, struct stl_error *err);

#endif /* STLINK_AUTO_HOOK_H */
