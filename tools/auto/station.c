// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for boards, having them done, telling about it.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "board.h"
#include "hook.h"
#include "ioctl.h"
#include "log.h"
#include "probe.h"
#include "station.h"

/* How often a station that only waits looks why there is no board; and how long
 * it waits before it is told, or, where the board comes with the probe, fails
 */
#define SILENCE_MS	2000
/* Between two tries of a probe that another program has */
#define BUSY_MS		500
/* The driver's first two looks, which agree or not, are done by then */
#define FRESH_MS	250
/* Progress is told so often at most */
#define PROGRESS_MS	100
/* Two looks of the driver, and some: what goes during the work shows by then */
#define AFTERMATH_MS	450

/**
 * struct station - a station at work
 * @job: what for
 * @fd: node
 * @present: a board answered at the driver's last look
 * @gone: it, or the probe, went since that was cleared
 * @done: a board's result was told
 * @told: the news told last
 * @next_ms: not before then is progress told again
 */
struct station {
	const struct station_job *job;
	int fd;
	bool present;
	bool gone;
	bool done;
	struct station_news told;
	int64_t next_ms;
};

/* What ends a wait */
enum wait {
	WAIT_EVENT,
	WAIT_TIME,
	WAIT_SIGNAL,
	WAIT_LOST,	/* the probe */
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void tell(struct station *s, const struct station_news *news)
{
	s->told = *news;
	s->job->tell(s->job->ctx, news);
}

static void tell_phase(struct station *s, enum station_phase phase,
		       const char *text)
{
	struct station_news news = { .phase = phase };

	snprintf(news.text, sizeof(news.text), "%s", text);
	if (s->told.phase != phase || strcmp(s->told.text, text))
		tell(s, &news);
}

static bool signalled(const struct station *s)
{
	struct pollfd fd = { .fd = s->job->signals, .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

/* Takes what the driver has seen since. */
static int take_events(struct station *s)
{
	struct stlink_events ev = { 0 };
	int ret = stl_ioc_events(s->fd, &ev);

	if (ret)
		return ret;
	s->present = ev.state & STLINK_SEEN_PRESENT;
	if (ev.pending & STLINK_EVENT_REMOVED || ev.state & STLINK_SEEN_ABSENT)
		s->gone = true;
	return 0;
}

/* Waits for an event, at most @ms milliseconds (-1: for ever). */
static enum wait wait_event(struct station *s, int ms)
{
	struct pollfd fds[2] = {
		{ .fd = s->fd, .events = POLLPRI },
		{ .fd = s->job->signals, .events = POLLIN },
	};
	int ret;

	do {
		ret = poll(fds, 2, ms);
	} while (ret < 0 && errno == EINTR);
	if (fds[1].revents & POLLIN)
		return WAIT_SIGNAL;
	if (fds[0].revents & (POLLHUP | POLLERR) || take_events(s))
		return WAIT_LOST;
	return ret ? WAIT_EVENT : WAIT_TIME;
}

/* Why does nothing answer? In words that don't change with each reading. */
static const char *explain_silence(struct station *s)
{
	struct stlink_voltage v = { 0 };
	int ret = stl_ioc_voltage(s->fd, &v);

	if (ret == -EBUSY)
		return "another program has the probe";
	if (ret || !v.adc_ref)
		return "nothing answers on SWD";
	return v.millivolts < STL_NO_SUPPLY_MV ?
	       "no supply voltage at the probe's target connector" :
	       "there is a supply voltage, but nothing answers on SWD";
}

/* Is the board expected to be there from the start? */
static bool comes_with_probe(const struct station *s)
{
	return s->job->rule->trigger == AUTO_TRIGGER_PLUG;
}

/* Until a board answers. With a probe that brings its own: for a while only. */
static enum wait wait_arrival(struct station *s)
{
	enum wait why;

	for (;;) {
		if (s->present) {
			s->gone = false;
			return WAIT_EVENT;
		}
		why = wait_event(s, SILENCE_MS);
		if (why == WAIT_SIGNAL || why == WAIT_LOST)
			return why;
		if (why != WAIT_TIME)
			continue;
		if (comes_with_probe(s))
			return WAIT_TIME;
		tell_phase(s, STATION_WAITING, explain_silence(s));
	}
}

/* Until it has been there for the time that the rule asks for. */
static enum wait wait_steady(struct station *s)
{
	int64_t until = now_ms() + s->job->rule->debounce_ms, left;
	enum wait why;

	while ((left = until - now_ms()) > 0) {
		why = wait_event(s, left);
		if (why == WAIT_SIGNAL || why == WAIT_LOST)
			return why;
		if (!s->gone)
			continue;
		tell_phase(s, STATION_WAITING,
			   "a board went before it was touched: unless it was taken off, a contact bounces");
		why = wait_arrival(s);
		if (why != WAIT_EVENT)
			return why;
		until = now_ms() + s->job->rule->debounce_ms;
	}
	return WAIT_EVENT;
}

/* Until the board is gone; one that has been exchanged meanwhile is, too. */
static enum wait wait_removal(struct station *s)
{
	enum wait why = WAIT_EVENT;

	while (!s->gone) {
		why = wait_event(s, -1);
		if (why == WAIT_SIGNAL || why == WAIT_LOST)
			return why;
	}
	return why;
}

static int progress(void *ctx, enum stl_phase phase, uint32_t done,
		    uint32_t total)
{
	struct station_news news = {
		.phase = STATION_WORKING,
		.work = phase,
		.done = done,
		.total = total,
	};
	struct station *s = ctx;
	int64_t now = now_ms();

	if (total && (done == total || now >= s->next_ms)) {
		s->next_ms = now + PROGRESS_MS;
		tell(s, &news);
	}
	return signalled(s);
}

/* Taken off half-way, a board fails with whatever was just being done. */
static void explain_failure(struct station *s, struct board *b)
{
	struct stl_error *err = &b->err;
	int64_t until = now_ms() + AFTERMATH_MS, left;
	struct stl_error was = *err;
	enum wait why = WAIT_EVENT;

	if (signalled(s)) {
		stl_fail(err, was.code, "stopped by a signal%s", b->touched ?
			 ": the board is not done" :
			 " before anything was changed");
		return;
	}
	while (!s->gone && why != WAIT_LOST && why != WAIT_SIGNAL &&
	       (left = until - now_ms()) > 0)
		why = wait_event(s, left);
	if (why == WAIT_LOST)
		stl_fail(err, STL_NO_PROBE,
			 "the probe was unplugged, or detached from its driver, %s",
			 b->touched ? "while the board was programmed" :
			 "before anything was changed");
	else if (s->gone)
		stl_fail(err, was.code,
			 "the board was taken off or lost its supply %s: %.300s",
			 b->touched ? "while it was programmed" :
			 "before anything was changed", was.message);
}

/* Where the record can't be kept nobody can tell later that it was done. */
static void keep_record(struct station *s, struct auto_record *r,
			struct board *b)
{
	const struct auto_rule *rule = s->job->rule;
	struct stl_error err;

	if (rule->log && auto_log_append(rule->log, rule->log_format, r,
					 &err)) {
		if (b->result != AUTO_FAIL)
			stl_fail(&b->err, STL_FILE,
				 "the board is %s, but that could not be recorded: %.400s",
				 b->result == AUTO_SKIPPED ?
				 "as it was, and right" : "programmed",
				 err.message);
		b->result = AUTO_FAIL;
		r->result = AUTO_FAIL;
		r->code = b->err.code;
		r->reason = b->err.message;
	}
	auto_log_journal(r);
}

static void run_hook(struct station *s, const struct auto_record *r,
		     struct station_news *news)
{
	const struct auto_rule *rule = s->job->rule;
	const char *command = r->result == AUTO_FAIL ? rule->on_failure :
						       rule->on_success;
	struct stl_error err;
	size_t used;

	if (!command || !auto_hook(command, rule->hook_timeout_s, r,
				   s->job->signals, &err))
		return;
	used = strlen(news->text);
	snprintf(news->text + used, sizeof(news->text) - used, "%s%.200s",
		 used ? "; " : "", err.message);
	tell(s, news);
}

static enum station_phase phase_of(enum auto_result result)
{
	return result == AUTO_PASS ? STATION_PASS :
	       result == AUTO_SKIPPED ? STATION_SKIPPED : STATION_FAIL;
}

/* Log, screen, command */
static void finish(struct station *s, struct board *b, uint32_t ms)
{
	const struct station_job *job = s->job;
	struct station_news news = { 0 };
	struct auto_record r = {
		.station = job->rule->title,
		.serial = job->probe->serial,
		.usb_path = job->probe->usb_path,
		.device = job->probe->device,
		.part = b->part,
		.image = job->rule->image,
		.crc = job->rule->crc,
		.result = b->result,
		.reason = b->result == AUTO_FAIL ? b->err.message : b->remark,
		.code = b->err.code,
		.duration_ms = ms,
		.number = news.number,
	};

	clock_gettime(CLOCK_REALTIME, &r.time);
	if (b->has_number)
		auto_serial_text(&job->rule->serial, b->number, news.number);
	if (job->record)
		keep_record(s, &r, b);
	news.phase = phase_of(b->result);
	news.code = b->err.code;
	news.duration_ms = r.duration_ms;
	snprintf(news.part, sizeof(news.part), "%s", b->part);
	snprintf(news.text, sizeof(news.text), "%s", r.reason);
	tell(s, &news);
	s->done = true;
	run_hook(s, &r, &news);
}

/* Another program has the probe: when it has done, so long as a board is there */
static enum wait wait_free(struct station *s, const struct board *b)
{
	enum wait why;

	tell_phase(s, STATION_WAITING, b->err.message);
	why = wait_event(s, BUSY_MS);
	return why == WAIT_TIME ? WAIT_EVENT : why;
}

/* Sets @code to what the board came to. */
static enum wait do_board(struct station *s, enum stl_code *code)
{
	const struct stl_callbacks cb = { .ctx = s, .progress = progress };
	bool was_there = s->present;
	enum wait why = WAIT_EVENT;
	struct board b;
	int64_t start;
	uint32_t ms;

	do {
		start = now_ms();
		s->gone = false;
		s->next_ms = 0;
		tell_phase(s, STATION_WORKING, "");
		board_do(s->fd, s->job->probe, s->job->rule, &cb, &b);
		ms = now_ms() - start;
		*code = b.err.code;
		if (*code != STL_PROBE_BUSY || comes_with_probe(s))
			break;
		why = wait_free(s, &b);
		if (why != WAIT_EVENT || s->gone)
			return why;
	} while (1);
	if (b.result == AUTO_FAIL && was_there)
		explain_failure(s, &b);
	else
		take_events(s);
	finish(s, &b, ms);
	*code = b.err.code;
	return signalled(s) ? WAIT_SIGNAL : WAIT_EVENT;
}

static enum wait serve(struct station *s, enum stl_code *code)
{
	unsigned int trigger = s->job->rule->trigger;
	enum wait why;

	if ((s->job->next_only || !(trigger & AUTO_TRIGGER_PLUG)) &&
	    s->present) {
		tell_phase(s, STATION_WAITING,
			   "the board that is there was there before; waiting for the next one");
		s->gone = false;
		why = wait_removal(s);
		if (why == WAIT_SIGNAL || why == WAIT_LOST)
			return why;
	}
	do {
		tell_phase(s, STATION_WAITING, "");
		why = wait_arrival(s);
		if (why == WAIT_EVENT)
			why = wait_steady(s);
		if (why == WAIT_EVENT || why == WAIT_TIME)
			why = do_board(s, code);
		if (why == WAIT_EVENT && (s->job->once ||
					  !(trigger & AUTO_TRIGGER_TARGET)))
			return why;
		if (why == WAIT_EVENT)
			why = wait_removal(s);
	} while (why == WAIT_EVENT);
	return why;
}

/* The first look is the driver's; what it sees may take a moment. */
static enum stl_code begin(struct station *s, struct stl_error *err)
{
	struct stlink_events ev = {
		.flags = STLINK_EVENTS_SET,
		.mask = STLINK_EVENT_ARRIVED | STLINK_EVENT_REMOVED,
	};
	const struct stl_probe *p = s->job->probe;
	const char *node = p->device;
	struct stl_select select = {
		.device = node,
		.serial = *p->serial ? p->serial : NULL,
		.usb_path = *p->usb_path ? p->usb_path : NULL,
	};
	int ret;

	s->fd = stl_probe_open(&select, true, NULL, err);
	if (s->fd < 0)
		return -s->fd;
	/* two stations for one probe would each program its boards */
	if (flock(s->fd, LOCK_EX | LOCK_NB))
		return stl_fail(err, STL_PROBE_BUSY,
				"another station serves %s already", node);
	ret = stl_ioc_events(s->fd, &ev);
	if (ret)
		return stl_fail_errno(err, ret, 0, "watching %s", node);
	do {
		ev = (struct stlink_events){ 0 };
		ret = stl_ioc_events(s->fd, &ev);
		if (ret)
			return stl_fail_errno(err, ret, 0, "watching %s", node);
		s->present = ev.state & STLINK_SEEN_PRESENT;
		if (ev.state & (STLINK_SEEN_PRESENT | STLINK_SEEN_ABSENT))
			break;
	} while (!poll(&(struct pollfd){ .fd = s->job->signals,
					 .events = POLLIN }, 1, 50));
	/* it may be what was so when somebody looked last: two looks anew */
	poll(&(struct pollfd){ .fd = s->job->signals, .events = POLLIN }, 1,
	     FRESH_MS);
	ret = take_events(s);
	return ret ? stl_fail_errno(err, ret, 0, "watching %s", node) : STL_OK;
}

/* It was to do one board; why didn't it? */
static enum stl_code explain_idle(enum wait why, struct stl_error *err)
{
	return stl_fail(err, STL_LINK, why == WAIT_SIGNAL ?
			"stopped by a signal before its board was begun" :
			"its board was taken off before the probe was free");
}

enum stl_code station_run(const struct station_job *job)
{
	struct station s = { .job = job, .fd = -1 };
	struct station_news gone = { .phase = STATION_GONE };
	struct stl_error err = { 0 };
	enum stl_code code, result = STL_OK;
	enum wait why;

	/* so that the first news is not taken for old */
	s.told.phase = STATION_GONE;
	code = begin(&s, &err);
	if (!code) {
		why = serve(&s, &result);
		if (why == WAIT_LOST)
			code = stl_fail(&err, STL_NO_PROBE,
					"the probe was unplugged, or detached from its driver");
		else if (job->once && !s.done)
			code = explain_idle(why, &err);
	}
	if (s.fd >= 0)
		close(s.fd);
	if (job->once && !code)
		return result;
	if (code) {
		gone.code = code;
		snprintf(gone.text, sizeof(gone.text), "%s", err.message);
		tell(&s, &gone);
	}
	return code;
}
