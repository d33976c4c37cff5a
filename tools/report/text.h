/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of a report, and what must not be in it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_REPORT_TEXT_H
#define STLINK_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** REPORT_SECRETS - most secrets that are remembered */
#define REPORT_SECRETS	64

/**
 * struct report - a report being written
 * @out: receives the text
 * @num: secrets at @secret
 * @secret: what is replaced wherever it occurs
 * @missing: how much couldn't be had
 */
struct report {
	FILE *out;
	size_t num;
	struct {
		char text[160];
		const char *word;
		bool number;
	} secret[REPORT_SECRETS];
	unsigned int missing;
};

/**
 * report_secret() - this must not be in the report from now on
 * @r: report
 * @text: of two characters at least, else nothing is done
 * @word: what it is; "[word]" takes its place
 * @number: "[word abcd]" takes its place, by which one is told from another
 */
void report_secret(struct report *r, const char *text, const char *word,
		   bool number);

/**
 * report_mark() - four digits by which one number is told from another
 * @text: the number; upper and lower case are the same
 */
unsigned int report_mark(const char *text);

/**
 * report_clean() - copy a line without what nobody has to know
 * @r: report, for its secrets
 * @text: anything
 * @buf: out: cut to fit
 * @len: size of @buf
 *
 * Beside the secrets these are long numbers and paths of files that are not
 * the system's.
 */
void report_clean(const struct report *r, const char *text, char *buf,
		  size_t len);

/** report_section() - a heading */
void report_section(struct report *r, const char *title);

/** report_line() - a fact, cleaned; @name may be "" */
void report_line(struct report *r, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** report_number() - a number of which only the mark is told */
void report_number(struct report *r, const char *name, const char *number);

/** report_lack() - what couldn't be had, and why */
void report_lack(struct report *r, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* STLINK_REPORT_TEXT_H */
