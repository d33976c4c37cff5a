// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be wrong with a call: its members, its size, its number, and the
 * memory that it points to.
 */
#include <errno.h>
#include <linux/stlink.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"

#define PAGE	4096u
/* So many calls of so many are right as far as they themselves go */
#define RIGHT	2
#define WRONG	14

/* The arena: memory, nothing, memory that can only be read, nothing */
#define ROOM	(20 * PAGE)
#define HOLE	ROOM
#define CONST	(HOLE + PAGE)
#define HOLE2	(CONST + PAGE)
#define ARENA	(HOLE2 + PAGE)

/**
 * fuzz_gen_init() - get memory of all kinds
 * @g: to be filled in
 * @seed: of its random numbers
 * @shared: FUZZ_SHARED_LEN bytes
 *
 * Return: 0 or a negative errno.
 */
int fuzz_gen_init(struct gen *g, uint64_t seed, uint8_t *shared)
{
	/* Any but zero */
	g->state = (seed + 1) * 0x9e3779b97f4a7c15ULL | 1;
	g->shared = shared;
	g->arena = mmap(NULL, ARENA, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (g->arena == MAP_FAILED ||
	    mprotect(g->arena + HOLE, PAGE, PROT_NONE) ||
	    mprotect(g->arena + CONST, PAGE, PROT_READ) ||
	    mprotect(g->arena + HOLE2, PAGE, PROT_NONE))
		return -errno;
	return 0;
}

/* Nobody's, or not this program's */
static uint64_t bad_pointer(struct gen *g)
{
	static const uint64_t bad[] = {
		0, 1, 8, 0xfff, 0x7ffffffffffff000, 0x00007ffffffff000,
		0x0000800000000000, 0xffff888000000000, 0xffffffff81000000,
		0xffffffffffffffff, 0xfffffffffffffff0, 0xfffff000, 0xc0000000,
		0x100000000,
	};

	if (fuzz_one_in(g, 4))
		return fuzz_random(g);
	return bad[fuzz_below(g, sizeof(bad) / sizeof(bad[0]))];
}

/* @writable: out: from there on, so many bytes */
static uint64_t place(struct gen *g, size_t len, size_t *writable)
{
	size_t at;

	if (len > ROOM)
		len = ROOM;
	*writable = len;
	switch (fuzz_below(g, 32)) {
	case 0 ... 3:	/* up to the last byte before the hole */
		return (uintptr_t)g->arena + ROOM - len;
	case 4:		/* into the hole */
		at = 1 + fuzz_below(g, len + 1);
		*writable = at < len ? at : len;
		return (uintptr_t)g->arena + ROOM - *writable;
	case 5:
		*writable = 0;
		return (uintptr_t)g->arena + CONST + fuzz_below(g, PAGE);
	case 6:
		*writable = 0;
		return bad_pointer(g);
	case 7 ... 9:	/* while others write there */
		if (len > FUZZ_SHARED_LEN)
			break;
		return (uintptr_t)g->shared +
		       fuzz_below(g, FUZZ_SHARED_LEN - len + 1);
	case 10:	/* in no order, on top of one another */
		return (uintptr_t)g->arena + fuzz_below(g, ROOM - len + 1);
	}
	/* As a compiler would */
	return (uintptr_t)g->arena + fuzz_below(g, ROOM - len + 1) / 8 * 8;
}

/**
 * fuzz_data() - memory for an operation's data
 * @g: whose
 * @len: bytes
 *
 * Return: its address; most often there is as much.
 */
uint64_t fuzz_data(struct gen *g, size_t len)
{
	size_t writable;

	/* A batch has many, and one that is bad is enough */
	if (!fuzz_one_in(g, 8))
		return (uintptr_t)g->arena +
		       (len < ROOM ? fuzz_below(g, ROOM - len + 1) : 0);
	return place(g, len, &writable);
}

/* How long it takes is not what is tried, or not often */
static bool is_patience(const struct abi_field *f)
{
	return !strcmp(f->name, "timeout_ms") || !strcmp(f->name, "duration_us");
}

static void mutate(struct gen *g, const struct abi_struct *s, uint8_t *at)
{
	const struct abi_field *f = &s->fields[fuzz_below(g, s->num)];
	uint64_t v = fuzz_value(g);
	unsigned int i;

	if (is_patience(f) && v <= 1000000 && !fuzz_one_in(g, 200))
		v %= 20;
	if (!strcmp(f->name, "buf") || !strcmp(f->name, "ops"))
		v = fuzz_one_in(g, 2) ? bad_pointer(g) : fuzz_data(g, 64);
	if (f->size <= 8)
		memcpy(at + f->offset, &v, f->size);
	else
		for (i = 0; i < f->size; i++)
			at[f->offset + i] = fuzz_random(g);
}

/* Memory may go away under it at any time; then nothing is put there. */
static void put(uint64_t to, const void *from, size_t len)
{
	if (len)
		memcpy((void *)(uintptr_t)to, from, len);
}

static void wrong_size(struct gen *g, const struct abi_struct *s, uint32_t *size)
{
	switch (fuzz_below(g, 4)) {
	case 0:
		*size = fuzz_below(g, s->size + 8);
		break;
	case 1:		/* of a newer program, with or without something new */
		*size = s->size + fuzz_below(g, 64);
		if (*size > s->size && fuzz_one_in(g, 4))
			g->arg[s->size + fuzz_below(g, *size - s->size)] = 1;
		break;
	case 2:
		*size = 4095 + fuzz_below(g, 3);
		break;
	default:
		*size = fuzz_value(g);
	}
	memcpy(g->arg, size, 4);
}

static const struct abi_field *member(const struct abi_struct *s,
				      const char *name)
{
	unsigned int i;

	for (i = 0; i < s->num; i++)
		if (!strcmp(s->fields[i].name, name))
			return &s->fields[i];
	return NULL;
}

static void make_ops(struct gen *g, const struct abi_ioctl *io, unsigned int n)
{
	const struct abi_field *buf = member(io->op, "buf");
	struct stlink_mem_xfer *xfer = (void *)g->arg;
	size_t len = n * io->op->size, writable;
	uint64_t v;

	xfer->ops = place(g, len, &writable);
	if (buf && fuzz_one_in(g, 16)) {	/* the data on top of them */
		v = xfer->ops + fuzz_below(g, len);
		memcpy(g->ops + io->op->size * fuzz_below(g, n) + buf->offset,
		       &v, sizeof(v));
	}
	put(xfer->ops, g->ops, writable);
}

/**
 * fuzz_gen_call() - make a call
 * @g: whose
 * @c: out: the call
 */
void fuzz_gen_call(struct gen *g, struct fuzz_call *c)
{
	/* of 20 each: what most calls are, and what makes them possible */
	static const unsigned long often[] = {
		STLINK_IOC_MEM, STLINK_IOC_MEM, STLINK_IOC_MEM, STLINK_IOC_MEM,
		STLINK_IOC_DAP, STLINK_IOC_REG, STLINK_IOC_CORE,
		STLINK_IOC_ATTACH, STLINK_IOC_ATTACH, STLINK_IOC_RELEASE,
	};
	const struct abi_ioctl *io;
	unsigned int n, i, how;
	unsigned long want;
	size_t writable;
	uint32_t size;

	c->row = fuzz_below(g, abi_num_ioctls);
	i = fuzz_below(g, 20);
	if (i < sizeof(often) / sizeof(often[0])) {
		want = often[i];
		for (c->row = 0; abi_ioctls[c->row].nr != want; c->row++)
			;
	}
	io = &abi_ioctls[c->row];
	c->nr = io->nr;

	n = fuzz_valid(g, io);
	how = fuzz_below(g, RIGHT + WRONG);
	if (how >= RIGHT + 2 && how < RIGHT + 8)
		for (i = 0; n && i < 2; i++)
			mutate(g, io->op, g->ops + io->op->size *
			       fuzz_below(g, n));
	if (n)
		make_ops(g, io, n);
	if (io->arg && how >= RIGHT + 6)
		for (i = 1 + fuzz_below(g, 2); i; i--)
			mutate(g, io->arg, g->arg);
	size = io->arg ? io->arg->size : 0;
	if (io->arg && how >= RIGHT && how < RIGHT + 2)
		wrong_size(g, io->arg, &size);
	if (how == RIGHT + 2 && fuzz_one_in(g, 2)) {
		c->nr = fuzz_one_in(g, 2) ? fuzz_random(g) :
			c->nr ^ 1u << fuzz_below(g, 32);
		/* What the kernel does with any file is not asked here. */
		if ((c->nr >> 8 & 0xff) != STLINK_IOC_TYPE)
			c->nr = (c->nr & ~0xff00ul) | STLINK_IOC_TYPE << 8;
		c->row = abi_num_ioctls;
		for (i = 0; i < abi_num_ioctls; i++)
			if (abi_ioctls[i].nr == c->nr)
				c->row = i;
	}
	if (size > sizeof(g->arg))
		size = sizeof(g->arg);
	c->arg = place(g, size > 8 ? size : 8, &writable);
	put((uintptr_t)c->arg, g->arg, writable < size ? writable : size);
}
