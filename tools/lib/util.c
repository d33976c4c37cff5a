// SPDX-License-Identifier: GPL-2.0-only
/*
 * Callbacks and small things.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "priv.h"

void stl_note(struct stl_target *t, enum stl_note weight, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!t->cb.note)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	t->cb.note(t->cb.ctx, weight, text);
}

bool stl_progress(struct stl_target *t, enum stl_phase phase, uint32_t done,
		  uint32_t total)
{
	return t->cb.progress &&
	       t->cb.progress(t->cb.ctx, phase, done, total);
}

int stl_fail_stopped(struct stl_error *err, enum stl_code code)
{
	stl_fail(err, code, "stopped on request");
	if (err)
		err->errnum = EINTR;
	return code;
}

int stl_require_change(struct stl_target *t, struct stl_error *err)
{
	if (t->purpose == STL_CHANGE)
		return STL_OK;
	return stl_fail(err, STL_USAGE,
			"this session may look at the target only");
}
