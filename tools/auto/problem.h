/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that is wrong with a configuration, not only the first thing.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#ifndef STLINK_AUTO_PROBLEM_H
#define STLINK_AUTO_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct auto_problem - something odd in a configuration
 * @line: where, from 1; 0 for the file as a whole, which comes first
 * @warning: can be lived with
 * @text: one sentence without full stop, newline or other control characters
 */
struct auto_problem {
	unsigned int line;
	bool warning;
	char *text;
};

/**
 * struct auto_problems - all of them
 * @num: how many are in @list
 * @errors: how many of them aren't warnings, and those for which there was no
 *	memory
 * @list: sorted by line after auto_problems_sort(); each is there once
 */
struct auto_problems {
	size_t num;
	size_t errors;
	struct auto_problem *list;
};

/** auto_error() - add an error, unless it is there already */
void auto_error(struct auto_problems *p, unsigned int line,
		const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** auto_warning() - add a warning, unless it is there already */
void auto_warning(struct auto_problems *p, unsigned int line,
		  const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** auto_problems_sort() - by line, else as they were added */
void auto_problems_sort(struct auto_problems *p);

/**
 * auto_problems_print() - one a line
 * @p: problems
 * @file: name of the configuration
 * @out: where to: "FILE:LINE: reason", warnings "FILE:LINE: warning: reason"
 */
void auto_problems_print(const struct auto_problems *p, const char *file,
			 FILE *out);

/** auto_problems_free() - forget them */
void auto_problems_free(struct auto_problems *p);

#endif /* STLINK_AUTO_PROBLEM_H */
