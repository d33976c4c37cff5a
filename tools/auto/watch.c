// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting and ending stations as probes come and go, and signals.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <libudev.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "crew.h"
#include "lazy.h"
#include "view.h"
#include "watch.h"

/**
 * struct watch - the whole
 * @conf: configuration
 * @opts: options
 * @counts: boards done
 * @udev: library context
 * @monitor: news of probes
 * @signals: signalfd()
 * @old_mask: signals blocked before
 * @stopping: a signal has come
 * @matched: probes that are meant and were there
 * @started: stations started so far
 * @crew: stations
 */
struct watch {
	const struct auto_conf *conf;
	const struct watch_options *opts;
	struct watch_counts *counts;
	struct udev *udev;
	struct udev_monitor *monitor;
	int signals;
	sigset_t old_mask;
	bool stopping;
	unsigned int matched;
	unsigned int started;
	struct crew crew;
};

static void on_event(void *ctx, struct crew_slot *slot)
{
	const struct station_news *news = &slot->line.news;
	struct watch *w = ctx;

	if (w->opts->show)
		view_event(&slot->line);
	if (w->opts->done && !slot->again &&
	    (news->phase == STATION_PASS || news->phase == STATION_SKIPPED ||
	     news->phase == STATION_FAIL))
		w->opts->done(w->opts->ctx, &slot->probe, news);
}

static void show(struct watch *w)
{
	struct view_line lines[CREW_MAX];
	size_t i;

	if (!w->opts->show)
		return;
	for (i = 0; i < w->crew.num; i++)
		lines[i] = w->crew.slots[i].line;
	view_draw(lines, w->crew.num);
}

/* Of those that are there and no others, none may be left out without a word. */
static enum stl_code check_room(const struct watch *w,
				const struct stl_probe *probes, size_t num,
				struct stl_error *err)
{
	size_t i, meant = 0;
	bool hit;

	for (i = 0; i < num; i++)
		meant += stl_probe_match(&probes[i], 1, &w->opts->select, &hit);
	if (!w->opts->here_only || meant <= CREW_MAX)
		return STL_OK;
	stl_fail(err, STL_USAGE,
		 "%zu probes are meant, and %u can be used at the same time",
		 meant, CREW_MAX);
	stl_hint(err, "choose some of them with --serial or --usb-path");
	return STL_USAGE;
}

/* Stations for all probes that are there, meant, and have none yet */
static enum stl_code start_all(struct watch *w, struct stl_error *err)
{
	const struct auto_rule *rule;
	struct stl_probe *probes;
	enum stl_code code;
	size_t i, num;
	bool hit;

	code = stl_probe_scan(&probes, &num, err);
	if (code)
		return code;
	code = check_room(w, probes, num, err);
	for (i = 0; i < num && !code; i++) {
		if (!stl_probe_match(&probes[i], 1, &w->opts->select, &hit))
			continue;
		w->matched++;
		rule = auto_conf_find(w->conf, &probes[i]);
		if (rule && crew_start(&w->crew, &probes[i], rule))
			w->started++;
	}
	free(probes);
	return code;
}

static void on_signal(struct watch *w)
{
	struct signalfd_siginfo info;

	while (read(w->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			crew_reap(&w->crew);
			continue;
		}
		crew_kill(&w->crew, w->stopping ? SIGKILL : SIGTERM);
		w->stopping = true;
		if (!w->counts->signal)
			w->counts->signal = info.ssi_signo;
	}
}

/* The event may be older than the list; what is there now is what counts. */
static enum stl_code on_udev(struct watch *w, struct stl_error *err)
{
	struct udev_device *dev = udev_monitor_receive_device(w->monitor);
	enum stl_code code = STL_OK;
	const char *action;

	if (!dev)
		return STL_OK;
	action = udev_device_get_action(dev);
	if (action && !strcmp(action, "add") && !w->stopping &&
	    !w->opts->here_only)
		code = start_all(w, err);
	udev_device_unref(dev);
	return code;
}

/* Is there anything left to wait for? */
static bool over(const struct watch *w)
{
	if (crew_running(&w->crew))
		return false;
	return w->stopping || w->opts->here_only ||
	       (w->started && (w->opts->once || w->opts->select.device));
}

static nfds_t descriptors(struct watch *w, struct pollfd *fds,
			  struct crew_slot **from)
{
	struct crew *c = &w->crew;
	nfds_t n = 0;
	size_t i;

