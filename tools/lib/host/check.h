/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was checked on a machine, what was found, and what to type next.
 */
#ifndef STL_CHECK_H
#define STL_CHECK_H

#include "error.h"
#include "host.h"
#include "usb.h"

/** enum stl_verdict - how bad it is */
enum stl_verdict {
	STL_GOOD,
	STL_ODD,	/* works, but not as it could */
	STL_BAD,	/* a probe can't be used */
};

/**
 * struct stl_check - one thing that was looked at
 * @name: what, one word; several may have the same
 * @verdict: enum stl_verdict
 * @code: where it is STL_BAD, what commands end with
 * @text: one sentence without full stop
 * @todo: what to do or to type, in lines; or ""
 */
struct stl_check {
	const char *name;
	enum stl_verdict verdict;
	enum stl_code code;
	char text[400];
	char todo[600];
};

/**
 * struct stl_checks - all of them, in the order in which they were made
 * @num: how many
 * @list: stl_checks_free() frees it
 */
struct stl_checks {
	size_t num;
	struct stl_check *list;
};

/**
 * stl_good(), stl_odd(), stl_bad() - note what was found
 * @c: where to
 * @name: what was looked at
 * @fmt: sentence
 *
 * Return: to be completed by stl_todo(), before the next one is noted. Never NULL.
 */
struct stl_check *stl_good(struct stl_checks *c, const char *name,
			   const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
struct stl_check *stl_odd(struct stl_checks *c, const char *name,
			  const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
struct stl_check *stl_bad(struct stl_checks *c, const char *name,
			  enum stl_code code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** stl_todo() - add a line on what to do */
void stl_todo(struct stl_check *k, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** stl_checks_free() - forget them */
void stl_checks_free(struct stl_checks *c);

/**
 * stl_checks_hint() - make hints of what isn't good, each with what to do
 * stl_checks_todo() - only of what to do
 */
void stl_checks_hint(const struct stl_checks *c, struct stl_error *err);
void stl_checks_todo(const struct stl_checks *c, struct stl_error *err);

/** stl_check_kernel() - is it one that the driver is for? */
void stl_check_kernel(const struct stl_host *h, struct stl_checks *c);

/** stl_check_module() - is the driver there, the right one, why isn't it loaded? */
void stl_check_module(const struct stl_host *h, struct stl_checks *c);

/** stl_check_lock() - Secure Boot, lockdown: must modules be signed? */
void stl_check_lock(const struct stl_host *h, struct stl_checks *c);

/** stl_check_rules() - udev: our rule, and those of others that undo it */
void stl_check_rules(const struct stl_host *h, struct stl_checks *c);

/** stl_check_group() - plugdev, who asks, and this login */
void stl_check_group(const struct stl_host *h, struct stl_checks *c);

/**
 * stl_check_node() - may who asks use a node, and who else may?
 * @h: machine
 * @node: path of a device node
 * @usb: it is one in /dev/bus/usb, which programs with libusb need and ours
 *	hardly ever
 * @c: where to
 */
void stl_check_node(const struct stl_host *h, const char *node, bool usb,
		    struct stl_checks *c);

struct stat;

/** stl_judge_node() - the same, with what was found out about the node */
void stl_judge_node(const struct stl_host *h, const char *node, bool usb,
		    const struct stat *st, bool allowed, struct stl_checks *c);

/**
 * stl_check_usb() - how a probe is plugged in: hub, power, authorization
 * @h: machine
 * @usb: one of those that are plugged in
 * @c: where to
 */
void stl_check_usb(const struct stl_host *h, const struct stl_usb *usb,
		   struct stl_checks *c);

/**
 * stl_check_owner() - who has the probe, and why it has no node if it has none
 * @h: machine
 * @usb: one of those that are plugged in
 * @c: where to
 */
void stl_check_owner(const struct stl_host *h, const struct stl_usb *usb,
		     struct stl_checks *c);

/** stl_check_firmware() - what the firmware of a probe, "V2J37S7", can't do */
void stl_check_firmware(const struct stl_usb *usb, struct stl_checks *c);

/** stl_check_serials() - can probes be told apart by their serial numbers? */
void stl_check_serials(const struct stl_usb *list, size_t num,
		       struct stl_checks *c);

/** stl_check_host() - all of the above, but for those that concern a probe */
void stl_check_host(const struct stl_host *h, struct stl_checks *c);

/**
 * stl_check_probes() - all that concern probes, for each that is plugged in
 * @h: machine; what is plugged in is always asked of this one
 * @select: these probes only, or NULL
 * @c: where to
 *
 * Opens nodes, to hear who has claimed the probe; nothing is sent to a target.
 */
void stl_check_probes(const struct stl_host *h,
		      const struct stl_select *select, struct stl_checks *c);

#endif
