/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power cuts: a child process ends at the n-th call that changes a file or
 * waits for one, and what had not been brought to the disk by then is lost.
 */
#ifndef AUTO_CUT_H
#define AUTO_CUT_H

#include <stdbool.h>
#include <stdint.h>

/** enum cut_loss - what becomes of what wasn't brought to the disk */
enum cut_loss {
	CUT_LOSES_NOTHING,
	CUT_LOSES_ALL,		/* data and names */
	CUT_LOSES_DATA,		/* new names lead to empty files */
	CUT_LEAVES_ZEROS,	/* sizes are right, data are zeros */
	CUT_LEAVES_HALF,	/* of the data */
	CUT_NUM_LOSSES
};

/**
 * cut_run() - run something, cut the power, lose what wasn't on the disk
 * @path: the file that it changes; in a folder of its own
 * @job: changes it, in a child process; Return: what cut_run() shall
 * @at: the call at which the power goes, from 1. It isn't made, but write():
 *	that does half of its work
 * @loss: what becomes of what wasn't on the disk
 * @value: out: what @job returned, UINT64_MAX if it never did
 *
 * Return: true if the power was cut, false if @job ended before.
 */
bool cut_run(const char *path, uint64_t (*job)(const char *path), long at,
	     enum cut_loss loss, uint64_t *value);

#endif
