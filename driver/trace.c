// SPDX-License-Identifier: GPL-2.0-only
/* The code of the tracepoints; trace.h says what there is. */
#define CREATE_TRACE_POINTS
#include "trace.h"
