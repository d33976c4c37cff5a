/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The probe and the board of the first simulator, as a program has them and as they
 * are seen from outside.
 */
#ifndef HARD_BOARD_H
#define HARD_BOARD_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/stlink.h>

/* Words of ours in SRAM that no firmware here uses */
#define PATTERN_ADDR	0x20000400u
#define PATTERN_LEN	256u

/* The descriptor that most things are done with, -1 for none */
extern int board_fd;
/* Names below /sys/bus/usb/devices, for good: the socket is always the same */
extern char board_usb[32], board_interface[40];

void board_find(void);
const char *board_ask(const char *command);
bool board_is(const char *name, const char *value);
bool board_runs(void);
bool board_left_running(bool by_next);
bool board_node(char *path, size_t len);
bool board_wait_node(char *path, size_t len);
int board_open(void);
int board_close(void);
int board_attach(int fd, unsigned int mode);
int board_core(int fd, unsigned int op);
int board_info(int fd, struct stlink_info *info);
int board_read(int fd, unsigned int addr, void *buf, unsigned int len);
int board_put_pattern(int fd);
bool board_has_pattern(int fd);
int board_works(void);
int sysfs_write(const char *path, const char *text);
int sysfs_read(const char *path, char *text, size_t len);

#endif