	fds[n++] = (struct pollfd){ .fd = w->signals, .events = POLLIN };
	fds[n++] = (struct pollfd){
		.fd = udev_monitor_get_fd(w->monitor), .events = POLLIN };
	for (i = 0; i < c->num; i++) {
		if (!c->slots[i].pid)
			continue;
		from[n] = &c->slots[i];
		fds[n++] = (struct pollfd){ .fd = c->slots[i].sock,
					    .events = POLLIN };
	}
	return n;
}

static enum stl_code loop(struct watch *w, struct stl_error *err)
{
	struct crew_slot *from[CREW_MAX + 2];
	struct pollfd fds[CREW_MAX + 2];
	enum stl_code code = STL_OK;
	nfds_t i, n;

	while (!over(w) && !code) {
		show(w);
		n = descriptors(w, fds, from);
		if (poll(fds, n, -1) < 0) {
			if (errno == EINTR)
				continue;
			return stl_fail(err, STL_FILE, "poll: %s",
					strerror(errno));
		}
		for (i = 2; i < n; i++)
			if (fds[i].revents & POLLIN)
				crew_hear(&w->crew, from[i]);
		/* the dead first: a probe that comes back takes their place */
		if (fds[0].revents & POLLIN)
			on_signal(w);
		if (fds[1].revents & POLLIN)
			code = on_udev(w, err);
	}
	show(w);
	return code;
}

static enum stl_code prepare(struct watch *w, struct stl_error *err)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, &w->old_mask);
	w->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	lazy_load();
	w->udev = udev_new();
	if (w->udev)
		w->monitor = udev_monitor_new_from_netlink(w->udev, "udev");
	if (w->signals < 0 || !w->monitor ||
	    udev_monitor_filter_add_match_subsystem_devtype(w->monitor,
							    "stlink", NULL) ||
	    udev_monitor_enable_receiving(w->monitor) < 0)
		return stl_fail(err, STL_FILE, "listening to udev: %s",
				strerror(errno));
	return STL_OK;
}

/* Nothing to do, and nothing will come */
static enum stl_code check_start(const struct watch *w, struct stl_error *err)
{
	const struct stl_select *sel = &w->opts->select;
	enum stl_code code;

	if (w->started || (!sel->device && !w->opts->here_only))
		return STL_OK;
	if (!w->matched) {
		code = stl_probe_find(sel, &(struct stl_probe){ 0 }, err);
		/* one that comes now is too late where none is waited for */
		if (code || !w->opts->here_only)
			return code;
		return stl_fail(err, STL_NO_PROBE,
				"the probe came only now; repeat the command");
	}
	return stl_fail(err, STL_USAGE, "%s has no section for %s",
			w->conf->path, sel->device ? sel->device :
			"any of the probes");
}

static void add_counts(struct watch *w)
{
	size_t i;

	for (i = 0; i < w->crew.num; i++) {
		w->counts->passed += w->crew.slots[i].line.passed;
		w->counts->skipped += w->crew.slots[i].line.skipped;
		w->counts->failed += w->crew.slots[i].line.failed;
	}
}

enum stl_code watch_run(const struct auto_conf *conf,
			const struct watch_options *opts,
			struct watch_counts *counts, struct stl_error *err)
{
	struct watch_options meant = *opts;
	struct watch w = {
		.conf = conf,
		.opts = &meant,
		.counts = counts,
		.signals = -1,
		.crew = {
			.once = opts->once,
			.record = opts->record,
			.event = on_event,
		},
	};
	enum stl_code code;
	char *node = NULL;

	/* a link such as those of udev stands for the node it leads to */
	if (opts->select.device)
		node = realpath(opts->select.device, NULL);
	if (node)
		meant.select.device = node;
	w.crew.ctx = &w;
	memset(counts, 0, sizeof(*counts));
	view_init();
	/* listening first, so that none is missed in between */
	code = prepare(&w, err);
	if (!code)
		code = start_all(&w, err);
	if (!code)
		code = check_start(&w, err);
	if (!code)
		code = loop(&w, err);
	/* after a failure here some may still be at work */
	crew_kill(&w.crew, SIGTERM);
	while (crew_running(&w.crew)) {
		poll(&(struct pollfd){ .fd = w.signals, .events = POLLIN }, 1,
		     100);
		on_signal(&w);
	}
	add_counts(&w);
	if (w.monitor)
		udev_monitor_unref(w.monitor);
	if (w.udev)
		udev_unref(w.udev);
	if (w.signals >= 0)
		close(w.signals);
	sigprocmask(SIG_SETMASK, &w.old_mask, NULL);
	free(node);
	return code;
}
