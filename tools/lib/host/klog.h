/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel log, where it may be read.
 */
#ifndef STL_KLOG_H
#define STL_KLOG_H

#include "host.h"

/**
 * stl_klog_last() - the last line that has one of some texts in it
 * @h: machine
 * @texts: parts of lines, ended by NULL
 * @line: out: without level and time; "" if there is none
 * @len: size of @line
 *
 * Return: false if there is none, or the log is closed to who asks.
 */
bool stl_klog_last(const struct stl_host *h, const char *const *texts,
		   char *line, size_t len);

#endif
