// SPDX-License-Identifier: GPL-2.0-only
/*
 * poison [EVERY] - does a call show what it mustn't: memory of the kernel, or data of
 * another program?
 *
 * Every call that the header has, with everything that it only tells filled with
 * a pattern before, and with a probe whose answers are too short, too long, or
 * tell of an error. The kernel is to be booted so that it fills memory that
 * nobody has written to: slub_debug=P, page_poison=1, init_on_alloc=0. Neither
 * these bytes nor what another program has read before may be found in what comes
 * back; nothing may be written behind what belongs to the call; and every member
 * that tells something has to be written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client.h"
#include "ioctl.h"
#include "variants.h"

/* What the other program reads again and again */
#define SECRET		0xd3
#define SECRET_ADDR	BIGRAM_BASE
/* And what this one may see */
#define PLAIN		0x11
/* Members that happen to have two such bytes are none */
#define RUN		3
#define PATTERNS	2
#define MAX_VARIANTS	65536

static const uint8_t pattern[PATTERNS] = { 0x3c, 0xe1 };
/* POISON_INUSE, POISON_FREE, PAGE_POISON of the kernel; and ours */
static const uint8_t forbidden[] = { 0x5a, 0x6b, 0xaa, SECRET };

struct state {
	struct probe *p;
	int fd;
	int other;
	const struct rule *rule;
	/* which variants ask the probe for something */
	bool asks[MAX_VARIANTS];
	unsigned int at;
	unsigned int skipped;
	unsigned int every;
	unsigned int calls;
	unsigned int told;
	unsigned int bad;
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	printf("%s: %s\n", what, strerror(errno));
	exit(2);
}

static void complain(struct state *s, const char *where, const char *what,
		     unsigned int at)
{
	if (s->bad++ < 20)
		printf("%s: %s at %u (answer %d)\n", where, what, at,
		       s->rule ? (int)s->rule->action : -1);
}

/* Bytes in a row that are all the same and forbidden */
static void look_for_leaks(struct state *s, const char *where,
			   const uint8_t *buf, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		n = i && buf[i] == buf[i - 1] ? n + 1 : 1;
		if (n == RUN && memchr(forbidden, buf[i], sizeof(forbidden)))
			complain(s, where, "what it must not show", i - RUN + 1);
	}
}

static void fill_out(const struct abi_struct *a, uint8_t *at, uint8_t byte)
{
	unsigned int i;

	for (i = 0; i < a->num; i++)
		if (a->fields[i].out)
			memset(at + a->fields[i].offset, byte,
			       a->fields[i].size);
}

static void look_behind(struct state *s, const char *where, const uint8_t *buf,
			size_t from, size_t to, uint8_t byte)
{
	for (; from < to; from++)
		if (buf[from] != byte) {
			complain(s, where, "written behind the end", from);
			return;
		}
}

static bool all(const uint8_t *buf, size_t len, uint8_t byte)
{
	while (len && buf[len - 1] == byte)
		len--;
	return !len;
}

/* Both times what it was filled with: nobody has written to it */
static void look_for_gaps(struct state *s, const struct abi_struct *a,
			  const uint8_t (*got)[VARIANT_ROOM])
{
	const struct abi_field *f;
	unsigned int i;

	for (i = 0; i < a->num; i++) {
		f = &a->fields[i];
		if (!f->out)
			continue;
		s->told++;
		if (all(got[0] + f->offset, f->size, pattern[0]) &&
		    all(got[1] + f->offset, f->size, pattern[1]))
			complain(s, a->name, f->name, f->offset);
	}
}

/* Another program's data goes through the same buffers just before. */
static void other_program(struct state *s)
{
	static uint8_t buf[PROBE_DATA_MAX];

	probe_clear_rules(s->p);
	if (mem_rd(s->other, SECRET_ADDR, buf, sizeof(buf), 4, NULL))
		do_attach(s->other, STLINK_ATTACH_HOTPLUG);
	probe_clear_log(s->p);
	if (s->rule)
		probe_rule(s->p, *s->rule);
}

static void attach_again(struct state *s)
{
	probe_clear_rules(s->p);
	do_attach(s->fd, STLINK_ATTACH_NORMAL);
}

static void make_call(struct state *s, struct variant *v, unsigned int k)
{
	const struct abi_ioctl *io = v->io;
	int ret;

	memset(v->arg + io->arg->size, pattern[k], VARIANT_ROOM - io->arg->size);
	fill_out(io->arg, v->arg, pattern[k]);
	memset(v->data, pattern[k], sizeof(v->data));
	if (io->op) {
		memset(v->op + io->op->size, pattern[k],
		       VARIANT_ROOM - io->op->size);
		fill_out(io->op, v->op, pattern[k]);
	}
	ret = call(s->fd, io->nr, v->arg);
	s->calls++;
	if (ret == -ENOTCONN)
		attach_again(s);
	look_behind(s, io->arg->name, v->arg, io->arg->size, VARIANT_ROOM,
		    pattern[k]);
	look_behind(s, "data", v->data, 4, VARIANT_ROOM, pattern[k]);
	look_for_leaks(s, io->arg->name, v->arg, VARIANT_ROOM);
	look_for_leaks(s, "data", v->data, VARIANT_ROOM);
	if (io->op) {
		look_behind(s, io->op->name, v->op, io->op->size, VARIANT_ROOM,
			    pattern[k]);
		look_for_leaks(s, io->op->name, v->op, VARIANT_ROOM);
	}
}

