// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting stations, hearing what they tell, noting when they end.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crew.h"
#include "station.h"

static void tell(void *ctx, const struct station_news *news)
{
	const int *sock = ctx;
	bool progress = news->phase == STATION_WORKING && news->total;

	/* Progress may be lost when the reader is slow; results wait. */
	send(*sock, news, sizeof(*news),
	     MSG_NOSIGNAL | (progress ? MSG_DONTWAIT : 0));
}

/* The life of a station's process */
static void live(struct crew *c, const struct crew_slot *s, bool again,
		 int sock, pid_t parent)
{
	struct station_job job = {
		.rule = s->rule,
		.probe = &s->probe,
		.next_only = again,
		.once = c->once,
		.record = c->record,
		.tell = tell,
		.ctx = &sock,
	};
	sigset_t mask;
	size_t i;

	/* Nobody else would end it; and the parent may be gone already. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(STL_OK);
	for (i = 0; i < c->num; i++)
		if (c->slots[i].sock >= 0)
			close(c->slots[i].sock);
	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	job.signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (job.signals < 0)
		_exit(STL_FILE);
	_exit(station_run(&job));
}

static bool start_process(struct crew *c, struct crew_slot *s, bool again)
{
	pid_t pid, parent = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return false;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		close(pair[0]);
		live(c, s, again, pair[1], parent);
	}
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return false;
	}
	s->pid = pid;
	s->sock = pair[0];
	return true;
}

static bool has_station(const struct crew *c, const char *device)
{
	size_t i;

	for (i = 0; i < c->num; i++)
		if (c->slots[i].pid &&
		    !strcmp(c->slots[i].probe.device, device))
			return true;
	return false;
}

/* A slot for a probe: the one it had before, by its place, or a new one */
static struct crew_slot *slot_for(struct crew *c, const struct stl_probe *p)
{
	struct crew_slot *s;
	size_t i;

	for (i = 0; i < c->num; i++) {
		s = &c->slots[i];
		if (!s->pid && !strcmp(s->probe.usb_path, p->usb_path) &&
		    !strcmp(s->probe.serial, p->serial))
			return s;
	}
	/* one that is gone makes room */
	for (i = 0; c->num == CREW_MAX && i < c->num; i++)
		if (!c->slots[i].pid)
			break;
	if (c->num < CREW_MAX)
		i = c->num++;
	else if (i == c->num)
		return NULL;
	s = &c->slots[i];
	memset(s, 0, sizeof(*s));
	s->sock = -1;
	return s;
}

static void count(struct view_line *line)
{
	switch (line->news.phase) {
	case STATION_PASS:
		line->passed++;
		break;
	case STATION_SKIPPED:
		line->skipped++;
		break;
	case STATION_FAIL:
		line->failed++;
		break;
	default:
		return;
	}
	line->last = line->news;
}

/* The result may be told a second time, with what its command came to. */
static bool again(const struct view_line *line, const struct station_news *n)
{
	return n->phase == line->news.phase && n->phase != STATION_WORKING &&
	       n->duration_ms == line->news.duration_ms;
}

static void told(struct crew *c, struct crew_slot *s,
		 const struct station_news *news)
{
	s->again = again(&s->line, news);
	s->line.news = *news;
	if (!s->again)
		count(&s->line);
	c->event(c->ctx, s);
}

/* Is it to do a board, and no result was told yet? If it ends, it failed. */
static bool owes_board(const struct crew *c, const struct crew_slot *s)
{
	const struct view_line *line = &s->line;

	return c->once && !(line->passed + line->skipped + line->failed);
}

static bool hear(struct crew *c, struct crew_slot *s)
{
	struct station_news news;

	if (recv(s->sock, &news, sizeof(news), MSG_DONTWAIT) != sizeof(news))
		return false;
	if (news.phase == STATION_GONE && owes_board(c, s))
		news.phase = STATION_FAIL;
	told(c, s, &news);
	return true;
}

void crew_hear(struct crew *c, struct crew_slot *slot)
{
	hear(c, slot);
}

/* The station can't any more. */
static void record(const struct crew_slot *s)
{
	struct auto_record r = {
		.station = s->rule->title,
		.serial = s->probe.serial,
		.usb_path = s->probe.usb_path,
		.device = s->probe.device,
		.image = s->rule->image,
		.crc = s->rule->crc,
		.result = AUTO_FAIL,
		.reason = s->line.news.text,
		.code = s->line.news.code,
	};

	clock_gettime(CLOCK_REALTIME, &r.time);
	if (s->rule->log)
		auto_log_append(s->rule->log, s->rule->log_format, &r, NULL);
	auto_log_journal(&r);
}

/*
 * Killed, by a person or for want of memory, or a bug: the board that it was
 * at has failed, and is left alone by the station that takes over.
 */
static void killed(struct crew *c, struct crew_slot *s, int sig)
{
	bool working = s->line.news.phase == STATION_WORKING;
	struct station_news news = {
		.phase = working || owes_board(c, s) ? STATION_FAIL :
						       STATION_GONE,
		.code = STL_LINK,
	};

	snprintf(news.text, sizeof(news.text),
		 "the station was ended by signal %d", sig);
	told(c, s, &news);
	if (working && c->record)
		record(s);
	if (!c->stopping && !c->once)
		start_process(c, s, true);
}

static void fail(struct crew *c, struct crew_slot *s, enum stl_code code,
		 const char *why)
{
	struct station_news news = {
		.phase = STATION_FAIL,
		.code = code ? code : STL_LINK,
	};

	snprintf(news.text, sizeof(news.text), "%s", why);
	told(c, s, &news);
}

static void ended(struct crew *c, struct crew_slot *s, int status)
{
	/* what it said last may still be in the socket */
	while (hear(c, s))
		;
	close(s->sock);
	s->sock = -1;
	s->pid = 0;
	if (WIFSIGNALED(status))
		killed(c, s, WTERMSIG(status));
	else if (owes_board(c, s))
		fail(c, s, WEXITSTATUS(status),
		     "the station ended without a word");
}

bool crew_start(struct crew *c, const struct stl_probe *probe,
		const struct auto_rule *rule)
{
	struct crew_slot *s;

	if (has_station(c, probe->device))
		return false;
	s = slot_for(c, probe);
	if (!s)
		return false;
	s->probe = *probe;
	s->rule = rule;
	snprintf(s->line.name, sizeof(s->line.name), "%.63s%s%.31s",
		 probe->usb_path, *probe->usb_path ? " " : "", probe->serial);
	s->line.news = (struct station_news){ .phase = STATION_WAITING };
	if (start_process(c, s, false))
		return true;
	if (!owes_board(c, s))
		return false;
	fail(c, s, STL_FILE, "there is no process for its station");
	return true;
}

void crew_reap(struct crew *c)
{
	int status;
	pid_t pid;
	size_t i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < c->num; i++)
			if (c->slots[i].pid == pid)
				ended(c, &c->slots[i], status);
}

bool crew_running(const struct crew *c)
{
	size_t i;

	for (i = 0; i < c->num; i++)
		if (c->slots[i].pid)
			return true;
	return false;
}

void crew_kill(struct crew *c, int sig)
{
	size_t i;

	c->stopping = true;
	for (i = 0; i < c->num; i++)
		if (c->slots[i].pid)
			kill(c->slots[i].pid, sig);
}
