// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps by which a board is made what its rule says. Whatever can be
 * found out before flash is touched, or a serial number taken, is.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "already.h"
#include "board.h"
#include "counter.h"
#include "inject.h"
#include "option_field.h"
#include "program.h"
#include "segments.h"

/**
 * struct job - a board being done
 * @t: session
 * @rule: what to do
 * @cb: the caller's callbacks
 * @b: what came of it
 * @option: option bytes wanted
 * @change_options: those of the chip differ
 */
struct job {
	struct stl_target t;
	const struct auto_rule *rule;
	const struct stl_callbacks *cb;
	struct board *b;
	struct stl_option_bytes option;
	bool change_options;
};

static void remark(struct board *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The first one counts; what follows comes of it, as a rule. */
static void remark(struct board *b, const char *fmt, ...)
{
	va_list ap;

	if (*b->remark)
		return;
	va_start(ap, fmt);
	vsnprintf(b->remark, sizeof(b->remark), fmt, ap);
	va_end(ap);
}

static void note(void *ctx, enum stl_note weight, const char *text)
{
	struct job *job = ctx;

	if (weight == STL_NOTE_WARNING)
		remark(job->b, "%s", text);
}

static int progress(void *ctx, enum stl_phase phase, uint32_t done,
		    uint32_t total)
{
	struct job *job = ctx;

	/* told before the first of them, which may be the one that is cut */
	if (phase == STL_PHASE_ERASE || phase == STL_PHASE_PROGRAM)
		job->b->touched = true;
	return job->cb->progress ?
	       job->cb->progress(job->cb->ctx, phase, done, total) : 0;
}

static int check_part(struct job *job)
{
	const struct auto_rule *rule = job->rule;
	const struct stl_chip *chip = &job->t.chip;
	struct stl_error *err = &job->b->err;

	if (!rule->has_part || auto_part_same(&rule->part, chip))
		return STL_OK;
	if (chip->flags & STL_CHIP_SIZE_GUESSED &&
	    chip->dev_id == rule->part.dev_id)
		return stl_fail(err, STL_NO_FIT,
				"this chip doesn't tell its flash size, so it can't be shown to be the %s that is expected",
				rule->part_name);
	return stl_fail(err, STL_NO_FIT,
			"wrong part: this is a %s with %u KiB of flash (DEV_ID %03x), expected is %s (%u KiB, DEV_ID %03x)",
			chip->name, chip->flash_size / 1024, chip->dev_id,
			rule->part_name, rule->part.flash_size / 1024,
			rule->part.dev_id);
}

static int check_protection(struct job *job)
{
	if (!job->t.chip.rdp_level)
		return STL_OK;
	return stl_fail(&job->b->err, STL_PROTECTED,
			"the chip has read protection level %u: it may be a board that was done before; otherwise \"stlink unprotect\" erases it",
			job->t.chip.rdp_level);
}

/* What is stored, and what shall be; what is wrong with the names shows here. */
static int plan_options(struct job *job)
{
	const struct auto_rule *rule = job->rule;
	struct stl_target *t = &job->t;
	struct stl_option_bytes have;
	struct stl_options o;
	size_t i;
	int ret;

	if (!rule->num_options && rule->protect == AUTO_PROTECT_NONE)
		return STL_OK;
	ret = stl_options_read(t, &o, &job->b->err);
	if (ret)
		return ret;
	if (!o.raw_valid)
		return stl_fail(&job->b->err, STL_LINK,
				"the option bytes can't be read on this chip");
	job->change_options = !stl_option_unpack(&have, o.raw) || o.pending;
	stl_option_base(&job->option, &o, &t->chip);
	for (i = 0; i < rule->num_options && !ret; i++)
		ret = stl_option_set(&t->chip, &job->option, rule->options[i],
				     &job->b->err);
	if (rule->protect == AUTO_PROTECT_LEVEL_1)
		job->option.rdp = STL_RDP_LEVEL_1;
	job->change_options = job->change_options ||
		!stl_option_same(&t->chip, &have, &job->option);
	return ret;
}

static int segments(struct job *job, const struct image *img,
		    struct stl_segment **segs)
{
	*segs = auto_segments(img);
	return *segs ? STL_OK :
	       stl_fail(&job->b->err, STL_FILE, "%s: %s", job->rule->image,
			strerror(ENOMEM));
}

static int check_segments(struct job *job, const struct image *img,
			  bool changes)
{
	struct stl_error *err = &job->b->err;
	struct stl_target *t = &job->t;
	struct stl_plan plan = { 0 };
	struct stl_segment *segs;
	int ret;

	ret = segments(job, img, &segs);
	if (ret)
		return ret;
	ret = stl_plan_check(&t->chip, segs, img->num, err);
	if (!ret && changes && stl_any_write_protected(&t->chip)) {
		ret = stl_program_plan(t, segs, img->num, false, &plan, err);
		stl_plan_free(&plan);
	}
	free(segs);
	return ret;
}

/*
 * Can this chip hold the image, and, with @changes, be made to? Any number stands for
 * that of the board, which isn't taken yet.
 */
static int check_image(struct job *job, bool changes)
{
	static const uint8_t any[AUTO_SERIAL_MAX];
	const struct auto_rule *rule = job->rule;
	struct image img;
	int ret;

	if (!rule->inject)
		return check_segments(job, &rule->content, changes);
	ret = auto_inject(&rule->content, &job->t.chip, rule->serial.addr, any,
			  rule->serial.width, &img, &job->b->err);
	if (ret)
		return ret;
	ret = check_segments(job, &img, changes);
	image_free(&img);
	return ret;
}

static int with_number(struct job *job, struct image *img)
{
	const struct auto_serial *s = &job->rule->serial;
	uint8_t bytes[AUTO_SERIAL_MAX];
	struct board *b = job->b;
	int ret;

	ret = check_image(job, true);
	if (ret)
		return ret;
	ret = auto_counter_take(s->file, auto_serial_last(s), &b->number,
				&b->err);
	if (ret)
		return ret;
	b->has_number = true;
	auto_serial_bytes(s, b->number, bytes);
	return auto_inject(&job->rule->content, &job->t.chip, s->addr, bytes,
			   s->width, img, &b->err);
}

/* Firmware that doesn't run is no good board, whatever flash holds. */
static int judge_core(struct job *job, const struct stl_core_state *state)
{
	struct board *b = job->b;

	if (!strcmp(state->name, "lockup"))
		return stl_fail(&b->err, STL_PROGRAM,
				"programmed and verified, but the firmware locks up%s%s",
				*state->why ? ": " : "", state->why);
	if (strcmp(state->name, "unknown"))
		return STL_OK;
	if (job->rule->silent == AUTO_SILENT_FAIL)
		return stl_fail(&b->err, STL_NO_TARGET,
				"programmed and verified, but the chip does not answer once it runs: taken off too early, or firmware that uses the SWD pins (then say silent = pass)");
	/* the library has said so by a note */
	return STL_OK;
}

static int program_image(struct job *job, const struct image *img)
{
	const struct stl_program_options opts = {
		.no_verify = job->rule->verify == AUTO_VERIFY_NONE,
		.verify_read = job->rule->verify == AUTO_VERIFY_READ,
	};
	struct stl_program_result result = { 0 };
	struct stl_segment *segs;
	struct board *b = job->b;
	int ret;

	ret = segments(job, img, &segs);
	if (ret)
		return ret;
	ret = stl_program(&job->t, segs, img->num, &opts, &result, &b->err);
	free(segs);
	return ret ? ret : judge_core(job, &result.state);
}

static int program(struct job *job)
{
	struct image img;
	int ret;

	if (!job->rule->inject)
		return program_image(job, &job->rule->content);
	ret = with_number(job, &img);
	if (ret)
		return ret;
	ret = program_image(job, &img);
	image_free(&img);
	return ret;
}

/* Last of all, since protection ends all that can be proved. */
static int change_options(struct job *job)
{
	struct stl_target *t = &job->t;
	struct stl_core_state state;
	struct board *b = job->b;
	int ret;

	b->touched = true;
	ret = stl_option_write(t, &job->option, 0, &b->err);
	if (!ret)
		ret = stl_option_load(t, 0, &b->err);
	if (ret)
		return ret;
	if (t->chip.rdp_level) {
		remark(b, "read protection is on: the firmware runs from the next power-on on");
		return STL_OK;
	}
	ret = stl_start(t, 0, &state, &b->err);
	return ret ? ret : judge_core(job, &state);
}

static int work(struct job *job)
{
	const struct auto_rule *rule = job->rule;
	struct board *b = job->b;
	bool same = false;
	int ret;

	ret = stl_target_identify(&job->t, &b->err);
	if (ret)
		return ret;
	snprintf(b->part, sizeof(b->part), "%s", job->t.chip.name);
	ret = check_part(job);
	if (!ret)
		ret = check_protection(job);
	if (!ret)
		ret = plan_options(job);
	if (!ret && job->change_options)
		ret = stl_option_check_write(&job->t, &job->option, 0,
					     &b->err);
	if (!ret)
		ret = check_image(job, false);
	if (!ret && rule->already == AUTO_ALREADY_SKIP)
		ret = auto_already(&job->t, rule, &same, &b->err);
	if (!ret && same && !job->change_options) {
		b->result = AUTO_SKIPPED;
		snprintf(b->remark, sizeof(b->remark),
			 "it holds the image already");
		return STL_OK;
	}
	if (!ret && !same)
		ret = program(job);
	if (!ret && job->change_options)
		ret = change_options(job);
	return ret;
}

void board_do(int fd, const struct stl_probe *probe,
	      const struct auto_rule *rule, const struct stl_callbacks *cb,
	      struct board *b)
{
	struct job job = { .rule = rule, .cb = cb, .b = b };
	const struct stl_attach_options opts = {
		.mode = rule->mode,
		.purpose = STL_CHANGE,
		.clock_khz = rule->clock_khz,
		.cb = {
			.ctx = &job,
			.note = note,
			.progress = progress,
		},
	};
	struct stl_error close_err = { 0 };
	int ret, closed;

	memset(b, 0, sizeof(*b));
	b->result = AUTO_PASS;
	ret = stl_target_open(&job.t, fd, probe, &opts, &b->err);
	if (!ret) {
		ret = work(&job);
		if (ret)
			stl_target_busy(&job.t, &b->err);
		closed = stl_target_close(&job.t, ret ? STL_LEAVE_AS_FOUND :
					  STL_LEAVE_RUNNING, &close_err);
		/* a board that can't be let run wasn't seen to be good */
		if (!ret && closed && rule->silent == AUTO_SILENT_FAIL) {
			b->err = close_err;
			ret = closed;
		}
	}
	if (ret)
		b->result = AUTO_FAIL;
	if (b->result == AUTO_FAIL)
		b->remark[0] = '\0';
	else
		b->err.code = STL_OK;
}
