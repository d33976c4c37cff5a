/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a board hold the image of a rule already?
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_ALREADY_H
#define STLINK_AUTO_ALREADY_H

#include <stdbool.h>

#include "conf.h"
#include "target.h"

/**
 * auto_already() - compare a board with the image of its rule
 * @t: identified target
 * @rule: rule
 * @same: out: flash holds the image. Where a serial number goes, the board
 *	must hold something that isn't what the image has there, nor blank
 * @err: STL_LINK and what else reading can give
 */
int auto_already(struct stl_target *t, const struct auto_rule *rule, bool *same,
		 struct stl_error *err);

#endif /* STLINK_AUTO_ALREADY_H */
