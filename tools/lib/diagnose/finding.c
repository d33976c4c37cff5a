// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collecting findings and putting them in order.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"

/*
 * All that there are. Of two with the same severity the one that stands here
 * first is the likelier reason, or the reason of the other.
 */
static const char *const ids[] = {
	"no-voltage",
	"low-voltage",
	"no-answer",
	"swd-pins-reused",
	"deep-sleep",
	"nrst-low",
	"vector-catch-left",
	"core-halted",
	"boots-system-memory",
	"boots-sram",
	"read-protection",
	"option-bytes-damaged",
	"flash-blank",
	"vector-table-blank",
	"truncated-copy",
	"image-for-other-part",
	"initial-sp-outside-sram",
	"reset-vector-outside-flash",
	"reset-vector-even",
	"watchdog-option",
	"watchdog-reset",
	"reset-loop",
	"bkpt-without-debugger",
	"ran-into-blank-flash",
	"bad-function-pointer",
	"stack-overflow",
	"sram-parity",
	"unaligned-access",
	"access-to-nowhere",
	"undefined-instruction",
	"fault",
	"hardfault-vector-erased",
	"hardfault-vector-bad",
	"lockup",
	"in-hardfault",
	"unhandled-interrupt",
	"flash-unreadable",
	"write-protection",
	"reads-unique-id",
};

static unsigned int rank(const char *id)
{
	unsigned int i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (!strcmp(ids[i], id))
			break;
	return i;
}

struct stl_finding *stl_found(struct stl_findings *all, const char *id,
			      enum stl_severity severity, const char *fmt, ...)
{
	struct stl_finding *f;
	va_list ap;

	if (all->num < STL_FINDINGS_MAX)
		all->num++;
	f = &all->list[all->num - 1];
	memset(f, 0, sizeof(*f));
	f->id = id;
	f->severity = severity;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	return f;
}

void stl_evidence(struct stl_finding *f, const char *fmt, ...)
{
	unsigned int i, n = f->num_evidence;
	va_list ap;

	if (n == STL_EVIDENCE_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(f->evidence[n], sizeof(f->evidence[0]), fmt, ap);
	va_end(ap);
	for (i = 0; i < n; i++)
		if (!strcmp(f->evidence[i], f->evidence[n]))
			return;
	f->num_evidence++;
}

void stl_advice(struct stl_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->advice, sizeof(f->advice), fmt, ap);
	va_end(ap);
}

struct stl_finding *stl_find_id(struct stl_findings *all, const char *id)
{
	size_t i;

	for (i = 0; i < all->num; i++)
		if (!strcmp(all->list[i].id, id))
			return &all->list[i];
	return NULL;
}

static int compare(const void *a, const void *b)
{
	const struct stl_finding *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity < y->severity ? -1 : 1;
	return (int)rank(x->id) - (int)rank(y->id);
}

void stl_findings_sort(struct stl_findings *all)
{
	qsort(all->list, all->num, sizeof(all->list[0]), compare);
}

bool stl_findings_bad(const struct stl_findings *all)
{
	size_t i;

	for (i = 0; i < all->num; i++)
		if (all->list[i].severity != STL_REMARK)
			return true;
	return false;
}

const char *stl_severity_word(enum stl_severity severity)
{
	static const char *const words[] = {
		[STL_CAUSE] = "cause",
		[STL_SUSPICION] = "suspicion",
		[STL_REMARK] = "remark",
	};

	return words[severity];
}
