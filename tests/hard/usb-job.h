/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One job at a bench, from attach to detach, as commands of the tool: look at the
 * board, read it, program, verify, change an option byte, reset.
 */
#ifndef USB_JOB_H
#define USB_JOB_H

#include <limits.h>

#include "child.h"
#include "sim-port.h"

#define JOB_FLASH	16384u	/* STM32F030F4 */
#define JOB_STEPS	6u

/**
 * struct job - a bench
 * @usb_path: where its probe is plugged in
 * @node: under /dev, since job_bound()
 * @old: flash before
 * @image, @image_len: what is programmed
 * @read: flash as "read" has to find it
 */
struct job {
	struct sim_port sim;
	char usb_path[16];
	char node[300];
	char image_file[PATH_MAX];
	uint8_t old[JOB_FLASH], image[JOB_FLASH], read[JOB_FLASH];
	size_t image_len;
};

/* Those that return text: NULL for all is well, else what is wrong. */

/** job_open() - the bench of the Nth simulator; works in the current directory */
const char *job_open(struct job *j, unsigned int n, const char *top);

/** job_fresh() - another board, with an old firmware that runs */
const char *job_fresh(struct job *j);

/** job_address() - USB address of the probe, 0 while it isn't there */
unsigned int job_address(struct job *j);

/** job_resets() - USB resets of the probe since it was bound */
unsigned int job_resets(struct job *j);

/** job_bound() - waits until the probe has its node, at another address than @old */
const char *job_bound(struct job *j, unsigned int old);

const char *job_step_name(unsigned int step);

/** job_step() - a step, ended within @limit_s or killed */
const char *job_step(struct job *j, unsigned int step, unsigned int limit_s,
		     struct child *c);

/** job_result() - is there what a successful @step leaves? */
const char *job_result(struct job *j, unsigned int step);

/** job_rest() - of a failed @step no file may be left */
const char *job_rest(struct job *j);

/**
 * job_done() - is the board what it shall be after the whole job?
 * @kept: what the image doesn't touch in its last page too
 */
const char *job_done(struct job *j, bool kept);

#endif
