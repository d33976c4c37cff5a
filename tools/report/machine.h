/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a report that need no target.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_REPORT_MACHINE_H
#define STLINK_REPORT_MACHINE_H

#include "host/host.h"
#include "text.h"
#include "usb.h"

/**
 * report_secrets() - what this machine and its probes must not be known by
 * @r: report
 * @h: machine
 */
void report_secrets(struct report *r, const struct stl_host *h);

/** report_machine() - kernel, distribution, module and its parameters */
void report_machine(struct report *r, const struct stl_host *h);

/** report_probes() - what USB and the driver tell of the probes */
void report_probes(struct report *r, const struct stl_host *h);

/** report_log() - lines of the kernel log about driver and probes */
void report_log(struct report *r, const struct stl_host *h);

#endif /* STLINK_REPORT_MACHINE_H */
