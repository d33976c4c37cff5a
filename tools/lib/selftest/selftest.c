// SPDX-License-Identifier: GPL-2.0-only
/*
 * One question after the other, and the chip put back.
 *
 * Copyright (C) 2026 The stlink project authors
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ioctl.h"
#include "priv.h"
#include "stm32f0.h"
#include "self_priv.h"

static bool answer(struct stl_self_answer *a, enum stl_self_verdict verdict,
		   const char *fmt, va_list ap)
{
	a->verdict = verdict;
	vsnprintf(a->seen, sizeof(a->seen), fmt, ap);
	return true;
}

bool stl_self_same(struct stl_self_answer *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	answer(a, STL_SELF_SAME, fmt, ap);
	va_end(ap);
	return true;
}

bool stl_self_differs(struct stl_self_answer *a, const char *model,
		      const char *fmt, ...)
{
	va_list ap;

	snprintf(a->model, sizeof(a->model), "%s", model);
	va_start(ap, fmt);
	answer(a, STL_SELF_DIFFERENT, fmt, ap);
	va_end(ap);
	return true;
}

bool stl_self_measured(struct stl_self_answer *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	answer(a, STL_SELF_MEASURED, fmt, ap);
	va_end(ap);
	return true;
}

bool stl_self_open(struct stl_self_answer *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	answer(a, STL_SELF_OPEN, fmt, ap);
	va_end(ap);
	return true;
}

bool stl_self_trouble(struct stl_self_answer *a, int ret, const char *doing)
{
	uint32_t status = stl_failed_status();

	if (status && status != STL_SILENT)
		stl_self_open(a, "%s: %s (probe status %02x)", doing,
			      strerror(-ret), status);
	else
		stl_self_open(a, "%s: %s", doing, strerror(-ret));
	return ret != -ENODEV && ret != -ENOTCONN && ret != -EBUSY;
}

bool stl_self_failed(struct stl_self *s, struct stl_self_answer *a, int ret,
		     uint32_t status, const char *doing)
{
	stl_note_failure(s->t->fd, ret, status);
	return stl_self_trouble(a, ret, doing);
}

void stl_self_raw(struct stl_self_answer *a, const char *fmt, ...)
{
	size_t used = strlen(a->raw);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->raw + used, sizeof(a->raw) - used, fmt, ap);
	va_end(ap);
}

int stl_self_once(struct stl_self *s, struct stlink_mem_op *op,
		  unsigned int what, uint32_t addr, void *buf, uint32_t len,
		  unsigned int width)
{
	*op = (struct stlink_mem_op){
		.op = what,
		.width = width,
		.flags = STLINK_MEM_ONCE,
		.addr = addr,
		.length = len,
		.buf = (uintptr_t)buf,
	};
	return stl_mem_ops(s->t->fd, op, 1, NULL);
}

bool stl_self_refused(int ret)
{
	return ret == -EREMOTEIO;
}

int stl_self_exchanges(struct stl_self *s, uint64_t *num)
{
	struct stlink_last last = { 0 };
	int ret = stl_ioc_last(s->t->fd, &last);

	*num = last.exchanges;
	return ret;
}

static bool allowed(const struct stl_self_options *o, enum stl_self_level level)
{
	switch (level) {
	case STL_SELF_HALT:
		return o->halt || o->reset || o->flash;
	case STL_SELF_RESET:
		return o->reset;
	case STL_SELF_FLASH:
		return o->flash;
	default:
		return true;
	}
}

static int check_page(struct stl_self *s, struct stl_error *err)
{
	const struct stl_chip *c = &s->t->chip;
	uint32_t page = s->opts->page, num = c->flash_size / c->page_size;
	bool blank;
	int ret;

	if (page >= num)
		return stl_fail(err, STL_USAGE,
				"there is no page %u: this chip has pages 0 to %u",
				page, num - 1);
	s->page = STL_FLASH_BASE + page * c->page_size;
	if (c->rdp_level)
		return stl_fail(err, STL_PROTECTED,
				"page %u: flash is read-protected (RDP level %u)",
				page, c->rdp_level);
	if (stl_write_protected(c, s->page))
		return stl_fail(err, STL_PROTECTED,
				"page %u is write-protected", page);
	ret = stl_self_page_blank(s, &blank);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "reading page %u", page);
	if (!blank) {
		stl_fail(err, STL_USAGE,
			 "page %u isn't blank, so it isn't touched", page);
		stl_hint(err, "choose one that `stlink blank-check` or `stlink md` shows to be FF");
		return STL_USAGE;
	}
	return STL_OK;
}

/* The core stands still for everything but the first questions. */
static int stop(struct stl_self *s, struct stl_error *err)
{
	return allowed(s->opts, STL_SELF_FLASH) ?
		stl_reset_halt(s->t, err) : stl_core_halt(s->t, err);
}

static int put_back(struct stl_self *s, struct stl_error *err)
{
	bool blank;
	int ret;

	if (!s->opts->flash)
		return STL_OK;
	stl_mem_write32(s->t->fd, FLASH_CR, FLASH_CR_LOCK);
	ret = stl_self_page_blank(s, &blank);
	if (ret)
		return stl_fail_errno(err, ret, stl_failed_status(),
				      "reading page %u back", s->opts->page);
	if (blank)
		return STL_OK;
	stl_fail(err, STL_PROGRAM, "page %u isn't blank any more",
		 s->opts->page);
	stl_hint(err, "stlink erase --page %u", s->opts->page);
	return STL_PROGRAM;
}

int stl_selftest(struct stl_target *t, const struct stl_self_options *opts,
		 struct stl_error *err)
{
	struct stl_self s = { .t = t, .opts = opts };
	bool stopped = false, going = true;
	const struct stl_self_point *p;
	struct stl_self_answer a;
	int code = STL_OK, ret;

	if (opts->flash)
		code = check_page(&s, err);
	for (p = stl_self_points; p->id && !code; p++) {
		memset(&a, 0, sizeof(a));
		if (!allowed(opts, p->level)) {
			stl_self_open(&a, "not asked; with --%s it is",
				      stl_self_level_word(p->level));
		} else if (!going) {
			stl_self_open(&a, "not asked: the session ended before");
		} else {
			if (p->level != STL_SELF_LOOK && !stopped) {
				code = stop(&s, err);
				stopped = true;
			}
			if (!code)
				going = p->ask(&s, &a);
		}
		if (!code)
			opts->answered(opts->ctx, p, &a);
	}
	if (stopped && !code)
		code = put_back(&s, err);
	/* whatever else it was, after a reset it isn't what was found */
	if (stopped && (opts->reset || opts->flash)) {
		t->found_halted = false;
		ret = stl_core_reset(t, false, 0, NULL, code ? NULL : err);
		if (!code && going)
			code = ret;
	}
	if (!going && !code)
		code = stl_fail(err, STL_LINK,
				"the session with the target ended before everything was asked");
	return code;
}

const char *stl_self_level_word(enum stl_self_level level)
{
	static const char * const words[] = {
		[STL_SELF_LOOK] = "look",
		[STL_SELF_HALT] = "halt",
		[STL_SELF_RESET] = "reset",
		[STL_SELF_FLASH] = "page",
	};

	return words[level];
}

const char *stl_self_verdict_word(enum stl_self_verdict verdict)
{
	static const char * const words[] = {
		[STL_SELF_OPEN] = "open",
		[STL_SELF_SAME] = "same",
		[STL_SELF_DIFFERENT] = "DIFFERENT",
		[STL_SELF_MEASURED] = "measured",
	};

	return words[verdict];
}
