/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Findings: what explains, or may explain, that a board does not run.
 */
#ifndef STL_FINDING_H
#define STL_FINDING_H

#include <stdbool.h>
#include <stddef.h>

/** enum stl_severity - how much a finding explains */
enum stl_severity {
	STL_CAUSE,	/* with this the board can't work */
	STL_SUSPICION,	/* it may be that */
	STL_REMARK,	/* good to know; the board may be in order */
};

#define STL_FINDINGS_MAX	32
#define STL_EVIDENCE_MAX	10

/**
 * struct stl_finding - one of them
 * @id: stable name in kebab case; finding.c lists them
 * @severity: enum stl_severity
 * @text: one sentence, without full stop
 * @evidence: what it was seen by, a line each, @num_evidence of them
 * @advice: what to do about it, or ""
 */
struct stl_finding {
	const char *id;
	enum stl_severity severity;
	char text[320];
	char evidence[STL_EVIDENCE_MAX][160];
	unsigned int num_evidence;
	char advice[320];
};

/**
 * struct stl_findings - all of them
 * @num: how many
 * @list: after stl_findings_sort() causes first, the likeliest first
 */
struct stl_findings {
	size_t num;
	struct stl_finding list[STL_FINDINGS_MAX];
};

/**
 * stl_found() - add a finding
 * @all: where to
 * @id: one of those in finding.c
 * @severity: enum stl_severity
 * @fmt: its sentence
 *
 * Return: the finding, never NULL; one too many replaces the last.
 */
struct stl_finding *stl_found(struct stl_findings *all, const char *id,
			      enum stl_severity severity, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** stl_evidence() - add a line of evidence, unless it is there */
void stl_evidence(struct stl_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** stl_advice() - say what to do */
void stl_advice(struct stl_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** stl_find_id() - the finding with an id, or NULL */
struct stl_finding *stl_find_id(struct stl_findings *all, const char *id);

/** stl_findings_sort() - causes first, and the likeliest of them */
void stl_findings_sort(struct stl_findings *all);

/** stl_findings_bad() - is there more than remarks? */
bool stl_findings_bad(const struct stl_findings *all);

/** stl_severity_word() - "cause", "suspicion", "remark" */
const char *stl_severity_word(enum stl_severity severity);

#endif
