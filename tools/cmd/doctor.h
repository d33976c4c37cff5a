/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stlink doctor
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_DOCTOR_H
#define STLINK_DOCTOR_H

#include "host/check.h"

struct context;
struct json_object;

void doctor_check(struct context *ctx, struct stl_checks *c);
struct json_object *doctor_json(const struct stl_checks *c);

/* doctor_auto.c */
void doctor_auto(const struct stl_host *h, struct stl_checks *c);

#endif /* STLINK_DOCTOR_H */