/* Only what asks the probe for something is worth trying with each answer. */
static void try_one(struct variant *v, void *ctx)
{
	uint8_t got[PATTERNS][VARIANT_ROOM];
	struct state *s = ctx;
	struct variant copy;
	unsigned int k;

	if (!v->io->arg || s->at == MAX_VARIANTS)
		return;
	if (s->rule && (!s->asks[s->at++] || s->skipped++ % s->every))
		return;
	for (k = 0; k < PATTERNS; k++) {
		if (s->p->num_log)
			other_program(s);
		copy = *v;
		/* The pointers in it stay, so it has to be in its place */
		make_call(s, v, k);
		memcpy(got[k], v->arg, sizeof(got[k]));
		*v = copy;
	}
	look_for_gaps(s, v->io->arg, got);
	stl_ioc_release(s->fd);
	if (!s->rule)
		s->asks[s->at++] = s->p->num_log;
}

/* Every length that an argument can have: not a byte behind it is written. */
static void try_sizes(struct state *s)
{
	const struct abi_ioctl *io;
	uint8_t buf[VARIANT_ROOM];
	uint32_t size;

	for (io = abi_ioctls; io->name; io++)
		for (size = 0; io->arg && size < io->arg->size + 5; size++) {
			memset(buf, 0, sizeof(buf));
			memset(buf + size, PLAIN, sizeof(buf) - size);
			if (size >= 4)
				memcpy(buf, &size, 4);
			call(s->fd, io->nr, buf);
			stl_ioc_release(s->fd);
			look_behind(s, io->name, buf, size < 4 ? 4 : size,
				    sizeof(buf), PLAIN);
			look_for_leaks(s, io->name, buf, sizeof(buf));
			s->calls++;
		}
}

/* Long transfers that end somewhere: up to @done it is the target's, then ours */
static void try_transfers(struct state *s)
{
	static uint8_t buf[STLINK_MAX_BYTES];
	static const uint32_t lengths[] = { 1, 3, 64, 1000, 6144, 20000, 65536 };
	struct stlink_mem_op op;
	unsigned int i, width;
	size_t k;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (width = 0; width <= 4; width += width ? width : 1) {
			/* Byte by byte it takes long and shows no more */
			if (width && (lengths[i] % width ||
				      (width < 4 && lengths[i] > 6144)))
				continue;
			other_program(s);
			memset(buf, pattern[0], sizeof(buf));
			op.done = 0;
			if (mem_rd(s->fd, BIGRAM_BASE + 0x8000, buf, lengths[i],
				   width, &op) == -ENOTCONN)
				attach_again(s);
			for (k = 0; k < op.done && buf[k] == PLAIN; k++)
				;
			if (op.done > lengths[i] || k < op.done)
				complain(s, "transfer", "not the target's", k);
			look_behind(s, "transfer", buf, op.done, sizeof(buf),
				    pattern[0]);
			look_for_leaks(s, "transfer", buf, sizeof(buf));
			s->calls++;
		}
}

static void fill_target(struct probe *p)
{
	usbip_lock(p->usb);
	memset(p->target.sram, PLAIN, sizeof(p->target.sram));
	memset(p->target.bigram, PLAIN, sizeof(p->target.bigram));
	memset(target_ram(&p->target, SECRET_ADDR), SECRET, PROBE_DATA_MAX);
	usbip_unlock(p->usb);
}

int main(int argc, char **argv)
{
	/* A probe delivers what its buffer held before, and nobody says so */
	static const struct rule rules[] = {
		{ ANY, ANY, .count = FOREVER, .action = RULE_STATUS, .arg = 0x11 },
		{ ANY, ANY, .count = FOREVER, .action = RULE_STATUS, .arg = 0x16 },
		{ ANY, ANY, .skip = 1, .count = 1, .action = RULE_STATUS,
		  .arg = 0x13 },
		{ ANY, ANY, .count = 1, .action = RULE_SHORT, .arg = 1 },
		{ ANY, ANY, .skip = 1, .count = 1, .action = RULE_SHORT,
		  .arg = 3 },
		{ ANY, ANY, .count = 1, .action = RULE_SHORT, .arg = 0 },
		{ ANY, ANY, .count = 2, .action = RULE_LONG, .arg = 5 },
	};
	static struct state s;
	size_t i;

	/* With wrong answers each takes its time: every Nth will do */
	s.every = argc > 1 ? strtoul(argv[1], NULL, 0) : 40;
	setvbuf(stdout, NULL, _IOLBF, 0);
	client_preconditions();
	s.p = probe_new(&probe_default);
	must(s.p && !client_plug(s.p), "plug");
	fill_target(s.p);
	s.fd = client_open(s.p, O_RDWR);
	s.other = client_open(s.p, O_RDWR);
	must(s.fd >= 0 && s.other >= 0, "open");
	must(!do_attach(s.fd, STLINK_ATTACH_NORMAL), "attach");
	must(!do_attach(s.other, STLINK_ATTACH_NORMAL), "attach");
	variants(try_one, &s);
	printf("%u calls\n", s.calls);
	try_sizes(&s);
	try_transfers(&s);
	printf("%u calls with right answers\n", s.calls);
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		s.rule = &rules[i];
		s.at = 0;
		s.skipped = i;
		variants(try_one, &s);
		try_transfers(&s);
		printf("%u calls with answer %zu\n", s.calls, i);
	}
	probe_clear_rules(s.p);
	close(s.fd);
	close(s.other);
	probe_free(s.p);
	printf("%u calls, %u members that tell something, %u wrong\n", s.calls,
	       s.told, s.bad);
	return s.bad || !s.told;
}
