/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power cuts: a child process ends at the n-th call that changes a file or
 * waits for one, and what had not been brought to the disk by then is lost. And
 * bad disks: that call fails.
 */
#ifndef AUTO_CUT_H
#define AUTO_CUT_H

#include <stdbool.h>
#include <stdint.h>

/**
 * enum cut_loss - what becomes of what wasn't brought to the disk
 *
 * From CUT_TEARS on blocks, with the size that the file had: bit N of the number
 * above CUT_TEARS says that block N of those that changed is there, the others are
 * zeros, or what they were before.
 */
enum cut_loss {
	CUT_LOSES_NOTHING,
	CUT_LOSES_ALL,		/* data and names */
	CUT_LOSES_DATA,		/* new names lead to empty files */
	CUT_LEAVES_ZEROS,	/* sizes are right, data are zeros */
	CUT_LEAVES_HALF,	/* of the data */
	CUT_LOSES_NAMES,	/* data are there, under the old names */
	CUT_TEARS,
	CUT_NUM_LOSSES = CUT_TEARS + 16
};

/** CUT_BLOCK - bytes that reach the disk together, or don't */
#define CUT_BLOCK	512

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

/** enum cut_fault - what a call does instead of what it should */
enum cut_fault {
	CUT_ENOSPC,
	CUT_EIO,
	CUT_EDQUOT,
	CUT_EROFS,
	CUT_EINTR,
	CUT_EPERM,
	CUT_SHORT,	/* write() writes half, others do what they should */
	CUT_NUM_FAULTS
};

/**
 * cut_fail() - run something, let one call of it fail
 * @path: as for cut_run()
 * @job: as for cut_run(); in this process
 * @at: the call that fails, from 1. close() and flock() do their work and fail,
 *	unlink() never fails
 * @fault: how
 * @value: out: what @job returned
 *
 * Return: false if @job ended before.
 */
bool cut_fail(const char *path, uint64_t (*job)(const char *path), long at,
	      enum cut_fault fault, uint64_t *value);

#endif
