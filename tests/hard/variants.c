// SPDX-License-Identifier: GPL-2.0-only
/* Every ioctl in every way that its structure lets one ask for something. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"
#include "variants.h"

#define MAX_VALUES	8

struct walk {
	struct variant v;
	void (*call)(struct variant *v, void *ctx);
	void *ctx;
	unsigned int num;
};

/*
 * What to try for a member. By its name where anything but a useful value would
 * end in EINVAL; else operations, modes, flags, clocks are small numbers, or
 * this one clock.
 */
static unsigned int values(const struct walk *w, const struct abi_struct *s,
			   const struct abi_field *f, uint64_t *v)
{
	static const struct {
		const char *name;
		unsigned int num;
		uint64_t v[3];
	} named[] = {
		{ "addr", 1, { SRAM_BASE } }, { "length", 1, { 4 } },
		{ "num_ops", 1, { 1 } }, { "port", 2, { 0, 0xffff } },
		{ "reg", 3, { 0, 4, 16 } }, { "value", 2, { 0, 1 } },
		{ "mask", 2, { 0, 1 } }, { "timeout_ms", 2, { 0, 1 } },
		{ "duration_us", 2, { 0, 1 } },
	};
	static const uint64_t any[MAX_VALUES] = { 0, 1, 2, 3, 4, 5, 8, 950 };
	unsigned int i;

	v[0] = 0;
	if (f->out || !strncmp(f->name, "reserved", 8))
		return 1;
	if (!strcmp(f->name, "size"))
		v[0] = s->size;
	else if (!strcmp(f->name, "ops"))
		v[0] = (uintptr_t)w->v.op;
	if (v[0])
		return 1;
	/* A poll has none */
	if (!strcmp(f->name, "buf")) {
		v[1] = (uintptr_t)w->v.data;
		return 2;
	}
	/* The mask of events is one of small numbers, too */
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (!strcmp(f->name, named[i].name)) {
			memcpy(v, named[i].v, sizeof(named[i].v));
			return named[i].num;
		}
	memcpy(v, any, sizeof(any));
	return MAX_VALUES;
}

static void fill(struct walk *w, const struct abi_struct *s, unsigned int field,
		 uint8_t *at, const struct abi_struct *then);

static void filled(struct walk *w, const struct abi_struct *then)
{
	struct variant copy;

	if (then) {
		fill(w, then, 0, w->v.op, NULL);
		return;
	}
	/* Who calls writes to it, but the pointers in it stay right. */
	copy = w->v;
	w->num++;
	w->call(&w->v, w->ctx);
	w->v = copy;
}

/* Go through the values of one member, and for each through those behind it */
static void fill(struct walk *w, const struct abi_struct *s, unsigned int field,
		 uint8_t *at, const struct abi_struct *then)
{
	const struct abi_field *f = &s->fields[field];
	uint64_t v[MAX_VALUES];
	unsigned int n, i;

	if (field == s->num) {
		filled(w, then);
		return;
	}
	n = values(w, s, f, v);
	for (i = 0; i < n; i++) {
		memset(at + f->offset, 0, f->size);
		memcpy(at + f->offset, &v[i], f->size < 8 ? f->size : 8);
		fill(w, s, field + 1, at, then);
	}
}

/**
 * variants() - call something for each
 * @call: to be called, may change all that it is given
 * @ctx: for it
 *
 * Return: how many there are.
 */
unsigned int variants(void (*call)(struct variant *v, void *ctx), void *ctx)
{
	struct walk *w = calloc(1, sizeof(*w));
	const struct abi_ioctl *io;
	unsigned int num;

	if (!w)
		return 0;
	w->call = call;
	w->ctx = ctx;
	for (io = abi_ioctls; io->name; io++) {
		memset(&w->v, 0, sizeof(w->v));
		w->v.io = io;
		if (io->arg)
			fill(w, io->arg, 0, w->v.arg, io->op);
		else
			filled(w, NULL);
	}
	num = w->num;
	free(w);
	return num;
}
