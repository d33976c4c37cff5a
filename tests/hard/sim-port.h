/* SPDX-License-Identifier: GPL-2.0-only */
/* A simulator's control port as a program in the virtual machine has it. */
#ifndef SIM_PORT_H
#define SIM_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_port {
	unsigned int n;
	int fd;
	char *answer;		/* to the last command, one line */
	size_t room;
};

/** sim_open() - of the simulator of the Nth --sim; Return: false, errno is set */
bool sim_open(struct sim_port *s, unsigned int n);
void sim_close(struct sim_port *s);

/** sim_do() - a command; Return: whether the answer is ok. It is in s->answer */
bool sim_do(struct sim_port *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** sim_value() - what is behind "NAME": in the answer, NULL if there is none */
const char *sim_value(const struct sim_port *s, const char *name);

/** sim_peek() - memory of the board; Return: whether it was all there */
bool sim_peek(struct sim_port *s, uint32_t addr, uint8_t *data, size_t len);

#endif
