/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything a command needs of libstlink.a.
 */
#ifndef STLINK_LIB_H
#define STLINK_LIB_H

#include "bind.h"
#include "chip.h"
#include "control.h"
#include "diagnose/diagnose.h"
#include "error.h"
#include "mem.h"
#include "option.h"
#include "option_field.h"
#include "pages.h"
#include "plan.h"
#include "probe.h"
#include "program.h"
#include "selftest/selftest.h"
#include "target.h"
#include "trap.h"
#include "truncated.h"
#include "usb.h"
#include "vectors.h"

#endif
