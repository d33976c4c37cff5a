/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver's tracepoints tell of this process.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_REPORT_TRACE_H
#define STLINK_REPORT_TRACE_H

#include "text.h"

/**
 * struct report_trace - a recording
 * @dir: folder of its instance of tracefs; "" if there is none
 * @why: why there is none
 */
struct report_trace {
	char dir[128];
	char why[160];
};

/**
 * report_trace_begin() - record what this process has the driver do
 * @t: to fill
 * @root: folder that the files of the machine are below, "" as a rule
 *
 * In an instance of its own, so that nobody else's tracing is disturbed.
 */
void report_trace_begin(struct report_trace *t, const char *root);

/** report_trace_end() - put the last records into a report, and clean up */
void report_trace_end(struct report_trace *t, struct report *r);

#endif /* STLINK_REPORT_TRACE_H */
