/* SPDX-License-Identifier: GPL-2.0-only */
/* The program's side: finding the node, calling ioctls. */
#ifndef SELFTESTS_CLIENT_H
#define SELFTESTS_CLIENT_H

#include <linux/stlink.h>
#include <stdbool.h>
#include <stddef.h>

#include "probe.h"

/* Seconds that a test may take, also where the kernel checks all it does */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	180

/* Longest time for usbcore to enumerate and the driver to probe, ms */
#define NODE_TIMEOUT_MS		8000

bool client_node(struct probe *p, char *name, size_t len);
bool client_wait_node(struct probe *p, char *name, size_t len,
		      unsigned int ms);
bool client_wait_gone(const char *name, unsigned int ms);
bool client_wait_enumerated(struct probe *p, unsigned int ms);
bool client_wait_forgotten(unsigned int ms);
void client_wait_decided(void);
int client_plug(struct probe *p);
int client_open(struct probe *p, int flags);
bool client_attribute(const char *name, const char *attribute, char *text,
		      size_t len);
bool client_write_file(const char *path, const char *text);
void *client_hog(void *until);
bool client_bind(struct probe *p, bool bind);
int client_usb_reset(struct probe *p);
void client_preconditions(void);

int call(int fd, unsigned long nr, void *arg);
int do_attach(int fd, __u32 mode);
int do_detach(int fd);
int do_core(int fd, __u32 op, __u32 flags, struct stlink_core *out);
int do_nrst(int fd, __u32 action);
int do_mem(int fd, struct stlink_mem_op *ops, __u32 n, __u32 *done);
int do_dap(int fd, struct stlink_dap_op *ops, __u32 n, __u32 *done);
int do_reg(int fd, struct stlink_reg_op *ops, __u32 n, __u32 *done);
int mem_rd(int fd, __u32 addr, void *buf, __u32 len, __u8 width,
	   struct stlink_mem_op *out);
int mem_wr(int fd, __u32 addr, const void *buf, __u32 len, __u8 width,
	   __u16 flags, struct stlink_mem_op *out);
int reg_rd(int fd, __u16 reg, __u32 *value);

#endif
