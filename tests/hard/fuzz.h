/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of ioctl_fuzz share. */
#ifndef HARD_FUZZ_H
#define HARD_FUZZ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "probe.h"

#define FUZZ_THREADS	8
/* An ioctl that isn't one of the table is counted behind them */
#define FUZZ_MAX_IOCTLS	32
#define FUZZ_MAX_ERRNO	134
#define FUZZ_MAX_OPS	257

/**
 * struct gen - makes calls, one thread's own
 * @state: of the random numbers
 * @arena: pages of all kinds, see fuzz_args.c
 * @shared: pages that all threads write to at any time
 * @arg: argument being made
 * @ops: operations being made
 */
struct gen {
	uint64_t state;
	uint8_t *arena;
	uint8_t *shared;
	union {
		uint8_t arg[8192];
		uint64_t arg_aligned;
	};
	union {
		uint8_t ops[FUZZ_MAX_OPS * 64];
		uint64_t ops_aligned;
	};
};

/**
 * struct fuzz_call - a call
 * @row: in abi_ioctls, or their number
 * @nr: what is asked for
 * @arg: with what
 */
struct fuzz_call {
	unsigned int row;
	unsigned long nr;
	uintptr_t arg;
};

/* fuzz_random.c: numbers, and values worth trying */
uint64_t fuzz_random(struct gen *g);
uint32_t fuzz_below(struct gen *g, uint32_t n);
bool fuzz_one_in(struct gen *g, uint32_t n);
uint64_t fuzz_value(struct gen *g);

/* fuzz_valid.c: calls as a program would make them */
unsigned int fuzz_valid(struct gen *g, const struct abi_ioctl *io);

/* fuzz_args.c: what can be wrong with them */
#define FUZZ_SHARED_LEN	16384
int fuzz_gen_init(struct gen *g, uint64_t seed, uint8_t *shared);
void fuzz_gen_call(struct gen *g, struct fuzz_call *c);
uint64_t fuzz_data(struct gen *g, size_t len);

/* fuzz_count.c: what became of them; also told by children */
int fuzz_count_init(void);
unsigned long fuzz_count(const struct fuzz_call *c, int err);
unsigned long fuzz_counted(void);
bool fuzz_count_print(double seconds, unsigned long commands);

/* fuzz_slots.c: descriptors that are opened and closed under everybody's hands */
#define FUZZ_SHARED_SLOTS	8
int fuzz_slots_init(void);
void fuzz_slot_shuffle(struct gen *g, unsigned int thread);
int fuzz_slot_any(struct gen *g, unsigned int thread);
void fuzz_slot_close_own(unsigned int thread);
void fuzz_slot_close_shared(void);
void fuzz_slot_died(struct gen *g, int fd);
extern atomic_uint fuzz_node;

/* fuzz_disturb.c: what happens to them meanwhile */
struct fuzz_disturb;
struct fuzz_disturb *fuzz_disturb_start(struct probe *p, uint64_t seed,
					unsigned long calls,
					const unsigned long *threads);
bool fuzz_disturb_stop(struct fuzz_disturb *d);

/* ioctl_fuzz.c: all threads have nothing open, and wait */
extern atomic_bool fuzz_drain;
extern atomic_uint fuzz_drained;

#endif
