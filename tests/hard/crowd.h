/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Many programs on a few probes, and one that torments them. What the processes
 * of crowd.c share.
 */
#ifndef HARD_CROWD_H
#define HARD_CROWD_H

#include <linux/stlink.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PROBES		4
#define WORKERS		16
#define PER_PROBE	(WORKERS / PROBES)

/* Who is here beside the workers has a slot as well */
#define TORMENTOR	WORKERS
#define SLOTS		(WORKERS + 1)

/* Longest time that a call may last, whoever is stopped in the middle of his */
#define LIMIT_S		45
#define NS		1000000000ULL

#define FLASH		0x08000000u
#define SRAM		0x20000000u
/* Below it is what the tool programs, from here on nobody writes. */
#define FIXED		0x08003800u
#define FIXED_MAX	0x4800u
/* The firmware uses less than that, and its stack is at the end of 4 KiB. */
#define PATCHES		(SRAM + 0x400)
#define PATCH		0x100u
#define SHARED_WORD	(SRAM + 0x800)
#define IMAGE_MAX	0x3800u

/* struct board.flags: why SRAM, and the image, may be anything just now */
#define PROGRAMMING	1u
#define NO_POWER	2u

/* What is counted by its outcome; call.c has the names. */
enum what {
	DO_OPEN, DO_INFO, DO_CLAIM, DO_RELEASE, DO_LAST, DO_EVENTS, DO_ATTACH,
	DO_DETACH, DO_CLOCK, DO_VOLTAGE, DO_NRST, DO_DAP, DO_MEM, DO_REG,
	DO_CORE, DO_POLL, DO_CLOSE, DO_SYSFS, DO_SET_POLL, DO_READ, DO_PROGRAM,
	DO_VERIFY, DO_TELL, DO_TORMENT, DO_NUM
};

#define MAX_ERRNO	134

/**
 * struct slot - one process, and its successors where it is killed
 * @pid: of the process, 0 while there is none
 * @tool: of the tool that it runs, or 0
 * @life: how many there have been here
 * @stopped: when it was stopped, ns, or 0; by whoever torments
 * @go_on: when it may go on
 * @dying: when it was killed, or 0
 * @since: when what it does was begun, ns, 0 in between
 * @doing: what that is
 * @longest: longest time that each took, ns
 * @outcome: how often each ended with which errno, or exit status
 * @checked: bytes that were read and compared
 * @failed: there is a complaint
 * @complaint: the first one
 */
struct slot {
	_Atomic int pid;
	_Atomic int tool;
	_Atomic unsigned int life;
	_Atomic uint64_t stopped;
	_Atomic uint64_t go_on;
	_Atomic uint64_t dying;
	_Atomic uint64_t since;
	_Atomic int doing;
	_Atomic uint64_t longest[DO_NUM];
	_Atomic uint32_t outcome[DO_NUM][MAX_ERRNO];
	_Atomic uint64_t checked;
	_Atomic bool failed;
	char complaint[400];
};

/**
 * struct board - a probe with its board, and what is certain of it
 * @serial: of the probe
 * @path: of the USB device, below /sys/bus/usb/devices
 * @fixed_len: bytes of flash from FIXED on that nobody writes
 * @fixed: what is there
 * @flags: why SRAM and image are uncertain, zero if they aren't
 * @upsets: counts beginnings and ends of that
 * @image: number of the image in flash, from 1, or 0
 * @unplugged: the tormentor has pulled the cable
 */
struct board {
	char serial[STLINK_SERIAL_LEN];
	char path[32];
	uint32_t fixed_len;
	uint8_t fixed[FIXED_MAX];
	_Atomic unsigned int flags;
	_Atomic unsigned int upsets;
	_Atomic unsigned int image;
	_Atomic bool unplugged;
};

struct crowd {
	uint64_t seed;
	uint64_t end;
	_Atomic bool finish;
	bool suspends;
	const char *ko;
	const char *images[2];
	uint8_t image[2][IMAGE_MAX];
	uint32_t image_len[2];
	struct board board[PROBES];
	struct slot slot[SLOTS];
	_Atomic unsigned int torments[16];
};

extern struct crowd *crowd;
extern struct slot *me;

/* crowd_call.c */
uint64_t now(void);
uint64_t rnd(void);
unsigned int below(unsigned int n);
void rnd_seed(uint64_t seed);
void begin(enum what what);
void end(int outcome);
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int call(int fd, enum what what, void *arg);
int open_node(struct board *b, int flags);
void close_node(int fd);
int mem(int fd, struct stlink_mem_op *ops, uint32_t num, uint32_t *done);
int core(int fd, uint32_t op, uint32_t flags, struct stlink_core *out);
int attach(int fd, uint32_t mode, uint32_t khz);
void report(FILE *out);

/* crowd_sim.c */
const char *sim(unsigned int n, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool sim_number(const char *json, const char *name, unsigned long *value);
bool sim_text(const char *json, const char *name, char *text, size_t len);
bool find_usb(const char *serial, char *path, size_t len);
bool find_node(const char *serial, char *name, size_t len);
int read_file(const char *path, char *text, size_t len);
int write_file(const char *path, const char *text);

/* crowd_job.c */
void session(unsigned int board, unsigned int patch);

/* crowd_tool.c */
void tool(unsigned int board);
void look_at_sysfs(unsigned int board);

/* crowd_torment.c */
void torment(void);

#endif
